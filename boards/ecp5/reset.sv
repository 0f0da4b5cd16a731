// SPDX-License-Identifier: MIT
// Reset of a board's machine: on as long as the clock is not there or the button is pressed, and some cycles more.
`default_nettype none

module reset (
    input  wire  clk_i,
    input  wire  ok_i,       // of no clock
    output logic rst_no
);
    logic [1:0] ok_q = 2'b00;
    logic [7:0] count_q = 8'd0;

    assign rst_no = count_q[7];

    always_ff @(posedge clk_i) begin
        ok_q <= {ok_q[0], ok_i};
        if (!ok_q[1]) count_q <= 8'd0;
        else if (!count_q[7]) count_q <= count_q + 1'b1;
    end
endmodule

`default_nettype wire
