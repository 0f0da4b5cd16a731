// SPDX-License-Identifier: MIT
// OR of a few flags. Hierarchy is kept: synthesis would share parts of it with its neighbours, and these signals come
// at the start of long paths.
`default_nettype none

(* keep_hierarchy *)
module any_of #(
  parameter int unsigned Width = 2
) (
  input  wire  [Width-1:0] flags_i,
  output logic             any_o
);
  assign any_o = |flags_i;
endmodule

`default_nettype wire
