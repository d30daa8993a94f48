// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is compared: every way to store numbers with a shared scale, from the registries.
#ifndef LOWP_EXAMPLES_BLOCK_QUALITY_SUBJECTS_HPP
#define LOWP_EXAMPLES_BLOCK_QUALITY_SUBJECTS_HPP

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/integer/error_search.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_array.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/integer/table/rowwise_convert.hpp>
#include <lowp/simd/machine_binary32.hpp>

#include "cost.hpp"
#include "samples.hpp"

namespace quality {

using real = lowp::simd::machine_binary32;

/// A format and a way to quantise to it.
struct subject {
  std::string family;
  std::string name;
  std::string recipe;
  double bits;  ///< per value, scales included, but those of a whole tensor
  bool is_default;
  /// Quantises and reads back. In a `float_environment`.
  std::function<std::vector<float>(const matrix&)> restored;
  double cost = 0;  ///< of a multiply-accumulate, `multiply_add_energy`; 0: not modelled
};

inline std::vector<real> reals(const matrix& in) {
  std::vector<real> x;
  for (const float v : in.x) x.push_back(real::from_float(v));
  return x;
}
inline std::vector<float> floats(const std::vector<real>& x) {
  std::vector<float> y;
  for (const real v : x) y.push_back(v.value());
  return y;
}

/// Throws what the library refuses, in words.
template <class Error>
void demand_none(Error e) {
  if (e != Error::none) throw std::invalid_argument(message(e));
}

// --- block formats -------------------------------------------------------------------------------

using number_view = lowp::number_matrix<const float>;

/// amax of the matrix, or of each row for formats with an outer scale of rows.
inline std::vector<real> outer_amaxima(const lowp::block_format& f, const lowp::block_recipe& r,
                                       const number_view& in) {
  if (f.outer != lowp::outer_scale::row) return {lowp::outer_amax_of<real>(r, in)};
  std::vector<real> amax;
  for (std::size_t i = 0; i < in.shape.rows; ++i) {
    const number_view row{in.x + i * in.stride, in.stride, {1, in.shape.columns}};
    amax.push_back(lowp::outer_amax_of<real>(r, row));
  }
  return amax;
}

inline std::vector<float> through_blocks(const lowp::block_format& f, const lowp::block_recipe& r,
                                         const matrix& in) {
  const number_view from{in.x.data(), matrix::columns, {in.rows(), matrix::columns}};
  const lowp::block_quantisation q{f, r};
  const lowp::block_bytes size = bytes_of(q.to.layout, from.shape);
  std::vector<std::byte> elements(size.data), scales(size.scales);
  const lowp::block_buffers stored{elements, scales};
  const std::vector<real> amax = outer_amaxima(f, r, from);
  std::vector<real> outer;
  for (const real T : amax) outer.push_back(outer_scale_of(f, r, T));
  std::vector<float> y(in.x.size());
  auto error = lowp::quantise_matrix<real>(q, from, amax.data(), stored);
  if (error == lowp::block_matrix_error::none) {
    error = lowp::dequantise_matrix<real>(q.to, stored, outer.data(),
                                          {y.data(), matrix::columns, from.shape});
  }
  demand_none(error);
  return y;
}

inline std::string family_of(const lowp::block_format& f) {
  using namespace lowp::formats;
  if (f.level[0].group != 0) return f.level[0].lowers ? "shared microexponents" : "HiFloat";
  if (f.scale == ue4m3) return "NVFP4";
  if (f.columns == 128) return "FP8 blocks";
  return f.columns == 32 ? "MX" : "block floating point";
}

inline subject block_subject(const lowp::named_block_format& f, const lowp::named_block_recipe& r) {
  const lowp::block_format of = f;
  const double row_scale = of.outer == lowp::outer_scale::row ? 32.0 / matrix::columns : 0;
  const lowp::block_recipe recipe = r;
  return {family_of(of),
          f.name,
          r.name,
          static_cast<double>(millibits_per_element(of)) / 1000 + row_scale,
          std::string_view(f.recipe) == r.name,
          [of, recipe](const matrix& in) { return through_blocks(of, recipe, in); },
          multiply_add_energy(of)};
}

/// Does a word of the recipe's list begin the format's name? A word that is a name itself stands
/// for formats of the same elements only.
inline bool is_meant_for(const lowp::named_block_recipe& r, const lowp::named_block_format& f) {
  const std::string_view name = f.name;
  for (std::string_view list = r.formats; !list.empty();) {
    const std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(word.size() == list.size() ? word.size() : word.size() + 1);
    if (!name.starts_with(word)) continue;
    bool other = false;
    for (const lowp::named_block_format& g : lowp::all_block_formats) {
      other |= word == g.name && g.value.element != f.value.element;
    }
    if (!other) return true;
  }
  return false;
}

/// A recipe that the format takes; a scale that is a power of two needs a rule that makes one.
inline bool makes_scales_of(const lowp::block_recipe& r, const lowp::block_format& f) {
  const bool powers = f.scale == lowp::formats::e8m0fnu;
  if (check(f, r) != lowp::block_recipe_error::none) return false;
  return !powers || is_power_rule(r.rule) || r.steps.power != lowp::power_step::none;
}

inline void add_blocks(std::vector<subject>& all) {
  for (const lowp::named_block_format& f : lowp::all_block_formats) {
    for (const lowp::named_block_recipe& r : lowp::all_block_recipes) {
      if (!is_meant_for(r, f) || !makes_scales_of(r, f)) continue;
      all.push_back(block_subject(f, r));
    }
  }
}

// --- ggml ----------------------------------------------------------------------------------------

inline subject ggml_subject(const lowp::ggml_type& t, bool is_default) {
  const auto through = [&t](const matrix& in) {
    std::vector<real> x = reals(in);
    const std::size_t blocks = x.size() / t.elements;
    std::vector<std::byte> stored(blocks * t.bytes);
    lowp::quantise_ggml(t, x.data(), blocks, stored.data());
    lowp::dequantise_ggml(t, stored.data(), blocks, x.data());
    return floats(x);
  };
  return {"ggml", std::string("ggml_") + t.name, t.source, 8.0 * t.bytes / t.elements, is_default,
          through};
}

inline void add_ggml(std::vector<subject>& all) {
  for (const lowp::ggml_type& t : lowp::all_ggml_types) all.push_back(ggml_subject(t, true));
  for (const lowp::ggml_type& t : lowp::all_ggml_variants) all.push_back(ggml_subject(t, false));
}

// --- integers ------------------------------------------------------------------------------------

/// A way to quantise to integers with a scale, and perhaps a zero point, for each group of a row.
struct integer_method {
  const char* name;
  lowp::min_max_rule choose;
  lowp::quantise_rule quantise;
  bool is_signed;
  lowp::range_use use = lowp::range_use::full;
  int candidates = 0;  ///< ranges among which the one of least squared error is looked for
};

inline constexpr integer_method integer_methods[] = {
    {"affine", lowp::min_max_rules::pytorch_affine, lowp::quantise_rules::pytorch, false},
    {"affine by least error of 32", lowp::min_max_rules::pytorch_affine,
     lowp::quantise_rules::pytorch, false, lowp::range_use::full, 32},
    {"symmetric", lowp::min_max_rules::pytorch_symmetric, lowp::quantise_rules::pytorch, true},
    {"symmetric narrow", lowp::min_max_rules::absmax, lowp::quantise_rules::tflite, true,
     lowp::range_use::narrow},
    {"deepspeed", lowp::min_max_rules::deepspeed, lowp::quantise_rules::deepspeed, true},
};

inline std::vector<float> through_integers(const integer_method& m, lowp::format f,
                                           std::size_t group, const matrix& in) {
  std::vector<real> x = reals(in);
  const lowp::tiling tiles = lowp::tilings::per_group(in.rows(), matrix::columns, group);
  const lowp::integer_range range = range_of(f, m.use);
  std::vector<lowp::affine<real>> parameters(tile_count(tiles));
  if (m.candidates == 0) {
    demand_none(lowp::choose_array_parameters<real>(m.choose, tiles, x, range, parameters));
  } else {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      parameters[i] = lowp::choose_by_error(m.choose, m.quantise, x.data() + i * group, group,
                                            range, m.candidates)
                          .value;
    }
  }
  const lowp::array_layout layout = f;
  std::vector<std::byte> stored(bytes_of(layout, x.size()));
  auto error = lowp::quantise_array<real>(m.quantise, tiles, parameters, range, x, layout, stored);
  if (error == lowp::affine_array_error::none) {
    error = lowp::dequantise_array<real>(tiles, parameters, layout, stored, x, m.quantise.scale);
  }
  demand_none(error);
  return floats(x);
}

inline void add_integers(std::vector<subject>& all) {
  using namespace lowp::formats;
  struct integer {
    const char* name;
    lowp::format as_signed, as_unsigned;
  };
  for (const auto& [name, as_signed, as_unsigned] :
       {integer{"int8", int8, uint8}, integer{"int4", int4, uint4}, integer{"int2", int2, uint2}}) {
    for (const std::size_t group : {std::size_t{32}, std::size_t{128}, matrix::columns}) {
      for (const integer_method& m : integer_methods) {
        const lowp::format f = m.is_signed ? as_signed : as_unsigned;
        // A binary32 scale; the zero point is one of the integers.
        const double scale = 32 + (m.is_signed ? 0 : f.width);
        const auto block =
            lowp::with_shape({.element = f, .scale = binary32}, 1, static_cast<int>(group));
        all.push_back(
            {"integers", std::string(name) + " of " + std::to_string(group), m.name,
             f.width + scale / static_cast<double>(group), &m == integer_methods,
             [m, f, group](const matrix& in) { return through_integers(m, f, group, in); },
             multiply_add_energy(block)});
      }
    }
  }
}

// --- rows of embedding tables --------------------------------------------------------------------

inline std::vector<float> through_rows(const lowp::rowwise_codec& c, std::size_t columns,
                                       const matrix& in) {
  const std::vector<real> x = reals(in);
  std::vector<std::byte> stored(x.size() / columns * bytes_per_row(c, columns));
  std::vector<float> y(x.size());
  demand_none(lowp::quantise_rows<real>(c, x, columns, stored));
  demand_none(
      lowp::dequantise_rows<real>(c, stored, columns, std::as_writable_bytes(std::span(y))));
  return y;
}

inline void add_rows(std::vector<subject>& all) {
  constexpr std::size_t columns = 128;
  for (const lowp::named_rowwise_codec& named : lowp::all_rowwise_codecs) {
    const lowp::rowwise_codec c = named.value;
    if (c.scaling == lowp::row_scaling::none) continue;  // for numbers below 1 only
    all.push_back({"row-wise", std::string(named.name), "rows of 128",
                   8.0 * static_cast<double>(bytes_per_row(c, columns)) / columns, true,
                   [c](const matrix& in) { return through_rows(c, columns, in); }});
  }
}

inline std::vector<subject> all_subjects() {
  std::vector<subject> all;
  add_blocks(all);
  add_ggml(all);
  add_integers(all);
  add_rows(all);
  return all;
}

}  // namespace quality

#endif  // LOWP_EXAMPLES_BLOCK_QUALITY_SUBJECTS_HPP
