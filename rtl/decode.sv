// SPDX-License-Identifier: MIT
// D: the four words of a bundle become four decoded operations. A word above li32 is a literal: no operation, and never
// illegal. Legality was found out when the words were written (hints); illegal_o kills the whole bundle in EX. Also says where fetch would have to go against the prediction.
`default_nettype none

module decode (
  input  wire  [127:0]               bundle_i,
  input  wire  [15:0]                hints_i,     // slot s at [4*s +: 4]
  input  wire  [core_pkg::PC_W-1:0]  pc_i,
  input  wire                        guest_i,
  output vliw_pkg::op_decode_t       s0_o,
  output vliw_pkg::op_decode_t       s1_o,
  output vliw_pkg::op_decode_t       s2_o,
  output vliw_pkg::op_decode_t       s3_o,
  output logic [127:0]               imm_o,       // slot s at [32*s +: 32]
  output logic                       illegal_o,
  output logic [core_pkg::PC_W-1:0]  other_o      // successor of a mispredicted branch
);
  vliw_pkg::op_decode_t      s1;
  vliw_pkg::op_decode_t      s3;
  core_pkg::hint_t           h0;
  core_pkg::hint_t           h1;
  core_pkg::hint_t           h2;
  core_pkg::hint_t           h3;
  logic [core_pkg::PC_W-1:0] after;

  function automatic logic [31:0] operand_imm(input vliw_pkg::op_decode_t d, input logic literal, input logic [31:0] above,
                                              input logic [core_pkg::PC_W-1:0] link);
    operand_imm = d.imm;
    if (d.opcode == vliw_pkg::VOP_LUI_OPCODE) operand_imm = {d.imm[20:0], 11'd0};
    if (literal) operand_imm = above;
    if (d.is_link) operand_imm = core_pkg::native_address(link);
  endfunction

  function automatic logic refused(input core_pkg::hint_t h, input logic guest);
    refused = h.illegal | (h.firmware & guest);
  endfunction

  always_comb begin
    after = pc_i + core_pkg::PC_W'(1);
    s0_o = vliw_pkg::op_decode_early(bundle_i[31:0], 2'd0);
    s1 = vliw_pkg::op_decode_early(bundle_i[63:32], 2'd1);
    s2_o = vliw_pkg::op_decode_early(bundle_i[95:64], 2'd2);
    s3 = vliw_pkg::op_decode_early(bundle_i[127:96], 2'd3);
    {h3, h2, h1, h0} = hints_i;
    s0_o.reads_rs2 = h0.reads_rs2;
    s1.reads_rs2 = h1.reads_rs2;
    s2_o.reads_rs2 = h2.reads_rs2;
    s3.reads_rs2 = h3.reads_rs2;
    s1_o = s1;
    s3_o = s3;
    if (h0.literal) s1_o = '0;
    if (h2.literal) s3_o = '0;
    illegal_o = refused(h0, guest_i) | (refused(h1, guest_i) & ~h0.literal) | refused(h2, guest_i) |
                (refused(h3, guest_i) & ~h2.literal);
    imm_o = {operand_imm(s3, 1'b0, 32'd0, after), operand_imm(s2_o, h2.literal, bundle_i[127:96], after),
             operand_imm(s1, 1'b0, 32'd0, after), operand_imm(s0_o, h0.literal, bundle_i[63:32], after)};
    other_o = s3.pred ? after : pc_i + core_pkg::PC_W'(vliw_pkg::imm_B(bundle_i[127:96]));
  end
endmodule

`default_nettype wire
