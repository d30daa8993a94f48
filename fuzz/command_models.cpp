// SPDX-License-Identifier: Apache-2.0
// lowp models: the matrix units, in words and member by member.
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma_members.hpp>

#include "format_names.hpp"
#include "model_words.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

// How a step adds, in a sentence.
std::string sum_text(const mma_model& m) {
  const bool after = m.entry == accumulator_entry::after_step;
  switch (m.sum) {
    case mma_sum::aligned:
      if (after) {
        return fmt::format(
            "products are cut {} bits below their greatest exponent and added; their sum ({} bits) "
            "and the accumulator ({}) are cut again below the greater exponent and added, rounded "
            "once",
            m.kept_bits, m.kept_sum, m.kept_c);
      }
      return fmt::format(
          "products and accumulator are cut {} bits below their greatest exponent, added exactly "
          "and rounded once",
          m.kept_bits);
    case mma_sum::exact:
      return m.entry != accumulator_entry::in_step
                 ? "products are added exactly and rounded once, then added to the accumulator"
                 : "products and accumulator are added exactly and rounded once";
    case mma_sum::chain: return "one product after the other, each addition rounded";
    case mma_sum::tree:
      return "products are added in pairs, these in pairs and so on, each sum rounded, then added "
             "to the accumulator";
    case mma_sum::gaudi2:
      return fmt::format(
          "products are cut {} bits below their greatest exponent and added; the accumulator is "
          "added in a window of 62 bits, rounded once",
          m.kept_bits);
    case mma_sum::integer:
      return fmt::format("integers, exactly; 32 bits {}", lowp::name(m.overflow));
  }
  return "";
}

const char* entry_text(accumulator_entry e) {
  switch (e) {
    case accumulator_entry::in_step: return "enters with the products of the first step";
    case accumulator_entry::after_step: return "is added to the sum of each step";
    case accumulator_entry::after_all: return "is added at the end; steps begin with +0";
  }
  return "";
}

// The result has the format of C unless the text says otherwise.
std::string operands_text(const mma_model& m) {
  const std::string text =
      fmt::format("{} x {} + {}", format_text(m.a), format_text(m.b), format_text(m.c));
  return m.d == m.c ? text : text + " > " + format_text(m.d);
}

std::vector<cell> row_of(const named_mma_model& row) {
  const mma_model& m = row.value;
  return {row.name,
          std::int64_t{m.k},
          std::int64_t{m.group},
          lowp::name(m.sum),
          lowp::name(row.origin.mark),
          operands_text(m),
          sum_text(m),
          fmt::format("{} {}", format_text(m.accumulator), entry_text(m.entry)),
          m.scale_block == 0 ? cell{}
                             : cell{fmt::format("{}, one on each side for {} products",
                                                format_text(m.scale), m.scale_block)},
          row.origin.by,
          row.notes,
          row.origin.source,
          model_words(m)};
}

listing all_rows() {
  using namespace shown;
  listing l{{{.key = "model"},
             {.key = "k"},
             {.key = "group"},
             {.key = "sum"},
             {.key = "evidence"},
             {.key = "operands", .where = in_full},
             {.key = "step", .where = in_full},
             {.key = "accumulator", .where = in_full},
             {.key = "scales", .where = in_full},
             {.key = "found_by", .where = in_full},
             {.key = "notes", .where = in_full},
             {.key = "source", .where = in_full},
             {.key = "members", .where = in_full}},
            {}};
  for (const named_mma_model& row : all_mma_models) l.rows.push_back(row_of(row));
  return l;
}

}  // namespace

void add_models_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "models",
                        .row = "model",
                        .description = "List matrix units: k products an instruction, group a step",
                        .rows = all_rows});
}

}  // namespace lowp::tool
