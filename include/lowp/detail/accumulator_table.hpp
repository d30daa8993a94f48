// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums of short formats in one machine integer: every value as a fixed-point number.
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
inline constexpr int span_of = range_of_values(F).top - range_of_values(F).unit;

/// A minifloat of 9 to 16 bits with subnormals.
template <format F>
inline constexpr bool is_medium =
    F.width > 8 && F.width <= 16 &&
    F.kind == number_kind::minifloat&& F.bottom == bottom_binade::gradual;

/// Values fit 60 bits, and come from a table or are quickly computed.
template <format F>
inline constexpr bool fits_word = (F.width <= 8 || is_medium<F>)&&F.kind
                                  != number_kind::logarithmic&& span_of<F> <= 60;

/// Twice the value of each code in units of the format, so that bit 0 is free to mark infinities
/// and NaN.
template <format F>
class table_of_values {
 public:
  using entry = std::conditional_t<span_of<F> <= 30, std::int32_t, std::int64_t>;

  LOWP_FN table_of_values() noexcept {
    constexpr std::int32_t unit = range_of_values(F).unit;
    for (int code = 0; code < 256; ++code) {
      const exact x = normalized(decode(F, static_cast<code_t>(code)));
      if (x.cls == number_class::zero) continue;
      if (x.cls != number_class::finite) {
        of_[code] = 1;
        continue;
      }
      const int lift = x.exponent - unit + 1;  // below zero: 64 bits hold the value, and zeros
      const auto magnitude = static_cast<entry>(x.significand >> -lift);
      of_[code] = x.negative ? -magnitude : magnitude;
    }
  }
  LOWP_FN std::int64_t operator[](code_t code) const noexcept { return of_[code]; }

 private:
  entry of_[256] = {};
};

/// The same without a table.
template <format F>
struct computed_values {
  LOWP_FN std::int64_t operator[](code_t code) const noexcept {
    const unpacked u = kind_of_number<number_kind::minifloat>::unpack(F, code);
    if (u.cls == number_class::nan || u.cls == number_class::infinity) return 1;
    constexpr int t = trailing_bits(F);
    const auto field = static_cast<int>(u.index >> t);
    const std::uint64_t significand =
        (u.index & low_mask(t)) | (field == 0 ? 0 : std::uint64_t{1} << t);
    const auto magnitude = static_cast<std::int64_t>(significand << (field == 0 ? 1 : field));
    return u.negative ? -magnitude : magnitude;
  }
};

template <format F>
using word_values = std::conditional_t<F.width <= 8, table_of_values<F>, computed_values<F>>;

/// What a block of terms adds: `sum` in units of the terms, unless one of them `is_special`.
struct block_sum {
  int128 sum = 0;
  bool is_special = false;
};

/// Bits of a term of sums and of products in the tables' units.
template <format A>
inline constexpr int sum_bits = span_of<A> + 1;
template <format A, format B>
inline constexpr int product_bits = span_of<A> + span_of<B> + 2;

/// Bits of the sum of a block: 64 where 2^12 terms fit, else 128.
LOWP_FN int word_for(int term_bits) noexcept { return term_bits <= 50 ? 64 : 128; }

template <int TermBits>
using sum_word = std::conditional_t<word_for(TermBits) == 64, std::int64_t, int128>;

/// Terms of `bits` bits each that a block may have, so that no sum overflows.
LOWP_FN std::size_t block_size(int bits) noexcept {
  const int room = word_for(bits) - 2 - bits;
  return std::size_t{1} << (room < 16 ? room : 16);
}

/// x[0] y[0] + ... + x[n-1] y[n-1], n at most the block size.
template <format A, format B, class X, class Y>
LOWP_FN block_sum add_short_products(const X* x, const Y* y, std::size_t n) noexcept {
  constexpr word_values<A> a{};
  constexpr word_values<B> b{};
  using word = sum_word<product_bits<A, B>>;
  word sum = 0;
  std::int64_t marks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t u = a[to_code(x[i])];
    const std::int64_t v = b[to_code(y[i])];
    marks |= u | v;
    sum += static_cast<word>(u) * v;
  }
  return {sum / 4, (marks & 1) != 0};
}

/// x[0] + ... + x[n-1]
template <format A, class X>
LOWP_FN block_sum add_short(const X* x, std::size_t n) noexcept {
  constexpr word_values<A> a{};
  sum_word<sum_bits<A>> sum = 0;
  std::int64_t marks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t u = a[to_code(x[i])];
    marks |= u;
    sum += u;
  }
  return {sum / 2, (marks & 1) != 0};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_ACCUMULATOR_TABLE_HPP
