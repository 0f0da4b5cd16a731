// SPDX-License-Identifier: MIT
// Instruction cache: code_mem.sv holds the bundles (with successors and hints, which it makes of the words as they
// come), and here are the tags: direct-mapped lines of 64 bytes, a valid bit a bundle. A fetch is a read of code_mem;
// hit_o stands beside the bundle and says whether it is the one that was asked for. If not, and fetch_i says that
// somebody wants it, its line is fetched from the line port, that bundle first; whoever waits asks again until it hits.
// Each bundle hits a few cycles after its last word has come.
//
// Nothing is written from here. Who has written code: its line must have left the data cache first (in the order of the
// line port's requests), then it is dropped here by inval_valid_i; what has been fetched before that stays fetched.
// Dropping a line drops whatever is in its place.
`default_nettype none

module icache #(
  parameter int unsigned Bundles = vliw_pkg::CONFIG_ULX3S_CODE_BUNDLES,
  parameter int unsigned Held = vliw_pkg::MEMORY_ULX3S_ICACHE_BYTES / vliw_pkg::BUNDLE_BYTES,
  localparam int unsigned IndexW = $clog2(Bundles),
  localparam int unsigned PlaceW = sdram_pkg::LINE_W - vliw_pkg::PC_LSB,   // of a bundle in its line
  localparam int unsigned WORD_W = sdram_pkg::WORD_W
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  // fetch, as code_mem.sv
  input  wire               ce_i,
  input  wire  [IndexW-1:0] index_i,
  input  wire  [IndexW-1:0] index_high_i,
  output logic [vliw_pkg::WORDS_W-1:0] bundle_o,
  output logic [vliw_pkg::SLOTS*core_pkg::HINT_W-1:0] hints_o,
  output logic [IndexW:0]   next_o,
  output logic [IndexW-1:0] next_high_o,
  output logic              hit_o,
  input  wire               fetch_i,
  // lines whose words have changed; all: as after reset
  input  wire               inval_valid_i,
  output logic              inval_ready_o,
  input  wire  [IndexW-1:PlaceW] inval_line_i,
  input  wire               inval_all_i,
  // line port
  output logic              req_valid_o,
  input  wire               req_ready_i,
  output logic [IndexW-1:PlaceW] req_line_o,
  output logic [WORD_W-1:0] req_word_o,
  input  wire               rdata_valid_i,
  input  wire  [WORD_W-1:0] rdata_word_i,
  input  wire  [31:0]       rdata_i,
  input  wire               done_i
);
  localparam int unsigned HELD_W = $clog2(Held);
  localparam int unsigned SET_W = HELD_W - PlaceW;
  localparam int unsigned TAG_W = IndexW - HELD_W;
  localparam int unsigned PLACES = 1 << PlaceW;
  localparam int unsigned SLOT_W = vliw_pkg::SLOT_W;
  // From the cycle of a bundle's last word to that in which it is marked: read in the cycle after, code_mem has all of
  // it.
  localparam int unsigned SETTLE = 3;

  typedef enum logic [1:0] {IDLE, ASK, FILL, CLEAR} state_e;

  typedef struct packed {
    logic [TAG_W-1:0]  tag;
    logic [PLACES-1:0] valid;
  } tag_t;

  tag_t              tags_q[1 << SET_W];
  // fetch
  tag_t              tag_q;
  logic [IndexW-1:0] index_q;
  logic              fresh_q;      // read since everything was dropped
  logic              known;        // it missed, but the line has come meanwhile
  logic              start;
  // refill
  state_e            state_q;
  logic [IndexW-1:PlaceW] line_q;
  logic [PlaceW-1:0] place_q;      // the bundle that comes first
  logic [PLACES-1:0] valid_q;      // bundles that have come
  logic              emptied_q;    // its place has been
  logic              stale_q;      // the line was dropped while it came
  logic              present_q;    // line_q has come and has not been dropped
  logic              clear_q;      // everything is to be dropped
  logic [SET_W-1:0]  clear_set_q;
  logic [SETTLE-1:0] mark_q;       // a bundle is complete
  logic [SETTLE*PlaceW-1:0] mark_place_q;
  logic [SETTLE-1:0] last_q;
  logic              mark;
  logic [PLACES-1:0] marked;       // valid bits with it
  logic              drop;
  logic              drops_line;
  // one write of a tag a cycle
  logic              write;
  logic [SET_W-1:0]  write_set;
  tag_t              write_tag;

  code_mem #(.Bundles(Bundles), .Held(Held)) u_bundles (
    .clk_i, .rst_ni, .ce_i, .index_i, .index_high_i, .bundle_o, .hints_o, .next_o, .next_high_o,
    .write_i(rdata_valid_i), .write_address_i(32'({line_q, rdata_word_i, 2'd0})), .write_data_i(rdata_i)
  );

  // --- fetch
  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      tag_q <= tags_q[index_i[HELD_W-1:PlaceW]];
      index_q <= index_i;
      fresh_q <= !clear_q;
    end
    if (inval_all_i || !rst_ni) fresh_q <= 1'b0;
  end

  assign hit_o = fresh_q && tag_q.tag == index_q[IndexW-1:HELD_W] && tag_q.valid[index_q[PlaceW-1:0]];
  assign known = present_q && line_q == index_q[IndexW-1:PlaceW];
  assign start = state_q == IDLE && !clear_q && fetch_i && fresh_q && !hit_o && !known;

  // --- refill
  assign req_valid_o = state_q == ASK;
  assign req_line_o = line_q;
  assign req_word_o = {place_q, SLOT_W'(0)};
  assign mark = mark_q[SETTLE-1];
  assign marked = valid_q | (PLACES'(1) << mark_place_q[(SETTLE-1)*PlaceW +: PlaceW]);
  assign inval_ready_o = !mark && state_q != CLEAR;
  assign drop = inval_valid_i && inval_ready_o;
  assign drops_line = drop && inval_line_i[HELD_W-1:PlaceW] == line_q[HELD_W-1:PlaceW];

  always_ff @(posedge clk_i) begin
    mark_q <= {mark_q[SETTLE-2:0], rdata_valid_i && (&rdata_word_i[SLOT_W-1:0])};
    mark_place_q <= {mark_place_q[(SETTLE-1)*PlaceW-1:0], rdata_word_i[WORD_W-1:SLOT_W]};
    last_q <= {last_q[SETTLE-2:0], done_i};
    if (drops_line || inval_all_i) begin
      stale_q <= 1'b1;
      present_q <= 1'b0;
    end
    if (inval_all_i) clear_q <= 1'b1;
    if (mark) valid_q <= marked;
    if (!drop) emptied_q <= 1'b1;
    case (state_q)
      IDLE: begin
        if (clear_q) begin
          state_q <= CLEAR;
          clear_set_q <= '0;
        end else if (start) begin
          state_q <= ASK;
          line_q <= index_q[IndexW-1:PlaceW];
          place_q <= index_q[PlaceW-1:0];
          valid_q <= '0;
          emptied_q <= 1'b0;
          stale_q <= inval_all_i;
          present_q <= 1'b0;
        end
      end
      ASK: if (req_ready_i) state_q <= FILL;
      FILL: begin
        if (last_q[SETTLE-1]) begin
          state_q <= IDLE;
          present_q <= !stale_q && !drops_line && !inval_all_i;
        end
      end
      CLEAR: begin
        clear_set_q <= clear_set_q + 1'b1;
        if (&clear_set_q) begin
          state_q <= IDLE;
          clear_q <= 1'b0;
        end
      end
    endcase
    if (!rst_ni) begin
      state_q <= IDLE;
      clear_q <= 1'b1;
      present_q <= 1'b0;
      emptied_q <= 1'b1;
      mark_q <= '0;
      last_q <= '0;
    end
  end

  // --- tags: a line that comes has none of its bundles at first, long before its first word comes
  always_comb begin
    write = drop || state_q == CLEAR || !emptied_q || (mark && !stale_q);
    write_set = line_q[HELD_W-1:PlaceW];
    write_tag = {line_q[IndexW-1:HELD_W], marked};
    if (!mark) write_tag.valid = '0;
    if (drop) write_set = inval_line_i[HELD_W-1:PlaceW];
    else if (state_q == CLEAR) write_set = clear_set_q;
  end

  always_ff @(posedge clk_i) begin
    if (write) tags_q[write_set] <= write_tag;
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, inval_line_i};
endmodule

`default_nettype wire
