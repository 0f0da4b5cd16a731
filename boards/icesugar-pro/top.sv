// SPDX-License-Identifier: MIT
// Top of an iCESugar-pro: clocks, reset, pins. The machine is rtl/board/board.sv, which says what its LEDs show; this
// board has three, on when low.
`default_nettype none

module top (
    input  wire         clk_25mhz_i,
    input  wire         reset_button_ni,
    input  wire         uart_rx_i,
    output logic        uart_tx_o,
    output logic [2:0]  led_no,          // red: damaged or stopped; green: the machine goes; blue: heart beat
    output logic        flash_cs_no,
    output logic        flash_mosi_o,
    input  wire         flash_miso_i,
    output logic        sdram_clk_o,
    output logic        sdram_cke_o,
    output logic        sdram_cs_no,
    output logic        sdram_ras_no,
    output logic        sdram_cas_no,
    output logic        sdram_we_no,
    output logic [12:0] sdram_address_o,
    output logic [1:0]  sdram_bank_o,
    output logic [1:0]  sdram_dqm_o,
    inout  wire  [15:0] sdram_dq_io
);
    logic        clk;
    logic        sdram_clk;
    logic        locked;
    logic        rst_n;
    logic [15:0] dq_high_z;
    logic [15:0] dq_out;
    logic [15:0] dq_in;
    logic        spi_sck;
    logic [7:0]  led;

    pll #(.ClkKhz(vliw_pkg::MEMORY_ICESUGAR_CLOCK_KHZ)) u_pll (
        .clk_25mhz_i, .clk_o(clk), .sdram_clk_o(sdram_clk), .locked_o(locked)
    );
    reset u_reset (.clk_i(clk), .ok_i(locked & reset_button_ni), .rst_no(rst_n));

    board #(.Chip(sdram_pkg::ICESUGAR_PRO), .Board(vliw_pkg::BOARD_ICESUGAR)) u_board (
        .clk_i(clk), .rst_ni(rst_n), .uart_rx_i, .uart_tx_o,
        .led_o(led),
        .spi_cs_no(flash_cs_no), .spi_sck_o(spi_sck), .spi_mosi_o(flash_mosi_o), .spi_miso_i(flash_miso_i),
        .sdram_command_o({sdram_ras_no, sdram_cas_no, sdram_we_no}), .sdram_bank_o, .sdram_address_o,
        .sdram_dq_high_z_o(dq_high_z), .sdram_dq_o(dq_out), .sdram_dq_i(dq_in)
    );

    // The configuration's own clock pin, which has no other way to it.
    USRMCLK u_sck (.USRMCLKI(spi_sck), .USRMCLKTS(1'b0));

    ODDRX1F u_sdram_clk (.SCLK(sdram_clk), .RST(1'b0), .D0(1'b1), .D1(1'b0), .Q(sdram_clk_o));

    for (genvar i = 0; i < 16; i++) begin : gen_dq
        BB u_cell (.I(dq_out[i]), .T(dq_high_z[i]), .O(dq_in[i]), .B(sdram_dq_io[i]));
    end
    assign {sdram_cke_o, sdram_cs_no, sdram_dqm_o} = 4'b1000;
    assign led_no = ~{led[0], led[1], |led[7:6]};

    logic unused_bits;
    assign unused_bits = &{1'b0, led[5:2]};
endmodule

`default_nettype wire
