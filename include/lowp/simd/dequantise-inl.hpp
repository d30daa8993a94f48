// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes of a chunk of a row to numbers: values by permutations of 16 floats or of bytes (AVX-512
/// VBMI) or from a table, times the factors of their blocks in the same pass. spec/bulk.md BLK-8.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "dequantise_plan.hpp"
#include "float_steps-inl.hpp"

#if defined(LOWP_SIMD_DEQUANTISE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_DEQUANTISE_INL_HPP
#undef LOWP_SIMD_DEQUANTISE_INL_HPP
#else
#define LOWP_SIMD_DEQUANTISE_INL_HPP
#endif

#undef LOWP_SIMD_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_SIMD_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_SIMD_UNROLL
#endif
#undef LOWP_SIMD_HAS_VBMI
#if HWY_TARGET == HWY_AVX3_DL || (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__))
#define LOWP_SIMD_HAS_VBMI 1
#else
#define LOWP_SIMD_HAS_VBMI 0
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Elements that a decoder makes at once.
inline constexpr std::size_t step_elements = 64;

/// The factors of a chunk: one for each element, or one for each block of 2^log2 elements; those of
/// the next row `row` further on.
struct chunk_factors {
  const float* of;
  int log2;
  std::size_t row = 0;
};

/// The codes of a chunk: as they stand in memory, or one in each byte.
struct chunk_codes {
  const std::uint8_t* at;
  bool is_direct;
  std::size_t apart = 16;  ///< bytes from one group of 32 to the next, of `split_32`
  std::size_t rows = 1;    ///< of as many codes each, `row_bytes` from one to the next
  std::size_t row_bytes = 0;
};

// Lanes within 16 elements, which have one factor.
using tag_of_floats = hn::CappedTag<float, 16>;

#if LOWP_SIMD_HAS_VBMI

using floats16 = hn::VFromD<tag_of_floats>;

/// 16 values of codes of 4 bits, wherever they stand in 8 bytes.
class nibble_decoder {
 public:
  static constexpr std::size_t bytes = 32;
  explicit HWY_INLINE nibble_decoder(const dequantise_plan& p)
      : table_(_mm512_loadu_ps(p.value)), places_(_mm512_loadu_si512(p.nibble)) {}

  HWY_INLINE void operator()(const std::uint8_t* codes, std::size_t, floats16 (&e)[4]) const {
    LOWP_SIMD_UNROLL
    for (int v = 0; v < 4; ++v) {
      long long eight;
      std::memcpy(&eight, codes + 8 * v, 8);
      // Of the index only the lowest 4 bits count.
      const __m512i index = _mm512_multishift_epi64_epi8(places_, _mm512_set1_epi64(eight));
      e[v] = floats16{_mm512_permutexvar_ps(index, table_)};
    }
  }

 private:
  __m512 table_;
  __m512i places_;
};

/// The same in groups of 32, wherever those begin.
class split_decoder {
 public:
  static constexpr std::size_t bytes = 32;
  explicit HWY_INLINE split_decoder(const dequantise_plan& p) : table_(_mm512_loadu_ps(p.value)) {}

  HWY_INLINE void operator()(const std::uint8_t* codes, std::size_t apart, floats16 (&e)[4]) const {
    LOWP_SIMD_UNROLL
    for (int v = 0; v < 4; v += 2) {
      const __m128i pairs = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes));
      const __m512i index = _mm512_cvtepu8_epi32(pairs);
      e[v] = floats16{_mm512_permutexvar_ps(index, table_)};
      e[v + 1] = floats16{_mm512_permutexvar_ps(_mm512_srli_epi32(index, 4), table_)};
      codes += apart;
    }
  }

 private:
  __m512 table_;
};

class integer_decoder {
 public:
  static constexpr std::size_t bytes = 64;
  explicit HWY_INLINE integer_decoder(const dequantise_plan&) {}

  HWY_INLINE void operator()(const std::uint8_t* codes, std::size_t, floats16 (&e)[4]) const {
    LOWP_SIMD_UNROLL
    for (int v = 0; v < 4; ++v) {
      const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + 16 * v));
      e[v] = floats16{_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(some))};
    }
  }
};

/// Two bytes of each value from tables of 128 entries, put together by interleaving; then every
/// other of a lane's two words.
template <bool IsDense6>
class byte_decoder {
 public:
  static constexpr std::size_t bytes = IsDense6 ? 48 : 64;
  explicit HWY_INLINE byte_decoder(const dequantise_plan& p)
      : byte_decoder(p.high, p.low, p.sign_mask) {}
  HWY_INLINE byte_decoder(const std::uint8_t* high, const std::uint8_t* low, std::uint8_t sign)
      : sign_(_mm512_set1_epi8(static_cast<char>(sign))),
        order_(_mm512_load_si512(orders.order)),
        shift_(_mm512_load_si512(orders.shift)) {
    LOWP_SIMD_UNROLL
    for (int i = 0; i < 2; ++i) {
      high_[i] = _mm512_loadu_si512(high + 64 * i);
      low_[i] = _mm512_loadu_si512(low + 64 * i);
    }
  }

  HWY_INLINE void operator()(const std::uint8_t* codes, std::size_t, floats16 (&e)[4]) const {
    __m512i code;
    if constexpr (IsDense6) {
      const __m512i all = _mm512_maskz_loadu_epi8((std::uint64_t{1} << 48) - 1, codes);
      code = _mm512_multishift_epi64_epi8(shift_, _mm512_permutexvar_epi8(order_, all));
    } else {
      code = _mm512_permutexvar_epi8(order_, _mm512_loadu_si512(codes));
    }
    const __m512i low = _mm512_permutex2var_epi8(low_[0], code, low_[1]);
    __m512i high = _mm512_permutex2var_epi8(high_[0], code, high_[1]);
    high = _mm512_ternarylogic_epi64(high, code, sign_, 0xf8);  // high | (code & sign)
    // Two bytes each, of two neighbours in a lane of 32 bits.
    const __m512i words[2] = {_mm512_unpacklo_epi8(low, high), _mm512_unpackhi_epi8(low, high)};
    const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xffff0000));
    LOWP_SIMD_UNROLL
    for (int v = 0; v < 4; v += 2) {
      e[v] = floats16{_mm512_castsi512_ps(_mm512_slli_epi32(words[v / 2], 16))};
      e[v + 1] = floats16{_mm512_castsi512_ps(_mm512_and_si512(words[v / 2], upper))};
    }
  }

 private:
  struct order_table {
    alignas(64) std::uint8_t order[64];
    alignas(64) std::uint8_t shift[64];
  };
  /// Byte i of the codes becomes one of vector i % 2, or of i % 2 + 2 in upper halves of blocks of
  /// 16. Of 6 bits, eight codes of two vectors are twice 3 bytes.
  static constexpr order_table make_orders() {
    order_table r{};
    for (int i = 0; i < 64; ++i) {
      const int element = 16 * (i % 2 + i % 16 / 8 * 2) + 4 * (i / 16) + i % 8 / 2;
      const int group = 16 * (i % 8 / 3 % 2 + i % 16 / 8 * 2) + 4 * (i / 16);
      r.order[i] = static_cast<std::uint8_t>(IsDense6 ? group / 4 * 3 + i % 8 % 3 : element);
      r.shift[i] = static_cast<std::uint8_t>(24 * (i % 2) + i % 8 / 2 * 6);
    }
    return r;
  }
  static constexpr order_table orders = make_orders();
  __m512i high_[2], low_[2], sign_, order_, shift_;
};

/// The 64 numbers from element i of a chunk on.
template <bool PerElement, bool Outer, class Decoder>
HWY_INLINE void make_step(const Decoder& decode, const std::uint8_t* codes, std::size_t apart,
                          chunk_factors factors, std::size_t i, floats16 outer, floats16 (&y)[4]) {
  const tag_of_floats d;
  decode(codes, apart, y);
  LOWP_SIMD_UNROLL
  for (std::size_t v = 0; v < 4; ++v) {
    const std::size_t at = i + 16 * v;
    const auto factor =
        PerElement ? hn::LoadU(d, factors.of + at) : hn::Set(d, factors.of[at >> factors.log2]);
    y[v] = MulStep(factor, y[v]);
    if (Outer) y[v] = MulStep(y[v], outer);
  }
}

/// n codes of a row to numbers.
template <class Decoder, bool PerElement, bool Outer>
HWY_INLINE void decode_row(const dequantise_plan& p, const Decoder& decode, const chunk_codes& in,
                           chunk_factors factors, float outer, float* out, std::size_t n,
                           bool stream) {
  const tag_of_floats d;
  const auto P = hn::Set(d, outer);
  const std::uint8_t* codes = in.at;
  const std::size_t apart = in.apart;
  const std::size_t step =
      std::is_same_v<Decoder, split_decoder> ? 2 * apart : std::size_t{Decoder::bytes};
  std::size_t i = 0;
  floats16 y[4];
  if (stream) {
    for (; i + step_elements <= n; i += step_elements, codes += step) {
      make_step<PerElement, Outer>(decode, codes, apart, factors, i, P, y);
      LOWP_SIMD_UNROLL
      for (std::size_t v = 0; v < 4; ++v) hn::Stream(y[v], d, out + i + 16 * v);
    }
  }
  for (; i + step_elements <= n; i += step_elements, codes += step) {
    make_step<PerElement, Outer>(decode, codes, apart, factors, i, P, y);
    LOWP_SIMD_UNROLL
    for (std::size_t v = 0; v < 4; ++v) hn::StoreU(y[v], d, out + i + 16 * v);
  }
  if (i == n) return;
  alignas(64) std::uint8_t last[step_elements] = {};
  alignas(64) float made[step_elements];
  if (std::is_same_v<Decoder, split_decoder> && n - i > 32) {
    std::memcpy(last, codes, 16);
    std::memcpy(last + 16, codes + apart, 16);
  } else {
    std::memcpy(last, codes, in.is_direct ? bytes_of(p.m.layout.elements, n - i) : n - i);
  }
  make_step<PerElement, Outer>(decode, last, 16, factors, i, P, y);
  LOWP_SIMD_UNROLL
  for (std::size_t v = 0; v < 4; ++v) hn::Store(y[v], d, made + 16 * v);
  std::memcpy(out + i, made, (n - i) * sizeof(float));
}

/// n codes of each row to numbers.
template <class Decoder, bool PerElement, bool Outer>
void decode_codes(const dequantise_plan& p, chunk_codes in, chunk_factors factors,
                  const float* outer, float* out, std::size_t n, bool stream) {
  const Decoder decode(p);
  for (std::size_t r = 0; r < in.rows; ++r, in.at += in.row_bytes, out += n) {
    decode_row<Decoder, PerElement, Outer>(p, decode, in, factors, outer[Outer ? r : 0], out, n,
                                           stream);
    factors.of += factors.row;
  }
}

template <class Decoder, bool Outer = false>
HWY_INLINE void decode_with(const dequantise_plan& p, chunk_codes codes, chunk_factors factors,
                            const float* outer, float* out, std::size_t n, bool stream) {
  if (p.is_per_element) {
    decode_codes<Decoder, true, Outer>(p, codes, factors, outer, out, n, stream);
  } else {
    decode_codes<Decoder, false, Outer>(p, codes, factors, outer, out, n, stream);
  }
}

#endif

/// n codes in bytes to numbers by the table of values.
inline void look_up_codes(const dequantise_plan& p, const std::uint8_t* codes,
                          chunk_factors factors, float outer, float* out, std::size_t n) {
  const tag_of_floats d;
  const std::size_t lanes = hn::Lanes(d);
  const auto P = hn::Set(d, outer);
  for (std::size_t i = 0; i < n; i += step_elements) {
    HWY_ALIGN float e[step_elements];
    const std::size_t here = n - i < step_elements ? n - i : step_elements;
    for (std::size_t k = 0; k < here; ++k) e[k] = p.value[codes[i + k]];
    for (std::size_t k = here; k < step_elements; ++k) e[k] = 0;
    for (std::size_t k = 0; k < here; k += lanes) {
      const auto factor = p.is_per_element ? hn::LoadU(d, factors.of + i + k)
                                           : hn::Set(d, factors.of[(i + k) >> factors.log2]);
      auto y = MulStep(factor, hn::Load(d, e + k));
      if (p.has_outer) y = MulStep(y, P);
      hn::Store(y, d, e + k);
    }
    std::memcpy(out + i, e, here * sizeof(float));
  }
}

/// n codes of each row to numbers, with an outer scale each if there are any. `stream`: `out` is
/// aligned, and the numbers are too many for the caches.
inline void decode_chunk(const dequantise_plan& p, chunk_codes codes, chunk_factors factors,
                         const float* outer, float* out, std::size_t n, bool stream) {
#if LOWP_SIMD_HAS_VBMI
  const auto by = [&](auto* decoder) HWY_ATTR {
    using D = std::remove_pointer_t<decltype(decoder)>;
    decode_with<D>(p, codes, factors, outer, out, n, stream);
  };
  if (p.way == element_way::nibbles && codes.is_direct) {
    const bool is_split = p.direct == code_places::split_32;
    if (p.has_outer && is_split) {
      return decode_with<split_decoder, true>(p, codes, factors, outer, out, n, stream);
    }
    if (p.has_outer) {
      return decode_with<nibble_decoder, true>(p, codes, factors, outer, out, n, stream);
    }
    if (is_split) return by(static_cast<split_decoder*>(nullptr));
    return by(static_cast<nibble_decoder*>(nullptr));
  }
  if (p.way == element_way::integers) return by(static_cast<integer_decoder*>(nullptr));
  if (p.way == element_way::bytes) {
    if (codes.is_direct && p.direct == code_places::dense_6) {
      return by(static_cast<byte_decoder<true>*>(nullptr));
    }
    return by(static_cast<byte_decoder<false>*>(nullptr));
  }
#endif
  static_cast<void>(stream);
  HWY_ALIGN std::uint8_t unpacked[dequantise_chunk];
  const bool unpacks = codes.is_direct && p.direct != code_places::bytes;
  for (std::size_t r = 0; r < codes.rows; ++r, codes.at += codes.row_bytes, out += n) {
    const bool has_groups = p.direct == code_places::split_32;
    for (std::size_t i = 0; unpacks && i < n; ++i) {
      const std::size_t group = has_groups ? i / 32 : 0;
      const auto* from = reinterpret_cast<const std::byte*>(codes.at + group * codes.apart);
      unpacked[i] = static_cast<std::uint8_t>(read_code(p.m.layout.elements, from, i - 32 * group));
    }
    look_up_codes(p, unpacks ? unpacked : codes.at, factors, outer[p.has_outer ? r : 0], out, n);
    factors.of += factors.row;
  }
}

/// The numbers of n scale codes in bytes; those behind the last are unused.
inline void decode_scales(const dequantise_plan& p, const std::uint8_t* codes, float* out,
                          std::size_t n) {
  std::size_t i = 0;
#if LOWP_SIMD_HAS_VBMI
  if (p.scales_are_bytes) {
    const byte_decoder<false> decode(p.scale_high, p.scale_low, 0);
    floats16 y[4];
    for (; i + step_elements <= n; i += step_elements) {
      decode(codes + i, 0, y);
      LOWP_SIMD_UNROLL
      for (std::size_t v = 0; v < 4; ++v) hn::StoreU(y[v], tag_of_floats(), out + i + 16 * v);
    }
  }
#endif
  for (; i < n; ++i) out[i] = p.scale_value[codes[i]];
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#undef LOWP_SIMD_UNROLL
#undef LOWP_SIMD_HAS_VBMI

#endif
