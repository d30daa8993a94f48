// SPDX-License-Identifier: Apache-2.0
// Registries of blocks and layouts: every row has a name that finds it, and a source.
#include <string_view>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/ggml/types.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/layout/scale_layouts.hpp>

#include "support/registry_rows.hpp"

namespace {

TEST_CASE("LAY-5 LAY-7 layouts by name") {
  check_rows(lowp::all_scale_layouts, lowp::find_scale_layout);
  check_rows(lowp::all_block_layouts, lowp::find_block_layout);
  static_assert(lowp::find_scale_layout("tile_128x4")->value == lowp::scale_layouts::tile_128x4);
}

TEST_CASE("BLS-6 BLS-15 formats and recipes by name") {
  check_rows(lowp::all_block_formats, lowp::find_block_format);
  check_rows(lowp::all_block_recipes, lowp::find_block_recipe);
}

TEST_CASE("GGM-1 types and variants by name") {
  const auto is_ggml_name = [](std::string_view name) {
    return is_identifier(name.ends_with("_K") ? name.substr(0, name.size() - 1) : name);
  };
  check_rows(lowp::all_ggml_types, lowp::find_ggml_type, is_ggml_name);
  check_rows(lowp::all_ggml_variants, lowp::find_ggml_type, is_ggml_name);
}

}  // namespace
