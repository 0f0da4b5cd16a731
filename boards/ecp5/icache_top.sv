// SPDX-License-Identifier: MIT
// The instruction cache of a ULX3S, its bundles in block RAM, for `make timing`, with registers on its ports.
`default_nettype none

module icache_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned INDEX_W = $clog2(vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES);
    localparam int unsigned LINES_W = INDEX_W - (sdram_pkg::LINE_W - vliw_pkg::PC_LSB);
    localparam int unsigned HINTS_W = vliw_pkg::SLOTS * core_pkg::HINT_W;
    localparam int unsigned IN_W = 8 + 4 + 32 + 2 * INDEX_W + LINES_W;
    localparam int unsigned OUT_W = 3 + 4 + LINES_W + vliw_pkg::WORDS_W + HINTS_W + 2 * INDEX_W + 1;

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    icache u_icache (
        .clk_i,
        .rst_ni       (in[0]),
        .ce_i         (in[1]),
        .fetch_i      (in[2]),
        .inval_valid_i(in[3]),
        .inval_all_i  (in[4]),
        .req_ready_i  (in[5]),
        .rdata_valid_i(in[6]),
        .done_i       (in[7]),
        .rdata_word_i (in[8 +: 4]),
        .rdata_i      (in[12 +: 32]),
        .index_i      (in[44 +: INDEX_W]),
        .index_high_i (in[44+INDEX_W +: INDEX_W]),
        .inval_line_i (in[44+2*INDEX_W +: LINES_W]),
        .hit_o        (out[0]),
        .inval_ready_o(out[1]),
        .req_valid_o  (out[2]),
        .req_word_o   (out[3 +: 4]),
        .req_line_o   (out[7 +: LINES_W]),
        .bundle_o     (out[7+LINES_W +: vliw_pkg::WORDS_W]),
        .hints_o      (out[7+LINES_W+vliw_pkg::WORDS_W +: HINTS_W]),
        .next_o       (out[7+LINES_W+vliw_pkg::WORDS_W+HINTS_W +: INDEX_W+1]),
        .next_high_o  (out[OUT_W-1 -: INDEX_W])
    );
endmodule

`default_nettype wire
