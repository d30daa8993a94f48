// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums of products of small integers as processors make them: how many products are added before
/// what is kept in how many bits, and whether that wraps or saturates. The instructions are data;
/// dots.hpp lists them.
#ifndef LOWP_INTEGER_DOT_HPP
#define LOWP_INTEGER_DOT_HPP

#include <cstddef>
#include <cstdint>

#include "affine.hpp"
#include "intn.hpp"

namespace lowp {

/// One way to add products to an accumulator. A step adds `products` exact products into each of
/// `partials` partial sums, projects these, adds them exactly to the accumulator and projects that.
/// spec/integers.md INT-13.
struct integer_dot {
  format a;  ///< integers of at most 16 bits, as b
  format b;
  std::uint8_t products = 1;  ///< at least 1
  /// Of a partial sum, at most 32 bits; the default, which is none, keeps it exact.
  format partial{};
  integer_overflow partial_overflow = integer_overflow::wrap;
  std::uint8_t partials = 1;
  format accumulator = integer_format(32, true);  ///< at most 32 bits
  integer_overflow overflow = integer_overflow::wrap;

  friend LOWP_FN bool operator==(const integer_dot&, const integer_dot&) noexcept = default;
};

/// Products that one step adds.
LOWP_FN std::size_t step_length(const integer_dot& d) noexcept {
  return std::size_t{d.products} * d.partials;
}

namespace detail {

LOWP_FN std::int64_t project(format f, std::int64_t n, integer_overflow o) noexcept {
  return f.width == 0 ? n : integer_value(f, integer_code(f, n, o));
}

}  // namespace detail

/// The accumulator after all products of a and b, n of each, in order; what is missing to the last
/// step is 0. The operands are integers of the formats, in any type that holds them.
/// spec/integers.md INT-13.
template <class A, class B>
LOWP_FN std::int64_t dot(const integer_dot& d, std::int64_t accumulator, const A* a, const B* b,
                         std::size_t n) noexcept {
  for (std::size_t i = 0; i < n;) {
    std::int64_t sum = accumulator;
    for (int p = 0; p < d.partials; ++p) {
      std::int64_t partial = 0;
      for (int k = 0; k < d.products && i < n; ++k, ++i) {
        partial += static_cast<std::int64_t>(a[i]) * static_cast<std::int64_t>(b[i]);
      }
      sum += detail::project(d.partial, partial, d.partial_overflow);
    }
    accumulator = detail::project(d.accumulator, sum, d.overflow);
  }
  return accumulator;
}

/// The greatest number of products for which no sum can leave its range, whatever the operands
/// from the two ranges, from an accumulator of 0. 0: already one partial sum can. spec INT-14
LOWP_FN std::uint64_t safe_length(const integer_dot& d, integer_range a, integer_range b) noexcept {
  std::int64_t least = 0, most = 0;
  for (const std::int64_t x : {a.lowest, a.greatest}) {
    for (const std::int64_t y : {b.lowest, b.greatest}) {
      least = x * y < least ? x * y : least;
      most = x * y > most ? x * y : most;
    }
  }
  const auto fits = [&](format f, std::int64_t n) {
    return f.width == 0 ||
           (detail::project(f, n * least, integer_overflow::saturate) == n * least &&
            detail::project(f, n * most, integer_overflow::saturate) == n * most);
  };
  if (!fits(d.partial, d.products)) return 0;
  std::int64_t low = 0, high = std::int64_t{1} << 32;  // more than any range of 32 bits has
  if (least == 0 && most == 0) return ~std::uint64_t{0};
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (fits(d.accumulator, middle) ? low : high) = middle;
  }
  return static_cast<std::uint64_t>(low);
}
LOWP_FN std::uint64_t safe_length(const integer_dot& d) noexcept {
  return safe_length(d, range_of(d.a), range_of(d.b));
}

/// What a column of b contributes to the correction: its sum without n zero points.
LOWP_FN std::int32_t column_offset(std::int32_t sum_b, std::int32_t zero_point_b,
                                   std::int32_t n) noexcept {
  constexpr format word = integer_format(32, true);
  return static_cast<std::int32_t>(
      detail::project(word, sum_b - std::int64_t{zero_point_b} * n, integer_overflow::wrap));
}

/// The sum of (a - zero_point_a)(b - zero_point_b) from the sum of a b, the sum of the row of a and
/// the `column_offset` of b, modulo 2^32. spec/integers.md INT-15.
LOWP_FN std::int32_t correct_zero_points(std::int32_t sum_ab, std::int32_t zero_point_a,
                                         std::int32_t offset_b, std::int32_t zero_point_b,
                                         std::int32_t sum_a) noexcept {
  // Unsigned: products of 32 bits may wrap in 64.
  const std::uint64_t of_a = static_cast<std::uint64_t>(std::int64_t{zero_point_a} * offset_b);
  const std::uint64_t of_b = static_cast<std::uint64_t>(std::int64_t{zero_point_b} * sum_a);
  const std::uint64_t sum = static_cast<std::uint64_t>(std::int64_t{sum_ab}) - of_a - of_b;
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
}

}  // namespace lowp

#endif  // LOWP_INTEGER_DOT_HPP
