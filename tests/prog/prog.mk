# SPDX-License-Identifier: MIT
# Guest programs: $(BUILD)/prog/ARCH/NAME.elf for rv32i, rv32im and rv32imac and every NAME in PROGS.
# NAME.expect is the console's text plus a last line with the exit status; QEMU must agree (make qemu-check).

PROGS_UART := mandel sort crc sha256 matrix words list regex queens lz format sieve bignum dhry vm bits life asmmix priv rtos
PROGS_SEMIHOST := semi
PROGS_TOHOST := htif
PROGS := $(PROGS_UART) $(PROGS_SEMIHOST) $(PROGS_TOHOST)
PROG_ARCHS := rv32i rv32im rv32imac
PROG_ELFS := $(foreach arch,$(PROG_ARCHS),$(PROGS:%=$(BUILD)/prog/$(arch)/%.elf))
DEFAULT_GUEST := $(BUILD)/prog/rv32im/mandel.elf

PROG_DIR := tests/prog
PROG_WARN := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes -Werror
PROG_CFLAGS := --specs=picolibc.specs -mabi=ilp32 -O2 -std=c11 $(PROG_WARN) -DPICOLIBC_INTEGER_PRINTF_SCANF -I$(PROG_DIR)
PROG_LDFLAGS := --specs=picolibc.specs -mabi=ilp32 -nostartfiles -T $(PROG_DIR)/guest.ld -Wl,--no-warn-rwx-segments
FLAGS_prog := $(RISCV)gcc $(PROG_CFLAGS) $(PROG_LDFLAGS)

# $(call prog_rules,arch): objects of one architecture
define prog_rules
$(BUILD)/prog/$(1)/%.o: $(PROG_DIR)/%.c $$(FLAGS)/prog
	@mkdir -p $$(@D)
	$(RISCV)gcc -march=$(1) $(PROG_CFLAGS) -MMD -MP -c $$< -o $$@
$(BUILD)/prog/$(1)/%.o: $(PROG_DIR)/%.S $$(FLAGS)/prog
	@mkdir -p $$(@D)
	$(RISCV)gcc -march=$(1) $(PROG_CFLAGS) -MMD -MP -c $$< -o $$@
endef
$(foreach arch,$(PROG_ARCHS),$(eval $(call prog_rules,$(arch))))

# $(call prog_link,arch,names,console): programs with one of the consoles
define prog_link
$(2:%=$(BUILD)/prog/$(1)/%.elf): $(BUILD)/prog/$(1)/%.elf: $(BUILD)/prog/$(1)/%.o $(BUILD)/prog/$(1)/start.o \
		$(BUILD)/prog/$(1)/$(3).o $(PROG_DIR)/guest.ld
	$(RISCV)gcc -march=$(1) $(PROG_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
$(foreach arch,$(PROG_ARCHS),$(eval $(call prog_link,$(arch),$(PROGS_UART),uart)))
$(foreach arch,$(PROG_ARCHS),$(eval $(call prog_link,$(arch),$(PROGS_SEMIHOST),semihost)))
$(foreach arch,$(PROG_ARCHS),$(eval $(call prog_link,$(arch),$(PROGS_TOHOST),tohost)))

# some of them with more extensions; the library is rv32imac's
PROG_B_ARCH := rv32imac_zba_zbb_zbs
PROG_B_ELFS := $(patsubst %,$(BUILD)/prog/$(PROG_B_ARCH)/%.elf,bits sha256 crc vm lz dhry life)
$(eval $(call prog_rules,$(PROG_B_ARCH)))
$(PROG_B_ELFS): %.elf: %.o $(BUILD)/prog/rv32imac/start.o $(BUILD)/prog/rv32imac/uart.o $(PROG_DIR)/guest.ld
	$(RISCV)gcc -march=rv32imac $(PROG_LDFLAGS) $(filter %.o,$^) -o $@

.SECONDARY: $(PROG_ELFS:.elf=.o) $(PROG_B_ELFS:.elf=.o)
-include $(PROG_ELFS:.elf=.d) $(foreach arch,$(PROG_ARCHS) $(PROG_B_ARCH),$(wildcard $(BUILD)/prog/$(arch)/*.d))

.PHONY: guests
guests: $(PROG_ELFS) ## the guest programs, for rv32i, rv32im and rv32imac

.PHONY: qemu-check
qemu-check: guests ## compare the expected outputs of the guest programs with QEMU's
	BUILD=$(BUILD) $(PROG_DIR)/qemu-check.sh $(PROGS)

# make qemu-expect writes NAME.expect from QEMU's rv32im run; read the result before you commit it.
.PHONY: qemu-expect
qemu-expect: guests
	BUILD=$(BUILD) WRITE=1 $(PROG_DIR)/qemu-check.sh $(PROGS)

TEST_DEPS += $(PROG_ELFS) $(PROG_B_ELFS)
