// SPDX-License-Identifier: Apache-2.0
// lowp mma: the registry of matrix units; one of them in words; one element of its result.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>
#include <lowp/hardware/mma/mma_members.hpp>
#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::optional<std::string> name, a, b, c, sa, sb;
  std::optional<std::string> only, zeros, k;
};

std::string format_text(const format& f) {
  const named_format* row = find_format(f);
  if (row != nullptr) return row->name;
  return fmt::format("e{}m{}", exponent_field_bits(f), trailing_bits(f));
}

std::string operands_text(const mma_model& m) {
  return fmt::format("{} x {} + {} -> {}", format_text(m.a), format_text(m.b), format_text(m.c),
                     format_text(m.d));
}

int list_models(const std::string& only) {
  bool any = false;
  for (const named_mma_model& row : all_mma_models) {
    if (std::string(row.name).find(only) == std::string::npos) continue;
    if (!any) {
      fmt::print("{:<68} {:>3} {:>5} {:<8} {:<11} {}\n", "name", "k", "group", "sum", "evidence",
                 "operands");
    }
    any = true;
    fmt::print("{:<68} {:>3} {:>5} {:<8} {:<11} {}\n", row.name, row.value.k, row.value.group,
               lowp::name(row.value.sum), lowp::name(row.origin.mark), operands_text(row.value));
  }
  if (any) return exit_fine;
  throw usage_error(fmt::format("--only: no model's name contains '{:.80}'", only));
}

const named_mma_model& find_model(const std::string& name) {
  if (const named_mma_model* row = find_mma_model(name.c_str())) return *row;
  std::vector<std::string> known;
  for (const named_mma_model& row : all_mma_models) known.emplace_back(row.name);
  throw usage_error(fmt::format("NAME: no matrix unit is called '{:.80}'{}; see lowp mma", name,
                                nearest_text(name, known)));
}

/// How a step adds, in a sentence.
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

std::string value_text(const mma_member& m) {
  switch (m.kind) {
    case mma_member_kind::enumerator:
    case mma_member_kind::boolean: return m.value;
    case mma_member_kind::number: return fmt::format("{}", m.number);
    case mma_member_kind::format: return format_text(m.f);
    case mma_member_kind::projection: break;
  }
  std::string text;
  for (const projection_member& p : members(m.p)) {
    if (p.is_default) continue;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", p.name,
                        p.value != nullptr ? p.value : fmt::format("{}", p.number));
  }
  return text.empty() ? "as IEEE 754 has it" : text;
}

int show_model(const named_mma_model& row) {
  const mma_model& m = row.value;
  fmt::print("name         {}\n", row.name);
  fmt::print("operands     {}\n", operands_text(m));
  fmt::print("products     {}, {} a step\n", m.k, m.group);
  fmt::print("step         {}\n", sum_text(m));
  fmt::print("accumulator  {} {}\n", format_text(m.accumulator), entry_text(m.entry));
  if (m.scale_block != 0) {
    fmt::print("scales       {}, one on each side for {} products\n", format_text(m.scale),
               m.scale_block);
  }
  fmt::print("evidence     {}: {}\n", lowp::name(row.origin.mark), row.origin.by);
  fmt::print("source       {}\n", row.origin.source);
  if (*row.notes != 0) fmt::print("notes        {}\n", row.notes);
  fmt::print("members      (others have their default)\n");
  for (const mma_member& member : members(m)) {
    if (!member.is_default) fmt::print("  {:<26} {}\n", member.name, value_text(member));
  }
  return exit_fine;
}

/// Codes of one argument, `width` bits each in as many digits as these need.
std::vector<code_t> read_codes(const char* argument, const std::string& text, std::size_t count,
                               int width, const char* what) {
  const auto digits = static_cast<std::size_t>(width + 3) / 4;
  const std::size_t bad = text.find_first_not_of("0123456789abcdefABCDEF");
  if (bad != std::string::npos) {
    throw usage_error(fmt::format("{}: '{:.80}', character {}: not a hexadecimal digit", argument,
                                  text, bad + 1));
  }
  if (text.size() != count * digits) {
    throw usage_error(fmt::format("{}: '{:.80}' has {} digits; {} {} of {} bits have {}", argument,
                                  text, text.size(), count, what, width, count * digits));
  }
  std::vector<code_t> codes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string one = text.substr(i * digits, digits);
    const code_t code = std::stoull(one, nullptr, 16);
    if (code > lowp::detail::low_mask(width)) {
      throw usage_error(
          fmt::format("{}: '{}', number {}, has more than {} bits", argument, one, i + 1, width));
    }
    codes.push_back(code);
  }
  return codes;
}

std::vector<code_t> read_scales(const char* argument, const std::optional<std::string>& text,
                                const mma_model& m, const char* name) {
  if (m.scale_block == 0) {
    if (!text) return {};
    throw usage_error(fmt::format("{}: '{:.80}': {} has no scales", argument, *text, name));
  }
  const auto count = static_cast<std::size_t>(m.k / m.scale_block);
  if (!text) {
    throw usage_error(
        fmt::format("{}: {} needs {} scales of {}", argument, name, count, format_text(m.scale)));
  }
  return read_codes(argument, *text, count, m.scale.width, "scales");
}

mma_model changed(const arguments& a, const named_mma_model& row) {
  mma_model m = row.value;
  if (a.k) {
    m = with_k(m, static_cast<int>(parse_integer("--k", *a.k, 1, most_products)));
    if (const mma_error e = check(m); e != mma_error::none) {
      throw usage_error(fmt::format("--k: {} is none for {}: {}", *a.k, row.name, message(e)));
    }
  }
  if (!a.zeros) return m;
  std::vector<std::string> known;
  for (const named_zero_rule& rule : all_zero_rules) {
    if (*a.zeros == rule.name) return with_zero_rule(m, rule.zeros);
    known.emplace_back(rule.name);
  }
  throw usage_error(fmt::format("--zeros: no rule is called '{:.80}'{} (rules: {})", *a.zeros,
                                nearest_text(*a.zeros, known), fmt::join(known, ", ")));
}

int compute(const arguments& a, const named_mma_model& row) {
  const mma_model m = changed(a, row);
  for (const auto& [argument, text] : {std::pair{"B", &a.b}, std::pair{"C", &a.c}}) {
    if (!*text) throw usage_error(fmt::format("{}: missing; A, B and C go together", argument));
  }
  const std::size_t k = m.k;
  const int width_a = m.one_bit ? 1 : stored_width(m, m.a);
  const int width_b = m.one_bit ? 1 : stored_width(m, m.b);
  const std::vector<code_t> x = read_codes("A", *a.a, k, width_a, "codes");
  const std::vector<code_t> y = read_codes("B", *a.b, k, width_b, "codes");
  const code_t c = read_codes("C", *a.c, 1, m.c.width, "code")[0];
  const std::vector<code_t> sa = read_scales("SA", a.sa, m, row.name),
                            sb = read_scales("SB", a.sb, m, row.name);
  const code_t d = multiply_add(m, x.data(), y.data(), c, sa.data(), sb.data());
  fmt::print("c  {} = {}\n", bits_text(m.c, c), tool::value_text(m.c, c));
  fmt::print("d  {} = {}\n", bits_text(m.d, d), tool::value_text(m.d, d));
  return exit_fine;
}

int mma_command(const arguments& a) {
  if (!a.name) {
    for (const auto& [option, text] : {std::pair{"--zeros", &a.zeros}, std::pair{"--k", &a.k}}) {
      if (*text) throw usage_error(fmt::format("{}: needs NAME, A, B and C", option));
    }
    return list_models(a.only.value_or(""));
  }
  if (a.only) throw usage_error("--only: lists models; leave NAME out");
  const named_mma_model& row = find_model(*a.name);
  if (a.a) return compute(a, row);
  if (a.zeros || a.k) {
    throw usage_error(fmt::format("{}: needs A, B and C", a.zeros ? "--zeros" : "--k"));
  }
  return show_model(row);
}

}  // namespace

void add_mma_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("mma", "List matrix units, show one, compute one element of its result");
  const auto a = std::make_shared<arguments>();
  command->add_option("NAME", a->name, "A matrix unit, as lowp mma lists them");
  command->add_option("A", a->a, "Codes of a row of A, hexadecimal, one after the other");
  command->add_option("B", a->b, "Codes of a column of B");
  command->add_option("C", a->c, "The code that is added");
  command->add_option("SA", a->sa, "Scales of the row, where the unit has them");
  command->add_option("SB", a->sb, "Scales of the column");
  command->add_option("--only", a->only, "List the units whose name contains this");
  command->add_option("--zeros", a->zeros, "The published rule for zeros: skipped or minus_126");
  command->add_option("--k", a->k, "Products of a shorter tile");
  on_run(app, *command, status, [a] { return mma_command(*a); });
}

}  // namespace lowp::tool
