# SPDX-License-Identifier: MIT
# Test programs of the ahead-of-time translator: the same C for the native machine and for QEMU.
AOT_TEST := $(BUILD)/aot-test
AOT_PROGRAMS := hello calls switches arith memory
AOT_TEST_COMMON := print
AOT_TEST_CFLAGS := $(filter-out -DSELKIRK_FIRMWARE -Ifirmware,$(FW_CFLAGS))

$(AOT_TEST)/%.o: tests/aot/%.c | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FW_CC) $(AOT_TEST_CFLAGS) -Ifirmware -Wno-implicit-fallthrough -c -o $@ $<

$(AOT_TEST)/%.elf: $(AOT_TEST)/%.o $(AOT_TEST)/print.o $(AOT_TEST)/port_native.o $(BUILD)/firmware/start.o $(BUILD)/firmware/firmware/libc.o firmware/firmware.ld
	$(FW_CC) $(FW_LDFLAGS) -o $@ $(filter %.o,$^) -lgcc

$(AOT_TEST)/%.qemu.elf: $(AOT_TEST)/%.o $(AOT_TEST)/print.o $(AOT_TEST)/port_qemu.o $(BUILD)/firmware/firmware/libc.o tests/aot/qemu.ld
	$(FW_CC) $(FW_ARCH) -nostdlib -Wl,--no-relax,--no-warn-rwx-segments -Ttests/aot/qemu.ld -o $@ $(filter %.o,$^) -lgcc

$(AOT_TEST)/%.nopack.img: $(AOT_TEST)/%.elf $(AOT)
	$(AOT) --no-pack --no-fold $< $@

$(AOT_TEST)/run_native: $(BUILD)/aot-obj/tests/aot/run_native.o $(SIM_OBJS)
	$(CC) -o $@ $^

AOT_TEST_DEPS := $(AOT_PROGRAMS:%=$(AOT_TEST)/%.img) $(AOT_PROGRAMS:%=$(AOT_TEST)/%.nopack.img) $(AOT_PROGRAMS:%=$(AOT_TEST)/%.qemu.elf) $(AOT_TEST)/run_native
TEST_DEPS += $(AOT_TEST_DEPS)
.SECONDARY: $(AOT_PROGRAMS:%=$(AOT_TEST)/%.elf) $(AOT_PROGRAMS:%=$(AOT_TEST)/%.o) $(addprefix $(AOT_TEST)/,print.o port_native.o port_qemu.o)

-include $(wildcard $(AOT_TEST)/*.d)
