// SPDX-License-Identifier: MIT
// What fills a board's memories, for tests/rtl/load_test.cpp, with a chip of 64 KB.
`default_nettype none

module load_bench (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         byte_valid_i,
  input  wire  [7:0]  byte_i,
  output logic        byte_take_o,
  output logic        going_o,
  output logic        damaged_o,
  output logic [31:0] boot_flash_o,
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
  load #(.AddressW(16)) u_load (
    .clk_i, .rst_ni, .byte_valid_i, .byte_i, .byte_take_o, .going_o, .damaged_o, .boot_flash_o, .boot_flags_o,
    .load_lines_o, .load_valid_o, .load_ready_i, .load_data_o, .mem_valid_o, .mem_ready_i, .mem_line_o,
    .mem_wdata_word_i, .mem_wdata_o, .mem_done_i
  );
endmodule

`default_nettype wire
