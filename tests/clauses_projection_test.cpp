// SPDX-License-Identifier: Apache-2.0
// The clauses of spec/projection.md, each by the cases that its text names. The sweeps against the
// oracle are elsewhere.
#include <doctest/doctest.h>

#include <lowp/lowp.hpp>

namespace {

using namespace lowp;

constexpr double inf = __builtin_inf();

double value_of(const format& f, code_t code) {
  return float64::from_code(convert(f, code, formats::binary64));
}

exact value(double x) { return decode(float64{x}); }

code_t code_of(const format& f, double x, const projection& p = {}, std::uint64_t random = 0) {
  return encode(f, value(x), p, random);
}

unsigned flags_of(const format& f, double x, const projection& p = {}) {
  return encode_with_status(f, value(x), p).flags.bits;
}

/// What a P3109 worked result says for one value: codes under SatFinite, SatPropagate, SatNone.
struct saturations {
  code_t finite, propagate, none;
  friend bool operator==(const saturations&, const saturations&) = default;
};

saturations p3109_results(const format& f, double x, rounding round) {
  const projection finite{.round = round, .overflow = saturate};
  const projection propagate{
      .round = round, .overflow = saturate_finite, .no_infinity = no_infinity_rule::max_finite};
  const projection none{.round = round,
                        .no_infinity = no_infinity_rule::max_finite,
                        .negative = negative_rule::p3109};
  return {code_of(f, x, finite), code_of(f, x, propagate), code_of(f, x, none)};
}

}  // namespace

TEST_CASE("PRJ-1 the default projection, and the order of its steps") {
  CHECK(code_of(formats::e5m2, 1e9) == 0x7c);
  CHECK(code_of(formats::e4m3fn, 1e9) == 0x7f);
  CHECK(code_of(formats::e2m1, 1e9) == 7);
  CHECK(code_of(formats::e5m2, -1e-9) == 0x80);
  CHECK(encode(formats::e5m2, exact_nan(true)) == 0xfe);
  // NaN comes first: no other rule sees it.
  CHECK(encode(formats::e8m0fnu, exact_nan(true), {.negative = negative_rule::clamp}) == 0xff);
  // The sign is dropped before the direction of rounding is looked at.
  const projection up{.round = toward_positive, .negative = negative_rule::magnitude};
  CHECK(code_of(formats::e8m0fnu, -3, up) == 129);
  // Flushing follows rounding, the sign of zero follows flushing.
  const projection flush{.zero_sign = sign_rule::positive, .flush_subnormal_result = true};
  CHECK(code_of(formats::e5m2, -0x1p-15, flush) == 0);
}

TEST_CASE("PRJ-2 every rounding mode at a quarter, a half and three quarters of a step") {
  struct row {
    rounding mode;
    double even[3], odd[3], negative[3];
  };
  // Integers in mxint8's cousin int8: from 2 (even), 3 (odd) and -2.
  static constexpr row rows[] = {
      {to_nearest_even, {2, 2, 3}, {3, 4, 4}, {-2, -2, -3}},
      {to_nearest_away, {2, 3, 3}, {3, 4, 4}, {-2, -3, -3}},
      {to_nearest_zero, {2, 2, 3}, {3, 3, 4}, {-2, -2, -3}},
      {to_nearest_negative, {2, 2, 3}, {3, 3, 4}, {-2, -3, -3}},
      {toward_zero, {2, 2, 2}, {3, 3, 3}, {-2, -2, -2}},
      {toward_positive, {3, 3, 3}, {4, 4, 4}, {-2, -2, -2}},
      {toward_negative, {2, 2, 2}, {3, 3, 3}, {-3, -3, -3}},
      {away_from_zero, {3, 3, 3}, {4, 4, 4}, {-3, -3, -3}},
      {to_odd, {3, 3, 3}, {3, 3, 3}, {-3, -3, -3}},
  };
  for (const row& r : rows) {
    for (int i = 0; i < 3; ++i) {
      CAPTURE(static_cast<int>(r.mode));
      CAPTURE(i);
      const double part = 0.25 * (i + 1);
      const projection p{.round = r.mode};
      CHECK(value_of(formats::int8, code_of(formats::int8, 2 + part, p)) == r.even[i]);
      CHECK(value_of(formats::int8, code_of(formats::int8, 3 + part, p)) == r.odd[i]);
      CHECK(value_of(formats::int8, code_of(formats::int8, -2 - part, p)) == r.negative[i]);
      CHECK(code_of(formats::int8, 3, p) == 3);
    }
  }
  // Precision 1: parity of the exponent field, so 1.5 x 2^k goes to the even code.
  CHECK(code_of(formats::e8m0fnu, 1.5) == 128);
  CHECK(code_of(formats::e8m0fnu, 3) == 128);
  CHECK(code_of(formats::binary8p1se, 1.5) == 0x40);
}

TEST_CASE("PRJ-3 stochastic rounding: the number of random words that round away") {
  // nu = k/32 between 1 and 1.125 in e4m3fn, N = 4.
  for (int k = 0; k < 32; ++k) {
    int a = 0, b = 0, c = 0;
    for (std::uint64_t r = 0; r < 16; ++r) {
      const double x = 1 + k * 0x1p-8;
      a += code_of(formats::e4m3fn, x, {.round = stochastic_a, .random_bits = 4}, r) == 0x39;
      b += code_of(formats::e4m3fn, x, {.round = stochastic_b, .random_bits = 4}, r) == 0x39;
      c += code_of(formats::e4m3fn, x, {.round = stochastic_c, .random_bits = 4}, r) == 0x39;
    }
    CHECK(a == k / 2);
    CHECK(b == (k + 1) / 2);
    CHECK(c == k / 2 + (k % 4 == 3 ? 1 : 0));  // nearest to k/2, ties to even
  }
  // N = 0: truncate, ties away, ties toward zero.
  CHECK(code_of(formats::int8, 2.75, {.round = stochastic_a}) == 2);
  CHECK(code_of(formats::int8, 2.5, {.round = stochastic_b}) == 3);
  CHECK(code_of(formats::int8, 3.5, {.round = stochastic_c}) == 3);
  CHECK(code_of(formats::int8, 3.75, {.round = stochastic_c}) == 4);
  // Where the bits are; others do not count.
  const projection low{.round = stochastic_a, .random_bits = 8};
  const projection high{.round = stochastic_a, .random_bits = 8, .random_from = random_field::high};
  CHECK(code_of(formats::int8, 2.5, low, 0xffffff7f) == 2);
  CHECK(code_of(formats::int8, 2.5, low, 0x80) == 3);
  CHECK(code_of(formats::int8, 2.5, high, 0x7fffffff) == 2);
  CHECK(code_of(formats::int8, 2.5, high, 0x80000000) == 3);
  // No word and no number of bits is out of range.
  CHECK(code_of(formats::int8, 2.5, {.round = stochastic_a, .random_bits = 255}, ~0ull) == 3);
}

TEST_CASE("PRJ-4 overflow rules by direction, and to_odd by the parity of the top") {
  const auto e5m2 = [](double x, rounding r, overflow_rule o) {
    return code_of(formats::e5m2, x, {.round = r, .overflow = o});
  };
  CHECK(e5m2(1e9, to_nearest_even, ieee) == 0x7c);
  CHECK(e5m2(1e9, toward_zero, ieee) == 0x7b);
  CHECK(e5m2(-1e9, toward_positive, ieee) == 0xfb);
  CHECK(e5m2(1e9, toward_positive, ieee) == 0x7c);
  CHECK(e5m2(1e9, toward_negative, ieee) == 0x7b);
  CHECK(e5m2(1e9, to_odd, ieee) == 0x7b);  // 7b is odd
  CHECK(e5m2(1e9, toward_zero, lowp::infinite) == 0x7c);
  CHECK(e5m2(1e9, away_from_zero, saturate) == 0x7b);
  CHECK(e5m2(inf, toward_zero, ieee) == 0x7c);
  CHECK(e5m2(-inf, to_nearest_even, saturate) == 0xfb);
  CHECK(e5m2(-inf, to_nearest_even, saturate_finite) == 0xfc);
  // Decided after rounding: 464 is a tie whose even neighbour is 448; 61440 goes up.
  CHECK(code_of(formats::e4m3fn, 464) == 0x7e);
  CHECK(code_of(formats::e4m3fn, 465) == 0x7f);
  CHECK(e5m2(61440, to_nearest_even, ieee) == 0x7c);
  CHECK(code_of(formats::e4m3fn, 449, {.overflow_before_rounding = true}) == 0x7f);
  CHECK(code_of(formats::e4m3fn, 448, {.overflow_before_rounding = true}) == 0x7e);
  // E4M3 without saturation: 448 where the direction points back; truncation overflows from 480 on.
  CHECK(code_of(formats::e4m3fn, 1e9, {.round = toward_zero}) == 0x7e);
  CHECK(code_of(formats::e4m3fn, 1e9, {.round = to_odd}) == 0x7f);  // 7e is even
  const projection truncate{.round = toward_zero, .overflow = infinite};
  CHECK(code_of(formats::e4m3fn, 479, truncate) == 0x7e);
  CHECK(code_of(formats::e4m3fn, 480, truncate) == 0x7f);
  CHECK(code_of(formats::binary8p3ue, 0x1p40, {.round = to_odd}) == 0xfd);
  CHECK(code_of(formats::binary8p3ue, 0x1p40, {.round = to_odd, .odd_overflows = true}) == 0xfe);
}

TEST_CASE("PRJ-5 what stands for an infinity") {
  using enum no_infinity_rule;
  CHECK(code_of(formats::e4m3fn, -inf) == 0xff);
  CHECK(code_of(formats::e4m3fn, -inf, {.no_infinity_sign = sign_rule::positive}) == 0x7f);
  CHECK(code_of(formats::e4m3fn, -inf, {.no_infinity = max_finite}) == 0xfe);
  CHECK(code_of(formats::e4m3fnuz, -inf) == 0x80);
  CHECK(code_of(formats::e2m1, -inf) == 0xf);
  CHECK(code_of(formats::e2m1, -inf, {.no_infinity = no_infinity_rule::zero}) == 8);
  CHECK(code_of(formats::e2m1, -inf,
                {.no_infinity = no_infinity_rule::zero, .no_infinity_sign = sign_rule::positive}) ==
        0);
  CHECK(code_of(formats::e3m0, -inf, {.no_infinity_sign = sign_rule::positive}) == 7);
  CHECK(code_of(formats::int8, -inf) == 0x80);
  CHECK(code_of(formats::posit8, inf) == 0x80);
}

TEST_CASE("PRJ-6 NaN codes by rule, and what stands for a NaN") {
  const exact nan = decode(formats::binary32, 0xff812345);  // signalling
  const auto binary16 = [&](nan_rule rule) {
    return encode(formats::binary16, nan, {.nan = rule});
  };
  CHECK(binary16(nan_rule::quiet) == 0xfe00);
  CHECK(binary16(nan_rule::all_ones) == 0xffff);
  CHECK(binary16(nan_rule::payload) == 0xfe09);
  CHECK(binary16(nan_rule::payload_raw) == 0xfc09);
  CHECK(binary16(nan_rule::payload_one) == 0xfc09);
  CHECK(binary16(nan_rule::signalling) == 0xfc01);
  CHECK(binary16(nan_rule::max_finite) == 0xfbff);
  CHECK(binary16(nan_rule::zero) == 0x8000);
  const exact small = decode(formats::binary32, 0x7f800001);  // payload lost in the narrow format
  CHECK(encode(formats::binary16, small, {.nan = nan_rule::payload_raw}) == 0x7c00);
  CHECK(encode(formats::pxr24, small, {.nan = nan_rule::payload_one}) == 0x7f8001);
  // Signs.
  CHECK(encode(formats::e4m3fn, nan) == 0xff);
  CHECK(encode(formats::e4m3fn, nan, {.nan_sign = sign_rule::positive}) == 0x7f);
  CHECK(encode(formats::e5m2, exact_nan(), {.nan_sign = sign_rule::negative}) == 0xfe);
  // Formats without NaN.
  CHECK(encode(formats::e2m1, nan) == 7);
  CHECK(encode(formats::int8, nan) == 0);
  CHECK(encode(formats::mxint8, nan,
               {.nan = nan_rule::max_finite, .nan_sign = sign_rule::positive}) == 0x7f);
  CHECK(encode(formats::e2m1, nan, {.nan = nan_rule::max_finite}) == 0xf);
  const projection ml_dtypes{.nan = nan_rule::zero, .nan_sign = sign_rule::flip};
  CHECK(encode(formats::e2m1, exact_nan(), ml_dtypes) == 8);
  CHECK(encode(formats::e2m1, exact_nan(true), ml_dtypes) == 0);
}

TEST_CASE("PRJ-7 signs of zero") {
  CHECK(code_of(formats::e4m3fn, -1e-9) == 0x80);
  CHECK(code_of(formats::e4m3fn, -0.0) == 0x80);
  CHECK(code_of(formats::e4m3fn, -0.0, {.zero_sign = sign_rule::positive}) == 0);
  CHECK(code_of(formats::e4m3fn, -1e-9, {.zero_sign = sign_rule::positive}) == 0);
  for (const format& f : {formats::e4m3fnuz, formats::binary8p4se, formats::int8, formats::posit8,
                          formats::ue4m3, formats::hifloat8, formats::lns8}) {
    CHECK(code_of(f, -0.0) == 0);
    CHECK(code_of(f, -0.0, {.zero_sign = sign_rule::negative}) == 0);
  }
  CHECK(code_of(formats::nf4, -0.0) == 7);
  CHECK(code_of(formats::bnb_fp4, -0.0) == 8);
  CHECK(code_of(formats::e4m3fn, -1, {.zero_sign = sign_rule::positive}) == 0xb8);
}

TEST_CASE("PRJ-8 negative values in unsigned formats, zero in formats without") {
  using enum negative_rule;
  CHECK(code_of(formats::ue4m3, -1) == 0);
  CHECK(code_of(formats::ue4m3, -1, {.negative = magnitude}) == 0x38);
  CHECK(code_of(formats::ue4m3, -1, {.negative = negative_rule::nan}) == 0x7f);
  CHECK(code_of(formats::ue4m3, -0.0, {.negative = negative_rule::nan}) == 0);
  CHECK(code_of(formats::ue4m3, -1e-9, {.negative = negative_rule::nan}) == 0);
  CHECK(code_of(formats::ue4m3, -inf, {.negative = clamp_finite}) == 0x7f);
  CHECK(code_of(formats::ue4m3, -1, {.negative = clamp_finite}) == 0);
  CHECK(code_of(formats::uint8, -1, {.negative = negative_rule::nan}) == 0);
  CHECK(code_of(formats::e8m0fnu, 0) == 0);
  CHECK(code_of(formats::e8m0fnu, 0, {.no_zero = no_zero_rule::nan}) == 0xff);
  CHECK(code_of(formats::e8m0fnu, -0.0, {.negative = negative_rule::nan}) == 0xff);
  CHECK(code_of(formats::e8m0fnu, -8) == 0);
  CHECK(code_of(formats::e8m0fnu, -8, {.negative = magnitude}) == 130);
  CHECK(code_of(formats::e8m0fnu, -inf, {.negative = magnitude}) == 0xff);
  for (const rounding r : {to_nearest_even, toward_zero, toward_positive, away_from_zero, to_odd}) {
    CHECK(code_of(formats::e8m0fnu, 0x1p-140, {.round = r}) == 0);
  }
  // P3109 worked results: half of the least value, with the direction that x has.
  CHECK(p3109_results(formats::binary8p3ue, -0x1p-34, to_nearest_even).none == 0);
  CHECK(p3109_results(formats::binary8p3ue, -0x1p-34, to_nearest_away).none == 0xff);
  CHECK(p3109_results(formats::binary8p3ue, -0x1p-34, toward_negative).none == 0xff);
  CHECK(p3109_results(formats::binary8p3ue, -0x1p-34, to_odd).none == 0xff);
}

TEST_CASE("PRJ-9 what a subnormal input counts as") {
  using enum subnormal_input_rule;
  const auto e8m0 = [](code_t bits, subnormal_input_rule rule) {
    return convert(formats::binary32, bits, formats::e8m0fnu,
                   {.round = to_nearest_away, .subnormal_input = rule});
  };
  const code_t half = 0x00400000;  // 2^-127
  CHECK(e8m0(half + 1, keep) == 0);
  CHECK(e8m0(half + 1, half_down) == 1);
  CHECK(e8m0(half, half_down) == 0);
  CHECK(e8m0(1, least_normal) == 1);
  const projection daz{.subnormal_input = subnormal_input_rule::zero};
  CHECK(convert(formats::binary32, 0x807fffff, formats::bfloat16, daz) == 0x8000);
  CHECK(convert(formats::binary32, 0x80800000, formats::bfloat16, daz) == 0x8080);
  // Nothing is subnormal in an integer, and encode knows no source.
  CHECK(convert(formats::int8, 1, formats::bfloat16, daz) == 0x3f80);
  CHECK(code_of(formats::binary64, 0x1p-1074, daz) == 1);
}

TEST_CASE("PRJ-10 tiny before and after rounding, and flushing") {
  // Just below 2^-14: full precision rounds to 2^-14, which is not tiny.
  const double near = 0x1p-14 * (1 - 0x1p-4);
  const projection before{.tininess = tininess_rule::before_rounding};
  CHECK(code_of(formats::e5m2, near) == 4);
  CHECK(flags_of(formats::e5m2, near) == status::inexact);
  CHECK(flags_of(formats::e5m2, near, before) == (status::inexact | status::underflow));
  // Rounds to 2^-14 as a subnormal, but to less with full precision.
  const double less = 0x1p-14 * (1 - 0x1p-3);
  CHECK(code_of(formats::e5m2, less) == 4);
  CHECK(flags_of(formats::e5m2, less) == (status::inexact | status::underflow));
  const projection flush{.flush_subnormal_result = true};
  CHECK(code_of(formats::e5m2, near, flush) == 4);
  CHECK(code_of(formats::e5m2, less, flush) == 0);
  CHECK(code_of(formats::e5m2, -0x1p-15, flush) == 0x80);  // although 2^-15 exists
  CHECK(flags_of(formats::e5m2, -0x1p-15, flush) == (status::inexact | status::underflow));
  CHECK(flags_of(formats::e5m2, -0x1p-15) == 0);
  CHECK(code_of(formats::hifloat8, 0x1p-20, flush) == 0);
  CHECK(code_of(formats::int8, 0.75, flush) == 1);
  CHECK(flags_of(formats::int8, 0.25) == status::inexact);
  // DLFloat16: zero in the place of 2^-31.
  CHECK(code_of(formats::dlfloat16, 0x1p-31, {.round = toward_zero}) == 0);
  CHECK(flags_of(formats::dlfloat16, 0x1p-31, {.round = toward_zero}) == status::inexact);
}

TEST_CASE("PRJ-11 flags of special cases") {
  constexpr unsigned overflowed = status::overflow | status::inexact;
  constexpr unsigned clamped = overflowed | status::saturated;
  CHECK(flags_of(formats::e5m2, 1) == 0);
  CHECK(flags_of(formats::e5m2, inf) == 0);
  CHECK(flags_of(formats::e5m2, inf, {.overflow = saturate}) == clamped);
  CHECK(flags_of(formats::e5m2, 1e9) == overflowed);
  CHECK(flags_of(formats::e5m2, 1e9, {.round = toward_zero}) == clamped);
  CHECK(flags_of(formats::e4m3fn, inf) == overflowed);
  CHECK(flags_of(formats::e2m1, inf) == clamped);
  CHECK(flags_of(formats::ue4m3, -1) == clamped);
  CHECK(flags_of(formats::ue4m3, -1, {.negative = negative_rule::nan}) == status::invalid);
  CHECK(flags_of(formats::ue4m3, -1, {.negative = negative_rule::magnitude}) == status::invalid);
  CHECK(flags_of(formats::ue4m3, -0.0, {.negative = negative_rule::magnitude}) == 0);
  CHECK(flags_of(formats::e8m0fnu, 0) == (status::underflow | status::inexact));
  CHECK(flags_of(formats::e8m0fnu, 0, {.no_zero = no_zero_rule::nan}) == status::invalid);
  CHECK(encode_with_status(formats::e2m1, exact_nan()).flags.bits == status::invalid);
  CHECK(encode_with_status(formats::e5m2, exact_nan()).flags.bits == 0);
  CHECK(encode_with_status(formats::e5m2, exact_nan(false, 1)).flags.bits == status::invalid);
  CHECK(flags_of(formats::posit8, 0x1p-60) == (status::underflow | status::inexact));
  CHECK(flags_of(formats::posit8, 0x1p60) == clamped);
  // The last step of 64 bits does not wrap.
  const exact above{number_class::finite, false, true, 0, ~std::uint64_t{0}};
  const encoded r = encode_with_status(formats::uint64, above, {.round = toward_positive});
  CHECK(r.code == ~code_t{0});
  CHECK(r.flags.bits == clamped);
}

TEST_CASE("PRJ-12 ladders that are not straight") {
  // halved: the step below 2^-6 runs from 7 x 2^-10 to 16 x 2^-10.
  CHECK(code_of(formats::cfloat8_143, 11 * 0x1p-10) == 7);
  CHECK(code_of(formats::cfloat8_143, 12 * 0x1p-10) == 8);
  // zero_only: half of the first step.
  const double least = 0x1p-31 + 0x1p-40;
  CHECK(code_of(formats::dlfloat16, least / 2) == 0);
  CHECK(code_of(formats::dlfloat16, least * 0.5001) == 1);
  // HiFloat8: powers of two, ties in the middle of them; overflow from 1.25 x 2^15 on.
  CHECK(code_of(formats::hifloat8, 1.49 * 0x1p-20) == 3);
  CHECK(code_of(formats::hifloat8, 1.51 * 0x1p-20) == 4);
  CHECK(code_of(formats::hifloat8, 40960, {.round = to_nearest_away}) == 0x6f);
  CHECK(code_of(formats::hifloat8, 40960) == 0x6e);
  // Posits never reach zero or NaR from a number, and round the string of bits.
  for (const rounding r : {to_nearest_even, toward_zero, toward_negative}) {
    CHECK(code_of(formats::posit8, 0x1p-100, {.round = r}) == 1);
    CHECK(code_of(formats::posit8, 0x1p100, {.round = r, .overflow = infinite}) == 0x7f);
    CHECK(code_of(formats::takum8, -0x1p-250, {.round = r}) == 0xff);
  }
  CHECK(code_of(formats::posit8, 0x1p22) ==
        0x7e);  // between 2^20 and 2^24: the middle of the string
  CHECK(code_of(formats::posit8, 0x1.8p22) == 0x7f);
  CHECK(code_of(formats::posit8, inf, {.overflow = saturate}) == 0x7f);
  // Logarithms below the least value.
  CHECK(code_of(formats::lns8, 0x1p-8, {.round = to_nearest_away}) == 0);
  CHECK(code_of(formats::lns8, 0x1p-30, {.round = toward_positive}) == 1);
  // Codebooks: overflow at once, ties by place.
  CHECK(code_of(formats::nf4, 1.0001) == 15);
  CHECK(code_of(formats::nf4, -2) == 0);
  const double tie = (0.25 + double{float32::from_code(0x3eaaaaab)}) / 2;  // places 3 and 4
  CHECK(code_of(formats::bnb_fp4, tie) == 4);
  CHECK(code_of(formats::bnb_fp4, tie, {.round = to_nearest_zero}) == 7);
}

TEST_CASE("PRJ-13 worked results of P3109") {
  const auto all = [](const format& f, double x, const saturations(&expected)[6]) {
    static constexpr rounding modes[] = {to_nearest_even, to_nearest_away, toward_positive,
                                         toward_negative, toward_zero,     to_odd};
    for (int i = 0; i < 6; ++i) {
      CAPTURE(x);
      CAPTURE(i);
      CHECK(p3109_results(f, x, modes[i]) == expected[i]);
    }
  };
  using s = saturations;
  const s infinity{0x7e, 0x7f, 0x7f}, keep{0x7e, 0x7e, 0x7e}, over{0x7e, 0x7e, 0x7f};
  all(formats::binary8p4se, 232, {keep, over, over, keep, keep, over});
  all(formats::binary8p4se, inf, {infinity, infinity, infinity, infinity, infinity, infinity});
  const s low{0xfe, 0xfe, 0xfe}, under{0xfe, 0xfe, 0xff};
  all(formats::binary8p4se, -300, {under, under, low, under, low, under});
  const s zero{0, 0, 0}, least{0x81, 0x81, 0x81};
  all(formats::binary8p4se, -0x1p-11, {zero, least, zero, least, zero, least});
  const s top{0x7f, 0x7f, 0x7f};
  all(formats::e4m3fnuz, 960, {top, top, top, top, top, top});
  all(formats::e4m3fnuz, inf, {top, top, top, top, top, top});
  const s beyond{0xfd, 0xfd, 0xfe}, back{0xfd, 0xfd, 0xfd};
  all(formats::binary8p3ue, 10737418240.0, {beyond, beyond, beyond, back, back, back});
  const s nan{0, 0, 0xff};
  all(formats::binary8p3ue, -2, {nan, nan, zero, nan, zero, nan});
  all(formats::binary8p3ue, -inf, {nan, nan, nan, nan, nan, nan});
  // The formal specification of July 2026.
  const projection formal{.negative = negative_rule::p3109, .odd_overflows = true};
  CHECK(code_of(formats::e4m3fnuz, 960, formal) == 0x80);
  projection odd = formal;
  odd.round = to_odd;
  CHECK(code_of(formats::binary8p3ue, 10737418240.0, odd) == 0xfe);
}
