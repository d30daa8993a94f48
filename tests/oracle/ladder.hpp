// SPDX-License-Identifier: Apache-2.0
/// \file
/// The finite magnitudes of one sign of a format in ascending order, and where a real stands there.
#ifndef LOWP_TESTS_ORACLE_LADDER_HPP
#define LOWP_TESTS_ORACLE_LADDER_HPP

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "values.hpp"

namespace oracle {

/// Between step `index` and the next one: on it, or how the real compares with the middle.
struct place {
  std::uint64_t index = 0;
  bool exact = false;
  int half = -1;        ///< -1, 0, 1: below, at, above the middle of the two steps
  bool beyond = false;  ///< at or above the step after the greatest finite one
  bool below = false;   ///< under the first step of a ladder without zero
};

/// The ladder of one sign. Formats of at most 16 bits are sorted tables of their decoded codes;
/// wider ones have ascending magnitude codes, and their steps are computed when asked for.
class ladder {
 public:
  ladder(const description& d, bool negative) : d_(d), negative_(negative && d.sign) {
    if (d.width > 16) {
      std::uint64_t magnitudes = d.sign ? d.sign_bit() - 1 : low_ones(d.width);
      if (d.kind == shape::fixed_point && negative_) ++magnitudes;
      for (const code_range& r : d.nans) {
        if (r.first <= magnitudes && magnitudes <= r.last) magnitudes = r.first - 1;
      }
      while (is_infinity_code(d, magnitudes)) --magnitudes;
      top_ = magnitudes;
    } else {
      build_table();
    }
  }

  const description& format() const { return d_; }
  /// Index of the greatest finite magnitude.
  std::uint64_t top() const { return top_; }
  /// True if rounding knows no step after the greatest one.
  bool ends() const { return d_.kind == shape::listed || d_.tapered(); }

  /// The magnitude of a step. In wide formats valid until this thread's next call, of any ladder.
  const real& at(std::uint64_t index) const {
    if (!steps_.empty()) return steps_[index];
    static thread_local real computed;
    return computed = compute(index);
  }

  /// The magnitude of the following step; after the greatest, with unbounded exponent.
  real after(std::uint64_t index) const {
    if (!steps_.empty()) return steps_[index + 1];
    return index == top_ ? after_top() : compute(index + 1);
  }

  /// The point 2^-bits x `part` of the way from a step to the next, as the format rounds: on the
  /// value line, on the bit string (posit, takum) or on the logarithm.
  real between(std::uint64_t index, const integer& part, int bits) const {
    if (d_.tapered()) {
      const std::uint64_t longer = (index << bits) + static_cast<std::uint64_t>(part);
      const int width = d_.width + bits;
      return d_.kind == shape::posit ? posit_magnitude(longer, width)
                                     : takum_magnitude(longer, width);
    }
    if (d_.kind == shape::logarithm) {
      const long field =
          (static_cast<long>(index) - d_.bias) * (1L << bits) + static_cast<long>(part);
      return real::power_of_two(field, 1L << (d_.trailing_bits + bits));
    }
    const real low = at(index);
    return low + ((after(index) - low) * part).scaled(-bits);
  }

  /// The middle between a step and the next; valid as what `at` returns.
  const real& middle(std::uint64_t index) const {
    if (!middles_.empty()) return middles_[index];
    static thread_local real middle;
    return middle = between(index, 1, 1);
  }

  /// Does the step count as odd (its last significand bit)?
  bool odd(std::uint64_t index) const {
    if (index > top_) return !odd(top_);
    // The codes of a list have no significand: the position counts, zero being even.
    if (d_.kind == shape::listed) return index % 2 != 0;
    return code(index) % 2 != 0;
  }

  /// The code of a finite step; of the zero that belongs to the sign.
  std::uint64_t code(std::uint64_t index) const {
    if (!codes_.empty()) return codes_[index];
    if (!negative_) return index;
    const bool complement = d_.tapered() || d_.kind == shape::fixed_point;
    return complement ? (0 - index) & low_ones(d_.width) : d_.sign_bit() | index;
  }

  /// Finds x > 0.
  place locate(const real& x) const {
    std::uint64_t low = 0;
    std::uint64_t high = top_;
    if (x < at(0)) return {.below = true};
    if (d_.width > 16 && d_.kind == shape::minifloat && x.top() + d_.bias > 0) {
      // The binade is known; only if it is right.
      const std::uint64_t first = static_cast<std::uint64_t>(x.top() + d_.bias) << d_.trailing_bits;
      const std::uint64_t last = first + (std::uint64_t{1} << d_.trailing_bits);
      if (first <= high && !(x < at(first))) low = first;
      if (last <= high && x < at(last)) high = last - 1;
    }
    while (low < high) {
      const std::uint64_t middle = high - (high - low) / 2;
      if (x < at(middle)) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return locate_at(x, low);
  }

  /// Finds x > 0, whose step is at or above `from`; for merge walks.
  place locate_from(const real& x, std::uint64_t from) const {
    if (x < at(0)) return {.below = true};
    while (from < top_ && !(x < at(from + 1))) ++from;
    return locate_at(x, from);
  }

 private:
  static std::uint64_t low_ones(int n) {
    return n == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  }

  place locate_at(const real& x, std::uint64_t index) const {
    const int c = compare(x, at(index));
    if (c == 0) return {.index = index, .exact = true};
    if (index == top_ && ends()) return {.index = index, .half = 1, .beyond = true};
    if (index == top_ && !(x < after(top_))) return {.index = index, .half = 1, .beyond = true};
    if (d_.tapered() && index == 0) return {.index = 0};  // never rounds to zero
    return {.index = index, .half = compare(x, middle(index))};
  }

  /// A step of a wide format, whose magnitude codes ascend.
  real compute(std::uint64_t index) const {
    switch (d_.kind) {
      case shape::posit: return index == 0 ? real{} : posit_magnitude(index, d_.width);
      case shape::takum: return index == 0 ? real{} : takum_magnitude(index, d_.width);
      case shape::fixed_point: return {index, -d_.trailing_bits};
      default: return minifloat_magnitude(d_, index);
    }
  }

  /// What would follow the greatest finite value if the exponent had no bound.
  real after_top() const {
    switch (d_.kind) {
      case shape::hifloat8: return {3, 14};  // 1.5 x 2^15, whose code is infinity
      case shape::fixed_point: return {integer(top_) + 1, -d_.trailing_bits};
      case shape::logarithm:
        return real::power_of_two(static_cast<long>(top_) + 1 - d_.bias, 1L << d_.trailing_bits);
      default: return minifloat_magnitude(d_, top_ + 1);
    }
  }

  void build_table() {
    std::vector<std::pair<real, std::uint64_t>> found;
    for (std::uint64_t code = 0; code < d_.code_count(); ++code) {
      value v = value_of(d_, code);
      const bool zero = v.cls == sort::zero;
      if (!zero && (v.cls != sort::finite || v.negative != negative_)) continue;
      // The only zero serves both signs.
      if (zero && v.negative != (negative_ && has_negative_zero(d_))) continue;
      found.emplace_back(std::move(v.magnitude), code);
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    top_ = found.size() - 1;
    for (auto& [magnitude, code] : found) {
      steps_.push_back(std::move(magnitude));
      codes_.push_back(code);
    }
    if (!ends()) steps_.push_back(after_top());
    for (std::uint64_t i = 0; i + 1 < steps_.size(); ++i) {
      const bool from_zero_up = i == 0 && steps_[0].is_zero() && d_.tapered();
      middles_.push_back(from_zero_up ? steps_[1] : between(i, 1, 1));
    }
  }

  description d_;
  bool negative_ = false;
  std::uint64_t top_ = 0;
  std::vector<real> steps_;  // one more than there are codes unless ends()
  std::vector<real> middles_;
  std::vector<std::uint64_t> codes_;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_LADDER_HPP
