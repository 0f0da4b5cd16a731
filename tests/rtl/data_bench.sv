// SPDX-License-Identifier: MIT
// The data side of the core behind mem_port, on a memory of even or random times, for tests/rtl/data_test.cpp, which is
// the core. The parts of a ULX3S's chip, a cache of 1 KB.
`default_nettype none

module data_bench #(
  localparam int unsigned ADDRESS_W = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [5:0]         random_i,     // of the memory's times
  input  wire                ce_i,
  input  wire                read0_i,
  input  wire  [31:0]        address0_i,
  output logic [31:0]        data0_o,
  input  wire                read1_i,
  input  wire  [31:0]        address1_i,
  input  wire  [3:0]         strobe1_i,
  input  wire  [31:0]        wdata1_i,
  input  wire                restore1_i,
  output logic [31:0]        data1_o,
  input  wire                trap_m_i,
  input  wire  [31:0]        old1_m2_i,
  output logic               retake0_o,
  output logic               retake1_o,
  output logic               frozen_o,
  input  wire                clean_valid_i,
  input  wire  [ADDRESS_W-1:LINE_W] clean_line_i,
  output logic               clean_done_o,
  output logic               miss_o,
  input  wire                i_valid_i,
  output logic               i_ready_o,
  input  wire  [ADDRESS_W-1:LINE_W] i_line_i,
  output logic               i_rdata_valid_o,
  output logic               i_done_o,
  output logic [WORD_W-1:0]  rdata_word_o,
  output logic [31:0]        rdata_o,
  output logic               evicting_o
);
  logic d_valid, d_ready, d_read, d_rdata_valid, d_done, d_evict, d_old_valid;
  logic [ADDRESS_W-1:LINE_W] d_line, d_evict_line;
  logic [WORD_W-1:0] d_word, d_old_word;
  logic [31:0] d_old;
  logic valid, ready, write, rdata_valid, done;
  logic [ADDRESS_W-1:LINE_W] line;
  logic [WORD_W-1:0] word, rdata_word, wdata_word;
  logic [31:0] rdata, wdata;

  data_side #(.Bytes(1024)) u_data_side (
    .clk_i, .rst_ni, .ce_i, .read0_i, .address0_i, .data0_o, .read1_i, .address1_i, .strobe1_i, .wdata1_i, .restore1_i,
    .data1_o, .trap_m_i, .old1_m2_i, .retake0_o, .retake1_o, .frozen_o, .clean_valid_i, .clean_line_i, .clean_done_o,
    .miss_o,
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
    .d_old_i(d_old), .evicting_o, .rdata_word_o, .rdata_o,
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
endmodule

`default_nettype wire
