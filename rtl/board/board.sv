// SPDX-License-Identifier: MIT
// What is the same on all boards with a memory chip: the machine with its caches, the chip's controller, the serial
// line, and what fills the memories out of SPI flash, or over the serial line, before the machine goes (boot.sv).
`default_nettype none

module board #(
  parameter sdram_pkg::chip_t Chip = sdram_pkg::ULX3S,
  parameter vliw_pkg::board_t Board = vliw_pkg::BOARD_ULX3S,
  parameter int unsigned ClkKhz = Board.clock_khz,
  parameter int unsigned Baud = 115_200,
  parameter int unsigned PowerUpUs = 32'(Chip.power_up_us),
  parameter int unsigned QuietCycles = ClkKhz * 1000, // in the middle of an image on the line: it is dead
  parameter int unsigned ListenCycles = ClkKhz * 125,  // to the line, before the flash
  parameter int unsigned ZeroLines = Board.chip_bytes >> sdram_pkg::LINE_W, // of the chip, at first
  localparam int unsigned ADDRESS_W = $clog2(Board.chip_bytes),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W,
  localparam int unsigned DQ_W = 32'(Chip.dq_bits)
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         uart_rx_i,
  output logic        uart_tx_o,
  // heart beat, the machine goes, it waits, a byte is received, a guest has come from the flash, 0, an image was
  // damaged, it has stopped once
  output logic [7:0]  led_o,
  output logic        spi_cs_no,                 // SPI flash
  output logic        spi_sck_o,
  output logic        spi_mosi_o,
  input  wire         spi_miso_i,
  output logic [2:0]  sdram_command_o,           // ras_n, cas_n, we_n
  output logic [32'(Chip.bank_bits)-1:0] sdram_bank_o,
  output logic [32'(Chip.row_bits)-1:0] sdram_address_o,
  output logic [DQ_W-1:0] sdram_dq_high_z_o,
  output logic [DQ_W-1:0] sdram_dq_o,
  input  wire  [DQ_W-1:0] sdram_dq_i
);
  logic        soc_rst_nq;                       // the store must know in reset how many lines it will have
  logic        going;
  logic        damaged;
  logic        has_guest;
  logic        load_rst_n;
  logic        load_busy;
  logic        load_rest;
  logic        load_damaged;
  logic        is_guest;
  logic        word_valid;
  logic        word_take;
  logic [31:0] word;
  logic        stopped_q;
  logic        ended_q;
  logic        exit_valid;
  logic        log_valid;
  logic        idle;
  logic [24:0] beat_q;
  logic [31:0] boot_flash;
  logic [31:0] boot_flash_guest;
  logic [31:0] boot_flags;
  logic        tx_valid;
  logic        boot_tx_valid;
  logic [7:0]  boot_tx_data;
  logic        tx_ready;
  logic [31:0] io_data;
  logic        rx_valid;
  logic [7:0]  rx_data;
  logic        rx_look;
  logic        rx_take;
  logic        boot_take;
  logic [31:0] load_lines;
  logic        load_valid;
  logic        load_ready;
  logic [31:0] load_data;
  logic        spi_write;
  logic        spi_select;
  logic        spi_busy;
  logic [7:0]  spi_wdata;
  logic [7:0]  spi_rdata;
  logic        boot_cs_n;
  logic        boot_sck;
  logic        boot_mosi;
  logic        soc_cs_n;
  logic        soc_sck;
  logic        soc_mosi;
  // the line port: of the machine, of what fills, of the controller
  logic        soc_valid;
  logic        soc_write;
  logic [ADDRESS_W-1:LINE_W] soc_line;
  logic [WORD_W-1:0] soc_word;
  logic [31:0] soc_wdata;
  logic        fill_valid;
  logic [ADDRESS_W-1:LINE_W] fill_line;
  logic [31:0] fill_wdata;
  logic        ready;
  logic        rdata_valid;
  logic [WORD_W-1:0] rdata_word;
  logic [31:0] rdata;
  logic [WORD_W-1:0] wdata_word;
  logic        done;

  uart #(.Cycles((ClkKhz * 1000 + Baud / 2) / Baud)) u_uart (
    .clk_i, .rst_ni, .tx_valid_i(going ? tx_valid : boot_tx_valid),
    .tx_data_i(going ? io_data[7:0] : boot_tx_data), .tx_ready_o(tx_ready), .rx_take_i(rx_take | boot_take),
    .rx_valid_o(rx_valid), .rx_data_o(rx_data), .tx_o(uart_tx_o), .rx_i(uart_rx_i)
  );

  // the flash is boot.sv's, then the machine's
  spi u_spi (
    .clk_i, .rst_ni, .write_i(spi_write), .select_i(spi_select), .data_i(spi_wdata), .busy_o(spi_busy),
    .data_o(spi_rdata), .cs_no(boot_cs_n), .sck_o(boot_sck), .mosi_o(boot_mosi), .miso_i(spi_miso_i)
  );
  assign {spi_cs_no, spi_sck_o, spi_mosi_o} = going ? {soc_cs_n, soc_sck, soc_mosi} : {boot_cs_n, boot_sck, boot_mosi};

  boot #(.QuietCycles(QuietCycles), .ListenCycles(ListenCycles)) u_boot (
    .clk_i, .rst_ni, .going_o(going), .stop_i(stopped_q), .damaged_o(damaged), .has_guest_o(has_guest),
    .tx_valid_o(boot_tx_valid), .tx_ready_i(tx_ready), .tx_data_o(boot_tx_data),
    .rx_valid_i(rx_valid), .rx_data_i(rx_data), .rx_take_o(boot_take),
    .spi_write_o(spi_write), .spi_select_o(spi_select), .spi_data_o(spi_wdata), .spi_busy_i(spi_busy),
    .spi_data_i(spi_rdata),
    .load_rst_no(load_rst_n), .word_valid_o(word_valid), .word_o(word), .word_take_i(word_take), .is_guest_o(is_guest),
    .load_busy_i(load_busy), .load_rest_i(load_rest), .load_damaged_i(load_damaged)
  );

  load #(.AddressW(ADDRESS_W), .FlashAt(Board.flash_at), .ZeroLines(ZeroLines)) u_load (
    .clk_i, .rst_ni(load_rst_n), .word_valid_i(word_valid), .word_i(word), .word_take_o(word_take),
    .is_guest_i(is_guest), .busy_o(load_busy), .rest_o(load_rest), .damaged_o(load_damaged),
    .boot_flash_o(boot_flash), .boot_flash_guest_o(boot_flash_guest), .boot_flags_o(boot_flags),
    .load_lines_o(load_lines), .load_valid_o(load_valid), .load_ready_i(load_ready), .load_data_o(load_data),
    .mem_valid_o(fill_valid), .mem_ready_i(ready), .mem_line_o(fill_line), .mem_wdata_word_i(wdata_word),
    .mem_wdata_o(fill_wdata), .mem_done_i(done)
  );

  soc #(
    .CodeBundles(Board.code_bundles), .FwramBytes(Board.fwram_bytes), .FlashBytes(Board.flash_bytes),
    .GuestBytes(Board.guest_bytes), .UndoEntries(Board.undo_entries), .JtEntries(Board.jt_entries),
    .Granules(Board.granules), .HasCaches(1'b1), .IcacheBytes(Board.icache_bytes), .DcacheBytes(Board.dcache_bytes),
    .SecondBytes(Board.code_second_bytes), .StoreLines(Board.store_lines), .StoreWords(Board.store_room),
    .ChipBytes(Board.chip_bytes), .GuestAt(Board.guest_at), .FwramAt(Board.fwram_at), .FlashAt(Board.flash_at),
    .CodeAt(Board.code_at)
  ) u_soc (
    .clk_i, .time_clk_i(clk_i), .rst_ni(soc_rst_nq), .imem_ready_i(going & ~stopped_q), .dmem_ready_i(1'b1),
    .boot_flash_i(has_guest ? boot_flash_guest : boot_flash), .boot_ram_i(Board.guest_bytes),
    .boot_flags_i(boot_flags), .boot_tcache_i(32'd0),
    .tick_num_i(Board.tick_num[15:0]), .tick_den_i(Board.tick_den[15:0]),
    .uart_tx_valid_o(tx_valid), .log_tx_valid_o(log_valid), .exit_valid_o(exit_valid), .io_data_o(io_data),
    .uart_tx_ready_i(tx_ready), .uart_rx_look_o(rx_look), .uart_rx_take_o(rx_take), .uart_rx_valid_i(rx_valid & going),
    .uart_rx_over_i(1'b0), .uart_rx_data_i(rx_data), .idle_o(idle),
    .spi_cs_no(soc_cs_n), .spi_sck_o(soc_sck), .spi_mosi_o(soc_mosi), .spi_miso_i,
    .mem_valid_o(soc_valid), .mem_ready_i(ready & going), .mem_write_o(soc_write), .mem_line_o(soc_line),
    .mem_word_o(soc_word), .mem_rdata_valid_i(rdata_valid), .mem_rdata_word_i(rdata_word), .mem_rdata_i(rdata),
    .mem_wdata_word_i(wdata_word), .mem_wdata_o(soc_wdata), .mem_done_i(done & going),
    .load_lines_i(load_lines), .load_valid_i(load_valid), .load_ready_o(load_ready), .load_data_i(load_data)
  );

  sdram #(.Chip(Chip), .ClkKhz(ClkKhz), .CasLatency(2), .InCells(1'b1), .PowerUpUs(PowerUpUs)) u_sdram (
    .clk_i, .rst_ni,
    .req_valid_i(going ? soc_valid : fill_valid), .req_ready_o(ready), .req_write_i(~going | soc_write),
    .req_line_i(going ? soc_line : fill_line), .req_word_i(going ? soc_word : '0),
    .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata),
    .wdata_word_o(wdata_word), .wdata_i(going ? soc_wdata : fill_wdata), .done_o(done),
    .command_o(sdram_command_o), .bank_o(sdram_bank_o), .address_o(sdram_address_o),
    .dq_high_z_o(sdram_dq_high_z_o), .dq_o(sdram_dq_o), .dq_i(sdram_dq_i)
  );

  always_ff @(posedge clk_i) begin
    beat_q <= beat_q + 25'd1;
    soc_rst_nq <= load_rst_n & (load_lines != 32'd0);
    stopped_q <= going & (stopped_q | exit_valid);
    ended_q <= ended_q | stopped_q;
    led_o <= {ended_q, damaged, 1'b0, has_guest, rx_valid, idle, going, beat_q[24]};
    if (!rst_ni) begin
      beat_q <= '0;
      stopped_q <= 1'b0;
      ended_q <= 1'b0;
    end
  end

  // Log bytes are lost: the framed link (firmware/dev/link.h) is not spoken by a board yet.
  logic unused_bits;
  assign unused_bits = &{1'b0, log_valid, rx_look, io_data[31:8]};
endmodule

`default_nettype wire
