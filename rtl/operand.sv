// SPDX-License-Identifier: MIT
// One operand in D, but for its immediate: the register's word from its bank, or the word that is being written there
// in this cycle, in a part for each bank whose OR it is: a LUT a bit, behind operand_select.sv. Hierarchy is kept
// because synthesis, left to itself, shares parts of the selects and makes chains of eight LUTs, or buys a level with
// four times the LUTs.
`default_nettype none

(* keep_hierarchy *)
module operand (
  input  wire  [vliw_pkg::SLOTS-1:0]   from_stored_i,   // these two together: one hot, or none
  input  wire  [vliw_pkg::SLOTS-1:0]   from_written_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] stored_i,        // the banks' words, slot s at [32*s +: 32]
  input  wire  [vliw_pkg::WORDS_W-1:0] written_i,       // the result registers
  output logic [vliw_pkg::WORDS_W-1:0] parts_o
);
  always_comb begin
    for (int s = 0; s < int'(vliw_pkg::SLOTS); s++) begin
      parts_o[32*s +: 32] = ({32{from_stored_i[s]}} & stored_i[32*s +: 32]) |
        ({32{from_written_i[s]}} & written_i[32*s +: 32]);
    end
  end
endmodule

`default_nettype wire
