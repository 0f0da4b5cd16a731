// SPDX-License-Identifier: MIT
// The last gate before a slot's result register: the data memory's word joins here, one LUT before the register, because block RAM
// is slow to answer (5.8 ns of a 10 ns cycle). A module of its own whose hierarchy is kept, so that synthesis does not move
// other logic behind the memory.
`default_nettype none

(* keep_hierarchy *)
module late_merge (
  input  wire  [31:0] early_i,
  input  wire         take_i,
  input  wire  [31:0] word_i,
  output logic [31:0] merged_o
);
  assign merged_o = early_i | ({32{take_i}} & word_i);
endmodule

`default_nettype wire
