// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums of terms c 2^(r/8), c dyadic, r = 0 ... 7: what sums and products of values of lns8
/// are. The eight powers are linearly independent over the rationals, so a number with two terms or
/// more is neither a dyadic number nor a root of 2.
#ifndef LOWP_TESTS_ORACLE_EIGHTHS_HPP
#define LOWP_TESTS_ORACLE_EIGHTHS_HPP

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "operations.hpp"

namespace oracle {

/// A number as the magnitude that `project` takes. One that is not dyadic and no power of two lies
/// strictly between `low` and `high`, and `magnitude` as well.
struct enclosed {
  value v = {};
  bool is_exact = true;
  real low = {};
  real high = {};
};

class eighths {
 public:
  /// Of a zero or finite value, dyadic or 2^(k/8).
  explicit eighths(const value& v) {
    if (v.cls == sort::zero) return;
    const real& m = v.magnitude;
    if (m.is_dyadic()) {
      e_ = m.e();
      c_[0] = m.n();
    } else {
      const long k = m.e() * (8 / m.root());
      e_ = k >= 0 ? k / 8 : -((-k + 7) / 8);
      c_[k - 8 * e_] = 1;
    }
    if (v.negative) negate();
  }

  eighths operator-() const {
    eighths x = *this;
    x.negate();
    return x;
  }

  friend eighths operator+(const eighths& x, const eighths& y) {
    eighths sum;
    sum.e_ = x.e_ < y.e_ ? x.e_ : y.e_;
    for (int r = 0; r < 8; ++r) {
      sum.c_[r] = (x.c_[r] << static_cast<unsigned>(x.e_ - sum.e_)) +
                  (y.c_[r] << static_cast<unsigned>(y.e_ - sum.e_));
    }
    return sum;
  }

  friend eighths operator*(const eighths& x, const eighths& y) {
    eighths p;
    p.e_ = x.e_ + y.e_;
    for (int r = 0; r < 8; ++r) {
      for (int s = 0; s < 8; ++s) {
        const integer term = x.c_[r] * y.c_[s];
        p.c_[(r + s) % 8] += r + s < 8 ? term : integer(2 * term);
      }
    }
    return p;
  }

  bool is_zero() const { return terms() == 0; }

  /// The number, not zero, enclosed with that many places below the last one of any term.
  template <unsigned Places = 192>
  enclosed get() const {
    enclosed x;
    for (int r = 0; r < 8 && terms() == 1; ++r) {
      if (c_[r] == 0) continue;
      const real n{abs(c_[r]), e_};
      if (r != 0 && n.n() != 1) break;
      const real m = r == 0 ? n : real::power_of_two(8 * n.e() + r, 8);
      x.v = finite(c_[r] < 0, m);
      return x;
    }
    return enclose<Places>();
  }

 private:
  eighths() = default;

  void negate() {
    for (integer& c : c_) c = -c;
  }

  int terms() const {
    int n = 0;
    for (const integer& c : c_) n += c != 0 ? 1 : 0;
    return n;
  }

  /// floor(2^(r/8) 2^places): three square roots.
  static integer power(int r, unsigned places) {
    integer n = integer(1) << (8 * places + static_cast<unsigned>(r));
    for (int i = 0; i < 3; ++i) n = integer(boost::multiprecision::sqrt(n));
    return n;
  }

  template <unsigned Places>
  enclosed enclose() const {
    static const std::vector<integer> powers = [] {
      std::vector<integer> all;
      for (int r = 0; r < 8; ++r) all.push_back(power(r, Places));
      return all;
    }();
    integer low = 0;
    integer high = 0;
    for (int r = 0; r < 8; ++r) {
      const integer& root = powers[static_cast<std::size_t>(r)];
      const integer a = c_[r] * root;
      const integer b = r == 0 ? a : integer(c_[r] * (root + 1));
      low += a < b ? a : b;
      high += a < b ? b : a;
    }
    const bool negative = high <= 0;
    if (!negative && low < 0) throw std::logic_error("more places are needed");
    if (negative) {
      const integer swapped = -low;
      low = -high;
      high = swapped;
    }
    const long unit = e_ - static_cast<long>(Places);
    enclosed x{.v = finite(negative, real{integer(low + high), unit - 1}), .is_exact = false};
    x.low = real{low, unit};
    x.high = real{high, unit};
    return x;
  }

  integer c_[8];
  long e_ = 0;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_EIGHTHS_HPP
