// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums of arrays of binary32, element by element: each in one rounding, or of many arrays exactly,
/// as pairs of binary64. Results that are NaN are made by the definition, and so is what a pair
/// does not hold.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "../simd/float_steps-inl.hpp"
#include "wire_sums.hpp"

#if defined(LOWP_COLLECTIVE_WIRE_SUMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_COLLECTIVE_WIRE_SUMS_INL_HPP
#undef LOWP_COLLECTIVE_WIRE_SUMS_INL_HPP
#else
#define LOWP_COLLECTIVE_WIRE_SUMS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// out[i] = fl(x[i] + y[i]), or fl(x[i] - y[i]); `out` may be x or y.
template <bool Minus>
HWY_NOINLINE void combine(const float* x, const float* y, float* out, std::size_t n) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const std::size_t lanes = hn::Lanes(d), group = 4 * lanes;
  const auto mask = hn::Set(du, 0x7fffffffu), most = hn::Set(du, 0x7f800000u);
  const auto one = [&](std::size_t at) HWY_ATTR {
    const auto a = hn::LoadU(d, x + at), b = hn::LoadU(d, y + at);
    if constexpr (Minus) {
      return SubStep(a, b);
    } else {
      return AddStep(a, b);
    }
  };
  const auto size = [&](hn::Vec<decltype(d)> v)
                        HWY_ATTR { return hn::And(hn::BitCast(du, v), mask); };
  for (; i + group <= n; i += group) {
    const auto r0 = one(i), r1 = one(i + lanes), r2 = one(i + 2 * lanes), r3 = one(i + 3 * lanes);
    const auto greatest = hn::Max(hn::Max(size(r0), size(r1)), hn::Max(size(r2), size(r3)));
    if (!hn::AllFalse(du, hn::Gt(greatest, most))) [[unlikely]] {
      define_sums<Minus>(x + i, y + i, out + i, group);
      continue;
    }
    hn::StoreU(r0, d, out + i);
    hn::StoreU(r1, d, out + i + lanes);
    hn::StoreU(r2, d, out + i + 2 * lanes);
    hn::StoreU(r3, d, out + i + 3 * lanes);
  }
#endif
  define_sums<Minus>(x + i, y + i, out + i, n - i);
}
inline void add_numbers(const float* x, const float* y, float* out, std::size_t n) {
  combine<false>(x, y, out, n);
}
inline void subtract_numbers(const float* x, const float* y, float* out, std::size_t n) {
  combine<true>(x, y, out, n);
}

/// Copies n numbers, at any addresses. True if any is NaN.
HWY_NOINLINE bool copy_numbers(const std::byte* in, std::byte* out, std::size_t n) {
  std::size_t i = 0;
  bool any = false;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> d;
  const hn::Repartition<std::uint32_t, decltype(d)> du;
  const auto mask = hn::Set(du, 0x7fffffffu);
  auto greatest = hn::Zero(du);
  const std::size_t lanes = hn::Lanes(du);
  for (; i + lanes <= n; i += lanes) {
    const auto x = hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(in + 4 * i));
    greatest = hn::Max(greatest, hn::And(hn::BitCast(du, x), mask));
    hn::StoreU(x, d, reinterpret_cast<std::uint8_t*>(out + 4 * i));
  }
  any = !hn::AllFalse(du, hn::Gt(greatest, hn::Set(du, 0x7f800000u)));
#endif
  for (; i < n; ++i) {
    std::uint32_t x = 0;
    std::memcpy(&x, in + 4 * i, 4);
    std::memcpy(out + 4 * i, &x, 4);
    any = any || (x & 0x7fffffff) > 0x7f800000;
  }
  return any;
}

#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2
#define LOWP_SIMD_HAS_PAIRS 1
#define LOWP_STEP(Name, mnemonic)                                                              \
  template <class V>                                                                           \
  HWY_INLINE V Name(V x, V y) {                                                                \
    V r;                                                                                       \
    __asm__("v" mnemonic "pd {%2, %1, %0|%0, %1, %2}" : "=v"(r.raw) : "v"(x.raw), "v"(y.raw)); \
    return r;                                                                                  \
  }
#elif HWY_ARCH_X86_64 && HWY_TARGET < HWY_EMU128
#define LOWP_SIMD_HAS_PAIRS 1
#define LOWP_STEP(Name, mnemonic)                                      \
  template <class V>                                                   \
  HWY_INLINE V Name(V x, V y) {                                        \
    __asm__(mnemonic "pd {%1, %0|%0, %1}" : "+x"(x.raw) : "x"(y.raw)); \
    return x;                                                          \
  }
#elif HWY_ARCH_ARM_A64 && HWY_TARGET == HWY_NEON
#define LOWP_SIMD_HAS_PAIRS 1
#define LOWP_STEP(Name, mnemonic)                                                        \
  template <class V>                                                                     \
  HWY_INLINE V Name(V x, V y) {                                                          \
    V r;                                                                                 \
    __asm__("f" mnemonic " %0.2d, %1.2d, %2.2d" : "=w"(r.raw) : "w"(x.raw), "w"(y.raw)); \
    return r;                                                                            \
  }
#else
#define LOWP_SIMD_HAS_PAIRS 0
#endif

#if LOWP_SIMD_HAS_PAIRS
LOWP_STEP(AddPair, "add")
LOWP_STEP(SubPair, "sub")
#undef LOWP_STEP

using doubles = hn::ScalableTag<double>;
using double_vector = hn::Vec<doubles>;
using double_bits = hn::RebindToUnsigned<doubles>;
using single_half = hn::Rebind<float, doubles>;

/// A sum and what its rounding left out, exactly; `rest` is NaN where something is not finite.
struct double_pair {
  double_vector sum, rest;
};
HWY_INLINE double_pair two_sum(double_vector a, double_vector b) {
  const double_vector s = AddPair(a, b);
  const double_vector b_part = SubPair(s, a);
  const double_vector a_part = SubPair(s, b_part);
  return {s, AddPair(SubPair(a, a_part), SubPair(b, b_part))};
}

HWY_INLINE hn::Vec<double_bits> bits_of_double(double_vector x) {
  return hn::BitCast(double_bits(), x);
}
/// Lanes that are zero, of either sign.
HWY_INLINE hn::Mask<double_bits> are_zero(double_vector x) {
  const double_bits d;
  return hn::Eq(hn::ShiftLeft<1>(bits_of_double(x)), hn::Zero(d));
}

// Numbers are read, and results written, in whole vectors: arrays have room behind the last.

/// Adds numbers to pairs. What a pair does not hold makes its second part a NaN.
HWY_NOINLINE void add_to_pairs(const float* x, std::size_t n, exact_pairs& to) {
  const doubles d;
  const double_bits du;
  const auto nan = hn::Set(du, std::uint64_t{0x7ff8000000000000});
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    const double_vector number = hn::PromoteTo(d, hn::LoadU(single_half(), x + i));
    const double_pair high = two_sum(hn::Load(d, to.sum + i), number);
    const double_pair low = two_sum(hn::Load(d, to.rest + i), high.rest);
    const auto lost = hn::IfThenZeroElse(are_zero(low.rest), nan);
    hn::Store(high.sum, d, to.sum + i);
    hn::Store(hn::BitCast(d, hn::Or(bits_of_double(low.sum), lost)), d, to.rest + i);
  }
}

HWY_NOINLINE void start_pairs(const float* x, std::size_t n, exact_pairs& to) {
  const doubles d;
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    hn::Store(hn::PromoteTo(d, hn::LoadU(single_half(), x + i)), d, to.sum + i);
    hn::Store(hn::Zero(d), d, to.rest + i);
  }
}

/// The pairs in one rounding; those that hold no number are named.
HWY_NOINLINE std::size_t round_pairs(const exact_pairs& from, std::size_t n, float* out,
                                     std::uint16_t* odd) {
  const doubles d;
  const double_bits du;
  const auto one = hn::Set(du, std::uint64_t{1});
  const auto infinity = hn::Set(du, std::uint64_t{0x7ff0000000000000});
  std::size_t count = 0;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < n; i += lanes) {
    const double_vector sum = hn::Load(d, from.sum + i), rest = hn::Load(d, from.rest + i);
    const double_pair p = two_sum(sum, rest);
    // To odd where something is left, so that the rounding to binary32 is the only one.
    const auto bits = bits_of_double(p.sum), left = bits_of_double(p.rest);
    const auto differ = hn::ShiftRight<63>(hn::Xor(bits, left));
    const auto even = hn::Sub(one, hn::And(bits, one));
    const auto down = hn::And(even, differ);
    const auto step = hn::Sub(even, hn::Add(down, down));  // 1, -1 or 0
    const auto jammed = hn::IfThenElse(are_zero(p.rest), bits, hn::Add(bits, step));
    // Zeros keep the sign that they have without the rest.
    const auto result = hn::IfThenElse(are_zero(rest), bits_of_double(sum), jammed);
    hn::StoreU(hn::DemoteTo(single_half(), hn::BitCast(d, result)), single_half(), out + i);
    const auto odd_lanes = hn::Or(hn::Eq(hn::And(bits_of_double(sum), infinity), infinity),
                                  hn::Eq(hn::And(bits_of_double(rest), infinity), infinity));
    if (hn::AllFalse(du, odd_lanes)) [[likely]]
      continue;
    HWY_ALIGN std::uint64_t named[HWY_MAX_BYTES / 8];
    hn::Store(hn::VecFromMask(du, odd_lanes), du, named);
    for (std::size_t k = 0; k < lanes && i + k < n; ++k) {
      if (named[k] != 0) odd[count++] = static_cast<std::uint16_t>(i + k);
    }
  }
  return count;
}
#else
inline void add_to_pairs(const float*, std::size_t, exact_pairs&) {}
inline void start_pairs(const float*, std::size_t, exact_pairs&) {}
/// All by the definition.
inline std::size_t round_pairs(const exact_pairs&, std::size_t n, float*, std::uint16_t* odd) {
  for (std::size_t i = 0; i < n; ++i) odd[i] = static_cast<std::uint16_t>(i);
  return n;
}
#endif
#undef LOWP_SIMD_HAS_PAIRS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
