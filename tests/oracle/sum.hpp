// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's exact sum: a signed integer of any length, and what else was seen.
#ifndef LOWP_TESTS_ORACLE_SUM_HPP
#define LOWP_TESTS_ORACLE_SUM_HPP

#include <cstdint>

#include "project.hpp"

namespace oracle {

/// A product of exact values by the table of IEEE 754-2019 6.1, 6.2, 7.2; NaN without payload, with
/// `invalid` set if it comes from 0 x infinity or a signalling NaN.
inline value product(const value& x, const value& y, bool& invalid) {
  for (const value* v : {&x, &y}) {
    if (v->cls == sort::nan && v->payload >> 63 == 0) invalid = true;
  }
  value r{.negative = x.negative != y.negative};
  if (x.cls == sort::nan || y.cls == sort::nan) return {.cls = sort::nan};
  const bool zero = x.cls == sort::zero || y.cls == sort::zero;
  const bool infinite = x.cls == sort::infinity || y.cls == sort::infinity;
  if (zero && infinite) {
    invalid = true;
    return {.cls = sort::nan};
  }
  r.cls = zero ? sort::zero : infinite ? sort::infinity : sort::finite;
  if (r.cls == sort::finite) {
    r.magnitude = real{x.magnitude.n() * y.magnitude.n(), x.magnitude.e() + y.magnitude.e()};
  }
  return r;
}

/// Terms are collected in any order; `total` is the value of their sum.
class exact_sum {
 public:
  void add(const value& x) {
    switch (x.cls) {
      case sort::nan:
        nan_ = true;
        invalid_ = invalid_ || (x.payload >> 63 == 0 && x.payload != 0);
        break;
      case sort::infinity: (x.negative ? minus_ : plus_) = true; break;
      case sort::zero: ++(x.negative ? negative_zeros_ : positive_zeros_); break;
      case sort::finite:
        ++others_;
        (x.negative ? below_ : above_) = (x.negative ? below_ : above_) + x.magnitude;
        break;
    }
  }
  void add_product(const value& x, const value& y) {
    bool invalid = false;
    value p = product(x, y, invalid);
    p.payload = ~std::uint64_t{0};
    add(p);
    invalid_ = invalid_ || invalid;
  }

  bool is_invalid() const { return invalid_ || (plus_ && minus_); }
  /// Some term is infinite.
  bool is_infinite() const { return plus_ || minus_; }

  value total(rounding direction) const {
    if (nan_ || is_invalid()) return {.cls = sort::nan, .payload = std::uint64_t{1} << 63};
    if (is_infinite()) return {.cls = sort::infinity, .negative = minus_};
    if (above_ == below_) return {.cls = sort::zero, .negative = zero_sign(direction)};
    if (below_ < above_) return {.cls = sort::finite, .magnitude = above_ - below_};
    return {.cls = sort::finite, .negative = true, .magnitude = below_ - above_};
  }

 private:
  bool zero_sign(rounding direction) const {
    if (others_ == 0 && positive_zeros_ == 0) return negative_zeros_ != 0;
    if (others_ == 0 && negative_zeros_ == 0) return false;
    return direction == rounding::toward_negative;
  }

  real above_;
  real below_;
  std::uint64_t negative_zeros_ = 0;
  std::uint64_t positive_zeros_ = 0;
  std::uint64_t others_ = 0;
  bool nan_ = false;
  bool invalid_ = false;
  bool plus_ = false;
  bool minus_ = false;
};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_SUM_HPP
