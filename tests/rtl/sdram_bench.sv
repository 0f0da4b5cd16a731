// SPDX-License-Identifier: MIT
// SDRAM controllers with chips of all kinds, clocks and latencies, side by side, and a chip alone (the last), for
// tests/rtl/sdram_test.cpp.
`default_nettype none

module sdram_bench #(
  localparam int unsigned SETS = 15
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire  [SETS-1:0]    valid_i,
  output logic [SETS-1:0]    ready_o,
  input  wire  [SETS-1:0]    write_i,
  input  wire  [31:0]        line_i[SETS],       // byte address >> 6
  input  wire  [3:0]         word_i[SETS],
  output logic [SETS-1:0]    rdata_valid_o,
  output logic [3:0]         rdata_word_o[SETS],
  output logic [31:0]        rdata_o[SETS],
  output logic [3:0]         wdata_word_o[SETS],
  input  wire  [31:0]        wdata_i[SETS],
  output logic [SETS-1:0]    done_o,
  output logic [31:0]        lines_o[SETS],      // that the chip has
  // a chip alone
  input  wire                power_i,
  input  wire  [2:0]         command_i,
  input  wire  [1:0]         bank_i,
  input  wire  [10:0]        address_i,
  input  wire                dq_oe_i,
  input  wire  [15:0]        dq_i,
  output logic [15:0]        dq_o
);
  import sdram_pkg::*;

  // 2,048 rows in 2 ms: each row's turn comes soon, and it is no use to be a whole turn late
  localparam chip_t HASTY = {16'd11,16'd9, 16'd2, 16'd16, 16'd20,16'd20,16'd44,16'd66,16'd66,16'd15,16'd15,16'd1,
    16'd2, 16'd2,
    16'd100, 16'd133, 16'd60, 16'd54, 16'd27, 16'd20, 16'd8, 16'd2026};

  // What the controller takes the chip for, what it is, clock, latency, and when read data are captured. Names are in
  // sdram_test.cpp. The last three are wrong ones: a clock phase that has no safe edge, data captured a cycle late, a
  // chip that is slower than thought.
  localparam chip_t MADE_FOR[SETS] = '{
    ULX3S, ULX3S, ULX3S, MT48LC16M16_75, MT48LC16M16_75, AS4C32M16_7, W9825G6KH_6,
    M12L64322A_5, M12L64322A_5, GW2AR18, ICESUGAR_PRO, HASTY,
    W9825G6KH_6, W9825G6KH_6, W9825G6KH_6};
  localparam chip_t CHIP[SETS] = '{
    W9825G6KH_6, MT48LC16M16_75, AS4C32M16_7, MT48LC16M16_75, MT48LC16M16_75, AS4C32M16_7, W9825G6KH_6,
    M12L64322A_5, M12L64322A_5, GW2AR18, ICESUGAR_PRO, HASTY,
    W9825G6KH_6, W9825G6KH_6, MT48LC16M16_75};
  localparam int unsigned KHZ[SETS] = '{90_000, 90_000, 90_000, 100_000, 125_000, 100_000, 125_000, 62_500, 100_000,
    48_000, vliw_pkg::MEMORY_ICESUGAR_CLOCK_KHZ, 90_000,
    100_000, 90_000, 120_000};
  localparam int unsigned CAS[SETS] = '{2, 3, 2, 2, 3, 2, 2, 2, 3, 2, 2, 2, 2, 2, 2};
  localparam int unsigned PHASE[SETS] = '{270, 270, 270, 180, 270, 270, 270, 270, 270, 270, 270, 270, 90, 270, 270};
  localparam int unsigned CAPTURE[SETS] = '{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1};
  localparam int unsigned POWER_UP_US = 20;

  for (genvar s = 0; s < SETS; s++) begin : gen_set
    localparam int unsigned ADDRESS_W = 32'(MADE_FOR[s].row_bits) + 32'(MADE_FOR[s].bank_bits)
      + 32'(MADE_FOR[s].col_bits)
      + $clog2(32'(MADE_FOR[s].dq_bits) / 8);
    logic [2:0] command;
    logic [32'(MADE_FOR[s].bank_bits)-1:0] bank;
    logic [32'(MADE_FOR[s].row_bits)-1:0] address;
    logic [32'(MADE_FOR[s].dq_bits)-1:0] dq_high_z, dq_out, dq_in;

    sdram #(.Chip(MADE_FOR[s]), .ClkKhz(KHZ[s]), .CasLatency(CAS[s]), .Capture(CAPTURE[s]),
      .PowerUpUs(POWER_UP_US)) u_sdram (
      .clk_i, .rst_ni, .req_valid_i(valid_i[s]), .req_ready_o(ready_o[s]), .req_write_i(write_i[s]),
      .req_line_i(line_i[s][ADDRESS_W-LINE_W-1:0]),
      .req_word_i(word_i[s]), .rdata_valid_o(rdata_valid_o[s]), .rdata_word_o(rdata_word_o[s]), .rdata_o(rdata_o[s]),
      .wdata_word_o(wdata_word_o[s]), .wdata_i(wdata_i[s]), .done_o(done_o[s]),
      .command_o(command), .bank_o(bank), .address_o(address), .dq_high_z_o(dq_high_z), .dq_o(dq_out), .dq_i(dq_in)
    );

    sdram_model #(.Chip(CHIP[s]), .ClkKhz(KHZ[s]), .ClockPhase(PHASE[s]), .PowerUpUs(POWER_UP_US), .Id(s)) u_chip (
      .clk_i, .power_i(rst_ni), .command_i(command), .bank_i(bank), .address_i(address), .dq_oe_i(~|dq_high_z),
      .dq_i(dq_out), .dq_o(dq_in)
    );
    assign lines_o[s] = 32'd1 << (ADDRESS_W - LINE_W);
  end

  sdram_model #(.Chip(HASTY), .ClkKhz(90_000), .PowerUpUs(3), .Id(SETS)) u_alone (
    .clk_i, .power_i, .command_i, .bank_i, .address_i, .dq_oe_i, .dq_i, .dq_o
  );
endmodule

`default_nettype wire
