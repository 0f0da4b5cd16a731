# SPDX-License-Identifier: MIT
# iCESugar-pro with an LFE5U-25F.
BOARD_DEVICE := --25k --speed 6 --package CABGA256
BOARD_FAMILY := ecp5
BOARD_MEMORY := icesugar
BOARD_LOADER := --cable cmsisdap --vid 0x1d50 --pid 0x602b
BOARD_BAUD := 115200
