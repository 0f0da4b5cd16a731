// SPDX-License-Identifier: MIT
// What yosys makes block RAM, multipliers, distributed RAM, carry chains, wide multiplexers and flip-flops of: once as
// it stands here and once as a netlist (cells_net), side by side under random inputs (cells_bench.sv).
`default_nettype none

// One port that reads and writes; what it reads while it writes: 0 old word, 1 new word, 2 the word read last.
module cells_ram #(
  parameter int unsigned Width = 18,
  parameter int unsigned AddressW = 10,
  parameter int unsigned Mode = 0,
  parameter bit          HasReset = 1'b0
) (
  input  wire                 clk_i,
  input  wire                 ce_i,
  input  wire                 we_i,
  input  wire                 reset_i,
  input  wire  [AddressW-1:0] address_i,
  input  wire  [Width-1:0]    data_i,
  output logic [Width-1:0]    data_o
);
  (* ram_style = "block" *)
  logic [Width-1:0] words_q [2**AddressW];

  // Not all of them: yosys takes its time for each, and the rest is 0.
  initial
    for (int i = 0; i < 256; i++)
      words_q[i] = Width'(i * 29 + (i >> 3) * 7);

  always_ff @(posedge clk_i) begin
    if (ce_i) begin
      if (we_i)
        words_q[address_i] <= data_i;
      if (Mode == 1 && we_i)
        data_o <= data_i;
      else if (Mode != 2 || !we_i)
        data_o <= words_q[address_i];
    end
    if (HasReset && reset_i)
      data_o <= '0;
  end

  initial data_o = '0;
endmodule

module cells (
  input  wire          clk_i,
  input  wire  [7:0]   on_i,       // enables: mostly on
  input  wire  [3:0]   rare_i,     // resets: mostly off
  input  wire  [13:0]  address0_i,
  input  wire  [13:0]  address1_i,
  input  wire  [63:0]  data_i,
  output logic [35:0]  ram_pair_o,
  output logic [35:0]  ram_bytes_o,
  output logic [17:0]  ram_old_o,
  output logic [17:0]  ram_new_o,
  output logic [17:0]  ram_keep_o,
  output logic [17:0]  ram_reset_o,
  output logic [8:0]   ram9_o,
  output logic [3:0]   ram4_o,
  output logic [1:0]   ram2_o,
  output logic         ram1_o,
  output logic [35:0]  mul_signed_o,
  output logic [35:0]  mul_plain_o,
  output logic [35:0]  mul_mixed_o,
  output logic [7:0]   spread_o,
  output logic [32:0]  sum_o,
  output logic         less_o,
  output logic         pick_o,
  output logic [31:0]  ff_o
);
  cells_ram #(.Width(18), .AddressW(10), .Mode(0)) u_old (
    .clk_i, .ce_i(on_i[0]), .we_i(on_i[1]), .reset_i(1'b0), .address_i(address0_i[9:0]), .data_i(data_i[17:0]),
    .data_o(ram_old_o)
  );
  cells_ram #(.Width(18), .AddressW(10), .Mode(1)) u_new (
    .clk_i, .ce_i(on_i[0]), .we_i(on_i[1]), .reset_i(1'b0), .address_i(address0_i[9:0]), .data_i(data_i[17:0]),
    .data_o(ram_new_o)
  );
  cells_ram #(.Width(18), .AddressW(10), .Mode(2)) u_keep (
    .clk_i, .ce_i(on_i[0]), .we_i(on_i[1]), .reset_i(1'b0), .address_i(address0_i[9:0]), .data_i(data_i[17:0]),
    .data_o(ram_keep_o)
  );
  cells_ram #(.Width(18), .AddressW(10), .Mode(0), .HasReset(1'b1)) u_reset (
    .clk_i, .ce_i(on_i[0]), .we_i(on_i[1]), .reset_i(rare_i[0]), .address_i(address0_i[9:0]), .data_i(data_i[17:0]),
    .data_o(ram_reset_o)
  );
  cells_ram #(.Width(9), .AddressW(11)) u_9 (
    .clk_i, .ce_i(on_i[2]), .we_i(on_i[3]), .reset_i(1'b0), .address_i(address0_i[10:0]), .data_i(data_i[8:0]),
    .data_o(ram9_o)
  );
  cells_ram #(.Width(4), .AddressW(12)) u_4 (
    .clk_i, .ce_i(on_i[2]), .we_i(on_i[3]), .reset_i(1'b0), .address_i(address0_i[11:0]), .data_i(data_i[3:0]),
    .data_o(ram4_o)
  );
  cells_ram #(.Width(2), .AddressW(13)) u_2 (
    .clk_i, .ce_i(on_i[2]), .we_i(on_i[3]), .reset_i(1'b0), .address_i(address0_i[12:0]), .data_i(data_i[1:0]),
    .data_o(ram2_o)
  );
  cells_ram #(.Width(1), .AddressW(14)) u_1 (
    .clk_i, .ce_i(on_i[2]), .we_i(on_i[3]), .reset_i(1'b0), .address_i(address0_i), .data_i(data_i[0]),
    .data_o(ram1_o)
  );

  // A write port and a read port; whole words, and with byte enables.
  (* ram_style = "block" *)
  logic [35:0] pair_q [512];
  (* ram_style = "block" *)
  logic [35:0] bytes_q [512];

  always_ff @(posedge clk_i) begin
    if (on_i[4])
      pair_q[address0_i[8:0]] <= data_i[35:0];
    if (on_i[5])
      ram_pair_o <= pair_q[address1_i[8:0]];
    for (int i = 0; i < 4; i++)
      if (data_i[60+i])
        bytes_q[address0_i[8:0]][9*i +: 9] <= data_i[9*i +: 9];
    if (on_i[5])
      ram_bytes_o <= bytes_q[address1_i[8:0]];
  end

  initial begin
    for (int i = 0; i < 256; i++) begin
      pair_q[i] = 36'(i * 40503);
      bytes_q[i] = 36'(i * 30103);
    end
    ram_pair_o = '0;
    ram_bytes_o = '0;
  end

  assign mul_signed_o = $signed(data_i[17:0]) * $signed(data_i[35:18]);
  assign mul_plain_o = 36'(data_i[17:0]) * 36'(data_i[35:18]);
  assign mul_mixed_o = 36'($signed({{18{data_i[17]}}, data_i[17:0]}) * $signed({19'b0, data_i[34:18]}));

  (* ram_style = "distributed" *)
  logic [7:0] spread_q [16];
  initial
    for (int i = 0; i < 16; i++)
      spread_q[i] = 8'(i * 37);
  always_ff @(posedge clk_i)
    if (on_i[6])
      spread_q[address0_i[3:0]] <= data_i[7:0];
  assign spread_o = spread_q[address1_i[3:0]];

  assign sum_o = 33'(data_i[31:0]) + 33'(data_i[63:32]) + 33'(on_i[7]);
  assign less_o = $signed(data_i[31:0]) < $signed(data_i[63:32]);
  assign pick_o = data_i[address0_i[5:0]];

  // A flip-flop of each kind: plain, enabled, cleared, set, and cleared at once.
  logic [31:8] other_q;
  always_ff @(posedge clk_i) begin
    other_q[15:8] <= data_i[15:8];
    if (on_i[7])
      other_q[23:16] <= data_i[23:16];
    if (rare_i[1])
      other_q[27:24] <= '0;
    else if (on_i[7])
      other_q[27:24] <= data_i[27:24];
    if (rare_i[2])
      other_q[31:28] <= '1;
    else if (!on_i[7])
      other_q[31:28] <= data_i[31:28];
  end
  initial other_q = 24'hf0_0000;

  logic [7:0] cleared_q;
  always_ff @(posedge clk_i, posedge rare_i[3])
    if (rare_i[3])
      cleared_q <= '0;
    else if (on_i[6])
      cleared_q <= data_i[7:0];
  initial cleared_q = '0;
  assign ff_o = {other_q, cleared_q};
endmodule

`default_nettype wire
