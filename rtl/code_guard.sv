// SPDX-License-Identifier: MIT
// Code-granule protection: one bit for each granule of guest RAM, in block RAM. A store that took place is looked up
// while it is in M, the answer meets it in M2, and the hit register shows from the next cycle on: three cycles after
// the store, for the bundle in EX (hit_o). csrr, which reads in M, gets what held when its own bundle was in EX.
`default_nettype none

module code_guard #(
  parameter int unsigned Granules = vliw_pkg::CONFIG_ULX3S_GRANULES
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         ce_i,
  // store of the bundle in M: it took place
  input  wire         store_m_i,
  input  wire  [31:0] address_m_i,
  // csrw in M
  input  wire         forget_i,      // PROT_HIT
  input  wire         set_i,         // PROT_SET
  input  wire         clear_i,       // PROT_CLEAR
  input  wire  [31:0] wdata_i,
  // hits
  output logic        hit_o,         // for the bundle in EX
  output logic [31:0] value_m_o      // PROT_HIT for a csrr in M
);
  localparam int unsigned OFFSET_W = $clog2(vliw_pkg::GRANULE_BYTES);
  localparam int unsigned INDEX_W = $clog2(Granules);

  // no_rw_check: a store that close to a csrw of PROT_SET or PROT_CLEAR is undefined
  (* no_rw_check *)
  logic                 bits_q[Granules];
  // M2
  logic                 bit_m2_q;
  logic                 store_m2_q;
  logic [31:OFFSET_W]   granule_m2_q;
  logic                 hit_d;
  logic                 again_d;
  logic                 same_granule;
  // hits
  logic                 hit_q;
  logic                 again_q;       // another granule than the first
  logic [31:OFFSET_W]   granule_q;     // of the first
  logic                 hit_m_q;
  logic                 again_m_q;

  initial begin
    for (int unsigned i = 0; i < Granules; i++) bits_q[i] = 1'b0;
  end

  same #(.Width(32 - OFFSET_W)) u_same (.a_i(granule_m2_q), .b_i(granule_q), .same_o(same_granule));
  late_merge #(.Width(2)) u_merge (
    .early_i({2{~forget_i}} & {again_q, hit_q}), .take_i(bit_m2_q),
    .word_i({2{store_m2_q & ~forget_i}} & {hit_q & ~same_granule, 1'b1}),
    .other_i(1'b0), .other_word_i(2'd0), .merged_o({again_d, hit_d})
  );
  assign hit_o = hit_q;

  always_comb begin
    value_m_o = 32'd0;
    if (hit_m_q) value_m_o = {granule_q, {(OFFSET_W - 2){1'b0}}, again_m_q, 1'b1};
  end

  always_ff @(posedge clk_i) begin
    if (set_i || clear_i) bits_q[wdata_i[OFFSET_W +: INDEX_W]] <= set_i;
    if (ce_i) bit_m2_q <= bits_q[address_m_i[OFFSET_W +: INDEX_W]];
  end

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      store_m2_q <= store_m_i && address_m_i[31:30] == vliw_pkg::MEM_GUEST_BASE[31:30];
      granule_m2_q <= address_m_i[31:OFFSET_W];
      hit_m_q <= hit_q;
      again_m_q <= again_q;
      hit_q <= hit_d;
      again_q <= again_d;
    end
    // counts when the hit does; so early neither RAM's answer nor a stall need be known
    if (!hit_q) granule_q <= granule_m2_q;
    if (!rst_ni) begin
      store_m2_q <= 1'b0;
      hit_q <= 1'b0;
      again_q <= 1'b0;
      hit_m_q <= 1'b0;
      again_m_q <= 1'b0;
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, address_m_i[OFFSET_W-1:0], wdata_i};
endmodule

`default_nettype wire
