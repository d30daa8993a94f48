// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes and values as the tables of spec/ write them.
#ifndef LOWP_TESTS_EXPORT_VALUE_TEXT_HPP
#define LOWP_TESTS_EXPORT_VALUE_TEXT_HPP

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include <lowp/compare.hpp>

#include "../oracle/values.hpp"

namespace lowp_export {

/// Hexadecimal with the digits that the width needs.
inline std::string code_text(int width, std::uint64_t code) {
  return fmt::format("{:0{}x}", code, (width + 3) / 4);
}

/// significand x 2^exponent as C's %a has it, the first digit being 1: 0x1.cp+8.
inline std::string hex_float(bool negative, std::uint64_t significand, long exponent) {
  int zeros = 0;
  while (((significand << zeros) >> 63) == 0) ++zeros;
  const std::uint64_t fraction = significand << zeros << 1;
  std::string digits = fmt::format("{:016x}", fraction);
  digits.erase(digits.find_last_not_of('0') + 1);
  const long shown = exponent + 63 - zeros;
  return fmt::format("{}0x1{}{}p{:+d}", negative ? "-" : "", digits.empty() ? "" : ".", digits,
                     shown);
}

/// A value of the oracle. NaN has a sign only if `signed_nan`; roots are written as 2^(k/n).
inline std::string text_of(const oracle::value& v, bool signed_nan) {
  const std::string sign = v.negative ? "-" : "";
  switch (v.cls) {
    case oracle::sort::zero: return sign + "0x0p+0";
    case oracle::sort::infinity: return sign + "inf";
    case oracle::sort::nan: return signed_nan ? sign + "nan" : "nan";
    case oracle::sort::finite: break;
  }
  const oracle::real& x = v.magnitude;
  if (x.is_dyadic()) return hex_float(v.negative, static_cast<std::uint64_t>(x.n()), x.e());
  std::string root = x.text();  // (1*2^E)^(1/R)
  const std::size_t e = root.find('^') + 1, end = root.find(')'), r = root.rfind('/') + 1;
  return sign + "2^(" + root.substr(e, end - e) + "/" + root.substr(r, root.size() - r - 1) + ")";
}

/// A value of lowp in the same words; empty for irrational ones, which `exact` holds to 64 bits
/// only.
inline std::string text_of(const lowp::exact& x) {
  const std::string sign = x.negative ? "-" : "";
  switch (x.cls) {
    case lowp::number_class::zero: return sign + "0x0p+0";
    case lowp::number_class::infinity: return sign + "inf";
    case lowp::number_class::nan: return sign + "nan";
    case lowp::number_class::finite: break;
  }
  return x.sticky ? "" : hex_float(x.negative, x.significand, x.exponent);
}

inline const char* name_of(lowp::value_class c) {
  static constexpr const char* names[] = {
      "signalling_nan",     "quiet_nan",        "negative_infinity", "negative_normal",
      "negative_subnormal", "negative_zero",    "positive_zero",     "positive_subnormal",
      "positive_normal",    "positive_infinity"};
  return names[static_cast<int>(c)];
}

}  // namespace lowp_export

#endif  // LOWP_TESTS_EXPORT_VALUE_TEXT_HPP
