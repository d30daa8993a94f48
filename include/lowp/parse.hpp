// SPDX-License-Identifier: Apache-2.0
/// \file
/// Text to codes: decimal and hexadecimal floating point of any length in one rounding, and codes.
#ifndef LOWP_PARSE_HPP
#define LOWP_PARSE_HPP

#include <cstdint>

#include "detail/decimal.hpp"

namespace lowp {

/// What is wrong with a text.
enum class [[nodiscard]] text_error : std::uint8_t{
    none,
    empty,                ///< no characters at all
    not_a_number,         ///< something else where a digit should be
    trailing_characters,  ///< more after the number
    out_of_range,         ///< the format has no code for the value, see `parse`
    no_infinity,          ///< "inf", and the format has none
    no_nan,               ///< "nan", and the format has none
    code_too_wide,        ///< a code of more bits than the format has
};

/// The error in words.
LOWP_FN const char* message(text_error e) noexcept {
  switch (e) {
    case text_error::none: return "no error";
    case text_error::empty: return "the text is empty";
    case text_error::not_a_number: return "the text is not a number: a digit is missing";
    case text_error::trailing_characters: return "characters follow after the number";
    case text_error::out_of_range: return "the value is out of the range of the format";
    case text_error::no_infinity: return "the format has no infinity";
    case text_error::no_nan: return "the format has no NaN";
    case text_error::code_too_wide: return "the code has more bits than the format";
  }
  return "unknown";
}

/// How to read a number.
struct parse_options {
  /// The one rounding from the exact value of the text; the default is nearest-even. Stochastic
  /// modes see its first 128 significant bits and whether more follow.
  projection how{};
  /// True: what the format cannot hold is no error, `how` decides.
  bool project_out_of_range = false;
  /// The random bits of stochastic modes, as in `encode`.
  std::uint64_t random = 0;
};

/// What a text means.
struct parsed {
  code_t code = 0;  ///< 0 after errors of syntax, else what the projection makes of the value
  status flags;     ///< of the rounding
  text_error error = text_error::none;
  const char* position =
      nullptr;  ///< the offending character; first for errors of the value; else last

  LOWP_FN bool ok() const noexcept { return error == text_error::none; }
};

namespace detail {

LOWP_FN int digit_of(char c) noexcept {  // 99 for other characters
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

/// A cursor that never leaves [at, last).
struct text_reader {
  const char* at;
  const char* last;

  LOWP_FN bool at_end() const noexcept { return at == last; }
  LOWP_FN char peek() const noexcept { return at_end() ? '\0' : *at; }
  LOWP_FN bool at_digit(int radix) const noexcept { return !at_end() && digit_of(*at) < radix; }

  /// Skips a character, a letter in either case.
  LOWP_FN bool skip(char lower) noexcept {
    const bool letter = lower >= 'a' && lower <= 'z';
    if (at_end() || (*at != lower && !(letter && *at == lower - 'a' + 'A'))) return false;
    ++at;
    return true;
  }
  /// Skips a word of letters in either case, or nothing.
  LOWP_FN bool skip_word(const char* lower) noexcept {
    const char* const start = at;
    for (; *lower != 0; ++lower) {
      if (!skip(*lower)) {
        at = start;
        return false;
      }
    }
    return true;
  }
  LOWP_FN bool skip_sign() noexcept {  // true for minus
    const bool negative = peek() == '-';
    if (negative || peek() == '+') ++at;
    return negative;
  }
  /// The digits of an exponent with its sign, held below 10^13; false if there is none.
  LOWP_FN bool read_exponent(std::int64_t& out) noexcept {
    const bool negative = skip_sign();
    if (!at_digit(10)) return false;
    std::int64_t n = 0;
    for (; at_digit(10); ++at) {
      if (n < 1000000000000) n = 10 * n + digit_of(*at);
    }
    out = negative ? -n : n;
    return true;
  }
};

/// digits [. digits] in a radix: where the first digit that is not 0 stands, and what it counts.
struct digit_string {
  const char* first = nullptr;  // nullptr if there are only zeros
  const char* last = nullptr;
  std::int64_t exponent = 0;  // radix^exponent is the unit of the digit at `first`
  bool found = false;

  LOWP_FN static digit_string read(text_reader& in, int radix) noexcept {
    digit_string s;
    bool point = false;
    for (;; ++in.at) {
      if (!point && in.peek() == '.') {
        point = true;
        continue;
      }
      if (!in.at_digit(radix)) break;
      s.found = true;
      if (s.first == nullptr && *in.at != '0') {
        s.first = in.at;
      } else if (s.first != nullptr && !point) {
        ++s.exponent;
      }
      if (s.first == nullptr || s.first == in.at) s.exponent -= point ? 1 : 0;
    }
    s.last = in.at;
    return s;
  }
};

LOWP_FN exact decimal_value(const digit_string& s, std::int64_t exponent, bool negative,
                            const binary_range& range) noexcept {
  exponent += s.exponent;
  const bool huge = is_huge(range, exponent);
  if (huge || is_minute(range, exponent)) {
    exact x = exact_finite(negative, std::uint64_t{1} << 63, -63);
    x.exponent += huge ? range.greatest + 4 : range.least - 50;
    x.sticky = true;
    return x;
  }
  decimal_reader digits;
  std::int64_t left = deciding_digits(range);
  bool tail = false;
  for (const char* p = s.first; p != s.last && !tail; ++p) {
    if (*p == '.') continue;
    if (left > 0) {
      digits.push(digit_of(*p));
      --left;
      --exponent;
    } else {
      tail = *p != '0';
    }
  }
  return digits.finish(negative, tail, exponent + 1);
}

LOWP_FN exact hex_value(const digit_string& s, std::int64_t exponent, bool negative) noexcept {
  exact x{.cls = number_class::finite, .negative = negative};
  int room = 64;                     // bits left in the tail
  exponent += 4 * (s.exponent + 1);  // of the point before the digit at `first`
  for (const char* p = s.first; p != s.last; ++p) {
    if (*p == '.') continue;
    for (int bit = 3; bit >= 0; --bit) {
      const std::uint64_t one = static_cast<std::uint64_t>(digit_of(*p) >> bit & 1);
      if (x.significand >> 63 == 0) {
        x.significand = x.significand << 1 | one;
        --exponent;
      } else if (room > 0) {
        x.tail |= one << --room;
      } else {
        x.sticky = x.sticky || one != 0;
      }
    }
  }
  constexpr std::int64_t bound = 1 << 20;  // beyond every format
  x.exponent = static_cast<std::int32_t>(exponent > bound    ? bound
                                         : exponent < -bound ? -bound
                                                             : exponent);
  return normalized(x);
}

/// A text taken apart, before any format is involved.
struct scanned {
  text_error error = text_error::none;
  const char* position = nullptr;  // of the error, or the end
  number_class cls = number_class::finite;
  bool negative = false;
  bool hex = false;
  digit_string digits;
  std::int64_t exponent = 0;
};

LOWP_FN text_error scan_number(text_reader& in, scanned& s) noexcept {
  if (in.at_end()) return text_error::empty;
  s.negative = in.skip_sign();
  if (in.skip_word("infinity") || in.skip_word("inf")) {
    s.cls = number_class::infinity;
  } else if (in.skip_word("nan")) {
    s.cls = number_class::nan;
  } else {
    text_reader ahead = in;
    s.hex = ahead.skip('0') && ahead.skip('x');
    if (s.hex) in = ahead;
    s.digits = digit_string::read(in, s.hex ? 16 : 10);
    if (!s.digits.found) return text_error::not_a_number;
    if (s.digits.first == nullptr) s.cls = number_class::zero;
    if (in.skip(s.hex ? 'p' : 'e') && !in.read_exponent(s.exponent)) {
      return text_error::not_a_number;
    }
  }
  return in.at_end() ? text_error::none : text_error::trailing_characters;
}

LOWP_FN scanned scan(const char* first, const char* last) noexcept {
  scanned s;
  text_reader in{first, last};
  s.error = scan_number(in, s);
  s.position = in.at;
  return s;
}

LOWP_FN exact value_of(const scanned& s, format f) noexcept {
  switch (s.cls) {
    case number_class::zero: return exact_zero(s.negative);
    case number_class::infinity: return exact_infinity(s.negative);
    case number_class::nan: return exact_nan(s.negative);
    case number_class::finite: break;
  }
  if (s.hex) return hex_value(s.digits, s.exponent, s.negative);
  return decimal_value(s.digits, s.exponent, s.negative, detail::range_of(f));
}

LOWP_FN text_error value_error(format f, const exact& x, const encoded& e) noexcept {
  switch (x.cls) {
    case number_class::nan: return has_nan(f) ? text_error::none : text_error::no_nan;
    case number_class::infinity:
      if (!has_infinity(f)) return text_error::no_infinity;
      return x.negative && !f.is_signed ? text_error::out_of_range : text_error::none;
    case number_class::zero:
    case number_class::finite: break;
  }
  return is_out_of_range(f, x, e) ? text_error::out_of_range : text_error::none;
}

}  // namespace detail

/// Reads all of [first, last) as a number and rounds its exact value once, spec/conversion.md
/// CVT-8:
///   [+-] digits [. digits] [e [+-] digits]         "0.3", ".5", "5.", "1e-3"
///   [+-] 0x hex digits [. hex digits] [p [+-] digits]   the value in radix 16, not a code
///   [+-] inf | infinity | nan
/// in either case, without spaces. Texts may be of any length and exponents of any size; the time
/// is bounded by the format and linear in the length. Out of range is a value that overflows under
/// the projection, a negative one that an unsigned format cannot round to zero, and in a format
/// without zero anything below half the least value. That a small value becomes zero is no error,
/// but shows in the flags.
LOWP_FN parsed parse(const char* first, const char* last, format f,
                     const parse_options& options = {}) noexcept {
  const detail::scanned s = detail::scan(first, last);
  parsed r;
  r.error = s.error;
  r.position = s.position;
  if (!r.ok()) return r;
  const exact x = detail::value_of(s, f);
  const encoded e = encode_with_status(f, x, options.how, options.random);
  r.code = e.code;
  r.flags = e.flags;
  if (!options.project_out_of_range) r.error = detail::value_error(f, x, e);
  if (!r.ok()) r.position = first;
  return r;
}

/// Reads all of [first, last) as a code: "0x7e", or "0b0'1111'110" with a quote between any two
/// digits. Leading zeros are free.
LOWP_FN parsed parse_code(const char* first, const char* last, format f) noexcept {
  parsed r;
  r.position = first;
  if (first == last) {
    r.error = text_error::empty;
    return r;
  }
  detail::text_reader in{first, last};
  int bits = 0;  // of one digit
  if (in.skip('0')) bits = in.skip('x') ? 4 : in.skip('b') ? 1 : 0;
  r.error = bits != 0 && in.at_digit(1 << bits) ? text_error::none : text_error::not_a_number;
  bool wide = false;
  while (r.ok() && in.at_digit(1 << bits)) {
    wide = wide || r.code >> (64 - bits) != 0;
    r.code = r.code << bits | static_cast<code_t>(detail::digit_of(*in.at));
    ++in.at;
    if (in.peek() == '\'') {
      ++in.at;
      if (!in.at_digit(1 << bits)) r.error = text_error::not_a_number;
    }
  }
  if (r.ok() && !in.at_end()) r.error = text_error::trailing_characters;
  r.position = in.at;
  if (r.ok() && (wide || (r.code & ~detail::low_mask(f.width)) != 0)) {
    r.error = text_error::code_too_wide;
    r.position = first;
  }
  if (!r.ok()) r.code = 0;
  return r;
}

}  // namespace lowp

#endif  // LOWP_PARSE_HPP
