// SPDX-License-Identifier: Apache-2.0
// The clauses of spec/arithmetic.md, each by a few results that were worked out by hand.
#include <doctest/doctest.h>

#include <lowp/arithmetic.hpp>
#include <lowp/types.hpp>

using namespace lowp;

namespace {

constexpr projection plain{};
constexpr projection p3109{.zero_sign = sign_rule::positive, .rules = operation_rules::p3109_4_0};

constexpr code_t inf = 0x7f800000;
constexpr code_t minus = 0x80000000;
constexpr code_t unit = 0x3f800000;
constexpr code_t nan = 0x7fc00000;

constexpr coded f32(code_t c) { return {formats::binary32, c}; }

/// An operation on binary32 codes, with flags.
template <operation Op, class... Code>
constexpr encoded run(const projection& p, Code... c) {
  return compute_with_status<Op>(formats::binary32, p, 0, f32(c)...);
}

template <operation Op, class... Code>
bool gives(const projection& p, code_t code, int flags, Code... c) {
  const encoded e = run<Op>(p, static_cast<code_t>(c)...);
  CAPTURE(e.code);
  CHECK(e.code == code);
  CHECK(static_cast<int>(e.flags.bits) == flags);
  return e.code == code && e.flags.bits == flags;
}

}  // namespace

TEST_CASE("ARI-1 operands of any formats, one rounding") {
  // 1 + 2^-9 + 2^-30: rounding the sum to binary32 first would lose the last term and then tie.
  const coded x{formats::binary64, to_code(1.0 + 0x1p-9)};
  const coded y{formats::binary32, to_code(0x1p-30f)};
  CHECK(add(x, y, formats::bfloat16, {.round = toward_positive}) == 0x3f81);
  const coded half_step{formats::binary64, to_code(1.0 + 0x1p-8)};
  CHECK(add(half_step, y, formats::bfloat16) == 0x3f81);
  CHECK(add(half_step, {formats::uint1, 0}, formats::bfloat16) == 0x3f80);
  // Products of any two formats: e8m0 2^-127 x int8 -3 = -1.5 x 2^-126
  CHECK(multiply({formats::e8m0fnu, 0}, {formats::int8, 0xfd}, formats::binary32) == 0x80c00000);
  // Each operand by its own format: the subnormal of e5m2 counts as zero, 2^-16 of bfloat16 not.
  const projection daz{.subnormal_input = subnormal_input_rule::zero};
  CHECK(add({formats::e5m2, 1}, {formats::bfloat16, 0x3780}, formats::binary32, daz) ==
        to_code(0x1p-16f));
  // Stochastic rounding into 64 bits with 32 random bits sees 85 bits of 1/3.
  const projection sr{.round = stochastic_a, .random_bits = 32};
  CHECK(divide<double>(1.0, 3.0, sr, 0xaaaaaaaa) == 0x1.5555555555555p-2);
  CHECK(divide<double>(1.0, 3.0, sr, 0xaaaaaaab) == 0x1.5555555555556p-2);
  static_assert(divide<float>(1.0, int8{3}) == 0x1.555556p-2f);
}

TEST_CASE("ARI-2 flags of the operation and of the projection") {
  CHECK(gives<operation::divide>(plain, inf, status::divide_by_zero, unit, 0));
  CHECK(gives<operation::divide>(plain, 0x3eaaaaab, status::inexact, unit, 0x40400000));
  CHECK(gives<operation::add>(plain, nan, status::invalid, 0x7f800001, unit));  // signalling
  CHECK(gives<operation::add>(plain, nan, 0, nan, unit));
  CHECK(gives<operation::multiply>(plain, inf, status::overflow | status::inexact, 0x7f000000,
                                   0x7f000000));
  CHECK(gives<operation::multiply>(plain, 0, status::underflow | status::inexact, 1, 1));
  // An exact infinity that the format lacks.
  const encoded e =
      compute_with_status<operation::divide>(formats::e4m3fn, plain, 0, f32(unit), f32(0));
  CHECK(e.code == 0x7f);
  CHECK(e.flags.has(status::divide_by_zero));
  CHECK(e.flags.has(status::overflow));
}

TEST_CASE("ARI-3 NaN operands and the tables of the two standards") {
  const projection payload{.nan = nan_rule::payload};
  CHECK(gives<operation::add>(payload, 0xffc00123, 0, 0xffc00123, 0x7fc00456));
  CHECK(gives<operation::add>(payload, 0x7fc00456, 0, unit, 0x7fc00456));
  CHECK(gives<operation::fma>(payload, 0x7fc00456, 0, unit, unit, 0x7fc00456));
  CHECK(gives<operation::subtract>(payload, nan, status::invalid, inf, inf));
  CHECK(gives<operation::divide>(p3109, nan, status::invalid, unit, 0));
  CHECK(gives<operation::recip>(p3109, nan, status::invalid, 0));
  CHECK(gives<operation::hypot>(p3109, nan, 0, inf, nan));
}

TEST_CASE("ARI-4 sum, difference, product, quotient") {
  const projection down{.round = toward_negative};
  CHECK(gives<operation::add>(plain, nan, status::invalid, inf, minus | inf));
  CHECK(gives<operation::add>(plain, inf, 0, inf, unit));
  CHECK(gives<operation::add>(plain, 0, 0, unit, minus | unit));
  CHECK(gives<operation::add>(down, minus, 0, unit, minus | unit));
  CHECK(gives<operation::add>(plain, minus, 0, minus, minus));
  CHECK(gives<operation::add>(plain, 0, 0, 0, minus));
  CHECK(gives<operation::subtract>(plain, minus, 0, minus, 0));
  CHECK(gives<operation::multiply>(plain, nan, status::invalid, minus, inf));
  CHECK(gives<operation::multiply>(plain, minus, 0, minus, unit));
  CHECK(gives<operation::divide>(plain, nan, status::invalid, 0, minus));
  CHECK(gives<operation::divide>(plain, minus | inf, 0, inf, minus));
  CHECK(gives<operation::divide>(plain, minus, 0, minus | unit, inf));
  // Terms as far apart as can be.
  CHECK(add<double>(1.0, 0x1p-1000, {.round = toward_positive}) == 1.0 + 0x1p-52);
  CHECK(subtract<double>(1.0, 0x1p-1000, {.round = toward_zero}) == 1.0 - 0x1p-53);
  CHECK(add<double>(1.0, 0x1p-1000) == 1.0);
}

TEST_CASE("ARI-5 fused operations round once") {
  // (1 + 2^-23)^2 - 1 - 2^-22 = 2^-46
  CHECK(gives<operation::fma>(plain, to_code(0x1p-46f), 0, 0x3f800001, 0x3f800001,
                              to_code(-1.0f - 0x1p-22f)));
  CHECK(gives<operation::fma>(plain, nan, status::invalid, 0, inf, unit));
  CHECK(gives<operation::fma>(plain, nan, status::invalid, 0, inf, nan));
  CHECK(gives<operation::fma>(p3109, nan, 0, 0, inf, nan));
  CHECK(gives<operation::fma>(plain, 0, 0, minus, unit, 0));
  CHECK(gives<operation::faa>(plain, to_code(0x1p-149f), 0, 0x7f000000, 1, 0xff000000));
  CHECK(gives<operation::faa>(plain, nan, status::invalid, inf, unit, minus | inf));
  CHECK(gives<operation::faa>(plain, nan, status::invalid, inf, minus | inf, nan));
  CHECK(gives<operation::faa>(plain, minus, 0, minus, minus, minus));
  CHECK(gives<operation::faa>(plain, 0, 0, minus, 0, minus));
  // Far terms decide a tie: 2^60 + 2^36 + 2^-100 is just above the middle of two binary32 numbers.
  CHECK(faa<float>(0x1p60, 0x1p36, 0x1p-100) == 0x1.000002p60f);
  CHECK(faa<float>(0x1p60, 0x1p36, -0x1p-100) == 0x1p60f);
  // Terms far below the first that cancel leave it exact: 2^127 + 2^-149 - 2^-149.
  CHECK(gives<operation::faa>(plain, 0x7f000000, 0, 0x7f000000, 1, minus | 1));
}

TEST_CASE("ARI-6 roots and reciprocals") {
  CHECK(gives<operation::sqrt>(plain, minus, 0, minus));
  CHECK(gives<operation::sqrt>(plain, nan, status::invalid, minus | unit));
  CHECK(gives<operation::sqrt>(plain, inf, 0, inf));
  CHECK(gives<operation::recip>(plain, minus | inf, status::divide_by_zero, minus));
  CHECK(gives<operation::rsqrt>(plain, minus | inf, status::divide_by_zero, minus));
  CHECK(gives<operation::rsqrt>(plain, to_code(0.5f), 0, to_code(4.0f)));
  CHECK(gives<operation::rsqrt>(plain, 0, 0, inf));
  CHECK(gives<operation::rsqrt>(p3109, nan, status::invalid, 0));
  CHECK(gives<operation::hypot>(plain, inf, 0, minus | inf, nan));
  CHECK(gives<operation::hypot>(plain, to_code(5.0f), 0, to_code(-3.0f), to_code(4.0f)));
  static_assert(sqrt<double>(2.0) == 0x1.6a09e667f3bcdp+0);
  static_assert(sqrt<double>(0x1p-3) == 0x1.6a09e667f3bcdp-2);
  static_assert(sqrt<double>(0x1p-2) == 0x1p-1);
  static_assert(rsqrt<double>(2.0) == 0x1.6a09e667f3bcdp-1);
  static_assert(hypot<double>(1e-300, 1e300) == 1e300);
}

TEST_CASE("ARI-6 roots before rounding: 128 bits, and whether more follow") {
  // floor(sqrt(21) 2^125), from Python's isqrt(21 << 250).
  const exact irrational = evaluate<operation::sqrt>(plain, exact_finite(false, 21, 0)).value;
  CHECK(irrational.significand == 0x92a475c8a8f42999);
  CHECK(irrational.tail == 0x8200a77487899eab);
  CHECK(irrational.sticky);
  // 1 + 2^-127: its root is 1 + 2^-128 - ..., of which 128 bits show 1.
  exact above_one = exact_finite(false, std::uint64_t{1} << 63, -63);
  above_one.tail = 1;
  const exact root = normalized(evaluate<operation::sqrt>(plain, above_one).value);
  CHECK(root.significand == std::uint64_t{1} << 63);
  CHECK(root.tail == 0);
  CHECK(root.sticky);
  CHECK_FALSE(evaluate<operation::sqrt>(plain, exact_finite(false, 49, 0)).value.sticky);
}

TEST_CASE("ARI-7 logarithmic numbers stay on their grid") {
  // lns8: 2^((L - 64) / 8)
  const auto lns = [](code_t c) { return coded{formats::lns8, c}; };
  CHECK(multiply(lns(0x41), lns(0x42), formats::lns8) == 0x43);
  CHECK(divide(lns(0x41), lns(0xc3), formats::lns8) == 0xbe);
  CHECK(add(lns(0x45), lns(0x45), formats::lns8) == 0x4d);
  CHECK(subtract(lns(0x45), lns(0x45), formats::lns8) == 0);
  CHECK(sqrt(lns(0x46), formats::lns8) == 0x43);
  CHECK(sqrt(lns(0x43), formats::lns8) == 0x42);  // 1.5 steps: a tie, to the even code
  CHECK(compute_with_status<operation::multiply>(formats::lns8, {}, 0, lns(0x41), lns(0x41))
            .flags.bits == 0);
  // A trace beside a number of the grid that 128 bits do not show.
  const coded trace{formats::binary64, to_code(0x1p-500)};
  CHECK(add(lns(0x41), trace, formats::lns8, {.round = toward_positive}) == 0x42);
  CHECK(subtract(lns(0x41), trace, formats::lns8, {.round = toward_negative}) == 0x40);
  // 2^(1/8) + 1 = 2.0905: 8 log2 = 8.511, above the middle of 8 and 9 steps
  CHECK(add(lns(0x41), lns(0x40), formats::lns8) == 0x49);
}

TEST_CASE("ARI-8 integers and remainders") {
  CHECK(gives<operation::rint_even>(plain, to_code(2.0f), 0, to_code(2.5f)));
  CHECK(gives<operation::rint_away>(plain, to_code(3.0f), 0, to_code(2.5f)));
  CHECK(gives<operation::rint_zero>(plain, to_code(-2.0f), 0, to_code(-2.75f)));
  CHECK(gives<operation::rint_positive>(plain, minus, 0, to_code(-0.75f)));
  CHECK(gives<operation::rint_negative>(plain, minus | unit, 0, minus | 1));
  CHECK(gives<operation::remainder>(plain, to_code(-1.0f), 0, to_code(5.0f), to_code(3.0f)));
  CHECK(gives<operation::remainder>(plain, to_code(1.0f), 0, to_code(5.0f), to_code(2.0f)));
  CHECK(gives<operation::remainder>(plain, to_code(-1.0f), 0, to_code(3.0f), to_code(2.0f)));
  CHECK(gives<operation::fmod>(plain, to_code(2.0f), 0, to_code(5.0f), to_code(-3.0f)));
  CHECK(gives<operation::fmod>(plain, minus, 0, to_code(-6.0f), to_code(3.0f)));
  CHECK(gives<operation::fmod>(plain, nan, status::invalid, unit, 0));
  CHECK(gives<operation::remainder>(plain, unit, 0, unit, inf));
  // 2^300 mod 7: 2^3 = 1 mod 7, so 1; toward the nearest quotient the same
  static_assert(fmod<double>(0x1p300, 7.0) == 1.0 && remainder<double>(0x1p301, 7.0) == 2.0);
  static_assert(remainder<double>(0x1p302, 7.0) == -3.0);
  static_assert(fmod<double>(0x1p65, 7.0) == 4.0);  // 63 binades, one step of the division
  // 2^20 mod 2^(1/8), and a quotient that is too long beside an irrational number
  const coded root{formats::lns8, 0x41};
  CHECK(fmod({formats::binary64, to_code(0x1p20)}, root, formats::binary64) ==
        to_code(0.47067118682830483));
  CHECK(fmod(root, root, formats::lns8) == 0);
  CHECK(is_nan(formats::binary64,
               fmod({formats::binary64, to_code(0x1p70)}, root, formats::binary64)));
}

TEST_CASE("ARI-9 scaling and exponents") {
  static_assert(scalb<float>(1.5f, -149) == 0x1p-148f);
  static_assert(scalb<float>(1.5f, 1 << 30) == float32::infinity());
  CHECK(gives<operation::scalb>(plain, nan, status::invalid, unit, to_code(0.5f)));
  CHECK(gives<operation::scalb>(plain, nan, status::invalid, 0, inf));
  CHECK(gives<operation::scalb>(plain, 0, 0, unit, minus | inf));
  CHECK(gives<operation::logb>(plain, to_code(-149.0f), 0, 1));
  CHECK(gives<operation::logb>(plain, minus | inf, status::divide_by_zero, minus));
  CHECK(gives<operation::logb>(plain, 0, 0, to_code(-1.9f)));
  CHECK(gives<operation::logb>(plain, inf, 0, minus | inf));
}

TEST_CASE("ARI-10 signs") {
  const projection raw{.nan = nan_rule::payload_raw};
  CHECK(gives<operation::negate>(raw, 0xffc00123, 0, 0x7fc00123));
  CHECK(gives<operation::abs>(raw, 0x7fc00123, 0, 0xffc00123));
  CHECK(gives<operation::copysign>(plain, minus | unit, 0, unit, minus));
  CHECK(gives<operation::copysign>(p3109, unit, 0, unit, minus));
  CHECK(gives<operation::copysign>(p3109, nan, 0, unit, nan));
}

TEST_CASE("ARI-11 selections") {
  CHECK(gives<operation::minimum>(plain, minus, 0, 0, minus));
  CHECK(gives<operation::maximum>(plain, 0, 0, minus, 0));
  CHECK(gives<operation::minimum>(plain, nan, 0, unit, nan));
  CHECK(gives<operation::minimum_number>(plain, unit, 0, unit, nan));
  CHECK(gives<operation::minimum_number>(plain, unit, status::invalid, 0x7f800001, unit));
  CHECK(gives<operation::min_num>(plain, nan, status::invalid, 0x7f800001, unit));
  CHECK(gives<operation::min_num>(plain, unit, 0, nan, unit));
  CHECK(gives<operation::minimum_magnitude>(plain, minus | unit, 0, unit, minus | unit));
  CHECK(gives<operation::maximum_magnitude>(plain, unit, 0, minus | unit, unit));
  CHECK(gives<operation::maximum_magnitude_number>(plain, minus | inf, 0, minus | inf, nan));
  CHECK(gives<operation::maximum_finite>(plain, minus | unit, 0, inf, minus | unit));
  CHECK(gives<operation::minimum_finite>(plain, minus | inf, 0, inf, minus | inf));
  CHECK(gives<operation::clamp>(plain, unit, 0, to_code(3.0f), 0, unit));
  CHECK(gives<operation::clamp>(plain, nan, status::invalid, unit, unit, 0));
  CHECK(gives<operation::clamp>(plain, inf, 0, unit, inf, inf));
  // The selected operand is rounded into the result format.
  CHECK(maximum({formats::binary32, to_code(1.1f)}, {formats::e4m3fn, 0}, formats::e4m3fn) == 0x39);
}
