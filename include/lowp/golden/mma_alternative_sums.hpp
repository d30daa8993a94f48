// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models that differ from a guess at a matrix unit in how its operands are read and how terms are
/// cut, grouped and ordered. spec/mma.md MMA-2, MMA-4, MMA-5.
#ifndef LOWP_GOLDEN_MMA_ALTERNATIVE_SUMS_HPP
#define LOWP_GOLDEN_MMA_ALTERNATIVE_SUMS_HPP

#include <algorithm>

#include "mma_alternatives.hpp"

namespace lowp::golden::detail {

inline bool is_aligned(const mma_model& m) {
  return m.sum == mma_sum::aligned || m.sum == mma_sum::gaudi2;
}

/// What sums are rounded to.
inline void change_accumulator(mma_alternatives& out) {
  const format d = out.question.d;
  const int exponent = exponent_field_bits(d);
  out.add([&](mma_model& m) { m.accumulator = d; });
  for (const format f :
       {formats::binary32, formats::binary16, formats::bfloat16, formats::binary64}) {
    out.add([&](mma_model& m) { m.accumulator = f; });
  }
  if (d.nans != nan_codes::ieee) return;
  for (int t = trailing_bits(d) - 1; t > 0; --t) {
    out.add([&](mma_model& m) { m.accumulator = ieee_format(exponent, t); });
  }
}

inline void change_product(mma_alternatives& out) {
  if (out.model().sum == mma_sum::aligned || out.model().sum == mma_sum::gaudi2) return;
  out.add([](mma_model& m) { m.product = {}; });
  for (const format f : {out.model().accumulator, out.question.d, formats::binary32,
                         formats::binary16, formats::bfloat16, formats::tf32}) {
    for (const rounding mode : {out.model().step.round, to_nearest_even, toward_zero}) {
      out.add([&](mma_model& m) {
        m.product = f;
        m.product_last = m.step;
        m.product_last.round = mode;
      });
    }
  }
}

/// Bits of factors that count, and how the others go.
inline void change_reading(mma_alternatives& out) {
  const format a = out.question.a;
  if (a != out.question.b || a.nans != nan_codes::ieee) return;
  const auto from_code = [&](mma_model& m) {
    m.a = m.b = a;
    m.stored = {};
    m.read.round = to_nearest_even;
    m.read.nan = nan_rule::quiet;
  };
  out.add(from_code);
  for (int t = trailing_bits(a) - 1; t > 0; --t) {
    for (const rounding mode : {toward_zero, to_nearest_even, to_nearest_away}) {
      out.add([&](mma_model& m) {
        m.a = m.b = ieee_format(exponent_field_bits(a), t);
        m.stored = a;
        m.read.round = mode;
        if (out.model().stored.width == 0) m.read.nan = nan_rule::payload_raw;
      });
    }
  }
}
inline void change_read_nan(mma_alternatives& out) {
  if (out.model().stored.width == 0) return;
  for (const nan_rule rule : {nan_rule::quiet, nan_rule::payload, nan_rule::payload_raw}) {
    for (const overflow_rule overflow : {ieee, infinite, saturate_finite, saturate}) {
      out.add([&](mma_model& m) {
        m.read.nan = rule;
        m.read.overflow = overflow;
      });
    }
  }
}

inline void change_significands(mma_alternatives& out) {
  if (!is_aligned(out.model())) return;
  for (int bits = 0; bits < 8; ++bits) {
    out.add([&](mma_model& m) {
      m.normalises = (bits & 1) != 0;
      m.normalises_products = (bits & 2) != 0;
      m.floors = (bits & 4) != 0;
    });
  }
  const int most = std::max(trailing_bits(out.model().a), trailing_bits(out.model().b));
  for (int n = 0; n <= most; ++n) {
    out.add([&](mma_model& m) { m.low_bits = static_cast<std::uint8_t>(n); });
  }
}

inline void change_kept_bits(mma_alternatives& out) {
  if (!is_aligned(out.model())) return;
  const int apart = out.model().kept_sum - out.model().kept_bits;
  for (int n = 1; n <= 60; ++n) {
    const auto bits = static_cast<std::uint8_t>(n);
    out.add([&](mma_model& m) { m.kept_bits = bits; });
    if (out.model().entry != accumulator_entry::after_step) continue;
    out.add([&](mma_model& m) {
      m.kept_bits = bits;
      m.kept_sum = static_cast<std::uint8_t>(std::min(n + apart, 60));
    });
    out.add([&](mma_model& m) { m.kept_sum = bits; });
    out.add([&](mma_model& m) { m.kept_c = bits; });
  }
}

inline void change_reach(mma_alternatives& out) {
  const mma_model& now = out.model();
  if (now.sum != mma_sum::aligned) return;
  out.add([](mma_model& m) { m.huge_products_are_infinite = !m.huge_products_are_infinite; });
  if (now.entry != accumulator_entry::after_step) return;
  for (int n = 0; n <= 62; ++n) {
    out.add([&](mma_model& m) { m.reach_c = static_cast<std::uint8_t>(n); });
  }
}

/// What exponent zeros have, and the least one of an alignment.
inline void change_least_exponent(mma_alternatives& out) {
  if (!is_aligned(out.model())) return;
  const auto set = [&](zero_exponent zeros, std::int32_t least) {
    out.add([&](mma_model& m) {
      m.zeros = zeros;
      m.least_exponent = least;
    });
  };
  for (const zero_exponent zeros :
       {zero_exponent::none, zero_exponent::minus_126, zero_exponent::minus_126_of_c}) {
    set(zeros, mma_model{}.least_exponent);
    set(zeros, out.model().least_exponent);
  }
  const std::int32_t bias = out.question.d.bias;
  for (std::int32_t e = -bias - 24; e <= -bias + 160 && e <= 16; ++e) set(out.model().zeros, e);
}

inline void change_group(mma_alternatives& out) {
  for (int n = 1; n <= out.question.k; ++n) {
    out.add([&](mma_model& m) { m.group = static_cast<std::uint16_t>(n); });
  }
}
inline void change_run(mma_alternatives& out) {
  for (int n = 1; n <= std::min(out.question.k, 255); ++n) {
    for (const bool by_scales : {false, true}) {
      out.add([&](mma_model& m) {
        m.run = static_cast<std::uint8_t>(n);
        if (m.scale_block != 0) m.scales_align = by_scales;
      });
    }
  }
}
inline void change_order(mma_alternatives& out) {
  for (const product_order order :
       {product_order::ascending, product_order::pairs_reversed, product_order::pairs_dealt}) {
    for (const std::uint8_t chains : {std::uint8_t{1}, std::uint8_t{2}}) {
      for (const accumulator_entry entry :
           {accumulator_entry::in_step, accumulator_entry::after_step,
            accumulator_entry::after_all}) {
        out.add([&](mma_model& m) {
          m.order = order;
          m.chains = chains;
          if (m.sum != mma_sum::aligned || (m.entry != accumulator_entry::after_step &&
                                            entry != accumulator_entry::after_step)) {
            m.entry = entry;
          }
        });
      }
    }
  }
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_MMA_ALTERNATIVE_SUMS_HPP
