// SPDX-License-Identifier: MIT
// UARTs of several speeds, for tests/rtl/uart_test.cpp, which has the names.
`default_nettype none

module uart_bench #(
  localparam int unsigned SETS = 3
) (
  input  wire             clk_i,
  input  wire             rst_ni,
  input  wire  [SETS-1:0] tx_valid_i,
  input  wire  [7:0]      tx_data_i,
  output logic [SETS-1:0] tx_ready_o,
  input  wire  [SETS-1:0] rx_take_i,
  output logic [SETS-1:0] rx_valid_o,
  output logic [7:0]      rx_data_o[SETS],
  output logic [SETS-1:0] tx_o,
  input  wire  [SETS-1:0] rx_i
);
  localparam int unsigned CYCLES[SETS] = '{8, 30, 90};

  for (genvar s = 0; s < SETS; s++) begin : gen_set
    uart #(.Cycles(CYCLES[s]), .Depth(16)) u_uart (
      .clk_i, .rst_ni, .tx_valid_i(tx_valid_i[s]), .tx_data_i, .tx_ready_o(tx_ready_o[s]), .rx_take_i(rx_take_i[s]),
      .rx_valid_o(rx_valid_o[s]), .rx_data_o(rx_data_o[s]), .tx_o(tx_o[s]), .rx_i(rx_i[s])
    );
  end
endmodule

`default_nettype wire
