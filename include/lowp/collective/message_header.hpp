// SPDX-License-Identifier: Apache-2.0
/// \file
/// The header of messages between ranks: what a message is, to which step of which operation it
/// belongs, and the errors that its reader finds. message.hpp reads it.
/// spec/collectives.md COL-11.
#ifndef LOWP_COLLECTIVE_MESSAGE_HEADER_HPP
#define LOWP_COLLECTIVE_MESSAGE_HEADER_HPP

#include <cstddef>
#include <cstdint>

#include "../pack/bytes.hpp"
#include "../pack/crc32c.hpp"
#include "wire_codec.hpp"

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
/// The most numbers of a message: sizes in bytes then stay far below 2^64.
inline constexpr std::uint64_t most_message_elements = std::uint64_t{1} << 48;

/// The rule that bytes break which should be a message, see `read_message` and `message`.
enum class [[nodiscard]] message_error : std::uint8_t{
    none,
    missing,          ///< there is no message
    truncated,        ///< fewer bytes than a header has, or than it announces
    magic,            ///< it does not begin with LOWP
    version,          ///< another version
    header_size,      ///< headers of this version have 96 bytes
    header_checksum,  ///< the header's checksum does not fit it
    kind,             ///< no such kind, or not the one that is expected
    codec,            ///< the codec is not registered, not usable, or not the one that is expected
    shape,            ///< the codec cannot have this row length or rotation, or others are expected
    elements,  ///< more numbers than there can be, an index that does not begin a row, or not the
               ///< numbers that are expected
    payload_size,      ///< the payload has not the bytes of that many numbers
    extended,          ///< bytes behind the payload
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
    case message_error::kind:
      return "the kind must be data, failure or verdict, and the one that is expected";
    case message_error::codec:
      return "the codec must be registered and usable, and the one that is expected";
    case message_error::shape:
      return "row length and rotation must be such as the codec can have, and those expected";
    case message_error::elements:
      return "there must be no more than 2^48 numbers, from the beginning of a row, and those "
             "expected";
    case message_error::payload_size: return "the payload must have the bytes of its numbers";
    case message_error::extended: return "there must be no bytes behind the payload";
    case message_error::payload_checksum: return "the checksum of the payload is wrong";
    case message_error::context:
      return "operation, step, sender and receiver must be those that are expected";
  }
  return "unknown";
}

namespace detail {

/// A field of the header: little-endian, `size` bytes at `offset`.
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

/// Calls `f` with every field of a header but `kind`, and its place.
template <class Header, class Function>
LOWP_FN void for_each_field(Header& h, Function f) noexcept {
  namespace at = message_fields;
  f(at::codec, h.codec);
  f(at::hadamard, h.hadamard);
  f(at::row, h.row);
  f(at::elements, h.elements);
  f(at::first, h.first);
  f(at::seed, h.seed);
  f(at::stream, h.stream);
  f(at::hadamard_seed, h.hadamard_seed);
  f(at::operation, h.operation);
  f(at::step, h.step);
  f(at::sender, h.sender);
  f(at::receiver, h.receiver);
  f(at::payload_bytes, h.payload_bytes);
}

/// The header that stands in bytes whose kind is one of `message_kind`.
LOWP_FN message_header read_header(const std::byte* in) noexcept {
  message_header h;
  h.kind = static_cast<message_kind>(read_field(in, message_fields::kind));
  for_each_field(
      h, [in]<class T>(message_field f, T& member) { member = static_cast<T>(read_field(in, f)); });
  return h;
}

}  // namespace detail

/// Bytes of a message of n numbers, at most `most_message_elements`.
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
/// `h.payload_bytes` long: `crc32c` of it, 0 of none. COL-11.
LOWP_FN void write_header(const message_header& h, std::uint32_t payload_checksum,
                          std::byte* out) noexcept {
  namespace at = detail::message_fields;
  using detail::write_field;
  write_field(out, at::magic, detail::message_magic);
  write_field(out, at::version, message_version);
  write_field(out, at::header_size, message_header_bytes);
  write_field(out, at::kind, static_cast<std::uint64_t>(h.kind));
  detail::for_each_field(
      h, [out](detail::message_field f, std::uint64_t member) { write_field(out, f, member); });
  write_field(out, at::payload_checksum, payload_checksum);
  write_field(out, at::header_checksum, crc32c(out, at::header_checksum.offset));
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MESSAGE_HEADER_HPP
