// SPDX-License-Identifier: MIT
// Simulation only: what the memory system does, in the order of MEMORY_COUNTER in csrs.def. A bundle that is not in the
// I$ counts its 3 bubbles and its own cycle when its jump to itself comes to M, and the cycles that it waits there.
`default_nettype none

module memory_counts (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         on_i,            // the machine has begun
  // code
  input  wire         want_i,
  input  wire         want_guest_i,
  input  wire         asks_i,
  input  wire         ahead_i,
  input  wire         second_i,
  // data
  input  wire         frozen_i,
  input  wire         miss_i,
  input  wire         miss_guest_i,
  input  wire         write_back_i,
  // chip
  input  wire         chip_busy_i
);
  localparam int COUNTERS = 12;

  logic [63:0] counts_q[COUNTERS] /* verilator public_flat_rd */;
  logic        wanted_q;
  logic [63:0] waited;

  assign waited = (want_i && !wanted_q ? 64'd4 : 64'd0) + (want_i && !frozen_i ? 64'd1 : 64'd0);

  always_ff @(posedge clk_i) begin
    wanted_q <= want_i;
    if (on_i) begin
      counts_q[0] <= counts_q[0] + 64'(asks_i);
      counts_q[1] <= counts_q[1] + 64'(asks_i & want_guest_i);
      counts_q[2] <= counts_q[2] + waited;
      counts_q[3] <= counts_q[3] + (want_guest_i ? waited : 64'd0);
      counts_q[4] <= counts_q[4] + 64'(ahead_i);
      counts_q[5] <= counts_q[5] + 64'(second_i);
      counts_q[6] <= counts_q[6] + 64'(miss_i);
      counts_q[7] <= counts_q[7] + 64'(miss_i & miss_guest_i);
      counts_q[8] <= counts_q[8] + 64'(frozen_i);
      counts_q[9] <= counts_q[9] + 64'(frozen_i & miss_guest_i);
      counts_q[10] <= counts_q[10] + 64'(write_back_i);
      counts_q[11] <= counts_q[11] + 64'(chip_busy_i);
    end
    if (!rst_ni) begin
      for (int i = 0; i < COUNTERS; i++) counts_q[i] <= 64'd0;
    end
  end
endmodule

`default_nettype wire
