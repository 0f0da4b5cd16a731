// SPDX-License-Identifier: MIT
// One register bank in distributed RAM (16 words with four slots), one write port, Reads read ports (each a copy of the
// RAM). A read in the cycle of a write gives the old word. Hierarchy is kept: synthesis would pull some of the address
// registers in here, with a LUT in front of them for the stall, and they stand behind block RAM.
`default_nettype none

(* keep_hierarchy *)
module bank #(
  parameter int unsigned Reads = 9
) (
  input  wire                 clk_i,
  input  wire                 write_i,
  input  wire  [vliw_pkg::RD_W-1:0] write_index_i,
  input  wire  [31:0]         write_data_i,
  input  wire  [vliw_pkg::RD_W*Reads-1:0] read_index_i,
  output logic [32*Reads-1:0] read_data_o
);
  localparam int unsigned WORDS = 1 << vliw_pkg::RD_W;
  logic [31:0] words_q[WORDS];

  initial begin
    for (int i = 0; i < int'(WORDS); i++) words_q[i] = 32'd0;
  end

  always_ff @(posedge clk_i) begin
    if (write_i) words_q[write_index_i] <= write_data_i;
  end

  for (genvar r = 0; r < Reads; r++) begin : gen_read
    assign read_data_o[32*r +: 32] = words_q[read_index_i[vliw_pkg::RD_W*r +: vliw_pkg::RD_W]];
  end
endmodule

`default_nettype wire
