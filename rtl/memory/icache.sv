// SPDX-License-Identifier: MIT
// Instruction cache: bundles with their successors and hints, as code_mem.sv has them, and beside each its tag. It is
// direct-mapped and knows no lines: whole bundles come in, one a cycle at most, and each is there when it is marked,
// two cycles later. miss_o stands beside the bundle and says that it is not the one that was asked for; a bundle whose
// place is being written is none, either.
//
// A bundle is there if its tag is the one that was asked for, and the flag beside it is the same as that in another
// memory: so one writer makes bundles valid and another makes them invalid, without waiting for each other. A bundle
// that is dropped is gone 3 cycles later, CODE_SETTLE_CYCLES is more; one that was on its way takes its place all the
// same, so that it is nobody's business whether it was dropped before or after that.
`default_nettype none

module icache #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned Held = vliw_pkg::MEMORY_ULX3S_ICACHE_BYTES / vliw_pkg::BUNDLE_BYTES,
  localparam int unsigned IndexW = $clog2(Bundles)
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  output logic              ready_o,        // it has been cleared
  // fetch, as code_mem.sv
  input  wire               ce_i,
  input  wire  [IndexW-1:0] index_i,
  input  wire  [IndexW-1:0] index_high_i,
  output logic [vliw_pkg::WORDS_W-1:0] bundle_o,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_o,
  output logic [IndexW:0]   next_o,
  output logic [IndexW-1:0] next_high_o,
  output logic              miss_o,
  // a bundle comes
  input  wire               in_valid_i,
  input  wire               in_stale_i,     // it takes its place, but is not there
  input  wire  [IndexW-1:0] in_index_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] in_bundle_i,
  input  wire               stop_i,         // what is not marked yet never is
  output logic              soon_o,         // is marked in the next cycle, and not stale
  output logic [IndexW-1:0] soon_index_o,
  output logic              mark_o,         // ... in this one
  output logic [IndexW-1:0] mark_index_o,
  // is a bundle there? the answer comes in the next cycle, and holds for that one
  input  wire  [IndexW-1:0] look_index_i,
  output logic              look_hit_o,
  // a bundle is no longer what it was
  input  wire               drop_i,
  input  wire  [IndexW-1:0] drop_index_i
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int HALF_W = 16 * SLOTS;
  localparam int BRANCH = int'(vliw_pkg::BRANCH);
  localparam bit MAY_BE_LITERAL = core_pkg::above_literal(BRANCH);
  localparam int unsigned HELD_W = $clog2(Held);
  localparam int unsigned HINTS_W = vliw_pkg::SLOTS * core_pkg::HINT_W;

  typedef struct packed {
    logic [IndexW-HELD_W-1:0] tag;
    logic                     flag;
  } tag_t;

  // no_rw_check: what is read where something is written is not used
  (* no_rw_check *)
  logic [vliw_pkg::WORDS_W-1:0] bundles_q[Held];
  (* no_rw_check *)
  logic [IndexW:0]    next_q[Held];
  (* no_rw_check *)
  logic [HINTS_W-1:0] hints_q[Held];
  (* no_rw_check *)
  logic [IndexW-HELD_W:0] tags_q[Held];        // tag_t: yosys makes no memory of an array of structures
  (* ram_style = "block", no_rw_check *)         // else flip-flops, whose multiplexer is late
  logic               flags_q[Held];
  // fetch
  logic [IndexW-1:0]  index_q;
  tag_t               tag_q;
  logic               flag_q;
  logic               wrote_q;        // in the cycle in which it was read ...
  logic [HELD_W-1:0]  wrote_at_q;     // ... this place
  // what comes: decoded
  logic               one_q;
  logic               one_stale_q;
  logic [IndexW-1:0]  one_index_q;
  logic [vliw_pkg::WORDS_W-1:0] one_bundle_q;
  logic [HINTS_W-1:0] one_hints_q;
  vliw_pkg::op_decode_t one_branch_q;
  logic               one_literal_q;
  // ... with its successor: it is written
  logic               two_q;
  logic               two_stale_q;
  logic [IndexW-1:0]  two_index_q;
  logic [vliw_pkg::WORDS_W-1:0] two_bundle_q;
  logic [HINTS_W-1:0] two_hints_q;
  logic [IndexW:0]    two_next_q;
  logic               two_flag_q;     // flags_q of its place
  logic               two_flipped_q;  // ... as it was written meanwhile
  logic               two_flip_q;
  logic [vliw_pkg::PC_W-1:0] next;
  logic               two_flag;
  logic               one_stale;
  logic               two_stale;
  // look
  logic [IndexW-1:0]  look_index_q;
  tag_t               look_tag_q;
  logic               look_flag_q;
  logic               was_q;          // marked in the last cycle
  logic               was_stale_q;
  logic [IndexW-1:0]  was_index_q;
  // drop
  logic               found_q;        // looked for
  logic [IndexW-1:0]  found_index_q;
  tag_t               found_tag_q;
  logic               found_flag_q;
  logic               gone_q;         // flags_q is written
  logic [HELD_W-1:0]  gone_at_q;
  logic               gone_flag_q;
  logic               gone;
  // after reset
  logic               clearing_q;
  logic [HELD_W-1:0]  clear_q;
  // one write of each a cycle
  logic               write_tag;
  logic [HELD_W-1:0]  write_tag_at;
  tag_t               write_tag_word;
  logic               write_flag;
  logic [HELD_W-1:0]  write_flag_at;
  logic               write_flag_bit;

  // --- fetch
  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      bundle_o[HALF_W-1:0] <= bundles_q[index_i[HELD_W-1:0]][HALF_W-1:0];
      bundle_o[2*HALF_W-1:HALF_W] <= bundles_q[index_high_i[HELD_W-1:0]][2*HALF_W-1:HALF_W];
      hints_o <= hints_q[index_high_i[HELD_W-1:0]];
      next_o <= next_q[index_i[HELD_W-1:0]];
      next_high_o <= next_q[index_high_i[HELD_W-1:0]][IndexW-1:0];
      tag_q <= tags_q[index_i[HELD_W-1:0]];
      flag_q <= flags_q[index_i[HELD_W-1:0]];
      index_q <= index_i;
      wrote_q <= mark_o;
      wrote_at_q <= two_index_q[HELD_W-1:0];
    end
  end

  assign miss_o = tag_q.tag != index_q[IndexW-1:HELD_W] || tag_q.flag != flag_q ||
                  (wrote_q && wrote_at_q == index_q[HELD_W-1:0]);

  // --- a bundle comes
  for (genvar s = 0; s < SLOTS; s++) begin : gen_decode
    vliw_pkg::op_decode_t op;

    assign op = vliw_pkg::op_decode(in_bundle_i[32*s +: 32], s[vliw_pkg::SLOT_W-1:0]);
    always_ff @(posedge clk_i) begin
      one_hints_q[int'(core_pkg::HINT_W)*s +: core_pkg::HINT_W] <= core_pkg::hint_of(op);
      if (s == BRANCH) one_branch_q <= op;
      if (s == (BRANCH > 0 ? BRANCH - 1 : 0)) one_literal_q <= MAY_BE_LITERAL && op.is_literal;
    end
  end

  assign next = core_pkg::native_next(one_branch_q, one_literal_q, vliw_pkg::PC_W'(one_index_q));

  always_ff @(posedge clk_i) begin
    one_q <= in_valid_i && !stop_i && rst_ni;
    one_stale_q <= in_stale_i || (drop_i && drop_index_i == in_index_i);
    one_index_q <= in_index_i;
    one_bundle_q <= in_bundle_i;
    two_q <= one_q && !stop_i && rst_ni;
    two_stale_q <= one_stale;
    two_index_q <= one_index_q;
    two_bundle_q <= one_bundle_q;
    two_hints_q <= one_hints_q;
    two_next_q <= {|next[vliw_pkg::PC_W-1:IndexW], next[IndexW-1:0]};
    two_flag_q <= flags_q[one_index_q[HELD_W-1:0]];
    two_flipped_q <= write_flag && write_flag_at == one_index_q[HELD_W-1:0];
    two_flip_q <= write_flag_bit;
    was_q <= mark_o;
    was_stale_q <= two_stale;
    was_index_q <= two_index_q;
  end

  assign one_stale = one_stale_q || (drop_i && drop_index_i == one_index_q);
  assign two_stale = two_stale_q || (drop_i && drop_index_i == two_index_q);
  assign soon_o = one_q && !one_stale;
  assign soon_index_o = one_index_q;
  assign mark_o = two_q;
  assign mark_index_o = two_index_q;
  assign two_flag = (two_flipped_q ? two_flip_q : two_flag_q) ^ two_stale;

  always_ff @(posedge clk_i) begin
    if (mark_o) begin
      bundles_q[two_index_q[HELD_W-1:0]] <= two_bundle_q;
      next_q[two_index_q[HELD_W-1:0]] <= two_next_q;
      hints_q[two_index_q[HELD_W-1:0]] <= two_hints_q;
    end
  end

  // --- look
  always_ff @(posedge clk_i) begin
    look_index_q <= look_index_i;
    look_tag_q <= tags_q[look_index_i[HELD_W-1:0]];
    look_flag_q <= flags_q[look_index_i[HELD_W-1:0]];
  end

  always_comb begin
    look_hit_o = look_tag_q.tag == look_index_q[IndexW-1:HELD_W] && look_tag_q.flag == look_flag_q;
    // what has been written since
    if (was_q && was_index_q[HELD_W-1:0] == look_index_q[HELD_W-1:0]) begin
      look_hit_o = was_index_q == look_index_q && !was_stale_q;
    end
    if (mark_o && two_index_q[HELD_W-1:0] == look_index_q[HELD_W-1:0]) begin
      look_hit_o = two_index_q == look_index_q && !two_stale;
    end
  end

  // --- drop: not if its place is given to another meanwhile
  always_ff @(posedge clk_i) begin
    found_q <= drop_i && !(mark_o && two_index_q[HELD_W-1:0] == drop_index_i[HELD_W-1:0]) && rst_ni;
    found_index_q <= drop_index_i;
    found_tag_q <= tags_q[drop_index_i[HELD_W-1:0]];
    found_flag_q <= flags_q[drop_index_i[HELD_W-1:0]];
    gone_q <= found_q && !(mark_o && two_index_q[HELD_W-1:0] == found_index_q[HELD_W-1:0]) &&
              found_tag_q.tag == found_index_q[IndexW-1:HELD_W] && found_tag_q.flag == found_flag_q && rst_ni;
    gone_at_q <= found_index_q[HELD_W-1:0];
    gone_flag_q <= !found_tag_q.flag;
  end

  assign gone = gone_q && !(mark_o && two_index_q[HELD_W-1:0] == gone_at_q);

  // --- tags
  always_ff @(posedge clk_i) begin
    if (clearing_q) clear_q <= clear_q + 1'b1;
    if (&clear_q) clearing_q <= 1'b0;
    if (!rst_ni) begin
      clearing_q <= 1'b1;
      clear_q <= '0;
    end
  end

  assign ready_o = !clearing_q;
  assign write_tag = mark_o || clearing_q;
  assign write_tag_at = clearing_q ? clear_q : two_index_q[HELD_W-1:0];
  assign write_tag_word = clearing_q ? '0 : {two_index_q[IndexW-1:HELD_W], two_flag};
  assign write_flag = gone || clearing_q;
  assign write_flag_at = clearing_q ? clear_q : gone_at_q;
  assign write_flag_bit = clearing_q || gone_flag_q;

  always_ff @(posedge clk_i) begin
    if (write_tag) tags_q[write_tag_at] <= write_tag_word;
    if (write_flag) flags_q[write_flag_at] <= write_flag_bit;
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, index_i, index_high_i, one_branch_q};
endmodule

`default_nettype wire
