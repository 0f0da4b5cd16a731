// SPDX-License-Identifier: MIT
// Output of ECP5 with two bits a cycle, for simulation: D0 while the clock is high, D1 while it is low, both taken at
// the rising edge.
`default_nettype none

module ODDRX1F (
  input  wire  SCLK, RST, D0, D1,
  output logic Q
);
  logic [1:0] bits_q;

  always_ff @(posedge SCLK, posedge RST)
    if (RST)
      bits_q <= '0;
    else
      bits_q <= {D1, D0};

  assign Q = SCLK ? bits_q[0] : bits_q[1];
endmodule

`default_nettype wire
