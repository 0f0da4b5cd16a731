// SPDX-License-Identifier: MIT
// What D's operand selects need to know, found out while the bundle comes out of code memory (F), so that D starts from
// registers: the bank of each source, and whether its index is that of a result that will stand in a result register one cycle
// later (bypass in D) or two (own-slot forwarding in EX). Block RAM is slow, so indexes are compared in two halves of two
// bits, one LUT each, and the halves meet in D.
// Indexes of results may belong to bundles that are being killed: then the bundle here is killed, too.
`default_nettype none

module bypass (
  input  wire          clk_i,
  input  wire          ce_i,
  // F
  input  wire  [127:0] bundle_i,
  input  wire  [31:0]  hints_i,
  // index that slot s's result register holds in the next cycle, and rd of its operations now in D, EX and M; slot s at [4*s +: 4]
  input  wire  [15:0]  next_index_i,
  input  wire  [15:0]  rd_d_i,
  input  wire  [15:0]  rd_ex_i,
  input  wire  [15:0]  rd_m_i,
  // D: operand p = 2*slot (rs1) or 2*slot+1 (rs2); [4*p + s] for slot s
  output logic [31:0]  bank_o,           // the source is in bank s and used
  output logic [31:0]  low_o,            // its index is the result register's: lower half
  output logic [31:0]  high_o,           // ... upper half
  // its index is rd of its own slot's operation in EX (k = 0), M (1), M2 (2): [3*p + k]
  output logic [23:0]  own_low_o,
  output logic [23:0]  own_high_o
);
  for (genvar p = 0; p < 8; p++) begin : gen_operand
    localparam int unsigned SLOT = p / 2;
    localparam int unsigned LSB = 32 * SLOT + ((p % 2 == 0) ? 11 : 17);
    logic [1:0]  bank;
    logic [1:0]  low;
    logic [1:0]  high;
    logic        used;
    logic [11:0] own;

    assign {high, low, bank} = bundle_i[LSB +: 6];
    assign used = (p % 2 == 0) ? 1'b1 : hints_i[core_pkg::HINT_W*SLOT + core_pkg::HINT_READS_RS2];
    assign own = {rd_m_i[4*SLOT +: 4], rd_ex_i[4*SLOT +: 4], rd_d_i[4*SLOT +: 4]};

    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        for (int s = 0; s < 4; s++) begin
          bank_o[4*p + s] <= used && bank == 2'(s);
          low_o[4*p + s] <= low == next_index_i[4*s +: 2];
          high_o[4*p + s] <= high == next_index_i[4*s + 2 +: 2];
        end
        for (int k = 0; k < 3; k++) begin
          own_low_o[3*p + k] <= low == own[4*k +: 2];
          own_high_o[3*p + k] <= high == own[4*k + 2 +: 2];
        end
      end
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, bundle_i, hints_i};
endmodule

`default_nettype wire
