// SPDX-License-Identifier: MIT
// The data cache behind mem_port, on a memory of even or random times, for tests/rtl/dcache_test.cpp; the instruction
// cache's port reads what has come to memory. Small: 64 KB of memory, 1 KB held.
`default_nettype none

module dcache_bench #(
  localparam int unsigned ADDRESS_W = 16,
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [5:0]         random_i,     // of the memory's times
  input  wire                ce_i,
  input  wire                read0_i,
  input  wire  [ADDRESS_W-1:2] address0_i,
  output logic [31:0]        data0_o,
  output logic               hit0_o,
  input  wire                read1_i,
  input  wire  [ADDRESS_W-1:2] address1_i,
  input  wire  [3:0]         strobe1_i,
  input  wire  [31:0]        wdata1_i,
  output logic [31:0]        data1_o,
  output logic               hit1_o,
  input  wire                op_valid_i,
  input  wire                op_clean_i,
  input  wire  [ADDRESS_W-1:2] op_address_i,
  output logic               busy_o,
  input  wire                i_valid_i,
  output logic               i_ready_o,
  input  wire  [ADDRESS_W-1:LINE_W] i_line_i,
  output logic               i_rdata_valid_o,
  output logic               i_done_o,
  output logic [WORD_W-1:0]  rdata_word_o,
  output logic [31:0]        rdata_o
);
  logic d_valid, d_ready, d_read, d_rdata_valid, d_done, d_evict, d_old_valid, evicting;
  logic [ADDRESS_W-1:LINE_W] d_line, d_evict_line;
  logic [WORD_W-1:0] d_word, d_old_word;
  logic [31:0] d_old;
  logic valid, ready, write, rdata_valid, done;
  logic [ADDRESS_W-1:LINE_W] line;
  logic [WORD_W-1:0] word, rdata_word, wdata_word;
  logic [31:0] rdata, wdata;
  logic [ADDRESS_W-1:2] address0_q, address1_q, marked_q;
  logic wrote_q, mark_q;
  logic [ADDRESS_W-10:0] tag0, tag1;

  // a write that hits stays, for all that is known here
  always_ff @(posedge clk_i) begin
    if (ce_i && read0_i) address0_q <= address0_i;
    if (ce_i && read1_i) address1_q <= address1_i;
    wrote_q <= ce_i && read1_i && (|strobe1_i);
    mark_q <= wrote_q && hit1_o;
    marked_q <= address1_q;
  end

  assign hit0_o = tag0 == {1'b1, address0_q[ADDRESS_W-1:10]};
  assign hit1_o = tag1 == {1'b1, address1_q[ADDRESS_W-1:10]};

  dcache #(.AddressW(ADDRESS_W), .Bytes(1024)) u_dcache (
    .clk_i, .rst_ni, .ce_i, .read0_i, .index0_i(address0_i[9:2]), .data0_o,
    .tag0_o(tag0),
    .read1_i, .index1_i(address1_i[9:2]), .strobe1_i, .wdata1_i,
    .use_early_i(1'b0), .read_early_i(1'b0), .index_early_i('0), .strobe_early_i('0), .wdata_early_i('0),
    .data1_o, .tag1_o(tag1),
    .mark_i(mark_q), .mark_set_i(marked_q[9:6]),
    .op_valid_i, .op_clean_i, .op_address_i, .busy_o,
    .d_valid_o(d_valid), .d_ready_i(d_ready), .d_read_o(d_read), .d_line_o(d_line), .d_word_o(d_word),
    .d_rdata_valid_i(d_rdata_valid),
    .d_rdata_word_i(rdata_word_o), .d_rdata_i(rdata_o), .d_done_i(d_done), .d_evict_o(d_evict),
    .d_evict_line_o(d_evict_line),
    .d_old_valid_o(d_old_valid), .d_old_word_o(d_old_word), .d_old_o(d_old)
  );

  mem_port #(.AddressW(ADDRESS_W)) u_port (
    .clk_i, .rst_ni, .i_valid_i, .i_ready_o, .i_line_i, .i_word_i('0), .i_rdata_valid_o, .i_done_o,
    .d_valid_i(d_valid), .d_ready_o(d_ready), .d_read_i(d_read), .d_line_i(d_line), .d_word_i(d_word),
    .d_rdata_valid_o(d_rdata_valid),
    .d_done_o(d_done), .d_evict_i(d_evict), .d_evict_line_i(d_evict_line), .d_old_valid_i(d_old_valid),
    .d_old_word_i(d_old_word),
    .d_old_i(d_old), .evicting_o(evicting), .rdata_word_o, .rdata_o,
    .mem_valid_o(valid), .mem_ready_i(ready), .mem_write_o(write), .mem_line_o(line), .mem_word_o(word),
    .mem_rdata_valid_i(rdata_valid), .mem_rdata_word_i(rdata_word), .mem_rdata_i(rdata),
    .mem_wdata_word_i(wdata_word), .mem_wdata_o(wdata), .mem_done_i(done)
  );

  line_ram #(.AddressW(ADDRESS_W)) u_memory (
    .clk_i, .rst_ni, .random_i, .req_valid_i(valid), .req_ready_o(ready), .req_write_i(write), .req_line_i(line),
    .req_word_i(word),
    .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata), .wdata_word_o(wdata_word), .wdata_i(wdata),
    .done_o(done)
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, evicting, address0_q, marked_q};
endmodule

`default_nettype wire
