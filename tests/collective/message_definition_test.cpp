// SPDX-License-Identifier: Apache-2.0
// Headers, and numbers to whole messages and back. spec/collectives.md COL-11 and COL-12.
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

TEST_CASE("COL-11: the bytes of a message, written by hand") {
  const std::vector<float> x{1.0f, -2.5f, 0.0f};
  message_header h;
  h.first = 0x0102030405060708;
  h.seed = 0x1112131415161718;
  h.stream = 0x2122232425262728;
  h.operation = 0x4142434445464748;
  h.step = 0x51525354;
  h.sender = 0x61626364;
  h.receiver = 0x71727374;
  constexpr auto expected = bytes_of_integers(
      0x4c, 0x4f, 0x57, 0x50, 0x01, 0x00, 0x60, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
      0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03,
      0x02, 0x01, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x28, 0x27, 0x26, 0x25, 0x24,
      0x23, 0x22, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x48, 0x47, 0x46, 0x45,
      0x44, 0x43, 0x42, 0x41, 0x54, 0x53, 0x52, 0x51, 0x64, 0x63, 0x62, 0x61, 0x74, 0x73, 0x72,
      0x71, 0x00, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xea, 0xff,
      0x77, 0x6d, 0xf8, 0x65, 0xcd, 0x75, 0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x20, 0xc0, 0x00,
      0x00, 0x00, 0x00);
  const bytes out = message_of(wire_codecs::fp32, x, h);
  CHECK(std::equal(out.begin(), out.end(), expected.begin(), expected.end()));
  std::vector<float> back(3);
  const read_result r = decode_message(expected, std::span(back));
  CHECK(r.is_right());
  CHECK(back == x);
  h.codec = 1;
  h.elements = 3;
  h.payload_bytes = 12;
  CHECK(r.header == h);
  CHECK(r.codec == wire_codecs::fp32);
}

TEST_CASE("COL-11: fields fill a header, and each member stands in its own") {
  std::size_t end = 0;
  for (const place& p : places) {
    CHECK(p.offset == end);
    end = p.offset + p.size;
  }
  CHECK(end == message_header_bytes);
  // Bytes that no other field has.
  message_header h;
  std::uint64_t next = 0x0102030405060708;
  const auto fill = [&next](auto& member) {
    member = static_cast<std::remove_reference_t<decltype(member)>>(next += 0x1010101010101010);
    return static_cast<std::uint64_t>(member);
  };
  std::vector<std::pair<const char*, std::uint64_t>> expected{
      {"codec", fill(h.codec)},
      {"hadamard", fill(h.hadamard)},
      {"row", fill(h.row)},
      {"elements", fill(h.elements)},
      {"first", fill(h.first)},
      {"seed", fill(h.seed)},
      {"stream", fill(h.stream)},
      {"hadamard_seed", fill(h.hadamard_seed)},
      {"operation", fill(h.operation)},
      {"step", fill(h.step)},
      {"sender", fill(h.sender)},
      {"receiver", fill(h.receiver)},
      {"payload_bytes", fill(h.payload_bytes)}};
  h.kind = message_kind::verdict;
  expected.insert(expected.end(), {{"kind", 2},
                                   {"magic", 0x50574f4c},
                                   {"version", 1},
                                   {"header_size", 96},
                                   {"payload_checksum", 0xa1b2c3d4}});
  bytes out(message_header_bytes + 1, std::byte{0xee});
  write_header(h, 0xa1b2c3d4, out.data());
  for (const auto& [name, x] : expected) {
    INFO(std::string(name));
    CHECK(get(out, name) == x);
  }
  CHECK(get(out, "header_checksum") == bitwise_crc(std::span(out).first(92)));
  CHECK(out.back() == std::byte{0xee});
  CHECK(detail::read_header(out.data()) == h);
}

TEST_CASE("COL-12: whole messages of every registered codec, and back") {
  const std::vector<float> all = numbers(700);
  for (const named_wire_codec& row : all_wire_codecs) {
    INFO(std::string(row.name));
    for (const wire_codec& c : {row.value, with_stochastic(row.value)}) {
      for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 31, 128, 257, 700}) {
        const std::span<const float> x = std::span(all).first(n);
        message_header h = context();
        h.first = 3 * c.row;
        const bytes out = message_of(c, x, h);
        bytes payload(encoded_size(c, n));
        encode_wire(c, x, payload.data(), {{.seed = 5, .stream = 6}, 3 * c.row});
        CHECK(std::equal(payload.begin(), payload.end(), out.begin() + 96, out.end()));
        std::vector<float> y(n), expected(n);
        const read_result r = decode_message(out, std::span(y));
        REQUIRE(r.is_right());
        decode_wire(c, payload.data(), std::span(expected));
        CHECK(std::equal(y.begin(), y.end(), expected.begin()));
        CHECK(r.header.kind == message_kind::data);
        CHECK(r.header.codec == c.id);
        CHECK(r.header.elements == n);
        CHECK(r.payload.data() == out.data() + 96);
        CHECK(r.payload.size() == payload.size());
        CHECK(r.codec == row.value);
        std::vector<float> other(n + 1, 7.0f);
        const read_result refused = decode_message(out, std::span(other));
        CHECK(refused.error == message_error::elements);
        CHECK(refused.offset == 16);
        CHECK(std::count(other.begin(), other.end(), 7.0f) == static_cast<long>(n) + 1);
      }
    }
  }
}

TEST_CASE("COL-12: codecs of one's own") {
  wire_codec own = with_row(wire_codecs::int8, 48);
  own.id = 0x9000;
  own.rows.row_alignment = 16;
  const std::vector<float> x = numbers(50);
  const bytes m = message_of(own, x);
  CHECK(m.size() == 96 + 64 + 16);
  CHECK(verdict(m) == words(message_error::codec, 8));
  CHECK(verdict(m, &own) == words(message_error::none, 0));
  CHECK(read_message(m, &own).codec == own);
  std::vector<float> y(50), expected(50);
  CHECK(decode_message(m, std::span(y), &own).is_right());
  decode_wire(own, m.data() + 96, std::span(expected));
  CHECK(y == expected);
  // The id is not that of this one; registered ones are known beside it.
  wire_codec other = own;
  other.id = 0x9001;
  CHECK(verdict(m, &other) == words(message_error::codec, 8));
  CHECK(verdict(sample(), &own) == words(message_error::none, 0));
  // Row length and rotation are those of the header.
  other = with_hadamard(with_row(own, 16), 4);
  CHECK(read_message(m, &other).codec == own);
  // One that nobody can use.
  other.rows.code_alignment = 3;
  CHECK(verdict(m, &other) == words(message_error::codec, 8));
  other = own;
  other.kind = static_cast<wire_kind>(9);
  CHECK(verdict(m, &other) == words(message_error::codec, 8));
  // What another layout makes of the size.
  other = own;
  other.rows.row_alignment = 1;
  CHECK(verdict(m, &other) == words(message_error::payload_size, 80));
}

TEST_CASE("COL-12: what encode_message refuses, it does not begin") {
  const std::vector<float> x = numbers(40);
  const auto refused = [&x](const wire_codec& c, message_header h, std::size_t size) {
    bytes out(size, std::byte{0xee});
    const message_error e = encode_message(c, x, h, out);
    CHECK(std::count(out.begin(), out.end(), std::byte{0xee}) == static_cast<long>(size));
    return e;
  };
  const wire_codec c = with_row(wire_codecs::mxfp4, 32);
  CHECK(refused(c, context(), 96 + 21) == message_error::truncated);
  CHECK(refused(c, context(), 0) == message_error::truncated);
  CHECK(refused(c, context(), 96 + 23) == message_error::extended);
  message_header h = context();
  h.first = 33;
  CHECK(refused(c, h, 96 + 22) == message_error::elements);
  h.first = ~std::uint64_t{31};
  CHECK(refused(c, h, 96 + 22) == message_error::elements);
  CHECK(refused(with_row(c, 33), context(), 96 + 22) == message_error::shape);
  CHECK(refused(with_hadamard(c, 64), context(), 96 + 22) == message_error::shape);
  wire_codec other = c;
  other.block.element = {};
  CHECK(refused(other, context(), 96 + 22) == message_error::codec);
  // Ids of registered codecs are theirs.
  other = c;
  other.id = wire_codecs::int4.id;
  CHECK(refused(other, context(), 96 + 22) == message_error::codec);
  other = wire_codecs::bf16;
  other.element = formats::binary16;
  CHECK(refused(other, context(), 96 + 80) == message_error::codec);
  other = wire_codecs::int8;
  other.rows.code_alignment = 4;
  CHECK(refused(other, context(), message_size(other, 40)) == message_error::codec);
  other.id = 0x8000;
  CHECK(message_of(other, x).size() == 96 + 48);
}
