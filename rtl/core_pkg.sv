// SPDX-License-Identifier: MIT
// Types and small functions that the core's stages share. Facts about the machine are in vliw_pkg (generated);
// here is only how this implementation cuts them up.
//   branch_ctl_t    what the branch unit compares
//   native_next     where a bundle says that fetch goes on: its predicted successor
`default_nettype none

package core_pkg;
  typedef struct packed {
    logic conditional;
    logic less;       // compares less, else equal
    logic is_signed;
    logic expect_no;  // mispredicted when the comparison holds, else when it fails
    logic jump_reg;   // jr, jlr, enter
    logic enter;
  } branch_ctl_t;
  localparam int unsigned BRANCH_CTL_W = 6;   // its width

  // Facts about a word that are computed when it is written into code memory and stored beside it: D is short of time.
  // All zero for the all-zero word, which is a legal nop.
  typedef struct packed {
    logic imm_short;  // operand b is the 15-bit immediate
    logic imm_link;   // ... the next bundle's address
    logic imm_high;   // ... the 21-bit immediate in the upper bits (lui)
    logic imm_long;   // ... the 21-bit immediate (li)
    logic literal;    // ... the next higher slot's word, which is no operation
    logic reads_rs2;  // ... a register
    logic firmware;   // illegal in guest mode
    logic illegal;
  } hint_t;
  localparam int unsigned HINT_W = 8;
  localparam int unsigned HINT_READS_RS2 = 2;  // their bits
  localparam int unsigned HINT_LITERAL = 3;

  function automatic hint_t hint_of(input vliw_pkg::op_decode_t d);
    hint_t h;
    h.imm_short = ~(d.is_link | d.is_literal | d.reads_rs2) && d.opcode != vliw_pkg::VOP_LUI_OPCODE &&
                  d.opcode != vliw_pkg::VOP_LI_OPCODE && d.opcode != vliw_pkg::VOP_NOP_OPCODE;
    h.imm_link = d.is_link;
    h.imm_high = d.legal && d.opcode == vliw_pkg::VOP_LUI_OPCODE;
    h.imm_long = d.legal && d.opcode == vliw_pkg::VOP_LI_OPCODE;
    h.literal = d.is_literal;
    h.reads_rs2 = d.reads_rs2;
    h.firmware = d.is_firmware;
    h.illegal = ~d.legal;
    hint_of = h;
  endfunction

  function automatic branch_ctl_t branch_decode(input vliw_pkg::op_decode_t d);
    branch_ctl_t c;
    c = 0;
    c.conditional = d.is_branch;
    c.expect_no = ~d.pred;
    case (d.opcode)
      vliw_pkg::VOP_BNE_OPCODE:  c.expect_no = d.pred;
      vliw_pkg::VOP_BLT_OPCODE:  begin c.less = 1'b1; c.is_signed = 1'b1; end
      vliw_pkg::VOP_BGE_OPCODE:  begin c.less = 1'b1; c.is_signed = 1'b1; c.expect_no = d.pred; end
      vliw_pkg::VOP_BLTU_OPCODE: c.less = 1'b1;
      vliw_pkg::VOP_BGEU_OPCODE: begin c.less = 1'b1; c.expect_no = d.pred; end
      default: ;
    endcase
    c.enter = d.is_jump && d.opcode == vliw_pkg::VOP_ENTER_OPCODE;
    c.jump_reg = c.enter || (d.is_jump && (d.opcode == vliw_pkg::VOP_JR_OPCODE ||
                                           d.opcode == vliw_pkg::VOP_JLR_OPCODE));
    branch_decode = c;
  endfunction

  // Is slot s's word a literal if the word below it asks for one?
  function automatic logic above_literal(input int s);
    above_literal = s > 0 && vliw_pkg::LITERAL_SLOTS[s - 1];
  endfunction

  // By the branch slot's word of the bundle at index pc, which may be a literal.
  function automatic logic [vliw_pkg::PC_W-1:0] native_next(input vliw_pkg::op_decode_t d, input logic is_literal,
                                                  input logic [vliw_pkg::PC_W-1:0] pc);
    native_next = pc + vliw_pkg::PC_W'(1);
    if (d.is_branch && d.pred && !is_literal) native_next = pc + d.imm[vliw_pkg::PC_W-1:0];
    if (d.is_jump && !is_literal && (d.opcode == vliw_pkg::VOP_J_OPCODE || d.opcode == vliw_pkg::VOP_JL_OPCODE)) begin
      native_next = d.imm[vliw_pkg::PC_W-1:0];
    end
  endfunction

  function automatic logic [31:0] native_address(input logic [vliw_pkg::PC_W-1:0] pc);
    native_address = vliw_pkg::MEM_CODE_BASE | (32'(pc) << vliw_pkg::PC_LSB);
  endfunction
endpackage

`default_nettype wire
