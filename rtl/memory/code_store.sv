// SPDX-License-Identifier: MIT
// The firmware's code in block RAM, packed: a memory for the instruction cache on a part that is large enough (line port, README.md; lines are
// read only, so there is no write side). Of each line the words that are not 0 are kept, which of the 16 these are, and where the
// first is. It is filled with the packed code as an image holds it (translator/aot/packed.h: index, masks, words), word by word from the
// beginning; the index is passed over, for where a line's words begin comes out of counting the masks.
//
// A line's first word comes 5 cycles after the request is taken, one a cycle follows, the next request is taken after 19.
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

  typedef enum logic [1:0] {IDLE, ENTRY, SUM, ISSUE} state_e;
  typedef enum logic [1:0] {INDEX, MASKS, WORDS} load_e;

  logic [MASK_W+WORDS_W-1:0] lines_q[Lines];     // where its words begin, which they are
  logic [31:0]       words_q[Words];

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

  assign load_mask = half_q ? load_data_i[31:16] : load_data_i[15:0];
  assign load_line = load_q == MASKS && load_valid_i;
  assign load_ready_o = load_q != MASKS || half_q;

  always_ff @(posedge clk_i) begin
    if (load_line) lines_q[load_line_q] <= {load_word_q, load_mask};
  end

  always_ff @(posedge clk_i) begin
    if (load_q == WORDS && load_valid_i) words_q[load_word_q] <= load_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (load_line) begin
      half_q <= !half_q;
      load_line_q <= load_line_q + 1'b1;
      load_word_q <= load_word_q + WORDS_W'(count(load_mask));
    end
    if (load_q == WORDS && load_valid_i) load_word_q <= load_word_q + 1'b1;
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
  logic [1:0]        valid_q;
  logic [1:0]        last_q;
  logic [1:0]        here_q;
  logic [2*WORD_W-1:0] place_q;
  logic [31:0]       kept_q;

  assign req_ready_o = state_q == IDLE;
  assign here = mask_q[word_q];

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) entry_q <= lines_q[req_line_i];
  end

  always_ff @(posedge clk_i) begin
    kept_q <= words_q[at_q];
  end

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
    valid_q <= {valid_q[0], state_q == ISSUE};
    last_q <= {last_q[0], left_line_q == '0};
    here_q <= {here_q[0], here};
    place_q <= {place_q[WORD_W-1:0], word_q};
    rdata_o <= here_q[0] ? kept_q : 32'd0;
    if (!rst_ni) begin
      state_q <= IDLE;
      valid_q <= '0;
    end
  end

  assign rdata_valid_o = valid_q[1];
  assign rdata_word_o = place_q[WORD_W +: WORD_W];
  assign done_o = valid_q[1] && last_q[1];

  logic unused_bits;
  assign unused_bits = &{1'b0, here_q[1]};
endmodule

`default_nettype wire
