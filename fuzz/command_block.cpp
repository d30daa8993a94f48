// SPDX-License-Identifier: Apache-2.0
// lowp block: numbers quantised as one block, taken apart.
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "read_value.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

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
                                argument, name, nearest_row_text(name, rows)));
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
    const auto bits =
        static_cast<std::uint32_t>(read_value("NUMBER", formats::binary32, text).code);
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

void add_block_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("block", "Quantise numbers as one block")->group(group_compute);
  const auto a = std::make_shared<arguments>();
  command->add_option("FORMAT", a->format, "A block format, as lowp blocks lists them")->required();
  add_numbers(
      *command, "NUMBER", a->numbers,
      "Numbers of the block, or codes of binary32 (0x3f800000); those behind them are absent")
      ->required();
  command->add_option("--recipe", a->recipe, "A recipe, as lowp blocks lists them");
  on_run(app, *command, status, [a] { return block_command(*a); });
}

}  // namespace lowp::tool
