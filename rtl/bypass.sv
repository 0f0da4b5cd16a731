// SPDX-License-Identifier: MIT
// What D's operand selects need to know, found out while the bundle comes out of code memory (F), so that D starts from
// registers: the bank of each source, and whether its index is that of a result that will stand in a result register
// one cycle later (bypass in D) or two (own-slot forwarding in EX). Block RAM is slow, so indexes are compared in two
// halves (of two bits, one LUT each, with four slots), and the halves meet in D.
// Indexes of results may belong to bundles that are being killed: then the bundle here is killed, too.
`default_nettype none

module bypass (
  input  wire                             clk_i,
  input  wire                             ce_i,
  // F
  input  wire  [vliw_pkg::WORDS_W-1:0]    bundle_i,
  input  wire  [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0]    hints_i,
  // index that slot s's result register holds in the next cycle, and rd of its operations now in D, EX and M
  input  wire  [vliw_pkg::INDEXES_W-1:0]  next_index_i,
  input  wire  [vliw_pkg::INDEXES_W-1:0]  rd_d_i,
  input  wire  [vliw_pkg::INDEXES_W-1:0]  rd_ex_i,
  input  wire  [vliw_pkg::INDEXES_W-1:0]  rd_m_i,
  // D: operand p = 2*slot (rs1) or 2*slot+1 (rs2); [SLOTS*p + s] for slot s
  output logic [vliw_pkg::MATCHES_W-1:0]  bank_o,           // the source is in bank s and used
  output logic [vliw_pkg::MATCHES_W-1:0]  low_o,            // its index is the result register's: lower half
  output logic [vliw_pkg::MATCHES_W-1:0]  high_o,           // ... upper half
  // its index is rd of its own slot's operation in EX (k = 0), M (1), M2 (2): [3*p + k]
  output logic [3*vliw_pkg::OPERANDS-1:0] own_low_o,
  output logic [3*vliw_pkg::OPERANDS-1:0] own_high_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int RD_W = int'(vliw_pkg::RD_W);

  for (genvar p = 0; p < 2 * SLOTS; p++) begin : gen_operand
    localparam int SLOT = p / 2;
    localparam int LSB = 32 * SLOT + int'((p % 2 == 0) ? vliw_pkg::RS1_AT : vliw_pkg::RS2_AT);
    logic [vliw_pkg::SLOT_W-1:0] bank;
    logic [1:0]                  low;
    logic [RD_W-3:0]             high;
    logic                        used;
    logic [3*RD_W-1:0]           own;

    assign {high, low, bank} = bundle_i[LSB +: vliw_pkg::RS_BITS];
    assign used = (p % 2 == 0) ? 1'b1 : hints_i[int'(core_pkg::HINT_W)*SLOT + int'(core_pkg::HINT_READS_RS2)];
    assign own = {rd_m_i[RD_W*SLOT +: RD_W], rd_ex_i[RD_W*SLOT +: RD_W], rd_d_i[RD_W*SLOT +: RD_W]};

    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        for (int s = 0; s < SLOTS; s++) begin
          bank_o[SLOTS*p + s] <= used && bank == vliw_pkg::SLOT_W'(s);
          low_o[SLOTS*p + s] <= low == next_index_i[RD_W*s +: 2];
          high_o[SLOTS*p + s] <= high == next_index_i[RD_W*s + 2 +: RD_W-2];
        end
        for (int k = 0; k < 3; k++) begin
          own_low_o[3*p + k] <= low == own[RD_W*k +: 2];
          own_high_o[3*p + k] <= high == own[RD_W*k + 2 +: RD_W-2];
        end
      end
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, bundle_i, hints_i};
endmodule

`default_nettype wire
