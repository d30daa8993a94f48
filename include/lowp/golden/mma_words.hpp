// SPDX-License-Identifier: Apache-2.0
/// \file
/// A model of a matrix unit in sentences.
#ifndef LOWP_GOLDEN_MMA_WORDS_HPP
#define LOWP_GOLDEN_MMA_WORDS_HPP

#include <cstdio>
#include <string>
#include <vector>

#include <lowp/find_format.hpp>
#include <lowp/hardware/mma/mma_members.hpp>

#include "mma_question.hpp"

namespace lowp::golden {

namespace detail {

inline std::string name_of(const format& f) {
  if (const named_format* row = find_format(f)) return row->name;
  return std::to_string(exponent_field_bits(f)) + " exponent and " +
         std::to_string(trailing_bits(f)) + " fraction bits";
}

inline std::string counted(int n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

inline std::string direction(rounding r) {
  switch (r) {
    case rounding::to_nearest_even: return "to nearest, ties to even";
    case rounding::to_nearest_away: return "to nearest, ties away from zero";
    case rounding::to_nearest_zero: return "to nearest, ties toward zero";
    case rounding::to_nearest_negative: return "to nearest, ties toward the lesser value";
    case rounding::toward_zero: return "toward zero";
    case rounding::toward_positive: return "upward";
    case rounding::toward_negative: return "downward";
    case rounding::away_from_zero: return "away from zero";
    case rounding::to_odd: return "to odd";
    default: return name(r);
  }
}

/// Which products meet, and where c enters.
inline void say_sum(const mma_model& m, std::vector<std::string>& out) {
  const std::string step = counted(m.group, "product");
  const bool in_step = m.entry == accumulator_entry::in_step;
  const std::string terms = in_step ? "the accumulator and " + step : step;
  switch (m.sum) {
    case mma_sum::aligned:
    case mma_sum::gaudi2:
      out.push_back(terms + " at a time are aligned to the greatest exponent with " +
                    counted(m.kept_bits, "fraction bit") + " kept, cut " +
                    (m.floors ? "downward" : "toward zero") + ", and added exactly");
      break;
    case mma_sum::exact:
      out.push_back(terms + " at a time are added exactly and rounded once");
      break;
    case mma_sum::tree:
      out.push_back(step +
                    " at a time are added in pairs, pairs of pairs, and so on, each sum rounded");
      break;
    case mma_sum::chain:
      out.push_back(m.product.width == 0
                        ? "one product after the other is added in one rounding (fused)"
                        : "one product after the other is added");
      break;
    case mma_sum::integer:
      out.push_back("integers: the sum of " + counted(m.group, "product") + " at a time " +
                    (m.overflow == integer_overflow::wrap ? "wraps" : "saturates") + " to " +
                    counted(m.d.width, "bit"));
      break;
  }
  if (m.sum == mma_sum::gaudi2) {
    out.push_back("the sum meets the accumulator in a window of 62 bits");
  } else if (m.sum == mma_sum::aligned && m.entry == accumulator_entry::after_step) {
    out.push_back("then " + counted(m.kept_sum, "fraction bit") + " of the sum and " +
                  std::to_string(m.kept_c) +
                  " of the accumulator are kept below the greater exponent, cut downward");
    if (m.reach_c != 0) {
      out.push_back("an accumulator whose exponent is lower by more than " +
                    std::to_string(m.reach_c) + " counts as 0");
    }
  } else if (m.entry == accumulator_entry::after_step) {
    out.push_back("the accumulator is added to each such sum, in a rounding of its own");
  } else if (m.entry == accumulator_entry::after_all) {
    out.push_back("sums begin with +0; c is added once, at the end, in a rounding of its own");
  }
  if (m.chains == 2) out.push_back("even and odd products are summed apart and then joined");
  if (m.run > 1) out.push_back(counted(m.run, "adjacent product") + " are one term, added exactly");
  if (m.order == product_order::pairs_reversed) {
    out.push_back("products are taken in the order 1, 0, 3, 2, ...");
  } else if (m.order == product_order::pairs_dealt) {
    out.push_back("products are taken in the order 0, 1, 4, 5, ..., then 2, 3, 6, 7, ...");
  }
}

inline void say_alignment(const mma_model& m, std::vector<std::string>& out) {
  if (m.least_exponent != mma_model{}.least_exponent) {
    out.push_back("terms are aligned to 2^" + std::to_string(m.least_exponent) + " at least");
  }
  if (m.zeros == zero_exponent::minus_126) {
    out.push_back("zero factors and a zero accumulator have the exponent -126");
  } else if (m.zeros == zero_exponent::minus_126_of_c) {
    out.push_back("a zero accumulator has the exponent -126");
  }
  if (m.normalises) out.push_back("subnormal factors are normalised before they are aligned");
  if (m.normalises_products) out.push_back("products of 2 and more have the next exponent");
  if (m.low_bits != 0) {
    out.push_back("factors are cut in two above their " + counted(m.low_bits, "low bit") +
                  ", the four products of the parts are aligned apart");
  }
  if (m.scales_align) out.push_back("terms are aligned by the exponents of their scales alone");
  if (m.huge_products_are_infinite) out.push_back("products of 2^128 and more are infinities");
}

inline void say_roundings(const mma_model& m, std::vector<std::string>& out) {
  if (m.product.width != 0) {
    const bool apart = m.sum == mma_sum::chain;
    out.push_back((m.run > 1 ? "terms" : "products") + std::string(" are rounded to ") +
                  name_of(m.product) + " before accumulation" + (apart ? " (unfused)" : "") + ", " +
                  direction(m.product_last.round));
  }
  std::string sums = "sums are rounded " + direction(m.step.round);
  if (m.step.overflow == infinite) sums += ", overflow gives infinities";
  if (m.step.overflow == saturate || m.step.overflow == saturate_finite) sums += ", they saturate";
  out.push_back(sums);
  if (m.accumulator != m.d) {
    const bool wider = m.accumulator.precision > m.d.precision;
    out.push_back(wider ? "results are rounded twice: through " + name_of(m.accumulator)
                        : "sums are rounded to " + name_of(m.accumulator) + " inside: only " +
                              counted(trailing_bits(m.accumulator), "fraction bit") +
                              " are returned");
  }
  if (m.join.round != m.step.round && m.join != projection{}) {
    out.push_back("the last addition of c rounds " + direction(m.join.round));
  }
}

inline void say_subnormals(const mma_model& m, std::vector<std::string>& out) {
  using enum subnormal_input_rule;
  if (m.stored.width != 0) {
    out.push_back("of factors in " + name_of(m.stored) + " " +
                  counted(trailing_bits(m.a), "fraction bit") + " count, the others are rounded " +
                  direction(m.read.round));
  }
  if (m.read.subnormal_input == zero) out.push_back("subnormal factors are zeros");
  if (m.read_c.subnormal_input == zero) out.push_back("a subnormal c is a zero");
  if (m.flush_rounded) out.push_back("results that are subnormal once rounded are zeros");
  if (m.step.flush_subnormal_result) {
    out.push_back(std::string("subnormal results are zeros, as they are ") +
                  (m.step.tininess == tininess_rule::before_rounding ? "before" : "after") +
                  " rounding");
  }
  if (m.step.zero_sign == sign_rule::positive) out.push_back("a zero result is +0");
}

inline void say_nan(const mma_model& m, std::vector<std::string>& out) {
  if (!has_nan(m.d)) return;
  const bool first = m.nan == mma_nan::first_operand;
  char code[32];
  std::snprintf(code, sizeof code, "%llx",
                static_cast<unsigned long long>(
                    encode(m.d, exact_nan(!first ? false : m.invalid_is_negative), m.step)));
  out.push_back(
      first ? "the first NaN of the operands is returned, quiet; an invalid operation gives " +
                  std::string(code)
            : "NaN is " + std::string(code));
}

}  // namespace detail

/// What a unit does, in sentences without a full stop.
inline std::vector<std::string> words_of(const mma_guess& g) {
  const mma_model& m = g.model;
  std::vector<std::string> out;
  if (g.saturating_run != 0) {
    const std::string top = std::to_string((std::int64_t{1} << (g.saturating_bits - 1)) - 1);
    const std::string least = std::to_string(-(std::int64_t{1} << (g.saturating_bits - 1)));
    out.push_back((g.saturating_run == 2 ? "pairs of products saturate"
                   : g.saturating_run == 1
                       ? "products saturate"
                       : "sums of " + std::to_string(g.saturating_run) + " products saturate") +
                  std::string(" to [") + least + ", " + top + "] before the accumulation");
  }
  detail::say_sum(m, out);
  if (m.sum == mma_sum::integer) {
    if (m.one_bit) out.push_back("of a factor only the lowest bit counts");
    if (m.exclusive_or) out.push_back("products are exclusive ors");
    return out;
  }
  detail::say_alignment(m, out);
  detail::say_roundings(m, out);
  detail::say_subnormals(m, out);
  detail::say_nan(m, out);
  if (m.scale_block != 0) {
    out.push_back("scales of " + detail::name_of(m.scale) + " multiply " +
                  detail::counted(m.scale_block, "product") + " each, exactly");
  }
  return out;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_WORDS_HPP
