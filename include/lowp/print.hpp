// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes as text in a buffer of the caller: decimal, hexadecimal floating point, bits.
/// spec/conversion.md CVT-9.
#ifndef LOWP_PRINT_HPP
#define LOWP_PRINT_HPP

#include <cstdint>

#include "detail/decimal.hpp"

namespace lowp {

/// A buffer of this many characters holds every text of this header but that of `print_exact`.
inline constexpr int max_text_size = 72;

/// Where the text ends. If the buffer is too small `ok` is false, `end` is its end, and what it
/// holds is unspecified. No terminating NUL is written.
struct printed {
  char* end = nullptr;
  bool ok = false;

  friend LOWP_FN bool operator==(const printed&, const printed&) noexcept = default;
};

namespace detail {

/// Appends to a buffer and remembers when that was not possible.
class text_writer {
 public:
  LOWP_FN text_writer(char* first, char* last) noexcept : at_{first}, last_{last} {}

  LOWP_FN void put(char c) noexcept {
    if (at_ != last_) {
      *at_++ = c;
    } else {
      ok_ = false;
    }
  }
  LOWP_FN void put(const char* text) noexcept {
    for (; *text != 0; ++text) put(*text);
  }
  LOWP_FN void put_digit(int d) noexcept { put("0123456789abcdef"[d]); }
  LOWP_FN void repeat(char c, std::int32_t n) noexcept {
    for (; n > 0; --n) put(c);
  }
  /// A number with its sign and at least `width` digits.
  LOWP_FN void put_exponent(std::int32_t n, int width) noexcept {
    put(n < 0 ? '-' : '+');
    n = n < 0 ? -n : n;
    std::int32_t scale = 1;
    for (int i = 1; i < width || n / scale > 9; ++i) scale *= 10;
    for (; scale != 0; scale /= 10) put_digit(n / scale % 10);
  }

  LOWP_FN printed result() const noexcept { return {at_, ok_}; }

 private:
  char* at_;
  char* last_;
  bool ok_ = true;
};

/// The sign, and the whole text of what is not finite and non-zero; true if that was all.
LOWP_FN bool put_special(text_writer& out, const exact& x, const char* zero) noexcept {
  if (x.negative) out.put('-');
  switch (x.cls) {
    case number_class::nan: out.put("nan"); return true;
    case number_class::infinity: out.put("inf"); return true;
    case number_class::zero: out.put(zero); return true;
    case number_class::finite: break;
  }
  return false;
}

LOWP_FN void put_digits(text_writer& out, const decimal& d, int first, int last) noexcept {
  for (int i = first; i < last; ++i) out.put_digit(i < d.count ? d.digit[i] : 0);
}

LOWP_FN void put_plain(text_writer& out, const decimal& d) noexcept {
  const int whole = d.exponent + 1;
  if (whole <= 0) {
    out.put("0.");
    out.repeat('0', -whole);
    return put_digits(out, d, 0, d.count);
  }
  put_digits(out, d, 0, whole);
  if (d.count <= whole) return;
  out.put('.');
  put_digits(out, d, whole, d.count);
}

LOWP_FN void put_scientific(text_writer& out, const decimal& d) noexcept {
  put_digits(out, d, 0, 1);
  if (d.count > 1) out.put('.');
  put_digits(out, d, 1, d.count);
  out.put('e');
  out.put_exponent(d.exponent, 2);
}

LOWP_FN std::int32_t plain_length(const decimal& d) noexcept {
  if (d.exponent < 0) return 1 - d.exponent + d.count;
  const std::int32_t whole = d.exponent + 1;
  return d.count > whole ? d.count + 1 : whole;
}

LOWP_FN std::int32_t scientific_length(const decimal& d) noexcept {
  const std::int32_t size = d.exponent < 0 ? -d.exponent : d.exponent;
  const int exponent = size > 9999 ? 5 : size > 999 ? 4 : size > 99 ? 3 : 2;
  return d.count + (d.count > 1 ? 1 : 0) + 2 + exponent;
}

}  // namespace detail

/// The decimal with the fewest significant digits that `parse` reads as the same code, and the
/// nearest to the value among those: for every format what std::to_chars writes for float and
/// double. spec/conversion.md CVT-9.
///
/// Plain ("448", "0.002") unless scientific ("1e-05", with two exponent digits at least) is
/// shorter; a plain integer shows the nearest integer to the value instead of filling up with
/// zeros. Integer formats are always plain. Also "inf", "nan", and "-" before any of them when the
/// code has that sign: "-0", "-nan". All NaN codes of one sign look alike; `print_code` tells them
/// apart.
///
/// Exact arithmetic throughout: microseconds for 16 bits, milliseconds beyond 2^+-20000.
LOWP_FN printed print_decimal(char* first, char* last, format f, code_t code) noexcept {
  detail::text_writer out{first, last};
  const exact x = decode(f, code);
  if (detail::put_special(out, x, "0")) return out.result();
  code &= detail::low_mask(f.width);
  const detail::decimal all = detail::leading_digits(x);
  detail::decimal d = detail::shortest(f, code, all, x.negative);
  const bool integer = f.kind == number_kind::fixed_point && f.bias == 0;
  if (!integer && detail::plain_length(d) > detail::scientific_length(d)) {
    detail::put_scientific(out, d);
    return out.result();
  }
  if (d.exponent + 1 > d.count) {
    detail::round_trip(f, code, all, x.negative, d.exponent + 1, d);
  }
  detail::put_plain(out, d);
  return out.result();
}

/// The value of a code in full: "0.001953125", all digits and no exponent. Values whose digits do
/// not end (logarithmic formats) show 18 significant digits and "...", which `parse` does not read.
/// binary64 needs up to 1077 characters, a format at the limits of `check` 65600.
LOWP_FN printed print_exact(char* first, char* last, format f, code_t code) noexcept {
  detail::text_writer out{first, last};
  exact x = decode(f, code);
  if (detail::put_special(out, x, "0")) return out.result();
  if (x.sticky) {
    const detail::decimal d = detail::cut(detail::leading_digits(x), 18, false);
    if (d.exponent < 18 && d.exponent > -18) {
      detail::put_plain(out, d);
      out.put("...");
    } else {
      detail::put_digits(out, d, 0, 1);
      out.put('.');
      detail::put_digits(out, d, 1, d.count);
      out.put("...e");
      out.put_exponent(d.exponent, 2);
    }
    return out.result();
  }
  // The last digit comes first: fill the buffer from its end, then move the text to the front.
  std::int32_t fraction = detail::fraction_digits(x);
  detail::big_integer n{x.significand};
  detail::scale_to_integer(n, x);
  char* const start = out.result().end;
  char* at = last;
  bool fits = out.result().ok;
  const auto put = [&](char c) {
    fits = fits && at != start;
    if (fits) *--at = c;
  };
  std::int32_t digits = 0;
  while (fits && (!n.is_zero() || digits <= fraction)) {
    std::uint32_t chunk = n.divide(1000000000);
    for (int i = 0; i < 9 && (chunk != 0 || !n.is_zero() || digits <= fraction); ++i) {
      if (digits == fraction && fraction != 0) put('.');
      put(static_cast<char>('0' + chunk % 10));
      chunk /= 10;
      ++digits;
    }
  }
  if (!fits) return {last, false};
  for (; at != last; ++at) out.put(*at);
  return out.result();
}

/// The value in hexadecimal with binary exponent, "0x1.8p+3": exact, leading digit 1 also for
/// subnormals, no trailing zeros; "0x0p+0" for zero. Values of logarithmic formats are cut after 64
/// bits, which still read back as the same code.
LOWP_FN printed print_hex_float(char* first, char* last, format f, code_t code) noexcept {
  detail::text_writer out{first, last};
  const exact x = normalized(decode(f, code));
  if (detail::put_special(out, x, "0x0p+0")) return out.result();
  out.put("0x1");
  std::uint64_t fraction = x.significand << 1;
  if (fraction != 0) out.put('.');
  for (; fraction != 0; fraction <<= 4) out.put_digit(static_cast<int>(fraction >> 60));
  out.put('p');
  out.put_exponent(binade(x), 1);
  return out.result();
}

/// The code in hexadecimal, "0x7e", with ceil(width / 4) digits.
LOWP_FN printed print_code(char* first, char* last, format f, code_t code) noexcept {
  detail::text_writer out{first, last};
  out.put("0x");
  for (int i = (f.width + 3) / 4 - 1; i >= 0; --i) {
    out.put_digit(static_cast<int>((code & detail::low_mask(f.width)) >> (4 * i) & 15));
  }
  return out.result();
}

/// The code in binary, "0b0'1111'110": minifloats show sign, exponent field and trailing
/// significand apart (as far as they have them), other kinds one group.
LOWP_FN printed print_bits(char* first, char* last, format f, code_t code) noexcept {
  detail::text_writer out{first, last};
  out.put("0b");
  const bool grouped = f.kind == number_kind::minifloat;
  for (int i = f.width - 1; i >= 0; --i) {
    out.put_digit(static_cast<int>(code >> i & 1));
    const bool ends_group = i == magnitude_bits(f) || i == trailing_bits(f);
    if (grouped && ends_group && i != 0) out.put('\'');
  }
  return out.result();
}

}  // namespace lowp

#endif  // LOWP_PRINT_HPP
