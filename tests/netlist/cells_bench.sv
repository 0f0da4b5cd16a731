// SPDX-License-Identifier: MIT
// The samples of cells.sv as RTL and as a netlist, for tests/netlist/cells_test.cpp: one bit of bad_o for each output
// that differs.
`default_nettype none

module cells_bench (
  input  wire         clk_i,
  input  wire  [7:0]  on_i,
  input  wire  [3:0]  rare_i,
  input  wire  [13:0] address0_i,
  input  wire  [13:0] address1_i,
  input  wire  [63:0] data_i,
  output logic [17:0] bad_o
);
  typedef struct packed {
    logic [35:0] ram_pair;
    logic [35:0] ram_bytes;
    logic [17:0] ram_old;
    logic [17:0] ram_new;
    logic [17:0] ram_keep;
    logic [17:0] ram_reset;
    logic [8:0]  ram9;
    logic [3:0]  ram4;
    logic [1:0]  ram2;
    logic        ram1;
    logic [35:0] mul_signed;
    logic [35:0] mul_plain;
    logic [35:0] mul_mixed;
    logic [7:0]  spread;
    logic [32:0] sum;
    logic        less;
    logic        pick;
    logic [31:0] ff;
  } outputs_t;

  outputs_t rtl;
  outputs_t net;

`define CELLS(Module, Name, out) \
  Module Name ( \
    .clk_i, .on_i, .rare_i, .address0_i, .address1_i, .data_i, \
    .ram_pair_o(out.ram_pair), .ram_bytes_o(out.ram_bytes), .ram_old_o(out.ram_old), .ram_new_o(out.ram_new), \
    .ram_keep_o(out.ram_keep), .ram_reset_o(out.ram_reset), .ram9_o(out.ram9), .ram4_o(out.ram4), \
    .ram2_o(out.ram2), .ram1_o(out.ram1), .mul_signed_o(out.mul_signed), .mul_plain_o(out.mul_plain), \
    .mul_mixed_o(out.mul_mixed), .spread_o(out.spread), .sum_o(out.sum), .less_o(out.less), .pick_o(out.pick), \
    .ff_o(out.ff) \
  )

  `CELLS(cells, u_rtl, rtl);
  `CELLS(cells_net, u_net, net);
`undef CELLS

  assign bad_o = {
    rtl.ram_pair != net.ram_pair, rtl.ram_bytes != net.ram_bytes, rtl.ram_old != net.ram_old,
    rtl.ram_new != net.ram_new, rtl.ram_keep != net.ram_keep, rtl.ram_reset != net.ram_reset,
    rtl.ram9 != net.ram9, rtl.ram4 != net.ram4, rtl.ram2 != net.ram2, rtl.ram1 != net.ram1,
    rtl.mul_signed != net.mul_signed, rtl.mul_plain != net.mul_plain, rtl.mul_mixed != net.mul_mixed,
    rtl.spread != net.spread, rtl.sum != net.sum, rtl.less != net.less, rtl.pick != net.pick, rtl.ff != net.ff
  };
endmodule

`default_nettype wire
