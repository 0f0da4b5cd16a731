// SPDX-License-Identifier: MIT
// The store of packed code, for tests/rtl/store_test.cpp: 256 lines, 3 more sent behind the one that is asked for.
`default_nettype none

module store_bench (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire  [8:0] load_lines_i,
  input  wire        load_valid_i,
  output logic       load_ready_o,
  input  wire [31:0] load_data_i,
  input  wire        look_i,
  input  wire  [9:0] look_index_i,
  input  wire        start_i,
  input  wire        stop_i,
  output logic [7:0] ahead_line_o,
  input  wire        ahead_hit_i,
  output logic [7:0] line_o,
  output logic       valid_o,
  output logic [9:0] index_o,
  output logic [127:0] bundle_o
);
  code_store #(.Lines(256), .Words(4096), .Ahead(3)) u_store (
    .clk_i, .rst_ni, .load_lines_i, .load_valid_i, .load_ready_o, .load_data_i, .look_i, .look_index_i, .start_i,
    .stop_i, .ahead_line_o, .ahead_hit_i, .line_o, .valid_o, .index_o, .bundle_o
  );
endmodule

`default_nettype wire
