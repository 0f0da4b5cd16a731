// SPDX-License-Identifier: MIT
// Where an operand in D comes from, one LUT behind the registers of bypass.sv. Hierarchy is kept: these signals have 32
// loads each, and without it the mapper puts this LUT into every one of them.
`default_nettype none

(* keep_hierarchy *)
module operand_select (
  input  wire  [vliw_pkg::SLOTS-1:0] bank_i,         // one hot: the bank, or none
  input  wire  [vliw_pkg::SLOTS-1:0] low_i,          // slot s's result register has this index: lower half
  input  wire  [vliw_pkg::SLOTS-1:0] high_i,         // ... upper half
  input  wire  [vliw_pkg::SLOTS-1:0] valid_i,        // slot s's result register is written to its bank now
  output logic [vliw_pkg::SLOTS-1:0] from_stored_o,  // from the bank
  output logic [vliw_pkg::SLOTS-1:0] from_written_o  // from the result register
);
  logic [vliw_pkg::SLOTS-1:0] hit;

  assign hit = low_i & high_i & valid_i;
  assign from_stored_o = bank_i & ~hit;
  assign from_written_o = bank_i & hit;
endmodule

`default_nettype wire
