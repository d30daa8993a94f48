// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: every registry by index, rows in words, names.
#include <cstring>
#include <iterator>
#include <type_traits>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/find_format.hpp>
#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/operation.hpp>
#include <lowp/pack/packings.hpp>
#include <lowp/properties.hpp>

#include "lowp_c.hpp"

namespace lowp::c {

namespace {

constexpr const char* registry_names[] = {
    "formats",    "operations",    "conversion_rules", "policies",      "instructions",
    "mma_models", "block_formats", "block_recipes",    "block_layouts", "packings"};
static_assert(std::size(registry_names) == LOWP_REGISTRIES);

/// Calls `use` with the rows of a registry; LOWP_OUT_OF_RANGE for none.
template <class Use>
int with_rows(const call& c, int registry, Use use) noexcept {
  switch (registry) {
    case LOWP_FORMATS: return use(all_formats);
    case LOWP_OPERATIONS: return use(all_operations);
    case LOWP_CONVERSION_RULES: return use(all_conversion_rules);
    case LOWP_POLICIES: return use(all_policies);
    case LOWP_INSTRUCTIONS: return use(all_conversion_instructions);
    case LOWP_MMA_MODELS: return use(all_mma_models);
    case LOWP_BLOCK_FORMATS: return use(all_block_formats);
    case LOWP_BLOCK_RECIPES: return use(all_block_recipes);
    case LOWP_BLOCK_LAYOUTS: return use(all_block_layouts);
    case LOWP_PACKINGS: return use(all_packings);
    default:
      return refuse(LOWP_OUT_OF_RANGE, "%s: registry is %d, not from 0 to %d", c.function, registry,
                    LOWP_REGISTRIES - 1);
  }
}

template <class Row>
const char* meaning_of(const Row& r) noexcept {
  if constexpr (requires { r.meaning; }) return r.meaning;
  if constexpr (requires { r.description; }) return r.description;
  if constexpr (requires { r.notes; }) return r.notes;
  return "";
}

template <class Row>
const char* source_of(const Row& r) noexcept {
  if constexpr (requires { r.origin.source; }) return r.origin.source;
  // Of instructions `source` is a register.
  else if constexpr (requires(const char* text) { text = r.source; })
    return r.source;
  else
    return "";
}

template <class Row>
const char* text_of(const Row& r, int text) noexcept {
  switch (text) {
    case LOWP_TEXT_NAME: return r.name;
    case LOWP_TEXT_MEANING: return meaning_of(r);
    case LOWP_TEXT_SOURCE: return source_of(r);
    case LOWP_TEXT_VENDOR:
      if constexpr (requires { r.origin.vendor; }) return r.origin.vendor;
      break;
    case LOWP_TEXT_EVIDENCE:
      if constexpr (requires { r.origin.mark; }) return name(r.origin.mark);
      break;
    case LOWP_TEXT_POLICY:
      // Rows of instructions do not use that of their origin.
      if constexpr (
          requires { r.origin.policy; } && !requires { r.target; })
        return r.origin.policy;
      break;
    case LOWP_TEXT_TARGET:
      if constexpr (requires { r.target; }) return r.target;
      break;
    case LOWP_TEXT_ALIAS:
      if constexpr (requires { r.type_name; }) return r.type_name;
      if constexpr (requires { r.p3109_name; }) return r.p3109_name;
      break;
    case LOWP_TEXT_USED_BY:
      if constexpr (requires { r.used_by; }) return r.used_by;
      break;
    case LOWP_TEXT_RECIPE:
      if constexpr (requires { r.recipe; }) return r.recipe;
      break;
    case LOWP_TEXT_FORMATS:
      if constexpr (requires { r.formats; }) return r.formats;
      break;
    default: return nullptr;
  }
  return "";
}

/// The row of a name; null if there is none.
template <class Rows>
auto find(const Rows& rows, const char* name) noexcept -> decltype(std::begin(rows)) {
  using row = std::remove_cvref_t<decltype(*std::begin(rows))>;
  if constexpr (std::is_same_v<row, named_format>) {
    return find_format(name);
  } else if constexpr (std::is_same_v<row, conversion_instruction>) {
    return find_instruction(name);
  } else {
    for (const row& r : rows) {
      if (std::strcmp(r.name, name) == 0) return &r;
    }
    return nullptr;
  }
}

}  // namespace

}  // namespace lowp::c

extern "C" {

int lowp_registry_name(int registry, const char** name) {
  const lowp::c::call c{"lowp_registry_name"};
  LOWP_C_CHECK(c.pointer("name", name));
  return lowp::c::with_rows(c, registry, [&](const auto&) {
    *name = lowp::c::registry_names[registry];
    return LOWP_OK;
  });
}

int lowp_count(int registry, size_t* count) {
  const lowp::c::call c{"lowp_count"};
  LOWP_C_CHECK(c.pointer("count", count));
  return lowp::c::with_rows(c, registry, [&](const auto& rows) {
    *count = std::size(rows);
    return LOWP_OK;
  });
}

int lowp_row_text(int registry, size_t index, int text, const char** out) {
  const lowp::c::call c{"lowp_row_text"};
  LOWP_C_CHECK(c.pointer("out", out));
  if (text < 0 || text >= LOWP_TEXTS) {
    return lowp::c::refuse(LOWP_OUT_OF_RANGE, "%s: text is %d, not from 0 to %d", c.function, text,
                           LOWP_TEXTS - 1);
  }
  return lowp::c::with_rows(c, registry, [&](const auto& rows) -> int {
    LOWP_C_CHECK(c.index("index", index, std::size(rows)));
    *out = lowp::c::text_of(std::begin(rows)[index], text);
    return LOWP_OK;
  });
}

int lowp_find(int registry, const char* name, size_t* index) {
  const lowp::c::call c{"lowp_find"};
  LOWP_C_CHECK(c.pointer("name", name));
  LOWP_C_CHECK(c.pointer("index", index));
  return lowp::c::with_rows(c, registry, [&](const auto& rows) {
    const auto* row = lowp::c::find(rows, name);
    if (row == nullptr) {
      return lowp::c::refuse(LOWP_UNKNOWN_NAME, "%s: name is \"%.200s\", which %s have not",
                             c.function, name, lowp::c::registry_names[registry]);
    }
    *index = static_cast<std::size_t>(row - std::begin(rows));
    return int{LOWP_OK};
  });
}

int lowp_format_named(const char* name, lowp_format* out) {
  const lowp::c::call c{"lowp_format_named"};
  LOWP_C_CHECK(c.pointer("name", name));
  LOWP_C_CHECK(c.pointer("out", out));
  lowp::format f;
  if (!lowp::parse_format(name, f)) {
    return lowp::c::refuse(LOWP_UNKNOWN_NAME,
                           "%s: name is \"%.200s\", which is no format; lowp_row_text lists them",
                           c.function, name);
  }
  *out = lowp::c::to_c(f);
  return LOWP_OK;
}

int lowp_format_at(size_t index, lowp_format* out) {
  const lowp::c::call c{"lowp_format_at"};
  LOWP_C_CHECK(c.pointer("out", out));
  LOWP_C_CHECK(c.index("index", index, lowp::format_count));
  *out = lowp::c::to_c(lowp::all_formats[index].value);
  return LOWP_OK;
}

int lowp_format_facts(const lowp_format* format, lowp_format_properties* out) {
  const lowp::c::call c{"lowp_format_facts"};
  lowp::format f;
  LOWP_C_CHECK(c.format_of("format", format, f));
  LOWP_C_CHECK(c.pointer("out", out));
  *out = {.max_finite = max_finite(f),
          .lowest = lowest(f),
          .min_positive = min_positive(f),
          .min_normal = min_normal(f),
          .zero = zero(f),
          .one = one(f),
          .infinity = infinity(f),
          .canonical_nan = canonical_nan(f),
          .finite_codes = f.width < 64 ? finite_code_count(f) : 0,
          .container_bytes = static_cast<std::uint8_t>(lowp::c::container_bytes(f)),
          .has_nan = has_nan(f),
          .has_infinity = has_infinity(f),
          .has_zero = has_zero(f),
          .has_negative_zero = has_negative_zero(f),
          .has_subnormals = has_subnormals(f),
          .reserved = {}};
  return LOWP_OK;
}

int lowp_policy_at(size_t index, lowp_projection* out) {
  const lowp::c::call c{"lowp_policy_at"};
  LOWP_C_CHECK(c.pointer("out", out));
  LOWP_C_CHECK(c.index("index", index, lowp::all_policies.size()));
  *out = lowp::c::to_c(lowp::all_policies[index].value);
  return LOWP_OK;
}

}  // extern "C"
