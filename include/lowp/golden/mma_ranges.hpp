// SPDX-License-Identifier: Apache-2.0
/// \file
/// How large and how small the terms of a matrix unit can be: what its formats alone rule out.
#ifndef LOWP_GOLDEN_MMA_RANGES_HPP
#define LOWP_GOLDEN_MMA_RANGES_HPP

#include <algorithm>
#include <cstdint>

#include <lowp/hardware/mma/mma.hpp>
#include <lowp/properties.hpp>

namespace lowp::golden {

/// Exponents of the numbers of a minifloat format.
struct mma_range {
  std::int32_t greatest = 0;  ///< of the greatest number
  std::int32_t least = 0;     ///< of the least normal one
  std::int32_t smallest = 0;  ///< of the least one: all numbers are multiples of this power of two

  explicit mma_range(const format& f)
      : greatest(binade(normalized(decode(f, max_finite(f))))),
        least(binade(normalized(decode(f, min_normal(f))))),
        smallest(least - trailing_bits(f)) {}
};

/// Bounds on what a model of minifloats adds.
struct mma_term_ranges {
  std::int32_t greatest_product;    ///< products are below 2^(this + 1)
  std::int32_t least_product;       ///< no product but zero is aligned by a lesser exponent
  std::int32_t product_unit;        ///< products are multiples of this power of two
  std::int32_t greatest_subnormal;  ///< exponent of a product with a subnormal factor
  std::int32_t a_greatest, b_greatest;
  std::int32_t greatest_scales = 0;  ///< exponent of two scales
  mma_range c;
  mma_range accumulator;  ///< what the accumulator and the result both have
  int trailing;           ///< fraction bits of the accumulator

  explicit mma_term_ranges(const mma_model& m)
      : c(m.c), accumulator(m.accumulator), trailing(trailing_bits(m.accumulator)) {
    const mma_range a(m.a), b(m.b), d(m.d);
    accumulator.greatest = std::min(accumulator.greatest, d.greatest);
    accumulator.least = std::max(accumulator.least, d.least);
    accumulator.smallest = std::max(accumulator.smallest, d.smallest);
    a_greatest = a.greatest;
    b_greatest = b.greatest;
    greatest_product = a.greatest + b.greatest + 1;
    const bool all_are_normal = m.read.subnormal_input == subnormal_input_rule::zero;
    const bool aligned_below = (m.normalises || m.normalises_products) && !all_are_normal;
    least_product = aligned_below ? a.smallest + b.smallest : a.least + b.least;
    greatest_subnormal = std::max(a.least + b.greatest, a.greatest + b.least);
    product_unit = a.smallest + b.smallest;
    if (m.scale_block == 0) return;
    const mma_range s(m.scale);
    greatest_scales = 2 * s.greatest;
    greatest_subnormal += greatest_scales + 1;
    greatest_product += greatest_scales + 1;
    least_product += 2 * s.least;
    product_unit += 2 * s.smallest;
    // Aligned by the exponents of the scales, which say nothing of the products.
    if (m.scales_align) least_product = 2 * s.least;
  }

  /// Everything that is added is a multiple of a power of two that the accumulator has, as it is or
  /// once it is cut: no sum is too small for it, so no result becomes zero by rounding.
  bool sums_do_not_vanish(const mma_model& m) const {
    std::int32_t products = product_unit, addend = c.smallest;
    if (m.sum == mma_sum::aligned && m.entry == accumulator_entry::in_step) {
      products = std::max(products, least_product - m.kept_bits);
      addend = std::max(addend, c.least - m.kept_bits);
    }
    return products >= accumulator.smallest && addend >= accumulator.smallest;
  }
  /// No sum is subnormal, if c is not. One with a product in it is a multiple of the last place of
  /// whatever cancelled most of the product, which was at least half as large.
  bool sums_are_normal(const mma_model& m) const {
    const bool c_is_normal =
        m.read_c.subnormal_input == subnormal_input_rule::zero || c.smallest >= accumulator.least;
    return c_is_normal && product_unit - trailing - 1 >= accumulator.least;
  }
  /// A product is a number of the format.
  bool product_is_exact(const mma_model& m, const format& f) const {
    const mma_range r(f);
    int precision = m.a.precision + m.b.precision;
    if (m.scale_block != 0) precision += 2 * m.scale.precision;
    return m.run == 1 && precision <= f.precision && product_unit >= r.least &&
           greatest_product < r.greatest;
  }
  /// Every sum of c and some products is a normal number of the accumulator.
  bool sums_are_exact(const mma_model& m) const {
    const mma_range sum(m.accumulator);
    const std::int32_t unit = std::min(product_unit, c.smallest);
    std::int32_t top = std::max(greatest_product, c.greatest) + 1;  // terms are below 2^top
    for (int terms = 1; terms < m.k + 1; terms *= 2) ++top;
    return top - unit <= m.accumulator.precision && unit >= sum.least && top <= sum.greatest;
  }
  /// No sum is too large for the accumulator: c is less by far, or it is rounded in a direction in
  /// which products cannot push the greatest number over the edge.
  bool sums_are_finite(const mma_model& m, const projection& p) const {
    int products = greatest_product + 1;
    while ((1 << (products - greatest_product - 1)) < m.k) ++products;
    if (std::max(products, c.greatest) + 2 < accumulator.greatest) return true;
    const bool cuts_downward = m.floors || m.entry == accumulator_entry::after_step;
    const bool cuts = p.round == rounding::toward_zero || p.round == to_odd;
    const bool stays =
        (cuts || (p.round < rounding::toward_zero && m.c.precision <= m.accumulator.precision)) &&
        !(m.sum == mma_sum::aligned && cuts_downward);
    return stays && !p.overflow_before_rounding && products < accumulator.greatest - trailing - 2;
  }
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_RANGES_HPP
