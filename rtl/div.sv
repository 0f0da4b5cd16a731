// SPDX-License-Identifier: MIT
// Iterative divider, one quotient bit a cycle. It runs on by itself while the machine is stalled.
//   start in EX of cycle t: operands arrive in M (t+1), magnitudes at the end of it, 32 steps t+2..t+33, sign and
//   choice in t+34, result usable in EX from t + DIV_CYCLES on. A new start discards the division that is running.
// RISC-V rules: x / 0 = -1, x % 0 = x, most negative / -1 = most negative, rest 0.
`default_nettype none

module div (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         start_ex_i,   // a division starts: in the last EX cycle ...
  input  wire         start_i,      // ... and in the first M cycle
  // one of them: the bundle in M traps, no start (and whoever reads is dead, so busy_q need not know)
  input  wire  [4:0]  kills_i,
  input  wire         rem_i,
  input  wire         signed_i,
  input  wire  [31:0] a_i,
  input  wire  [31:0] b_i,
  output logic        busy_o,       // a result read now must wait
  output logic [31:0] result_o
);
  logic        kill;
  logic        start;
  logic [5:0]  step_q;              // 32..1 steps to go, then 0; SIGN: last cycle
  logic        running_q;           // steps or the sign are to come
  logic        busy_q;
  logic        sign_q;
  logic        rem_q;
  logic        neg_q;
  logic [31:0] divisor_q;
  logic [31:0] rest_q;
  logic [31:0] quotient_q;          // dividend moves out, quotient in
  logic [32:0] trial;
  logic [31:0] chosen;

  any_of #(.Width(5)) u_kill (.flags_i(kills_i), .any_o(kill));
  assign start = start_i & ~kill;
  assign busy_o = busy_q;
  assign trial = {rest_q, quotient_q[31]} - {1'b0, divisor_q};
  assign chosen = rem_q ? rest_q : quotient_q;

  always_ff @(posedge clk_i) begin
    sign_q <= (step_q == 6'd1) & ~start;
    if (sign_q) running_q <= 1'b0;
    busy_q <= start_ex_i | start_i | (running_q & ~sign_q);
    // no multiplexer, for it would become a reset, which waits for the trap signals
    step_q <= ({6{start}} & 6'd32) | ({6{~start}} & (step_q - {5'd0, step_q != 6'd0}));
    // a start that is killed may do a step too many, after the last: nobody looks then
    if (start_i || running_q) begin
      rest_q <= trial[32] ? {rest_q[30:0], quotient_q[31]} : trial[31:0];
      quotient_q <= {quotient_q[30:0], ~trial[32]};
    end
    if (sign_q) result_o <= neg_q ? 32'd0 - chosen : chosen;
    if (start) begin
      running_q <= 1'b1;
      rem_q <= rem_i;
      // the quotient by zero comes out as all ones, which must not be negated
      neg_q <= signed_i & (rem_i ? a_i[31] : (a_i[31] ^ b_i[31]) & (b_i != 32'd0));
      divisor_q <= (signed_i & b_i[31]) ? 32'd0 - b_i : b_i;
      quotient_q <= (signed_i & a_i[31]) ? 32'd0 - a_i : a_i;
      rest_q <= 32'd0;
    end
    if (!rst_ni) begin
      step_q <= 6'd0;
      running_q <= 1'b0;
      busy_q <= 1'b0;
      sign_q <= 1'b0;
      result_o <= 32'd0;
    end
  end

endmodule

`default_nettype wire
