// SPDX-License-Identifier: MIT
// The instruction cache behind mem_port, on a memory of even or random times, beside a code memory that has everything,
// for tests/rtl/icache_test.cpp. Small: 64 KB of code, 1 KB held.
`default_nettype none

module icache_bench #(
  localparam int unsigned BUNDLES = 4096,
  localparam int unsigned HELD = 64,
  localparam int unsigned INDEX_W = $clog2(BUNDLES),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned PLACE_W = LINE_W - vliw_pkg::PC_LSB,
  localparam int unsigned ADDRESS_W = INDEX_W + vliw_pkg::PC_LSB,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [5:0]         random_i,     // of the memory's times
  input  wire                ce_i,
  input  wire  [INDEX_W-1:0] index_i,
  input  wire                fetch_i,
  output logic               hit_o,
  output logic               same_o,       // as the reference: bundle, hints, successor
  input  wire                inval_valid_i,
  output logic               inval_ready_o,
  input  wire  [INDEX_W-1:PLACE_W] inval_line_i,
  input  wire                inval_all_i,
  output logic               asks_o,       // for a line
  output logic               taken_o,
  // a line of code is written: through the data cache's port, and into the reference
  input  wire                evict_valid_i,
  output logic               evict_ready_o,
  input  wire  [INDEX_W-1:PLACE_W] evict_line_i,
  input  wire                old_valid_i,
  input  wire  [WORD_W-1:0]  old_word_i,
  input  wire  [31:0]        old_i,
  input  wire                reference_write_i,
  input  wire  [31:0]        reference_address_i
);
  localparam int unsigned HINTS_W = vliw_pkg::SLOTS * core_pkg::HINT_W;

  logic [vliw_pkg::WORDS_W-1:0] bundle, bundle_reference;
  logic [HINTS_W-1:0] hints, hints_reference;
  logic [INDEX_W:0] next, next_reference;
  logic [INDEX_W-1:0] next_high, next_high_reference;
  logic i_valid, i_ready, i_rdata_valid, i_done;
  logic [ADDRESS_W-1:LINE_W] i_line;
  logic [WORD_W-1:0] i_word, word, rdata_word, wdata_word, mem_rdata_word;
  logic [31:0] rdata, mem_rdata, wdata;
  logic valid, ready, write, rdata_valid, done;
  logic [ADDRESS_W-1:LINE_W] line;

  assign asks_o = i_valid;
  assign taken_o = i_valid & i_ready;
  assign same_o = {bundle, hints, next, next_high} == {bundle_reference, hints_reference, next_reference,
    next_high_reference};

  icache #(.Bundles(BUNDLES), .Held(HELD)) u_icache (
    .clk_i, .rst_ni, .ce_i, .index_i, .index_high_i(index_i), .bundle_o(bundle), .hints_o(hints), .next_o(next),
    .next_high_o(next_high),
    .hit_o, .fetch_i, .inval_valid_i, .inval_ready_o, .inval_line_i, .inval_all_i,
    .req_valid_o(i_valid), .req_ready_i(i_ready), .req_line_o(i_line), .req_word_o(i_word),
    .rdata_valid_i(i_rdata_valid), .rdata_word_i(rdata_word), .rdata_i(rdata), .done_i(i_done)
  );

  code_mem #(.Bundles(BUNDLES)) u_reference (
    .clk_i, .rst_ni, .ce_i, .index_i, .index_high_i(index_i), .bundle_o(bundle_reference), .hints_o(hints_reference),
    .next_o(next_reference), .next_high_o(next_high_reference),
    .write_i(reference_write_i), .write_address_i(reference_address_i), .write_data_i(old_i)
  );

  logic d_rdata_valid, d_done, evicting;
  mem_port #(.AddressW(ADDRESS_W)) u_port (
    .clk_i, .rst_ni, .i_valid_i(i_valid), .i_ready_o(i_ready), .i_line_i(i_line), .i_word_i(i_word),
    .i_rdata_valid_o(i_rdata_valid), .i_done_o(i_done),
    .d_valid_i(evict_valid_i), .d_ready_o(evict_ready_o), .d_read_i(1'b0), .d_line_i(evict_line_i), .d_word_i('0),
    .d_rdata_valid_o(d_rdata_valid), .d_done_o(d_done), .d_evict_i(1'b1), .d_evict_line_i(evict_line_i),
    .d_old_valid_i(old_valid_i),
    .d_old_word_i(old_word_i), .d_old_i(old_i), .evicting_o(evicting), .rdata_word_o(rdata_word), .rdata_o(rdata),
    .mem_valid_o(valid), .mem_ready_i(ready), .mem_write_o(write), .mem_line_o(line), .mem_word_o(word),
    .mem_rdata_valid_i(rdata_valid), .mem_rdata_word_i(mem_rdata_word), .mem_rdata_i(mem_rdata),
    .mem_wdata_word_i(wdata_word), .mem_wdata_o(wdata), .mem_done_i(done)
  );

  line_ram #(.AddressW(ADDRESS_W)) u_memory (
    .clk_i, .rst_ni, .random_i, .req_valid_i(valid), .req_ready_o(ready), .req_write_i(write), .req_line_i(line),
    .req_word_i(word),
    .rdata_valid_o(rdata_valid), .rdata_word_o(mem_rdata_word), .rdata_o(mem_rdata), .wdata_word_o(wdata_word),
    .wdata_i(wdata),
    .done_o(done)
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, d_rdata_valid, d_done, evicting};
endmodule

`default_nettype wire
