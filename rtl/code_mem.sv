// SPDX-License-Identifier: MIT
// Code memory in block RAM: bundles, and beside each the index of its predicted successor (top bit: outside), computed
// when slot 3's word is written; and eight bits of hints for D beside each word. Read in the cycle after the index is presented; holds its output while ce_i is low.
// Writing takes four cycles to show (CODE_SETTLE_CYCLES is more). A bundle whose slot 3 word is a literal must be written in
// ascending order (slot 2's li32 just before it), for the word itself does not tell.
`default_nettype none

module code_mem #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned Held = Bundles,      // a power of two; less than Bundles: the array of a cache, without its tags
  localparam int unsigned IndexW = $clog2(Bundles),
  localparam int unsigned HeldW = $clog2(Held)
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  input  wire               ce_i,
  input  wire  [IndexW-1:0] index_i,
  input  wire  [IndexW-1:0] index_high_i,    // the same, for slots 2 and 3 and the hints
  output logic [127:0]      bundle_o,
  output logic [31:0]       hints_o,         // core_pkg::hint_t, slot s at [8*s +: 8]
  output logic [IndexW:0]   next_o,
  output logic [IndexW-1:0] next_high_o,     // the same once more, read at index_high_i
  input  wire               write_i,
  input  wire  [31:0]       write_address_i,
  input  wire  [31:0]       write_data_i
);
  // no_rw_check: a bundle is never fetched in the cycle in which it is written (CODE_SETTLE_CYCLES), so block RAM need not care
  (* no_rw_check *)
  logic [127:0]              bundles_q[Held] /* verilator public_flat_rw */;
  (* no_rw_check *)
  logic [IndexW:0]           next_q[Held] /* verilator public_flat_rw */;
  (* no_rw_check *)
  logic [31:0]               hints_q[Held] /* verilator public_flat_rw */;
  logic                      write_q;
  logic [core_pkg::PC_W-1:0] index_q;
  logic [1:0]                slot_q;
  logic [31:0]               data_q;
  // one cycle later: what the word is
  logic                      decoded_q;
  logic [core_pkg::PC_W-1:0] decoded_index_q;
  logic [1:0]                decoded_slot_q;
  vliw_pkg::op_decode_t      decoded_op_q;
  logic                      decoded_literal_q; // in slot 3 it is a literal
  // another cycle later: hint and successor, to be written
  logic                      late_write_q;
  logic [1:0]                late_slot_q;
  logic [7:0]                late_hint_q;
  logic [HeldW-1:0]          late_index_q;
  logic [IndexW:0]           late_next_q;
  logic                      literal_q;       // the last slot 2 word written was li32 ...
  logic [IndexW-1:0]         literal_index_q; // ... of this bundle
  vliw_pkg::op_decode_t      op;
  vliw_pkg::op_decode_t      successor;
  logic [core_pkg::PC_W-1:0] next;

  always_comb begin
    op = vliw_pkg::op_decode(data_q, slot_q);
    successor = decoded_op_q;
    if (decoded_literal_q) begin
      successor.is_branch = 1'b0;
      successor.is_jump = 1'b0;
    end
    next = core_pkg::native_next(successor, decoded_index_q);
  end

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      bundle_o[63:0] <= bundles_q[index_i[HeldW-1:0]][63:0];
      bundle_o[127:64] <= bundles_q[index_high_i[HeldW-1:0]][127:64];
      hints_o <= hints_q[index_high_i[HeldW-1:0]];
      next_o <= next_q[index_i[HeldW-1:0]];
      next_high_o <= next_q[index_high_i[HeldW-1:0]][IndexW-1:0];
    end
  end

  always_ff @(posedge clk_i) begin
    write_q <= write_i & rst_ni;
    index_q <= write_address_i[24:4];
    slot_q <= write_address_i[3:2];
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
    late_next_q <= {|next[core_pkg::PC_W-1:IndexW], next[IndexW-1:0]};
    for (int s = 0; s < 4; s++) begin
      if (write_q && slot_q == 2'(s)) bundles_q[index_q[HeldW-1:0]][32*s +: 32] <= data_q;
    end
    for (int s = 0; s < 4; s++) begin
      if (late_write_q && late_slot_q == 2'(s)) hints_q[late_index_q][8*s +: 8] <= late_hint_q;
    end
    if (late_write_q && late_slot_q == 2'd3) next_q[late_index_q] <= late_next_q;
    if (write_q && slot_q == 2'd2) begin
      literal_q <= op.is_literal;
      literal_index_q <= index_q[IndexW-1:0];
    end
    if (!rst_ni) literal_q <= 1'b0;
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, index_i, index_high_i, op, decoded_op_q, successor, write_address_i[31:25], write_address_i[1:0]};
endmodule

`default_nettype wire
