// SPDX-License-Identifier: MIT
// Instruction and data cache share a memory (line ports, README.md). The instruction cache reads lines. The data cache
// reads them, or evicts one (writes it back), or both at once: then each word of the line that goes leaves the cache
// when the new line's word is written into its place, and waits in a line buffer until the memory is free.
//
// A line that goes is written right after the one that pushed it out has come: both caches wait for that, so that the
// memory sees lines in the order in which requests were taken. Else the data cache is first.
`default_nettype none

module mem_port #(
  parameter int unsigned AddressW = 25,
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // instruction cache
  input  wire                  i_valid_i,
  output logic                 i_ready_o,
  input  wire  [AddressW-1:LINE_W] i_line_i,
  input  wire  [WORD_W-1:0]    i_word_i,
  output logic                 i_rdata_valid_o,
  output logic                 i_done_o,
  // data cache: at least one of read and evict. done: the line that was read is complete
  input  wire                  d_valid_i,
  output logic                 d_ready_o,
  input  wire                  d_read_i,
  input  wire  [AddressW-1:LINE_W] d_line_i,
  input  wire  [WORD_W-1:0]    d_word_i,
  output logic                 d_rdata_valid_o,
  output logic                 d_done_o,
  input  wire                  d_evict_i,
  input  wire  [AddressW-1:LINE_W] d_evict_line_i,     // not the line that is read
  // after the request was taken: the evicted line's words, in any order, each once
  input  wire                  d_old_valid_i,
  input  wire  [WORD_W-1:0]    d_old_word_i,
  input  wire  [31:0]          d_old_i,
  output logic                 evicting_o,             // a line has not reached the memory yet
  // both
  output logic [WORD_W-1:0]    rdata_word_o,
  output logic [31:0]          rdata_o,
  // memory
  output logic                 mem_valid_o,
  input  wire                  mem_ready_i,
  output logic                 mem_write_o,
  output logic [AddressW-1:LINE_W] mem_line_o,
  output logic [WORD_W-1:0]    mem_word_o,
  input  wire                  mem_rdata_valid_i,
  input  wire  [WORD_W-1:0]    mem_rdata_word_i,
  input  wire  [31:0]          mem_rdata_i,
  input  wire  [WORD_W-1:0]    mem_wdata_word_i,
  output logic [31:0]          mem_wdata_o,
  input  wire                  mem_done_i
);
  typedef enum logic [1:0] {INSTRUCTIONS, DATA, BUFFER} owner_e;

  // the line buffer
  logic [31:0]          buffer_q[1 << WORD_W];
  logic [AddressW-1:LINE_W] buffer_line_q;
  logic                 evicting_q;
  logic [WORD_W:0]      missing_q;               // words
  logic                 asked_q;                 // the memory has taken the request
  // who is next
  logic                 d_waits;                 // for the buffer
  logic                 i_waits;
  owner_e               next;
  logic                 taken;
  // requests whose done is to come, the first first
  owner_e               first_q;
  owner_e               second_q;
  logic [1:0]           count_q;

  assign i_waits = evicting_q && !asked_q;
  assign d_waits = evicting_q && (!asked_q || d_evict_i);

  always_comb begin
    next = BUFFER;
    mem_valid_o = i_waits && missing_q == '0;
    if (d_valid_i && d_read_i && !d_waits) begin
      next = DATA;
      mem_valid_o = 1'b1;
    end else if (i_valid_i && !i_waits) begin
      next = INSTRUCTIONS;
      mem_valid_o = 1'b1;
    end
  end

  assign taken = mem_valid_o && mem_ready_i;
  assign mem_write_o = next == BUFFER;
  assign d_ready_o = !d_waits && (!d_read_i || mem_ready_i);
  assign i_ready_o = next == INSTRUCTIONS && mem_ready_i;

  // AND and OR, so that who is next is the last LUT but one
  always_comb begin
    mem_line_o = ({AddressW - LINE_W{next == DATA}} & d_line_i) | ({AddressW - LINE_W{next == INSTRUCTIONS}} & i_line_i)
      | ({AddressW - LINE_W{next == BUFFER}} & buffer_line_q);
    mem_word_o = ({WORD_W{next == DATA}} & d_word_i) | ({WORD_W{next == INSTRUCTIONS}} & i_word_i);
  end

  // --- the line buffer
  always_ff @(posedge clk_i) begin
    if (d_old_valid_i) buffer_q[d_old_word_i] <= d_old_i;
    mem_wdata_o <= buffer_q[mem_wdata_word_i];
    if (d_old_valid_i) missing_q <= missing_q - 1'b1;
    if (taken && next == BUFFER) asked_q <= 1'b1;
    if (mem_done_i && first_q == BUFFER) evicting_q <= 1'b0;
    if (d_valid_i && d_ready_o && d_evict_i) begin
      evicting_q <= 1'b1;
      buffer_line_q <= d_evict_line_i;
      missing_q <= (WORD_W + 1)'(1 << WORD_W);
      asked_q <= 1'b0;
    end
    if (!rst_ni) evicting_q <= 1'b0;
  end

  // --- whose words come: the memory takes a request while the last words of the one before are coming, but never a
  // third
  always_ff @(posedge clk_i) begin
    count_q <= count_q + 2'(taken) - 2'(mem_done_i);
    if (mem_done_i) first_q <= second_q;
    if (taken) begin
      second_q <= next;
      if (count_q == 2'd0 || (count_q == 2'd1 && mem_done_i)) first_q <= next;
    end
    if (!rst_ni) count_q <= 2'd0;
  end

  assign rdata_word_o = mem_rdata_word_i;
  assign rdata_o = mem_rdata_i;
  assign i_rdata_valid_o = mem_rdata_valid_i && first_q == INSTRUCTIONS;
  assign d_rdata_valid_o = mem_rdata_valid_i && first_q == DATA;
  assign i_done_o = mem_done_i && first_q == INSTRUCTIONS;
  assign d_done_o = mem_done_i && first_q == DATA;
  assign evicting_o = evicting_q;
endmodule

`default_nettype wire
