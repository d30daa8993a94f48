// SPDX-License-Identifier: Apache-2.0
// Statistics of tensors against sums of exact rationals.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <doctest/doctest.h>

#include <lowp/training/tensor_statistics.hpp>

namespace {

using wide = boost::multiprecision::cpp_bin_float_100;
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct pair {
  float x, v, greatest;
};

// Numbers of all exponents, values a few per cent off, some flushed, some clamped, some special.
std::vector<pair> make_pairs(std::uint32_t seed, std::size_t n) {
  std::mt19937 random(seed);
  std::vector<pair> all;
  for (std::size_t i = 0; i < n; ++i) {
    const float x = std::ldexp(static_cast<float>(static_cast<std::int32_t>(random())) * 0x1p-31f,
                               static_cast<int>(random() % 40) - 20);
    const float greatest = std::ldexp(1.75f, static_cast<int>(random() % 40) - 15);
    float v = x * (1 + 0.1f * static_cast<float>(random() % 17) / 16);
    if (random() % 8 == 0) v = 0;
    if (std::fabs(x) > greatest) v = std::copysign(greatest, x);
    switch (random() % 64) {
      case 0: all.push_back({0, 0, greatest}); continue;
      case 1: all.push_back({nan, v, greatest}); continue;
      case 2: all.push_back({-infinity, v, greatest}); continue;
      case 3: all.push_back({x, nan, greatest}); continue;
      case 4: all.push_back({x, infinity, greatest}); continue;
      case 5: all.push_back({-0.0f, -0.0f, infinity}); continue;
      default: all.push_back({x, v, greatest});
    }
  }
  return all;
}

double relative_difference(double got, const wide& want) {
  if (want == 0) return std::fabs(got);
  return static_cast<double>(abs((wide(got) - want) / want));
}

TEST_CASE("tensor_statistics: counts and sums by definition (MON-1)") {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    const std::vector<pair> pairs = make_pairs(seed, 20000);
    lowp::tensor_statistics s;
    std::uint64_t zeros = 0, odd = 0, lost = 0, saturated = 0, underflowed = 0;
    wide squares = 0, value_squares = 0, products = 0, errors = 0, relative = 0, greatest = 0;
    float amax = 0, fill = 0;
    for (const pair& p : pairs) {
      s.add(p.x, p.v, p.greatest);
      if (!std::isfinite(p.x)) {
        ++odd;
        continue;
      }
      amax = std::max(amax, std::fabs(p.x));
      fill = std::max(fill, std::fabs(p.x) / p.greatest);
      saturated += std::fabs(p.x) > p.greatest;
      if (!std::isfinite(p.v)) {
        ++lost;
        continue;
      }
      const wide x = p.x, v = p.v, e = v - x;
      squares += x * x, value_squares += v * v, products += x * v, errors += e * e;
      zeros += p.x == 0;
      underflowed += p.x != 0 && p.v == 0;
      if (p.x == 0) continue;
      relative += abs(e / x);
      if (abs(e / x) > greatest) greatest = abs(e / x);
    }
    CHECK(s.numbers == pairs.size());
    CHECK(s.zeros == zeros);
    CHECK(s.not_finite == odd);
    CHECK(s.lost == lost);
    CHECK(s.saturated == saturated);
    CHECK(s.underflowed == underflowed);
    CHECK(s.amax == amax);
    CHECK(s.fill == fill);
    CHECK(std::min({zeros, odd, lost, saturated, underflowed}) > 100);
    CHECK(relative_difference(s.squares, squares) < 1e-12);
    CHECK(relative_difference(s.value_squares, value_squares) < 1e-12);
    CHECK(relative_difference(s.products, products) < 1e-12);
    CHECK(relative_difference(s.squared_errors, errors) < 1e-12);
    CHECK(relative_difference(s.relative_errors, relative) < 1e-12);
    CHECK(relative_difference(s.greatest_relative, greatest) < 1e-12);
    const std::uint64_t counted = pairs.size() - odd - lost;
    CHECK(s.counted() == counted);
    CHECK(relative_difference(s.sqnr(), 10 * log10(squares / errors)) < 1e-10);
    CHECK(relative_difference(s.mean_relative_error(), relative / (counted - zeros)) < 1e-12);
    CHECK(relative_difference(s.cosine(), products / sqrt(squares * value_squares)) < 1e-12);
    CHECK(relative_difference(s.signal_to_error(), sqrt(squares / errors)) < 1e-12);
    CHECK(relative_difference(s.crest(), log2(wide(amax) / sqrt(squares / counted))) < 1e-10);
    const std::uint64_t shared = pairs.size() - odd - zeros;
    CHECK(relative_difference(s.saturated_share(), wide(saturated) / shared) < 1e-12);
    CHECK(relative_difference(s.underflowed_share(), wide(underflowed) / shared) < 1e-12);
  }
}

TEST_CASE("exponent_histogram: the bin of every exponent, zeros and specials apart (MON-2)") {
  lowp::exponent_histogram h;
  for (int e = -149; e <= 127; ++e) {
    for (const float x : {std::ldexp(1.0f, e), -std::nextafter(std::ldexp(1.0f, e), infinity),
                          std::nextafter(std::ldexp(1.0f, e), 0.0f)}) {
      lowp::exponent_histogram one;
      one.add(std::bit_cast<std::uint32_t>(x));
      h += one;
      if (x == 0) {
        CHECK(one.zeros == 1);
        continue;
      }
      int exponent = 0;
      std::frexp(x, &exponent);
      CHECK(one[exponent - 1] == 1);
    }
  }
  CHECK(h.zeros == 1);
  CHECK(h[-149] == 2);  // 2^-149, and what is below 2^-148
  CHECK(h[0] == 3);
  CHECK(h[127] == 2);
  for (const float x : {nan, -nan, infinity, -infinity}) h.add(std::bit_cast<std::uint32_t>(x));
  CHECK(h.not_finite == 4);
}

TEST_CASE("tensor_statistics: parts add up (MON-3)") {
  const std::vector<pair> pairs = make_pairs(7, 5000);
  lowp::tensor_statistics whole, sum;
  for (const pair& p : pairs) whole.add(p.x, p.v, p.greatest);
  for (std::size_t first = 0; first < pairs.size(); first += 1234) {
    lowp::tensor_statistics part;
    for (std::size_t i = first; i < std::min(first + 1234, pairs.size()); ++i) {
      part.add(&pairs[i].x, &pairs[i].v, 1, pairs[i].greatest);
    }
    sum += part;
  }
  CHECK(sum.numbers == whole.numbers);
  CHECK(sum.zeros == whole.zeros);
  CHECK(sum.not_finite == whole.not_finite);
  CHECK(sum.lost == whole.lost);
  CHECK(sum.saturated == whole.saturated);
  CHECK(sum.underflowed == whole.underflowed);
  CHECK(sum.amax == whole.amax);
  CHECK(sum.fill == whole.fill);
  CHECK(sum.greatest_relative == whole.greatest_relative);
  CHECK(sum.exponents == whole.exponents);
  CHECK(sum.squares == doctest::Approx(whole.squares).epsilon(1e-12));
  CHECK(sum.value_squares == doctest::Approx(whole.value_squares).epsilon(1e-12));
  CHECK(sum.products == doctest::Approx(whole.products).epsilon(1e-12));
  CHECK(sum.squared_errors == doctest::Approx(whole.squared_errors).epsilon(1e-12));
  CHECK(sum.relative_errors == doctest::Approx(whole.relative_errors).epsilon(1e-12));
}

TEST_CASE("tensor_statistics: nothing, zeros, and exact values have defined results (MON-1)") {
  lowp::tensor_statistics s;
  CHECK(s.mean_relative_error() == 0);
  CHECK(s.cosine() == 1);
  CHECK(s.crest() == 0);
  CHECK(s.saturated_share() == 0);
  CHECK(std::isinf(s.signal_to_error()));
  const float zeros[4] = {0, -0.0f, 0, 0}, ones[4] = {1, 1, 1, 1};
  s.add(zeros, zeros, 4, 1);
  CHECK(s.zeros == 4);
  CHECK(s.underflowed == 0);
  CHECK(s.cosine() == 1);
  s.add(ones, zeros, 4, 1);
  CHECK(s.underflowed == 4);
  CHECK(s.cosine() == 0);
  CHECK(s.underflowed_share() == 1);
  lowp::tensor_statistics exact;
  exact.add(ones, ones, 4, infinity);
  CHECK(exact.sqnr() == infinity);
  CHECK(exact.fill == 0);
  CHECK(exact.crest() == 0);
  exact.add(ones, ones, 4, 1);
  CHECK(exact.fill == 1);
  CHECK(exact.saturated == 0);
  exact.add(ones, ones, 4, 0.5f);
  CHECK(exact.fill == 2);
  CHECK(exact.saturated == 4);
}

}  // namespace
