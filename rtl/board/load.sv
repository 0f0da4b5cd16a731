// SPDX-License-Identifier: MIT
// What a board's memories hold before its machine may go, out of bytes (words of 32 bits, the lowest byte first). A
// record is a head and what it says:
//   [31:28] 1   16 words: line [27:0] of the chip, of 64 bytes
//           2   [27:0] words: the next of the firmware's packed code (code_store.sv)
//           3   a word: fact [1:0]; 0 lines of code that the store stands for, 1 BOOT_FLASH, 2 BOOT_FLAGS
//           4   nothing: the machine goes, and the bytes that follow are for it
// Any other head, and one with a count of 0, is damage: nothing is taken any more, and the machine does not go.
`default_nettype none

module load #(
  parameter int unsigned AddressW = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES),
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         byte_valid_i,
  input  wire  [7:0]  byte_i,
  output logic        byte_take_o,
  output logic        going_o,
  output logic        damaged_o,
  output logic [31:0] boot_flash_o,
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
  typedef enum logic [2:0] {HEAD, LINE, ASK, WRITE, STORE, FACT, GO, DAMAGED} state_e;

  localparam logic [3:0] KIND_LINE = 4'd1, KIND_STORE = 4'd2, KIND_FACT = 4'd3, KIND_GO = 4'd4;

  state_e              state_q;
  logic [31:0]         word_q;
  logic [2:0]          bytes_q;        // of word_q that have come
  logic                has_word;
  logic                uses_word;      // word_q is used in this cycle
  logic [27:0]         left_q;         // words of the record
  logic                is_last;
  logic [1:0]          fact_q;
  logic [2:0][31:0]    facts_q;
  logic [31:0]         buffer_q[1 << WORD_W];

  assign has_word = bytes_q == 3'd4;
  assign byte_take_o = byte_valid_i & ~has_word & (state_q != GO) & (state_q != DAMAGED);
  assign load_valid_o = has_word & (state_q == STORE);
  assign load_data_o = word_q;
  assign uses_word = has_word &
    ((state_q == HEAD) | (state_q == LINE) | (state_q == FACT) | ((state_q == STORE) & load_ready_i));
  assign is_last = left_q == 28'd1;
  assign mem_valid_o = state_q == ASK;
  assign going_o = state_q == GO;
  assign damaged_o = state_q == DAMAGED;
  assign {load_lines_o, boot_flash_o, boot_flags_o} = {facts_q[0], facts_q[1], facts_q[2]};

  always_ff @(posedge clk_i) begin
    if (byte_take_o) begin
      word_q <= {byte_i, word_q[31:8]};
      bytes_q <= bytes_q + 3'd1;
    end
    if (uses_word) bytes_q <= 3'd0;
    if (!rst_ni) bytes_q <= 3'd0;
  end

  always_ff @(posedge clk_i) begin
    if (state_q == LINE && uses_word) buffer_q[left_q[WORD_W-1:0]] <= word_q;
    mem_wdata_o <= buffer_q[-mem_wdata_word_i];  // they came with 16 to 1 words left
  end

  always_ff @(posedge clk_i) begin
    if (uses_word) left_q <= left_q - 28'd1;
    case (state_q)
      HEAD: if (uses_word) begin
        left_q <= word_q[27:0];
        fact_q <= word_q[1:0];
        state_q <= DAMAGED;
        case (word_q[31:28])
          KIND_LINE: if (32'(word_q[27:0]) >> (AddressW - LINE_W) == 0) begin
            state_q <= LINE;
            left_q <= 28'd1 << WORD_W;
            mem_line_o <= word_q[AddressW-LINE_W-1:0];
          end
          KIND_STORE: if (word_q[27:0] != 28'd0) state_q <= STORE;
          KIND_FACT: if (word_q[27:0] < 28'd3) state_q <= FACT;
          KIND_GO: if (word_q[27:0] == 28'd0) state_q <= GO;
          default: ;
        endcase
      end
      LINE: if (uses_word && is_last) state_q <= ASK;
      ASK: if (mem_ready_i) state_q <= WRITE;
      WRITE: if (mem_done_i) state_q <= HEAD;
      STORE: if (uses_word && is_last) state_q <= HEAD;
      FACT: if (uses_word) begin
        facts_q[fact_q] <= word_q;
        state_q <= HEAD;
      end
      GO, DAMAGED: ;
    endcase
    if (!rst_ni) begin
      state_q <= HEAD;
      facts_q <= '0;
    end
  end
endmodule

`default_nettype wire
