# SPDX-License-Identifier: MIT
# Bitstreams: `make bitstream BOARD=NAME`. What a board is stands in boards/NAME: board.mk (device), pins.lpf, top.sv.
# The clock that is asked for is the PLL's; one that is not reached is an error. Tool paths: wasm_path in common.mk.
BOARD ?= ulx3s
BOARDS = $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk))
ifneq ($(filter bitstream board-ledger flash flash-guest console,$(MAKECMDGOALS)),)
$(if $(filter $(BOARD),$(BOARDS)),,$(error BOARD=$(BOARD): no such board: $(BOARDS)))
endif
-include boards/$(BOARD)/board.mk
BOARD_SEED ?= 1

BOARD_DIR = $(BUILD)/boards/$(BOARD)
BITSTREAM = $(BOARD_DIR)/selkirk.bit
BOARD_RTL = $(RTL_PKG) $(RTL_BITSTREAM_FILES) \
	$(addprefix boards/$(BOARD_FAMILY)/,pll.sv reset.sv) boards/$(BOARD)/top.sv

.PHONY: bitstream
bitstream: setup-timing ## the bitstream of a board (BOARD=ulx3s; BOARD_SEED): synthesis, placing, routing; minutes
	+@$(MAKE) --no-print-directory $(BITSTREAM)
	@echo 'bitstream: $(BITSTREAM)'

# Each module as it is used only: the core with the simulated machine's sizes takes yosys more than five minutes.
$(BOARD_DIR)/$(BOARD).json: SYNTH_READ := -defer
$(BOARD_DIR)/$(BOARD).json: $(BOARD_RTL) boards/$(BOARD_FAMILY)/memories.ys $(BOARD_FLOORPLAN) | boards/abc9.abc
	@mkdir -p $(@D)
	@echo 'bitstream: synthesis for $(BOARD)'
	@$(call synth_timing,top,$(filter %.sv,$^),$(filter %.ys,$^))

# The clock is judged by whoever wants a bitstream.
$(BOARD_DIR)/$(BOARD)-s%.config: $(BOARD_DIR)/$(BOARD).json boards/$(BOARD)/pins.lpf boards/$(BOARD)/board.mk
	@echo 'bitstream: placing and routing for $(BOARD), seed $*'
	@nice $(NEXTPNR_ECP5) $(BOARD_DEVICE) --seed $* --json $(call wasm_path,$<) --timing-allow-fail \
		--lpf $(call wasm_path,boards/$(BOARD)/pins.lpf) --textcfg $(call wasm_path,$@.part) \
		--log $(call wasm_path,$(@:.config=.log)) -q >$(@:.config=.out) 2>&1 || { tail -n 20 $(@:.config=.out); false; }
	@mv $@.part $@

$(BITSTREAM): $(BOARD_DIR)/$(BOARD)-s$(BOARD_SEED).config
	@clock=$$(sed -n 's/.*Max frequency for clock/clock/p' $(<:.config=.log) | tail -n 1); echo "bitstream: $$clock"; \
		case $$clock in *PASS*) ;; *) echo 'bitstream: none, the clock is not met' >&2; exit 1 ;; esac
	@$(VENV)/bin/yowasp-ecppack --compress $(call wasm_path,$<) $(call wasm_path,$@)

.PHONY: board-ledger
board-ledger: setup-timing ## clock and size of a board with several seeds into boards/usage.txt (BOARD, TIMING_SEEDS)
	+@$(MAKE) --no-print-directory $(TIMING_SEEDS:%=$(BOARD_DIR)/$(BOARD)-s%.config)
	@boards/ledger.sh boards/usage.txt 'board: $(POINT)' '$(NEXTPNR_ECP5)' $(BOARD_DIR) \
		$(TIMING_SEEDS:%=$(BOARD_DIR)/$(BOARD)-s%.log)

# --- the board's flash and its serial line. Who may use its USB part: root, or whoever the system's udev rules say.
LOADER ?= openFPGALoader
BOARD_FIRMWARE = $(BOARD_DIR)/firmware.bin
BOARD_GUEST = $(BOARD_DIR)/guest.bin
boot_at = $$(printf '0x%x' "$$(sed -n 's/^TIMING($(1), *\([0-9a-fx]*\),.*/\1/p' rtl/machine/timing.def)")

# to_flash: the file $(2) to the address that is called $(1) in timing.def
to_flash = $(LOADER) $(BOARD_LOADER) --write-flash --offset $(call boot_at,$(1)) --file-type raw $(2)

$(BOARD_FIRMWARE): $(SELKIRK) $(BUILD)/firmware/selkirk.img
	@mkdir -p $(@D)
	$(SELKIRK) image --memory $(BOARD_MEMORY) --out $@

.PHONY: flash
flash: setup-board ## bitstream and firmware (A) into a board's flash (BOARD=ulx3s)
	+@$(MAKE) --no-print-directory bitstream $(BOARD_FIRMWARE)
	$(LOADER) $(BOARD_LOADER) --write-flash $(BITSTREAM)
	$(call to_flash,BOOT_FIRMWARE_A,$(BOARD_FIRMWARE))

.PHONY: flash-guest
flash-guest: setup-board $(SELKIRK) ## the guest that a board starts with into its flash (GUEST=elf)
	@mkdir -p $(BOARD_DIR)
	$(SELKIRK) image --memory $(BOARD_MEMORY) --out $(BOARD_GUEST) $(GUEST)
	$(call to_flash,BOOT_GUEST,$(BOARD_GUEST))

.PHONY: console
console: setup-board ## a terminal on a board's serial line (PORT=/dev/ttyUSB0); Ctrl-A Ctrl-X ends it
	@picocom --baud $(BOARD_BAUD) $(PORT)

PORT ?= /dev/ttyUSB0
