# SPDX-License-Identifier: MIT
# Installing what is needed, running the tests, and looking after the tree's form.
# TEST_DEPS and BUILD_DEPS are collected by all .mk files; they are expanded late, when a recipe or rule asks for them.

# --- set-up: one stamp file a purpose; tests/install.sh says what it installs and does nothing when all is there
SETUP_PURPOSES := build test timing linux fuzz spike board

.PHONY: $(SETUP_PURPOSES:%=setup-%)
$(SETUP_PURPOSES:%=setup-%): setup-%: $(BUILD)/setup/%.stamp

$(BUILD)/setup/%.stamp: tests/install.sh
	@VENV='$(VENV)' tests/install.sh $*
	@mkdir -p $(@D) && touch $@

.PHONY: setup
setup: $(SETUP_PURPOSES:%=setup-%) ## install everything that any target needs (the others install just what they need)

# --- building
.PHONY: build-all
.SECONDEXPANSION:
build-all: $$(BUILD_DEPS) $$(PROG_ELFS)

.PHONY: test-deps
test-deps: build-all $$(TEST_DEPS)

# --- the guest programs and the tests' own rules; running a guest program on the core
include tests/prog/prog.mk
include tests/guest/guest.mk
include tests/hosted/hosted.mk
include tests/diff/diff.mk
include tests/netlist/netlist.mk
include tests/unit/unit.mk
include tests/bench/bench.mk
include tests/cli/cli.mk
include tests/platform/platform.mk
include tests/planted/planted.mk
include tests/spike/spike.mk
include tests/fuzz/fuzz.mk
include tests/docs/docs.mk
include tests/formal/formal.mk
include tests/torture/torture.mk
include tests/linux/linux.mk
include tests/mutate/mutate.mk
GUEST ?= $(DEFAULT_GUEST)

.PHONY: run-guest
run-guest: build-all $$(wildcard $$(GUEST)) $$(filter $$(DEFAULT_GUEST),$$(GUEST))
	@echo '$(BUILD)/selkirk run --engine rtl --report $(GUEST)'
	@$(BUILD)/selkirk run --engine rtl --report $(GUEST)

# --- the form of the tree
C_SOURCES = $(shell git ls-files '*.c' '*.h' '*.cpp')
CLANG_FORMAT ?= clang-format

.PHONY: format
format: ## write the C and C++ sources in the project's form
	$(CLANG_FORMAT) -i $(C_SOURCES)

.PHONY: format-check
format-check: ## fail if a C or C++ source is not in the project's form, a line or a function too long
	@CLANG_FORMAT='$(CLANG_FORMAT)' tests/format-check.sh $(C_SOURCES)
	@tests/shape.sh

.PHONY: longest
longest: ## the ten longest functions and the ten longest files
	@tests/longest.sh
