# SPDX-License-Identifier: MIT
# GCC's C torture programs from Debian's gcc-12-source: unpacked into $(BUILD), never into the tree. tests/torture/run.sh compiles and runs.
TORTURE_PACKAGE_DIR ?= /usr/src/gcc-12
TORTURE_SUPPORT := $(PROG_ARCHS:%=$(BUILD)/torture/%/support.o)
TORTURE_STARTS := $(foreach arch,$(PROG_ARCHS),$(BUILD)/prog/$(arch)/start.o $(BUILD)/prog/$(arch)/uart.o)
TORTURE_DEPS := $(BUILD)/torture/src.stamp $(TORTURE_SUPPORT) $(TORTURE_STARTS)

$(BUILD)/torture/src.stamp:
	@rm -rf $(BUILD)/torture/src && mkdir -p $(BUILD)/torture/src
	tar -xJf $(TORTURE_PACKAGE_DIR)/gcc-12*.tar.xz -C $(BUILD)/torture/src --strip-components=5 --wildcards \
		'*/gcc/testsuite/gcc.c-torture/execute/*.c'
	@touch $@

$(TORTURE_SUPPORT): $(BUILD)/torture/%/support.o: tests/torture/support.c $(FLAGS)/prog
	@mkdir -p $(@D)
	$(RISCV)gcc -march=$* $(PROG_CFLAGS) -MMD -MP -c $< -o $@
-include $(TORTURE_SUPPORT:.o=.d)

.PHONY: torture torture-results torture-deps
torture-deps: $(TORTURE_DEPS) $$(BUILD_DEPS)

torture: setup-test ## all C torture programs of GCC 12, rv32i and rv32im, in QEMU and on the ISS
	+@$(MAKE) --no-print-directory torture-deps
	BUILD=$(BUILD) tests/torture/run.sh all

# Writes the results file in the tree: all on the ISS, in lock-step and at gear 0; the sample on the RTL; all of rv32im in lock-step with Spike.
torture-results: setup-test spike
	+@$(MAKE) --no-print-directory torture-deps
	BUILD=$(BUILD) RESULTS=$(BUILD)/torture/1.txt tests/torture/run.sh all
	BUILD=$(BUILD) RESULTS=$(BUILD)/torture/2.txt LOCKSTEP=1 tests/torture/run.sh all
	BUILD=$(BUILD) RESULTS=$(BUILD)/torture/3.txt GEAR=0 tests/torture/run.sh all
	BUILD=$(BUILD) RESULTS=$(BUILD)/torture/4.txt ENGINE=rtl HANG_SECONDS=3000 tests/torture/run.sh sample
	BUILD=$(BUILD) RESULTS=$(BUILD)/torture/5.txt ARCHS=rv32im LOCKSTEP=1 OPTIONS='--model spike' tests/torture/run.sh all
	cat $(BUILD)/torture/[12345].txt >tests/torture/results.txt

TEST_DEPS += $(TORTURE_DEPS)
