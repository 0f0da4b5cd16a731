// SPDX-License-Identifier: MIT
// An SPI flash chip, for simulation: identification (9f), status (05), write enable and disable (06, 04), read (03,
// 0b), page program (02), sector erase (20). Whoever builds it gives spi_flash_error (DPI), which is told each rule
// that is broken, by name, with the cycle. Rules:
//   command   none of the above             busy      anything but reading the status while a page or sector is written
//   enable    written without enable        cut       deselected in the middle of a command, an address or a byte
//   long      more bytes than the command   wrap      programmed beyond the end of a page (goes on at its beginning)
//             has (then it is not done)     address   beyond the chip (its upper bits are ignored)
//   erased    a 1 programmed where a 0 is   clock     SCK is low or high for less than MinHalf cycles
//   rest      selected again too soon       steady    MOSI changes while SCK is high, or CS other than with SCK low
//
// Pins are looked at once a cycle of clk_i. An answer is on miso_o Delay cycles after the edge of clk_i with which SCK
// fell, and that bit alone; where nobody drives it, it is never the same for long. What is programmed is ANDed to what
// is there. It is written at the end of ProgramCycles, of EraseCycles: without power before, the page is half
// programmed, the sector half erased.
`default_nettype none

module spi_flash_model #(
  parameter int unsigned Bytes = 65536,          // a power of two, 16 MiB at most
  parameter int unsigned Delay = 1,              // 1 to 7
  parameter int unsigned MinHalf = 1,
  parameter int unsigned MinRest = 5,
  parameter int unsigned ProgramCycles = 400,
  parameter int unsigned EraseCycles = 4000,
  parameter int unsigned Id = 0,                 // which of several, for spi_flash_error
  parameter logic [23:0] Jedec = 24'hef4018
) (
  input  wire        clk_i,
  input  wire        power_i,
  input  wire        cs_ni,
  input  wire        sck_i,
  input  wire        mosi_i,
  output logic       miso_o
);
  import "DPI-C" function void spi_flash_error(input int unsigned id, input string rule, input int unsigned cycle);

  localparam logic [7:0] PROGRAM = 8'h02, READ = 8'h03, DISABLE = 8'h04, STATUS = 8'h05, ENABLE = 8'h06,
    FAST_READ = 8'h0b, ERASE = 8'h20, IDENTITY = 8'h9f;
  localparam int ADDRESS_W = $clog2(Bytes);
  localparam int unsigned PAGE = 256, SECTOR = 4096;

  logic [7:0] cells[Bytes] /* verilator public_flat_rw */;

  int          now;
  bit          selected, sck, mosi;              // as they were
  int          half_since, rest_since;           // SCK's last edge; CS's last rise
  bit          write_enable;
  int          busy_left;
  bit          is_erasing;                       // or programming, if busy_left
  // the command that comes in
  logic [7:0]  command;
  int          bytes, bits;                      // that have come
  logic [7:0]  shift_in, shift_out;
  bit          drives;
  logic [23:0] address;                          // and of what is written, as long as busy_left is not 0
  logic [7:0]  page[PAGE];
  bit          given[PAGE];                      // bytes of the page that are to be programmed
  bit          is_ignored;
  // to the pin
  bit   [7:0]  out;
  logic [31:0] noise;

  task automatic complain(input string rule);
    spi_flash_error(Id, rule, now);
  endtask

  // What is written comes true, or half of it when power goes.
  task automatic write_cells(input bit is_whole);
    int unsigned base = int'(address[ADDRESS_W-1:0]);
    if (is_erasing) begin
      base -= base % SECTOR;
      for (int unsigned i = 0; i < SECTOR; i++)
        cells[base+i] = is_whole ? 8'hff : cells[base+i] | noise[i%24 +: 8];
    end else begin
      base -= base % PAGE;
      for (int unsigned i = 0; i < PAGE; i++)
        if (given[i]) cells[base+i] &= is_whole ? page[i] : page[i] | noise[i%24 +: 8];
    end
  endtask

  task automatic lose_power();
    if (busy_left != 0) write_cells(0);
    now = 0;
    selected = 0;
    sck = 0;
    half_since = 0;
    rest_since = -int'(MinRest);
    write_enable = 0;
    busy_left = 0;
    drives = 0;
  endtask

  // --- what a byte means
  task automatic first_byte();
    command = shift_in;
    case (command)
      PROGRAM, READ, DISABLE, STATUS, ENABLE, FAST_READ, ERASE, IDENTITY: ;
      default: complain("command");
    endcase
    if (busy_left != 0 && command != STATUS) begin
      complain("busy");
      is_ignored = 1;
    end
    if ((command == PROGRAM || command == ERASE) && !write_enable) begin
      complain("enable");
      is_ignored = 1;
    end
  endtask

  task automatic program_byte();
    int at = int'(address[7:0]);
    if (bytes > 4 && at == 0) complain("wrap");
    if (!given[at]) page[at] = shift_in;
    else page[at] &= shift_in;
    given[at] = 1;
    if ((shift_in & ~cells[address[ADDRESS_W-1:0]]) != 8'd0) complain("erased");
    address[7:0] = address[7:0] + 8'd1;
  endtask

  task automatic take_byte();
    if (bytes == 0) first_byte();
    else if (bytes <= 3 && has_address() && !is_ignored) begin
      address = {address[15:0], shift_in};
      if (bytes == 3 && address >> ADDRESS_W != '0) complain("address");
    end else if (command == PROGRAM && !is_ignored) program_byte();
    bytes++;
  endtask

  function automatic bit has_address();
    has_address = command == PROGRAM || command == READ || command == FAST_READ || command == ERASE;
  endfunction

  // The byte to be given next, when there is one.
  task automatic next_out();
    drives = !is_ignored;
    if (command == STATUS) shift_out = {6'd0, write_enable, busy_left != 0};
    else if (command == IDENTITY && bytes <= 3) shift_out = Jedec[8*(3-bytes) +: 8];
    else if ((command == READ && bytes >= 4) || (command == FAST_READ && bytes >= 5)) begin
      shift_out = cells[address[ADDRESS_W-1:0]];
      address = address + 24'd1;
    end else drives = 0;
  endtask

  // --- pins
  task automatic begin_command();
    if (now - rest_since < int'(MinRest)) complain("rest");
    bytes = 0;
    bits = 0;
    is_ignored = 0;
    if (busy_left == 0) for (int i = 0; i < PAGE; i++) given[i] = 0;
  endtask

  task automatic start_writing();
    is_erasing = command == ERASE;
    busy_left = is_erasing ? int'(EraseCycles) : int'(ProgramCycles);
  endtask

  task automatic end_command();
    int least = (command == PROGRAM) ? 5 : has_address() ? 4 : 1;
    int most = (command == ERASE) ? 4 : (command == ENABLE || command == DISABLE) ? 1 : bytes;
    rest_since = now;
    drives = 0;
    if (bits != 0 || (bytes != 0 && bytes < least)) complain("cut");
    else if (bytes > most) complain("long");
    else if (bytes != 0 && !is_ignored) begin
      if (command == ENABLE) write_enable = 1;
      if (command == DISABLE) write_enable = 0;
      if (command == PROGRAM || command == ERASE) start_writing();
    end
  endtask

  task automatic clock_edge();
    if (now - half_since < int'(MinHalf)) complain("clock");
    half_since = now;
    if (sck_i) begin
      shift_in = {shift_in[6:0], mosi_i};
      bits++;
      if (bits == 8) take_byte();
    end else begin
      shift_out = {shift_out[6:0], 1'b0};
      if (bits == 8) begin
        bits = 0;
        next_out();
      end
    end
  endtask

  // A byte has ended when SCK falls behind its last bit.
  task automatic look_at_pins();
    if (selected == cs_ni && sck_i) complain("steady");
    if (selected && sck && sck_i && mosi != mosi_i) complain("steady");
    if (!selected && !cs_ni) begin_command();
    if (selected && cs_ni) end_command();
    if (!cs_ni && selected && sck != sck_i) clock_edge();
    selected = !cs_ni;
    sck = sck_i;
    mosi = mosi_i;
  endtask

  task automatic write_on();
    if (busy_left == 0) return;
    busy_left--;
    if (busy_left == 0) begin
      write_cells(1);
      write_enable = 0;
    end
  endtask

  initial for (int unsigned i = 0; i < Bytes; i++) cells[i] = 8'hff;

  // Blocking: what happens within a cycle happens in this order.
  always @(posedge clk_i) begin
    noise = {noise[30:0], ~(noise[31] ^ noise[21] ^ noise[1] ^ noise[0])};
    if (!power_i) begin
      lose_power();
    end else begin
      write_on();
      look_at_pins();
      now++;
    end
    out = {out[6:0], drives ? shift_out[7] : noise[0]};
    miso_o <= out[Delay-1];
  end
endmodule

`default_nettype wire
