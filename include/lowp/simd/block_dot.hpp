// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products of block-quantised vectors at memory speed: declarations, without Highway. The
/// definitions are in simd/implementation_dequantise.hpp, which one unit of a program includes;
/// Meson offers it in the dependency `lowp_simd`. Same bits as `dot` of block/block_dot.hpp,
/// whatever the instruction set and the floating-point environment. spec/bulk.md BLK-10.
#ifndef LOWP_SIMD_BLOCK_DOT_HPP
#define LOWP_SIMD_BLOCK_DOT_HPP

#include <cstddef>
#include <cstdint>

#include "../block/block_dot.hpp"
#include "convert.hpp"

namespace lowp {

/// The rule of the fast kernels: 16 sums over blocks in binary32.
inline constexpr dot_rule dot_of_16_lanes{dot_sum::blocks, 16};

/// The dot product of two vectors of n elements. With AVX-512 kernels exist for `blocks` and pairs
/// of MXFP8 E4M3, MXFP4, NVFP4 or MXINT8 in their default packings; any two formats of up to 8 bits
/// without levels go by tables of integers, some ten times slower; all else is the definition,
/// element by element. Where the result is NaN the definition is asked for its bits. Throws
/// `array_error`: what `check` refuses.
float dot_product(const block_vector& x, const block_vector& y, std::size_t n,
                  dot_rule rule = dot_of_16_lanes);

/// Vectors of one kind, `code_stride` and `scale_stride` bytes from one to the next.
struct block_rows {
  block_vector first;
  std::size_t rows = 0;
  std::size_t code_stride = 0;
  std::size_t scale_stride = 0;
};

/// The dot products of every row with x: `y.rows` numbers.
void dot_products(const block_vector& x, const block_rows& y, std::size_t n, float* out,
                  dot_rule rule = dot_of_16_lanes);

}  // namespace lowp

#endif  // LOWP_SIMD_BLOCK_DOT_HPP
