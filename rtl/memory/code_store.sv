// SPDX-License-Identifier: MIT
// The firmware's code in block RAM, packed: a memory for the instruction cache on a part that is large enough (line
// port, README.md; lines are read only, so there is no write side). Of each line the words that are not 0 are kept,
// which of the 16 these are, and where the first is. It is filled with the packed code as an image holds it
// (translator/aot/packed.h: index, masks, words), word by word from the beginning; the index is passed over, for where
// a line's words begin comes out of counting the masks.
//
// A line's first word comes 6 cycles after the request is taken, one a cycle follows, the next request is taken after
// 19.
`default_nettype none

module code_store #(
  parameter int unsigned Lines = 16384,          // most
  parameter int unsigned Words = 65536,          // most
  localparam int unsigned LinesW = $clog2(Lines),
  localparam int unsigned WORDS_W = $clog2(Words),
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire              clk_i,
  input  wire              rst_ni,
  // filling: begins anew with reset
  input  wire  [LinesW-3:0] load_groups_i,       // of 8 lines
  input  wire              load_valid_i,
  output logic             load_ready_o,
  input  wire  [31:0]      load_data_i,
  // line port
  input  wire              req_valid_i,
  output logic             req_ready_o,
  input  wire  [LinesW-1:0] req_line_i,
  input  wire  [WORD_W-1:0] req_word_i,
  output logic             rdata_valid_o,
  output logic [WORD_W-1:0] rdata_word_o,
  output logic [31:0]      rdata_o,
  output logic             done_o
);
  localparam int unsigned MASK_W = 1 << WORD_W;
  // The words are in banks, each with a register behind its block RAM: their multiplexer would be too late there.
  localparam int unsigned BANK_W = 2;
  localparam int unsigned BANKS = 1 << BANK_W;
  localparam int unsigned DEPTH_W = WORDS_W - BANK_W;
  localparam int unsigned DELAY = 3;             // from a word's address to the word

  typedef enum logic [1:0] {IDLE, ENTRY, SUM, ISSUE} state_e;
  typedef enum logic [1:0] {INDEX, MASKS, WORDS} load_e;

  logic [MASK_W+WORDS_W-1:0] lines_q[Lines];     // where its words begin, which they are

  function automatic logic [WORD_W:0] count(input logic [MASK_W-1:0] mask);
    count = '0;
    for (int i = 0; i < int'(MASK_W); i++) count = count + (WORD_W + 1)'(mask[i]);
  endfunction

  // --- filling
  load_e             load_q;
  logic [LinesW-1:0] left_q;                     // words of index or masks
  logic [LinesW-1:0] load_line_q;
  logic [WORDS_W-1:0] load_word_q;               // next to be written; masks: where the next line's words begin
  logic              half_q;                     // the mask in the upper half is to be written
  logic [MASK_W-1:0] load_mask;
  logic              load_line;
  logic              load_word;

  assign load_mask = half_q ? load_data_i[31:16] : load_data_i[15:0];
  assign load_line = load_q == MASKS && load_valid_i;
  assign load_ready_o = load_q != MASKS || half_q;

  always_ff @(posedge clk_i) begin
    if (load_line) lines_q[load_line_q] <= {load_word_q, load_mask};
  end

  assign load_word = load_q == WORDS && load_valid_i;

  always_ff @(posedge clk_i) begin
    if (load_line) begin
      half_q <= !half_q;
      load_line_q <= load_line_q + 1'b1;
      load_word_q <= load_word_q + WORDS_W'(count(load_mask));
    end
    if (load_word) load_word_q <= load_word_q + 1'b1;
    if (load_q != WORDS && load_valid_i && load_ready_o) begin
      left_q <= left_q - 1'b1;
      if (left_q == '0) begin
        load_q <= load_q == INDEX ? MASKS : WORDS;
        left_q <= {load_groups_i, 2'd0} - 1'b1;  // four words of masks a group
        load_word_q <= '0;
      end
    end
    if (!rst_ni) begin
      load_q <= INDEX;
      left_q <= LinesW'(load_groups_i) - 1'b1;
      load_line_q <= '0;
      half_q <= 1'b0;
    end
  end

  // --- lines
  state_e            state_q;
  logic [MASK_W+WORDS_W-1:0] entry_q;            // of the block RAM
  logic [WORDS_W-1:0] base_q;
  logic [MASK_W-1:0] mask_q;
  logic [WORD_W-1:0] word_q;
  logic [WORD_W-1:0] left_line_q;
  logic [WORDS_W-1:0] at_q;                      // the next word that is kept
  logic              here;
  // on its way out of the block RAM
  logic [DELAY-1:0]  valid_q;
  logic [DELAY-1:0]  last_q;
  logic [DELAY-1:0]  here_q;
  logic [DELAY*WORD_W-1:0] place_q;
  logic [DELAY*BANK_W-1:0] bank_q;
  logic [32*BANKS-1:0] kept_q;
  logic [BANK_W-1:0] bank;

  assign req_ready_o = state_q == IDLE;
  assign here = mask_q[word_q];

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) entry_q <= lines_q[req_line_i];
  end

  for (genvar b = 0; b < int'(BANKS); b++) begin : gen_bank
    localparam int unsigned DEPTH = Words > ((b + 1) << DEPTH_W) ? 1 << DEPTH_W : Words - (b << DEPTH_W);
    logic [31:0] words_q[DEPTH];
    logic [31:0] word_out_q;                     // of the block RAM

    always_ff @(posedge clk_i) begin
      if (load_word && load_word_q[DEPTH_W +: BANK_W] == BANK_W'(b)) words_q[load_word_q[DEPTH_W-1:0]] <= load_data_i;
    end

    always_ff @(posedge clk_i) begin
      word_out_q <= words_q[at_q[DEPTH_W-1:0]];
      kept_q[32*b +: 32] <= word_out_q;
    end
  end

  assign bank = bank_q[(DELAY-2)*BANK_W +: BANK_W];

  always_ff @(posedge clk_i) begin
    case (state_q)
      IDLE: begin
        word_q <= req_word_i;
        left_line_q <= '1;
        if (req_valid_i) state_q <= ENTRY;
      end
      ENTRY: begin
        {base_q, mask_q} <= entry_q;
        state_q <= SUM;
      end
      SUM: begin
        at_q <= base_q + WORDS_W'(count(mask_q & ~({MASK_W{1'b1}} << word_q)));
        state_q <= ISSUE;
      end
      ISSUE: begin
        word_q <= word_q + 1'b1;
        left_line_q <= left_line_q - 1'b1;
        at_q <= &word_q ? base_q : at_q + WORDS_W'(here);
        if (left_line_q == '0) state_q <= IDLE;
      end
    endcase
    valid_q <= {valid_q[DELAY-2:0], state_q == ISSUE};
    last_q <= {last_q[DELAY-2:0], left_line_q == '0};
    here_q <= {here_q[DELAY-2:0], here};
    place_q <= {place_q[(DELAY-1)*WORD_W-1:0], word_q};
    bank_q <= {bank_q[(DELAY-1)*BANK_W-1:0], at_q[DEPTH_W +: BANK_W]};
    rdata_o <= kept_q[32*bank +: 32] & {32{here_q[DELAY-2]}};
    if (!rst_ni) begin
      state_q <= IDLE;
      valid_q <= '0;
    end
  end

  assign rdata_valid_o = valid_q[DELAY-1];
  assign rdata_word_o = place_q[(DELAY-1)*WORD_W +: WORD_W];
  assign done_o = valid_q[DELAY-1] && last_q[DELAY-1];

  logic unused_bits;
  assign unused_bits = &{1'b0, here_q, bank_q};
endmodule

`default_nettype wire
