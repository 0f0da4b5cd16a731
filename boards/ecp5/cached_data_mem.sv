// SPDX-License-Identifier: MIT
// Data memory of the core for `make timing`: one true dual-port block RAM, the array of a direct-mapped data cache
// without its tags. Answers in the cycle after the address; holds while ce_i is low.
// Port 1 reads before it writes. What port 0 would read from the same word is undefined, and the core does not use it.
`default_nettype none

module cached_data_mem #(
    parameter int unsigned Bytes = vliw_pkg::MEMORY_ULX3S_DCACHE_BYTES
) (
    input  wire         clk_i,
    input  wire         ce_i,
    // port 0 reads
    input  wire         read0_i,
    input  wire  [31:0] address0_i,
    output logic [31:0] data0_o,
    // port 1 reads and, where strobe1_i says so, writes bytes
    input  wire         read1_i,
    input  wire  [31:0] address1_i,
    input  wire  [3:0]  strobe1_i,
    input  wire  [31:0] wdata1_i,
    output logic [31:0] data1_o
);
    localparam int unsigned INDEX_W = $clog2(Bytes) - 2;

    (* no_rw_check *)
    logic [31:0]        words_q[Bytes/4];
    logic [INDEX_W-1:0] index0;
    logic [INDEX_W-1:0] index1;

    assign index0 = address0_i[INDEX_W+1:2];
    assign index1 = address1_i[INDEX_W+1:2];

    always_ff @(posedge clk_i) begin
        if (ce_i && read0_i) data0_o <= words_q[index0];
    end

    always_ff @(posedge clk_i) begin
        if (ce_i && read1_i) data1_o <= words_q[index1];
        if (ce_i) begin
            for (int b = 0; b < 4; b++) begin
                if (strobe1_i[b]) words_q[index1][8*b +: 8] <= wdata1_i[8*b +: 8];
            end
        end
    end

    logic unused_bits;
    assign unused_bits = &{1'b0, address0_i, address1_i};
endmodule

`default_nettype wire
