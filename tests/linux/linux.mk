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

$(LINUX_DIR)/init.flat: tests/linux/init.ld $(LINUX_DIR)/start.o $(LINUX_DIR)/init.o
	$(RISCV)cpp -P -undef $< -o $(@D)/init.lds
	$(LINUX_GCC) -nostdlib -nostartfiles -T $(@D)/init.lds -Wl,--no-warn-rwx-segments $(filter %.o,$^) -o $(@D)/init.elf
	$(RISCV)objcopy -O binary $(@D)/init.elf $@

$(LINUX_ELF): tests/linux/linux.sh tests/linux/config $(LINUX_DIR)/init.flat
	tests/linux/linux.sh $(LINUX_TARBALL) $(LINUX_DIR)/init.flat $(LINUX_DIR)

.PHONY: linux-image linux-qemu linux run-linux
linux-image: setup-linux ## the Linux guest, $(BUILD)/linux/linux.elf (downloads Debian's linux-source-6.1; minutes)
	+@$(MAKE) --no-print-directory $(LINUX_ELF)

linux-qemu: linux-image ## boot the Linux guest in QEMU
	tests/linux/boot.sh qemu $(LINUX_ELF)

linux: setup-build linux-image ## boot the Linux guest on the ISS (ENGINE=rtl: on the Verilated core)
	+@$(MAKE) --no-print-directory run-linux

run-linux: build-all
	ENGINE=$(or $(ENGINE),iss) tests/linux/boot.sh selkirk $(LINUX_ELF)
