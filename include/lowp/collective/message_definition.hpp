// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers to whole messages and back, by the definition of codecs. spec/collectives.md COL-12.
#ifndef LOWP_COLLECTIVE_MESSAGE_DEFINITION_HPP
#define LOWP_COLLECTIVE_MESSAGE_DEFINITION_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "message.hpp"
#include "wire_definition.hpp"

namespace lowp {

/// Numbers as a message that fills `out`. Of `h` its sender gives context, `first`, `seed` and
/// `stream`, of which stochastic codecs take their random bits; the rest is set here. With an error
/// nothing is written:
/// - codec, shape: it cannot be used, or has the id of a registered codec that reads other numbers;
/// - elements: over 2^48 numbers, or `h.first` is no multiple of the row, or index 2^64 is reached;
/// - truncated, extended: `out` has not `message_size` bytes.
template <binary32_real Real = float32>
LOWP_FN message_error encode_message(const wire_codec& c, std::span<const float> in,
                                     message_header h, std::span<std::byte> out) noexcept {
  if (const wire_codec_error e = check(c); e != wire_codec_error::none) {
    return detail::fault_of(e).error;
  }
  if (!has_right_id(c)) return message_error::codec;
  if (const message_error e = detail::check_numbers(c.row, in.size(), h.first).error;
      e != message_error::none) {
    return e;
  }
  const std::uint64_t size = message_size(c, in.size());
  if (out.size() < size) return message_error::truncated;
  if (out.size() > size) return message_error::extended;
  const message_header shape = header_of(c, in.size());
  h.kind = message_kind::data;
  h.codec = shape.codec;
  h.row = shape.row;
  h.hadamard = shape.hadamard;
  h.hadamard_seed = shape.hadamard_seed;
  h.elements = shape.elements;
  h.payload_bytes = shape.payload_bytes;
  std::byte* payload = out.data() + message_header_bytes;
  encode_wire<Real>(c, in, payload, {{.seed = h.seed, .stream = h.stream}, h.first});
  write_header(h, crc32c(payload, h.payload_bytes), out.data());
  return message_error::none;
}

namespace detail {

template <binary32_real Real>
LOWP_FN read_result decode_payload(read_result r, std::span<float> out) noexcept {
  if (!r.is_right()) return r;
  if (r.header.kind != message_kind::data) {
    r.error = message_error::kind;
    r.offset = message_fields::kind.offset;
  } else if (r.header.elements != out.size()) {
    r.error = message_error::elements;
    r.offset = message_fields::elements.offset;
  } else {
    decode_wire<Real>(r.codec, r.payload.data(), out);
  }
  return r;
}

}  // namespace detail

/// The numbers of a message of data, as many as `out` has. With an error, as `read_message` has
/// them, nothing is written; a right message of another kind is the error `kind`.
template <binary32_real Real = float32>
LOWP_FN read_result decode_message(std::span<const std::byte> in, std::span<float> out,
                                   const wire_codec* own = nullptr) noexcept {
  return detail::decode_payload<Real>(read_message(in, own), out);
}

/// The same for a receiver that knows what must come.
template <binary32_real Real = float32>
LOWP_FN read_result decode_message(std::span<const std::byte> in, const message_header& expected,
                                   std::span<float> out, const wire_codec* own = nullptr) noexcept {
  return detail::decode_payload<Real>(read_message(in, expected, own), out);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_MESSAGE_DEFINITION_HPP
