# SPDX-License-Identifier: MIT
# The firmware's runtime as a workstation program on the ISS: same sources, include/firmware/native.h instead of
# the intrinsics.
HOSTED_SOURCES := firmware/boot.c firmware/log.c $(wildcard firmware/cms/*.c firmware/tcache/*.c firmware/dev/*.c) $(FW_GUEST_SOURCES) \
	$(XLATE_FIRMWARE_SRCS) tests/hosted/native.c
HOSTED_OBJS := $(HOSTED_SOURCES:%.c=$(BUILD)/hosted/%.o)
HOSTED_TESTS := $(BUILD)/tests/hosted/hosted_run $(BUILD)/tests/hosted/tcache_test $(BUILD)/tests/hosted/region_test $(BUILD)/tests/hosted/profile_test \
	$(BUILD)/tests/hosted/rights_test

$(BUILD)/hosted/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) -Itests/hosted/include -Itests/hosted/include/firmware -DSELKIRK_FIRMWARE $(NATIVE_CFLAGS) -c -o $@ $<

$(HOSTED_TESTS): $(BUILD)/tests/hosted/%: $(BUILD)/hosted/tests/hosted/%.o $(HOSTED_OBJS) $(BUILD)/tests/native/native_put.o $(SIM_OBJS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^

.SECONDARY: $(HOSTED_OBJS)
-include $(wildcard $(BUILD)/hosted/*/*.d $(BUILD)/hosted/*/*/*.d)

TEST_DEPS += $(HOSTED_TESTS)
