// SPDX-License-Identifier: Apache-2.0
/// \file
/// Signs that a training under low precision is about to fail: which tensor, and from what cause,
/// before its loss shows it. Rules are data; a watch applies them to the series of each tensor.
/// spec/monitors.md MON-5, MON-6.
#ifndef LOWP_TRAINING_DIVERGENCE_HPP
#define LOWP_TRAINING_DIVERGENCE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tensor_statistics.hpp"
#include "trend.hpp"

namespace lowp {

/// What of a tensor's statistics a rule looks at; all grow toward the worse, and are finite.
enum class monitored_quantity : std::uint8_t {
  not_finite,         ///< 1 if any number is, or has become, an infinity or NaN; else 0
  all_zero,           ///< 1 if there are numbers, and all are zeros; else 0
  saturated_share,    ///< part of the numbers that are not zero
  underflowed_share,  ///< part of the numbers that are not zero
  overfill,           ///< log2 of the greatest |x| by what its scale holds; at most 0: all fit
  unscaled_fill,      ///< the same of numbers without a scale; least where there is one
  crest,              ///< log2 of amax by the root of the mean square
  growth,             ///< log2 of amax
  noise,              ///< norm of the errors by the norm of the numbers
};

/// The number of a quantity.
inline double value_of(monitored_quantity q, const tensor_statistics& s) noexcept {
  constexpr double lowest = exponent_histogram::least - 1;
  const auto log2_of = [](double x) { return x > 0 ? std::min(std::log2(x), 1024.0) : lowest; };
  switch (q) {
    case monitored_quantity::not_finite: return s.not_finite + s.lost != 0 ? 1 : 0;
    case monitored_quantity::all_zero: return s.numbers != 0 && s.zeros == s.numbers ? 1 : 0;
    case monitored_quantity::saturated_share: return s.saturated_share();
    case monitored_quantity::underflowed_share: return s.underflowed_share();
    case monitored_quantity::overfill: return log2_of(static_cast<double>(s.fill));
    case monitored_quantity::unscaled_fill:
      return s.scales == exponent_histogram{} ? log2_of(static_cast<double>(s.fill)) : lowest;
    case monitored_quantity::crest: return s.crest();
    case monitored_quantity::growth: return log2_of(static_cast<double>(s.amax));
    case monitored_quantity::noise: return s.squares == 0 ? 0 : 1 / s.signal_to_error();
  }
  return 0;
}

/// Tensors that a rule is about, by what they are in a product.
struct watched_tensors {
  bool activations = true, weights = true, gradients = true;

  friend bool operator==(const watched_tensors&, const watched_tensors&) noexcept = default;
};

/// What a tensor is in the products of a layer.
enum class tensor_role : std::uint8_t { activations, weights, gradients };

/// How much a sign says.
enum class sign_severity : std::uint8_t {
  alarm,  ///< the healthy trainings of MON-6 have none
  note,   ///< they may have some: it says what goes on, or is coming, not that anything fails
};

/// The name of a severity, for messages and files.
inline const char* name_of(sign_severity s) noexcept {
  return s == sign_severity::alarm ? "alarm" : "note";
}

/// A range of another quantity, without its ends; any number where nothing is given.
struct sign_condition {
  monitored_quantity quantity = monitored_quantity::not_finite;
  double above = -std::numeric_limits<double>::infinity();
  double below = std::numeric_limits<double>::infinity();

  bool holds(const tensor_statistics& s) const noexcept {
    const double x = value_of(quantity, s);
    return x > above && x < below;
  }
};

/// When a quantity is a sign, at observations where both conditions hold. It is where it is beyond
/// `level` so many times in a row, or where it has risen within the window: the series passes the
/// test of Mann and Kendall, its slope makes at least `rise` over the window, and it is beyond
/// `floor`. MON-5.
struct divergence_rule {
  const char* name;
  monitored_quantity quantity;
  double level = std::numeric_limits<double>::infinity();
  std::uint32_t times = 1;
  double rise = std::numeric_limits<double>::infinity();
  double floor = -std::numeric_limits<double>::infinity();
  watched_tensors tensors = {};
  sign_condition where[2] = {};
  sign_severity severity = sign_severity::alarm;
  const char* cause;   ///< what it means, in words
  const char* source;  ///< of the thresholds
};

// One rule a row, kept by hand.
// clang-format off
/// The rules that a watch has where nobody says otherwise. Thresholds: MON-6.
inline constexpr divergence_rule all_divergence_rules[] = {
    {.name = "not_finite", .quantity = monitored_quantity::not_finite, .level = 0.5,
     .cause = "infinities or NaNs: something has overflowed, or came in", .source = "definition"},
    {.name = "zero_tensor", .quantity = monitored_quantity::all_zero, .level = 0.5,
     .cause = "all numbers are zero: nothing passes here", .source = "definition"},
    {.name = "overflow", .quantity = monitored_quantity::saturated_share, .level = 0.1, .times = 2, .rise = 0.04, .floor = 0.05,
     .cause = "more and more numbers are beyond what their scales hold", .source = "own: healthy runs have up to 0.052"},
    {.name = "scale_lag", .quantity = monitored_quantity::overfill, .level = 1, .times = 2, .rise = 0.5, .floor = 0.01,
     .cause = "numbers outgrow scales that were chosen from earlier steps, or not at all", .source = "own: twice what the scale holds"},
    {.name = "underflow", .quantity = monitored_quantity::underflowed_share, .level = 0.5, .times = 2, .rise = 0.1, .floor = 0.1,
     .where = {{.quantity = monitored_quantity::noise, .above = 0.3}, {.quantity = monitored_quantity::overfill, .below = -1}},
     .cause = "numbers become zero and their tensor is lost, though its scale has room above", .source = "own: errors of healthy runs are up to 0.253 of the norm"},
    {.name = "outliers", .quantity = monitored_quantity::crest, .level = 6, .times = 2, .rise = 1, .floor = 4,
     .where = {{.quantity = monitored_quantity::noise, .above = 0.3}, {.quantity = monitored_quantity::overfill, .above = -1}},
     .cause = "few numbers grow away from the others, take the scale with them, and the others are lost", .source = "own: Gaussian tensors have 1.7 to 2.3"},
    {.name = "noise", .quantity = monitored_quantity::noise, .level = 0.5773502691896258, .times = 2, .tensors = {.activations = false, .weights = false},
     .cause = "the error of gradients is more than 1/sqrt(3) of their norm", .source = "arXiv 2505.19115"},
    {.name = "headroom", .quantity = monitored_quantity::unscaled_fill, .rise = 1, .floor = -2, .severity = sign_severity::note,
     .cause = "numbers without a scale grow toward the greatest of their format", .source = "own: twice as great within the window, and above a quarter of it"},
    {.name = "rounded_to_zero", .quantity = monitored_quantity::underflowed_share, .level = 0.5, .times = 2, .rise = 0.1, .floor = 0.1,
     .where = {{.quantity = monitored_quantity::noise, .below = 0.3}}, .severity = sign_severity::note,
     .cause = "many small numbers become zero, of little weight in their tensor", .source = "own"},
    {.name = "growth", .quantity = monitored_quantity::growth, .rise = 2, .tensors = {.weights = false, .gradients = false}, .severity = sign_severity::note,
     .cause = "activations grow by powers of two within the window", .source = "own"},
};
// clang-format on

/// A sign that a rule saw.
struct divergence_signal {
  std::string tensor;
  const divergence_rule* rule;
  std::uint64_t step;
  double value;          ///< of the quantity now
  double before;         ///< at the beginning of the window
  trend of_window = {};  ///< of the window
  bool by_trend;         ///< else by its level
};

/// Watches the tensors of a training. Its state is the last `window` values of each quantity of
/// each tensor.
class divergence_watch {
 public:
  static constexpr std::size_t least_window = 6;

  /// `window`: observations that a trend is of, at least 6. `significance`: of z; 2.33 lets one
  /// series of chance in a hundred through. Rules are kept by reference. Throws
  /// std::invalid_argument.
  explicit divergence_watch(std::span<const divergence_rule> rules = all_divergence_rules,
                            std::size_t window = 8, double significance = 2.33)
      : rules_(rules), window_(window), significance_(significance) {
    if (window < least_window) {
      throw std::invalid_argument("divergence_watch: window is " + std::to_string(window) +
                                  ", must be at least 6: the test lets no shorter series through");
    }
  }

  /// The signs that these statistics of a tensor add. A sign is told once, and again only after it
  /// was gone.
  std::vector<divergence_signal> observe(const std::string& tensor, tensor_role role,
                                         std::uint64_t step, const tensor_statistics& s) {
    std::vector<divergence_signal> signals;
    for (const divergence_rule& r : rules_) {
      if (!is_about(r.tensors, role)) continue;
      series& kept = series_[{tensor, &r}];
      kept.values.push_back(value_of(r.quantity, s));
      if (kept.values.size() > window_) kept.values.erase(kept.values.begin());
      kept.held = r.where[0].holds(s) && r.where[1].holds(s) ? kept.held + 1 : 0;
      divergence_signal now = judge(r, kept);
      const bool is_sign = now.rule != nullptr;
      if (is_sign && !kept.told) {
        now.tensor = tensor;
        now.step = step;
        signals.push_back(std::move(now));
      }
      kept.told = is_sign;
    }
    return signals;
  }

 private:
  struct series {
    std::vector<double> values;
    std::uint64_t held = 0;  // observations on end at which the conditions hold
    bool told = false;
  };

  static bool is_about(const watched_tensors& t, tensor_role role) noexcept {
    switch (role) {
      case tensor_role::activations: return t.activations;
      case tensor_role::weights: return t.weights;
      case tensor_role::gradients: return t.gradients;
    }
    return false;
  }

  /// The rule of the result is null where there is no sign.
  divergence_signal judge(const divergence_rule& r, const series& kept) const {
    const std::vector<double>& x = kept.values;
    divergence_signal s{{}, nullptr, 0, x.back(), x.front(), {}, false};
    if (kept.held == 0) return s;
    const bool enough = x.size() >= r.times && kept.held >= r.times;
    if (enough && std::all_of(x.end() - r.times, x.end(), [&](double v) { return v > r.level; })) {
      s.rule = &r;
      return s;
    }
    if (x.size() < window_ || !(x.back() > r.floor)) return s;
    s.of_window = trend_of(x);
    const double rise = s.of_window.slope * static_cast<double>(window_ - 1);
    if (s.of_window.z > significance_ && rise >= r.rise) s.rule = &r, s.by_trend = true;
    return s;
  }

  std::span<const divergence_rule> rules_;
  std::size_t window_;
  double significance_;
  std::map<std::pair<std::string, const divergence_rule*>, series> series_;
};

}  // namespace lowp

#endif  // LOWP_TRAINING_DIVERGENCE_HPP
