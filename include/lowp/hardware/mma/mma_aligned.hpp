// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums whose terms are cut on a grid below the greatest exponent: NVIDIA's tensor cores, Gaudi's
/// matrix engine, CDNA3. spec/mma.md MMA-4, MMA-5.
#ifndef LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP
#define LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP

#include <cstdint>

#include "mma_operand.hpp"

namespace lowp::detail {

/// Of what takes no part in an alignment.
inline constexpr std::int32_t no_exponent = -(1 << 24);

LOWP_FN std::int32_t greater_of(std::int32_t a, std::int32_t b) noexcept { return a < b ? b : a; }
LOWP_FN uint128 absolute_of(int128 x) noexcept { return static_cast<uint128>(x < 0 ? -x : x); }

/// (-1)^negative x magnitude x 2^shift as an integer: cut toward zero, or downward if `floors`.
LOWP_FN int128 shifted(bool negative, uint128 magnitude, std::int32_t shift, bool floors) noexcept {
  uint128 x = magnitude;
  if (shift >= 0) {
    x <<= shift;
  } else {
    const int right = shift < -127 ? 127 : -shift;
    x >>= right;
    if (floors && negative && (x << right) != magnitude) ++x;
  }
  return negative ? -static_cast<int128>(x) : static_cast<int128>(x);
}
LOWP_FN int128 floor_shifted(int128 x, std::int32_t shift) noexcept {
  return shifted(x < 0, absolute_of(x), shift, true);
}

/// (-1)^negative x magnitude x 2^unit, aligned by `exponent`.
struct aligned_term {
  bool negative = false;
  uint128 magnitude = 0;
  std::int32_t unit = 0;
  std::int32_t exponent = no_exponent;
};

LOWP_FN std::int32_t exponent_of_factor(const mma_operand& x) noexcept {
  return x.cls == number_class::zero ? -126 : x.exponent;
}

/// The product at a place.
LOWP_FN aligned_term product_term(const mma_model& m, const mma_operands& x, int at) noexcept {
  const mma_operand &a = x.a[at], &b = x.b[at];
  const product_scale s = scale_at(m, x, at);
  const bool zero =
      a.cls == number_class::zero || b.cls == number_class::zero || s.significand == 0;
  aligned_term t{.negative = a.negative != b.negative};
  const std::int32_t exponent = exponent_of_factor(a) + exponent_of_factor(b) + s.exponent;
  if (!zero) {
    t.magnitude = uint128{a.significand} * b.significand * s.significand;
    t.unit = exponent - product_fraction(m) - scale_fraction(m);
  }
  if (zero && m.zeros != zero_exponent::minus_126) return t;
  if (m.scales_align) {
    t.exponent = s.exponent;
  } else if (m.normalises_products && !zero) {
    t.exponent = t.unit + 127 - leading_zeros_wide(t.magnitude);
  } else {
    t.exponent = exponent;
  }
  return t;
}

/// The exact sum of a run of products, aligned by the greatest exponent among them.
LOWP_FN aligned_term run_term(const mma_model& m, const mma_operands& x, int first) noexcept {
  if (m.run == 1) return product_term(m, x, product_at(m, first));
  aligned_term sum;
  sum.unit = -no_exponent;
  for (int i = first; i < first + m.run; ++i) {
    const aligned_term t = product_term(m, x, product_at(m, i));
    sum.exponent = greater_of(sum.exponent, t.exponent);
    if (t.magnitude != 0 && t.unit < sum.unit) sum.unit = t.unit;
  }
  int128 total = 0;
  for (int i = first; i < first + m.run; ++i) {
    const aligned_term t = product_term(m, x, product_at(m, i));
    if (t.magnitude != 0) total += shifted(t.negative, t.magnitude, t.unit - sum.unit, false);
  }
  sum.negative = total < 0;
  sum.magnitude = absolute_of(total);
  if (total == 0) {
    sum.unit = 0;
    if (m.zeros != zero_exponent::minus_126) sum.exponent = no_exponent;
  }
  return sum;
}

/// The product at a place on the grid 2^unit; four of them, each cut, where factors are cut in two.
LOWP_FN int128 on_grid(const mma_model& m, const aligned_term& t, std::int32_t unit,
                       const mma_operands& x, int first) noexcept {
  if (t.magnitude == 0) return 0;
  const std::int32_t shift = t.unit - unit;
  if (m.low_bits == 0) return shifted(t.negative, t.magnitude, shift, m.floors);
  const int at = product_at(m, first);
  const std::uint64_t mask = low_mask(m.low_bits);
  const std::uint64_t a = x.a[at].significand, b = x.b[at].significand;
  int128 sum = 0;
  for (const std::uint64_t part_a : {a & ~mask, a & mask}) {
    for (const std::uint64_t part_b : {b & ~mask, b & mask}) {
      sum += shifted(t.negative, uint128{part_a} * part_b, shift, m.floors);
    }
  }
  return sum;
}

/// sum x 2^(exponent - kept_bits).
struct aligned_sum {
  int128 sum = 0;
  std::int32_t exponent = no_exponent;
};

/// Exponent of the accumulator in the alignment.
LOWP_FN std::int32_t accumulator_exponent(const mma_model& m, const exact& c) noexcept {
  if (c.cls == number_class::finite) return field_exponent(m.accumulator, c);
  return m.zeros == zero_exponent::none ? no_exponent : -126;
}

/// The terms of a step that belong to one chain, and what else takes part in the alignment.
LOWP_FN aligned_sum add_aligned(const mma_model& m, const mma_operands& x, int first, int chain,
                                std::int32_t exponent) noexcept {
  aligned_sum s{0, exponent};
  const int stride = m.run * m.chains;
  const int begin = first + chain * m.run, end = first + m.group;
  for (int i = begin; i < end; i += stride) {
    s.exponent = greater_of(s.exponent, run_term(m, x, i).exponent);
  }
  if (s.exponent != no_exponent) s.exponent = greater_of(s.exponent, m.least_exponent);
  for (int i = begin; i < end; i += stride) {
    s.sum += on_grid(m, run_term(m, x, i), s.exponent - m.kept_bits, x, i);
  }
  return s;
}

/// Sum x 2^unit as a value; zero is +0.
LOWP_FN exact exact_sum_of(int128 sum, std::int32_t unit) noexcept {
  return exact_wide(sum < 0, absolute_of(sum), unit, false);
}

/// The accumulator on the grid 2^unit.
LOWP_FN int128 accumulator_on_grid(const exact& c, std::int32_t unit, bool floors) noexcept {
  if (c.cls != number_class::finite) return 0;
  return shifted(c.negative, c.significand, c.exponent - unit, floors);
}

/// Step with the accumulator among the terms. MMA-4.
LOWP_FN exact aligned_in_step(const mma_model& m, const mma_operands& x, int first,
                              const exact& c) noexcept {
  const aligned_sum s = add_aligned(m, x, first, 0, accumulator_exponent(m, c));
  if (s.exponent == no_exponent) return exact_zero();
  const std::int32_t unit = s.exponent - m.kept_bits;
  return exact_sum_of(s.sum + accumulator_on_grid(c, unit, m.floors), unit);
}

/// The products of a step, chains joined downward.
LOWP_FN aligned_sum aligned_products(const mma_model& m, const mma_operands& x,
                                     int first) noexcept {
  aligned_sum s = add_aligned(m, x, first, 0, no_exponent);
  if (m.chains == 1) return s;
  const aligned_sum odd = add_aligned(m, x, first, 1, no_exponent);
  const std::int32_t exponent = greater_of(s.exponent, odd.exponent);
  s.sum =
      floor_shifted(s.sum, s.exponent - exponent) + floor_shifted(odd.sum, odd.exponent - exponent);
  s.exponent = exponent;
  return s;
}

/// Step whose sum is added to the accumulator on a second grid. MMA-5.
LOWP_FN exact aligned_after_step(const mma_model& m, const mma_operands& x, int first,
                                 const exact& c) noexcept {
  const aligned_sum s = aligned_products(m, x, first);
  const std::int32_t of_c = accumulator_exponent(m, c);
  const std::int32_t exponent = greater_of(s.exponent, of_c);
  if (exponent == no_exponent) return exact_zero();
  const int bits = greater_of(m.kept_sum, m.kept_c);
  const int128 products = floor_shifted(s.sum, s.exponent - exponent + m.kept_sum - m.kept_bits);
  int128 addend = 0;
  if (m.reach_c == 0 || of_c >= exponent - m.reach_c) {
    addend = accumulator_on_grid(c, exponent - m.kept_c, true);
  }
  return exact_sum_of((products << (bits - m.kept_sum)) + (addend << (bits - m.kept_c)),
                      exponent - bits);
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP
