// SPDX-License-Identifier: Apache-2.0
/// \file
/// Granularity: which elements of an array share a scale. One description for tensors, channels,
/// rows, groups and two-dimensional blocks: an array of up to three dimensions cut into tiles.
#ifndef LOWP_INTEGER_TILING_HPP
#define LOWP_INTEGER_TILING_HPP

#include <cstddef>
#include <cstdint>

#include "../config.hpp"

namespace lowp {

/// An array with its last dimension contiguous, and the tiles that have parameters of their own;
/// tiles at the ends may be cut off. Parameters stand in the order of the tiles, last dimension
/// first. spec/integers.md INT-7.
struct tiling {
  std::size_t size[3] = {1, 1, 1};
  std::size_t tile[3] = {1, 1, 1};

  friend LOWP_FN bool operator==(const tiling&, const tiling&) noexcept = default;
};

/// The rule that a tiling breaks, see `check` and `message`.
enum class [[nodiscard]] tiling_error : std::uint8_t{
    none,
    tile,  ///< a tile has no extent in one dimension
    size,  ///< more elements than a size_t counts
};

LOWP_FN tiling_error check(const tiling& t) noexcept {
  std::size_t elements = 1;
  for (int d = 0; d < 3; ++d) {
    if (t.tile[d] == 0) return tiling_error::tile;
    if (__builtin_mul_overflow(elements, t.size[d], &elements)) return tiling_error::size;
  }
  return tiling_error::none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(tiling_error e) noexcept {
  switch (e) {
    case tiling_error::none: return "no error";
    case tiling_error::tile: return "a tile needs at least one element in every dimension";
    case tiling_error::size: return "the array has more elements than a size_t counts";
  }
  return "unknown";
}

/// Elements of the array.
LOWP_FN std::size_t element_count(const tiling& t) noexcept {
  return t.size[0] * t.size[1] * t.size[2];
}

/// Tiles along a dimension.
LOWP_FN std::size_t tiles_along(const tiling& t, int dimension) noexcept {
  return t.size[dimension] / t.tile[dimension] + (t.size[dimension] % t.tile[dimension] != 0);
}

/// Parameters of the array.
LOWP_FN std::size_t tile_count(const tiling& t) noexcept {
  return tiles_along(t, 0) * tiles_along(t, 1) * tiles_along(t, 2);
}

/// The tile of element i.
LOWP_FN std::size_t tile_of(const tiling& t, std::size_t i) noexcept {
  const std::size_t i2 = i % t.size[2];
  const std::size_t i1 = i / t.size[2] % t.size[1];
  const std::size_t i0 = i / t.size[2] / t.size[1];
  return (i0 / t.tile[0] * tiles_along(t, 1) + i1 / t.tile[1]) * tiles_along(t, 2) + i2 / t.tile[2];
}

/// The published granularities. Arguments are extents; groups divide the channels evenly.
/// spec/integers.md INT-7.
namespace tilings {

namespace detail {
LOWP_FN std::size_t at_least_one(std::size_t n) noexcept { return n == 0 ? 1 : n; }
/// Channels of a group; 0, which is no tile, of no groups.
LOWP_FN std::size_t part(std::size_t channels, std::size_t groups) noexcept {
  return groups == 0 ? 0 : channels / groups;
}
}  // namespace detail

/// One scale for n elements.
LOWP_FN tiling per_tensor(std::size_t n) noexcept {
  return {{1, 1, n}, {1, 1, detail::at_least_one(n)}};
}

/// One a channel of [outer, channels, inner]: of N, C, H x W; with outer 1 of weights by output.
LOWP_FN tiling per_channel(std::size_t outer, std::size_t channels, std::size_t inner) noexcept {
  return {{outer, channels, inner}, {detail::at_least_one(outer), 1, detail::at_least_one(inner)}};
}

/// One a row: embedding tables, activations "per token".
LOWP_FN tiling per_row(std::size_t rows, std::size_t columns) noexcept {
  return {{1, rows, columns}, {1, 1, detail::at_least_one(columns)}};
}

/// One for every `group` elements of a row.
LOWP_FN tiling per_group(std::size_t rows, std::size_t columns, std::size_t group) noexcept {
  return {{1, rows, columns}, {1, 1, group}};
}

/// One for a block of rows and columns, e.g. 128 x 128.
LOWP_FN tiling per_block(std::size_t rows, std::size_t columns, std::size_t block_rows,
                         std::size_t block_columns) noexcept {
  return {{1, rows, columns}, {1, block_rows, block_columns}};
}

/// FBGEMM QuantizeGroupwise: G groups of the C input channels of weights [K, C, X].
LOWP_FN tiling fbgemm_kcx(std::size_t K, std::size_t C, std::size_t X, std::size_t G) noexcept {
  return {{K, C, X}, {detail::at_least_one(K), detail::part(C, G), detail::at_least_one(X)}};
}

/// The same of weights [K, X, C].
LOWP_FN tiling fbgemm_kxc(std::size_t K, std::size_t X, std::size_t C, std::size_t G) noexcept {
  return {{K, X, C}, {detail::at_least_one(K), detail::at_least_one(X), detail::part(C, G)}};
}

}  // namespace tilings

}  // namespace lowp

#endif  // LOWP_INTEGER_TILING_HPP
