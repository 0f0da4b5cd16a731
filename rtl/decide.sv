// SPDX-License-Identifier: MIT
// The last gate of the branch decision: two answers that come late, a comparison's carry and equality, each of which
// may turn a decision made early. Hierarchy is kept so that each meets one LUT only.
`default_nettype none

(* keep_hierarchy *)
module decide (
  input  wire  early_i,
  input  wire  carry_i,
  input  wire  by_carry_i,     // carry_i counts
  input  wire  equal_i,
  input  wire  by_equal_i,     // equal_i counts
  output logic yes_o
);
  assign yes_o = early_i ^ (carry_i & by_carry_i) ^ (equal_i & by_equal_i);
endmodule

`default_nettype wire
