# SPDX-License-Identifier: MIT
# Guests made for lock-step with Spike (sim/spike, docs/spike.md).
SPIKE_GUESTS := $(patsubst %,$(BUILD)/tests/spike/%.elf,csrs pmp words words-few)
SPIKE_GCC := $(RISCV)gcc -march=rv32imac_zicsr_zifencei -mabi=ilp32 -nostdlib -T tests/prog/guest.ld -Wl,--no-warn-rwx-segments

$(BUILD)/tests/spike/%.elf: tests/spike/%.S tests/prog/guest.ld
	@mkdir -p $(@D)
	$(SPIKE_GCC) $< -o $@

$(BUILD)/tests/spike/words-few.elf: tests/spike/words.S tests/prog/guest.ld
	@mkdir -p $(@D)
	$(SPIKE_GCC) -DWORDS=8000 $< -o $@

TEST_DEPS += $(SPIKE_GUESTS)
