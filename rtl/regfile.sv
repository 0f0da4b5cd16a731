// SPDX-License-Identifier: MIT
// The 64 registers in four slot-owned banks: register n is word n / 4 of bank n mod 4, written by slot n mod 4 only.
// Eight operands are read in D (rs1 and rs2 of each slot), with bypass of the words that are being written in this
// cycle (each slot's result register). A ninth port per bank reads the word that is about to be overwritten, for the
// shadow bank, or a home for rdh.
// All multi-word ports: slot or operand k at [k*W +: W]; operand 2*s is rs1 of slot s, 2*s+1 is rs2.
`default_nettype none

module regfile (
  input  wire          clk_i,
  // operands, in D
  input  wire  [31:0]  index_a_i,        // indexes in the bank, for banks 0 and 1
  input  wire  [31:0]  index_b_i,        // once more, for banks 2 and 3
  input  wire  [31:0]  bank_i,           // selects, see bypass.sv
  input  wire  [31:0]  low_i,
  input  wire  [31:0]  high_i,
  input  wire  [127:0] imm_i,            // of rs2's place, slot s at [32*s +: 32]
  output logic [255:0] read_value_o,
  // the slots' result registers
  input  wire  [3:0]   result_valid_i,
  input  wire  [127:0] result_value_i,
  // write ports: result registers, or a rollback's words
  input  wire  [3:0]   write_i,
  input  wire  [15:0]  write_index_i,
  input  wire  [127:0] write_data_i,
  // ninth port
  input  wire  [15:0]  old_index_i,
  output logic [127:0] old_value_o
);
  logic [287:0] bank_value[4];

  for (genvar s = 0; s < 4; s++) begin : gen_bank
    bank #(.Reads(9)) u_bank (
      .clk_i,
      .write_i      (write_i[s]),
      .write_index_i(write_index_i[4*s +: 4]),
      .write_data_i (write_data_i[32*s +: 32]),
      .read_index_i ({old_index_i[4*s +: 4], (s < 2) ? index_a_i : index_b_i}),
      .read_data_o  (bank_value[s])
    );
    assign old_value_o[32*s +: 32] = bank_value[s][287:256];
  end

  for (genvar p = 0; p < 8; p++) begin : gen_operand
    logic [3:0]   from_stored;
    logic [3:0]   from_written;
    logic [127:0] parts;

    operand_select u_select (
      .bank_i(bank_i[4*p +: 4]), .low_i(low_i[4*p +: 4]), .high_i(high_i[4*p +: 4]), .valid_i(result_valid_i),
      .from_stored_o(from_stored), .from_written_o(from_written)
    );
    operand u_operand (
      .from_stored_i(from_stored), .from_written_i(from_written),
      .stored_i ({bank_value[3][32*p +: 32], bank_value[2][32*p +: 32], bank_value[1][32*p +: 32], bank_value[0][32*p +: 32]}),
      .written_i(result_value_i),
      .parts_o  (parts)
    );
    operand_or #(.HasImm(p % 2 == 1)) u_or (.parts_i(parts), .imm_i(imm_i[32*(p/2) +: 32]), .value_o(read_value_o[32*p +: 32]));
  end
endmodule

`default_nettype wire
