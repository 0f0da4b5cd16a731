// SPDX-License-Identifier: MIT
// Data memory of the bare core for `make timing`: one true dual-port block RAM, as a data cache's array will be. Address bit 31
// chooses the upper half (guest) or the lower (firmware). Answers in the cycle after the address; holds while ce_i is low.
// Both ports must read before port 1 writes. Block RAM does that for the port that writes; what the other port would read from
// the same word is undefined, so it is given port 1's answer.
`default_nettype none

module bare_data_mem #(
    parameter int unsigned Bytes = 2 * vliw_pkg::CONFIG_BARE_GUEST_BYTES
) (
    input  wire         clk_i,
    input  wire         ce_i,
    // port 0 reads
    input  wire         read0_i,
    input  wire  [31:0] address0_i,
    output logic [31:0] data0_o,
    // port 1 reads and, with write1_i, writes
    input  wire         read1_i,
    input  wire         write1_i,
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
    logic [INDEX_W-1:0] index0_q;
    logic [INDEX_W-1:0] index1_q;
    logic               read1_q;
    logic               same;
    logic [31:0]        data0_q;
    logic [31:0]        data1_q;

    assign index0 = {address0_i[31], address0_i[INDEX_W:2]};
    assign index1 = {address1_i[31], address1_i[INDEX_W:2]};
    assign same = read1_q && index0_q == index1_q;
    assign data0_o = same ? data1_q : data0_q;
    assign data1_o = data1_q;

    always_ff @(posedge clk_i) begin
        if (ce_i && read0_i) data0_q <= words_q[index0];
        if (ce_i) begin
            index0_q <= index0;
            index1_q <= index1;
            read1_q <= read1_i;
        end
    end

    always_ff @(posedge clk_i) begin
        if (ce_i && read1_i) begin
            data1_q <= words_q[index1];
            for (int b = 0; b < 4; b++) begin
                if (write1_i && strobe1_i[b]) words_q[index1][8*b +: 8] <= wdata1_i[8*b +: 8];
            end
        end
    end

    logic unused_bits;
    assign unused_bits = &{1'b0, address0_i, address1_i};
endmodule

`default_nettype wire
