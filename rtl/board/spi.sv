// SPDX-License-Identifier: MIT
// SPI master in mode 0, a byte at a time, highest bit first, behind the CSRs SPI_DATA and SPI_SELECT. A byte that is
// written in cycle t is under way in the cycles t + 1 to t + 16 * HalfCycles: busy_o. One that is written meanwhile is
// lost. The pins come from registers; SCK rests at 0. What the chip answers is taken at the edge with which SCK falls,
// 2 * HalfCycles cycles after the edge with which the chip was told to give it: both ways over the board and the
// chip's own time have all of it.
`default_nettype none

module spi #(
  parameter int unsigned HalfCycles = vliw_pkg::SPI_HALF_CYCLES
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  // csr.sv
  input  wire         write_i,         // a byte to be sent
  input  wire         select_i,        // the chip is to be selected, or not
  input  wire  [7:0]  data_i,          // the byte; bit 0: selected
  output logic        busy_o,
  output logic [7:0]  data_o,          // that came with the last byte; 0 while one is under way
  // pins
  output logic        cs_no,
  output logic        sck_o,
  output logic        mosi_o,
  input  wire         miso_i
);
  localparam int unsigned COUNT_W = $clog2(HalfCycles + 1);

  logic               busy_q;
  logic               cs_q;
  logic               sck_q;
  logic [2:0]         bit_q;
  logic [COUNT_W-1:0] count_q;         // cycles of this half that are left
  logic [7:0]         shift_q;         // bits to be sent above those that have come
  logic               is_last;         // cycle of a half

  assign is_last = count_q == COUNT_W'(1);
  assign busy_o = busy_q;
  assign data_o = shift_q & {8{~busy_q}};
  assign cs_no = ~cs_q;
  assign sck_o = sck_q;

  always_ff @(posedge clk_i) begin
    if (select_i) cs_q <= data_i[0];
    if (busy_q) begin
      count_q <= is_last ? COUNT_W'(HalfCycles) : count_q - COUNT_W'(1);
      if (is_last) begin
        sck_q <= ~sck_q;
        if (sck_q) begin
          bit_q <= bit_q + 3'd1;
          busy_q <= bit_q != 3'd7;
          shift_q <= {shift_q[6:0], miso_i};
          mosi_o <= shift_q[6];
        end
      end
    end else if (write_i) begin
      busy_q <= 1'b1;
      count_q <= COUNT_W'(HalfCycles);
      shift_q <= data_i;
      mosi_o <= data_i[7];
    end
    if (!rst_ni) begin
      busy_q <= 1'b0;
      cs_q <= 1'b0;
      sck_q <= 1'b0;
      bit_q <= 3'd0;
      count_q <= '0;
      shift_q <= 8'd0;
      mosi_o <= 1'b0;
    end
  end
endmodule

`default_nettype wire
