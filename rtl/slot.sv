// SPDX-License-Identifier: MIT
// One issue slot from D to its result register: decoded operation and operands are registered into EX, operands that
// this slot's previous results give are taken from the result register (own-slot forwarding, select computed in D),
// ALU and shifter work in EX. Every result, early or late, goes through the one result register (value, index, valid),
// which writes the slot's bank in the next cycle: the machine's write-port rule keeps two from meeting.
//   latency 1  EX  -> result register    ALU, link, divider's result
//   latency 2  M   -> result register    load word, wrh, shift
//   latency 3  M2  -> result register    l3_i (sub-word load, home read, multiply, CSR, jump table)
// Which unit has which latency is units.def's. l3_i must be 0 when nothing of its completes. dead_i: the bundle in EX
// is none, or is killed, or is illegal: op_ex_o may then be anything and must not act. trap_m_i: the bundle in M
// trapped; its latency-1 result already stands in the result register.
`default_nettype none

module slot #(
  parameter int unsigned Slot = 0,
  parameter bit HasShift = 1'b0,
  parameter bit HasAddress = 1'b0,    // loads or stores
  parameter bit HasLateWord = 1'b0,   // word_i
  parameter bit HasOther = 1'b0       // other_word_i
) (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  // control
  input  wire                       dead_i,
  input  wire                       dead_ex_i,   // the same, but for what is being flushed: early
  input  wire                       trap_m_i,
  // decode
  input  wire                       valid_d_i,   // the bundle in D exists and is not killed
  input  wire vliw_pkg::op_decode_t op_d_i,
  input  wire  [31:0]               a_d_i,
  input  wire  [31:0]               b_d_i,       // rs2 or immediate
  input  wire  [31:0]               offset_d_i,
  input  wire  [1:0]                own_d_i,     // rs1, rs2 (used) are in this slot's bank
  input  wire  [5:0]                low_d_i,     // halves of their indexes equal rd in EX, M, M2: see bypass.sv
  input  wire  [5:0]                high_d_i,
  output logic [vliw_pkg::RD_W-1:0] rd_ex_o,
  output logic [vliw_pkg::RD_W-1:0] rd_m_o,
  // index that the result register will hold, if the bundle in EX is not killed
  output logic [vliw_pkg::RD_W-1:0] next_index_o,
  output logic [vliw_pkg::RD_W-1:0] coming_index_o, // index that it will hold
  // execute
  output vliw_pkg::op_decode_t      op_ex_o,     // do not act on it when dead_i
  output logic [31:0]               a_ex_o,
  output logic [31:0]               b_ex_o,      // rs2 or immediate
  output logic [31:0]               offset_ex_o,
  output logic [31:0]               base_ex_o,   // a_ex_o, for addresses
  input  wire  [31:0]               other_l1_i,  // another unit's result of this cycle, else 0
  // memory and later
  output logic [31:0]               a_m_o,
  output logic [31:0]               b_m_o,
  input  wire                       retake_i,    // while everything stands still: of what is merged the late word alone
  input  wire                       take_i,      // ce_i, or the late word is taken again
  input  wire                       word_take_i, // a word load completes, or an upper word of a product ...
  input  wire  [31:0]               word_i,      // ... with the memory's answer, which is late
  input  wire                       other_i,     // ... with the other port's
  input  wire  [31:0]               other_word_i,
  input  wire  [31:0]               l3_i,
  // result register; writes the bank unless it was the trapping bundle's
  output logic                      result_valid_o,
  output logic                      result_first_o,   // ... of latency 1: its bundle is in M
  output logic [vliw_pkg::RD_W-1:0] result_index_o,
  output logic [31:0]               result_value_o,   // for bypass in D
  output logic [31:0]               result_write_o    // for the bank
);
  localparam int unsigned SHIFT_IN_M = vliw_pkg::UNIT_SHIFT_LATENCY - 1;
  localparam int unsigned RD_W = vliw_pkg::RD_W;
  localparam int unsigned SLOT_W = vliw_pkg::SLOT_W;
  localparam int unsigned HOME_W = vliw_pkg::HOME_W;

  // D -> EX
  vliw_pkg::op_decode_t op_q;
  alu_pkg::alu_ctl_t   alu_q;
  alu_pkg::alu_ctl_t   alu_live;
  logic                 l1_q;
  logic                 l2_q;
  logic                 l3_q;
  logic                 forward_a_d;
  logic                 forward_b_d;
  logic [31:0]          a_q;
  logic [31:0]          b_q;
  logic [31:0]          offset_q;
  logic                 writes_d;
  logic                 l1_d;
  logic                 l2_d;
  logic                 l3_d;
  // EX -> M -> M2
  logic [31:0]          a_m_q;
  logic [31:0]          b_m_q;
  logic                 wrh_m_q;
  logic                 wrh_hit_m_q;    // ... of a home of this slot
  logic                 l2_m_q;
  logic                 l3_m_q;
  logic                 l3_m2_q;
  logic [RD_W-1:0]      rd_m_q;
  logic [RD_W-1:0]      rd_m2_q;
  // result register
  logic                 res_valid_q;
  logic                 res_l1_q;
  logic [RD_W-1:0]      res_index_q;
  // The value is the OR of two: what comes late in its cycle (block RAM, the product) has a register of its own, and
  // the forwarding multiplexer takes both in one LUT. After a flush res_main_q may hold what a killed bundle computed
  // (res_clean_q = 0): it must not be written, but bundles that could read it are dead.
  logic [31:0]          res_main_q;
  logic [31:0]          res_late_q;
  (* keep *)
  logic                 res_clean_q;    // each slot its own
  logic [RD_W-1:0]      late_index;
  logic [RD_W-1:0]      next_index;
  logic [2:0]           ending;
  logic [31:0]          addend;
  logic [31:0]          alu_ex;
  logic [31:0]          early;
  logic [31:0]          late;
  logic [31:0]          shift_ex;
  logic [31:0]          shift_m;

  // Which stage's end brings the result.
  always_comb begin
    writes_d = op_d_i.writes_rd & ~(Slot == 0 && op_d_i.rd == '0);
    l2_d = writes_d & (|(op_d_i.unit & vliw_pkg::UNITS_LATENCY_2));
    l3_d = writes_d & (|(op_d_i.unit & vliw_pkg::UNITS_LATENCY_3));
    l1_d = writes_d & ~l2_d & ~l3_d;
  end

  // Does the result register hold the operand's register in the next cycle? From what completes at the end of this one:
  // now = latency 3, 2, 1. D selects the forwarding by it.
  function automatic logic comes(input logic own, input logic [2:0] low, input logic [2:0] high, input logic [2:0] now,
                                 input logic [RD_W-1:0] index, input logic wrh, input logic [HOME_W-1:0] home);
    comes = own & ((|(low & high & now)) | (wrh && index == {1'b0, home}));
  endfunction

  always_comb begin
    late_index = ({RD_W{l2_m_q}} & rd_m_q) | ({RD_W{l3_m2_q}} & rd_m2_q) |
      ({RD_W{wrh_hit_m_q}} & {1'b0, a_m_q[4:SLOT_W]});
    next_index = ({RD_W{l1_q & ~dead_i}} & op_q.rd) | late_index;
  end

  assign ending = {l3_m2_q, l2_m_q, l1_q};
  assign forward_a_d = comes(own_d_i[0], low_d_i[2:0], high_d_i[2:0], ending, op_d_i.rs1[5:SLOT_W], wrh_hit_m_q,
    a_m_q[4:SLOT_W]);
  assign forward_b_d = comes(own_d_i[1], low_d_i[5:3], high_d_i[5:3], ending, op_d_i.rs2[5:SLOT_W], wrh_hit_m_q,
    a_m_q[4:SLOT_W]);
  assign op_ex_o = op_q;
  assign next_index_o = ({RD_W{l1_q}} & op_q.rd) | late_index;
  assign coming_index_o = next_index;
  assign rd_ex_o = op_q.rd;
  assign rd_m_o = rd_m_q;

  forward u_forward_a (
    .clk_i, .ce_i, .select_d_i(forward_a_d), .invert_i(1'b0), .stored_i(a_q), .main_i(res_main_q), .late_i(res_late_q),
    .value_o(a_ex_o)
  );
  forward u_forward_b (
    .clk_i, .ce_i, .select_d_i(forward_b_d), .invert_i(1'b0), .stored_i(b_q), .main_i(res_main_q), .late_i(res_late_q),
    .value_o(b_ex_o)
  );
  if (HasAddress) begin : gen_base
    forward u_forward_base (
      .clk_i, .ce_i, .select_d_i(forward_a_d), .invert_i(1'b0), .stored_i(a_q), .main_i(res_main_q),
      .late_i(res_late_q), .value_o(base_ex_o)
    );
  end else begin : gen_no_base
    assign base_ex_o = 32'd0;
  end
  forward #(.Inverts(1'b1)) u_forward_addend (
    .clk_i, .ce_i, .select_d_i(forward_b_d), .invert_i(alu_q.sub), .stored_i(b_q), .main_i(res_main_q),
    .late_i(res_late_q),
    .value_o(addend)
  );

  assign offset_ex_o = offset_q;
  assign a_m_o = a_m_q;
  assign b_m_o = b_m_q;

  always_comb begin
    alu_live = alu_q;
    if (dead_ex_i) begin
      alu_live.add = 1'b0;
      alu_live.lt = 1'b0;
      alu_live.bitwise = 1'b0;
    end
  end

  alu u_alu (.ctl_i(alu_live), .a_i(a_ex_o), .b_i(b_ex_o), .addend_i(addend), .other_i(shift_ex | other_l1_i),
    .result_o(alu_ex));

  if (HasShift) begin : gen_shift
    logic        shift_q;
    logic        left_q;
    logic        arith_q;

    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        shift_q <= op_d_i.unit[vliw_pkg::UNIT_SHIFT] & (Slot != 0 || op_d_i.rd != '0);  // register 0, as below
        left_q <= op_d_i.opcode == vliw_pkg::VOP_SLL_OPCODE || op_d_i.opcode == vliw_pkg::VOP_SLLI_OPCODE;
        arith_q <= op_d_i.opcode == vliw_pkg::VOP_SRA_OPCODE || op_d_i.opcode == vliw_pkg::VOP_SRAI_OPCODE;
      end
    end
    if (SHIFT_IN_M == 0) begin : gen_ex
      shift #(.Registered(1'b0)) u_shift (
        .clk_i, .ce_i, .enable_i(shift_q & ~dead_ex_i), .left_i(left_q), .arith_i(arith_q),
        .a_i(a_ex_o), .amount_i(b_ex_o[4:0]), .result_o(shift_ex)
      );
      assign shift_m = 32'd0;
    end else begin : gen_m
      logic shift_m_q;
      always_ff @(posedge clk_i) begin
        if (ce_i) shift_m_q <= shift_q & ~dead_i;
      end
      shift #(.Registered(1'b1)) u_shift (
        .clk_i, .ce_i, .enable_i(shift_m_q & ~retake_i), .left_i(left_q), .arith_i(arith_q),
        .a_i(a_ex_o), .amount_i(b_ex_o[4:0]), .result_o(shift_m)
      );
      assign shift_ex = 32'd0;
    end
  end else begin : gen_no_shift
    assign shift_ex = 32'd0;
    assign shift_m = 32'd0;
  end

  // A bundle whose word load completes has no other result in this slot; what is in M has not completed yet.
  assign early = l3_i | ({32{wrh_m_q & ~retake_i}} & b_m_q) | shift_m;

  if (HasLateWord) begin : gen_late_word
    late_merge #(.HasOther(HasOther)) u_merge (
      .early_i(early), .take_i(word_take_i), .word_i(word_i), .other_i(other_i), .other_word_i(other_word_i),
      .merged_o(late)
    );
  end else begin : gen_no_late_word
    logic unused_word;
    assign unused_word = &{1'b0, word_take_i, word_i, other_i, other_word_i};
    assign late = early;
  end

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      op_q <= op_d_i;
      // register 0 must not disturb another result; no multiplexer, for it would become a reset that waits for ce_i
      alu_q <= alu_pkg::alu_decode(op_d_i.opcode) & {alu_pkg::ALU_CTL_W{Slot != 0 || op_d_i.rd != '0}};
      l1_q <= l1_d & valid_d_i;       // D selects forwarding by it
      l2_q <= l2_d;
      l3_q <= l3_d;
      a_q <= a_d_i;
      b_q <= b_d_i;
      offset_q <= offset_d_i;
      // M
      a_m_q <= a_ex_o;
      b_m_q <= b_ex_o;
      rd_m_q <= op_q.rd;
      wrh_m_q <= op_q.unit[vliw_pkg::UNIT_HOME_WRITE] & ~dead_i;
      wrh_hit_m_q <= op_q.unit[vliw_pkg::UNIT_HOME_WRITE] & ~dead_i & (a_ex_o[SLOT_W-1:0] == SLOT_W'(Slot)) &
        (a_ex_o[4:0] != 5'd0);
      l2_m_q <= l2_q & ~dead_i;
      l3_m_q <= l3_q & ~dead_i;
      // M2
      rd_m2_q <= rd_m_q;
      l3_m2_q <= l3_m_q & ~trap_m_i;
      // result
      res_valid_q <= (l1_q & ~dead_i) | ((l2_m_q | wrh_hit_m_q) & ~trap_m_i) | l3_m2_q;
      res_l1_q <= l1_q & ~dead_i;
      res_index_q <= next_index;
      res_main_q <= alu_ex;
      res_clean_q <= ~dead_i;
    end
    if (take_i) res_late_q <= late;
    if (!rst_ni) begin
      l1_q <= 1'b0;
      wrh_m_q <= 1'b0;
      wrh_hit_m_q <= 1'b0;
      l2_m_q <= 1'b0;
      l3_m_q <= 1'b0;
      l3_m2_q <= 1'b0;
      res_valid_q <= 1'b0;
      res_l1_q <= 1'b0;
    end
  end

  assign result_valid_o = res_valid_q;
  assign result_first_o = res_l1_q;
  assign result_index_o = res_index_q;
  assign result_value_o = res_main_q | res_late_q;
  assign result_write_o = ({32{res_clean_q}} & res_main_q) | res_late_q;

  logic unused_bits;
  assign unused_bits = &{1'b0, op_q, retake_i};
endmodule

`default_nettype wire
