// SPDX-License-Identifier: MIT
// SDRAM controller. Its unit is a line of 64 bytes, read or written whole (so the chip's data masks may be tied low),
// in words of 32 bits from the word that is asked for on, wrapping in the line. The line port (README.md):
//   request     valid and ready in the same cycle; what stands beside req_valid_i is looked at in that cycle only
//   read        rdata_valid_o: a word of the line, rdata_word_o which; nobody can make it wait
//   write       wdata_word_o asks for a word, wdata_i is that word in the next cycle, as a block RAM gives it
//   done_o      once a request: with the last word of a read; when the last word of a write has been taken
// Pages are closed (the line's last command precharges): a refill takes the same number of cycles whatever came before;
// open pages save the two cycles of tRCD in 38 where they hit and cost the two of tRP where they do not. Each column
// has a command of its own (burst length 1), so the order of words is free, and nothing has to be cut short. A refresh
// comes when its time has come and no line is under way.
//
// Command, address and data pins are registers, placed in the I/O cells (syn_useioff; InCells: there are such cells);
// so is each data pin's own dq_high_z_o. A cell has one clock enable and one reset for all that is in it, so a data
// pin's registers have neither.
// cs_n is low, cke high, dqm low. The chip's clock is the board's matter: phase p after clk_i, of cycle T. Read data
// are captured CasLatency + Capture cycles after the command's register, which must lie
//   from   p + (CasLatency - 1) T + tAC + delay   to   p + CasLatency T + tOH + delay   (delay: pins, board, both ways)
// p = 3/4 T with Capture = 1 is right from 48 to 125 MHz; the chip then takes commands 3/4 T after they change. p = 1/2
// T (the clock inverted) has 0.4 ns left at 90 MHz, p = 1/4 T none at 100. sdram_model.sv knows these times and says
// so.
`default_nettype none

module sdram #(
  parameter sdram_pkg::chip_t Chip = sdram_pkg::W9825G6KH_6,
  parameter int unsigned ClkKhz = 90_000,
  parameter int unsigned CasLatency = 2,
  parameter int unsigned Capture = 1,
  parameter bit InCells = 1'b0,
  parameter int unsigned PowerUpUs = 32'(Chip.power_up_us),  // less in simulation
  localparam int unsigned DqW = 32'(Chip.dq_bits),
  localparam int unsigned BankW = 32'(Chip.bank_bits),
  localparam int unsigned RowW = 32'(Chip.row_bits),
  localparam int unsigned AddressW = RowW + BankW + 32'(Chip.col_bits) + $clog2(DqW / 8)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // line port
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
  output logic                 done_o,
  // chip
  (* syn_useioff = InCells *) output logic [2:0] command_o,      // ras_n, cas_n, we_n
  (* syn_useioff = InCells *) output logic [BankW-1:0] bank_o,
  (* syn_useioff = InCells *) output logic [RowW-1:0] address_o,
  output logic [DqW-1:0]       dq_high_z_o,    // each a register of its own (pin_high_z.sv)
  (* syn_useioff = InCells *) output logic [DqW-1:0] dq_o,
  input  wire  [DqW-1:0]       dq_i
);
  localparam int unsigned BEATS = 8 * sdram_pkg::LINE_BYTES / DqW;
  localparam int unsigned BEAT_W = $clog2(BEATS);
  localparam int unsigned COL_W = 32'(Chip.col_bits);
  localparam int unsigned COL_HIGH_W = COL_W - BEAT_W;
  localparam int unsigned RETURN = CasLatency + Capture;  // from a command's register to its data's

  // Times in cycles. tRCD is at least 2: while a row opens, the first word to write is fetched.
  localparam int unsigned T_RCD = sdram_pkg::most(2, sdram_pkg::cycles(Chip.t_rcd, ClkKhz));
  localparam int unsigned T_RP = sdram_pkg::most(1, sdram_pkg::cycles(Chip.t_rp, ClkKhz));
  localparam int unsigned T_WR = sdram_pkg::most(32'(Chip.c_wr), sdram_pkg::cycles(Chip.t_wr, ClkKhz));
  localparam int unsigned T_RFC = sdram_pkg::most(2, sdram_pkg::cycles(Chip.t_rfc, ClkKhz));
  // Cycles to let pass: after ACTIVE; after a line, until the next ACTIVE (a line that is read must have left the data
  // pins, with a cycle between, when the next is written); after a refresh, and after the start's commands, which take
  // no longer.
  localparam int unsigned WAIT_OPEN = T_RCD - 1;
  localparam int unsigned WAIT_READ = sdram_pkg::most(T_RP, RETURN > T_RCD ? RETURN - T_RCD : 0);
  localparam int unsigned WAIT_WRITE = T_WR + T_RP - 1;
  localparam int unsigned WAIT_REFRESH = T_RFC - 1;
  localparam int unsigned WAIT_MOST = sdram_pkg::most(WAIT_REFRESH, sdram_pkg::most(WAIT_READ, WAIT_WRITE));
  localparam int unsigned WAIT_W = $clog2(sdram_pkg::most(WAIT_MOST, WAIT_OPEN) + 1);

  // A refresh waits for one line at most, which is less than LATE cycles, and LOAD MODE takes one's turn: the interval
  // is so much shorter that all rows are in time.
  localparam int unsigned LATE = BEATS + 32;
  localparam int unsigned INTERVAL = (32'(Chip.refresh_us) * (ClkKhz / 100) / 10 - LATE) / ((1 << RowW) + 1);
  localparam int unsigned TICK_W = $clog2(INTERVAL);
  // The start goes by the same ticks, counted down: quiet ones, PRECHARGE, the refreshes, LOAD MODE; at 0 lines are
  // taken.
  localparam int unsigned QUIET = (PowerUpUs * (ClkKhz / 100) / 10 + INTERVAL) / INTERVAL;
  localparam int unsigned START_MODE = 1;
  localparam int unsigned START_PRECHARGE = START_MODE + 32'(Chip.init_refreshes) + 1;
  localparam int unsigned START = START_PRECHARGE + 1 + QUIET;
  localparam int unsigned START_W = $clog2(START + 1);
  localparam logic [RowW-1:0] MODE_VALUE = RowW'(CasLatency << 4);  // burst length 1, in order, writes too

  if (BEATS <= 1 || COL_W <= BEAT_W || COL_W > 10 || RowW < 11) begin : gen_geometry
    $error("sdram: a line must be a part of a row, A10 no column bit");
  end
  if (BEATS < T_RCD + sdram_pkg::cycles(Chip.t_rc, ClkKhz)) begin : gen_t_rc
    $error("sdram: a line is shorter than tRC, which nobody counts");
  end

  typedef enum logic [1:0] {IDLE, OPENING, COLUMNS, CLOSING} state_e;

  state_e               state_q;
  logic [WAIT_W-1:0]    wait_q;
  logic [TICK_W-1:0]    tick_q;
  logic [START_W-1:0]   start_q;        // ticks until the chip may be used
  logic                 due_q;          // a tick has passed whose command has not been given
  logic                 write_q;
  logic [BankW-1:0]     bank_q;
  logic [COL_HIGH_W-1:0] col_high_q;
  logic [BEAT_W-1:0]    ahead_q;        // the beat of the next cycle, whose word is asked for
  logic [BEAT_W-1:0]    beat_q;
  logic [BEAT_W-1:0]    left_q;
  // what was read, and when: on the right what is in the command register, on the left what is in dq_q
  logic [RETURN:0]      return_valid_q;
  logic [RETURN:0]      return_last_q;
  logic [(RETURN+1)*BEAT_W-1:0] return_beat_q;
  logic [BEAT_W-1:0]    return_beat;
  (* syn_useioff = InCells *)
  logic [DqW-1:0]       dq_q;
  logic                 waited;
  logic                 last;
  logic                 write_done_q;
  logic [DqW-1:0]       wdata_beat;
  logic                 word_complete;

  assign waited = wait_q == '0;
  assign last = left_q == '0;
  assign req_ready_o = state_q == IDLE && !due_q && start_q == '0;

  // --- time
  always_ff @(posedge clk_i) begin
    tick_q <= tick_q - 1'b1;
    if (tick_q == '0) begin
      tick_q <= TICK_W'(INTERVAL - 1);
      if (start_q != '0) start_q <= start_q - 1'b1;
    end
    if (!rst_ni) begin
      tick_q <= TICK_W'(INTERVAL - 1);
      start_q <= START_W'(START);
    end
  end

  // --- commands
  always_ff @(posedge clk_i) begin
    command_o <= sdram_pkg::NOP;
    write_done_q <= 1'b0;
    if (!waited) wait_q <= wait_q - 1'b1;
    if (tick_q == '0) due_q <= start_q <= START_W'(START_PRECHARGE + 1);
    case (state_q)
      IDLE: begin
        if (due_q) begin
          due_q <= 1'b0;
          state_q <= CLOSING;
          wait_q <= WAIT_W'(WAIT_REFRESH - 1);
          address_o <= MODE_VALUE;
          bank_o <= '0;
          command_o <= sdram_pkg::REFRESH;
          if (start_q == START_W'(START_PRECHARGE)) begin
            command_o <= sdram_pkg::PRECHARGE;
            address_o[sdram_pkg::A10] <= 1'b1;
          end
          if (start_q == START_W'(START_MODE)) command_o <= sdram_pkg::MODE;
        end else if (req_valid_i && start_q == '0) begin
          state_q <= OPENING;
          wait_q <= WAIT_W'(WAIT_OPEN - 1);
          command_o <= sdram_pkg::ACTIVE;
          {address_o, bank_o} <= req_line_i[AddressW-1 -: RowW + BankW];
        end
        write_q <= req_write_i;
        bank_q <= req_line_i[sdram_pkg::LINE_W + COL_HIGH_W +: BankW];
        col_high_q <= req_line_i[sdram_pkg::LINE_W +: COL_HIGH_W];
        ahead_q <= {req_word_i, {BEAT_W - sdram_pkg::WORD_W{1'b0}}};
        left_q <= BEAT_W'(BEATS - 1);
      end
      OPENING: begin
        if (waited) begin
          state_q <= COLUMNS;
          beat_q <= ahead_q;
          ahead_q <= ahead_q + 1'b1;
        end
      end
      COLUMNS: begin
        command_o <= write_q ? sdram_pkg::WRITE : sdram_pkg::READ;
        bank_o <= bank_q;
        address_o <= RowW'({col_high_q, beat_q});
        address_o[sdram_pkg::A10] <= last;
        beat_q <= ahead_q;
        ahead_q <= ahead_q + 1'b1;
        left_q <= left_q - 1'b1;
        if (last) begin
          state_q <= CLOSING;
          wait_q <= write_q ? WAIT_W'(WAIT_WRITE - 1) : WAIT_W'(WAIT_READ - 1);
          write_done_q <= write_q;
        end
      end
      CLOSING: if (waited) state_q <= IDLE;
    endcase
    if (!rst_ni) begin
      state_q <= IDLE;
      due_q <= 1'b0;
      wait_q <= '0;
      write_done_q <= 1'b0;
    end
  end

  // --- data
  always_ff @(posedge clk_i) begin
    dq_q <= dq_i;
    dq_o <= wdata_beat;
    return_valid_q <= {return_valid_q[RETURN-1:0], state_q == COLUMNS && !write_q};
    return_last_q <= {return_last_q[RETURN-1:0], last};
    return_beat_q <= {return_beat_q[RETURN*BEAT_W-1:0], beat_q};
    if (!rst_ni) return_valid_q <= '0;
  end

  for (genvar i = 0; i < DqW; i++) begin : gen_pin
    pin_high_z #(.InCells(InCells)) u_pin (
      .clk_i, .high_z_i(~(state_q == COLUMNS & write_q)), .high_z_o(dq_high_z_o[i])
    );
  end

  assign return_beat = return_beat_q[RETURN*BEAT_W +: BEAT_W];
  assign wdata_word_o = ahead_q[BEAT_W-1 -: sdram_pkg::WORD_W];
  assign rdata_word_o = return_beat[BEAT_W-1 -: sdram_pkg::WORD_W];
  assign rdata_valid_o = return_valid_q[RETURN] & word_complete;
  assign done_o = (return_valid_q[RETURN] & return_last_q[RETURN]) | write_done_q;

  // A word is one column or two, the lower half first.
  if (DqW == 32) begin : gen_word
    assign word_complete = 1'b1;
    assign rdata_o = dq_q;
    assign wdata_beat = wdata_i;
  end else begin : gen_halves
    logic [DqW-1:0] low_q;
    always_ff @(posedge clk_i) low_q <= dq_q;
    assign word_complete = return_beat[0];
    assign rdata_o = {dq_q, low_q};
    assign wdata_beat = beat_q[0] ? wdata_i[31:16] : wdata_i[15:0];
  end
endmodule

`default_nettype wire
