// SPDX-License-Identifier: Apache-2.0
// The Hadamard transform: against matrices built by doubling, in exact integers and in plain float
// arithmetic in the order of the definition; its inverse; signs; rows of a matrix.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/block/hadamard.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "hadamard_model.hpp"

namespace {

using namespace hadamard_model;
using boost::multiprecision::cpp_rational;

TEST_CASE("HAD-1 small integers: the exact sums of all sizes, in both orders") {
  std::mt19937_64 random(31);
  for (const int n : sizes) {
    const auto h = matrix(n);
    for (const hadamard_sum sum : both_sums) {
      const auto t = transform(n, sum, hadamard_scaling::none, random());
      numbers x, want(static_cast<std::size_t>(n));
      std::vector<int> sums(static_cast<std::size_t>(n));
      for (int i = 0; i < n; ++i)
        x.push_back(static_cast<float>(static_cast<int>(random() % 2001) - 1000));
      for (std::size_t j = 0; j < x.size(); ++j) {
        for (std::size_t i = 0; i < x.size(); ++i) {
          const int s = (t.minus.word[i / 32] >> i % 32 & 1) != 0 ? -1 : 1;
          sums[j] += s * h[i][j] * static_cast<int>(x[i]);
        }
        want[j] = static_cast<float>(sums[j]);
      }
      CAPTURE(n);
      CHECK(transformed(t, x) == want);
      if (!is_square(n)) continue;
      // 1/sqrt(n) is a power of two: the scaled results are exact as well.
      for (float& w : want) w /= std::sqrt(static_cast<float>(n));
      auto scaled = t;
      scaled.scaling = hadamard_scaling::after;
      CHECK(transformed(scaled, x) == want);
      scaled.scaling = hadamard_scaling::before;
      CHECK(transformed(scaled, x) == want);
    }
  }
}

TEST_CASE("HAD-1 the matrix is symmetric and orthogonal") {
  for (const int n : {2, 16, 64}) {
    std::vector<numbers> rows;
    for (int i = 0; i < n; ++i) {
      numbers unit(static_cast<std::size_t>(n));
      unit[static_cast<std::size_t>(i)] = 1;
      rows.push_back(transformed(
          {static_cast<std::uint16_t>(n), {}, hadamard_sum::butterfly, hadamard_scaling::none},
          unit));
    }
    bool good = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) {
        float dot = 0;
        for (std::size_t k = 0; k < rows.size(); ++k) dot += rows[i][k] * rows[j][k];
        good &= dot == (i == j ? static_cast<float>(n) : 0) && rows[i][j] == rows[j][i];
      }
    }
    CHECK(good);
  }
}

TEST_CASE("HAD-2 random signs are bits of the source's words") {
  const lowp::random_source source{.seed = 7, .stream = 9};
  for (const int n : {2, 16, 32, 64, 1024}) {
    const lowp::sign_mask m = lowp::random_signs(source, n);
    int minus = 0;
    bool same = true;
    for (int i = 0; i < 1024; ++i) {
      const auto word = lowp::random_word(source, static_cast<std::uint64_t>(i) / 32);
      const bool want = i < n && (word >> i % 32 & 1) != 0;
      same &= m[i] == want;
      minus += want ? 1 : 0;
    }
    CHECK(same);
    if (n == 1024) CHECK(std::abs(minus - 512) < 80);  // five standard deviations
  }
  CHECK(lowp::random_signs({.seed = 1}, 1024) != lowp::random_signs({.seed = 2}, 1024));
  CHECK(lowp::random_signs({.seed = 1}, 64) != lowp::random_signs({.seed = 1, .stream = 1}, 64));
}

TEST_CASE("HAD-3 HAD-4 the order of the operations, bit for bit") {
  const std::uint64_t seed = 32;
  MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  for (const int n : sizes) {
    for (const hadamard_sum sum : both_sums) {
      for (const auto scaling :
           {hadamard_scaling::after, hadamard_scaling::before, hadamard_scaling::none}) {
        const auto t = transform(n, sum, scaling, random());
        const int repeat = sum == hadamard_sum::in_order ? 1 + 2048 / n / n : 1 + 4096 / n;
        for (int k = 0; k < repeat; ++k) {
          const numbers x = some_numbers(n, random), want = defined(t, x);
          CAPTURE(n);
          CHECK(same_bits(transformed(t, x), want));
          const lowp::simd::float_environment environment;
          CHECK(same_bits(transformed<lowp::simd::machine_binary32>(t, x), want));
        }
      }
    }
  }
}

TEST_CASE("HAD-3 sums begin with their first term: zeros keep their sign") {
  for (const hadamard_sum sum : both_sums) {
    const auto y = transformed({16, {}, sum}, numbers(16, -0.0f));
    CHECK(std::signbit(y[0]));
    CHECK(!std::signbit(y[1]));
  }
}

TEST_CASE("HAD-3 errors stay within the bounds of their order") {
  std::mt19937_64 random(33);
  const cpp_rational unit(1, 1 << 24);
  const auto power = [](cpp_rational x, int n) {
    cpp_rational p = 1;
    for (int k = 0; k < n; ++k) p *= x;
    return p;
  };
  for (const int n : {16, 32, 128}) {
    const auto h = matrix(n);
    for (const hadamard_sum sum : both_sums) {
      const auto t = transform(n, sum, hadamard_scaling::after, random());
      numbers x;
      for (int i = 0; i < n; ++i) {
        x.push_back(std::ldexp(static_cast<float>(static_cast<int>(random() % 33554431) - 16777215),
                               static_cast<int>(random() % 16) - 24));
      }
      const cpp_rational factor(
          std::bit_cast<float>(lowp::real_bits(lowp::hadamard_factor<float32>(n))));
      const int additions =
          sum == hadamard_sum::butterfly ? std::countr_zero(static_cast<unsigned>(n)) : n - 1;
      const cpp_rational slack = power(1 + unit, additions + 1) - 1;
      const numbers y = transformed(t, x);
      bool within = true, inexact = false;
      for (std::size_t j = 0; j < y.size(); ++j) {
        cpp_rational exact = 0, magnitudes = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
          const int s = t.minus[static_cast<int>(i)] ? -h[i][j] : h[i][j];
          exact += s * cpp_rational(x[i]);
          magnitudes += abs(cpp_rational(x[i]));
        }
        const cpp_rational error = abs(cpp_rational(y[j]) - exact * factor);
        within &= error <= slack * factor * magnitudes;
        inexact |= error != 0;
      }
      CHECK(within);
      CHECK(inexact);
    }
  }
}

TEST_CASE("HAD-4 the factor is the binary32 number nearest to 1/sqrt(n)") {
  for (const int n : sizes) {
    const float f = std::bit_cast<float>(lowp::real_bits(lowp::hadamard_factor<float32>(n)));
    // The midpoints to both neighbours, squared, enclose 1/n.
    const cpp_rational low = (cpp_rational(f) + cpp_rational(std::nextafter(f, 0.0f))) / 2;
    const cpp_rational high = (cpp_rational(f) + cpp_rational(std::nextafter(f, 1.0f))) / 2;
    CHECK(low * low * n < 1);
    CHECK(high * high * n > 1);
    if (is_square(n)) CHECK(cpp_rational(f) * cpp_rational(f) * n == 1);
  }
}

TEST_CASE("HAD-5 Transformer Engine's transform of 16") {
  const auto& t = lowp::transformer_engine_hadamard;
  CHECK(t.size == 16);
  constexpr std::string_view signs = "+++-+------+-+--";
  REQUIRE(signs.size() == 16);
  const auto h = matrix(16);
  for (std::size_t i = 0; i < 16; ++i) {
    numbers unit(16), want;
    unit[i] = 1;
    for (std::size_t j = 0; j < 16; ++j)
      want.push_back(0.25f * static_cast<float>(signs[i] == '+' ? h[i][j] : -h[i][j]));
    CHECK(transformed(t, unit) == want);
  }
}

TEST_CASE("HAD-6 the inverse gives back what was transformed") {
  std::mt19937_64 random(34);
  for (const int n : sizes) {
    numbers x;
    for (int i = 0; i < n; ++i)
      x.push_back(static_cast<float>(static_cast<int>(random() % 4001) - 2000));
    for (const hadamard_sum sum : both_sums) {
      if (sum == hadamard_sum::in_order && n > 256) continue;
      for (const auto scaling :
           {hadamard_scaling::after, hadamard_scaling::before, hadamard_scaling::none}) {
        const auto t = transform(n, sum, scaling, random());
        const numbers y = transformed(t, x), back = inverse(t, y);
        CAPTURE(n);
        if (scaling == hadamard_scaling::none || is_square(n)) {
          CHECK(y != x);
          CHECK(back == x);
          continue;
        }
        float far = 0;
        for (std::size_t i = 0; i < x.size(); ++i) far = std::max(far, std::abs(back[i] - x[i]));
        CHECK(far < 2000.0f * static_cast<float>(n) / 1e6f);
      }
    }
  }
}

TEST_CASE("HAD-7 rows of a matrix in groups") {
  std::mt19937_64 random(35);
  const auto t = transform(8, hadamard_sum::butterfly, hadamard_scaling::after, 3);
  const std::size_t rows = 3, columns = 24, pitch = 27;
  const numbers x = some_numbers(static_cast<int>(rows * pitch), random);
  numbers want = x;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t g = 0; g < columns; g += 8) {
      const auto at = static_cast<std::ptrdiff_t>(i * pitch + g);
      const numbers y = transformed(t, {x.begin() + at, x.begin() + at + 8});
      std::copy(y.begin(), y.end(), want.begin() + at);
    }
  }
  std::vector<float32> got = reals<float32>(x);
  CHECK(lowp::hadamard_rows(t, got.data(), rows, columns, pitch) == lowp::hadamard_error::none);
  CHECK(same_bits(floats(got), want));
  std::vector<float32> back = got;
  CHECK(lowp::inverse_hadamard_rows(t, back.data(), rows, columns, pitch) ==
        lowp::hadamard_error::none);
  const numbers first = inverse(t, {want.begin(), want.begin() + 8});
  const numbers all = floats(back);
  CHECK(same_bits({all.begin(), all.begin() + 8}, first));
  CHECK(same_bits({all.begin() + 24, all.begin() + 27}, {x.begin() + 24, x.begin() + 27}));
}

TEST_CASE("HAD-7 unusable sizes and shapes are named, and nothing is written") {
  using enum lowp::hadamard_error;
  for (int n = 0; n <= 2048; ++n) {
    const bool usable = n >= 2 && n <= 1024 && std::has_single_bit(static_cast<unsigned>(n));
    CHECK((lowp::check(hadamard_transform{static_cast<std::uint16_t>(n)}) == none) == usable);
  }
  const hadamard_transform t;
  CHECK(lowp::check(t, 48, 48) == none);
  CHECK(lowp::check(t, 0, 0) == none);
  CHECK(lowp::check(t, 40, 48) == columns);
  CHECK(lowp::check(t, 48, 47) == pitch);
  std::vector<float32> x = reals<float32>(numbers(48, 1.0f));
  CHECK(lowp::hadamard_rows(t, x.data(), 1, 40, 48) == columns);
  CHECK(lowp::inverse_hadamard_rows(t, x.data(), 1, 48, 40) == pitch);
  CHECK(lowp::hadamard_rows({3}, x.data(), 1, 48, 48) == size);
  CHECK(floats(x) == numbers(48, 1.0f));
  std::set<std::string> messages;
  for (int e = 0; e <= 3; ++e) messages.insert(lowp::message(static_cast<lowp::hadamard_error>(e)));
  CHECK(messages.size() == 4);
  CHECK(messages.count("unknown") == 0);
}

// All of it works at compile time.
static_assert([] {
  float32 x[4]{float32{1}, float32{2}, float32{3}, float32{4}};
  lowp::hadamard({4}, x);
  return x[0] == float32{5} && x[1] == float32{-1} && x[2] == float32{-2} && x[3] == float32{0};
}());

}  // namespace
