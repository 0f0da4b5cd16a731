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
FDT_OBJS := $(patsubst %,$(BUILD)/%/firmware/dev/fdt.o,firmware hosted guest)

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

# what the compiler calls by itself
FW_LIBC_CFLAGS := -fno-tree-loop-distribute-patterns -fno-lto
$(BUILD)/firmware/firmware/libc.o: FW_CFLAGS += $(FW_LIBC_CFLAGS)
# scheduled better by itself than inside the whole program
FW_INTERP_CFLAGS := -fno-lto -O2
$(BUILD)/firmware/firmware/guest/interp.o: FW_CFLAGS += $(FW_INTERP_CFLAGS)
# cold and small: bytes come at a line's speed
FW_LINE_CFLAGS := -fno-lto -Os
$(patsubst %,$(BUILD)/firmware/firmware/%.o,log dev/link dev/line dev/memory_test): FW_CFLAGS += $(FW_LINE_CFLAGS)
FLAGS_firmware := $(FW_CC) $(FW_CFLAGS) $(FW_LIBC_CFLAGS) $(FW_INTERP_CFLAGS) $(FW_LINE_CFLAGS) $(FW_LDFLAGS)

$(BUILD)/firmware/%.o: %.c $(FLAGS)/firmware | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FW_CC) $(FW_CFLAGS) -c -o $@ $<

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

# Which way the firmware's branches go: an image made without knowing runs some guests on the ISS and is counted.
# FW_TRAINING= does without.
FW_TRAINING ?= $(addprefix $(BUILD)/prog/,rv32im/dhry.elf rv32im/rtos.elf rv32im/format.elf rv32im/list.elf rv32imac/queens.elf \
	rv32imac/lz.elf)
FW_PROFILE := $(if $(FW_TRAINING),$(BUILD)/firmware/selkirk.profile)
FLAGS_training := $(FW_TRAINING)

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

-include $(wildcard $(BUILD)/firmware/*.d $(BUILD)/firmware/*/*.d $(BUILD)/firmware/*/*/*.d $(BUILD)/aot-obj/*.d $(BUILD)/aot-obj/*/*/*.d $(GUEST_LIB_OBJS:.o=.d))

include tests/aot/aot.mk
