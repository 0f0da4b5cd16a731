// SPDX-License-Identifier: MIT
// The core's code side on a memory of even or random times, beside a code memory that has everything, for
// tests/rtl/code_test.cpp. Small: 64 KB of code, 16 KB of it the firmware's, 1 KB held, 4 KB in the second level.
`default_nettype none

module code_bench #(
  localparam int unsigned BUNDLES = 4096,
  localparam int unsigned INDEX_W = $clog2(BUNDLES),
  localparam int unsigned PLACE_W = sdram_pkg::LINE_W - vliw_pkg::PC_LSB,
  localparam int unsigned ADDRESS_W = INDEX_W + vliw_pkg::PC_LSB
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [5:0]         random_i,     // of the memory's times
  output logic               ready_o,
  input  wire                ce_i,
  input  wire  [INDEX_W-1:0] index_i,
  output logic               miss_o,
  output logic               same_o,       // as the reference: bundle, hints, successor
  input  wire                want_i,
  input  wire  [INDEX_W-1:0] want_index_i,
  output logic               come_o,
  input  wire                frozen_i,
  output logic               clean_o,      // what has been stored must be in the memory now
  input  wire                write_i,      // a store to CODE
  input  wire                write_reference_i,
  input  wire  [31:0]        address_i,
  input  wire  [31:0]        data_i,
  input  wire  [INDEX_W-PLACE_W:0] load_lines_i,
  input  wire                load_valid_i,
  output logic               load_ready_o,
  input  wire  [31:0]        load_data_i,
  output logic               asks_o,
  output logic               ahead_o,
  output logic               second_o
);
  localparam int unsigned HINTS_W = vliw_pkg::SLOTS * core_pkg::HINT_W;
  localparam int unsigned LINE_W = sdram_pkg::LINE_W;
  localparam int unsigned WORD_W = sdram_pkg::WORD_W;

  logic [vliw_pkg::WORDS_W-1:0] bundle, bundle_reference;
  logic [HINTS_W-1:0] hints, hints_reference;
  logic [INDEX_W:0] next, next_reference;
  logic [INDEX_W-1:0] next_high, next_high_reference;
  logic valid, ready, rdata_valid, done;
  logic [ADDRESS_W-1:LINE_W] line, clean_line;
  logic [WORD_W-1:0] word, rdata_word, wdata_word;
  logic [31:0] rdata;

  assign same_o = {bundle, hints, next, next_high} == {bundle_reference, hints_reference, next_reference,
    next_high_reference};

  code_side #(
    .Bundles(BUNDLES), .Held(64), .StoreLines(256), .StoreWords(4096), .StoreAhead(7), .Second(256),
    .AddressW(ADDRESS_W), .CodeAt(0)
  ) u_code (
    .clk_i, .rst_ni, .ready_o, .ce_i, .index_i, .index_high_i(index_i), .bundle_o(bundle), .hints_o(hints),
    .next_o(next), .next_high_o(next_high), .miss_o, .want_i, .want_index_i, .come_o,
    .code_write_i(write_i), .code_address_i(address_i), .frozen_i,
    .clean_valid_o(clean_o), .clean_line_o(clean_line), .clean_done_i(1'b1),
    .i_valid_o(valid), .i_ready_i(ready), .i_line_o(line), .i_word_o(word), .i_rdata_valid_i(rdata_valid),
    .rdata_word_i(rdata_word), .rdata_i(rdata),
    .load_lines_i, .load_valid_i, .load_ready_o, .load_data_i, .asks_o, .ahead_o, .second_o
  );

  code_mem #(.Bundles(BUNDLES)) u_reference (
    .clk_i, .rst_ni, .ce_i, .index_i, .index_high_i(index_i), .bundle_o(bundle_reference), .hints_o(hints_reference),
    .next_o(next_reference), .next_high_o(next_high_reference),
    .write_i(write_i | write_reference_i), .write_address_i(address_i), .write_data_i(data_i)
  );

  line_ram #(.AddressW(ADDRESS_W)) u_memory (
    .clk_i, .rst_ni, .random_i, .req_valid_i(valid), .req_ready_o(ready), .req_write_i(1'b0), .req_line_i(line),
    .req_word_i(word), .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata),
    .wdata_word_o(wdata_word), .wdata_i('0), .done_o(done)
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, clean_line, done, wdata_word};
endmodule

`default_nettype wire
