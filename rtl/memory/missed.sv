// SPDX-License-Identifier: MIT
// Does one of two accesses miss? Tags come out of block RAM, late (5.6 ns of a cycle of 12): three LUTs from there to
// the register, all else goes in before. Hierarchy is kept, so that synthesis does not make chains of the comparisons.
`default_nettype none

(* keep_hierarchy *)
module missed #(
  parameter int unsigned Width = 12
) (
  input  wire              hold_i,     // yes, whatever the tags are
  input  wire              look0_i,    // they count
  input  wire              look1_i,
  input  wire  [Width-1:0] tag0_i,
  input  wire  [Width-1:0] tag1_i,
  input  wire  [Width-1:0] want0_i,
  input  wire  [Width-1:0] want1_i,
  output logic             missed_o
);
  assign missed_o = hold_i | (look0_i & (tag0_i != want0_i)) | (look1_i & (tag1_i != want1_i));
endmodule

`default_nettype wire
