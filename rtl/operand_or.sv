// SPDX-License-Identifier: MIT
// The last gate of an operand in D: its parts (operand.sv) and, where HasImm, an immediate. Hierarchy is kept: one LUT,
// or two beside each other; the mapper would put the parts at the head of a chain to save some.
`default_nettype none

(* keep_hierarchy *)
module operand_or #(
  parameter bit HasImm = 1'b0
) (
  input  wire  [vliw_pkg::WORDS_W-1:0] parts_i,
  input  wire  [31:0]  imm_i,     // 0 when the register is used
  output logic [31:0]  value_o
);
  always_comb begin
    value_o = HasImm ? imm_i : 32'd0;
    for (int s = 0; s < int'(vliw_pkg::SLOTS); s++) value_o = value_o | parts_i[32*s +: 32];
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, imm_i};
endmodule

`default_nettype wire
