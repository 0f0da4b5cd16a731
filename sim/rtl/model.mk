# SPDX-License-Identifier: MIT
# Run in the model's folder, on top of the makefile that Verilator wrote there: model, run time and harness become
# engine.a. MODEL: Verilator's prefix.
include $(MODEL).mk

OPT_FAST = -O3
OPT_SLOW = -O1
OPT_GLOBAL = -O2
# The PyPI package was not configured for a compiler and leaves this empty: gcc's way to name a precompiled header.
CFG_CXXFLAGS_PCH_I = -include

ENGINE_OBJS = $(patsubst %,$(MODEL)_%.o,engine_rtl rtl_state rtl_csr $(if $(filter Vtop,$(MODEL)),rtl_arrays,rtl_caches))
MODEL_FLAGS = -DMODEL_$(MODEL)

$(ENGINE_OBJS): $(MODEL)_%.o: $(TOP)/sim/rtl/%.cpp $(wildcard $(TOP)/sim/rtl/*.h) $(TOP)/sim/engine.h $(MODEL).mk
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -O2 -Wall -Wno-sign-compare $(MODEL_FLAGS) -I$(TOP) -I$(GEN) -c -o $@ $<

# Verilator's run time is in the first model's archive alone.
engine.a: $(ENGINE_OBJS) $(VK_GLOBAL_OBJS) $(MODEL)__ALL.a
	cp $(MODEL)__ALL.a $@
	ar rs $@ $(ENGINE_OBJS) $(if $(filter Vtop,$(MODEL)),$(VK_GLOBAL_OBJS))
