# SPDX-License-Identifier: MIT
# Run in the model's folder, on top of the makefile that Verilator wrote there: model, run time and harness become
# engine.a.
include Vtop.mk

OPT_FAST = -O3
OPT_SLOW = -O1
OPT_GLOBAL = -O2
# The PyPI package was not configured for a compiler and leaves this empty: gcc's way to name a precompiled header.
CFG_CXXFLAGS_PCH_I = -include

ENGINE_OBJS = engine_rtl.o rtl_state.o rtl_csr.o

$(ENGINE_OBJS): %.o: $(TOP)/sim/rtl/%.cpp $(wildcard $(TOP)/sim/rtl/*.h) $(TOP)/sim/engine.h Vtop.mk
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -O2 -Wall -Wno-sign-compare -I$(TOP) -I$(GEN) -c -o $@ $<

engine.a: $(ENGINE_OBJS) $(VK_GLOBAL_OBJS) Vtop__ALL.a
	cp Vtop__ALL.a $@
	ar rs $@ $(ENGINE_OBJS) $(VK_GLOBAL_OBJS)
