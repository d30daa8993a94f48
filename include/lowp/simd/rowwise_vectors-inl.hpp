// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of rows share: vectors of binary32 beside float_steps-inl.hpp, halves, the ends
/// of arrays that are no whole vectors, integers to bytes.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "float_steps-inl.hpp"
#include "rowwise_definition.hpp"

#if defined(LOWP_SIMD_ROWWISE_VECTORS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_VECTORS_INL_HPP
#undef LOWP_SIMD_ROWWISE_VECTORS_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_VECTORS_INL_HPP
#endif

// Kernels of rows exist for vectors of known length whose lanes are converted as x86 and NEON do.
#undef LOWP_HAS_ROW_KERNELS
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || HWY_HAVE_SCALABLE || \
    !(HWY_ARCH_X86_64 || HWY_ARCH_ARM_A64)
#define LOWP_HAS_ROW_KERNELS 0
#else
#define LOWP_HAS_ROW_KERNELS 1
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if LOWP_HAS_ROW_KERNELS
namespace rows {

using floats = hn::ScalableTag<float>;
using words = hn::RebindToUnsigned<floats>;
using integers = hn::RebindToSigned<floats>;
using float_vector = hn::Vec<floats>;
using word_vector = hn::Vec<words>;
using integer_vector = hn::Vec<integers>;

inline constexpr std::size_t row_lanes = HWY_LANES(float);

#if HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4
inline constexpr bool has_fused_step = false;  // no such instruction
HWY_INLINE float_vector FmaStep(float_vector, float_vector, float_vector z) { return z; }
#else
inline constexpr bool has_fused_step = true;
/// x y + z in one rounding.
HWY_INLINE float_vector FmaStep(float_vector x, float_vector y, float_vector z) {
#if HWY_ARCH_X86_64
  __asm__("vfmadd213ps {%2, %1, %0|%0, %1, %2}" : "+v"(x.raw) : "v"(y.raw), "v"(z.raw));
  return x;
#else
  __asm__("fmla %0.4s, %1.4s, %2.4s" : "+w"(z.raw) : "w"(x.raw), "w"(y.raw));
  return z;
#endif
}
#endif

HWY_INLINE word_vector bits_of(float_vector x) { return hn::BitCast(words(), x); }
HWY_INLINE float_vector from_bits(word_vector x) { return hn::BitCast(floats(), x); }
HWY_INLINE word_vector set_bits(std::uint32_t x) { return hn::Set(words(), x); }
/// The bits of a codec's constant.
HWY_INLINE std::uint32_t constant(float x) { return lowp::detail::bit_cast<std::uint32_t>(x); }
/// All lanes the number with these bits.
HWY_INLINE float_vector set_real(std::uint32_t x) { return from_bits(set_bits(x)); }
HWY_INLINE word_vector magnitudes(float_vector x) {
  return hn::And(bits_of(x), set_bits(0x7fffffff));
}
HWY_INLINE integer_vector as_signed(word_vector x) { return hn::BitCast(integers(), x); }
HWY_INLINE word_vector as_words(integer_vector x) { return hn::BitCast(words(), x); }
/// Lanes that are not finite; these compare as integers, which compilers take as they are.
HWY_INLINE auto not_finite(float_vector x) {
  return hn::Gt(as_signed(magnitudes(x)), as_signed(set_bits(0x7f7fffff)));
}
HWY_INLINE auto are_nan(float_vector x) {
  return hn::Gt(as_signed(magnitudes(x)), as_signed(set_bits(0x7f800000)));
}
HWY_INLINE float_vector select(hn::Mask<integers> m, float_vector yes, float_vector no) {
  return hn::BitCast(floats(),
                     hn::IfThenElse(m, hn::BitCast(integers(), yes), hn::BitCast(integers(), no)));
}

/// x < y ? x : y and x > y ? x : y; y if either is NaN. Zeros are equal or -0 is the lesser.
#if HWY_ARCH_X86_64
template <class V>
HWY_INLINE V lesser(V x, V y) {
#if HWY_TARGET <= HWY_AVX2
  V r;
  __asm__("vminps {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw));
  return r;
#else
  __asm__("minps {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw));
  return x;
#endif
}
template <class V>
HWY_INLINE V greater(V x, V y) {
#if HWY_TARGET <= HWY_AVX2
  V r;
  __asm__("vmaxps {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw));
  return r;
#else
  __asm__("maxps {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw));
  return x;
#endif
}
#else
/// An integer in the order of the numbers.
HWY_INLINE integer_vector key_of(float_vector x) {
  const integer_vector i = hn::BitCast(integers(), x);
  return hn::Xor(i, hn::And(hn::ShiftRight<31>(i), hn::Set(integers(), 0x7fffffff)));
}
HWY_INLINE float_vector lesser(float_vector x, float_vector y) {
  const auto less = hn::And(hn::Lt(key_of(x), key_of(y)), hn::Not(hn::Or(are_nan(x), are_nan(y))));
  return select(less, x, y);
}
HWY_INLINE float_vector greater(float_vector x, float_vector y) {
  const auto more = hn::And(hn::Gt(key_of(x), key_of(y)), hn::Not(hn::Or(are_nan(x), are_nan(y))));
  return select(more, x, y);
}
#endif

/// Nearest integers, ties to even. NaN: 0 or the least integer; beyond 2^31: the least or greatest.
HWY_INLINE integer_vector to_integers(float_vector x) {
#if HWY_TARGET <= HWY_AVX3
  return integer_vector{_mm512_cvtps_epi32(x.raw)};
#elif HWY_TARGET == HWY_AVX2
  return integer_vector{_mm256_cvtps_epi32(x.raw)};
#elif HWY_ARCH_X86_64
  return integer_vector{_mm_cvtps_epi32(x.raw)};
#else
  return hn::NearestInt(x);
#endif
}

/// Codes of binary16, ties to even; not of NaN. spec/tables.md TAB-4.
HWY_INLINE word_vector halves_of(float_vector x) {
  const word_vector m = magnitudes(x);
  const word_vector odd = hn::And(hn::ShiftRight<13>(m), set_bits(1));
  const word_vector sum = hn::Add(hn::Add(m, set_bits(0xfff)), odd);
  const word_vector normal =
      hn::Min(hn::Sub(hn::ShiftRight<13>(sum), set_bits(112 << 10)), set_bits(0x7c00));
  // In the binade of 1/2 the last place is that of the subnormal halves.
  const word_vector half = set_bits(0x3f000000);
  const word_vector subnormal = hn::Sub(bits_of(AddStep(from_bits(m), from_bits(half))), half);
  const auto is_subnormal = hn::Lt(as_signed(m), as_signed(set_bits(0x38800000)));
  const integer_vector code = hn::IfThenElse(is_subnormal, as_signed(subnormal), as_signed(normal));
  return hn::Or(as_words(code), hn::And(hn::ShiftRight<16>(bits_of(x)), set_bits(0x8000)));
}

/// Numbers of codes of binary16; infinities become finite.
HWY_INLINE float_vector from_halves(word_vector h) {
  const word_vector m = hn::And(h, set_bits(0x7fff));
  const word_vector normal = hn::Add(hn::ShiftLeft<13>(m), set_bits(112u << 23));
  const float_vector subnormal = MulStep(hn::ConvertTo(floats(), as_signed(m)),
                                         set_real(0x33800000));  // 2^-24
  const auto is_subnormal = hn::Lt(as_signed(m), as_signed(set_bits(0x400)));
  const integer_vector value =
      hn::IfThenElse(is_subnormal, as_signed(bits_of(subnormal)), as_signed(normal));
  return from_bits(hn::Or(as_words(value), hn::ShiftLeft<16>(hn::And(h, set_bits(0x8000)))));
}

/// The first n < row_lanes numbers at p, zeros behind.
HWY_INLINE float_vector load_first(const float* p, std::size_t n) {
#if HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(floats(), n), floats(), p);
#else
  HWY_ALIGN float part[row_lanes] = {};
  std::memcpy(part, p, 4 * n);
  return hn::Load(floats(), part);
#endif
}

/// Stores the first n < row_lanes numbers.
HWY_INLINE void store_first(float_vector x, float* p, std::size_t n) {
#if HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(x, hn::FirstN(floats(), n), floats(), p);
#else
  HWY_ALIGN float part[row_lanes];
  hn::Store(x, floats(), part);
  std::memcpy(p, part, 4 * n);
#endif
}

/// n <= 8 bytes; those behind are zero.
HWY_INLINE std::uint64_t load_bytes(const std::byte* p, std::size_t n) {
  std::uint64_t x = 0;
  std::memcpy(&x, p, n);
  return x;
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
