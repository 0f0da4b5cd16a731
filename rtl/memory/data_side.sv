// SPDX-License-Identifier: MIT
// The core's data side when it has a data cache: dcache.sv behind the core's two ports, the core's addresses as the
// chip's, and what is done about a miss. An access hits or not: that is compared beside its answer (in M) and seen a
// cycle later, when its bundle is in M2 and the next one, in M, has made its own accesses. Then the machine stands
// still (frozen_o) until all is as if the line had been there:
//   what this bundle has stored goes back, then what the next one has (a write that missed has damaged another line),
//     unless both have stored into one word;
//   the line of port 0 is asked for, if it missed, and port 0 reads again; then that of port 1, if it missed or had to
//     go for port 0's line;
//   port 1 makes its access again, the core takes the answers once more (retake*_o);
//   the next bundle's accesses are made again.
// Both bundles' accesses are kept here for that. A bundle that traps asks for nothing, and what the core puts back for
// it is no access. A line becomes dirty when it is known that its store stays.
//
// The code side may have a line written to memory (clean_*) while the machine stands still for code, when neither M nor
// EX has an access. It waits until a miss has been seen to.
`default_nettype none

module data_side #(
  parameter int unsigned AddressW = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES),
  parameter int unsigned Bytes = vliw_pkg::MEMORY_ULX3S_DCACHE_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_ULX3S_GUEST_BYTES,
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_ULX3S_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_ULX3S_FLASH_BYTES,
  parameter int unsigned CodeBundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned GuestAt = vliw_pkg::MEMORY_ULX3S_GUEST_AT,
  parameter int unsigned FwramAt = vliw_pkg::MEMORY_ULX3S_FWRAM_AT,
  parameter int unsigned FlashAt = vliw_pkg::MEMORY_ULX3S_FLASH_AT,
  parameter int unsigned CodeAt = vliw_pkg::MEMORY_ULX3S_CODE_AT,
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // core.sv
  input  wire                  ce_i,
  input  wire                  read0_i,
  input  wire  [31:0]          address0_i,
  output logic [31:0]          data0_o,
  input  wire                  read1_i,            // for a write, too
  input  wire  [31:0]          address1_i,
  input  wire  [3:0]           strobe1_i,
  input  wire  [31:0]          wdata1_i,
  input  wire                  restore1_i,
  output logic [31:0]          data1_o,
  input  wire                  trap_m_i,
  input  wire  [31:0]          old1_m2_i,
  output logic                 retake0_o,
  output logic                 retake1_o,
  output logic                 frozen_o,           // not ready
  // for the code side
  input  wire                  clean_valid_i,      // with the line, until it is done
  input  wire  [AddressW-1:LINE_W] clean_line_i,
  output logic                 clean_done_o,
  // for counters: a line is asked for
  output logic                 miss_o,
  // mem_port.sv
  output logic                 d_valid_o,
  input  wire                  d_ready_i,
  output logic                 d_read_o,
  output logic [AddressW-1:LINE_W] d_line_o,
  output logic [WORD_W-1:0]    d_word_o,
  input  wire                  d_rdata_valid_i,
  input  wire  [WORD_W-1:0]    d_rdata_word_i,
  input  wire  [31:0]          d_rdata_i,
  input  wire                  d_done_i,
  output logic                 d_evict_o,
  output logic [AddressW-1:LINE_W] d_evict_line_o,
  output logic                 d_old_valid_o,
  output logic [WORD_W-1:0]    d_old_word_o,
  output logic [31:0]          d_old_o
);
  localparam int unsigned SET_W = $clog2(Bytes) - LINE_W;
  localparam int unsigned TAG_LSB = SET_W + LINE_W;
  localparam int unsigned GUEST_W = $clog2(GuestBytes);
  localparam int unsigned FWRAM_W = $clog2(FwramBytes);
  localparam int unsigned FLASH_W = $clog2(FlashBytes);
  localparam int unsigned CODE_W = $clog2(CodeBundles * vliw_pkg::BUNDLE_BYTES);

  if (TAG_LSB > GUEST_W || TAG_LSB > FWRAM_W || TAG_LSB > FLASH_W || TAG_LSB > CODE_W) begin : gen_refused
    $fatal(1, "a part of the memory is smaller than a way of the cache");
  end

  typedef enum logic [2:0] {START, WATCH, UNDO, ASK, LINE, RETAKE} state_e;

  // the bundle in M, core's addresses
  logic                  read0_m_q;
  logic                  read1_m_q;
  logic [31:0]           address0_m_q;
  logic [31:0]           address1_m_q;
  logic [3:0]            strobe1_m_q;          // 0: no store of a bundle
  logic [31:0]           wdata1_m_q;
  logic [AddressW-1:2]   chip0_m;
  logic [AddressW-1:2]   chip1_m;
  logic [AddressW-TAG_LSB:0] tag0;
  logic [AddressW-TAG_LSB:0] tag1;
  logic [AddressW-TAG_LSB:0] want0;
  logic [AddressW-TAG_LSB:0] want1;
  logic                  looks;                // what M's accesses say counts
  logic                  stays_frozen;
  logic                  freezes;
  logic [31:0]           old_m_q;              // what its store has written over
  // the bundle in M2, chip's addresses
  logic [AddressW-1:2]   chip0_m2_q;
  logic [AddressW-1:2]   chip1_m2_q;
  logic                  read1_m2_q;
  logic [3:0]            strobe1_m2_q;
  logic [31:0]           wdata1_m2_q;
  logic                  new_m2_q;             // ... for the first cycle
  logic                  miss0_q;
  logic                  miss1_q;
  logic                  same_word;            // both have stored into one word of the cache
  // what is done about it
  state_e                state_q;
  logic                  frozen_q;             // state_q is not WATCH, or a miss has been seen
  logic                  both_q;               // port 1's line has been asked for after port 0's
  logic                  wants1;               // port 1's line is to be asked for after port 0's
  logic                  came;                 // the line that was asked for is there
  logic                  again1;
  logic                  clean;
  logic                  cleaning_q;
  // dcache.sv
  logic                  use0;
  logic                  use1;
  logic                  enable0;
  logic [TAG_LSB-1:2]    index0;
  logic [TAG_LSB-1:2]    late0;
  logic [TAG_LSB-1:2]    index1;
  logic [3:0]            strobe1;
  logic [31:0]           wdata1;
  logic                  mark;
  logic                  op_valid;
  logic [AddressW-1:2]   op_address;
  logic                  busy;

  // The chip's address of a word that the core may access, from the address' highest bits and those within the chip;
  // for others anything, but of the same word in its set.
  function automatic logic [AddressW-1:2] place(input logic [3:0] high, input logic [AddressW-1:2] low);
    place = (AddressW - 2)'(FwramAt >> 2) | (AddressW - 2)'(low[FWRAM_W-1:2]);
    if (high[3]) place = (AddressW - 2)'(GuestAt >> 2) | (AddressW - 2)'(low[GUEST_W-1:2]);
    else if (high == vliw_pkg::MEM_CODE_TOP)
      place = (AddressW - 2)'(CodeAt >> 2) | (AddressW - 2)'(low[CODE_W-1:2]);
    else if (high == vliw_pkg::MEM_FLASH_TOP)
      place = (AddressW - 2)'(FlashAt >> 2) | (AddressW - 2)'(low[FLASH_W-1:2]);
  endfunction

  // --- accesses
  assign chip0_m = place(address0_m_q[31:28], address0_m_q[AddressW-1:2]);
  assign chip1_m = place(address1_m_q[31:28], address1_m_q[AddressW-1:2]);

  always_ff @(posedge clk_i) begin
    new_m2_q <= ce_i;
    if (ce_i) begin
      read0_m_q <= read0_i;
      read1_m_q <= read1_i & ~restore1_i;
      address0_m_q <= address0_i;
      address1_m_q <= address1_i;
      strobe1_m_q <= strobe1_i & {4{~restore1_i}};
      wdata1_m_q <= wdata1_i;
      chip0_m2_q <= chip0_m;
      chip1_m2_q <= chip1_m;
      read1_m2_q <= read1_m_q;
      strobe1_m2_q <= strobe1_m_q & {4{~trap_m_i}};
      wdata1_m2_q <= wdata1_m_q;
      miss0_q <= read0_m_q & (tag0 != want0);
      miss1_q <= read1_m_q & (tag1 != want1);
    end
    if (!rst_ni) begin
      read0_m_q <= 1'b0;
      read1_m_q <= 1'b0;
      strobe1_m_q <= 4'd0;
      strobe1_m2_q <= 4'd0;
    end
  end

  // --- the sequence
  assign came = state_q == LINE && !busy;
  assign wants1 = miss0_q && !both_q && read1_m2_q &&
                  chip0_m2_q[AddressW-1:LINE_W] != chip1_m2_q[AddressW-1:LINE_W] &&
                  (miss1_q || chip0_m2_q[TAG_LSB-1:LINE_W] == chip1_m2_q[TAG_LSB-1:LINE_W]);
  assign again1 = came && !wants1;
  // then the older word is the one that was there before
  assign same_word = (|strobe1_m2_q) && chip1_m2_q[TAG_LSB-1:2] == address1_m_q[TAG_LSB-1:2];

  assign looks = ce_i & ~trap_m_i & ~frozen_q;
  assign stays_frozen = frozen_q && state_q != RETAKE && !(state_q == START && !busy);
  assign want0 = {1'b1, chip0_m[AddressW-1:TAG_LSB]};
  assign want1 = {1'b1, chip1_m[AddressW-1:TAG_LSB]};
  missed #(.Width(AddressW - TAG_LSB + 1)) u_missed (
    .hold_i(stays_frozen), .look0_i(read0_m_q & looks), .look1_i(read1_m_q & looks), .tag0_i(tag0), .tag1_i(tag1),
    .want0_i(want0), .want1_i(want1), .missed_o(freezes)
  );

  always_ff @(posedge clk_i) begin
    frozen_q <= freezes;
    case (state_q)
      START: if (!busy) state_q <= WATCH;
      WATCH: begin
        both_q <= 1'b0;
        old_m_q <= data1_o;
        if (frozen_q) state_q <= UNDO;
      end
      UNDO: state_q <= ASK;
      ASK: state_q <= LINE;
      LINE: begin
        if (came && wants1) both_q <= 1'b1;
        if (again1) state_q <= RETAKE;
      end
      default: state_q <= WATCH;
    endcase
    cleaning_q <= clean || (cleaning_q && busy);
    if (!rst_ni) begin
      state_q <= START;
      frozen_q <= 1'b1;
      cleaning_q <= 1'b0;
    end
  end

  assign clean = clean_valid_i && !cleaning_q && !frozen_q;
  assign clean_done_o = cleaning_q && !busy;

  // --- the cache's ports
  always_comb begin
    // the bundle in M2, once more
    use0 = came && miss0_q && !both_q;
    use1 = 1'b1;
    index0 = chip0_m2_q[TAG_LSB-1:2];
    index1 = chip1_m2_q[TAG_LSB-1:2];
    strobe1 = strobe1_m2_q & {4{again1}};
    wdata1 = wdata1_m2_q;
    case (state_q)
      WATCH: begin
        strobe1 = {4{|strobe1_m2_q}};
        wdata1 = old1_m2_i;
      end
      UNDO: begin
        index1 = address1_m_q[TAG_LSB-1:2];
        strobe1 = {4{|strobe1_m_q & ~same_word}};
        wdata1 = old_m_q;
      end
      RETAKE: begin
        use0 = read0_m_q;
        use1 = read1_m_q;
        index0 = address0_m_q[TAG_LSB-1:2];
        index1 = address1_m_q[TAG_LSB-1:2];
        strobe1 = strobe1_m_q;
        wdata1 = wdata1_m_q;
      end
      default: ;
    endcase
    // the core's come late
    enable0 = frozen_q ? use0 : read0_i;
    late0 = frozen_q ? index0 : address0_i[TAG_LSB-1:2];
  end

  assign mark = (new_m2_q && !frozen_q && (|strobe1_m2_q)) || (state_q == RETAKE && (|strobe1_m2_q));
  assign op_valid = state_q == ASK || (came && wants1) || clean;
  assign op_address = !frozen_q ? {clean_line_i, WORD_W'(0)} :
                      miss0_q && state_q == ASK ? chip0_m2_q : chip1_m2_q;
  assign retake0_o = state_q == RETAKE && miss0_q;
  assign retake1_o = state_q == RETAKE && read1_m2_q;
  assign frozen_o = frozen_q;
  assign miss_o = d_valid_o && d_ready_i && d_read_o;

  dcache #(.AddressW(AddressW), .Bytes(Bytes)) u_dcache (
    .clk_i, .rst_ni, .ce_i(ce_i || frozen_q),
    .read0_i(enable0), .index0_i(late0), .data0_o, .tag0_o(tag0),
    .read1_i, .index1_i(address1_i[TAG_LSB-1:2]), .strobe1_i, .wdata1_i,
    .use_early_i(frozen_q), .read_early_i(use1), .index_early_i(index1), .strobe_early_i(strobe1),
    .wdata_early_i(wdata1), .data1_o,
    .tag1_o(tag1), .mark_i(mark), .mark_set_i(chip1_m2_q[TAG_LSB-1:LINE_W]),
    .op_valid_i(op_valid), .op_clean_i(clean), .op_address_i(op_address), .busy_o(busy),
    .d_valid_o, .d_ready_i, .d_read_o, .d_line_o, .d_word_o, .d_rdata_valid_i, .d_rdata_word_i, .d_rdata_i, .d_done_i,
    .d_evict_o, .d_evict_line_o, .d_old_valid_o, .d_old_word_o, .d_old_o
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, address0_m_q, address1_m_q};
endmodule

`default_nettype wire
