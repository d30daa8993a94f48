// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations of IEEE 754 on lanes of binary32 and binary64 for the kernels of matrix products: one
/// rounding each whatever the compiler's flags, as simd/float_steps-inl.hpp; errors of sums, sums
/// rounded to odd, and results rounded to shorter formats. A `float_environment` must live around
/// them. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#if defined(LOWP_GEMM_STEPS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_STEPS_INL_HPP
#undef LOWP_GEMM_STEPS_INL_HPP
#else
#define LOWP_GEMM_STEPS_INL_HPP
#endif

// Kernels exist for vectors of known length whose arithmetic is an instruction below.
#undef LOWP_HAS_GEMM_STEPS
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || HWY_HAVE_SCALABLE || \
    !(HWY_ARCH_X86_64 || HWY_ARCH_ARM_A64)
#define LOWP_HAS_GEMM_STEPS 0
#else
#define LOWP_HAS_GEMM_STEPS 1
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

using f32 = hn::ScalableTag<float>;
using f64 = hn::ScalableTag<double>;
using half32 = hn::Rebind<float, f64>;  ///< as many binary32 as a vector has binary64
inline constexpr std::size_t lanes32 = HWY_LANES(float), lanes64 = HWY_LANES(double);

template <class V>
inline constexpr bool is_binary32 = sizeof(hn::TFromV<V>) == 4;

#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2
#define LOWP_GEMM_STEP(name, mnemonic)                                                           \
  template <class V>                                                                             \
  HWY_INLINE V name(V x, V y) {                                                                  \
    V r;                                                                                         \
    if constexpr (is_binary32<V>) {                                                              \
      __asm__("v" mnemonic "ps {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw)); \
    } else {                                                                                     \
      __asm__("v" mnemonic "pd {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw)); \
    }                                                                                            \
    return r;                                                                                    \
  }
#elif HWY_ARCH_X86_64
#define LOWP_GEMM_STEP(name, mnemonic)                                   \
  template <class V>                                                     \
  HWY_INLINE V name(V x, V y) {                                          \
    if constexpr (is_binary32<V>) {                                      \
      __asm__(mnemonic "ps {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw)); \
    } else {                                                             \
      __asm__(mnemonic "pd {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw)); \
    }                                                                    \
    return x;                                                            \
  }
#else
#define LOWP_GEMM_STEP(name, mnemonic)                                                     \
  template <class V>                                                                       \
  HWY_INLINE V name(V x, V y) {                                                            \
    V r;                                                                                   \
    if constexpr (is_binary32<V>) {                                                        \
      __asm__("f" mnemonic " %0.4s, %1.4s, %2.4s" : "=w"(r.raw) : "w"(x.raw), "w"(y.raw)); \
    } else {                                                                               \
      __asm__("f" mnemonic " %0.2d, %1.2d, %2.2d" : "=w"(r.raw) : "w"(x.raw), "w"(y.raw)); \
    }                                                                                      \
    return r;                                                                              \
  }
#endif
LOWP_GEMM_STEP(add, "add")
LOWP_GEMM_STEP(sub, "sub")
LOWP_GEMM_STEP(mul, "mul")
#undef LOWP_GEMM_STEP

#if HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4
inline constexpr bool has_fused = false;
template <class V>
HWY_INLINE V fused(V, V, V z) {
  return z;
}
#else
inline constexpr bool has_fused = true;
/// x y + z in one rounding.
template <class V>
HWY_INLINE V fused(V x, V y, V z) {
#if HWY_ARCH_X86_64
  if constexpr (is_binary32<V>) {
    __asm__("vfmadd231ps {%2, %1, %0|%0, %1, %2}" : "+v"(z.raw) : "v"(x.raw), "v"(y.raw));
  } else {
    __asm__("vfmadd231pd {%2, %1, %0|%0, %1, %2}" : "+v"(z.raw) : "v"(x.raw), "v"(y.raw));
  }
#else
  if constexpr (is_binary32<V>) {
    __asm__("fmla %0.4s, %1.4s, %2.4s" : "+w"(z.raw) : "w"(x.raw), "w"(y.raw));
  } else {
    __asm__("fmla %0.2d, %1.2d, %2.2d" : "+w"(z.raw) : "w"(x.raw), "w"(y.raw));
  }
#endif
  return z;
}
#endif

/// x y + z where x y is exact.
template <class V>
HWY_INLINE V add_product(V x, V y, V z) {
  if constexpr (has_fused) {
    return fused(x, y, z);
  } else {
    return add(z, mul(x, y));
  }
}

template <class V>
using bits_tag = hn::RebindToUnsigned<hn::DFromV<V>>;
template <class V>
using bits_lane = hn::TFromD<bits_tag<V>>;
template <class V>
using bits_vector = hn::Vec<bits_tag<V>>;

template <class V>
HWY_INLINE bits_vector<V> bits_of(V x) {
  return hn::BitCast(bits_tag<V>(), x);
}
template <class V>
HWY_INLINE V from_bits(bits_vector<V> x) {
  return hn::BitCast(hn::DFromV<V>(), x);
}
template <class V>
HWY_INLINE bits_vector<V> set_bits(std::uint64_t x) {
  return hn::Set(bits_tag<V>(), static_cast<bits_lane<V>>(x));
}
template <class V>
inline constexpr int mantissa_bits = is_binary32<V> ? 23 : 52;
template <class V>
inline constexpr int bias = is_binary32<V> ? 127 : 1023;
template <class V>
inline constexpr std::uint64_t sign_bit = std::uint64_t{1} << (8 * sizeof(hn::TFromV<V>) - 1);

template <class V>
HWY_INLINE bits_vector<V> magnitude(V x) {
  return hn::And(bits_of(x), set_bits<V>(sign_bit<V> - 1));
}
/// x < y as integers without sign bits.
template <class B>
HWY_INLINE auto less(B x, B y) {
  const hn::RebindToSigned<hn::DFromV<B>> d;
  return hn::Lt(hn::BitCast(d, x), hn::BitCast(d, y));
}
template <class B, class M>
HWY_INLINE B select(M m, B yes, B no) {
  const hn::RebindToSigned<hn::DFromV<B>> d;
  return hn::BitCast(hn::DFromV<B>(), hn::IfThenElse(m, hn::BitCast(d, yes), hn::BitCast(d, no)));
}
/// A NaN, which stays one and has the definition do the element.
template <class V>
inline constexpr std::uint64_t mark_bits = static_cast<std::uint64_t>(4 * bias<V> + 3)
                                           << (mantissa_bits<V> - 1);
template <class V>
HWY_INLINE V mark() {
  return from_bits<V>(set_bits<V>(mark_bits<V>));
}

/// s + e is x + y exactly, s the sum to nearest, unless it overflows.
template <class V>
HWY_INLINE V sum_with_error(V x, V y, V& e) {
  const V s = add(x, y);
  const V t = sub(s, x);
  e = add(sub(x, sub(s, t)), sub(y, t));
  return s;
}

/// s + e rounded to odd: s if e is 0, else the neighbour of s + e that is odd.
template <class V>
HWY_INLINE V to_odd(V s, V e) {
  const hn::RebindToSigned<hn::DFromV<V>> d;
  const auto sb = bits_of(s), eb = bits_of(e);
  const auto down = hn::ShiftRight<8 * sizeof(hn::TFromV<V>) - 1>(hn::BitCast(d, hn::Xor(sb, eb)));
  const auto odd = hn::Or(hn::Add(hn::BitCast(d, sb), down), hn::Set(d, 1));
  const auto twice = hn::BitCast(d, hn::Add(eb, eb));
  auto kept = hn::Eq(twice, hn::Zero(d));
  if constexpr (is_binary32<V>) {
    // The error of an infinite sum is NaN; binary64 is narrowed and infinite again.
    kept = hn::Or(kept, less(set_bits<V>(0x7f800000), magnitude(e)));
  }
  return hn::BitCast(hn::DFromV<V>(), hn::IfThenElse(kept, hn::BitCast(d, sb), odd));
}
template <class V>
HWY_INLINE V add_to_odd(V x, V y) {
  V e;
  const V s = sum_with_error(x, y, e);
  return to_odd(s, e);
}
/// x + y + z rounded to odd, as far as any format of half the precision can tell. The errors of the
/// two sums are rounded to odd far below the last bit of u; u is exact where it is far below h.
template <class V>
HWY_INLINE V add_to_odd(V x, V y, V z) {
  V l, w;
  const V h = sum_with_error(x, y, l);
  const V u = sum_with_error(h, z, w);
  return add_to_odd(u, add_to_odd(w, l));
}

/// A shorter binary format: what `round_to` rounds to nearest even. Its values are lanes.
struct short_format {
  int trailing = 10;        ///< fraction bits
  int least = -14;          ///< exponent of the least normal value
  double greatest = 65504;  ///< finite value
  bool saturates = false;   ///< what is beyond it becomes it, NaN included
};
/// The format's constants as lanes.
template <class V>
struct rounding_grid {
  bits_vector<V> least, shift, greatest, half, kept, beyond;
  int dropped;
  HWY_INLINE explicit rounding_grid(const short_format& f)
      : least(set_bits<V>(static_cast<std::uint64_t>(f.least + bias<V>) << mantissa_bits<V>)),
        shift(set_bits<V>(
            (static_cast<std::uint64_t>(mantissa_bits<V> - f.trailing) << mantissa_bits<V>) |
            std::uint64_t{1} << (mantissa_bits<V> - 1))),
        greatest(bits_of(hn::Set(hn::DFromV<V>(), static_cast<hn::TFromV<V>>(f.greatest)))),
        half(set_bits<V>((std::uint64_t{1} << (mantissa_bits<V> - f.trailing - 1)) - 1)),
        kept(set_bits<V>(~std::uint64_t{0} << (mantissa_bits<V> - f.trailing))),
        beyond(f.saturates ? greatest : set_bits<V>(mark_bits<V>)),
        dropped(mantissa_bits<V> - f.trailing) {}
};
/// x rounded to nearest even; beyond the greatest value that or marked. OfBits: a format with the
/// exponents of the lanes, which is rounded where its bits end; else x is below 2^(bias -
/// mantissa_bits).
template <bool OfBits, class V>
HWY_INLINE V round_to(const rounding_grid<V>& g, V x) {
  const auto m = magnitude(x);
  const auto sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
  if constexpr (OfBits) {
    const auto last = hn::And(hn::ShiftRightSame(m, g.dropped), set_bits<V>(1));
    const auto r = hn::And(hn::Add(m, hn::Add(g.half, last)), g.kept);
    return from_bits<V>(hn::Or(select(less(g.greatest, r), g.beyond, r), sign));
  }
  const auto exponent =
      hn::And(m, set_bits<V>(static_cast<std::uint64_t>(2 * bias<V> + 1) << mantissa_bits<V>));
  // 1.5 x 2^e whose last bit is the last one of a result of x's exponent.
  const auto magic =
      from_bits<V>(hn::Add(select(less(exponent, g.least), g.least, exponent), g.shift));
  const auto r = bits_of(sub(add(from_bits<V>(m), magic), magic));
  return from_bits<V>(hn::Or(select(less(g.greatest, r), g.beyond, r), sign));
}

/// Halves of a vector of binary32 as binary64, and back.
HWY_INLINE hn::Vec<f64> widen_low(hn::Vec<f32> x) {
  return hn::PromoteTo(f64(), hn::LowerHalf(half32(), x));
}
HWY_INLINE hn::Vec<f64> widen_high(hn::Vec<f32> x) {
  return hn::PromoteTo(f64(), hn::UpperHalf(half32(), x));
}
HWY_INLINE hn::Vec<f32> narrow(hn::Vec<f64> low, hn::Vec<f64> high) {
  return hn::Combine(f32(), hn::DemoteTo(half32(), high), hn::DemoteTo(half32(), low));
}
/// x y + z of binary32 in one rounding, by binary64: the product is exact there, and the sum,
/// rounded to odd, has more than two bits more than the result.
HWY_INLINE hn::Vec<f32> fused_wide(hn::Vec<f32> x, hn::Vec<f32> y, hn::Vec<f32> z) {
  return narrow(add_to_odd(mul(widen_low(x), widen_low(y)), widen_low(z)),
                add_to_odd(mul(widen_high(x), widen_high(y)), widen_high(z)));
}
/// x y + z of binary32 in one rounding.
HWY_INLINE hn::Vec<f32> fused_step(hn::Vec<f32> x, hn::Vec<f32> y, hn::Vec<f32> z) {
  if constexpr (has_fused) {
    return fused(x, y, z);
  } else {
    return fused_wide(x, y, z);
  }
}
/// x y + v w of binary32 in one rounding.
HWY_INLINE hn::Vec<f32> pair_wide(hn::Vec<f32> x, hn::Vec<f32> y, hn::Vec<f32> v, hn::Vec<f32> w) {
  return narrow(add_to_odd(mul(widen_low(x), widen_low(y)), mul(widen_low(v), widen_low(w))),
                add_to_odd(mul(widen_high(x), widen_high(y)), mul(widen_high(v), widen_high(w))));
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
