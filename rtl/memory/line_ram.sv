// SPDX-License-Identifier: MIT
// A memory with a line port (README.md), for simulation: a stand-in for SDRAM with the times one wants, and with random
// ones. The times that are given are those of an SDRAM of 16 bits at 90 MHz, without refreshes: words from cycle 7 on,
// one in two cycles, the next request after 36 (read) or 37.
`default_nettype none

module line_ram #(
  parameter int unsigned AddressW = 20,
  parameter int unsigned Open = 3,               // cycles from a request to the first word
  parameter int unsigned Gap = 1,                // between words
  parameter int unsigned CloseRead = 3,          // after the last
  parameter int unsigned CloseWrite = 4,
  parameter int unsigned Delay = 4,              // of words that are read, while the next request may begin
  parameter logic [31:0] Seed = 32'h5e1c0de5
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // more of Open, Gap and Close, and pauses while nothing is asked for: a number of these bits
  input  wire  [5:0]           random_i,
  input  wire                  req_valid_i,
  output logic                 req_ready_o,
  input  wire                  req_write_i,
  input  wire  [AddressW-1:sdram_pkg::LINE_W] req_line_i,
  input  wire  [sdram_pkg::WORD_W-1:0] req_word_i,
  output logic                 rdata_valid_o,
  output logic [sdram_pkg::WORD_W-1:0] rdata_word_o,
  output logic [31:0]          rdata_o,
  output logic [sdram_pkg::WORD_W-1:0] wdata_word_o,
  input  wire  [31:0]          wdata_i,
  output logic                 done_o
);
  localparam int unsigned WORD_W = sdram_pkg::WORD_W;
  localparam int unsigned WAIT_W = 8;

  typedef enum logic [1:0] {IDLE, OPENING, WORDS, CLOSING} state_e;

  logic [31:0]          words_q[1 << (AddressW - 2)] /* verilator public_flat_rw */;
  state_e               state_q;
  logic [WAIT_W-1:0]    wait_q;
  logic                 write_q;
  logic [AddressW-1:sdram_pkg::LINE_W] line_q;
  logic [WORD_W-1:0]    word_q;
  logic [WORD_W-1:0]    left_q;
  logic                 waited;
  logic                 taking;                  // a word is read or written in this cycle
  logic                 write_done_q;
  logic [Delay-1:0]     valid_q;
  logic [Delay-1:0]     last_q;
  logic [Delay-1:0][WORD_W-1:0] place_q;
  logic [Delay-1:0][31:0] data_q;
  logic [31:0]          random_q;
  logic [WAIT_W-1:0]    more;

  assign waited = wait_q == '0;
  assign taking = state_q == WORDS && waited;
  assign more = WAIT_W'(random_q[5:0] & random_i);
  assign req_ready_o = state_q == IDLE && waited;
  assign wdata_word_o = taking ? word_q + 1'b1 : word_q;
  assign rdata_valid_o = valid_q[Delay-1];
  assign rdata_word_o = place_q[Delay-1];
  assign rdata_o = data_q[Delay-1];
  assign done_o = (valid_q[Delay-1] & last_q[Delay-1]) | write_done_q;

  always_ff @(posedge clk_i) begin
    random_q <= {random_q[30:0], random_q[31] ^ random_q[21] ^ random_q[1] ^ random_q[0]};
    write_done_q <= taking && write_q && left_q == '0;
    if (!waited) wait_q <= wait_q - 1'b1;
    case (state_q)
      IDLE: begin
        if (waited && req_valid_i) begin
          state_q <= OPENING;
          wait_q <= WAIT_W'(Open - 2) + more;
          write_q <= req_write_i;
          line_q <= req_line_i;
          word_q <= req_word_i;
          left_q <= '1;
        end else if (waited && more[1:0] == 2'd3 && random_q[31:28] == 4'd0) begin
          wait_q <= more;
        end
      end
      OPENING: if (waited) state_q <= WORDS;
      WORDS: begin
        if (waited) begin
          wait_q <= WAIT_W'(Gap) + more;
          word_q <= word_q + 1'b1;
          left_q <= left_q - 1'b1;
          if (left_q == '0) begin
            state_q <= CLOSING;
            wait_q <= (write_q ? WAIT_W'(CloseWrite - 2) : WAIT_W'(CloseRead - 2)) + more;
          end
          if (write_q) words_q[{line_q, word_q}] <= wdata_i;
        end
      end
      CLOSING: if (waited) state_q <= IDLE;
    endcase
    valid_q <= {valid_q[Delay-2:0], taking & ~write_q};
    last_q <= {last_q[Delay-2:0], left_q == '0};
    place_q <= {place_q[Delay-2:0], word_q};
    data_q <= {data_q[Delay-2:0], words_q[{line_q, word_q}]};
    if (!rst_ni) begin
      random_q <= Seed;
      state_q <= IDLE;
      wait_q <= '0;
      valid_q <= '0;
      write_done_q <= 1'b0;
    end
  end
endmodule

`default_nettype wire
