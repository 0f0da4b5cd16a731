# SPDX-License-Identifier: MIT
# Unit tests of the translator.
UNIT_TESTS := $(BUILD)/tests/unit/xlate_random $(BUILD)/tests/ir/ir_text
UNIT_OBJS := $(patsubst %,$(BUILD)/tests/%.o,unit/xlate_random unit/genblock ir/ir_text)

$(UNIT_OBJS): $(BUILD)/%.o: %.c | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/xlate_random: $(BUILD)/tests/unit/xlate_random.o $(BUILD)/tests/unit/genblock.o $(XLATE_LIB) $(SIM_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/ir/ir_text: $(BUILD)/tests/ir/ir_text.o $(BUILD)/tests/unit/genblock.o $(XLATE_LIB) $(SIM_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

TEST_DEPS += $(UNIT_TESTS)

-include $(UNIT_OBJS:.o=.d)
