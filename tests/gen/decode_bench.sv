// SPDX-License-Identifier: MIT
// vliw_pkg::op_decode in each slot, with the slot constant as the core uses it, for decode_bench.cpp to compare with
// vop_decode.
`default_nettype none

module decode_bench (
    input  wire logic [31:0] word_i,
    output logic [3:0]       legal_o,      // by slot
    output logic [3:0]       op_legal_o,   // by slot, of the short function
    output logic [63:0]      unit_o,       // 16 bits a slot
    output logic [63:0]      flags_o,      // 16 bits a slot: is_load is bit 0, in the order of opflags.def
    output logic [15:0]      operands_o,   // 4 bits a slot: reads_rs1, reads_rs2, writes_rd, pred
    output logic [vliw_pkg::RD_BITS-1:0] rd_o,
    output logic [5:0]       rs1_o,
    output logic [5:0]       rs2_o,
    output logic [127:0]     imm_o
);
  for (genvar s = int'(vliw_pkg::SLOT_COUNT); s < 4; s++) begin : gen_no_slot
    assign legal_o[s] = 1'b0;
    assign op_legal_o[s] = 1'b0;
    assign unit_o[16*s +: 16] = 16'd0;
    assign flags_o[16*s +: 16] = 16'd0;
    assign operands_o[4*s +: 4] = 4'd0;
    assign imm_o[32*s +: 32] = 32'd0;
  end
  for (genvar s = 0; s < int'(vliw_pkg::SLOT_COUNT); s++) begin : gen_slot
    vliw_pkg::op_decode_t d;
    always_comb begin
      d = vliw_pkg::op_decode(word_i, s[vliw_pkg::SLOT_BITS-1:0]);
      legal_o[s] = d.legal;
      op_legal_o[s] = vliw_pkg::op_legal(word_i, s[vliw_pkg::SLOT_BITS-1:0]);
      unit_o[16*s +: 16] = 16'(d.unit);
      flags_o[16*s +: 16] = {4'd0, d.is_indexed, d.is_signed, d.is_byte, d.is_half, d.is_ordered, d.is_literal,
                             d.is_link, d.is_firmware, d.is_jump, d.is_branch, d.is_store, d.is_load};
      operands_o[4*s +: 4] = {d.reads_rs1, d.reads_rs2, d.writes_rd, d.pred};
      imm_o[32*s +: 32] = d.imm;
    end
  end
  assign rd_o = gen_slot[0].d.rd;
  assign rs1_o = gen_slot[0].d.rs1;
  assign rs2_o = gen_slot[0].d.rs2;
endmodule
