// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers of the oracle for matrix units: codes taken apart as the project's reference on their
/// arithmetic describes it (mma.md 1.1), exact dyadic values, and roundings back to codes. Nothing
/// here is shared with include/.
#ifndef LOWP_TESTS_ORACLE_MMA_NUMBERS_HPP
#define LOWP_TESTS_ORACLE_MMA_NUMBERS_HPP

#include <cstdint>

#include <boost/multiprecision/cpp_int.hpp>

namespace oracle::mma {

using integer = boost::multiprecision::cpp_int;

/// Which codes are not finite numbers.
enum class specials { ieee, nan_at_top, one_nan, none, power };

/// A format: width of a code, exponent field, fraction bits, bias. `power`: 2^(code - bias), the
/// last code is NaN. `has_sign` false: the sign bit is there but ignored.
struct type {
  int width = 0, exponent_bits = 0, fraction = 0, bias = 0;
  specials codes = specials::ieee;
  bool has_sign = true;
  bool operator==(const type&) const = default;
  long least_exponent() const { return 1 - bias; }
};

inline constexpr type f16{16, 5, 10, 15}, bf16{16, 8, 7, 127}, tf32{19, 8, 10, 127},
    f32{32, 8, 23, 127}, f64{64, 11, 52, 1023}, e5m2{8, 5, 2, 15},
    e4m3{8, 4, 3, 7, specials::nan_at_top}, e4m3_ieee{8, 4, 3, 7},
    bf8{8, 5, 2, 16, specials::one_nan}, fp8{8, 4, 3, 8, specials::one_nan},
    e3m2{6, 3, 2, 3, specials::none}, e2m3{6, 2, 3, 1, specials::none},
    e2m1{4, 2, 1, 1, specials::none}, ue8m0{8, 8, 0, 127, specials::power},
    ue4m3{8, 4, 3, 7, specials::nan_at_top, false};

enum class sort { finite, infinity, nan };

/// (-1)^negative x m x 2^(e - f); zero is a finite number with m = 0.
struct number {
  sort cls = sort::finite;
  bool negative = false;
  std::uint64_t m = 0;
  long e = 0;
  int f = 0;
  std::uint64_t nan_fraction = 0;  ///< of NaN, with `f` bits
  bool is_zero() const { return cls == sort::finite && m == 0; }
};

/// A code taken apart. Subnormal numbers are not normalised.
inline number unpack(const type& t, std::uint64_t code) {
  number x;
  if (t.codes == specials::power) {
    x.m = 1;
    x.e = static_cast<long>(code) - t.bias;
    if (code == 255) x.cls = sort::nan;
    return x;
  }
  const std::uint64_t one = 1, top = one << (t.width - 1);
  x.negative = t.has_sign && (code & top) != 0;
  const std::uint64_t magnitude = code & (top - 1), fraction = code & ((one << t.fraction) - 1);
  const auto field = static_cast<long>(magnitude >> t.fraction);
  x.f = t.fraction;
  if (t.codes == specials::ieee && field == (1L << t.exponent_bits) - 1) {
    x.cls = fraction == 0 ? sort::infinity : sort::nan;
    x.nan_fraction = fraction;
  } else if ((t.codes == specials::nan_at_top && magnitude == top - 1) ||
             (t.codes == specials::one_nan && code == top)) {
    x.cls = sort::nan;
    x.negative = false;
  }
  x.m = field == 0 ? fraction : (one << t.fraction) | fraction;
  x.e = field == 0 ? t.least_exponent() : field - t.bias;
  return x;
}

/// The same value with the leading one in its place.
inline number normalised(number x) {
  while (x.cls == sort::finite && x.m != 0 && (x.m >> x.f) == 0) {
    x.m <<= 1;
    --x.e;
  }
  return x;
}

inline bool is_subnormal(const number& x) {
  return x.cls == sort::finite && x.m != 0 && (x.m >> x.f) == 0;
}

/// n x 2^e.
struct dyadic {
  integer n = 0;
  long e = 0;
};

inline dyadic value(const number& x) {
  integer n = x.m;
  if (x.negative) n = -n;
  return {n, x.e - x.f};
}
inline dyadic operator*(const dyadic& x, const dyadic& y) { return {x.n * y.n, x.e + y.e}; }
inline dyadic operator+(const dyadic& x, const dyadic& y) {
  if (x.n == 0) return y;
  if (y.n == 0) return x;
  const long e = x.e < y.e ? x.e : y.e;
  return {(x.n << static_cast<unsigned>(x.e - e)) + (y.n << static_cast<unsigned>(y.e - e)), e};
}
inline dyadic power(long e) { return {1, e}; }

/// floor(x / 2^unit) of a magnitude or of any value.
inline integer floor_units(const dyadic& x, long unit) {
  if (x.e >= unit) return x.n << static_cast<unsigned>(x.e - unit);
  const auto shift = static_cast<unsigned>(unit - x.e);
  if (x.n >= 0) return x.n >> shift;
  const integer magnitude = -x.n;
  integer q = magnitude >> shift;
  if ((q << shift) != magnitude) ++q;
  return -q;
}
/// The magnitude cut, then the sign.
inline integer cut_units(const dyadic& x, long unit) {
  return x.n < 0 ? -floor_units({-x.n, x.e}, unit) : floor_units(x, unit);
}

enum class direction { nearest, zero, odd };
enum class flush {
  no,
  tiny_after,   ///< results below the least normal one, rounded with any exponent (x86)
  tiny_before,  ///< values below it before rounding (Arm)
  subnormal,    ///< results that are subnormal codes (AMD, Gaudi2)
};
struct rounding_rule {
  direction way = direction::nearest;
  flush tiny = flush::no;
  bool saturates = false;
  bool operator==(const rounding_rule&) const = default;
};

/// |x| / 2^q, rounded to an integer.
inline integer rounded_units(const dyadic& x, long q, direction way) {
  const integer magnitude = x.n < 0 ? integer(-x.n) : x.n;
  integer t = floor_units({magnitude, x.e}, q);
  const dyadic rest = dyadic{magnitude, x.e} + dyadic{-t, q};
  if (rest.n == 0) return t;
  const integer doubled = (rest + dyadic{-1, q - 1}).n;  // above, at or below half a unit
  if (way == direction::nearest && (doubled > 0 || (doubled == 0 && (t & 1) != 0))) ++t;
  if (way == direction::odd && (t & 1) == 0) ++t;
  return t;
}

inline std::uint64_t infinity_code(const type& t, bool negative) {
  const std::uint64_t one = 1;
  return (negative ? one << (t.width - 1) : 0) | (((one << t.exponent_bits) - 1) << t.fraction);
}

/// The code of a value in a format with IEEE specials; zero and what becomes zero has the value's
/// sign, or `zero_negative`.
inline std::uint64_t encode(const type& t, const dyadic& x, const rounding_rule& r,
                            bool zero_negative = false) {
  const std::uint64_t one = 1, sign = one << (t.width - 1);
  if (x.n == 0) return zero_negative ? sign : 0;
  const bool negative = x.n < 0;
  const std::uint64_t zero = negative ? sign : 0;
  const integer magnitude = negative ? integer(-x.n) : x.n;
  const long lead = static_cast<long>(msb(magnitude)) + x.e;
  const long least = t.least_exponent();
  if (r.tiny == flush::tiny_before && lead < least) return zero;
  if (r.tiny == flush::tiny_after) {
    const integer any = rounded_units(x, lead - t.fraction, r.way);
    if (static_cast<long>(msb(any)) + lead - t.fraction < least) return zero;
  }
  const long q = (lead < least ? least : lead) - t.fraction;
  const auto units = static_cast<std::uint64_t>(rounded_units(x, q, r.way));
  // Codes of one sign count on: the unit after the last of a binade is the first of the next.
  const std::uint64_t normal = one << t.fraction;
  if (units < normal) return r.tiny == flush::subnormal ? zero : zero | units;
  const auto binade = static_cast<std::uint64_t>(q + t.fraction - least + 1);
  const std::uint64_t code = (binade << t.fraction) + (units - normal);
  const std::uint64_t infinity = infinity_code(t, false);
  if (code >= infinity) return zero | (r.saturates ? infinity - 1 : infinity);
  return zero | code;
}

}  // namespace oracle::mma

#endif  // LOWP_TESTS_ORACLE_MMA_NUMBERS_HPP
