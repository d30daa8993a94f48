// SPDX-License-Identifier: Apache-2.0
/// \file
/// Between decimal digits and exact values, by integers alone.
#ifndef LOWP_DETAIL_DECIMAL_HPP
#define LOWP_DETAIL_DECIMAL_HPP

#include <cstdint>

#include "../compare.hpp"
#include "../properties.hpp"
#include "big_integer.hpp"

namespace lowp::detail {

/// Floor of the base-2 logarithm of the least and greatest positive magnitude of a format.
struct binary_range {
  std::int32_t least = 0;
  std::int32_t greatest = 0;
};

LOWP_FN binary_range range_of(format f) noexcept {
  return with_kind(f, [&](auto kind) -> binary_range {
    using kind_type = decltype(kind);
    const bool negative = f.is_signed;  // the longer side of integers, present even in int1
    const exact low = normalized(kind_type::value(f, negative, has_zero(f) ? 1 : 0));
    const exact high = normalized(kind_type::value(f, negative, kind_type::top(f, negative)));
    return {binade(low), binade(high)};
  });
}

/// Collects decimal digits, most significant first, into an exact value.
class decimal_reader {
 public:
  LOWP_FN void push(int digit) noexcept {
    chunk_ = 10 * chunk_ + static_cast<std::uint32_t>(digit);
    scale_ *= 10;
    if (scale_ == 1000000000) flush();
  }

  /// The digits pushed so far, followed by something between 0 and 1 in the last place if `tail`,
  /// times 10^exponent. At least one digit was not zero.
  LOWP_FN exact finish(bool negative, bool tail, std::int64_t exponent) noexcept {
    flush();
    exact x;
    if (exponent >= 0) {
      digits_.multiply_by_power_of_5(exponent);
      x = digits_.leading_bits(negative);
    } else {
      big_integer denominator{1};
      denominator.multiply_by_power_of_5(-exponent);
      x = digits_.divide(denominator, negative);
    }
    x.exponent += static_cast<std::int32_t>(exponent);
    x.sticky = x.sticky || tail;
    return x;
  }

 private:
  LOWP_FN void flush() noexcept {
    digits_.multiply_add(scale_, chunk_);
    chunk_ = 0;
    scale_ = 1;
  }

  big_integer digits_{0};
  std::uint32_t chunk_ = 0;
  std::uint32_t scale_ = 1;
};

/// Digits that decide every rounding of `f`: all values where a decision changes, and all points of
/// the 64-bit grid that `exact` carries down to 2^-34 of the least value, have no more, before and
/// behind the point together. Further digits matter only by being zero or not.
LOWP_FN std::int64_t deciding_digits(const binary_range& r) noexcept {
  const std::int64_t below_point = 100 + (r.least < 0 ? -r.least : 0);
  const std::int64_t above_point = r.greatest > 0 ? r.greatest + 4 : 0;
  return 24 + (below_point * 7 + 9) / 10 + (above_point * 31 + 99) / 100;
}

/// Is 10^exponent or more above everything that `f` distinguishes?
LOWP_FN bool is_huge(const binary_range& r, std::int64_t exponent) noexcept {
  const std::int64_t least_log2 = exponent * (exponent < 0 ? 33220 : 33219);  // x 10000
  return least_log2 > (std::int64_t{r.greatest} + 3) * 10000;
}

/// Is everything below 10^(exponent+1) alike to `f`: non-zero and nearer to 0 than it can tell?
LOWP_FN bool is_minute(const binary_range& r, std::int64_t exponent) noexcept {
  const std::int64_t greatest_log2 = (exponent + 1) * (exponent + 1 < 0 ? 33219 : 33220);
  return greatest_log2 < (std::int64_t{r.least} - 40) * 10000;
}

/// The leading digits of a value d.ddd... x 10^exponent.
struct decimal {
  static constexpr int most = 36;
  int digit[most]{};
  int count = 0;
  std::int32_t exponent = 0;
  bool rest = false;  ///< something other than zero follows

  /// Appends a digit unless it is a leading zero.
  LOWP_FN void append(int d) noexcept {
    if ((d != 0 || count != 0) && count < most) digit[count++] = d;
  }
};

/// An integer whose digits are those of the finite x, and how many of them stand behind the point.
LOWP_FN std::int32_t fraction_digits(exact& x) noexcept {
  const int zeros = __builtin_ctzll(x.significand);
  x.significand >>= zeros;
  x.exponent += zeros;
  return x.exponent < 0 ? -x.exponent : 0;
}

LOWP_FN void scale_to_integer(big_integer& n, const exact& x) noexcept {
  if (x.exponent < 0) {
    n.multiply_by_power_of_5(-x.exponent);
  } else {
    n.shift_left(x.exponent);
  }
}

/// At least 28 leading digits of the finite x, all of them if there are fewer.
LOWP_FN decimal leading_digits(exact x) noexcept {
  const std::int32_t fraction = fraction_digits(x);
  big_integer n{x.significand};
  scale_to_integer(n, x);
  // Nine digits at a time from the end; the four latest chunks are the leading ones.
  constexpr int kept = 4;
  std::uint32_t chunk[kept]{};
  std::int32_t chunks = 0;
  decimal d;
  d.rest = x.sticky || x.tail != 0;
  while (!n.is_zero()) {
    d.rest = d.rest || chunk[kept - 1] != 0;
    for (int i = kept - 1; i > 0; --i) chunk[i] = chunk[i - 1];
    chunk[0] = n.divide(1000000000);
    ++chunks;
  }
  int leading = 0;  // digits of the first chunk
  for (std::uint32_t c = chunk[0]; c != 0; c /= 10) ++leading;
  for (int i = 0; i < kept && i < chunks; ++i) {
    for (std::uint32_t scale = 100000000; scale != 0; scale /= 10) {
      d.append(static_cast<int>(chunk[i] / scale % 10));
    }
  }
  d.exponent = 9 * (chunks - 1) + leading - 1 - fraction;
  while (d.digit[d.count - 1] == 0) --d.count;
  return d;
}

/// `d` with at most n digits, rounded down or up in magnitude.
LOWP_FN decimal cut(const decimal& d, int n, bool up) noexcept {
  decimal c = d;
  c.rest = false;
  if (n >= d.count && !(d.rest && up)) return c;
  for (int i = d.count; i < n; ++i) c.digit[i] = 0;
  c.count = n;
  if (!up) return c;
  int i = n - 1;
  while (i >= 0 && c.digit[i] == 9) c.digit[i--] = 0;
  if (i >= 0) {
    ++c.digit[i];
  } else {
    c.digit[0] = 1;
    ++c.exponent;
  }
  return c;
}

/// Is `d` nearer to its cut above than to the one below at n digits? A tie goes to the even digit.
LOWP_FN bool is_nearer_above(const decimal& d, int n) noexcept {
  if (n >= d.count) return false;
  if (d.digit[n] != 5) return d.digit[n] > 5;
  const bool above_half = d.rest || d.count > n + 1;
  return above_half || (d.digit[n - 1] & 1) != 0;
}

LOWP_FN exact value_of(const decimal& d, bool negative) noexcept {
  decimal_reader r;
  for (int i = 0; i < d.count; ++i) r.push(d.digit[i]);
  return r.finish(negative, false, d.exponent - (d.count - 1));
}

/// Does `f` have no code for a text of value x, which was encoded as e? That is overflow, a sign
/// that the format lacks, and in a format without zero everything below half its least value.
LOWP_FN bool is_out_of_range(format f, const exact& x, const encoded& e) noexcept {
  if (e.flags.has(status::overflow | status::invalid)) return true;
  if (has_zero(f)) return false;
  exact half = decode(f, min_positive(f));
  --half.exponent;
  return x.cls == number_class::zero || compare_magnitudes(x, half) == ordering::less;
}

/// Would the text `d` be read back as `code`?
LOWP_FN bool reads_back(format f, code_t code, const decimal& d, bool negative) noexcept {
  const exact x = value_of(d, negative);
  const encoded e = encode_with_status(f, x);
  return e.code == code && !is_out_of_range(f, x, e);
}

/// The n-digit decimal that reads back as `code` and is nearest to its value `d`; false if none is.
/// Only the neighbours of the value can be: what reads back as one code is an interval around it.
LOWP_FN bool round_trip(format f, code_t code, const decimal& d, bool negative, int n,
                        decimal& out) noexcept {
  const bool up = is_nearer_above(d, n);
  for (const bool side : {up, !up}) {
    out = cut(d, n, side);
    if (reads_back(f, code, out, negative)) return true;
  }
  return false;
}

/// The shortest decimal that reads back as the finite non-zero `code`, nearest to its value.
LOWP_FN decimal shortest(format f, code_t code, const decimal& d, bool negative) noexcept {
  // 64 bits never need more than 21 digits; P bits need no more than 2 + P log10(2).
  int high = f.kind == number_kind::minifloat ? 2 + f.precision * 302 / 1000 : 21;
  int low = 1;
  decimal best;
  decimal c;
  round_trip(f, code, d, negative, high, best);
  while (low < high) {  // a longer decimal can always do what a shorter one does
    const int middle = (low + high) / 2;
    if (round_trip(f, code, d, negative, middle, c)) {
      high = middle;
      best = c;
    } else {
      low = middle + 1;
    }
  }
  while (best.digit[best.count - 1] == 0) --best.count;
  return best;
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_DECIMAL_HPP
