// SPDX-License-Identifier: Apache-2.0
/// \file
/// Block quantisation of matrices at memory speed: declarations, without Highway. The definitions
/// are in simd/implementation_quantise.hpp, which one unit of a program includes; Meson offers it
/// in the dependency `lowp_simd`. Same bytes as `quantise_matrix<float32>`, whatever the
/// instruction set, the number of threads and the floating-point environment. spec/bulk.md BLK-7.
#ifndef LOWP_SIMD_QUANTISE_HPP
#define LOWP_SIMD_QUANTISE_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/quantise_matrix.hpp"
#include "convert.hpp"

namespace lowp {

/// How a matrix is quantised, beside the recipe.
struct block_options {
  /// amax of the matrix, or of each row, for formats with an outer scale; null: measured here, as
  /// `outer_amax_of` does.
  const float* outer_amax = nullptr;
  /// Receives the outer scale P of the matrix, or of each row: formats with an outer scale need it.
  float* outer = nullptr;
  unsigned threads = 1;  ///< this and `pool`: as in `thread_options`
  parallel_for pool = {};
};

/// Quantises a matrix and returns the bytes written, `bytes_of(q.to.layout, in.shape)`; all bytes
/// of these are written, padding too. No two of the input, the buffers, `outer_amax` and `outer`
/// overlap. Throws `array_error`, nothing written: an unusable format, layout or recipe, rows
/// nearer than their length, too few bytes, no `outer` where the format has one, overlap.
block_bytes quantise(const number_matrix<const float>& in, const block_quantisation& q,
                     block_buffers out, const block_options& options = {});

/// One row of numbers, or several end to end: `in.size()` is a multiple of `rows`.
block_bytes quantise(std::span<const float> in, const block_quantisation& q, block_buffers out,
                     const block_options& options = {}, std::uint64_t rows = 1);

}  // namespace lowp

#endif  // LOWP_SIMD_QUANTISE_HPP
