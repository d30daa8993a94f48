// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of blocks: what a block holds, what its elements become once they are in units of the
/// scale, what they stand for. From lowp it takes recipes, which are data, nothing else.
#ifndef LOWP_TESTS_ORACLE_BLOCK_ELEMENTS_HPP
#define LOWP_TESTS_ORACLE_BLOCK_ELEMENTS_HPP

#include <cstdint>
#include <functional>
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

/// A format and a recipe, and the block at hand.
class block_elements {
 public:
  block_elements(const block_description& f, const block_recipe& r)
      : f_(f), r_(r), element_(f.element), scale_(f.scale) {}

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

 protected:
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

  value amax() const { return infinite_amax_ ? infinite(false) : number_of(amax_); }
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

  block_description f_;
  block_recipe r_;
  element_facts element_;
  destination scale_;
  const block_numbers* in_ = nullptr;
  real amax_, positive_;
  bool nan_ = false, infinity_ = false, infinite_amax_ = false, unit_ = false;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_ELEMENTS_HPP
