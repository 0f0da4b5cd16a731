// SPDX-License-Identifier: MIT
// A ULX3S or an iCESugar-pro without its pins' cells and clocks: board.sv, its SDRAM and flash chips, for
// tests/rtl/board_test.cpp. The serial line is as fast as uart.sv allows, the SDRAM's power-up short.
`default_nettype none

module board_bench #(
  parameter bit IsIcesugar = 1'b0
) (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire        uart_rx_i,
  output logic       uart_tx_o,
  output logic [7:0] led_o,
  output logic       exit_o,
  output logic [31:0] io_data_o
);
  localparam vliw_pkg::board_t BOARD = IsIcesugar ? vliw_pkg::BOARD_ICESUGAR : vliw_pkg::BOARD_ULX3S;
  localparam sdram_pkg::chip_t FOR = IsIcesugar ? sdram_pkg::ICESUGAR_PRO : sdram_pkg::ULX3S;      // made for
  localparam sdram_pkg::chip_t CHIP = IsIcesugar ? sdram_pkg::ICESUGAR_PRO : sdram_pkg::W9825G6KH_6;
  localparam int unsigned KHZ = BOARD.clock_khz;
  localparam int unsigned POWER_UP_US = 20;

  logic [2:0]  command;
  logic [1:0]  bank;
  logic [12:0] address;
  logic [15:0] dq_high_z;
  logic [15:0] dq_out;
  logic [15:0] dq_in;
  logic        cs_n;
  logic        sck;
  logic        mosi;
  logic        miso;

  board #(.Chip(FOR), .Board(BOARD), .Baud(KHZ * 1000 / 8), .PowerUpUs(POWER_UP_US), .ZeroLines(256),
    .QuietCycles(20_000), .ListenCycles(2_000)) u_board (
    .clk_i, .rst_ni, .uart_rx_i, .uart_tx_o, .led_o,
    .spi_cs_no(cs_n), .spi_sck_o(sck), .spi_mosi_o(mosi), .spi_miso_i(miso),
    .sdram_command_o(command), .sdram_bank_o(bank),
    .sdram_address_o(address), .sdram_dq_high_z_o(dq_high_z), .sdram_dq_o(dq_out), .sdram_dq_i(dq_in)
  );
  assign exit_o = u_board.exit_valid;
  assign io_data_o = u_board.io_data;

  sdram_model #(.Chip(CHIP), .ClkKhz(KHZ), .PowerUpUs(POWER_UP_US)) u_chip (
    .clk_i, .power_i(rst_ni), .command_i(command), .bank_i(bank), .address_i(address), .dq_oe_i(~|dq_high_z),
    .dq_i(dq_out), .dq_o(dq_in)
  );

  spi_flash_model #(.Bytes(4 << 20), .MinHalf(vliw_pkg::SPI_HALF_CYCLES)) u_flash (
    .clk_i, .power_i(rst_ni), .cs_ni(cs_n), .sck_i(sck), .mosi_i(mosi), .miso_o(miso)
  );
endmodule

`default_nettype wire
