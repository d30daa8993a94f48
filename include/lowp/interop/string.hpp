// SPDX-License-Identifier: Apache-2.0
/// \file
/// Text with std::string and exceptions.
#ifndef LOWP_INTEROP_STRING_HPP
#define LOWP_INTEROP_STRING_HPP

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../find_format.hpp"
#include "../text.hpp"

namespace lowp {

namespace detail {

inline std::string format_name(format f) {
  const named_format* const row = find_format(f);
  return row != nullptr ? row->type_name : "a number of " + std::to_string(f.width) + " bits";
}

/// A text for a message: in quotes, printable, at most 60 characters.
inline std::string quoted(std::string_view text) {
  std::string s = "\"";
  for (const char c : text.substr(0, 60)) s += c >= ' ' && c <= '~' ? c : '?';
  return s += text.size() > 60 ? "...\"" : "\"";
}

}  // namespace detail

/// The shortest decimal, see `print_decimal`.
template <numeric T>
std::string to_string(T x) {
  char buffer[max_text_size];
  return {buffer, print_decimal(buffer, buffer + max_text_size, x).end};
}

/// The number that a text stands for, see `parse`. Throws std::out_of_range if the format cannot
/// hold the value and std::invalid_argument if the text is no number; the message names text, type,
/// rule and position.
template <numeric T>
T from_string(std::string_view text, const parse_options& options = {}) {
  T x{};
  const char* const first = text.data();
  const parsed r = parse(first, first + text.size(), x, options);
  if (r.ok()) return x;
  const std::string what = "lowp: cannot read " + detail::quoted(text) + " as " +
                           detail::format_name(format_of<T>) + ": " + message(r.error) +
                           ", at character " + std::to_string(r.position - first);
  switch (r.error) {
    case text_error::out_of_range:
    case text_error::no_infinity:
    case text_error::no_nan: throw std::out_of_range(what);
    default: throw std::invalid_argument(what);
  }
}

}  // namespace lowp

#endif  // LOWP_INTEROP_STRING_HPP
