# SPDX-License-Identifier: MIT
# ULX3S with an LFE5U-85F.
BOARD_DEVICE := --85k --speed 6 --package CABGA381
BOARD_FAMILY := ecp5
BOARD_MEMORY := ulx3s
BOARD_LOADER := --board ulx3s
BOARD_BAUD := 115200
BOARD_FLOORPLAN := boards/ulx3s/floorplan.ys
