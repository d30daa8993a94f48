// SPDX-License-Identifier: Apache-2.0
/// \file
/// Scales that compete: the one whose elements come nearest to the numbers. spec/blocks.md BLS-10.
#ifndef LOWP_BLOCK_SCALE_SEARCH_HPP
#define LOWP_BLOCK_SCALE_SEARCH_HPP

#include <cstdint>

#include "element_quantiser.hpp"

namespace lowp::detail {

/// The error of one choice. All sums and differences in binary32.
template <binary32_real Real>
struct choice_error {
  const element_quantiser<Real>& q;
  const block_input<Real>& in;
  const quotient_constants<Real>& c;
  Real outer_amax;
  const block_random& random;

  /// Of all rows: those of even and of odd index, and so on within them.
  LOWP_FN Real operator()() const noexcept {
    int rows = 1;
    while (rows < in.rows) rows *= 2;
    return of_rows(0, 1, rows);
  }

 private:
  LOWP_FN Real of_rows(int first, int step, int rows) const noexcept {
    if (step == rows) return of_row(first);
    return of_rows(first, 2 * step, rows) + of_rows(first + step, 2 * step, rows);
  }

  LOWP_FN Real of_row(int i) const noexcept {
    Real sum = real<Real>(0.0f);
    for (int j = 0; i < in.rows && j < in.columns; ++j) {
      const int at = i * q.f.columns + j;
      const Real d = value(q(in(i, j), at, random.word(q.r.element, i, j)), at) - in(i, j);
      sum = sum + (q.r.search.measure == error_measure::squares ? d * d : magnitude(d));
    }
    return sum;
  }

  LOWP_FN Real value(code_t code, int at) const noexcept {
    if (q.f.outer == outer_scale::none) return exact_to_real(block_value(q.f, q.scale, code, at));
    const Real element = decode_real<Real>(q.f.element, code);
    const Real scale = decode_real<Real>(q.f.scale, scale_code(q.f, q.scale));
    if (q.r.search.kind == search_kind::four_over_six) {
      return ((element * scale) * outer_amax) / c.bound;
    }
    return element * (c.P * scale);
  }

  LOWP_FN static Real exact_to_real(const exact& x) noexcept {
    return real_from_bits<Real>(static_cast<std::uint32_t>(encode(formats::binary32, x)));
  }
};

/// The same quantiser with another scale code.
template <binary32_real Real>
LOWP_FN element_quantiser<Real> with_scale(const element_quantiser<Real>& q,
                                           const block_input<Real>& in,
                                           const quotient_constants<Real>& c,
                                           code_t code) noexcept {
  if (q.r.rule != scale_rule::quotient) return with_power_scale(q.f, q.r, in, code);
  return with_quotient(q.f, q.r, scale_with_code(q.f, q.r, c, code));
}

/// The quantiser of a block: the rule's own, or the best of those that compete with it.
template <binary32_real Real>
LOWP_FN element_quantiser<Real> best_choice(const block_format& f, const block_recipe& r,
                                            const block_input<Real>& in, const block_summary& s,
                                            Real outer_amax, const block_random& random) noexcept {
  const auto c = constants_of(f, r, outer_amax);
  element_quantiser<Real> best = first_choice(f, r, in, s, c, random);
  if (r.search.kind == search_kind::none) return best;
  Real least = choice_error<Real>{best, in, c, outer_amax, random}();
  const auto compete = [&](const element_quantiser<Real>& q) {
    const Real error = choice_error<Real>{q, in, c, outer_amax, random}();
    if (!(error < least)) return;
    best = q;
    least = error;
  };
  if (r.search.kind == search_kind::four_over_six) {
    const Real base = quotient_of(r, c, real_from_bits<Real>(s.amax));
    compete(with_quotient(f, r, scale_from(f, r, c, base * real<Real>(1.5f))));
    return best;
  }
  const auto code = static_cast<std::int64_t>(scale_code(f, best.scale));
  const auto most = static_cast<std::int64_t>(max_finite(f.scale));
  const int reach = r.search.below > r.search.above ? r.search.below : r.search.above;
  for (int k = 1; k <= reach; ++k) {
    if (k <= r.search.below && code - k >= 0) {
      compete(with_scale(best, in, c, static_cast<code_t>(code - k)));
    }
    if (k <= r.search.above && code + k <= most) {
      compete(with_scale(best, in, c, static_cast<code_t>(code + k)));
    }
  }
  return best;
}

}  // namespace lowp::detail

#endif  // LOWP_BLOCK_SCALE_SEARCH_HPP
