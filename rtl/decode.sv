// SPDX-License-Identifier: MIT
// D: the four words of a bundle become four decoded operations. A word above li32 is a literal: no operation, and never
// illegal. Legality was found out when the words were written (hints); illegal_o kills the whole bundle in EX. Also says where fetch would have to go against the prediction.
`default_nettype none

module decode (
  input  wire  [127:0]               bundle_i,
  input  wire  [31:0]                hints_i,     // slot s at [8*s +: 8]
  input  wire  [core_pkg::PC_W-1:0]  pc_i,
  input  wire                        guest_i,
  output vliw_pkg::op_decode_t       s0_o,
  output vliw_pkg::op_decode_t       s1_o,
  output vliw_pkg::op_decode_t       s2_o,
  output vliw_pkg::op_decode_t       s3_o,
  output logic [127:0]               imm_o,       // operand b, when it is none of the registers (else 0); slot s at [32*s +: 32]
  output logic [127:0]               offset_o,    // slots 0 and 1: address offset; 2 and 3: 21-bit number of commit and exit
  output logic [14:0]                csr_o,       // slot 2: register number
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
  logic [31:0]               link;

  function automatic logic [31:0] operand_imm(input core_pkg::hint_t h, input logic [31:0] word,
                                              input logic [31:0] above, input logic [31:0] next);
    operand_imm = ({32{h.imm_short}} & vliw_pkg::imm_I(word)) | ({32{h.imm_long}} & vliw_pkg::imm_U(word)) |
                  ({32{h.imm_high}} & {word[31:11], 11'd0}) | ({32{h.literal}} & above) | ({32{h.imm_link}} & next);
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
    s1_o = s1 & {vliw_pkg::OP_DECODE_BITS{~h0.literal}};
    s3_o = s3 & {vliw_pkg::OP_DECODE_BITS{~h2.literal}};
    // not worth a gate
    s1_o.rs1 = s1.rs1;
    s1_o.rs2 = s1.rs2;
    s1_o.rd = s1.rd;
    s3_o.rs1 = s3.rs1;
    s3_o.rs2 = s3.rs2;
    s3_o.rd = s3.rd;
    illegal_o = refused(h0, guest_i) | (refused(h1, guest_i) & ~h0.literal) | refused(h2, guest_i) |
                (refused(h3, guest_i) & ~h2.literal);
    link = core_pkg::native_address(after);
    imm_o = {operand_imm(h3, bundle_i[127:96], 32'd0, link), operand_imm(h2, bundle_i[95:64], bundle_i[127:96], 32'd0),
             operand_imm(h1, bundle_i[63:32], 32'd0, 32'd0), operand_imm(h0, bundle_i[31:0], bundle_i[63:32], 32'd0)};
    offset_o = {vliw_pkg::imm_X(bundle_i[127:96]), vliw_pkg::imm_X(bundle_i[95:64]),
                s1.is_store ? vliw_pkg::imm_S(bundle_i[63:32]) : vliw_pkg::imm_I(bundle_i[63:32]),
                vliw_pkg::imm_I(bundle_i[31:0])};
    csr_o = 15'(vliw_pkg::imm_CR(bundle_i[95:64]));
    other_o = s3.pred ? after : pc_i + core_pkg::PC_W'(vliw_pkg::imm_B(bundle_i[127:96]));
  end
endmodule

`default_nettype wire
