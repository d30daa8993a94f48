// SPDX-License-Identifier: Apache-2.0
/// \file
/// CRC-32C as a division of polynomials, bit by bit: what the library's tables are compared with.
#ifndef LOWP_TESTS_SUPPORT_BITWISE_CRC_HPP
#define LOWP_TESTS_SUPPORT_BITWISE_CRC_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace support {

/// Bytes of integers below 256.
template <class... T>
constexpr auto bytes_of_integers(T... x) {
  return std::array<std::byte, sizeof...(T)>{static_cast<std::byte>(x)...};
}

/// The remainder of the message, the lowest bit of each byte first, with 32 inverted bits before
/// it, modulo 1edc6f41; its bits inverted and in the reverse order.
constexpr std::uint32_t bitwise_crc(std::span<const std::byte> bytes) {
  std::uint64_t remainder = 0xffffffff;
  for (const std::byte b : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      remainder ^= static_cast<std::uint64_t>(std::to_integer<unsigned>(b) >> bit & 1) << 31;
      remainder <<= 1;
      if (remainder >> 32 != 0) remainder ^= 0x11edc6f41;
    }
  }
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) {
    reversed = reversed << 1 | (static_cast<std::uint32_t>(remainder >> bit) & 1);
  }
  return ~reversed;
}

}  // namespace support

#endif  // LOWP_TESTS_SUPPORT_BITWISE_CRC_HPP
