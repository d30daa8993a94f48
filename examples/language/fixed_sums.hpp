// SPDX-License-Identifier: Apache-2.0
// Sums whose bits depend on the terms only: not on the instruction set, on alignment, on threads or
// on how tokens are divided among ranks.
#ifndef LOWP_EXAMPLES_LANGUAGE_FIXED_SUMS_HPP
#define LOWP_EXAMPLES_LANGUAGE_FIXED_SUMS_HPP

#include <array>
#include <cstddef>
#include <vector>

namespace language {

// The sum of term(i) over i below n, in binary32: 16 sums of every 16th term, then these by halves.
template <class Term>
float fixed_sum(std::size_t n, const Term& term) {
  constexpr std::size_t lanes = 16;
  float part[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t l = 0; l < lanes; ++l) part[l] += term(i + l);
  }
  for (std::size_t l = 0; i < n; ++i, ++l) part[l] += term(i);
  for (std::size_t half = lanes / 2; half != 0; half /= 2) {
    for (std::size_t l = 0; l < half; ++l) part[l] += part[l + half];
  }
  return part[0];
}

// Sums of any terms in any order, n of them side by side. A term is cut at multiples of 2^-4, 2^-36
// and 2^-68, and each part is added in a binary64 of its own, without rounding for up to 2^22 terms
// below 2^26; what is left below 2^-69 is dropped. Greater terms round, and then the order matters.
// The method: Demmel, Nguyen, Parallel Reproducible Summation, 2015 (pre-rounding).
class order_free_sums {
 public:
  explicit order_free_sums(std::size_t n) {
    for (std::vector<double>& p : parts_) p.resize(n);
  }

  // Adds x[i] to sum `first` + i.
  template <class Number>
  void add(std::size_t first, const Number* x, std::size_t n) {
    double *high = parts_[0].data() + first, *middle = parts_[1].data() + first,
           *low = parts_[2].data() + first;
    for (std::size_t i = 0; i < n; ++i) {
      // Adding 1.5 x 2^(52 + e) rounds to a multiple of 2^e; taking it away again is exact.
      const double all = x[i];
      const double a = (all + 0x1.8p48) - 0x1.8p48;
      const double b = ((all - a) + 0x1.8p16) - 0x1.8p16;
      const double c = (((all - a) - b) + 0x1.8p-16) - 0x1.8p-16;
      high[i] += a, middle[i] += b, low[i] += c;
    }
  }
  void add(double x) { add(0, &x, 1); }

  // Adds all sums of another: of other tokens, from another thread or rank.
  void add(const order_free_sums& other) {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      for (std::size_t i = 0; i < parts_[p].size(); ++i) parts_[p][i] += other.parts_[p][i];
    }
  }

  double sum(std::size_t i = 0) const { return parts_[0][i] + (parts_[1][i] + parts_[2][i]); }
  // Of all sums.
  double total() const {
    double part[3] = {};
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      for (const double x : parts_[p]) part[p] += x;
    }
    return part[0] + (part[1] + part[2]);
  }
  std::size_t size() const { return parts_[0].size(); }
  // What ranks add up: exact sums, as long as few terms.
  std::array<std::vector<double>, 3>& parts() { return parts_; }

 private:
  std::array<std::vector<double>, 3> parts_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_FIXED_SUMS_HPP
