// SPDX-License-Identifier: MIT
// The register that says of one data pin that it is not driven, to be placed in the pin's cell. All pins say the same:
// hierarchy is kept, or synthesis makes one register of them, which is in none.
`default_nettype none

(* keep_hierarchy *)
module pin_high_z #(
  parameter bit InCells = 1'b0
) (
  input  wire  clk_i,
  input  wire  high_z_i,
  (* syn_useioff = InCells *) output logic high_z_o
);
  always_ff @(posedge clk_i) high_z_o <= high_z_i;
endmodule

`default_nettype wire
