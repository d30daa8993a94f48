// SPDX-License-Identifier: Apache-2.0
// lowp model: one element of the result of a matrix unit.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "format_names.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string name, a, b, c;
  std::optional<std::string> sa, sb, zeros, k;
};

const named_mma_model& find_model(const std::string& name) {
  if (const named_mma_model* row = find_mma_model(name.c_str())) return *row;
  throw usage_error(fmt::format("NAME: no matrix unit is called '{:.80}'{}; see lowp models", name,
                                nearest_row_text(name, all_mma_models)));
}

// Codes of one argument, `width` bits each in as many digits as these need.
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
  for (const named_zero_rule& rule : all_zero_rules) {
    if (*a.zeros == rule.name) return with_zero_rule(m, rule.zeros);
  }
  throw usage_error(fmt::format("--zeros: no rule is called '{:.80}'{} (skipped or minus_126)",
                                *a.zeros, nearest_row_text(*a.zeros, all_zero_rules)));
}

int model_command(const arguments& a) {
  const named_mma_model& row = find_model(a.name);
  const mma_model m = changed(a, row);
  const std::size_t k = m.k;
  const int width_a = m.one_bit ? 1 : stored_width(m, m.a);
  const int width_b = m.one_bit ? 1 : stored_width(m, m.b);
  const std::vector<code_t> x = read_codes("A", a.a, k, width_a, "codes");
  const std::vector<code_t> y = read_codes("B", a.b, k, width_b, "codes");
  const code_t c = read_codes("C", a.c, 1, m.c.width, "code")[0];
  const std::vector<code_t> sa = read_scales("SA", a.sa, m, row.name),
                            sb = read_scales("SB", a.sb, m, row.name);
  const code_t d = multiply_add(m, x.data(), y.data(), c, sa.data(), sb.data());
  fmt::print("c  {} = {}\n", bits_text(m.c, c), value_text(m.c, c));
  fmt::print("d  {} = {}\n", bits_text(m.d, d), value_text(m.d, d));
  return exit_fine;
}

}  // namespace

void add_model_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("model", "Compute one element as a matrix unit does")
                          ->group(group_compute);
  const auto a = std::make_shared<arguments>();
  command->add_option("NAME", a->name, "A matrix unit, as lowp models lists them")->required();
  command
      ->add_option("A", a->a,
                   "Codes of a row of A, hexadecimal, one after the other, with leading zeros")
      ->required();
  command->add_option("B", a->b, "Codes of a column of B")->required();
  command->add_option("C", a->c, "The code that is added")->required();
  command->add_option("SA", a->sa, "Scales of the row, where the unit has them");
  command->add_option("SB", a->sb, "Scales of the column");
  command->add_option("--zeros", a->zeros, "The published rule for zeros: skipped or minus_126");
  command->add_option("--k", a->k, "Products of a shorter tile");
  on_run(app, *command, status, [a] { return model_command(*a); });
}

}  // namespace lowp::tool
