// SPDX-License-Identifier: Apache-2.0
/// \file
/// The value of each code, by the textbook definition of each kind of format.
#ifndef LOWP_TESTS_ORACLE_VALUES_HPP
#define LOWP_TESTS_ORACLE_VALUES_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "formats.hpp"
#include "real.hpp"

namespace oracle {

enum class sort { zero, finite, infinity, nan };

struct value {
  sort cls = sort::zero;
  bool negative = false;
  real magnitude = {};        ///< of finite values
  std::uint64_t payload = 0;  ///< of NaN: the trailing significand, left-aligned
};

inline bool is_nan_code(const description& d, std::uint64_t code) {
  return std::any_of(d.nans.begin(), d.nans.end(),
                     [&](code_range r) { return r.first <= code && code <= r.last; });
}

inline bool is_infinity_code(const description& d, std::uint64_t code) {
  return std::find(d.infinities.begin(), d.infinities.end(), code) != d.infinities.end();
}

inline bool has_zero(const description& d) { return d.low != low_end::no_zero; }

inline bool has_negative_zero(const description& d) {
  if (d.kind == shape::listed) return d.name == "bnb_fp4";
  return d.kind == shape::minifloat && d.sign && has_zero(d) && !is_nan_code(d, d.sign_bit());
}

/// The value that a magnitude code of a minifloat would have if nothing were special and the
/// exponent field had no end.
inline real minifloat_magnitude(const description& d, std::uint64_t magnitude) {
  const int M = d.trailing_bits;
  const std::uint64_t m = magnitude % (std::uint64_t{1} << M);
  const auto e = static_cast<long>(magnitude >> M);
  if (e == 0 && d.low == low_end::subnormals) return {m, 1 - d.bias - M};
  if (e == 0 && d.low == low_end::dojo_subnormals) return {m, -d.bias - M};
  if (magnitude == 0 && d.low == low_end::only_zero) return {};
  return {(std::uint64_t{1} << M) + m, e - d.bias - M};
}

/// Bits of a positive code after the sign, the first first; any number of zeros follows.
class bit_string {
 public:
  bit_string(std::uint64_t code, int width) {
    for (int i = width - 2; i >= 0; --i) bits_.push_back(((code >> i) & 1) != 0);
  }
  bool next() { return at_ < bits_.size() && bits_[at_++]; }
  bool ended() const { return at_ >= bits_.size(); }
  /// The next `count` bits as an integer.
  long number(int count) {
    long n = 0;
    for (int i = 0; i < count; ++i) n = 2 * n + (next() ? 1 : 0);
    return n;
  }
  /// 1.f with all remaining bits as f.
  real one_and_fraction() {
    std::uint64_t n = 1;
    long places = 0;
    for (; !ended(); ++places) n = 2 * n + (next() ? 1 : 0);
    return {n, -places};
  }

 private:
  std::vector<bool> bits_;
  std::size_t at_ = 0;
};

/// Posit of any width with two exponent bits, positive code: a run of equal bits ended by the
/// opposite one (k zeros: regime -k; k ones: k - 1), two exponent bits, fraction.
inline real posit_magnitude(std::uint64_t code, int width) {
  bit_string bits(code, width);
  const bool first = bits.next();
  long run = 1;
  while (!bits.ended()) {
    if (bits.next() != first) break;
    ++run;
  }
  const long regime = first ? run - 1 : -run;
  const long exponent = bits.number(2);
  return bits.one_and_fraction().scaled(4 * regime + exponent);
}

/// Linear takum of any width, positive code: direction D, regime R, r = D ? R : 7 - R bits of
/// characteristic, fraction; c = D ? 2^r - 1 + C : -2^(r+1) + 1 + C.
inline real takum_magnitude(std::uint64_t code, int width) {
  bit_string bits(code, width);
  const bool direction = bits.next();
  const auto R = static_cast<int>(bits.number(3));
  const int r = direction ? R : 7 - R;
  const long C = bits.number(r);
  const long c = direction ? (1L << r) - 1 + C : -(2L << r) + 1 + C;
  return bits.one_and_fraction().scaled(c);
}

/// One row of the HiFloat8 layout: the codes with these leading bits.
struct hifloat8_row {
  int prefix;         ///< value of the prefix bits
  int prefix_bits;    ///< after the sign
  int exponent_bits;  ///< with its sign, the leading magnitude bit not stored
  int lowest;         ///< least exponent magnitude
};

inline real hifloat8_magnitude(std::uint64_t code) {
  const int m = static_cast<int>(code) & 0x7f;
  static constexpr hifloat8_row rows[] = {
      {0b11, 2, 4, 8}, {0b10, 2, 3, 4}, {0b01, 2, 2, 2}, {0b001, 3, 1, 1}, {0b0001, 4, 0, 0}};
  for (const hifloat8_row& r : rows) {
    if (m >> (7 - r.prefix_bits) != r.prefix) continue;
    const int trailing = 7 - r.prefix_bits - r.exponent_bits;
    const int fraction = m & ((1 << trailing) - 1);
    const int field = (m >> trailing) & ((1 << r.exponent_bits) - 1);
    long exponent = 0;
    if (r.exponent_bits > 0) {
      const int below_sign = 1 << (r.exponent_bits - 1);
      exponent = r.lowest + field % below_sign;
      if (field >= below_sign) exponent = -exponent;
    }
    return {static_cast<std::uint64_t>((1 << trailing) + fraction), exponent - trailing};
  }
  return m == 0 ? real{} : real{1, m - 23};
}

inline real binary32_magnitude(std::uint32_t bits) {
  static const description binary32 = ieee("", 8, 23);
  return minifloat_magnitude(binary32, bits & 0x7fffffff);
}

/// What a code of a format stands for.
inline value value_of(const description& d, std::uint64_t code) {
  value v;
  v.negative = (code & d.sign_bit()) != 0;
  const std::uint64_t magnitude = code & ~d.sign_bit();
  if (is_nan_code(d, code)) {
    v.cls = sort::nan;
    v.negative = v.negative && d.nans.size() == 2;  // a single NaN has no sign
    const int M = d.trailing_bits;
    const bool field = d.kind == shape::minifloat && M > 0 && magnitude != 0;
    v.payload = field ? code << (64 - M) : std::uint64_t{1} << 63;
    return v;
  }
  if (is_infinity_code(d, code)) {
    v.cls = sort::infinity;
    return v;
  }
  const std::uint64_t positive = v.negative ? d.sign_bit() - (code - d.sign_bit()) : code;
  switch (d.kind) {
    case shape::minifloat: v.magnitude = minifloat_magnitude(d, magnitude); break;
    case shape::fixed_point: v.magnitude = {positive, -d.trailing_bits}; break;
    case shape::hifloat8: v.magnitude = hifloat8_magnitude(code); break;
    case shape::posit:
      if (code != 0) v.magnitude = posit_magnitude(positive, d.width);
      break;
    case shape::takum:
      if (code != 0) v.magnitude = takum_magnitude(positive, d.width);
      break;
    case shape::logarithm:
      if (magnitude != 0) {
        v.magnitude =
            real::power_of_two(static_cast<long>(magnitude) - d.bias, 1L << d.trailing_bits);
      }
      break;
    case shape::listed: {
      const std::uint32_t pattern = d.listed[code];
      v.negative = pattern >> 31 != 0;
      v.magnitude = binary32_magnitude(pattern);
      break;
    }
  }
  v.cls = v.magnitude.is_zero() ? sort::zero : sort::finite;
  return v;
}

/// The value table of a format of at most 16 bits.
inline std::vector<value> values(const description& d) {
  std::vector<value> all;
  all.reserve(d.code_count());
  for (std::uint64_t code = 0; code < d.code_count(); ++code) all.push_back(value_of(d, code));
  return all;
}

/// A value in words, for messages.
inline std::string text(const value& v) {
  const std::string sign = v.negative ? "-" : "+";
  switch (v.cls) {
    case sort::zero: return sign + "0";
    case sort::infinity: return sign + "inf";
    case sort::nan: return sign + "nan";
    case sort::finite: break;
  }
  return sign + v.magnitude.text();
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_VALUES_HPP
