// SPDX-License-Identifier: MIT
// Top of a ULX3S: clocks, reset, pins. The machine is rtl/board/board.sv, which says what the LEDs show.
`default_nettype none

module top #(
    parameter int unsigned Baud = 115_200,
    parameter int unsigned PowerUpUs = 32'(sdram_pkg::ULX3S.power_up_us)
) (
    input  wire         clk_25mhz_i,
    input  wire         reset_button_i,
    input  wire         uart_rx_i,
    output logic        uart_tx_o,
    output logic        wifi_off_o,      // low: the WiFi module keeps off the serial line
    output logic [7:0]  led_o,
    output logic        flash_cs_no,
    output logic        flash_mosi_o,
    input  wire         flash_miso_i,
    output logic        flash_wp_no,
    output logic        flash_hold_no,
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

    pll #(.ClkKhz(vliw_pkg::MEMORY_ULX3S_CLOCK_KHZ)) u_pll (
        .clk_25mhz_i, .clk_o(clk), .sdram_clk_o(sdram_clk), .locked_o(locked)
    );
    reset u_reset (.clk_i(clk), .ok_i(locked & ~reset_button_i), .rst_no(rst_n));

    board #(.Chip(sdram_pkg::ULX3S), .Baud(Baud), .PowerUpUs(PowerUpUs)) u_board (
        .clk_i(clk), .rst_ni(rst_n), .uart_rx_i, .uart_tx_o,
        .led_o,
        .spi_cs_no(flash_cs_no), .spi_sck_o(spi_sck), .spi_mosi_o(flash_mosi_o), .spi_miso_i(flash_miso_i),
        .sdram_command_o({sdram_ras_no, sdram_cas_no, sdram_we_no}), .sdram_bank_o, .sdram_address_o,
        .sdram_dq_high_z_o(dq_high_z), .sdram_dq_o(dq_out), .sdram_dq_i(dq_in)
    );

    // The configuration's own clock pin, which has no other way to it.
    USRMCLK u_sck (.USRMCLKI(spi_sck), .USRMCLKTS(1'b0));
    assign {flash_wp_no, flash_hold_no} = 2'b11;

    ODDRX1F u_sdram_clk (.SCLK(sdram_clk), .RST(1'b0), .D0(1'b1), .D1(1'b0), .Q(sdram_clk_o));

    for (genvar i = 0; i < 16; i++) begin : gen_dq
        BB u_cell (.I(dq_out[i]), .T(dq_high_z[i]), .O(dq_in[i]), .B(sdram_dq_io[i]));
    end
    assign {sdram_cke_o, sdram_cs_no, sdram_dqm_o} = 4'b1000;
    assign wifi_off_o = 1'b0;
endmodule

`default_nettype wire
