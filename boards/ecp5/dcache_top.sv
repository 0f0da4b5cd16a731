// SPDX-License-Identifier: MIT
// The data cache of a ULX3S for `make timing`, with registers on its ports.
`default_nettype none

module dcache_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned ADDRESS_W = 25;
    localparam int unsigned WORDS_W = ADDRESS_W - 2;
    localparam int unsigned LINES_W = ADDRESS_W - sdram_pkg::LINE_W;
    localparam int unsigned IN_W = 9 + 4 + 4 + 2 * 32 + 3 * WORDS_W;
    localparam int unsigned OUT_W = 8 + 2 * 4 + 4 * 32 + 2 * LINES_W;

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    dcache #(.AddressW(ADDRESS_W)) u_dcache (
        .clk_i,
        .rst_ni         (in[0]),
        .ce_i           (in[1]),
        .read0_i        (in[2]),
        .read1_i        (in[3]),
        .op_valid_i     (in[4]),
        .op_clean_i     (in[5]),
        .d_ready_i      (in[6]),
        .d_rdata_valid_i(in[7]),
        .d_done_i       (in[8]),
        .strobe1_i      (in[9 +: 4]),
        .d_rdata_word_i (in[13 +: 4]),
        .wdata1_i       (in[17 +: 32]),
        .d_rdata_i      (in[49 +: 32]),
        .address0_i     (in[81 +: WORDS_W]),
        .address1_i     (in[81+WORDS_W +: WORDS_W]),
        .op_address_i   (in[81+2*WORDS_W +: WORDS_W]),
        .hit0_o         (out[0]),
        .hit1_o         (out[1]),
        .busy_o         (out[2]),
        .word_valid_o   (out[3]),
        .d_valid_o      (out[4]),
        .d_read_o       (out[5]),
        .d_evict_o      (out[6]),
        .d_old_valid_o  (out[7]),
        .d_word_o       (out[8 +: 4]),
        .d_old_word_o   (out[12 +: 4]),
        .data0_o        (out[16 +: 32]),
        .data1_o        (out[48 +: 32]),
        .word_o         (out[80 +: 32]),
        .d_old_o        (out[112 +: 32]),
        .d_line_o       (out[144 +: LINES_W]),
        .d_evict_line_o (out[144+LINES_W +: LINES_W])
    );
endmodule

`default_nettype wire
