// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums of short formats in one machine integer: every value from a table, as a fixed-point number.
#ifndef LOWP_DETAIL_ACCUMULATOR_TABLE_HPP
#define LOWP_DETAIL_ACCUMULATOR_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../number.hpp"
#include "accumulator_limbs.hpp"
#include "accumulator_range.hpp"

namespace lowp::detail {

/// Bits of the finite values of F as integers: multiples of the unit.
template <format F>
inline constexpr int span_of = range_of(F).top - range_of(F).unit;

/// At most 256 codes, whose values fit 60 bits.
template <format F>
inline constexpr bool fits_table =
    F.width <= 8 && F.kind != number_kind::logarithmic&& span_of<F> <= 60;

/// Twice the value of each code in units of the format, so that bit 0 is free to mark infinities
/// and NaN.
template <format F>
struct short_table {
  using entry = std::conditional_t<span_of<F> <= 30, std::int32_t, std::int64_t>;
  entry of[256] = {};

  LOWP_FN short_table() noexcept {
    constexpr std::int32_t unit = range_of(F).unit;
    for (int code = 0; code < 256; ++code) {
      const exact x = normalized(decode(F, static_cast<code_t>(code)));
      if (x.cls == number_class::zero) continue;
      if (x.cls != number_class::finite) {
        of[code] = 1;
        continue;
      }
      const int lift = x.exponent - unit + 1;  // below zero: 64 bits hold the value, and zeros
      const auto magnitude = static_cast<entry>(x.significand >> -lift);
      of[code] = x.negative ? -magnitude : magnitude;
    }
  }
};

/// What a block of terms adds: `sum` in units of the terms, unless one of them `is_special`.
struct block_sum {
  int128 sum = 0;
  bool is_special = false;
};

/// Terms of `bits` bits each that a block may have, so that no sum overflows `word_bits`.
LOWP_FN std::size_t block_size(int bits, int word_bits) noexcept {
  const int room = word_bits - 2 - bits;
  return std::size_t{1} << (room < 16 ? room : 16);
}

/// Bits of a term of sums and of products in the tables' units.
template <format A>
inline constexpr int sum_bits = span_of<A> + 1;
template <format A, format B>
inline constexpr int product_bits = span_of<A> + span_of<B> + 2;

/// 64-bit sums where blocks of 2^12 products fit, else 128-bit sums.
template <format A, format B>
inline constexpr int product_word = product_bits<A, B> <= 50 ? 64 : 128;

template <int Bits>
using sum_word = std::conditional_t<Bits == 64, std::int64_t, int128>;

/// x[0] y[0] + ... + x[n-1] y[n-1], n at most the block size.
template <format A, format B, class X, class Y>
LOWP_FN block_sum add_short_products(const X* x, const Y* y, std::size_t n) noexcept {
  constexpr short_table<A> a;
  constexpr short_table<B> b;
  sum_word<product_word<A, B>> sum = 0;
  std::int64_t marks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t u = a.of[to_code(x[i])];
    const std::int64_t v = b.of[to_code(y[i])];
    marks |= u | v;
    sum += static_cast<sum_word<product_word<A, B>>>(u) * v;
  }
  return {sum / 4, (marks & 1) != 0};
}

/// x[0] + ... + x[n-1]
template <format A, class X>
LOWP_FN block_sum add_short(const X* x, std::size_t n) noexcept {
  constexpr short_table<A> a;
  sum_word<sum_bits<A> <= 50 ? 64 : 128> sum = 0;
  std::int64_t marks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t u = a.of[to_code(x[i])];
    marks |= u;
    sum += u;
  }
  return {sum / 2, (marks & 1) != 0};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ACCUMULATOR_TABLE_HPP
