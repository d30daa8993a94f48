// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of simd/ share about pieces of arrays.
#ifndef LOWP_SIMD_CHUNK_HPP
#define LOWP_SIMD_CHUNK_HPP

#include <bit>
#include <cstddef>
#include <cstring>

#include "../pack/packing.hpp"

namespace lowp::simd {

/// Elements that go through the first-level cache together: whole tiles of every packing.
inline constexpr std::size_t chunk_size = 4 * packing_tile;

/// Bytes of the container of a code.
LOWP_FN int container_bytes(format f) noexcept {
  return f.width <= 8 ? 1 : f.width <= 16 ? 2 : f.width <= 32 ? 4 : 8;
}

/// Are codes in memory as this machine's integers?
LOWP_FN bool is_plain(const packing& p) noexcept { return p == packing{}; }

/// n bytes, those of a few scales without a call.
LOWP_UNIT inline void copy_few(const void* from, std::size_t n, void* to) noexcept {
  switch (n) {
    case 1: std::memcpy(to, from, 1); return;
    case 4: std::memcpy(to, from, 4); return;
    case 8: std::memcpy(to, from, 8); return;
    case 16: std::memcpy(to, from, 16); return;
    case 32: std::memcpy(to, from, 32); return;
    default: std::memcpy(to, from, n);
  }
}

/// Are codes end to end, in order?
LOWP_FN bool is_dense(const array_layout& a) noexcept {
  return a.pack.slot == a.f.width && a.pack.lift == 0 && a.pack.group == a.pack.step &&
         a.pack.run == 0;
}

/// The kernels move integers between memory and lanes as they are.
inline constexpr bool host_is_supported = std::endian::native == std::endian::little;

}  // namespace lowp::simd

#endif  // LOWP_SIMD_CHUNK_HPP
