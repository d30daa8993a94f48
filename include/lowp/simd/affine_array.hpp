// SPDX-License-Identifier: Apache-2.0
/// \file
/// Affine quantisation of arrays and the Hadamard transform of rows at memory speed: declarations,
/// without Highway. The definitions are in simd/implementation_affine.hpp, which one unit of a
/// program includes; Meson offers it in the dependency `lowp_simd`. Same bits as
/// integer/quantise_array.hpp and block/hadamard.hpp, whatever the instruction set, the threads and
/// the caller's floating-point environment. spec/bulk.md BLK-12.
#ifndef LOWP_SIMD_AFFINE_ARRAY_HPP
#define LOWP_SIMD_AFFINE_ARRAY_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../block/hadamard.hpp"
#include "../integer/quantise_array.hpp"
#include "convert.hpp"
#include "threads.hpp"

namespace lowp {

/// Element i of `out` is the code of `numbers[i]` under the parameters of its tile, one of
/// `parameters` a tile; returns the bytes written. Throws `array_error`: an unusable tiling or
/// layout, no integer format, a range beyond the format's, sizes that are not those of the tiling,
/// overlap. Definition: `quantise_array` of integer/.
std::size_t quantise_array(const quantise_rule& rule, const tiling& t,
                           std::span<const affine<>> parameters, integer_range q,
                           std::span<const float> numbers, const array_layout& to,
                           std::span<std::byte> out, const thread_options& options = {});

/// The numbers that the codes of `in` mean; `how` is the scaling of the rule that made them.
std::size_t dequantise_array(const tiling& t, std::span<const affine<>> parameters,
                             const array_layout& from, std::span<const std::byte> in,
                             std::span<float> numbers, scaling how = scaling::divide,
                             const thread_options& options = {});

/// The transform of every group of the rows of a matrix, in place, `pitch` numbers from row to row.
/// Throws `array_error`: an unusable transform, columns that are not whole groups, rows that
/// overlap, too few numbers. Definition: `hadamard_rows` of block/hadamard.hpp.
void hadamard_rows(const hadamard_transform& t, std::span<float> x, std::uint64_t rows,
                   std::uint64_t columns, std::uint64_t pitch, const thread_options& options = {});

/// Its inverse.
void inverse_hadamard_rows(const hadamard_transform& t, std::span<float> y, std::uint64_t rows,
                           std::uint64_t columns, std::uint64_t pitch,
                           const thread_options& options = {});

}  // namespace lowp

#endif  // LOWP_SIMD_AFFINE_ARRAY_HPP
