// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stream input and output of number<F>.
#ifndef LOWP_INTEROP_OSTREAM_HPP
#define LOWP_INTEROP_OSTREAM_HPP

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "../text.hpp"

namespace lowp {

namespace detail {

/// Can more characters make a number of this text, or is it one already?
inline bool begins_number(std::string_view text) {
  const char* const last = text.data() + text.size();
  const scanned s = scan(text.data(), last);
  if (s.error == text_error::none) return true;
  if (s.error == text_error::not_a_number && s.position == last) return true;
  text_reader in{text.data(), last};
  in.skip_sign();
  const auto begins = [&](std::string_view word) {
    text_reader rest = in;
    for (const char c : word) {
      if (!rest.skip(c)) break;
    }
    return rest.at_end();
  };
  return begins("infinity") || begins("nan");
}

}  // namespace detail

/// Writes the shortest decimal, or hexadecimal floating point under std::hexfloat. Width, fill,
/// alignment, std::showpos and std::uppercase have their usual effect; precision, std::fixed and
/// std::scientific have none, because the shortest text already says everything.
template <class Char, class Traits, format F>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, number<F> x) {
  using ios = std::ios_base;
  char text[1 + max_text_size];
  char* first = text + 1;
  char* const end = text + sizeof text;
  const bool hex = (out.flags() & ios::floatfield) == ios::floatfield;
  char* const last = (hex ? print_hex_float(first, end, x) : print_decimal(first, end, x)).end;
  if ((out.flags() & ios::showpos) && *first != '-') *--first = '+';
  std::basic_string<Char, Traits> wide;
  for (const char* p = first; p != last; ++p) {
    const bool upper = (out.flags() & ios::uppercase) && *p >= 'a' && *p <= 'z';
    wide += out.widen(upper ? static_cast<char>(*p - 'a' + 'A') : *p);
  }
  const bool internal = (out.flags() & ios::adjustfield) == ios::internal;
  const auto length = static_cast<std::streamsize>(wide.size());
  if (internal && out.width() > length) {
    const bool sign = *first == '-' || *first == '+';
    wide.insert(sign ? 1 : 0, static_cast<std::size_t>(out.width() - length), out.fill());
  }
  return out << wide;
}

/// Reads the longest beginning that can be a number after white space, as std::istream does for
/// double. If it is none, failbit is set and x becomes zero; if it is out of range, failbit is set
/// and x becomes the nearest value that the format has.
template <class Char, class Traits, format F>
std::basic_istream<Char, Traits>& operator>>(std::basic_istream<Char, Traits>& in, number<F>& x) {
  typename std::basic_istream<Char, Traits>::sentry ready(in);
  if (!ready) return in;
  std::ios_base::iostate state = std::ios_base::goodbit;
  std::string text;
  for (auto* const buffer = in.rdbuf();; buffer->snextc()) {
    const auto c = buffer->sgetc();
    if (Traits::eq_int_type(c, Traits::eof())) {
      state |= std::ios_base::eofbit;
      break;
    }
    text += in.narrow(Traits::to_char_type(c), '\0');
    if (!detail::begins_number(text)) {
      text.pop_back();
      break;
    }
  }
  const char* const first = text.data();
  const char* const last = first + text.size();
  parsed r = parse(first, last, F);
  if (!r.ok()) {
    state |= std::ios_base::failbit;
    r = parse(first, last, F, {.how = {.overflow = saturate}, .project_out_of_range = true});
    if (!r.ok()) r.code = zero(F);
  }
  x = number<F>::from_code(r.code);
  in.setstate(state);
  return in;
}

}  // namespace lowp

#endif  // LOWP_INTEROP_OSTREAM_HPP
