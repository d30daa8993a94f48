// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes of at most 8 bits through a table of all results, whatever made it. The bytes of results
/// are looked up plane by plane and woven together. Nothing here knows a format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "look_up.hpp"
#include "permute_bytes-inl.hpp"

#if defined(LOWP_SIMD_LOOK_UP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_LOOK_UP_INL_HPP
#undef LOWP_SIMD_LOOK_UP_INL_HPP
#else
#define LOWP_SIMD_LOOK_UP_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// One by one, of bytes.
template <int Bytes>
void look_up_each(const look_up_plan& t, const std::uint8_t* in, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) std::memcpy(out + i * Bytes, &t.entry[in[i]], Bytes);
}

#if LOWP_SIMD_PERMUTES_BYTES

/// Weaves two series of vectors of `T`, within blocks of 16 bytes.
template <class T, int N>
HWY_INLINE void weave(const vector8 (&a)[N], const vector8 (&b)[N], vector8 (&out)[2 * N]) {
  const tag8 d8;
  const hn::Repartition<T, tag8> d;
  LOWP_SIMD_UNROLL
  for (int i = 0; i < N; ++i) {
    const auto x = hn::BitCast(d, a[i]), y = hn::BitCast(d, b[i]);
    out[2 * i] = hn::BitCast(d8, hn::InterleaveLower(d, x, y));
    out[2 * i + 1] = hn::BitCast(d8, hn::InterleaveUpper(d, x, y));
  }
}

/// Entries from their planes, in the order that `element_at` undoes; the lowest `Zeros` bytes are
/// zero.
template <int Bytes, int Zeros>
HWY_INLINE void weave_planes(const vector8 (&p)[Bytes - Zeros], vector8 (&out)[Bytes]) {
  constexpr int planes = Bytes - Zeros;
  const vector8 zero = hn::Zero(tag8());
  if constexpr (Bytes == 1) {
    out[0] = p[0];
  } else {
    vector8 words[planes / 2][2];
    LOWP_SIMD_UNROLL
    for (int i = 0; i < planes / 2; ++i) {
      weave<std::uint8_t, 1>({p[2 * i]}, {p[2 * i + 1]}, words[i]);
    }
    if constexpr (Bytes == 2) {
      out[0] = words[0][0], out[1] = words[0][1];
    } else if constexpr (by_shift<Bytes, Zeros>) {
      const hn::Repartition<std::uint32_t, tag8> d;
      LOWP_SIMD_UNROLL
      for (int i = 0; i < 2; ++i) {
        const auto pair = hn::BitCast(d, words[0][i]);
        out[2 * i] = hn::BitCast(tag8(), hn::ShiftLeft<16>(pair));
        out[2 * i + 1] = hn::BitCast(tag8(), hn::And(pair, hn::Set(d, 0xffff0000u)));
      }
    } else if constexpr (Bytes == 4 && Zeros == 2) {
      weave<std::uint16_t, 2>({zero, zero}, words[0], out);
    } else if constexpr (Bytes == 4) {
      weave<std::uint16_t, 2>(words[0], words[1], out);
    } else {
      vector8 low[4] = {zero, zero, zero, zero}, high[4];
      if constexpr (Zeros == 6) {
        weave<std::uint16_t, 2>({zero, zero}, words[0], high);
      } else {
        weave<std::uint16_t, 2>(words[planes / 2 - 2], words[planes / 2 - 1], high);
        if constexpr (Zeros == 0) weave<std::uint16_t, 2>(words[0], words[1], low);
      }
      weave<std::uint32_t, 4>(low, high, out);
    }
  }
}

/// Makes the entries of a vector of codes.
template <int Bytes, int Zeros, int Reach, code_input Input>
class entry_maker {
 public:
  explicit HWY_INLINE entry_maker(const look_up_plan& t) : load(t), find(t) {}

  HWY_INLINE void operator()(const std::uint8_t* in, vector8 (&entries)[Bytes]) const {
    vector8 planes[Bytes - Zeros];
    find(load(in), planes);
    weave_planes<Bytes, Zeros>(planes, entries);
  }

 private:
  code_loader<Bytes, Zeros, Input> load;
  plane_finder<Bytes - Zeros, Reach> find;
};

#if LOWP_SIMD_HAS_VBMI

/// Sixteen entries of 4 bytes fill a vector, which is itself permuted.
template <int Zeros, code_input Input>
class entry_maker<4, Zeros, 16, Input> {
  using tag32 = hn::Repartition<std::uint32_t, tag8>;

 public:
  explicit HWY_INLINE entry_maker(const look_up_plan& t)
      : slot(static_cast<unsigned>(t.dense.slot)), high_first(t.dense.high_first) {
    HWY_ALIGN std::uint32_t words[16];
    for (int i = 0; i < 16; ++i) words[i] = static_cast<std::uint32_t>(t.entry[i]);
    table = hn::Load(tag32(), words);
    for (std::uint32_t i = 0; i < 16; ++i) {
      words[i] = high_first ? 64 - slot * (i + 1) : slot * i;
    }
    starts = hn::Load(tag32(), words);
  }

  /// Reads up to 8 bytes of more codes.
  HWY_INLINE void operator()(const std::uint8_t* in, vector8 (&entries)[4]) const {
    LOWP_SIMD_UNROLL
    for (unsigned k = 0; k < 4; ++k) {
      // Permutations read the lowest four bits of an index.
      entries[k] = vector8{_mm512_permutexvar_epi32(indices(in, k), table.raw)};
    }
  }

 private:
  HWY_INLINE __m512i indices(const std::uint8_t* in, unsigned k) const {
    if constexpr (Input == code_input::bytes) {
      const hn::Rebind<std::uint8_t, tag32> d;
      return hn::PromoteTo(tag32(), hn::LoadU(d, in + 16 * k)).raw;
    } else {
      std::uint64_t codes = 0;
      std::memcpy(&codes, in + 2 * slot * k, 8);
      if (high_first) codes = __builtin_bswap64(codes);
      const __m512i all = _mm512_set1_epi64(static_cast<std::int64_t>(codes));
      return _mm512_multishift_epi64_epi8(starts.raw, all);
    }
  }

  unsigned slot;
  bool high_first;
  hn::VFromD<tag32> starts, table;
};

#endif

/// Stores entries, `Past` the caches or not; no loop, which compilers would lead through memory.
template <bool Past, std::size_t N, std::size_t... K>
HWY_INLINE void store_entries(const vector8 (&entries)[N], std::uint8_t* to,
                              std::index_sequence<K...>) {
  const tag8 d;
  if constexpr (Past) {
    (hn::Stream(entries[K], d, to + step8 * K), ...);
  } else {
    (hn::StoreU(entries[K], d, to + step8 * K), ...);
  }
}

/// Bits from one code to the next.
template <code_input Input>
std::size_t code_bits(const look_up_plan& t) {
  if constexpr (Input == code_input::dense) return static_cast<std::size_t>(t.dense.slot);
  return Input == code_input::bytes ? 8 : 4;
}

/// Whole vectors of codes from i on that leave `margin` codes; returns the first code left.
template <int Bytes, bool Past, class Maker>
HWY_INLINE std::size_t look_up_vectors(const Maker& make, const std::uint8_t* in, std::uint8_t* out,
                                       std::size_t bits, std::size_t i, std::size_t n,
                                       std::size_t margin) {
  for (; i + step8 + margin <= n; i += step8) {
    vector8 entries[Bytes];
    make(in + i * bits / 8, entries);
    store_entries<Past>(entries, out + i * Bytes, std::make_index_sequence<Bytes>());
  }
  return i;
}

/// Codes, a vector of bytes at a time; `stream`: the results do not go into the caches.
template <int Bytes, int Zeros, int Reach, code_input Input>
void look_up_all(const look_up_plan& t, const std::uint8_t* in, std::uint8_t* out, std::size_t n,
                 bool stream) {
  constexpr std::size_t step = step8;
  const std::size_t bits = code_bits<Input>(t);
  const entry_maker<Bytes, Zeros, Reach, Input> make(t);
  const auto few = [&](std::size_t i, std::size_t count) HWY_ATTR {
    HWY_ALIGN std::uint8_t codes[2 * step] = {};
    HWY_ALIGN std::uint8_t results[step * Bytes];
    std::memcpy(codes, in + i * bits / 8, (count * bits + 7) / 8);
    vector8 entries[Bytes];
    make(codes, entries);
    for (std::size_t k = 0; k < Bytes; ++k) hn::Store(entries[k], tag8(), results + step * k);
    std::memcpy(out + i * Bytes, results, count * Bytes);
  };
  std::size_t i = 0;
  if (stream) {
    // Stores past the caches want whole aligned vectors.
    const std::size_t beyond = reinterpret_cast<std::uintptr_t>(out) % step;
    const std::size_t head = (step - beyond) % step / Bytes;
    stream = beyond % Bytes == 0 && head * bits % 8 == 0 && head <= n;
    if (stream && head > 0) few(0, head);
    if (stream) i = head;
  }
  // Makers of packed codes may read 8 bytes more.
  const std::size_t margin = Input == code_input::dense ? step : 0;
  if (stream) {
    i = look_up_vectors<Bytes, true>(make, in, out, bits, i, n, margin);
    hwy::FlushStream();
  } else {
    i = look_up_vectors<Bytes, false>(make, in, out, bits, i, n, margin);
  }
  for (; i < n; i += step) few(i, n - i < step ? n - i : step);
}

#endif

/// Can codes be read as they stand in memory? Else `look_up` wants them in bytes.
inline bool reads(const look_up_plan& t, const array_layout& from, code_input& input) {
  input = code_input::bytes;
  if (is_plain(from.pack)) return true;
#if LOWP_SIMD_HAS_VBMI
  input = code_input::dense;
  return t.dense.slot != 0;
#elif LOWP_SIMD_PERMUTES_BYTES
  input = from.pack.order == bit_order::low_first ? code_input::low_nibble_first
                                                  : code_input::high_nibble_first;
  return is_dense(from) && from.f.width == 4 && t.reach == 16;
#else
  static_cast<void>(t);
  return false;
#endif
}

/// The same for any table and input.
template <int Bytes, int Zeros>
void look_up_in(const look_up_plan& t, code_input input, const std::uint8_t* in, std::uint8_t* out,
                std::size_t n, bool stream) {
#if LOWP_SIMD_PERMUTES_BYTES
  const auto all = [&](auto reach, auto how) HWY_ATTR {
    look_up_all<Bytes, Zeros, decltype(reach)::value, decltype(how)::value>(t, in, out, n, stream);
  };
  using bytes = std::integral_constant<code_input, code_input::bytes>;
  using to16 = std::integral_constant<int, 16>;
  using to256 = std::integral_constant<int, 256>;
#if LOWP_SIMD_HAS_VBMI
  using dense = std::integral_constant<code_input, code_input::dense>;
  const bool is_dense = input == code_input::dense;
  // Makers of 16 entries read 16 codes of at most 4 bits at once.
  const bool is_16 = t.reach == 16 && t.dense.slot <= 4;
  if (is_16) return is_dense ? all(to16(), dense()) : all(to16(), bytes());
  using to64 = std::integral_constant<int, 64>;
  if (t.reach <= 64) return is_dense ? all(to64(), dense()) : all(to64(), bytes());
  using to128 = std::integral_constant<int, 128>;
  if (t.reach == 128) return is_dense ? all(to128(), dense()) : all(to128(), bytes());
  return all(to256(), bytes());
#else
  using low = std::integral_constant<code_input, code_input::low_nibble_first>;
  using high = std::integral_constant<code_input, code_input::high_nibble_first>;
  if (input == code_input::low_nibble_first) return all(to16(), low());
  if (input == code_input::high_nibble_first) return all(to16(), high());
  if (pays(t)) return t.reach == 16 ? all(to16(), bytes()) : all(to256(), bytes());
#endif
#endif
  static_cast<void>(input);
  static_cast<void>(stream);
  look_up_each<Bytes>(t, in, out, n);
}

/// The entries of n codes. `out` may be `in` where an entry is a byte. `stream`: the results are
/// too many for the caches.
inline void look_up(const look_up_plan& t, code_input input, const std::byte* in, std::byte* out,
                    std::size_t n, bool stream) {
  const auto* codes = reinterpret_cast<const std::uint8_t*>(in);
  auto* results = reinterpret_cast<std::uint8_t*>(out);
  switch (8 * t.bytes + t.zeros) {
    case 8: return look_up_in<1, 0>(t, input, codes, results, n, stream);
    case 16: return look_up_in<2, 0>(t, input, codes, results, n, stream);
    case 32: return look_up_in<4, 0>(t, input, codes, results, n, stream);
    case 34: return look_up_in<4, 2>(t, input, codes, results, n, stream);
    case 64: return look_up_in<8, 0>(t, input, codes, results, n, stream);
    case 68: return look_up_in<8, 4>(t, input, codes, results, n, stream);
    default: return look_up_in<8, 6>(t, input, codes, results, n, stream);
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#undef LOWP_SIMD_UNROLL
#undef LOWP_SIMD_PERMUTES_BYTES
#undef LOWP_SIMD_HAS_VBMI

#endif
