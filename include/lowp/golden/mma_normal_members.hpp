// SPDX-License-Identifier: Apache-2.0
/// \file
/// Members of a model that change no result: those that its way of adding does not read, and codes
/// of NaN, signs of zeros and flushes that cannot be told apart. spec/mma.md MMA-2 ... MMA-11.
#ifndef LOWP_GOLDEN_MMA_NORMAL_MEMBERS_HPP
#define LOWP_GOLDEN_MMA_NORMAL_MEMBERS_HPP

#include "mma_ranges.hpp"

namespace lowp::golden::detail {

inline bool reads_join(const mma_model& m) {
  return m.entry == accumulator_entry::after_all ||
         (m.sum == mma_sum::exact && m.entry == accumulator_entry::after_step);
}

/// Members that the way of adding does not read.
inline void drop_unread(mma_model& m) {
  const mma_model none{};
  const bool aligned = m.sum == mma_sum::aligned, window = m.sum == mma_sum::gaudi2;
  const bool late = m.entry == accumulator_entry::after_step;
  const bool last = m.entry == accumulator_entry::after_all;
  if (!aligned && !window) {
    m.kept_bits = none.kept_bits;
    m.floors = m.normalises = m.normalises_products = false;
    m.zeros = none.zeros;
    m.least_exponent = none.least_exponent;
    m.low_bits = 0;
    m.huge_products_are_infinite = false;
  }
  if (!aligned || !late) m.kept_sum = m.kept_c = m.reach_c = 0;
  if (m.sum != mma_sum::chain && m.sum != mma_sum::tree) {
    m.product = {};
    m.products_add_zero = false;
  }
  if (m.product.width == 0) m.product_last = {};
  if (!reads_join(m)) m.join = {};
  if (m.sum == mma_sum::exact) m.run = 1;
  if (m.sum == mma_sum::chain) m.group = 1;
  if (m.sum != mma_sum::exact && !(m.sum == mma_sum::tree && m.run > 1)) m.keeps_zero_sign = false;
  // Steps that are aligned know one NaN; only the join of an accumulator chooses.
  if ((aligned && !last) || window) {
    m.nan = mma_nan::canonical;
    m.invalid_is_negative = false;
  }
  // Of c its subnormals and the sign of its zero are read, of factors subnormals and, where they
  // are stored in another format, all of the conversion but the sign of zeros.
  m.read_c = {.zero_sign = m.read_c.zero_sign, .subnormal_input = m.read_c.subnormal_input};
  if (m.stored.width == 0) m.read = {.subnormal_input = m.read.subnormal_input};
  if (m.scale_block == 0) m.scale = {};
  // No factor is subnormal.
  if (m.read.subnormal_input == subnormal_input_rule::zero) m.normalises = false;
  m.overflow = none.overflow;
  m.one_bit = m.exclusive_or = false;
}

inline bool rounds_to_nearest(rounding r) {
  return r <= rounding::to_nearest_negative || r == away_from_zero;
}

/// What of one projection cannot matter.
inline void simplify_projection(projection& p, bool finite) {
  // Directions that never point back from infinity.
  if (p.overflow == infinite && rounds_to_nearest(p.round)) p.overflow = ieee;
  if (finite) {
    p.overflow_before_rounding = false;
    if (p.overflow != saturate) p.overflow = ieee;
  }
  if (!p.flush_subnormal_result) p.tininess = tininess_rule::after_rounding;
}

/// Codes of NaN.
inline void simplify_nan(mma_model& m) {
  const bool forced =
      m.step.nan_sign == sign_rule::positive || m.step.nan_sign == sign_rule::negative;
  // The last rounding decides what it does not take from its operand.
  if (m.step.nan == nan_rule::quiet || m.step.nan == nan_rule::all_ones) {
    m.join.nan = m.product_last.nan = nan_rule::quiet;
  }
  if (forced) {
    m.invalid_is_negative = false;
    m.join.nan_sign = m.product_last.nan_sign = sign_rule::keep;
  }
  // Payloads of operands have their quiet bit set before: none is lost.
  for (projection* p : {&m.step, &m.join, &m.product_last}) {
    if (p->nan == nan_rule::payload_raw || p->nan == nan_rule::payload_one) {
      p->nan = nan_rule::payload;
    }
  }
  if (m.nan != mma_nan::canonical) return;
  const auto keeps = [](const projection& p) {
    return p.nan == nan_rule::quiet || p.nan == nan_rule::payload;
  };
  if (!keeps(m.join) || !keeps(m.product_last)) return;
  // Without operands' payloads there is one, that of the quiet bit alone.
  for (projection* p : {&m.step, &m.join, &m.product_last}) {
    if (p->nan == nan_rule::payload) p->nan = nan_rule::quiet;
    // And without signs of operands it is positive.
    if (!m.invalid_is_negative && p->nan_sign == sign_rule::positive) p->nan_sign = sign_rule::keep;
  }
  // Payloads of factors are lost; one that conversion cuts to nothing may still be an infinity.
  if (m.stored.width != 0 && m.read.nan != nan_rule::payload_raw) m.read.nan = nan_rule::quiet;
  if (m.stored.width != 0) m.read.nan_sign = sign_rule::keep;
}

/// Whether no result is -0: sums that are zero are +0, nothing is rounded to a zero, and -0 is
/// added to nothing but numbers and +0.
inline bool gives_no_negative_zero(const mma_model& m, const mma_term_ranges& r) {
  if (!r.sums_do_not_vanish(m) || m.flush_rounded || m.step.flush_subnormal_result) return false;
  if (m.product.width != 0 && r.product_unit < mma_range(m.product).smallest) return false;
  if (m.product_last.flush_subnormal_result || m.product_last.zero_sign != sign_rule::keep) {
    return false;
  }
  const bool last = m.entry == accumulator_entry::after_all;
  switch (m.sum) {
    case mma_sum::chain:
      return last || m.products_add_zero || m.read_c.zero_sign == sign_rule::positive;
    case mma_sum::tree:
      return m.products_add_zero || m.read_c.zero_sign == sign_rule::positive ||
             (m.run > 1 && !m.keeps_zero_sign);
    default: return !m.keeps_zero_sign;
  }
}

/// Signs of zeros.
inline void simplify_zeros(mma_model& m, const mma_term_ranges& r) {
  using enum sign_rule;
  if (gives_no_negative_zero(m, r)) m.step.zero_sign = positive;
  const bool late = m.entry == accumulator_entry::after_step;
  const bool last = m.entry == accumulator_entry::after_all;
  // A zero c is a term of an exact sum like any other; only one that is rounded to zero has a sign.
  if (m.sum != mma_sum::chain && m.sum != mma_sum::tree && !m.keeps_zero_sign && !last &&
      !(m.sum == mma_sum::exact && late)) {
    m.read_c.zero_sign = keep;
  }
  // c is never -0, and neither is c plus a sum of products; one step, so none follows that begins
  // with a -0 of underflow.
  if (m.sum == mma_sum::tree && m.group == m.k && m.read_c.zero_sign == positive) {
    m.products_add_zero = m.keeps_zero_sign = false;
  }
  if (m.step.zero_sign != positive) return;
  // The last rounding makes every zero +0, and no zero on the way there changes a number.
  m.read_c.zero_sign = m.join.zero_sign = m.product_last.zero_sign = keep;
  m.products_add_zero = m.keeps_zero_sign = false;
}

/// Where nothing is rounded up to the least normal number, it is the same whether tiny results are
/// flushed before they are rounded, after it, or as the subnormal numbers that they become.
inline void simplify_flushes(mma_model& m) {
  const bool has_product = m.product.width != 0;
  const bool product_flushes = m.flush_rounded || m.product_last.flush_subnormal_result;
  // A product that fits, or is flushed: it is never rounded.
  if (has_product && m.run == 1 && m.scale_block == 0 && product_flushes &&
      m.a.precision + m.b.precision <= m.product.precision) {
    if (rounds_to_nearest(m.product_last.round) || m.product_last.overflow == infinite) {
      m.product_last.round = rounding::to_nearest_even;
      if (m.product_last.overflow == infinite) m.product_last.overflow = ieee;
      m.product_last.tininess = tininess_rule::after_rounding;
    }
  } else if (has_product) {
    return;
  }
  const auto never_up = [](const projection& p) {
    return p.flush_subnormal_result && (p.round == toward_zero || p.round == to_odd);
  };
  if (!never_up(m.step) || (reads_join(m) && !never_up(m.join)) || m.accumulator != m.d) return;
  if (has_product && !product_flushes) return;
  m.flush_rounded = true;
  for (projection* p : {&m.step, &m.join, &m.product_last}) p->flush_subnormal_result = false;
}

/// A sum of two numbers of one format that is subnormal is exact: it is the same whether it is
/// flushed before it is rounded, after it, or as the number that it becomes.
inline void simplify_exact_sums(mma_model& m, const mma_term_ranges& r) {
  if (m.accumulator != m.d) return;
  const std::int32_t unit = mma_range(m.accumulator).smallest;
  if (r.c.smallest < unit) return;
  const bool product_flushes = m.product.width == 0 || m.product_last.flush_subnormal_result;
  const auto simplify = [&](projection& p, bool others_flush) {
    p.tininess = tininess_rule::after_rounding;
    if (m.flush_rounded) p.flush_subnormal_result = others_flush && product_flushes;
  };
  const bool rounds_products = m.product.width != 0 && mma_range(m.product).smallest >= unit;
  if (rounds_products) simplify(m.step, true);
  if (!reads_join(m)) return;
  simplify(m.join, m.step.flush_subnormal_result);
  // The last rounding but for that to d, which is as the sums' are.
  if (m.entry == accumulator_entry::after_all && m.step.flush_subnormal_result) {
    m.join.flush_subnormal_result = true;
  }
}

/// How subnormal factors are aligned, where that shows in no exponent or cuts nothing.
inline void simplify_alignment(mma_model& m, const mma_term_ranges& r) {
  const bool by_value = m.normalises_products && m.zeros != zero_exponent::minus_126;
  if (m.low_bits == 0 && (by_value || m.scales_align)) m.normalises = false;
  if (m.scales_align) m.normalises_products = false;
  // Products alone, none of which is cut where one with a subnormal factor has the greatest
  // exponent. In the window of gaudi2 so few bits are kept that what is shifted out of it is never
  // near what it is added to.
  const bool alone =
      (m.sum == mma_sum::aligned && m.entry == accumulator_entry::after_all && m.group == m.k) ||
      (m.sum == mma_sum::gaudi2 && m.kept_bits <= 24 && m.a.precision + m.b.precision <= 8);
  if (alone && m.chains == 1 && m.low_bits == 0 && m.zeros == zero_exponent::none &&
      r.greatest_subnormal <= r.product_unit + m.kept_bits) {
    m.normalises = false;
  }
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_MMA_NORMAL_MEMBERS_HPP
