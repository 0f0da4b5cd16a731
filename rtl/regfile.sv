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
  input  wire  [47:0]  read_number_i,    // 8 register numbers
  input  wire  [31:0]  index_a_i,        // their indexes in the bank once more, for banks 0 and 1
  input  wire  [31:0]  index_b_i,        // and for banks 2 and 3
  input  wire  [7:0]   use_i,            // give the word; else 0
  output logic [255:0] read_value_o,
  // the slots' result registers
  input  wire  [3:0]   result_valid_i,
  input  wire  [15:0]  result_index_i,
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

  // Sixty-four bits of select for eight operands, then two levels of AND-OR: a multiplexer that is left to be inferred comes
  // out as a chain of LUTs.
  for (genvar p = 0; p < 8; p++) begin : gen_operand
    logic [5:0] number;
    logic [3:0] stored;     // one hot: the word is in bank s
    logic [3:0] written;    // the word is being written to bank s

    assign number = read_number_i[6*p +: 6];
    always_comb begin
      for (int s = 0; s < 4; s++) begin
        written[s] = use_i[p] && number[1:0] == 2'(s) && result_valid_i[s] &&
                     result_index_i[4*s +: 4] == number[5:2];
        stored[s] = use_i[p] && number[1:0] == 2'(s) &&
                    !(result_valid_i[s] && result_index_i[4*s +: 4] == number[5:2]);
      end
    end
    assign read_value_o[32*p +: 32] =
        (({32{stored[0]}} & bank_value[0][32*p +: 32]) | ({32{written[0]}} & result_value_i[31:0])) |
        (({32{stored[1]}} & bank_value[1][32*p +: 32]) | ({32{written[1]}} & result_value_i[63:32])) |
        (({32{stored[2]}} & bank_value[2][32*p +: 32]) | ({32{written[2]}} & result_value_i[95:64])) |
        (({32{stored[3]}} & bank_value[3][32*p +: 32]) | ({32{written[3]}} & result_value_i[127:96]));
  end
endmodule

`default_nettype wire
