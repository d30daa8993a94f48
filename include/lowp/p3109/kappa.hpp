// SPDX-License-Identifier: Apache-2.0
/// \file
/// The approximation measure kappa of IEEE P3109, section 4.4 and annexes D and E: how far results
/// of an implementation are from the defined ones.
#ifndef LOWP_P3109_KAPPA_HPP
#define LOWP_P3109_KAPPA_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "format.hpp"

namespace lowp::p3109 {

/// A count of representable values, or infinity, or NaN. spec/p3109.md IEP-13.
struct Kappa {
  number_class cls = number_class::zero;  ///< finite only for counts above 0
  std::uint64_t count = 0;

  friend LOWP_FN bool operator==(const Kappa&, const Kappa&) noexcept = default;
};

/// Of several results: NaN if any is, else infinity if any is, else the greatest.
LOWP_FN Kappa combine(const Kappa& a, const Kappa& b) noexcept {
  if (a.cls != b.cls) return a.cls > b.cls ? a : b;
  return a.count < b.count ? b : a;
}

namespace detail {

/// Place of a finite code among the values of its format, counted from zero in steps.
struct place {
  bool negative = false;
  std::uint64_t index = 0;
};

LOWP_FN place place_of(format f, code_t x) noexcept {
  const int n = magnitude_bits(f);
  return {f.is_signed && ((x >> n) & 1) != 0, x & lowp::detail::low_mask(n)};
}

}  // namespace detail

/// Kappa of one result: NaN if just one of both codes is NaN; infinity if one is infinite and the
/// other is not, or has the other sign; else the values passed on the way from the defined one.
LOWP_FN Kappa KappaOf(format f, code_t defined, code_t produced) noexcept {
  const exact a = Decode(f, defined);
  const exact b = Decode(f, produced);
  if (a.cls == number_class::nan || b.cls == number_class::nan) {
    return {a.cls == b.cls ? number_class::zero : number_class::nan, 0};
  }
  if (a.cls == number_class::infinity || b.cls == number_class::infinity) {
    return {a == b ? number_class::zero : number_class::infinity, 0};
  }
  const detail::place p = detail::place_of(f, defined);
  const detail::place q = detail::place_of(f, produced);
  const std::uint64_t steps = p.negative != q.negative ? p.index + q.index
                              : p.index < q.index      ? q.index - p.index
                                                       : p.index - q.index;
  return {steps == 0 ? number_class::zero : number_class::finite, steps};
}

/// Kappa of n results.
template <std::unsigned_integral Code>
LOWP_FN Kappa KappaOf(format f, std::size_t n, const Code* defined, const Code* produced) noexcept {
  Kappa k;
  for (std::size_t i = 0; i < n; ++i) k = combine(k, KappaOf(f, defined[i], produced[i]));
  return k;
}

}  // namespace lowp::p3109

#endif  // LOWP_P3109_KAPPA_HPP
