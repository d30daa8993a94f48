// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of block quantisers, from spec/blocks.md and the formulas of blocks.md: exact
/// numbers, rounded where a formula says so.
#ifndef LOWP_TESTS_ORACLE_BLOCK_HPP
#define LOWP_TESTS_ORACLE_BLOCK_HPP

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "block_quotients.hpp"

namespace oracle {

/// Quantises blocks of one format by one recipe.
class block_quantiser : public block_quotients {
 public:
  using block_quotients::block_quotients;

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

 private:
  block_result powers(block_result b) const {
    b.scale = power_scale();
    power_elements(b);
    if (r_.search.kind == lowp::search_kind::none) return b;
    return nearest_of(std::move(b), [&](block_result& c) { power_elements(c); });
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
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_HPP
