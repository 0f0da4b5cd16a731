// SPDX-License-Identifier: MIT
// Jump-target table: guest pc -> native pc, direct mapped in block RAM. Lookup in three cycles: address in EX, RAM word
// in M, comparison and choice in M2 (result register at its end: latency 3).
//   index = guest pc [1 +: N] ^ guest pc [1 + N +: N], N = log2 Entries
// Without compressed instructions bit 1 is always 0, and the upper bits put the next stretch of code into the other
// half. An entry holds the bits above and bit 0 of the guest pc, the native index and the generation it was made in.
// A flush starts a new generation, so that it takes one cycle; entries of older ones miss. Generation 0 is never
// current: the RAM's zero words at power-up are empty entries, and so is what an insertion of 0 writes. The 26-bit
// generation would come round after 67 million flushes.
`default_nettype none

module jump_table #(
  parameter int unsigned Entries = 256
) (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // lookup
  input  wire                       lookup_i,       // jtl in EX, not killed
  input  wire  [31:0]               guest_pc_i,
  input  wire                       trap_m_i,
  input  wire  [vliw_pkg::PC_W-1:0] miss_pc_i,
  output logic [31:0]               result_o,       // in M2; 0 when no lookup is there
  output logic                      hit_o,          // in M2
  output logic                      miss_o,
  // changes, in M
  input  wire                       insert_i,
  input  wire  [31:0]               insert_tag_i,
  input  wire  [31:0]               insert_value_i,
  input  wire                       flush_i
);
  localparam int unsigned INDEX_W = $clog2(Entries);
  localparam int unsigned TAG_W = 32 - INDEX_W;
  localparam int unsigned GEN_W = 26;
  localparam int unsigned WORD_W = TAG_W + GEN_W + vliw_pkg::PC_W;
  localparam int unsigned GROUPS = (TAG_W + GEN_W + 1) / 2;

  // no_rw_check: a lookup that meets an insertion of its entry does not matter, jtl never stands beside or just after
  // csrw
  (* no_rw_check *)
  logic [WORD_W-1:0]         entries_q[Entries];
  logic [GEN_W-1:0]          generation_q;
  logic [WORD_W-1:0]         word_m_q;
  logic                      lookup_m_q;
  logic [TAG_W-1:0]          tag_m_q;
  logic                      lookup_m2_q;
  logic [GROUPS*2-1:0]       diff_m;
  logic [GROUPS-1:0]         differ_m2_q;     // by pairs of bits: what fits behind the RAM in M
  logic [vliw_pkg::PC_W-1:0] target_m2_q;
  logic [vliw_pkg::PC_W-1:0] miss_pc_q;     // as old as the lookup: csrw in its own bundle comes after it
  logic                      hit;

  initial begin
    for (int i = 0; i < int'(Entries); i++) entries_q[i] = '0;
  end

  assign diff_m = (GROUPS*2)'({word_m_q[WORD_W-1 -: TAG_W] ^ tag_m_q,
    word_m_q[vliw_pkg::PC_W +: GEN_W] ^ generation_q});
  assign hit = differ_m2_q == '0;
  assign hit_o = lookup_m2_q & hit;
  assign miss_o = lookup_m2_q & ~hit;
  assign result_o = {32{lookup_m2_q}} & core_pkg::native_address(hit ? target_m2_q : miss_pc_q);

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      word_m_q <= entries_q[guest_pc_i[1 +: INDEX_W] ^ guest_pc_i[1 + INDEX_W +: INDEX_W]];
      if (insert_i) begin
        entries_q[insert_tag_i[1 +: INDEX_W] ^ insert_tag_i[1 + INDEX_W +: INDEX_W]] <= {
            insert_tag_i[31:INDEX_W+1], insert_tag_i[0], (insert_value_i == 32'd0) ? GEN_W'(0) : generation_q,
              insert_value_i[vliw_pkg::PC_TOP:vliw_pkg::PC_LSB]};
      end
      miss_pc_q <= miss_pc_i;
      lookup_m_q <= lookup_i;
      tag_m_q <= {guest_pc_i[31:INDEX_W+1], guest_pc_i[0]};
      lookup_m2_q <= lookup_m_q & ~trap_m_i;
      for (int g = 0; g < int'(GROUPS); g++) differ_m2_q[g] <= |diff_m[2*g +: 2];
      target_m2_q <= word_m_q[vliw_pkg::PC_W-1:0];
      if (flush_i) generation_q <= (&generation_q) ? GEN_W'(1) : generation_q + GEN_W'(1);
    end
    if (!rst_ni) begin
      generation_q <= GEN_W'(1);
      lookup_m_q <= 1'b0;
      lookup_m2_q <= 1'b0;
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, insert_value_i};
endmodule

`default_nettype wire
