// SPDX-License-Identifier: MIT
// What code_mem.sv keeps beside a bundle, for bundles that the harness puts there itself. By the same functions.
`default_nettype none

module predecode #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_WIDE_CODE_BUNDLES,
  localparam int unsigned IndexW = $clog2(Bundles)
) (
  input  wire  [vliw_pkg::WORDS_W-1:0] bundle_i,
  input  wire  [vliw_pkg::PC_W-1:0]    index_i,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_o,
  output logic [IndexW:0]              next_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int OP_W = int'(vliw_pkg::OP_DECODE_BITS);
  localparam int BRANCH = int'(vliw_pkg::BRANCH);

  logic [SLOTS*OP_W-1:0]     ops;
  vliw_pkg::op_decode_t      below;       // the operation below the branch slot
  vliw_pkg::op_decode_t      branch;
  logic [vliw_pkg::PC_W-1:0] next;

  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
    vliw_pkg::op_decode_t op;
    assign op = vliw_pkg::op_decode(bundle_i[32*s +: 32], vliw_pkg::SLOT_W'(s));
    assign ops[OP_W*s +: OP_W] = op;
    assign hints_o[int'(core_pkg::HINT_W)*s +: core_pkg::HINT_W] = core_pkg::hint_of(op);
  end
  assign below = ops[OP_W*(BRANCH-1) +: OP_W];
  assign branch = ops[OP_W*BRANCH +: OP_W];
  assign next = core_pkg::native_next(branch, core_pkg::above_literal(BRANCH) & below.is_literal, index_i);
  assign next_o = {|next[vliw_pkg::PC_W-1:IndexW], next[IndexW-1:0]};

  logic unused_bits;
  assign unused_bits = &{1'b0, below, branch, ops};
endmodule

`default_nettype wire
