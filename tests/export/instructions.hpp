// SPDX-License-Identifier: Apache-2.0
/// \file
/// The conversion instructions as JSON.
#ifndef LOWP_TESTS_EXPORT_INSTRUCTIONS_HPP
#define LOWP_TESTS_EXPORT_INSTRUCTIONS_HPP

#include <algorithm>
#include <string>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/instruction_names.hpp>

#include "rules.hpp"

namespace lowp_export {

/// A list without repetitions, or its only member.
inline json distinct(const json& all) {
  json list = json::array();
  for (const json& j : all) {
    if (std::find(list.begin(), list.end(), j) == list.end()) list.push_back(j);
  }
  return list.size() == 1 ? list[0] : list;
}

inline json layout_json(const lowp::register_layout& r) {
  json j = {{"bits", r.bits}, {"elements", r.elements}, {"slot", r.slot}};
  if (r.lift != 0) j["lift"] = r.lift;
  if (r.first != 0) j["first"] = r.first;
  if (r.step != 1) j["step"] = r.step;
  if (r.per_select != 0) j["per_select"] = r.per_select;
  return j;
}

inline json slices_json(const lowp::conversion_instruction& row) {
  json list = json::array();
  for (int i = 0; i < row.result.elements; ++i) {
    const lowp::random_slice& s = row.slices[i];
    json slice = {{"bytes", {s.high, s.low}}};
    if (s.reversed) slice["reversed"] = true;
    list.push_back(slice);
  }
  return list;
}

inline json instruction_json(const lowp::conversion_instruction& row) {
  json from, to, rounding, overflow, names, random_bits;
  for (int i = 0; i < lowp::rules_of(row.choice); ++i) {
    const lowp::conversion_rule& rule = *row.rules[i];
    from.push_back(format_name(rule.from));
    to.push_back(format_name(rule.to));
    names.push_back(rule.name);
    random_bits.push_back(rule.last.random_bits);
    for (const lowp::projection_member& m : lowp::members(rule.last)) {
      if (m.name == std::string("round")) rounding.push_back(m.value);
      if (m.name == std::string("overflow")) overflow.push_back(m.value);
    }
  }
  namespace option = lowp::instruction_option;
  const auto has = [&](std::uint8_t o) { return lowp::detail::has(row, o); };
  json j = {{"name", row.name},
            {"vendor", row.origin.vendor},
            {"target", row.target},
            {"evidence", lowp::name(row.origin.mark)},
            {"source", row.origin.source},
            {"from", distinct(from)},
            {"to", distinct(to)},
            {"rules", distinct(names)},
            {"rounding", distinct(rounding)},
            {"overflow", distinct(overflow)}};
  if (row.choice != lowp::rule_choice::only) j["chosen_by"] = lowp::name(row.choice);
  j["sources"] = row.sources;
  j["source_register"] = layout_json(row.source);
  j["result_register"] = layout_json(row.result);
  if (row.sources > 1 || row.order == lowp::source_order::deinterleaved) {
    j["order"] = lowp::name(row.order);
  }
  if (row.lengths != lowp::vector_length::fixed) j["lengths"] = lowp::name(row.lengths);
  if (row.scale != lowp::scale_kind::none) {
    j["scale"] = lowp::name(row.scale);
    j["scale_divides"] = has(option::scale_divides);
    if (row.scale_bits != 8) j["scale_bits"] = row.scale_bits;
  }
  if (row.random != lowp::random_origin::none) {
    j["random"] = lowp::name(row.random);
    j["random_bits"] = distinct(random_bits);
  }
  if (row.random == lowp::random_origin::slices) j["slices"] = slices_json(row);
  json options = json::array();
  if (has(option::relu)) options.push_back("relu");
  if (has(option::daz)) options.push_back("MXCSR.DAZ");
  if (has(option::fz)) options.push_back("FPCR.FZ");
  if (has(option::dn)) options.push_back("FPCR.DN");
  if (has(option::keeps_rest)) options.push_back("keeps the rest of the result register");
  if (!options.empty()) j["options"] = options;
  if (*row.notes != 0) j["notes"] = row.notes;
  return j;
}

}  // namespace lowp_export

#endif  // LOWP_TESTS_EXPORT_INSTRUCTIONS_HPP
