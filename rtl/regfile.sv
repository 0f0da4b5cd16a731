// SPDX-License-Identifier: MIT
// The 64 registers in slot-owned banks: register n is word n / SLOTS of bank n mod SLOTS, written by that slot only.
// Two operands a slot are read in D, with bypass of the words that are being written in this
// cycle (each slot's result register). One more port per bank reads the word that is about to be overwritten, for the
// shadow bank, or a home for rdh.
// All multi-word ports: slot or operand k at [k*W +: W]; operand 2*s is rs1 of slot s, 2*s+1 is rs2.
`default_nettype none

module regfile (
  input  wire                              clk_i,
  // operands, in D
  input  wire  [2*vliw_pkg::INDEXES_W-1:0] index_a_i,        // indexes in the bank, for the lower half of the banks
  input  wire  [2*vliw_pkg::INDEXES_W-1:0] index_b_i,        // once more, for the upper half
  input  wire  [vliw_pkg::MATCHES_W-1:0]   bank_i,           // selects, see bypass.sv
  input  wire  [vliw_pkg::MATCHES_W-1:0]   low_i,
  input  wire  [vliw_pkg::MATCHES_W-1:0]   high_i,
  input  wire  [vliw_pkg::WORDS_W-1:0]     imm_i,            // of rs2's place
  output logic [2*vliw_pkg::WORDS_W-1:0]   read_value_o,
  // the slots' result registers
  input  wire  [vliw_pkg::SLOTS-1:0]       result_valid_i,
  input  wire  [vliw_pkg::WORDS_W-1:0]     result_value_i,
  // write ports: result registers, or a rollback's words
  input  wire  [vliw_pkg::SLOTS-1:0]       write_i,
  input  wire  [vliw_pkg::INDEXES_W-1:0]   write_index_i,
  input  wire  [vliw_pkg::WORDS_W-1:0]     write_data_i,
  // last port
  input  wire  [vliw_pkg::INDEXES_W-1:0]   old_index_i,
  output logic [vliw_pkg::WORDS_W-1:0]     old_value_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int RD_W = int'(vliw_pkg::RD_W);
  localparam int READS = 2 * SLOTS + 1;

  logic [32*READS-1:0] bank_value[SLOTS];

  for (genvar s = 0; s < SLOTS; s++) begin : gen_bank
    bank #(.Reads(READS)) u_bank (
      .clk_i,
      .write_i      (write_i[s]),
      .write_index_i(write_index_i[RD_W*s +: RD_W]),
      .write_data_i (write_data_i[32*s +: 32]),
      .read_index_i ({old_index_i[RD_W*s +: RD_W], (s < SLOTS / 2) ? index_a_i : index_b_i}),
      .read_data_o  (bank_value[s])
    );
    assign old_value_o[32*s +: 32] = bank_value[s][64*SLOTS +: 32];
  end

  for (genvar p = 0; p < 2 * SLOTS; p++) begin : gen_operand
    logic [SLOTS-1:0]    from_stored;
    logic [SLOTS-1:0]    from_written;
    logic [32*SLOTS-1:0] stored;
    logic [32*SLOTS-1:0] parts;

    for (genvar s = 0; s < SLOTS; s++) begin : gen_stored
      assign stored[32*s +: 32] = bank_value[s][32*p +: 32];
    end
    operand_select u_select (
      .bank_i(bank_i[SLOTS*p +: SLOTS]), .low_i(low_i[SLOTS*p +: SLOTS]), .high_i(high_i[SLOTS*p +: SLOTS]),
      .valid_i(result_valid_i),
      .from_stored_o(from_stored), .from_written_o(from_written)
    );
    operand u_operand (
      .from_stored_i(from_stored), .from_written_i(from_written), .stored_i(stored), .written_i(result_value_i),
      .parts_o(parts)
    );
    operand_or #(.HasImm(p % 2 == 1)) u_or (.parts_i(parts), .imm_i(imm_i[32*(p/2) +: 32]),
      .value_o(read_value_o[32*p +: 32]));
  end
endmodule

`default_nettype wire
