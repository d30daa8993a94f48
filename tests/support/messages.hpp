// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the tests of messages share: fields of a header written down once more, messages, and such
/// with fields that are changed.
#ifndef LOWP_TESTS_SUPPORT_MESSAGES_HPP
#define LOWP_TESTS_SUPPORT_MESSAGES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/message_definition.hpp>

#include "bitwise_crc.hpp"
#include "normal_numbers.hpp"

namespace support {

using namespace lowp;

using bytes = std::vector<std::byte>;

inline constexpr std::uint32_t seed = 20261122;

/// Fields of a header as COL-11 has them, written down once more.
struct place {
  const char* name;
  std::size_t offset;
  std::size_t size;
};
inline constexpr place places[] = {
    {"magic", 0, 4},           {"version", 4, 2},        {"header_size", 6, 2},
    {"codec", 8, 2},           {"hadamard", 10, 2},      {"row", 12, 4},
    {"elements", 16, 8},       {"first", 24, 8},         {"seed", 32, 8},
    {"stream", 40, 8},         {"hadamard_seed", 48, 8}, {"operation", 56, 8},
    {"step", 64, 4},           {"sender", 68, 4},        {"receiver", 72, 4},
    {"kind", 76, 4},           {"payload_bytes", 80, 8}, {"payload_checksum", 88, 4},
    {"header_checksum", 92, 4}};

inline place place_of(const std::string& name) {
  return *std::find_if(std::begin(places), std::end(places),
                       [&](const place& p) { return p.name == name; });
}

inline void put(bytes& m, const char* name, std::uint64_t x) {
  const place p = place_of(name);
  for (std::size_t i = 0; i < p.size; ++i) {
    m.at(p.offset + i) = static_cast<std::byte>(x >> (8 * i) & 0xff);
  }
}

inline std::uint64_t get(const bytes& m, const char* name) {
  const place p = place_of(name);
  std::uint64_t x = 0;
  for (std::size_t i = p.size; i-- > 0;) {
    x = x << 8 | std::to_integer<std::uint64_t>(m.at(p.offset + i));
  }
  return x;
}

/// Checksums that fit whatever stands there, as somebody who means ill has them.
inline void sign(bytes& m) {
  if (m.size() < 96) return;
  put(m, "payload_checksum", bitwise_crc(std::span(m).subspan(96)));
  put(m, "header_checksum", bitwise_crc(std::span(m).first(92)));
}

inline std::vector<float> numbers(std::size_t n) {
  std::mt19937 random(seed);
  return normal_numbers(random, n);
}

inline message_header context() {
  message_header h;
  h.seed = 5;
  h.stream = 6;
  h.operation = 7;
  h.step = 8;
  h.sender = 9;
  h.receiver = 10;
  return h;
}

inline bytes message_of(const wire_codec& c, std::span<const float> x,
                        message_header h = context()) {
  bytes out(message_size(c, x.size()), std::byte{0xee});
  REQUIRE(encode_message(c, x, h, out) == message_error::none);
  return out;
}

inline bytes without_payload(message_kind kind) {
  message_header h = context();
  h.kind = kind;
  bytes out(message_header_bytes, std::byte{0xee});
  write_header(h, 0, out.data());
  return out;
}

/// Error and offset of bytes; nothing may be written of wrong ones.
inline std::string verdict(const bytes& in, const wire_codec* own = nullptr) {
  const read_result r = read_message(in, own);
  constexpr float untouched = 0x1.5a5a5ap77f;
  std::vector<float> out(r.is_right() ? 0 : 300, untouched);
  if (!r.is_right()) {
    const read_result same = decode_message(in, std::span(out), own);
    CHECK(same.error == r.error);
    CHECK(same.offset == r.offset);
    CHECK(std::all_of(out.begin(), out.end(), [](float x) { return x == untouched; }));
  }
  return std::string(message(r.error)) + ", " + std::to_string(r.offset);
}

inline std::string words(message_error e, std::uint64_t offset) {
  return std::string(message(e)) + ", " + std::to_string(offset);
}

inline void flip(bytes& m, std::size_t bit) { m[bit / 8] ^= std::byte{1} << bit % 8; }

/// Some messages: of each kind, and of codecs with short last rows.
inline std::vector<bytes> some_messages() {
  const std::vector<float> x = numbers(40);
  std::vector<bytes> all{without_payload(message_kind::failure),
                         without_payload(message_kind::verdict)};
  for (const wire_codec& c : {wire_codecs::fp32, wire_codecs::mxfp4, wire_codecs::fbgemm_int8,
                              with_hadamard(wire_codecs::nvfp4, 16, 3)}) {
    all.push_back(message_of(c, x));
  }
  all.push_back(message_of(wire_codecs::int4, std::span(x).first(0)));
  return all;
}

/// 40 numbers in rows of 32: 96 and 22 bytes.
inline bytes sample() { return message_of(with_row(wire_codecs::mxfp4, 32), numbers(40)); }

}  // namespace support

#endif  // LOWP_TESTS_SUPPORT_MESSAGES_HPP
