// SPDX-License-Identifier: MIT
// PLL of ECP5, for simulating boards cycle by cycle: what comes in is taken to be CLKOP already, a simulation has one
// clock. What the parameters say of the clocks is checked: the VCO's range, and that CLKOS is CLKOP three quarters of a
// cycle later, which is what sdram_model.sv takes for the chip's clock. CLKOS is CLKOP inverted here: no phase is left
// of it, but that it comes.
`default_nettype none

module EHXPLLL #(
  parameter int CLKI_DIV = 1,
  parameter int CLKFB_DIV = 1,
  parameter int CLKOP_DIV = 8,
  parameter int CLKOS_DIV = 8,
  parameter int CLKOP_CPHASE = 0,
  parameter int CLKOS_CPHASE = 0,
  parameter int CLKOP_FPHASE = 0,
  parameter int CLKOS_FPHASE = 0,
  parameter FEEDBK_PATH = "CLKOP",
  parameter PLLRST_ENA = "DISABLED",
  parameter INTFB_WAKE = "DISABLED",
  parameter STDBY_ENABLE = "DISABLED",
  parameter DPHASE_SOURCE = "DISABLED",
  parameter OUTDIVIDER_MUXA = "DIVA",
  parameter OUTDIVIDER_MUXB = "DIVB",
  parameter OUTDIVIDER_MUXC = "DIVC",
  parameter OUTDIVIDER_MUXD = "DIVD",
  parameter CLKOP_ENABLE = "ENABLED",
  parameter CLKOS_ENABLE = "DISABLED"
) (
  input  wire  CLKI, CLKFB, RST, STDBY, PHASESEL0, PHASESEL1, PHASEDIR, PHASESTEP, PHASELOADREG, PLLWAKESYNC, ENCLKOP,
  output logic CLKOP, CLKOS, CLKINTFB, LOCK
);
  localparam int InKhz = 25_000;
  localparam int VcoKhz = InKhz / CLKI_DIV * CLKFB_DIV * CLKOP_DIV;
  localparam int Eighths = 8 * (CLKOS_CPHASE - CLKOP_CPHASE) + CLKOS_FPHASE - CLKOP_FPHASE;

  assign CLKOP = CLKI;
  assign CLKOS = ~CLKI;
  assign CLKINTFB = 1'b0;
  assign LOCK = ~RST & ~STDBY;

  initial begin
    if (FEEDBK_PATH != "CLKOP" || VcoKhz < 400_000 || VcoKhz > 800_000)
      $fatal(1, "EHXPLLL: the VCO would be at %0d kHz", VcoKhz);
    if (CLKOS_ENABLE != "ENABLED" || CLKOS_DIV != CLKOP_DIV || 4 * Eighths != 3 * 8 * CLKOP_DIV)
      $fatal(1, "EHXPLLL: CLKOS is not CLKOP three quarters of a cycle later");
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, CLKFB, PHASESEL0, PHASESEL1, PHASEDIR, PHASESTEP, PHASELOADREG, PLLWAKESYNC, ENCLKOP};
endmodule

`default_nettype wire
