# SPDX-License-Identifier: MIT
# The firmware's runtime as a workstation program on the ISS: same sources, include/firmware/native.h instead of
# the intrinsics.
HOSTED_SOURCES := $(XLATE_GUEST_FIRMWARE_SRCS) $(XLATE_FIRMWARE_SRCS) \
	$(wildcard translator/tcache/*.c translator/runtime/*.c) \
	$(addprefix firmware/,boot.c devices.c uart.c clint.c plic.c rtc.c fw_cfg.c memories.c fdt.c loader.c load_list.c semihost.c htif.c) \
	tests/hosted/native.c
HOSTED_OBJS := $(HOSTED_SOURCES:%.c=$(BUILD)/hosted/%.o)
HOSTED_TESTS := $(BUILD)/tests/hosted/hosted_run $(BUILD)/tests/hosted/tcache_test $(BUILD)/tests/hosted/profile_test

$(BUILD)/hosted/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) -Itests/hosted/include -Itests/hosted/include/firmware -DSELKIRK_FIRMWARE $(NATIVE_CFLAGS) -c -o $@ $<

$(HOSTED_TESTS): $(BUILD)/tests/hosted/%: $(BUILD)/hosted/tests/hosted/%.o $(HOSTED_OBJS) $(SIM_OBJS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^

.SECONDARY: $(HOSTED_OBJS)
-include $(wildcard $(BUILD)/hosted/*/*.d $(BUILD)/hosted/*/*/*.d)

TEST_DEPS += $(HOSTED_TESTS)
