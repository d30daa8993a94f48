// SPDX-License-Identifier: Apache-2.0
/// \file
/// What look_up-inl.hpp asks of an instruction set: codes from memory in the order in which
/// interleaving undoes itself, and one byte of the results of a vector of codes. With permutations
/// of 64 or 128 bytes (AVX-512 VBMI), or by nibbles (SSSE3, AVX2, AVX-512BW, NEON).
#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "look_up.hpp"

#if defined(LOWP_SIMD_PERMUTE_BYTES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_PERMUTE_BYTES_INL_HPP
#undef LOWP_SIMD_PERMUTE_BYTES_INL_HPP
#else
#define LOWP_SIMD_PERMUTE_BYTES_INL_HPP
#endif

// All three are undefined at the end of look_up-inl.hpp.
#undef LOWP_SIMD_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_SIMD_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_SIMD_UNROLL
#endif
#undef LOWP_SIMD_PERMUTES_BYTES
#undef LOWP_SIMD_HAS_VBMI
#if HWY_TARGET == HWY_AVX3_DL || (HWY_TARGET == HWY_AVX3 && defined(__AVX512VBMI__))
#define LOWP_SIMD_HAS_VBMI 1
#else
#define LOWP_SIMD_HAS_VBMI 0
#endif
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3) || HWY_TARGET == HWY_NEON
#define LOWP_SIMD_PERMUTES_BYTES 1
#else
#define LOWP_SIMD_PERMUTES_BYTES 0
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// How codes stand in memory. `dense`: as the plan's `dense` says.
enum class code_input { bytes, low_nibble_first, high_nibble_first, dense };

#if LOWP_SIMD_PERMUTES_BYTES

using tag8 = hn::ScalableTag<std::uint8_t>;
using vector8 = hn::VFromD<tag8>;
inline constexpr std::size_t step8 = hn::MaxLanes(tag8());
inline constexpr bool has_vbmi = LOWP_SIMD_HAS_VBMI;

template <int Bytes, int Zeros>
inline constexpr bool by_shift = weaves_by_shift(Bytes, Zeros, has_vbmi);

template <int Bytes, int Zeros>
constexpr std::size_t element_at(std::size_t i) {
  return static_cast<std::size_t>(
      woven_element(Bytes, by_shift<Bytes, Zeros>, static_cast<int>(step8), static_cast<int>(i)));
}

/// What is above the magnitudes of a folded table.
template <int Planes>
class unfolder {
 public:
  explicit HWY_INLINE unfolder(const look_up_plan& t)
      : negates(t.folding == look_up_plan::fold::twos_complement),
        has_odd(t.has_odd),
        sign(hn::Set(tag8(),
                     static_cast<std::uint8_t>(t.folding == look_up_plan::fold::none ? 0 : 0x80))) {
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) odd[b] = hn::Set(tag8(), t.plane[b][128]);
  }

  /// Magnitudes in the lower seven bits, anything above.
  HWY_INLINE vector8 magnitude(vector8 codes) const {
    const hn::RebindToSigned<tag8> di;
    if (!negates) return codes;
    return hn::BitCast(tag8(), hn::Abs(hn::BitCast(di, codes)));
  }

  HWY_INLINE void finish(vector8 codes, vector8 (&planes)[Planes]) const {
    planes[Planes - 1] = hn::Xor(planes[Planes - 1], hn::And(codes, sign));
    if (!has_odd) return;
    const auto is_odd = hn::Eq(codes, hn::Set(tag8(), std::uint8_t{0x80}));
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) planes[b] = hn::IfThenElse(is_odd, odd[b], planes[b]);
  }

 private:
  bool negates, has_odd;
  vector8 sign;
  vector8 odd[Planes];
};

#if LOWP_SIMD_HAS_VBMI

/// A vector of codes from memory, in the order of `element_at`; packed ones have others above them.
template <int Bytes, int Zeros, code_input Input>
class code_loader {
  static constexpr std::array<std::uint8_t, 64> make_order() {
    std::array<std::uint8_t, 64> r{};
    for (std::size_t i = 0; i < 64; ++i) {
      r[i] = static_cast<std::uint8_t>(element_at<Bytes, Zeros>(i));
    }
    return r;
  }
  alignas(64) static constexpr std::array<std::uint8_t, 64> order_table = make_order();
  static constexpr bool is_dense = Input == code_input::dense;

 public:
  explicit HWY_INLINE code_loader(const look_up_plan& t)
      : order(hn::Load(tag8(), is_dense ? t.dense.from : order_table.data())),
        shift(hn::Load(tag8(), t.dense.shift)),
        bytes((std::uint64_t{1} << (is_dense ? 8 * t.dense.slot : 0)) - 1) {}

  HWY_INLINE vector8 operator()(const std::uint8_t* in) const {
    if constexpr (is_dense) {
      const __m512i all = _mm512_maskz_loadu_epi8(bytes, in);
      const __m512i placed = _mm512_permutexvar_epi8(order.raw, all);
      return vector8{_mm512_multishift_epi64_epi8(shift.raw, placed)};
    } else if constexpr (Bytes == 1) {
      return hn::LoadU(tag8(), in);
    } else {
      return vector8{_mm512_permutexvar_epi8(order.raw, hn::LoadU(tag8(), in).raw)};
    }
  }

 private:
  vector8 order, shift;
  __mmask64 bytes;
};

/// Bytes of the entries of codes.
template <int Planes, int Reach>
class plane_finder {
  static constexpr int parts = Reach <= 64 ? 1 : Reach / 64;

 public:
  explicit HWY_INLINE plane_finder(const look_up_plan& t) : unfold(t) {
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) {
      for (int i = 0; i < parts; ++i) table[b][i] = hn::Load(tag8(), t.plane[b] + 64 * i);
    }
  }

  HWY_INLINE void operator()(vector8 codes, vector8 (&out)[Planes]) const {
    const vector8 magnitude = parts == 2 ? unfold.magnitude(codes) : codes;
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) {
      if constexpr (parts == 1) {
        out[b] = vector8{_mm512_permutexvar_epi8(codes.raw, table[b][0].raw)};
      } else if constexpr (parts == 2) {
        out[b] = half(b, 0, magnitude);
      } else {
        const __mmask64 upper = _mm512_movepi8_mask(codes.raw);
        out[b] =
            vector8{_mm512_mask_blend_epi8(upper, half(b, 0, codes).raw, half(b, 2, codes).raw)};
      }
    }
    if constexpr (parts == 2) unfold.finish(codes, out);
  }

 private:
  HWY_INLINE vector8 half(int b, int i, vector8 codes) const {
    return vector8{_mm512_permutex2var_epi8(table[b][i].raw, codes.raw, table[b][i + 1].raw)};
  }

  unfolder<Planes> unfold;
  vector8 table[Planes][parts];
};

/// Is this faster than one by one?
inline bool pays(const look_up_plan&) { return true; }

#else  // by nibbles

template <int Bytes, int Zeros, code_input Input>
class code_loader {
  // The order in two steps: within blocks for entries of 8 bytes, then of whole words of 32 bits.
  static constexpr std::size_t blocks = step8 / 16;
  static constexpr bool in_blocks = Bytes == 8 && blocks > 1;
  static constexpr bool of_words = Bytes != 1 && blocks > 1;
  static constexpr std::size_t run = 16 / blocks;  // bytes that move together in the second step

  static constexpr std::array<std::uint8_t, 16> make_block_order() {
    std::array<std::uint8_t, 16> r{};
    for (std::size_t i = 0; i < 16; ++i) {
      r[i] = static_cast<std::uint8_t>(2 * blocks * (i % run / 2) + 2 * (i / run) + i % 2);
    }
    return r;
  }
  static constexpr std::array<std::uint32_t, step8 / 4> make_word_order() {
    std::array<std::uint32_t, step8 / 4> r{};
    for (std::size_t i = 0; i < step8 / 4; ++i) {
      const std::size_t byte = 4 * i;
      if (in_blocks) {
        const std::size_t block = byte / 16, j = byte % 16;
        r[i] = static_cast<std::uint32_t>((16 * (j / run) + run * block + j % run) / 4);
      } else {
        r[i] = static_cast<std::uint32_t>(element_at<Bytes, Zeros>(byte) / 4);
      }
    }
    return r;
  }
  alignas(16) static constexpr std::array<std::uint8_t, 16> block_order = make_block_order();
  alignas(64) static constexpr std::array<std::uint32_t, step8 / 4> word_order = make_word_order();

 public:
  explicit HWY_INLINE code_loader(const look_up_plan&) {}

  HWY_INLINE vector8 operator()(const std::uint8_t* in) const {
    const tag8 d;
    const hn::Repartition<std::uint32_t, tag8> d32;
    vector8 codes = load(in);
    if constexpr (in_blocks) {
      codes = hn::TableLookupBytes(codes, hn::LoadDup128(d, block_order.data()));
    }
    if constexpr (of_words) {
      const auto index = hn::SetTableIndices(d32, word_order.data());
      codes = hn::BitCast(d, hn::TableLookupLanes(hn::BitCast(d32, codes), index));
    }
    return codes;
  }

 private:
  HWY_INLINE vector8 load(const std::uint8_t* in) const {
    const tag8 d;
    if constexpr (Input == code_input::bytes) {
      return hn::LoadU(d, in);
    } else {
      const hn::Repartition<std::uint16_t, tag8> d16;
      const auto pairs = hn::PromoteTo(d16, hn::LoadU(hn::Half<tag8>(), in));
      const auto codes = Input == code_input::low_nibble_first
                             ? hn::Or(pairs, hn::ShiftLeft<4>(pairs))
                             : hn::Or(hn::ShiftRight<4>(pairs), hn::ShiftLeft<8>(pairs));
      return hn::BitCast(d, codes);
    }
  }
};

template <int Planes, int Reach>
class plane_finder {
  static constexpr bool by_row = Reach > 16;

 public:
  explicit HWY_INLINE plane_finder(const look_up_plan& t)
      : plan(t), unfold(t), mask(hn::Set(tag8(), static_cast<std::uint8_t>(t.reach - 1))) {
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) {
      base[b] = hn::LoadDup128(tag8(), by_row ? t.base[b] : t.plane[b]);
      upper[b] = hn::LoadDup128(tag8(), t.upper[b]);
    }
    for (int k = 0; by_row && k < t.rows; ++k) {
      for (std::uint8_t& key : keys[k]) key = static_cast<std::uint8_t>(16 * t.row[k]);
    }
  }

  HWY_INLINE void operator()(vector8 codes, vector8 (&out)[Planes]) const {
    const tag8 d;
    const vector8 magnitude = by_row ? unfold.magnitude(codes) : codes;
    const vector8 lower = hn::And(magnitude, hn::Set(d, std::uint8_t{15}));
    LOWP_SIMD_UNROLL
    for (int b = 0; b < Planes; ++b) out[b] = hn::TableLookupBytes(base[b], lower);
    if constexpr (by_row) {
      const vector8 code = hn::And(magnitude, mask);
      const vector8 row = hn::ShiftRight<4>(code);
      LOWP_SIMD_UNROLL
      for (int b = 0; b < Planes; ++b) {
        out[b] = hn::Xor(out[b], hn::TableLookupBytes(upper[b], row));
      }
      for (int k = 0; k < plan.rows; ++k) {
        // Below 16 in this row only; elsewhere looked up as zero.
        const vector8 in_row = beyond(hn::Xor(code, hn::LoadDup128(d, keys[k])));
        LOWP_SIMD_UNROLL
        for (int b = 0; b < Planes; ++b) {
          const vector8 extra = hn::LoadDup128(d, plan.extra[k][b]);
          out[b] = hn::Xor(out[b], hn::TableLookupBytesOr0(extra, in_row));
        }
      }
      unfold.finish(codes, out);
    }
  }

 private:
  /// Indices of 16 and more as `TableLookupBytesOr0` wants them.
  static HWY_INLINE vector8 beyond(vector8 index) {
#if HWY_ARCH_X86
    return hn::SaturatedAdd(index, hn::Set(tag8(), std::uint8_t{0x70}));
#else
    return index;
#endif
  }

  const look_up_plan& plan;
  unfolder<Planes> unfold;
  vector8 mask;
  vector8 base[Planes], upper[Planes];
  HWY_ALIGN std::uint8_t keys[16][16];
};

/// Is this faster than one by one? By the number of operations, two and more of which run at once.
inline bool pays(const look_up_plan& t) {
  if (t.reach == 16) return true;
  return 4 + 3 * t.planes + t.rows * (2 + 2 * t.planes) < 9 * static_cast<int>(step8) / 4;
}

#endif

#endif  // LOWP_SIMD_PERMUTES_BYTES

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
