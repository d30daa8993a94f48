// SPDX-License-Identifier: Apache-2.0
// CRC-32C at speed against a division bit by bit. spec/collectives.md COL-10.
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/message_definition.hpp>
#include <lowp/simd/crc32c.hpp>

#include "../support/bitwise_crc.hpp"
#include "../support/messages.hpp"

using namespace lowp;

namespace {

std::vector<std::byte> random_bytes(std::size_t n) {
  std::mt19937 random(20261122);
  std::vector<std::byte> b(n);
  for (std::byte& x : b) x = static_cast<std::byte>(random());
  return b;
}

}  // namespace

TEST_CASE("COL-10: the same at speed, of any length from any place") {
  const std::vector<std::byte> b = random_bytes(8200);
  std::size_t wrong = 0;
  for (std::size_t n = 0; n <= 3300; ++n) {
    const std::span<const std::byte> part = std::span(b).subspan(n % 13, n);
    wrong += simd::crc32c(part.data(), n) != support::bitwise_crc(part);
  }
  for (std::size_t from = 0; from < 16; ++from) {
    for (const std::size_t n : std::initializer_list<std::size_t>{1536, 4607, 4608, 8184}) {
      const std::span<const std::byte> part = std::span(b).subspan(from, n);
      wrong += simd::crc32c(part.data(), n) != support::bitwise_crc(part);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("COL-10: the same at speed, in two parts") {
  const std::vector<std::byte> b = random_bytes(3200);
  const std::uint32_t whole = support::bitwise_crc(b);
  std::size_t wrong = 0;
  for (std::size_t cut = 0; cut <= b.size(); ++cut) {
    const std::uint32_t first = simd::crc32c(b.data(), cut);
    wrong += simd::crc32c(b.data() + cut, b.size() - cut, first) != whole;
  }
  CHECK(wrong == 0);
  CHECK(simd::crc32c(nullptr, 0) == 0);
}

TEST_CASE("COL-12: messages whose payload is checked at speed") {
  const support::bytes m = support::message_of(wire_codecs::mxfp8_e4m3, support::numbers(4000));
  CHECK(read_message(m, nullptr, simd::crc32c).is_right());
  support::bytes other = m;
  other.back() ^= std::byte{1};
  CHECK(read_message(other, nullptr, simd::crc32c).error == message_error::payload_checksum);
}
