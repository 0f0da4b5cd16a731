// SPDX-License-Identifier: MIT
// rdh: reads a home in M through the banks' last port, which the shadow needs in guest mode only. Results of its own
// bundle are written at the end of the first M cycle, stalled or not, and must not be seen: what counts is the first
// cycle's value.
`default_nettype none

module home_read (
  input  wire          clk_i,
  input  wire          rst_ni,
  input  wire          ce_i,
  input  wire          new_m_i,        // the first cycle of M
  // EX
  input  wire          read_i,         // rdh
  input  wire  [4:0]   home_i,
  // M
  input  wire  [vliw_pkg::SLOT_W-1:0] bank_m_i,
  input  wire          trap_m_i,
  // the shadow reads what results of the next cycle overwrite
  input  wire          shadows_i,
  input  wire  [vliw_pkg::INDEXES_W-1:0] coming_index_i,
  // the banks' last port
  output logic [vliw_pkg::INDEXES_W-1:0] old_index_o,
  input  wire  [vliw_pkg::WORDS_W-1:0] old_value_i,
  output logic [31:0]  value_m2_o      // 0 without rdh
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int SLOT_W = int'(vliw_pkg::SLOT_W);

  logic        read_m_q;
  logic        read_m2_q;
  logic [31:0] now;
  logic [31:0] first_q;
  logic [31:0] value_q;

  assign now = old_value_i[32*bank_m_i +: 32];

  always_ff @(posedge clk_i) begin
    if (new_m_i) first_q <= now;
    if (ce_i) begin
      old_index_o <= shadows_i ? coming_index_i : {SLOTS{1'b0, home_i[4:SLOT_W]}};
      read_m_q <= read_i;
      read_m2_q <= read_m_q & ~trap_m_i;
      value_q <= new_m_i ? now : first_q;
    end
    if (!rst_ni) begin
      read_m_q <= 1'b0;
      read_m2_q <= 1'b0;
    end
  end

  assign value_m2_o = {32{read_m2_q}} & value_q;

  logic unused_bits;
  assign unused_bits = &{1'b0, home_i};
endmodule

`default_nettype wire
