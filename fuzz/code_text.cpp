// SPDX-License-Identifier: Apache-2.0
#include "code_text.hpp"

#include <bit>
#include <initializer_list>

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
  // The second size holds the values of any format.
  for (const std::size_t size : {std::size_t{400}, std::size_t{66000}}) {
    std::string text(size, '\0');
    const printed p = print_exact(text.data(), text.data() + size, f, code);
    if (!p.ok) continue;
    text.resize(static_cast<std::size_t>(p.end - text.data()));
    return text;
  }
  return "";
}

std::string ratio_text(const exact& x) {
  if (x.cls == number_class::zero) return x.negative ? "-0" : "0";
  if (x.cls != number_class::finite) {
    return shortest_text(formats::binary64, encode(formats::binary64, x));
  }
  if (x.sticky || x.tail != 0) {
    return "about " + shortest_text(formats::binary64, encode(formats::binary64, x));
  }
  const int zeros = std::countr_zero(x.significand);
  const std::uint64_t odd = x.significand >> zeros;
  const std::int32_t exponent = x.exponent + zeros;
  const char* const sign = x.negative ? "-" : "";
  if (exponent >= 0 && exponent <= std::countl_zero(odd)) {
    return fmt::format("{}{}", sign, odd << exponent);
  }
  constexpr std::int32_t readable = 20;  // bits of a denominator
  if (exponent < 0 && exponent >= -readable) {
    return fmt::format("{}{}/{}", sign, odd, std::uint64_t{1} << -exponent);
  }
  if (odd == 1) return fmt::format("{}2^{}", sign, exponent);
  return fmt::format("{}{} x 2^{}", sign, odd, exponent);
}

std::string ratio_text(const format& f, code_t code) {
  const exact x = decode(f, code);
  if (x.cls != number_class::finite) return shortest_text(f, code);
  if (f.kind != number_kind::logarithmic || !x.sticky) return ratio_text(x);
  const auto field = static_cast<std::int64_t>(code & lowp::detail::low_mask(f.width - 1));
  return fmt::format("{}2^({}/{})", x.negative ? "-" : "", field - f.bias, 1 << f.exponent_bits);
}

const char* class_text(const format& f, code_t code) {
  switch (classify(f, code)) {
    case value_class::signalling_nan: return "signalling NaN";
    case value_class::quiet_nan: return "quiet NaN";
    case value_class::negative_infinity: return "negative infinity";
    case value_class::negative_normal: return "negative normal";
    case value_class::negative_subnormal: return "negative subnormal";
    case value_class::negative_zero: return "negative zero";
    case value_class::positive_zero: return "positive zero";
    case value_class::positive_subnormal: return "positive subnormal";
    case value_class::positive_normal: return "positive normal";
    case value_class::positive_infinity: return "positive infinity";
  }
  return "";
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
