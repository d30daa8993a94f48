// SPDX-License-Identifier: Apache-2.0
// + - * / of number<F>: which types mix and to what, and the codes of the results.
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <lowp/lowp.hpp>

#include "oracle/report.hpp"

using namespace lowp;

namespace {

// At compile time, found without naming a namespace.
constexpr float8_e4m3fn a{1.5f};
constexpr float8_e4m3fn b{0.25f};
static_assert(a + b == 1.75 && a - b == 1.25 && a * b == 0.375 && a / b == 6);
static_assert(-a == -1.5 && +a == 1.5 && noexcept(a + b) && noexcept(-a));
constexpr auto half_of_sum(auto x, auto y) {
  x += y;
  x -= decltype(x){1};
  x *= decltype(x){4};
  return x /= decltype(x){8};
}
static_assert(half_of_sum(a, a) == 1 && half_of_sum(posit16{3}, posit16{4}) == 3);

// The wider of two formats; native types stay native, unless the number holds them.
template <class X, class Y>
using sum = decltype(std::declval<X>() + std::declval<Y>());
static_assert(std::same_as<sum<float16, float16>, float16>);
static_assert(std::same_as<sum<bfloat16, float8_e4m3fn>, bfloat16>);
static_assert(std::same_as<sum<float8_e4m3fn, bfloat16>, bfloat16>);
static_assert(std::same_as<sum<float4_e2m1fn, float8_e5m2>, float8_e5m2>);
static_assert(std::same_as<sum<float8_e4m3fn, float>, float>);
static_assert(std::same_as<sum<double, float8_e4m3fn>, double>);
static_assert(std::same_as<sum<float32, float>, float32> &&
              std::same_as<sum<float, float32>, float32>);
static_assert(std::same_as<sum<float, float64>, float64> &&
              std::same_as<sum<float32, double>, double>);
static_assert(std::same_as<sum<std::int8_t, bfloat16>, bfloat16>);
static_assert(std::same_as<sum<float64, int>, float64>);
static_assert(std::same_as<sum<lowp::int8, int>, int>);
static_assert(std::same_as<sum<posit8, posit16>, posit16>);

template <class X, class Y>
concept adds = requires(X x, Y y) {
  x + y;
  x - y;
  x* y;
  x / y;
};
template <class X, class Y>
concept adds_none = !requires(X x, Y y) {
  x + y;
}
&&!requires(X x, Y y) { x - y; }
&&!requires(X x, Y y) { x* y; }
&&!requires(X x, Y y) { x / y; };
template <class X, class Y>
concept assigns = requires(X x, Y y) {
  x += y;
  x -= y;
  x *= y;
  x /= y;
};
template <class X, class Y>
concept assigns_none = !requires(X x, Y y) {
  x += y;
}
&&!requires(X x, Y y) { x -= y; }
&&!requires(X x, Y y) { x *= y; }
&&!requires(X x, Y y) { x /= y; };

static_assert(adds<float16, float8_e5m2> && adds<float16, float> && adds<lowp::uint8, int>);
static_assert(adds_none<float16, bfloat16> && adds_none<bfloat16, float16>);
static_assert(adds_none<float8_e4m3fn, float8_e5m2>);
static_assert(adds_none<float8_e8m0fnu, float16>);  // 2^-127
static_assert(adds_none<float16, int> && adds_none<long, float32> && adds_none<posit16, int>);
static_assert(adds_none<float16, bool> && adds_none<bool, float16>);
static_assert(adds_none<float16, long double>);
static_assert(adds_none<posit32, float> && adds_none<float, posit32>);

static_assert(assigns<float16, float16> && assigns<float16, float8_e4m3fn>);
static_assert(assigns<float, float16> && assigns<double, float> && assigns<float32, float>);
static_assert(assigns_none<float8_e4m3fn, float16> && assigns_none<float8_e4m3fn, float>);
static_assert(assigns_none<float16, int> && assigns_none<int, float16>);
static_assert(assigns_none<float, float64> && assigns_none<float16, bool>);
static_assert(!std::convertible_to<float8_e4m3fn, bool> && !std::constructible_from<bool, float16>);

/// Numbers of all given codes against a function of their codes.
template <class T, class Expected>
void check_all_pairs(const char* name, Expected expected) {
  constexpr format f = T::format_value;
  constexpr code_t count = code_t{1} << f.width;
  oracle::tally t;
  for (code_t i = 0; i < count; ++i) {
    for (code_t j = 0; j < count; ++j) {
      const T x = T::from_code(i);
      const T y = T::from_code(j);
      T sums[] = {x + y, x - y, x * y, x / y};
      T assigned[] = {x, x, x, x};
      assigned[0] += y;
      assigned[1] -= y;
      assigned[2] *= y;
      assigned[3] /= y;
      for (int k = 0; k < 4; ++k) {
        const code_t want = expected(k, x, y);
        const bool good = sums[k].code() == want && assigned[k].code() == want;
        t.expect(good, [&] {
          return std::string(1, "+-*/"[k]) + " of " + oracle::hex(i) + ", " + oracle::hex(j) +
                 ": " + oracle::hex(sums[k].code()) + " is not " + oracle::hex(want);
        });
      }
    }
  }
  oracle::report(name, t);
}

// Operations as `compute` has them, with the projection spelled out here.
template <class T>
void check_against_compute(const char* name) {
  constexpr format f = T::format_value;
  projection p;
  if (!has_negative_zero(f)) p.rules = operation_rules::p3109_4_0;
  if (!f.is_signed && has_nan(f)) p.negative = negative_rule::p3109;
  check_all_pairs<T>(name, [&](int k, T x, T y) {
    const coded u{f, x.code()};
    const coded v{f, y.code()};
    switch (k) {
      case 0: return compute<operation::add>(f, p, 0, u, v);
      case 1: return compute<operation::subtract>(f, p, 0, u, v);
      case 2: return compute<operation::multiply>(f, p, 0, u, v);
      default: return compute<operation::divide>(f, p, 0, u, v);
    }
  });
}

// The four operations of the machine.
double machine(int k, double x, double y) {
  switch (k) {
    case 0: return x + y;
    case 1: return x - y;
    case 2: return x * y;
    default: return x / y;
  }
}

// A double holds sums and products of these formats, and two roundings of a quotient are like one.
// NaN results aside: x86 makes negative NaNs.
template <class T>
void check_against_double(const char* name) {
  check_all_pairs<T>(name, [](int k, T x, T y) {
    double r = machine(k, static_cast<double>(x), static_cast<double>(y));
    if (std::isnan(r)) {
      const double first = is_nan(x) ? static_cast<double>(x) : static_cast<double>(y);
      const bool operand = is_nan(x) || is_nan(y);
      // Subtraction adds -y, but its NaN is y itself.
      r = operand ? first : std::numeric_limits<double>::quiet_NaN();
    }
    return code_t{T{r}.code()};
  });
}

template <class T>
T any(std::mt19937_64& generator) {
  return T::from_code(generator());
}

}  // namespace

TEST_CASE("ARI-12 operators are the operations under the default projection, all pairs") {
  check_against_compute<float8_e4m3fn>("e4m3fn");
  check_against_compute<float8_e4m3fnuz>("e4m3fnuz");
  check_against_compute<float8_e8m0fnu>("e8m0fnu");
  check_against_compute<float8_ue4m3>("ue4m3");
  check_against_compute<p3109_binary8p3se>("binary8p3se");
  check_against_compute<p3109_binary8p3ue>("binary8p3ue");
  check_against_compute<hifloat8>("hifloat8");
  check_against_compute<posit8>("posit8");
  check_against_compute<lns8>("lns8");
  check_against_compute<nf4>("nf4");
  check_against_compute<mxint8>("mxint8");
  check_against_compute<lowp::uint8>("uint8");
  check_against_compute<float4_e2m1fn>("e2m1");
}

TEST_CASE("ARI-12 operators of IEEE style formats agree with the machine's doubles, all pairs") {
  check_against_double<float8_e4m3fn>("e4m3fn");
  check_against_double<float8_e4m3>("e4m3");
  check_against_double<float8_e5m2>("e5m2");
  check_against_double<float8_e3m4>("e3m4");
  check_against_double<float6_e3m2fn>("e3m2");
  check_against_double<float4_e2m1fn>("e2m1");
}

TEST_CASE("ARI-12 operators of 16 and 32 bits agree with the machine") {
  constexpr std::uint64_t seed = 12;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  oracle::tally t;
  for (int i = 0; i < 200000; ++i) {
    const auto x = any<float16>(generator);
    const auto y = any<float16>(generator);
    const auto u = any<float32>(generator);
    const auto v = any<float32>(generator);
    const float16 halves[] = {x + y, x - y, x * y, x / y};
    const float32 singles[] = {u + v, u - v, u * v, u / v};
    for (int k = 0; k < 4; ++k) {
      const float16 half{machine(k, double{x}, double{y})};
      const bool same = half.code() == halves[k].code() || (is_nan(half) && is_nan(halves[k]));
      t.expect(same, [&] {
        return "float16 " + oracle::hex(x.code()) + "+-*/"[k] + oracle::hex(y.code());
      });
      // Rounding a quotient, product or sum of floats in double and again is rounding once.
      const float single = static_cast<float>(machine(k, double{u}, double{v}));
      const bool equal = singles[k] == single || (std::isnan(single) && is_nan(singles[k]));
      t.expect(equal, [&] {
        return "float32 " + oracle::hex(u.code()) + "+-*/"[k] + oracle::hex(v.code());
      });
    }
  }
  oracle::report("float16 and float32, random pairs", t);
}

TEST_CASE("ARI-12 operands of two formats: one rounding into the wider") {
  constexpr std::uint64_t seed = 13;
  MESSAGE("seed " << seed);
  std::mt19937_64 generator(seed);
  oracle::tally t;
  for (int i = 0; i < 100000; ++i) {
    const auto x = any<bfloat16>(generator);
    const auto y = any<float8_e5m2>(generator);
    const auto z = any<float16>(generator);
    t.expect((x * y).code() == (x * bfloat16{y}).code(), [] { return std::string("*"); });
    t.expect((y - x).code() == (bfloat16{y} - x).code(), [] { return std::string("-"); });
    bfloat16 w = x;
    w /= y;
    t.expect(w.code() == (x / bfloat16{y}).code(), [] { return std::string("/="); });
    // A native float: as float arithmetic, whatever the machine's mode.
    const float f = static_cast<float>(z);
    const float product = z * 3.0f;
    t.expect(product == f * 3.0f || std::isnan(f), [] { return std::string("float *"); });
    float accumulated = 0.5f;
    accumulated += z;
    t.expect(accumulated == 0.5f + f || std::isnan(f), [] { return std::string("float +="); });
  }
  oracle::report("mixed operands", t);
  CHECK(lowp::int8{100} + lowp::int8{100} == 127);
  CHECK(lowp::int8{100} + 100 == 200);
  CHECK(lowp::int8{7} / lowp::int8{2} == 4);  // to nearest, ties to even
}

TEST_CASE("ARI-12 what cannot be told, or has no sign, is NaN") {
  CHECK(float16{1} / float16{0} == float16::infinity());
  CHECK(float16{-1} / float16{0} == -float16::infinity());
  CHECK(is_nan(float8_e4m3fn{1} / float8_e4m3fn{0}));  // no infinity
  CHECK(float4_e2m1fn{1} / float4_e2m1fn{0} == 6);     // no NaN either
  CHECK(is_nan(posit16{1} / posit16{0}));
  CHECK(is_nan(hifloat8{1} / hifloat8{0}));
  CHECK(is_nan(float8_e5m2fnuz{1} / float8_e5m2fnuz{0}));
  CHECK(lowp::int8{1} / lowp::int8{0} == 0);
  CHECK(is_nan(float8_ue4m3{1} - float8_ue4m3{2}));
  CHECK(is_nan(-float8_e8m0fnu{1}));
  CHECK(cfloat16_uhp{1} - cfloat16_uhp{2} == 0);
  CHECK(lowp::uint8{1} - lowp::uint8{2} == 0);
  CHECK(-lowp::int8{-128} == 127);
}

TEST_CASE("ARI-10 the sign changes alone, of NaN too") {
  oracle::tally t;
  const auto flips = [&t](auto x, code_t sign) {
    using T = decltype(x);
    t.expect((-x).code() == (x.code() ^ sign), [&] { return oracle::hex(x.code()); });
    t.expect((+x).code() == x.code() && (-T{-x}).code() == x.code(),
             [&] { return oracle::hex(x.code()); });
  };
  for (code_t i = 0; i < 0x10000; ++i) {
    flips(float16::from_code(i), 0x8000);
    flips(bfloat16::from_code(i), 0x8000);
  }
  for (code_t i = 0; i < 0x100; ++i) {
    flips(float8_e4m3fn::from_code(i), 0x80);
    flips(float8_e5m2::from_code(i), 0x80);
    // One NaN, one zero: they have no sign to change.
    flips(float8_e4m3fnuz::from_code(i), (i & 0x7f) == 0 ? 0 : 0x80);
    flips(p3109_binary8p3se::from_code(i), (i & 0x7f) == 0 ? 0 : 0x80);
    const posit8 p = posit8::from_code(i);
    t.expect((-p).code() == ((0x100 - i) & 0xff), [&] { return "posit8 " + oracle::hex(i); });
  }
  for (const code_t i : {0x7f800001u, 0xff812345u, 0x7fc00000u, 0x80000000u, 0x3f800000u}) {
    flips(float32::from_code(i), 0x80000000);
  }
  oracle::report("signs", t);
}

TEST_CASE("ARI-12 a sum in a narrow format stalls: nothing widens by itself") {
  float8_e4m3fn narrow{0};
  float wide = 0;
  for (int i = 0; i < 64; ++i) {
    narrow += float8_e4m3fn{0.25f};
    wide += float8_e4m3fn{0.25f};
  }
  CHECK(narrow == 4);  // 4 + 0.25 is a tie between 4 and 4.5
  CHECK(wide == 16);
}
