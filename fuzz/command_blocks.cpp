// SPDX-License-Identifier: Apache-2.0
// lowp blocks: block formats, recipes, layouts, packings. lowp integers: what there is for integers
// and tables.
#include <string>

#include <fmt/format.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/ggml/types.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/layout/scale_layouts.hpp>
#include <lowp/integer/integer.hpp>
#include <lowp/integer/table/table.hpp>
#include <lowp/pack/packings.hpp>

#include "format_names.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

std::string bits_per_element(double bits) { return fmt::format("{:.4g}", bits); }

std::vector<cell> row_of(const named_block_format& f) {
  const block_format& value = f.value;
  return {f.name,
          "format",
          bits_per_element(static_cast<double>(millibits_per_element(f)) / 1000),
          fmt::format("{}x{}", value.rows, value.columns),
          format_text(value.element),
          format_text(value.scale),
          f.recipe,
          f.description,
          f.source};
}

std::vector<cell> row_of(const ggml_type& t, const char* kind) {
  return {t.name,
          kind,
          bits_per_element(8.0 * t.bytes / t.elements),
          fmt::format("1x{}", t.elements),
          {},
          {},
          {},
          fmt::format("{} bytes for {} numbers", t.bytes, t.elements),
          fmt::format("ggml d99724f, {}", t.source)};
}

listing all_blocks() {
  using namespace shown;
  listing l{{{.key = "name"},
             {.key = "kind"},
             {.key = "bits", .heading = "bits", .right = true},
             {.key = "block"},
             {.key = "element", .where = in_full},
             {.key = "scale", .where = in_full},
             {.key = "recipe", .where = in_full},
             {.key = "description", .wraps = true},
             {.key = "source", .where = in_full}},
            {}};
  for (const named_block_format& f : all_block_formats) l.rows.push_back(row_of(f));
  for (const ggml_type& t : all_ggml_types) l.rows.push_back(row_of(t, "ggml type"));
  for (const ggml_type& t : all_ggml_variants) l.rows.push_back(row_of(t, "ggml variant"));
  for (const named_block_recipe& r : all_block_recipes) {
    l.rows.push_back({r.name,
                      "recipe",
                      {},
                      {},
                      {},
                      {},
                      {},
                      fmt::format("{} (for {}...)", r.description, r.formats),
                      r.source});
  }
  for (const named_block_layout& row : all_block_layouts) {
    l.rows.push_back({row.name,
                      "layout",
                      {},
                      fmt::format("{}x{}", row.value.block_rows, row.value.block_columns),
                      {},
                      {},
                      {},
                      row.used_by,
                      row.source});
  }
  for (const named_scale_layout& row : all_scale_layouts) {
    l.rows.push_back({row.name, "scale layout", {}, {}, {}, {}, {}, row.used_by, row.source});
  }
  for (const named_packing& row : all_packings) {
    l.rows.push_back({row.name,
                      "packing",
                      row.width == 0 ? "" : std::to_string(row.width),
                      {},
                      {},
                      {},
                      {},
                      row.used_by,
                      "spec/packing.md PCK-5"});
  }
  return l;
}

template <class Row, std::size_t N>
void append(listing& l, const char* kind, const Row (&rows)[N]) {
  for (const Row& row : rows) l.rows.push_back({row.name, kind, row.description, row.source});
}

listing all_integer_rows() {
  listing l{{{.key = "name"},
             {.key = "kind"},
             {.key = "description", .wraps = true},
             {.key = "source", .where = shown::in_full}},
            {}};
  append(l, "quantisation", all_quantise_rules);
  append(l, "range", all_min_max_rules);
  append(l, "requantisation", all_requantisations);
  append(l, "dot product", all_integer_dots);
  append(l, "row codec", all_rowwise_codecs);
  append(l, "row quantiser", all_table_quantisers);
  return l;
}

}  // namespace

void add_blocks_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "blocks",
                        .row = "block format, recipe, layout or packing",
                        .description = "List block formats, recipes, layouts and packings",
                        .rows = all_blocks});
}

void add_integers_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "integers",
                        .row = "quantisation, dot product or codec",
                        .description = "List what quantises, multiplies and stores integers",
                        .rows = all_integer_rows});
}

}  // namespace lowp::tool
