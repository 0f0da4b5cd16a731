// SPDX-License-Identifier: MIT
// Where bundles live and die: valid bits and pcs of EX and M, traps, redirects, mode, commit, rollback.
//   EX of t   causes of a trap and the branch's outcome are found and registered
//   M  t+1    flush kills F, D and EX; fetch is redirected: first bundle of the new path is in EX in t+4 (3 bubbles)
// A guest-mode trap that finds a dirty home walks the shadow banks first (ROLLBACK_CYCLES more); results that were in
// flight have reached their banks by then. Dirty here means: written by a bundle issued since the last commit.
// A bundle that the instruction cache does not have does nothing in EX but redirect to itself (so wrong paths ask for
// nothing), and in M everything stands still until it has come; its 3 bubbles follow.
`default_nettype none

module control (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // D
  input  wire                       valid_d_i,
  input  wire  [vliw_pkg::PC_W-1:0] pc_d_i,
  input  wire                       after_ex_d_i,   // D's pc is what the bundle in EX predicted, instead
  input  wire  [vliw_pkg::PC_W-1:0] other_d_i,
  input  wire                       illegal_d_i,
  input  wire                       fault_d_i,
  input  wire                       miss_d_i,       // the instruction cache does not have it
  output logic                      valid_d_o,      // the same without killed ones
  // EX
  input  wire vliw_pkg::op_decode_t op_branch_i,
  input  wire                       exit_i,
  input  wire  [20:0]               exit_number_i,
  input  wire                       commit_i,
  input  wire  [20:0]               insns_i,
  input  wire                       writes_home_i,
  input  wire                       timer_i,
  input  wire                       code_hit_i,
  input  wire                       misaligned0_i,
  input  wire                       high0_i,        // these two: access refused
  input  wire                       region0_i,
  input  wire                       misaligned1_i,
  input  wire                       high1_i,
  input  wire                       region1_i,
  input  wire                       store1_i,
  input  wire                       full1_i,
  input  wire                       miss_i,         // these two not when dead_o
  input  wire                       redirect_i,
  input  wire  [vliw_pkg::PC_W-1:0] target_i,
  input  wire                       bad_i,
  input  wire                       enter_i,
  output logic [vliw_pkg::PC_W-1:0] other_ex_o,
  output logic                      again_ex_o,     // a bundle that is not there: jump to itself
  output logic                      execute_o,      // a bundle that is not killed is in EX
  output logic                      dead_ex_o,      // the same without what a flush kills now
  output logic                      dead_o,         // none is, or an illegal one: nothing in EX may act
  // M
  input  wire                       come_i,         // the bundle that was not there
  output logic                      fetching_m_o,   // all stands still: its jump to itself waits for it ...
  output logic [vliw_pkg::PC_W-1:0] target_m_o,     // ... here
  input  wire  [31:0]               address0_m_i,
  input  wire  [31:0]               address1_m_i,
  input  wire  [vliw_pkg::PC_W-1:0] tvec_i,
  output logic [5:0]                kills_o,        // their OR is flush_o
  output logic                      flush_o,
  output logic                      trap_m_o,
  output logic [3:0]                cause_m_o,
  output logic [31:0]               trap_addr_m_o,
  output logic [vliw_pkg::PC_W-1:0] pc_m_o,
  output logic                      done_m_o,       // a bundle is in M and did not trap
  output logic                      commit_m_o,
  output logic                      commit_tried_m_o, // the same, but the bundle may trap
  output logic [20:0]               insns_m_o,
  output logic                      miss_m_o,
  output logic                      rollback_m_o,   // a rollback begins
  // fetch
  output logic                      follow_o,       // code memory's successor is next
  output logic [vliw_pkg::PC_W-1:0] redirect_pc_o,  // else this; 0 when follow_o
  output logic                      redirect_bad_o,
  // state
  output logic                      guest_o,
  output logic                      guest_late_o,   // mode of the results that are written now
  output logic                      guest_later_o,  // ... in the next cycle
  // commit in guest mode, or a trap without rollback was taken: no home is dirty
  output logic                      clear_homes_o,
  output logic                      walk_o,
  output logic [vliw_pkg::HOME_W-1:0] walk_index_o
);
  localparam int unsigned WALK_FIRST = vliw_pkg::ROLLBACK_CYCLES - 1;

  // EX
  logic                      valid_ex_q;
  logic                      dead_ex_q;
  logic                      illegal_ex_q;
  logic                      fault_ex_q;
  logic                      miss_ex_q;
  logic [vliw_pkg::PC_W-1:0] pc_ex_q;
  logic [vliw_pkg::PC_W-1:0] other_ex_q;
  logic                      interrupt;      // a commit that may not happen: CODE_WRITE or INTERRUPT
  logic                      early_trap;     // for a reason outside the load/store unit
  // M
  logic                      valid_m_q;
  // a trap for each of five reasons: their OR is taken in M
  logic                      trap_early_m_q;
  logic                      trap_high0_m_q;
  logic                      trap_region0_m_q;
  logic                      trap_high1_m_q;
  logic                      trap_region1_m_q;
  logic                      trap_m;
  logic                      to_tvec;
  logic                      to_target;
  logic                      trap_to_homes;
  logic                      illegal_m_q;
  logic                      fault_m_q;
  logic                      misaligned0_m_q;
  logic                      high0_m_q;
  logic                      region0_m_q;
  logic                      access0_m;
  logic                      misaligned1_m_q;
  logic                      high1_m_q;
  logic                      region1_m_q;
  logic                      access1_m;
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
  logic [vliw_pkg::PC_W-1:0] target_m_q;
  logic                      bad_m_q;
  logic                      enter_m_q;
  logic                      fetching_m_q;
  logic [vliw_pkg::PC_W-1:0] pc_m_q;
  // state
  logic                      guest_q;
  logic                      guest_late_q;
  logic                      guest_later_q;
  logic                      dirty_q;         // only in guest mode
  logic [4:0]                rollback_q;
  logic [4:0]                rollback_d;
  logic                      rollback_end_q;  // rollback_q = 1
  logic                      walk_q;
  logic [vliw_pkg::HOME_W-1:0] walk_index_q;
  logic                      forget_q;

  assign interrupt = commit_i & ~dead_ex_q & guest_q & (timer_i | code_hit_i);
  assign execute_o = valid_ex_q & ~flush_o;
  assign dead_ex_o = dead_ex_q;
  assign early_trap = illegal_ex_q | fault_ex_q | interrupt | (exit_i & ~dead_ex_q);
  assign other_ex_o = other_ex_q;
  assign again_ex_o = miss_ex_q & ~flush_o;
  assign valid_d_o = valid_d_i & ~flush_o;

  assign access0_m = high0_m_q | region0_m_q;
  assign access1_m = high1_m_q | region1_m_q;

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
    end else if (access0_m || (access1_m && !store1_m_q)) begin
      cause_m_o = vliw_pkg::TRAP_LOAD_ACCESS;
      trap_addr_m_o = access0_m ? address0_m_i : address1_m_i;
    end else if (misaligned1_m_q || access1_m) begin
      cause_m_o = misaligned1_m_q ? vliw_pkg::TRAP_STORE_MISALIGNED : vliw_pkg::TRAP_STORE_ACCESS;
      trap_addr_m_o = address1_m_i;
    end else if (full_m_q || interrupt_m_q) begin
      cause_m_o = full_m_q ? vliw_pkg::TRAP_UNDO_FULL :
                  code_hit_m_q ? vliw_pkg::TRAP_CODE_WRITE : vliw_pkg::TRAP_INTERRUPT;
      trap_addr_m_o = 32'd0;
    end
  end

  assign kills_o = {redirect_m_q, trap_region1_m_q, trap_high1_m_q, trap_region0_m_q, trap_high0_m_q, trap_early_m_q};
  any_of #(.Width(5)) u_trap (.flags_i(kills_o[4:0]), .any_o(trap_m));
  any_of #(.Width(5)) u_trap_to_homes (.flags_i(kills_o[4:0]), .any_o(trap_to_homes));   // trap_m has many loads
  any_of #(.Width(6)) u_flush (.flags_i(kills_o), .any_o(flush_o));
  any_of #(.Width(7)) u_dead (.flags_i({kills_o, dead_ex_q}), .any_o(dead_o));
  assign trap_m_o = trap_m;
  assign pc_m_o = pc_m_q;
  assign fetching_m_o = fetching_m_q;
  assign target_m_o = target_m_q;
  assign done_m_o = valid_m_q & ~trap_m;
  assign commit_m_o = commit_m_q & ~trap_m;
  assign commit_tried_m_o = commit_m_q;
  assign insns_m_o = insns_m_q;
  assign miss_m_o = miss_m_q & ~trap_m;
  assign rollback_m_o = trap_m & dirty_q;
  steer u_steer (
    .traps_i(kills_o[4:0]), .dirty_i(dirty_q), .rollback_end_i(rollback_end_q), .redirect_i(redirect_m_q),
    .to_tvec_o(to_tvec), .to_target_o(to_target), .follow_o
  );
  assign redirect_pc_o = ({vliw_pkg::PC_W{to_tvec}} & tvec_i) | ({vliw_pkg::PC_W{to_target}} & target_m_q);
  assign redirect_bad_o = to_target & bad_m_q;
  assign guest_o = guest_q;
  assign guest_late_o = guest_later_q;
  assign guest_later_o = guest_late_q;
  assign clear_homes_o = forget_q | (commit_m_q & guest_q & ~trap_to_homes);
  assign walk_o = walk_q;
  assign walk_index_o = walk_index_q;

  always_comb begin
    rollback_d = (rollback_q == 5'd0) ? 5'd0 : rollback_q - 5'd1;
    if (rollback_m_o) rollback_d = 5'(vliw_pkg::ROLLBACK_CYCLES);
  end

  always_ff @(posedge clk_i) begin
    fetching_m_q <= ce_i ? again_ex_o : fetching_m_q & ~come_i;
    if (ce_i) begin
      valid_ex_q <= valid_d_o & ~miss_d_i;
      dead_ex_q <= ~valid_d_o | illegal_d_i | fault_d_i | miss_d_i;
      illegal_ex_q <= valid_d_o & illegal_d_i & ~fault_d_i & ~miss_d_i;
      fault_ex_q <= valid_d_o & fault_d_i;
      miss_ex_q <= valid_d_o & miss_d_i;
      pc_ex_q <= after_ex_d_i ? core_pkg::native_next(op_branch_i, 1'b0, pc_ex_q) : pc_d_i;
      other_ex_q <= miss_d_i ? pc_d_i : other_d_i;
      valid_m_q <= execute_o;
      trap_early_m_q <= execute_o & early_trap;
      trap_high0_m_q <= ~dead_o & (misaligned0_i | high0_i);
      trap_region0_m_q <= ~dead_o & region0_i;
      trap_high1_m_q <= ~dead_o & (misaligned1_i | high1_i | full1_i);
      trap_region1_m_q <= ~dead_o & region1_i;
      illegal_m_q <= illegal_ex_q;
      fault_m_q <= fault_ex_q;
      misaligned0_m_q <= misaligned0_i;
      high0_m_q <= high0_i;
      region0_m_q <= region0_i;
      misaligned1_m_q <= misaligned1_i;
      high1_m_q <= high1_i;
      region1_m_q <= region1_i;
      store1_m_q <= store1_i;
      full_m_q <= full1_i;
      interrupt_m_q <= interrupt;
      code_hit_m_q <= code_hit_i;
      exit_number_m_q <= exit_number_i;
      commit_m_q <= ~dead_o & commit_i;
      insns_m_q <= insns_i;
      writes_home_m_q <= ~dead_o & writes_home_i;
      miss_m_q <= miss_i;
      redirect_m_q <= redirect_i;
      target_m_q <= target_i;
      bad_m_q <= bad_i;
      enter_m_q <= ~dead_o & enter_i;
      pc_m_q <= pc_ex_q;
      guest_q <= ~trap_m & (guest_q | enter_m_q);
      guest_late_q <= guest_q;
      guest_later_q <= guest_late_q;
      dirty_q <= guest_q & ~trap_m & ~commit_m_q & (dirty_q | writes_home_m_q);
      rollback_q <= rollback_d;
      rollback_end_q <= rollback_q == 5'd2;
      walk_q <= rollback_q <= 5'(WALK_FIRST + 1) && rollback_q > 5'(WALK_FIRST + 1 - vliw_pkg::HOMES_PER_BANK);
      walk_index_q <= vliw_pkg::HOME_W'(5'(WALK_FIRST + 1) - rollback_q);
      forget_q <= trap_m & ~rollback_m_o;
    end
    if (!rst_ni) begin
      // a redirect to the first bundle is waiting in M: so the machine starts
      target_m_q <= '0;
      fetching_m_q <= 1'b0;
      bad_m_q <= 1'b0;
      valid_ex_q <= 1'b0;
      dead_ex_q <= 1'b1;
      miss_ex_q <= 1'b0;
      valid_m_q <= 1'b0;
      trap_early_m_q <= 1'b0;
      trap_high0_m_q <= 1'b0;
      trap_region0_m_q <= 1'b0;
      trap_high1_m_q <= 1'b0;
      trap_region1_m_q <= 1'b0;
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
      walk_q <= 1'b0;
      forget_q <= 1'b0;
    end
  end
endmodule

`default_nettype wire
