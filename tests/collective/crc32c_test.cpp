// SPDX-License-Identifier: Apache-2.0
// CRC-32C. spec/collectives.md COL-10.
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/pack/crc32c.hpp>

#include "../support/bitwise_crc.hpp"

using namespace lowp;
using namespace support;

TEST_CASE("COL-10: known answers of CRC-32C") {
  const auto crc = [](const auto& b) { return crc32c(b.data(), b.size()); };
  std::array<std::byte, 32> b{};
  CHECK(crc(b) == 0x8a9136aa);
  b.fill(std::byte{0xff});
  CHECK(crc(b) == 0x62a8ab43);
  for (unsigned i = 0; i < 32; ++i) b[i] = static_cast<std::byte>(i);
  CHECK(crc(b) == 0x46dd794e);
  std::reverse(b.begin(), b.end());
  CHECK(crc(b) == 0x113fdb5c);
  constexpr auto command = bytes_of_integers(
      0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0,
      0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0);
  static_assert(crc32c(command.data(), command.size()) == 0xd9963a56);
  constexpr auto digits = bytes_of_integers('1', '2', '3', '4', '5', '6', '7', '8', '9');
  static_assert(crc32c(digits.data(), digits.size()) == 0xe3069283);
  static_assert(crc32c(nullptr, 0) == 0);
  CHECK(bitwise_crc(digits) == 0xe3069283);
  CHECK(bitwise_crc(command) == 0xd9963a56);
}

TEST_CASE("COL-10: any length from any place, in any two parts") {
  std::mt19937 random(20261122);
  std::vector<std::byte> b(300);
  for (std::byte& x : b) x = static_cast<std::byte>(random());
  int wrong = 0;
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t n = 0; n < 100; ++n) {
      const std::span<const std::byte> part = std::span(b).subspan(from, n);
      wrong += crc32c(part.data(), n) != bitwise_crc(part);
    }
  }
  const std::uint32_t whole = bitwise_crc(b);
  for (std::size_t cut = 0; cut <= b.size(); ++cut) {
    wrong += crc32c(b.data() + cut, b.size() - cut, crc32c(b.data(), cut)) != whole;
  }
  CHECK(wrong == 0);
}
