# SPDX-License-Identifier: MIT
# Random guest programs in lock-step, the big campaign: its table is tests/diff/results.txt. RANDOM_JOBS: sets of switches at a time.
RANDOM_JOBS ?= 2

.PHONY: random-results
random-results: build-all ## random guest programs, a billion instructions on the ISS and 12 million on the RTL, in lock-step; writes tests/diff/results.txt (two hours)
	@{ echo "# Random guest programs in lock-step with the golden interpreter (make random-results). One line a set of switches: seeds from"; \
	  echo "# the one given, one a program; latency: the longest of an interrupt, in cycles; wrong: 1 if there was a difference."; \
	  JOBS=$(RANDOM_JOBS) tests/diff/random.sh iss 255 2000001 200000 && JOBS=$(RANDOM_JOBS) tests/diff/random.sh rtl 50 3000001; \
	} >$(BUILD)/random-results.txt || { cat $(BUILD)/random-results.txt; exit 1; }
	@mv $(BUILD)/random-results.txt tests/diff/results.txt && cat tests/diff/results.txt
