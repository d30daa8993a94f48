// SPDX-License-Identifier: Apache-2.0
/// \file
/// Slots of at most 8 bits to codes in bytes and back, sixteen at a time in any order of bits and
/// any small transposition: by lanes of up to eight slots, in at most three steps, which move the
/// upper half of the slots of a lane, of a half and of a quarter to its place.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <hwy/highway.h>

#include "../pack/packing.hpp"
#include "chunk.hpp"
#include "pack_plan.hpp"

#if defined(LOWP_SIMD_PACK_BLOCKS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_PACK_BLOCKS_INL_HPP
#undef LOWP_SIMD_PACK_BLOCKS_INL_HPP
#else
#define LOWP_SIMD_PACK_BLOCKS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

/// Slots at the lower end of a lane of `Lane` = `lane_slots` bytes to one in each byte, and back.
template <std::size_t Lane>
class slot_mover {
  using D = hn::ScalableTag<std::uint64_t>;
  using V = hn::VFromD<D>;

 public:
  explicit HWY_INLINE slot_mover(int slot)
      : is_narrow(slot <= 6),
        factor0(static_cast<std::int16_t>(is_narrow ? 1 | 256 << slot : 0)),
        factor1(is_narrow ? 1 | 65536 << (2 * slot) : 0) {
    for (int step = 0; step < steps; ++step) {
      const int width = slot << step;
      const int period = 16 << step;
      shift[step] = period / 2 - width;
      ones[step] = repeated_ones(width, period);
      up[step] = period / 2;
      low[step] = width;
    }
  }

  HWY_INLINE V spread(V x) const {
    if constexpr (Lane == 8) x = spread_step(x, 2);
    if constexpr (Lane >= 4) x = spread_step(x, 1);
    if constexpr (Lane >= 2) x = spread_step(x, 0);
    return x;
  }
  /// The bits of bytes above the slot are zero.
  HWY_INLINE V join(V x) const {
#if HWY_TARGET <= HWY_AVX3
    if (is_narrow) {
      // Neighbours times powers of two, added.
      if constexpr (Lane >= 2) x.raw = _mm512_maddubs_epi16(x.raw, _mm512_set1_epi16(factor0));
      if constexpr (Lane >= 4) x.raw = _mm512_madd_epi16(x.raw, _mm512_set1_epi32(factor1));
      if constexpr (Lane == 8) x = join_step(x, 2);
      return x;
    }
#endif
    if constexpr (Lane >= 2) x = join_step(x, 0);
    if constexpr (Lane >= 4) x = join_step(x, 1);
    if constexpr (Lane == 8) x = join_step(x, 2);
    return x;
  }

 private:
  HWY_INLINE V spread_step(V x, int i) const {
    const D d;
    const V kept = hn::And(x, hn::Set(d, ones[i]));
    return hn::OrAnd(kept, hn::ShiftLeftSame(x, shift[i]), hn::Set(d, ones[i] << up[i]));
  }
  HWY_INLINE V join_step(V x, int i) const {
    const D d;
    const V kept = hn::And(x, hn::Set(d, ones[i]));
    return hn::OrAnd(kept, hn::ShiftRightSame(x, shift[i]), hn::Set(d, ones[i] << low[i]));
  }

  static constexpr int steps = std::countr_zero(Lane);

  bool is_narrow;  ///< powers of two are signed bytes
  std::int16_t factor0;
  std::int32_t factor1;
  int shift[3], up[3], low[3];
  std::uint64_t ones[3];
};

/// Bytes of each 128 bits in another order.
template <class V>
HWY_INLINE V permute(V bytes, const byte_order& order) {
  return hn::TableLookupBytes(bytes, hn::LoadDup128(hn::DFromV<V>(), order.from));
}

/// Calls `move(place in the array, index)` for all blocks that have 16 bytes from there, and
/// `move_part(place, index, bytes)` for those at the end, which need 2 slot bytes or less.
template <class Move, class MovePart>
HWY_INLINE void for_blocks(const array_layout& a, std::size_t n, const Move& move,
                           const MovePart& move_part) {
  const std::size_t bytes = bytes_of(a, n);
  const std::size_t used = 2 * static_cast<std::size_t>(slot_bits(a));
  const std::size_t blocks = (n + block_codes - 1) / block_codes;
  const std::size_t per_run = a.pack.run == 0 ? blocks : a.pack.run / block_codes;
  std::size_t at = 0;
  for (std::size_t start = 0; start < blocks; start += per_run) {
    const std::size_t end = start + per_run < blocks ? start + per_run : blocks;
    std::size_t i = start;
    for (; i < end && at + block_codes <= bytes; ++i, at += used) move(at, i * block_codes);
    for (; i < end; ++i, at += used) {
      move_part(at, i * block_codes, bytes - at < used ? bytes - at : used);
    }
    at += a.pack.padding;
  }
}

/// Vectors of blocks, one in each 128 bits, to codes and back. `InOrder`: codes fill their slots
/// and stand in lanes in their order.
template <std::size_t Lane, bool InOrder>
class block_mover {
  using D = hn::ScalableTag<std::uint8_t>;
  using D64 = hn::Repartition<std::uint64_t, D>;

 public:
  using V = hn::VFromD<D>;

  explicit HWY_INLINE block_mover(const array_layout& a)
      : to_lanes(all_block_orders.to_lanes[is_high(a)][slot_index(a)]),
        from_lanes(all_block_orders.from_lanes[is_high(a)][slot_index(a)]),
        slots(slot_bits(a)),
        reorders((is_high(a) != 0 && slot_bits(a) < 8) || a.pack.group != a.pack.step),
        is_full(a.f.width == slot_bits(a)),
        lift(a.pack.lift),
        ones(repeated_ones(a.f.width, 8)) {
    if (InOrder || !reorders) return;
    for (std::size_t i = 0; i < block_codes; ++i) {
      const std::size_t at = byte_of_element(a, i);
      elements.from[i] = static_cast<std::uint8_t>(at);
      places.from[at] = static_cast<std::uint8_t>(i);
    }
  }

  HWY_INLINE V unpack(V block) const {
    const D64 d;
    auto x = slots.spread(hn::BitCast(d, permute(block, to_lanes)));
    if (!InOrder && !is_full) x = hn::And(hn::ShiftRightSame(x, lift), hn::Set(d, ones));
    const V codes = hn::BitCast(D(), x);
    return !InOrder && reorders ? permute(codes, elements) : codes;
  }

  HWY_INLINE V pack(V codes) const {
    const D64 d;
    auto x = hn::BitCast(d, !InOrder && reorders ? permute(codes, places) : codes);
    if (!InOrder && !is_full) x = hn::ShiftLeftSame(hn::And(x, hn::Set(d, ones)), lift);
    return permute(hn::BitCast(D(), slots.join(x)), from_lanes);
  }

 private:
  static std::size_t slot_index(const array_layout& a) {
    return static_cast<std::size_t>(slot_bits(a)) % 16;
  }
  static std::size_t is_high(const array_layout& a) {
    return a.pack.order == bit_order::high_first ? 1 : 0;
  }

  const byte_order& to_lanes;
  const byte_order& from_lanes;
  byte_order elements, places;
  slot_mover<Lane> slots;
  bool reorders, is_full;
  int lift;
  std::uint64_t ones;
};

#if HWY_TARGET <= HWY_AVX3
/// Fewer than 64.
inline __mmask64 low_bytes(std::size_t count) { return (std::uint64_t{1} << count) - 1; }
#endif

template <class Mover>
void unpack_blocks(const array_layout& a, const Mover& mover, const std::byte* in, std::byte* codes,
                   std::size_t n) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t step = hn::Lanes(d);
  auto* bytes = reinterpret_cast<std::uint8_t*>(codes);
#if HWY_TARGET <= HWY_AVX3
  // Blocks end to end: four are 8 slot bytes, of which a permutation makes four times 128 bits.
  if (a.pack.run == 0) {
    const auto slot = static_cast<std::size_t>(slot_bits(a));
    const std::size_t size = bytes_of(a, n);
    const __m512i apart = _mm512_load_si512(all_block_orders.apart[slot % 16].from);
    for (std::size_t done = 0, at = 0; done < n; done += step, at += 8 * slot) {
      const __m512i bytes_here = size - at >= step
                                     ? _mm512_loadu_si512(in + at)
                                     : _mm512_maskz_loadu_epi8(low_bytes(size - at), in + at);
      const __m512i four = _mm512_permutexvar_epi16(apart, bytes_here);
      hn::StoreU(mover.unpack(typename Mover::V{four}), d, bytes + done);
    }
    return;
  }
#endif
  for_blocks(
      a, n, [&](std::size_t at, std::size_t i) { std::memcpy(bytes + i, in + at, block_codes); },
      [&](std::size_t at, std::size_t i, std::size_t count) {
        std::memcpy(bytes + i, in + at, count);
      });
  for (std::size_t done = 0; done < n; done += step) {
    hn::StoreU(mover.unpack(hn::LoadU(d, bytes + done)), d, bytes + done);
  }
}

template <class Mover>
void pack_blocks(const array_layout& a, const Mover& mover, const std::byte* codes, std::byte* out,
                 std::size_t n) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t step = hn::Lanes(d);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(codes);
  if (a.pack.run != 0) std::memset(out, 0, bytes_of(a, n));
#if HWY_TARGET <= HWY_AVX3
  if (a.pack.run == 0) {
    const auto slot = static_cast<std::size_t>(slot_bits(a));
    const std::size_t size = bytes_of(a, n);
    const __m512i together = _mm512_load_si512(all_block_orders.together[slot % 16].from);
    // Stores of no more than is needed cross lines of the cache less often.
    const auto all = [&](const auto& store) HWY_ATTR {
      for (std::size_t done = 0, at = 0; done < n; done += step, at += 8 * slot) {
        const __m512i four = mover.pack(hn::LoadU(d, bytes + done)).raw;
        const __m512i dense = _mm512_permutexvar_epi16(together, four);
        if (size - at < step) {
          _mm512_mask_storeu_epi8(out + at, low_bytes(std::min(size - at, 8 * slot)), dense);
        } else {
          store(out + at, dense);
        }
      }
    };
    const auto store_half = [](std::byte* to, __m512i dense) HWY_ATTR {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_castsi512_si256(dense));
    };
    if (slot <= 4) {
      all(store_half);
    } else if (slot <= 6) {
      all([&](std::byte* to, __m512i dense) HWY_ATTR {
        store_half(to, dense);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 32), _mm512_extracti32x4_epi32(dense, 2));
      });
    } else {
      all([](std::byte* to, __m512i dense) HWY_ATTR { _mm512_storeu_si512(to, dense); });
    }
    return;
  }
#endif
  HWY_ALIGN std::uint8_t packed[chunk_size + HWY_MAX_BYTES];
  for (std::size_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    for (std::size_t i = 0; i < here; i += step) {
      hn::Store(mover.pack(hn::LoadU(d, bytes + start + i)), d, packed + i);
    }
    std::byte* to = out + bytes_of(a, start);
    for_blocks(
        a, here,
        [&](std::size_t at, std::size_t i) { std::memcpy(to + at, packed + i, block_codes); },
        [&](std::size_t at, std::size_t i, std::size_t count) {
          std::memcpy(to + at, packed + i, count);
        });
  }
}

/// Calls `move` with the mover of a layout.
template <class Move>
HWY_INLINE void with_mover(const array_layout& a, const Move& move) {
  const auto go = [&](auto lane) HWY_ATTR {
    const bool is_low = a.pack.order == bit_order::low_first || lane.value == 1;
    if (is_low && a.pack.group == a.pack.step && a.f.width == slot_bits(a)) {
      move(block_mover<lane.value, true>(a));
    } else {
      move(block_mover<lane.value, false>(a));
    }
  };
  switch (lane_slots(slot_bits(a))) {
    case 1: return go(std::integral_constant<std::size_t, 1>{});
    case 2: return go(std::integral_constant<std::size_t, 2>{});
    case 4: return go(std::integral_constant<std::size_t, 4>{});
    default: return go(std::integral_constant<std::size_t, 8>{});
  }
}

#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
