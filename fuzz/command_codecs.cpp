// SPDX-License-Identifier: Apache-2.0
// lowp codecs: how numbers travel between ranks.
#include <string>

#include <fmt/format.h>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/projection_members.hpp>

#include "format_names.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

const char* name(wire_kind k) {
  switch (k) {
    case wire_kind::numbers: return "numbers";
    case wire_kind::rows: return "rows";
    case wire_kind::blocks: return "blocks";
  }
  return "unknown";
}

format element_of(const wire_codec& c) { return code_layout(c).f; }

// Of each row, row-wise codec or block; numbers have none.
cell scale_of(const wire_codec& c) {
  switch (c.kind) {
    case wire_kind::numbers: break;
    case wire_kind::rows:
      if (c.rows.scaling != row_scaling::none) return format_text(c.rows.parameter);
      break;
    case wire_kind::blocks: return format_text(c.block.scale);
  }
  return {};
}

rounding rounding_of(const wire_codec& c) {
  switch (c.kind) {
    case wire_kind::numbers: return c.conversion.round;
    case wire_kind::rows: return c.rows.round;
    case wire_kind::blocks: break;
  }
  return c.recipe.element.round;
}

std::vector<cell> row_of(const named_wire_codec& row) {
  const wire_codec& c = row.value;
  const auto bytes = bytes_per_row(c, c.row);
  const double bits = 8.0 * static_cast<double>(bytes) / c.row;
  return {row.name,
          std::int64_t{c.id},
          name(c.kind),
          std::int64_t{c.row},
          static_cast<std::int64_t>(bytes),
          fmt::format("{:.6g}", bits),
          fmt::format("{:.4g}", 32 / bits),
          format_text(element_of(c)),
          scale_of(c),
          c.kind == wire_kind::blocks ? cell{std::int64_t{c.block.columns}} : cell{},
          lowp::name(rounding_of(c)),
          row.description,
          row.source};
}

listing all_rows() {
  using namespace shown;
  listing l{{{.key = "codec"},
             {.key = "id"},
             {.key = "kind"},
             {.key = "row"},
             {.key = "bytes_of_row", .where = in_full},
             {.key = "bits_per_number", .heading = "bits", .right = true},
             {.key = "ratio_to_binary32", .heading = "ratio", .right = true},
             {.key = "element", .where = in_full},
             {.key = "scale", .where = in_full},
             {.key = "block", .where = in_full},
             {.key = "rounding", .where = in_full},
             {.key = "description", .wraps = true},
             {.key = "source", .where = in_full}},
            {}};
  for (const named_wire_codec& row : all_wire_codecs) l.rows.push_back(row_of(row));
  return l;
}

}  // namespace

void add_codecs_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "codecs",
                        .row = "codec",
                        .description = "List codecs of numbers between ranks",
                        .rows = all_rows});
}

}  // namespace lowp::tool
