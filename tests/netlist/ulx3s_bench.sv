// SPDX-License-Identifier: MIT
// A whole ULX3S from pin to pin, its top as RTL or (NETLIST) as what synthesis made of it, and its SDRAM chip, for
// tests/rtl/board_test.cpp. Names inside the netlist are the RTL's, the hierarchy has become part of them.
`default_nettype none

module board_bench (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire        uart_rx_i,
  output logic       uart_tx_o,
  output logic [7:0] led_o,
  output logic       exit_o,
  output logic [31:0] io_data_o
);
  logic        cke;
  logic        cs_n;
  logic [2:0]  command;
  logic [1:0]  bank;
  logic [12:0] address;
  logic [1:0]  dqm;
  wire  [15:0] dq;
  logic [15:0] chip_dq;
  logic        drives;

`ifdef NETLIST
  top u_top (
`else
  top #(.Baud(`BAUD), .PowerUpUs(`POWER_UP_US)) u_top (
`endif
    .clk_25mhz_i(clk_i), .reset_button_i(~rst_ni), .uart_rx_i, .uart_tx_o, .wifi_off_o(), .led_o,
    .flash_cs_no(), .flash_mosi_o(), .flash_miso_i(1'b1), .flash_wp_no(), .flash_hold_no(),
    .sdram_clk_o(), .sdram_cke_o(cke), .sdram_cs_no(cs_n),
    .sdram_ras_no(command[2]), .sdram_cas_no(command[1]), .sdram_we_no(command[0]), .sdram_address_o(address),
    .sdram_bank_o(bank), .sdram_dqm_o(dqm), .sdram_dq_io(dq)
  );
`ifdef NETLIST
  assign exit_o = u_top.\u_board.exit_valid ;
  assign io_data_o = u_top.\u_board.io_data ;
  assign drives = ~u_top.\gen_dq[0].u_cell .T;
`else
  assign exit_o = u_top.u_board.exit_valid;
  assign io_data_o = u_top.u_board.io_data;
  assign drives = ~u_top.gen_dq[0].u_cell.T;
`endif

  sdram_model #(
    .Chip(sdram_pkg::W9825G6KH_6), .ClkKhz(vliw_pkg::MEMORY_ULX3S_CLOCK_KHZ), .PowerUpUs(`POWER_UP_US)
  ) u_chip (
    .clk_i, .power_i(rst_ni & cke & ~cs_n & dqm == 2'b00), .command_i(command), .bank_i(bank), .address_i(address),
    .dq_oe_i(drives), .dq_i(dq), .dq_o(chip_dq)
  );
  assign dq = drives ? 'z : chip_dq;
endmodule

`default_nettype wire
