// SPDX-License-Identifier: Apache-2.0
// Prepared roundings of matrix units: the same values and codes as `encode` gives, in every format
// and direction, around the ends of the range.
#include <bit>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/hardware/mma/mma.hpp>

namespace {

using lowp::exact;
using lowp::format;
using lowp::projection;
using lowp::detail::int128;
using lowp::detail::uint128;

constexpr std::uint64_t seed = 20261122;
std::mt19937_64 random_words(seed);

/// Bit 127 set, bit 0 to be dropped; behind the kept bits nothing, one half, something below or
/// above it, or anything.
uint128 significand(format f) {
  const uint128 word = lowp::detail::join(random_words() | std::uint64_t{1} << 63, random_words());
  const int kept = static_cast<int>(f.precision) - static_cast<int>(random_words() % 2);
  const uint128 ulp = uint128{1} << (128 - (kept < 1 ? 1 : kept));
  const uint128 high = random_words() % 4 == 0 ? ~(ulp - 1) : word & ~(ulp - 1);
  switch (random_words() % 6) {
    case 0: return high;
    case 1: return high | ulp >> 1;
    case 2: return high | ((ulp >> 1) - 1);
    case 3: return high | ulp >> 1 | 2;
    case 4: return high | 2;
    default: return word;
  }
}

/// An exponent around the least, a middle or the greatest one.
std::int32_t exponent(format f) {
  const auto near = static_cast<std::int32_t>(random_words() % 9) - 5;
  const std::int32_t fields = std::int32_t{1} << exponent_field_bits(f);
  switch (random_words() % 3) {
    case 0: return near - f.bias;
    case 1: return near + fields / 2 - f.bias;
    default: return near + fields - f.bias;
  }
}

/// Sums, products and values, each rounded in both ways.
bool agrees(format f, const projection& p, bool flushes) {
  const lowp::detail::prepared_rounding r = lowp::detail::prepare(f, p, flushes);
  // Sums have a bit for the sign; what is cut off is not always 0.
  const uint128 bits = significand(f) >> 1;
  const int below = random_words() % 2 == 0 ? 0 : static_cast<int>(random_words() % 64);
  const auto magnitude = static_cast<int128>(bits >> below);
  const bool negative = random_words() % 2 != 0;
  const std::int32_t unit = exponent(f) - 126 + below;
  const exact x = lowp::detail::exact_wide(negative, static_cast<uint128>(magnitude), unit, false);
  const auto expected = encode(f, x, p);
  exact value = decode(f, expected);
  if (flushes) {
    value = lowp::detail::apply_input_rule(f, value, lowp::subnormal_input_rule::zero);
  }
  const auto same = [&](const lowp::detail::mma_value& v) {
    return v.cls == value.cls && v.negative == value.negative &&
           encode(f, exact_of(v)) == encode(f, value);
  };
  if (!same(round_sum(r, negative ? -magnitude : magnitude, unit))) return false;
  if (!same(round_wide(r, negative, static_cast<uint128>(magnitude), unit))) return false;
  // A value of 64 bits.
  const exact y = lowp::exact_finite(negative, static_cast<std::uint64_t>(bits >> 64), unit + 64);
  return encode_value(r, lowp::detail::value_of(y)) == encode(f, y, p);
}

}  // namespace

TEST_CASE("MMA-3 roundings of sums are those of encode, in all formats and directions") {
  MESSAGE("seed ", seed);
  for (const lowp::named_format& row : lowp::all_formats) {
    const format f = row.value;
    if (!lowp::detail::is_minifloat(f, 53, -1200, 1200)) continue;
    for (int mode = 0; mode <= static_cast<int>(lowp::rounding::stochastic_c); ++mode) {
      projection p{.round = static_cast<lowp::rounding>(mode)};
      int wrong = 0;
      for (int i = 0; i < 1500; ++i) {
        p.overflow = static_cast<lowp::overflow_rule>(i % 4);
        p.flush_subnormal_result = i % 3 == 0;
        p.zero_sign = static_cast<lowp::sign_rule>(i % 2);
        wrong += !agrees(f, p, i % 5 == 0);
      }
      CHECK_MESSAGE(wrong == 0, std::string(row.name), " mode ", mode, ": ", wrong);
    }
  }
}

TEST_CASE("MMA-3 a sum of zero is positive, or what the projection says") {
  using lowp::detail::round_sum;
  const format f = lowp::formats::binary32;
  CHECK(!round_sum(lowp::detail::prepare(f, {}, false), 0, 5).negative);
  const projection negative{.zero_sign = lowp::sign_rule::negative};
  CHECK(round_sum(lowp::detail::prepare(f, negative, false), 0, 5).negative);
}
