// SPDX-License-Identifier: MIT
// Data memories of the simulated machine: firmware RAM, flash and guest RAM on chip, one cycle. Port 0 reads, port 1
// reads or writes, and reads before it writes. What port 0 reads from the word that port 1 writes in the same cycle is
// undefined in block RAM; here it is the complement, so that nobody comes to rely on it. A faulting store arrives, too,
// and is taken back two cycles later with the word that was read; so what is read and what is written must be the same
// word for every address.
`default_nettype none

module data_mem #(
  parameter int unsigned FwramBytes = vliw_pkg::CONFIG_WIDE_FWRAM_BYTES,
  parameter int unsigned FlashBytes = vliw_pkg::CONFIG_WIDE_FLASH_BYTES,
  parameter int unsigned GuestBytes = vliw_pkg::CONFIG_WIDE_GUEST_BYTES
) (
  input  wire         clk_i,
  input  wire         ce_i,
  input  wire         read0_i,
  input  wire  [31:0] address0_i,
  output logic [31:0] data0_o,
  input  wire         read1_i,
  input  wire  [31:0] address1_i,
  input  wire  [3:0]  strobe1_i,
  input  wire  [31:0] wdata1_i,
  output logic [31:0] data1_o
);
  localparam int unsigned FWRAM_W = $clog2(FwramBytes);
  localparam int unsigned FLASH_W = $clog2(FlashBytes);
  localparam int unsigned GUEST_W = $clog2(GuestBytes);

  logic [31:0] fwram_q[FwramBytes/4] /* verilator public_flat_rw */;
  logic [31:0] flash_q[FlashBytes/4] /* verilator public_flat_rw */;
  logic [31:0] guest_q[GuestBytes/4] /* verilator public_flat_rw */;

  always_ff @(posedge clk_i) begin
    if (ce_i && read0_i) begin
      if (address0_i[31]) data0_o <= guest_q[address0_i[GUEST_W-1:2]];
      else if (address0_i[31:28] == vliw_pkg::MEM_FLASH_TOP) data0_o <= flash_q[address0_i[FLASH_W-1:2]];
      else data0_o <= fwram_q[address0_i[FWRAM_W-1:2]];
    end
    if (ce_i && read0_i && (|strobe1_i) && address0_i[31:2] == address1_i[31:2])
      data0_o <= ~guest_q[address0_i[GUEST_W-1:2]];
    if (ce_i && read1_i) begin
      if (address1_i[31]) data1_o <= guest_q[address1_i[GUEST_W-1:2]];
      else if (address1_i[31:28] == vliw_pkg::MEM_FLASH_TOP) data1_o <= flash_q[address1_i[FLASH_W-1:2]];
      else data1_o <= fwram_q[address1_i[FWRAM_W-1:2]];
    end
    if (ce_i) begin
      for (int b = 0; b < 4; b++) begin
        if (strobe1_i[b]) begin
          if (address1_i[31]) guest_q[address1_i[GUEST_W-1:2]][8*b +: 8] <= wdata1_i[8*b +: 8];
          else if (address1_i[31:28] == vliw_pkg::MEM_FLASH_TOP)
            flash_q[address1_i[FLASH_W-1:2]][8*b +: 8] <= wdata1_i[8*b +: 8];
          else fwram_q[address1_i[FWRAM_W-1:2]][8*b +: 8] <= wdata1_i[8*b +: 8];
        end
      end
    end
  end

  logic unused_bits;
  assign unused_bits = &{1'b0, address0_i, address1_i};
endmodule

`default_nettype wire
