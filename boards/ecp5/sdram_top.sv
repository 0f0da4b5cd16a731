// SPDX-License-Identifier: MIT
// The SDRAM controller of a ULX3S for `make timing`, with registers on its ports.
`default_nettype none

module sdram_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned LINES_W = 25 - sdram_pkg::LINE_W;
    localparam int unsigned IN_W = 3 + LINES_W + 4 + 32 + 16;
    localparam int unsigned OUT_W = 3 + 4 + 32 + 4 + 3 + 2 + 13 + 16 + 16;

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    sdram #(.Chip(sdram_pkg::ULX3S), .ClkKhz(90_000), .CasLatency(2)) u_sdram (
        .clk_i,
        .rst_ni       (in[0]),
        .req_valid_i  (in[1]),
        .req_write_i  (in[2]),
        .req_line_i   (in[3 +: LINES_W]),
        .req_word_i   (in[3+LINES_W +: 4]),
        .wdata_i      (in[7+LINES_W +: 32]),
        .dq_i         (in[39+LINES_W +: 16]),
        .req_ready_o  (out[0]),
        .rdata_valid_o(out[1]),
        .done_o       (out[2]),
        .rdata_word_o (out[3 +: 4]),
        .rdata_o      (out[7 +: 32]),
        .wdata_word_o (out[39 +: 4]),
        .command_o    (out[43 +: 3]),
        .bank_o       (out[46 +: 2]),
        .address_o    (out[48 +: 13]),
        .dq_high_z_o  (out[61 +: 16]),
        .dq_o         (out[77 +: 16])
    );
endmodule

`default_nettype wire
