# SPDX-License-Identifier: MIT
# The translator for the workstation: $(BUILD)/translator/libxlate.a. The firmware compiles the
# files of XLATE_FIRMWARE_SRCS again for its own machine (firmware/firmware.mk).

# what the firmware has, and what only the workstation has
XLATE_FIRMWARE_SRCS := $(addprefix translator/,guest/decode.c guest/rvc.c ir/ir.c front/lift.c front/block.c front/sites.c front/bytewise.c front/recheck.c \
	sched/tables.c sched/fused.c xlate.c)
XLATE_WORKSTATION_SRCS := $(addprefix translator/,guest/disasm.c ir/print.c ir/parse.c ir/check.c opt/dead.c sched/list.c sched/go_on.c \
	emit/encode.c sched/check.c support/dump.c support/native_text.c)

XLATE_SRCS := $(XLATE_FIRMWARE_SRCS) $(XLATE_WORKSTATION_SRCS)
XLATE_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(XLATE_SRCS))
XLATE_LIB := $(BUILD)/translator/libxlate.a

$(XLATE_OBJS): $(BUILD)/%.o: %.c $(FLAGS)/native | $(GEN)/machine.h
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(XLATE_LIB): $(XLATE_OBJS)
	rm -f $@
	ar rcs $@ $^

-include $(XLATE_OBJS:.o=.d)
