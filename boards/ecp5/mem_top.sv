// SPDX-License-Identifier: MIT
// What stands between the caches and the chip on a ULX3S, mem_port and the SDRAM controller, for `make timing`, with
// registers on the ports.
`default_nettype none

module mem_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned ADDRESS_W = 25;
    localparam int unsigned LINE_W = sdram_pkg::LINE_W;
    localparam int unsigned LINES_W = ADDRESS_W - LINE_W;
    localparam int unsigned IN_W = 6 + 3 * LINES_W + 12 + 32 + 16;
    localparam int unsigned OUT_W = 7 + 4 + 32 + 3 + 2 + 13 + 16 + 16;

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;
    logic             valid;
    logic             ready;
    logic             write;
    logic [ADDRESS_W-1:LINE_W] line;
    logic [3:0]       word;
    logic             rdata_valid;
    logic [3:0]       rdata_word;
    logic [31:0]      rdata;
    logic [3:0]       wdata_word;
    logic [31:0]      wdata;
    logic             done;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    mem_port #(.AddressW(ADDRESS_W)) u_port (
        .clk_i,
        .rst_ni           (in[0]),
        .i_valid_i        (in[1]),
        .d_valid_i        (in[2]),
        .d_read_i         (in[3]),
        .d_evict_i        (in[4]),
        .d_old_valid_i    (in[5]),
        .i_word_i         (in[6 +: 4]),
        .d_word_i         (in[10 +: 4]),
        .d_old_word_i     (in[14 +: 4]),
        .d_old_i          (in[18 +: 32]),
        .i_line_i         (in[66 +: LINES_W]),
        .d_line_i         (in[66+LINES_W +: LINES_W]),
        .d_evict_line_i   (in[66+2*LINES_W +: LINES_W]),
        .i_ready_o        (out[0]),
        .i_rdata_valid_o  (out[1]),
        .i_done_o         (out[2]),
        .d_ready_o        (out[3]),
        .d_rdata_valid_o  (out[4]),
        .d_done_o         (out[5]),
        .evicting_o       (out[6]),
        .rdata_word_o     (out[7 +: 4]),
        .rdata_o          (out[11 +: 32]),
        .mem_valid_o      (valid),
        .mem_ready_i      (ready),
        .mem_write_o      (write),
        .mem_line_o       (line),
        .mem_word_o       (word),
        .mem_rdata_valid_i(rdata_valid),
        .mem_rdata_word_i (rdata_word),
        .mem_rdata_i      (rdata),
        .mem_wdata_word_i (wdata_word),
        .mem_wdata_o      (wdata),
        .mem_done_i       (done)
    );

    sdram #(.Chip(sdram_pkg::ULX3S), .ClkKhz(90_000), .CasLatency(2)) u_sdram (
        .clk_i,
        .rst_ni       (in[0]),
        .req_valid_i  (valid),
        .req_ready_o  (ready),
        .req_write_i  (write),
        .req_line_i   (line),
        .req_word_i   (word),
        .rdata_valid_o(rdata_valid),
        .rdata_word_o (rdata_word),
        .rdata_o      (rdata),
        .wdata_word_o (wdata_word),
        .wdata_i      (wdata),
        .done_o       (done),
        .command_o    (out[43 +: 3]),
        .bank_o       (out[46 +: 2]),
        .address_o    (out[48 +: 13]),
        .dq_high_z_o  (out[61 +: 16]),
        .dq_o         (out[77 +: 16]),
        .dq_i         (in[50 +: 16])
    );
endmodule

`default_nettype wire
