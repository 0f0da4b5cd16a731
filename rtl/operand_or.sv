// SPDX-License-Identifier: MIT
// The last gate of an operand in D: its four parts (operand.sv) and, where HasImm, an immediate. Hierarchy is kept: one LUT, or two beside
// each other; the mapper would put the parts at the head of a chain to save some.
`default_nettype none

(* keep_hierarchy *)
module operand_or #(
  parameter bit HasImm = 1'b0
) (
  input  wire  [127:0] parts_i,
  input  wire  [31:0]  imm_i,     // 0 when the register is used
  output logic [31:0]  value_o
);
  assign value_o = parts_i[31:0] | parts_i[63:32] | parts_i[95:64] | parts_i[127:96] | (HasImm ? imm_i : 32'd0);

  logic unused_bits;
  assign unused_bits = &{1'b0, imm_i};
endmodule

`default_nettype wire
