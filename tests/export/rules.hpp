// SPDX-License-Identifier: Apache-2.0
/// \file
/// The vendors' rules and the projections of standards as JSON.
#ifndef LOWP_TESTS_EXPORT_RULES_HPP
#define LOWP_TESTS_EXPORT_RULES_HPP

#include <string>

#include <nlohmann/json.hpp>

#include <lowp/hardware/all_rules.hpp>

namespace lowp_export {

using json = nlohmann::ordered_json;

/// The name of an enumerator, from the names in their order.
template <class Enum, std::size_t N>
const char* name_in(const char* const (&names)[N], Enum e) {
  return names[static_cast<std::size_t>(e)];
}

inline const char* name_of(lowp::rounding e) {
  static constexpr const char* names[] = {
      "to_nearest_even", "to_nearest_away", "to_nearest_zero", "to_nearest_negative",
      "toward_zero",     "toward_positive", "toward_negative", "away_from_zero",
      "to_odd",          "stochastic_a",    "stochastic_b",    "stochastic_c"};
  return name_in(names, e);
}
inline const char* name_of(lowp::overflow_rule e) {
  static constexpr const char* names[] = {"ieee", "infinite", "saturate", "saturate_finite"};
  return name_in(names, e);
}
inline const char* name_of(lowp::no_infinity_rule e) {
  static constexpr const char* names[] = {"nan", "max_finite", "zero"};
  return name_in(names, e);
}
inline const char* name_of(lowp::nan_rule e) {
  static constexpr const char* names[] = {"quiet",       "all_ones",   "payload",    "payload_raw",
                                          "payload_one", "signalling", "max_finite", "zero"};
  return name_in(names, e);
}
inline const char* name_of(lowp::sign_rule e) {
  static constexpr const char* names[] = {"keep", "positive", "negative", "flip"};
  return name_in(names, e);
}
inline const char* name_of(lowp::negative_rule e) {
  static constexpr const char* names[] = {"clamp", "magnitude", "nan", "p3109", "clamp_finite"};
  return name_in(names, e);
}
inline const char* name_of(lowp::no_zero_rule e) {
  static constexpr const char* names[] = {"least", "nan"};
  return name_in(names, e);
}
inline const char* name_of(lowp::subnormal_input_rule e) {
  static constexpr const char* names[] = {"keep", "zero", "half_down", "least_normal"};
  return name_in(names, e);
}
inline const char* name_of(lowp::tininess_rule e) {
  static constexpr const char* names[] = {"after_rounding", "before_rounding"};
  return name_in(names, e);
}
inline const char* name_of(lowp::random_field e) {
  static constexpr const char* names[] = {"low", "high"};
  return name_in(names, e);
}
inline bool name_of(bool b) { return b; }
inline int name_of(std::uint8_t n) { return n; }

/// The members that differ from the default projection. The binding fails to compile when
/// `projection` gets a member that is not listed here.
inline json projection_json(const lowp::projection& p) {
  static constexpr lowp::projection normal;
  json j = json::object();
  const auto& [round, overflow, no_infinity, no_infinity_sign, nan, nan_sign, negative, no_zero,
               zero_sign, subnormal_input, flush_subnormal_result, tininess,
               overflow_before_rounding, odd_overflows, random_bits, random_from,
               normal_drops_random_bits] = p;
  const auto add = [&](const char* name, const auto& value, const auto& usual) {
    if (value != usual) j[name] = name_of(value);
  };
  add("round", round, normal.round);
  add("overflow", overflow, normal.overflow);
  add("no_infinity", no_infinity, normal.no_infinity);
  add("no_infinity_sign", no_infinity_sign, normal.no_infinity_sign);
  add("nan", nan, normal.nan);
  add("nan_sign", nan_sign, normal.nan_sign);
  add("negative", negative, normal.negative);
  add("no_zero", no_zero, normal.no_zero);
  add("zero_sign", zero_sign, normal.zero_sign);
  add("subnormal_input", subnormal_input, normal.subnormal_input);
  add("flush_subnormal_result", flush_subnormal_result, normal.flush_subnormal_result);
  add("tininess", tininess, normal.tininess);
  add("overflow_before_rounding", overflow_before_rounding, normal.overflow_before_rounding);
  add("odd_overflows", odd_overflows, normal.odd_overflows);
  add("random_bits", random_bits, normal.random_bits);
  add("random_from", random_from, normal.random_from);
  add("normal_drops_random_bits", normal_drops_random_bits, normal.normal_drops_random_bits);
  return j;
}

inline std::string format_name(const lowp::format& f) {
  const lowp::named_format* row = lowp::find_format(f);
  return row != nullptr ? row->name : "unregistered";
}

inline json rule_json(const lowp::conversion_rule& rule) {
  json j = {{"name", rule.name},
            {"policy", rule.origin.policy},
            {"vendor", rule.origin.vendor},
            {"evidence", lowp::name(rule.origin.mark)},
            {"source", rule.origin.source},
            {"from", format_name(rule.from)},
            {"to", format_name(rule.to)}};
  if (lowp::rounds_twice(rule)) {
    j["via"] = format_name(rule.via);
    j["first"] = projection_json(rule.first);
    j["last"] = projection_json(rule.last);
  } else {
    j["projection"] = projection_json(rule.last);
  }
  if (*rule.notes != 0) j["notes"] = rule.notes;
  return j;
}

inline json policy_json(const lowp::named_projection& policy) {
  return {{"name", policy.name},
          {"source", policy.source},
          {"projection", projection_json(policy.value)}};
}

}  // namespace lowp_export

#endif  // LOWP_TESTS_EXPORT_RULES_HPP
