// SPDX-License-Identifier: Apache-2.0
// d = c + a[0] b[0] + ... of E4M3 factors and a binary32 accumulator, as the FP8 units of NVIDIA's Hopper
// add: exact products and the accumulator are cut toward zero at KEPT bits below the greatest exponent, then
// added, and of the sum 13 fraction bits are kept (spec/mma.md MMA-4, MMA-14). Combinational.
module fp8_dot #(
    parameter int K = 4,     // products
    parameter int KEPT = 13  // fraction bits of a term
) (
    input  logic [K-1:0][7:0] a, b,
    input  logic [31:0] c,
    output logic [31:0] d
);
  localparam int NOTHING = -1000;          // exponent of a zero
  localparam int BITS = KEPT + 2 + $clog2(K + 2);  // of a sum: terms are below 4
  typedef logic signed [BITS:0] sum_t;

  // The exponent of a factor, and its significand with 3 fraction bits.
  function automatic int exponent_of(logic [3:0] field);
    return (field == 0 ? 1 : int'(field)) - 7;
  endfunction
  function automatic logic [3:0] significand_of(logic [6:0] x);
    return {x[6:3] != 0, x[2:0]};
  endfunction
  // A magnitude with `fraction` fraction bits and this exponent on the grid KEPT bits below 2^top.
  function automatic sum_t on_grid(logic negative, logic [63:0] magnitude, int fraction, int exponent, int top);
    int shift;
    logic [63:0] cut;
    shift = top - exponent + fraction - KEPT;
    cut   = shift > 63 ? 64'd0 : shift >= 0 ? magnitude >> shift : magnitude << -shift;
    return negative ? -sum_t'(cut) : sum_t'(cut);
  endfunction

  logic is_nan, negative;
  logic [K-1:0][7:0] product;
  int exponent[K];
  int c_exponent, top, place, result;
  logic [23:0] c_significand;
  sum_t sum, absolute;
  logic [63:0] magnitude;

  always_comb begin
    is_nan = &c[30:23] && c[22:0] != 0;
    c_significand = {c[30:23] != 0, c[22:0]};
    c_exponent    = c[30:0] == 0 ? NOTHING : (c[30:23] == 0 ? 1 : int'(c[30:23])) - 127;
    top           = c_exponent;
    for (int i = 0; i < K; i++) begin
      is_nan |= &a[i][6:0] || &b[i][6:0];
      product[i]  = significand_of(a[i][6:0]) * significand_of(b[i][6:0]);
      exponent[i] = exponent_of(a[i][6:3]) + exponent_of(b[i][6:3]);
      if (product[i] != 0 && exponent[i] > top) top = exponent[i];
    end

    sum = on_grid(c[31], 64'(c_significand), 23, c_exponent, top);
    for (int i = 0; i < K; i++) sum += on_grid(a[i][7] ^ b[i][7], 64'(product[i]), 6, exponent[i], top);

    // The leading bit of the sum, its exponent, and 13 bits behind it.
    negative  = sum < 0;
    absolute  = negative ? -sum : sum;
    magnitude = 64'(absolute);
    place     = 0;
    for (int i = 0; i < BITS; i++) if (magnitude[i]) place = i;
    result = top - KEPT + place + 127;
    if (result < 1) begin
      place  = place + 1 - result;  // a subnormal: all products are zero
      result = 0;
    end
    magnitude = (magnitude << 13) >> place;
    d = {negative, 8'(result), magnitude[12:0], 10'b0};
    if (sum == 0) d = '0;
    if (&c[30:23]) d = {c[31], 8'hff, 23'b0};
    if (is_nan) d = 32'h7fffffff;
  end
endmodule
