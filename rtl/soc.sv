// SPDX-License-Identifier: MIT
// The core with on-chip memories, native byte ports (UART, log, exit) and SPI. imem_ready_i and dmem_ready_i stand for
// memories that are slower than these (tie them high); the memories of this issue answer at once.
`default_nettype none

module soc #(
  parameter int unsigned CodeBundles = vliw_pkg::CONFIG_WIDE_CODE_BUNDLES,
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_WIDE_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_WIDE_FLASH_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_WIDE_GUEST_BYTES,
  parameter int unsigned UndoEntries = vliw_pkg::CONFIG_WIDE_UNDO_ENTRIES,
  parameter int unsigned JtEntries = vliw_pkg::CONFIG_WIDE_JT_ENTRIES,
  parameter int unsigned Granules = vliw_pkg::CONFIG_WIDE_GRANULES
) (
  input  wire         clk_i,
  input  wire         time_clk_i,      // core.sv
  input  wire         rst_ni,
  input  wire         imem_ready_i,
  input  wire         dmem_ready_i,
  // boot facts
  input  wire  [31:0] boot_flash_i,
  input  wire  [31:0] boot_ram_i,
  input  wire  [31:0] boot_flags_i,
  input  wire  [31:0] boot_tcache_i,
  input  wire  [15:0] tick_num_i,      // time_base.sv
  input  wire  [15:0] tick_den_i,
  // native I/O
  output logic        uart_tx_valid_o,
  output logic        log_tx_valid_o,
  output logic        exit_valid_o,
  output logic [31:0] io_data_o,
  input  wire         uart_tx_ready_i,
  output logic        uart_rx_look_o,
  output logic        uart_rx_take_o,
  input  wire         uart_rx_valid_i,
  input  wire         uart_rx_over_i,  // no byte will come any more
  input  wire  [7:0]  uart_rx_data_i,
  // SPI flash
  output logic        spi_cs_no,
  output logic        spi_sck_o,
  output logic        spi_mosi_o,
  input  wire         spi_miso_i,
  output logic        idle_o          // core.sv: a board may gate its clock
);
  localparam int unsigned INDEX_W = $clog2(CodeBundles);

  logic               ce;
  logic [INDEX_W-1:0] imem_index;
  logic [INDEX_W-1:0] imem_index_high;
  logic [vliw_pkg::WORDS_W-1:0] imem_bundle;
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] imem_hints;
  logic [INDEX_W:0]   imem_next;
  logic [INDEX_W-1:0] imem_next_high;
  logic               code_write;
  logic [31:0]        code_address;
  logic [31:0]        code_data;
  logic               read0;
  logic [31:0]        address0;
  logic [31:0]        data0;
  logic               read1;
  logic [31:0]        address1;
  logic [3:0]         strobe1;
  logic [31:0]        wdata1;
  logic [31:0]        data1;
  logic               spi_write;
  logic               spi_select;
  logic [7:0]         spi_wdata;
  logic               spi_busy;
  logic [7:0]         spi_rdata;

  core #(
    .CodeBundles(CodeBundles), .FwramBytes(FwramBytes), .FlashBytes(FlashBytes), .GuestBytes(GuestBytes),
    .UndoEntries(UndoEntries), .JtEntries(JtEntries), .Granules(Granules)
  ) u_core (
    .clk_i, .time_clk_i, .rst_ni, .mem_ce_o(ce),
    .imem_ready_i, .imem_index_o(imem_index), .imem_bundle_i(imem_bundle), .imem_hints_i(imem_hints),
    .imem_next_i(imem_next),
    .imem_index_high_o(imem_index_high), .imem_next_high_i(imem_next_high),
    .code_write_o(code_write), .code_address_o(code_address), .code_data_o(code_data),
    .dmem_ready_i, .dmem_read0_o(read0), .dmem_address0_o(address0), .dmem_data0_i(data0),
    .dmem_read1_o(read1), .dmem_address1_o(address1), .dmem_strobe1_o(strobe1),
    .dmem_wdata1_o(wdata1), .dmem_data1_i(data1),
    .boot_flash_i, .boot_ram_i, .boot_flags_i, .boot_tcache_i, .tick_num_i, .tick_den_i,
    .uart_tx_valid_o, .log_tx_valid_o, .exit_valid_o, .io_data_o, .uart_tx_ready_i,
    .uart_rx_look_o, .uart_rx_take_o, .uart_rx_valid_i, .uart_rx_over_i, .uart_rx_data_i,
    .spi_write_o(spi_write), .spi_select_o(spi_select), .spi_data_o(spi_wdata), .spi_busy_i(spi_busy),
    .spi_data_i(spi_rdata), .idle_o
  );

  spi u_spi (
    .clk_i, .rst_ni, .write_i(spi_write), .select_i(spi_select), .data_i(spi_wdata), .busy_o(spi_busy),
    .data_o(spi_rdata), .cs_no(spi_cs_no), .sck_o(spi_sck_o), .mosi_o(spi_mosi_o), .miso_i(spi_miso_i)
  );

  code_mem #(.Bundles(CodeBundles)) u_code_mem (
    .clk_i, .rst_ni, .ce_i(ce), .index_i(imem_index), .bundle_o(imem_bundle), .hints_o(imem_hints), .next_o(imem_next),
    .index_high_i(imem_index_high), .next_high_o(imem_next_high),
    .write_i(code_write), .write_address_i(code_address), .write_data_i(code_data)
  );

  data_mem #(.FwramBytes(FwramBytes), .FlashBytes(FlashBytes), .GuestBytes(GuestBytes)) u_data_mem (
    .clk_i, .ce_i(ce),
    .read0_i(read0), .address0_i(address0), .data0_o(data0),
    .read1_i(read1), .address1_i(address1), .strobe1_i(strobe1), .wdata1_i(wdata1), .data1_o(data1)
  );
endmodule

`default_nettype wire
