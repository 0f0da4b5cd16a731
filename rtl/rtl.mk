# SPDX-License-Identifier: MIT
# The core: its files in the order in which they must be read, the Verilated model as an engine, lint and synthesis check.
RTL_PKG = $(GEN)/vliw_pkg.sv
RTL_CORE_FILES := $(patsubst %,rtl/%.sv,core_pkg any_of same decide stall steer bank_write late_merge alu shift mul div system_unit home_read branch bank forward operand_select operand operand_or regfile slot decode bypass fetch lsu undo_log code_guard shadow \
	jump_table counters time_base csr control core)
RTL_SOC_FILES := $(RTL_CORE_FILES) $(patsubst %,rtl/%.sv,code_mem data_mem $(addprefix memory/,sdram_pkg mem_port icache dcache missed data_side code_store code_side) board/spi soc)
RTL_SIM_FILES := $(RTL_SOC_FILES) rtl/memory/line_ram.sv rtl/trace.sv rtl/check.sv sim/rtl/predecode.sv sim/rtl/memory_counts.sv sim/rtl/top.sv
# The memory system on a board: in the order in which they must be read; then with what is for simulation.
RTL_MEMORY_FILES = $(RTL_PKG) $(patsubst %,rtl/%.sv,core_pkg code_mem $(addprefix memory/,sdram_pkg pin_high_z sdram mem_port icache dcache missed data_side code_store code_side))
RTL_MEMORY_SIM_FILES = $(RTL_MEMORY_FILES) rtl/memory/sdram_model.sv rtl/memory/line_ram.sv
RTL_MEMORY_BENCHES := sdram mem dcache data code store
# What stands between the machine's ports and a board's pins; all that a bitstream is made of, but for the board's top.
RTL_BOARD_FILES = $(RTL_PKG) $(patsubst %,rtl/%.sv,core_pkg memory/sdram_pkg board/spi board/uart board/load board/boot)
RTL_BOARD_SIM_FILES = $(RTL_BOARD_FILES) rtl/board/spi_flash_model.sv
RTL_BITSTREAM_FILES := $(RTL_SOC_FILES) $(patsubst %,rtl/%.sv,$(addprefix memory/,pin_high_z sdram) $(addprefix board/,uart load boot board))
RTL_BOARD_BENCHES := spi uart boot

# --- the engine: two models (memories on chip; caches and a chip), Verilator's run time and the harness in one archive
RTL_MODELS := top cached
RTL_MODEL_top := --prefix Vtop
RTL_MODEL_cached := --prefix Vcached -GHasCaches=1
RTL_ENGINE_LIBS := -lz -llz4 -lpthread
RTL_VERILATE := --cc --top-module top --trace-fst -Wall -O3 --x-assign fast --x-initial fast --output-split 20000
FLAGS_verilator := $(VERILATOR) $(RTL_VERILATE) $(RTL_MODEL_top) $(RTL_MODEL_cached)

# The model's constructor would write zeros into every word of flash, guest RAM and chip. They are part of one big allocation, which the
# system hands out as zero pages: those that nobody touches cost no time and no memory.
define rtl_model
$(BUILD)/rtl/$(1)/V$(1).mk: rtl/lint.vlt sim/rtl/public.vlt $$(RTL_PKG) $$(RTL_SIM_FILES) $$(FLAGS)/verilator
	@mkdir -p $$(@D)
	$$(VERILATOR) $$(RTL_VERILATE) $$(RTL_MODEL_$(1)) --Mdir $$(@D) $$(filter rtl/% sim/% $$(RTL_PKG),$$^) >$$(@D).verilate.log || { cat $$(@D).verilate.log; exit 1; }
	@sed -i -E '/(u_data_mem__DOT__(flash|guest)_q|u_chip__DOT__words_q)\[__Vi[0-9]+\] = /d' $$(@D)/*.cpp
	@touch $$@ # Verilator leaves files alone that would not change

$(BUILD)/rtl/$(1)/engine.a: $(BUILD)/rtl/$(1)/V$(1).mk $$(wildcard sim/rtl/*.cpp sim/rtl/*.h) sim/rtl/model.mk sim/engine.h translator/aot/packed.h | $$(GEN_PRODUCTS)
	+@$$(MAKE) --no-print-directory -C $$(@D) -f $$(abspath sim/rtl/model.mk) MODEL=V$(1) \
		TOP=$$(abspath .) GEN=$$(abspath $$(GEN)) engine.a >$$(@D).model.log || { cat $$(@D).model.log; exit 1; }
endef
$(foreach m,$(RTL_MODELS),$(eval $(call rtl_model,$(m))))

$(RTL_ENGINE): $(RTL_MODELS:%=$(BUILD)/rtl/%/engine.a)
	@rm -f $@
	printf 'create $@\n$(patsubst %,addlib %\n,$^)save\nend\n' | ar -M

BUILD_DEPS += $(RTL_ENGINE)

# --- checks of the text
LINT_VERILATORS = $(VERILATOR) $(filter-out $(VERILATOR),$(wildcard /usr/bin/verilator))

.PHONY: lint
lint: $(RTL_PKG) ## Verilator lint of the RTL, with each Verilator there is
	@for v in $(LINT_VERILATORS); do \
		$$v --lint-only -Wall --top-module top rtl/lint.vlt $(RTL_PKG) $(RTL_SIM_FILES) >/dev/null || exit 1; \
		for b in $(RTL_MEMORY_BENCHES); do \
			$$v --lint-only -Wall --top-module $${b}_bench rtl/lint.vlt $(RTL_MEMORY_SIM_FILES) tests/rtl/$${b}_bench.sv >/dev/null || exit 1; \
		done; \
		for b in $(RTL_BOARD_BENCHES); do \
			$$v --lint-only -Wall --top-module $${b}_bench rtl/lint.vlt $(RTL_BOARD_SIM_FILES) tests/rtl/$${b}_bench.sv >/dev/null || exit 1; \
		done; \
		$$v --lint-only -Wall --top-module board_bench rtl/lint.vlt $(RTL_WHOLE_BOARD_FILES) tests/rtl/board_bench.sv >/dev/null || exit 1; \
		echo "lint: clean with $$v"; done

.PHONY: synth-check
synth-check: $(RTL_PKG) ## yosys: no latch, nothing undriven, nothing driven twice
	@tests/rtl/synth-check.sh core $(RTL_PKG) $(RTL_CORE_FILES)
	@for m in sdram mem_port data_side code_side; do tests/rtl/synth-check.sh $$m $(RTL_MEMORY_FILES) || exit 1; done
	@for m in $(RTL_BOARD_BENCHES); do tests/rtl/synth-check.sh $$m $(RTL_BOARD_FILES) || exit 1; done

# --- random native programs, RTL against ISS
RTL_TESTS := $(patsubst %,$(BUILD)/tests/rtl/%,rtl_test stall_test wait_test reset_test time_test)
$(RTL_TESTS): $(BUILD)/tests/rtl/%: tests/rtl/%.c $(FLAGS)/native $(BUILD)/tests/native/native_put.o $(SIM_OBJS) $(RTL_ENGINE) | $(GEN_PRODUCTS)
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -MF $@.d -MT $@ -c -o $@.o $<
	$(CXX) -o $@ $@.o $(BUILD)/tests/native/native_put.o $(SIM_OBJS) $(RTL_ENGINE) $(RTL_ENGINE_LIBS)
-include $(wildcard $(BUILD)/tests/rtl/*.d)
TEST_DEPS += $(RTL_TESTS)

# --- the memory system, and what a board has, alone. One file of C++ per model, which Verilator compiles without a precompiled header.
RTL_BENCHES := $(foreach b,$(RTL_MEMORY_BENCHES) $(RTL_BOARD_BENCHES),$(BUILD)/tests/rtl/$(b)/V$(b)_bench)
define rtl_bench # name, files; folder, parameters of the bench
$(BUILD)/tests/rtl/$(or $(3),$(1))/V$(1)_bench: rtl/lint.vlt $(2) tests/rtl/$(1)_bench.sv tests/rtl/$(1)_test.cpp tests/rtl/bench.h
	@mkdir -p $$(@D)
	+$(VERILATOR) --cc --exe --build -O3 -Wall --output-split 0 --Mdir $$(@D) --top-module $(1)_bench $(4) -CFLAGS '-O1 -I$(abspath .) -I$(abspath $(GEN))' \
		$$(filter %.vlt %.sv,$$^) $(abspath tests/rtl/$(1)_test.cpp) $$(abspath $$(filter %.o,$$^)) >$$(@D).log || { cat $$(@D).log; exit 1; }
endef
$(foreach b,$(RTL_MEMORY_BENCHES),$(eval $(call rtl_bench,$(b),$(RTL_MEMORY_SIM_FILES))))
$(foreach b,$(RTL_BOARD_BENCHES),$(eval $(call rtl_bench,$(b),$(RTL_BOARD_SIM_FILES))))
# Whole boards; their long tests build them.
RTL_WHOLE_BOARD_FILES := $(RTL_PKG) $(RTL_BITSTREAM_FILES) rtl/memory/sdram_model.sv rtl/board/spi_flash_model.sv
$(eval $(call rtl_bench,board,$(RTL_WHOLE_BOARD_FILES),board-ulx3s))
$(eval $(call rtl_bench,board,$(RTL_WHOLE_BOARD_FILES),board-icesugar,-GIsIcesugar=1))
$(BUILD)/tests/rtl/data/Vdata_bench $(BUILD)/tests/rtl/code/Vcode_bench: $(BUILD)/sim/iss/iss_mem.o $(BUILD)/sim/machine_tables.o
TEST_DEPS += $(RTL_BENCHES)
