// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the formatters of std::format and {fmt} share.
#ifndef LOWP_INTEROP_NUMBER_FORMATTER_HPP
#define LOWP_INTEROP_NUMBER_FORMATTER_HPP

#include "../text.hpp"

namespace lowp {

/// A formatter for numbers with the specification [[fill]align][sign][0][width][type]:
///   align < > ^ (right by default), sign + - or space, width in plain digits,
///   type: none shortest decimal, a or A hexadecimal floating point, x code, b bits.
/// Fill is one ASCII character. `Error` is the exception for a bad specification.
template <class Error>
class number_formatter {
 public:
  template <class Context>
  constexpr auto parse(Context& context) {
    auto at = context.begin();
    const auto end = context.end();
    const auto peek = [&](int ahead) { return end - at > ahead ? at[ahead] : '}'; };
    if (is_align(peek(1)) && peek(0) != '{' && peek(0) != '}') {
      fill_ = *at++;
      align_ = *at++;
    } else if (is_align(peek(0))) {
      align_ = *at++;
    }
    if (peek(0) == '+' || peek(0) == '-' || peek(0) == ' ') sign_ = *at++;
    if (peek(0) == '0') {
      zeros_ = align_ == '\0';
      ++at;
    }
    for (; peek(0) >= '0' && peek(0) <= '9'; ++at) {
      width_ = 10 * width_ + (*at - '0');
      if (width_ > 9999) throw Error("lowp: the width of a number must be below 10000");
    }
    const char c = peek(0);
    if (c == 'a' || c == 'A' || c == 'x' || c == 'b') type_ = *at++;
    if (at != end && *at != '}') {
      throw Error("lowp: a number's format is [[fill]align][sign][0][width][a|A|x|b]");
    }
    return at;
  }

  template <class Number, class Context>
  auto format(Number x, Context& context) const {
    char text[1 + max_text_size];
    char* first = text + 1;
    char* const end = text + sizeof text;
    const char* const last = (type_ == 'x'    ? print_code(first, end, x)
                              : type_ == 'b'  ? print_bits(first, end, x)
                              : type_ == '\0' ? print_decimal(first, end, x)
                                              : print_hex_float(first, end, x))
                                 .end;
    const bool number = type_ != 'x' && type_ != 'b';
    if (number && sign_ != '-' && *first != '-') *--first = sign_;
    const bool has_sign =
        number && (*first < '0' || *first > '9') && *first != 'i' && *first != 'n';
    const int pad = width_ > last - first ? width_ - static_cast<int>(last - first) : 0;
    const bool zeros = zeros_ && number && is_finite(x);
    const int left = zeros || align_ == '<' ? 0 : align_ == '^' ? pad / 2 : pad;
    auto out = context.out();
    const auto repeat = [&](char c, int n) {
      for (; n > 0; --n) *out++ = c;
    };
    repeat(fill_, left);
    if (has_sign) *out++ = *first++;
    if (zeros) repeat('0', pad);
    for (const char* p = first; p != last; ++p) {
      *out++ = type_ == 'A' && *p >= 'a' && *p <= 'z' ? static_cast<char>(*p - 'a' + 'A') : *p;
    }
    if (!zeros) repeat(fill_, pad - left);
    return out;
  }

 private:
  static constexpr bool is_align(char c) { return c == '<' || c == '>' || c == '^'; }

  char fill_ = ' ';
  char align_ = '\0';
  char sign_ = '-';
  bool zeros_ = false;
  int width_ = 0;
  char type_ = '\0';
};

}  // namespace lowp

#endif  // LOWP_INTEROP_NUMBER_FORMATTER_HPP
