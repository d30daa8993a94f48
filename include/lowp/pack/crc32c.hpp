// SPDX-License-Identifier: Apache-2.0
/// \file
/// The cyclic redundancy check CRC-32C (Castagnoli), as iSCSI and SCTP have it.
/// spec/collectives.md COL-10.
#ifndef LOWP_PACK_CRC32C_HPP
#define LOWP_PACK_CRC32C_HPP

#include <cstddef>
#include <cstdint>

#include "../config.hpp"

namespace lowp {

namespace detail {

/// Entry b of table k is what byte b leaves in the register k bytes later.
struct crc32c_tables {
  std::uint32_t after[8][256] = {};

  constexpr crc32c_tables() noexcept {
    constexpr std::uint32_t reflected_polynomial = 0x82f63b78;
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t x = byte;
      for (int bit = 0; bit < 8; ++bit) x = x >> 1 ^ (x % 2 != 0 ? reflected_polynomial : 0);
      after[0][byte] = x;
    }
    for (int k = 1; k < 8; ++k) {
      for (int byte = 0; byte < 256; ++byte) {
        const std::uint32_t x = after[k - 1][byte];
        after[k][byte] = x >> 8 ^ after[0][x % 256];
      }
    }
  }
};

inline constexpr crc32c_tables crc32c_table;

}  // namespace detail

/// CRC-32C of bytes, or of what stood before them and them: `so_far` is the result for that.
/// COL-10.
LOWP_FN std::uint32_t crc32c(const std::byte* bytes, std::uint64_t n,
                             std::uint32_t so_far = 0) noexcept {
  const auto& after = detail::crc32c_table.after;
  std::uint32_t x = ~so_far;
  const auto at = [&](std::uint64_t i) { return static_cast<std::uint32_t>(bytes[i]); };
  std::uint64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    // Eight bytes at once: their parts of the register do not meet.
    x ^= at(i) | at(i + 1) << 8 | at(i + 2) << 16 | at(i + 3) << 24;
    x = after[7][x % 256] ^ after[6][x >> 8 & 255] ^ after[5][x >> 16 & 255] ^ after[4][x >> 24] ^
        after[3][at(i + 4)] ^ after[2][at(i + 5)] ^ after[1][at(i + 6)] ^ after[0][at(i + 7)];
  }
  for (; i < n; ++i) x = x >> 8 ^ after[0][(x ^ at(i)) % 256];
  return ~x;
}

}  // namespace lowp

#endif  // LOWP_PACK_CRC32C_HPP
