// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of block quantisers, from spec/blocks.md and the formulas of blocks.md: exact
/// numbers, rounded where a formula says so. From lowp it takes recipes, which are data, nothing
/// else.
#ifndef LOWP_TESTS_ORACLE_BLOCK_HPP
#define LOWP_TESTS_ORACLE_BLOCK_HPP

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <lowp/block/block_recipe.hpp>

#include "block_formats.hpp"
#include "block_scale.hpp"

namespace oracle {

using lowp::block_recipe;

/// A block of binary32 patterns and the random words that belong to it.
struct block_numbers {
  std::vector<std::vector<std::uint32_t>> rows;
  std::uint32_t outer_amax = 0;
  std::function<std::uint64_t(int row, int column)> element_word = [](int, int) { return 0; };
  std::uint64_t block_word = 0;
};

/// Scale code, fields of each level and element codes; row by row, f.columns from row to row.
struct block_result {
  std::uint64_t scale = 0;
  std::vector<int> fields[2] = {};
  std::vector<std::uint64_t> codes = {};
};

/// Scale code and fields as one number: from the lowest bit up, in the order in which they stand.
inline std::uint64_t scale_bits_of(const block_description& f, const block_result& b) {
  std::uint64_t bits = b.scale, weight = std::uint64_t{1} << f.scale.width;
  for (const auto& level : b.fields) {
    for (const int field : level) {
      bits += static_cast<std::uint64_t>(field) * weight;
      weight *= 2;
    }
  }
  return bits;
}

/// Quantises blocks of one format by one recipe.
class block_quantiser {
 public:
  block_quantiser(const block_description& f, const block_recipe& r)
      : f_(f), r_(r), element_(f.element), scale_(f.scale) {}

  block_result operator()(const block_numbers& in) {
    in_ = &in;
    summarise();
    block_result b;
    for (std::size_t level = 0; level < f_.groups.size(); ++level) {
      const int count = f_.elements() / f_.groups[level];
      b.fields[level].assign(static_cast<std::size_t>(count), 0);
    }
    b.codes.assign(static_cast<std::size_t>(f_.elements()), 0);
    if (is_poisoned()) {
      b.scale = project(scale_, not_a_number(), {}).code;
      for_each([&](int at, value, std::uint64_t) { code(b, at) = element_nan(); });
      return b;
    }
    switch (r_.rule) {
      case scale_rule::hif4: return hif4(std::move(b));
      case scale_rule::quotient: return quotients(std::move(b));
      default: return powers(std::move(b));
    }
  }

  /// BLS-1: the value of an element, exactly; `outer` multiplies it.
  value value_in(const block_result& b, int at, const value& outer) const {
    value v = value_of(f_.element, b.codes[static_cast<std::size_t>(at)]);
    const value s = value_of(f_.scale, b.scale);
    const bool negative = v.negative != s.negative;
    if (is_nan(v) || is_nan(s)) return not_a_number();
    if (is_infinite(v) || is_infinite(s)) {
      return is_zero(v) || is_zero(s) ? not_a_number() : infinite(negative);
    }
    if (is_zero(v) || is_zero(s)) return zero_of(negative);
    const auto product = [](const real& a, const real& c) {
      return real{a.n() * c.n(), a.e() + c.e()};
    };
    return number_of(
        product(product(v.magnitude, s.magnitude), outer.magnitude).scaled(levels_of(b, at)),
        negative);
  }

 private:
  // What the block holds. BLS-11.

  static std::uint64_t& code(block_result& b, int at) {
    return b.codes[static_cast<std::size_t>(at)];
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < in_->rows.size(); ++i) {
      for (std::size_t j = 0; j < in_->rows[i].size(); ++j) {
        const int row = static_cast<int>(i), column = static_cast<int>(j);
        visit(row * f_.columns + column, single_of(in_->rows[i][j]),
              lowp::is_stochastic(r_.element.round) ? in_->element_word(row, column) : 0);
      }
    }
  }

  void summarise() {
    amax_ = positive_ = real{};
    nan_ = infinity_ = false;
    for_each([&](int, const value& x, std::uint64_t) {
      nan_ = nan_ || is_nan(x);
      infinity_ = infinity_ || is_infinite(x);
      if (x.cls != sort::finite) return;
      if (amax_ < x.magnitude) amax_ = x.magnitude;
      if (!x.negative && positive_ < x.magnitude) positive_ = x.magnitude;
    });
    const value least = single_of(r_.least_amax);
    if (amax_ < least.magnitude) amax_ = least.magnitude;
    infinite_amax_ = infinity_ && r_.infinity == lowp::special_rule::join;
    unit_ = infinity_ && r_.infinity == lowp::special_rule::unit;
  }

  bool is_poisoned() const {
    if (nan_ && r_.nan == lowp::special_rule::poison) return true;
    if (infinity_ && r_.infinity == lowp::special_rule::poison) return true;
    return r_.rounds_to_infinity && !infinite_amax_ && !amax_.is_zero() &&
           rounds_beyond_single(r_.rule, element_, amax_);
  }

  std::uint64_t element_nan() const {
    return project(element_.to, not_a_number(), r_.element).code;
  }

  bool all_zero() const { return amax_.is_zero() && !infinite_amax_; }

  // Elements. BLS-12, BLS-13.

  std::uint64_t greatest_scale() const { return greatest_code(scale_, false); }
  std::uint64_t scale_one() const { return project(scale_, one(), {}).code; }

  /// The code of v, `in_single` being v in binary32 before it is rounded to the element's format.
  std::uint64_t element_code(const value& v, const value& in_single, std::uint64_t word) const {
    std::uint64_t c = project(element_.to, v, r_.element, word).code;
    const bool integers = f_.element.kind == shape::fixed_point;
    if (integers && r_.symmetric && c == f_.element.sign_bit()) ++c;
    if (!is_zero(value_of(f_.element, c)) || !has_negative_zero(f_.element)) return c;
    const std::uint64_t minus_zero = f_.element.sign_bit();
    switch (r_.zero_sign) {
      case lowp::zero_sign_rule::keep: return c;
      case lowp::zero_sign_rule::positive: return 0;
      case lowp::zero_sign_rule::exact_positive: return is_zero(in_single) ? 0 : c;
      case lowp::zero_sign_rule::exact_negative: return is_zero(in_single) ? minus_zero : c;
    }
    return c;
  }

  long levels_of(const block_result& b, int at) const {
    long sum = 0;
    for (std::size_t level = 0; level < f_.groups.size(); ++level) {
      sum += b.fields[level][static_cast<std::size_t>(at / f_.groups[level])];
    }
    return f_.lowers ? -sum : sum;
  }

  // Powers of two. BLS-2, BLS-7.

  long clamped(long k) const {
    if (k < r_.least_exponent) k = r_.least_exponent;
    return k > r_.greatest_exponent ? r_.greatest_exponent : k;
  }

  /// The scale's own exponent, from which the recipe's clamps and the format's are made.
  std::uint64_t power_code(long k) const {
    const projection saturating{.overflow = lowp::overflow_rule::saturate};
    return project(scale_, number_of(real{1, clamped(k)}), saturating).code;
  }

  std::uint64_t power_scale() const {
    if (unit_) return scale_one();
    if (infinite_amax_) return greatest_scale();
    if (all_zero()) {
      return r_.zero_block == lowp::zero_block_rule::one ? scale_one() : scale_.up.code(0);
    }
    return power_code(exponent_for(amax_));
  }

  long exponent_for(const real& amax) const {
    return scale_exponent_of(r_.rule, element_, amax, positive_, in_->block_word) +
           r_.exponent_offset;
  }

  /// Where fields are subtracted: how much less the group's own exponent would be.
  void lower_groups(block_result& b, long exponent) const {
    for (std::size_t level = 0; level < f_.groups.size() && f_.lowers; ++level) {
      std::vector<real> amax(b.fields[level].size());
      for_each([&](int at, const value& x, std::uint64_t) {
        real& a = amax[static_cast<std::size_t>(at / f_.groups[level])];
        if (x.cls == sort::finite && a < x.magnitude) a = x.magnitude;
      });
      // Groups that hold no number of the matrix have no use for their field.
      std::vector<bool> present(amax.size());
      for_each([&](int at, const value&, std::uint64_t) {
        present[static_cast<std::size_t>(at / f_.groups[level])] = true;
      });
      for (std::size_t g = 0; g < amax.size(); ++g) {
        const bool lower = amax[g].is_zero() || exponent_for(amax[g]) < exponent;
        b.fields[level][g] = present[g] && lower ? 1 : 0;
      }
    }
  }

  void power_elements(block_result& b) const {
    const long exponent = value_of(f_.scale, b.scale).magnitude.top();
    lower_groups(b, exponent);
    static const description binary32 = ieee("", 8, 23);
    for_each([&](int at, value x, std::uint64_t word) {
      x = input(binary32, x, r_.element.subnormal_input);
      if (x.cls == sort::finite) x.magnitude = x.magnitude.scaled(-exponent - levels_of(b, at));
      code(b, at) = element_code(x, rounded(x, single), word);
    });
  }

  block_result powers(block_result b) const {
    b.scale = power_scale();
    power_elements(b);
    if (r_.search.kind == lowp::search_kind::none) return b;
    return nearest_of(std::move(b), [&](block_result& c) { power_elements(c); });
  }

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

  value amax() const { return infinite_amax_ ? infinite(false) : number_of(amax_); }

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

  block_result quotients(block_result b) const {
    const factors c = factors_of();
    const bool given = unit_ || (all_zero() && r_.zero_block != lowp::zero_block_rule::by_rule);
    if (given) {
      const bool is_one = unit_ || r_.zero_block == lowp::zero_block_rule::one;
      b.scale = is_one ? scale_one() : scale_.up.code(0);
      from_code(b, c);
    } else {
      from_quotient(b, c, quotient_for(c));
    }
    if (r_.search.kind == lowp::search_kind::neighbours) {
      return nearest_of(std::move(b), [&](block_result& n) { from_code(n, c); });
    }
    if (r_.search.kind == lowp::search_kind::four_over_six) {
      block_result four = b;
      from_quotient(four, c, times(quotient_for(c), number_of(real{3, -1})));
      if (is_less(error_of(four), error_of(b))) return four;
    }
    return b;
  }

  // Competing scales. BLS-10.

  template <class Fill>
  block_result nearest_of(block_result b, Fill fill) const {
    value least = error_of(b);
    const std::uint64_t own = b.scale;
    for (int step = 1; step <= r_.search.below || step <= r_.search.above; ++step) {
      for (const int sign : {-1, 1}) {
        if (step > (sign < 0 ? r_.search.below : r_.search.above)) continue;
        const std::int64_t other = static_cast<std::int64_t>(own) + sign * step;
        if (other < 0 || other > static_cast<std::int64_t>(greatest_scale())) continue;
        block_result c = b;
        c.scale = static_cast<std::uint64_t>(other);
        fill(c);
        const value error = error_of(c);
        if (!is_less(error, least)) continue;
        least = error;
        b = std::move(c);
      }
    }
    return b;
  }

  value error_of(const block_result& b) const {
    const factors c = factors_of();
    std::vector<value> of_row(in_->rows.size(), zero_of(false));
    for_each([&](int at, const value& x, std::uint64_t) {
      const value d = magnitude_of(plus(approximation(b, at, c), opposite_of(x)));
      value& sum = of_row[static_cast<std::size_t>(at / f_.columns)];
      sum = plus(sum, r_.search.measure == lowp::error_measure::squares ? times(d, d) : d);
    });
    of_row.resize(std::bit_ceil(of_row.size()), zero_of(false));
    while (of_row.size() > 1) {
      const std::size_t half = of_row.size() / 2;
      for (std::size_t i = 0; i < half; ++i) of_row[i] = plus(of_row[i], of_row[i + half]);
      of_row.resize(half);
    }
    return of_row[0];
  }

  value approximation(const block_result& b, int at, const factors& c) const {
    const value element = value_of(f_.element, b.codes[static_cast<std::size_t>(at)]);
    const value stored = value_of(f_.scale, b.scale);
    if (r_.search.kind == lowp::search_kind::four_over_six) {
      return over(times(times(element, stored), c.T), c.bound);
    }
    if (f_.factor != outer::none) return times(element, times(c.P, stored));
    return rounded(value_in(b, at, one()), single);
  }

  // HiF4. BLS-14.

  block_result hif4(block_result b) const {
    const value seventh = rounded(over(one(), number_of(real{7, 0})), brain);
    const value s = rounded(times(amax(), seventh), brain);
    b.scale = all_zero() ? scale_.up.code(0) : project(scale_, s, r_.scale).code;
    const value r = rounded(over(one(), value_of(f_.scale, b.scale)), brain);
    const auto reaches = [](const value& x, long limit) {
      return is_infinite(x) || (x.cls == sort::finite && !(x.magnitude < real{1, limit}));
    };
    std::array<std::vector<real>, 2> group;
    for (std::size_t level = 0; level < 2; ++level) group[level].resize(b.fields[level].size());
    for_each([&](int at, const value& x, std::uint64_t) {
      for (std::size_t level = 0; level < 2; ++level) {
        real& a = group[level][static_cast<std::size_t>(at / f_.groups[level])];
        if (x.cls == sort::finite && a < x.magnitude) a = x.magnitude;
      }
    });
    for (std::size_t g = 0; g < group[0].size(); ++g) {
      b.fields[0][g] = reaches(times(number_of(group[0][g]), r), 2) ? 1 : 0;
    }
    for (std::size_t h = 0; h < group[1].size(); ++h) {
      value v = times(number_of(group[1][h]), r);
      const bool halved = b.fields[0][h / 2] != 0;
      if (halved && v.cls == sort::finite) v = rounded(v.magnitude.scaled(-1), false);
      b.fields[1][h] = reaches(v, 1) ? 1 : 0;
    }
    const int m = f_.element.trailing_bits + 1;
    for_each([&](int at, const value& x, std::uint64_t) {
      value v = magnitude_of(x);
      if (v.cls == sort::finite) v = rounded(v.magnitude.scaled(-levels_of(b, at)), false);
      v = times(v, r);
      std::uint64_t q = 0;
      if (is_infinite(v)) q = std::uint64_t{1} << m;
      if (v.cls == sort::finite) {
        const value steps = rounded(v.magnitude.scaled(m - 1), false);
        const real sum = plus(steps, number_of(real{1, -1})).magnitude;
        q = sum.top() > 40
                ? std::uint64_t{1} << m
                : static_cast<std::uint64_t>(
                      sum.e() >= 0 ? sum.in_units(0)
                                   : integer(sum.n() >> static_cast<unsigned>(-sum.e())));
      }
      q = std::min(q, (std::uint64_t{1} << m) - 1);
      const bool signed_zero = q == 0 && is_zero(x);
      const bool negative =
          x.negative && !(signed_zero && r_.zero_sign != lowp::zero_sign_rule::keep);
      code(b, at) = q + (negative ? f_.element.sign_bit() : 0);
    });
    return b;
  }

  block_description f_;
  block_recipe r_;
  element_facts element_;
  destination scale_;
  const block_numbers* in_ = nullptr;
  real amax_, positive_;
  bool nan_ = false, infinity_ = false, infinite_amax_ = false, unit_ = false;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_HPP
