// SPDX-License-Identifier: MIT
// What guest mode cannot do, as assertions that are proved for all programs (netlist.sh, prove.sh; core.sv holds an
// instance when FORMAL is defined). Guest mode's memory is [0x80000000, 0x80000000 + GUEST_MASK].
//   1 a load or store that touches a byte outside makes its bundle trap, in either slot
//   2 the bundle of such an access writes no register
//   3 what data memory holds is what the stores of bundles without trap put there: one word, any word, is followed. So
//     with 1 nothing outside changes. (A store writes at once; when its bundle traps, the old word goes back.)
//   4 no write into code memory, no undo entry for an address outside
//   5 no operation of the firmware's acts: csrr, csrw, rdh, wrh, enter; so no native input or output
// Assumed: memories answer as data_mem.sv's do; D's hints are what code_mem.sv writes for the words; no stalls (they
// freeze every register here; stall_test compares them).
`default_nettype none

module guest_fence #(
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_ULX3S_FWRAM_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_ULX3S_GUEST_BYTES
) (
  input wire                       clk_i,
  input wire                       rst_ni,
  input wire                       ce_i,
  input wire  [vliw_pkg::WORDS_W-1:0] imem_bundle_i,
  input wire  [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] imem_hints_i,
  // EX
  input wire                       guest_i,
  input wire                       dead_i,
  input wire  [vliw_pkg::SLOTS*vliw_pkg::OP_DECODE_BITS-1:0] op_i,
  input wire  [31:0]               base0_i,
  input wire  [31:0]               offset0_i,
  input wire  [31:0]               base1_i,
  input wire  [31:0]               offset1_i,
  input wire  [31:0]               mask_i,        // GUEST_MASK in guest mode
  // M
  input wire                       trap_m_i,
  input wire                       code_m_i,
  input wire                       undo_m_i,
  input wire  [31:0]               address1_m_i,
  input wire  [31:0]               data_m_i,
  input wire                       serial_m_i,    // native input, SPI
  input wire                       output_m2_i,   // native output: in M2
  // result registers
  input wire  [vliw_pkg::SLOTS-1:0] result_valid_i,
  // data memory, port 1
  input wire                       dmem_read1_i,
  input wire  [31:0]               dmem_address1_i,
  input wire  [3:0]                dmem_strobe1_i,
  input wire  [31:0]               dmem_wdata1_i,
  input wire  [31:0]               dmem_data1_i
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int OP_W = int'(vliw_pkg::OP_DECODE_BITS);
  localparam int unsigned FWRAM_W = $clog2(FwramBytes);
  localparam int unsigned GUEST_W = $clog2(GuestBytes);

  // the bundle in EX
  logic [31:0] address0;
  logic [31:0] address1;
  logic        live_guest;
  logic        bad;
  // its shadow in M and later
  logic        bad_m_q;
  logic        bad_m2_q;
  logic        bad_m3_q;
  logic        guest_m2_q;      // mode of the bundle in M2
  logic        store_m_q;
  logic        half_m_q;
  logic        byte_m_q;
  logic        taken_back_q;    // a trapped bundle's store was in M
  logic [SLOTS-1:0] third_m_q;       // slots with a result of latency 3
  logic [SLOTS-1:0] third_m2_q;
  logic [SLOTS-1:0] third_m3_q;
  // the followed word
  (* anyconst *) logic        is_guest_ram;
  (* anyconst *) logic [27:0] index;
  logic [31:0] word_q;
  logic [31:0] expected_q;     // by the stores of bundles that did not trap
  logic        follows_m;      // a store to it is in M
  logic        written_m_q;    // a store is in M and has written to it (one that traps may have written elsewhere)
  logic [31:0] after_m;
  logic [31:0] answer_q;
  logic        is_answer_q;
  logic [1:0]  age_q = 2'd0;    // cycles since the beginning: three of reset
  logic        started;

  function automatic logic outside(input logic [31:0] address, input logic half, input logic one,
                                   input logic [31:0] mask);
    logic [32:0] last;
    last = {1'b0, address} + (one ? 33'd0 : half ? 33'd1 : 33'd3);
    outside = address < vliw_pkg::MEM_GUEST_BASE || last > {1'b0, vliw_pkg::MEM_GUEST_BASE} + {1'b0, mask};
  endfunction

  // As in data_mem.sv.
  function automatic logic is_followed(input logic [31:0] address, input logic ram, input logic [27:0] where);
    is_followed = address[31] == ram && address[31:28] != vliw_pkg::MEM_FLASH_TOP &&
                  (ram ? address[GUEST_W-1:2] == where[GUEST_W-3:0] : address[FWRAM_W-1:2] == where[FWRAM_W-3:0]);
  endfunction

  function automatic logic [31:0] merged(input logic [31:0] old, input logic [31:0] data, input logic [3:0] strobe);
    for (int b = 0; b < 4; b++) merged[8*b +: 8] = strobe[b] ? data[8*b +: 8] : old[8*b +: 8];
  endfunction

  function automatic logic [31:0] stored(input logic [31:0] old, input logic [31:0] data, input logic [1:0] where,
                                         input logic half, input logic one);
    if (one) stored = merged(old, {4{data[7:0]}}, 4'b0001 << where);
    else if (half) stored = merged(old, {2{data[15:0]}}, where[1] ? 4'b1100 : 4'b0011);
    else stored = data;
  endfunction

  function automatic logic is_third(input vliw_pkg::op_decode_t op);
    is_third = op.writes_rd & (|(op.unit & vliw_pkg::UNITS_LATENCY_3));
  endfunction

  vliw_pkg::op_decode_t op0;
  vliw_pkg::op_decode_t op1;
  logic [SLOTS-1:0]             third;       // of the bundle in EX
  logic [SLOTS-1:0]             is_firmware;
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints;       // that belong to the words

  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
    vliw_pkg::op_decode_t word;
    vliw_pkg::op_decode_t op;
    assign word = vliw_pkg::op_decode(imem_bundle_i[32*s +: 32], s[vliw_pkg::SLOT_W-1:0]);
    assign op = op_i[OP_W*s +: OP_W];
    assign hints[core_pkg::HINT_W*s +: core_pkg::HINT_W] = core_pkg::hint_of(word);
    assign third[s] = is_third(op);
    assign is_firmware[s] = op.is_firmware;
  end
  assign op0 = op_i[OP_W*vliw_pkg::PORT0 +: OP_W];
  assign op1 = op_i[OP_W*vliw_pkg::PORT1 +: OP_W];

  always_comb begin
    address0 = base0_i + offset0_i;
    address1 = base1_i + offset1_i;
    follows_m = store_m_q && !address1_m_i[30] && is_followed(address1_m_i, is_guest_ram, index);
    after_m = stored(expected_q, data_m_i, address1_m_i[1:0], half_m_q, byte_m_q);
    live_guest = guest_i & ~dead_i;
    bad = (op0.is_load & outside(address0, op0.is_half, op0.is_byte, mask_i)) |
          ((op1.is_load | op1.is_store) & outside(address1, op1.is_half, op1.is_byte, mask_i));
  end

  always_ff @(posedge clk_i) begin
    if (!started) age_q <= age_q + 2'd1;
    if (ce_i) begin
      bad_m_q <= live_guest & bad;
      bad_m2_q <= bad_m_q;
      guest_m2_q <= guest_i;
      bad_m3_q <= bad_m2_q;
      store_m_q <= op1.is_store & ~dead_i;
      written_m_q <= op1.is_store & ~dead_i & (|dmem_strobe1_i) & is_followed(dmem_address1_i, is_guest_ram, index);
      half_m_q <= op1.is_half;
      byte_m_q <= op1.is_byte;
      taken_back_q <= store_m_q & trap_m_i;
      third_m_q <= third & {SLOTS{~dead_i}};
      third_m2_q <= third_m_q & {SLOTS{~trap_m_i}};
      third_m3_q <= third_m2_q;
      if (dmem_read1_i) begin
        is_answer_q <= is_followed(dmem_address1_i, is_guest_ram, index);
        answer_q <= word_q;
      end
      if (is_followed(dmem_address1_i, is_guest_ram, index)) begin
        word_q <= merged(word_q, dmem_wdata1_i, dmem_strobe1_i);
      end
      if (follows_m && !trap_m_i) expected_q <= after_m;
    end
    if (!rst_ni) begin
      bad_m_q <= 1'b0;
      bad_m2_q <= 1'b0;
      guest_m2_q <= 1'b0;
      bad_m3_q <= 1'b0;
      store_m_q <= 1'b0;
      written_m_q <= 1'b0;
      taken_back_q <= 1'b0;
      third_m_q <= '0;
      third_m2_q <= '0;
      third_m3_q <= '0;
      is_answer_q <= 1'b0;
      expected_q <= word_q;
    end
  end

  always_comb begin
    started = age_q == 2'd3;
    assume (rst_ni == started);
    assume (ce_i);
    assume (imem_hints_i == hints);
    if (is_answer_q) assume (dmem_data1_i == answer_q);
    if (started) begin
      if (bad_m_q) assert (trap_m_i);                                                             // 1
      if (bad_m2_q) assert ((result_valid_i & ~third_m3_q) == '0);                              // 2
      if (bad_m3_q) assert (result_valid_i == '0);
      if (!taken_back_q) assert (word_q == (written_m_q ? after_m : expected_q));                 // 3
      if (guest_i) begin
        assert (!code_m_i);                                                                       // 4
        if (undo_m_i && !trap_m_i) assert (!outside(address1_m_i, half_m_q, byte_m_q, mask_i));
        assert (!serial_m_i);                                                                     // 5
      end
      if (guest_m2_q) assert (!output_m2_i);
      if (live_guest) assert (is_firmware == '0);
    end
  end
endmodule

`default_nettype wire
