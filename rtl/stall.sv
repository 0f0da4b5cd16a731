// SPDX-License-Identifier: MIT
// Does the machine advance in this cycle? Not while a memory is not ready, nor while a divres that is not killed waits
// for the divider, or a wait for something to happen. take_o is the same for registers that take an answer of the data
// memory, which may come again while everything stands still. Hierarchy is kept: the answer goes to nearly every
// register, so it must be two LUTs away from registers.
`default_nettype none

(* keep_hierarchy *)
module stall #(
  parameter bit HasCaches = 1'b0
) (
  input  wire        imem_ready_i,
  input  wire        fetching_i,     // the jump to itself of a bundle that has not come is in M
  input  wire        dmem_ready_i,
  input  wire        divres_i,       // divres is in EX ...
  input  wire        dead_ex_i,      // ... unless that bundle is none
  input  wire        div_busy_i,
  input  wire        wait_i,         // the same for wait; nothing has happened yet
  input  wire  [5:0] kills_i,        // ... or one of these kills it
  input  wire  [3:0] retake_i,       // only while dmem_ready_i is 0
  output logic       idle_o,         // stands still in a wait
  output logic       ce_o,
  output logic [3:0] take_o
);
  assign idle_o = dmem_ready_i & wait_i & ~dead_ex_i & ~(|kills_i);
  assign ce_o = imem_ready_i & ~fetching_i & dmem_ready_i &
    ((|kills_i) | ~(((divres_i & div_busy_i) | wait_i) & ~dead_ex_i));
  assign take_o = {4{ce_o}} | (retake_i & {4{HasCaches}});

  logic unused_bits;
  assign unused_bits = &{1'b0, retake_i};
endmodule

`default_nettype wire
