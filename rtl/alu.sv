// SPDX-License-Identifier: MIT
// Everything the RTL knows of the ALU's operations: what each does, by opcode, and one slot's add, subtract, compare
// and bitwise operations, ORed with other results (0 when there is none; nothing is selected here then). Combinational.
// The sum comes late: it meets one LUT.
`default_nettype none

package alu_pkg;
  // What the ALU does, decoded one stage ahead; all zero gives the result 0.
  typedef struct packed {
    logic       add;        // a + b
    logic       sub;        // a - b; also set for lt
    logic       lt;         // a < b
    logic       is_signed;  // of lt
    logic       bitwise;    // by fn
    logic [1:0] fn;         // 0 and, 1 or, 2 xor, 3 b
  } alu_ctl_t;

  localparam int unsigned ALU_CTL_W = 7;   // its width

  // By opcode alone: of an operation that is not the ALU's nothing is selected.
  function automatic alu_ctl_t alu_decode(input logic [6:0] opcode);
    alu_ctl_t c;
    c = 0;
    case (opcode)
      vliw_pkg::VOP_ADD_OPCODE, vliw_pkg::VOP_ADDI_OPCODE: c.add = 1'b1;
      vliw_pkg::VOP_SUB_OPCODE: begin c.add = 1'b1; c.sub = 1'b1; end
      vliw_pkg::VOP_AND_OPCODE, vliw_pkg::VOP_ANDI_OPCODE: begin c.bitwise = 1'b1; c.fn = 2'd0; end
      vliw_pkg::VOP_OR_OPCODE, vliw_pkg::VOP_ORI_OPCODE: begin c.bitwise = 1'b1; c.fn = 2'd1; end
      vliw_pkg::VOP_XOR_OPCODE, vliw_pkg::VOP_XORI_OPCODE: begin c.bitwise = 1'b1; c.fn = 2'd2; end
      vliw_pkg::VOP_SLT_OPCODE, vliw_pkg::VOP_SLTI_OPCODE: begin
        c.lt = 1'b1; c.sub = 1'b1; c.is_signed = 1'b1;
      end
      vliw_pkg::VOP_SLTU_OPCODE, vliw_pkg::VOP_SLTIU_OPCODE: begin c.lt = 1'b1; c.sub = 1'b1; end
      vliw_pkg::VOP_LI_OPCODE, vliw_pkg::VOP_LUI_OPCODE, vliw_pkg::VOP_LI32_OPCODE,
      vliw_pkg::VOP_JL_OPCODE, vliw_pkg::VOP_JLR_OPCODE: begin c.bitwise = 1'b1; c.fn = 2'd3; end
      default: ;
    endcase
    alu_decode = c;
  endfunction
endpackage

module alu (
  input  wire alu_pkg::alu_ctl_t ctl_i,
  input  wire  [31:0] a_i,
  input  wire  [31:0] b_i,
  input  wire  [31:0] addend_i,   // b, inverted for a subtraction
  input  wire  [31:0] other_i,
  output logic [31:0] result_o
);
  logic [32:0] sum;
  logic [31:0] bits;
  logic [31:0] early;

  always_comb begin
    // Without borrow (carry set) a >= b; signed: as unsigned with the top bits turned, for then the sum is not wanted.
    sum = {1'b0, a_i[31] ^ ctl_i.is_signed, a_i[30:0]} + {1'b0, addend_i[31] ^ ctl_i.is_signed, addend_i[30:0]} +
      {32'd0, ctl_i.sub};
    case (ctl_i.fn)
      2'd0:    bits = a_i & b_i;
      2'd1:    bits = a_i | b_i;
      2'd2:    bits = a_i ^ b_i;
      default: bits = b_i;
    endcase
    early = ({32{ctl_i.bitwise}} & bits) | other_i;
    // bit 0 of the sum is early, what is late there is the comparison's carry
    early[0] = early[0] | (ctl_i.add & (a_i[0] ^ addend_i[0] ^ ctl_i.sub));
  end

  late_merge #(.Width(31)) u_merge (
    .early_i(early[31:1]), .take_i(ctl_i.add), .word_i(sum[31:1]), .other_i(1'b0), .other_word_i(31'd0),
    .merged_o(result_o[31:1])
  );
  late_merge #(.Width(1), .Inverts(1'b1)) u_merge_bit0 (
    .early_i(early[0]), .take_i(ctl_i.lt), .word_i(sum[32]), .other_i(1'b0), .other_word_i(1'b0), .merged_o(result_o[0])
  );

  logic unused_sum;
  assign unused_sum = &{1'b0, sum[0]};
endmodule

`default_nettype wire
