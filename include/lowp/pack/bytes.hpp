// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integers in bytes, the lowest byte first, on machines of either byte order. A byte becomes an
/// integer by a cast: what <cstddef> has for it is not for device code.
#ifndef LOWP_PACK_BYTES_HPP
#define LOWP_PACK_BYTES_HPP

#include <cstddef>
#include <cstdint>

#include "../config.hpp"

namespace lowp::detail {

/// The integer in `count` bytes, 0...8, the lowest first. spec/packing.md PCK-1.
LOWP_FN std::uint64_t read_bytes(const std::byte* at, int count) noexcept {
  std::uint64_t n = 0;
  for (int b = 0; b < count; ++b) n |= static_cast<std::uint64_t>(at[b]) << (8 * b);
  return n;
}

/// The low `count` bytes of an integer, 0...8, the lowest first.
LOWP_FN void write_bytes(std::byte* at, int count, std::uint64_t n) noexcept {
  for (int b = 0; b < count; ++b) at[b] = static_cast<std::byte>((n >> (8 * b)) & 0xff);
}

}  // namespace lowp::detail

#endif  // LOWP_PACK_BYTES_HPP
