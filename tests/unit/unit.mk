# SPDX-License-Identifier: MIT
# Unit tests of the translator.
UNIT_TESTS := $(BUILD)/tests/unit/xlate_random $(BUILD)/tests/unit/forms $(BUILD)/tests/unit/baked $(BUILD)/tests/ir/ir_text $(BUILD)/tests/ir/ir_passes
UNIT_OBJS := $(patsubst %,$(BUILD)/tests/%.o,unit/xlate_random unit/genblock unit/forms unit/baked ir/ir_text ir/ir_passes)

$(UNIT_OBJS): $(BUILD)/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/xlate_random: $(BUILD)/tests/unit/xlate_random.o $(BUILD)/tests/unit/genblock.o $(SIM_OBJS) $(GUEST_LIB) $(XLATE_LIB)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/unit/forms: $(BUILD)/tests/unit/forms.o $(BUILD)/tests/unit/genblock.o $(XLATE_LIB) $(SIM_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/unit/baked: $(BUILD)/tests/unit/baked.o $(XLATE_LIB) $(SIM_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/ir/ir_text: $(BUILD)/tests/ir/ir_text.o $(BUILD)/tests/unit/genblock.o $(SIM_OBJS) $(XLATE_LIB)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/ir/ir_passes: $(BUILD)/tests/ir/ir_passes.o $(XLATE_LIB) $(SIM_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/tests/unit/time_test: tests/unit/time_test.c firmware/dev/time_base.c firmware/dev/time_base.h $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(NATIVE_CFLAGS)) -o $@ $(filter %.c,$^) $(GEN)/machine_tables.c

$(BUILD)/tests/unit/link_test: tests/unit/link_test.c firmware/dev/link.c firmware/dev/link.h translator/aot/native_image.h $(FLAGS)/native
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(NATIVE_CFLAGS)) -fsanitize=address,undefined -fno-sanitize-recover -o $@ $(filter %.c,$^)

$(BUILD)/tests/unit/memory_test_test: tests/unit/memory_test_test.c firmware/dev/memory_test.c firmware/dev/memory_test.h $(FLAGS)/native
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(NATIVE_CFLAGS)) -o $@ $(filter %.c,$^)

TEST_DEPS += $(UNIT_TESTS) $(patsubst %,$(BUILD)/tests/unit/%,time_test link_test memory_test_test)

-include $(UNIT_OBJS:.o=.d)

# What translation costs: the translator, compiled as for the firmware, translates its own text in the
# interpreter, which counts instructions.
COST_SRCS := tests/unit/cost.c $(XLATE_FIRMWARE_SRCS)
$(BUILD)/tests/unit/cost.elf: tests/unit/cost_start.S tests/unit/cost.ld $(COST_SRCS) $(XLATE_LIB)
	@mkdir -p $(@D)
	$(RISCV)gcc -march=rv32em -mabi=ilp32e -O2 -std=c11 -ffreestanding -msmall-data-limit=0 $(WARN) $(INCLUDES) -nostdlib \
	    -T tests/unit/cost.ld -Wl,--no-warn-rwx-segments -o $@ tests/unit/cost_start.S $(COST_SRCS) -lgcc

TEST_DEPS += $(BUILD)/tests/unit/cost.elf
