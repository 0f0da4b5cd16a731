// SPDX-License-Identifier: MIT
// The core's code: instruction cache, behind it a store with the firmware (code_store.sv) and a second level for lines
// of the tcache, both in block RAM and both optional, and the chip. A bundle is asked for only when it is to be
// executed (want_i: the core stands still until come_o), and not while a miss of data is worked on (frozen_i). In
// cycles from the first in which it is wanted:
//   0   what do icache.sv, the store and the second level have?
//   1   is it there by now?
//   2   there, or on its way: it is waited for. Else what comes from store and second level is stopped; what comes from
//       the chip is waited for to the end, and only then
//       store: the bundle is marked 7 cycles later, those behind it one a cycle (code_store.sv)
//       second level: 4 cycles later, the others of its line one a cycle, round the line
//       chip: a cycle later the data cache is asked to write the line, and a cycle after it has, the chip; a bundle is
//       marked 3 cycles after its last word has come. The second level keeps the line
// come_o is there in the cycle in which the bundle is marked, but not before cycle 2, or in cycle 3.
//
// On its way is what the second level or the chip still sends of its line; from the store, what comes of lines that it
// has begun. A store to CODE drops its bundle from the cache and its line from the second level; of what is on its way
// that bundle alone comes and is not there.
`default_nettype none

module code_side #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned Held = vliw_pkg::MEMORY_ULX3S_ICACHE_BYTES / vliw_pkg::BUNDLE_BYTES,
  parameter int unsigned StoreLines = vliw_pkg::MEMORY_ULX3S_STORE_LINES, // 0: the firmware is in the chip
  parameter int unsigned StoreWords = vliw_pkg::MEMORY_ULX3S_STORE_ROOM,
  parameter int unsigned StoreAhead = vliw_pkg::MEMORY_ULX3S_STORE_AHEAD,
  parameter int unsigned Second = vliw_pkg::MEMORY_ULX3S_CODE_SECOND_BYTES / vliw_pkg::BUNDLE_BYTES,
  parameter int unsigned AddressW = $clog2(vliw_pkg::MEMORY_ULX3S_CHIP_BYTES),
  parameter int unsigned CodeAt = vliw_pkg::MEMORY_ULX3S_CODE_AT,
  localparam int unsigned IndexW = $clog2(Bundles),
  localparam int unsigned PlaceW = sdram_pkg::LINE_W - vliw_pkg::PC_LSB,   // of a bundle in its line
  localparam int unsigned LinesW = IndexW - PlaceW,
  localparam int unsigned LINE_W = sdram_pkg::LINE_W,
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  output logic              ready_o,        // from some cycles after reset on
  // core.sv
  input  wire               ce_i,
  input  wire  [IndexW-1:0] index_i,
  input  wire  [IndexW-1:0] index_high_i,
  output logic [vliw_pkg::WORDS_W-1:0] bundle_o,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_o,
  output logic [IndexW:0]   next_o,
  output logic [IndexW-1:0] next_high_o,
  output logic              miss_o,
  input  wire               want_i,
  input  wire  [IndexW-1:0] want_index_i,
  output logic              come_o,
  input  wire               code_write_i,
  input  wire  [31:0]       code_address_i,
  // data_side.sv
  input  wire               frozen_i,
  output logic              clean_valid_o,
  output logic [AddressW-1:LINE_W] clean_line_o,
  input  wire               clean_done_i,
  // mem_port.sv
  output logic              i_valid_o,
  input  wire               i_ready_i,
  output logic [AddressW-1:LINE_W] i_line_o,
  output logic [WORD_W-1:0] i_word_o,
  input  wire               i_rdata_valid_i,
  input  wire  [WORD_W-1:0] rdata_word_i,
  input  wire  [31:0]       rdata_i,
  // filling of the store: the packed image, and how many lines of code it has
  input  wire  [LinesW:0]   load_lines_i,
  input  wire               load_valid_i,
  output logic              load_ready_o,
  input  wire  [31:0]       load_data_i,
  // for counters: a bundle is asked for; the second level has it
  output logic              asks_o,
  output logic              ahead_o,        // a line has come that nobody asked for: its first bundle
  output logic              second_o
);
  localparam int SLOTS = int'(vliw_pkg::SLOTS);
  localparam int unsigned SLOT_W = vliw_pkg::SLOT_W;
  localparam int unsigned PLACES = 1 << PlaceW;
  localparam bit HAS_STORE = StoreLines != 0;

  typedef enum logic [2:0] {WATCH, LOOK, KNOWN, DRAIN, CLEAN, ASK, COME} state_e;
  typedef enum logic [1:0] {STORE, SECOND, CHIP} source_e;

  state_e            state_q;
  source_e           source_q;         // of what is on its way, or came last
  logic              busy_q;           // SECOND, CHIP: not all of the line has come
  logic [LinesW-1:0] line_q;           // the line
  logic [PLACES-1:0] stale_q;          // bundles of it that do not come
  logic [IndexW-1:0] coming_q;         // STORE: the first that has not come
  logic              in_store_q;       // the line wanted is the firmware's, and there is a store
  logic [LinesW-1:0] want_line;
  logic              look;             // at the bundle that is wanted
  logic              hit_q;            // KNOWN: was it there?
  logic              is_there;
  logic              on_way;
  logic              start;
  logic              start_store;
  logic              start_second;
  logic              start_chip;
  // drop
  logic              drop_q;
  logic [IndexW-1:0] drop_index_q;
  // what comes
  logic              store_valid;
  logic [IndexW-1:0] store_index;
  logic [vliw_pkg::WORDS_W-1:0] store_bundle;
  logic [LinesW-1:0] store_line;
  logic [LinesW-1:0] ahead_line;
  logic              second_valid;
  logic [PlaceW-1:0] second_place;
  logic [vliw_pkg::WORDS_W-1:0] second_bundle;
  logic              second_hit;
  logic              second_ready;
  logic              chip_valid_q;
  logic [PlaceW-1:0] chip_place_q;
  logic [vliw_pkg::WORDS_W-1:0] chip_bundle_q;
  logic              line_valid;       // one of these two
  logic [PlaceW-1:0] line_place;
  logic [PlaceW-1:0] come_count_q;     // bundles of the line that came
  logic [1:0]        end_q;            // the last is in icache.sv
  logic              in_valid;
  logic [IndexW-1:0] in_index;
  logic [vliw_pkg::WORDS_W-1:0] in_bundle;
  logic              soon;
  logic [IndexW-1:0] soon_index;
  logic              mark;
  logic [IndexW-1:0] mark_index;
  logic              look_hit;
  logic              cache_ready;
  logic [IndexW-1:0] look_index;

  assign want_line = want_index_i[IndexW-1:PlaceW];
  assign ready_o = cache_ready && second_ready;

  // --- what is to be done
  assign look = (state_q == WATCH && want_i && !frozen_i) || (busy_q && source_q == CHIP);
  assign is_there = state_q == KNOWN && hit_q && !come_o;
  assign on_way = source_q == STORE ? want_index_i >= coming_q && want_line <= store_line :
                  busy_q && want_line == line_q && !stale_q[want_index_i[PlaceW-1:0]];
  assign start = ((state_q == KNOWN && !hit_q && !on_way && !come_o) || state_q == DRAIN) && !(busy_q && source_q == CHIP);
  assign start_store = start && in_store_q;
  assign start_second = start && !in_store_q && second_hit;
  assign start_chip = start && !in_store_q && !second_hit;
  assign asks_o = start;
  assign ahead_o = mark && source_q == STORE && mark_index[PlaceW-1:0] == '0 && mark_index[IndexW-1:PlaceW] != line_q;
  assign second_o = start_second;

  always_ff @(posedge clk_i) begin
    in_store_q <= HAS_STORE && (LinesW + 1)'(want_line) < load_lines_i;
    hit_q <= look_hit;
    come_o <= (is_there || (((state_q == LOOK && !look_hit) || state_q == KNOWN || state_q == COME) && soon &&
                            soon_index == want_index_i)) && rst_ni;
    case (state_q)
      WATCH: if (want_i && !frozen_i) state_q <= LOOK;
      LOOK: state_q <= KNOWN;
      KNOWN, DRAIN: begin
        state_q <= start_chip ? CLEAN : start || is_there || (state_q == KNOWN && on_way) ? COME : DRAIN;
        if (state_q == KNOWN && come_o) state_q <= WATCH;
      end
      CLEAN: if (clean_done_i) state_q <= ASK;
      ASK: if (i_ready_i) state_q <= COME;
      default: if (come_o || !on_way) state_q <= WATCH;
    endcase
    if (!rst_ni) state_q <= WATCH;
  end

  assign clean_valid_o = state_q == CLEAN;
  assign clean_line_o = i_line_o;
  assign i_valid_o = state_q == ASK;
  assign i_line_o = (AddressW - LINE_W)'(CodeAt >> LINE_W) + (AddressW - LINE_W)'(line_q);
  assign i_word_o = {want_index_i[PlaceW-1:0], SLOT_W'(0)};

  // --- what is on its way
  always_ff @(posedge clk_i) begin
    if (line_valid) come_count_q <= come_count_q + 1'b1;
    end_q <= {end_q[0], line_valid && (&come_count_q)};
    if (end_q[1]) busy_q <= 1'b0;
    if (drop_q && drop_index_q[IndexW-1:PlaceW] == line_q) stale_q[drop_index_q[PlaceW-1:0]] <= 1'b1;
    if (mark) coming_q <= mark_index + 1'b1;
    if (start) begin
      source_q <= start_store ? STORE : start_second ? SECOND : CHIP;
      busy_q <= !start_store;
      line_q <= want_line;
      stale_q <= '0;
      coming_q <= want_index_i;
      come_count_q <= '0;
      end_q <= '0;
    end
    if (!rst_ni) begin
      source_q <= SECOND;
      busy_q <= 1'b0;
      end_q <= '0;
    end
  end

  always_ff @(posedge clk_i) begin
    drop_q <= code_write_i && rst_ni;
    drop_index_q <= code_address_i[vliw_pkg::PC_LSB +: IndexW];
  end

  // --- the chip's words
  always_ff @(posedge clk_i) begin
    chip_valid_q <= i_rdata_valid_i && (&rdata_word_i[SLOT_W-1:0]) && rst_ni;
    chip_place_q <= rdata_word_i[WORD_W-1:SLOT_W];
    for (int s = 0; s < SLOTS; s++)
      if (i_rdata_valid_i && rdata_word_i[SLOT_W-1:0] == SLOT_W'(s)) chip_bundle_q[32*s +: 32] <= rdata_i;
  end

  // --- the store
  if (HAS_STORE) begin : gen_store
    localparam int unsigned STORE_LINES_W = $clog2(StoreLines);
    logic [STORE_LINES_W-1:0] at_line;
    logic [STORE_LINES_W-1:0] behind_line;
    logic [STORE_LINES_W+PlaceW-1:0] at_index;

    code_store #(.Lines(StoreLines), .Words(StoreWords), .Ahead(StoreAhead)) u_store (
      .clk_i, .rst_ni, .load_lines_i(load_lines_i[STORE_LINES_W:0]), .load_valid_i, .load_ready_o, .load_data_i,
      .look_i(look), .look_index_i(want_index_i[STORE_LINES_W+PlaceW-1:0]), .start_i(start_store), .stop_i(start),
      .ahead_line_o(behind_line), .ahead_hit_i(look_hit), .line_o(at_line),
      .valid_o(store_valid), .index_o(at_index), .bundle_o(store_bundle)
    );
    assign ahead_line = LinesW'(behind_line);
    assign store_line = LinesW'(at_line);
    assign store_index = IndexW'(at_index);
  end else begin : gen_no_store
    assign load_ready_o = 1'b1;
    assign store_valid = 1'b0;
    assign store_index = '0;
    assign store_bundle = '0;
    assign store_line = '0;
    assign ahead_line = '0;
    logic unused_bits;
    assign unused_bits = &{1'b0, load_valid_i, load_data_i, start_store, look_hit};
  end

  // --- the second level: a line is given its place when the chip is asked for it, and nobody looks until it has come
  if (Second != 0) begin : gen_second
    localparam int unsigned SECOND_W = $clog2(Second);
    localparam int unsigned SET_W = SECOND_W - PlaceW;
    localparam int unsigned TAG_W = LinesW - SET_W;

    typedef struct packed {
      logic             valid;
      logic [TAG_W-1:0] tag;
    } second_t;

    (* no_rw_check *)
    logic [vliw_pkg::WORDS_W-1:0] bundles_q[Second];
    (* no_rw_check *)
    logic [TAG_W:0]    tags_q[1 << SET_W];       // second_t: as in icache.sv
    second_t           tag_q;
    logic              spoiled_q;      // the line is being dropped
    second_t           drop_tag_q;
    logic [LinesW-1:0] drop_line;
    logic              dropping_q;
    logic [LinesW-1:0] dropping_line_q;
    logic              dropped_q;
    logic [LinesW-1:0] dropped_line_q;
    logic              clearing_q;
    logic [SET_W-1:0]  clear_q;
    logic              write;
    logic [SET_W-1:0]  write_set;
    second_t           write_tag;
    logic              reading_q;      // goes on with the line
    logic [PlaceW-1:0] read_place_q;   // the next one
    logic [PlaceW-1:0] left_q;         // besides it
    logic              reads;
    logic [SECOND_W-1:0] read_at;
    logic [vliw_pkg::WORDS_W-1:0] read_q;
    logic              read_valid_q;
    logic [PlaceW-1:0] out_place_q;
    logic              second_valid_q;
    logic [PlaceW-1:0] second_place_q;
    logic [vliw_pkg::WORDS_W-1:0] second_bundle_q;

    assign drop_line = drop_index_q[IndexW-1:PlaceW];
    assign second_hit = !spoiled_q && tag_q == {1'b1, want_line[LinesW-1:SET_W]};

    always_ff @(posedge clk_i) begin
      tag_q <= tags_q[want_line[SET_W-1:0]];
      spoiled_q <= (drop_q && drop_line == want_line) || (dropping_q && dropping_line_q == want_line) ||
                   (dropped_q && dropped_line_q == want_line);
    end

    // drop: looked for, found, forgotten
    always_ff @(posedge clk_i) begin
      drop_tag_q <= tags_q[drop_line[SET_W-1:0]];
      dropping_q <= drop_q && rst_ni;
      dropping_line_q <= drop_line;
      dropped_q <= dropping_q && drop_tag_q == {1'b1, dropping_line_q[LinesW-1:SET_W]} && rst_ni;
      dropped_line_q <= dropping_line_q;
      if (clearing_q) clear_q <= clear_q + 1'b1;
      if (&clear_q) clearing_q <= 1'b0;
      if (!rst_ni) begin
        clearing_q <= 1'b1;
        clear_q <= '0;
      end
    end

    always_comb begin
      write = clearing_q || dropped_q || (state_q == ASK && !in_store_q);
      write_set = clearing_q ? clear_q : dropped_q ? dropped_line_q[SET_W-1:0] : line_q[SET_W-1:0];
      write_tag = '0;
      if (!clearing_q && !dropped_q) write_tag = {1'b1, line_q[LinesW-1:SET_W]};
    end

    always_ff @(posedge clk_i) begin
      if (write) tags_q[write_set] <= write_tag;
      if (chip_valid_q) bundles_q[{line_q[SET_W-1:0], chip_place_q}] <= chip_bundle_q;
    end

    // its bundles; the first is read before it is known that they are there
    assign reads = reading_q && !start;
    assign read_at = reads ? {line_q[SET_W-1:0], read_place_q} : want_index_i[SECOND_W-1:0];

    always_ff @(posedge clk_i) begin
      read_q <= bundles_q[read_at];
      read_valid_q <= (start_second || reads) && rst_ni;
      out_place_q <= read_at[PlaceW-1:0];
      second_valid_q <= read_valid_q && !start && rst_ni;
      second_place_q <= out_place_q;
      second_bundle_q <= read_q;
      read_place_q <= read_at[PlaceW-1:0] + 1'b1;
      left_q <= left_q - 1'b1;
      if (start) begin
        reading_q <= start_second;
        left_q <= '1;
      end else if (left_q == PlaceW'(1)) begin
        reading_q <= 1'b0;
      end
      if (!rst_ni) reading_q <= 1'b0;
    end

    assign second_ready = !clearing_q;
    assign second_valid = second_valid_q;
    assign second_place = second_place_q;
    assign second_bundle = second_bundle_q;
  end else begin : gen_no_second
    assign second_hit = 1'b0;
    assign second_ready = 1'b1;
    assign second_valid = 1'b0;
    assign second_place = '0;
    assign second_bundle = '0;
  end

  // --- into the cache
  assign line_valid = second_valid || chip_valid_q;
  assign line_place = second_valid ? second_place : chip_place_q;
  assign in_valid = store_valid || line_valid;
  assign in_index = store_valid ? store_index : {line_q, line_place};
  assign in_bundle = ({vliw_pkg::WORDS_W{store_valid}} & store_bundle) |
                     ({vliw_pkg::WORDS_W{second_valid}} & second_bundle) |
                     ({vliw_pkg::WORDS_W{chip_valid_q}} & chip_bundle_q);
  assign look_index = look ? want_index_i : {ahead_line, PlaceW'(0)};

  icache #(.Bundles(Bundles), .Held(Held)) u_icache (
    .clk_i, .rst_ni, .ready_o(cache_ready),
    .ce_i, .index_i, .index_high_i, .bundle_o, .hints_o, .next_o, .next_high_o, .miss_o,
    .in_valid_i(in_valid), .in_stale_i(!store_valid && stale_q[line_place]),
    .in_index_i(in_index), .in_bundle_i(in_bundle), .stop_i(start),
    .soon_o(soon), .soon_index_o(soon_index), .mark_o(mark), .mark_index_o(mark_index),
    .look_index_i(look_index), .look_hit_o(look_hit),
    .drop_i(drop_q), .drop_index_i(drop_index_q)
  );

  logic unused_bits;
  assign unused_bits = &{1'b0, code_address_i, second_hit};
endmodule

`default_nettype wire
