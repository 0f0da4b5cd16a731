// SPDX-License-Identifier: MIT
// The core of configuration `ulx3s` for `make timing`: everything it has (both modes, traps, shadow, undo log, jump
// table, counters, multiply, divide), with that board's region check and address widths, arrays of the size of its
// caches' in block RAM (no tags, no refills), and registers on the ports that are left. The ready inputs come from
// registers, so the stall of the whole machine is in the measured paths.
`default_nettype none

module timing_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned HELD = vliw_pkg::MEMORY_ULX3S_ICACHE_BYTES / vliw_pkg::BUNDLE_BYTES;
    localparam int unsigned INDEX_W = $clog2(vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES);
    localparam int unsigned IN_W = 3 + 4 * 32 + 2 + 8 + 2 + 9;
    localparam int unsigned OUT_W = 3 + 32 + 4 + INDEX_W + 10;

    logic [IN_W-1:0]    in;
    logic [OUT_W-1:0]   out;
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

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    core u_core (
        .clk_i,
        .time_clk_i     (clk_i),
        .rst_ni         (in[0]),
        .mem_ce_o       (ce),
        .imem_ready_i   (in[1]),
        .imem_index_o   (imem_index),
        .imem_bundle_i  (imem_bundle), .imem_hints_i(imem_hints),
        .imem_next_i    (imem_next),
        .imem_index_high_o(imem_index_high),
        .imem_next_high_i(imem_next_high),
        .imem_miss_i    (in[141]),
        .imem_want_o    (out[38]),
        .imem_want_index_o(out[39 +: INDEX_W]),
        .imem_come_i    (in[142]),
        .code_write_o   (code_write),
        .code_address_o (code_address),
        .code_data_o    (code_data),
        .dmem_ready_i   (in[2]),
        .dmem_read0_o   (read0),
        .dmem_address0_o(address0),
        .dmem_data0_i   (data0),
        .dmem_read1_o   (read1),
        .dmem_address1_o(address1),
        .dmem_strobe1_o (strobe1),
        .dmem_wdata1_o  (wdata1),
        .dmem_data1_i   (data1),
        .dmem_retake0_i (1'b0),
        .dmem_retake1_i (1'b0),
        .boot_flash_i   (in[3 +: 32]),
        .boot_ram_i     (in[35 +: 32]),
        .boot_flags_i   (in[67 +: 32]),
        .boot_tcache_i  (in[99 +: 32]),
        .tick_num_i     (vliw_pkg::MEMORY_ULX3S_TICK_NUM),
        .tick_den_i     (vliw_pkg::MEMORY_ULX3S_TICK_DEN),
        .uart_tx_ready_i(in[131]),
        .uart_rx_valid_i(in[132]),
        .uart_rx_over_i (1'b0),
        .uart_rx_data_i (in[133 +: 8]),
        .spi_busy_i     (in[143]),
        .spi_data_i     (in[144 +: 8]),
        .uart_tx_valid_o(out[0]),
        .log_tx_valid_o (out[1]),
        .exit_valid_o   (out[2]),
        .io_data_o      (out[3 +: 32]),
        .uart_rx_look_o (out[35]),
        .uart_rx_take_o (out[36]),
        .idle_o         (out[37]),
        .spi_write_o    (out[39 + INDEX_W]),
        .spi_select_o   (out[40 + INDEX_W]),
        .spi_data_o     (out[41 + INDEX_W +: 8])
    );

    code_mem #(.Held(HELD)) u_code_mem (
        .clk_i, .rst_ni(in[0]), .ce_i(ce), .index_i(imem_index), .bundle_o(imem_bundle), .hints_o(imem_hints),
        .next_o(imem_next),
        .index_high_i(imem_index_high), .next_high_o(imem_next_high),
        .write_i(code_write), .write_address_i(code_address), .write_data_i(code_data)
    );

    cached_data_mem u_data_mem (
        .clk_i, .ce_i(ce),
        .read0_i(read0), .address0_i(address0), .data0_o(data0),
        .read1_i(read1), .address1_i(address1), .strobe1_i(strobe1), .wdata1_i(wdata1), .data1_o(data1)
    );
endmodule

`default_nettype wire
