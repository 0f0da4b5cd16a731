# SPDX-License-Identifier: MIT
# The translator for the workstation: $(BUILD)/translator/libxlate.a. The firmware compiles the
# files of XLATE_FIRMWARE_SRCS again for its own machine (firmware/firmware.mk).

# --- the generator of what is made of the guest's instructions (guest/rv32.def)
GUEST_GEN := $(BUILD)/translator/gen
GUEST_GEN_OBJS := $(patsubst %,$(BUILD)/translator/guest/%.o,gen gen_model gen_tree gen_lift)
GUEST_PRODUCTS := $(patsubst %,$(GEN)/rv32_%.h,tree steps values)
GEN_PRODUCTS += $(GUEST_PRODUCTS)

$(GUEST_GEN_OBJS): $(BUILD)/%.o: %.c $(FLAGS)/native | $(GEN)/machine.h
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(GUEST_GEN): $(GUEST_GEN_OBJS)
	$(CC) $(CFLAGS) -o $@ $^

$(GUEST_PRODUCTS) &: $(GUEST_GEN)
	@mkdir -p $(GEN)
	$(GUEST_GEN) $(GEN)

# what the firmware has, and what only the workstation has
XLATE_FIRMWARE_SRCS := $(addprefix translator/,guest/decode.c guest/rvc.c ir/ir.c ir/evaluate.c front/lift.c front/block.c front/quick.c front/sites.c \
	front/baked.c front/bytewise.c front/recheck.c front/rights.c \
	sched/tables.c sched/fused.c xlate.c)
XLATE_WORKSTATION_SRCS := $(addprefix translator/,guest/disasm.c ir/print.c ir/parse.c ir/check.c passes.c sched/list.c sched/go_on.c \
	emit/encode.c sched/check.c support/dump.c support/native_text.c) \
	$(wildcard translator/opt/*.c)

XLATE_SRCS := $(XLATE_FIRMWARE_SRCS) $(XLATE_WORKSTATION_SRCS)
XLATE_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(XLATE_SRCS))
XLATE_LIB := $(BUILD)/translator/libxlate.a

$(XLATE_OBJS): $(BUILD)/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(XLATE_LIB): $(XLATE_OBJS)
	rm -f $@
	ar rcs $@ $^

-include $(XLATE_OBJS:.o=.d) $(GUEST_GEN_OBJS:.o=.d)
