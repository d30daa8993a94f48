// SPDX-License-Identifier: Apache-2.0
#include "code_text.hpp"

#include <fmt/format.h>

namespace lowp::tool {

namespace {

// The text that one of the functions of print.hpp writes.
template <class Print>
std::string printed_text(const Print& print, const format& f, code_t code) {
  char buffer[max_text_size];
  const printed p = print(buffer, buffer + max_text_size, f, code);
  return {buffer, p.end};
}

}  // namespace

std::string bits_text(const format& f, code_t code) {
  return printed_text([](auto... a) { return print_code(a...); }, f, code);
}

std::string field_text(const format& f, code_t code) {
  return printed_text([](auto... a) { return print_bits(a...); }, f, code);
}

std::string shortest_text(const format& f, code_t code) {
  return printed_text([](auto... a) { return print_decimal(a...); }, f, code);
}

std::string value_text(const format& f, code_t code) {
  const exact x = decode(f, code);
  if (x.cls != number_class::finite) {
    return shortest_text(f, code) + (is_signalling(x) ? " (signalling)" : "");
  }
  constexpr std::size_t readable = 20;
  if (std::string all = exact_text(f, code); all.size() <= readable) return all;
  return (x.sticky ? "about " : "") +
         shortest_text(formats::binary64, convert(f, code, formats::binary64));
}

std::string hex_value_text(const format& f, code_t code) {
  if (decode(f, code).cls != number_class::finite || f.kind == number_kind::fixed_point) return "";
  return printed_text([](auto... a) { return print_hex_float(a...); }, f, code);
}

std::string exact_text(const format& f, code_t code) {
  std::string text(66000, '\0');
  const printed p = print_exact(text.data(), text.data() + text.size(), f, code);
  text.resize(static_cast<std::size_t>(p.end - text.data()));
  return text;
}

std::string count_text(std::uint64_t n) {
  const std::string digits = std::to_string(n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

}  // namespace lowp::tool
