// SPDX-License-Identifier: MIT
// Multiplier of ECP5, for simulating netlists (yosys has only its ports): the product alone. Its registers, the shift
// chains and input C are refused or left out: yosys does not use them.
`default_nettype none

module MULT18X18D #(
  parameter REG_INPUTA_CLK = "NONE",
  parameter REG_INPUTB_CLK = "NONE",
  parameter REG_PIPELINE_CLK = "NONE",
  parameter REG_OUTPUT_CLK = "NONE"
) (
  input  wire  A17, A16, A15, A14, A13, A12, A11, A10, A9,
  input  wire  A8, A7, A6, A5, A4, A3, A2, A1, A0,
  input  wire  B17, B16, B15, B14, B13, B12, B11, B10, B9,
  input  wire  B8, B7, B6, B5, B4, B3, B2, B1, B0,
  input  wire  C17, C16, C15, C14, C13, C12, C11, C10, C9,
  input  wire  C8, C7, C6, C5, C4, C3, C2, C1, C0,
  input  wire  SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
  output logic P35, P34, P33, P32, P31, P30, P29, P28, P27,
  output logic P26, P25, P24, P23, P22, P21, P20, P19, P18,
  output logic P17, P16, P15, P14, P13, P12, P11, P10, P9,
  output logic P8, P7, P6, P5, P4, P3, P2, P1, P0
);
  wire signed [18:0] a = {SIGNEDA & A17,
    A17, A16, A15, A14, A13, A12, A11, A10, A9,
    A8, A7, A6, A5, A4, A3, A2, A1, A0};
  wire signed [18:0] b = {SIGNEDB & B17,
    B17, B16, B15, B14, B13, B12, B11, B10, B9,
    B8, B7, B6, B5, B4, B3, B2, B1, B0};

  assign {P35, P34, P33, P32, P31, P30, P29, P28, P27,
    P26, P25, P24, P23, P22, P21, P20, P19, P18,
    P17, P16, P15, P14, P13, P12, P11, P10, P9,
    P8, P7, P6, P5, P4, P3, P2, P1, P0} = 36'(a * b);

  initial
    if (REG_INPUTA_CLK != "NONE" || REG_INPUTB_CLK != "NONE" || REG_PIPELINE_CLK != "NONE" || REG_OUTPUT_CLK != "NONE")
      $fatal(1, "MULT18X18D: registers inside are not modelled");

  always_comb
    if (SOURCEA || SOURCEB)
      $fatal(1, "MULT18X18D: shift chains are not modelled");
endmodule

`default_nettype wire
