// SPDX-License-Identifier: Apache-2.0
/// \file
/// One way of writing each arithmetic: members of a model that change no result get their defaults,
/// and of two ways of adding that are the same one is taken. Each rule says why no result changes;
/// the reasons are those of spec/mma.md MMA-2 ... MMA-12. spec/diagnosis.md DIA-10.
#ifndef LOWP_GOLDEN_MMA_NORMAL_FORM_HPP
#define LOWP_GOLDEN_MMA_NORMAL_FORM_HPP

#include <algorithm>

#include "mma_normal_members.hpp"

namespace lowp::golden {

namespace detail {

/// Products of integers: sums modulo 2^n do not depend on order or grouping; a sum that saturates
/// depends on which products share a step, not on their order in it.
inline mma_model normal_integers(const mma_model& m) {
  mma_model n{.a = m.a, .b = m.b, .c = m.c, .d = m.d, .accumulator = m.d};
  n.k = m.k;
  n.sum = m.sum;
  n.overflow = m.overflow;
  n.one_bit = m.one_bit;
  n.exclusive_or = m.exclusive_or;
  n.group = m.overflow == integer_overflow::wrap ? m.k : m.group;
  n.order = m.order;
  if (n.group == n.k) n.order = product_order::ascending;
  if (n.order == product_order::pairs_reversed && n.group % 2 == 0) {
    n.order = product_order::ascending;
  }
  return n;
}

/// The order of products of one exact sum does not matter, nor which of two is first in an addition
/// that knows one NaN.
inline void drop_order(mma_model& m) {
  const bool one_sum = m.sum != mma_sum::chain && m.group == m.k;
  const bool sums_exactly = m.sum != mma_sum::chain && m.sum != mma_sum::tree;
  if (m.nan != mma_nan::canonical) return;
  switch (m.order) {
    case product_order::ascending: return;
    case product_order::pairs_reversed:
      // Pairs stay pairs: of a run, of a step, of the lowest level of a tree, of two chains.
      if (m.sum == mma_sum::chain ? m.chains == 2
                                  : m.group % 2 == 0 && (m.run == 1 || m.run % 2 == 0)) {
        m.order = product_order::ascending;
      }
      return;
    case product_order::pairs_dealt:
      // Products keep their parity, and so their chain.
      if (one_sum && sums_exactly && (m.run == 1 || m.run == m.group)) {
        m.order = product_order::ascending;
      }
  }
}

/// What formats and ranges rule out.
inline void drop_unreachable(mma_model& m) {
  const mma_term_ranges r(m);
  if (m.product.width != 0 && r.product_is_exact(m, m.product) &&
      m.product_last.zero_sign == sign_rule::keep && m.product_last.overflow != saturate &&
      m.nan == mma_nan::canonical &&
      (m.sum != mma_sum::tree || r.product_is_exact(m, m.accumulator))) {
    m.product = m.sum == mma_sum::tree ? m.accumulator : format{};
    m.product_last = {};
  }
  if (r.sums_are_normal(m)) {
    m.step.flush_subnormal_result = m.join.flush_subnormal_result = false;
    if (m.product.width == 0 || r.product_unit >= mma_range(m.product).least) {
      m.flush_rounded = m.product_last.flush_subnormal_result = false;
    }
  }
  // A subnormal c beside a rounded sum that is not 0 is too small to change it; alone it is flushed
  // in the end, to a zero of one sign.
  const bool last = m.entry == accumulator_entry::after_all;
  const rounding added = last ? m.join.round : m.step.round;
  const bool after_sums = m.sum == mma_sum::tree || m.sum == mma_sum::chain || last;
  mma_model read = m;
  read.read_c.subnormal_input = subnormal_input_rule::zero;
  if (after_sums && rounds_to_nearest(added) && added != away_from_zero &&
      (m.flush_rounded || m.step.flush_subnormal_result) &&
      m.step.zero_sign == sign_rule::positive && m.accumulator == m.d && r.sums_are_normal(read)) {
    m.read_c = read.read_c;
  }
  // What every rounding has flushed is not subnormal.
  const bool flushes = m.step.flush_subnormal_result &&
                       (m.join.flush_subnormal_result || !reads_join(m)) &&
                       (m.product_last.flush_subnormal_result || m.product.width == 0);
  if (flushes && m.accumulator == m.d) m.flush_rounded = false;
  simplify_exact_sums(m, r);
  simplify_alignment(m, r);
  simplify_flushes(m);
  simplify_projection(m.step, r.sums_are_finite(m, m.step));
  simplify_projection(m.join, r.sums_are_finite(m, m.join));
  simplify_projection(m.product_last, false);
  if (m.stored.width != 0) {
    simplify_projection(m.read, false);
    if (m.read.round == toward_zero && m.read.overflow != saturate) m.read.overflow = ieee;
  }
  if (r.greatest_product < 127) m.huge_products_are_infinite = false;
  // An alignment of terms that are all above the least exponent, or that it does not cut: all that
  // is added in one way or the other.
  const bool late = m.entry == accumulator_entry::after_step;
  const mma_range sum(m.accumulator);
  const auto bound = [&](std::int32_t exponent, std::int32_t unit) {
    return late ? exponent : std::max(exponent, unit + m.kept_bits);
  };
  std::int32_t least = bound(r.least_product, r.product_unit);
  // Sums of products alone are multiples of what products are.
  if (m.entry == accumulator_entry::in_step) {
    least = std::min({least, bound(r.c.least, r.c.smallest), bound(sum.least, sum.smallest)});
  }
  if (m.least_exponent <= least && !m.scales_align) {
    m.least_exponent = mma_model{}.least_exponent;
  }
  // A zero whose exponent is never the greatest.
  const std::int32_t zero = -126 + std::max({r.a_greatest, r.b_greatest, 0}) + r.greatest_scales;
  if (m.zeros == zero_exponent::minus_126 && !m.scales_align &&
      zero <= std::max(least, m.least_exponent)) {
    m.zeros = zero_exponent::none;
  }
  // A zero of that exponent beside terms that are all as great or greater.
  if (m.zeros == zero_exponent::minus_126_of_c && least >= -126) m.zeros = zero_exponent::none;
  simplify_zeros(m, r);
}

/// Whether a rounding is as that of sums, but for signs of zeros and NaNs that the last rounding
/// decides.
inline bool rounds_as(projection p, const projection& step) {
  if (step.zero_sign == sign_rule::positive) p.zero_sign = step.zero_sign;
  if (step.nan == nan_rule::all_ones && p.nan == nan_rule::quiet) p.nan = step.nan;
  if (step.nan_sign != sign_rule::keep && p.nan_sign == sign_rule::keep) p.nan_sign = step.nan_sign;
  return p == step;
}

/// Chains from +0 of one or two products, to which c is added: the first addition, of +0, rounds a
/// product and makes one of -0 positive.
inline void join_short_chains(mma_model& m) {
  if (m.sum != mma_sum::chain || m.entry != accumulator_entry::after_all ||
      !rounds_as(m.join, m.step))
    return;
  const bool apart = m.k == m.chains || m.k == 1;  // a chain for each product
  const bool fused = m.product.width == 0;
  const bool zeros_vanish =
      m.read_c.zero_sign == sign_rule::positive || m.step.zero_sign == sign_rule::positive;
  // The second product is exact, or rounded as in a tree.
  const bool second_fits =
      fused ? mma_term_ranges(m).product_is_exact(m, m.accumulator)
            : zeros_vanish && m.product == m.accumulator && rounds_as(m.product_last, m.step);
  if (m.k > 2 || !((apart && fused) || second_fits)) return;
  m.sum = mma_sum::tree;
  m.entry = accumulator_entry::after_step;
  m.group = m.k;
  m.chains = 1;
  m.products_add_zero = fused;
  m.product = m.accumulator;
  m.product_last = m.step;
  m.join = {};
}

/// A chain in an accumulator that holds every sum as it is: one exact sum, rounded to d. Infinities
/// and NaN pass through it, zeros have the signs that they have in an exact sum.
inline void join_exact_chains(mma_model& m) {
  using enum sign_rule;
  const bool plain = m.product.width == 0 && m.chains == 1 && !m.products_add_zero &&
                     !m.flush_rounded && !m.step.flush_subnormal_result &&
                     m.step.overflow != saturate &&
                     (m.step.nan == nan_rule::quiet || m.step.nan == nan_rule::all_ones) &&
                     (m.step.zero_sign == keep || m.step.zero_sign == positive) &&
                     has_infinity(m.accumulator) && has_nan(m.accumulator);
  if (m.sum != mma_sum::chain || m.entry != accumulator_entry::in_step || m.k < 2 || !plain ||
      !mma_term_ranges(m).sums_are_exact(m)) {
    return;
  }
  m.sum = mma_sum::exact;
  m.group = m.k;
  m.keeps_zero_sign = true;
  m.accumulator = m.d;
}

/// Ways of adding that are the same.
inline void join_ways(mma_model& m) {
  if (m.nan != mma_nan::canonical || m.invalid_is_negative) return;
  join_exact_chains(m);
  join_short_chains(m);
  const bool one_step = m.group == m.k;
  if (m.sum == mma_sum::exact && m.entry == accumulator_entry::after_step) {
    // c + round(sum), once: the accumulator that steps begin with is +0, which only the sign of a
    // zero sum notices.
    if (one_step && (!m.keeps_zero_sign)) {
      m.entry = accumulator_entry::after_all;
    } else if (rounds_as(m.join, m.step) && m.group < 256) {  // a tree of one term
      m.sum = mma_sum::tree;
      m.run = static_cast<std::uint8_t>(m.group);
      m.product = m.accumulator;
      m.product_last = m.step;
      m.join = {};
    }
  }
  // The exact sum of two, rounded, is the lowest level of a tree.
  const bool zeros_fit = m.keeps_zero_sign || m.step.zero_sign == sign_rule::positive;
  mma_model alone = m;  // products apart
  alone.run = 1;
  const bool product_fits = mma_term_ranges(m).product_is_exact(alone, m.accumulator);
  if (m.sum == mma_sum::exact && m.entry == accumulator_entry::after_all && m.group == 2 &&
      one_step && rounds_as(m.join, m.step) && zeros_fit && product_fits) {
    m.sum = mma_sum::tree;
    m.product = m.accumulator;
    m.entry = accumulator_entry::after_step;
    m.join = {};
    m.keeps_zero_sign = false;
  }
  if (m.sum == mma_sum::tree && m.run == 2 && m.product == m.accumulator &&
      rounds_as(m.product_last, m.step) && zeros_fit && product_fits && !m.products_add_zero) {
    m.run = 1;
    m.product_last = {};
    m.keeps_zero_sign = false;
  }
  if (m.sum == mma_sum::tree && m.run == m.group && one_step && m.run > 1 && !m.keeps_zero_sign &&
      m.product == m.accumulator && rounds_as(m.product_last, m.step) && !m.products_add_zero) {
    m.sum = mma_sum::exact;
    m.entry = accumulator_entry::after_all;
    m.run = 1;
    m.join = m.step;
    m.product = {};
    m.product_last = {};
  }
  // c + a b in one rounding.
  const bool zero_signs_are_ieee = m.keeps_zero_sign || m.step.zero_sign == sign_rule::positive;
  if (m.sum == mma_sum::exact && m.entry == accumulator_entry::in_step && m.group == 1 &&
      zero_signs_are_ieee) {
    m.sum = mma_sum::chain;
    m.keeps_zero_sign = false;
  }
  if (m.sum == mma_sum::tree && m.group == 1) {
    m.sum = mma_sum::chain;
    m.entry = accumulator_entry::in_step;
  }
}

}  // namespace detail

/// The model in its normal form. It gives the same results as the model; equal forms are the same
/// arithmetic.
inline mma_model normal_form(mma_model m) {
  if (m.sum == mma_sum::integer) return detail::normal_integers(m);
  for (int i = 0; i < 4; ++i) {
    const mma_model before = m;
    detail::drop_unread(m);
    detail::simplify_nan(m);
    detail::drop_unreachable(m);
    detail::drop_order(m);
    detail::join_ways(m);
    if (m == before) break;
  }
  return m;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_NORMAL_FORM_HPP
