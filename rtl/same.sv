// SPDX-License-Identifier: MIT
// Are two words equal? Hierarchy is kept: synthesis saves area elsewhere by making chains of such comparisons.
`default_nettype none

(* keep_hierarchy *)
module same #(
  parameter int unsigned Width = 32
) (
  input  wire  [Width-1:0] a_i,
  input  wire  [Width-1:0] b_i,
  output logic             same_o
);
  assign same_o = a_i == b_i;
endmodule

`default_nettype wire
