// SPDX-License-Identifier: MIT
// Own-slot forwarding of one operand in EX: one LUT a bit (two beside each other with invert_i, for subtraction).
// Hierarchy is kept so that it stays one, and so that each use of an operand keeps its own select register: one for all
// has too many loads.
`default_nettype none

(* keep_hierarchy *)
module forward #(
  parameter bit Inverts = 1'b0
) (
  input  wire         clk_i,
  input  wire         ce_i,
  input  wire         select_d_i,   // in D: take what the slot's result register will hold, else ...
  input  wire         invert_i,
  input  wire  [31:0] stored_i,     // ... what was read in D
  input  wire  [31:0] main_i,       // the result register's two parts
  input  wire  [31:0] late_i,
  output logic [31:0] value_o
);
  logic select_q;

  always_ff @(posedge clk_i) begin
    if (ce_i) select_q <= select_d_i;
  end

  assign value_o = (select_q ? main_i | late_i : stored_i) ^ {32{Inverts & invert_i}};

  logic unused_bits;
  assign unused_bits = &{1'b0, invert_i};
endmodule

`default_nettype wire
