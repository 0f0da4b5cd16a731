// SPDX-License-Identifier: MIT
// The event counters (csrs.def: COUNTER), 64 bits each. They lag the machine so that a csrr reads what held before its own bundle.
// Counters of bundles count in M2 and are read in M2 (event_value_o). Counters of cycles run through stalls, lag by one cycle
// and are read in the first M cycle (cycle_value_o).
`default_nettype none

module counters (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         ce_i,
  // events
  input  wire         execute_i,        // a bundle that is not killed is in EX
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
  // reads: counter number - CSR_CYCLES, bit 0 = high word
  input  wire  [4:0]  select_m_i,
  output logic [31:0] cycle_value_o,
  input  wire  [4:0]  select_m2_i,
  output logic [31:0] event_value_o,
  // low word of CYCLES as of the last cycle, and platform time
  output logic [31:0] cycles_o,
  output logic [63:0] ticks_o
);
  localparam int unsigned CLOCKS_PER_TICK = 10;   // nominal 100 MHz, 10 MHz platform time

  logic        started_q;
  logic        guest_last_q;
  logic        guest_cycle;
  logic        guest_cycle_q;
  logic        stalled_q;
  logic [3:0]  phase_q;
  logic [63:0] ticks_q;
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
  logic [63:0] selected;
  logic [63:0] event_selected;
  logic        bundle_guest_m2_q;
  logic        commit_fw_m2_q;
  logic        commit_guest_m2_q;
  logic        branch_miss_m2_q;
  logic        rollback_m2_q;
  logic [20:0] insns_m2_q;

  assign guest_cycle = execute_i ? guest_i : guest_last_q;

  always_comb begin
    case ({3'b010, select_m_i[4:1], 1'b0})
      vliw_pkg::CSR_CYCLES:       selected = cycles_q;
      vliw_pkg::CSR_CYCLES_GUEST: selected = cycles_guest_q;
      vliw_pkg::CSR_STALLS:       selected = stalls_q;
      default:                    selected = 64'd0;
    endcase
    cycle_value_o = select_m_i[0] ? selected[63:32] : selected[31:0];
    case ({3'b010, select_m2_i[4:1], 1'b0})
      vliw_pkg::CSR_BUNDLES_GUEST: event_selected = bundles_guest_q;
      vliw_pkg::CSR_INSNS_FW:      event_selected = insns_fw_q;
      vliw_pkg::CSR_INSNS_GUEST:   event_selected = insns_guest_q;
      vliw_pkg::CSR_COMMITS_GUEST: event_selected = commits_guest_q;
      vliw_pkg::CSR_BRANCH_MISSES: event_selected = branch_misses_q;
      vliw_pkg::CSR_ROLLBACKS:     event_selected = rollbacks_q;
      vliw_pkg::CSR_JT_HITS:       event_selected = jt_hits_q;
      vliw_pkg::CSR_JT_MISSES:     event_selected = jt_misses_q;
      default:                     event_selected = 64'd0;
    endcase
    event_value_o = select_m2_i[0] ? event_selected[63:32] : event_selected[31:0];
  end

  always_ff @(posedge clk_i) begin
    if (execute_i) started_q <= 1'b1;
    guest_last_q <= guest_cycle;
    guest_cycle_q <= guest_cycle;
    stalled_q <= stalled_i & (started_q | execute_i);
    if (started_q) begin
      cycles_q <= cycles_q + 64'd1;
      phase_q <= (phase_q == 4'(CLOCKS_PER_TICK - 1)) ? 4'd0 : phase_q + 4'd1;
      if (phase_q == 4'(CLOCKS_PER_TICK - 1)) ticks_q <= ticks_q + 64'd1;
    end
    if (guest_cycle_q) cycles_guest_q <= cycles_guest_q + 64'd1;
    if (stalled_q) stalls_q <= stalls_q + 64'd1;
    if (ce_i) begin
      bundle_guest_m2_q <= bundle_guest_m_i;
      commit_fw_m2_q <= commit_fw_m_i;
      commit_guest_m2_q <= commit_guest_m_i;
      branch_miss_m2_q <= branch_miss_m_i;
      rollback_m2_q <= rollback_m_i;
      insns_m2_q <= insns_m_i;
      if (bundle_guest_m2_q) bundles_guest_q <= bundles_guest_q + 64'd1;
      if (commit_fw_m2_q) insns_fw_q <= insns_fw_q + {43'd0, insns_m2_q};
      if (commit_guest_m2_q) insns_guest_q <= insns_guest_q + {43'd0, insns_m2_q};
      if (commit_guest_m2_q) commits_guest_q <= commits_guest_q + 64'd1;
      if (branch_miss_m2_q) branch_misses_q <= branch_misses_q + 64'd1;
      if (rollback_m2_q) rollbacks_q <= rollbacks_q + 64'd1;
      if (jt_hit_m2_i) jt_hits_q <= jt_hits_q + 64'd1;
      if (jt_miss_m2_i) jt_misses_q <= jt_misses_q + 64'd1;
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
      phase_q <= 4'd0;
      ticks_q <= 64'd0;
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
  assign ticks_o = ticks_q;
endmodule

`default_nettype wire
