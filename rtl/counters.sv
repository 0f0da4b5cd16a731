// SPDX-License-Identifier: MIT
// The event counters (csrs.def: COUNTER), 64 bits each. They lag the machine so that a csrr reads what held before its
// own bundle. Counters of bundles count in M2 and are read in M2 (event_value_o). Counters of cycles run through
// stalls, lag by one cycle and are read in the first M cycle (cycle_value_o).
`default_nettype none

module counters (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         ce_i,
  // events
  input  wire         execute_i,        // a bundle that is not killed is in EX, even one that is not there
  input  wire         guest_i,          // mode of the bundle in EX
  input  wire         stalled_i,
  input  wire         bundle_guest_m_i,
  input  wire         commit_fw_m_i,
  input  wire         commit_guest_m_i,
  input  wire  [20:0] insns_m_i,
  input  wire         branch_miss_m_i,
  input  wire         rollback_m_i,
  input  wire         jt_hit_m2_i,
  input  wire         jt_miss_m2_i,
  // reads, one hot: low and high word of CYCLES, CYCLES_GUEST, STALLS; and of the events in the order of CSR numbers
  input  wire  [5:0]  select_m_i,
  output logic [31:0] cycle_value_o,
  input  wire  [15:0] select_m2_i,
  output logic [31:0] event_value_o,
  // low word of CYCLES as of the last cycle, and whether it runs
  output logic [31:0] cycles_o,
  output logic        started_o
);
  localparam int unsigned EVENTS = 8;

  logic        started_q;
  logic        guest_last_q;
  logic        guest_cycle;
  logic        guest_cycle_q;
  logic        stalled_q;
  logic [63:0] cycles_q;
  logic [63:0] cycles_guest_q;
  logic [63:0] bundles_guest_q;
  logic [63:0] insns_fw_q;
  logic [63:0] insns_guest_q;
  logic [63:0] commits_guest_q;
  logic [63:0] branch_misses_q;
  logic [63:0] jt_hits_q;
  logic [63:0] jt_misses_q;
  logic [63:0] rollbacks_q;
  logic [63:0] stalls_q;
  logic [64*EVENTS-1:0] events;
  logic [63:0] jt_hits_next;
  logic [63:0] jt_misses_next;
  logic        bundle_guest_m2_q;
  logic        commit_fw_m2_q;
  logic        commit_guest_m2_q;
  logic        branch_miss_m2_q;
  logic        rollback_m2_q;
  logic [20:0] insns_m2_q;

  assign events = {rollbacks_q, jt_misses_q, jt_hits_q, branch_misses_q, commits_guest_q, insns_guest_q, insns_fw_q,
    bundles_guest_q};
  assign jt_hits_next = jt_hits_q + 64'd1;
  assign jt_misses_next = jt_misses_q + 64'd1;
  assign guest_cycle = execute_i ? guest_i : guest_last_q;

  always_comb begin
    cycle_value_o = ({32{select_m_i[0]}} & cycles_q[31:0]) | ({32{select_m_i[1]}} & cycles_q[63:32]) |
                    ({32{select_m_i[2]}} & cycles_guest_q[31:0]) | ({32{select_m_i[3]}} & cycles_guest_q[63:32]) |
                    ({32{select_m_i[4]}} & stalls_q[31:0]) | ({32{select_m_i[5]}} & stalls_q[63:32]);
    event_value_o = 32'd0;
    for (int k = 0; k < EVENTS; k++) begin
      event_value_o = event_value_o | ({32{select_m2_i[2*k]}} & events[64*k +: 32]) |
        ({32{select_m2_i[2*k + 1]}} & events[64*k + 32 +: 32]);
    end
  end

  always_ff @(posedge clk_i) begin
    if (execute_i) started_q <= 1'b1;
    guest_last_q <= guest_cycle;
    guest_cycle_q <= guest_cycle;
    stalled_q <= stalled_i & (started_q | execute_i);
    if (started_q) cycles_q <= cycles_q + 64'd1;
    if (guest_cycle_q) cycles_guest_q <= cycles_guest_q + 64'd1;
    if (stalled_q) stalls_q <= stalls_q + 64'd1;
    if (ce_i) begin
      bundle_guest_m2_q <= bundle_guest_m_i;
      commit_fw_m2_q <= commit_fw_m_i;
      commit_guest_m2_q <= commit_guest_m_i;
      branch_miss_m2_q <= branch_miss_m_i;
      rollback_m2_q <= rollback_m_i;
      insns_m2_q <= insns_m_i;
      // sums in every cycle: clock enables that wait for ce_i and more would be late; hit and miss come too late for a
      // carry chain
      bundles_guest_q <= bundles_guest_q + {63'd0, bundle_guest_m2_q};
      insns_fw_q <= insns_fw_q + {43'd0, insns_m2_q & {21{commit_fw_m2_q}}};
      insns_guest_q <= insns_guest_q + {43'd0, insns_m2_q & {21{commit_guest_m2_q}}};
      commits_guest_q <= commits_guest_q + {63'd0, commit_guest_m2_q};
      branch_misses_q <= branch_misses_q + {63'd0, branch_miss_m2_q};
      rollbacks_q <= rollbacks_q + {63'd0, rollback_m2_q};
      jt_hits_q <= jt_hits_q ^ ((jt_hits_q ^ jt_hits_next) & {64{jt_hit_m2_i}});
      jt_misses_q <= jt_misses_q ^ ((jt_misses_q ^ jt_misses_next) & {64{jt_miss_m2_i}});
    end
    if (!rst_ni) begin
      started_q <= 1'b0;
      bundle_guest_m2_q <= 1'b0;
      commit_fw_m2_q <= 1'b0;
      commit_guest_m2_q <= 1'b0;
      branch_miss_m2_q <= 1'b0;
      rollback_m2_q <= 1'b0;
      guest_last_q <= 1'b0;
      guest_cycle_q <= 1'b0;
      stalled_q <= 1'b0;
      cycles_q <= 64'd0;
      cycles_guest_q <= 64'd0;
      bundles_guest_q <= 64'd0;
      insns_fw_q <= 64'd0;
      insns_guest_q <= 64'd0;
      commits_guest_q <= 64'd0;
      branch_misses_q <= 64'd0;
      jt_hits_q <= 64'd0;
      jt_misses_q <= 64'd0;
      rollbacks_q <= 64'd0;
      stalls_q <= 64'd0;
    end
  end

  assign cycles_o = cycles_q[31:0];
  assign started_o = started_q;
endmodule

`default_nettype wire
