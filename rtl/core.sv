// SPDX-License-Identifier: MIT
// The VLIW core: wires the stages, nothing else.
//   F fetch -> D decode, regfile -> EX slot (alu, shift), branch, lsu -> M, M2 late results
//     -> result registers -> banks
// Memories are outside: instruction side bundles with their predicted successor, data side two ports with one
// cycle latency. When a memory is not ready its ready input is low in the cycle in which it should answer, and
// everything stands still (ce). A data cache (HasCaches) may see only later that it has answered wrongly: it makes the
// machine stand still while that bundle is in M2, and answers once more (dmem_retake*_i).
`default_nettype none

module core #(
  parameter int unsigned CodeBundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_ULX3S_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_ULX3S_FLASH_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_ULX3S_GUEST_BYTES,
  parameter int unsigned UndoEntries = vliw_pkg::CONFIG_ULX3S_UNDO_ENTRIES,
  parameter int unsigned JtEntries = vliw_pkg::CONFIG_ULX3S_JT_ENTRIES,
  parameter int unsigned Granules = vliw_pkg::CONFIG_ULX3S_GRANULES,
  parameter bit HasCaches = 1'b0,        // stores to code go to the data memory, too
  localparam int unsigned IndexW = $clog2(CodeBundles)
) (
  input  wire               clk_i,
  // the board's clock, of whose edges clk_i is made: for the platform's time
  input  wire               time_clk_i,
  input  wire               rst_ni,
  // memories
  output logic              mem_ce_o,          // both sides advance in this cycle
  // code memory
  input  wire               imem_ready_i,
  output logic [IndexW-1:0] imem_index_o,
  output logic [IndexW-1:0] imem_index_high_o,  // the same, for half of the memory
  input  wire  [vliw_pkg::WORDS_W-1:0] imem_bundle_i,
  input  wire  [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] imem_hints_i,
  input  wire  [IndexW:0]   imem_next_i,
  input  wire  [IndexW-1:0] imem_next_high_i,
  input  wire               imem_miss_i,       // what stands there is not what was asked for
  output logic              imem_want_o,       // a bundle that is to be executed is not there; all stands still ...
  output logic [IndexW-1:0] imem_want_index_o,
  input  wire               imem_come_i,       // ... and goes on after this; register
  output logic              code_write_o,
  output logic [31:0]       code_address_o,
  output logic [31:0]       code_data_o,
  // data memory
  input  wire               dmem_ready_i,
  output logic              dmem_read0_o,
  output logic [31:0]       dmem_address0_o,
  input  wire  [31:0]       dmem_data0_i,
  output logic              dmem_read1_o,
  output logic [31:0]       dmem_address1_o,
  output logic [3:0]        dmem_strobe1_o,    // 0: no write
  output logic [31:0]       dmem_wdata1_o,
  output logic              dmem_restore1_o,   // not an access of a bundle: what a trapping one has written goes back
  input  wire  [31:0]       dmem_data1_i,
  output logic              dmem_trap_m_o,     // the bundle whose answers stand here traps: they do not matter
  output logic [31:0]       dmem_old1_m2_o,    // what port 1 read for the bundle in M2
  // while dmem_ready_i is 0: here is what a port should have answered to the bundle in M2
  input  wire               dmem_retake0_i,
  input  wire               dmem_retake1_i,
  // boot facts
  input  wire  [31:0]       boot_flash_i,
  input  wire  [31:0]       boot_ram_i,
  input  wire  [31:0]       boot_flags_i,
  input  wire  [31:0]       boot_tcache_i,
  input  wire  [15:0]       tick_num_i,        // time_base.sv
  input  wire  [15:0]       tick_den_i,
  // native I/O
  output logic              uart_tx_valid_o,
  output logic              log_tx_valid_o,
  output logic              exit_valid_o,
  output logic [31:0]       io_data_o,
  input  wire               uart_tx_ready_i,
  output logic              uart_rx_look_o,
  output logic              uart_rx_take_o,
  input  wire               uart_rx_valid_i,
  input  wire               uart_rx_over_i,  // no byte will come any more
  input  wire  [7:0]        uart_rx_data_i,
  output logic              spi_write_o,       // board/spi.sv
  output logic              spi_select_o,
  output logic [7:0]        spi_data_o,
  input  wire               spi_busy_i,
  input  wire  [7:0]        spi_data_i,
  // Stands still in a wait, until the timer is due or, perhaps, uart_rx_valid_i: only the counters and the timer need
  // their clock.
  output logic              idle_o
);
  localparam int unsigned PC_W = vliw_pkg::PC_W;
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int RD_W = int'(vliw_pkg::RD_W);
  localparam int SLOT_W = int'(vliw_pkg::SLOT_W);
  localparam int WORDS_W = int'(vliw_pkg::WORDS_W);
  localparam int INDEXES_W = int'(vliw_pkg::INDEXES_W);
  localparam int MATCHES_W = int'(vliw_pkg::MATCHES_W);
  localparam int OPERANDS = int'(vliw_pkg::OPERANDS);
  localparam int PORT0 = int'(vliw_pkg::PORT0);
  localparam int PORT1 = int'(vliw_pkg::PORT1);
  localparam int SYSTEM = int'(vliw_pkg::SYSTEM);
  localparam int BRANCH = int'(vliw_pkg::BRANCH);

  // What is wired for one slot only, and results of these stages.
  if (vliw_pkg::UNIT_MUL_SLOT != vliw_pkg::SYSTEM || vliw_pkg::UNIT_CSR_SLOT != vliw_pkg::SYSTEM ||
      vliw_pkg::UNIT_WAIT_SLOT != vliw_pkg::SYSTEM || vliw_pkg::UNIT_DIV_START_SLOT != vliw_pkg::SYSTEM ||
      vliw_pkg::UNIT_DIV_RESULT_SLOT != vliw_pkg::SYSTEM || vliw_pkg::UNIT_JUMP_TABLE_SLOT != vliw_pkg::BRANCH ||
      vliw_pkg::PORT0 != 0 || vliw_pkg::UNIT_HOME_READ_SLOT != vliw_pkg::PORT0) begin : gen_slots_refused
    $fatal(1, "the core is not wired for these slots");
  end
  if (vliw_pkg::UNIT_LOAD_WORD_LATENCY != 2 || vliw_pkg::UNIT_LOAD_SUB_LATENCY != 3 ||
      vliw_pkg::UNIT_MUL_LATENCY != 3 || vliw_pkg::UNIT_CSR_LATENCY != 3 || vliw_pkg::UNIT_HOME_READ_LATENCY != 3 ||
      vliw_pkg::UNIT_HOME_WRITE_LATENCY != 2 || vliw_pkg::UNIT_JUMP_TABLE_LATENCY != 3) begin : gen_latencies_refused
    $fatal(1, "the core's stages do not have these latencies");
  end

  logic ce;
  logic flush;                // kill what is in F, D and EX
  logic dead;                 // nothing in EX may act
  logic dead_ex;              // the same without what flush kills: known early in the cycle
  logic trap_m;
  logic guest;
  logic [5:0] kills;          // flush is their OR
  logic div_busy;
  logic divres;
  logic waits;               // wait is in EX, and nothing has happened yet
  logic timer_due;
  logic retake0;
  logic retake1;
  logic [3:0] take;           // word of slot PORT1, PORT0, raw word of port 1, 0

  assign retake0 = HasCaches & dmem_retake0_i;
  assign retake1 = HasCaches & dmem_retake1_i;

  stall #(.HasCaches(HasCaches)) u_stall (
    .imem_ready_i, .fetching_i(imem_want_o), .dmem_ready_i, .divres_i(divres), .dead_ex_i(dead_ex),
    .div_busy_i(div_busy), .wait_i(waits), .kills_i(kills),
    .retake_i({retake1 & word1_m2, retake0 & word0_m2, retake1, retake0}),
    .idle_o, .ce_o(ce), .take_o(take)
  );
  assign mem_ce_o = ce;

  // F
  logic            follow;
  logic [PC_W-1:0] redirect_pc;
  logic            redirect_bad;
  logic            fetched_valid;
  logic            fault_d;
  logic            miss_d;
  logic [PC_W-1:0] pc_d;
  logic [WORDS_W-1:0] bundle_d;
  logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_d;
  logic [2*INDEXES_W-1:0] index_a_d;
  logic [2*INDEXES_W-1:0] index_b_d;
  logic            after_ex_d;

  fetch #(.IndexW(IndexW)) u_fetch (
    .clk_i, .rst_ni, .ce_i(ce),
    .imem_index_o, .imem_index_high_o, .imem_bundle_i, .imem_hints_i, .imem_next_i, .imem_next_high_i,
    .imem_miss_i,
    .flush_i(flush), .follow_i(follow), .redirect_pc_i(redirect_pc), .redirect_bad_i(redirect_bad),
    .valid_d_o(fetched_valid), .fault_d_o(fault_d), .miss_d_o(miss_d), .pc_d_o(pc_d), .after_ex_d_o(after_ex_d),
    .bundle_d_o(bundle_d), .hints_d_o(hints_d),
    .index_a_d_o(index_a_d), .index_b_d_o(index_b_d)
  );

  // D
  localparam int unsigned OP_W = vliw_pkg::OP_DECODE_BITS;
  logic [SLOTS*OP_W-1:0] op_d;           // slot s at [s*OP_W +: OP_W]
  vliw_pkg::op_decode_t op_d_system;
  vliw_pkg::op_decode_t op_d_branch;
  logic [WORDS_W-1:0] imm_d;
  logic [WORDS_W-1:0] offset_d;
  logic [14:0]     csr_d;
  logic [14:0]     csr_ex_q;
  logic [20:0]     count_d;
  logic [20:0]     count_ex_q;
  logic [20:0]     exit_d;
  logic [20:0]     exit_ex_q;
  logic            illegal_d;
  logic [PC_W-1:0] other_d;
  logic            valid_d;
  logic [MATCHES_W-1:0] bank_d;
  logic [MATCHES_W-1:0] low_d;
  logic [MATCHES_W-1:0] high_d;
  logic [3*OPERANDS-1:0] own_low_d;
  logic [3*OPERANDS-1:0] own_high_d;
  logic [INDEXES_W-1:0] rd_d;
  logic [INDEXES_W-1:0] rd_ex;
  logic [INDEXES_W-1:0] rd_m;
  logic [INDEXES_W-1:0] next_index;
  logic [INDEXES_W-1:0] coming_index;
  logic [2*WORDS_W-1:0] operand_d;

  decode u_decode (
    .bundle_i(bundle_d), .hints_i(hints_d), .pc_i(pc_d), .guest_i(guest),
    .op_o(op_d), .imm_o(imm_d), .offset_o(offset_d), .count_o(count_d), .exit_o(exit_d), .csr_o(csr_d),
    .illegal_o(illegal_d), .other_o(other_d)
  );

  assign op_d_system = op_d[SYSTEM*OP_W +: OP_W];
  assign op_d_branch = op_d[BRANCH*OP_W +: OP_W];

  // rd is read from the bundle itself: it does not wait for the decoder.
  for (genvar s = 0; s < SLOTS; s++) begin : gen_rd
    assign rd_d[RD_W*s +: RD_W] = bundle_d[32*s + int'(vliw_pkg::RD_AT) +: RD_W];
  end

  bypass u_bypass (
    .clk_i, .ce_i(ce), .bundle_i(imem_bundle_i), .hints_i(imem_hints_i),
    .next_index_i(next_index), .rd_d_i(rd_d), .rd_ex_i(rd_ex), .rd_m_i(rd_m),
    .bank_o(bank_d), .low_o(low_d), .high_o(high_d), .own_low_o(own_low_d), .own_high_o(own_high_d)
  );

  // result registers and banks
  logic [SLOTS-1:0]     result_valid;
  logic [SLOTS-1:0]     result_first;
  logic [INDEXES_W-1:0] result_index;
  logic [WORDS_W-1:0]   result_value;
  logic [WORDS_W-1:0]   result_write;
  logic [SLOTS-1:0]     bank_write;
  logic [INDEXES_W-1:0] bank_index;
  logic [WORDS_W-1:0]   bank_data;
  logic [INDEXES_W-1:0] old_index;
  logic [WORDS_W-1:0]   old_value;

  regfile u_regfile (
    .clk_i,
    .index_a_i(index_a_d), .index_b_i(index_b_d), .bank_i(bank_d), .low_i(low_d), .high_i(high_d), .imm_i(imm_d),
    .read_value_o(operand_d),
    .result_valid_i(result_valid), .result_value_i(result_value),
    .write_i(bank_write), .write_index_i(bank_index), .write_data_i(bank_data),
    .old_index_i(old_index), .old_value_o(old_value)
  );

  // EX, M, M2: the slots
  logic [SLOTS*OP_W-1:0] op_ex;
  vliw_pkg::op_decode_t op_ex0;          // of slot PORT0, ...
  vliw_pkg::op_decode_t op_ex1;
  vliw_pkg::op_decode_t op_ex_system;
  vliw_pkg::op_decode_t op_ex_branch;
  logic [WORDS_W-1:0] a_ex;
  logic [WORDS_W-1:0] b_ex;
  logic [WORDS_W-1:0] offset_ex;
  logic [WORDS_W-1:0] base_ex;
  logic [WORDS_W-1:0] a_m;
  logic [WORDS_W-1:0] b_m;
  logic [WORDS_W-1:0] other_l1;
  logic [WORDS_W-1:0] l3;
  logic [SLOTS-1:0]   word_take;
  logic [WORDS_W-1:0] word;
  logic [31:0]        system_a_ex;
  logic [31:0]        system_b_ex;
  logic [31:0]        system_a_m;
  logic [31:0]        system_b_m;
  logic [31:0]        branch_a_ex;
  logic [31:0]        branch_b_ex;

  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
    slot #(
      .Slot(s), .HasShift(vliw_pkg::UNIT_SHIFT_SLOTS[s]), .HasAddress(s == PORT0 || s == PORT1),
      .HasLateWord(s == PORT0 || s == PORT1 || s == SYSTEM), .HasOther(s == PORT0)
    ) u_slot (
      .clk_i, .rst_ni, .ce_i(ce),
      .dead_i(dead), .dead_ex_i(dead_ex), .trap_m_i(trap_m),
      .valid_d_i(valid_d), .op_d_i(op_d[OP_W*s +: OP_W]),
      .a_d_i(operand_d[64*s +: 32]), .b_d_i(operand_d[64*s + 32 +: 32]), .offset_d_i(offset_d[32*s +: 32]),
      .own_d_i({bank_d[SLOTS*(2*s + 1) + s], bank_d[SLOTS*2*s + s]}),
      .low_d_i(own_low_d[6*s +: 6]), .high_d_i(own_high_d[6*s +: 6]),
      .rd_ex_o(rd_ex[RD_W*s +: RD_W]), .rd_m_o(rd_m[RD_W*s +: RD_W]),
      .next_index_o(next_index[RD_W*s +: RD_W]), .coming_index_o(coming_index[RD_W*s +: RD_W]),
      .op_ex_o(op_ex[OP_W*s +: OP_W]), .a_ex_o(a_ex[32*s +: 32]), .b_ex_o(b_ex[32*s +: 32]),
      .offset_ex_o(offset_ex[32*s +: 32]), .base_ex_o(base_ex[32*s +: 32]),
      .other_l1_i(other_l1[32*s +: 32]),
      .a_m_o(a_m[32*s +: 32]), .b_m_o(b_m[32*s +: 32]),
      .retake_i(s == PORT0 ? retake0 : s == PORT1 ? retake1 : 1'b0),
      .take_i(s == PORT0 ? take[2] : s == PORT1 ? take[3] : ce),
      .word_take_i(word_take[s]), .word_i(word[32*s +: 32]),
      .other_i(s == PORT0 ? same_m : 1'b0), .other_word_i(s == PORT0 ? dmem_data1_i : 32'd0), .l3_i(l3[32*s +: 32]),
      .result_valid_o(result_valid[s]), .result_first_o(result_first[s]),
      .result_index_o(result_index[RD_W*s +: RD_W]), .result_value_o(result_value[32*s +: 32]),
      .result_write_o(result_write[32*s +: 32])
    );
  end

  assign op_ex0 = op_ex[OP_W*PORT0 +: OP_W];
  assign op_ex1 = op_ex[OP_W*PORT1 +: OP_W];
  assign op_ex_system = op_ex[OP_W*SYSTEM +: OP_W];
  assign op_ex_branch = op_ex[OP_W*BRANCH +: OP_W];
  assign system_a_ex = a_ex[32*SYSTEM +: 32];
  assign system_b_ex = b_ex[32*SYSTEM +: 32];
  assign system_a_m = a_m[32*SYSTEM +: 32];
  assign system_b_m = b_m[32*SYSTEM +: 32];
  assign branch_a_ex = a_ex[32*BRANCH +: 32];
  assign branch_b_ex = b_ex[32*BRANCH +: 32];

  logic        guest_late;
  logic        guest_later;  // guest_late of the next cycle
  logic        new_m_q;      // the first cycle of M
  logic [31:0] rdh_m2;

  home_read u_home_read (
    .clk_i, .rst_ni, .ce_i(ce), .new_m_i(new_m_q),
    .read_i(op_ex0.unit[vliw_pkg::UNIT_HOME_READ] & ~dead & (op_ex0.rd != '0)), .home_i(a_ex[4:0]),
    .bank_m_i(a_m[SLOT_W-1:0]), .trap_m_i(trap_m), .shadows_i(guest_later), .coming_index_i(coming_index),
    .old_index_o(old_index), .old_value_i(old_value), .value_m2_o(rdh_m2)
  );

  always_ff @(posedge clk_i) begin
    new_m_q <= ce;
    if (ce) begin
      csr_ex_q <= csr_d;
      count_ex_q <= count_d;
      exit_ex_q <= exit_d;
    end
  end

  // loads and stores
  logic        undo_full;
  logic [31:0] ram_mask;
  logic [31:0] ram_low;
  logic        misaligned0;
  logic        high0;
  logic        region0;
  logic        misaligned1;
  logic        high1;
  logic        region1;
  logic        full1;
  logic        word0_m;
  logic        same_m;
  logic        word1_m;
  logic        word0_m2;
  logic        word1_m2;
  logic [31:0] sub0_m2;
  logic [31:0] sub1_m2;
  logic [31:0] address0_m;
  logic [31:0] address1_m;
  logic        undo_m;
  logic [31:0] address1_m2;
  logic [31:0] undo_word_m2;
  logic        store_m;
  logic        code_m;

  lsu #(
    .CodeBundles(CodeBundles), .FwramBytes(FwramBytes), .FlashBytes(FlashBytes), .GuestBytes(GuestBytes),
    .HasCaches(HasCaches)
  ) u_lsu (
    .clk_i, .rst_ni, .ce_i(ce), .take_i(take[1:0]), .retake0_i(retake0),
    .guest_i(guest), .dead_i(dead), .trap_m_i(trap_m), .undo_full_i(undo_full),
    .ram_mask_i(ram_mask), .ram_low_i(ram_low),
    .op0_i(op_ex0), .base0_i(base_ex[32*PORT0 +: 32]), .offset0_i(offset_ex[32*PORT0 +: 32]),
    .op1_i(op_ex1), .base1_i(base_ex[32*PORT1 +: 32]), .offset1_i(offset_ex[32*PORT1 +: 32]),
    .data1_i(b_ex[32*PORT1 +: 32]),
    .misaligned0_o(misaligned0), .high0_o(high0), .region0_o(region0), .misaligned1_o(misaligned1), .high1_o(high1),
    .region1_o(region1), .full1_o(full1),
    .word0_m_o(word0_m), .same_m_o(same_m), .word1_m_o(word1_m), .word0_m2_o(word0_m2),
    .word1_m2_o(word1_m2), .sub0_m2_o(sub0_m2), .sub1_m2_o(sub1_m2),
    .address0_m_o(address0_m), .address1_m_o(address1_m),
    .undo_m_o(undo_m), .address1_m2_o(address1_m2), .undo_word_m2_o(undo_word_m2), .store_m_o(store_m),
    .code_m_o(code_m), .data_m_o(code_data_o),
    .dmem_read0_o, .dmem_address0_o, .dmem_data0_i,
    .dmem_read1_o, .dmem_address1_o, .dmem_strobe1_o, .dmem_wdata1_o, .dmem_restore1_o, .dmem_data1_i
  );

  assign dmem_trap_m_o = trap_m;
  assign dmem_old1_m2_o = undo_word_m2;
  assign code_write_o = code_m & ce;
  assign code_address_o = address1_m;

  // slot SYSTEM: multiply, divide, wait, CSR
  logic [31:0] product_m2;
  logic        product_high_m2;
  logic [31:0] product_word_m2;
  logic [31:0] div_result;
  logic [31:0] csr_m2;

  system_unit u_system (
    .clk_i, .rst_ni, .ce_i(ce), .dead_i(dead), .traps_m_i(kills[4:0]), .op_d_i(op_d_system), .op_i(op_ex_system),
    .a_i(system_a_ex), .b_i(system_b_ex), .a_m_i(system_a_m), .b_m_i(system_b_m),
    .product_o(product_m2), .product_high_o(product_high_m2), .product_word_o(product_word_m2),
    .divres_o(divres), .div_busy_o(div_busy), .div_result_o(div_result),
    .wait_o(waits), .happened_i(dmem_ready_i & (timer_due | (uart_rx_valid_i & count_ex_q[0])))
  );

  // slot BRANCH: branch, jump table
  core_pkg::branch_ctl_t branch_q;
  logic [PC_W-1:0] other_ex;
  logic            again_ex;
  logic [PC_W-1:0] target_m;
  logic            miss;
  logic            redirect_ex;
  logic [PC_W-1:0] target;
  logic            bad;
  logic [PC_W-1:0] jt_miss_pc;
  logic            jt_insert;
  logic            jt_flush;
  logic [31:0]     jt_tag;
  logic [31:0]     jt_value;
  logic [31:0]     jt_m2;
  logic            jt_hit;
  logic            jt_miss;

  always_ff @(posedge clk_i) begin
    // of a bundle that is not there: nothing
    if (ce) branch_q <= core_pkg::branch_decode(op_d_branch) & {core_pkg::BRANCH_CTL_W{~miss_d}};
  end

  branch u_branch (
    .ctl_i(branch_q), .a_i(branch_a_ex), .b_i(branch_b_ex), .other_i(other_ex), .dead_i(dead),
    .other_take_i(again_ex),
    .miss_o(miss), .redirect_o(redirect_ex), .target_o(target), .bad_o(bad)
  );

  jump_table #(.Entries(JtEntries)) u_jump_table (
    .clk_i, .rst_ni, .ce_i(ce),
    .lookup_i(op_ex_branch.unit[vliw_pkg::UNIT_JUMP_TABLE] & ~dead), .guest_pc_i(branch_a_ex), .trap_m_i(trap_m),
    .miss_pc_i(jt_miss_pc), .result_o(jt_m2), .hit_o(jt_hit), .miss_o(jt_miss),
    .insert_i(jt_insert), .insert_tag_i(jt_tag), .insert_value_i(jt_value), .flush_i(jt_flush)
  );

  // Results for register 0, which slot 0 alone can have, must not disturb another result.
  logic has_system_rd;        // ... of the bundle in EX
  logic system_rd_m_q;
  logic system_rd_m2_q;

  assign has_system_rd = SYSTEM != 0 || op_ex_system.rd != '0;
  always_ff @(posedge clk_i) begin
    if (ce) begin
      system_rd_m_q <= has_system_rd;
      system_rd_m2_q <= system_rd_m_q;
    end
  end

  // The product's upper word comes late: it has the late word's place where no load has it.
  for (genvar s = 0; s < SLOTS; s++) begin : gen_results
    localparam bit IS_PORT = s == PORT0 || s == PORT1;
    logic [31:0] third0;       // what each unit gives; 0 where the slot does not have it
    logic [31:0] third1;
    logic [31:0] third_system;
    logic [31:0] third_branch;

    assign other_l1[32*s +: 32] = (s == SYSTEM) ? {32{divres & ~dead_ex & has_system_rd}} & div_result : 32'd0;
    assign word_take[s] = (s == PORT0) ? (retake0 ? word0_m2 : word0_m) :
                          (s == PORT1) ? (retake1 ? word1_m2 : word1_m) : (s == SYSTEM) ? product_high_m2 : 1'b0;
    assign word[32*s +: 32] = (s == PORT0) ? dmem_data0_i : (s == PORT1) ? dmem_data1_i :
                              (s == SYSTEM) ? product_word_m2 : 32'd0;
    assign third0 = (s == PORT0) ? sub0_m2 | rdh_m2 : 32'd0;
    assign third1 = (s == PORT1) ? sub1_m2 : 32'd0;
    assign third_system = (s == SYSTEM) ? {32{SYSTEM != 0 || system_rd_m2_q}} &
                          (product_m2 | csr_m2 | (IS_PORT ? {32{product_high_m2}} & product_word_m2 : 32'd0)) :
                          32'd0;
    assign third_branch = (s == BRANCH) ? jt_m2 : 32'd0;
    assign l3[32*s +: 32] = third0 | third1 | third_system | third_branch;
  end

  // traps, commit, mode
  logic            is_commit;
  logic            is_exit;
  logic            execute;
  logic            writes_home;
  vliw_pkg::op_decode_t op_home;
  logic            timer;
  logic            code_hit;
  logic [PC_W-1:0] tvec;
  logic [3:0]      cause_m;
  logic [31:0]     trap_addr_m;
  logic [PC_W-1:0] pc_m;
  logic            done_m;
  logic            commit_m;
  logic            commit_tried_m;
  logic [20:0]     insns_m;
  logic            miss_m;
  logic            rollback_m;
  logic            clear_homes;
  logic            walk;
  logic [vliw_pkg::HOME_W-1:0] walk_index;

  assign is_commit = op_ex_system.unit[vliw_pkg::UNIT_COMMIT];
  assign is_exit = op_ex_branch.is_jump && op_ex_branch.opcode == vliw_pkg::VOP_EXIT_OPCODE;

  always_comb begin
    writes_home = 1'b0;
    for (int s = 0; s < SLOTS; s++) begin
      op_home = op_ex[int'(OP_W)*s +: OP_W];
      if (op_home.writes_rd && !op_home.rd[RD_W-1] && (s != 0 || op_home.rd != '0)) writes_home = 1'b1;
    end
  end

  control u_control (
    .clk_i, .rst_ni, .ce_i(ce),
    .valid_d_i(fetched_valid), .pc_d_i(pc_d), .after_ex_d_i(after_ex_d), .op_branch_i(op_ex_branch),
    .other_d_i(other_d), .illegal_d_i(illegal_d), .fault_d_i(fault_d), .miss_d_i(miss_d),
    .valid_d_o(valid_d),
    .exit_i(is_exit), .exit_number_i(exit_ex_q), .commit_i(is_commit), .insns_i(count_ex_q),
    .writes_home_i(writes_home), .timer_i(timer), .code_hit_i(code_hit),
    .misaligned0_i(misaligned0), .high0_i(high0), .region0_i(region0), .misaligned1_i(misaligned1), .high1_i(high1),
    .region1_i(region1),
    .store1_i(op_ex1.is_store), .full1_i(full1),
    .miss_i(miss), .redirect_i(redirect_ex), .target_i(target), .bad_i(bad), .enter_i(branch_q.enter),
    .other_ex_o(other_ex), .again_ex_o(again_ex), .execute_o(execute), .dead_o(dead), .dead_ex_o(dead_ex),
    .come_i(imem_come_i), .fetching_m_o(imem_want_o), .target_m_o(target_m),
    .address0_m_i(address0_m), .address1_m_i(address1_m), .tvec_i(tvec),
    .kills_o(kills), .flush_o(flush), .trap_m_o(trap_m), .cause_m_o(cause_m), .trap_addr_m_o(trap_addr_m),
    .pc_m_o(pc_m),
    .done_m_o(done_m), .commit_m_o(commit_m), .commit_tried_m_o(commit_tried_m), .insns_m_o(insns_m), .miss_m_o(miss_m),
    .rollback_m_o(rollback_m),
    .follow_o(follow), .redirect_pc_o(redirect_pc), .redirect_bad_o(redirect_bad),
    .guest_o(guest), .guest_late_o(guest_late), .guest_later_o(guest_later), .clear_homes_o(clear_homes), .walk_o(walk),
    .walk_index_o(walk_index)
  );

  assign imem_want_index_o = target_m[IndexW-1:0];

  shadow u_shadow (
    .clk_i, .rst_ni,
    .result_index_i(result_index), .result_write_i(result_write), .old_value_i(old_value),
    .valid_i(result_valid), .first_i(result_first), .traps_i(kills[4:0]), .save_i(guest_late), .clear_i(clear_homes),
    .walk_i(walk), .walk_index_i(walk_index),
    .write_o(bank_write), .write_index_o(bank_index), .write_data_o(bank_data)
  );

  logic [$clog2(UndoEntries):0] undo_count;
  logic [31:0]                  undo_address;
  logic [31:0]                  undo_word;
  logic                         undo_pop;

  undo_log #(.Entries(UndoEntries)) u_undo_log (
    .clk_i, .rst_ni, .ce_i(ce),
    .push_m_i(undo_m), .clear_m_i(commit_tried_m & guest), .trap_m_i(trap_m), .pop_i(undo_pop),
    .address_m2_i(address1_m2), .word_m2_i(undo_word_m2),
    .full_o(undo_full), .count_o(undo_count), .address_o(undo_address), .word_o(undo_word)
  );

  logic        prot_forget;
  logic        prot_set;
  logic        prot_clear;
  logic [31:0] prot_hit;

  code_guard #(.Granules(Granules)) u_code_guard (
    .clk_i, .rst_ni, .ce_i(ce),
    .store_m_i(store_m), .address_m_i(address1_m),
    .forget_i(prot_forget), .set_i(prot_set), .clear_i(prot_clear), .wdata_i(system_a_m),
    .hit_o(code_hit), .value_m_o(prot_hit)
  );

  // CSRs and counters
  logic [31:0] cycles;
  logic [63:0] ticks;
  logic        started;
  logic [5:0]  counter_m;
  logic [31:0] counter_value;
  logic [15:0] counter_m2;
  logic [31:0] counter_event;

  csr #(.UndoEntries(UndoEntries), .GuestBytes(GuestBytes)) u_csr (
    .clk_i, .rst_ni, .ce_i(ce),
    .access_i(op_ex_system.unit[vliw_pkg::UNIT_CSR]), .is_read_i(op_ex_system.writes_rd), .number_i(csr_ex_q),
    .wdata_m_i(system_a_m), .result_o(csr_m2),
    .dead_i(dead), .traps_m_i(kills[4:0]), .guest_i(guest), .trap_cause_i(cause_m),
    .trap_addr_i(trap_addr_m), .pc_m_i(pc_m), .commit_guest_m_i(commit_m & guest),
    .tvec_o(tvec), .timer_o(timer), .timer_due_o(timer_due), .ram_mask_o(ram_mask), .ram_low_o(ram_low),
    .undo_count_i(undo_count), .undo_address_i(undo_address), .undo_word_i(undo_word), .undo_pop_o(undo_pop),
    .jt_miss_o(jt_miss_pc), .jt_insert_o(jt_insert), .jt_tag_o(jt_tag), .jt_value_o(jt_value), .jt_flush_o(jt_flush),
    .prot_hit_i(prot_hit), .prot_forget_o(prot_forget), .prot_set_o(prot_set), .prot_clear_o(prot_clear),
    .cycles_i(cycles), .ticks_i(ticks), .counter_m_o(counter_m), .counter_i(counter_value),
    .counter_m2_o(counter_m2), .counter_event_i(counter_event),
    .boot_flash_i, .boot_ram_i, .boot_flags_i, .boot_tcache_i, .tick_num_i, .tick_den_i,
    .uart_tx_valid_o, .log_tx_valid_o, .exit_valid_o, .io_data_o, .uart_tx_ready_i,
    .uart_rx_look_o, .uart_rx_take_o, .uart_rx_valid_i, .uart_rx_over_i, .uart_rx_data_i,
    .spi_write_o, .spi_select_o, .spi_data_o, .spi_busy_i, .spi_data_i
  );

  counters u_counters (
    .clk_i, .rst_ni, .ce_i(ce),
    .execute_i(execute | again_ex), .guest_i(guest), .stalled_i(~ce),
    .bundle_guest_m_i(done_m & guest), .commit_fw_m_i(commit_m & ~guest), .commit_guest_m_i(commit_m & guest),
    .insns_m_i(insns_m), .branch_miss_m_i(miss_m), .rollback_m_i(rollback_m), .jt_hit_m2_i(jt_hit),
    .jt_miss_m2_i(jt_miss),
    .select_m_i(counter_m), .cycle_value_o(counter_value), .select_m2_i(counter_m2), .event_value_o(counter_event),
    .cycles_o(cycles), .started_o(started)
  );

  time_base u_time_base (.clk_i(time_clk_i), .run_i(started), .num_i(tick_num_i), .den_i(tick_den_i), .ticks_o(ticks));

`ifdef FORMAL
  guest_fence #(.FwramBytes(FwramBytes), .GuestBytes(GuestBytes)) u_guest_fence (
    .clk_i, .rst_ni, .ce_i(ce), .imem_bundle_i, .imem_hints_i,
    .guest_i(guest), .dead_i(dead), .op_i(op_ex),
    .base0_i(base_ex[32*PORT0 +: 32]), .offset0_i(offset_ex[32*PORT0 +: 32]), .base1_i(base_ex[32*PORT1 +: 32]),
    .offset1_i(offset_ex[32*PORT1 +: 32]), .mask_i(ram_mask),
    .trap_m_i(trap_m), .code_m_i(code_m), .undo_m_i(undo_m), .address1_m_i(address1_m),
    .data_m_i(code_data_o), .serial_m_i(uart_rx_look_o | uart_rx_take_o | spi_write_o | spi_select_o),
    .output_m2_i(uart_tx_valid_o | log_tx_valid_o | exit_valid_o),
    .result_valid_i(result_valid),
    .dmem_read1_i(dmem_read1_o), .dmem_address1_i(dmem_address1_o),
    .dmem_strobe1_i(dmem_strobe1_o), .dmem_wdata1_i(dmem_wdata1_o), .dmem_data1_i
  );
`endif

  logic unused_bits;
  assign unused_bits = &{1'b0, system_rd_m2_q, op_d_system, op_ex0, op_ex1, op_ex_system, op_ex_branch, op_home,
    offset_ex, base_ex, a_m, b_m, a_ex, b_ex, target_m};
endmodule

`default_nettype wire
