// SPDX-License-Identifier: MIT
// Clocks of a board with an ECP5, of its 25 MHz: the machine's, and the same a quarter of a cycle earlier for the SDRAM
// chip (rtl/memory/README.md says why). The VCO is at 400 to 800 MHz. The phase is counted from the edge that
// CPHASE = OUTPUT_DIV - 1 stands for, in steps of an eighth of a VCO cycle.
`default_nettype none

module pll #(
    parameter int unsigned ClkKhz = 80_000               // a multiple of 5 MHz
) (
    input  wire  clk_25mhz_i,
    output logic clk_o,
    output logic sdram_clk_o,
    output logic locked_o
);
    localparam int unsigned FEEDBACK_DIV = ClkKhz / 5_000;
    localparam int unsigned OUTPUT_DIV = 600_000 / ClkKhz;
    localparam int unsigned EIGHTHS = OUTPUT_DIV * 6;     // of a VCO cycle: three quarters of the output's

    if (FEEDBACK_DIV * 5_000 != ClkKhz || ClkKhz * OUTPUT_DIV < 400_000 || ClkKhz > 300_000) begin : gen_vco
        $error("pll: not made for this frequency");
    end

    (* FREQUENCY_PIN_CLKI = "25" *)
    (* ICP_CURRENT = "12" *) (* LPF_RESISTOR = "8" *) (* MFG_ENABLE_FILTEROPAMP = "1" *) (* MFG_GMCREF_SEL = "2" *)
    EHXPLLL #(
        .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED"),
        .OUTDIVIDER_MUXA("DIVA"), .OUTDIVIDER_MUXB("DIVB"), .OUTDIVIDER_MUXC("DIVC"), .OUTDIVIDER_MUXD("DIVD"),
        .CLKI_DIV(5), .CLKFB_DIV(FEEDBACK_DIV), .FEEDBK_PATH("CLKOP"),
        .CLKOP_ENABLE("ENABLED"), .CLKOP_DIV(OUTPUT_DIV), .CLKOP_CPHASE(OUTPUT_DIV / 2), .CLKOP_FPHASE(0),
        .CLKOS_ENABLE("ENABLED"), .CLKOS_DIV(OUTPUT_DIV),
        .CLKOS_CPHASE(OUTPUT_DIV / 2 + EIGHTHS / 8), .CLKOS_FPHASE(EIGHTHS % 8)
    ) u_pll (
        .RST(1'b0), .STDBY(1'b0), .CLKI(clk_25mhz_i), .CLKOP(clk_o), .CLKOS(sdram_clk_o), .CLKFB(clk_o),
        .CLKINTFB(), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1),
        .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0), .LOCK(locked_o)
    );
endmodule

`default_nettype wire
