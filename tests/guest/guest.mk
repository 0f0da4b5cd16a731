# SPDX-License-Identifier: MIT
# The guest side on the workstation (firmware/guest/, translator/guest/) and its tests. GUEST_OBJ: what a tool that runs or shows
# guest instructions links.
GUEST_SRC := $(addprefix firmware/guest/,priv.c interp.c interp_slow.c elf.c golden.c) $(addprefix translator/guest/,decode.c rvc.c disasm.c)
GUEST_OBJ := $(GUEST_LIB) $(XLATE_LIB)
GUEST_TEST_NAMES := guest_run decode_test value_test ext_test priv_test pmp_test elf_test
# what tests share
GUEST_TEST_PARTS := tests/guest/virt_host.c tests/guest/one_insn.c
GUEST_TESTS := $(GUEST_TEST_NAMES:%=$(BUILD)/tests/guest/%)
# The same tests with the address and undefined-behaviour sanitizers.
GUEST_SANITIZED := $(GUEST_TEST_NAMES:%=$(BUILD)/tests/guest/%.sanitized)

$(GUEST_TESTS): $(BUILD)/tests/guest/%: $(BUILD)/guest/tests/guest/%.o $(GUEST_TEST_PARTS:%.c=$(BUILD)/guest/%.o) $(GUEST_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -o $@

$(GUEST_SANITIZED): $(BUILD)/tests/guest/%.sanitized: tests/guest/%.c $(GUEST_TEST_PARTS) $(GUEST_SRC) \
		$(wildcard firmware/guest/*.h translator/guest/*.h translator/guest/*.def translator/front/*.h tests/guest/*.h) translator/xlate.h \
		| $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) -std=c11 -O1 -g $(WARN) $(INCLUDES) -fsanitize=address,undefined -fno-sanitize-recover $(filter %.c,$^) -o $@

# What the firmware's loader does with a load list.
LOADER_TEST := $(BUILD)/tests/guest/loader_test.sanitized
LOADER_TEST_SRC := tests/guest/loader_test.c $(addprefix firmware/,guest/loader.c guest/load_list.c guest/elf.c dev/fdt.c) sim/flash.c

$(LOADER_TEST): $(LOADER_TEST_SRC) $(GEN)/virt_dtb.inc $(wildcard firmware/*/*.h) sim/flash.h | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) -std=c11 -O1 -g $(WARN) $(INCLUDES) -fsanitize=address,undefined -fno-sanitize-recover $(filter %.c,$^) -o $@

.SECONDARY: $(GUEST_TEST_NAMES:%=$(BUILD)/guest/tests/guest/%.o)
-include $(wildcard $(BUILD)/guest/tests/guest/*.d)

TEST_DEPS += $(GUEST_TESTS) $(GUEST_SANITIZED) $(LOADER_TEST)
