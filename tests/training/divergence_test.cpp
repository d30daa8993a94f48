// SPDX-License-Identifier: Apache-2.0
// Tests of trends against all orders of a series, and of the signs of divergence.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/training/divergence.hpp>

namespace {

using lowp::tensor_role;
using lowp::tensor_statistics;

TEST_CASE("trend_of: S has the variance of all orders, equals or not (MON-4)") {
  for (std::vector<double> x : {std::vector<double>{1, 2, 3, 4, 5, 6, 7},
                                {1, 1, 2, 3, 4, 4, 4},
                                {0, 0, 0, 1, 1, 1, 1},
                                {-1, 0, 0.5, 0.5, 8, 9}}) {
    std::sort(x.begin(), x.end());
    double squares = 0, orders = 0;
    do {
      std::int64_t s = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t j = i; j < x.size(); ++j) s += (x[j] > x[i]) - (x[j] < x[i]);
      }
      squares += static_cast<double>(s * s);
      ++orders;
    } while (std::next_permutation(x.begin(), x.end()));
    CHECK(lowp::detail::variance_of_pairs(x) == doctest::Approx(squares / orders));
  }
}

TEST_CASE("trend_of: lines have their slope, falls the negative z, constants none (MON-4)") {
  std::vector<double> up, down, flat(9, 3.5), outlier;
  for (int i = 0; i < 9; ++i) up.push_back(2 + 0.25 * i), down.push_back(-up.back());
  outlier = up;
  outlier[4] = 1e6;
  CHECK(lowp::trend_of(up).slope == 0.25);
  CHECK(lowp::trend_of(down).slope == -0.25);
  // S = 36 of 9 numbers, variance 92: 35 / 9.59.
  CHECK(lowp::trend_of(up).z == doctest::Approx(35 / std::sqrt(92.0)));
  CHECK(lowp::trend_of(down).z == -lowp::trend_of(up).z);
  CHECK(lowp::trend_of(flat).z == 0);
  CHECK(lowp::trend_of(flat).slope == 0);
  CHECK(lowp::trend_of(outlier).slope < 0.5);
  CHECK(lowp::trend_of(std::vector<double>{1}).z == 0);
  CHECK(lowp::trend_of(std::vector<double>{}).slope == 0);
  // Slopes 1, 1, 5/3, 2, 2, 3: the median is between two.
  CHECK(lowp::trend_of(std::vector<double>{0, 1, 4, 5}).slope == doctest::Approx(11.0 / 6));
}

// Statistics with one quantity at will, all others without a sign.
tensor_statistics statistics(lowp::monitored_quantity q, double value) {
  using enum lowp::monitored_quantity;
  tensor_statistics s;
  s.numbers = 10000;
  s.amax = 2;
  s.squares = 10000;
  s.value_squares = 10000;
  s.squared_errors = 1;
  s.fill = 0.9f;
  switch (q) {
    case not_finite: s.lost = value > 0 ? 1 : 0; break;
    case all_zero: s.zeros = value > 0 ? s.numbers : 0; break;
    case saturated_share: s.saturated = static_cast<std::uint64_t>(value * 10000); break;
    case underflowed_share: s.underflowed = static_cast<std::uint64_t>(value * 10000); break;
    case overfill:
    case unscaled_fill: s.fill = static_cast<float>(std::exp2(value)); break;
    case crest: s.squares = 10000 / std::exp2(2 * (value - 1)), s.squared_errors = 1e-9; break;
    case growth:
      s.amax = static_cast<float>(std::exp2(value)), s.squares = 2500 * s.amax * s.amax;
      break;
    case noise: s.squared_errors = value * value * s.squares; break;
  }
  return s;
}

// The same where the conditions of a rule hold.
tensor_statistics statistics(const lowp::divergence_rule& r, double value) {
  tensor_statistics s = statistics(r.quantity, value);
  for (const lowp::sign_condition& c : r.where) {
    if (c.quantity == lowp::monitored_quantity::noise && c.above > 0) {
      s.squared_errors = 0.35 * 0.35 * s.squares;
    }
    if (c.quantity == lowp::monitored_quantity::overfill && c.below < 0) s.fill = 0.25f;
    CHECK(c.holds(s));
  }
  return s;
}

std::vector<std::string> names(const std::vector<lowp::divergence_signal>& signals) {
  std::vector<std::string> all;
  for (const lowp::divergence_signal& s : signals) all.emplace_back(s.rule->name);
  return all;
}

TEST_CASE("value_of: each quantity is that of the statistics (MON-5)") {
  for (const lowp::divergence_rule& r : lowp::all_divergence_rules) {
    CAPTURE(r.name);
    const bool is_flag = r.quantity == lowp::monitored_quantity::not_finite ||
                         r.quantity == lowp::monitored_quantity::all_zero;
    const double value = is_flag ? 1 : 0.25;
    CHECK(lowp::value_of(r.quantity, statistics(r.quantity, value)) == doctest::Approx(value));
  }
  CHECK(std::isfinite(lowp::value_of(lowp::monitored_quantity::growth, {})));
  CHECK(std::isfinite(lowp::value_of(lowp::monitored_quantity::overfill, {})));
  CHECK(lowp::value_of(lowp::monitored_quantity::noise, {}) == 0);
  CHECK(lowp::value_of(lowp::monitored_quantity::all_zero, {}) == 0);  // not seen, not zero
}

TEST_CASE("divergence_watch: each rule by its level, after so many times, once (MON-5, MON-6)") {
  for (const lowp::divergence_rule& r : lowp::all_divergence_rules) {
    if (std::isinf(r.level)) continue;
    CAPTURE(r.name);
    lowp::divergence_watch watch;
    const auto role = tensor_role::gradients;
    const double beyond = r.level == 0.5 ? 1 : r.level < 1 ? r.level * 1.5 : r.level + 0.5;
    std::uint64_t step = 0;
    const auto observe = [&](double v) {
      return watch.observe("layer 3 w", role, ++step, statistics(r, v));
    };
    CHECK(observe(0).empty());
    for (std::uint32_t i = 1; i < r.times; ++i) CHECK(observe(beyond).empty());
    const auto signals = observe(beyond);
    CHECK(names(signals) == std::vector<std::string>{r.name});
    if (signals.size() == 1) {
      CHECK(signals[0].tensor == "layer 3 w");
      CHECK(signals[0].step == r.times + 1);
      CHECK_FALSE(signals[0].by_trend);
      CHECK(signals[0].value == doctest::Approx(beyond).epsilon(1e-3));
    }
    CHECK(observe(beyond).empty());
    CHECK(observe(0).empty());
    for (std::uint32_t i = 1; i < r.times; ++i) CHECK(observe(beyond).empty());
    CHECK(names(observe(beyond)) == std::vector<std::string>{r.name});
  }
}

TEST_CASE("divergence_watch: each rule by its trend, before its level (MON-5, MON-6)") {
  for (const lowp::divergence_rule& r : lowp::all_divergence_rules) {
    if (std::isinf(r.rise)) continue;
    CAPTURE(r.name);
    lowp::divergence_watch watch(lowp::all_divergence_rules, 8);
    std::vector<std::string> seen;
    const double start = std::isinf(r.floor) ? 0 : r.floor;
    for (std::uint64_t i = 0; i < 8; ++i) {
      const double v = start + r.rise * 1.2 * static_cast<double>(i) / 7;
      CHECK(v < r.level);
      const auto signals = watch.observe("x", tensor_role::activations, i, statistics(r, v));
      for (const auto& s : signals) {
        seen.emplace_back(s.rule->name);
        CHECK(i == 7);
        CHECK(s.by_trend);
        CHECK(s.of_window.z > 2.33);
        CHECK(s.before == doctest::Approx(start).epsilon(1e-3));
      }
    }
    CHECK(seen == std::vector<std::string>{r.name});
    // A rise that ends at the floor is none yet.
    if (!std::isinf(r.floor)) {
      lowp::divergence_watch below(lowp::all_divergence_rules, 8);
      for (std::uint64_t i = 0; i < 8; ++i) {
        const double v = r.floor - r.rise * 2 * static_cast<double>(7 - i) / 7;
        if (v < 0 && r.quantity != lowp::monitored_quantity::overfill &&
            r.quantity != lowp::monitored_quantity::unscaled_fill) {
          continue;
        }
        CHECK(names(below.observe("x", tensor_role::activations, i, statistics(r, v))).empty());
      }
    }
    // The same rise within the other direction, or a lesser one, is none.
    for (const double way : {-1.2, 0.8}) {
      lowp::divergence_watch other(lowp::all_divergence_rules, 8);
      for (std::uint64_t i = 0; i < 8; ++i) {
        const double v = start + r.rise * (way * static_cast<double>(i) / 7 + (way < 0 ? 1.2 : 0));
        if (v >= r.level) continue;
        CHECK(names(other.observe("x", tensor_role::activations, i, statistics(r, v))).empty());
      }
    }
  }
}

// The names of signs of so many equal observations of gradients, one string.
std::string signs_of(const tensor_statistics& s, int observations = 4) {
  lowp::divergence_watch watch;
  std::string all;
  for (int i = 0; i < observations; ++i) {
    for (const auto& n : names(watch.observe("x", tensor_role::gradients, 1, s))) all += n + ' ';
  }
  return all;
}

TEST_CASE(
    "divergence_watch: what becomes zero is told by its weight and its scale (MON-5, MON-6)") {
  using enum lowp::monitored_quantity;
  tensor_statistics s = statistics(underflowed_share, 0.9);
  CHECK(signs_of(s) == "rounded_to_zero ");
  s.squared_errors = 0.4 * 0.4 * s.squares;
  s.fill = 0.01f;  // room above: the scale is too small
  CHECK(signs_of(s) == "underflow ");
  s.fill = 1;  // the scale is full: few numbers took it
  CHECK(signs_of(s).empty());
  s.amax = 200;
  CHECK(s.crest() > 7);
  CHECK(signs_of(s) == "outliers ");
}

TEST_CASE("divergence_watch: conditions hold at each of the observations (MON-5)") {
  tensor_statistics weak = statistics(lowp::monitored_quantity::underflowed_share, 0.4),
                    bad = statistics(lowp::monitored_quantity::underflowed_share, 0.9);
  for (tensor_statistics* s : {&weak, &bad}) s->fill = 0.01f;
  bad.squared_errors = 0.4 * 0.4 * bad.squares;
  tensor_statistics light = bad;
  light.squared_errors = 0.01 * bad.squares;
  lowp::divergence_watch watch;
  const auto observe = [&](const tensor_statistics& s) {
    return names(watch.observe("x", tensor_role::gradients, 1, s));
  };
  CHECK(observe(light).empty());
  CHECK(observe(bad).empty());  // beyond the level for the second time, of weight for the first
  CHECK(observe(bad) == std::vector<std::string>{"underflow"});
}

TEST_CASE("divergence_watch: where nothing is quantised nothing is lost (MON-6)") {
  lowp::divergence_watch watch;
  for (std::uint64_t i = 0; i < 8; ++i) {
    tensor_statistics s;  // as binary32 has it
    s.numbers = 1000;
    s.squares = s.value_squares = s.products = 1000;
    s.amax = static_cast<float>(1 << i);
    const auto signals = watch.observe("x", tensor_role::activations, i, s);
    for (const auto& one : signals) CHECK(one.rule->severity == lowp::sign_severity::note);
    CHECK(names(signals) ==
          (i == 7 ? std::vector<std::string>{"growth"} : std::vector<std::string>{}));
  }
  CHECK(std::string(lowp::name_of(lowp::sign_severity::note)) == "note");
  CHECK(std::string(lowp::name_of(lowp::sign_severity::alarm)) == "alarm");
}

TEST_CASE("value_of: a fill without a scale is one where no scale was counted (MON-5)") {
  using enum lowp::monitored_quantity;
  tensor_statistics s = statistics(unscaled_fill, -1);
  CHECK(lowp::value_of(unscaled_fill, s) == -1);
  s.scales.add(0x3f800000);
  CHECK(lowp::value_of(unscaled_fill, s) == -150);
  CHECK(lowp::value_of(overfill, s) == -1);
}

TEST_CASE("divergence_watch: rules are about their tensors alone, tensors do not mix (MON-5)") {
  lowp::divergence_watch watch;
  const tensor_statistics bad = statistics(lowp::monitored_quantity::noise, 0.9);
  for (std::uint64_t i = 0; i < 4; ++i) {
    CHECK(watch.observe("a", tensor_role::weights, i, bad).empty());
    CHECK(watch.observe("b", tensor_role::activations, i, bad).empty());
  }
  CHECK(watch.observe("c", tensor_role::gradients, 4, bad).empty());
  CHECK(watch.observe("d", tensor_role::gradients, 4, bad).empty());
  CHECK(names(watch.observe("c", tensor_role::gradients, 5, bad)) ==
        std::vector<std::string>{"noise"});
}

TEST_CASE("divergence_watch: chance rarely is a sign (MON-6)") {
  const std::uint32_t seed = 11;
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise;
  // Level noise around healthy values, each of the size of what a rise must be: the test of trends
  // must hold it back.
  std::size_t signals = 0, series = 0;
  for (int tensor = 0; tensor < 400; ++tensor) {
    lowp::divergence_watch watch;
    for (std::uint64_t i = 0; i < 8; ++i, ++series) {
      tensor_statistics s = statistics(lowp::monitored_quantity::growth, 4 * noise(random));
      signals += watch.observe("x", tensor_role::activations, i, s).size();
    }
  }
  CHECK(signals <= 12);  // 400 series of one window each, one in a hundred each way expected
  CHECK(signals >= 1);
}

TEST_CASE("divergence_watch: a window that no trend can pass is refused (MON-5)") {
  try {
    lowp::divergence_watch watch(lowp::all_divergence_rules, 5);
    CHECK(false);
  } catch (const std::invalid_argument& e) {
    CHECK(std::string(e.what()) ==
          "divergence_watch: window is 5, must be at least 6: the test lets no shorter series "
          "through");
  }
  std::vector<double> six{1, 2, 3, 4, 5, 6};
  CHECK(lowp::trend_of(six).z > 2.33);
  six.pop_back();
  CHECK(lowp::trend_of(six).z < 2.33);
}

}  // namespace
