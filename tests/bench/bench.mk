# SPDX-License-Identifier: MIT
# Figures: the ledger of the guest programs, and how fast the engines are on this workstation.
# ENGINE=iss|rtl chooses where gear 1 is measured.
PYTHON ?= python3

.PHONY: bench
bench: build-all guests ## measure every guest program; writes tests/bench/results.txt and docs/bench.svg (ENGINE=rtl|iss)
	@$(PYTHON) -B tests/bench/bench.py --engine $(or $(ENGINE),rtl) --write

.PHONY: bench-compare
bench-compare: build-all guests ## check that RTL and ISS count the same cycles and events in every guest program
	@$(PYTHON) -B tests/bench/bench.py --compare

.PHONY: bench-small
bench-small: build-all guests ## the guest programs on configuration small beside wide; writes tests/bench/small.txt
	+@$(MAKE) --no-print-directory CONFIG=small BUILD=$(BUILD)/small VENV=$(VENV) $(BUILD)/small/selkirk $(BUILD)/small/firmware/selkirk.img
	@$(PYTHON) -B tests/bench/bench.py --beside small=$(BUILD)/small

.PHONY: costs
costs: build-all ## measure what MMIO, traps, interrupts, rollbacks and stores into code cost; writes tests/bench/costs.txt
	@$(PYTHON) -B tests/bench/costs.py --write

.PHONY: costs-compare
costs-compare: build-all ## the same table, and check that RTL and ISS take the same cycles
	@$(PYTHON) -B tests/bench/costs.py --compare

.PHONY: cliffs
cliffs: build-all ## guests of unhandy shapes: cycles an instruction in the steady state against their limits; writes tests/bench/cliffs.txt
	@$(PYTHON) -B tests/bench/cliffs.py --write

.PHONY: memory
memory: build-all guests ## what memory costs: guests with other caches on the ISS, as shares of their speed without misses; writes tests/bench/memory.txt
	@$(PYTHON) -B tests/bench/memory.py --write

.PHONY: speed
speed: build-all guests ## wall-clock speed of ISS and RTL (GUEST=path chooses the program)
	@tests/bench/speed.sh $(GUEST)
