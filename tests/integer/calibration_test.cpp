// SPDX-License-Identifier: Apache-2.0
// Calibration: histograms against the machine's arithmetic, percentiles and squared errors against
// exact sums, relative entropies against logarithms of 100 digits.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/integer/calibration.hpp>
#include <lowp/integer/error_search.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_rules.hpp>

#include "recorded_numbers.hpp"

namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using digits100 = boost::multiprecision::cpp_bin_float_100;
using lowp::bin_window;
using lowp::cut_ends;
using recorded::fl;
using recorded::from_lowp;
using recorded::to_lowp;
using counts = std::vector<std::uint64_t>;
using numbers = std::vector<recorded::lowp_real>;

constexpr std::uint64_t few[] = {8, 4, 2, 1, 1, 0, 0, 1};
static_assert(lowp::percentile_window(few, 8, {9, 10}, cut_ends::upper) == bin_window{0, 5});
static_assert(lowp::least_entropy_window(few, 8, {.levels = 4}).last <= 8);

lowp::histogram<recorded::lowp_real> over(counts& c, float least, float greatest) {
  return {{to_lowp(least), to_lowp(greatest)}, c.data(), c.size()};
}

numbers normal_numbers(std::size_t n, std::uint64_t seed, float outlier) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0.1f, 1.0f);
  numbers all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(to_lowp(normal(random)));
  all.push_back(to_lowp(outlier));
  return all;
}

TEST_CASE("INT-16 bins and edges against native arithmetic") {
  std::mt19937_64 random(1);
  for (const auto& [least, greatest] : {std::pair{-1.0f, 3.0f}, {0.0f, 0.1f}, {-7e-3f, 1e10f}}) {
    for (const std::size_t bins : {1U, 7U, 100U, 2048U}) {
      counts c(bins), want(bins);
      const auto h = over(c, least, greatest);
      std::uniform_real_distribution<float> any(least - (greatest - least) / 8, greatest * 1.1f);
      numbers x = {to_lowp(std::numeric_limits<float>::quiet_NaN()), to_lowp(least),
                   to_lowp(greatest), to_lowp(INFINITY), to_lowp(-INFINITY)};
      for (int i = 0; i < 2000; ++i) x.push_back(to_lowp(any(random)));
      const auto n = static_cast<float>(bins);
      for (const auto v : x) {
        const float f = from_lowp(v);
        if (std::isnan(f)) continue;
        const float i = std::trunc(fl(fl(f - least) * fl(n / fl(greatest - least))));
        ++want[static_cast<std::size_t>(std::clamp(i, 0.0f, n - 1))];
      }
      lowp::count(h, x.data(), x.size());
      CHECK(c == want);
      for (std::size_t i = 0; i < bins; ++i) {
        const float edge = fl(least + fl(static_cast<float>(i) * fl(fl(greatest - least) / n)));
        REQUIRE(from_lowp(lowp::edge_of(h, i)) == edge);
      }
      CHECK(from_lowp(lowp::edge_of(h, bins)) == greatest);
    }
  }
}

TEST_CASE("INT-16 magnitudes, ranges without width, parts in any order") {
  const numbers x = {to_lowp(-3), to_lowp(1), to_lowp(2.5f)};
  counts c(4);
  const auto h = over(c, 0, 4);
  lowp::count(h, x.data(), 3, lowp::counted::magnitudes);
  CHECK(c == counts{0, 1, 1, 1});
  const auto both = lowp::range_of_window(h, {0, 3}, lowp::counted::magnitudes);
  CHECK((from_lowp(both.least) == -3 && from_lowp(both.greatest) == 3));
  const auto some = lowp::range_of_window(h, {1, 4});
  CHECK((from_lowp(some.least) == 1 && from_lowp(some.greatest) == 4));
  counts point(3);
  const auto none = over(point, 1, 1);
  lowp::count(none, x.data(), 3);
  CHECK(point == counts{2, 0, 1});
  const numbers many = normal_numbers(1000, 2, 5);
  counts whole(64), parts(64);
  lowp::count(over(whole, -5, 5), many.data(), many.size());
  lowp::count(over(parts, -5, 5), many.data() + 300, many.size() - 300);
  lowp::count(over(parts, -5, 5), many.data(), 300);
  CHECK(whole == parts);
}

counts random_counts(std::size_t bins, std::mt19937_64& random) {
  counts c(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    const double x = (static_cast<double>(i) - 0.4 * static_cast<double>(bins)) /
                     (0.1 * static_cast<double>(bins));
    c[i] = static_cast<std::uint64_t>(1000 * std::exp(-x * x / 2) *
                                      (0.5 + static_cast<double>(random() % 100) / 100));
    if (random() % 40 == 0) c[i] = 1;
  }
  return c;
}

TEST_CASE("INT-17 percentiles against sums") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    const counts c = random_counts(100 + random() % 100, random);
    const cpp_int total = std::accumulate(c.begin(), c.end(), cpp_int(0));
    for (const lowp::share s : {lowp::share{9999, 10000}, {99, 100}, {1, 1}, {3, 4}, {1, 2}}) {
      const auto holds = [&](std::size_t first, std::size_t last) {
        cpp_int n = 0;
        for (std::size_t i = first; i < last; ++i) n += c[i];
        return n * s.denominator >= total * s.numerator;
      };
      const bin_window w = lowp::percentile_window(c.data(), c.size(), s, cut_ends::upper);
      REQUIRE((w.first == 0 && holds(0, w.last) && !holds(0, w.last - 1)));
      const bin_window b = lowp::percentile_window(c.data(), c.size(), s, cut_ends::both);
      if (b == bin_window{0, c.size()}) continue;
      REQUIRE((b.last == w.last && holds(b.first, c.size()) && !holds(b.first + 1, c.size())));
    }
  }
  const counts empty(5);
  CHECK(lowp::percentile_window(empty.data(), 5, {1, 2}, cut_ends::both) == bin_window{0, 5});
  const counts ends = {7, 0, 0, 7};
  CHECK(lowp::percentile_window(ends.data(), 4, {1, 2}, cut_ends::both) == bin_window{0, 4});
  CHECK(lowp::percentile_window(ends.data(), 4, {1, 2}, cut_ends::upper) == bin_window{0, 1});
}

// All windows that a search may take, in its order.
std::vector<bin_window> windows(std::size_t bins, const lowp::window_search& s) {
  std::vector<bin_window> all;
  for (std::size_t first = 0; first < bins; ++first) {
    for (std::size_t last = bins; last >= first + s.levels; --last) {
      if (first % s.stride != 0 || (bins - last) % s.stride != 0) continue;
      if (s.ends == cut_ends::upper && first != 0) continue;
      all.push_back({first, last});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const bin_window& a, const bin_window& b) {
    return a.last - a.first != b.last - b.first ? a.last - a.first > b.last - b.first
                                                : a.first < b.first;
  });
  return all;
}

cpp_int wide(lowp::detail::uint128 n) {
  return (cpp_int(lowp::detail::high_half(n)) << 64) + lowp::detail::low_half(n);
}

// In bins' widths.
cpp_rational error_of(const counts& c, bin_window w, std::size_t levels) {
  cpp_rational sum = 0;
  for (std::size_t b = 0; b < c.size(); ++b) {
    const cpp_rational x = cpp_rational(2 * b + 1, 2) - w.first;
    cpp_rational nearest = x * x;
    for (std::size_t k = 1; k < levels; ++k) {
      const cpp_rational d = x - cpp_rational(k * (w.last - w.first), levels - 1);
      nearest = std::min<cpp_rational>(nearest, d * d);
    }
    sum += nearest * c[b];
  }
  return sum;
}

TEST_CASE("INT-18 the least squared error against all windows") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 4; ++round) {
    const counts c = random_counts(24 + random() % 8, random);
    for (const lowp::window_search& s : {lowp::window_search{.levels = 8},
                                         {.levels = 4, .stride = 3, .ends = cut_ends::both},
                                         {.levels = 2},
                                         {.levels = 16, .ends = cut_ends::both}}) {
      bin_window best{0, c.size()};
      cpp_rational least = -1;
      for (const bin_window& w : windows(c.size(), s)) {
        const cpp_rational e = error_of(c, w, s.levels);
        const cpp_rational unit(1, cpp_int(4) * (s.levels - 1) * (s.levels - 1));
        const lowp::detail::uint128 got = lowp::squared_error(c.data(), c.size(), w, s.levels);
        REQUIRE(unit * wide(got) == e);
        if (least < 0 || e < least) {
          least = e;
          best = w;
        }
      }
      CHECK(lowp::least_error_window(c.data(), c.size(), s) == best);
    }
  }
}

TEST_CASE("INT-19 logarithms are rounded correctly") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t n = i < 100 ? static_cast<std::uint64_t>(i + 1) : random() >> (i % 60);
    if (n == 0) continue;
    const digits100 scaled = log2(digits100(n)) * digits100(std::uint64_t{1} << 40);
    CHECK(digits100(lowp::detail::fixed_log2(n)) == floor(scaled + 0.5));
  }
  CHECK(lowp::detail::fixed_log2(0) == 0);
}

// In bits, from the text of INT-19: -1 if infinite.
double entropy_of(const counts& c, bin_window w, std::size_t levels) {
  const std::size_t width = w.last - w.first;
  std::vector<double> p, q(width);
  double total = 0, inside = 0;
  for (std::size_t b = w.first; b < w.last; ++b) p.push_back(static_cast<double>(c[b]));
  for (std::size_t b = 0; b < c.size(); ++b) {
    total += static_cast<double>(c[b]);
    if (b < w.first) p.front() += static_cast<double>(c[b]);
    if (b >= w.last) p.back() += static_cast<double>(c[b]);
  }
  for (std::size_t i = 0; i < width; ++i) {
    double group = 0, members = 0;
    for (std::size_t k = 0; k < width; ++k) {
      if (k * levels / width != i * levels / width) continue;
      group += static_cast<double>(c[w.first + k]);
      members += c[w.first + k] != 0;
    }
    q[i] = c[w.first + i] == 0 ? 0 : group / members;
    inside += q[i];
  }
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (p[i] == 0) continue;
    if (q[i] == 0) return -1;
    sum += p[i] / total * std::log2((p[i] / total) / (q[i] / inside));
  }
  return sum;
}

TEST_CASE("INT-19 the least relative entropy against all windows") {
  std::mt19937_64 random(6);
  int infinite = 0;
  for (int round = 0; round < 6; ++round) {
    const counts c = random_counts(60 + random() % 30, random);
    const auto total = static_cast<double>(std::accumulate(c.begin(), c.end(), std::uint64_t{0}));
    for (const lowp::window_search& s :
         {lowp::window_search{.levels = 16}, {.levels = 7, .stride = 5, .ends = cut_ends::both}}) {
      double least = -1;
      for (const bin_window& w : windows(c.size(), s)) {
        const double want = entropy_of(c, w, s.levels);
        const auto got = lowp::relative_entropy(c.data(), c.size(), w, s.levels);
        infinite += want < 0;
        REQUIRE((want < 0) == (got < 0));
        if (want < 0) continue;
        REQUIRE(std::fabs(static_cast<double>(got) / total * 0x1p-40 - want) < 1e-10);
        if (least < 0 || want < least) least = want;
      }
      const bin_window best = lowp::least_entropy_window(c.data(), c.size(), s);
      CHECK(entropy_of(c, best, s.levels) < least + 1e-10);
    }
  }
  CHECK(infinite > 0);
  const counts empty(10);
  CHECK(lowp::least_entropy_window(empty.data(), 10, {.levels = 4}) == bin_window{0, 10});
  CHECK(lowp::least_entropy_window(empty.data(), 10, {.levels = 20}) == bin_window{0, 10});
}

TEST_CASE("INT-17 INT-18 INT-19 outliers are cut off, numbers are not") {
  const numbers x = normal_numbers(20000, 7, 40.0f);
  counts c(512);
  const auto h = over(c, 0, 40);
  lowp::count(h, x.data(), x.size(), lowp::counted::magnitudes);
  const lowp::window_search search{.levels = 16};
  for (const bin_window w :
       {lowp::percentile_window(c.data(), c.size(), {9999, 10000}, cut_ends::upper),
        lowp::least_error_window(c.data(), c.size(), {.levels = 8}),
        lowp::least_entropy_window(c.data(), c.size(), search)}) {
    const float greatest =
        from_lowp(lowp::range_of_window(h, w, lowp::counted::magnitudes).greatest);
    CHECK(greatest > 1.5f);
    CHECK(greatest < 12);
  }
}

TEST_CASE("INT-20 the least error of an array against all candidates") {
  const numbers x = normal_numbers(300, 8, 9.0f);
  for (const auto& [rule, choose, q] :
       {std::tuple{lowp::quantise_rules::onnx, lowp::min_max_rules::onnx_dynamic,
                   lowp::integer_range{0, 15}},
        {lowp::quantise_rules::fbgemm, lowp::min_max_rules::absmax, lowp::integer_range{-7, 7}},
        {lowp::quantise_rules::deepspeed, lowp::min_max_rules::deepspeed,
         lowp::integer_range{-8, 7}}}) {
    constexpr int candidates = 40;
    float least = INFINITY, scale = 0;
    const auto full = lowp::min_max(x.data(), x.size());
    for (int k = candidates; k > 0; --k) {
      const float low = fl(fl(from_lowp(full.least) * static_cast<float>(k)) / candidates);
      const float high = fl(fl(from_lowp(full.greatest) * static_cast<float>(k)) / candidates);
      const auto a = lowp::choose_parameters(
          choose, lowp::real_range<recorded::lowp_real>{to_lowp(low), to_lowp(high)}, q);
      float sum = 0;
      for (const auto v : x) {
        const auto back =
            lowp::dequantise(lowp::quantise(rule, v, a.value, q), a.value, rule.scale);
        const float e = fl(from_lowp(v) - from_lowp(back));
        sum = fl(sum + fl(e * e));
      }
      CHECK(from_lowp(lowp::quantisation_error(rule, x.data(), x.size(), a.value, q)) == sum);
      if (sum < least) {
        least = sum;
        scale = from_lowp(a.value.scale);
      }
    }
    const auto best = lowp::choose_by_error(choose, rule, x.data(), x.size(), q, candidates);
    CHECK(best.error == lowp::parameter_error::none);
    CHECK(from_lowp(best.value.scale) == scale);
  }
  const numbers infinite = {to_lowp(INFINITY)};
  CHECK(lowp::choose_by_error(lowp::min_max_rules::onnx_dynamic, lowp::quantise_rules::onnx,
                              infinite.data(), 1, {0, 15}, 10)
            .error == lowp::parameter_error::not_finite);
}

}  // namespace
