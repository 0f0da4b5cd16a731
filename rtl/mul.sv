// SPDX-License-Identifier: MIT
// 32 x 32 multiplier, latency 3: operands registered in EX, four 17 x 17 signed products (DSP blocks) in M, their
// sum in M2, from where it goes to the result register. The top halves carry the sign bit (or 0), so one multiplier
// serves all signs; its operand registers are its own (keep), for the DSP blocks are far from the slot and slow. Three
// numbers overlap in the sum: one carry-save level, then one 48-bit adder.
`default_nettype none

module mul (
  input  wire         clk_i,
  input  wire         ce_i,
  input  wire         start_i,      // a multiplication is in EX
  input  wire         high_i,       // wanted: upper word
  input  wire         a_signed_i,
  input  wire         b_signed_i,
  input  wire  [31:0] a_i,
  input  wire  [31:0] b_i,
  output logic [31:0] low_o,        // in M2: the lower word; 0 when it is not wanted
  output logic        high_o,       // the upper word is wanted ...
  output logic [31:0] high_word_o   // ... and this; it comes late
);
  logic               valid_m_q;
  logic               low_m2_q;
  logic               high_m_q;
  logic               high_m2_q;
  (* keep *)
  logic signed [16:0] a_low_q;
  (* keep *)
  logic signed [16:0] a_high_q;
  (* keep *)
  logic signed [16:0] b_low_q;
  (* keep *)
  logic signed [16:0] b_high_q;
  logic signed [33:0] ll_q;
  logic signed [33:0] lh_q;
  logic signed [33:0] hl_q;
  logic signed [33:0] hh_q;
  logic [47:0]        x;
  logic [47:0]        y;
  logic [47:0]        z;
  logic [47:0]        sum;

  always_comb begin
    x = {hh_q[31:0], ll_q[31:16]};
    y = {{14{lh_q[33]}}, lh_q};
    z = {{14{hl_q[33]}}, hl_q};
    sum = (x ^ y ^ z) + {(x[46:0] & y[46:0]) | (x[46:0] & z[46:0]) | (y[46:0] & z[46:0]), 1'b0};
    low_o = {32{low_m2_q}} & {sum[15:0], ll_q[15:0]};
  end

  assign high_o = high_m2_q;
  assign high_word_o = sum[47:16];

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      a_low_q <= {1'b0, a_i[15:0]};
      a_high_q <= {a_signed_i & a_i[31], a_i[31:16]};
      b_low_q <= {1'b0, b_i[15:0]};
      b_high_q <= {b_signed_i & b_i[31], b_i[31:16]};
      valid_m_q <= start_i;
      high_m_q <= high_i;
      ll_q <= a_low_q * b_low_q;
      lh_q <= a_low_q * b_high_q;
      hl_q <= a_high_q * b_low_q;
      hh_q <= a_high_q * b_high_q;
      low_m2_q <= valid_m_q & ~high_m_q;
      high_m2_q <= valid_m_q & high_m_q;
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, ll_q[33:32], hh_q[33:32]};
endmodule

`default_nettype wire
