// SPDX-License-Identifier: MIT
// The store of packed code, for tests/rtl/store_test.cpp: 256 lines.
`default_nettype none

module store_bench (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire  [5:0] load_groups_i,
  input  wire        load_valid_i,
  output logic       load_ready_o,
  input  wire [31:0] load_data_i,
  input  wire        req_valid_i,
  output logic       req_ready_o,
  input  wire  [7:0] req_line_i,
  input  wire  [3:0] req_word_i,
  output logic       rdata_valid_o,
  output logic [3:0] rdata_word_o,
  output logic [31:0] rdata_o,
  output logic       done_o
);
  code_store #(.Lines(256), .Words(4096)) u_store (
    .clk_i, .rst_ni, .load_groups_i, .load_valid_i, .load_ready_o, .load_data_i, .req_valid_i, .req_ready_o,
    .req_line_i, .req_word_i,
    .rdata_valid_o, .rdata_word_o, .rdata_o, .done_o
  );
endmodule

`default_nettype wire
