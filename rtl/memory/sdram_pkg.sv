// SPDX-License-Identifier: MIT
// SDRAM chips: geometry and timing, once for the controller and the model that checks it. A row is what the vendor's
// data sheet says of the speed grade; minimum times in ns are turned into cycles by cycles(), those in cycles are least
// counts beside them.
`default_nettype none

package sdram_pkg;
  typedef struct packed {
    // geometry: log2 of rows, columns, banks; bits of a column
    logic [15:0] row_bits;
    logic [15:0] col_bits;
    logic [15:0] bank_bits;
    logic [15:0] dq_bits;
    // ns
    logic [15:0] t_rcd;           // ACTIVE to READ or WRITE
    logic [15:0] t_rp;            // PRECHARGE to ACTIVE, REFRESH or LOAD MODE
    logic [15:0] t_ras;           // ACTIVE to PRECHARGE
    logic [15:0] t_rc;            // ACTIVE to ACTIVE, same bank
    logic [15:0] t_rfc;           // REFRESH to anything
    logic [15:0] t_rrd;           // ACTIVE to ACTIVE, other bank
    logic [15:0] t_wr;            // last data written to PRECHARGE
    // cycles
    logic [15:0] c_rrd;
    logic [15:0] c_wr;
    logic [15:0] c_mrd;           // LOAD MODE to anything
    // most MHz with CAS latency 2 and 3
    logic [15:0] mhz_2;
    logic [15:0] mhz_3;
    // tenths of ns: data valid after the clock that many tenths later, with CAS latency 2 and 3, and held that long
    // after the next
    logic [15:0] t_ac_2;
    logic [15:0] t_ac_3;
    logic [15:0] t_oh;
    // start: quiet time, then that many refreshes
    logic [15:0] power_up_us;
    logic [15:0] init_refreshes;
    // all rows within
    logic [15:0] refresh_us;
  } chip_t;

  // ULX3S boards carry one of the first three; ULX3S is slow enough for all and uses half of the third. An
  // iCESugar-pro has an IS42S16160B, a Colorlight i5 an M12L64322A (2048 rows at 15.6 us each), a Tang Nano 20K the die
  // in its GW2AR-18. Times of the Winbond are those of the data sheet of W9825G6JH-6 (tRFC is its tRC), the others'
  // what open controllers take for that part and grade; for the GW2AR-18's, of which nothing is published, slow ones.
  //  row      col      bank     dq
  //  RCD      RP       RAS      RC       RFC      RRD      WR       c_rrd    c_wr     c_mrd
  //  MHz CL2  CL3      AC CL2   CL3      OH       up us    refreshesus
  localparam chip_t W9825G6KH_6 = {
      16'd13,  16'd9,   16'd2,   16'd16,
      16'd15,  16'd15,  16'd42,  16'd60,  16'd60,  16'd0,   16'd0,   16'd2,   16'd2,   16'd2,
      16'd133, 16'd166, 16'd60,  16'd50,  16'd30,  16'd200, 16'd8,   16'd64000};
  localparam chip_t MT48LC16M16_75 = {
      16'd13,  16'd9,   16'd2,   16'd16,
      16'd20,  16'd20,  16'd44,  16'd66,  16'd66,  16'd15,  16'd15,  16'd1,   16'd2,   16'd2,
      16'd100, 16'd133, 16'd60,  16'd54,  16'd27,  16'd100, 16'd2,   16'd64000};
  localparam chip_t AS4C32M16_7 = {
      16'd13,  16'd10,  16'd2,   16'd16,
      16'd21,  16'd21,  16'd42,  16'd63,  16'd63,  16'd14,  16'd14,  16'd1,   16'd2,   16'd2,
      16'd100, 16'd143, 16'd60,  16'd54,  16'd25,  16'd200, 16'd2,   16'd64000};
  localparam chip_t ULX3S = {
      16'd13,  16'd9,   16'd2,   16'd16,
      16'd21,  16'd21,  16'd44,  16'd66,  16'd66,  16'd15,  16'd15,  16'd2,   16'd2,   16'd2,
      16'd100, 16'd133, 16'd60,  16'd54,  16'd25,  16'd200, 16'd8,   16'd64000};
  localparam chip_t ICESUGAR_PRO = {
      16'd13,  16'd9,   16'd2,   16'd16,
      16'd20,  16'd20,  16'd45,  16'd70,  16'd70,  16'd15,  16'd20,  16'd2,   16'd2,   16'd2,
      16'd100, 16'd133, 16'd65,  16'd54,  16'd25,  16'd200, 16'd8,   16'd64000};
  localparam chip_t M12L64322A_5 = {
      16'd11,  16'd8,   16'd2,   16'd32,
      16'd15,  16'd15,  16'd40,  16'd55,  16'd55,  16'd10,  16'd0,   16'd1,   16'd2,   16'd2,
      16'd100, 16'd200, 16'd60,  16'd45,  16'd20,  16'd200, 16'd2,   16'd32000};
  localparam chip_t GW2AR18 = {
      16'd11,  16'd8,   16'd2,   16'd32,
      16'd20,  16'd20,  16'd48,  16'd70,  16'd70,  16'd20,  16'd20,  16'd2,   16'd2,   16'd2,
      16'd100, 16'd143, 16'd60,  16'd54,  16'd25,  16'd200, 16'd8,   16'd32000};

  // {ras_n, cas_n, we_n}; cs_n is tied low
  localparam logic [2:0] MODE      = 3'b000;
  localparam logic [2:0] REFRESH   = 3'b001;
  localparam logic [2:0] PRECHARGE = 3'b010;
  localparam logic [2:0] ACTIVE    = 3'b011;
  localparam logic [2:0] WRITE     = 3'b100;
  localparam logic [2:0] READ      = 3'b101;
  localparam logic [2:0] NOP       = 3'b111;
  localparam int unsigned A10 = 10; // PRECHARGE: all banks; READ, WRITE: precharge afterwards

  // What caches move: a line of 16 words
  localparam int unsigned LINE_BYTES = 64;
  localparam int unsigned LINE_W = $clog2(LINE_BYTES);
  localparam int unsigned WORD_W = LINE_W - 2;

  function automatic int unsigned most(input int unsigned a, input int unsigned b);
    most = a > b ? a : b;
  endfunction

  // ns in cycles, rounded up
  function automatic int unsigned cycles(input logic [15:0] ns, input int unsigned khz);
    cycles = (32'(ns) * khz + 999_999) / 1_000_000;
  endfunction
endpackage

`default_nettype wire
