// SPDX-License-Identifier: MIT
// Clocks of a board with an ECP5, of its 25 MHz: the machine's, and the same a quarter of a cycle earlier for the SDRAM
// chip (rtl/memory/README.md says why). FeedbackDiv * 5 MHz; OutputDiv so that the VCO is at 400 to 800 MHz. The
// phase is counted from the edge that CPHASE = OutputDiv - 1 stands for, in steps of an eighth of a VCO cycle.
`default_nettype none

module pll #(
    parameter int unsigned FeedbackDiv = 18,
    parameter int unsigned OutputDiv = 7
) (
    input  wire  clk_25mhz_i,
    output logic clk_o,
    output logic sdram_clk_o,
    output logic locked_o
);
    localparam int unsigned EIGHTHS = OutputDiv * 6;     // of a VCO cycle: three quarters of the output's

    if (5 * FeedbackDiv * OutputDiv < 400 || 5 * FeedbackDiv * OutputDiv > 800) begin : gen_vco
        $error("pll: the VCO does not run at this frequency");
    end

    (* FREQUENCY_PIN_CLKI = "25" *)
    (* ICP_CURRENT = "12" *) (* LPF_RESISTOR = "8" *) (* MFG_ENABLE_FILTEROPAMP = "1" *) (* MFG_GMCREF_SEL = "2" *)
    EHXPLLL #(
        .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED"),
        .OUTDIVIDER_MUXA("DIVA"), .OUTDIVIDER_MUXB("DIVB"), .OUTDIVIDER_MUXC("DIVC"), .OUTDIVIDER_MUXD("DIVD"),
        .CLKI_DIV(5), .CLKFB_DIV(FeedbackDiv), .FEEDBK_PATH("CLKOP"),
        .CLKOP_ENABLE("ENABLED"), .CLKOP_DIV(OutputDiv), .CLKOP_CPHASE(OutputDiv / 2), .CLKOP_FPHASE(0),
        .CLKOS_ENABLE("ENABLED"), .CLKOS_DIV(OutputDiv),
        .CLKOS_CPHASE(OutputDiv / 2 + EIGHTHS / 8), .CLKOS_FPHASE(EIGHTHS % 8)
    ) u_pll (
        .RST(1'b0), .STDBY(1'b0), .CLKI(clk_25mhz_i), .CLKOP(clk_o), .CLKOS(sdram_clk_o), .CLKFB(clk_o),
        .CLKINTFB(), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1),
        .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0), .LOCK(locked_o)
    );
endmodule

`default_nettype wire
