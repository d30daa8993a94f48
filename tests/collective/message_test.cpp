// SPDX-License-Identifier: Apache-2.0
// The reader of messages, which trusts nothing. spec/collectives.md COL-12 and COL-13.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/message_definition.hpp>

#include "../support/messages.hpp"

using namespace lowp;
using namespace support;

TEST_CASE("COL-12: every flipped bit, and every two of a header, are an error") {
  for (const bytes& right : some_messages()) {
    CHECK(verdict(right) == words(message_error::none, 0));
    bytes m = right;
    std::size_t unnoticed = 0;
    for (std::size_t i = 0; i < 8 * m.size(); ++i) {
      flip(m, i);
      unnoticed += read_message(m).is_right();
      flip(m, i);
    }
    for (std::size_t i = 0; i < 768; i += 3) {
      flip(m, i);
      for (std::size_t k = i + 1; k < 768; k += 2) {
        flip(m, k);
        unnoticed += read_message(m).is_right();
        flip(m, k);
      }
      flip(m, i);
    }
    CHECK(unnoticed == 0);
    CHECK(m == right);
  }
}

TEST_CASE("COL-12: every burst of up to 32 bits is an error") {
  std::mt19937 random(seed);
  for (const bytes& right : some_messages()) {
    std::size_t unnoticed = 0;
    for (int trial = 0; trial < 20000; ++trial) {
      bytes m = right;
      const std::size_t length = 1 + random() % 32;
      const std::size_t from = random() % (8 * m.size() - length + 1);
      const std::uint32_t pattern = static_cast<std::uint32_t>(random()) | 1U | 1U << (length - 1);
      for (std::size_t i = 0; i < length; ++i) {
        if ((pattern >> i & 1) != 0) flip(m, from + i);
      }
      unnoticed += read_message(m).is_right();
    }
    CHECK(unnoticed == 0);
  }
}

TEST_CASE("COL-12: every truncation and every extension is an error at its offset") {
  CHECK(verdict({}) == words(message_error::missing, 0));
  for (const bytes& right : some_messages()) {
    for (std::size_t n = 1; n < right.size(); ++n) {
      const bytes cut(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(n));
      CHECK(verdict(cut) == words(message_error::truncated, n));
    }
    for (std::size_t more = 1; more < 70; ++more) {
      bytes m = right;
      m.resize(right.size() + more, static_cast<std::byte>(more));
      CHECK(verdict(m) == words(message_error::extended, right.size()));
    }
  }
}

namespace {

// One thing that is wrong in a message of 40 numbers in rows of 32, and what is said of it.
struct fault {
  const char* field;
  std::uint64_t value;
  message_error error;
  std::uint64_t offset;
  bool resign = true;
};
constexpr std::uint64_t most = std::uint64_t{1} << 48;
// In the order in which they are looked for.
constexpr fault faults[] = {
    {"magic", 0x50574f4d, message_error::magic, 0},
    {"magic", 0x4c4f5750, message_error::magic, 0},
    {"version", 0, message_error::version, 4},
    {"version", 2, message_error::version, 4},
    {"header_size", 95, message_error::header_size, 6},
    {"header_size", 0x160, message_error::header_size, 6},
    {"header_checksum", 0, message_error::header_checksum, 92, false},
    {"kind", 3, message_error::kind, 76},
    {"kind", 0x100, message_error::kind, 76},
    {"kind", 0x80000000, message_error::kind, 76},
    {"codec", 0, message_error::codec, 8},
    {"codec", 0x7fff, message_error::codec, 8},
    {"codec", 0x8000, message_error::codec, 8},
    {"row", 0, message_error::shape, 12},
    {"row", 4097, message_error::shape, 12},
    {"row", 0xffffffff, message_error::shape, 12},
    {"hadamard", 3, message_error::shape, 10},
    {"hadamard", 64, message_error::shape, 10},
    {"hadamard", 0x8000, message_error::shape, 10},
    {"row", 48, message_error::shape, 12},
    {"elements", most + 1, message_error::elements, 16},
    {"elements", ~std::uint64_t{0}, message_error::elements, 16},
    {"first", 1, message_error::elements, 24},
    {"first", ~std::uint64_t{0}, message_error::elements, 24},
    {"first", ~std::uint64_t{31}, message_error::elements, 24},
    {"payload_bytes", 0, message_error::payload_size, 80},
    {"payload_bytes", 21, message_error::payload_size, 80},
    {"payload_bytes", ~std::uint64_t{0}, message_error::payload_size, 80},
    {"elements", 38, message_error::payload_size, 80},
    {"elements", most, message_error::payload_size, 80},
    {"row", 64, message_error::none, 0},  // 2 blocks, too
    {"codec", 13, message_error::payload_size, 80},
    {"payload_checksum", 0, message_error::payload_checksum, 88, false},
};

}  // namespace

TEST_CASE("COL-12: every error of a field, at its offset") {
  const bytes right = sample();
  REQUIRE(right.size() == 96 + 22);
  for (const fault& f : faults) {
    INFO(std::string(f.field) << " " << f.value);
    bytes m = right;
    put(m, f.field, f.value);
    if (f.resign) sign(m);
    if (!f.resign && std::string(f.field) == "payload_checksum") {
      put(m, "header_checksum", bitwise_crc(std::span(m).first(92)));
    }
    CHECK(verdict(m) == words(f.error, f.offset));
  }
  // Failures and verdicts have no payload, whatever else stands in their headers.
  for (const message_kind kind : {message_kind::failure, message_kind::verdict}) {
    bytes m = without_payload(kind);
    for (const char* field : {"codec", "row", "hadamard", "elements", "first"}) put(m, field, ~0U);
    sign(m);
    CHECK(verdict(m) == words(message_error::none, 0));
    m.push_back({});
    sign(m);
    CHECK(verdict(m) == words(message_error::extended, 96));
    put(m, "payload_bytes", 1);
    sign(m);
    CHECK(verdict(m) == words(message_error::payload_size, 80));
    m = without_payload(kind);
    put(m, "payload_checksum", 1);
    put(m, "header_checksum", bitwise_crc(std::span(m).first(92)));
    CHECK(verdict(m) == words(message_error::payload_checksum, 88));
  }
}

TEST_CASE("COL-12: of several errors the first of the order is reported") {
  // What each does, in order; checksums are made to fit but for those that are wrong on purpose.
  struct change {
    message_error error;
    std::uint64_t offset;
    std::function<void(bytes&)> make;
  };
  const auto field = [](const char* name, std::uint64_t x) {
    return [name, x](bytes& m) { put(m, name, x); };
  };
  bool signs_header = true, signs_payload = true;
  const std::vector<change> changes{
      {message_error::magic, 0, field("magic", 0)},
      {message_error::version, 4, field("version", 3)},
      {message_error::header_size, 6, field("header_size", 0)},
      {message_error::header_checksum, 92, [&](bytes&) { signs_header = false; }},
      {message_error::kind, 76, field("kind", 9)},
      {message_error::codec, 8, field("codec", 999)},
      {message_error::shape, 10, field("hadamard", 5)},
      {message_error::elements, 16, field("elements", most + 1)},
      {message_error::elements, 24, field("first", 7)},
      {message_error::payload_size, 80, field("payload_bytes", 1)},
      {message_error::extended, 96 + 22, [](bytes& m) { m.push_back({}); }},
      {message_error::payload_checksum, 88, [&](bytes&) { signs_payload = false; }}};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    for (std::size_t k = i + 1; k <= changes.size(); ++k) {
      bytes m = sample();
      signs_header = signs_payload = true;
      changes[i].make(m);
      if (k < changes.size()) changes[k].make(m);
      const std::uint32_t payload = bitwise_crc(std::span(m).subspan(96));
      put(m, "payload_checksum", signs_payload ? payload : payload + 1);
      const std::uint32_t header = bitwise_crc(std::span(m).first(92));
      put(m, "header_checksum", signs_header ? header : header + 1);
      INFO(i << " and " << k);
      CHECK(verdict(m) == words(changes[i].error, changes[i].offset));
    }
  }
}

TEST_CASE("COL-12: numbers that would overflow") {
  // The greatest sizes that can be written without and with a codec that takes most.
  for (const named_wire_codec& row : all_wire_codecs) {
    for (const std::uint32_t length : {std::uint32_t{1}, std::uint32_t{32}, row.value.row}) {
      const wire_codec c = with_row(row.value, length);
      if (check(c) != wire_codec_error::none) continue;
      CHECK(encoded_size(c, most_message_elements) < std::uint64_t{1} << 56);
      bytes m = sample();
      put(m, "codec", c.id);
      put(m, "row", c.row);
      put(m, "elements", most);
      put(m, "payload_bytes", encoded_size(c, most));
      sign(m);
      CHECK(verdict(m) == words(message_error::truncated, m.size()));
      put(m, "first", ~std::uint64_t{0} / length * length);
      sign(m);
      CHECK(verdict(m) == words(message_error::elements, 24));
      put(m, "first", (std::uint64_t{0} - most) / length * length);
      sign(m);
      const bool past = (std::uint64_t{0} - most) % length == 0;
      CHECK(verdict(m) == (past ? words(message_error::elements, 24)
                                : words(message_error::truncated, m.size())));
    }
  }
}

namespace {

// In constant expressions nothing is read or written outside an array.
constexpr int constant_errors() {
  constexpr float x[] = {1.0f, -0.5f, 3.0f};
  std::byte out[96 + 6] = {};
  const wire_codec c = wire_codecs::bf16;
  if (encode_message(c, x, {}, out) != message_error::none) return -1;
  int found = 0;
  for (std::size_t n = 0; n < sizeof out; ++n) {
    found += !read_message(std::span<const std::byte>(out).first(n)).is_right();
  }
  float y[3] = {};
  if (!decode_message(out, y).is_right()) return -2;
  for (int i = 0; i < 3; ++i) {
    if (y[i] != x[i]) return -3;
  }
  return found;
}
static_assert(constant_errors() == 102);

}  // namespace

TEST_CASE("COL-12: every error has words of its own") {
  std::vector<std::string> all;
  for (int e = 0; e <= static_cast<int>(message_error::context); ++e) {
    all.emplace_back(message(static_cast<message_error>(e)));
    CHECK(all.back() != "unknown");
  }
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  CHECK(std::string(message(static_cast<message_error>(200))) == "unknown");
}
