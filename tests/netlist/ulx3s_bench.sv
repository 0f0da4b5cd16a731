// SPDX-License-Identifier: MIT
// A ULX3S from pin to pin, its top as RTL or (NETLIST) as what synthesis makes of it, with its SDRAM and flash chips,
// for tests/rtl/board_test.cpp. In a netlist the hierarchy is part of the names.
`default_nettype none
`ifdef NETLIST
`define EXIT_VALID u_top.\u_board.exit_valid
`define IO_DATA u_top.\u_board.io_data
`define DQ_CELL u_top.\gen_dq[0].u_cell
`else
`define EXIT_VALID u_top.u_board.exit_valid
`define IO_DATA u_top.u_board.io_data
`define DQ_CELL u_top.gen_dq[0].u_cell
`endif

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
  logic        flash_cs_n;
  logic        flash_mosi;
  logic        flash_miso;

  top u_top (
    .clk_25mhz_i(clk_i), .reset_button_i(~rst_ni), .uart_rx_i, .uart_tx_o, .wifi_off_o(), .led_o,
    .flash_cs_no(flash_cs_n), .flash_mosi_o(flash_mosi), .flash_miso_i(flash_miso), .flash_wp_no(), .flash_hold_no(),
    .sdram_clk_o(), .sdram_cke_o(cke), .sdram_cs_no(cs_n),
    .sdram_ras_no(command[2]), .sdram_cas_no(command[1]), .sdram_we_no(command[0]), .sdram_address_o(address),
    .sdram_bank_o(bank), .sdram_dqm_o(dqm), .sdram_dq_io(dq)
  );
  assign exit_o = `EXIT_VALID ;
  assign io_data_o = `IO_DATA ;

  // A pin is driven by one of the two: what the first data pin's cell does, all do.
  assign drives = ~`DQ_CELL .T;
  assign dq = drives ? 'z : chip_dq;

  sdram_model #(.Chip(sdram_pkg::W9825G6KH_6), .ClkKhz(vliw_pkg::BOARD_ULX3S.clock_khz)) u_chip (
    .clk_i, .power_i(rst_ni & cke & ~cs_n & (dqm == 2'b00)), .command_i(command), .bank_i(bank), .address_i(address),
    .dq_oe_i(drives), .dq_i(dq), .dq_o(chip_dq)
  );

  spi_flash_model #(.Bytes(4 << 20), .MinHalf(vliw_pkg::SPI_HALF_CYCLES)) u_flash (
    .clk_i, .power_i(rst_ni), .cs_ni(flash_cs_n), .sck_i(u_top.u_sck.sck), .mosi_i(flash_mosi), .miso_o(flash_miso)
  );

  // All pins of all cycles, for whoever compares two boards: said on stderr now and then.
  logic [31:0] cycle_q = '0;
  logic [63:0] pins_q = '0;
  wire  [63:0] pins = {17'd0, led_o, uart_tx_o, flash_cs_n, flash_mosi, u_top.u_sck.sck, drives, command, bank, address,
    dq};

  always_ff @(posedge clk_i) begin
    cycle_q <= cycle_q + 32'd1;
    if (cycle_q >= 32'd1_000)
      pins_q <= ({pins_q[62:0], pins_q[63]} + {pins_q[50:0], pins_q[63:51]}) ^ pins;
    if (cycle_q[19:0] == '0)
      $fdisplay(32'h8000_0002, "cycle %0d: pins %0h", cycle_q, pins_q);
  end
endmodule

`default_nettype wire
