// SPDX-License-Identifier: Apache-2.0
/// \file
/// Chunks of packed codes to codes in containers and back, in any packing.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <hwy/highway.h>

#include "../pack/packing.hpp"
#include "chunk.hpp"
#include "pack_blocks-inl.hpp"
#include "pack_plan.hpp"

#if defined(LOWP_SIMD_PACK_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_PACK_INL_HPP
#undef LOWP_SIMD_PACK_INL_HPP
#else
#define LOWP_SIMD_PACK_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

/// out = op(in) for n bytes, a vector at a time; the last one goes through a buffer.
template <class Operation>
void map_bytes(const std::byte* in, std::byte* out, std::size_t n, const Operation& op) {
  const hn::ScalableTag<std::uint8_t> d;
  const auto* from = reinterpret_cast<const std::uint8_t*>(in);
  auto* to = reinterpret_cast<std::uint8_t*>(out);
  const std::size_t step = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + step <= n; i += step) hn::StoreU(op(hn::LoadU(d, from + i)), d, to + i);
  if (i == n) return;
  HWY_ALIGN std::uint8_t last[HWY_MAX_BYTES] = {};
  std::memcpy(last, from + i, n - i);
  hn::Store(op(hn::Load(d, last)), d, last);
  std::memcpy(to + i, last, n - i);
}

/// Shifts by less than the width, for lanes of 8 bits too.
template <class D>
HWY_INLINE hn::VFromD<D> shift_left(D d, hn::VFromD<D> x, int bits) {
  if constexpr (sizeof(hn::TFromD<D>) > 1) {
    return hn::ShiftLeftSame(x, bits);
  } else {
    const hn::Repartition<std::uint16_t, D> d16;
    const auto kept = hn::And(x, hn::Set(d, static_cast<std::uint8_t>(0xff >> bits)));
    return hn::BitCast(d, hn::ShiftLeftSame(hn::BitCast(d16, kept), bits));
  }
}
template <class D>
HWY_INLINE hn::VFromD<D> shift_right(D d, hn::VFromD<D> x, int bits) {
  if constexpr (sizeof(hn::TFromD<D>) > 1) {
    return hn::ShiftRightSame(x, bits);
  } else {
    const hn::Repartition<std::uint16_t, D> d16;
    const auto kept = hn::And(x, hn::Set(d, static_cast<std::uint8_t>(0xff << bits)));
    return hn::BitCast(d, hn::ShiftRightSame(hn::BitCast(d16, kept), bits));
  }
}

/// Codes in containers of another byte order or lifted; `unpacks`: to plain ones.
template <class Word>
void move_containers(const array_layout& a, bool unpacks, const std::byte* in, std::byte* out,
                     std::size_t n) {
  const hn::ScalableTag<std::uint8_t> d8;
  const hn::Repartition<Word, decltype(d8)> d;
  byte_order order;
  const bool swaps = a.pack.order == bit_order::high_first;
  for (std::size_t i = 0; i < block_codes; ++i) {
    order.from[i] = static_cast<std::uint8_t>(swaps ? i ^ (sizeof(Word) - 1) : i);
  }
  const auto mask = hn::Set(d, static_cast<Word>(lowp::detail::low_mask(a.f.width)));
  const int lift = a.pack.lift;
  map_bytes(in, out, n * sizeof(Word), [&](auto bytes) HWY_ATTR {
    if (!unpacks) {
      const auto word = hn::And(hn::BitCast(d, bytes), mask);
      return permute(hn::BitCast(d8, shift_left(d, word, lift)), order);
    }
    const auto word = hn::BitCast(d, permute(bytes, order));
    return hn::BitCast(d8, hn::And(shift_right(d, word, lift), mask));
  });
}

/// Calls `move` with an unsigned integer of so many bytes.
template <class Move>
HWY_INLINE void with_word(std::size_t bytes, const Move& move) {
  switch (bytes) {
    case 1: return move(std::uint8_t{});
    case 2: return move(std::uint16_t{});
    case 4: return move(std::uint32_t{});
    default: return move(std::uint64_t{});
  }
}

/// From the lowest bit of a byte to the code of a plane.
template <int Planes>
int plane_shift(const array_layout& a, int plane) {
  const bool low = a.pack.order == bit_order::low_first;
  return 8 / Planes * (low ? plane : Planes - 1 - plane) + a.pack.lift;
}

/// Groups whose byte p holds elements p, p + step, p + 2 step...: eight bytes at a time.
template <int Planes>
void unpack_planes(const array_layout& a, const std::byte* in, std::byte* codes, std::size_t n) {
  const std::size_t step = a.pack.step;
  const std::uint64_t mask = repeated_ones(a.f.width, 8);
  for (std::size_t i = 0; i < n; i += Planes * step, in += step, codes += Planes * step) {
    for (std::size_t j = 0; j < step; j += 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, in + j, 8);
      for (int plane = 0; plane < Planes; ++plane) {
        const std::uint64_t eight = (bytes >> plane_shift<Planes>(a, plane)) & mask;
        std::memcpy(codes + static_cast<std::size_t>(plane) * step + j, &eight, 8);
      }
    }
  }
}

template <int Planes>
void pack_planes(const array_layout& a, const std::byte* codes, std::byte* out, std::size_t n) {
  const std::size_t step = a.pack.step;
  const std::uint64_t mask = repeated_ones(a.f.width, 8);
  for (std::size_t i = 0; i < n; i += Planes * step, out += step, codes += Planes * step) {
    for (std::size_t j = 0; j < step; j += 8) {
      std::uint64_t bytes = 0;
      for (int plane = 0; plane < Planes; ++plane) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, codes + static_cast<std::size_t>(plane) * step + j, 8);
        bytes |= (eight & mask) << plane_shift<Planes>(a, plane);
      }
      std::memcpy(out + j, &bytes, 8);
    }
  }
}

/// Calls `move` with the number of planes as a constant.
template <class Move>
HWY_INLINE void with_planes(const array_layout& a, const Move& move) {
  switch (a.pack.group / a.pack.step) {
    case 2: return move(std::integral_constant<int, 2>{});
    case 4: return move(std::integral_constant<int, 4>{});
    default: return move(std::integral_constant<int, 8>{});
  }
}

#endif

/// Codes of `a` from the start of a tile to containers, which have room for a chunk and
/// `chunk_room` more, whatever n is.
inline void unpack_chunk(const array_layout& a, const std::byte* in, void* codes, std::size_t n) {
  const auto container = static_cast<std::size_t>(container_bytes(a.f));
  auto* out = static_cast<std::byte*>(codes);
#if HWY_TARGET == HWY_SCALAR
  const pack_way way = is_plain(a.pack) ? pack_way::plain : pack_way::by_code;
#else
  const pack_way way = way_of(a);
#endif
  switch (way) {
    case pack_way::plain: std::memcpy(codes, in, n * container); return;
#if HWY_TARGET != HWY_SCALAR
    case pack_way::containers:
      return with_word(container, [&](auto word) HWY_ATTR {
        move_containers<decltype(word)>(a, true, in, out, n);
      });
    case pack_way::planes:
      return with_planes(a, [&](auto planes) { unpack_planes<planes.value>(a, in, out, n); });
    case pack_way::blocks:
      return with_mover(a,
                        [&](const auto& mover) HWY_ATTR { unpack_blocks(a, mover, in, out, n); });
#endif
    default: break;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const code_t code = read_code(a, in, i);
    std::memcpy(out + i * container, &code, container);
  }
}

/// The reverse for n up to a chunk, or any number of chunks; bits that hold no element become zero.
inline void pack_chunk(const array_layout& a, const void* codes, std::byte* out, std::size_t n) {
  const auto container = static_cast<std::size_t>(container_bytes(a.f));
  const auto* in = static_cast<const std::byte*>(codes);
#if HWY_TARGET == HWY_SCALAR
  const pack_way way = is_plain(a.pack) ? pack_way::plain : pack_way::by_code;
#else
  const pack_way way = way_of(a);
  HWY_ALIGN std::byte padded[chunk_size + HWY_MAX_BYTES];
  if ((way == pack_way::planes || way == pack_way::blocks) && n % packing_tile != 0) {
    // Zeros for the rest of the last group and byte.
    const std::size_t tiles = (n / packing_tile + 1) * packing_tile;
    std::memcpy(padded, in, n);
    std::memset(padded + n, 0, tiles - n);
    in = padded;
  }
#endif
  switch (way) {
    case pack_way::plain: std::memcpy(out, codes, n * container); return;
#if HWY_TARGET != HWY_SCALAR
    case pack_way::containers:
      return with_word(container, [&](auto word) HWY_ATTR {
        move_containers<decltype(word)>(a, false, in, out, n);
      });
    case pack_way::planes:
      return with_planes(a, [&](auto planes) { pack_planes<planes.value>(a, in, out, n); });
    case pack_way::blocks:
      return with_mover(a, [&](const auto& mover) HWY_ATTR { pack_blocks(a, mover, in, out, n); });
#endif
    default: break;
  }
  std::memset(out, 0, bytes_of(a, n));
  for (std::size_t i = 0; i < n; ++i) {
    code_t code = 0;
    std::memcpy(&code, in + i * container, container);
    write_code(a, out, i, code);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
