// SPDX-License-Identifier: Apache-2.0
// The C library's functions of float and double that IEEE 754 defines bit for bit: no function
// whose rounding the library leaves open.
#include <cmath>

#include "../implementation.hpp"
#include "known.hpp"

namespace lowp::tool {

namespace {

// Functions do not say which NaN they return; all quiet the one that they take.
#if defined(__x86_64__)
constexpr nan_result nan = nan_result::first_operand;
constexpr bool invalid_is_negative = true;
#else
constexpr nan_result nan = nan_result::signalling_first;
constexpr bool invalid_is_negative = false;
#endif

// Multiples of divisors below 2^-970, by 2^127 and more.
bool is_zero_of_wrong_sign(const code_t* in, code_t expected, code_t got) {
  const format f = formats::binary64;
  return is_zero(f, expected) && is_zero(f, got) && (in[1] & ~(code_t{1} << 63)) < code_t{53} << 52;
}
constexpr known_difference zero_of_wrong_sign{
    "zero of the wrong sign for divisors below 2^-970",
    "measured: glibc 2.36, dbl-64/e_remainder.c; IEEE 754-2019 5.3.1 asks for the dividend's sign",
    is_zero_of_wrong_sign};

template <class T>
void add_type(catalogue& c, const char* suffix) {
  constexpr format f = lowp::format_of<T>;
  const auto push = [&](const char* function, const arithmetic_model& m, batch_function run) {
    c.rows.push_back({"libm", std::string(function) + suffix, m, run, {which_nan<f>}});
  };
  const auto add = [&](const char* function, operation op, batch_function run) {
    push(function, arithmetic_in(f, op, "C23 annex F", policies::ieee754, nan, invalid_is_negative),
         run);
  };
  add("sqrt", operation::sqrt, each<[](T x) { return std::sqrt(x); }>);
  add("fma", operation::fma, each<[](T x, T y, T z) { return std::fma(x, y, z); }>);
  add("remainder", operation::remainder, each<[](T x, T y) { return std::remainder(x, y); }>);
  if constexpr (sizeof(T) == 8) c.rows.back().known.push_back(zero_of_wrong_sign);
  add("fmod", operation::fmod, each<[](T x, T y) { return std::fmod(x, y); }>);
  add("rint", operation::rint_even, each<[](T x) { return std::rint(x); }>);
  add("nearbyint", operation::rint_even, each<[](T x) { return std::nearbyint(x); }>);
  add("round", operation::rint_away, each<[](T x) { return std::round(x); }>);
  add("trunc", operation::rint_zero, each<[](T x) { return std::trunc(x); }>);
  add("ceil", operation::rint_positive, each<[](T x) { return std::ceil(x); }>);
  add("floor", operation::rint_negative, each<[](T x) { return std::floor(x); }>);
  add("logb", operation::logb, each<[](T x) { return std::logb(x); }>);
  arithmetic_model sign = arithmetic_in(f, operation::abs, "C23 annex F", policies::ieee754);
  sign.last.nan = nan_rule::payload_raw;
  push("fabs", sign, each<[](T x) { return std::fabs(x); }>);
  sign.op = operation::copysign;
  push("copysign", sign, each<[](T x, T y) { return std::copysign(x, y); }>);
  arithmetic_model scale = arithmetic_in(f, operation::scalb, "C23 annex F", policies::ieee754, nan,
                                         invalid_is_negative);
  scale.from[1] = formats::int32;
  push("scalbn", scale, each<[](T x, std::int32_t n) { return std::scalbn(x, n); }>);
  push("ldexp", scale, each<[](T x, std::int32_t n) { return std::ldexp(x, n); }>);
}

// IEEE 754-2019's minimum and its kin, and roundeven: in C23, in glibc since 2.35 and 2.25.
#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
#define LOWP_HAVE_FMINIMUM
#endif
#endif

#if defined(LOWP_HAVE_FMINIMUM)

#define LOWP_BOTH(name)                                         \
  float call_##name(float x, float y) { return name##f(x, y); } \
  double call_##name(double x, double y) { return name(x, y); }
LOWP_BOTH(fminimum)
LOWP_BOTH(fmaximum)
LOWP_BOTH(fminimum_num)
LOWP_BOTH(fmaximum_num)
LOWP_BOTH(fminimum_mag)
LOWP_BOTH(fmaximum_mag)
LOWP_BOTH(fminimum_mag_num)
LOWP_BOTH(fmaximum_mag_num)
#undef LOWP_BOTH
float call_roundeven(float x) { return roundevenf(x); }
double call_roundeven(double x) { return roundeven(x); }

template <class T>
void add_minima(catalogue& c, const char* suffix) {
  constexpr format f = lowp::format_of<T>;
  const auto add = [&](const char* function, operation op, batch_function run) {
    const arithmetic_model m =
        arithmetic_in(f, op, "C23 F.10.9.4", policies::ieee754, nan, invalid_is_negative);
    c.rows.push_back({"libm", std::string(function) + suffix, m, run, {which_nan<f>}});
  };
  add("fminimum", operation::minimum, each<[](T x, T y) { return call_fminimum(x, y); }>);
  add("fmaximum", operation::maximum, each<[](T x, T y) { return call_fmaximum(x, y); }>);
  add("fminimum_num", operation::minimum_number,
      each<[](T x, T y) { return call_fminimum_num(x, y); }>);
  add("fmaximum_num", operation::maximum_number,
      each<[](T x, T y) { return call_fmaximum_num(x, y); }>);
  add("fminimum_mag", operation::minimum_magnitude,
      each<[](T x, T y) { return call_fminimum_mag(x, y); }>);
  add("fmaximum_mag", operation::maximum_magnitude,
      each<[](T x, T y) { return call_fmaximum_mag(x, y); }>);
  add("fminimum_mag_num", operation::minimum_magnitude_number,
      each<[](T x, T y) { return call_fminimum_mag_num(x, y); }>);
  add("fmaximum_mag_num", operation::maximum_magnitude_number,
      each<[](T x, T y) { return call_fmaximum_mag_num(x, y); }>);
  add("roundeven", operation::rint_even, each<[](T x) { return call_roundeven(x); }>);
}

#endif

}  // namespace

void add_libm(catalogue& c) {
  add_type<float>(c, "f");
  add_type<double>(c, "");
#if defined(LOWP_HAVE_FMINIMUM)
  add_minima<float>(c, "f");
  add_minima<double>(c, "");
#else
  c.absent.push_back({"libm fminimum, roundeven", "this C library does not have them"});
#endif
}

}  // namespace lowp::tool
