// SPDX-License-Identifier: MIT
// Own-slot forwarding of one operand in EX, inverted for a subtraction: one LUT (or two beside each other) a bit. Hierarchy is kept
// so that it stays one.
`default_nettype none

(* keep_hierarchy *)
module forward (
  input  wire         invert_i,
  input  wire         select_i,     // take what the slot's result register holds, else ...
  input  wire  [31:0] stored_i,     // ... what was read in D
  input  wire  [31:0] main_i,       // the result register's two parts
  input  wire  [31:0] late_i,
  output logic [31:0] value_o
);
  assign value_o = (select_i ? main_i | late_i : stored_i) ^ {32{invert_i}};
endmodule

`default_nettype wire
