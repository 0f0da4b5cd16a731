// SPDX-License-Identifier: MIT
// The firmware's code in block RAM, packed, on a part that is large enough: it sends bundles to the instruction cache.
// Of each line the words that are not 0 are kept, which of the 16 these are, and where the first is. It is filled with
// the packed code as an image holds it (translator/aot/packed.h: index, masks, words), word by word from the beginning;
// the index is passed over, for where a line's words begin comes out of counting the masks.
//
// From the bundle that is asked for on, one comes in each cycle to the end of its line and of Ahead lines behind it, as
// long as there are lines and the cache does not have the first bundle of the next one; the first 5 cycles after the
// request. The words of a line follow those of the one before, so only its mask has to be read on the way: it is known
// in time, except behind the last bundle of a line, if that was asked for: then a cycle is lost.
`default_nettype none

module code_store #(
  parameter int unsigned Lines = 16384,          // most
  parameter int unsigned Words = 65536,          // most
  parameter int unsigned Ahead = vliw_pkg::MEMORY_ULX3S_STORE_AHEAD,
  localparam int unsigned LinesW = $clog2(Lines),
  localparam int unsigned WORDS_W = $clog2(Words),
  localparam int unsigned WORD_W = sdram_pkg::WORD_W,
  localparam int unsigned PlaceW = sdram_pkg::LINE_W - vliw_pkg::PC_LSB   // of a bundle in its line
) (
  input  wire              clk_i,
  input  wire              rst_ni,
  // filling: begins anew with reset
  input  wire  [LinesW:0]  load_lines_i,
  input  wire              load_valid_i,
  output logic             load_ready_o,
  input  wire  [31:0]      load_data_i,
  // the bundle that may be asked for two cycles later
  input  wire              look_i,
  input  wire  [LinesW+PlaceW-1:0] look_index_i,
  input  wire              start_i,              // it is, now
  input  wire              stop_i,               // nothing of what was on its way comes
  // the cache: is the line's first bundle there? next cycle, of the one that stood here when look_i did not
  output logic [LinesW-1:0] ahead_line_o,
  input  wire              ahead_hit_i,
  output logic [LinesW-1:0] line_o,              // bundles are sent to the end of this line at least
  output logic             valid_o,
  output logic [LinesW+PlaceW-1:0] index_o,
  output logic [vliw_pkg::WORDS_W-1:0] bundle_o
);
  localparam int unsigned MASK_W = 1 << WORD_W;
  localparam int unsigned SLOTS = vliw_pkg::SLOTS;
  // Words are in banks, by their lowest bits: as many as a bundle has at most are read at once.
  localparam int unsigned BANK_W = vliw_pkg::SLOT_W;
  localparam int unsigned DEPTH_W = WORDS_W - BANK_W;
  localparam int unsigned DEPTH = (Words + SLOTS - 1) / SLOTS;
  localparam int unsigned AHEAD_W = $clog2(Ahead + 2);

  typedef enum logic [1:0] {IDLE, SUM, ISSUE, GAP} state_e;
  typedef enum logic [1:0] {INDEX, MASKS, WORDS} load_e;

  (* no_rw_check *)
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
  logic [LinesW-3:0] load_groups;                // of 8 lines
  logic [MASK_W-1:0] load_mask;
  logic              load_line;
  logic              load_word;

  assign load_groups = (LinesW - 2)'((load_lines_i + (LinesW + 1)'(7)) >> 3);
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
        left_q <= {load_groups, 2'd0} - 1'b1;    // four words of masks a group
        load_word_q <= '0;
      end
    end
    if (!rst_ni) begin
      load_q <= INDEX;
      left_q <= LinesW'(load_groups) - 1'b1;
      load_line_q <= '0;
      half_q <= 1'b0;
    end
  end

  // --- lines
  state_e            state_q;
  logic [MASK_W+WORDS_W-1:0] entry_q;            // of the block RAM
  logic [LinesW-1:0] entry_line;
  logic              looked_q;                   // entry_q is of the bundle that may be asked for
  logic [MASK_W+WORDS_W-1:0] look_entry_q;
  logic [WORDS_W-1:0] base_q;
  logic [MASK_W-1:0] mask_q;
  logic [LinesW-1:0] line_q;
  logic [PlaceW-1:0] place_q;
  logic [AHEAD_W-1:0] ahead_q;                   // lines that may follow
  logic [WORDS_W-1:0] at_q;                      // of the bundle's first word
  logic              asked_q;                    // entry_q, ahead_hit_i: of the line behind line_q
  logic              known_q;                    // the same have been kept
  logic [MASK_W-1:0] next_mask_q;
  logic              next_q;                     // that line comes, too
  logic [SLOTS-1:0]  used;
  logic              is_last;                    // of its line
  logic              turns;                      // to the next line

  assign used = mask_q[SLOTS*place_q +: SLOTS];
  assign is_last = state_q == GAP || (state_q == ISSUE && (&place_q));
  assign turns = is_last && known_q && next_q;
  assign ahead_line_o = line_q + 1'b1;
  assign entry_line = look_i ? look_index_i[PlaceW +: LinesW] : ahead_line_o;
  assign line_o = line_q;

  always_ff @(posedge clk_i) begin
    entry_q <= lines_q[entry_line];
    looked_q <= look_i;
    if (looked_q) look_entry_q <= entry_q;
  end

  always_ff @(posedge clk_i) begin
    asked_q <= state_q != IDLE && !look_i && !turns && !start_i;
    known_q <= (known_q || asked_q) && !turns && !start_i;
    if (asked_q) begin
      next_mask_q <= entry_q[MASK_W-1:0];
      next_q <= !ahead_hit_i && ahead_q != '0 && (LinesW + 1)'(line_q) + 1'b1 < load_lines_i;
    end
    case (state_q)
      SUM: begin
        at_q <= base_q + WORDS_W'(count(mask_q & ~({MASK_W{1'b1}} << {place_q, BANK_W'(0)})));
        state_q <= ISSUE;
      end
      ISSUE: begin
        place_q <= place_q + 1'b1;
        at_q <= at_q + WORDS_W'(count(MASK_W'(used)));
      end
      default: ;
    endcase
    if (is_last) state_q <= !known_q ? GAP : next_q ? ISSUE : IDLE;
    if (turns) begin
      mask_q <= next_mask_q;
      line_q <= line_q + 1'b1;
      ahead_q <= ahead_q - 1'b1;
    end
    if (stop_i) state_q <= IDLE;
    if (start_i) begin
      state_q <= SUM;
      {base_q, mask_q} <= look_entry_q;
      {line_q, place_q} <= look_index_i;
      ahead_q <= AHEAD_W'(Ahead);
    end
    if (!rst_ni) state_q <= IDLE;
  end

  // --- words: out of the block RAM, into a register, to their slots
  logic [2:0]        valid_q;
  logic [LinesW+PlaceW-1:0] one_index_q;
  logic [BANK_W-1:0] one_bank_q;                 // where the first word is
  logic [SLOTS-1:0]  one_used_q;
  logic [LinesW+PlaceW-1:0] two_index_q;
  logic [SLOTS-1:0]  two_used_q;
  logic [SLOTS*BANK_W-1:0] two_bank_q;           // where each slot's is
  logic [32*SLOTS-1:0] kept_q;
  logic [SLOTS-1:0]  behind;                     // banks before that of the first word

  assign behind = ~({SLOTS{1'b1}} << at_q[BANK_W-1:0]);

  for (genvar b = 0; b < int'(SLOTS); b++) begin : gen_bank
    (* no_rw_check *)
    logic [31:0] words_q[DEPTH];
    logic [31:0] word_out_q;                     // of the block RAM
    logic [DEPTH_W-1:0] at;

    assign at = at_q[WORDS_W-1:BANK_W] + DEPTH_W'(behind[b]);

    always_ff @(posedge clk_i) begin
      if (load_word && load_word_q[BANK_W-1:0] == BANK_W'(b)) words_q[load_word_q[WORDS_W-1:BANK_W]] <= load_data_i;
    end

    always_ff @(posedge clk_i) begin
      word_out_q <= words_q[at];
      kept_q[32*b +: 32] <= word_out_q;
    end
  end

  always_ff @(posedge clk_i) begin
    valid_q <= {valid_q[1:0], state_q == ISSUE} & {3{!stop_i && rst_ni}};
    one_index_q <= {line_q, place_q};
    one_bank_q <= at_q[BANK_W-1:0];
    one_used_q <= used;
    two_index_q <= one_index_q;
    two_used_q <= one_used_q;
    for (int s = 0; s < int'(SLOTS); s++)
      two_bank_q[int'(BANK_W)*s +: BANK_W] <= one_bank_q +
        BANK_W'(count(MASK_W'(one_used_q & SLOTS'((32'd1 << s) - 32'd1))));
    index_o <= two_index_q;
    for (int s = 0; s < int'(SLOTS); s++)
      bundle_o[32*s +: 32] <= kept_q[32*two_bank_q[int'(BANK_W)*s +: BANK_W] +: 32] & {32{two_used_q[s]}};
  end

  assign valid_o = valid_q[2];
endmodule

`default_nettype wire
