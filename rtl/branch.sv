// SPDX-License-Identifier: MIT
// The branch unit in EX: does control leave the predicted path, and where to.
// Combinational; control.sv registers what it says and acts on it in M.
`default_nettype none

module branch (
  input  wire core_pkg::branch_ctl_t ctl_i,
  input  wire  [31:0]                a_i,
  input  wire  [31:0]                b_i,
  input  wire  [vliw_pkg::PC_W-1:0]  other_i,    // the way that was not predicted
  input  wire                        dead_i,     // nothing in EX may act
  input  wire                        other_take_i, // go there, whatever is in EX (ctl_i is 0)
  output logic                       miss_o,     // a conditional branch against its prediction
  output logic                       redirect_o,
  output logic [vliw_pkg::PC_W-1:0]  target_o,
  output logic                       bad_o       // target is no native address
);
  logic [32:0] diff;
  logic [31:0] a;
  logic [31:0] b;
  logic        equal;
  logic        live;          // a conditional branch

  same #(.Width(32)) u_equal (.a_i, .b_i, .same_o(equal));

  decide u_miss (
    .early_i(live & ~ctl_i.expect_no), .carry_i(diff[32]), .by_carry_i(live & ctl_i.less),
    .equal_i(equal), .by_equal_i(live & ~ctl_i.less), .yes_o(miss_o)
  );
  decide u_redirect (
    .early_i((live & ~ctl_i.expect_no) | (ctl_i.jump_reg & ~dead_i) | other_take_i), .carry_i(diff[32]),
    .by_carry_i(live & ctl_i.less),
    .equal_i(equal), .by_equal_i(live & ~ctl_i.less), .yes_o(redirect_o)
  );

  always_comb begin
    // signed: as unsigned with the top bits turned
    a = {a_i[31] ^ ctl_i.is_signed, a_i[30:0]};
    b = {b_i[31] ^ ctl_i.is_signed, b_i[30:0]};
    diff = {1'b0, a} - {1'b0, b};
    live = ctl_i.conditional & ~dead_i;
    target_o = ctl_i.jump_reg ? a_i[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB] : other_i;
    bad_o = ctl_i.jump_reg & (core_pkg::native_address(a_i[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB]) != a_i);
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, diff[31:0], ctl_i.enter};
endmodule

`default_nettype wire
