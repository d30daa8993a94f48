// SPDX-License-Identifier: Apache-2.0
// lowp blocks: the registries of block formats, recipes and layouts. lowp block: numbers quantised
// as one block, taken apart.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/ggml/types.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/layout/scale_layouts.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

template <class Row, std::size_t N>
std::vector<std::string> names_in(const Row (&rows)[N]) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

int blocks_command() {
  fmt::print("{:<18} {:>8} {:>9} {:>9}  {:<22} {}\n", "format", "bits per", "block", "element",
             "recipe", "description");
  fmt::print("{:<18} {:>8} {:>9}\n", "", "element", "");
  for (const named_block_format& f : all_block_formats) {
    fmt::print("{:<18} {:>8.4g} {:>9} {:>6} bit  {:<22} {}\n", f.name,
               static_cast<double>(millibits_per_element(f)) / 1000,
               fmt::format("{}x{}", f.value.rows, f.value.columns), f.value.element.width, f.recipe,
               f.description);
  }
  fmt::print("\n{:<18} {:>8} {:>9}  {}\n", "ggml type", "bits per", "block", "source");
  for (const ggml_type& t : all_ggml_types) {
    fmt::print("{:<18} {:>8.4g} {:>9}  {}\n", t.name, 8.0 * t.bytes / t.elements, t.elements,
               t.source);
  }
  fmt::print("\n{:<26} {:<24} {}\n", "recipe", "used with", "description");
  for (const named_block_recipe& r : all_block_recipes) {
    fmt::print("{:<26} {:<24} {}\n", r.name, r.formats, r.description);
  }
  fmt::print("\n{:<26} {}\n", "layout", "used by");
  for (const named_block_layout& l : all_block_layouts)
    fmt::print("{:<26} {}\n", l.name, l.used_by);
  fmt::print("\n{:<26} {}\n", "layout of scales", "used by");
  for (const named_scale_layout& l : all_scale_layouts)
    fmt::print("{:<26} {}\n", l.name, l.used_by);
  return exit_fine;
}

struct arguments {
  std::string format;
  std::optional<std::string> recipe;
  std::vector<std::string> numbers;
};

template <class Row, std::size_t N>
const Row& row_of(const char* argument, const Row (&rows)[N], const std::string& name) {
  const Row* row = lowp::detail::find_row(rows, name.c_str());
  if (row != nullptr) return *row;
  throw usage_error(fmt::format("{}: no row of this registry is called '{:.80}'{}; see lowp blocks",
                                argument, name, nearest_text(name, names_in(rows))));
}

std::uint32_t number(const std::string& text) {
  const char* const first = text.data();
  const parsed p = parse(first, first + text.size(), formats::binary32);
  if (p.ok()) return static_cast<std::uint32_t>(p.code);
  throw usage_error(fmt::format("NUMBER: '{:.80}', character {}: {}", text, p.position - first + 1,
                                message(p.error)));
}

std::string real_text(std::uint32_t bits) { return shortest_text(formats::binary32, bits); }

int block_command(const arguments& a) {
  const named_block_format& row = row_of("FORMAT", all_block_formats, a.format);
  const block_format f = row;
  const std::string recipe = a.recipe.value_or(row.recipe);
  const block_recipe r = row_of("--recipe", all_block_recipes, recipe);
  if (const block_recipe_error e = check(f, r); e != block_recipe_error::none) {
    throw usage_error(fmt::format("--recipe: {} is none for {}: {}", recipe, row.name, message(e)));
  }
  const auto n = static_cast<int>(a.numbers.size());
  if (n > f.columns) {
    throw usage_error(
        fmt::format("NUMBER: {} numbers; a row of a block of {} has {}", n, row.name, f.columns));
  }
  std::vector<float> numbers;
  std::vector<float32> x;
  for (const std::string& text : a.numbers) {
    const std::uint32_t bits = number(text);
    numbers.push_back(std::bit_cast<float>(bits));
    x.push_back(float32::from_code(bits));
  }
  const matrix_shape shape{1, x.size()};
  const auto amax = outer_amax_of<float32>(r, {numbers.data(), x.size(), shape});
  const block_input<float32> in{x.data(), x.size(), 1, n};
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(block_elements(f)));
  const code_t scale = quantise_block(f, r, in, amax, codes.data());
  fmt::print("format    {}: {}\nrecipe    {}\n", row.name, row.description, recipe);
  fmt::print("scale     {} = {}\n", field_text(f.scale, scale_code(f, scale)),
             value_text(f.scale, scale_code(f, scale)));
  if (scale_bits(f) > f.scale.width) fmt::print("bits      0x{:x} with the levels\n", scale);
  exact outer = exact_finite(false, 1, 0);
  if (f.outer != outer_scale::none) {
    const float32 P = outer_scale_of(f, r, amax);
    outer = decode(P);
    fmt::print("outer     {} (of these numbers alone)\n", real_text(P.code()));
  }
  fmt::print("{:>16} {:>8} {:>12} {:>16}\n", "number", "code", "element", "value");
  for (std::size_t i = 0; i < x.size(); ++i) {
    const exact value = block_value(f, scale, codes[i], static_cast<int>(i), outer);
    fmt::print("{:>16} {:>8} {:>12} {:>16}\n", real_text(x[i].code()),
               field_text(f.element, codes[i]), value_text(f.element, codes[i]),
               real_text(static_cast<std::uint32_t>(encode(formats::binary32, value))));
  }
  return exit_fine;
}

}  // namespace

void add_blocks_command(CLI::App& app, int& status) {
  CLI::App* list = app.add_subcommand("blocks", "List block formats, recipes and layouts");
  on_run(app, *list, status, [] { return blocks_command(); });
  CLI::App* command = app.add_subcommand("block", "Quantise numbers as one block");
  const auto a = std::make_shared<arguments>();
  command->add_option("FORMAT", a->format, "A block format, as lowp blocks lists them")->required();
  command->add_option("NUMBER", a->numbers, "Numbers of the block; those behind them are absent")
      ->required();
  command->add_option("--recipe", a->recipe, "A recipe, as lowp blocks lists them");
  on_run(app, *command, status, [a] { return block_command(*a); });
}

}  // namespace lowp::tool
