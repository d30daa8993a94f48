// SPDX-License-Identifier: Apache-2.0
/// \file
/// Text of typed numbers: printing, parsing, and constants written as text.
#ifndef LOWP_TEXT_HPP
#define LOWP_TEXT_HPP

#include <cstddef>

#include "number.hpp"
#include "parse.hpp"
#include "print.hpp"

namespace lowp {

/// The functions of print.hpp on typed numbers, float, double and integers.
template <numeric T>
LOWP_FN printed print_decimal(char* first, char* last, T x) noexcept {
  return print_decimal(first, last, format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN printed print_exact(char* first, char* last, T x) noexcept {
  return print_exact(first, last, format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN printed print_hex_float(char* first, char* last, T x) noexcept {
  return print_hex_float(first, last, format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN printed print_code(char* first, char* last, T x) noexcept {
  return print_code(first, last, format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN printed print_bits(char* first, char* last, T x) noexcept {
  return print_bits(first, last, format_of<T>, to_code(x));
}

/// `parse` into a number; `out` is left alone after an error.
template <numeric T>
LOWP_FN parsed parse(const char* first, const char* last, T& out,
                     const parse_options& options = {}) noexcept {
  const parsed r = parse(first, last, format_of<T>, options);
  if (r.ok()) out = detail::traits<T>::from_code(r.code);
  return r;
}

namespace detail {

// Not constexpr on purpose: reaching one in a constant expression is the compile error that names
// it.
void lowp_error_the_text_is_not_a_number();
void lowp_error_characters_follow_after_the_number();
void lowp_error_the_value_is_out_of_the_range_of_the_format();
void lowp_error_the_format_has_no_infinity_or_nan();

constexpr void demand(text_error e) {
  switch (e) {
    case text_error::none: return;
    case text_error::empty:
    case text_error::not_a_number:
    case text_error::code_too_wide: return lowp_error_the_text_is_not_a_number();
    case text_error::trailing_characters: return lowp_error_characters_follow_after_the_number();
    case text_error::out_of_range: return lowp_error_the_value_is_out_of_the_range_of_the_format();
    case text_error::no_infinity:
    case text_error::no_nan: return lowp_error_the_format_has_no_infinity_or_nan();
  }
}

}  // namespace detail

/// A constant in one rounding from its text, without detour through double:
/// `from_text<float8_e4m3fn>("0.3")`. What `parse` refuses does not compile, and the message names
/// the reason. At run time use `parse`, or `from_string` of interop/string.hpp, which throws.
template <numeric T, std::size_t Size>
consteval T from_text(const char (&text)[Size]) {
  const parsed r = parse(text, text + Size - 1, format_of<T>);
  detail::demand(r.error);
  return detail::traits<T>::from_code(r.code);
}

}  // namespace lowp

#endif  // LOWP_TEXT_HPP
