// SPDX-License-Identifier: Apache-2.0
// Any IEEE format of IN_EXP and IN_FRAC bits to an FP8 format of OCP, to nearest, ties to even, with the
// exception flags of RISC-V (tininess after rounding). Combinational.
module fp8_convert #(
    parameter int IN_EXP = 5, IN_FRAC = 10,  // binary16; binary32: 8, 23
    parameter int EXP = 4, FRAC = 3,         // E4M3; E5M2: 5, 2
    parameter bit SATURATE = 0,              // infinities and what overflows become the greatest finite
    // For the test of the test bench: 1 takes ties away from zero, 2 judges tininess on the subnormal
    // grid, so that what rounds up to the least normal is never tiny.
    parameter int MISTAKE = 0
) (
    input  logic [IN_EXP+IN_FRAC:0] in,
    output logic [7:0] out,
    output logic [4:0] flags  // invalid, divide by zero, overflow, underflow, inexact
);
  localparam int IN_BIAS = 2 ** (IN_EXP - 1) - 1, BIAS = 2 ** (EXP - 1) - 1;
  localparam bit INFINITE = EXP == 5;  // E4M3 has no infinity and its only NaN in the highest code
  localparam int GREATEST = INFINITE ? 'h7b : 'h7e, NAN_CODE = INFINITE ? 'h7e : 'h7f;

  // The fields of the input.
  logic sign;
  logic [IN_EXP-1:0] field;
  logic [IN_FRAC-1:0] fraction;
  assign {sign, field, fraction} = in;

  logic is_special, is_nan, is_signalling, guard, next, below, tiny, inexact, overflow;
  logic [IN_FRAC:0] significand;
  // What the result can hold is in front of guard.
  logic is_normal;
  logic [FRAC-1:0] kept;
  logic [2*IN_FRAC-FRAC-1:0] lower;
  int exponent, binade, shift, magnitude;

  always_comb begin
    is_special    = &field;
    is_nan        = is_special && fraction != 0;
    is_signalling = is_nan && fraction < 2 ** (IN_FRAC - 1);
    significand   = {field != 0, fraction};

    // The result's last place: that of its binade, or of the subnormals.
    exponent = (field == 0 ? 1 : int'(field)) - IN_BIAS;
    binade   = exponent < 1 - BIAS ? 1 - BIAS : exponent;
    shift    = binade - exponent > FRAC + 2 ? FRAC + 2 : binade - exponent;
    {is_normal, kept, guard, next, lower} = {significand, {(IN_FRAC + 2) {1'b0}}} >> shift;
    below = next || |lower;

    // A carry runs into the exponent, from subnormals, too.
    magnitude = ((binade + BIAS - 1) << FRAC) + int'({is_normal, kept});
    if (guard && (below || (kept & 1) != 0 || MISTAKE == 1)) magnitude++;

    overflow = magnitude > GREATEST;
    inexact  = guard || below || overflow;
    // With one more bit, that of a normal, the greatest subnormals round up to the least normal from 3/4 on.
    tiny     = !is_normal && !(&kept && guard && next);
    if (MISTAKE == 2) tiny = magnitude < 2 ** FRAC;

    out   = {sign, 7'(magnitude)};
    flags = {2'b0, overflow, tiny && inexact, inexact};
    if (is_nan) begin
      out   = {sign, 7'(NAN_CODE)};
      flags = {is_signalling, 4'b0};
    end else if (is_special || overflow) begin
      out = {sign, SATURATE ? 7'(GREATEST) : INFINITE ? 7'h7c : 7'(NAN_CODE)};
      // An infinity that becomes one is exact.
      flags = is_special && INFINITE && !SATURATE ? '0 : 5'b00101;
    end
  end
endmodule
