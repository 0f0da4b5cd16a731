# SPDX-License-Identifier: MIT
# Test programs of the ahead-of-time translator: the same C for the native machine and for QEMU. Random programs: one for
# each number in AOT_SEEDS.
AOT_TEST := $(BUILD)/aot-test
AOT_SEEDS ?= 1 2 3 4
AOT_PROGRAMS := hello calls switches arith memory $(AOT_SEEDS:%=random%)
AOT_TEST_CFLAGS := $(filter-out -DSELKIRK_FIRMWARE -flto%,$(FW_CFLAGS)) -Wno-implicit-fallthrough
AOT_TEST_LIBC := $(BUILD)/firmware/firmware/libc.o

$(AOT_TEST)/%.o: tests/aot/%.c $(FLAGS)/firmware | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FW_CC) $(AOT_TEST_CFLAGS) -c -o $@ $<

$(AOT_TEST)/random%.c: $(AOT_TEST)/randc
	$< $* >$@

$(AOT_TEST)/random%.o: $(AOT_TEST)/random%.c $(FLAGS)/firmware | $(GEN_PRODUCTS)
	$(FW_CC) $(AOT_TEST_CFLAGS) -w -c -o $@ $<

$(AOT_TEST)/%.elf: $(AOT_TEST)/%.o $(AOT_TEST)/print.o $(AOT_TEST)/port_native.o $(BUILD)/firmware/start.o $(AOT_TEST_LIBC) firmware/firmware.ld
	$(FW_CC) $(FW_LDFLAGS) -o $@ $(filter %.o,$^) -lgcc

$(AOT_TEST)/%.qemu.elf: $(AOT_TEST)/%.o $(AOT_TEST)/print.o $(AOT_TEST)/port_qemu.o $(AOT_TEST_LIBC) tests/aot/qemu.ld
	$(FW_CC) $(FW_ARCH) -nostdlib -Wl,--no-relax,--no-warn-rwx-segments -Ttests/aot/qemu.ld -o $@ $(filter %.o,$^) -lgcc

$(AOT_TEST)/%.nopack.img: $(AOT_TEST)/%.elf $(AOT)
	$(AOT) --no-pack --no-address $< $@

# predicted by a run of the plain image, which reads no guest; every branch that was seen is gone on behind
$(AOT_TEST)/%.profiled.img: $(AOT_TEST)/%.elf $(AOT_TEST)/%.img $(AOT) $(FIRMWARE_PROFILE)
	$(FIRMWARE_PROFILE) $(AOT_TEST)/$*.img /dev/null > $(AOT_TEST)/$*.profile
	$(AOT) --profile $(AOT_TEST)/$*.profile --trace-runs 1 --stats $< $@

$(AOT_TEST)/randc: $(BUILD)/aot-obj/tests/aot/randc.o
	@mkdir -p $(@D)
	$(CC) -o $@ $^

$(AOT_TEST)/run_native: $(BUILD)/aot-obj/tests/aot/run_native.o $(SIM_OBJS)
	@mkdir -p $(@D)
	$(CC) -o $@ $^

AOT_TEST_DEPS := $(foreach p,$(AOT_PROGRAMS),$(AOT_TEST)/$(p).img $(AOT_TEST)/$(p).nopack.img $(AOT_TEST)/$(p).profiled.img $(AOT_TEST)/$(p).qemu.elf) \
	$(AOT_TEST)/run_native
.SECONDARY: $(foreach p,$(AOT_PROGRAMS),$(AOT_TEST)/$(p).elf $(AOT_TEST)/$(p).o) $(AOT_SEEDS:%=$(AOT_TEST)/random%.c) \
	$(addprefix $(AOT_TEST)/,print.o port_native.o port_qemu.o)
TEST_DEPS += $(AOT_TEST_DEPS)

.PHONY: aot-test
aot-test: $(AOT_TEST_DEPS) ## the ahead-of-time translator against QEMU (AOT_SEEDS="1 2 3": which random programs)
	@tests/aot/run.sh $(AOT_TEST) $(AOT_PROGRAMS)

-include $(wildcard $(AOT_TEST)/*.d)
