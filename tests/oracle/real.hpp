// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact non-negative reals of the oracle: n x 2^e, or the 2^k-th root of such a number.
#ifndef LOWP_TESTS_ORACLE_REAL_HPP
#define LOWP_TESTS_ORACLE_REAL_HPP

#include <bit>
#include <climits>
#include <cstdint>
#include <sstream>
#include <string>
#include <utility>

#include <boost/multiprecision/cpp_int.hpp>

namespace oracle {

using integer = boost::multiprecision::cpp_int;

/// (n x 2^e)^(1/root), root a power of two. The leading 64 bits are kept beside n because most
/// comparisons need no more.
class real {
 public:
  real() = default;

  /// n x 2^e.
  real(integer n, long e) : n_(std::move(n)), e_(e) { settle(); }
  real(std::uint64_t n, long e) {
    if (n == 0) return;
    const int zeros = std::countr_zero(n);
    n >>= zeros;
    n_ = n;
    e_ = e + zeros;
    const int high = 63 - std::countl_zero(n);
    top_ = e_ + high;
    lead_ = n << (63 - high);
  }

  /// 2^(numerator / denominator), the denominator a power of two.
  static real power_of_two(long numerator, long denominator) {
    while (denominator > 1 && numerator % 2 == 0) {
      numerator /= 2;
      denominator /= 2;
    }
    real r;
    r.n_ = 1;
    r.e_ = numerator;
    r.root_ = denominator;
    r.settle();
    return r;
  }

  bool is_zero() const { return top_ == LONG_MIN; }
  bool is_dyadic() const { return root_ == 1; }
  /// floor(log2); LONG_MIN for zero.
  long top() const { return top_; }
  /// Dyadic: the value is n() x 2^e(), n odd or zero.
  const integer& n() const { return n_; }
  long e() const { return e_; }
  /// A root: 2^(e() / root()).
  long root() const { return root_; }

  /// -1, 0, 1 as a is less than, equal to, greater than b.
  friend int compare(const real& a, const real& b) {
    if (a.top_ != b.top_) return a.top_ < b.top_ ? -1 : 1;
    if (a.lead_ != 0 && b.lead_ != 0) {
      if (a.lead_ != b.lead_) return a.lead_ < b.lead_ ? -1 : 1;
      if (!a.more_ && !b.more_) return 0;
    }
    return compare_in_full(a, b);
  }
  friend bool operator<(const real& a, const real& b) { return compare(a, b) < 0; }
  friend bool operator==(const real& a, const real& b) { return compare(a, b) == 0; }

  /// a x m of dyadic numbers.
  friend real operator*(const real& a, const integer& m) { return {a.n_ * m, a.e_}; }
  friend real operator+(const real& a, const real& b) {
    const long e = a.e_ < b.e_ ? a.e_ : b.e_;
    return {a.in_units(e) + b.in_units(e), e};
  }
  /// a - b >= 0 of dyadic numbers.
  friend real operator-(const real& a, const real& b) {
    const long e = a.e_ < b.e_ ? a.e_ : b.e_;
    return {a.in_units(e) - b.in_units(e), e};
  }
  /// A dyadic number times 2^k.
  real scaled(long k) const { return {n_, e_ + k}; }

  /// A dyadic number as an integer multiple of 2^unit, unit <= e().
  integer in_units(long unit) const {
    return is_zero() ? integer(0) : n_ << static_cast<unsigned>(e_ - unit);
  }

  /// floor(k x log2), k a power of two, of a number above zero.
  long log2_times(long k) const {
    if (k >= root_) {
      const auto power = boost::multiprecision::pow(n_, static_cast<unsigned>(k / root_));
      return e_ * (k / root_) + static_cast<long>(boost::multiprecision::msb(power));
    }
    const long parts = root_ / k;  // n is 1
    return e_ >= 0 ? e_ / parts : -((-e_ + parts - 1) / parts);
  }

  std::string text() const {
    std::ostringstream s;
    s << n_ << "*2^" << e_;
    return root_ == 1 ? s.str() : "(" + s.str() + ")^(1/" + std::to_string(root_) + ")";
  }

 private:
  static int compare_in_full(const real& a, const real& b) {
    if (a.is_zero()) return 0;  // then so is b: the tops are equal
    const long root = a.root_ > b.root_ ? a.root_ : b.root_;
    const auto power = [root](const real& x) {
      const auto k = static_cast<unsigned>(root / x.root_);
      return std::pair<integer, long>{k == 1 ? x.n_ : integer(boost::multiprecision::pow(x.n_, k)),
                                      x.e_ * static_cast<long>(k)};
    };
    auto [m, i] = power(a);
    auto [n, j] = power(b);
    if (i > j) m <<= static_cast<unsigned>(i - j);
    if (j > i) n <<= static_cast<unsigned>(j - i);
    return m < n ? -1 : m > n ? 1 : 0;
  }

  void settle() {
    if (n_ == 0) {
      e_ = 0;
      return;
    }
    const auto zeros = boost::multiprecision::lsb(n_);
    n_ >>= zeros;
    e_ += static_cast<long>(zeros);
    const auto high = static_cast<long>(boost::multiprecision::msb(n_));
    if (root_ != 1) {  // n is 1
      top_ = e_ >= 0 ? e_ / root_ : -((-e_ + root_ - 1) / root_);
      return;
    }
    top_ = e_ + high;
    more_ = high > 63;
    lead_ =
        static_cast<std::uint64_t>(more_ ? integer(n_ >> static_cast<unsigned>(high - 63)) : n_);
    if (!more_) lead_ <<= 63 - high;
  }

  integer n_ = 0;
  long e_ = 0;
  long root_ = 1;
  long top_ = LONG_MIN;
  std::uint64_t lead_ = 0;  // 0 for roots and zero
  bool more_ = false;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_REAL_HPP
