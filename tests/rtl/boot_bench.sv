// SPDX-License-Identifier: MIT
// What fills a board's memories, with its flash, for tests/rtl/boot_test.cpp; a chip of 64 KB, FLASH its last quarter.
`default_nettype none

module boot_bench (
  input  wire         clk_i,
  input  wire         rst_ni,
  output logic        going_o,
  input  wire         stop_i,
  output logic        damaged_o,
  output logic        has_guest_o,
  output logic        tx_valid_o,
  input  wire         tx_ready_i,
  output logic [7:0]  tx_data_o,
  input  wire         rx_valid_i,
  input  wire  [7:0]  rx_data_i,
  output logic        rx_take_o,
  output logic        load_rst_no,
  output logic [31:0] boot_flash_o,
  output logic [31:0] boot_flash_guest_o,
  output logic [31:0] boot_flags_o,
  output logic [31:0] load_lines_o,
  output logic        load_valid_o,
  input  wire         load_ready_i,
  output logic [31:0] load_data_o,
  output logic        mem_valid_o,
  input  wire         mem_ready_i,
  output logic [9:0]  mem_line_o,
  input  wire  [3:0]  mem_wdata_word_i,
  output logic [31:0] mem_wdata_o,
  input  wire         mem_done_i
);
  logic        spi_write, spi_select, spi_busy, cs_n, sck, mosi, miso;
  logic [7:0]  spi_wdata, spi_rdata;
  logic        word_valid, word_take, is_guest, busy, rest, damaged;
  logic [31:0] word;

  boot #(.QuietCycles(2000), .ListenCycles(300)) u_boot (
    .clk_i, .rst_ni, .going_o, .stop_i, .damaged_o, .has_guest_o, .tx_valid_o, .tx_ready_i, .tx_data_o, .rx_valid_i, .rx_data_i,
    .rx_take_o, .spi_write_o(spi_write), .spi_select_o(spi_select), .spi_data_o(spi_wdata), .spi_busy_i(spi_busy),
    .spi_data_i(spi_rdata), .load_rst_no, .word_valid_o(word_valid), .word_o(word), .word_take_i(word_take),
    .is_guest_o(is_guest), .load_busy_i(busy), .load_rest_i(rest), .load_damaged_i(damaged)
  );

  load #(.AddressW(16), .FlashAt(49152)) u_load (
    .clk_i, .rst_ni(load_rst_no), .word_valid_i(word_valid), .word_i(word), .word_take_o(word_take),
    .is_guest_i(is_guest), .busy_o(busy), .rest_o(rest), .damaged_o(damaged), .boot_flash_o, .boot_flash_guest_o,
    .boot_flags_o, .load_lines_o, .load_valid_o, .load_ready_i, .load_data_o, .mem_valid_o, .mem_ready_i, .mem_line_o,
    .mem_wdata_word_i, .mem_wdata_o, .mem_done_i
  );

  spi u_spi (
    .clk_i, .rst_ni, .write_i(spi_write), .select_i(spi_select), .data_i(spi_wdata), .busy_o(spi_busy),
    .data_o(spi_rdata), .cs_no(cs_n), .sck_o(sck), .mosi_o(mosi), .miso_i(miso)
  );

  spi_flash_model #(.Bytes(4 << 20), .MinHalf(vliw_pkg::SPI_HALF_CYCLES)) u_flash (
    .clk_i, .power_i(rst_ni), .cs_ni(cs_n), .sck_i(sck), .mosi_i(mosi), .miso_o(miso)
  );
endmodule

`default_nettype wire
