// SPDX-License-Identifier: MIT
// Passive retire port, simulation only: one record for every bundle that took effect or trapped, in program order, when
// its last result is complete (three unstalled cycles after its EX), with all values. Also the mnemonics of the bundle
// in M as text, for the wave viewer. Does nothing but follow the text while on_i is low.
`default_nettype none

module trace (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       on_i,
  input  wire                       ce_i,
  // bundle in EX
  input  wire  [vliw_pkg::SLOTS*vliw_pkg::OP_DECODE_BITS-1:0] op_i,
  input  wire  [63:0]               cycle_i,
  // the same bundle in M
  input  wire                       valid_m_i,
  input  wire                       trap_m_i,
  input  wire  [3:0]                cause_m_i,
  input  wire  [31:0]               trap_addr_m_i,
  input  wire  [vliw_pkg::PC_W-1:0] pc_m_i,
  input  wire                       guest_i,
  input  wire                       commit_m_i,
  input  wire  [20:0]               insns_m_i,
  input  wire  [31:0]               address_m_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] a_m_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] b_m_i,
  // result registers
  input  wire  [vliw_pkg::WORDS_W-1:0] result_i,
  // record
  output logic                      valid_o,
  output logic [63:0]               cycle_o,
  output logic [31:0]               pc_o,
  output logic                      guest_o,
  output logic                      trap_o,
  output logic [3:0]                cause_o,
  output logic [31:0]               trap_addr_o,
  output logic [vliw_pkg::SLOTS-1:0] write_o,
  output logic [vliw_pkg::INDEXES_W-1:0] index_o,
  output logic [vliw_pkg::WORDS_W-1:0] value_o,
  output logic                      store_o,
  output logic [31:0]               store_addr_o,
  output logic [31:0]               store_data_o,
  output logic [2:0]                store_bytes_o,
  output logic                      commit_o,
  output logic [20:0]               insns_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int SLOT_W = int'(vliw_pkg::SLOT_W);
  localparam int RD_W = int'(vliw_pkg::RD_W);
  localparam int OP_W = int'(vliw_pkg::OP_DECODE_BITS);
  localparam int STORE = int'(vliw_pkg::PORT1);

  typedef struct packed {
    logic [63:0]  cycle;
    logic [31:0]  pc;
    logic         guest;
    logic         trap;
    logic [3:0]   cause;
    logic [31:0]  trap_addr;
    logic [SLOTS-1:0] write;
    logic [vliw_pkg::INDEXES_W-1:0] index;
    logic [SLOTS-1:0] second;    // result is latency 2
    logic [SLOTS-1:0] third;     // result is latency 3
    logic         store;
    logic [31:0]  store_addr;
    logic [31:0]  store_data;
    logic [2:0]   store_bytes;
    logic         commit;
    logic [20:0]  insns;
  } record_t;

  // what EX knew, now in M
  vliw_pkg::op_decode_t op_q[SLOTS];
  logic [63:0]          cycle_m_q;
  logic                 valid_m2_q;
  logic                 valid_m3_q;
  record_t              record_m;
  record_t              record_m2_q;
  record_t              record_m3_q;
  logic [vliw_pkg::WORDS_W-1:0] value_m2_q;
  logic [vliw_pkg::WORDS_W-1:0] value_m3_q;
  logic [vliw_pkg::WORDS_W-1:0] value_m3;

  always_comb begin
    record_m = '0;
    record_m.cycle = cycle_m_q;
    record_m.pc = core_pkg::native_address(pc_m_i);
    record_m.guest = guest_i;
    record_m.trap = trap_m_i;
    record_m.cause = trap_m_i ? cause_m_i : 4'd0;
    record_m.trap_addr = trap_m_i ? trap_addr_m_i : 32'd0;
    for (int s = 0; s < SLOTS; s++) begin
      record_m.write[s] = op_q[s].writes_rd && (s != 0 || op_q[s].rd != '0);
      record_m.index[RD_W*s +: RD_W] = op_q[s].rd;
      record_m.second[s] = |(op_q[s].unit & vliw_pkg::UNITS_LATENCY_2);
      record_m.third[s] = |(op_q[s].unit & vliw_pkg::UNITS_LATENCY_3);
      if (op_q[s].unit[vliw_pkg::UNIT_HOME_WRITE]) begin
        record_m.write[s] = a_m_i[32*s +: SLOT_W] == SLOT_W'(s) && a_m_i[32*s +: 5] != 5'd0;
        record_m.index[RD_W*s +: RD_W] = {1'b0, a_m_i[32*s + SLOT_W +: vliw_pkg::HOME_W]};
      end
    end
    record_m.store = op_q[STORE].is_store;
    record_m.store_addr = address_m_i;
    record_m.store_data = b_m_i[32*STORE +: 32];
    record_m.store_bytes = 3'd4;
    if (op_q[STORE].is_half) begin
      record_m.store_data[31:16] = 16'd0;
      record_m.store_bytes = 3'd2;
    end
    if (op_q[STORE].is_byte) begin
      record_m.store_data[31:8] = 24'd0;
      record_m.store_bytes = 3'd1;
    end
    record_m.commit = commit_m_i;
    record_m.insns = insns_m_i;
    if (trap_m_i) begin
      record_m.write = '0;
      record_m.store = 1'b0;
      record_m.commit = 1'b0;
    end
    value_m3 = value_m3_q;
    for (int s = 0; s < SLOTS; s++) begin
      if (record_m3_q.third[s]) value_m3[32*s +: 32] = result_i[32*s +: 32];
    end
  end

  always_ff @(posedge clk_i) begin
    if (ce_i && on_i) begin
      for (int s = 0; s < SLOTS; s++) op_q[s] <= op_i[OP_W*s +: OP_W];
      cycle_m_q <= cycle_i;
      record_m2_q <= record_m;
      value_m2_q <= result_i;
      record_m3_q <= record_m2_q;
      value_m3_q <= value_m2_q;
      for (int s = 0; s < SLOTS; s++) begin
        if (record_m2_q.second[s]) value_m3_q[32*s +: 32] <= result_i[32*s +: 32];
      end
    end
    if (ce_i) begin
      valid_m2_q <= valid_m_i & on_i;
      valid_m3_q <= valid_m2_q;
    end
    if (!rst_ni) begin
      valid_m2_q <= 1'b0;
      valid_m3_q <= 1'b0;
    end
  end

  assign valid_o = valid_m3_q & ce_i;
  assign cycle_o = record_m3_q.cycle;
  assign pc_o = record_m3_q.pc;
  assign guest_o = record_m3_q.guest;
  assign trap_o = record_m3_q.trap;
  assign cause_o = record_m3_q.cause;
  assign trap_addr_o = record_m3_q.trap_addr;
  assign write_o = record_m3_q.write;
  assign index_o = record_m3_q.index;
  assign value_o = value_m3;
  assign store_o = record_m3_q.store;
  assign store_addr_o = record_m3_q.store_addr;
  assign store_data_o = record_m3_q.store_data;
  assign store_bytes_o = record_m3_q.store_bytes;
  assign commit_o = record_m3_q.commit;
  assign insns_o = record_m3_q.insns;

  for (genvar s = 0; s < SLOTS; s++) begin : gen_unused
    logic unused_op;
    assign unused_op = &{1'b0, op_q[s]};
  end
  logic unused_bits;
  assign unused_bits = &{1'b0, a_m_i, b_m_i, record_m3_q};
endmodule

`default_nettype wire
