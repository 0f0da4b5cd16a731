// SPDX-License-Identifier: MIT
// Add, subtract, compare and bitwise operations of one slot. Combinational; the result is 0 when nothing is
// selected, so that the slot can OR it with other results.
`default_nettype none

module alu (
  input  wire core_pkg::alu_ctl_t ctl_i,
  input  wire  [31:0] a_i,
  input  wire  [31:0] b_i,
  input  wire  [31:0] addend_i,   // b, inverted for a subtraction
  output logic [31:0] result_o
);
  logic [32:0] sum;
  logic [31:0] bits;

  always_comb begin
    // Without borrow (carry set) a >= b; signed: as unsigned with the top bits turned, for then the sum is not wanted.
    sum = {1'b0, a_i[31] ^ ctl_i.is_signed, a_i[30:0]} + {1'b0, addend_i[31] ^ ctl_i.is_signed, addend_i[30:0]} + {32'd0, ctl_i.sub};
    case (ctl_i.fn)
      2'd0:    bits = a_i & b_i;
      2'd1:    bits = a_i | b_i;
      2'd2:    bits = a_i ^ b_i;
      default: bits = b_i;
    endcase
    result_o = ({32{ctl_i.add}} & sum[31:0]) | ({32{ctl_i.bitwise}} & bits) | {31'd0, ctl_i.lt & ~sum[32]};
  end
endmodule

`default_nettype wire
