// SPDX-License-Identifier: MIT
// What a board does before its machine goes: it fills the memories (load.sv) with a firmware and, if there is one, a
// guest, out of SPI flash. An image is words, the lowest byte first:
//   BOOT_MAGIC; CRC-32 (Ethernet's) of all that follows; words of records; number of the image; the records
// A flash has room for firmware at BOOT_FIRMWARE_A and BOOT_FIRMWARE_B and for a guest at BOOT_GUEST (boot_flash.def).
// Of two firmwares the one with the higher number is taken (it counts in a circle), and if it is damaged the other;
// without either the machine waits for one on the serial line, where an image is whatever begins with BOOT_MAGIC. A
// first word of ones (erased) or zeros (undone) is no image. Without a guest, or with a damaged one, the firmware is
// told so. What is damaged is said on the serial line, in text.
// Before it looks into the flash it listens to the line for ListenCycles: a firmware that begins there is taken instead,
// so that no firmware in the flash, whatever it does, can lock others out. When the machine has stopped it all begins
// again, but without the flash's guest.
`default_nettype none

module boot #(
  parameter int unsigned QuietCycles = 80_000_000,         // in the middle of an image on the line: the line is dead
  parameter int unsigned ListenCycles = 10_000_000
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  output logic        going_o,
  input  wire         stop_i,          // the machine has stopped
  output logic        damaged_o,       // something was
  output logic        has_guest_o,
  // serial line, as long as the machine does not go
  output logic        tx_valid_o,
  input  wire         tx_ready_i,
  output logic [7:0]  tx_data_o,
  input  wire         rx_valid_i,
  input  wire  [7:0]  rx_data_i,
  output logic        rx_take_o,
  // spi.sv
  output logic        spi_write_o,
  output logic        spi_select_o,
  output logic [7:0]  spi_data_o,
  input  wire         spi_busy_i,
  input  wire  [7:0]  spi_data_i,
  // load.sv
  output logic        load_rst_no,
  output logic        word_valid_o,
  output logic [31:0] word_o,
  input  wire         word_take_i,
  output logic        is_guest_o,
  input  wire         load_busy_i,
  input  wire         load_rest_i,
  input  wire         load_damaged_i
);
  typedef enum logic [3:0] {CHOOSE, OPEN, COMMAND, ASK, WAIT, COUNT, USE, LAST, CLOSE, SAY, GO} state_e;
  typedef enum logic [2:0] {LOOK_A, LOOK_B, FIRMWARE_A, FIRMWARE_B, LINE, GUEST} what_e;
  typedef enum logic [2:0] {MAGIC, CRC, COUNT_OF_WORDS, NUMBER, RECORDS} at_e;

  localparam logic [7:0] READ = 8'h03;                     // and three bytes of address
  localparam logic [31:0] CRC_POLYNOMIAL = 32'hedb8_8320;  // its lowest bit is that of x^31
  localparam int unsigned HEAD_BYTES = 16;
  localparam logic [31:0] MOST_FIRMWARE = 32'((vliw_pkg::BOOT_FIRMWARE_BYTES - HEAD_BYTES) / 4);
  localparam logic [31:0] MOST_GUEST = 32'((vliw_pkg::BOOT_GUEST_BYTES - HEAD_BYTES) / 4);
  localparam int unsigned QUIET_W = $clog2((QuietCycles > ListenCycles ? QuietCycles : ListenCycles) + 1);
  localparam int unsigned TEXT_BYTES = 32;                 // zeros in front are not sent
  localparam int unsigned TEXT_W = 8 * TEXT_BYTES;
  localparam logic [2:0] TEXT_WAITING = 3'd6;              // the others: of what is damaged
  state_e             state_q;
  state_e             next_q;          // behind CLOSE
  what_e              what_q;
  at_e                at_q;            // the word that is read
  logic [1:0]         there_q;         // firmwares A, B
  logic [1:0][31:0]   number_q;
  logic [1:0]         left_q;          // firmwares that may be tried
  logic               takes_b;
  logic [31:0]        word_q;
  logic [31:0]        word_coming;
  logic [1:0]         byte_q;          // of the word, or of the command
  logic [31:0]        words_q;         // of records that are left
  logic [31:0]        crc_q;
  logic [31:0]        crc_want_q;
  logic [4:0]         bit_q;           // of the word
  logic [QUIET_W-1:0] quiet_q;
  logic [2:0]         text_q;
  logic [4:0]         place_q;         // in the text
  logic [TEXT_W-1:0]  text;
  logic [7:0]         letter;
  logic               listens_q;       // the flash comes after it
  logic               again_q;         // the machine has stopped before
  logic               is_line;
  logic               is_look;
  logic               is_silent;       // nothing has come
  logic               has_byte;
  logic [7:0]         coming;
  logic               is_none;         // word_q as the first word: there is no image
  logic               is_too_long;
  logic               fails;
  logic [23:0]        address;

  assign is_line = what_q == LINE;
  assign is_look = what_q == LOOK_A || what_q == LOOK_B;
  assign is_guest_o = what_q == GUEST;
  assign takes_b = left_q[1] & (~left_q[0] | ($signed(number_q[1] - number_q[0]) > 0));
  assign is_silent = is_line && listens_q && at_q == MAGIC && quiet_q == QUIET_W'(ListenCycles);
  assign has_byte = state_q == WAIT && (is_line ? rx_valid_i : !spi_busy_i);
  assign coming = is_line ? rx_data_i : spi_data_i;
  assign word_coming = {coming, word_q[31:8]};
  assign rx_take_o = is_line & has_byte;
  assign is_none = word_q == 32'd0 || word_q == '1;
  assign is_too_long = word_q > (is_guest_o ? MOST_GUEST : MOST_FIRMWARE);

  always_comb begin
    case (what_q)
      LOOK_B, FIRMWARE_B: address = 24'(vliw_pkg::BOOT_FIRMWARE_B);
      GUEST: address = 24'(vliw_pkg::BOOT_GUEST);
      default: address = 24'(vliw_pkg::BOOT_FIRMWARE_A);
    endcase
    spi_write_o = !is_line && !spi_busy_i && (state_q == COMMAND || state_q == ASK);
    spi_select_o = state_q == OPEN || state_q == CLOSE;
    spi_data_o = 8'd0;
    if (state_q == OPEN) spi_data_o = {7'd0, ~is_line};
    if (state_q == COMMAND) spi_data_o = 8'({address, READ} >> 8 * {byte_q[1] ^ byte_q[0], byte_q[0]});
  end

  // What ends the reading of an image.
  always_comb begin
    fails = 1'b0;
    case (state_q)
      WAIT: fails = is_line && at_q != MAGIC && quiet_q == QUIET_W'(QuietCycles);
      USE: begin
        if (at_q == MAGIC) fails = !is_look && !(is_guest_o && is_none) && word_q != vliw_pkg::BOOT_MAGIC;
        if (at_q == COUNT_OF_WORDS) fails = !is_look && (is_too_long || word_q == 32'd0);
        if (at_q == RECORDS) fails = load_damaged_i;
      end
      LAST: fails = load_damaged_i || (!load_busy_i && (!load_rest_i || crc_q != ~crc_want_q));
      default: ;
    endcase
  end

  assign word_valid_o = state_q == USE && at_q == RECORDS;
  assign word_o = word_q;
  assign load_rst_no = rst_ni && !(state_q == OPEN && !is_guest_o && !is_look);
  assign going_o = state_q == GO;
  always_comb begin
    case (text_q)
      FIRMWARE_A: text = TEXT_W'("boot: firmware A damaged\015\012");
      FIRMWARE_B: text = TEXT_W'("boot: firmware B damaged\015\012");
      LINE: text = TEXT_W'("boot: what came is damaged\015\012");
      GUEST: text = TEXT_W'("boot: guest damaged\015\012");
      default: text = TEXT_W'("boot: waiting for a firmware\015\012");
    endcase
  end

  assign letter = text[8 * (TEXT_BYTES - 1 - 32'(place_q)) +: 8];
  assign tx_valid_o = state_q == SAY && letter != 8'd0;
  assign tx_data_o = letter;

  always_ff @(posedge clk_i) begin
    quiet_q <= state_q == WAIT && !has_byte ? quiet_q + QUIET_W'(1) : '0;
    bit_q <= state_q == COUNT || state_q == CLOSE ? bit_q + 5'd1 : 5'd0;
    place_q <= state_q != SAY ? 5'd0 : place_q + 5'(letter == 8'd0 || tx_ready_i);
    if (has_byte) word_q <= word_coming;
    if (state_q == COUNT) crc_q <= crc_q >> 1 ^ (CRC_POLYNOMIAL & {32{crc_q[0] ^ word_q[bit_q]}});
    case (state_q)
      CHOOSE: begin
        state_q <= OPEN;
        what_q <= LINE;
        if (what_q == LOOK_A) what_q <= LOOK_B;
        else if (left_q != 2'd0) what_q <= takes_b ? FIRMWARE_B : FIRMWARE_A;
        else if (!is_line) begin
          text_q <= TEXT_WAITING;
          state_q <= SAY;
        end
      end
      OPEN: begin
        byte_q <= 2'd0;
        at_q <= MAGIC;
        state_q <= is_line ? WAIT : COMMAND;
        if (what_q == FIRMWARE_A) left_q[0] <= 1'b0;
        if (what_q == FIRMWARE_B) left_q[1] <= 1'b0;
      end
      COMMAND: if (spi_write_o) begin
        byte_q <= byte_q + 2'd1;
        if (byte_q == 2'd3) state_q <= ASK;
      end
      ASK: if (is_line || spi_write_o) state_q <= WAIT;
      WAIT: if (is_silent) begin
        state_q <= OPEN;
        what_q <= LOOK_A;
        listens_q <= 1'b0;
      end else if (has_byte) begin
        state_q <= ASK;
        byte_q <= byte_q + 2'd1;
        if (is_line && at_q == MAGIC) begin
          byte_q <= 2'd0;
          if (word_coming == vliw_pkg::BOOT_MAGIC) state_q <= USE;
        end else if (byte_q == 2'd3) state_q <= at_q == MAGIC || at_q == CRC ? USE : COUNT;
      end
      COUNT: if (bit_q == 5'd31) state_q <= USE;
      USE: begin
        state_q <= ASK;
        at_q <= at_q == RECORDS ? RECORDS : at_e'(at_q + 3'd1);
        case (at_q)
          MAGIC: begin
            if (is_look) there_q[what_q == LOOK_B] <= ~is_none;
            if (is_guest_o && is_none) begin
              state_q <= CLOSE;
              next_q <= GO;
            end
          end
          CRC: begin
            crc_want_q <= word_q;
            crc_q <= '1;
          end
          COUNT_OF_WORDS: words_q <= word_q;
          NUMBER: if (is_look) begin
            number_q[what_q == LOOK_B] <= word_q;
            left_q[what_q == LOOK_B] <= there_q[what_q == LOOK_B];
            state_q <= CLOSE;
            next_q <= CHOOSE;
          end
          default: begin
            state_q <= USE;
            if (word_take_i) begin
              words_q <= words_q - 32'd1;
              state_q <= words_q == 32'd1 ? LAST : ASK;
            end
          end
        endcase
      end
      LAST: if (!load_busy_i) begin
        state_q <= CLOSE;
        next_q <= is_guest_o || again_q ? GO : OPEN;
        has_guest_o <= is_guest_o;
      end
      CLOSE: if (bit_q == 5'd31) begin
        state_q <= next_q;
        if (next_q == OPEN) what_q <= GUEST;
      end
      SAY: if (32'(place_q) == TEXT_BYTES - 1 && tx_ready_i) begin
        state_q <= CHOOSE;
        if (text_q == TEXT_WAITING || is_line) state_q <= OPEN;
        if (text_q == TEXT_WAITING) what_q <= LINE;
        else if (is_line && listens_q) what_q <= LOOK_A;
        listens_q <= 1'b0;
        if (is_guest_o) state_q <= GO;
      end
      default: if (stop_i) begin
        state_q <= OPEN;
        what_q <= LINE;
        listens_q <= 1'b1;
        again_q <= 1'b1;
        has_guest_o <= 1'b0;
      end
    endcase
    if (fails) begin
      state_q <= CLOSE;
      next_q <= SAY;
      text_q <= what_q;
      damaged_o <= 1'b1;
      has_guest_o <= 1'b0;
    end
    if (!rst_ni) begin
      state_q <= OPEN;
      what_q <= LINE;
      listens_q <= 1'b1;
      again_q <= 1'b0;
      left_q <= 2'd0;
      damaged_o <= 1'b0;
      has_guest_o <= 1'b0;
    end
  end
endmodule

`default_nettype wire
