# SPDX-License-Identifier: MIT
# Planted bugs (tests/planted/run.sh). Their checks use the guest programs, and some of their own.
PLANTED_GUESTS := $(patsubst %,$(BUILD)/tests/planted/%.elf,twice patch pmp)

$(PLANTED_GUESTS): $(BUILD)/tests/planted/%.elf: tests/planted/%.S tests/prog/guest.ld
	@mkdir -p $(@D)
	$(RISCV)gcc -march=rv32i -mabi=ilp32 -nostdlib -T tests/prog/guest.ld -Wl,--no-warn-rwx-segments $< -o $@

TEST_DEPS += $(PLANTED_GUESTS)
