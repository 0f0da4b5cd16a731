// SPDX-License-Identifier: MIT
// Shadow of the homes (registers 1..31: the lower half of every bank). The first guest-mode write after a commit saves
// the word it overwrites and sets the home's dirty bit; commit clears the bits; a rollback walks the indexes of all
// banks in parallel and writes the dirty words back through the banks' only write port.
// A bundle that traps in the cycle of its result still saves: a rollback then restores what is there, and without
// rollback clear_i clears the dirty bit (the trap comes late in its cycle).
// The ports have one part per slot at [s*W +: W]. Nothing here waits for the end of a stall: done again, each step
// changes nothing.
`default_nettype none

module shadow (
  input  wire          clk_i,
  input  wire          rst_ni,
  // the slots' result registers and the words they overwrite
  input  wire  [vliw_pkg::SLOTS-1:0]   valid_i,        // a result, perhaps of a bundle that traps in this very cycle
  input  wire  [vliw_pkg::SLOTS-1:0]   first_i,        // ... if it is of latency 1: then it must not be written
  input  wire  [4:0]   traps_i,        // one of them: a trap
  input  wire  [vliw_pkg::INDEXES_W-1:0]  result_index_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] result_write_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] old_value_i,
  // control
  input  wire          save_i,         // results written now are guest mode's
  // commit: what is written now is committed; or a trap without rollback has been taken
  input  wire          clear_i,
  input  wire          walk_i,
  input  wire  [vliw_pkg::HOME_W-1:0] walk_index_i,
  // banks' write ports
  output logic [vliw_pkg::SLOTS-1:0]   write_o,
  output logic [vliw_pkg::INDEXES_W-1:0] write_index_o,
  output logic [vliw_pkg::WORDS_W-1:0] write_data_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int RD_W = int'(vliw_pkg::RD_W);
  localparam int HOME_W = int'(vliw_pkg::HOME_W);
  localparam int HOMES = int'(vliw_pkg::HOMES_PER_BANK);

  // What a rollback writes stands in registers: the banks' write enables are slow enough.
  logic       walking_q;
  logic [HOME_W-1:0] walking_index_q;

  always_ff @(posedge clk_i) begin
    walking_q <= walk_i;
    walking_index_q <= walk_index_i;
    if (!rst_ni) walking_q <= 1'b0;
  end

  for (genvar s = 0; s < SLOTS; s++) begin : gen_bank
    logic [31:0]       words_q[HOMES];
    logic [HOMES-1:0]  dirty_q;
    logic [RD_W-1:0]   index;
    logic [HOME_W-1:0] home;
    logic        save;
    logic        restore_q;
    logic [31:0] restored_q;

    initial begin
      for (int i = 0; i < HOMES; i++) words_q[i] = 32'd0;
    end

    assign index = result_index_i[RD_W*s +: RD_W];
    assign home = index[HOME_W-1:0];
    assign save = save_i & valid_i[s] & ~index[RD_W-1];

    always_ff @(posedge clk_i) begin
      restore_q <= walk_i & dirty_q[walk_index_i];
      restored_q <= words_q[walk_index_i];
      if (save && !dirty_q[home]) words_q[home] <= old_value_i[32*s +: 32];
      // no multiplexer, for it would become a reset, which is slow
      for (int k = 0; k < HOMES; k++) begin
        dirty_q[k] <= (dirty_q[k] | (save & (home == HOME_W'(k)))) & ~(walk_i & (walk_index_i == HOME_W'(k))) &
          ~clear_i;
      end
      if (!rst_ni) begin
        dirty_q <= '0;
        restore_q <= 1'b0;
      end
    end

    // no result comes during a walk
    bank_write u_write (
      .valid_i(valid_i[s]), .first_i(first_i[s]), .traps_i, .restore_i(restore_q), .write_o(write_o[s])
    );
    assign write_index_o[RD_W*s +: RD_W] = walking_q ? {1'b0, walking_index_q} : index;
    assign write_data_o[32*s +: 32] = walking_q ? restored_q : result_write_i[32*s +: 32];
  end
endmodule

`default_nettype wire
