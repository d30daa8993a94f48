// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pooling of bags of rows at memory speed: the declaration, without Highway. The definition is in
/// simd/implementation_pool.hpp, which one unit of a program includes; Meson offers it in the
/// dependency `lowp_simd`. spec/bulk.md BLK-11.
#ifndef LOWP_SIMD_POOL_ROWS_HPP
#define LOWP_SIMD_POOL_ROWS_HPP

#include <cstddef>
#include <span>

#include "../integer/table/bag.hpp"
#include "convert.hpp"
#include "threads.hpp"

namespace lowp {

/// Pools every bag into a row of numbers, end to end and little-endian; returns the bytes written,
/// all of `out`. No weights: each is 1. Same bits as `pool_rows` of integer/table/bag.hpp, whatever
/// the instruction set, the threads and the caller's floating-point environment. Throws
/// `array_error` where that returns a refusal, and on overlap.
std::size_t pool_rows(const rowwise_table& table, const row_bags& bags,
                      std::span<const float> weights, std::span<std::byte> out,
                      const pooling_options& how = {}, const thread_options& options = {});

}  // namespace lowp

#endif  // LOWP_SIMD_POOL_ROWS_HPP
