// SPDX-License-Identifier: MIT
// Code memory in block RAM: bundles, and beside each the index of its predicted successor (top bit: outside), computed
// when the branch slot's word is written; and eight bits of hints for D beside each word. Read in the cycle after the
// index is presented; holds its output while ce_i is low. Writing takes four cycles to show (CODE_SETTLE_CYCLES is
// more). A bundle whose branch slot's word is a literal must be written in ascending order (the li32 below just before
// it), for the word itself does not tell.
`default_nettype none

module code_mem #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  // a power of two; less than Bundles: the array of a cache, without its tags
  parameter int unsigned Held = Bundles,
  localparam int unsigned IndexW = $clog2(Bundles),
  localparam int unsigned HeldW = $clog2(Held)
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  input  wire               ce_i,
  input  wire  [IndexW-1:0] index_i,
  input  wire  [IndexW-1:0] index_high_i,    // the same, for the upper half of the slots and the hints
  output logic [vliw_pkg::WORDS_W-1:0] bundle_o,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_o, // core_pkg::hint_t, slot s at [HINT_W*s +: HINT_W]
  output logic [IndexW:0]   next_o,
  output logic [IndexW-1:0] next_high_o,     // the same once more, read at index_high_i
  input  wire               write_i,
  input  wire  [31:0]       write_address_i,
  input  wire  [31:0]       write_data_i
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int SLOT_W = int'(vliw_pkg::SLOT_W);
  localparam int HALF_W = 16 * SLOTS;
  localparam int BRANCH = int'(vliw_pkg::BRANCH);
  localparam bit MAY_BE_LITERAL = core_pkg::above_literal(BRANCH);

  // no_rw_check: a bundle is never fetched in the cycle in which it is written (CODE_SETTLE_CYCLES), so block RAM need
  // not care
  (* no_rw_check *)
  logic [vliw_pkg::WORDS_W-1:0] bundles_q[Held] /* verilator public_flat_rw */;
  (* no_rw_check *)
  logic [IndexW:0]           next_q[Held] /* verilator public_flat_rw */;
  (* no_rw_check *)
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_q[Held] /* verilator public_flat_rw */;
  logic                      write_q;
  logic [vliw_pkg::PC_W-1:0] index_q;
  logic [vliw_pkg::SLOT_W-1:0] slot_q;
  logic [31:0]               data_q;
  // one cycle later: what the word is
  logic                      decoded_q;
  logic [vliw_pkg::PC_W-1:0] decoded_index_q;
  logic [vliw_pkg::SLOT_W-1:0] decoded_slot_q;
  vliw_pkg::op_decode_t      decoded_op_q;
  logic                      decoded_literal_q; // in the branch slot it is a literal
  // another cycle later: hint and successor, to be written
  logic                      late_write_q;
  logic [vliw_pkg::SLOT_W-1:0] late_slot_q;
  core_pkg::hint_t           late_hint_q;
  logic [HeldW-1:0]          late_index_q;
  logic [IndexW:0]           late_next_q;
  logic                      literal_q;       // the last word written below the branch slot was li32 ...
  logic [IndexW-1:0]         literal_index_q; // ... of this bundle
  vliw_pkg::op_decode_t      op;
  logic [vliw_pkg::PC_W-1:0] next;

  always_comb begin
    op = vliw_pkg::op_decode(data_q, slot_q);
    next = core_pkg::native_next(decoded_op_q, decoded_literal_q, decoded_index_q);
  end

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      bundle_o[HALF_W-1:0] <= bundles_q[index_i[HeldW-1:0]][HALF_W-1:0];
      bundle_o[2*HALF_W-1:HALF_W] <= bundles_q[index_high_i[HeldW-1:0]][2*HALF_W-1:HALF_W];
      hints_o <= hints_q[index_high_i[HeldW-1:0]];
      next_o <= next_q[index_i[HeldW-1:0]];
      next_high_o <= next_q[index_high_i[HeldW-1:0]][IndexW-1:0];
    end
  end

  always_ff @(posedge clk_i) begin
    write_q <= write_i & rst_ni;
    index_q <= write_address_i[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB];
    slot_q <= write_address_i[2 +: SLOT_W];
    data_q <= write_data_i;
    decoded_q <= write_q;
    decoded_index_q <= index_q;
    decoded_slot_q <= slot_q;
    decoded_op_q <= op;
    decoded_literal_q <= literal_q && literal_index_q == index_q[IndexW-1:0];
    late_write_q <= decoded_q;
    late_slot_q <= decoded_slot_q;
    late_hint_q <= core_pkg::hint_of(decoded_op_q);
    late_index_q <= decoded_index_q[HeldW-1:0];
    late_next_q <= {|next[vliw_pkg::PC_W-1:IndexW], next[IndexW-1:0]};
    for (int s = 0; s < SLOTS; s++) begin
      if (write_q && slot_q == SLOT_W'(s)) bundles_q[index_q[HeldW-1:0]][32*s +: 32] <= data_q;
    end
    for (int s = 0; s < SLOTS; s++) begin
      if (late_write_q && late_slot_q == SLOT_W'(s))
        hints_q[late_index_q][int'(core_pkg::HINT_W)*s +: core_pkg::HINT_W] <= late_hint_q;
    end
    if (late_write_q && late_slot_q == SLOT_W'(BRANCH)) next_q[late_index_q] <= late_next_q;
    if (write_q && MAY_BE_LITERAL && slot_q == SLOT_W'(BRANCH - 1)) begin
      literal_q <= op.is_literal;
      literal_index_q <= index_q[IndexW-1:0];
    end
    if (!rst_ni) literal_q <= 1'b0;
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, index_i, index_high_i, op, decoded_op_q, write_address_i};
endmodule

`default_nettype wire
