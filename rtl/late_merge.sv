// SPDX-License-Identifier: MIT
// The last gate before a register that takes what block RAM answers, one LUT (two beside each other with HasOther),
// because block RAM is slow (5.8 ns of a 10 ns cycle): a slot's result register with the data memory's word, for
// example. A module of its own whose hierarchy is kept, so that synthesis does not move other logic behind the memory.
`default_nettype none

(* keep_hierarchy *)
module late_merge #(
  parameter int unsigned Width = 32,
  parameter bit HasOther = 1'b0,
  parameter bit Inverts = 1'b0         // takes the complement of word_i
) (
  input  wire  [Width-1:0] early_i,
  input  wire              take_i,
  input  wire  [Width-1:0] word_i,
  input  wire              other_i,       // the other word instead
  input  wire  [Width-1:0] other_word_i,
  output logic [Width-1:0] merged_o
);
  assign merged_o = early_i | ({Width{take_i}} & (((HasOther && other_i) ? other_word_i : word_i) ^ {Width{Inverts}}));

  logic unused_bits;
  assign unused_bits = &{1'b0, other_i, other_word_i};
endmodule

`default_nettype wire
