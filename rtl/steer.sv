// SPDX-License-Identifier: MIT
// Where fetch goes on: at the trap handler, at the target of a branch, or where code memory says. Hierarchy is kept:
// three signals of two LUTs each, which is all that fits before the multiplexer of the next index.
`default_nettype none

(* keep_hierarchy *)
module steer (
  input  wire  [4:0] traps_i,         // one of them: the bundle in M traps
  input  wire        dirty_i,         // ... and a rollback comes first
  input  wire        rollback_end_i,
  input  wire        redirect_i,      // the bundle in M jumps or mispredicted
  output logic       to_tvec_o,       // these two: one hot, or none
  output logic       to_target_o,
  output logic       follow_o         // none
);
  assign to_tvec_o = ((|traps_i) & ~dirty_i) | rollback_end_i;
  assign to_target_o = ~(|traps_i) & redirect_i & ~rollback_end_i;
  assign follow_o = ~(((|traps_i) ? ~dirty_i : redirect_i) | rollback_end_i);
endmodule

`default_nettype wire
