// SPDX-License-Identifier: MIT
// Look-up table of ECP5, for simulating netlists: one shift. yosys's model has three signals of several bits inside,
// with which Verilator's model of a board becomes five times as big.
`default_nettype none

module LUT4 #(
  parameter logic [15:0] INIT = 16'h0000
) (
  input  wire  A, B, C, D,
  output wire  Z
);
  assign Z = INIT[{D, C, B, A}];
endmodule

`default_nettype wire
