# Selkirk. `make help` lists the targets; each folder's rules are in its own .mk file.
BUILD := build
GEN := $(BUILD)/gen
VENV ?= $(BUILD)/venv

CC := gcc
WARN := -Wall -Wextra -Wshadow -Wconversion -Wundef -Wmissing-prototypes -Wstrict-prototypes -Werror
CFLAGS ?= -O2 -g
INCLUDES := -I. -I$(GEN)
NATIVE_CFLAGS := -std=c11 $(CFLAGS) $(WARN) $(INCLUDES) -MMD -MP

RISCV := riscv64-unknown-elf-

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

include rtl/machine/machine.mk
include translator/translator.mk
include sim/sim.mk
include firmware/firmware.mk
include rtl/rtl.mk
include boards/common.mk
include tests/tests.mk

.PHONY: help
help: ## this list
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / /' | awk '{n=$$1; $$1=""; printf "  %-16s%s\n", n, $$0}'

.PHONY: clean
clean: ## remove what was built (keeps the virtual environment)
	find $(BUILD) -mindepth 1 -maxdepth 1 ! -name venv -exec rm -rf {} + 2>/dev/null || true
