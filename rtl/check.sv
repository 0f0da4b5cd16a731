// SPDX-License-Identifier: MIT
// Simulation only: does the program keep the machine's static rules (docs/architecture.md section 1)? Looks at the
// bundle in M, when it is known not to have trapped, and raises error_o with what and where:
//   1 a register read before it is ready      2 two results of one slot in one cycle
//   3 a register written while an earlier write is in flight      4 a home in flight across a guest-mode commit
// Book-keeping: own_q[k] = registers that their own slot may read in k cycles (other slots one later), port_q[k] =
// slots whose bank is written then; unstalled cycles count.
`default_nettype none

module check (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  input  wire  [vliw_pkg::SLOTS*vliw_pkg::OP_DECODE_BITS-1:0] op_i,  // bundle in EX
  input  wire                       done_m_i,  // the same in M: exists and did not trap
  input  wire                       guest_i,
  input  wire                       commit_m_i,
  input  wire  [vliw_pkg::WORDS_W-1:0] a_m_i,
  output logic [2:0]                error_o,
  output logic [vliw_pkg::SLOT_W-1:0] slot_o,
  output logic [5:0]                number_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int SLOT_W = int'(vliw_pkg::SLOT_W);
  localparam int OP_W = int'(vliw_pkg::OP_DECODE_BITS);

  vliw_pkg::op_decode_t op_q[SLOTS];
  logic [63:0] own0_q;
  logic [63:0] own1_q;
  logic [63:0] own2_q;
  logic [SLOTS-1:0] port1_q;
  logic [SLOTS-1:0] port2_q;
  logic [63:0] new1;
  logic [63:0] new2;
  logic [63:0] new3;
  logic [SLOTS-1:0] port1;
  logic [SLOTS-1:0] port2;
  logic [SLOTS-1:0] port3;
  logic [5:0]  rd;
  logic [5:0]  home;
  logic        takes;
  logic        writes;
  logic        late2;
  logic        late3;

  always_comb begin
    error_o = 3'd0;
    slot_o = '0;
    number_o = 6'd0;
    new1 = 64'd0;
    new2 = 64'd0;
    new3 = 64'd0;
    port1 = '0;
    port2 = '0;
    port3 = '0;
    rd = 6'd0;
    home = {1'b0, a_m_i[4:0]};
    takes = 1'b0;
    writes = 1'b0;
    late2 = 1'b0;
    late3 = 1'b0;
    if (done_m_i) begin
      for (int s = 0; s < SLOTS; s++) begin
        rd = {op_q[s].rd, SLOT_W'(s)};
        writes = op_q[s].writes_rd && rd != 6'd0;
        takes = writes;
        late2 = |(op_q[s].unit & vliw_pkg::UNITS_LATENCY_2);
        late3 = |(op_q[s].unit & vliw_pkg::UNITS_LATENCY_3);
        if (op_q[s].unit[vliw_pkg::UNIT_HOME_WRITE]) begin
          rd = {1'b0, a_m_i[32*s +: 5]};
          writes = rd[SLOT_W-1:0] == SLOT_W'(s) && rd != 6'd0;
          takes = 1'b1;
        end
        // reads
        if (op_q[s].reads_rs1 && not_ready(op_q[s].rs1, SLOT_W'(s), own0_q, own1_q | own2_q)) begin
          error_o = 3'd1;
          slot_o = SLOT_W'(s);
          number_o = op_q[s].rs1;
        end
        if (op_q[s].reads_rs2 && not_ready(op_q[s].rs2, SLOT_W'(s), own0_q, own1_q | own2_q)) begin
          error_o = 3'd1;
          slot_o = SLOT_W'(s);
          number_o = op_q[s].rs2;
        end
        if (op_q[s].unit[vliw_pkg::UNIT_HOME_READ] && (own0_q[home] | own1_q[home] | own2_q[home])) begin
          error_o = 3'd1;
          slot_o = SLOT_W'(s);
          number_o = home;
        end
        // writes
        if (takes && ((late2 && port2_q[s]) || (!late2 && !late3 && port1_q[s]))) begin
          error_o = 3'd2;
          slot_o = SLOT_W'(s);
          number_o = rd;
        end
        if (writes && ((late2 && own2_q[rd]) || (!late2 && !late3 && (own1_q[rd] | own2_q[rd])))) begin
          error_o = 3'd3;
          slot_o = SLOT_W'(s);
          number_o = rd;
        end
        if (commit_m_i && guest_i && writes && !rd[5] && (late2 | late3)) begin
          error_o = 3'd4;
          slot_o = SLOT_W'(s);
          number_o = rd;
        end
        if (takes && late3) port3[s] = 1'b1;
        else if (takes && late2) port2[s] = 1'b1;
        else if (takes) port1[s] = 1'b1;
        if (writes && late3) new3[rd] = 1'b1;
        else if (writes && late2) new2[rd] = 1'b1;
        else if (writes) new1[rd] = 1'b1;
      end
      if (commit_m_i && guest_i && own2_q[31:0] != 32'd0) error_o = 3'd4;
    end
    if (!ce_i) error_o = 3'd0;
  end

  function automatic logic not_ready(input logic [5:0] number, input logic [SLOT_W-1:0] slot, input logic [63:0] own0,
                                     input logic [63:0] later);
    not_ready = later[number] | (own0[number] & number[SLOT_W-1:0] != slot);
  endfunction

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      for (int s = 0; s < SLOTS; s++) op_q[s] <= op_i[OP_W*s +: OP_W];
      own0_q <= own1_q | new1;
      own1_q <= own2_q | new2;
      own2_q <= new3;
      port1_q <= port2_q | port2;
      port2_q <= port3;
    end
    if (!rst_ni) begin
      own0_q <= 64'd0;
      own1_q <= 64'd0;
      own2_q <= 64'd0;
      port1_q <= '0;
      port2_q <= '0;
    end
  end

  for (genvar s = 0; s < SLOTS; s++) begin : gen_unused
    logic unused_op;
    assign unused_op = &{1'b0, op_q[s]};
  end
  logic unused_bits;
  assign unused_bits = &{1'b0, a_m_i, port1};
endmodule

`default_nettype wire
