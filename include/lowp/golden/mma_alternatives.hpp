// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models that differ from a guess at a matrix unit in one of its projections: roundings, overflow,
/// NaN, zeros, subnormals. spec/mma.md MMA-3, MMA-11.
#ifndef LOWP_GOLDEN_MMA_ALTERNATIVES_HPP
#define LOWP_GOLDEN_MMA_ALTERNATIVES_HPP

#include <vector>

#include <lowp/formats.hpp>

#include "mma_question.hpp"

namespace lowp::golden {

/// Collects valid models other than the one they began from.
class mma_alternatives {
 public:
  mma_alternatives(const mma_question& q, const mma_guess& from) : question(q), from_(from) {}

  const mma_question& question;
  const mma_model& model() const { return from_.model; }
  /// The guess with its model changed; one that is invalid or no change is dropped.
  template <class Change>
  void add(Change change) {
    mma_guess g = from_;
    change(g.model);
    if (g.model != from_.model && check(g.model) == mma_error::none) all.push_back(g);
  }

  std::vector<mma_guess> all;

 private:
  mma_guess from_;
};

namespace detail {

/// Changes the rounding of sums alone, of everything, of the join alone.
template <class Change>
void change_projections(mma_alternatives& out, Change change) {
  out.add([&](mma_model& m) { change(m.step); });
  out.add([&](mma_model& m) {
    change(m.step);
    change(m.join);
    change(m.product_last);
  });
  if (out.model().sum != mma_sum::tree) out.add([&](mma_model& m) { change(m.join); });
  if (out.model().product.width != 0) out.add([&](mma_model& m) { change(m.product_last); });
}

inline void change_rounding(mma_alternatives& out) {
  for (const rounding mode :
       {to_nearest_even, toward_zero, to_odd, to_nearest_away, to_nearest_zero, toward_negative,
        toward_positive, away_from_zero, rounding::to_nearest_negative}) {
    change_projections(out, [&](projection& p) { p.round = mode; });
    // What cuts and still gives infinities.
    change_projections(out, [&](projection& p) {
      p.round = mode;
      p.overflow = infinite;
    });
  }
}

inline void change_overflow(mma_alternatives& out) {
  for (const overflow_rule rule : {ieee, infinite, saturate_finite, saturate}) {
    for (const bool before : {false, true}) {
      change_projections(out, [&](projection& p) {
        p.overflow = rule;
        p.overflow_before_rounding = before;
      });
    }
  }
}

inline void change_nan_code(mma_alternatives& out) {
  for (const nan_rule rule : {nan_rule::quiet, nan_rule::all_ones, nan_rule::payload,
                              nan_rule::payload_raw, nan_rule::payload_one, nan_rule::signalling}) {
    for (const sign_rule sign : {sign_rule::keep, sign_rule::positive, sign_rule::negative}) {
      change_projections(out, [&](projection& p) {
        p.nan = rule;
        p.nan_sign = sign;
      });
    }
  }
}

inline void change_nan_choice(mma_alternatives& out) {
  for (const mma_nan nan : {mma_nan::canonical, mma_nan::first_operand}) {
    for (const bool negative : {false, true}) {
      for (const nan_rule rule : {nan_rule::quiet, nan_rule::payload}) {
        out.add([&](mma_model& m) {
          m.nan = nan;
          m.invalid_is_negative = negative;
          if (nan == mma_nan::canonical) return;
          m.step.nan_sign = m.join.nan_sign = m.product_last.nan_sign = sign_rule::keep;
          m.step.nan = m.join.nan = m.product_last.nan = rule;
        });
      }
    }
  }
}

inline void change_zero_sign(mma_alternatives& out) {
  const auto sign = [](bool positive) { return positive ? sign_rule::positive : sign_rule::keep; };
  for (int bits = 0; bits < 64; ++bits) {
    out.add([&](mma_model& m) {
      m.keeps_zero_sign = (bits & 1) != 0;
      m.products_add_zero = (bits & 2) != 0;
      m.read_c.zero_sign = sign((bits & 4) != 0);
      m.step.zero_sign = sign((bits & 8) != 0);
      m.join.zero_sign = sign((bits & 16) != 0);
      m.product_last.zero_sign = sign((bits & 32) != 0);
    });
  }
}

/// Subnormal operands and results.
inline void change_flushes(mma_alternatives& out) {
  using enum subnormal_input_rule;
  for (int bits = 0; bits < 32; ++bits) {
    out.add([&](mma_model& m) {
      m.read.subnormal_input = (bits & 1) != 0 ? zero : keep;
      m.read_c.subnormal_input = (bits & 2) != 0 ? zero : keep;
      m.flush_rounded = (bits & 4) != 0;
      for (projection* p : {&m.step, &m.join, &m.product_last}) {
        p->flush_subnormal_result = (bits & 8) != 0;
        p->tininess =
            (bits & 16) != 0 ? tininess_rule::before_rounding : tininess_rule::after_rounding;
      }
    });
  }
  out.add([](mma_model& m) { m.step.flush_subnormal_result = !m.step.flush_subnormal_result; });
  out.add([](mma_model& m) { m.join.flush_subnormal_result = !m.join.flush_subnormal_result; });
  out.add([](mma_model& m) {
    m.product_last.flush_subnormal_result = !m.product_last.flush_subnormal_result;
  });
}

}  // namespace detail

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_ALTERNATIVES_HPP
