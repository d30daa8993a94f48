// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums whose terms are cut on a grid below the greatest exponent: NVIDIA's tensor cores, Gaudi's
/// matrix engine, CDNA3. spec/mma.md MMA-4, MMA-5.
#ifndef LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP
#define LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP

#include <cstdint>

#include "mma_product.hpp"

namespace lowp::detail {

LOWP_FN int128 floor_shifted(int128 x, std::int32_t shift) noexcept {
  return shifted(x < 0, absolute_of(x), shift, true);
}

/// What is added in a step: terms, and special values among the products that they come from.
struct aligned_terms {
  special_addends specials;  ///< of factors and scales
  special_addends huge;      ///< products that are infinities for their size
  int count = 0;
  mma_term term[most_products];
};

/// The exact sum of a run of products, aligned by the greatest exponent among them.
LOWP_FN mma_term run_term(const mma_model& m, const mma_term* product) noexcept {
  mma_term sum{0, -no_exponent, no_exponent, false};
  for (int i = 0; i < m.run; ++i) {
    sum.exponent = greater_of(sum.exponent, product[i].exponent);
    if (product[i].magnitude != 0 && product[i].unit < sum.unit) sum.unit = product[i].unit;
  }
  int128 total = 0;
  for (int i = 0; i < m.run; ++i) {
    const mma_term& t = product[i];
    total += shifted(t.negative, t.magnitude, t.unit - sum.unit, false);
  }
  sum.negative = total < 0;
  sum.magnitude = absolute_of(total);
  if (total == 0) {
    sum.unit = no_exponent;
    if (m.zeros != zero_exponent::minus_126) sum.exponent = no_exponent;
  }
  return sum;
}

/// The terms of the step that begins with product `first`.
LOWP_FN void read_terms(const prepared_mma& u, const mma_operands& x, int first,
                        aligned_terms& s) noexcept {
  const mma_model& m = u.model;
  for (int i = 0; i < m.group; ++i) {
    const int at = product_at(m, first + i);
    const mma_operand &a = x.a[at], &b = x.b[at];
    const product_scale scale = scale_at(m, x, at);
    s.specials.add_product(a, b, scale);
    const mma_term t = product_term(u, a, b, scale);
    if (m.huge_products_are_infinite && t.magnitude != 0 &&
        t.unit + 128 - leading_zeros_wide(t.magnitude) > 128) {
      s.huge.add(number_class::infinity, t.negative);
    }
    s.term[i] = t;
  }
  s.count = m.group / m.run;
  // Payloads of NaN are no numbers: they would not fit.
  if (m.run == 1 || s.specials.any()) return;
  for (int i = 0; i < s.count; ++i) s.term[i] = run_term(m, s.term + i * m.run);
}

/// A term on the grid 2^unit; the four partial products, each cut, where factors are cut in two.
LOWP_FN int128 on_grid(const mma_model& m, const mma_term& t, std::int32_t unit,
                       const mma_operands& x, int place) noexcept {
  const std::int32_t shift = t.unit - unit;
  if (m.low_bits == 0 || shift >= 0) return shifted(t.negative, t.magnitude, shift, m.floors);
  const int at = product_at(m, place);
  const std::uint64_t mask = low_mask(m.low_bits);
  const std::uint64_t a = x.a[at].significand, b = x.b[at].significand;
  uint128 sum = 0;
  for (const std::uint64_t part_a : {a & ~mask, a & mask}) {
    for (const std::uint64_t part_b : {b & ~mask, b & mask}) {
      sum += cut(uint128{part_a} * part_b, shift, m.floors && t.negative);
    }
  }
  return with_sign(sum, t.negative);
}

/// sum x 2^(exponent - kept_bits).
struct aligned_sum {
  int128 sum = 0;
  std::int32_t exponent = no_exponent;
};

/// Exponent of the accumulator in the alignment.
LOWP_FN std::int32_t accumulator_exponent(const mma_model& m, mma_value c) noexcept {
  if (is_finite(c)) {
    const std::int32_t binade = c.exponent + 63 - leading_zeros(c.significand);
    return greater_of(binade, least_exponent_of(m.accumulator));
  }
  return m.zeros == zero_exponent::none ? no_exponent : -126;
}

/// The terms of a step that belong to one chain, and what else takes part in the alignment.
LOWP_FN aligned_sum add_aligned(const mma_model& m, const mma_operands& x, int first,
                                const aligned_terms& terms, int chain,
                                std::int32_t exponent) noexcept {
  aligned_sum s{0, exponent};
  for (int i = chain; i < terms.count; i += m.chains) {
    s.exponent = greater_of(s.exponent, terms.term[i].exponent);
  }
  if (s.exponent != no_exponent) s.exponent = greater_of(s.exponent, m.least_exponent);
  for (int i = chain; i < terms.count; i += m.chains) {
    s.sum += on_grid(m, terms.term[i], s.exponent - m.kept_bits, x, first + i);
  }
  return s;
}

/// The accumulator on the grid 2^unit.
LOWP_FN int128 accumulator_on_grid(const mma_value& c, std::int32_t unit, bool floors) noexcept {
  if (!is_finite(c)) return 0;
  return shifted(c.negative, c.significand, c.exponent - unit, floors);
}

/// Step with the accumulator among the terms. MMA-4.
LOWP_FN mma_value aligned_in_step(const prepared_mma& u, const mma_operands& x, int first,
                                  const aligned_terms& terms, mma_value c) noexcept {
  const mma_model& m = u.model;
  const aligned_sum s = add_aligned(m, x, first, terms, 0, accumulator_exponent(m, c));
  if (s.exponent == no_exponent) return round_exact(u.step, exact_zero());
  const std::int32_t unit = s.exponent - m.kept_bits;
  return round_sum(u.step, s.sum + accumulator_on_grid(c, unit, m.floors), unit);
}

/// The products of a step, chains joined downward.
LOWP_FN aligned_sum aligned_products(const mma_model& m, const mma_operands& x, int first,
                                     const aligned_terms& terms) noexcept {
  aligned_sum s = add_aligned(m, x, first, terms, 0, no_exponent);
  if (m.chains == 1) return s;
  const aligned_sum odd = add_aligned(m, x, first, terms, 1, no_exponent);
  const std::int32_t exponent = greater_of(s.exponent, odd.exponent);
  s.sum =
      floor_shifted(s.sum, s.exponent - exponent) + floor_shifted(odd.sum, odd.exponent - exponent);
  s.exponent = exponent;
  return s;
}

/// Step whose sum is added to the accumulator on a second grid. MMA-5.
LOWP_FN mma_value aligned_after_step(const prepared_mma& u, const aligned_sum& s,
                                     mma_value c) noexcept {
  const mma_model& m = u.model;
  const std::int32_t of_c = accumulator_exponent(m, c);
  const std::int32_t exponent = greater_of(s.exponent, of_c);
  if (exponent == no_exponent) return round_exact(u.step, exact_zero());
  const int bits = greater_of(m.kept_sum, m.kept_c);
  const int128 products = floor_shifted(s.sum, s.exponent - exponent + m.kept_sum - m.kept_bits);
  int128 addend = 0;
  if (m.reach_c == 0 || of_c >= exponent - m.reach_c) {
    addend = accumulator_on_grid(c, exponent - m.kept_c, true);
  }
  return round_sum(u.step, (products << (bits - m.kept_sum)) + (addend << (bits - m.kept_c)),
                   exponent - bits);
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_ALIGNED_HPP
