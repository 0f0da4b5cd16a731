// SPDX-License-Identifier: MIT
// mem_port with an SDRAM of a ULX3S, with a stand-in of the same times, and with one of random times, for
// tests/rtl/mem_test.cpp.
`default_nettype none

module mem_bench #(
  localparam int unsigned SETS = 3,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [SETS-1:0]    i_valid_i,
  output logic [SETS-1:0]    i_ready_o,
  input  wire  [31:0]        i_line_i[SETS],
  input  wire  [WORD_W-1:0]  i_word_i[SETS],
  output logic [SETS-1:0]    i_rdata_valid_o,
  output logic [SETS-1:0]    i_done_o,
  input  wire  [SETS-1:0]    d_valid_i,
  output logic [SETS-1:0]    d_ready_o,
  input  wire  [SETS-1:0]    d_read_i,
  input  wire  [31:0]        d_line_i[SETS],
  input  wire  [WORD_W-1:0]  d_word_i[SETS],
  output logic [SETS-1:0]    d_rdata_valid_o,
  output logic [SETS-1:0]    d_done_o,
  input  wire  [SETS-1:0]    d_evict_i,
  input  wire  [31:0]        d_evict_line_i[SETS],
  input  wire  [SETS-1:0]    d_old_valid_i,
  input  wire  [WORD_W-1:0]  d_old_word_i[SETS],
  input  wire  [31:0]        d_old_i[SETS],
  output logic [SETS-1:0]    evicting_o,
  output logic [SETS-1:0]    written_o,      // a line that is to be written is taken
  output logic [WORD_W-1:0]  rdata_word_o[SETS],
  output logic [31:0]        rdata_o[SETS]
);
  localparam int unsigned ADDRESS_W = 25;
  localparam int unsigned LINE_W = sdram_pkg::LINE_W;

  for (genvar s = 0; s < SETS; s++) begin : gen_set
    logic valid, ready, write, rdata_valid, done;
    logic [ADDRESS_W-1:LINE_W] line;
    logic [WORD_W-1:0] word, rdata_word, wdata_word;
    logic [31:0] rdata, wdata;

    assign written_o[s] = valid && ready && write;

    mem_port #(.AddressW(ADDRESS_W)) u_port (
      .clk_i, .rst_ni, .i_valid_i(i_valid_i[s]), .i_ready_o(i_ready_o[s]), .i_line_i(i_line_i[s][ADDRESS_W-LINE_W-1:0]),
      .i_word_i(i_word_i[s]), .i_rdata_valid_o(i_rdata_valid_o[s]), .i_done_o(i_done_o[s]),
      .d_valid_i(d_valid_i[s]), .d_ready_o(d_ready_o[s]), .d_read_i(d_read_i[s]),
      .d_line_i(d_line_i[s][ADDRESS_W-LINE_W-1:0]),
      .d_word_i(d_word_i[s]), .d_rdata_valid_o(d_rdata_valid_o[s]), .d_done_o(d_done_o[s]),
      .d_evict_i(d_evict_i[s]), .d_evict_line_i(d_evict_line_i[s][ADDRESS_W-LINE_W-1:0]),
      .d_old_valid_i(d_old_valid_i[s]),
      .d_old_word_i(d_old_word_i[s]), .d_old_i(d_old_i[s]), .evicting_o(evicting_o[s]),
      .rdata_word_o(rdata_word_o[s]), .rdata_o(rdata_o[s]),
      .mem_valid_o(valid), .mem_ready_i(ready), .mem_write_o(write), .mem_line_o(line), .mem_word_o(word),
      .mem_rdata_valid_i(rdata_valid), .mem_rdata_word_i(rdata_word), .mem_rdata_i(rdata),
      .mem_wdata_word_i(wdata_word), .mem_wdata_o(wdata), .mem_done_i(done)
    );

    if (s == 0) begin : gen_sdram
      logic [2:0] command;
      logic [1:0] bank;
      logic [12:0] address;
      logic dq_oe;
      logic [15:0] dq_out, dq_in;

      sdram #(.Chip(sdram_pkg::ULX3S), .PowerUpUs(20)) u_memory (
        .clk_i, .rst_ni, .req_valid_i(valid), .req_ready_o(ready), .req_write_i(write), .req_line_i(line),
        .req_word_i(word),
        .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata), .wdata_word_o(wdata_word),
        .wdata_i(wdata),
        .done_o(done), .command_o(command), .bank_o(bank), .address_o(address), .dq_oe_o(dq_oe), .dq_o(dq_out),
        .dq_i(dq_in)
      );
      sdram_model #(.PowerUpUs(20)) u_chip (
        .clk_i, .power_i(rst_ni), .command_i(command), .bank_i(bank), .address_i(address), .dq_oe_i(dq_oe),
        .dq_i(dq_out), .dq_o(dq_in)
      );
    end else begin : gen_ram
      line_ram #(.AddressW(ADDRESS_W)) u_memory (
        .clk_i, .rst_ni, .random_i(s == 1 ? 6'd0 : 6'd7), .req_valid_i(valid), .req_ready_o(ready),
        .req_write_i(write), .req_line_i(line), .req_word_i(word),
        .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata), .wdata_word_o(wdata_word),
        .wdata_i(wdata),
        .done_o(done)
      );
    end
  end
endmodule

`default_nettype wire
