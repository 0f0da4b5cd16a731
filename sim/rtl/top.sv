// SPDX-License-Identifier: MIT
// Simulation top: the SoC, the retire port, the checker of static rules, and memories that are not ready at random
// moments (stall_seed_i; 0: always ready). event_o says in one word whether the harness has anything to do in this
// cycle:
//   0 UART byte   1 log byte   2 exit   3 input wanted by csrr or wait (set uart_rx_* before the next clock edge)
//   4 retire record   5 broken rule   6 commit
`default_nettype none

module top #(
  parameter bit HasCaches = 1'b0
) (
  input  wire          clk_i,
  input  wire          rst_ni,
  input  wire  [31:0]  stall_seed_i,
  // with caches: the machine stands still while the firmware's store is filled
  input  wire          load_i,
  input  wire  [31:0]  load_lines_i,
  input  wire          load_valid_i,
  output logic         load_ready_o,
  input  wire  [31:0]  load_data_i,
  output logic         frozen_o,         // a miss of data is being worked on
  input  wire          trace_on_i,
  input  wire  [31:0]  boot_flash_i,
  input  wire  [31:0]  boot_ram_i,
  input  wire  [31:0]  boot_flags_i,
  input  wire  [31:0]  boot_tcache_i,
  input  wire  [15:0]  tick_num_i,     // time_base.sv
  input  wire  [15:0]  tick_den_i,
  input  wire          uart_rx_valid_i,
  input  wire          uart_rx_over_i,  // no byte will come any more
  input  wire  [7:0]   uart_rx_data_i,
  output logic         uart_rx_take_o,
  output logic [6:0]   event_o,
  output logic [31:0]  io_data_o,
  output logic [20:0]  insns_o,
  output logic         retire_guest_o,
  output logic         retire_trap_o,
  output logic         retire_store_o,
  output logic         retire_commit_o,
  output logic [63:0]  retire_cycle_o,
  output logic [31:0]  retire_pc_o,
  output logic [3:0]   retire_cause_o,
  output logic [31:0]  retire_trap_addr_o,
  output logic [vliw_pkg::SLOTS-1:0] retire_write_o,
  output logic [vliw_pkg::INDEXES_W-1:0] retire_index_o,
  output logic [127:0] retire_value_o,   // slot s at [32*s +: 32]
  output logic [31:0]  retire_store_addr_o,
  output logic [31:0]  retire_store_data_o,
  output logic [2:0]   retire_store_bytes_o,
  output logic [20:0]  retire_insns_o,
  output logic [2:0]   error_o,
  output logic [vliw_pkg::SLOT_W-1:0] error_slot_o,
  output logic [5:0]   error_number_o,
  output logic [31:0]  error_pc_o,
  // what belongs beside a bundle that the harness loads (predecode.sv)
  input  wire  [127:0] loaded_bundle_i,  // slot s at [32*s +: 32]
  input  wire  [31:0]  loaded_index_i,
  output logic [31:0]  loaded_hints_o,
  output logic [31:0]  loaded_next_o
);
  logic        imem_ready;
  logic        dmem_ready;
  logic [31:0] random_q;
  logic        uart_tx;
  logic        log_tx;
  logic        exit_now;
  logic        look;
  logic        idle;
  logic        idle_look;
  logic        spi_cs_n;       // there is no chip yet
  logic        spi_sck;
  logic        spi_mosi;
  logic        is_first_q;     // a wait that is in EX has not stood there yet
  logic        retire;
  logic [vliw_pkg::WORDS_W-1:0] retire_value;
  logic [63:0] cycle;          // CYCLES of the bundle in EX

  // xorshift32
  always_ff @(posedge clk_i) begin
    if (!rst_ni) random_q <= stall_seed_i;
    else if (stall_seed_i != 32'd0) random_q <= xorshift(random_q);
  end

  function automatic logic [31:0] xorshift(input logic [31:0] x);
    logic [31:0] y;
    y = x ^ (x << 13);
    y = y ^ (y >> 17);
    xorshift = y ^ (y << 5);
  endfunction

  assign imem_ready = !load_i && (stall_seed_i == 32'd0 || random_q[2:0] != 3'd0);
  assign dmem_ready = stall_seed_i == 32'd0 || random_q[5:4] != 2'd0;

  localparam int unsigned ADDRESS_W = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES);
  localparam int unsigned LINE_W = sdram_pkg::LINE_W;
  localparam int unsigned WORD_W = sdram_pkg::WORD_W;
  logic        mem_valid;
  logic        mem_ready;
  logic        mem_write;
  logic [ADDRESS_W-1:LINE_W] mem_line;
  logic [WORD_W-1:0] mem_word;
  logic        mem_rdata_valid;
  logic [WORD_W-1:0] mem_rdata_word;
  logic [31:0] mem_rdata;
  logic [WORD_W-1:0] mem_wdata_word;
  logic [31:0] mem_wdata;
  logic        mem_done;

  soc #(
    .HasCaches(HasCaches),
    .GuestBytes(HasCaches ? vliw_pkg::CONFIG_ULX3S_GUEST_BYTES : vliw_pkg::CONFIG_WIDE_GUEST_BYTES),
    .FlashBytes(HasCaches ? vliw_pkg::CONFIG_ULX3S_FLASH_BYTES : vliw_pkg::CONFIG_WIDE_FLASH_BYTES)
  ) u_soc (
    .clk_i, .time_clk_i(clk_i), .rst_ni, .imem_ready_i(imem_ready), .dmem_ready_i(dmem_ready),
    .boot_flash_i, .boot_ram_i, .boot_flags_i, .boot_tcache_i, .tick_num_i, .tick_den_i,
    .uart_tx_valid_o(uart_tx), .log_tx_valid_o(log_tx), .exit_valid_o(exit_now), .io_data_o,
    .uart_tx_ready_i(1'b1), .uart_rx_look_o(look), .uart_rx_take_o,
    .uart_rx_valid_i(uart_rx_valid_i & (look | idle_look)), .uart_rx_over_i, .uart_rx_data_i,
    .spi_cs_no(spi_cs_n), .spi_sck_o(spi_sck), .spi_mosi_o(spi_mosi), .spi_miso_i(1'b1), .idle_o(idle),
    .mem_valid_o(mem_valid), .mem_ready_i(mem_ready), .mem_write_o(mem_write), .mem_line_o(mem_line),
    .mem_word_o(mem_word), .mem_rdata_valid_i(mem_rdata_valid), .mem_rdata_word_i(mem_rdata_word),
    .mem_rdata_i(mem_rdata), .mem_wdata_word_i(mem_wdata_word), .mem_wdata_o(mem_wdata), .mem_done_i(mem_done),
    .load_lines_i, .load_valid_i, .load_ready_o, .load_data_i
  );
  assign frozen_o = u_soc.frozen;

  if (HasCaches) begin : gen_chip
    line_ram #(.AddressW(ADDRESS_W)) u_chip (
      .clk_i, .rst_ni, .random_i('0), .req_valid_i(mem_valid), .req_ready_o(mem_ready), .req_write_i(mem_write),
      .req_line_i(mem_line), .req_word_i(mem_word), .rdata_valid_o(mem_rdata_valid), .rdata_word_o(mem_rdata_word),
      .rdata_o(mem_rdata), .wdata_word_o(mem_wdata_word), .wdata_i(mem_wdata), .done_o(mem_done)
    );

    memory_counts u_counts (
      .clk_i, .rst_ni, .on_i(u_soc.u_core.u_counters.started_q),
      .want_i(u_soc.imem_want), .want_guest_i(u_soc.u_core.guest), .asks_i(u_soc.gen_caches.asks),
      .ahead_i(u_soc.gen_caches.ahead), .second_i(u_soc.gen_caches.second),
      .frozen_i(u_soc.frozen), .miss_i(u_soc.gen_caches.miss), .miss_guest_i(u_soc.u_core.guest_late),
      .write_back_i(u_soc.gen_caches.d_valid & u_soc.gen_caches.d_ready & u_soc.gen_caches.d_evict),
      .chip_busy_i(~mem_ready | mem_valid)
    );
  end else begin : gen_no_chip
    assign {mem_ready, mem_rdata_valid, mem_rdata_word, mem_rdata, mem_wdata_word, mem_done} = '0;
    logic unused_chip;
    assign unused_chip = &{1'b0, mem_valid, mem_write, mem_line, mem_word, mem_wdata};
  end

  // When a wait looks for a byte, as in the ISS (timing.def: WAIT_LOOK_CYCLES); one that is not for bytes must not see
  // it.
  assign cycle = u_soc.u_core.u_counters.started_q ? u_soc.u_core.u_counters.cycles_q + 64'd1 : 64'd0;
  always_ff @(posedge clk_i) is_first_q <= u_soc.u_core.ce | ~u_soc.u_core.dmem_ready_i;
  assign idle_look = idle & (is_first_q | (cycle & 64'(vliw_pkg::WAIT_LOOK_CYCLES - 1)) == 64'd0);

  trace u_trace (
    .clk_i, .rst_ni, .on_i(trace_on_i), .ce_i(u_soc.u_core.ce),
    .op_i(u_soc.u_core.op_ex),
    .cycle_i(cycle),
    .valid_m_i(u_soc.u_core.u_control.valid_m_q), .trap_m_i(u_soc.u_core.trap_m), .cause_m_i(u_soc.u_core.cause_m),
    .trap_addr_m_i(u_soc.u_core.trap_addr_m), .pc_m_i(u_soc.u_core.pc_m), .guest_i(u_soc.u_core.guest),
    .commit_m_i(u_soc.u_core.commit_m), .insns_m_i(u_soc.u_core.insns_m), .address_m_i(u_soc.u_core.address1_m),
    .a_m_i(u_soc.u_core.a_m), .b_m_i(u_soc.u_core.b_m), .result_i(u_soc.u_core.result_write),
    .valid_o(retire), .cycle_o(retire_cycle_o), .pc_o(retire_pc_o), .guest_o(retire_guest_o), .trap_o(retire_trap_o),
    .cause_o(retire_cause_o), .trap_addr_o(retire_trap_addr_o), .write_o(retire_write_o), .index_o(retire_index_o),
    .value_o(retire_value), .store_o(retire_store_o), .store_addr_o(retire_store_addr_o),
    .store_data_o(retire_store_data_o), .store_bytes_o(retire_store_bytes_o), .commit_o(retire_commit_o),
    .insns_o(retire_insns_o)
  );

  check u_check (
    .clk_i, .rst_ni, .ce_i(u_soc.u_core.ce),
    .op_i(u_soc.u_core.op_ex),
    .done_m_i(u_soc.u_core.done_m), .guest_i(u_soc.u_core.guest), .commit_m_i(u_soc.u_core.commit_m),
    .a_m_i(u_soc.u_core.a_m), .error_o, .slot_o(error_slot_o), .number_o(error_number_o)
  );

  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] loaded_hints;
  logic [$clog2(vliw_pkg::CONFIG_WIDE_CODE_BUNDLES):0] loaded_next;

  predecode u_predecode (
    .bundle_i(loaded_bundle_i[vliw_pkg::WORDS_W-1:0]), .index_i(loaded_index_i[vliw_pkg::PC_W-1:0]),
    .hints_o(loaded_hints), .next_o(loaded_next)
  );
  assign loaded_hints_o = 32'(loaded_hints);
  assign loaded_next_o = 32'(loaded_next);

  logic unused_bits;
  assign unused_bits = &{1'b0, spi_cs_n, spi_sck, spi_mosi, loaded_bundle_i, loaded_index_i};

  assign retire_value_o = 128'(retire_value);
  assign error_pc_o = core_pkg::native_address(u_soc.u_core.pc_m);
  assign insns_o = u_soc.u_core.insns_m;
  assign event_o = {u_soc.u_core.commit_m & u_soc.u_core.ce, error_o != 3'd0, retire, look | idle_look, exit_now,
    log_tx, uart_tx};
endmodule

`default_nettype wire
