# SPDX-License-Identifier: MIT
# Planted bugs (tests/planted/run.sh). Their checks use the guest programs, and one of their own.
PLANTED_GUEST := $(BUILD)/tests/planted/twice.elf

$(PLANTED_GUEST): tests/planted/twice.S tests/prog/guest.ld
	@mkdir -p $(@D)
	$(RISCV)gcc -march=rv32i -mabi=ilp32 -nostdlib -T tests/prog/guest.ld -Wl,--no-warn-rwx-segments $< -o $@

TEST_DEPS += $(PLANTED_GUEST)
