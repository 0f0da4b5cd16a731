// SPDX-License-Identifier: MIT
// Slot SYSTEM but for its CSRs: multiply, divide, and what waits in EX. The start of a division is a pulse in the first
// M cycle; whether a divres or a wait in EX waits must be known early in the cycle, so a wait stalls in its first
// cycle, whatever has happened, and ends in the cycle after something has. Its first cycle is that in which the data
// memory is ready.
`default_nettype none

module system_unit (
  input  wire          clk_i,
  input  wire          rst_ni,
  input  wire          ce_i,
  input  wire          dead_i,         // nothing in EX may act
  input  wire  [4:0]   traps_m_i,      // one of them: the bundle in M traps
  input  wire vliw_pkg::op_decode_t op_d_i,
  input  wire vliw_pkg::op_decode_t op_i,   // in EX
  input  wire  [31:0]  a_i,
  input  wire  [31:0]  b_i,
  input  wire  [31:0]  a_m_i,
  input  wire  [31:0]  b_m_i,
  // multiply, in M2
  output logic [31:0]  product_o,
  output logic         product_high_o,
  output logic [31:0]  product_word_o,
  // divide
  output logic         divres_o,       // divres is in EX, if the bundle is one
  output logic         div_busy_o,
  output logic [31:0]  div_result_o,
  // wait
  output logic         wait_o,         // wait is in EX, if the bundle is one, and nothing has happened yet
  input  wire          happened_i
);
  logic start;
  logic start_m_q;
  logic rem_m_q;
  logic signed_m_q;

  mul u_mul (
    .clk_i, .ce_i,
    .start_i(op_i.unit[vliw_pkg::UNIT_MUL] & ~dead_i),
    .high_i(op_i.opcode != vliw_pkg::VOP_MUL_OPCODE),
    .a_signed_i(op_i.opcode != vliw_pkg::VOP_MULHU_OPCODE),
    .b_signed_i(op_i.opcode == vliw_pkg::VOP_MULH_OPCODE),
    .a_i, .b_i, .low_o(product_o), .high_o(product_high_o), .high_word_o(product_word_o)
  );

  assign start = ce_i & op_i.unit[vliw_pkg::UNIT_DIV_START] & ~dead_i;

  always_ff @(posedge clk_i) begin
    start_m_q <= start;
    wait_o <= ce_i ? op_d_i.unit[vliw_pkg::UNIT_WAIT] : wait_o & ~happened_i;
    if (ce_i) begin
      rem_m_q <= op_i.opcode == vliw_pkg::VOP_REM_OPCODE || op_i.opcode == vliw_pkg::VOP_REMU_OPCODE;
      signed_m_q <= op_i.opcode == vliw_pkg::VOP_DIV_OPCODE || op_i.opcode == vliw_pkg::VOP_REM_OPCODE;
      divres_o <= op_d_i.unit[vliw_pkg::UNIT_DIV_RESULT];
    end
    if (!rst_ni) begin
      start_m_q <= 1'b0;
      divres_o <= 1'b0;
      wait_o <= 1'b0;
    end
  end

  div u_div (
    .clk_i, .rst_ni,
    .start_ex_i(start), .start_i(start_m_q), .kills_i(traps_m_i), .rem_i(rem_m_q), .signed_i(signed_m_q),
    .a_i(a_m_i), .b_i(b_m_i), .busy_o(div_busy_o), .result_o(div_result_o)
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, op_d_i, op_i};
endmodule

`default_nettype wire
