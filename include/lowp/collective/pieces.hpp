// SPDX-License-Identifier: Apache-2.0
/// \file
/// Work on tensors piece by piece, so that numbers, bytes and checksums of a piece are made while
/// it is in the cache. spec/collectives.md COL-27.
#ifndef LOWP_COLLECTIVE_PIECES_HPP
#define LOWP_COLLECTIVE_PIECES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../simd/crc32c.hpp"
#include "partition.hpp"
#include "wire_coder.hpp"

namespace lowp::detail {

/// Calls work(piece) for the pieces of n numbers, of about 64 KiB in whole units; if several
/// threads work, all is one piece.
template <class Work>
void for_pieces(std::uint64_t n, std::uint64_t unit, const thread_options& threads,
                const Work& work) {
  constexpr std::uint64_t about = 1 << 14;
  const std::uint64_t each = threads.threads != 1 ? n : std::max(unit, about / unit * unit);
  for (std::uint64_t i = 0; i < n; i += each) work(index_range{i, std::min(each, n - i)});
}

/// The bytes of numbers [r.first, r.end()) of a message; r begins at a row.
template <class Byte>
std::span<Byte> bytes_of(const wire_codec& c, std::span<Byte> message, index_range r) {
  return message.subspan(row_offset(c, r.first), encoded_size(c, r.count));
}

/// The checksum of what stands before and of these bytes.
inline std::uint32_t checksum_of(std::span<const std::byte> bytes, std::uint32_t so_far = 0) {
  return simd::crc32c(bytes.data(), bytes.size(), so_far);
}

/// Which checksums are wanted.
enum class checksum_use : std::uint8_t { none, sent };

/// Encodes, and returns the checksum of the bytes, 0 where none is wanted.
inline std::uint32_t encode_checked(const wire_coder& c, std::span<const float> in,
                                    std::span<std::byte> out, const wire_position& at,
                                    const thread_options& threads,
                                    checksum_use use = checksum_use::sent) {
  std::uint32_t checksum = 0;
  for_pieces(in.size(), c.codec().row, threads, [&](index_range r) {
    const std::span<std::byte> bytes = bytes_of(c.codec(), out, r);
    c.encode(in.subspan(r.first, r.count), bytes, {at.random, at.first + r.first}, threads);
    if (use == checksum_use::sent) checksum = checksum_of(bytes, checksum);
  });
  return checksum;
}

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_PIECES_HPP
