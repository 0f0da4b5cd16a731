// SPDX-License-Identifier: MIT
// Load/store unit: port 0 loads (slot PORT0), port 1 loads or stores (slot PORT1). Address and checks in EX. A store
// does not wait for the checks: if its bundle turns out to trap, the old word is written back two cycles later, when
// nothing else uses the port. The memory answers in M: words go from there to the result register, sub-words are
// registered and aligned in M2. A store's old word comes back in M as well (the memory reads before it writes) and goes
// to the undo log. With caches an answer may turn out to be wrong when its bundle is in M2: then everything stands
// still until it is given once more (retake). Guest address -> memory address is the named stage `place`: today it
// checks only; an Sv32 TLB will take its place.
`default_nettype none

module lsu #(
  parameter int unsigned CodeBundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_ULX3S_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_ULX3S_FLASH_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_ULX3S_GUEST_BYTES,
  parameter bit HasCaches = 1'b0                   // code lies behind the data memory, too
) (
  input  wire                       clk_i,
  input  wire                       rst_ni,
  input  wire                       ce_i,
  input  wire  [1:0]                take_i,        // ce_i, or a port's answer is taken again, ...
  input  wire                       retake0_i,     // ... for the bundle in M2
  // control
  input  wire                       guest_i,
  input  wire                       dead_i,        // no live bundle in EX
  input  wire                       trap_m_i,
  input  wire                       undo_full_i,
  input  wire  [31:0]               ram_mask_i,    // fitted guest RAM - 1 (firmware), GUEST_MASK (guest)
  input  wire  [31:0]               ram_low_i,     // its bits below the highest that is set
  // slots PORT0 and PORT1, in EX
  input  wire vliw_pkg::op_decode_t op0_i,
  input  wire  [31:0]               base0_i,
  input  wire  [31:0]               offset0_i,
  input  wire vliw_pkg::op_decode_t op1_i,
  input  wire  [31:0]               base1_i,
  input  wire  [31:0]               offset1_i,
  input  wire  [31:0]               data1_i,
  output logic                      misaligned0_o,
  output logic                      high0_o,       // access refused because of bits that are zero in every region ...
  output logic                      region0_o,     // ... because of others
  output logic                      misaligned1_o,
  output logic                      high1_o,
  output logic                      region1_o,
  output logic                      full1_o,
  // the same, M and M2: 0 when no load completes
  output logic                      word0_m_o,     // a word is in dmem_data0_i
  output logic                      same_m_o,      // ... in dmem_data1_i
  output logic                      word1_m_o,
  output logic                      word0_m2_o,    // the bundle in M2 has loaded a word
  output logic                      word1_m2_o,
  output logic [31:0]               sub0_m2_o,
  output logic [31:0]               sub1_m2_o,
  // addresses and store of the bundle in M
  output logic [31:0]               address0_m_o,
  output logic [31:0]               address1_m_o,
  output logic                      undo_m_o,      // guest-mode store, which may still trap
  output logic [31:0]               address1_m2_o,
  output logic [31:0]               undo_word_m2_o,
  output logic                      store_m_o,     // a store took place, of either mode
  output logic                      code_m_o,      // word for the code memory
  output logic [31:0]               data_m_o,
  // data memory
  output logic                      dmem_read0_o,
  output logic [31:0]               dmem_address0_o,
  input  wire  [31:0]               dmem_data0_i,
  output logic                      dmem_read1_o,
  output logic [31:0]               dmem_address1_o,
  output logic [3:0]                dmem_strobe1_o,  // 0: no write
  output logic [31:0]               dmem_wdata1_o,
  output logic                      dmem_restore1_o, // the old word goes back: not an access of a bundle
  input  wire  [31:0]               dmem_data1_i
);
  localparam int unsigned CODE_W = $clog2(CodeBundles * vliw_pkg::BUNDLE_BYTES);
  localparam int unsigned FWRAM_W = $clog2(FwramBytes);
  localparam int unsigned FLASH_W = $clog2(FlashBytes);
  localparam int unsigned RAM_W = $clog2(GuestBytes);
  localparam int unsigned OWN_W = (CODE_W > FWRAM_W) ? CODE_W : FWRAM_W;
  localparam int unsigned READ_W = (FlashBytes != 0 && FLASH_W > OWN_W) ? FLASH_W : OWN_W;
  localparam int unsigned COMMON_W = (RAM_W > READ_W) ? RAM_W : READ_W;   // bits [27:COMMON_W] are zero in every region

  if (COMMON_W > 27) begin : gen_refused
    $fatal(1, "a region is larger than 128 MB");
  end

  // How a sub-word is cut out, decoded one stage ahead; all zero gives 0.
  typedef struct packed {
    logic [3:0] low;      // byte that becomes bits 7..0
    logic [1:0] half;     // half word whose upper byte becomes bits 15..8
    logic [3:0] sign;     // byte whose top bit fills bits 31..16 ...
    logic       fill;     // ... and bits 15..8
  } cut_t;

  logic        load1;
  logic        store1;
  logic        write1;         // into data memory, not CODE
  logic [3:0]  top1;
  logic        code1;
  logic [3:0]  strobe;
  logic [31:0] address1;
  logic [31:0] mask_q;
  logic [31:0] low_q;
  // M
  logic        word0_m_q;
  logic        word1_m_q;
  logic        sub0_m_q;
  logic        sub1_m_q;
  logic        half0_m_q;
  logic        half1_m_q;
  logic        signed0_m_q;
  logic        signed1_m_q;
  logic [31:0] address0_m_q;
  logic [31:0] address1_m_q;
  logic [31:0] data_m_q;
  logic        undo_m_q;
  logic        store_m_q;
  logic        code_m_q;
  logic        write_m_q;
  logic        same_m;
  logic        same;            // of the bundle whose answers are taken
  // M2
  logic        word0_m2_q;
  logic        word1_m2_q;
  logic        same_m2_q;
  cut_t        cut0_m2_q;
  cut_t        cut1_m2_q;
  logic [31:0] raw0_m2_q;
  logic [31:0] raw1_m2_q;
  logic [31:0] address1_m2_q;
  logic        restore_q;      // the store that was in M belonged to a bundle that trapped; EX is dead now

  function automatic logic misaligned(input logic [1:0] address, input logic half, input logic one);
    misaligned = ~one & (address[0] | (address[1] & ~half));
  endfunction

  // Are bits low..high of a sum zero? Known without waiting for the adder's carries above `low`: where the sum's bit is
  // 0, the carry into the next is a | b.
  function automatic logic sum_zero(input logic [31:0] a, input logic [31:0] b, input logic [31:0] sum,
                                    input int unsigned low, input int unsigned high);
    logic zero;
    zero = 1'b1;
    for (int unsigned i = 0; i < 32; i++) begin
      if (i == low) zero = zero & ~sum[i];
      if (i > low && i <= high) zero = zero & ((a[i] ^ b[i]) == (a[i-1] | b[i-1]));
    end
    sum_zero = zero;
  endfunction

  // May the mode read or write at a + b? The guest sees its RAM only. Regions are powers of two, but guest RAM may be
  // the sum of two: then an address has one of two prefixes. With `mask` the last byte's offset, say 0x17fffff of 24
  // MB, and `low` its bits below the highest:
  //   offset has no bit outside `low`     the lower part: 0x0000000 to 0x0ffffff
  //   offset has no bit outside `mask`    the upper part, and some of the lower: 0x1000000 to 0x17fffff
  // (Whatever the mask is, an offset that passes is not larger.) Two answers, both of which must be
  // yes: bits that are zero in every region, and the rest.
  function automatic logic in_common(input logic [31:0] a, input logic [31:0] b, input logic [31:0] sum);
    in_common = sum_zero(a, b, sum, COMMON_W, 27);
  endfunction

  // Bits 31..28 of a + b, from a's bits 31..27 and b's sign (b is an offset): right if in_common.
  function automatic logic [3:0] sum_top(input logic [4:0] a, input logic negative);
    sum_top = a[4:1] + {3'd0, a[0] & ~negative};
  endfunction

  function automatic logic in_region(input logic [31:0] a, input logic [31:0] b, input logic [31:0] sum,
    input logic [3:0] high,
                                     input logic guest, input logic [31:0] mask, input logic [31:0] low,
                                     input logic is_store, input logic whole_word);
    logic ram;
    logic own;
    ram = high == vliw_pkg::MEM_GUEST_BASE[31:28] && (RAM_W >= COMMON_W || sum_zero(a, b, sum, RAM_W, COMMON_W - 1)) &&
          ((sum[RAM_W-1:12] & ~mask[RAM_W-1:12]) == '0 || (sum[RAM_W-1:12] & ~low[RAM_W-1:12]) == '0);
    own = high == vliw_pkg::MEM_FWRAM_TOP && (FWRAM_W >= COMMON_W || sum_zero(a, b, sum, FWRAM_W, COMMON_W - 1));
    if (FlashBytes != 0) begin
      own = own | (high == vliw_pkg::MEM_FLASH_TOP &&
                   (FLASH_W >= COMMON_W || sum_zero(a, b, sum, FLASH_W, COMMON_W - 1)));
    end
    own = own | (is_store && whole_word && high == vliw_pkg::MEM_CODE_TOP &&
                 (CODE_W >= COMMON_W || sum_zero(a, b, sum, CODE_W, COMMON_W - 1)));
    in_region = ram | (own & ~guest);
  endfunction

  function automatic cut_t cut_of(input logic valid, input logic [1:0] where, input logic half, input logic is_signed);
    cut_t       cut;
    logic [3:0] last;
    last = half ? (where[1] ? 4'b1000 : 4'b0010) : 4'b0001 << where;
    cut.low = (half ? (where[1] ? 4'b0100 : 4'b0001) : 4'b0001 << where) & {4{valid}};
    cut.half = {where[1], ~where[1]} & {2{valid & half}};
    cut.sign = last & {4{valid & is_signed}};
    cut.fill = ~half;
    cut_of = cut;
  endfunction

  function automatic logic [31:0] align(input logic [31:0] raw, input cut_t cut);
    logic sign;
    sign = |(cut.sign & {raw[31], raw[23], raw[15], raw[7]});
    align[7:0] = ({8{cut.low[0]}} & raw[7:0]) | ({8{cut.low[1]}} & raw[15:8]) |
                 ({8{cut.low[2]}} & raw[23:16]) | ({8{cut.low[3]}} & raw[31:24]);
    align[15:8] = ({8{cut.half[0]}} & raw[15:8]) | ({8{cut.half[1]}} & raw[31:24]) | {8{cut.fill & sign}};
    align[31:16] = {16{sign}};
  endfunction

  assign load1 = op1_i.is_load;
  assign store1 = op1_i.is_store;

  always_comb begin
    dmem_address0_o = base0_i + offset0_i;
    address1 = base1_i + offset1_i;
    top1 = sum_top(base1_i[31:27], offset1_i[31]);
    dmem_address1_o = restore_q ? address1_m2_q : address1;
    misaligned0_o = op0_i.is_load & misaligned(dmem_address0_o[1:0], op0_i.is_half, op0_i.is_byte);
    misaligned1_o = (load1 | store1) & misaligned(address1[1:0], op1_i.is_half, op1_i.is_byte);
    high0_o = op0_i.is_load & ~in_common(base0_i, offset0_i, dmem_address0_o);
    region0_o = op0_i.is_load & ~in_region(base0_i, offset0_i, dmem_address0_o, sum_top(base0_i[31:27], offset0_i[31]),
      guest_i, mask_q, low_q, 1'b0, 1'b0);
    high1_o = (load1 | store1) & ~in_common(base1_i, offset1_i, address1);
    region1_o = (load1 | store1) & ~in_region(base1_i, offset1_i, address1, top1, guest_i, mask_q, low_q, store1,
                                              ~(op1_i.is_half | op1_i.is_byte));
    full1_o = store1 & guest_i & undo_full_i;
    code1 = address1[31:28] == vliw_pkg::MEM_CODE_TOP;
    dmem_read0_o = op0_i.is_load & ~dead_i;
    dmem_read1_o = ((load1 | store1) & ~dead_i) | restore_q;
    strobe = 4'b1111;
    dmem_wdata1_o = data1_i;
    if (op1_i.is_byte) begin
      strobe = 4'b0001 << address1[1:0];
      dmem_wdata1_o = {4{data1_i[7:0]}};
    end else if (op1_i.is_half) begin
      strobe = address1[1] ? 4'b1100 : 4'b0011;
      dmem_wdata1_o = {2{data1_i[15:0]}};
    end
    write1 = store1 & ~dead_i & (HasCaches | ~top1[2]);
    dmem_strobe1_o = {4{restore_q}} | (strobe & {4{write1}});
    if (restore_q) dmem_wdata1_o = raw1_m2_q;
  end

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      mask_q <= ram_mask_i;
      low_q <= ram_low_i;
      word0_m_q <= op0_i.unit[vliw_pkg::UNIT_LOAD_WORD] & ~dead_i & (op0_i.rd != '0);  // register 0
      word1_m_q <= op1_i.unit[vliw_pkg::UNIT_LOAD_WORD] & ~dead_i;
      sub0_m_q <= op0_i.unit[vliw_pkg::UNIT_LOAD_SUB] & ~dead_i & (op0_i.rd != '0);
      sub1_m_q <= op1_i.unit[vliw_pkg::UNIT_LOAD_SUB] & ~dead_i;
      half0_m_q <= op0_i.is_half;
      half1_m_q <= op1_i.is_half;
      signed0_m_q <= op0_i.is_signed;
      signed1_m_q <= op1_i.is_signed;
      address0_m_q <= dmem_address0_o;
      address1_m_q <= address1;
      address1_m2_q <= address1_m_q;
      write_m_q <= write1;
      restore_q <= write_m_q & trap_m_i;
      data_m_q <= data1_i;
      undo_m_q <= store1 & guest_i & ~dead_i;
      store_m_q <= store1 & ~dead_i;
      code_m_q <= store1 & code1 & ~dead_i;
      cut0_m2_q <= cut_of(sub0_m_q & ~trap_m_i, address0_m_q[1:0], half0_m_q, signed0_m_q);
      cut1_m2_q <= cut_of(sub1_m_q & ~trap_m_i, address1_m_q[1:0], half1_m_q, signed1_m_q);
      word0_m2_q <= word0_m_q & ~trap_m_i;
      word1_m2_q <= word1_m_q & ~trap_m_i;
      same_m2_q <= same_m;
    end
    if (take_i[0]) raw0_m2_q <= same ? dmem_data1_i : dmem_data0_i;
    if (take_i[1]) raw1_m2_q <= dmem_data1_i;
    if (!rst_ni) begin
      word0_m_q <= 1'b0;
      word1_m_q <= 1'b0;
      sub0_m_q <= 1'b0;
      sub1_m_q <= 1'b0;
      undo_m_q <= 1'b0;
      store_m_q <= 1'b0;
      code_m_q <= 1'b0;
      write_m_q <= 1'b0;
      restore_q <= 1'b0;
      cut0_m2_q <= '0;
      cut1_m2_q <= '0;
    end
  end

  // Port 0's word is not to be used when port 1 writes the same word: block RAM leaves it undefined. Port 1 has read it
  // as well.
  same #(.Width(31)) u_same (.a_i({address0_m_q[31:2], 1'b1}), .b_i({address1_m_q[31:2], store_m_q}), .same_o(same_m));
  assign same = retake0_i ? same_m2_q : same_m;
  assign same_m_o = same;
  assign word0_m_o = word0_m_q;
  assign word1_m_o = word1_m_q;
  assign word0_m2_o = word0_m2_q;
  assign word1_m2_o = word1_m2_q;
  assign sub0_m2_o = align(raw0_m2_q, cut0_m2_q);
  assign sub1_m2_o = align(raw1_m2_q, cut1_m2_q);
  assign address0_m_o = address0_m_q;
  assign address1_m_o = address1_m_q;
  assign undo_m_o = undo_m_q;
  assign address1_m2_o = address1_m2_q;
  assign undo_word_m2_o = raw1_m2_q;
  assign store_m_o = store_m_q & ~trap_m_i;
  assign code_m_o = code_m_q & ~trap_m_i;
  assign data_m_o = data_m_q;
  assign dmem_restore1_o = restore_q;

  logic unused_bits;
  assign unused_bits = &{1'b0, op0_i, op1_i, mask_q, low_q};
endmodule

`default_nettype wire
