// SPDX-License-Identifier: MIT
// F: code memory is read in every cycle; beside each bundle it holds the index of the predicted successor, which goes
// straight back as the next index (twice, each for half of the memory: the way is long), so right predictions and
// direct jumps cost nothing. A redirect from M overrides.
//   redirect in t: index presented at the end of t, bundle comes out in t+1 (F), is in D in t+2 and in EX in t+3.
// Outside the fitted code memory (or at an address that is none) what is handed on is a bundle with fault set. The code
// memory knows only "outside"; the pc of such a bundle is rebuilt by control.sv from the bundle before it.
// A bundle that the instruction cache does not have is handed on as well (miss_d_o): in EX it is a jump to itself.
`default_nettype none

module fetch #(
  parameter int unsigned IndexW = 9
) (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // code memory: index presented, bundle and successor of the last index back
  output logic [IndexW-1:0]         imem_index_o,
  output logic [IndexW-1:0]         imem_index_high_o, // the same
  input  wire  [vliw_pkg::WORDS_W-1:0] imem_bundle_i,
  input  wire  [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] imem_hints_i,
  input  wire  [IndexW:0]           imem_next_i,    // top bit: outside
  input  wire  [IndexW-1:0]         imem_next_high_i, // the same
  input  wire                       imem_miss_i,    // they are not those of that index
  // control
  input  wire                       flush_i,        // kill what is in F (and stop, unless redirected)
  input  wire                       follow_i,       // not redirected
  input  wire  [vliw_pkg::PC_W-1:0] redirect_pc_i,  // 0 if not redirected
  input  wire                       redirect_bad_i,
  // decode
  output logic                      valid_d_o,
  output logic                      fault_d_o,
  output logic                      miss_d_o,       // not what stands at pc_d_o
  output logic [vliw_pkg::PC_W-1:0] pc_d_o,
  // outside: its pc is what the bundle now in EX predicted, not pc_d_o
  output logic                      after_ex_d_o,
  output logic [vliw_pkg::WORDS_W-1:0] bundle_d_o,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_d_o,
  // the operands' indexes in their banks (operand p at [RD_W*p +: RD_W]) twice more: one register for all banks'
  // addresses has too many loads to be fast
  output logic [2*vliw_pkg::INDEXES_W-1:0] index_a_d_o,
  output logic [2*vliw_pkg::INDEXES_W-1:0] index_b_d_o
);
  localparam int RD_W = int'(vliw_pkg::RD_W);
  localparam int RS1_INDEX_LSB = int'(vliw_pkg::RS1_AT + vliw_pkg::SLOT_W);   // a register number is {index, bank}
  localparam int RS2_INDEX_LSB = int'(vliw_pkg::RS2_AT + vliw_pkg::SLOT_W);

  logic [IndexW-1:0]         index_q;
  logic                      valid_q;
  logic                      outside_q;
  logic                      bad_q;
  logic                      redirected_q;
  logic [vliw_pkg::PC_W-1:0] redirect_pc_q;
  logic                      valid_d_q;
  logic                      fault_d_q;
  logic                      miss_d_q;
  logic [vliw_pkg::PC_W-1:0] pc_d_q;
  logic [vliw_pkg::WORDS_W-1:0] bundle_d_q;
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_d_q;
  (* keep *)
  logic [2*vliw_pkg::INDEXES_W-1:0] index_a_d_q;
  (* keep *)
  logic [2*vliw_pkg::INDEXES_W-1:0] index_b_d_q;
  logic                      whole;          // redirect_pc_q is the pc, and not only its low bits
  logic                      after_ex_d_q;

  late_merge #(.Width(IndexW)) u_merge (
    .early_i(redirect_pc_i[IndexW-1:0]), .take_i(follow_i), .word_i(imem_next_i[IndexW-1:0]),
    .other_i(1'b0), .other_word_i('0), .merged_o(imem_index_o)
  );
  late_merge #(.Width(IndexW)) u_merge_high (
    .early_i(redirect_pc_i[IndexW-1:0]), .take_i(follow_i), .word_i(imem_next_high_i),
    .other_i(1'b0), .other_word_i('0), .merged_o(imem_index_high_o)
  );

  assign whole = bad_q | (redirected_q & (|redirect_pc_q[vliw_pkg::PC_W-1:IndexW]));

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      index_q <= imem_index_o;
      valid_q <= ~follow_i | (valid_q & ~flush_i);
      outside_q <= follow_i & imem_next_i[IndexW];
      bad_q <= redirect_bad_i;
      redirected_q <= ~follow_i;
      redirect_pc_q <= redirect_pc_i;
      valid_d_q <= valid_q & ~flush_i;
      fault_d_q <= outside_q | whole;
      miss_d_q <= imem_miss_i & ~outside_q & ~whole;
      // index_q is a part of redirect_pc_q
      pc_d_q <= vliw_pkg::PC_W'(index_q) | (redirect_pc_q & {vliw_pkg::PC_W{whole}});
      after_ex_d_q <= outside_q;
      bundle_d_q <= imem_bundle_i;
      hints_d_q <= imem_hints_i;
      for (int s = 0; s < int'(vliw_pkg::SLOTS); s++) begin
        index_a_d_q[2*RD_W*s +: 2*RD_W] <= {imem_bundle_i[32*s + RS2_INDEX_LSB +: RD_W],
          imem_bundle_i[32*s + RS1_INDEX_LSB +: RD_W]};
        index_b_d_q[2*RD_W*s +: 2*RD_W] <= {imem_bundle_i[32*s + RS2_INDEX_LSB +: RD_W],
          imem_bundle_i[32*s + RS1_INDEX_LSB +: RD_W]};
      end
    end
    if (!rst_ni) begin
      valid_q <= 1'b0;
      valid_d_q <= 1'b0;
    end
  end

  assign valid_d_o = valid_d_q;
  assign fault_d_o = fault_d_q;
  assign miss_d_o = miss_d_q;
  assign pc_d_o = pc_d_q;
  assign after_ex_d_o = after_ex_d_q;
  assign bundle_d_o = bundle_d_q;
  assign hints_d_o = hints_d_q;
  assign index_a_d_o = index_a_d_q;
  assign index_b_d_o = index_b_d_q;
endmodule

`default_nettype wire
