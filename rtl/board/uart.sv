// SPDX-License-Identifier: MIT
// The native UART of a board, 8 data bits, no parity, one stop bit: between the core's byte ports and the two wires.
// A bit is Cycles cycles of clk_i. One byte waits behind the one that is sent: tx_ready_o; a byte that comes when it is
// 0 is lost. Bytes that were received wait in a queue of Depth; when it is full, and when the stop bit is not 1, a byte
// is dropped: the link above (firmware/dev/link.h) finds out.
//
// Received bits are taken in their middle, counted from the edge of the start bit: right to the last one as long as the
// two clocks differ by 3 % at most (Cycles of 8 or more).
`default_nettype none

module uart #(
  parameter int unsigned Cycles = 90,            // 8 or more
  parameter int unsigned Depth = 512             // a power of two, 2 or more
) (
  input  wire        clk_i,
  input  wire        rst_ni,
  // core.sv
  input  wire        tx_valid_i,
  input  wire  [7:0] tx_data_i,
  output logic       tx_ready_o,
  input  wire        rx_take_i,
  output logic       rx_valid_o,
  output logic [7:0] rx_data_o,
  // pins
  output logic       tx_o,
  input  wire        rx_i
);
  localparam int unsigned COUNT_W = $clog2(Cycles + 1);
  localparam int unsigned DEPTH_W = $clog2(Depth);
  localparam logic [COUNT_W-1:0] BIT = COUNT_W'(Cycles - 1);
  localparam logic [COUNT_W-1:0] HALF = COUNT_W'(Cycles / 2 - 1);

  if (Cycles < 8 || Depth < 2 || (Depth & (Depth - 1)) != 0) begin : gen_range
    $error("uart: Cycles is 8 or more, Depth a power of two");
  end

  // --- sending: start bit, 8 bits, stop bit
  logic               wait_q;                    // a byte waits
  logic [7:0]         wait_data_q;
  logic [9:0]         tx_shift_q;
  logic [3:0]         tx_left_q;                 // bits, the one on the wire included
  logic [COUNT_W-1:0] tx_count_q;
  logic               tx_next;                   // the wire is free from the next cycle on

  assign tx_next = (tx_left_q == 4'd0) | ((tx_left_q == 4'd1) & (tx_count_q == '0));
  assign tx_ready_o = ~wait_q;
  assign tx_o = tx_shift_q[0];

  always_ff @(posedge clk_i) begin
    tx_count_q <= tx_count_q - COUNT_W'(1);
    if (tx_left_q != 4'd0 && tx_count_q == '0) begin
      tx_count_q <= BIT;
      tx_left_q <= tx_left_q - 4'd1;
      tx_shift_q <= {1'b1, tx_shift_q[9:1]};
    end
    if (tx_valid_i && !wait_q) begin
      wait_q <= 1'b1;
      wait_data_q <= tx_data_i;
    end
    if (wait_q && tx_next) begin
      wait_q <= 1'b0;
      tx_shift_q <= {1'b1, wait_data_q, 1'b0};
      tx_left_q <= 4'd10;
      tx_count_q <= BIT;
    end
    if (!rst_ni) begin
      wait_q <= 1'b0;
      tx_left_q <= 4'd0;
      tx_shift_q <= '1;
    end
  end

  // --- receiving
  logic [2:0]         rx_q;                      // the wire, brought over into this clock, and as it was
  logic [3:0]         rx_left_q;                 // bits to come, stop bit included; start bit: 10
  logic [COUNT_W-1:0] rx_count_q;
  logic [7:0]         rx_shift_q;
  logic               rx_done_q;                 // rx_shift_q is a byte

  always_ff @(posedge clk_i) begin
    rx_q <= {rx_q[1:0], rx_i};
    rx_done_q <= 1'b0;
    rx_count_q <= rx_count_q - COUNT_W'(1);
    if (rx_left_q == 4'd0) begin
      rx_count_q <= HALF;
      if (rx_q[2] && !rx_q[1]) rx_left_q <= 4'd10;
    end else if (rx_count_q == '0) begin
      rx_count_q <= BIT;
      rx_left_q <= rx_left_q - 4'd1;
      if (rx_left_q == 4'd10) begin
        if (rx_q[1]) rx_left_q <= 4'd0;          // no start bit, but a spike
      end else if (rx_left_q == 4'd1) begin
        rx_done_q <= rx_q[1];
      end else begin
        rx_shift_q <= {rx_q[1], rx_shift_q[7:1]};
      end
    end
    if (!rst_ni) begin
      rx_q <= '1;
      rx_left_q <= 4'd0;
      rx_done_q <= 1'b0;
    end
  end

  // --- the queue. Its first byte is read ahead into a register, as block RAM wants it.
  logic [7:0]         queue_q[Depth];
  logic [DEPTH_W:0]   in_q;
  logic [DEPTH_W:0]   out_q;                     // of the byte to be read next
  logic [7:0]         front_q;
  logic               has_front_q;
  logic               is_full;
  logic               reads;

  assign is_full = in_q == (out_q ^ {1'b1, {DEPTH_W{1'b0}}});
  assign reads = ~has_front_q & (in_q != out_q);
  assign rx_valid_o = has_front_q;
  assign rx_data_o = front_q;

  always_ff @(posedge clk_i) begin
    if (rx_done_q && !is_full) begin
      queue_q[in_q[DEPTH_W-1:0]] <= rx_shift_q;
      in_q <= in_q + 1'b1;
    end
    if (reads) begin
      front_q <= queue_q[out_q[DEPTH_W-1:0]];
      out_q <= out_q + 1'b1;
      has_front_q <= 1'b1;
    end
    if (rx_take_i) has_front_q <= 1'b0;
    if (!rst_ni) begin
      in_q <= '0;
      out_q <= '0;
      has_front_q <= 1'b0;
    end
  end
endmodule

`default_nettype wire
