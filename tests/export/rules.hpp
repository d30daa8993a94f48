// SPDX-License-Identifier: Apache-2.0
/// \file
/// The vendors' rules and the projections of standards as JSON.
#ifndef LOWP_TESTS_EXPORT_RULES_HPP
#define LOWP_TESTS_EXPORT_RULES_HPP

#include <string>

#include <nlohmann/json.hpp>

#include <lowp/hardware/all_rules.hpp>
#include <lowp/projection_members.hpp>

namespace lowp_export {

using json = nlohmann::ordered_json;

/// The members that differ from the default projection.
inline json projection_json(const lowp::projection& p) {
  json j = json::object();
  for (const lowp::projection_member& m : lowp::members(p)) {
    if (m.is_default) continue;
    if (m.kind == lowp::member_kind::boolean) {
      j[m.name] = m.number != 0;
    } else if (m.kind == lowp::member_kind::number) {
      j[m.name] = m.number;
    } else {
      j[m.name] = m.value;
    }
  }
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
