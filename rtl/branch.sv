// SPDX-License-Identifier: MIT
// Slot 3's branch unit in EX: does control leave the predicted path, and where to.
// Combinational; control.sv registers what it says and acts on it in M.
`default_nettype none

module branch (
  input  wire core_pkg::branch_ctl_t ctl_i,
  input  wire  [31:0]                a_i,
  input  wire  [31:0]                b_i,
  input  wire  [core_pkg::PC_W-1:0]  other_i,    // the way that was not predicted
  output logic                       miss_o,     // a conditional branch against its prediction
  output logic                       redirect_o,
  output logic [core_pkg::PC_W-1:0]  target_o,
  output logic                       bad_o       // target is no native address
);
  logic        less;
  logic        holds;
  logic [32:0] diff;

  always_comb begin
    diff = {1'b0, a_i} - {1'b0, b_i};
    less = (ctl_i.is_signed && (a_i[31] ^ b_i[31])) ? a_i[31] : diff[32];
    holds = ctl_i.less ? less : a_i == b_i;
    miss_o = ctl_i.conditional & (holds ~^ ctl_i.expect_no);
    redirect_o = miss_o | ctl_i.jump_reg;
    target_o = ctl_i.jump_reg ? a_i[24:4] : other_i;
    bad_o = ctl_i.jump_reg & ({a_i[31:25], a_i[3:0]} !=
                              {vliw_pkg::MEM_CODE_BASE[31:25], vliw_pkg::MEM_CODE_BASE[3:0]});
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, diff[31:0], ctl_i.enter};
endmodule

`default_nettype wire
