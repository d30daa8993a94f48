// SPDX-License-Identifier: Apache-2.0
/// \file
/// Block-quantised matrices to numbers at memory speed: declarations, without Highway. The
/// definitions are in simd/implementation_dequantise.hpp, which one unit of a program includes;
/// Meson offers it in the dependency `lowp_simd`. Same bits as `dequantise_matrix<float32>`,
/// whatever the instruction set, the number of threads and the floating-point environment.
/// spec/bulk.md BLK-8.
#ifndef LOWP_SIMD_DEQUANTISE_HPP
#define LOWP_SIMD_DEQUANTISE_HPP

#include <cstdint>

#include "../block/quantise_matrix.hpp"
#include "convert.hpp"
#include "dequantise_plan.hpp"

namespace lowp {

/// How a matrix is read, beside its meaning.
struct dequantise_options {
  /// The outer scale P of the matrix, or of each row, for formats that have one; T for
  /// `amax_first`.
  const float* outer = nullptr;
  dequantise_steps steps = dequantise_steps::exact;
  unsigned threads = 1;  ///< this and `pool`: as in `thread_options`; they share the rows
  parallel_for pool = {};
};

/// The numbers of a quantised matrix. `out` overlaps neither the buffers nor `outer`. Throws
/// `array_error`, nothing written: an unusable format or layout, too few bytes, rows nearer than
/// their length, no `outer` where the format has one, overlap.
void dequantise(const block_matrix& m, const_block_buffers in, const number_matrix<float>& out,
                const dequantise_options& options = {});

namespace simd {

/// Reads rows [first, last) by a plan that was made before: for many small matrices. Nothing is
/// checked. `places`: of the plan's layout for the shape of `out`. `stream`: past the caches, for
/// matrices that they do not hold.
void dequantise(const dequantise_plan& p, const block_places& places, const_block_buffers in,
                const float* outer, const number_matrix<float>& out, std::uint64_t first,
                std::uint64_t last, bool stream = false) noexcept;

}  // namespace simd

}  // namespace lowp

#endif  // LOWP_SIMD_DEQUANTISE_HPP
