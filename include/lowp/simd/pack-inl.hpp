// SPDX-License-Identifier: Apache-2.0
/// \file
/// Chunks of packed codes to codes in containers and back, in any packing.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "../pack/packing.hpp"
#include "chunk.hpp"

#if defined(LOWP_SIMD_PACK_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_PACK_INL_HPP
#undef LOWP_SIMD_PACK_INL_HPP
#else
#define LOWP_SIMD_PACK_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Two codes a byte: n bytes of pairs to 2 n codes; `low` is the place of the first, 0 or 4.
inline void unpack_nibbles(const std::byte* in, std::uint8_t* codes, std::size_t n, int low) {
  const hn::ScalableTag<std::uint16_t> d;
  const hn::Rebind<std::uint8_t, decltype(d)> d8;
  const std::size_t step = hn::Lanes(d);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(in);
  std::size_t i = 0;
  for (; i + step <= n; i += step) {
    const auto pair = hn::PromoteTo(d, hn::LoadU(d8, bytes + i));
    const auto first = hn::And(hn::ShiftRightSame(pair, low), hn::Set(d, std::uint16_t{0x0f}));
    const auto second =
        hn::And(hn::ShiftLeftSame(pair, 4 + low), hn::Set(d, std::uint16_t{0x0f00}));
    hn::StoreU(hn::Or(first, second), d, reinterpret_cast<std::uint16_t*>(codes) + i);
  }
  for (; i < n; ++i) {
    codes[2 * i] = (bytes[i] >> low) & 0xf;
    codes[2 * i + 1] = (bytes[i] >> (4 - low)) & 0xf;
  }
}

inline void pack_nibbles(const std::uint8_t* codes, std::byte* out, std::size_t n, int low) {
  const hn::ScalableTag<std::uint16_t> d;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::Rebind<std::uint8_t, decltype(d)> d8;
  const std::size_t step = hn::Lanes(d);
  auto* bytes = reinterpret_cast<std::uint8_t*>(out);
  std::size_t i = 0;
  for (; i + step <= n; i += step) {
    const auto pair = hn::LoadU(d, reinterpret_cast<const std::uint16_t*>(codes) + i);
    const auto first = hn::ShiftLeftSame(hn::And(pair, hn::Set(d, std::uint16_t{0x0f})), low);
    const auto second = hn::And(hn::ShiftRightSame(pair, 4 + low),
                                hn::Set(d, static_cast<std::uint16_t>(0xf0 >> low)));
    hn::StoreU(hn::DemoteTo(d8, hn::BitCast(di, hn::Or(first, second))), d8, bytes + i);
  }
  for (; i < n; ++i) {
    bytes[i] = static_cast<std::uint8_t>(codes[2 * i] << low | codes[2 * i + 1] << (4 - low));
  }
}

/// Codes of `a` from the start of a tile to containers; whole containers behind the last stay.
inline void unpack_chunk(const array_layout& a, const std::byte* in, void* codes, std::size_t n) {
  const auto container = static_cast<std::size_t>(container_bytes(a.f));
  if (is_plain(a.pack)) {
    std::memcpy(codes, in, n * container);
    return;
  }
  auto* out = static_cast<std::byte*>(codes);
  std::size_t done = 0;
  if (is_dense(a) && a.f.width == 4) {
    done = n / 2 * 2;
    unpack_nibbles(in, static_cast<std::uint8_t*>(codes), n / 2,
                   a.pack.order == bit_order::low_first ? 0 : 4);
  } else if (is_dense(a) && a.f.width < 8 && a.pack.order == bit_order::low_first) {
    // Eight codes are as many bytes as a code has bits.
    const auto width = static_cast<std::size_t>(a.f.width);
    const std::uint64_t ones = (std::uint64_t{1} << width) - 1;
    for (; done + 8 <= n; done += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, in + done / 8 * width, width);
      for (std::size_t j = 0; j < 8; ++j) {
        out[done + j] = static_cast<std::byte>((word >> (j * width)) & ones);
      }
    }
  }
  for (; done < n; ++done) {
    const code_t code = read_code(a, in, done);
    std::memcpy(out + done * container, &code, container);
  }
}

/// The reverse; bits that hold no element become zero.
inline void pack_chunk(const array_layout& a, const void* codes, std::byte* out, std::size_t n) {
  const auto container = static_cast<std::size_t>(container_bytes(a.f));
  if (is_plain(a.pack)) {
    std::memcpy(out, codes, n * container);
    return;
  }
  const auto* in = static_cast<const std::byte*>(codes);
  std::size_t done = 0;
  if (is_dense(a) && a.f.width == 4) {
    done = n / 2 * 2;
    pack_nibbles(static_cast<const std::uint8_t*>(codes), out, n / 2,
                 a.pack.order == bit_order::low_first ? 0 : 4);
  } else if (is_dense(a) && a.f.width < 8 && a.pack.order == bit_order::low_first) {
    const auto width = static_cast<std::size_t>(a.f.width);
    for (; done + 8 <= n; done += 8) {
      std::uint64_t word = 0;
      for (std::size_t j = 0; j < 8; ++j) {
        word |= std::to_integer<std::uint64_t>(in[done + j]) << (j * width);
      }
      std::memcpy(out + done / 8 * width, &word, width);
    }
  }
  if (done == n) return;
  const std::uint64_t begin = bytes_of(a, done);
  std::memset(out + begin, 0, bytes_of(a, n) - begin);
  for (; done < n; ++done) {
    code_t code = 0;
    std::memcpy(&code, in + done * container, container);
    write_code(a, out, done, code);
  }
}

}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
