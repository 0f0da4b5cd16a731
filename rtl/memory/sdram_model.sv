// SPDX-License-Identifier: MIT
// An SDRAM chip, for simulation: banks, rows, columns, mode register, bursts, and every rule of protocol and timing
// that a controller could break. Whoever builds it gives sdram_error (DPI), which is told the rule, the bank and the
// cycle; `is` and `needs` are cycles where the rule is about time. Rules: power-up, init-precharge, init-refresh,
// init-mode, command, mode, clock, open, closed, precharged, column, tMRD, tRFC, tRP, tRCD, tRAS, tRAS-max, tRC, tRRD,
// tWR, cut, refresh, no-data, contention, turnaround, capture.
//
// It has one clock, clk_i, the controller's. Its own comes ClockPhase degrees later (more than 0, 360 at most): it
// takes the pins in the cycle in which they change, and its data are on dq_o before the first edge of clk_i at which
// they may be captured, for that cycle alone. If no edge falls between tAC and tOH (with Delay, of both ways over the
// board and the pins), that breaks rule `capture`, and the data are wrong. Where nobody drives the data pins they are
// never the same for long.
`default_nettype none

module sdram_model #(
  parameter sdram_pkg::chip_t Chip = sdram_pkg::W9825G6KH_6,
  parameter int unsigned ClkKhz = 90_000,
  parameter int unsigned ClockPhase = 270,
  parameter int unsigned Delay = 30,             // tenths of ns
  parameter int unsigned PowerUpUs = 32'(Chip.power_up_us),
  parameter int unsigned Id = 0,                 // which of several, for sdram_error
  localparam int unsigned DqW = 32'(Chip.dq_bits),
  localparam int unsigned BankW = 32'(Chip.bank_bits),
  localparam int unsigned RowW = 32'(Chip.row_bits)
) (
  input  wire              clk_i,
  input  wire              power_i,              // 0: as if there had never been power
  input  wire  [2:0]       command_i,
  input  wire  [BankW-1:0] bank_i,
  input  wire  [RowW-1:0]  address_i,
  input  wire              dq_oe_i,              // the controller drives the data pins ...
  input  wire  [DqW-1:0]   dq_i,                 // ... with this
  output logic [DqW-1:0]   dq_o                  // what it reads there
);
  import "DPI-C" function void sdram_error(
    input int unsigned id, input string rule, input int unsigned bank, input int unsigned cycle, input int is,
    input int needs);

  localparam int BANKS = 1 << BankW;
  localparam int ROWS = 1 << RowW;
  localparam int COL_W = int'(Chip.col_bits);
  localparam int T_RCD = int'(sdram_pkg::cycles(Chip.t_rcd, ClkKhz));
  localparam int T_RP = int'(sdram_pkg::cycles(Chip.t_rp, ClkKhz));
  localparam int T_RAS = int'(sdram_pkg::cycles(Chip.t_ras, ClkKhz));
  localparam int T_RAS_MAX = int'(100 * ClkKhz / 1000);            // 100 us, all chips
  localparam int T_RC = int'(sdram_pkg::cycles(Chip.t_rc, ClkKhz));
  localparam int T_RFC = int'(sdram_pkg::cycles(Chip.t_rfc, ClkKhz));
  localparam int T_RRD = int'(sdram_pkg::most(32'(Chip.c_rrd), sdram_pkg::cycles(Chip.t_rrd, ClkKhz)));
  localparam int T_WR = int'(sdram_pkg::most(32'(Chip.c_wr), sdram_pkg::cycles(Chip.t_wr, ClkKhz)));
  localparam int T_MRD = int'(Chip.c_mrd);
  localparam int T_POWER_UP = int'(PowerUpUs * (ClkKhz / 100) / 10);
  localparam int T_REFRESH = int'(32'(Chip.refresh_us) * (ClkKhz / 100) / 10);
  localparam int LONG_AGO = -1_000_000;

  // Captured at the first edge of clk_i, counted from the command's register, when the data are there.
  localparam int CYCLE_PS = int'(1_000_000_000 / ClkKhz);
  localparam int LATE_PS = CYCLE_PS * int'(ClockPhase) / 360 + 100 * int'(Delay);

  function automatic int seen_at(input int cas);
    int valid_ps = LATE_PS + (cas - 1) * CYCLE_PS + 100 * (cas == 2 ? int'(Chip.t_ac_2) : int'(Chip.t_ac_3));
    seen_at = (valid_ps + CYCLE_PS - 1) / CYCLE_PS;
  endfunction

  function automatic bit is_safe(input int cas);
    is_safe = seen_at(cas) * CYCLE_PS <= LATE_PS + cas * CYCLE_PS + 100 * int'(Chip.t_oh);
  endfunction

  if (ClockPhase == 0 || ClockPhase > 360) begin : gen_phase
    $error("sdram_model: ClockPhase is 1 to 360");
  end

  localparam int DEPTH = 8;                      // of the pipeline from READ to the pins
  localparam int unsigned ADDRESS_W = BankW + RowW + 32'(COL_W);

  logic [DqW-1:0] cells[1 << ADDRESS_W] /* verilator public_flat_rw */;

  // the chip's state; times are in cycles
  int  now;
  bit  precharged, mode_set;                     // the start's steps
  int  init_refreshes;
  int  cas, burst;
  bit  is_open[BANKS];
  logic [RowW-1:0] row[BANKS];
  int  active_at[BANKS];
  int  written_at[BANKS];
  int  closed_at[BANKS];                         // may be to come: precharge by itself
  int  last_active;                              // of any bank
  int  refreshed_at, mode_at;
  int  row_refreshed_at[ROWS];
  logic [RowW-1:0] next_row;                     // to be refreshed
  bit  second_round;
  int  round_at;                                 // rows have been fresh at that time, unless row_refreshed_at says more
  // a burst that is under way
  int  burst_left;
  bit  burst_writes, burst_precharges;
  logic [BankW-1:0] burst_bank;
  logic [ADDRESS_W-1:0] burst_address;
  // to the pins
  bit  drives[DEPTH];
  logic [DqW-1:0] data[DEPTH];
  bit  drove;
  logic [31:0] noise;

  task automatic complain(input string rule, input int unsigned bank, input int is, input int needs);
    sdram_error(Id, rule, bank, now, is, needs);
  endtask

  task automatic at_least(input string rule, input int unsigned bank, input int since, input int needs);
    if (now - since < needs) complain(rule, bank, now - since, needs);
  endtask

  task automatic reset();
    now = 0;
    precharged = 0;
    mode_set = 0;
    init_refreshes = 0;
    cas = 3;
    burst = 1;
    last_active = LONG_AGO;
    refreshed_at = LONG_AGO;
    mode_at = LONG_AGO;
    next_row = '0;
    second_round = 0;
    burst_left = 0;
    drove = 0;
    noise = 32'd1;
    for (int b = 0; b < BANKS; b++) begin
      is_open[b] = 0;
      active_at[b] = LONG_AGO;
      written_at[b] = LONG_AGO;
      closed_at[b] = LONG_AGO;
    end
    for (int i = 0; i < DEPTH; i++) drives[i] = 0;
  endtask

  // --- commands
  task automatic must_be_quiet();
    at_least("tMRD", 0, mode_at, T_MRD);
    at_least("tRFC", 0, refreshed_at, T_RFC);
    if (now < T_POWER_UP) complain("power-up", 0, now, T_POWER_UP);
  endtask

  task automatic must_be_closed();
    for (int b = 0; b < BANKS; b++) begin
      if (is_open[b]) complain("precharged", b, 0, 0);
      at_least("tRP", b, closed_at[b], T_RP);
    end
    if (!precharged) complain("init-precharge", 0, 0, 0);
  endtask

  task automatic load_mode();
    must_be_closed();
    cas = int'(address_i[6:4]);
    burst = 1 << address_i[2:0];
    // burst lengths 1 to 8, in order, for writes, too
    if (address_i[RowW-1:7] != '0 || address_i[3:2] != 2'd0 || (cas != 2 && cas != 3)) begin
      complain("mode", 0, int'(address_i), 0);
      cas = 3;
      burst = 1;
    end
    if (ClkKhz > 1000 * (cas == 2 ? int'(Chip.mhz_2) : int'(Chip.mhz_3))) complain("clock", 0, int'(ClkKhz), 0);
    mode_at = now;
    mode_set = 1;
    round_at = now;
  endtask

  task automatic refresh();
    must_be_closed();
    init_refreshes++;
    refreshed_at = now;
    row_refreshed_at[next_row] = now;
    next_row = next_row + 1'b1;
    if (next_row == '0) second_round = 1;
  endtask

  task automatic activate(input int b);
    if (!mode_set) complain("init-mode", b, 0, 0);
    if (init_refreshes < int'(Chip.init_refreshes))
      complain("init-refresh", b, init_refreshes, int'(Chip.init_refreshes));
    if (is_open[b]) complain("open", b, 0, 0);
    at_least("tRP", b, closed_at[b], T_RP);
    at_least("tRC", b, active_at[b], T_RC);
    at_least("tRRD", b, last_active, T_RRD);
    is_open[b] = 1;
    row[b] = address_i;
    active_at[b] = now;
    last_active = now;
  endtask

  // Bank b closes by itself or by command at a time that is now or to come.
  task automatic close(input int b, input int at);
    if (at - active_at[b] < T_RAS) complain("tRAS", b, at - active_at[b], T_RAS);
    if (at - written_at[b] < T_WR) complain("tWR", b, at - written_at[b], T_WR);
    if (at - active_at[b] > T_RAS_MAX) complain("tRAS-max", b, at - active_at[b], T_RAS_MAX);
    is_open[b] = 0;
    closed_at[b] = at;
  endtask

  task automatic precharge(input bit all);
    if (all) precharged = 1;
    for (int b = 0; b < BANKS; b++) begin
      if ((all || b == int'(bank_i)) && is_open[b]) begin
        close(b, now);
        if (burst_bank == BankW'(b)) burst_left = 0;
      end
    end
  endtask

  task automatic column(input int b, input bit writes);
    if (!is_open[b]) complain("closed", b, 0, 0);
    if ((address_i & ~(RowW'(1) << sdram_pkg::A10)) >> COL_W != '0) complain("column", b, int'(address_i), 0);
    at_least("tRCD", b, active_at[b], T_RCD);
    if (burst_left != 0 && burst_precharges) complain("cut", int'(burst_bank), burst_left, 0);
    burst_left = burst;
    burst_writes = writes;
    burst_precharges = address_i[sdram_pkg::A10];
    burst_bank = bank_i;
    burst_address = {bank_i, row[b], address_i[COL_W-1:0]};
    if (writes) written_at[b] = now + burst - 1;
    if (burst_precharges) close(b, writes ? now + burst - 1 + T_WR : now + burst);
  endtask

  // --- data: one column of the burst, then the next address, which wraps in the burst
  task automatic beat();
    if (burst_writes) begin
      if (!dq_oe_i) complain("no-data", int'(burst_bank), 0, 0);
      cells[burst_address] = dq_i;
    end else begin
      drives[seen_at(cas) - 2] = 1;
      data[seen_at(cas) - 2] = cells[burst_address];
      if (!is_safe(cas)) begin
        complain("capture", int'(burst_bank), 0, 0);
        data[seen_at(cas) - 2] = ~cells[burst_address];
      end
    end
    burst_address = (burst_address & ~ADDRESS_W'(burst - 1)) | ((burst_address + 1'b1) & ADDRESS_W'(burst - 1));
    burst_left--;
  endtask

  task automatic pins();
    if (dq_oe_i && drives[0]) complain("contention", 0, 0, 0);
    if (dq_oe_i && drove && !drives[0]) complain("turnaround", 0, 0, 0);
    drove = drives[0];
    for (int i = 0; i < DEPTH - 1; i++) begin
      drives[i] = drives[i+1];
      data[i] = data[i+1];
    end
    drives[DEPTH-1] = 0;
  endtask

  task automatic next_refresh();
    int since = second_round ? row_refreshed_at[next_row] : round_at;
    if (mode_set && now - since > T_REFRESH) begin
      complain("refresh", int'(next_row), now - since, T_REFRESH);
      row_refreshed_at[next_row] = now;
      next_row = next_row + 1'b1;
      if (next_row == '0) second_round = 1;
    end
  endtask

  // Blocking: what happens within a cycle happens in this order.
  always @(posedge clk_i) begin
    if (!power_i) begin
      reset();
    end else begin
      pins();
      if (command_i != sdram_pkg::NOP) must_be_quiet();
      case (command_i)
        sdram_pkg::MODE: load_mode();
        sdram_pkg::REFRESH: refresh();
        sdram_pkg::PRECHARGE: precharge(address_i[sdram_pkg::A10]);
        sdram_pkg::ACTIVE: activate(int'(bank_i));
        sdram_pkg::WRITE: column(int'(bank_i), 1);
        sdram_pkg::READ: column(int'(bank_i), 0);
        sdram_pkg::NOP: ;
        default: complain("command", int'(bank_i), int'(command_i), 0);
      endcase
      if (burst_left != 0) beat();
      next_refresh();
      noise = {noise[30:0], noise[31] ^ noise[21] ^ noise[1] ^ noise[0]};
      now++;
    end
    dq_o <= drives[0] ? data[0] : DqW'(noise);
  end
endmodule

`default_nettype wire
