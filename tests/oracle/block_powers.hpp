// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of blocks under power-of-two scales, and under the three levels of HiF4.
#ifndef LOWP_TESTS_ORACLE_BLOCK_POWERS_HPP
#define LOWP_TESTS_ORACLE_BLOCK_POWERS_HPP

#include <cstdint>
#include <vector>

#include "block_elements.hpp"

namespace oracle {

class block_powers : public block_elements {
 public:
  using block_elements::block_elements;

 protected:
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

  /// The greatest finite magnitude of each group of a level.
  std::vector<real> amax_of_groups(const block_result& b, std::size_t level) const {
    std::vector<real> amax(b.fields[level].size());
    for_each([&](int at, const value& x, std::uint64_t) {
      real& a = amax[static_cast<std::size_t>(at / f_.groups[level])];
      if (x.cls == sort::finite && a < x.magnitude) a = x.magnitude;
    });
    return amax;
  }

  /// Where fields are subtracted: is the group's own exponent less? Groups without a number of the
  /// matrix have no use for their field.
  void lower_groups(block_result& b, long exponent) const {
    for (std::size_t level = 0; level < f_.groups.size() && f_.lowers; ++level) {
      const std::vector<real> amax = amax_of_groups(b, level);
      for_each([&](int at, const value&, std::uint64_t) {
        const auto g = static_cast<std::size_t>(at / f_.groups[level]);
        const bool lower = amax[g].is_zero() || exponent_for(amax[g]) < exponent;
        b.fields[level][g] = lower ? 1 : 0;
      });
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

  // HiF4. BLS-14.

  block_result hif4(block_result b) const {
    const value seventh = rounded(over(one(), number_of(real{7, 0})), brain);
    const value s = rounded(times(amax(), seventh), brain);
    b.scale = all_zero() ? scale_.up.code(0) : project(scale_, s, r_.scale).code;
    const value r = rounded(over(one(), value_of(f_.scale, b.scale)), brain);
    raise_groups(b, r);
    for_each([&](int at, const value& x, std::uint64_t) {
      const bool no_sign = is_zero(x) && r_.zero_sign != lowp::zero_sign_rule::keep;
      const bool negative = x.negative && !no_sign;
      const value v = times(halved(magnitude_of(x), levels_of(b, at)), r);
      code(b, at) = nearest_step(v) + (negative ? f_.element.sign_bit() : 0);
    });
    return b;
  }

  static value halved(const value& x, long n) {
    return x.cls == sort::finite ? rounded(x.magnitude.scaled(-n), x.negative) : x;
  }

  /// Groups of 8 that reach 4, and groups of 4 that reach 2 once those are halved.
  void raise_groups(block_result& b, const value& r) const {
    const auto field = [](const value& x, std::uint64_t limit) {
      return is_infinite(x) || !(x.magnitude < real{limit, 0}) ? 1 : 0;
    };
    const std::vector<real> eights = amax_of_groups(b, 0), fours = amax_of_groups(b, 1);
    for (std::size_t g = 0; g < eights.size(); ++g) {
      b.fields[0][g] = field(times(number_of(eights[g]), r), 4);
    }
    for (std::size_t h = 0; h < fours.size(); ++h) {
      b.fields[1][h] = field(halved(times(number_of(fours[h]), r), b.fields[0][h / 2]), 2);
    }
  }

  /// The magnitude code: v in steps of 2^(1 - m) and a half, in binary32, then cut.
  std::uint64_t nearest_step(const value& v) const {
    const int m = f_.element.trailing_bits + 1;
    const std::uint64_t most = (std::uint64_t{1} << m) - 1;
    const value sum = plus(halved(v, 1 - m), number_of(real{1, -1}));
    if (is_infinite(sum) || !(sum.magnitude < real{most, 0})) return most;
    std::uint64_t whole = 0;
    while (!(sum.magnitude < real{whole + 1, 0})) ++whole;
    return whole;
  }
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_POWERS_HPP
