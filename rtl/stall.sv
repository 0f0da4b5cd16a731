// SPDX-License-Identifier: MIT
// Does the machine advance in this cycle? Not while a memory is not ready, nor while a divres that is not killed waits for the
// divider. Hierarchy is kept: the answer goes to nearly every register, so it must be two LUTs away from registers.
`default_nettype none

(* keep_hierarchy *)
module stall (
  input  wire        imem_ready_i,
  input  wire        dmem_ready_i,
  input  wire        divres_i,       // divres is in EX ...
  input  wire        dead_ex_i,      // ... unless that bundle is none
  input  wire  [1:0] div_busy_i,
  input  wire  [5:0] kills_i,        // ... or one of these kills it
  output logic       ce_o
);
  assign ce_o = imem_ready_i & dmem_ready_i & ((|kills_i) | ~(divres_i & ~dead_ex_i & (|div_busy_i)));
endmodule

`default_nettype wire
