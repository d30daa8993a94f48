// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of numbers to row-wise codecs and back at memory speed: declarations, without Highway. The
/// definitions are in simd/implementation_rowwise.hpp, which one unit of a program includes; Meson
/// offers it in the dependency `lowp_simd`. Same bits as the definitions in integer/, whatever the
/// instruction set, the threads and the environment of the caller's floating-point arithmetic.
/// spec/bulk.md BLK-9.
#ifndef LOWP_SIMD_ROWWISE_HPP
#define LOWP_SIMD_ROWWISE_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../integer/table/rowwise.hpp"
#include "convert.hpp"
#include "threads.hpp"

namespace lowp {

/// The rows of a table, one after another; returns the bytes written, all of `rows`. `columns`
/// numbers a row. Throws `array_error`: a codec that `check` refuses, numbers that are not whole
/// rows, bytes that are not those of all rows, overlap.
/// Element i of all numbers has index first + i for `random`, the source of codecs that round
/// stochastically; no index is 2^64 or more.
/// Definition: `quantise_rows` of integer/table/rowwise_convert.hpp.
std::size_t quantise_rows(const rowwise_codec& codec, std::span<const float> numbers,
                          std::uint64_t columns, std::span<std::byte> rows,
                          const thread_options& options = {}, const random_source& random = {},
                          std::uint64_t first = 0);

/// The same back, to numbers as `how` says, end to end, little-endian, at any address; returns the
/// bytes written, all of `numbers`. Errors as above.
std::size_t dequantise_rows(const rowwise_codec& codec, std::span<const std::byte> rows,
                            std::uint64_t columns, std::span<std::byte> numbers,
                            row_reading how = {}, const thread_options& options = {});

}  // namespace lowp

#endif  // LOWP_SIMD_ROWWISE_HPP
