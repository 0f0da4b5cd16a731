# SPDX-License-Identifier: MIT
# Mutants (tests/mutate/mutate.py): N of them, of the row that SEED begins, from number FIRST on.
N ?= 60
SEED ?= 1
FIRST ?= 1

.PHONY: mutate
mutate: setup-test ## plant N=60 mutants (SEED=1) one by one and look whether the fast tests notice; prints those that survive (an hour or two)
	+@$(MAKE) --no-print-directory test-deps
	@$(PYTHON) tests/mutate/mutate.py --count $(N) --seed $(SEED) --first $(FIRST)
