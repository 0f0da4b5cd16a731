// SPDX-License-Identifier: MIT
// VexRiscv (the Verilog in PyPI's pythondata-cpu-vexriscv: VexRiscv.v, RV32IM, 4 KB instruction and 4 KB data cache,
// Wishbone) with registers on its ports: the yardstick of `make timing`, through the same flow as our core.
`default_nettype none

module vexriscv_top (
    input  wire  clk_i,
    input  wire  serial_i,
    output logic serial_o
);
    localparam int unsigned IN_W = 1 + 32 + 1 + 1 + 32 + 2 * (1 + 32 + 1);
    localparam int unsigned OUT_W = 2 * (1 + 1 + 1 + 30 + 32 + 4 + 3 + 2);

    logic [IN_W-1:0]  in;
    logic [OUT_W-1:0] out;

    timing_ports #(.InW(IN_W), .OutW(OUT_W)) u_ports (
        .clk_i, .serial_i, .serial_o, .to_design_o(in), .from_design_i(out)
    );

    VexRiscv u_core (
        .clk                   (clk_i),
        .reset                 (in[0]),
        .externalResetVector   (in[1 +: 32]),
        .timerInterrupt        (in[33]),
        .softwareInterrupt     (in[34]),
        .externalInterruptArray(in[35 +: 32]),
        .iBusWishbone_ACK      (in[67]),
        .iBusWishbone_DAT_MISO (in[68 +: 32]),
        .iBusWishbone_ERR      (in[100]),
        .dBusWishbone_ACK      (in[101]),
        .dBusWishbone_DAT_MISO (in[102 +: 32]),
        .dBusWishbone_ERR      (in[134]),
        .iBusWishbone_CYC      (out[0]),
        .iBusWishbone_STB      (out[1]),
        .iBusWishbone_WE       (out[2]),
        .iBusWishbone_ADR      (out[3 +: 30]),
        .iBusWishbone_DAT_MOSI (out[33 +: 32]),
        .iBusWishbone_SEL      (out[65 +: 4]),
        .iBusWishbone_CTI      (out[69 +: 3]),
        .iBusWishbone_BTE      (out[72 +: 2]),
        .dBusWishbone_CYC      (out[74]),
        .dBusWishbone_STB      (out[75]),
        .dBusWishbone_WE       (out[76]),
        .dBusWishbone_ADR      (out[77 +: 30]),
        .dBusWishbone_DAT_MOSI (out[107 +: 32]),
        .dBusWishbone_SEL      (out[139 +: 4]),
        .dBusWishbone_CTI      (out[143 +: 3]),
        .dBusWishbone_BTE      (out[146 +: 2])
    );
endmodule

`default_nettype wire
