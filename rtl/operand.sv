// SPDX-License-Identifier: MIT
// One operand in D: the register's word from its bank, or the word that is being written there in this cycle, or an immediate.
// Selects are one LUT behind registers (bypass.sv), then come two levels of AND-OR. Hierarchy is kept because synthesis, left to
// itself, shares parts of the selects and makes chains of eight LUTs.
`default_nettype none

(* keep_hierarchy *)
module operand #(
  parameter bit HasImm = 1'b0
) (
  input  wire  [3:0]   bank_i,       // one hot: the bank, or none
  input  wire  [3:0]   low_i,        // slot s's result register has this index: lower two bits
  input  wire  [3:0]   high_i,       // ... upper two bits
  input  wire  [3:0]   valid_i,      // slot s's result register is written to its bank now
  input  wire  [127:0] stored_i,     // the banks' words, slot s at [32*s +: 32]
  input  wire  [127:0] written_i,    // the result registers
  input  wire  [31:0]  imm_i,        // 0 when the register is used
  output logic [31:0]  value_o
);
  logic [3:0] hit;
  logic [3:0] from_stored;    // one hot, or none
  logic [3:0] from_written;

  always_comb begin
    hit = low_i & high_i & valid_i;
    from_stored = bank_i & ~hit;
    from_written = bank_i & hit;
    value_o = HasImm ? imm_i : 32'd0;
    for (int s = 0; s < 4; s++) begin
      value_o = value_o | (({32{from_stored[s]}} & stored_i[32*s +: 32]) | ({32{from_written[s]}} & written_i[32*s +: 32]));
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, imm_i};
endmodule

`default_nettype wire
