// SPDX-License-Identifier: MIT
// Shadow of the homes (registers 1..31: indexes 0..7 of every bank). The first guest-mode write after a commit saves the
// word it overwrites and sets the home's dirty bit; commit clears the bits; a rollback walks the eight indexes of all
// four banks in parallel and writes the dirty words back through the banks' only write port.
// A bundle that traps in the cycle of its result still saves: a rollback then restores what is there, and without rollback
// clear_i clears the dirty bit (the trap comes late in its cycle).
// The ports have one part per slot at [s*W +: W]. Nothing here waits for the end of a stall: done again, each step changes nothing.
`default_nettype none

module shadow (
  input  wire          clk_i,
  input  wire          rst_ni,
  // the slots' result registers and the words they overwrite
  input  wire  [3:0]   valid_i,        // a result, perhaps of a bundle that traps in this very cycle
  input  wire  [3:0]   first_i,        // ... if it is of latency 1: then it must not be written
  input  wire  [4:0]   traps_i,        // one of them: a trap
  input  wire  [15:0]  result_index_i,
  input  wire  [127:0] result_write_i,
  input  wire  [127:0] old_value_i,
  // control
  input  wire          save_i,         // results written now are guest mode's
  input  wire          clear_i,        // commit: what is written now is committed; or a trap without rollback has been taken
  input  wire          walk_i,
  input  wire  [2:0]   walk_index_i,
  // banks' write ports
  output logic [3:0]   write_o,
  output logic [15:0]  write_index_o,
  output logic [127:0] write_data_o
);
  // What a rollback writes stands in registers: the banks' write enables are slow enough.
  logic       walking_q;
  logic [2:0] walking_index_q;

  always_ff @(posedge clk_i) begin
    walking_q <= walk_i;
    walking_index_q <= walk_index_i;
    if (!rst_ni) walking_q <= 1'b0;
  end

  for (genvar s = 0; s < 4; s++) begin : gen_bank
    logic [31:0] words_q[core_pkg::HOMES_PER_BANK];
    logic [7:0]  dirty_q;
    logic [3:0]  index;
    logic        save;
    logic        restore_q;
    logic [31:0] restored_q;

    initial begin
      for (int i = 0; i < 8; i++) words_q[i] = 32'd0;
    end

    assign index = result_index_i[4*s +: 4];
    assign save = save_i & valid_i[s] & ~index[3];

    always_ff @(posedge clk_i) begin
      restore_q <= walk_i & dirty_q[walk_index_i];
      restored_q <= words_q[walk_index_i];
      if (save && !dirty_q[index[2:0]]) words_q[index[2:0]] <= old_value_i[32*s +: 32];
      // no multiplexer, for it would become a reset, which is slow
      for (int k = 0; k < 8; k++) begin
        dirty_q[k] <= (dirty_q[k] | (save & (index[2:0] == 3'(k)))) & ~(walk_i & (walk_index_i == 3'(k))) & ~clear_i;
      end
      if (!rst_ni) begin
        dirty_q <= 8'd0;
        restore_q <= 1'b0;
      end
    end

    // no result comes during a walk
    bank_write u_write (
      .valid_i(valid_i[s]), .first_i(first_i[s]), .traps_i, .restore_i(restore_q), .write_o(write_o[s])
    );
    assign write_index_o[4*s +: 4] = walking_q ? {1'b0, walking_index_q} : index;
    assign write_data_o[32*s +: 32] = walking_q ? restored_q : result_write_i[32*s +: 32];
  end
endmodule

`default_nettype wire
