// SPDX-License-Identifier: Apache-2.0
// lowp show: codes or values of a format, taken apart, and what other formats make of them.
#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/lowp.hpp>
#include <lowp/operations.hpp>

#include "code_facts.hpp"
#include "code_text.hpp"
#include "command.hpp"
#include "format_names.hpp"
#include "read_value.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string format;
  std::vector<std::string> values;
  std::string as = "text";
};

double as_double(const exact& x) { return std::bit_cast<double>(encode(formats::binary64, x)); }

exact difference(const exact& x, const exact& y) {
  const exact operands[] = {x, y};
  return evaluate(operation::subtract, operands).value;
}

// What a format makes of a value.
struct held {
  bool exactly = false;
  std::string error;    // difference in whole numbers; empty where there is none to speak of
  double relative = 0;  // difference over value
  std::string outcome;  // "exact", "rounded", "overflow" ...
};

held held_as(const exact& x, const format& f, const encoded& e) {
  const exact y = decode(f, e.code);
  if (x.cls == number_class::nan || y.cls == number_class::nan) {
    const bool both = x.cls == y.cls;
    return {both, "", 0, both ? "NaN" : x.cls == number_class::nan ? "no NaN" : "becomes NaN"};
  }
  if (x.cls == number_class::infinity) {
    const bool same = y.cls == x.cls && y.negative == x.negative;
    return {same, "", 0, same ? "exact" : "no infinity"};
  }
  if (compare(x, y) == ordering::equal && !x.sticky) {
    const bool lost = x.negative != y.negative;
    return {!lost, "", 0, lost ? "sign of zero lost" : "exact"};
  }
  if (y.cls == number_class::infinity) return {false, "", 0, "overflow"};
  const exact error = difference(y, x);
  const double relative = as_double(error) / std::abs(as_double(x));
  if (x.cls == number_class::zero) return {false, ratio_text(error), INFINITY, "no zero"};
  return {false, ratio_text(error), relative,
          e.flags.has(status::overflow) ? "saturated"
          : y.cls == number_class::zero ? "becomes zero"
                                        : "rounded"};
}

std::string neighbour_text(const format& f, code_t code, code_t neighbour) {
  if (neighbour == code) return "none";
  const exact x = decode(f, code);
  const exact y = decode(f, neighbour);
  std::string text = fmt::format("{} = {}", bits_text(f, neighbour), value_text(f, neighbour));
  if (x.cls == number_class::infinity || y.cls == number_class::infinity) return text;
  exact d = difference(y, x);
  d.negative = false;
  return text + ", " + ratio_text(d) + " away";
}

std::vector<column> columns() {
  using namespace shown;
  std::vector<column> all{{.key = "input", .where = in_data},
                          {.key = "format"},
                          {.key = "outcome", .where = in_data},
                          {.key = "input", .where = in_records}};
  for (const column& c : code_columns()) all.push_back(c);
  all.push_back({.key = "below", .where = in_records});
  all.push_back({.key = "above", .where = in_records});
  all.push_back({.key = "below", .where = in_data});
  all.push_back({.key = "above", .where = in_data});
  all.push_back({.key = "error", .where = in_data});
  all.push_back({.key = "relative_error", .where = in_data});
  return all;
}

std::vector<cell> row_of(const std::string& input, const std::string& name, const format& f,
                         const std::string& outcome, const std::string& note, code_t code,
                         const held& h) {
  std::vector<cell> row{input, name, outcome, note};
  for (cell& c : code_cells(f, code)) row.push_back(std::move(c));
  const bool ordered = !is_nan(f, code);
  const code_t below = next_down(f, code);
  const code_t above = next_up(f, code);
  row.push_back(ordered ? cell{neighbour_text(f, code, below)} : cell{});
  row.push_back(ordered ? cell{neighbour_text(f, code, above)} : cell{});
  row.push_back(ordered && below != code ? cell{bits_text(f, below)} : cell{});
  row.push_back(ordered && above != code ? cell{bits_text(f, above)} : cell{});
  row.push_back(h.error.empty() ? cell{} : cell{h.error});
  row.push_back(h.error.empty() ? cell{} : cell{fmt::format("{:.6g}", h.relative)});
  return row;
}

std::string title_of(const arguments& a, const format& f) {
  const named_format* const row = find_format(f);
  if (row == nullptr) return fmt::format("{}, {} bits", a.format, f.width);
  return fmt::format("{} ({}), {} bits: {}", row->name, row->type_name, f.width, row->description);
}

// The other registered formats, once each, in the order of the registry.
std::vector<const named_format*> others(const format& f) {
  std::vector<const named_format*> out;
  for (const named_format& row : all_formats) {
    if (row.value != f && find_format(row.value) == &row) out.push_back(&row);
  }
  return out;
}

std::string percent_text(const held& h) {
  const bool counts = h.outcome == "rounded" || h.outcome == "becomes zero";
  if (!counts || !std::isfinite(h.relative)) return h.outcome;
  return fmt::format("{:+.3g} %", 100 * h.relative);
}

// All digits of few, else the leading ones.
std::string leading_text(const format& f, code_t code) {
  constexpr std::size_t readable = 12;
  if (std::string text = value_text(f, code); text.size() <= readable) return text;
  return fmt::format("{:.6g}", as_double(decode(f, code)));
}

// Who holds the value, and what the others have instead, the nearest first.
listing elsewhere(const format& f, code_t code) {
  struct group {
    double distance = 0;
    std::string value;
    std::string error;
    std::vector<std::string> formats;
  };
  const exact x = decode(f, code);
  std::vector<group> groups;
  for (const named_format* other : others(f)) {
    const encoded e = encode_with_status(other->value, x);
    const held h = held_as(x, other->value, e);
    const std::string value = leading_text(other->value, e.code);
    const std::string error = percent_text(h);
    auto at = std::find_if(groups.begin(), groups.end(),
                           [&](const group& g) { return g.value == value && g.error == error; });
    if (at == groups.end()) {
      const double distance = h.exactly ? -1 : h.error.empty() ? INFINITY : std::abs(h.relative);
      at = groups.insert(at, {distance, value, error, {}});
    }
    at->formats.push_back(fmt::format("{} {}", other->name, bits_text(other->value, e.code)));
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const group& a, const group& b) { return a.distance < b.distance; });
  listing l{{{.key = "value", .right = true},
             {.key = "error", .right = true},
             {.key = "formats", .heading = "in other formats, with their codes", .wraps = true}},
            {}};
  for (const group& g : groups) {
    l.rows.push_back({g.value, g.error, g.formats});
  }
  return l;
}

int show_command(const arguments& a) {
  const output_format as = parse_output_format(a.as);
  const format f = parse_format_argument(a.format);
  std::vector<value_argument> values;
  for (const std::string& text : a.values) values.push_back(read_value("VALUE", f, text));
  listing l{columns(), {}};
  constexpr std::size_t widest = 100;
  const std::size_t width = std::min(line_width(), widest);
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const value_argument& v = values[i];
    const std::string given = fmt::format("{:.80}", a.values[i]);
    const std::string note =
        v.is_code ? "" : given + (v.is_exact ? ": exact" : ": rounded to nearest, ties to even");
    if (as == output_format::text) {
      l.rows = {row_of(given, title_of(a, f), f, "", note, v.code, {})};
      text += (i == 0 ? "" : "\n") + to_record(l, 0, width) + "\n" +
              to_text(elsewhere(f, v.code), width);
      continue;
    }
    l.rows.push_back(row_of(given, format_text(f), f,
                            v.is_code    ? "code"
                            : v.is_exact ? "exact"
                                         : "rounded",
                            note, v.code, {}));
    const exact x = decode(f, v.code);
    for (const named_format* other : others(f)) {
      const encoded e = encode_with_status(other->value, x);
      const held h = held_as(x, other->value, e);
      l.rows.push_back(row_of(given, other->name, other->value, h.outcome, "", e.code, h));
    }
  }
  print(as == output_format::text ? text : to_string(l, as));
  return exit_fine;
}

}  // namespace

void add_show_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("show", "Take codes or values of a format apart")->group(group_look_up);
  const auto a = std::make_shared<arguments>();
  command->add_option("FORMAT", a->format, "Any name of a format, as lowp formats lists them")
      ->required();
  add_numbers(*command, "VALUE", a->values,
              "Codes (0x7e, 0b01111110), or numbers (0.3, -inf, 0x1.8p-3), which are rounded to "
              "the format")
      ->required();
  add_output_option(*command, a->as);
  command->footer(
      "Text: the fields, the value (decimal, in whole numbers, as a hexadecimal float), the codes\n"
      "below and above, and what every other format makes of the value, to nearest, ties to even.\n"
      "CSV, JSON and Markdown: a row for the format and for each other one.");
  on_run(app, *command, status, [a] { return show_command(*a); });
}

}  // namespace lowp::tool
