// SPDX-License-Identifier: Apache-2.0
/// \file
/// How the kernels of pack-inl.hpp take a packing: which way, and permutations of bytes as tables.
#ifndef LOWP_SIMD_PACK_PLAN_HPP
#define LOWP_SIMD_PACK_PLAN_HPP

#include <cstddef>
#include <cstdint>

#include "../pack/packing.hpp"
#include "chunk.hpp"

namespace lowp::simd {

enum class pack_way : std::uint8_t {
  plain,       ///< codes in memory as this machine's integers
  containers,  ///< slots are containers: bytes reversed, codes lifted
  planes,      ///< groups whose byte p holds elements p, p + step, p + 2 step...
  blocks,      ///< slots of at most 8 bits, 16 of them in 2 slot bytes
  by_code,     ///< the definition, code by code
};

/// Codes of a block.
inline constexpr std::size_t block_codes = 16;

LOWP_FN pack_way way_of(const array_layout& a) noexcept {
  if (is_plain(a.pack)) return pack_way::plain;
  const int slot = slot_bits(a);
  const bool in_order = a.pack.group == a.pack.step;
  if (in_order && a.pack.run == 0 && slot == 8 * container_bytes(a.f)) return pack_way::containers;
  if (slot > 8) return pack_way::by_code;
  if (!in_order && a.pack.run == 0 && a.pack.step >= 8 && a.pack.group / a.pack.step * slot == 8) {
    return pack_way::planes;
  }
  const bool whole_blocks =
      (in_order || a.pack.group <= block_codes) && (a.pack.run == 0 || a.pack.run >= block_codes);
  return whole_blocks ? pack_way::blocks : pack_way::by_code;
}

/// Sixteen indices of bytes.
struct byte_order {
  alignas(16) std::uint8_t from[block_codes] = {};
};

/// Indices of 32 words of 16 bits.
struct word_order {
  alignas(64) std::uint16_t from[32] = {};
};

/// The least number of slots of so many bits that are whole bytes: 1, 2, 4 or 8.
LOWP_FN std::size_t lane_slots(int slot) noexcept {
  return slot % 8 == 0 ? 1 : slot % 4 == 0 ? 2 : slot % 2 == 0 ? 4 : 8;
}

/// Between the 2 slot bytes of a block in memory and lanes of `lane_slots` bytes that hold as many
/// slots, the first in the lowest bits: the last under `high_first`.
struct block_orders {
  byte_order to_lanes[2][16];    ///< by bit order and slot
  byte_order from_lanes[2][16];  ///< zero bytes behind, as long as the last of a lane is zero
  word_order apart[16];          ///< four blocks end to end, by slot, to one in each 128 bits
  word_order together[16];
};

LOWP_FN block_orders make_block_orders() noexcept {
  block_orders r;
  for (unsigned slot = 1; slot <= 8; ++slot) {
    const auto lane = static_cast<unsigned>(lane_slots(static_cast<int>(slot)));
    const unsigned used = lane * slot / 8;
    for (unsigned high = 0; high < 2; ++high) {
      byte_order& to = r.to_lanes[high][slot];
      byte_order& from = r.from_lanes[high][slot];
      for (unsigned b = 2 * slot; b < block_codes; ++b) {
        from.from[b] = static_cast<std::uint8_t>(lane - 1);
      }
      for (unsigned b = 0; b < block_codes; ++b) {
        const unsigned i = b % lane;
        if (i >= used) continue;
        const unsigned in_memory = b / lane * used + (high != 0 ? used - 1 - i : i);
        to.from[b] = static_cast<std::uint8_t>(in_memory);
        from.from[in_memory] = static_cast<std::uint8_t>(b);
      }
    }
    for (unsigned i = 4 * slot; i < 32; ++i) r.together[slot].from[i] = 7;
    for (unsigned i = 0; i < 32; ++i) {
      if (i % 8 >= slot) continue;
      const unsigned end_to_end = i / 8 * slot + i % 8;
      r.apart[slot].from[i] = static_cast<std::uint16_t>(end_to_end);
      r.together[slot].from[end_to_end] = static_cast<std::uint16_t>(i);
    }
  }
  return r;
}

inline constexpr block_orders all_block_orders = make_block_orders();

/// Where the slot of element i of a block is among the bytes that lanes become.
LOWP_FN std::size_t byte_of_element(const array_layout& a, std::size_t i) noexcept {
  const std::size_t slot = slot_of(a.pack, i);
  const bool low = a.pack.order == bit_order::low_first;
  return low ? slot : slot ^ (lane_slots(slot_bits(a)) - 1);
}

/// Ones in the low `count` bits, below 64, of each `period` bits of a word.
LOWP_FN std::uint64_t repeated_ones(int count, int period) noexcept {
  const std::uint64_t lowest = period == 8    ? 0x0101010101010101
                               : period == 16 ? 0x0001000100010001
                               : period == 32 ? 0x0000000100000001
                                              : 1;
  return lowest * ((std::uint64_t{1} << count) - 1);
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_PACK_PLAN_HPP
