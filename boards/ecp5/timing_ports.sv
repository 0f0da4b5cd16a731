// SPDX-License-Identifier: MIT
// Registers on all ports of a design whose clock is to be measured, so that only register-to-register paths count and
// two pins are enough. Inputs of the design come from one long shift register; its outputs go into registers, and
// those are folded by exclusive or, in registered groups, down to one pin, so that nothing can be optimised away.
// Costs InW + OutW + OutW/4 + ... flip-flops and about OutW/3 LUTs, which stay in the printed figures.
`default_nettype none

module timing_ports #(
    parameter int unsigned InW  = 2,
    parameter int unsigned OutW = 2
) (
    input  wire             clk_i,
    input  wire             serial_i,
    output logic            serial_o,
    // the design
    output logic [InW-1:0]  to_design_o,
    input  wire  [OutW-1:0] from_design_i
);
    localparam int unsigned GROUP = 4;
    localparam int unsigned FOLD1_W = (OutW + GROUP - 1) / GROUP;
    localparam int unsigned FOLD2_W = (FOLD1_W + GROUP - 1) / GROUP;

    logic [OutW-1:0]          out_q;
    logic [FOLD1_W*GROUP-1:0] out_padded;
    logic [FOLD2_W*GROUP-1:0] fold1_padded;
    logic [FOLD1_W-1:0]       fold1_q;
    logic [FOLD2_W-1:0]       fold2_q;
    logic [FOLD2_W-1:0]       chain_q;

    always_comb begin
        out_padded = '0;
        out_padded[OutW-1:0] = out_q;
        fold1_padded = '0;
        fold1_padded[FOLD1_W-1:0] = fold1_q;
    end

    always_ff @(posedge clk_i) begin
        to_design_o <= {to_design_o[InW-2:0], serial_i};
        out_q <= from_design_i;
        for (int unsigned i = 0; i < FOLD1_W; i++) fold1_q[i] <= ^out_padded[i*GROUP +: GROUP];
        for (int unsigned i = 0; i < FOLD2_W; i++) fold2_q[i] <= ^fold1_padded[i*GROUP +: GROUP];
        chain_q[0] <= fold2_q[0];
        for (int unsigned i = 1; i < FOLD2_W; i++) chain_q[i] <= chain_q[i-1] ^ fold2_q[i];
    end

    assign serial_o = chain_q[FOLD2_W-1];
endmodule

`default_nettype wire
