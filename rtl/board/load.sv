// SPDX-License-Identifier: MIT
// What a board's memories hold before its machine may go, out of words. First the chip is filled with zeros. Then a
// record is a head and what it says:
//   [31:28] 1   16 words: line [27:0] of the chip, of 64 bytes
//           2   [27:0] words: the next of the firmware's packed code (code_store.sv)
//           3   a word: fact [1:0]; 0 lines of code that the store stands for, 1 BOOT_FLASH without a guest,
//               2 BOOT_FLAGS, 3 BOOT_FLASH with the guest
//           4   a line as 1, of which a word [15:0] says which words come (bit 0: the first); the others are 0
// A guest's records may be lines of the chip's FLASH and fact 3 only. Any other head, and one with a count of 0, is
// damage: nothing is taken any more until the next reset.
`default_nettype none

module load #(
  parameter int unsigned AddressW = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES),
  parameter int unsigned FlashAt = vliw_pkg::MEMORY_ULX3S_FLASH_AT,     // FLASH is all from there on
  parameter int unsigned ZeroLines = 32'd1 << (AddressW - sdram_pkg::LINE_W),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         word_valid_i,
  input  wire  [31:0] word_i,
  output logic        word_take_o,
  input  wire         is_guest_i,      // what comes is a guest
  output logic        busy_o,          // a line is written
  output logic        rest_o,          // no record is under way
  output logic        damaged_o,
  output logic [31:0] boot_flash_o,
  output logic [31:0] boot_flash_guest_o,
  output logic [31:0] boot_flags_o,
  // soc.sv: the store's filling
  output logic [31:0] load_lines_o,
  output logic        load_valid_o,
  input  wire         load_ready_i,
  output logic [31:0] load_data_o,
  // the chip's line port, writes only
  output logic        mem_valid_o,
  input  wire         mem_ready_i,
  output logic [AddressW-1:LINE_W] mem_line_o,
  input  wire  [WORD_W-1:0] mem_wdata_word_i,
  output logic [31:0] mem_wdata_o,
  input  wire         mem_done_i
);
  typedef enum logic [2:0] {ASK, WRITE, HEAD, MASK, LINE, STORE, FACT, DAMAGED} state_e;

  localparam logic [3:0] KIND_LINE = 4'd1, KIND_STORE = 4'd2, KIND_FACT = 4'd3, KIND_SOME = 4'd4;
  localparam logic [1:0] FACT_GUEST = 2'd3;
  localparam int unsigned LINE_BITS = AddressW - LINE_W;

  state_e              state_q;
  logic                zero_q;         // the chip is being filled with zeros
  logic [27:0]         left_q;         // words of the record
  logic                is_last;
  logic [(1<<WORD_W)-1:0] mask_q;      // LINE: the next word comes, it is 0 otherwise; and those behind it
  logic                puts;           // it is there
  logic [1:0]          fact_q;
  logic [3:0][31:0]    facts_q;
  logic [31:0]         buffer_q[1 << WORD_W];
  logic                is_line;        // of the chip, and allowed
  logic                is_fact;

  assign is_line = 32'(word_i[27:0]) >> LINE_BITS == 0 && (!is_guest_i || 32'(word_i[27:0]) >= FlashAt >> LINE_W);
  assign is_fact = word_i[27:0] < 28'd4 && (word_i[1:0] == FACT_GUEST) == is_guest_i;
  assign load_valid_o = word_valid_i & (state_q == STORE);
  assign load_data_o = word_i;
  assign word_take_o = word_valid_i &
    ((state_q == HEAD) | (state_q == MASK) | ((state_q == LINE) & mask_q[0]) | (state_q == FACT) |
     ((state_q == STORE) & load_ready_i));
  assign puts = state_q == LINE && (word_valid_i || !mask_q[0]);
  assign is_last = left_q == 28'd1;
  assign mem_valid_o = state_q == ASK;
  assign busy_o = state_q == ASK || state_q == WRITE || (state_q == LINE && !mask_q[0]);
  assign rest_o = state_q == HEAD;
  assign damaged_o = state_q == DAMAGED;
  assign {load_lines_o, boot_flash_o, boot_flags_o, boot_flash_guest_o} =
    {facts_q[0], facts_q[1], facts_q[2], facts_q[3]};

  always_ff @(posedge clk_i) begin
    if (puts) buffer_q[left_q[WORD_W-1:0]] <= word_i & {32{mask_q[0]}};
    mem_wdata_o <= buffer_q[-mem_wdata_word_i] & {32{~zero_q}};  // they came with 16 to 1 words left
  end

  always_ff @(posedge clk_i) begin
    if (word_take_o || puts) left_q <= left_q - 28'd1;
    if (puts) mask_q <= mask_q >> 1;
    case (state_q)
      ASK: if (mem_ready_i) state_q <= WRITE;
      WRITE: if (mem_done_i) begin
        mem_line_o <= mem_line_o + LINE_BITS'(1);
        zero_q <= zero_q & (32'(mem_line_o) != ZeroLines - 1);
        state_q <= zero_q && 32'(mem_line_o) != ZeroLines - 1 ? ASK : HEAD;
      end
      HEAD: if (word_take_o) begin
        left_q <= word_i[27:0];
        fact_q <= word_i[1:0];
        state_q <= DAMAGED;
        case (word_i[31:28])
          KIND_LINE, KIND_SOME: if (is_line) begin
            state_q <= word_i[31:28] == KIND_LINE ? LINE : MASK;
            left_q <= 28'd1 << WORD_W;
            mask_q <= '1;
            mem_line_o <= word_i[LINE_BITS-1:0];
          end
          KIND_STORE: if (word_i[27:0] != 28'd0 && !is_guest_i) state_q <= STORE;
          KIND_FACT: if (is_fact) state_q <= FACT;
          default: ;
        endcase
      end
      MASK: if (word_take_o) begin
        state_q <= LINE;
        left_q <= 28'd1 << WORD_W;
        mask_q <= word_i[(1<<WORD_W)-1:0];
      end
      LINE: if (puts && is_last) state_q <= ASK;
      STORE: if (word_take_o && is_last) state_q <= HEAD;
      FACT: if (word_take_o) begin
        facts_q[fact_q] <= word_i;
        state_q <= HEAD;
      end
      default: ;
    endcase
    if (!rst_ni) begin
      state_q <= ASK;
      zero_q <= 1'b1;
      mem_line_o <= '0;
      facts_q <= '0;
    end
  end
endmodule

`default_nettype wire
