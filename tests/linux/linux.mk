# SPDX-License-Identifier: MIT
# A Linux guest: kernel from Debian's linux-source-6.1, rv32ima without MMU, init our own. README.md has the details.
LINUX_TARBALL ?= /usr/src/linux-source-6.1.tar.xz
LINUX_DIR := $(BUILD)/linux
LINUX_ELF := $(LINUX_DIR)/linux.elf
LINUX_GCC := $(RISCV)gcc -march=rv32ima -mabi=ilp32
INIT_CFLAGS := -Os -std=c11 -Wall -Wextra -Wshadow -Wundef -Werror -ffreestanding -fno-builtin -mcmodel=medany

$(LINUX_DIR)/init.o: tests/linux/init.c
	@mkdir -p $(@D)
	$(LINUX_GCC) $(INIT_CFLAGS) -c $< -o $@

$(LINUX_DIR)/start.o: tests/linux/start.S
	@mkdir -p $(@D)
	$(LINUX_GCC) -c $< -o $@

# Linked at 0, but to run anywhere: the linker must not shorten pc-relative addresses to absolute ones.
$(LINUX_DIR)/init.flat: tests/linux/init.ld $(LINUX_DIR)/start.o $(LINUX_DIR)/init.o
	$(RISCV)cpp -P -undef $< -o $(@D)/init.lds
	$(LINUX_GCC) -nostdlib -nostartfiles -Wl,--no-relax -T $(@D)/init.lds -Wl,--no-warn-rwx-segments $(filter %.o,$^) -o $(@D)/init.elf
	$(RISCV)objcopy -O binary $(@D)/init.elf $@

$(LINUX_ELF): tests/linux/linux.sh tests/linux/config $(LINUX_DIR)/init.flat
	tests/linux/linux.sh $(LINUX_TARBALL) $(LINUX_DIR)/init.flat $(LINUX_DIR)

$(BUILD)/linux-selftests/linux.elf: tests/linux/linux.sh tests/linux/config tests/linux/selftests.config $(LINUX_DIR)/init.flat
	tests/linux/linux.sh $(LINUX_TARBALL) $(LINUX_DIR)/init.flat $(@D) tests/linux/selftests.config

# The initramfs is not compressed, so that init's word can be changed where it lies.
$(LINUX_DIR)/linux-console.elf: $(LINUX_ELF)
	sed 's/selkirk console: no /selkirk console: yes/' $< >$@
	@if cmp -s $< $@; then echo 'linux.mk: the word is not in the image' >&2; exit 1; fi

.PHONY: linux-image linux-qemu linux linux-console run-linux linux-selftests
linux-image: setup-linux ## the Linux guest, $(BUILD)/linux/linux.elf (downloads Debian's linux-source-6.1; minutes)
	+@$(MAKE) --no-print-directory $(LINUX_ELF) $(LINUX_DIR)/linux-console.elf

linux-qemu: linux-image ## boot the Linux guest in QEMU
	tests/linux/boot.sh qemu $(LINUX_ELF)

linux: setup-build linux-image ## boot the Linux guest on the ISS (ENGINE=rtl: on the Verilated core)
	+@$(MAKE) --no-print-directory run-linux LINUX_IMAGE=$(LINUX_ELF)

linux-console: setup-build linux-image ## the same, with a small console on the terminal
	+@$(MAKE) --no-print-directory run-linux LINUX_IMAGE=$(LINUX_DIR)/linux-console.elf

linux-selftests: setup-build setup-linux ## boot a Linux that tests its own libraries (rv32imac, preemptive) in QEMU and on the ISS
	+@$(MAKE) --no-print-directory build-all $(BUILD)/linux-selftests/linux.elf
	@BUILD=$(BUILD) tests/linux/selftests.sh $(BUILD)/linux-selftests/linux.elf

run-linux: build-all
	BUILD=$(BUILD) ENGINE=$(or $(ENGINE),iss) tests/linux/boot.sh selkirk $(LINUX_IMAGE)
