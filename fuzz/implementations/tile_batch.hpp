// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products as x86 tiles: 16 of them on a wandering diagonal of a 16 by 16 tile of results.
#ifndef LOWP_FUZZ_IMPLEMENTATIONS_TILE_BATCH_HPP
#define LOWP_FUZZ_IMPLEMENTATIONS_TILE_BATCH_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lowp::tool {

/// c += a b: a has 16 rows of `RowBytes`, b has RowBytes / 4 rows of 16 dwords, of which each holds
/// the codes that a dword of a row of a meets, c 16 rows of 16 dwords. All are packed.
using tile_operation = void (*)(const void* a, const void* b, void* c);

/// A batch function: `RowBytes` of a and of b per case, 4 bytes of c and of the result.
template <tile_operation Operation, std::size_t RowBytes>
void tile_batch(const void* const* in, void* out, std::size_t n) {
  constexpr std::size_t side = 16;
  constexpr std::size_t dwords = RowBytes / 4;
  alignas(64) std::uint32_t b[dwords][side] = {};
  alignas(64) std::uint32_t c[side][side] = {};
  for (std::size_t first = 0; first < n; first += side) {
    const auto column = [&](std::size_t row) { return (row + first / side) % side; };
    const auto* bs = static_cast<const char*>(in[1]) + first * RowBytes;
    const auto* cs = static_cast<const char*>(in[2]) + first * 4;
    for (std::size_t row = 0; row < side; ++row) {
      for (std::size_t k = 0; k < dwords; ++k) {
        std::memcpy(&b[k][column(row)], bs + row * RowBytes + 4 * k, 4);
      }
      std::memcpy(&c[row][column(row)], cs + 4 * row, 4);
    }
    // Rows behind the last case hold what room the arrays have.
    Operation(static_cast<const char*>(in[0]) + first * RowBytes, b, c);
    for (std::size_t row = 0; row < side; ++row) {
      std::memcpy(static_cast<char*>(out) + 4 * (first + row), &c[row][column(row)], 4);
    }
  }
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_IMPLEMENTATIONS_TILE_BATCH_HPP
