// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums in slices of the contraction that are joined in pairs, so that ranks can have the lower
/// levels of the tree and join the upper ones. spec/training.md TRN-13.
#ifndef LOWP_TRAINING_SLICE_JOINS_HPP
#define LOWP_TRAINING_SLICE_JOINS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../hardware/gemm/gemm.hpp"
#include "../simd/float_environment.hpp"
#include "training_recipe.hpp"

namespace lowp {

/// The recipe with its sums of values in so many slices (a power of two), which are joined in
/// pairs: what ranks can share. Other sums stay as they are.
LOWP_FN training_recipe with_slices(training_recipe r, std::uint32_t slices) noexcept {
  for (product_rule& p : r.product) {
    if (p.sum.kind != sum_kind::values) continue;
    p.sum.unit.slices = slices;
    p.sum.unit.interleaved = false;
    p.sum.unit.join = slice_order::pairwise;
  }
  return r;
}

namespace detail {

/// x + y as slices are joined, of numbers that most are.
inline float join(const mma_model& m, float x, float y) noexcept {
  const float sum = x + y;
  const std::uint32_t field = std::bit_cast<std::uint32_t>(sum) & 0x7f800000;
  if (field != 0 && field != 0x7f800000) [[likely]]
    return sum;
  const code_t code = gemm_add(m, std::bit_cast<std::uint32_t>(x), std::bit_cast<std::uint32_t>(y));
  return std::bit_cast<float>(static_cast<std::uint32_t>(code));
}

/// `parts` arrays of n numbers, end to end, to one: pairs, pairs of pairs and so on.
inline void join_in_pairs(const mma_model& m, std::vector<float>& x, std::size_t parts,
                          std::size_t n) {
  const simd::float_environment environment;
  for (; parts > 1; parts /= 2) {
    for (std::size_t i = 0; i < parts / 2; ++i) {
      const float *a = x.data() + 2 * i * n, *b = a + n;
      float* out = x.data() + i * n;
      for (std::size_t j = 0; j < n; ++j) out[j] = join(m, a[j], b[j]);
    }
  }
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_TRAINING_SLICE_JOINS_HPP
