// SPDX-License-Identifier: MIT
// Native control and status registers, timer and native I/O. csrr: chosen in M (first cycle of it, so that stalls do
// not show), merged in M2, latency 3. csrw: takes effect at the end of M2 (PROT_x: of M; SPI_x: of M's first cycle).
// Unknown numbers read 0 and drop writes.
`default_nettype none

module csr #(
  parameter int unsigned UndoEntries = 512,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_ULX3S_GUEST_BYTES
) (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // slot 2: csrr or csrw in EX, its operand in M
  input  wire                       access_i,
  input  wire                       is_read_i,
  input  wire  [14:0]               number_i,
  input  wire  [31:0]               wdata_m_i,
  // in M2; 0 when no csrr is there (that of a bundle that trapped may leave something: nobody else's result ends then)
  output logic [31:0]               result_o,
  // control
  input  wire                       dead_i,
  input  wire  [4:0]                traps_m_i,      // one of them: the bundle in M traps; record it
  input  wire                       guest_i,
  input  wire  [3:0]                trap_cause_i,
  input  wire  [31:0]               trap_addr_i,
  input  wire  [vliw_pkg::PC_W-1:0] pc_m_i,
  input  wire                       commit_guest_m_i,
  output logic [vliw_pkg::PC_W-1:0] tvec_o,
  output logic                      timer_o,         // for the bundle in EX: on and pending
  output logic                      timer_due_o,     // pending, on or not
  output logic [31:0]               ram_mask_o,      // last byte of guest RAM that the mode sees ...
  output logic [31:0]               ram_low_o,       // ... and of the largest power of two in it
  // undo log; pop, insert and flush last as long as M2 does
  input  wire  [$clog2(UndoEntries):0] undo_count_i,
  input  wire  [31:0]               undo_address_i,
  input  wire  [31:0]               undo_word_i,
  output logic                      undo_pop_o,
  // jump-target table
  output logic [vliw_pkg::PC_W-1:0] jt_miss_o,
  output logic                      jt_insert_o,
  output logic [31:0]               jt_tag_o,
  output logic [31:0]               jt_value_o,
  output logic                      jt_flush_o,
  // code protection; the three last as long as M does
  input  wire  [31:0]               prot_hit_i,
  output logic                      prot_forget_o,
  output logic                      prot_set_o,
  output logic                      prot_clear_o,
  // counters
  input  wire  [31:0]               cycles_i,
  input  wire  [63:0]               ticks_i,
  output logic [5:0]                counter_m_o,
  input  wire  [31:0]               counter_i,
  output logic [15:0]               counter_m2_o,
  input  wire  [31:0]               counter_event_i,
  // boot facts
  input  wire  [31:0]               boot_flash_i,
  input  wire  [31:0]               boot_ram_i,
  input  wire  [31:0]               boot_flags_i,
  input  wire  [31:0]               boot_tcache_i,
  input  wire  [15:0]               tick_num_i,
  input  wire  [15:0]               tick_den_i,
  // native I/O: valid in one cycle each
  output logic                      uart_tx_valid_o,
  output logic                      log_tx_valid_o,
  output logic                      exit_valid_o,
  output logic [31:0]               io_data_o,
  input  wire                       uart_tx_ready_i,
  output logic                      uart_rx_look_o,  // csrr of UART_RX or UART_STATUS is in M, first cycle
  output logic                      uart_rx_take_o,
  input  wire                       uart_rx_valid_i,
  input  wire                       uart_rx_over_i,  // no byte will come any more
  input  wire  [7:0]                uart_rx_data_i,
  output logic                      spi_write_o,     // board/spi.sv; the first two in the first cycle of M
  output logic                      spi_select_o,
  output logic [7:0]                spi_data_o,
  input  wire                       spi_busy_i,
  input  wire  [7:0]                spi_data_i
);
  localparam logic [31:0] RAM_FIT = 32'(GuestBytes) - 32'd1;
  localparam logic [31:0] RAM_FIT_LOW = (32'd1 << ($clog2(GuestBytes) - 1)) - 32'd1;

  logic                      read_m_q;
  logic [16:0]               write_m_q;      // a csrw is in M; which register, one hot
  logic                      new_m_q;
  logic [7:0]                number_m_q;
  logic                      uart_rx_m_q;    // what is read, one hot, as plain_m_q
  logic                      uart_status_m_q;
  logic                      spi_m_q;
  logic [1:0]                clock_m_q;
  logic [5:0]                counter_m_q;
  logic [15:0]               event_m2_q;
  logic                      trap_m;
  logic                      read;           // a csrr of a known register is in EX
  logic                      write;          // a csrw of one is
  logic [19:0]               plain_m_q;      // which plain register, one hot
  logic [31:0]               plain;
  logic [31:0]               plain_m2_q;
  logic [31:0]               moving;
  logic [31:0]               first_q;        // moving of the first M cycle, while M is stalled
  logic [31:0]               moving_m2_q;
  logic                      write_tvec_q;       // in M2, one for each register that can be written
  logic                      write_guest_mask_q;
  logic                      write_jt_miss_q;
  logic                      write_jt_tag_q;
  logic                      write_timer_cmp_q;
  logic                      write_timer_on_q;
  logic                      write_undo_pop_q;
  logic                      write_jt_insert_q;
  logic                      write_jt_flush_q;
  logic                      write_uart_tx_q;
  logic                      write_log_tx_q;
  logic                      write_sys_exit_q;
  logic [31:0]               wdata_m2_q;
  // the registers
  logic [vliw_pkg::PC_W-1:0] tvec_q;
  logic [vliw_pkg::PC_W-1:0] jt_miss_q;
  logic [3:0]                cause_q;
  logic [vliw_pkg::PC_W-1:0] trap_pc_q;
  logic [31:0]               trap_addr_q;
  logic                      trap_mode_q;
  logic [31:0]               commit_pc_q;
  logic [31:0]               guest_mask_q;
  logic [31:0]               guest_low_q;    // bits below the highest that is set in guest_mask_q
  logic [31:0]               guest_mask_new;
  logic [31:0]               jt_tag_q;
  logic [31:0]               timer_cmp_q;
  logic [31:0]               timer_cmp_less_q;
  logic [31:0]               timer_diff;
  logic                      timer_on_q;
  logic                      timer_q;

  function automatic logic [31:0] below_highest(input logic [31:0] value);
    logic [32:0] seen;
    seen = 33'd0;
    for (int i = 31; i >= 0; i--) seen[i] = seen[i+1] | value[i];
    below_highest = seen[32:1];
  endfunction

  any_of #(.Width(5)) u_trap (.flags_i(traps_m_i), .any_o(trap_m));
  assign read = access_i & is_read_i & ~dead_i & (number_i[14:8] == 7'd0);
  assign write = access_i & ~is_read_i & ~dead_i & (number_i[14:8] == 7'd0);

  always_comb begin
    plain = 32'd0;
    plain = plain | ({32{plain_m_q[0]}} & core_pkg::native_address(tvec_q));
    plain = plain | ({32{plain_m_q[1]}} & {28'd0, cause_q});
    plain = plain | ({32{plain_m_q[2]}} &
      ((cause_q == vliw_pkg::TRAP_NONE) ? 32'd0 : core_pkg::native_address(trap_pc_q)));
    plain = plain | ({32{plain_m_q[3]}} & trap_addr_q);
    plain = plain | ({32{plain_m_q[4]}} & {31'd0, trap_mode_q});
    plain = plain | ({32{plain_m_q[5]}} & commit_pc_q);
    plain = plain | ({32{plain_m_q[6]}} & 32'(undo_count_i));
    plain = plain | ({32{plain_m_q[7]}} & undo_address_i);
    plain = plain | ({32{plain_m_q[8]}} & undo_word_i);
    plain = plain | ({32{plain_m_q[9]}} & guest_mask_q);
    plain = plain | ({32{plain_m_q[10]}} & core_pkg::native_address(jt_miss_q));
    plain = plain | ({32{plain_m_q[11]}} & timer_cmp_q);
    plain = plain | ({32{plain_m_q[12]}} & {31'd0, timer_on_q});
    plain = plain | ({32{plain_m_q[13]}} & boot_flash_i);
    plain = plain | ({32{plain_m_q[14]}} & boot_ram_i);
    plain = plain | ({32{plain_m_q[15]}} & boot_flags_i);
    plain = plain | ({32{plain_m_q[16]}} & boot_tcache_i);
    plain = plain | ({32{plain_m_q[17]}} & prot_hit_i);
    plain = plain | ({32{plain_m_q[18]}} & vliw_pkg::MACHINE_ID);
    plain = plain | ({32{plain_m_q[19]}} & {tick_num_i, tick_den_i});
    // what a stall does not stop
    moving = counter_i | ({32{clock_m_q[0]}} & ticks_i[31:0]) | ({32{clock_m_q[1]}} & ticks_i[63:32]) |
             ({32{uart_rx_m_q}} & {~uart_rx_valid_i, 23'd0, uart_rx_data_i & {8{uart_rx_valid_i}}}) |
             ({32{uart_status_m_q}} & {29'd0, uart_rx_over_i, uart_rx_valid_i, uart_tx_ready_i}) |
             ({32{spi_m_q}} & {spi_busy_i, 23'd0, spi_data_i});
  end

  // The timer is compared a cycle ahead: cycles_i + 2 is CYCLES of the next cycle.
  assign timer_diff = cycles_i - timer_cmp_less_q;

  assign counter_m_o = counter_m_q;
  assign counter_m2_o = event_m2_q;
  assign result_o = plain_m2_q | moving_m2_q | counter_event_i;
  assign undo_pop_o = write_undo_pop_q;
  assign jt_insert_o = write_jt_insert_q;
  assign jt_flush_o = write_jt_flush_q;
  assign prot_forget_o = write_m_q[12] & ~trap_m;
  assign prot_set_o = write_m_q[13] & ~trap_m;
  assign prot_clear_o = write_m_q[14] & ~trap_m;
  assign uart_tx_valid_o = write_uart_tx_q & ce_i;
  assign log_tx_valid_o = write_log_tx_q & ce_i;
  assign exit_valid_o = write_sys_exit_q & ce_i;
  assign uart_rx_look_o = (uart_rx_m_q | uart_status_m_q) & new_m_q & ~trap_m;
  assign uart_rx_take_o = uart_rx_m_q & new_m_q & ~trap_m & uart_rx_valid_i;
  assign io_data_o = wdata_m2_q;
  assign spi_write_o = write_m_q[15] & new_m_q & ~trap_m;
  assign spi_select_o = write_m_q[16] & new_m_q & ~trap_m;
  assign spi_data_o = wdata_m_i[7:0];
  assign jt_value_o = wdata_m2_q;
  assign jt_tag_o = jt_tag_q;
  assign jt_miss_o = jt_miss_q;
  assign tvec_o = tvec_q;
  assign timer_o = timer_on_q & timer_q;
  assign timer_due_o = timer_q;
  assign guest_mask_new[31:12] = (wdata_m2_q[31:12] > RAM_FIT[31:12]) ? RAM_FIT[31:12] : wdata_m2_q[31:12];
  assign guest_mask_new[11:0] = '1;
  assign ram_mask_o = guest_i ? guest_mask_q : RAM_FIT;
  assign ram_low_o = guest_i ? guest_low_q : RAM_FIT_LOW;

  always_ff @(posedge clk_i) begin
    new_m_q <= ce_i;
    timer_q <= ~timer_diff[31];
    if (new_m_q) first_q <= moving;
    if (ce_i) begin
      plain_m2_q <= plain;
      // the choice is made one stage early
      uart_rx_m_q <= read && number_i[7:0] == vliw_pkg::CSR_UART_RX;
      uart_status_m_q <= read && number_i[7:0] == vliw_pkg::CSR_UART_STATUS;
      spi_m_q <= read && number_i[7:0] == vliw_pkg::CSR_SPI_DATA;
      clock_m_q[0] <= read && number_i[7:0] == vliw_pkg::CSR_TIME_TICKS;
      clock_m_q[1] <= read && number_i[7:0] == vliw_pkg::CSR_TIME_TICKSH;
      counter_m_q[0] <= read && number_i[7:0] == vliw_pkg::CSR_CYCLES;
      counter_m_q[1] <= read && number_i[7:0] == vliw_pkg::CSR_CYCLES_H;
      counter_m_q[2] <= read && number_i[7:0] == vliw_pkg::CSR_CYCLES_GUEST;
      counter_m_q[3] <= read && number_i[7:0] == vliw_pkg::CSR_CYCLES_GUEST_H;
      counter_m_q[4] <= read && number_i[7:0] == vliw_pkg::CSR_STALLS;
      counter_m_q[5] <= read && number_i[7:0] == vliw_pkg::CSR_STALLS_H;
      for (int k = 0; k < 16; k++) event_m2_q[k] <= read_m_q && number_m_q == vliw_pkg::CSR_BUNDLES_GUEST + 8'(k);
      write_m_q[0] <= write && number_i[7:0] == vliw_pkg::CSR_TVEC;
      write_m_q[1] <= write && number_i[7:0] == vliw_pkg::CSR_GUEST_MASK;
      write_m_q[2] <= write && number_i[7:0] == vliw_pkg::CSR_JT_MISS;
      write_m_q[3] <= write && number_i[7:0] == vliw_pkg::CSR_JT_TAG;
      write_m_q[4] <= write && number_i[7:0] == vliw_pkg::CSR_TIMER_CMP;
      write_m_q[5] <= write && number_i[7:0] == vliw_pkg::CSR_TIMER_ON;
      write_m_q[6] <= write && number_i[7:0] == vliw_pkg::CSR_UNDO_POP;
      write_m_q[7] <= write && number_i[7:0] == vliw_pkg::CSR_JT_INSERT;
      write_m_q[8] <= write && number_i[7:0] == vliw_pkg::CSR_JT_FLUSH;
      write_m_q[9] <= write && number_i[7:0] == vliw_pkg::CSR_UART_TX;
      write_m_q[10] <= write && number_i[7:0] == vliw_pkg::CSR_LOG_TX;
      write_m_q[11] <= write && number_i[7:0] == vliw_pkg::CSR_SYS_EXIT;
      write_m_q[12] <= write && number_i[7:0] == vliw_pkg::CSR_PROT_HIT;
      write_m_q[13] <= write && number_i[7:0] == vliw_pkg::CSR_PROT_SET;
      write_m_q[14] <= write && number_i[7:0] == vliw_pkg::CSR_PROT_CLEAR;
      write_m_q[15] <= write && number_i[7:0] == vliw_pkg::CSR_SPI_DATA;
      write_m_q[16] <= write && number_i[7:0] == vliw_pkg::CSR_SPI_SELECT;
      plain_m_q[0] <= read && number_i[7:0] == vliw_pkg::CSR_TVEC;
      plain_m_q[1] <= read && number_i[7:0] == vliw_pkg::CSR_TRAP_CAUSE;
      plain_m_q[2] <= read && number_i[7:0] == vliw_pkg::CSR_TRAP_PC;
      plain_m_q[3] <= read && number_i[7:0] == vliw_pkg::CSR_TRAP_ADDR;
      plain_m_q[4] <= read && number_i[7:0] == vliw_pkg::CSR_TRAP_MODE;
      plain_m_q[5] <= read && number_i[7:0] == vliw_pkg::CSR_COMMIT_PC;
      plain_m_q[6] <= read && number_i[7:0] == vliw_pkg::CSR_UNDO_COUNT;
      plain_m_q[7] <= read && number_i[7:0] == vliw_pkg::CSR_UNDO_ADDR;
      plain_m_q[8] <= read && number_i[7:0] == vliw_pkg::CSR_UNDO_DATA;
      plain_m_q[9] <= read && number_i[7:0] == vliw_pkg::CSR_GUEST_MASK;
      plain_m_q[10] <= read && number_i[7:0] == vliw_pkg::CSR_JT_MISS;
      plain_m_q[11] <= read && number_i[7:0] == vliw_pkg::CSR_TIMER_CMP;
      plain_m_q[12] <= read && number_i[7:0] == vliw_pkg::CSR_TIMER_ON;
      plain_m_q[13] <= read && number_i[7:0] == vliw_pkg::CSR_BOOT_FLASH;
      plain_m_q[14] <= read && number_i[7:0] == vliw_pkg::CSR_BOOT_RAM;
      plain_m_q[15] <= read && number_i[7:0] == vliw_pkg::CSR_BOOT_FLAGS;
      plain_m_q[16] <= read && number_i[7:0] == vliw_pkg::CSR_BOOT_TCACHE;
      plain_m_q[17] <= read && number_i[7:0] == vliw_pkg::CSR_PROT_HIT;
      plain_m_q[18] <= read && number_i[7:0] == vliw_pkg::CSR_CONFIG_ID;
      plain_m_q[19] <= read && number_i[7:0] == vliw_pkg::CSR_TIME_STEP;
      moving_m2_q <= new_m_q ? moving : first_q;
      write_tvec_q <= write_m_q[0] & ~trap_m;
      write_guest_mask_q <= write_m_q[1] & ~trap_m;
      write_jt_miss_q <= write_m_q[2] & ~trap_m;
      write_jt_tag_q <= write_m_q[3] & ~trap_m;
      write_timer_cmp_q <= write_m_q[4] & ~trap_m;
      write_timer_on_q <= write_m_q[5] & ~trap_m;
      write_undo_pop_q <= write_m_q[6] & ~trap_m;
      write_jt_insert_q <= write_m_q[7] & ~trap_m;
      write_jt_flush_q <= write_m_q[8] & ~trap_m;
      write_uart_tx_q <= write_m_q[9] & ~trap_m;
      write_log_tx_q <= write_m_q[10] & ~trap_m;
      write_sys_exit_q <= write_m_q[11] & ~trap_m;
      wdata_m2_q <= wdata_m_i;
      read_m_q <= read;
      number_m_q <= number_i[7:0];
    end
    // While M and M2 are stalled these are done again, which changes nothing; ce_i comes late.
    if (trap_m) begin
      cause_q <= trap_cause_i;
      trap_pc_q <= pc_m_i;
      trap_addr_q <= trap_addr_i;
      trap_mode_q <= guest_i;
    end
    if (commit_guest_m_i) commit_pc_q <= core_pkg::native_address(pc_m_i);
    if (write_tvec_q) tvec_q <= wdata_m2_q[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB];
    if (write_guest_mask_q) begin
      guest_mask_q <= guest_mask_new;
      guest_low_q <= below_highest(guest_mask_new);
    end
    if (write_jt_miss_q) jt_miss_q <= wdata_m2_q[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB];
    if (write_jt_tag_q) jt_tag_q <= wdata_m2_q;
    if (write_timer_on_q) timer_on_q <= wdata_m2_q[0];
    if (write_timer_cmp_q) begin
      timer_cmp_q <= wdata_m2_q;
      timer_cmp_less_q <= wdata_m2_q - 32'd2;
    end
    if (!rst_ni) begin
      new_m_q <= 1'b0;
      read_m_q <= 1'b0;
      write_m_q <= '0;
      write_tvec_q <= 1'b0;
      write_guest_mask_q <= 1'b0;
      write_jt_miss_q <= 1'b0;
      write_jt_tag_q <= 1'b0;
      write_timer_cmp_q <= 1'b0;
      write_timer_on_q <= 1'b0;
      write_undo_pop_q <= 1'b0;
      write_jt_insert_q <= 1'b0;
      write_jt_flush_q <= 1'b0;
      write_uart_tx_q <= 1'b0;
      write_log_tx_q <= 1'b0;
      write_sys_exit_q <= 1'b0;
      tvec_q <= '0;
      jt_miss_q <= '0;
      cause_q <= vliw_pkg::TRAP_NONE;
      trap_addr_q <= 32'd0;
      trap_mode_q <= 1'b0;
      commit_pc_q <= 32'd0;
      guest_mask_q <= RAM_FIT;
      guest_low_q <= RAM_FIT_LOW;
      jt_tag_q <= 32'd0;
      timer_cmp_q <= 32'd0;
      timer_cmp_less_q <= -32'd2;
      timer_on_q <= 1'b0;
    end
  end

`ifdef FORMAL
  always_comb if (rst_ni) assert (guest_low_q == below_highest(guest_mask_q));   // induction has to be told
`endif

  logic unused_bits;
  assign unused_bits = &{1'b0, timer_diff[30:0]};
endmodule

`default_nettype wire
