// SPDX-License-Identifier: Apache-2.0
// Claims of block quantisers: "quantise mxfp8_e4m3 ocp", "dequantise nvfp4".
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/block_value.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/operations.hpp>

#include "../claim_words.hpp"
#include "../inputs.hpp"
#include "block_cases.hpp"
#include "kinds.hpp"

namespace lowp::tool {

namespace {

constexpr int most_elements = 512;

const named_block_format& block_format_named(const std::string& name) {
  const named_block_format& row = named_row(all_block_formats, "block format", name);
  if (block_elements(row.value) > most_elements) {
    throw usage_error(fmt::format("{}: a block of {} elements; claims go up to {}", name,
                                  block_elements(row.value), most_elements));
  }
  return row;
}

bool has_levels(const block_format& f) { return f.level[0].group != 0 || f.level[1].group != 0; }

// With levels the scale's bits are those of the whole record.
field scale_field(const block_format& f) {
  return {"scale", has_levels(f) ? integer_format(scale_bits(f), false) : f.scale};
}

std::vector<field> numbers_of(const block_case& c) {
  std::vector<field> in{{"x", formats::binary32, c.size()}};
  if (c.has_outer()) in.push_back({"tensor_amax", formats::binary32});
  return in;
}

void suspect_recipe(claim& out, std::string words, block_case c) {
  if (check(c.f, c.r) != block_recipe_error::none) return;
  out.suspects.push_back({std::move(words), [c](const code_t* o, code_t* r) { c.quantise(o, r); }});
}

// The power of two nearest to amax / M in its logarithm: one below that of the floor rule until the
// significand of amax passes `threshold` / 2^23.
void suspect_threshold(claim& out, const block_case& c, std::string words,
                       std::uint32_t threshold) {
  block_case low = c;
  low.r.rule = scale_rule::floor;
  const block_case high = low;
  low.r.exponent_offset = static_cast<std::int8_t>(low.r.exponent_offset - 1);
  if (check(low.f, low.r) != block_recipe_error::none) return;
  out.suspects.push_back(
      {std::move(words), [low, high, threshold](const code_t* o, code_t* r) {
         const std::uint32_t amax = amax_of(o, low.size());
         (amax > 0x7fffff && (amax & 0x7fffff) >= threshold ? high : low).quantise(o, r);
       }});
}

// Elements divided by a scale that is not stored: amax / M in binary32.
void suspect_unrounded_scale(claim& out, const block_case& c) {
  const float32 most = decode_real<float32>(c.f.element, max_finite(c.f.element));
  out.suspects.push_back(
      {"decoded block = original x constant in (1, 2): elements quantised with another scale than "
       "the one stored (amax over the greatest element, unrounded)",
       [c, most](const code_t* o, code_t* r) {
         c.quantise(o, r);
         const auto amax = real_from_bits<float32>(amax_of(o, c.size()));
         const float32 scale = amax / most;
         if (is_zero(scale) || is_nan(c.f.scale, r[0])) return;
         for (std::size_t i = 0; i < c.size(); ++i) {
           const auto x = real_from_bits<float32>(static_cast<std::uint32_t>(o[i]));
           r[1 + i] = encode_real(c.f.element, x / scale, c.r.element);
         }
       }});
}

void suspect_flushes(claim& out, const block_case& c) {
  if (c.f.element.kind != number_kind::minifloat || !has_subnormals(c.f.element) ||
      c.r.element.flush_subnormal_result) {
    return;
  }
  for (const tininess_rule rule : {tininess_rule::before_rounding, tininess_rule::after_rounding}) {
    block_case other = c;
    other.r.element.flush_subnormal_result = true;
    other.r.element.tininess = rule;
    suspect_recipe(out,
                   fmt::format("subnormal elements are flushed to zero ({} rounding)",
                               rule == tininess_rule::before_rounding ? "before" : "after"),
                   other);
  }
}

void add_block_suspects(claim& out, const block_case& c, const std::string& own) {
  for (const rounding mode : {to_nearest_even, to_nearest_away, to_nearest_zero, toward_zero}) {
    if (mode == c.r.element.round) continue;
    block_case other = c;
    other.r.element.round = mode;
    suspect_recipe(out,
                   fmt::format("elements round {}, claimed {}", rounding_text(mode),
                               rounding_text(c.r.element.round)),
                   other);
  }
  suspect_flushes(out, c);
  if (c.r.element.subnormal_input == subnormal_input_rule::keep) {
    block_case other = c;
    other.r.element.subnormal_input = subnormal_input_rule::zero;
    suspect_recipe(out, "subnormal binary32 numbers count as zero", other);
  }
  if (is_power_rule(c.r.rule)) {
    const exact most = decode(c.f.element, max_finite(c.f.element));
    const auto top = static_cast<std::uint32_t>(encode(formats::binary32, most)) & 0x7fffff;
    // top / sqrt(2), in units of 2^-23; below 1 it would step in the binade before.
    const auto over_root =
        static_cast<std::uint32_t>(((std::uint64_t{0x800000 | top} << 23) / 0xb504f3) - 0x800000);
    if ((0x800000 | top) >= 0xb504f3) {
      suspect_threshold(out, c,
                        "block scale rounded to nearest in log2 (threshold sqrt 2): the block "
                        "maximum saturates in about half of the blocks",
                        over_root);
    }
    suspect_unrounded_scale(out, c);
  }
  if (!has_levels(c.f) && has_nan(c.f.scale)) {
    out.suspects.push_back(
        {"block scale of an all-zero block is NaN: a substitute scale overflows, the cast does not "
         "saturate",
         [c](const code_t* o, code_t* r) {
           c.quantise(o, r);
           bool zero = true;
           for (std::size_t i = 0; i < c.size(); ++i) zero = zero && (o[i] & ~sign_bit) == 0;
           if (zero) r[0] = canonical_nan(c.f.scale);
         }});
  }
  for (const named_block_recipe& row : all_block_recipes) {
    if (row.name == own) continue;
    suspect_recipe(out, fmt::format("quantises as {}: {}", row.name, row.description), {c.f, row});
  }
}

bool has_nan_scale(const block_format& f, code_t scale) {
  return is_nan(f.scale, scale_code(f, scale));
}

// A recipe that is the bare specification says nothing of elements whose scale is NaN: their values
// are NaN whatever they are (BLS-1, BLS-11). Recipes of implementations mean all their bytes.
bool leaves_elements_of_nan(const block_case& c, const named_block_recipe& row) {
  const std::string_view source = row.source;
  return has_nan(c.f.scale) && (source.starts_with("OCP MX") || source == "own");
}

}  // namespace

parsed_claim parse_quantise(const std::vector<std::string>& words) {
  claim_words w("quantise", words);
  const named_block_format& f = block_format_named(w.plain(0, "the block format"));
  const std::string name = w.plain_count() > 1 ? w.plain(1, "the recipe") : f.recipe;
  const named_block_recipe& recipe = named_row(all_block_recipes, "recipe", name);
  w.finish(2);
  if (const block_recipe_error e = check(f.value, recipe.value); e != block_recipe_error::none) {
    throw usage_error(fmt::format("quantise: {} with {}: {}", f.name, name, message(e)));
  }
  if (is_stochastic(recipe.value.element.round) || recipe.value.rule == scale_rule::stochastic) {
    throw usage_error(fmt::format("quantise: {}: stochastic recipes cannot be claimed", name));
  }
  const block_case c{f.value, recipe.value};
  const block_cases cases(c);
  const bool free = leaves_elements_of_nan(c, recipe);
  claim out{fmt::format("binary32 x {} -> {}, {}{}", c.size(), f.name, name,
                        free ? ", any elements under a NaN scale" : ""),
            recipe.source,
            {},
            {},
            {},
            {}};
  out.in = numbers_of(c);
  out.out = {scale_field(c.f), {"element", c.f.element, c.size()}};
  out.golden = [c](const code_t* o, code_t* r) { c.quantise(o, r); };
  out.make = [cases](std::uint64_t seed, std::uint64_t index, code_t* o) {
    cases.make(seed, index, o);
  };
  out.directed = cases.directed();
  if (free) {
    out.accepts = [c](const code_t* o, const code_t* r) {
      std::vector<code_t> expected(1 + c.size());
      c.quantise(o, expected.data());
      if (has_nan_scale(c.f, expected[0])) return has_nan_scale(c.f, r[0]);
      return std::equal(expected.begin(), expected.end(), r);
    };
  }
  add_block_suspects(out, c, name);
  return array_claim(std::move(out));
}

parsed_claim parse_dequantise(const std::vector<std::string>& words) {
  claim_words w("dequantise", words);
  const named_block_format& row = block_format_named(w.plain(0, "the block format"));
  w.finish(1);
  const block_format f = row.value;
  const auto n = static_cast<std::size_t>(block_elements(f));
  claim out{fmt::format("{} -> binary32 x {}", row.name, n), row.source, {}, {}, {}, {}};
  out.in = {scale_field(f), {"element", f.element, n}};
  const bool has_outer = f.outer != outer_scale::none;
  if (has_outer) out.in.push_back({"outer_scale", formats::binary32});
  out.out = {{"x", formats::binary32, n}};
  const auto value = [f, n, has_outer](const code_t* o, code_t scale, std::size_t i) {
    const exact outer = has_outer ? decode(formats::binary32, o[1 + n]) : exact_finite(false, 1, 0);
    return encode(formats::binary32, block_value(f, scale, o[1 + i], static_cast<int>(i), outer),
                  {});
  };
  out.golden = [n, value](const code_t* o, code_t* r) {
    for (std::size_t i = 0; i < n; ++i) r[i] = value(o, o[0], i);
  };
  const std::vector<code_t> scales = special_codes(scale_field(f).of);
  out.directed = 4 * scales.size();
  out.make = [f, n, has_outer, scales](std::uint64_t seed, std::uint64_t index, code_t* o) {
    const std::uint64_t r = random_bits(seed, index);
    o[0] =
        index < 4 * scales.size() ? scales[index / 4] : r & lowp::detail::low_mask(scale_bits(f));
    for (std::size_t i = 0; i < n; ++i) {
      o[1 + i] = random_bits(seed ^ (i + 1), index) & lowp::detail::low_mask(f.element.width);
    }
    if (has_outer) o[1 + n] = 0x30000000 + (r >> 32) % 0x20000000;
  };
  if (f.scale.kind == number_kind::minifloat && f.scale.precision == 1) {
    out.suspects.push_back(
        {"scale code 0 decodes to 0 instead of the least power of two; the scale NaN decodes to "
         "infinity (the code is shifted into binary32's exponent)",
         [f, n](const code_t* o, code_t* r) {
           const exact scale = decode(formats::binary32, o[0] << 23);
           for (std::size_t i = 0; i < n; ++i) {
             const exact x[2] = {decode(f.element, o[1 + i]), scale};
             r[i] = encode(formats::binary32, evaluate(operation::multiply, x).value, {});
           }
         }});
  }
  return array_claim(std::move(out));
}

}  // namespace lowp::tool
