// SPDX-License-Identifier: Apache-2.0
// std::complex of 16-bit numbers: unspecified by the C++ standard, and right with libstdc++.
#include <algorithm>
#include <cmath>
#include <complex>
#include <concepts>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <lowp/interop/complex.hpp>
#include <lowp/interop/ostream.hpp>
#include <lowp/types.hpp>

#include "oracle/report.hpp"

using namespace lowp;

namespace {

using wide = std::complex<double>;

template <class T>
wide widened(std::complex<T> z) {
  return {static_cast<double>(z.real()), static_cast<double>(z.imag())};
}

/// Within `ulps` units of the last place of 1, relative to the greatest of |expected| and `scale`.
template <class T>
bool near(std::complex<T> z, wide expected, double ulps, double scale = 0) {
  const double unit = std::ldexp(1.0, 1 - T::format_value.precision);
  return std::abs(widened(z) - expected) <= ulps * unit * std::max(std::abs(expected), scale);
}
template <class T>
bool near(T x, double expected, double ulps) {
  return near(std::complex<T>{x}, wide{expected}, ulps);
}

template <class T>
void check_complex(const char* name) {
  using complex = std::complex<T>;
  static_assert(sizeof(complex) == 4 && std::same_as<decltype(abs(complex{})), T>);
  constexpr unsigned seed = 5;
  MESSAGE("seed " << seed);
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(-2, 2);
  const auto any = [&] { return complex{T{uniform(generator)}, T{uniform(generator)}}; };
  oracle::tally t;
  for (int i = 0; i < 2000; ++i) {
    const complex a = any();
    const complex b = any();
    const wide u = widened(a);
    const wide v = widened(b);
    const auto expect = [&](bool good, const char* what) {
      t.expect(good, [&] { return std::string(what) + " of case " + std::to_string(i); });
    };
    const double product = std::abs(u) * std::abs(v);
    expect(near(a + b, u + v, 1, 1), "+");
    expect(near(a - b, u - v, 1, 1), "-");
    expect(near(a * b, u * v, 2, product), "*");
    if (std::abs(v) > 0.1) expect(near(a / b, u / v, 6), "/");
    complex c = a;
    c *= b;
    c += a;
    c -= b;
    c /= T{2};
    expect(near(c, (u * v + u - v) / 2.0, 4, 2), "compound assignment");
    expect(-a == complex{-a.real(), -a.imag()} && +a == a, "unary -");
    expect(conj(a) == complex{a.real(), -a.imag()}, "conj");
    expect(a * T{2} == a + a && T{2} * a == a + a && a / T{1} == a, "scalars");
    expect(near(norm(a), std::norm(u), 2), "norm");
    expect(near(abs(a), std::abs(u), 4), "abs");
    if (std::abs(u) > 0.1) expect(near(arg(a), std::arg(u), 2), "arg");
    expect(near(exp(a), std::exp(u), 4), "exp");
    expect(near(sqrt(a), std::sqrt(u), 6), "sqrt");
    if (std::abs(std::abs(u) - 1) > 0.3) expect(near(log(a), std::log(u), 6, 1), "log");
    expect(near(sin(a), std::sin(u), 6, 1), "sin");
    expect(near(std::polar(T{2}, a.real()), std::polar(2.0, u.real()), 2), "polar");
  }
  oracle::report(name, t);
  CHECK(complex{T{1}, T{2}} == complex{T{1}, T{2}});
  CHECK(complex{T{1}, T{0}} == T{1});
  CHECK(complex{T{3}, T{4}} * complex{T{3}, T{-4}} == complex{T{25}});
  CHECK(complex{T{3}, T{4}} / complex{T{0}, T{1}} == complex{T{4}, T{-3}});
  CHECK(abs(complex{T{3}, T{4}}) == 5);
  CHECK(sqrt(complex{T{-4}, T{0}}) == complex{T{0}, T{2}});
  CHECK(sqrt(complex{T{-4}, T{-0.0}}) == complex{T{0}, T{-2}});
  CHECK(sqrt(complex{T{3}, T{-4}}) == complex{T{2}, T{-1}});
  CHECK(sqrt(complex{T::max_finite(), T::max_finite()}).real() < T::max_finite());
  CHECK(sqrt(complex{T{1}, -T::infinity()}) == complex{T::infinity(), -T::infinity()});
  CHECK(sqrt(complex{-T::infinity(), T{1}}) == complex{T{0}, T::infinity()});
  CHECK(signbit(sqrt(complex{T{0}, T{-0.0}}).imag()));
}

}  // namespace

// The ends of binary64's range: squares and sums of parts leave it, the root does not.
TEST_CASE("std::complex<float64>: sqrt") {
  for (const double size : {1.0, 0x1p-1074, 0x1p-1040, 0x1p-511, 0x1p511, 0x1p1020}) {
    for (const wide z : {wide{3, 4}, wide{-3, 4}, wide{-12, -5}, wide{1, 0}, wide{15, -8}}) {
      const wide scaled = z * size;
      const wide expected = std::sqrt(z) * std::sqrt(size);
      CHECK(near(sqrt(std::complex<float64>{float64{scaled.real()}, float64{scaled.imag()}}),
                 expected, 4));
    }
  }
  const float64 end = float64::max_finite();
  CHECK(near(sqrt(std::complex<float64>{end, end}),
             std::sqrt(wide{1, 1}) * std::sqrt(static_cast<double>(end)), 4));
}

TEST_CASE("std::complex<float16>") { check_complex<float16>("complex<float16>"); }

TEST_CASE("std::complex<bfloat16>") { check_complex<bfloat16>("complex<bfloat16>"); }
