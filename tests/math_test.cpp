// SPDX-License-Identifier: Apache-2.0
// The <cmath>-like functions: each is its operation in the format of its operands, and near what
// the machine's <cmath> says.
#include <climits>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include <lowp/math.hpp>
#include <lowp/operations.hpp>
#include <lowp/types.hpp>

#include "oracle/report.hpp"

using namespace lowp;

namespace {

// At compile time, found without naming a namespace; the other form names the result type.
static_assert(sqrt(float16{4}) == 2 && abs(float16{-4}) == 4 && cbrt(float16{27}) == 3);
static_assert(lowp::sqrt<float32>(float16{2}) == 0x1.6a09e6p0f);
static_assert(exp2(float8_e4m3fn{-3}) == 0.125 && log2(bfloat16{8}) == 3);
static_assert(tanh(float16{0}) == 0 && pow(float16{3}, float16{4}) == 81);
static_assert(fmax(float16{3}, float16::quiet_nan()) == 3 && fdim(float16{2}, float16{5}) == 0);
static_assert(floor(float16{-1.5}) == -2 && ceil(float16{-1.5}) == -1 &&
              trunc(float16{-1.5}) == -1);
static_assert(round(float16{2.5}) == 3 && rint(float16{2.5}) == 2 && roundeven(float16{3.5}) == 4);

// Operands of several formats: that which holds the others.
static_assert(std::same_as<decltype(hypot(bfloat16{}, float8_e4m3fn{})), bfloat16>);
static_assert(std::same_as<decltype(fma(float8_e4m3fn{}, float8_e5m2{}, bfloat16{})), bfloat16>);
static_assert(std::same_as<decltype(fma(bfloat16{}, float8_e5m2{}, float4_e2m1fn{})), bfloat16>);
static_assert(fma(float8_e4m3fn{3}, float8_e5m2{4}, bfloat16{1}) == 13);
static_assert(std::same_as<decltype(pow(posit8{}, posit16{})), posit16>);
static_assert(fdim(bfloat16{3}, float8_e4m3fn{1}) == 2);
static_assert(copysign(float8_e4m3fn{3}, bfloat16{-1}) == -3);
static_assert(std::same_as<decltype(copysign(float8_e4m3fn{}, bfloat16{})), float8_e4m3fn>);
// With a result type they are other functions, even where that type is an operand's.
static_assert(std::same_as<decltype(lowp::pow<float32>(float32{}, float32{})), float32>);
static_assert(std::same_as<decltype(lowp::fma<float16>(float32{}, bfloat16{}, 2)), float16>);

// Whoever calls them as those of <cmath> gets these, and those without a number.
namespace unqualified {
using namespace std;
using namespace lowp;
static_assert(same_as<decltype(pow(float64{}, float64{})), float64>);
static_assert(same_as<decltype(fma(float64{}, float64{}, float16{})), float64>);
static_assert(same_as<decltype(nextafter(float64{}, float64{})), float64>);
static_assert(same_as<decltype(pow(2.0, 3)), double>);
static_assert(same_as<decltype(fmax(2.0f, 3.0f)), float>);
static_assert(same_as<decltype(copysign(2.0f, 3.0f)), float>);
}  // namespace unqualified

// What only <cmath> has yields double, and no number silently.
static_assert(std::same_as<decltype(tgamma(float16{})), double>);
static_assert(!std::convertible_to<decltype(tgamma(float16{})), float16>);
constexpr bool splits() {
  float16 whole{};
  const float16 rest = modf(float16{-2.75}, &whole);
  int exponent = 0;
  const float16 part = frexp(float16{12}, &exponent);
  return rest == -0.75 && whole == -2 && part == 0.75 && exponent == 4;
}
static_assert(splits());

/// T and every function of one number: `lowp`'s, its operation, and the machine's, if it has it.
template <class T, class Function>
void check_unary(const char* name, operation op, Function function, double (*machine)(double)) {
  constexpr format f = T::format_value;
  oracle::tally same;
  oracle::tally near;
  // Sparse above 8 bits: that every result is right is for the tests of the operations.
  constexpr code_t step = f.width > 8 ? 17 : 1;
  for (code_t code = 0; code < code_t{1} << f.width; code += step) {
    const T x = T::from_code(code);
    const T y = function(x);
    const coded operand{f, code};
    const code_t expected = compute(op, f, default_projection(f), 0, &operand);
    const auto words = [&] { return oracle::hex(code) + " gives " + oracle::hex(y.code()); };
    same.expect(y.code() == expected, words);
    if (machine == nullptr || is_nan(x)) continue;
    const double r = machine(static_cast<double>(x));
    if (std::isnan(r) || is_nan(y)) continue;
    if (std::isinf(r) && clamps_to_nonzero(f)) continue;  // beyond double, not beyond posits
    const T z{r};
    near.expect(y == z || next_up(y) == z || next_down(y) == z, words);
  }
  const std::string title = std::string(name) + " of " + info(op).name;
  oracle::report(title, same);
  if (machine != nullptr) oracle::report(title + ", near <cmath>", near);
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double softplus_of(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }
double silu_of(double x) { return x * sigmoid_of(x); }
double gelu_of(double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }

template <class T>
void check_all_unary(const char* name) {
  using op = operation;
  const auto check = [name](operation o, auto function, double (*machine)(double)) {
    check_unary<T>(name, o, function, machine);
  };
  check(
      op::sqrt, [](T x) { return sqrt(x); }, std::sqrt);
  check(
      op::rsqrt, [](T x) { return rsqrt(x); }, nullptr);
  check(
      op::cbrt, [](T x) { return cbrt(x); }, std::cbrt);
  check(
      op::rint_negative, [](T x) { return floor(x); }, std::floor);
  check(
      op::rint_positive, [](T x) { return ceil(x); }, std::ceil);
  check(
      op::rint_zero, [](T x) { return trunc(x); }, std::trunc);
  check(
      op::rint_away, [](T x) { return round(x); }, std::round);
  check(
      op::rint_even, [](T x) { return roundeven(x); }, std::nearbyint);
  check(
      op::rint_even, [](T x) { return rint(x); }, std::rint);
  check(
      op::rint_even, [](T x) { return nearbyint(x); }, std::nearbyint);
  check(
      op::logb, [](T x) { return logb(x); }, std::logb);
  check(
      op::exp, [](T x) { return exp(x); }, std::exp);
  check(
      op::exp2, [](T x) { return exp2(x); }, std::exp2);
  check(
      op::exp10, [](T x) { return exp10(x); }, nullptr);
  check(
      op::expm1, [](T x) { return expm1(x); }, std::expm1);
  check(
      op::log, [](T x) { return log(x); }, std::log);
  check(
      op::log2, [](T x) { return log2(x); }, std::log2);
  check(
      op::log10, [](T x) { return log10(x); }, std::log10);
  check(
      op::log1p, [](T x) { return log1p(x); }, std::log1p);
  check(
      op::sin, [](T x) { return sin(x); }, std::sin);
  check(
      op::cos, [](T x) { return cos(x); }, std::cos);
  check(
      op::tan, [](T x) { return tan(x); }, std::tan);
  check(
      op::sinpi, [](T x) { return sinpi(x); }, nullptr);
  check(
      op::cospi, [](T x) { return cospi(x); }, nullptr);
  check(
      op::tanpi, [](T x) { return tanpi(x); }, nullptr);
  check(
      op::asin, [](T x) { return asin(x); }, std::asin);
  check(
      op::acos, [](T x) { return acos(x); }, std::acos);
  check(
      op::atan, [](T x) { return atan(x); }, std::atan);
  check(
      op::asinpi, [](T x) { return asinpi(x); }, nullptr);
  check(
      op::acospi, [](T x) { return acospi(x); }, nullptr);
  check(
      op::atanpi, [](T x) { return atanpi(x); }, nullptr);
  check(
      op::sinh, [](T x) { return sinh(x); }, std::sinh);
  check(
      op::cosh, [](T x) { return cosh(x); }, std::cosh);
  check(
      op::tanh, [](T x) { return tanh(x); }, std::tanh);
  check(
      op::asinh, [](T x) { return asinh(x); }, std::asinh);
  check(
      op::acosh, [](T x) { return acosh(x); }, std::acosh);
  check(
      op::atanh, [](T x) { return atanh(x); }, std::atanh);
  check(
      op::erf, [](T x) { return erf(x); }, std::erf);
  check(
      op::erfc, [](T x) { return erfc(x); }, std::erfc);
  check(
      op::sigmoid, [](T x) { return sigmoid(x); }, sigmoid_of);
  check(
      op::softplus, [](T x) { return softplus(x); }, softplus_of);
  check(
      op::gelu, [](T x) { return gelu(x); }, gelu_of);
  check(
      op::silu, [](T x) { return silu(x); }, silu_of);
}

template <class T>
void check_all_binary(const char* name) {
  constexpr format f = T::format_value;
  oracle::tally t;
  const auto check = [&t, f](operation op, T x, T y, T result) {
    const coded operands[] = {{f, x.code()}, {f, y.code()}};
    const code_t expected = compute(op, f, default_projection(f), 0, operands);
    t.expect(result.code() == expected, [&] {
      return std::string(info(op).name) + " of " + oracle::hex(x.code()) + ", " +
             oracle::hex(y.code());
    });
  };
  for (code_t i = 0; i < code_t{1} << f.width; i += 5) {
    for (code_t j = 0; j < code_t{1} << f.width; j += 3) {
      const T x = T::from_code(i);
      const T y = T::from_code(j);
      check(operation::hypot, x, y, hypot(x, y));
      check(operation::remainder, x, y, remainder(x, y));
      check(operation::fmod, x, y, fmod(x, y));
      check(operation::minimum_number, x, y, fmin(x, y));
      check(operation::maximum_number, x, y, fmax(x, y));
      check(operation::atan2, x, y, atan2(x, y));
      check(operation::atan2pi, x, y, atan2pi(x, y));
      check(operation::pow, x, y, pow(x, y));
    }
  }
  oracle::report(name, t);
}

}  // namespace

TEST_CASE("ARI-12 functions of one number are their operations") {
  check_all_unary<float16>("float16");
  check_all_unary<float8_e4m3fn>("e4m3fn");
  check_all_unary<p3109_binary8p3ue>("binary8p3ue");
  check_all_unary<posit8>("posit8");
}

TEST_CASE("ARI-12 functions of two numbers are their operations") {
  check_all_binary<float8_e5m2>("e5m2");
  check_all_binary<float8_e4m3fnuz>("e4m3fnuz");
}

TEST_CASE("ARI-10 abs and copysign change the sign alone, of NaN too") {
  oracle::tally t;
  for (code_t i = 0; i < 0x10000; i += 3) {
    const float16 x = float16::from_code(i);
    const float8_e4m3fn y = float8_e4m3fn::from_code(i);
    const auto words = [&] { return oracle::hex(i); };
    t.expect(abs(x).code() == (i & 0x7fff) && fabs(x).code() == (i & 0x7fff), words);
    t.expect(abs(y).code() == (i & 0x7f), words);
    t.expect(copysign(x, float16{-0.0}).code() == (i | 0x8000), words);
    t.expect(copysign(x, float8_e5m2::quiet_nan()).code() == (i & 0x7fff), words);
    t.expect(signbit(x) == ((i & 0x8000) != 0), words);
  }
  oracle::report("signs", t);
  CHECK(abs(posit16{-3}) == 3);
  CHECK(abs(lowp::int8{-128}) == 127);
  CHECK_FALSE(signbit(float8_e4m3fnuz::quiet_nan()));
}

TEST_CASE("scaling, exponents, integers, neighbours, classes") {
  CHECK(scalbn(float16{3}, 2) == 12);
  CHECK(ldexp(float16{1}, -25) == 0);  // a tie with 2^-24
  CHECK(scalbln(float16{3}, -25L) == 0x1p-23);
  CHECK(scalbn(float16{1}, INT_MAX) == float16::infinity());
  CHECK(scalbn(float16{1}, INT_MIN) == 0);
  CHECK(ilogb(float16{5}) == 2);
  CHECK(ilogb(float16::min_positive()) == -24);
  CHECK(ilogb(float16{0}) == INT_MIN);
  CHECK(ilogb(float16::quiet_nan()) == INT_MIN);
  CHECK(ilogb(-float16::infinity()) == INT_MAX);
  for (code_t i = 0; i < 0x10000; i += 7) {
    const float16 x = float16::from_code(i);
    if (!isfinite(x)) continue;
    int exponent = 0;
    int expected = 0;
    const double part = std::frexp(double{x}, &expected);
    CHECK(frexp(x, &exponent) == part);
    CHECK(exponent == expected);
    double double_whole = 0;
    float16 whole{};
    const float16 rest = modf(x, &whole);
    CHECK(rest == std::modf(double{x}, &double_whole));
    CHECK(signbit(rest) == signbit(x));
    CHECK(whole == double_whole);
    CHECK(lround(x) == std::lround(double{x}));
    CHECK(llrint(x) == std::llrint(double{x}));
    CHECK(isnormal(x) == (std::abs(double{x}) >= 0x1p-14));
  }
  float16 whole{};
  CHECK(modf(float16::infinity(), &whole) == 0);
  CHECK(whole == float16::infinity());
  CHECK(llround(bfloat16{1e30}) == LLONG_MAX);
  CHECK(lrint(-bfloat16::infinity()) == LONG_MIN);
  CHECK(lround(bfloat16::quiet_nan()) == 0);
  CHECK(nextafter(float16{1}, float16{2}) == 1 + 0x1p-10);
  CHECK(nextafter(float16{1}, float16{-2}) == 1 - 0x1p-11);
  CHECK(nextafter(float16{0}, float16{-1}) == -0x1p-24);
  CHECK(signbit(nextafter(float16{0}, float16{-0.0})));
  CHECK(isnan(nextafter(float16{0}, float16::quiet_nan())));
  CHECK(isinf(float16::infinity()));
  CHECK_FALSE(isinf(float16::quiet_nan()));
  CHECK(isfinite(float8_e4m3fn{448}));
  CHECK_FALSE(isfinite(float8_e4m3fn{1000}));
  CHECK(isnan(fdim(float16::quiet_nan(), float16{1})));
  CHECK(fdim(float16{5}, float16{2}) == 3);
  CHECK(log(float16{0}) == -float16::infinity());
  CHECK(isnan(log(float8_e4m3fn{0})));
}
