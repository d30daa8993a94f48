// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "code_text.hpp"
#include "explain.hpp"
#include "report.hpp"

namespace lowp::tool {

namespace {

using json = nlohmann::ordered_json;

json code_json(const format& f, code_t code) {
  return {{"format", format_name(f)},
          {"bits", bits_text(f, code)},
          {"value", value_text(f, code)},
          {"hex_value", hex_value_text(f, code)}};
}

// Of one result code an object, of several an array of them.
json codes_json(const std::vector<field>& fields, const std::vector<code_t>& codes) {
  if (codes.size() == 1) return code_json(code_format(fields, 0), codes[0]);
  json all = json::array();
  for (std::size_t k = 0; k < codes.size(); ++k) {
    all.push_back(code_json(code_format(fields, k), codes[k]));
    all.back()["result"] = code_name(fields, k);
  }
  return all;
}

json mismatch_json(const implementation& row, const mismatch& m) {
  json inputs = json::array();
  const std::vector<field> in = operand_fields(row.model);
  for (std::size_t k = 0; k < m.inputs.size(); ++k) {
    inputs.push_back(code_json(code_format(in, k), m.inputs[k]));
    inputs.back()["operand"] = code_name(in, k);
  }
  const std::vector<field> out = result_fields(row.model);
  return {
      {"inputs", inputs},
      {"expected", codes_json(out, m.expected)},
      {"got", codes_json(out, m.got)},
      {"batch", m.where.length == 0 ? json(nullptr)
                                    : json{{"index", m.where.place}, {"cases", m.where.length}}},
      {"explanation", explain(row, m)}};
}

json findings_json(const row_result& r) {
  json all = json::array();
  for (const golden::finding& f : r.findings) {
    const std::vector<field> in = operand_fields(r.row->model);
    const std::vector<field> out = result_fields(r.row->model);
    all.push_back({{"inputs", f.inputs},
                   {"cause", f.cause},
                   {"cases", f.cases},
                   {"example", f.example},
                   {"operands", codes_json(in, f.in)},
                   {"expected", codes_json(out, f.expected)},
                   {"got", codes_json(out, f.got)}});
  }
  return all;
}

json row_json(const row_result& r) {
  json known = json::array();
  for (const counted_difference& d : r.known) {
    known.push_back({{"what", d.what},
                     {"source", d.source},
                     {"count", d.count},
                     {"of", d.of_all_inputs ? "all inputs" : "cases run"},
                     {"kind", d.by_rule ? "rule" : "exception"}});
  }
  return {{"family", r.row->family},
          {"function", r.row->function},
          {"operation", operation_text(r.row->model)},
          {"rule", model_name(r.row->model)},
          {"source", model_source(r.row->model)},
          {"space_bits", r.space_bits},
          {"cases", r.cases},
          {"coverage", r.complete ? "all" : "sample"},
          {"mismatches", r.mismatches},
          {"failure", r.failure},
          {"faults", r.faults},
          {"findings", findings_json(r)},
          {"places", r.places},
          {"documented_differences", known},
          {"first_mismatch", r.first ? mismatch_json(*r.row, *r.first) : json(nullptr)},
          {"seconds", r.seconds}};
}

}  // namespace

std::string to_json(const report& r) {
  json rows = json::array();
  for (const row_result& row : r.rows) rows.push_back(row_json(row));
  json absent = json::array();
  for (const absent_family& a : r.absent) {
    absent.push_back({{"family", a.family}, {"reason", a.reason}});
  }
  const json all = {
      {"schema", "lowp-verify-1"},
      {"version", r.where.version},
      {"time", r.where.time},
      {"machine",
       {{"cpu", r.where.cpu}, {"system", r.where.system}, {"compiler", r.where.compiler}}},
      {"options",
       {{"budget_seconds", r.where.options.budget},
        {"ranks", r.where.ranks},
        {"threads", r.where.options.all_threads},
        {"seed", r.where.options.seed}}},
      {"summary",
       {{"operations", r.rows.size()},
        {"cases", r.cases()},
        {"unexplained_mismatches", r.unexplained()},
        {"not_checked_to_the_end", r.failures()},
        {"whose_calls_together_are_wrong", r.faulty()},
        {"seconds", r.where.seconds}}},
      {"results", rows},
      {"not_checked", absent}};
  return all.dump(2, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace lowp::tool
