// SPDX-License-Identifier: MIT
// Write enable of one bank: a result, unless it is of latency 1 and its bundle traps in this very cycle, or a word that
// a rollback writes back. Hierarchy is kept: 72 distributed RAMs wait for it, so it must be two LUTs away from
// registers.
`default_nettype none

(* keep_hierarchy *)
module bank_write (
  input  wire        valid_i,
  input  wire        first_i,      // latency 1
  input  wire  [4:0] traps_i,      // one of them: the bundle in M traps
  input  wire        restore_i,
  output logic       write_o
);
  assign write_o = (valid_i & ~(first_i & (|traps_i))) | restore_i;
endmodule

`default_nettype wire
