// SPDX-License-Identifier: Apache-2.0
/// \file
/// The wire format: a header that says what a message is and to which step of which operation it
/// belongs, then the payload. Readers trust nothing. spec/collectives.md COL-11 to COL-13.
#ifndef LOWP_COLLECTIVE_MESSAGE_HPP
#define LOWP_COLLECTIVE_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../pack/bytes.hpp"
#include "crc32c.hpp"
#include "wire_codecs.hpp"

namespace lowp {

/// What a message brings.
enum class message_kind : std::uint8_t {
  data,     ///< encoded numbers
  failure,  ///< no payload: its sender has met an error
  verdict,  ///< no payload: its sender knows of no error
};

/// Everything that a header says beside checksums. COL-11.
struct message_header {
  message_kind kind = message_kind::data;
  std::uint16_t codec = 0;     ///< `wire_codec::id`
  std::uint16_t hadamard = 0;  ///< these three: as in the codec
  std::uint32_t row = 1;
  std::uint64_t hadamard_seed = 0;
  std::uint64_t elements = 0;  ///< numbers of the payload
  std::uint64_t first = 0;     ///< index of the first one in its tensor
  std::uint64_t seed = 0;      ///< of the sender's random source, 0 without
  std::uint64_t stream = 0;
  std::uint64_t operation = 0;  ///< number of the operation among those of its group
  std::uint32_t step = 0;       ///< of the operation
  std::uint32_t sender = 0;
  std::uint32_t receiver = 0;
  std::uint64_t payload_bytes = 0;

  friend LOWP_FN bool operator==(const message_header&, const message_header&) noexcept = default;
};

/// Version of the format that is written here, and the only one that is read.
inline constexpr std::uint16_t message_version = 1;
/// Bytes of a header.
inline constexpr std::uint64_t message_header_bytes = 96;

/// The rule that bytes break which should be a message, see `read_message` and `message`.
enum class [[nodiscard]] message_error : std::uint8_t{
    none,
    missing,          ///< there is no message
    truncated,        ///< fewer bytes than a header has, or than it announces
    magic,            ///< it does not begin with LOWP
    version,          ///< another version
    header_size,      ///< headers of this version have 96 bytes
    header_checksum,  ///< the header's checksum does not fit it
    kind,             ///< no such kind
    codec,            ///< the codec is not registered, or not the one that is expected
    shape,            ///< the codec cannot have this row length or rotation
    elements,      ///< not as many numbers as are expected, an index that does not begin a row, or
                   ///< more than there can be
    payload_size,  ///< the payload has not the bytes of that many numbers
    extended,      ///< bytes behind the payload
    payload_checksum,  ///< the payload's checksum does not fit it
    context,           ///< another operation, step, sender or receiver than is expected
};

/// The rule in words.
LOWP_FN const char* message(message_error e) noexcept {
  switch (e) {
    case message_error::none: return "no error";
    case message_error::missing: return "there is no message";
    case message_error::truncated: return "there are fewer bytes than the message has";
    case message_error::magic: return "a message begins with the bytes 4c 4f 57 50";
    case message_error::version: return "the version must be 1";
    case message_error::header_size: return "a header must have 96 bytes";
    case message_error::header_checksum: return "the checksum of the header is wrong";
    case message_error::kind: return "the kind must be data, failure or verdict";
    case message_error::codec: return "the codec must be registered, and the one that is expected";
    case message_error::shape: return "the codec cannot have this row length or rotation";
    case message_error::elements:
      return "the numbers must be as many as are expected, and begin at a row";
    case message_error::payload_size: return "the payload must have the bytes of its numbers";
    case message_error::extended: return "there must be no bytes behind the payload";
    case message_error::payload_checksum: return "the checksum of the payload is wrong";
    case message_error::context:
      return "operation, step, sender and receiver must be those that are expected";
  }
  return "unknown";
}

/// What `read_message` finds: the error and the byte where the field begins that is wrong, or the
/// header, the codec and the payload of a right message.
struct read_result {
  message_error error = message_error::missing;
  std::uint64_t offset = 0;
  message_header header = {};
  wire_codec codec = {};
  std::span<const std::byte> payload = {};

  LOWP_FN bool is_right() const noexcept { return error == message_error::none; }
};

namespace detail {

/// A field of the header: little-endian, `size` bytes at `offset`. COL-11.
struct message_field {
  std::uint8_t offset;
  std::uint8_t size;
};

/// The table of COL-11.
namespace message_fields {

inline constexpr message_field magic{0, 4}, version{4, 2}, header_size{6, 2}, codec{8, 2},
    hadamard{10, 2}, row{12, 4}, elements{16, 8}, first{24, 8}, seed{32, 8}, stream{40, 8},
    hadamard_seed{48, 8}, operation{56, 8}, step{64, 4}, sender{68, 4}, receiver{72, 4},
    kind{76, 4}, payload_bytes{80, 8}, payload_checksum{88, 4}, header_checksum{92, 4};

}  // namespace message_fields

inline constexpr std::uint32_t message_magic = 0x50574f4c;  // LOWP

LOWP_FN void write_field(std::byte* header, message_field f, std::uint64_t x) noexcept {
  write_bytes(header + f.offset, f.size, x);
}
LOWP_FN std::uint64_t read_field(const std::byte* header, message_field f) noexcept {
  return read_bytes(header + f.offset, f.size);
}

}  // namespace detail

/// Bytes of a message of n numbers.
LOWP_FN std::uint64_t message_size(const wire_codec& c, std::uint64_t n) noexcept {
  return message_header_bytes + encoded_size(c, n);
}

/// The header of a message of `elements` numbers under a codec; the rest is to be filled in.
LOWP_FN message_header header_of(const wire_codec& c, std::uint64_t elements) noexcept {
  message_header h;
  h.codec = c.id;
  h.row = c.row;
  h.hadamard = c.hadamard;
  h.hadamard_seed = c.hadamard_seed;
  h.elements = elements;
  h.payload_bytes = encoded_size(c, elements);
  return h;
}

/// Writes the `message_header_bytes` of a header, with the checksum of the payload, which is
/// `h.payload_bytes` long. COL-11.
LOWP_FN void write_header(const message_header& h, std::uint32_t payload_checksum,
                          std::byte* out) noexcept {
  namespace f = detail::message_fields;
  using detail::write_field;
  write_field(out, f::magic, detail::message_magic);
  write_field(out, f::version, message_version);
  write_field(out, f::header_size, message_header_bytes);
  write_field(out, f::codec, h.codec);
  write_field(out, f::hadamard, h.hadamard);
  write_field(out, f::row, h.row);
  write_field(out, f::elements, h.elements);
  write_field(out, f::first, h.first);
  write_field(out, f::seed, h.seed);
  write_field(out, f::stream, h.stream);
  write_field(out, f::hadamard_seed, h.hadamard_seed);
  write_field(out, f::operation, h.operation);
  write_field(out, f::step, h.step);
  write_field(out, f::sender, h.sender);
  write_field(out, f::receiver, h.receiver);
  write_field(out, f::kind, static_cast<std::uint64_t>(h.kind));
  write_field(out, f::payload_bytes, h.payload_bytes);
  write_field(out, f::payload_checksum, payload_checksum);
  write_field(out, f::header_checksum, crc32c(out, f::header_checksum.offset));
}

namespace detail {

LOWP_FN message_header read_header(const std::byte* in) noexcept {
  namespace f = message_fields;
  const auto narrow = []<class T>(T, std::uint64_t x) { return static_cast<T>(x); };
  message_header h;
  h.kind = static_cast<message_kind>(read_field(in, f::kind));
  h.codec = narrow(h.codec, read_field(in, f::codec));
  h.hadamard = narrow(h.hadamard, read_field(in, f::hadamard));
  h.row = narrow(h.row, read_field(in, f::row));
  h.hadamard_seed = read_field(in, f::hadamard_seed);
  h.elements = read_field(in, f::elements);
  h.first = read_field(in, f::first);
  h.seed = read_field(in, f::seed);
  h.stream = read_field(in, f::stream);
  h.operation = read_field(in, f::operation);
  h.step = narrow(h.step, read_field(in, f::step));
  h.sender = narrow(h.sender, read_field(in, f::sender));
  h.receiver = narrow(h.receiver, read_field(in, f::receiver));
  h.payload_bytes = read_field(in, f::payload_bytes);
  return h;
}

/// The most numbers of a message: sizes in bytes then stay far below 2^64.
inline constexpr std::uint64_t most_message_elements = std::uint64_t{1} << 48;

}  // namespace detail

/// Reads any bytes as a message; nothing is believed that is not checked: the header by its
/// checksum, sizes by the codec, the payload by its checksum. `own`: a codec that is not
/// registered, if there may be messages of it. COL-12.
LOWP_FN read_result read_message(std::span<const std::byte> in,
                                 const wire_codec* own = nullptr) noexcept {
  namespace f = detail::message_fields;
  read_result r;
  const auto wrong = [&r](message_error e, std::uint64_t offset) {
    r.error = e;
    r.offset = offset;
    return r;
  };
  if (in.empty()) return wrong(message_error::missing, 0);
  if (in.size() < message_header_bytes) return wrong(message_error::truncated, in.size());
  const std::byte* b = in.data();
  if (detail::read_field(b, f::magic) != detail::message_magic) {
    return wrong(message_error::magic, f::magic.offset);
  }
  if (detail::read_field(b, f::version) != message_version) {
    return wrong(message_error::version, f::version.offset);
  }
  if (detail::read_field(b, f::header_size) != message_header_bytes) {
    return wrong(message_error::header_size, f::header_size.offset);
  }
  if (detail::read_field(b, f::header_checksum) != crc32c(b, f::header_checksum.offset)) {
    return wrong(message_error::header_checksum, f::header_checksum.offset);
  }
  if (detail::read_field(b, f::kind) > static_cast<std::uint64_t>(message_kind::verdict)) {
    return wrong(message_error::kind, f::kind.offset);
  }
  r.header = detail::read_header(b);
  const message_header& h = r.header;
  const std::uint64_t rest = in.size() - message_header_bytes;
  if (h.kind != message_kind::data) {
    if (h.payload_bytes != 0) return wrong(message_error::payload_size, f::payload_bytes.offset);
    return rest != 0 ? wrong(message_error::extended, message_header_bytes)
                     : wrong(message_error::none, 0);
  }
  const named_wire_codec* registered = find_wire_codec(h.codec);
  const bool is_own = own != nullptr && own->id == h.codec;
  if (!is_own && registered == nullptr) return wrong(message_error::codec, f::codec.offset);
  r.codec = is_own ? *own : registered->value;
  r.codec.row = h.row;
  r.codec.hadamard = h.hadamard;
  r.codec.hadamard_seed = h.hadamard_seed;
  if (check(r.codec) != wire_codec_error::none) return wrong(message_error::shape, f::row.offset);
  if (h.elements > detail::most_message_elements || h.first % h.row != 0) {
    return wrong(message_error::elements,
                 h.first % h.row != 0 ? f::first.offset : f::elements.offset);
  }
  if (h.payload_bytes != encoded_size(r.codec, h.elements)) {
    return wrong(message_error::payload_size, f::payload_bytes.offset);
  }
  if (rest < h.payload_bytes) return wrong(message_error::truncated, in.size());
  if (rest > h.payload_bytes) {
    return wrong(message_error::extended, message_header_bytes + h.payload_bytes);
  }
  r.payload = in.subspan(message_header_bytes);
  if (detail::read_field(b, f::payload_checksum) != crc32c(r.payload.data(), rest)) {
    return wrong(message_error::payload_checksum, f::payload_checksum.offset);
  }
  return wrong(message_error::none, 0);
}

/// The same for a receiver that knows what must come: every member of `expected` but `kind`, `seed`
/// and `stream` must be that of the header; of failures and verdicts only the context. COL-13.
LOWP_FN read_result read_message(std::span<const std::byte> in, const message_header& expected,
                                 const wire_codec* own = nullptr) noexcept {
  namespace f = detail::message_fields;
  read_result r = read_message(in, own);
  if (!r.is_right()) return r;
  const message_header& h = r.header;
  const auto must = [&r](bool holds, message_error e, detail::message_field field) {
    if (holds || !r.is_right()) return;
    r.error = e;
    r.offset = field.offset;
  };
  must(h.operation == expected.operation, message_error::context, f::operation);
  must(h.step == expected.step, message_error::context, f::step);
  must(h.sender == expected.sender, message_error::context, f::sender);
  must(h.receiver == expected.receiver, message_error::context, f::receiver);
  if (h.kind != message_kind::data) return r;
  must(expected.kind == message_kind::data, message_error::kind, f::kind);
  must(h.codec == expected.codec, message_error::codec, f::codec);
  must(h.row == expected.row, message_error::shape, f::row);
  must(h.hadamard == expected.hadamard, message_error::shape, f::hadamard);
  must(h.hadamard_seed == expected.hadamard_seed, message_error::shape, f::hadamard_seed);
  must(h.elements == expected.elements, message_error::elements, f::elements);
  must(h.first == expected.first, message_error::elements, f::first);
  return r;
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MESSAGE_HPP
