// SPDX-License-Identifier: MIT
// Barrel shifter, combinational: one right shifter, left shifts by reversing before and after.
`default_nettype none

module shift (
  input  wire         left_i,
  input  wire         arith_i,
  input  wire  [31:0] a_i,
  input  wire  [4:0]  amount_i,
  output logic [31:0] result_o
);
  logic [31:0] in;
  logic        fill;
  logic [31:0] s1;
  logic [31:0] s2;
  logic [31:0] s3;

  always_comb begin
    for (int i = 0; i < 32; i++) in[i] = left_i ? a_i[31-i] : a_i[i];
    fill = arith_i & a_i[31];
    case (amount_i[1:0])
      2'd0:    s1 = in;
      2'd1:    s1 = {fill, in[31:1]};
      2'd2:    s1 = {{2{fill}}, in[31:2]};
      default: s1 = {{3{fill}}, in[31:3]};
    endcase
    case (amount_i[3:2])
      2'd0:    s2 = s1;
      2'd1:    s2 = {{4{fill}}, s1[31:4]};
      2'd2:    s2 = {{8{fill}}, s1[31:8]};
      default: s2 = {{12{fill}}, s1[31:12]};
    endcase
    s3 = amount_i[4] ? {{16{fill}}, s2[31:16]} : s2;
    for (int i = 0; i < 32; i++) result_o[i] = left_i ? s3[31-i] : s3[i];
  end
endmodule

`default_nettype wire
