# SPDX-License-Identifier: MIT
# Guests that show what the guest machine does beside running programs (tests/platform/*.sh run them): misaligned accesses, code beside data,
# a full tcache, console input. Start and console are those of tests/prog.
PLATFORM_DIR := $(BUILD)/platform
PLATFORM_ELFS := $(patsubst %,$(PLATFORM_DIR)/%.elf,misaligned mixed apart echo flood uart16550 isolation recheck plic rtc virt pages \
	bitmanip zicond reset cmdline csrs idle semihosting semihosting-user misaligned_hot isolation-24m timebase \
	reset_call rights pmp_regions)
PLATFORM_GCC := $(RISCV)gcc -march=rv32imac_zicsr_zifencei $(PROG_CFLAGS)

$(PLATFORM_DIR)/%.o: tests/platform/%.c $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -MMD -MP -c $< -o $@

$(PLATFORM_DIR)/%.o: tests/platform/%.S $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -MMD -MP -c $< -o $@

# the RAM that the tests give them
$(PLATFORM_DIR)/isolation.o: PLATFORM_GCC += -DRAM_BYTES=0x00400000
$(PLATFORM_DIR)/misaligned_hot.o: PLATFORM_GCC += -DRAM_BYTES=0x00800000

# the same in RAM that is the sum of two powers of two
$(PLATFORM_DIR)/isolation-24m.o: tests/platform/isolation.c $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -DRAM_BYTES=0x01800000 -MMD -MP -c $< -o $@

# every page below RAM
$(PLATFORM_DIR)/pages.o: tests/platform/virt.c $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -DSTEP=0x1000 -MMD -MP -c $< -o $@

# two instructions that QEMU does not know
$(PLATFORM_DIR)/zicond.o: tests/platform/bitmanip.c $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -DZICOND -MMD -MP -c $< -o $@

# mixed.S with the data on a page of its own
$(PLATFORM_DIR)/apart.o: tests/platform/mixed.S $(FLAGS)/prog
	@mkdir -p $(@D)
	$(PLATFORM_GCC) -DGAP=4096 -MMD -MP -c $< -o $@

# the alignment of its calls is to stay
$(addprefix $(PLATFORM_DIR)/,semihosting.o cmdline.o idle.o reset_call.o rights.o heap.o): PLATFORM_GCC += -mno-relax

# nothing but itself
PLATFORM_BARE := $(patsubst %,$(PLATFORM_DIR)/%.elf,semihosting-user)
$(PLATFORM_BARE): %.elf: %.o tests/prog/guest.ld
	$(RISCV)gcc -march=rv32imac -mabi=ilp32 -nostdlib -T tests/prog/guest.ld -Wl,--no-warn-rwx-segments $< -o $@

$(filter-out $(PLATFORM_BARE),$(PLATFORM_ELFS)): %.elf: %.o $(BUILD)/prog/rv32imac/start.o $(BUILD)/prog/rv32imac/uart.o tests/prog/guest.ld
	$(RISCV)gcc -march=rv32imac $(PROG_LDFLAGS) $(filter %.o,$^) -o $@

# a segment far from the others, in the first or the second half of RAM
PLATFORM_FAR := $(PLATFORM_DIR)/heap-81.elf $(PLATFORM_DIR)/heap-86.elf
$(PLATFORM_DIR)/far-%.ld: tests/prog/guest.ld
	@mkdir -p $(@D)
	sed -e 's/PT_LOAD FLAGS(6);/& far &/; s/.*DISCARD/    .far 0x$*000000 : { *(.far) } :far\n&/' $< > $@
$(PLATFORM_FAR): $(PLATFORM_DIR)/heap-%.elf: $(PLATFORM_DIR)/far-%.ld $(PLATFORM_DIR)/heap.o $(BUILD)/prog/rv32imac/start.o $(BUILD)/prog/rv32imac/uart.o
	$(RISCV)gcc -march=rv32imac $(subst -T tests/prog/guest.ld,-T $<,$(PROG_LDFLAGS)) $(filter %.o,$^) -o $@
TEST_DEPS += $(PLATFORM_FAR)

# guests that try to make an interrupt wait, one of each part of latency.c
LATENCY_PARTS := hash sites dense expire callers spread straddle churn pmp rights tasks bytes steps output cmdline
LATENCY_ELFS := $(LATENCY_PARTS:%=$(PLATFORM_DIR)/latency-%.elf)
$(LATENCY_ELFS): $(PLATFORM_DIR)/latency-%.elf: tests/platform/latency.c translator/support/pc_hash.h tests/prog/semihost.h $(BUILD)/prog/rv32imac/start.o \
		tests/prog/guest.ld
	@mkdir -p $(@D)
	$(RISCV)gcc -march=rv32imac_zicsr_zifencei -mabi=ilp32 -mno-relax -O2 -std=gnu11 -ffreestanding -nostdlib -I. \
		-D$(shell echo $* | tr a-z A-Z) -Wl,--no-warn-rwx-segments -T tests/prog/guest.ld $(filter %.o,$^) $< -o $@
TEST_DEPS += $(LATENCY_ELFS)

.SECONDARY: $(PLATFORM_ELFS:.elf=.o)
-include $(PLATFORM_ELFS:.elf=.d)
TEST_DEPS += $(PLATFORM_ELFS)
