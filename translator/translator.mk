# SPDX-License-Identifier: MIT
# The translator for the workstation: $(BUILD)/translator/libxlate.a. The firmware compiles the
# files of XLATE_FIRMWARE_SRCS again for its own machine (firmware/firmware.mk).

# guest decoder, interpreter, ELF parser
XLATE_GUEST_FIRMWARE_SRCS := $(addprefix translator/guest/,decode.c rvc.c priv.c interp.c interp_slow.c elf.c)
XLATE_GUEST_SRCS := $(XLATE_GUEST_FIRMWARE_SRCS) translator/guest/disasm.c

# the translator proper: what the firmware has, and what only the workstation has
XLATE_FIRMWARE_SRCS := $(addprefix translator/,ir/ir.c front/lift.c front/block.c front/sites.c front/bytewise.c front/recheck.c opt/dead.c \
	sched/tables.c sched/schedule.c sched/close.c xlate.c)
XLATE_WORKSTATION_SRCS := $(addprefix translator/,ir/print.c ir/parse.c ir/check.c sched/check.c sched/go_on.c support/dump.c)

XLATE_SRCS := $(XLATE_GUEST_SRCS) $(XLATE_FIRMWARE_SRCS) $(XLATE_WORKSTATION_SRCS)
XLATE_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(XLATE_SRCS))
XLATE_LIB := $(BUILD)/translator/libxlate.a

$(XLATE_OBJS): $(BUILD)/%.o: %.c $(FLAGS)/native | $(GEN)/machine.h
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(XLATE_LIB): $(XLATE_OBJS)
	rm -f $@
	ar rcs $@ $^

-include $(XLATE_OBJS:.o=.d)
