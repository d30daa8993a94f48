// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of blocks whose scales are quotients in binary32.
#ifndef LOWP_TESTS_ORACLE_BLOCK_QUOTIENTS_HPP
#define LOWP_TESTS_ORACLE_BLOCK_QUOTIENTS_HPP

#include <cstdint>

#include "block_powers.hpp"

namespace oracle {

class block_quotients : public block_powers {
 public:
  using block_powers::block_powers;

 protected:
  // Quotients. BLS-3, BLS-9.

  struct factors {
    value greatest, bound, T, S, P;  // M, F M, ...
  };

  factors factors_of() const {
    factors c;
    c.greatest = number_of(element_.greatest);
    const value F = r_.steps.outer_bound != 0 ? number_of(real{r_.steps.outer_bound, 0})
                                              : value_of(f_.scale, greatest_scale());
    c.bound = times(F, c.greatest);
    c.T = f_.factor == outer::none ? c.bound : single_of(in_->outer_amax);
    c.S = over(c.bound, c.T);
    if (is_infinite(c.S)) c.S = greatest_single();
    if (is_zero(c.T) || is_zero(c.S)) c.S = one();
    c.P = over(c.T, c.bound);
    return c;
  }

  value quotient_for(const factors& c) const {
    using lowp::block_quotient;
    const value A = amax();
    switch (r_.steps.quotient) {
      case block_quotient::amax_over_max: return over(A, c.greatest);
      case block_quotient::amax_by_factor: return times(A, times(c.S, over(one(), c.greatest)));
      case block_quotient::times_outer: return times(over(A, c.greatest), c.S);
      case block_quotient::over_outer: return over(over(A, c.greatest), c.P);
      case block_quotient::over_product: return over(A, times(c.greatest, c.P));
      case block_quotient::max_over_amax: return finite_factor(over(c.greatest, A));
    }
    return {};
  }

  value finite_factor(const value& x) const {
    if (!is_infinite(x) || r_.steps.infinite == lowp::infinite_factor::keep) return x;
    return r_.steps.infinite == lowp::infinite_factor::one ? one() : greatest_single();
  }

  static value power_from(const value& x, bool up) {
    if (x.cls != sort::finite) return x;
    const long top = x.magnitude.top();
    return number_of(real{1, up && x.magnitude.n() != 1 ? top + 1 : top});
  }

  /// Scale code and elements for a quotient (or the multiplier, where that is what a rule makes).
  void from_quotient(block_result& b, const factors& c, value t) const {
    using lowp::power_step;
    if (r_.steps.quotient == lowp::block_quotient::max_over_amax) {
      if (r_.steps.power == power_step::multiplier_down) t = power_from(t, false);
      b.scale = project(scale_, over(one(), t), r_.scale).code;
      multiply(b, t);
      return;
    }
    if (r_.steps.least_scale_log2 != 0) {
      const value least = number_of(real{1, r_.steps.least_scale_log2});
      if (is_less(t, least)) t = least;
    }
    if (r_.steps.power == power_step::scale_up) t = power_from(t, true);
    b.scale = project(scale_, t, r_.scale).code;
    from_code(b, c);
  }

  void multiply(block_result& b, const value& by) const {
    for_each([&](int at, const value& x, std::uint64_t word) {
      const value v = times(x, by);
      code(b, at) = element_code(v, v, word);
    });
  }
  void divide(block_result& b, const value& by) const {
    for_each([&](int at, const value& x, std::uint64_t word) {
      const value v = over(x, by);
      code(b, at) = element_code(v, v, word);
    });
  }

  /// Elements under the stored scale.
  void from_code(block_result& b, const factors& c) const {
    using lowp::element_step;
    const value stored = value_of(f_.scale, b.scale);
    if (is_zero(stored) && r_.steps.zero_scale_zeroes) return multiply(b, zero_of(false));
    switch (r_.steps.element) {
      case element_step::by_reciprocal_of_product:
        return multiply(b, finite_factor(over(one(), times(stored, over(one(), c.S)))));
      case element_step::by_outer_over_scale: return multiply(b, finite_factor(over(c.S, stored)));
      case element_step::by_reciprocal_outer_over_scale:
        return multiply(b, finite_factor(over(over(one(), c.P), stored)));
      case element_step::over_product: return divide(b, times(stored, c.P));
      case element_step::by_reciprocal: return multiply(b, finite_factor(over(one(), stored)));
      case element_step::over_scale: return divide(b, stored);
      case element_step::by_multiplier: return multiply(b, finite_factor(over(one(), stored)));
    }
  }
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_QUOTIENTS_HPP
