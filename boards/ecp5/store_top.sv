// SPDX-License-Identifier: MIT
// The store of packed code, large enough for the firmware of 2026-11, for `make timing`, with registers on its ports.
`default_nettype none

module store_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned LINES = 11264;
    localparam int unsigned LINES_W = $clog2(LINES);
    localparam int unsigned IN_W = 3 + 32 + 4 + LINES_W + (LINES_W - 2);
    localparam int unsigned OUT_W = 4 + 4 + 32;

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    code_store #(.Lines(LINES), .Words(57344)) u_store (
        .clk_i,
        .rst_ni       (in[0]),
        .load_valid_i (in[1]),
        .req_valid_i  (in[2]),
        .load_data_i  (in[3 +: 32]),
        .req_word_i   (in[35 +: 4]),
        .req_line_i   (in[39 +: LINES_W]),
        .load_groups_i(in[39+LINES_W +: LINES_W-2]),
        .load_ready_o (out[0]),
        .req_ready_o  (out[1]),
        .rdata_valid_o(out[2]),
        .done_o       (out[3]),
        .rdata_word_o (out[4 +: 4]),
        .rdata_o      (out[8 +: 32])
    );
endmodule

`default_nettype wire
