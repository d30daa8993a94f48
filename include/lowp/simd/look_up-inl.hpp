// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes of at most 8 bits through a table of all results, whatever made it. The bytes of results
/// are looked up plane by plane and woven together. Nothing here knows a format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

/// One by one.
template <int Bytes, code_input Input>
void look_up_each(const look_up_plan& t, const std::uint8_t* in, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t code = 0;
    if constexpr (Input == code_input::bytes) {
      code = in[i];
    } else {
      const bool upper = (i % 2 != 0) == (Input == code_input::low_nibble_first);
      code = static_cast<std::uint8_t>(upper ? in[i / 2] >> 4 : in[i / 2] & 0xf);
    }
    std::memcpy(out + i * Bytes, &t.entry[code], Bytes);
  }
}

#if LOWP_SIMD_PERMUTES_BYTES

/// Weaves two series of vectors of `T`, within blocks of 16 bytes.
template <class T, int N>
HWY_INLINE void weave(const vector8 (&a)[N], const vector8 (&b)[N], vector8 (&out)[2 * N]) {
  const tag8 d8;
  const hn::Repartition<T, tag8> d;
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
    for (int i = 0; i < planes / 2; ++i) {
      weave<std::uint8_t, 1>({p[2 * i]}, {p[2 * i + 1]}, words[i]);
    }
    if constexpr (Bytes == 2) {
      out[0] = words[0][0], out[1] = words[0][1];
    } else if constexpr (weaves_by_shift<Bytes, Zeros>) {
      const hn::Repartition<std::uint32_t, tag8> d;
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
  explicit HWY_INLINE entry_maker(const look_up_plan& t) : find(t) {}

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

  // The bit of a word of 16 nibbles where the byte begins that has code i lowest.
  static constexpr std::array<std::uint32_t, 16> make_starts() {
    std::array<std::uint32_t, 16> r{};
    for (std::uint32_t i = 0; i < 16; ++i) {
      r[i] = 4 * (i ^ (Input == code_input::high_nibble_first ? 1 : 0));
    }
    return r;
  }
  alignas(64) static constexpr std::array<std::uint32_t, 16> start_table = make_starts();

 public:
  explicit HWY_INLINE entry_maker(const look_up_plan& t)
      : starts(hn::Load(tag32(), start_table.data())) {
    HWY_ALIGN std::uint32_t words[16];
    for (int i = 0; i < 16; ++i) words[i] = static_cast<std::uint32_t>(t.entry[i]);
    table = hn::Load(tag32(), words);
  }

  HWY_INLINE void operator()(const std::uint8_t* in, vector8 (&entries)[4]) const {
    for (int k = 0; k < 4; ++k) {
      // Permutations read the lowest four bits of an index.
      entries[k] = vector8{_mm512_permutexvar_epi32(indices(in, k), table.raw)};
    }
  }

 private:
  HWY_INLINE __m512i indices(const std::uint8_t* in, int k) const {
    if constexpr (Input == code_input::bytes) {
      const hn::Rebind<std::uint8_t, tag32> d;
      return hn::PromoteTo(tag32(), hn::LoadU(d, in + 16 * k)).raw;
    } else {
      std::int64_t codes = 0;
      std::memcpy(&codes, in + 8 * k, 8);
      return _mm512_multishift_epi64_epi8(starts.raw, _mm512_set1_epi64(codes));
    }
  }

  hn::VFromD<tag32> starts, table;
};

#endif

/// Codes, a vector of bytes at a time; `stream`: the results do not go into the caches.
template <int Bytes, int Zeros, int Reach, code_input Input>
void look_up_all(const look_up_plan& t, const std::uint8_t* in, std::uint8_t* out, std::size_t n,
                 bool stream) {
  const tag8 d;
  constexpr std::size_t step = step8;
  constexpr std::size_t per_byte = Input == code_input::bytes ? 1 : 2;
  const entry_maker<Bytes, Zeros, Reach, Input> make(t);
  std::size_t i = 0;
  if (stream) {
    // Stores past the caches want whole aligned vectors.
    const std::size_t beyond = reinterpret_cast<std::uintptr_t>(out) % step;
    const std::size_t head = (step - beyond) % step / Bytes;
    stream = beyond % (Bytes * per_byte) == 0 && head <= n;
    if (stream) {
      look_up_each<Bytes, Input>(t, in, out, head);
      i = head;
    }
  }
  for (; i + step <= n; i += step) {
    vector8 entries[Bytes];
    make(in + i / per_byte, entries);
    std::uint8_t* to = out + i * Bytes;
    if (stream) {
      for (std::size_t k = 0; k < Bytes; ++k) hn::Stream(entries[k], d, to + step * k);
    } else {
      for (std::size_t k = 0; k < Bytes; ++k) hn::StoreU(entries[k], d, to + step * k);
    }
  }
  if (stream) hwy::FlushStream();
  if (i == n) return;
  HWY_ALIGN std::uint8_t codes[step] = {};
  HWY_ALIGN std::uint8_t results[step * Bytes];
  std::memcpy(codes, in + i / per_byte, (n - i + per_byte - 1) / per_byte);
  vector8 entries[Bytes];
  make(codes, entries);
  for (std::size_t k = 0; k < Bytes; ++k) hn::Store(entries[k], d, results + step * k);
  std::memcpy(out + i * Bytes, results, (n - i) * Bytes);
}

#else  // no permutation of bytes by vectors

template <int Bytes, int Zeros, int Reach, code_input Input>
void look_up_all(const look_up_plan& t, const std::uint8_t* in, std::uint8_t* out, std::size_t n,
                 bool) {
  look_up_each<Bytes, Input>(t, in, out, n);
}
inline constexpr bool has_vbmi = false;
inline bool pays(const look_up_plan&) { return false; }

#endif

/// The same for any table and order of nibbles.
template <int Bytes, int Zeros>
void look_up_in(const look_up_plan& t, code_input input, const std::uint8_t* in, std::uint8_t* out,
                std::size_t n, bool stream) {
  using enum code_input;
  if (input == low_nibble_first) {
    return look_up_all<Bytes, Zeros, 16, low_nibble_first>(t, in, out, n, stream);
  }
  if (input == high_nibble_first) {
    return look_up_all<Bytes, Zeros, 16, high_nibble_first>(t, in, out, n, stream);
  }
  if (!pays(t)) return look_up_each<Bytes, bytes>(t, in, out, n);
  if (t.reach == 16) return look_up_all<Bytes, Zeros, 16, bytes>(t, in, out, n, stream);
  if constexpr (has_vbmi) {
    if (t.reach == 64) return look_up_all<Bytes, Zeros, 64, bytes>(t, in, out, n, stream);
    if (t.reach == 128) return look_up_all<Bytes, Zeros, 128, bytes>(t, in, out, n, stream);
  }
  look_up_all<Bytes, Zeros, 256, bytes>(t, in, out, n, stream);
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

#undef LOWP_SIMD_PERMUTES_BYTES
#undef LOWP_SIMD_HAS_VBMI

#endif
