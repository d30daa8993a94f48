// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the values of an operand are: the definition, composed of those of conversion, of blocks
/// and of rotation, one number after the other. operand.hpp repeats it in bulk. spec/training.md
/// TRN-6.
#ifndef LOWP_TRAINING_OPERAND_DEFINITION_HPP
#define LOWP_TRAINING_OPERAND_DEFINITION_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../block/quantise_matrix.hpp"
#include "operand.hpp"

namespace lowp {

namespace detail {

/// The operand as read and rotated. TRN-5.
inline std::vector<float> rotated_numbers(const operand_rule& rule, const lowp::operand& in) {
  const matrix_shape s = shape_as_read(in);
  std::vector<float> x(s.rows * s.columns);
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    for (std::uint64_t j = 0; j < s.columns; ++j) {
      const std::uint64_t at = in.transposed ? j * in.x.stride + i : i * in.x.stride + j;
      x[i * s.columns + j] = in.x.x[at];
    }
  }
  const std::uint64_t n = rule.rotation.size;
  if (n == 0) return x;
  std::vector<float32> group(n);
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    for (std::uint64_t j = 0; j + n <= s.columns; j += n) {
      float* at = x.data() + i * s.columns + j;
      for (std::uint64_t k = 0; k < n; ++k) group[k] = real<float32>(at[k]);
      hadamard(rule.rotation, group.data());
      for (std::uint64_t k = 0; k < n; ++k) at[k] = std::bit_cast<float>(real_bits(group[k]));
    }
  }
  return x;
}

/// x times a factor; NaNs stay what they are. TRN-3.
inline float times(float x, float factor) {
  if ((std::bit_cast<std::uint32_t>(x) & 0x7fffffff) > 0x7f800000) return x;
  if (factor == 1.0f) return x;
  return std::bit_cast<float>(real_bits(real<float32>(x) * real<float32>(factor)));
}

}  // namespace detail

/// The values of an operand that is whole: `values` has the shape of it as read, its rule is
/// usable. TRN-6.
inline void quantise_operand_definition(const operand_rule& rule, const operand& in,
                                        const number_matrix<float>& values) {
  const matrix_shape s = shape_as_read(in);
  const std::vector<float> x = detail::rotated_numbers(rule, in);
  const number_matrix<const float> numbers{x.data(), s.columns, s};
  std::vector<float> y = x;
  if (rule.kind == operand_kind::blocks) {
    const block_matrix m = rule.block;
    const block_bytes need = bytes_of(m.layout, s);
    std::vector<std::byte> data(need.data), scales(need.scales);
    const bool by_row = rule.block.outer == outer_scale::row;
    std::vector<float32> amax, outer;
    for (std::uint64_t i = 0; i < (by_row ? s.rows : 1); ++i) {
      const number_matrix<const float> row{x.data() + i * s.columns, s.columns, {1, s.columns}};
      amax.push_back(outer_amax_of(rule.recipe, by_row ? row : numbers));
      outer.push_back(outer_scale_of(rule.block, rule.recipe, amax.back()));
    }
    const block_quantisation q{.to = m, .recipe = rule.recipe, .random = in.random};
    (void)quantise_matrix(q, numbers, amax.data(), {data, scales});
    (void)dequantise_matrix(m, {data, scales}, outer.data(), {y.data(), s.columns, s});
  } else if (rule.kind == operand_kind::elements) {
    float factor = 1;
    if (rule.scaling == tensor_scaling::delayed) factor = in.scale->scale;
    if (rule.scaling == tensor_scaling::current) {
      std::uint32_t amax = 0;
      for (const float v : x) {
        const std::uint32_t a = std::bit_cast<std::uint32_t>(v) & 0x7fffffff;
        if (a <= 0x7f800000 && a > amax) amax = a;
      }
      factor = std::bit_cast<float>(factor_of_amax(rule, amax));
    }
    const float inverse =
        std::bit_cast<float>(real_bits(real<float32>(1.0f) / real<float32>(factor)));
    for (std::size_t i = 0; i < x.size(); ++i) {
      const code_t code = std::bit_cast<std::uint32_t>(detail::times(x[i], factor));
      const std::uint64_t word = random_word_of(rule.conversion, in.random, i);
      const code_t q = convert(formats::binary32, code, rule.element, rule.conversion, word);
      const code_t back = convert(rule.element, q, formats::binary32, {});
      y[i] = detail::times(std::bit_cast<float>(static_cast<std::uint32_t>(back)), inverse);
    }
  }
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    for (std::uint64_t j = 0; j < s.columns; ++j) {
      values.x[i * values.stride + j] = y[i * s.columns + j];
    }
  }
}

}  // namespace lowp

#endif  // LOWP_TRAINING_OPERAND_DEFINITION_HPP
