# SPDX-License-Identifier: MIT
# The ahead-of-time translator (a workstation program) and the firmware: C -> RV32EM ELF -> native image.

# --- aot: its own sources, and the translator's stages that it shares
AOT := $(BUILD)/aot
AOT_SOURCES := $(wildcard translator/aot/*.c)
AOT_OBJS := $(AOT_SOURCES:%.c=$(BUILD)/aot-obj/%.o) $(BUILD)/aot-obj/machine_tables.o $(BUILD)/aot-obj/machine_decode.o

$(BUILD)/aot-obj/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(BUILD)/aot-obj/%.o: $(GEN)/%.c $(FLAGS)/native
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(AOT): $(AOT_OBJS) $(XLATE_LIB)
	$(CC) -o $@ $^

# --- the guest's processor and its loader for the workstation: lock-step's golden model is made of the same files
FW_GUEST_SOURCES := $(addprefix firmware/guest/,priv.c interp.c interp_slow.c elf.c loader.c load_list.c)
GUEST_LIB_OBJS := $(patsubst %.c,$(BUILD)/guest/%.o,$(FW_GUEST_SOURCES) firmware/guest/golden.c firmware/dev/fdt.c firmware/dev/link.c)

$(BUILD)/guest/%.o: %.c $(FLAGS)/native | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -c -o $@ $<

$(GUEST_LIB): $(GUEST_LIB_OBJS)
	rm -f $@
	ar rcs $@ $^

# --- the guest's device tree, as the text of a C array; fdt.c is compiled for the firmware and for the workstation
DTC ?= dtc
FDT_OBJS := $(patsubst %,$(BUILD)/%/firmware/dev/fdt.o,firmware firmware-counted hosted guest)

$(GEN)/virt_dtb.inc: firmware/dev/virt.dts
	@mkdir -p $(@D)
	$(DTC) -q -I dts -O dtb -a 4 -o $(@:.inc=.dtb) $<
	od -An -v -tu1 $(@:.inc=.dtb) | sed 's/\([0-9]\+\)/\1,/g' > $@

$(FDT_OBJS): $(GEN)/virt_dtb.inc

# --- firmware. Freestanding; every relocation is kept for aot; no relaxation, so that each still says what it meant.
# Unused functions go (--gc-sections). No jump may leave its function's section except by call.
FW_CC := $(RISCV)gcc
FW_ARCH := -march=rv32em -mabi=ilp32e
# Nobody has a use for gp and tp (no relaxation, no threads): two more registers that a call may overwrite.
FW_REGISTERS := -fcall-used-gp -fcall-used-tp
# Whole-program optimisation. The compiler schedules across the blocks that aot then packs one by one, so it should think of a
# machine that issues two at a time.
FW_OPT ?= -O3 -flto=1 --param early-inlining-insns=70 -fsched-pressure -mtune=sifive-7-series -fsched2-use-superblocks -frename-registers
export FW_OPT
FW_CFLAGS := $(FW_ARCH) $(FW_REGISTERS) $(FW_OPT) -std=c11 -ffreestanding -fno-pic -msmall-data-limit=0 -mno-relax -Wa,-mno-relax \
	-ffunction-sections -fdata-sections -fno-reorder-blocks-and-partition -fno-stack-protector \
	-fno-asynchronous-unwind-tables $(WARN) -DSELKIRK_FIRMWARE -Ifirmware $(INCLUDES) -MMD -MP
FW_LDFLAGS := $(filter-out -M% $(WARN),$(FW_CFLAGS)) -nostdlib -Wl,--no-relax,--emit-relocs,--gc-sections,--no-warn-rwx-segments \
	-L$(GEN) -Tfirmware/firmware.ld
FW_SOURCES := $(wildcard firmware/*.c firmware/cms/*.c firmware/tcache/*.c firmware/dev/*.c) $(FW_GUEST_SOURCES) $(XLATE_FIRMWARE_SRCS)
FW_OBJS := $(BUILD)/firmware/start.o $(FW_SOURCES:%.c=$(BUILD)/firmware/%.o) $(BUILD)/firmware/machine_tables.o

# What the firmware spends its time with is learned from these guests; FW_TRAINING= does without. The compiler learns from FW_EVENTS,
# too: guests that trap, interrupt, meet devices and change code all the time. Without them all that would be compiled for size,
# which the interrupt latency would show; aot, which copies what is frequent, would think too much of them.
FW_TRAINING ?= $(addprefix $(BUILD)/prog/,rv32im/dhry.elf rv32im/rtos.elf rv32im/format.elf rv32im/list.elf rv32imac/queens.elf \
	rv32imac/lz.elf rv32im/priv.elf rv32im/semi.elf)
FW_EVENTS := $(addprefix $(BUILD)/platform/,plic.elf mixed.elf pmp_regions.elf recheck.elf semihosting.elf latency-tasks.elf latency-churn.elf)
FLAGS_training := $(FW_TRAINING) $(FW_EVENTS)

# The firmware is compiled twice: first so that it counts how often its ways are gone (sim/iss/counts.c); it runs guests on the ISS,
# and the second time the compiler knows what is worth speed and what is better small. Which function is which must not depend on
# the folder of the object, nor the length of a name in the image on that of the folder. (Correction: a run may be cut off in the middle of a function. Peeling makes code larger, not faster.)
FW_COUNTED := $(BUILD)/firmware-counted
FW_COUNTING := -fprofile-arcs -fprofile-update=single -fprofile-info-section=.counts -fprofile-dir=counts -fprofile-prefix-path="$$PWD"
FW_USING := $(if $(strip $(FW_TRAINING)),-fprofile-use=$(FW_COUNTED) -fprofile-prefix-path="$$PWD" -fprofile-correction -fno-peel-loops -Wmissing-profile)

# what the compiler calls by itself
FW_LIBC_CFLAGS := -fno-tree-loop-distribute-patterns -fno-lto
$(BUILD)/firmware/firmware/libc.o: FW_CFLAGS += $(FW_LIBC_CFLAGS)
# scheduled better by itself than inside the whole program
FW_INTERP_CFLAGS := -fno-lto -O2
$(BUILD)/firmware/firmware/guest/interp.o: FW_CFLAGS += $(FW_INTERP_CFLAGS)
FLAGS_firmware := $(FW_CC) $(FW_COUNTING) $(FW_USING) $(FW_CFLAGS) $(FW_LIBC_CFLAGS) $(FW_INTERP_CFLAGS) $(FW_LDFLAGS)

FW_SAME_NAMES = -dumpdir '' -dumpbase $(<:.c=)
FW_COUNTED_OBJS := $(patsubst %.c,$(FW_COUNTED)/%.o,$(filter-out firmware/libc.c,$(FW_SOURCES)))
$(FW_COUNTED)/firmware/guest/interp.o: FW_CFLAGS += $(FW_INTERP_CFLAGS)
$(BUILD)/firmware/firmware/libc.o $(BUILD)/firmware/firmware/guest/interp.o: FW_USING =

$(FW_COUNTED)/%.o: %.c $(FLAGS)/firmware | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FW_CC) $(FW_CFLAGS) $(FW_COUNTING) $(FW_SAME_NAMES) -MF $(@:.o=.d) -MT $@ -c -o $@ $<

$(FW_COUNTED)/selkirk.elf: $(FW_COUNTED_OBJS) $(BUILD)/firmware/start.o $(BUILD)/firmware/firmware/libc.o $(BUILD)/firmware/machine_tables.o \
		firmware/firmware.ld $(GEN)/memory.ld
	$(FW_CC) $(FW_LDFLAGS) -Wl,--defsym,__gcov_merge_add=1 -o $@ $(filter %.o,$^) -lgcc

$(FW_COUNTED)/selkirk.img: $(FW_COUNTED)/selkirk.elf $(AOT)
	$(AOT) $< $@

$(FW_COUNTED)/counts: $(FW_COUNTED)/selkirk.img $(FIRMWARE_PROFILE) $(FW_TRAINING) $(FW_EVENTS) $(FLAGS)/training
	$(FIRMWARE_PROFILE) --counts $(FW_COUNTED) $< $(FW_TRAINING) $(FW_EVENTS)
	@touch $@

ifneq ($(FW_USING),)
$(FW_COUNTED_OBJS:$(FW_COUNTED)/%=$(BUILD)/firmware/%): $(FW_COUNTED)/counts
endif

$(BUILD)/firmware/%.o: %.c $(FLAGS)/firmware | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FW_CC) $(FW_CFLAGS) $(FW_USING) $(FW_SAME_NAMES) -MF $(@:.o=.d) -MT $@ -c -o $@ $<

$(BUILD)/firmware/machine_tables.o: $(GEN)/machine_tables.c $(FLAGS)/firmware
	@mkdir -p $(@D)
	$(FW_CC) $(FW_CFLAGS) -c -o $@ $<

$(BUILD)/firmware/start.o: firmware/start.S $(FLAGS)/firmware rtl/machine/csrs.def rtl/machine/intrinsics.def
	@mkdir -p $(@D)
	$(FW_CC) $(FW_ARCH) -I. -mno-relax -Wa,-mno-relax -c -o $@ $<

$(BUILD)/firmware/selkirk.elf: $(FW_OBJS) firmware/firmware.ld $(GEN)/memory.ld
	$(FW_CC) $(FW_LDFLAGS) -o $@ $(FW_OBJS) -lgcc

%.img: %.elf $(AOT)
	$(AOT) --stats $< $@

FW_PROFILE := $(if $(FW_TRAINING),$(BUILD)/firmware/selkirk.profile)

$(BUILD)/firmware/blind.img: $(BUILD)/firmware/selkirk.elf $(AOT)
	$(AOT) $< $@

$(BUILD)/firmware/selkirk.profile: $(BUILD)/firmware/blind.img $(FIRMWARE_PROFILE) $(FW_TRAINING) $(FLAGS)/training
	$(FIRMWARE_PROFILE) $< $(FW_TRAINING) > $@.new
	mv $@.new $@

$(BUILD)/firmware/selkirk.img $(BUILD)/firmware/selkirk.stored &: $(BUILD)/firmware/selkirk.elf $(AOT) $(FW_PROFILE) $(FLAGS)/training
	$(AOT) --stats $(FW_PROFILE:%=--profile %) --stored $(BUILD)/firmware/selkirk.stored $< $(BUILD)/firmware/selkirk.img

.PHONY: image-size
image-size: $(BUILD)/firmware/selkirk.img ## size of the firmware's image, in bundles and stored
	@$(AOT) --stats $(FW_PROFILE:%=--profile %) $(BUILD)/firmware/selkirk.elf $(BUILD)/firmware/size.img

.PHONY: firmware
firmware: $(BUILD)/firmware/selkirk.img ## the code-morphing firmware as a native image
BUILD_DEPS += $(BUILD)/firmware/selkirk.img

-include $(wildcard $(FW_COUNTED)/*/*.d $(FW_COUNTED)/*/*/*.d $(BUILD)/firmware/*.d $(BUILD)/firmware/*/*.d $(BUILD)/firmware/*/*/*.d $(BUILD)/aot-obj/*.d $(BUILD)/aot-obj/*/*/*.d $(GUEST_LIB_OBJS:.o=.d))

include tests/aot/aot.mk
