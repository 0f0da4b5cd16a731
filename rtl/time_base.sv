// SPDX-License-Identifier: MIT
// The platform's time: ticks of TICK_HZ, whatever the core's clock is or a governor makes of it. Each cycle of the
// board's clock is num_i / den_i of a tick, so after n of them ticks_o is n * num_i / den_i, rounded down. clk_i is the
// board's clock itself, never gated or slowed; the core's clock is made of its edges, so the core may read ticks_o as
// it is.
`default_nettype none

module time_base (
  input  wire         clk_i,
  input  wire         run_i,     // 0: time is 0
  input  wire  [15:0] num_i,     // constant, less than den_i
  input  wire  [15:0] den_i,
  output logic [63:0] ticks_o
);
  logic [15:0] phase_q;          // of the next cycle: (n + 1) * num modulo den
  logic        carry_q;          // the next cycle's ticks are one more
  logic [63:0] ticks_q;
  logic [16:0] sum;
  logic [16:0] over;

  assign sum = {1'b0, phase_q} + {1'b0, num_i};
  assign over = sum - {1'b0, den_i};

  always_ff @(posedge clk_i) begin
    phase_q <= over[16] ? sum[15:0] : over[15:0];
    carry_q <= ~over[16];
    ticks_q <= ticks_q + {63'd0, carry_q};
    if (!run_i) begin
      phase_q <= num_i;
      carry_q <= 1'b0;
      ticks_q <= 64'd0;
    end
  end

  assign ticks_o = ticks_q;
endmodule

`default_nettype wire
