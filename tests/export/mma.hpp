// SPDX-License-Identifier: Apache-2.0
/// \file
/// The models of matrix units as JSON.
#ifndef LOWP_TESTS_EXPORT_MMA_HPP
#define LOWP_TESTS_EXPORT_MMA_HPP

#include <string>

#include <fmt/format.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma_members.hpp>

#include "rules.hpp"

namespace lowp_export {

/// A format's name; those without one are IEEE-style here and go by their fields.
inline std::string format_text(const lowp::format& f) {
  const lowp::named_format* row = lowp::find_format(f);
  if (row != nullptr) return row->name;
  return fmt::format("e{}m{}", lowp::exponent_field_bits(f), lowp::trailing_bits(f));
}

inline json mma_value(const lowp::mma_member& m) {
  switch (m.kind) {
    case lowp::mma_member_kind::enumerator: return m.value;
    case lowp::mma_member_kind::boolean: return m.number != 0;
    case lowp::mma_member_kind::number: return m.number;
    case lowp::mma_member_kind::format: return format_text(m.f);
    case lowp::mma_member_kind::projection: break;
  }
  return projection_json(m.p);
}

/// The members that every row shows, others where they differ from their default.
inline bool always_shown(const std::string& name) {
  return name == "k" || name == "group" || name == "sum" || name == "entry";
}

inline json mma_json(const lowp::named_mma_model& row) {
  json model = json::object();
  for (const lowp::mma_member& m : lowp::members(row.value)) {
    if (!m.is_default || always_shown(m.name)) model[m.name] = mma_value(m);
  }
  json j = {{"name", row.name},    {"vendor", row.origin.vendor},
            {"model", model},      {"evidence", lowp::name(row.origin.mark)},
            {"by", row.origin.by}, {"source", row.origin.source}};
  if (*row.notes != 0) j["notes"] = row.notes;
  return j;
}

inline json zero_rule_json(const lowp::named_zero_rule& rule) {
  return {{"name", rule.name}, {"zeros", lowp::name(rule.zeros)}, {"source", rule.source}};
}

}  // namespace lowp_export

#endif  // LOWP_TESTS_EXPORT_MMA_HPP
