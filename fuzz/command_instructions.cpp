// SPDX-License-Identifier: Apache-2.0
// lowp instructions: the conversion instructions.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/instruction_names.hpp>

#include "format_names.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

// What `of` says of each rule of the row, without repetitions.
template <class Of>
std::vector<std::string> of_rules(const conversion_instruction& row, Of of) {
  std::vector<std::string> words;
  for (int i = 0; i < rules_of(row.choice); ++i) {
    const std::string word = of(*row.rules[i]);
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

cell unless(bool absent, const std::string& text) { return absent ? cell{} : cell{text}; }

std::string registers_text(const conversion_instruction& row) {
  return fmt::format("{} of {} bits to {} bits", source_registers(row), row.source.bits,
                     row.result.bits);
}

std::vector<cell> row_of(const conversion_instruction& row) {
  const auto from = of_rules(row, [](const conversion_rule& r) { return format_text(r.from); });
  const auto to = of_rules(row, [](const conversion_rule& r) { return format_text(r.to); });
  return {row.name,
          std::int64_t{elements_of(row)},
          fmt::format("{} > {}", fmt::join(from, ", "), fmt::join(to, ", ")),
          from,
          to,
          row.origin.vendor,
          row.target,
          name(row.origin.mark),
          registers_text(row),
          unless(row.lengths == vector_length::fixed, name(row.lengths)),
          unless(row.sources < 2, name(row.order)),
          of_rules(row, [](const conversion_rule& r) { return std::string(r.name); }),
          unless(row.choice == rule_choice::only, name(row.choice)),
          unless(row.scale == scale_kind::none, name(row.scale)),
          unless(row.random == random_origin::none, name(row.random)),
          row.notes,
          row.origin.source};
}

listing all_rows() {
  using namespace shown;
  listing l{{{.key = "instruction"},
             {.key = "elements"},
             {.key = "formats", .where = in_tables, .wraps = true},
             {.key = "from", .where = in_full},
             {.key = "to", .where = in_full},
             {.key = "vendor", .where = in_full},
             {.key = "target", .wraps = true},
             {.key = "evidence", .where = in_full},
             {.key = "registers", .where = in_full},
             {.key = "lengths", .where = in_full},
             {.key = "order", .where = in_full},
             {.key = "rules", .where = in_full, .is_name = true},
             {.key = "chosen_by", .where = in_full},
             {.key = "scale", .where = in_full},
             {.key = "random", .where = in_full},
             {.key = "notes", .where = in_full},
             {.key = "source", .where = in_full}},
            {}};
  for (const conversion_instruction& row : all_conversion_instructions) {
    l.rows.push_back(row_of(row));
  }
  return l;
}

}  // namespace

void add_instructions_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "instructions",
                        .row = "instruction",
                        .description = "List conversion instructions of processors and GPUs",
                        .rows = all_rows});
}

}  // namespace lowp::tool
