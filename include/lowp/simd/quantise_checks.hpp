// SPDX-License-Identifier: Apache-2.0
/// \file
/// Refusals of the arguments of block quantisation, before anything is written.
#ifndef LOWP_SIMD_QUANTISE_CHECKS_HPP
#define LOWP_SIMD_QUANTISE_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "argument_checks.hpp"
#include "block_checks.hpp"
#include "quantise.hpp"

namespace lowp::detail {

/// All that a call refuses about what and where to quantise; returns the bytes that it will write.
LOWP_UNIT inline block_bytes check_quantisation(const block_quantisation& q, matrix_shape s,
                                                block_bytes have) {
  const argument_checks check{"quantise"};
  const block_bytes need = check_block_matrix(check, {"q.to", "out"}, q.to, s, have);
  const block_recipe_error recipe = lowp::check(q.to.f, q.recipe);
  if (recipe != block_recipe_error::none) {
    check.refuse(std::string("q.recipe: ") + message(recipe) + " (rule " +
                 std::to_string(static_cast<int>(q.recipe.rule)) + ")");
  }
  return need;
}

/// All that a call refuses about its numbers; `need`: the bytes that it will write.
LOWP_UNIT inline void check_numbers(const number_matrix<const float>& in,
                                    const block_quantisation& q, const block_buffers& out,
                                    const block_options& options, block_bytes need) {
  const argument_checks check{"quantise"};
  const argument_bytes numbers = check.matrix("in", in);
  const std::size_t outer = outer_count(q.to.f, in.shape);
  if (outer != 0 && options.outer == nullptr) {
    check.refuse("options.outer is null: the format has an outer scale, which the call returns");
  }
  const argument_bytes all[] = {
      numbers,
      {"options.outer_amax", options.outer_amax, outer * sizeof(float)},
      {"out.data", out.data.data(), need.data},
      {"out.scales", out.scales.data(), need.scales},
      {"options.outer", options.outer, outer * sizeof(float)},
  };
  // What is only read may be the same.
  for (std::size_t i = 0; i < std::size(all); ++i) {
    for (std::size_t j = i < 2 ? 2 : i + 1; j < std::size(all); ++j) {
      check.apart(all[i], all[j]);
    }
  }
}

}  // namespace lowp::detail

#endif  // LOWP_SIMD_QUANTISE_CHECKS_HPP
