// SPDX-License-Identifier: MIT
// ECP5's way to the pin of the configuration's clock, for simulation. The pin is in no port list: `sck` is it.
`default_nettype none

module USRMCLK (
  input  wire  USRMCLKI,
  input  wire  USRMCLKTS
);
  wire sck = USRMCLKI & ~USRMCLKTS;
endmodule

`default_nettype wire
