// SPDX-License-Identifier: MIT
// Data cache: direct-mapped, lines of 64 bytes, written back. Two ports on one block RAM: port 0 reads; port 1 reads or
// writes, and reads before it writes. Answers come in the cycle after, held while ce_i is low, and beside each stands
// the tag that is there, and whether one is: out of a block RAM, so that whoever compares it takes that into a register
// first, and then
//   puts back, by port 1, the old word of each write that missed or should not have been (it has damaged what is in
//     its place),
//   says which lines have been written to stay (mark_i),
//   asks for a line (op_valid_i, op_clean_i 0); while busy_o is 1 port 1 is not to be used. When both ports want
//     different lines in the same place, port 0 has to read between the two: its answer stays.
// op_clean_i 1 writes a line to memory if it has been written, and keeps it: before code in it is fetched.
`default_nettype none

module dcache #(
  parameter int unsigned AddressW = 25,
  parameter int unsigned Bytes = vliw_pkg::MEMORY_ULX3S_DCACHE_BYTES,
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W,
  localparam int unsigned TAG_LSB = $clog2(Bytes)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  ce_i,
  input  wire                  read0_i,
  input  wire  [TAG_LSB-1:2]   index0_i,
  output logic [31:0]          data0_o,
  output logic [AddressW-TAG_LSB:0] tag0_o,        // valid, and the tag that is there
  // Port 1: of two accesses the second, if use_early_i. The first comes late in the cycle, and there is one
  // multiplexer behind it.
  input  wire                  read1_i,            // for a write, too
  input  wire  [TAG_LSB-1:2]   index1_i,
  input  wire  [3:0]           strobe1_i,
  input  wire  [31:0]          wdata1_i,
  input  wire                  use_early_i,
  input  wire                  read_early_i,       // whatever ce_i is
  input  wire  [TAG_LSB-1:2]   index_early_i,
  input  wire  [3:0]           strobe_early_i,
  input  wire  [31:0]          wdata_early_i,
  output logic [31:0]          data1_o,
  output logic [AddressW-TAG_LSB:0] tag1_o,
  input  wire                  mark_i,             // not while a line is read that is to go
  input  wire  [TAG_LSB-1:LINE_W] mark_set_i,
  // lines
  input  wire                  op_valid_i,         // taken if busy_o is 0
  input  wire                  op_clean_i,
  input  wire  [AddressW-1:2]  op_address_i,
  output logic                 busy_o,
  // mem_port.sv
  output logic                 d_valid_o,
  input  wire                  d_ready_i,
  output logic                 d_read_o,
  output logic [AddressW-1:LINE_W] d_line_o,
  output logic [WORD_W-1:0]    d_word_o,
  input  wire                  d_rdata_valid_i,
  input  wire  [WORD_W-1:0]    d_rdata_word_i,
  input  wire  [31:0]          d_rdata_i,
  input  wire                  d_done_i,
  output logic                 d_evict_o,
  output logic [AddressW-1:LINE_W] d_evict_line_o,
  output logic                 d_old_valid_o,
  output logic [WORD_W-1:0]    d_old_word_o,
  output logic [31:0]          d_old_o
);
  localparam int unsigned INDEX_W = $clog2(Bytes) - 2;     // of a word
  localparam int unsigned SET_W = INDEX_W - WORD_W;
  localparam int unsigned TAG_W = AddressW - TAG_LSB;

  typedef enum logic [2:0] {CLEAR, IDLE, LOOK, ASK, FILL, STREAM} state_e;

  (* no_rw_check *)
  logic [31:0]       words_q[1 << INDEX_W];
  (* no_rw_check *)
  logic [TAG_W:0]    tags_q[1 << SET_W];                   // top bit: valid
  logic              dirty_q[1 << SET_W];
  // ports of the block RAMs: port 1 is the refill's while there is one
  logic              ours;
  logic              is_late;
  logic              enable_early;
  logic [INDEX_W-1:0] index_early;
  logic [3:0]        strobe_early;
  logic [31:0]       wdata_early;
  logic              enable1;
  logic [INDEX_W-1:0] index1;
  logic [3:0]        strobe1;
  logic [31:0]       wdata1;
  logic              tag_write;
  logic [TAG_W:0]    tag_wdata;
  logic [TAG_W:0]    tag0;
  logic [TAG_W:0]    tag1;
  // lines
  state_e            state_q;
  logic              clean_q;
  logic [AddressW-1:2] address_q;
  logic              evict_q;
  logic              is_dirty;                             // the line itself is there, and not as in memory
  logic [TAG_W-1:0]  victim_q;
  logic [SET_W-1:0]  set;
  logic [WORD_W-1:0] count_q;                              // STREAM's word
  logic [SET_W-1:0]  clear_set_q;
  logic              asked;                                // mem_port takes the request
  logic              old_valid_q;
  logic [WORD_W-1:0] old_word_q;

  assign ours = state_q != IDLE || op_valid_i;
  assign set = address_q[LINE_W +: SET_W];
  assign is_dirty = evict_q && victim_q == address_q[AddressW-1:TAG_LSB];
  assign asked = d_valid_o && d_ready_i;

  always_comb begin
    enable_early = ours || read_early_i;
    index_early = index_early_i;
    strobe_early = strobe_early_i;
    wdata_early = wdata_early_i;
    tag_write = 1'b0;
    tag_wdata = {1'b1, address_q[AddressW-1:TAG_LSB]};
    if (ours) begin
      index_early = op_address_i[INDEX_W+1:2];
      strobe_early = 4'd0;
      wdata_early = d_rdata_i;
    end
    case (state_q)
      CLEAR: begin
        index_early = {clear_set_q, WORD_W'(0)};
        tag_write = 1'b1;
        tag_wdata = '0;
      end
      ASK: begin
        index_early = {set, WORD_W'(0)};
        tag_write = asked && !clean_q;
      end
      FILL: begin
        index_early = {set, d_rdata_word_i};
        strobe_early = {4{d_rdata_valid_i}};
      end
      STREAM: index_early = {set, count_q};
      default: ;
    endcase
    is_late = !ours && !use_early_i;
    enable1 = is_late ? ce_i && read1_i : enable_early;
    index1 = is_late ? index1_i : index_early;
    strobe1 = is_late ? strobe1_i & {4{ce_i}} : strobe_early;
    wdata1 = is_late ? wdata1_i : wdata_early;
  end

  // --- block RAMs
  always_ff @(posedge clk_i) begin
    if (ce_i && read0_i) data0_o <= words_q[index0_i];
  end

  always_ff @(posedge clk_i) begin
    if (enable1) data1_o <= words_q[index1];
    for (int b = 0; b < 4; b++) begin
      if (strobe1[b]) words_q[index1][8*b +: 8] <= wdata1[8*b +: 8];
    end
  end

  always_ff @(posedge clk_i) begin
    if (ce_i && read0_i) tag0 <= tags_q[index0_i[TAG_LSB-1:LINE_W]];
  end

  always_ff @(posedge clk_i) begin
    if (enable1) tag1 <= tags_q[index1[INDEX_W-1:WORD_W]];
    if (tag_write) tags_q[index1[INDEX_W-1:WORD_W]] <= tag_wdata;
  end

  assign tag0_o = tag0;
  assign tag1_o = tag1;

  always_ff @(posedge clk_i) begin
    if (mark_i) dirty_q[mark_set_i] <= 1'b1;
    else if (asked) dirty_q[set] <= 1'b0;
  end

  // --- lines
  always_ff @(posedge clk_i) begin
    case (state_q)
      CLEAR: begin
        clear_set_q <= clear_set_q + 1'b1;
        if (&clear_set_q) state_q <= IDLE;
      end
      IDLE: begin
        if (op_valid_i) state_q <= LOOK;
        clean_q <= op_clean_i;
        address_q <= op_address_i;
      end
      LOOK: begin
        // what is in the line's place is known now
        victim_q <= tag1[TAG_W-1:0];
        evict_q <= tag1[TAG_W] && dirty_q[set];
        state_q <= ASK;
      end
      ASK: begin
        count_q <= '0;
        if (clean_q && !is_dirty) state_q <= IDLE;
        else if (d_ready_i) state_q <= clean_q ? STREAM : FILL;
      end
      FILL: if (d_done_i) state_q <= IDLE;
      default: begin
        count_q <= count_q + 1'b1;
        if (&count_q) state_q <= IDLE;
      end
    endcase
    if (!rst_ni) begin
      state_q <= CLEAR;
      clear_set_q <= '0;
    end
  end

  assign busy_o = state_q != IDLE;
  assign d_valid_o = state_q == ASK && (!clean_q || is_dirty);
  assign d_read_o = !clean_q;
  assign d_line_o = address_q[AddressW-1:LINE_W];
  assign d_word_o = address_q[LINE_W-1:2];
  assign d_evict_o = evict_q;
  assign d_evict_line_o = {victim_q, set};

  // --- the words that go: read in the cycle before
  always_ff @(posedge clk_i) begin
    old_valid_q <= (state_q == FILL && d_rdata_valid_i && evict_q) || state_q == STREAM;
    old_word_q <= state_q == STREAM ? count_q : d_rdata_word_i;
    if (!rst_ni) old_valid_q <= 1'b0;
  end

  assign d_old_valid_o = old_valid_q;
  assign d_old_word_o = old_word_q;
  assign d_old_o = data1_o;
endmodule

`default_nettype wire
