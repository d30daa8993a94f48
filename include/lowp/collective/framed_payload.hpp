// SPDX-License-Identifier: Apache-2.0
/// \file
/// Payloads that can be sent from where they stand.
#ifndef LOWP_COLLECTIVE_FRAMED_PAYLOAD_HPP
#define LOWP_COLLECTIVE_FRAMED_PAYLOAD_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "message_header.hpp"
#include "raw_buffer.hpp"

namespace lowp {

/// A payload behind room for a header, and its checksum: a message but for the header.
struct framed_payload {
  raw_buffer<std::byte> frame;
  std::uint32_t checksum = 0;

  std::span<std::byte> bytes() noexcept {
    const std::span<std::byte> all = frame.span();
    return all.empty() ? all : all.subspan(message_header_bytes);
  }
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_FRAMED_PAYLOAD_HPP
