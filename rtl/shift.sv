// SPDX-License-Identifier: MIT
// Barrel shifter: one right shifter, left shifts by reversing before and after. With Registered the first half is done
// in EX and the second in M (enable_i belongs to the second half's stage), else all is combinational. 0 when not
// enabled.
`default_nettype none

module shift #(
  parameter bit Registered = 1'b0
) (
  input  wire         clk_i,
  input  wire         ce_i,
  input  wire         enable_i,
  input  wire         left_i,
  input  wire         arith_i,
  input  wire  [31:0] a_i,
  input  wire  [4:0]  amount_i,
  output logic [31:0] result_o
);
  typedef struct packed {
    logic        left;
    logic        fill;
    logic [2:0]  amount;    // upper bits
    logic [31:0] value;
  } half_t;

  logic [31:0] in;
  half_t       first;
  half_t       half;
  logic [31:0] s2;
  logic [31:0] s3;

  always_comb begin
    for (int i = 0; i < 32; i++) in[i] = left_i ? a_i[31-i] : a_i[i];
    first.left = left_i;
    first.fill = arith_i & a_i[31];
    first.amount = amount_i[4:2];
    case (amount_i[1:0])
      2'd0:    first.value = in;
      2'd1:    first.value = {first.fill, in[31:1]};
      2'd2:    first.value = {{2{first.fill}}, in[31:2]};
      default: first.value = {{3{first.fill}}, in[31:3]};
    endcase
  end

  if (Registered) begin : gen_register
    half_t half_q;
    always_ff @(posedge clk_i) begin
      if (ce_i) half_q <= first;
    end
    assign half = half_q;
  end else begin : gen_none
    logic unused_clock;
    assign unused_clock = &{1'b0, clk_i, ce_i};
    assign half = first;
  end

  always_comb begin
    case (half.amount[1:0])
      2'd0:    s2 = half.value;
      2'd1:    s2 = {{4{half.fill}}, half.value[31:4]};
      2'd2:    s2 = {{8{half.fill}}, half.value[31:8]};
      default: s2 = {{12{half.fill}}, half.value[31:12]};
    endcase
    s3 = half.amount[2] ? {{16{half.fill}}, s2[31:16]} : s2;
    for (int i = 0; i < 32; i++) result_o[i] = enable_i & (half.left ? s3[31-i] : s3[i]);
  end
endmodule

`default_nettype wire
