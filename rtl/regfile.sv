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

  for (genvar p = 0; p < 8; p++) begin : gen_operand
    logic [5:0]  number;
    logic        hit;
    logic [31:0] stored;
    logic [31:0] written;

    assign number = read_number_i[6*p +: 6];
    always_comb begin
      hit = 1'b0;
      stored = 32'd0;
      written = 32'd0;
      for (int s = 0; s < 4; s++) begin
        if (number[1:0] == 2'(s)) begin
          hit = result_valid_i[s] && result_index_i[4*s +: 4] == number[5:2];
          stored = bank_value[s][32*p +: 32];
          written = result_value_i[32*s +: 32];
        end
      end
    end
    assign read_value_o[32*p +: 32] = hit ? written : stored;
  end
endmodule

`default_nettype wire
