// SPDX-License-Identifier: MIT
// SPI masters with a flash chip each, and a chip alone (the last), for tests/rtl/spi_test.cpp, which has the names.
// The last master's chip answers too late.
`default_nettype none

module spi_bench #(
  localparam int unsigned SETS = 4
) (
  input  wire             clk_i,
  input  wire             rst_ni,
  input  wire  [SETS:0]   power_i,
  input  wire  [SETS-1:0] write_i,
  input  wire  [SETS-1:0] select_i,
  input  wire  [7:0]      data_i,
  output logic [SETS-1:0] busy_o,
  output logic [7:0]      data_o[SETS],
  // a chip alone
  input  wire             cs_ni,
  input  wire             sck_i,
  input  wire             mosi_i,
  output logic            miso_o
);
  localparam int unsigned HALF[SETS] = '{2, 2, 1, 2};
  localparam int unsigned DELAY[SETS] = '{1, 3, 1, 4};

  for (genvar s = 0; s < SETS; s++) begin : gen_set
    logic cs_n, sck, mosi, miso;

    spi #(.HalfCycles(HALF[s])) u_spi (
      .clk_i, .rst_ni, .write_i(write_i[s]), .select_i(select_i[s]), .data_i, .busy_o(busy_o[s]), .data_o(data_o[s]),
      .cs_no(cs_n), .sck_o(sck), .mosi_o(mosi), .miso_i(miso)
    );

    spi_flash_model #(.Delay(DELAY[s]), .MinHalf(HALF[s]), .Id(s)) u_chip (
      .clk_i, .power_i(power_i[s]), .cs_ni(cs_n), .sck_i(sck), .mosi_i(mosi), .miso_o(miso)
    );
  end

  spi_flash_model #(.MinHalf(2), .Id(SETS)) u_alone (
    .clk_i, .power_i(power_i[SETS]), .cs_ni, .sck_i, .mosi_i, .miso_o
  );
endmodule

`default_nettype wire
