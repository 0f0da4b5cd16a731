// SPDX-License-Identifier: MIT
// Undo log: address and old word of every guest-mode store since the last commit, in block RAM, newest readable by CSR.
// Counted and written in M2 (the old word is the data memory's answer in M, registered by the load/store unit); commit
// empties it in one cycle, csrw UNDO_POP drops the newest.
`default_nettype none

module undo_log #(
  parameter int unsigned Entries = 512
) (
  input  wire                             clk_i,
  input  wire                             rst_ni,
  input  wire                             ce_i,
  // bundle in M; if it traps there, what is in EX is dead and full_o does not matter
  input  wire                             push_m_i,
  input  wire                             clear_m_i, // guest-mode commit; its own store is committed too
  input  wire                             trap_m_i,
  input  wire                             pop_i,
  // the same bundle in M2
  input  wire  [31:0]                     address_m2_i,
  input  wire  [31:0]                     word_m2_i,
  // for the bundle in EX
  output logic                            full_o,
  // CSRs
  output logic [$clog2(Entries):0]        count_o,
  output logic [31:0]                     address_o,
  output logic [31:0]                     word_o
);
  localparam int unsigned INDEX_W = $clog2(Entries);

  // no_rw_check: the newest entry is read in firmware mode only, where nothing is pushed
  (* no_rw_check *)
  logic [61:0]        entries_q[Entries];
  logic [INDEX_W:0]   count_q;
  logic [INDEX_W:0]   count_d;
  logic               full_q;       // count = Entries
  logic               last_q;       // count = Entries - 1
  logic               last2_q;      // count = Entries - 2
  logic               push_m2_q;
  logic               clear_m2_q;
  logic               pop;
  logic [INDEX_W-1:0] newest;
  logic [61:0]        newest_ram_q;
  logic [61:0]        newest_q;       // another cycle later, still within CSR_SETTLE_CYCLES: block RAM is slow

  always_comb begin
    pop = pop_i & (count_q != '0);
    // no push meets a pop; a sum, lest the count's clock enable wait for all of this
    count_d = {(INDEX_W+1){~clear_m2_q}} & (count_q + {{INDEX_W{pop}}, push_m2_q | pop});
    // with what M2 and M still bring; after a clear two entries always fit
    full_o = ~clear_m_i & ~clear_m2_q &
             (full_q | (last_q & (push_m2_q | push_m_i)) | (last2_q & push_m2_q & push_m_i));
    newest = count_q[INDEX_W-1:0] - 1'b1;
  end

  always_ff @(posedge clk_i) begin
    newest_ram_q <= entries_q[newest];
    newest_q <= newest_ram_q;
    if (ce_i) begin
      push_m2_q <= push_m_i & ~clear_m_i & ~trap_m_i;
      clear_m2_q <= clear_m_i & ~trap_m_i;
      if (push_m2_q) entries_q[count_q[INDEX_W-1:0]] <= {address_m2_i[31:2], word_m2_i};
      count_q <= count_d;
      // the flags follow the events, not the new count: a comparison of that would come late
      full_q <= ~clear_m2_q & (push_m2_q ? last_q : full_q & ~pop_i);
      last_q <= ~clear_m2_q & (push_m2_q ? last2_q : pop_i ? full_q : last_q);
      last2_q <= ~clear_m2_q & (push_m2_q ? count_q == (INDEX_W+1)'(Entries - 3) : pop_i ? last_q : last2_q);
    end
    if (!rst_ni) begin
      push_m2_q <= 1'b0;
      clear_m2_q <= 1'b0;
      count_q <= '0;
      full_q <= 1'b0;
      last_q <= 1'b0;
      last2_q <= 1'b0;
    end
  end

  assign count_o = count_q;
  assign {address_o, word_o} = {64{count_q != '0}} & {newest_q[61:32], 2'b00, newest_q[31:0]};

  logic unused_bits;
  assign unused_bits = &{1'b0, address_m2_i[1:0]};
endmodule

`default_nettype wire
