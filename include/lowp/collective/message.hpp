// SPDX-License-Identifier: Apache-2.0
/// \file
/// Messages between ranks: a header, then the payload. Their reader trusts nothing. Headers alone
/// are in message_header.hpp, whole messages of numbers in message_definition.hpp.
/// spec/collectives.md COL-12 and COL-13.
#ifndef LOWP_COLLECTIVE_MESSAGE_HPP
#define LOWP_COLLECTIVE_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "message_header.hpp"
#include "wire_codecs.hpp"

namespace lowp {

/// What `read_message` finds: the error and the byte where the field begins that is wrong, or the
/// header, the codec and the payload of a right message. With an error nothing but error and offset
/// means anything.
struct read_result {
  message_error error = message_error::missing;
  std::uint64_t offset = 0;
  message_header header = {};
  wire_codec codec = {};
  std::span<const std::byte> payload = {};

  LOWP_FN bool is_right() const noexcept { return error == message_error::none; }
};

/// What computes CRC-32C of payloads: `crc32c`, or the same at speed (simd/crc32c.hpp); null: the
/// caller compares it with `stated_checksum` himself.
using checksum_function = std::uint32_t (*)(const std::byte* bytes, std::uint64_t n,
                                            std::uint32_t so_far) noexcept;

namespace detail {

/// An error and the field that is wrong; no error: `none`.
struct message_fault {
  message_error error = message_error::none;
  std::uint64_t offset = 0;
};

/// What the rule of a codec's shape that is broken is in a message.
LOWP_FN message_fault fault_of(wire_codec_error e) noexcept {
  namespace at = message_fields;
  switch (e) {
    case wire_codec_error::none: return {};
    case wire_codec_error::row:
    case wire_codec_error::shape: return {message_error::shape, at::row.offset};
    case wire_codec_error::hadamard: return {message_error::shape, at::hadamard.offset};
    default: return {message_error::codec, at::codec.offset};
  }
}

/// Numbers that there can be: not too many, from the beginning of a row on, below 2^64.
LOWP_FN message_fault check_numbers(std::uint64_t row, std::uint64_t elements,
                                    std::uint64_t first) noexcept {
  namespace at = message_fields;
  if (elements > most_message_elements) return {message_error::elements, at::elements.offset};
  if (first % row != 0 || first > ~elements) return {message_error::elements, at::first.offset};
  return {};
}

/// The first 96 bytes alone.
LOWP_FN message_fault check_header(std::span<const std::byte> in) noexcept {
  namespace at = message_fields;
  if (in.empty()) return {message_error::missing, 0};
  if (in.size() < message_header_bytes) return {message_error::truncated, in.size()};
  const std::byte* b = in.data();
  if (read_field(b, at::magic) != message_magic) {
    return {message_error::magic, at::magic.offset};
  }
  if (read_field(b, at::version) != message_version) {
    return {message_error::version, at::version.offset};
  }
  if (read_field(b, at::header_size) != message_header_bytes) {
    return {message_error::header_size, at::header_size.offset};
  }
  if (read_field(b, at::header_checksum) != crc32c(b, at::header_checksum.offset)) {
    return {message_error::header_checksum, at::header_checksum.offset};
  }
  if (read_field(b, at::kind) > static_cast<std::uint64_t>(message_kind::verdict)) {
    return {message_error::kind, at::kind.offset};
  }
  return {};
}

/// What a header says of its payload, and that as the codec; `r.header` is read already.
LOWP_FN message_fault check_codec(read_result& r, const wire_codec* own) noexcept {
  const message_header& h = r.header;
  const named_wire_codec* registered = find_wire_codec(h.codec);
  const bool is_own = own != nullptr && own->id == h.codec;
  if (!is_own && registered == nullptr) {
    return {message_error::codec, message_fields::codec.offset};
  }
  r.codec = is_own ? *own : registered->value;
  r.codec.row = h.row;
  r.codec.hadamard = h.hadamard;
  r.codec.hadamard_seed = h.hadamard_seed;
  if (const message_fault e = fault_of(check(r.codec)); e.error != message_error::none) return e;
  return check_numbers(h.row, h.elements, h.first);
}

LOWP_FN message_fault check_payload(std::span<const std::byte> in, const message_header& h,
                                    std::uint64_t bytes, checksum_function checksum) noexcept {
  namespace at = message_fields;
  if (h.payload_bytes != bytes) return {message_error::payload_size, at::payload_bytes.offset};
  const std::span<const std::byte> rest = in.subspan(message_header_bytes);
  if (rest.size() < bytes) return {message_error::truncated, in.size()};
  if (rest.size() > bytes) return {message_error::extended, message_header_bytes + bytes};
  if (checksum != nullptr &&
      read_field(in.data(), at::payload_checksum) != checksum(rest.data(), rest.size(), 0)) {
    return {message_error::payload_checksum, at::payload_checksum.offset};
  }
  return {};
}

LOWP_FN message_fault read_into(read_result& r, std::span<const std::byte> in,
                                const wire_codec* own, checksum_function checksum) noexcept {
  if (const message_fault e = check_header(in); e.error != message_error::none) return e;
  r.header = read_header(in.data());
  std::uint64_t bytes = 0;
  if (r.header.kind == message_kind::data) {
    if (const message_fault e = check_codec(r, own); e.error != message_error::none) return e;
    bytes = encoded_size(r.codec, r.header.elements);
  }
  r.payload = in.subspan(message_header_bytes);
  return check_payload(in, r.header, bytes, checksum);
}

/// What a receiver that knows what must come finds in a right message.
LOWP_FN message_fault compare_headers(const message_header& h,
                                      const message_header& expected) noexcept {
  namespace at = message_fields;
  message_fault found;
  const auto must = [&found](bool holds, message_error e, message_field field) {
    if (!holds && found.error == message_error::none) found = {e, field.offset};
  };
  must(h.operation == expected.operation, message_error::context, at::operation);
  must(h.step == expected.step, message_error::context, at::step);
  must(h.sender == expected.sender, message_error::context, at::sender);
  must(h.receiver == expected.receiver, message_error::context, at::receiver);
  if (h.kind == message_kind::failure) return found;
  must(h.kind == expected.kind, message_error::kind, at::kind);
  if (h.kind == message_kind::verdict) return found;
  must(h.codec == expected.codec, message_error::codec, at::codec);
  must(h.row == expected.row, message_error::shape, at::row);
  must(h.hadamard == expected.hadamard, message_error::shape, at::hadamard);
  must(h.hadamard_seed == expected.hadamard_seed, message_error::shape, at::hadamard_seed);
  must(h.elements == expected.elements, message_error::elements, at::elements);
  must(h.first == expected.first, message_error::elements, at::first);
  return found;
}

}  // namespace detail

/// What the header of a message, right but for that, says that the checksum of its payload is.
LOWP_FN std::uint32_t stated_checksum(std::span<const std::byte> message) noexcept {
  const auto field = detail::message_fields::payload_checksum;
  return static_cast<std::uint32_t>(detail::read_field(message.data(), field));
}

/// Reads any bytes as a message; nothing is believed that is not checked: the header by its
/// checksum, sizes by the codec, the payload by its checksum. `own`: a codec that is not
/// registered, if there may be messages of it. COL-12.
LOWP_FN read_result read_message(std::span<const std::byte> in, const wire_codec* own = nullptr,
                                 checksum_function checksum = crc32c) noexcept {
  read_result r;
  const detail::message_fault e = detail::read_into(r, in, own, checksum);
  r.error = e.error;
  r.offset = e.offset;
  return r;
}

/// The same for a receiver that knows what must come: the context of `expected` always, its kind
/// unless a failure comes, of data all but `seed`, `stream` and `payload_bytes`. A failure is a
/// right message: look at `header.kind`. COL-13.
LOWP_FN read_result read_message(std::span<const std::byte> in, const message_header& expected,
                                 const wire_codec* own = nullptr,
                                 checksum_function checksum = crc32c) noexcept {
  read_result r = read_message(in, own, checksum);
  if (!r.is_right()) return r;
  const detail::message_fault e = detail::compare_headers(r.header, expected);
  r.error = e.error;
  r.offset = e.offset;
  return r;
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MESSAGE_HPP
