// SPDX-License-Identifier: MIT
// The machine of a ULX3S for `make timing`: core, caches, the firmware's store in block RAM, second level and SDRAM
// controller, with registers on the ports that are left.
`default_nettype none

module machine_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned ADDRESS_W = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES);
    localparam int unsigned LINE_W = sdram_pkg::LINE_W;
    localparam int unsigned WORD_W = sdram_pkg::WORD_W;
    localparam int unsigned IN_W = 13 + 16 + 32;
    localparam int unsigned OUT_W = 3 + 32 + 3 + 1 + 3 + 2 + 13 + 16 + 16;

    logic [IN_W-1:0]    in;
    logic [OUT_W-1:0]   out;
    logic               valid;
    logic               ready;
    logic               write;
    logic [ADDRESS_W-1:LINE_W] line;
    logic [WORD_W-1:0]  word;
    logic               rdata_valid;
    logic [WORD_W-1:0]  rdata_word;
    logic [31:0]        rdata;
    logic [WORD_W-1:0]  wdata_word;
    logic [31:0]        wdata;
    logic               done;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    soc #(
        .CodeBundles(vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES), .FwramBytes(vliw_pkg::CONFIG_ULX3S_FWRAM_BYTES),
        .FlashBytes(vliw_pkg::CONFIG_ULX3S_FLASH_BYTES), .GuestBytes(vliw_pkg::CONFIG_ULX3S_GUEST_BYTES),
        .UndoEntries(vliw_pkg::CONFIG_ULX3S_UNDO_ENTRIES), .JtEntries(vliw_pkg::CONFIG_ULX3S_JT_ENTRIES),
        .Granules(vliw_pkg::CONFIG_ULX3S_GRANULES), .HasCaches(1'b1), .StoreLines(8448), .StoreWords(40960)
    ) u_soc (
        .clk_i, .time_clk_i(clk_i), .rst_ni(in[0]), .imem_ready_i(in[1]), .dmem_ready_i(1'b1),
        .boot_flash_i(32'h80000000), .boot_ram_i(vliw_pkg::CONFIG_ULX3S_GUEST_BYTES), .boot_flags_i(32'd1),
        .boot_tcache_i(32'd0),
        .tick_num_i(vliw_pkg::MEMORY_ULX3S_TICK_NUM), .tick_den_i(vliw_pkg::MEMORY_ULX3S_TICK_DEN),
        .uart_tx_valid_o(out[0]), .log_tx_valid_o(out[1]), .exit_valid_o(out[2]), .io_data_o(out[3 +: 32]),
        .uart_tx_ready_i(in[2]), .uart_rx_look_o(out[35]), .uart_rx_take_o(out[36]), .uart_rx_valid_i(in[3]),
        .uart_rx_over_i(1'b0), .uart_rx_data_i(in[4 +: 8]), .idle_o(out[37]),
        .mem_valid_o(valid), .mem_ready_i(ready), .mem_write_o(write), .mem_line_o(line), .mem_word_o(word),
        .mem_rdata_valid_i(rdata_valid), .mem_rdata_word_i(rdata_word), .mem_rdata_i(rdata),
        .mem_wdata_word_i(wdata_word), .mem_wdata_o(wdata), .mem_done_i(done),
        .load_lines_i(32'd8448), .load_valid_i(in[12]), .load_ready_o(out[38]), .load_data_i(in[13 +: 32])
    );

    sdram #(.Chip(sdram_pkg::ULX3S), .ClkKhz(90_000), .CasLatency(2)) u_sdram (
        .clk_i, .rst_ni(in[0]), .req_valid_i(valid), .req_ready_o(ready), .req_write_i(write), .req_line_i(line),
        .req_word_i(word), .rdata_valid_o(rdata_valid), .rdata_word_o(rdata_word), .rdata_o(rdata),
        .wdata_word_o(wdata_word), .wdata_i(wdata), .done_o(done),
        .command_o(out[39 +: 3]), .bank_o(out[42 +: 2]), .address_o(out[44 +: 13]), .dq_high_z_o(out[57 +: 16]),
        .dq_o(out[73 +: 16]), .dq_i(in[45 +: 16])
    );
endmodule

`default_nettype wire
