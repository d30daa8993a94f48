// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "code_text.hpp"
#include "explain.hpp"
#include "report.hpp"

namespace lowp::tool {

std::string cases_text(const row_result& row) {
  if (row.complete) return fmt::format("all 2^{}", row.space_bits);
  return fmt::format("{} of 2^{}", count_text(row.cases), row.space_bits);
}

std::vector<std::string> place_lines(const row_result& row) {
  std::vector<std::string> lines;
  const bool matters = !row.places.empty() || !row.faults.empty();
  if (matters && row.first && row.first->where.length != 0) {
    lines.push_back(fmt::format("at index {} of a batch of {}", row.first->where.place,
                                row.first->where.length));
  }
  if (!row.places.empty()) {
    lines.push_back(fmt::format("in short batches all lie at {}", row.places));
  }
  return lines;
}

std::vector<std::string> finding_lines(const row_result& row) {
  std::vector<std::string> lines;
  for (const golden::finding& f : row.findings) {
    lines.push_back(fmt::format("{}: {}", f.cause.empty() ? "not explained" : "cause",
                                f.cause.empty() ? f.inputs : f.cause));
    if (!f.cause.empty()) lines.push_back(fmt::format("  {}", f.inputs));
    if (!f.example.empty()) lines.push_back(fmt::format("  {}", f.example));
  }
  return lines;
}

std::string to_text(const report& r) {
  std::string text;
  const auto out = std::back_inserter(text);
  std::size_t name = 14;
  std::size_t operation = 9;
  std::size_t cases = 5;
  for (const row_result& row : r.rows) {
    name = std::max(name, row.row->family.size() + 1 + row.row->function.size());
    operation = std::max(operation, operation_text(row.row->model).size());
    cases = std::max(cases, cases_text(row).size());
  }
  fmt::format_to(out, "{:<{}}  {:<{}}  {:>{}}  {:>10}  {}\n", "implementation", name, "operation",
                 operation, "cases", cases, "mismatches", "documented differences");
  // Equal texts get one number, explained below the table.
  std::map<std::string, int> numbers;
  std::vector<std::string> notes;
  for (const row_result& row : r.rows) {
    std::string known;
    for (const counted_difference& d : row.known) {
      if (d.count == 0) continue;
      const std::string note = fmt::format(
          "{} [{}]", d.by_rule ? d.what + ": the rule that is checked here" : d.what, d.source);
      const auto [at, added] = numbers.emplace(note, static_cast<int>(notes.size()) + 1);
      if (added) notes.push_back(note);
      fmt::format_to(std::back_inserter(known), "{}{}{} ({})", known.empty() ? "" : ", ",
                     count_text(d.count), d.of_all_inputs ? "" : " seen", at->second);
    }
    fmt::format_to(out, "{:<{}}  {:<{}}  {:>{}}  {:>10}  {}\n",
                   row.row->family + " " + row.row->function, name, operation_text(row.row->model),
                   operation, cases_text(row), cases, count_text(row.mismatches), known);
  }
  if (!notes.empty()) {
    text +=
        "\nDocumented differences from the default (IEEE 754, gradual underflow, NaN becomes the "
        "plain quiet NaN of its sign).\nThe number of cases is in the table; \"seen\": of those "
        "that were run, else of all inputs.\n";
    for (std::size_t i = 0; i < notes.size(); ++i) {
      fmt::format_to(out, "  ({}) {}\n", i + 1, notes[i]);
    }
  }
  for (const row_result& row : r.rows) {
    if (row.failure.empty()) continue;
    fmt::format_to(out, "\nFAILED {} {}, {}: {}\n", row.row->family, row.row->function,
                   operation_text(row.row->model), row.failure);
  }
  for (const row_result& row : r.rows) {
    for (const std::string& fault : row.faults) {
      fmt::format_to(out, "\nFAULT {} {}, {}: {}\n", row.row->family, row.row->function,
                     operation_text(row.row->model), fault);
    }
  }
  for (const row_result& row : r.rows) {
    if (!row.first) continue;
    fmt::format_to(out, "\nMISMATCH {} {}, {}: {} of {} cases, the first:\n", row.row->family,
                   row.row->function, operation_text(row.row->model), count_text(row.mismatches),
                   count_text(row.cases));
    for (const std::string& line : explain(*row.row, *row.first)) {
      fmt::format_to(out, "  {}\n", line);
    }
    for (const std::string& line : place_lines(row)) fmt::format_to(out, "  {}\n", line);
    for (const std::string& line : finding_lines(row)) fmt::format_to(out, "  {}\n", line);
  }
  for (const row_result& row : r.rows) {
    if (row.first || row.findings.empty()) continue;
    fmt::format_to(out, "\nFAULT {} {}, {}:\n", row.row->family, row.row->function,
                   operation_text(row.row->model));
    for (const std::string& line : finding_lines(row)) fmt::format_to(out, "  {}\n", line);
  }
  if (!r.absent.empty()) {
    text += "\nNot checked:\n";
    for (const absent_family& a : r.absent) fmt::format_to(out, "  {}: {}\n", a.family, a.reason);
  }
  const auto complete = std::count_if(r.rows.begin(), r.rows.end(),
                                      [](const row_result& row) { return row.complete; });
  fmt::format_to(out,
                 "\n{} operations checked, {} on all inputs, {} on a sample (seed {}); {} cases in "
                 "{:.1f} s on {}\n",
                 r.rows.size(), complete, static_cast<std::ptrdiff_t>(r.rows.size()) - complete,
                 r.where.options.seed, count_text(r.cases()), r.where.seconds,
                 threads_text(r.where));
  fmt::format_to(out, "{}\n", verdict_text(r));
  return text;
}

}  // namespace lowp::tool
