// SPDX-License-Identifier: MIT
// The core with its memories, native byte ports (UART, log, exit) and SPI. Without caches the memories are on chip,
// large, and answer at once; with caches they are parts of a chip behind a line port (rtl/memory/README.md), and the
// firmware's code is in a store of its own, which is filled once, before the machine may go. imem_ready_i and
// dmem_ready_i hold it in any cycle (tie them high).
`default_nettype none

module soc #(
  parameter int unsigned CodeBundles = vliw_pkg::CONFIG_WIDE_CODE_BUNDLES,
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_WIDE_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_WIDE_FLASH_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_WIDE_GUEST_BYTES,
  parameter int unsigned UndoEntries = vliw_pkg::CONFIG_WIDE_UNDO_ENTRIES,
  parameter int unsigned JtEntries = vliw_pkg::CONFIG_WIDE_JT_ENTRIES,
  parameter int unsigned Granules = vliw_pkg::CONFIG_WIDE_GRANULES,
  // with caches, all of them from memories.def
  parameter bit HasCaches = 1'b0,
  parameter int unsigned IcacheBytes = vliw_pkg::MEMORY_ULX3S_ICACHE_BYTES,
  parameter int unsigned DcacheBytes = vliw_pkg::MEMORY_ULX3S_DCACHE_BYTES,
  parameter int unsigned SecondBytes = vliw_pkg::MEMORY_ULX3S_CODE_SECOND_BYTES,
  parameter int unsigned StoreLines = vliw_pkg::MEMORY_ULX3S_STORE_LINES,  // most, of 64 bytes; 0: there is no store
  parameter int unsigned StoreWords = vliw_pkg::MEMORY_ULX3S_STORE_ROOM,   // most, of those that are not 0
  parameter int unsigned ChipBytes = vliw_pkg::MEMORY_ULX3S_CHIP_BYTES,
  parameter int unsigned GuestAt = vliw_pkg::MEMORY_ULX3S_GUEST_AT,
  parameter int unsigned FwramAt = vliw_pkg::MEMORY_ULX3S_FWRAM_AT,
  parameter int unsigned FlashAt = vliw_pkg::MEMORY_ULX3S_FLASH_AT,
  parameter int unsigned CodeAt = vliw_pkg::MEMORY_ULX3S_CODE_AT,
  localparam int unsigned ADDRESS_W = $clog2(ChipBytes),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
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
  output logic        idle_o,         // core.sv: a board may gate its clock
  // the chip's line port
  output logic        mem_valid_o,
  input  wire         mem_ready_i,
  output logic        mem_write_o,
  output logic [ADDRESS_W-1:LINE_W] mem_line_o,
  output logic [WORD_W-1:0] mem_word_o,
  input  wire         mem_rdata_valid_i,
  input  wire  [WORD_W-1:0] mem_rdata_word_i,
  input  wire  [31:0] mem_rdata_i,
  input  wire  [WORD_W-1:0] mem_wdata_word_i,
  output logic [31:0] mem_wdata_o,
  input  wire         mem_done_i,
  // the store's filling: the packed code, which stands for so many lines
  input  wire  [31:0] load_lines_i,
  input  wire         load_valid_i,
  output logic        load_ready_o,
  input  wire  [31:0] load_data_i
);
  localparam int unsigned INDEX_W = $clog2(CodeBundles);

  logic               ce;
  logic [INDEX_W-1:0] imem_index;
  logic [INDEX_W-1:0] imem_index_high;
  logic [vliw_pkg::WORDS_W-1:0] imem_bundle;
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] imem_hints;
  logic [INDEX_W:0]   imem_next;
  logic [INDEX_W-1:0] imem_next_high;
  logic               imem_ready;
  logic               imem_miss;
  logic               imem_want;
  logic [INDEX_W-1:0] imem_want_index;
  logic               imem_come;
  logic               frozen;
  logic               retake0;
  logic               retake1;
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
  logic               restore1;
  logic               trap_m;
  logic [31:0]        old1_m2;

  core #(
    .CodeBundles(CodeBundles), .FwramBytes(FwramBytes), .FlashBytes(FlashBytes), .GuestBytes(GuestBytes),
    .UndoEntries(UndoEntries), .JtEntries(JtEntries), .Granules(Granules),
    .HasCaches(HasCaches)
  ) u_core (
    .clk_i, .time_clk_i, .rst_ni, .mem_ce_o(ce),
    .imem_ready_i(imem_ready_i & imem_ready), .imem_index_o(imem_index),
    .imem_bundle_i(imem_bundle), .imem_hints_i(imem_hints),
    .imem_next_i(imem_next),
    .imem_index_high_o(imem_index_high), .imem_next_high_i(imem_next_high),
    .imem_miss_i(imem_miss), .imem_want_o(imem_want), .imem_want_index_o(imem_want_index),
    .imem_come_i(imem_come),
    .code_write_o(code_write), .code_address_o(code_address), .code_data_o(code_data),
    .dmem_ready_i(dmem_ready_i & ~frozen), .dmem_read0_o(read0), .dmem_address0_o(address0), .dmem_data0_i(data0),
    .dmem_read1_o(read1), .dmem_address1_o(address1), .dmem_strobe1_o(strobe1),
    .dmem_wdata1_o(wdata1), .dmem_data1_i(data1),
    .dmem_restore1_o(restore1), .dmem_trap_m_o(trap_m), .dmem_old1_m2_o(old1_m2),
    .dmem_retake0_i(retake0), .dmem_retake1_i(retake1),
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

  if (!HasCaches) begin : gen_arrays
    code_mem #(.Bundles(CodeBundles)) u_code_mem (
      .clk_i, .rst_ni, .ce_i(ce), .index_i(imem_index), .bundle_o(imem_bundle), .hints_o(imem_hints),
      .next_o(imem_next), .index_high_i(imem_index_high), .next_high_o(imem_next_high),
      .write_i(code_write), .write_address_i(code_address), .write_data_i(code_data)
    );

    data_mem #(.FwramBytes(FwramBytes), .FlashBytes(FlashBytes), .GuestBytes(GuestBytes)) u_data_mem (
      .clk_i, .ce_i(ce),
      .read0_i(read0), .address0_i(address0), .data0_o(data0),
      .read1_i(read1), .address1_i(address1), .strobe1_i(strobe1), .wdata1_i(wdata1), .data1_o(data1)
    );

    assign imem_ready = 1'b1;
    assign imem_miss = 1'b0;
    assign imem_come = 1'b0;
    assign frozen = 1'b0;
    assign retake0 = 1'b0;
    assign retake1 = 1'b0;
    assign mem_valid_o = 1'b0;
    assign mem_write_o = 1'b0;
    assign mem_line_o = '0;
    assign mem_word_o = '0;
    assign mem_wdata_o = 32'd0;
    assign load_ready_o = 1'b1;

    logic unused_bits;
    assign unused_bits = &{1'b0, restore1, trap_m, old1_m2, imem_want, imem_want_index, mem_ready_i, mem_rdata_valid_i,
      mem_rdata_word_i, mem_rdata_i, mem_wdata_word_i, mem_done_i, load_lines_i, load_valid_i, load_data_i};
  end else begin : gen_caches
    localparam int unsigned PLACE_W = LINE_W - vliw_pkg::PC_LSB;

    logic              clean_valid;
    logic [ADDRESS_W-1:LINE_W] clean_line;
    logic              clean_done;
    logic              i_valid;
    logic              i_ready;
    logic [ADDRESS_W-1:LINE_W] i_line;
    logic [WORD_W-1:0] i_word;
    logic              i_rdata_valid;
    logic              i_done;
    logic              d_valid;
    logic              d_ready;
    logic              d_read;
    logic [ADDRESS_W-1:LINE_W] d_line;
    logic [WORD_W-1:0] d_word;
    logic              d_rdata_valid;
    logic              d_done;
    logic              d_evict;
    logic [ADDRESS_W-1:LINE_W] d_evict_line;
    logic              d_old_valid;
    logic [WORD_W-1:0] d_old_word;
    logic [31:0]       d_old;
    logic [WORD_W-1:0] rdata_word;
    logic [31:0]       rdata;
    logic              evicting;
    // for counters
    logic              asks;
    logic              ahead;
    logic              second;
    logic              miss;

    code_side #(
      .Bundles(CodeBundles), .Held(IcacheBytes / vliw_pkg::BUNDLE_BYTES), .StoreLines(StoreLines),
      .StoreWords(StoreWords), .Second(SecondBytes / vliw_pkg::BUNDLE_BYTES), .AddressW(ADDRESS_W), .CodeAt(CodeAt)
    ) u_code_side (
      .clk_i, .rst_ni, .ready_o(imem_ready), .ce_i(ce), .index_i(imem_index), .index_high_i(imem_index_high),
      .bundle_o(imem_bundle), .hints_o(imem_hints), .next_o(imem_next), .next_high_o(imem_next_high),
      .miss_o(imem_miss), .want_i(imem_want), .want_index_i(imem_want_index), .come_o(imem_come),
      .code_write_i(code_write), .code_address_i(code_address), .frozen_i(frozen),
      .clean_valid_o(clean_valid), .clean_line_o(clean_line), .clean_done_i(clean_done),
      .i_valid_o(i_valid), .i_ready_i(i_ready), .i_line_o(i_line), .i_word_o(i_word),
      .i_rdata_valid_i(i_rdata_valid), .rdata_word_i(rdata_word), .rdata_i(rdata),
      .load_lines_i(load_lines_i[INDEX_W-PLACE_W:0]), .load_valid_i, .load_ready_o, .load_data_i,
      .asks_o(asks), .ahead_o(ahead), .second_o(second)
    );

    data_side #(
      .AddressW(ADDRESS_W), .Bytes(DcacheBytes), .GuestBytes(GuestBytes), .FwramBytes(FwramBytes),
      .FlashBytes(FlashBytes), .CodeBundles(CodeBundles), .GuestAt(GuestAt), .FwramAt(FwramAt), .FlashAt(FlashAt),
      .CodeAt(CodeAt)
    ) u_data_side (
      .clk_i, .rst_ni, .ce_i(ce), .read0_i(read0), .address0_i(address0), .data0_o(data0),
      .read1_i(read1), .address1_i(address1), .strobe1_i(strobe1), .wdata1_i(wdata1), .restore1_i(restore1),
      .data1_o(data1), .trap_m_i(trap_m), .old1_m2_i(old1_m2), .retake0_o(retake0), .retake1_o(retake1),
      .frozen_o(frozen), .clean_valid_i(clean_valid), .clean_line_i(clean_line), .clean_done_o(clean_done),
      .miss_o(miss), .d_valid_o(d_valid), .d_ready_i(d_ready), .d_read_o(d_read), .d_line_o(d_line),
      .d_word_o(d_word), .d_rdata_valid_i(d_rdata_valid), .d_rdata_word_i(rdata_word), .d_rdata_i(rdata),
      .d_done_i(d_done), .d_evict_o(d_evict), .d_evict_line_o(d_evict_line), .d_old_valid_o(d_old_valid),
      .d_old_word_o(d_old_word), .d_old_o(d_old)
    );

    mem_port #(.AddressW(ADDRESS_W)) u_port (
      .clk_i, .rst_ni, .i_valid_i(i_valid), .i_ready_o(i_ready), .i_line_i(i_line), .i_word_i(i_word),
      .i_rdata_valid_o(i_rdata_valid), .i_done_o(i_done), .d_valid_i(d_valid), .d_ready_o(d_ready), .d_read_i(d_read),
      .d_line_i(d_line), .d_word_i(d_word), .d_rdata_valid_o(d_rdata_valid), .d_done_o(d_done), .d_evict_i(d_evict),
      .d_evict_line_i(d_evict_line), .d_old_valid_i(d_old_valid), .d_old_word_i(d_old_word), .d_old_i(d_old),
      .evicting_o(evicting), .rdata_word_o(rdata_word), .rdata_o(rdata),
      .mem_valid_o, .mem_ready_i, .mem_write_o, .mem_line_o, .mem_word_o, .mem_rdata_valid_i, .mem_rdata_word_i,
      .mem_rdata_i, .mem_wdata_word_i, .mem_wdata_o, .mem_done_i
    );

    logic unused_bits;
    assign unused_bits = &{1'b0, i_done, evicting, asks, ahead, second, miss, load_lines_i, code_data};
  end
endmodule

`default_nettype wire
