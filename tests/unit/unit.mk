# SPDX-License-Identifier: MIT
# Unit tests of the translator.
UNIT_TESTS := $(BUILD)/tests/unit/xlate_random
UNIT_OBJS := $(patsubst %,$(BUILD)/tests/unit/%.o,xlate_random genblock)

$(UNIT_OBJS): $(BUILD)/tests/unit/%.o: tests/unit/%.c | $(GEN)/machine.h
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/xlate_random: $(UNIT_OBJS) $(XLATE_LIB) $(SIM_OBJS)
	$(CC) -o $@ $^

TEST_DEPS += $(UNIT_TESTS)

-include $(UNIT_OBJS:.o=.d)
