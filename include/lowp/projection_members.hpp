// SPDX-License-Identifier: Apache-2.0
/// \file
/// The members of a projection as names and values, for tables, command lines and exports.
#ifndef LOWP_PROJECTION_MEMBERS_HPP
#define LOWP_PROJECTION_MEMBERS_HPP

#include <cstdint>
#include <type_traits>

#include "projection.hpp"

namespace lowp {

/// The name of an enumerator as it is written in C++.
LOWP_FN const char* name(rounding r) noexcept {
  switch (r) {
    case rounding::to_nearest_even: return "to_nearest_even";
    case rounding::to_nearest_away: return "to_nearest_away";
    case rounding::to_nearest_zero: return "to_nearest_zero";
    case rounding::to_nearest_negative: return "to_nearest_negative";
    case rounding::toward_zero: return "toward_zero";
    case rounding::toward_positive: return "toward_positive";
    case rounding::toward_negative: return "toward_negative";
    case rounding::away_from_zero: return "away_from_zero";
    case rounding::to_odd: return "to_odd";
    case rounding::stochastic_a: return "stochastic_a";
    case rounding::stochastic_b: return "stochastic_b";
    case rounding::stochastic_c: return "stochastic_c";
  }
  return "unknown";
}
LOWP_FN const char* name(overflow_rule r) noexcept {
  switch (r) {
    case overflow_rule::ieee: return "ieee";
    case overflow_rule::infinite: return "infinite";
    case overflow_rule::saturate: return "saturate";
    case overflow_rule::saturate_finite: return "saturate_finite";
  }
  return "unknown";
}
LOWP_FN const char* name(no_infinity_rule r) noexcept {
  switch (r) {
    case no_infinity_rule::nan: return "nan";
    case no_infinity_rule::max_finite: return "max_finite";
    case no_infinity_rule::zero: return "zero";
  }
  return "unknown";
}
LOWP_FN const char* name(nan_rule r) noexcept {
  switch (r) {
    case nan_rule::quiet: return "quiet";
    case nan_rule::all_ones: return "all_ones";
    case nan_rule::payload: return "payload";
    case nan_rule::payload_raw: return "payload_raw";
    case nan_rule::payload_one: return "payload_one";
    case nan_rule::signalling: return "signalling";
    case nan_rule::max_finite: return "max_finite";
    case nan_rule::zero: return "zero";
  }
  return "unknown";
}
LOWP_FN const char* name(sign_rule r) noexcept {
  switch (r) {
    case sign_rule::keep: return "keep";
    case sign_rule::positive: return "positive";
    case sign_rule::negative: return "negative";
    case sign_rule::flip: return "flip";
  }
  return "unknown";
}
LOWP_FN const char* name(negative_rule r) noexcept {
  switch (r) {
    case negative_rule::clamp: return "clamp";
    case negative_rule::magnitude: return "magnitude";
    case negative_rule::nan: return "nan";
    case negative_rule::p3109: return "p3109";
    case negative_rule::clamp_finite: return "clamp_finite";
  }
  return "unknown";
}
LOWP_FN const char* name(no_zero_rule r) noexcept {
  switch (r) {
    case no_zero_rule::least: return "least";
    case no_zero_rule::nan: return "nan";
  }
  return "unknown";
}
LOWP_FN const char* name(subnormal_input_rule r) noexcept {
  switch (r) {
    case subnormal_input_rule::keep: return "keep";
    case subnormal_input_rule::zero: return "zero";
    case subnormal_input_rule::half_down: return "half_down";
    case subnormal_input_rule::least_normal: return "least_normal";
  }
  return "unknown";
}
LOWP_FN const char* name(tininess_rule r) noexcept {
  switch (r) {
    case tininess_rule::after_rounding: return "after_rounding";
    case tininess_rule::before_rounding: return "before_rounding";
  }
  return "unknown";
}
LOWP_FN const char* name(random_field r) noexcept {
  switch (r) {
    case random_field::low: return "low";
    case random_field::high: return "high";
  }
  return "unknown";
}

LOWP_FN const char* name(operation_rules r) noexcept {
  switch (r) {
    case operation_rules::ieee754: return "ieee754";
    case operation_rules::p3109_4_0: return "p3109_4_0";
    case operation_rules::p3109_2026_07: return "p3109_2026_07";
  }
  return "unknown";
}

/// What the value of a member is.
enum class member_kind : std::uint8_t { enumerator, boolean, number };

/// One member of a projection.
struct projection_member {
  const char* name;
  member_kind kind;
  const char* value;  ///< enumerator, "true" or "false"; nullptr for a number
  int number;         ///< the value of a number; 0 or 1 for bool; else the enumerator's position
  bool is_default;
};

/// How many members a projection has; a new one is one line in `members` (the compiler asks for
/// it).
inline constexpr int projection_member_count = 17;

/// All members in the order of declaration.
struct projection_members {
  projection_member rows[projection_member_count];

  LOWP_FN const projection_member* begin() const noexcept { return rows; }
  LOWP_FN const projection_member* end() const noexcept { return rows + projection_member_count; }
};

namespace detail {

template <class Value>
LOWP_FN projection_member member(const char* text, Value value, Value standard) noexcept {
  const char* shown = nullptr;
  member_kind kind = member_kind::number;
  if constexpr (std::is_enum_v<Value>) {
    shown = name(value);
    kind = member_kind::enumerator;
  } else if constexpr (std::is_same_v<Value, bool>) {
    shown = value ? "true" : "false";
    kind = member_kind::boolean;
  }
  return {text, kind, shown, static_cast<int>(value), value == standard};
}

}  // namespace detail

/// The members of `p` with their values; print those where `is_default` is false.
LOWP_FN projection_members members(const projection& p) noexcept {
  constexpr projection standard{};
  // A structured binding fails to compile when a member is added and not listed here.
  const auto& [round, overflow, no_infinity, no_infinity_sign, nan, nan_sign, negative, no_zero,
               zero_sign, subnormal_input, flush_subnormal_result, tininess,
               overflow_before_rounding, odd_overflows, random_bits, random_from, rules] = p;
  using detail::member;
  return {{
      member("round", round, standard.round),
      member("overflow", overflow, standard.overflow),
      member("no_infinity", no_infinity, standard.no_infinity),
      member("no_infinity_sign", no_infinity_sign, standard.no_infinity_sign),
      member("nan", nan, standard.nan),
      member("nan_sign", nan_sign, standard.nan_sign),
      member("negative", negative, standard.negative),
      member("no_zero", no_zero, standard.no_zero),
      member("zero_sign", zero_sign, standard.zero_sign),
      member("subnormal_input", subnormal_input, standard.subnormal_input),
      member("flush_subnormal_result", flush_subnormal_result, standard.flush_subnormal_result),
      member("tininess", tininess, standard.tininess),
      member("overflow_before_rounding", overflow_before_rounding,
             standard.overflow_before_rounding),
      member("odd_overflows", odd_overflows, standard.odd_overflows),
      member("random_bits", random_bits, standard.random_bits),
      member("random_from", random_from, standard.random_from),
      member("rules", rules, standard.rules),
  }};
}

}  // namespace lowp

#endif  // LOWP_PROJECTION_MEMBERS_HPP
