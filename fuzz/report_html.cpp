// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <fmt/format.h>

#include "code_text.hpp"
#include "explain.hpp"
#include "map_svg.hpp"
#include "report.hpp"

namespace lowp::tool {

namespace {

// One page without scripts and without anything from elsewhere.
constexpr const char* head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lowp verify</title>
<style>
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6570; --paper: #ffffff; --band: #f4f6f8;
  --line: #d5dbe1; --good: #146c2e; --bad: #b3261e; --badband: #fdecea; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7eb; --soft: #9aa5b1; --paper: #14171a; --band: #1d2226; --line: #343b42;
    --good: #6fd08c; --bad: #ff8a80; --badband: #3a1a18; } }
body { margin: 0 auto; padding: 1.5rem; max-width: 100rem; color: var(--ink); background: var(--paper);
  font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.verdict { font-weight: 600; margin: 0 0 1rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line);
  white-space: nowrap; }
th, td { padding: .3rem .6rem; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
tbody tr:nth-child(even) { background: var(--band); }
tbody tr.failed { background: var(--badband); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.nowrap { white-space: nowrap; }
.note { color: var(--soft); font-size: .9em; }
summary { cursor: pointer; }
pre { margin: .4rem 0; white-space: pre-wrap; font: 13px/1.45 ui-monospace, monospace; }
.map { max-width: 100%; height: auto; }
.mismatch { border-left: 4px solid var(--bad); background: var(--badband); padding: .5rem 1rem; margin: .75rem 0; }
</style>
</head>
<body>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string environment_html(const report& r) {
  const environment& e = r.where;
  return fmt::format(
      "<dl><dt>Processor</dt><dd>{}</dd><dt>System</dt><dd>{}</dd><dt>Compiler</dt><dd>{}</dd>"
      "<dt>lowp</dt><dd>{}</dd><dt>Run</dt><dd>{}, {:.1f} s (budget {} s), {}, seed {}</dd>"
      "<dt>Cases</dt><dd>{} in {} operations</dd></dl>\n",
      escaped(e.cpu), escaped(e.system), escaped(e.compiler), escaped(e.version), e.time, e.seconds,
      e.options.budget, threads_text(e), e.options.seed, count_text(r.cases()), r.rows.size());
}

std::string differences_html(const row_result& row) {
  std::string text;
  for (const counted_difference& d : row.known) {
    if (d.count == 0) continue;
    fmt::format_to(std::back_inserter(text), "<div><span class=\"nowrap\">{}{}</span>: {}</div>",
                   count_text(d.count), d.of_all_inputs ? "" : " seen", escaped(d.what));
  }
  return text;
}

std::string details_html(const row_result& row) {
  const auto* rule = std::get_if<conversion_rule>(&row.row->model);
  std::string text;
  const auto out = std::back_inserter(text);
  if (rule != nullptr) {
    fmt::format_to(out, "golden model: conversion rule {}\nevidence: {}, {}\n", rule->name,
                   name(rule->origin.mark), rule->origin.source);
    if (rule->notes[0] != '\0') fmt::format_to(out, "note: {}\n", rule->notes);
  } else {
    fmt::format_to(out, "golden model: {}\nsource: {}\n", model_name(row.row->model),
                   model_source(row.row->model));
  }
  fmt::format_to(out, "inputs: 2^{}, run: {} ({}), {:.2f} s\n", row.space_bits,
                 count_text(row.cases), row.complete ? "all" : "directed and sampled", row.seconds);
  for (const counted_difference& d : row.known) {
    fmt::format_to(out, "{}: {} of {}, {}\n  source: {}\n", d.what, count_text(d.count),
                   d.of_all_inputs ? "all inputs" : "the cases run",
                   d.by_rule ? "part of the golden model" : "an exception to the golden model",
                   d.source);
  }
  return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>",
                     escaped(operation_text(row.row->model)), escaped(text));
}

std::string mismatches_html(const report& r) {
  std::string text;
  for (const row_result& row : r.rows) {
    std::vector<std::string> words = row.faults;
    if (!row.first) {
      for (std::string& line : finding_lines(row)) words.push_back(std::move(line));
    }
    if (!row.failure.empty()) words.insert(words.begin(), row.failure);
    for (const std::string& w : words) {
      fmt::format_to(std::back_inserter(text),
                     "<div class=\"mismatch\"><strong>{} {}</strong>, {}: {}</div>\n",
                     escaped(row.row->family), escaped(row.row->function),
                     escaped(operation_text(row.row->model)), escaped(w));
    }
  }
  for (const row_result& row : r.rows) {
    if (!row.first) continue;
    std::vector<std::string> lines = explain(*row.row, *row.first);
    for (std::string& line : place_lines(row)) lines.push_back(std::move(line));
    for (std::string& line : finding_lines(row)) lines.push_back(std::move(line));
    fmt::format_to(std::back_inserter(text),
                   "<div class=\"mismatch\"><strong>{} {}</strong>, {}: {} of {} cases, the first:"
                   "<pre>{}</pre>{}</div>\n",
                   escaped(row.row->family), escaped(row.row->function),
                   escaped(operation_text(row.row->model)), count_text(row.mismatches),
                   count_text(row.cases), escaped(fmt::format("{}", fmt::join(lines, "\n"))),
                   row.map ? to_svg(*row.map) : "");
  }
  return text.empty() ? text : "<h2>Faults</h2>\n" + text;
}

}  // namespace

std::string to_html(const report& r) {
  std::string page = head;
  const auto out = std::back_inserter(page);
  const bool good = r.good();
  fmt::format_to(out, "<h1>lowp verify</h1>\n<p class=\"verdict {}\">{}</p>\n",
                 good ? "good" : "bad", verdict_text(r));
  page += environment_html(r);
  page += mismatches_html(r);
  page +=
      "<h2>Results</h2>\n<div class=\"wide\"><table><thead><tr><th>Implementation</th>"
      "<th>Operation (open for details)</th><th class=\"number\">Cases</th>"
      "<th class=\"number\">Mismatches</th><th>Documented differences</th></tr></thead>"
      "<tbody>\n";
  for (const row_result& row : r.rows) {
    fmt::format_to(out,
                   "<tr{}><td>{} {}</td><td>{}</td><td class=\"number\">{}</td>"
                   "<td class=\"number {}\">{}</td><td>{}</td></tr>\n",
                   row.good() ? "" : " class=\"failed\"", escaped(row.row->family),
                   escaped(row.row->function), details_html(row), cases_text(row),
                   row.good() ? "good" : "bad", count_text(row.mismatches), differences_html(row));
  }
  page += "</tbody></table></div>\n";
  page +=
      "<p class=\"note\">\"all\": every input was run. \"N of 2^k\": directed inputs (around every "
      "boundary of the result, special codes) and a seeded sample, as far as the budget went. A "
      "documented difference is part of the golden model of its row, or an exception to it with "
      "its "
      "source; neither is a mismatch, and both are counted.</p>\n";
  if (!r.absent.empty()) {
    page += "<h2>Not checked</h2>\n<dl>";
    for (const absent_family& a : r.absent) {
      fmt::format_to(out, "<dt>{}</dt><dd>{}</dd>", escaped(a.family), escaped(a.reason));
    }
    page += "</dl>\n";
  }
  page += "</body>\n</html>\n";
  return page;
}

}  // namespace lowp::tool
