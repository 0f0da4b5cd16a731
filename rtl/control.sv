// SPDX-License-Identifier: MIT
// Where bundles live and die: valid bits and pcs of EX and M, traps, redirects, mode, commit, rollback.
//   EX of t   causes of a trap and the branch's outcome are found and registered
//   M  t+1    flush kills F, D and EX; fetch is redirected: first bundle of the new path is in EX in t+4 (3 bubbles)
// A guest-mode trap that finds a dirty home walks the shadow banks first (ROLLBACK_CYCLES more); results that were in flight
// have reached their banks by then. Dirty here means: written by a bundle issued since the last commit.
`default_nettype none

module control (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // D
  input  wire                       valid_d_i,
  input  wire  [core_pkg::PC_W-1:0] pc_d_i,
  input  wire                       after_ex_d_i,   // D's pc is what the bundle in EX predicted, instead
  input  wire  [core_pkg::PC_W-1:0] other_d_i,
  input  wire                       illegal_d_i,
  input  wire                       fault_d_i,
  output logic                      valid_d_o,      // the same without killed ones
  // EX
  input  wire vliw_pkg::op_decode_t op3_i,
  input  wire                       exit_i,
  input  wire  [20:0]               exit_number_i,
  input  wire                       commit_i,
  input  wire  [20:0]               insns_i,
  input  wire                       writes_home_i,
  input  wire                       timer_i,
  input  wire                       code_hit_i,
  input  wire                       misaligned0_i,
  input  wire                       access0_i,
  input  wire                       misaligned1_i,
  input  wire                       access1_i,
  input  wire                       store1_i,
  input  wire                       full1_i,
  input  wire                       miss_i,
  input  wire                       redirect_i,
  input  wire  [core_pkg::PC_W-1:0] target_i,
  input  wire                       bad_i,
  input  wire                       enter_i,
  output logic [core_pkg::PC_W-1:0] other_ex_o,
  output logic                      execute_o,      // a bundle that is not killed is in EX
  output logic                      dead_ex_o,      // the same without what a flush kills now
  output logic                      dead_o,         // none is, or an illegal one: nothing in EX may act
  // M
  input  wire  [31:0]               address0_m_i,
  input  wire  [31:0]               address1_m_i,
  input  wire  [core_pkg::PC_W-1:0] tvec_i,
  output logic                      flush_o,
  output logic                      trap_m_o,
  output logic [3:0]                cause_m_o,
  output logic [31:0]               trap_addr_m_o,
  output logic [core_pkg::PC_W-1:0] pc_m_o,
  output logic                      done_m_o,       // a bundle is in M and did not trap
  output logic                      commit_m_o,
  output logic                      commit_tried_m_o, // the same, but the bundle may trap
  output logic [20:0]               insns_m_o,
  output logic                      miss_m_o,
  output logic                      rollback_m_o,   // a rollback begins
  // fetch
  output logic                      redirect_o,
  output logic [core_pkg::PC_W-1:0] redirect_pc_o,
  output logic                      redirect_bad_o,
  // state
  output logic                      guest_o,
  output logic                      guest_late_o,   // mode of the results that are written now
  output logic                      walk_o,
  output logic [2:0]                walk_index_o
);
  localparam int unsigned WALK_FIRST = vliw_pkg::ROLLBACK_CYCLES - 1;

  // EX
  logic                      valid_ex_q;
  logic                      dead_ex_q;
  logic                      illegal_ex_q;
  logic                      fault_ex_q;
  logic [core_pkg::PC_W-1:0] pc_ex_q;
  logic [core_pkg::PC_W-1:0] other_ex_q;
  logic                      interrupt;      // a commit that may not happen: CODE_WRITE or INTERRUPT
  logic                      early_trap;     // for a reason outside the load/store unit
  // M
  logic                      valid_m_q;
  // a trap for each of three reasons: their OR is taken in M
  logic                      trap_early_m_q;
  logic                      trap0_m_q;
  logic                      trap1_m_q;
  logic                      trap_m;
  logic                      illegal_m_q;
  logic                      fault_m_q;
  logic                      misaligned0_m_q;
  logic                      access0_m_q;
  logic                      misaligned1_m_q;
  logic                      access1_m_q;
  logic                      store1_m_q;
  logic                      full_m_q;
  logic                      interrupt_m_q;
  logic                      code_hit_m_q;
  logic [20:0]               exit_number_m_q;
  logic                      commit_m_q;
  logic [20:0]               insns_m_q;
  logic                      writes_home_m_q;
  logic                      miss_m_q;
  logic                      redirect_m_q;
  logic [core_pkg::PC_W-1:0] target_m_q;
  logic                      bad_m_q;
  logic                      enter_m_q;
  logic [core_pkg::PC_W-1:0] pc_m_q;
  // state
  logic                      guest_q;
  logic                      guest_late_q;
  logic                      guest_later_q;
  logic                      dirty_q;
  logic [4:0]                rollback_q;
  logic                      rollback_end_q;  // rollback_q = 1

  assign interrupt = commit_i & ~dead_ex_q & guest_q & (timer_i | code_hit_i);
  assign execute_o = valid_ex_q & ~flush_o;
  assign dead_ex_o = dead_ex_q;
  assign dead_o = dead_ex_q | flush_o;
  assign early_trap = illegal_ex_q | fault_ex_q | interrupt | (exit_i & ~dead_ex_q);
  assign other_ex_o = other_ex_q;
  assign valid_d_o = valid_d_i & ~flush_o;

  // Priority of causes as in traps.def; of two slots with the same cause the lower one's address.
  always_comb begin
    cause_m_o = vliw_pkg::TRAP_EXIT;
    trap_addr_m_o = {11'd0, exit_number_m_q};
    if (illegal_m_q || fault_m_q) begin
      cause_m_o = fault_m_q ? vliw_pkg::TRAP_FETCH_ACCESS : vliw_pkg::TRAP_ILLEGAL_OP;
      trap_addr_m_o = 32'd0;
    end else if (misaligned0_m_q || (misaligned1_m_q && !store1_m_q)) begin
      cause_m_o = vliw_pkg::TRAP_LOAD_MISALIGNED;
      trap_addr_m_o = misaligned0_m_q ? address0_m_i : address1_m_i;
    end else if (access0_m_q || (access1_m_q && !store1_m_q)) begin
      cause_m_o = vliw_pkg::TRAP_LOAD_ACCESS;
      trap_addr_m_o = access0_m_q ? address0_m_i : address1_m_i;
    end else if (misaligned1_m_q || access1_m_q) begin
      cause_m_o = misaligned1_m_q ? vliw_pkg::TRAP_STORE_MISALIGNED : vliw_pkg::TRAP_STORE_ACCESS;
      trap_addr_m_o = address1_m_i;
    end else if (full_m_q || interrupt_m_q) begin
      cause_m_o = full_m_q ? vliw_pkg::TRAP_UNDO_FULL :
                  code_hit_m_q ? vliw_pkg::TRAP_CODE_WRITE : vliw_pkg::TRAP_INTERRUPT;
      trap_addr_m_o = 32'd0;
    end
  end

  assign trap_m = trap_early_m_q | trap0_m_q | trap1_m_q;
  assign flush_o = trap_m | redirect_m_q;
  assign trap_m_o = trap_m;
  assign pc_m_o = pc_m_q;
  assign done_m_o = valid_m_q & ~trap_m;
  assign commit_m_o = commit_m_q & ~trap_m;
  assign commit_tried_m_o = commit_m_q;
  assign insns_m_o = insns_m_q;
  assign miss_m_o = miss_m_q & ~trap_m;
  assign rollback_m_o = trap_m & guest_q & dirty_q;
  assign redirect_o = (trap_m ? ~(guest_q & dirty_q) : redirect_m_q) | rollback_end_q;
  assign redirect_pc_o = (trap_m | rollback_end_q) ? tvec_i : target_m_q;
  assign redirect_bad_o = ~trap_m & redirect_m_q & bad_m_q;
  assign guest_o = guest_q;
  assign guest_late_o = guest_later_q;
  assign walk_o = rollback_q <= 5'(WALK_FIRST) && rollback_q > 5'(WALK_FIRST - core_pkg::HOMES_PER_BANK);
  assign walk_index_o = 3'(5'(WALK_FIRST) - rollback_q);

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      valid_ex_q <= valid_d_o;
      dead_ex_q <= ~valid_d_o | illegal_d_i | fault_d_i;
      illegal_ex_q <= valid_d_o & illegal_d_i & ~fault_d_i;
      fault_ex_q <= valid_d_o & fault_d_i;
      pc_ex_q <= after_ex_d_i ? core_pkg::native_next(op3_i, pc_ex_q) : pc_d_i;
      other_ex_q <= other_d_i;
      valid_m_q <= execute_o;
      trap_early_m_q <= execute_o & early_trap;
      trap0_m_q <= ~dead_o & (misaligned0_i | access0_i);
      trap1_m_q <= ~dead_o & (misaligned1_i | access1_i | full1_i);
      illegal_m_q <= illegal_ex_q;
      fault_m_q <= fault_ex_q;
      misaligned0_m_q <= misaligned0_i;
      access0_m_q <= access0_i;
      misaligned1_m_q <= misaligned1_i;
      access1_m_q <= access1_i;
      store1_m_q <= store1_i;
      full_m_q <= full1_i;
      interrupt_m_q <= interrupt;
      code_hit_m_q <= code_hit_i;
      exit_number_m_q <= exit_number_i;
      commit_m_q <= ~dead_o & commit_i;
      insns_m_q <= insns_i;
      writes_home_m_q <= ~dead_o & writes_home_i;
      miss_m_q <= ~dead_o & miss_i;
      redirect_m_q <= ~dead_o & redirect_i;
      target_m_q <= target_i;
      bad_m_q <= bad_i;
      enter_m_q <= ~dead_o & enter_i;
      pc_m_q <= pc_ex_q;
      if (trap_m) guest_q <= 1'b0;
      else if (enter_m_q) guest_q <= 1'b1;
      guest_late_q <= guest_q;
      guest_later_q <= guest_late_q;
      if (commit_m_o && guest_q) dirty_q <= 1'b0;
      else if (writes_home_m_q && guest_q && !trap_m) dirty_q <= 1'b1;
      if (rollback_q != 5'd0) rollback_q <= rollback_q - 5'd1;
      rollback_end_q <= rollback_q == 5'd2;
      if (rollback_m_o) begin
        rollback_q <= 5'(vliw_pkg::ROLLBACK_CYCLES);
        dirty_q <= 1'b0;
      end
    end
    if (!rst_ni) begin
      // a redirect to the first bundle is waiting in M: so the machine starts
      target_m_q <= '0;
      bad_m_q <= 1'b0;
      valid_ex_q <= 1'b0;
      dead_ex_q <= 1'b1;
      valid_m_q <= 1'b0;
      trap_early_m_q <= 1'b0;
      trap0_m_q <= 1'b0;
      trap1_m_q <= 1'b0;
      commit_m_q <= 1'b0;
      writes_home_m_q <= 1'b0;
      miss_m_q <= 1'b0;
      redirect_m_q <= 1'b1;
      enter_m_q <= 1'b0;
      guest_q <= 1'b0;
      guest_late_q <= 1'b0;
      guest_later_q <= 1'b0;
      dirty_q <= 1'b0;
      rollback_q <= 5'd0;
      rollback_end_q <= 1'b0;
    end
  end
endmodule

`default_nettype wire
