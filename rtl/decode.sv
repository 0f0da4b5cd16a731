// SPDX-License-Identifier: MIT
// D: the words of a bundle become decoded operations. A word above li32 is a literal: no operation, and never
// illegal. Legality was found out when the words were written (hints); illegal_o kills the whole bundle in EX. Also
// says where fetch would have to go against the prediction.
`default_nettype none

module decode (
  input  wire  [vliw_pkg::WORDS_W-1:0] bundle_i,
  input  wire  [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_i,   // slot s at [HINT_W*s +: HINT_W]
  input  wire  [vliw_pkg::PC_W-1:0]  pc_i,
  input  wire                        guest_i,
  output logic [vliw_pkg::SLOTS*vliw_pkg::OP_DECODE_BITS-1:0] op_o, // slot s's op_decode_t
  output logic [vliw_pkg::WORDS_W-1:0] imm_o,     // operand b, when it is none of the registers (else 0)
  output logic [vliw_pkg::WORDS_W-1:0] offset_o,  // slots that load or store: address offset, else 0
  output logic [20:0]                count_o,     // the number of commit or wait
  output logic [20:0]                exit_o,      // the number of exit
  output logic [14:0]                csr_o,       // number of the control register
  output logic                       illegal_o,
  output logic [vliw_pkg::PC_W-1:0]  other_o      // successor of a mispredicted branch
);
  localparam int unsigned SLOTS = vliw_pkg::SLOTS;
  localparam int unsigned OP_W = vliw_pkg::OP_DECODE_BITS;

  vliw_pkg::op_decode_t      branch;
  logic [vliw_pkg::PC_W-1:0] after;
  logic [31:0]               link;
  logic [SLOTS-1:0]          refused;     // illegal, or the firmware's in guest mode
  logic [31:0]               system_word;
  logic [31:0]               branch_word;

  function automatic logic [31:0] operand_imm(input core_pkg::hint_t h, input logic [31:0] word,
                                              input logic [31:0] above, input logic [31:0] next);
    operand_imm = ({32{h.imm_short}} & vliw_pkg::imm_I(word)) | ({32{h.imm_long}} & vliw_pkg::imm_U(word)) |
                  ({32{h.imm_high}} & (vliw_pkg::imm_U(word) << vliw_pkg::RS1_AT)) | ({32{h.literal}} & above) |
                  ({32{h.imm_link}} & next);
  endfunction

  assign after = pc_i + vliw_pkg::PC_W'(1);
  assign link = core_pkg::native_address(after);

  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
    localparam bit HAS_STORE = vliw_pkg::UNIT_STORE_SLOTS[s];
    localparam bit HAS_LOAD = vliw_pkg::UNIT_LOAD_WORD_SLOTS[s];
    vliw_pkg::op_decode_t op;
    vliw_pkg::op_decode_t live;
    core_pkg::hint_t      hint;
    logic [31:0]          word;
    logic [31:0]          above;
    logic                 is_literal;

    assign word = bundle_i[32*s +: 32];
    assign hint = hints_i[core_pkg::HINT_W*s +: core_pkg::HINT_W];
    if (vliw_pkg::LITERAL_SLOTS[s]) begin : gen_above
      assign above = bundle_i[32*s + 32 +: 32];
    end else begin : gen_no_above
      assign above = 32'd0;
    end
    if (core_pkg::above_literal(s)) begin : gen_literal
      assign is_literal = hints_i[core_pkg::HINT_W*(s - 1) + core_pkg::HINT_LITERAL];
    end else begin : gen_no_literal
      assign is_literal = 1'b0;
    end

    always_comb begin
      op = vliw_pkg::op_decode_early(word, s[vliw_pkg::SLOT_W-1:0]);
      op.reads_rs2 = hint.reads_rs2;
      live = op & {OP_W{~is_literal}};
      // not worth a gate
      live.rs1 = op.rs1;
      live.rs2 = op.rs2;
      live.rd = op.rd;
    end

    assign op_o[OP_W*s +: OP_W] = live;
    assign refused[s] = (hint.illegal | (hint.firmware & guest_i)) & ~is_literal;
    assign imm_o[32*s +: 32] = operand_imm(hint, word, above, (s == vliw_pkg::BRANCH) ? link : 32'd0);
    assign offset_o[32*s +: 32] = (HAS_STORE && op.is_store) ? vliw_pkg::imm_S(word) : HAS_LOAD ? vliw_pkg::imm_I(word)
      : 32'd0;
    if (s == vliw_pkg::BRANCH) begin : gen_branch
      assign branch = op;
    end
  end

  assign system_word = bundle_i[32*vliw_pkg::SYSTEM +: 32];
  assign branch_word = bundle_i[32*vliw_pkg::BRANCH +: 32];
  assign count_o = 21'(vliw_pkg::imm_X(system_word));
  assign exit_o = 21'(vliw_pkg::imm_X(branch_word));
  assign csr_o = 15'(vliw_pkg::imm_CR(system_word));
  assign illegal_o = |refused;
  assign other_o = branch.pred ? after : pc_i + vliw_pkg::PC_W'(vliw_pkg::imm_B(branch_word));

  logic unused_bits;
  assign unused_bits = &{1'b0, branch};
endmodule

`default_nettype wire
