// SPDX-License-Identifier: MIT
// Block RAM of ECP5, for simulating netlists (yosys has only its ports): 1,024 rows of two 9-bit bytes, two ports of
// 1 to 36 bits. Narrow widths (1, 2, 4) leave the ninth bit of each byte alone. With 18 bits or more the lowest address
// bits are byte enables. A port of 36 bits has a pair of rows: DIA and DOA are the lower halves, DIB and DOB the upper;
// port A writes, port B reads (Lattice calls it pseudo dual port).
//
// What a port reads while the other writes the same row is not defined by the chip; here it comes out inverted, so that
// a design that trusts it is found out. The output registers (OUTREG) are refused: yosys does not use them.
`default_nettype none

module DP16KD #(
  parameter int DATA_WIDTH_A = 18,
  parameter int DATA_WIDTH_B = 18,
  parameter REGMODE_A = "NOREG",
  parameter REGMODE_B = "NOREG",
  parameter WRITEMODE_A = "NORMAL",
  parameter WRITEMODE_B = "NORMAL",
  parameter RESETMODE = "SYNC",
  parameter ASYNC_RESET_RELEASE = "SYNC",
  parameter [39:0] CSDECODE_A = "0b000",
  parameter [39:0] CSDECODE_B = "0b000",
  parameter CLKAMUX = "CLKA",
  parameter CLKBMUX = "CLKB",
  parameter GSR = "ENABLED",
  parameter [319:0] INITVAL_00 = 320'b0,
  parameter [319:0] INITVAL_01 = 320'b0,
  parameter [319:0] INITVAL_02 = 320'b0,
  parameter [319:0] INITVAL_03 = 320'b0,
  parameter [319:0] INITVAL_04 = 320'b0,
  parameter [319:0] INITVAL_05 = 320'b0,
  parameter [319:0] INITVAL_06 = 320'b0,
  parameter [319:0] INITVAL_07 = 320'b0,
  parameter [319:0] INITVAL_08 = 320'b0,
  parameter [319:0] INITVAL_09 = 320'b0,
  parameter [319:0] INITVAL_0A = 320'b0,
  parameter [319:0] INITVAL_0B = 320'b0,
  parameter [319:0] INITVAL_0C = 320'b0,
  parameter [319:0] INITVAL_0D = 320'b0,
  parameter [319:0] INITVAL_0E = 320'b0,
  parameter [319:0] INITVAL_0F = 320'b0,
  parameter [319:0] INITVAL_10 = 320'b0,
  parameter [319:0] INITVAL_11 = 320'b0,
  parameter [319:0] INITVAL_12 = 320'b0,
  parameter [319:0] INITVAL_13 = 320'b0,
  parameter [319:0] INITVAL_14 = 320'b0,
  parameter [319:0] INITVAL_15 = 320'b0,
  parameter [319:0] INITVAL_16 = 320'b0,
  parameter [319:0] INITVAL_17 = 320'b0,
  parameter [319:0] INITVAL_18 = 320'b0,
  parameter [319:0] INITVAL_19 = 320'b0,
  parameter [319:0] INITVAL_1A = 320'b0,
  parameter [319:0] INITVAL_1B = 320'b0,
  parameter [319:0] INITVAL_1C = 320'b0,
  parameter [319:0] INITVAL_1D = 320'b0,
  parameter [319:0] INITVAL_1E = 320'b0,
  parameter [319:0] INITVAL_1F = 320'b0,
  parameter [319:0] INITVAL_20 = 320'b0,
  parameter [319:0] INITVAL_21 = 320'b0,
  parameter [319:0] INITVAL_22 = 320'b0,
  parameter [319:0] INITVAL_23 = 320'b0,
  parameter [319:0] INITVAL_24 = 320'b0,
  parameter [319:0] INITVAL_25 = 320'b0,
  parameter [319:0] INITVAL_26 = 320'b0,
  parameter [319:0] INITVAL_27 = 320'b0,
  parameter [319:0] INITVAL_28 = 320'b0,
  parameter [319:0] INITVAL_29 = 320'b0,
  parameter [319:0] INITVAL_2A = 320'b0,
  parameter [319:0] INITVAL_2B = 320'b0,
  parameter [319:0] INITVAL_2C = 320'b0,
  parameter [319:0] INITVAL_2D = 320'b0,
  parameter [319:0] INITVAL_2E = 320'b0,
  parameter [319:0] INITVAL_2F = 320'b0,
  parameter [319:0] INITVAL_30 = 320'b0,
  parameter [319:0] INITVAL_31 = 320'b0,
  parameter [319:0] INITVAL_32 = 320'b0,
  parameter [319:0] INITVAL_33 = 320'b0,
  parameter [319:0] INITVAL_34 = 320'b0,
  parameter [319:0] INITVAL_35 = 320'b0,
  parameter [319:0] INITVAL_36 = 320'b0,
  parameter [319:0] INITVAL_37 = 320'b0,
  parameter [319:0] INITVAL_38 = 320'b0,
  parameter [319:0] INITVAL_39 = 320'b0,
  parameter [319:0] INITVAL_3A = 320'b0,
  parameter [319:0] INITVAL_3B = 320'b0,
  parameter [319:0] INITVAL_3C = 320'b0,
  parameter [319:0] INITVAL_3D = 320'b0,
  parameter [319:0] INITVAL_3E = 320'b0,
  parameter [319:0] INITVAL_3F = 320'b0
) (
  input  wire  DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9,
  input  wire  DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0,
  input  wire  ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7,
  input  wire  ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
  input  wire  CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
  output logic DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9,
  output logic DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
  input  wire  DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9,
  input  wire  DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0,
  input  wire  ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7,
  input  wire  ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
  input  wire  CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
  output logic DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9,
  output logic DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);
  // A decode parameter is a text, "0b101": the lowest bit of each character is the value.
  localparam logic [2:0] SELECT_A = {CSDECODE_A[16], CSDECODE_A[8], CSDECODE_A[0]};
  localparam logic [2:0] SELECT_B = {CSDECODE_B[16], CSDECODE_B[8], CSDECODE_B[0]};
  localparam logic [64*320-1:0] INITIAL = {
    INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39, INITVAL_38,
    INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30,
    INITVAL_2F, INITVAL_2E, INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28,
    INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20,
    INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18,
    INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10,
    INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A, INITVAL_09, INITVAL_08,
    INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01, INITVAL_00
  };

  logic [17:0] rows_q [1024];

  wire  [17:0] in_a = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9,
                      DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};
  wire  [13:0] at_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7,
                      ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire         clk_a = CLKAMUX == "INV" ? ~CLKA : CLKA;
  wire         on_a = CEA && {CSA2, CSA1, CSA0} == SELECT_A;
  wire  [17:0] in_b = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9,
                      DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0};
  wire  [13:0] at_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7,
                      ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire         clk_b = CLKBMUX == "INV" ? ~CLKB : CLKB;
  wire         on_b = CEB && {CSB2, CSB1, CSB0} == SELECT_B;

  // A port of up to 36 bits as a row pair: which bits it writes, what it writes there, and its bits of what it read.
  function automatic logic [35:0] write_mask(int width, logic [13:0] at);
    logic [35:0] mask = '0;
    case (width)
      36: mask = {{9{at[3]}}, {9{at[2]}}, {9{at[1]}}, {9{at[0]}}};
      18: mask[17:0] = {{9{at[1]}}, {9{at[0]}}};
      default: mask = place_of(width, at, (36'd1 << width) - 36'd1);
    endcase
    if (width == 18 && at[4])
      mask = mask << 18;
    return mask;
  endfunction

  function automatic logic [35:0] place_of(int width, logic [13:0] at, logic [35:0] value);
    return value << shift_of(width, at);
  endfunction

  function automatic int shift_of(int width, logic [13:0] at);
    int bit_of_byte = width == 1 ? 32'(at[2:0]) : width == 2 ? 32'({at[2:1], 1'b0}) :
      width == 4 ? 32'({at[2], 2'b00}) : 0;
    if (width == 36)
      return 0;
    return (at[4] ? 18 : 0) + (width < 18 && at[3] ? 9 : 0) + bit_of_byte;
  endfunction

  function automatic logic [35:0] cut_to(int width, logic [35:0] value);
    return width == 36 ? value : value & ((36'd1 << width) - 36'd1);
  endfunction

  wire  [8:0]  pair_a = at_a[13:5];
  wire  [8:0]  pair_b = at_b[13:5];
  wire         write_a = on_a & WEA & ~(RESETMODE == "SYNC" & RSTA);
  wire         write_b = on_b & WEB & ~(RESETMODE == "SYNC" & RSTB);
  wire  [35:0] mask_a = write_mask(DATA_WIDTH_A, at_a) & {36{write_a}};
  wire  [35:0] mask_b = write_mask(DATA_WIDTH_B, at_b) & {36{write_b}};
  wire  [35:0] value_a = DATA_WIDTH_A == 36 ? {in_b, in_a} : place_of(DATA_WIDTH_A, at_a, 36'(in_a));
  wire  [35:0] value_b = DATA_WIDTH_B == 36 ? {in_b, in_a} : place_of(DATA_WIDTH_B, at_b, 36'(in_b));
  wire  [35:0] new_a = (now_a & ~mask_a) | (value_a & mask_a);
  wire  [35:0] new_b = (now_b & ~mask_b) | (value_b & mask_b);
  wire  [35:0] now_a = {rows_q[{pair_a, 1'b1}], rows_q[{pair_a, 1'b0}]};
  wire  [35:0] now_b = {rows_q[{pair_b, 1'b1}], rows_q[{pair_b, 1'b0}]};

  logic [35:0] out_a_q;
  logic [35:0] out_b_q;

  wire  [35:0] seen_a = now_a ^ (pair_a == pair_b ? mask_b : '0);
  wire  [35:0] read_a = WRITEMODE_A == "WRITETHROUGH" & write_a ? new_a : seen_a;
  wire         take_a = on_a & ~(WRITEMODE_A == "NORMAL" & write_a);

  wire  [35:0] seen_b = now_b ^ (pair_b == pair_a ? mask_a : '0);
  wire  [35:0] read_b = WRITEMODE_B == "WRITETHROUGH" & write_b ? new_b : seen_b;
  wire         take_b = on_b & ~(WRITEMODE_B == "NORMAL" & write_b);

  if (RESETMODE == "ASYNC") begin : g_async_a
    always_ff @(posedge clk_a, posedge RSTA)
      if (RSTA)
        out_a_q <= '0;
      else if (take_a)
        out_a_q <= cut_to(DATA_WIDTH_A, read_a >> shift_of(DATA_WIDTH_A, at_a));
  end else begin : g_sync_a
    always_ff @(posedge clk_a)
      if (RSTA)
        out_a_q <= '0;
      else if (take_a)
        out_a_q <= cut_to(DATA_WIDTH_A, read_a >> shift_of(DATA_WIDTH_A, at_a));
  end

  if (RESETMODE == "ASYNC") begin : g_async_b
    always_ff @(posedge clk_b, posedge RSTB)
      if (RSTB)
        out_b_q <= '0;
      else if (take_b)
        out_b_q <= cut_to(DATA_WIDTH_B, read_b >> shift_of(DATA_WIDTH_B, at_b));
  end else begin : g_sync_b
    always_ff @(posedge clk_b)
      if (RSTB)
        out_b_q <= '0;
      else if (take_b)
        out_b_q <= cut_to(DATA_WIDTH_B, read_b >> shift_of(DATA_WIDTH_B, at_b));
  end

  always_ff @(posedge clk_a)
    for (int i = 0; i < 2; i++)
      if (|mask_a[i*18 +: 18])
        rows_q[{pair_a, i[0]}] <= new_a[i*18 +: 18];

  always_ff @(posedge clk_b)
    for (int i = 0; i < 2; i++)
      if (|mask_b[i*18 +: 18])
        rows_q[{pair_b, i[0]}] <= new_b[i*18 +: 18];

  initial begin
    for (int i = 0; i < 1024; i++)
      rows_q[i] = INITIAL[20*i +: 18];
    out_a_q = '0;
    out_b_q = '0;
    if (REGMODE_A != "NOREG" || REGMODE_B != "NOREG")
      $fatal(1, "DP16KD: REGMODE other than NOREG is not modelled");
  end

  // The reader of 36 bits is port B; its lower half stands on the other port's outputs.
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9,
          DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0} = DATA_WIDTH_B == 36 ? out_b_q[17:0] : out_a_q[17:0];
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9,
          DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0} = DATA_WIDTH_B == 36 ? out_b_q[35:18] : out_b_q[17:0];
endmodule

`default_nettype wire
