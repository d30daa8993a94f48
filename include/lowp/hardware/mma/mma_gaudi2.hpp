// SPDX-License-Identifier: Apache-2.0
/// \file
/// The adder of Intel Gaudi2: an aligned sum of products meets the accumulator in a window of 62
/// bits. spec/mma.md MMA-9.
#ifndef LOWP_HARDWARE_MMA_MMA_GAUDI2_HPP
#define LOWP_HARDWARE_MMA_MMA_GAUDI2_HPP

#include <cstdint>

#include "mma_aligned.hpp"

namespace lowp::detail {

LOWP_FN std::int64_t shift_right(std::int64_t x, std::int32_t n, bool& lost) noexcept {
  const int right = n > 62 ? 62 : n;
  const std::int64_t r = x >> right;
  lost = lost || (r << right) != x;
  return r;
}

/// The window's content as a code of binary32, rounded to nearest; subnormal results are zeros.
/// Below 26 kept bits after a cancellation the sticky bit is not looked at.
LOWP_FN code_t gaudi2_round(std::int64_t v, std::int32_t exponent, bool sticky) noexcept {
  const bool negative = v < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? (sticky ? -v - 1 : -v) : v);
  const code_t sign = negative ? 0x80000000 : 0;
  if (magnitude == 0) return sign;
  int lead = 63 - leading_zeros(magnitude);
  std::int32_t biased = exponent + 127 + 1 + (lead - 47);
  if (biased == 0) ++lead;
  const bool guard = lead >= 24 && (magnitude >> (lead - 24) & 1) != 0;
  const bool rest = lead >= 25 && (sticky || (magnitude & low_mask(lead - 24)) != 0);
  std::uint64_t q = lead >= 23 ? magnitude >> (lead - 23) : magnitude << (23 - lead);
  if (guard && (rest || (q & 1) != 0)) ++q;
  if (q >> 24 != 0) {
    q >>= 1;
    ++biased;
  } else if (biased == 0 && q >> 23 != 0) {
    biased = 1;
  }
  if (biased > 254) return sign | 0x7f800000;
  if (biased < 1) return sign;
  return sign | static_cast<code_t>(biased) << 23 | (q & low_mask(23));
}

/// A sum of products, not 0, and an accumulator, not 0.
LOWP_FN code_t gaudi2_add(const mma_model& m, const aligned_sum& s, mma_value c) noexcept {
  auto products = static_cast<std::int64_t>(s.sum << (48 - m.kept_bits));
  std::int32_t of_products = s.exponent - 2;
  const std::int32_t exponent_of_c = accumulator_exponent(m, c);
  const std::int32_t of_c = exponent_of_c - 7;
  const auto addend =
      static_cast<std::int64_t>(accumulator_on_grid(c, exponent_of_c - 23 - 30, false));
  if (products >> 35 == 0 || products >> 35 == -1) {
    products *= std::int64_t{1} << 24;
    of_products -= 24;
  }
  const std::int32_t exponent = greater_of(of_products, of_c);
  bool lost = false;
  const std::int64_t v = shift_right(products, exponent - of_products, lost) +
                         shift_right(addend, exponent - of_c, lost);
  return gaudi2_round(v, exponent, lost);
}

/// One step. Without products that remain the result is c; without c their sum, rounded.
LOWP_FN mma_value gaudi2_step(const prepared_mma& u, const aligned_sum& s, mma_value c) noexcept {
  const mma_model& m = u.model;
  if (s.sum == 0) return round_exact(u.step, is_finite(c) ? exact_of(c) : exact_zero());
  if (!is_finite(c)) return round_sum(u.step, s.sum, s.exponent - m.kept_bits);
  const code_t sum = gaudi2_add(m, s, c);
  if (mma_operand x; read_normal(m.accumulator, sum, x)) {
    const mma_value v = as_value(m.accumulator, x);
    return round_wide(u.step, v.negative, v.significand, v.exponent);
  }
  return round_exact(u.step, decode(m.accumulator, sum));
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_GAUDI2_HPP
