// SPDX-License-Identifier: MIT
// A pin of both directions of ECP5 as RTL names it (BB) and as a netlist does (TRELLIS_IO; Verilator does not take
// yosys's model of it), for simulation.
`default_nettype none

module TRELLIS_IO #(
  parameter DIR = "INPUT"
) (
  inout  wire  B,
  input  wire  I,
  input  wire  T,
  output logic O
);
  assign B = T ? 1'bz : I;
  assign O = B;

  initial
    if (DIR != "BIDIR")
      $fatal(1, "TRELLIS_IO: no direction but BIDIR is modelled");
endmodule

module BB (
  inout  wire  B,
  input  wire  I,
  input  wire  T,
  output logic O
);
  TRELLIS_IO #(.DIR("BIDIR")) u_io (.B, .I, .T, .O);
endmodule

`default_nettype wire
