// SPDX-License-Identifier: Apache-2.0
/// \file
/// Decimal text and exact reals by big integers, for the tests of text.
#ifndef LOWP_TESTS_ORACLE_DECIMAL_HPP
#define LOWP_TESTS_ORACLE_DECIMAL_HPP

#include <cstdint>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>

#include "real.hpp"
#include "values.hpp"

namespace oracle {

inline integer power_of_ten(long n) {
  return boost::multiprecision::pow(integer(10), static_cast<unsigned>(n));
}

/// +-digits x 10^exponent.
struct decimal {
  bool negative = false;
  integer digits = 0;
  long exponent = 0;

  /// Significant digits, trailing zeros apart.
  int count() const {
    std::string s = digits.str();
    while (s.size() > 1 && s.back() == '0') s.pop_back();
    return static_cast<int>(s.size());
  }
};

/// A text like "-12.5e-3", which must be well formed.
inline decimal read_decimal(const std::string& text) {
  decimal d;
  std::string digits = "0";
  bool point = false;
  std::size_t i = 0;
  if (text[0] == '-') d.negative = true, ++i;
  for (; i < text.size() && text[i] != 'e'; ++i) {
    if (text[i] == '.') {
      point = true;
    } else {
      digits += text[i];
      d.exponent -= point ? 1 : 0;
    }
  }
  if (i < text.size()) d.exponent += std::stol(text.substr(i + 1));
  digits.erase(0, digits.find_first_not_of('0'));
  d.digits = digits.empty() ? integer(0) : integer(digits);
  return d;
}

/// -1, 0, 1 as |a| is less than, equal to, greater than |b| of a dyadic number b.
inline int compare_magnitude(const decimal& a, const real& b) {
  integer left = a.digits;
  integer right = b.n();
  (a.exponent < 0 ? right : left) *= power_of_ten(a.exponent < 0 ? -a.exponent : a.exponent);
  if (b.e() < 0) {
    left <<= static_cast<unsigned>(-b.e());
  } else {
    right <<= static_cast<unsigned>(b.e());
  }
  return left < right ? -1 : right < left ? 1 : 0;
}

/// The magnitude of d, or if that is no multiple of 2^-places, a number strictly between the same
/// two multiples. Formats whose values and middles are such multiples cannot tell them apart.
inline real stand_in(const decimal& d, long places) {
  if (d.exponent >= 0) return {d.digits * power_of_ten(d.exponent), 0};
  integer quotient;
  integer rest;
  const integer shifted = d.digits << static_cast<unsigned>(places);
  boost::multiprecision::divide_qr(shifted, power_of_ten(-d.exponent), quotient, rest);
  return rest == 0 ? real{quotient, -places} : real{2 * quotient + 1, -places - 1};
}

/// All digits of a dyadic number: "0.001953125".
inline std::string exact_text(const real& x) {
  if (x.e() >= 0) return x.in_units(0).str();
  const auto places = static_cast<std::size_t>(-x.e());
  const integer fives = boost::multiprecision::pow(integer(5), static_cast<unsigned>(places));
  std::string s = integer(x.n() * fives).str();
  if (s.size() <= places) s.insert(0, places + 1 - s.size(), '0');
  s.insert(s.size() - places, ".");
  return s;
}

/// A little more or less than a positive text of digits: by one unit in the `places`-th digit
/// behind those that it has.
inline std::string nudged(std::string text, std::size_t places, bool up) {
  if (text.find('.') == std::string::npos) text += '.';
  const std::size_t point = text.find('.');
  text += std::string(places, '0');
  if (up) {
    text.back() = '1';
    return text;
  }
  for (std::size_t i = text.size(); i-- > 0;) {
    if (i == point) continue;
    if (text[i] != '0') {
      --text[i];
      break;
    }
    text[i] = '9';
  }
  return text;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_DECIMAL_HPP
