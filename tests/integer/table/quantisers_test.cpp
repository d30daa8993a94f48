// SPDX-License-Identifier: Apache-2.0
/// \file
/// Post-training quantisers of embedding tables: GREEDY bit for bit, the others against their
/// formulas in binary64 and exhaustive searches, all against measured losses.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/table/quantisers.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "integer/hexadecimal.hpp"
#include "integer/recorded_numbers.hpp"
#include "support/normal_numbers.hpp"

namespace {

using lowp::float32;
using lowp::row_range;
using lowp::table_error;
using lowp::table_method;
using lowp::table_options;
using lowp::simd::float_environment;
using lowp::simd::machine_binary32;
using enum lowp::table_method;

constexpr std::uint32_t seed = 1;

template <class Real>
std::vector<Real> normal_row(std::mt19937& random, std::size_t n) {
  return support::reals<Real>(support::normal_numbers(random, n));
}

double value(machine_binary32 x) { return x.value(); }

std::uint32_t bits_of(const std::string& decimal) {
  return lowp::detail::bit_cast<std::uint32_t>(std::stof(decimal));
}

TEST_CASE("TAB-9 GREEDY is that of torch.choose_qparams_optimized") {
  const float_environment guard;
  for (const recorded::fields& r : recorded::lines("intn/greedy_minmax.txt", 72)) {
    const std::size_t n = std::stoul(r[1]);
    const table_options o{.bits = std::stoi(r[0]),
                          .half = true,
                          .bins = std::stoi(r[2]),
                          .ratio = std::bit_cast<float>(bits_of(r[3]))};
    REQUIRE(lowp::check(o) == table_error::none);
    std::vector<machine_binary32> row;
    std::vector<float32> defined;
    for (const std::uint32_t x : recorded::numbers(r[4], 8)) {
      row.push_back(machine_binary32::from_bits(x));
      defined.push_back(float32::from_code(x));
    }
    REQUIRE(row.size() == n);
    const auto range = lowp::choose_range(greedy, row.data(), n, o);
    CHECK(range.lo.bits() == recorded::numbers(r[5], 8)[0]);
    CHECK(range.hi.bits() == recorded::numbers(r[6], 8)[0]);
    if (n > 8) continue;
    const auto same = lowp::choose_range(greedy, defined.data(), n, o);
    CHECK(same.lo.code() == range.lo.bits());
    CHECK(same.hi.code() == range.hi.bits());
  }
}

TEST_CASE("TAB-9 GREEDY gives up the upper end where both lose the same") {
  // Symmetric about its middle, so that the first losses are equal, and all steps are exact.
  const std::vector<float32> row = {float32{-0.75f}, float32{-0.5f}, float32{-0.25f}};
  const table_options o{.bits = 1, .bins = 8, .ratio = 0.75f};
  const auto range = lowp::choose_range(greedy, row.data(), row.size(), o);
  CHECK(range.lo == row[0]);
  CHECK(range.hi == float32{-0.375f});
}

TEST_CASE("TAB-9 GREEDY ends where steps are lost") {
  // Neighbours of 2^30: a two-hundredth of the range is lost beside them.
  const std::vector<float32> row = {float32{1073741824.0f}, float32{1073741888.0f},
                                    float32{1073741952.0f}};
  const auto range = lowp::choose_range(greedy, row.data(), row.size(), {});
  CHECK(range.lo == row[0]);
  CHECK(range.hi == row[2]);
}

TEST_CASE("TAB-8 every quantiser is the same on software and on the machine") {
  std::mt19937 random(seed);
  const float_environment guard;
  for (int trial = 0; trial < 6; ++trial) {
    const std::size_t n = 3 + static_cast<std::size_t>(trial) * 2;
    const auto row = normal_row<machine_binary32>(random, n);
    std::vector<float32> defined;
    for (const auto x : row) defined.push_back(float32::from_code(x.bits()));
    for (const lowp::named_table_quantiser& q : lowp::all_table_quantisers) {
      const table_options o{.bits = 2 + trial % 3, .half = trial % 2 == 1, .bins = 20};
      const auto a = lowp::choose_range(q.value, row.data(), n, o);
      const auto b = lowp::choose_range(q.value, defined.data(), n, o);
      INFO(std::string(q.name));
      CHECK(a.lo.bits() == b.lo.code());
      CHECK(a.hi.bits() == b.hi.code());
      CHECK(a.steps == b.steps);
    }
  }
}

TEST_CASE("TAB-8 rows that leave nothing to search") {
  const float32 one{1.0f}, inf = float32::from_code(0x7f800000),
                           nan = float32::from_code(0x7fc00000);
  for (const lowp::named_table_quantiser& q : lowp::all_table_quantisers) {
    INFO(std::string(q.name));
    const bool symmetrical = q.value == symmetric || q.value == golden_section;
    const std::vector<float32> constant(5, one);
    const auto r = lowp::choose_range(q.value, constant.data(), 5, {});
    if (q.value == golden_section) {
      // The last of many equally good ranges: one of its steps is near the value.
      CHECK(float32{0.5f} < r.hi);
    } else {
      CHECK(r.hi == one);
      CHECK(r.lo == (symmetrical ? -one : one));
    }
    const std::vector<float32> infinite = {one, inf, -one};
    CHECK(lowp::choose_range(q.value, infinite.data(), 3, {}).hi == inf);
    const std::vector<float32> odd = {one, nan, -one, float32{0.5f}};
    const auto with_nan = lowp::choose_range(q.value, odd.data(), 4, {});
    CHECK(with_nan.hi == one);
    CHECK(with_nan.lo == -one);
  }
}

TEST_CASE("TAB-8 options and shapes that break a rule") {
  CHECK(lowp::check({.bits = 0}) == table_error::bits);
  CHECK(lowp::check({.bits = 9}) == table_error::bits);
  CHECK(lowp::check({.bins = 1025}) == table_error::bins);
  CHECK(lowp::check({.ratio = -1e-45f}) == table_error::ratio);
  CHECK(lowp::check({.iterations = 0}) == table_error::iterations);
  const std::vector<float32> x(6);
  std::vector<row_range<float32>> ranges(2);
  CHECK(lowp::choose_ranges<float32>(asymmetric, x, 3, ranges, {}) == table_error::none);
  CHECK(lowp::choose_ranges<float32>(asymmetric, x, 4, ranges, {}) == table_error::shape);
  CHECK(lowp::choose_ranges<float32>(asymmetric, x, 0, ranges, {}) == table_error::shape);
  CHECK(lowp::choose_ranges<float32>(asymmetric, x, 3, ranges, {.bits = 0}) == table_error::bits);
  for (int e = 0; e <= 7; ++e) {
    CHECK(std::string(lowp::message(static_cast<table_error>(e))) != "unknown");
  }
}

/// The loss of a range in binary64: nothing of the library's arithmetic.
double plain_loss(const std::vector<machine_binary32>& row, double lo, double hi, int steps) {
  double sum = 0;
  for (const auto x : row) {
    const double scale = (hi - lo) / steps;
    const double q = std::fmin(std::fmax(std::nearbyint((value(x) - lo) / scale), 0), steps);
    sum += std::pow(value(x) - (lo + q * scale), 2);
  }
  return std::sqrt(sum);
}

TEST_CASE("TAB-10 symmetric ranges: whole, and golden section") {
  std::mt19937 random(seed);
  const float_environment guard;
  for (int trial = 0; trial < 20; ++trial) {
    const auto row = normal_row<machine_binary32>(random, 64);
    double amax = 0;
    for (const auto x : row) amax = std::fmax(amax, std::fabs(value(x)));
    const auto whole = lowp::choose_range(symmetric, row.data(), 64, {});
    CHECK(value(whole.hi) == amax);
    CHECK(value(whole.lo) == -amax);
    CHECK(whole.steps == 14);
    // The same search in binary64 ends in the same valley, or in one as deep.
    double low = 0, high = amax;
    for (int i = 0; i < 60; ++i) {
      const double part = 0.618034 * (high - low), left = high - part, right = low + part;
      if (plain_loss(row, -left, left, 14) < plain_loss(row, -right, right, 14)) {
        high = right;
      } else {
        low = left;
      }
    }
    const auto found = lowp::choose_range(golden_section, row.data(), 64, {});
    CHECK(found.lo == -found.hi);
    const double ours = plain_loss(row, value(found.lo), value(found.hi), 14);
    CHECK(ours <= 1.02 * plain_loss(row, -low, low, 14));
  }
}

TEST_CASE("TAB-10 ACIQ against its formula in binary64") {
  std::mt19937 random(seed);
  const float_environment guard;
  for (int trial = 0; trial < 50; ++trial) {
    const auto row = normal_row<machine_binary32>(random, 128);
    double sum = 0, squares = 0, magnitudes = 0, least = 1e9, greatest = -1e9;
    for (const auto x : row) {
      sum += value(x);
      least = std::fmin(least, value(x));
      greatest = std::fmax(greatest, value(x));
    }
    const double mean = sum / 128;
    for (const auto x : row) {
      squares += (value(x) - mean) * (value(x) - mean);
      magnitudes += std::fabs(value(x) - mean);
    }
    const double alphas[] = {1.71063519 * std::sqrt(squares / 128), 2.83068299 * magnitudes / 128};
    double best = 1e9, lo = 0, hi = 0;
    for (const double alpha : alphas) {
      const double l = std::fmax(least, mean - alpha), h = std::fmin(greatest, mean + alpha);
      const double here = plain_loss(row, l, h, 3);
      if (here >= best) continue;
      best = here;
      lo = l;
      hi = h;
    }
    const auto r = lowp::choose_range(analytic, row.data(), 128, {.bits = 2});
    CHECK(value(r.lo) == doctest::Approx(lo).epsilon(1e-5));
    CHECK(value(r.hi) == doctest::Approx(hi).epsilon(1e-5));
  }
}

/// The expected loss of a range of bins by integrating every bin in 64 pieces.
double plain_histogram_loss(const std::vector<int>& counts, int start, int width, int cells) {
  const double cell = static_cast<double>(width) / cells;
  double sum = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    for (int piece = 0; piece < 64; ++piece) {
      const double at = static_cast<double>(b) + (piece + 0.5) / 64 - start;
      const double c = std::fmin(std::fmax(std::floor(at / cell), 0), cells - 1);
      sum += counts[b] / 64.0 * std::pow(at - (c + 0.5) * cell, 2);
    }
  }
  return sum;
}

TEST_CASE("TAB-11 histogram ranges against integration in pieces") {
  std::mt19937 random(seed);
  const float_environment guard;
  constexpr int bins = 30;
  for (int trial = 0; trial < 6; ++trial) {
    const auto row = normal_row<machine_binary32>(random, 100);
    const auto whole = lowp::row_range_of(row.data(), 100);
    const double width = (value(whole.hi) - value(whole.lo)) / bins;
    std::vector<int> counts(bins);
    for (const auto x : row) {
      const auto b = static_cast<std::size_t>((value(x) - value(whole.lo)) / width);
      ++counts[std::min<std::size_t>(b, bins - 1)];
    }
    const auto h = lowp::histogram_of(row.data(), 100, whole, bins);
    double least = 1e9;
    const auto infinity = machine_binary32::from_bits(0x7f800000);
    for (int w = 1; w <= bins; ++w) {
      for (int s = 0; s + w <= bins; ++s) {
        const double plain = plain_histogram_loss(counts, s, w, 4);
        least = std::fmin(least, plain);
        // 64 pieces miss the squares' curvature: at most 1/12 (1/64)^2 for each element, and a
        // boundary of cells inside a piece.
        CHECK(value(lowp::histogram_loss(h, s, w, 2, infinity)) / 3 ==
              doctest::Approx(plain).epsilon(0.01));
      }
    }
    const auto best = lowp::choose_range(histogram, row.data(), 100, {.bits = 2, .bins = bins});
    const int s = static_cast<int>(std::lround((value(best.lo) - value(whole.lo)) / width));
    const int e = static_cast<int>(std::lround((value(best.hi) - value(whole.lo)) / width));
    CHECK(plain_histogram_loss(counts, s, e - s, 4) <= 1.01 * least);
  }
}

/// The non-linear search of the source, bin by bin in binary64.
struct bin_range {
  long lo, hi;
};
bin_range plain_approximate(const std::vector<int>& counts) {
  const int bins = static_cast<int>(counts.size());
  std::vector<double> sums(counts.begin(), counts.end());
  for (std::size_t i = 1; i < sums.size(); ++i) sums[i] += sums[i - 1];
  const double total = sums.back();
  int start = 0, end = bins - 1, alpha = 0, beta = 100000;
  double least = plain_histogram_loss(counts, 0, bins, 4);
  while (alpha < beta) {
    int l = start, r = end;
    while (l < end && sums[static_cast<std::size_t>(l)] * 1e5 < (alpha + 1) * total) ++l;
    while (r > start && sums[static_cast<std::size_t>(r)] * 1e5 > (beta - 1) * total) --r;
    int next_start = start, next_end = end;
    if (l - start > end - r) {
      next_start = l;
      ++alpha;
    } else {
      next_end = r;
      --beta;
    }
    if (next_start == start && next_end == end) continue;
    const double here = plain_histogram_loss(counts, next_start, next_end - next_start + 1, 4);
    if (here > least) break;
    least = here;
    start = next_start;
    end = next_end;
  }
  return {start, end + 1};
}

TEST_CASE("TAB-11 HIST-APPRX ends where the source's search does") {
  std::mt19937 random(seed);
  const float_environment guard;
  int moved_up = 0, moved_down = 0;
  for (int trial = 0; trial < 404; ++trial) {
    // Skewed either way. The lower end moves only where a share of 1e-5 is more than one element.
    const std::size_t n = trial < 400 ? 4 + static_cast<std::size_t>(trial) % 60 : 250000;
    auto row = normal_row<machine_binary32>(random, n);
    for (auto& x : row) {
      const float e = static_cast<float>(std::exp(value(x)));
      x = machine_binary32::from_float(trial % 2 == 0 ? e : -e);
    }
    constexpr int bins = 30;
    const auto whole = lowp::row_range_of(row.data(), n);
    const double width = (value(whole.hi) - value(whole.lo)) / bins;
    const auto h = lowp::histogram_of(row.data(), n, whole, bins);
    std::vector<int> counts(bins);
    for (int i = 0; i < h.held; ++i) {
      counts[static_cast<std::size_t>(h.place[i])] = h.count[i];
    }
    const bin_range plain = plain_approximate(counts);
    const auto r =
        lowp::choose_range(approximate_histogram, row.data(), n, {.bits = 2, .bins = bins});
    CHECK(std::lround((value(r.lo) - value(whole.lo)) / width) == plain.lo);
    CHECK(std::lround((value(r.hi) - value(whole.lo)) / width) == plain.hi);
    moved_up += plain.lo > 0;
    moved_down += plain.hi < bins;
  }
  MESSAGE("lower side moved ", moved_up, " times, upper ", moved_down);
  CHECK(moved_up > 0);
  CHECK(moved_down > 0);
}

}  // namespace
