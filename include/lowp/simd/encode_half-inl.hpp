// SPDX-License-Identifier: Apache-2.0
/// \file
/// Second stage for bfloat16 and binary16, from binary32 by a deterministic mode. bfloat16 by
/// integers in lanes of 16 bits; binary16 by the machine's conversion, whose rounding mode is part
/// of the instruction. Infinities and NaNs are left to a second step.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "encode_bytes-inl.hpp"
#include "plan.hpp"

#if defined(LOWP_SIMD_ENCODE_HALF_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ENCODE_HALF_INL_HPP
#undef LOWP_SIMD_ENCODE_HALF_INL_HPP
#else
#define LOWP_SIMD_ENCODE_HALF_INL_HPP
#endif

#if HWY_TARGET != HWY_SCALAR

#undef LOWP_SIMD_HAS_HALF
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_F16C)
#define LOWP_SIMD_HAS_HALF 1
#else
#define LOWP_SIMD_HAS_HALF 0
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// (a + b + 1) / 2, where Highway 1.0.3 overflows too (SVE without SVE2).
HWY_INLINE word_vector average(word_vector a, word_vector b) {
#if HWY_TARGET == HWY_SVE || HWY_TARGET == HWY_SVE_256
  return hn::Sub(hn::Or(a, b), hn::ShiftRight<1>(hn::Xor(a, b)));
#else
  return hn::AverageRound(a, b);
#endif
}

/// What both ways share: the sign's part, the greatest finite number.
class half_encoder {
 public:
  explicit HWY_INLINE half_encoder(const encode_plan<std::uint32_t>& plan) : p(plan) {}

  /// `code` whose index is at most the one for numbers beyond the target; `greatest` gathers the
  /// magnitudes.
  HWY_INLINE word_vector limited(word_vector code, word_vector& greatest) const {
    const word_vector magnitude = hn::And(code, word(0x7fff));
    greatest = hn::Max(greatest, magnitude);
    if (!p.half.limits) return code;
    const word_vector sign = hn::Xor(code, magnitude);
    word_vector most = word(p.cap[0]);
    if (p.cap[0] != p.cap[1]) {
      const word_lanes d;
      most = hn::IfThenElse(hn::Eq(sign, hn::Zero(d)), most, word(p.cap[1]));
    }
    return hn::Or(hn::Min(magnitude, most), sign);
  }

  static HWY_INLINE word_vector word(std::uint32_t x) {
    return hn::Set(word_lanes(), static_cast<std::uint16_t>(x));
  }

 protected:
  const encode_plan<std::uint32_t> p;
};

/// To bfloat16.
template <rounding_shape Mode>
class upper_half_encoder : public half_encoder {
 public:
  // Not inherited: g++ gives inherited constructors no instruction set.
  explicit HWY_INLINE upper_half_encoder(const encode_plan<std::uint32_t>& plan)
      : half_encoder(plan) {}

  HWY_INLINE word_vector operator()(const std::uint32_t* lanes, word_vector& greatest) const {
    const word_lanes d;
    word_vector upper, lower;
    load_halves(lanes, upper, lower);
    // NaNs whose payload is in the lower half become infinities, which are told apart later.
    word_vector code = upper;
    if constexpr (Mode == rounding_shape::odd) {
      code = hn::Or(code, hn::Min(lower, word(1)));
    } else if constexpr (Mode != rounding_shape::truncate) {
      code = hn::Add(code, away(upper, lower));
    }
    // A NaN may have wrapped; its own magnitude counts.
    greatest = hn::Max(greatest, hn::And(upper, word(0x7fff)));
    word_vector unused = hn::Zero(d);
    return p.half.limits ? limited(code, unused) : code;
  }

 private:
  /// 1 where the lane rounds away from zero.
  HWY_INLINE word_vector away(word_vector upper, word_vector lower) const {
    if constexpr (Mode == rounding_shape::nearest_even) {
      // The carry of lower + 0x7fff + odd.
      const word_vector odd = hn::And(upper, word(1));
      return hn::ShiftRight<15>(average(lower, hn::Or(odd, word(0x7ffe))));
    } else if constexpr (Mode == rounding_shape::nearest_away) {
      return hn::ShiftRight<15>(lower);
    } else {
      const word_vector negative = hn::ShiftRight<15>(upper);
      const word_vector vary = word(static_cast<std::uint32_t>(p.half.less[0] ^ p.half.less[1]));
      const word_vector less = hn::Xor(hn::And(negative, vary), word(p.half.less[0]));
      if constexpr (Mode == rounding_shape::directed) {
        return hn::And(less, hn::Min(lower, word(1)));
      } else {
        return hn::ShiftRight<15>(average(lower, hn::Sub(word(0x7fff), less)));
      }
    }
  }
};

#if LOWP_SIMD_HAS_HALF

/// To binary16; `Rounding` as instructions have it.
template <int Rounding>
class machine_half_encoder : public half_encoder {
 public:
  explicit HWY_INLINE machine_half_encoder(const encode_plan<std::uint32_t>& plan)
      : half_encoder(plan) {}

  HWY_INLINE word_vector operator()(const std::uint32_t* lanes, word_vector& greatest) const {
#if HWY_MAX_BYTES == 64
    constexpr int quiet = Rounding | _MM_FROUND_NO_EXC;
    const __m256i low = _mm512_cvt_roundps_ph(_mm512_loadu_ps(lanes), quiet);
    const __m256i high = _mm512_cvt_roundps_ph(_mm512_loadu_ps(lanes + 16), quiet);
    const __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
#else
    const auto* at = reinterpret_cast<const float*>(lanes);
    const __m128i low = _mm256_cvtps_ph(_mm256_loadu_ps(at), Rounding);
    const __m128i high = _mm256_cvtps_ph(_mm256_loadu_ps(at + 8), Rounding);
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
#endif
    return limited(word_vector{both}, greatest);
  }
};

/// Does this thread take denormals as zero? The conversion then does too.
inline bool denormals_are_zero() { return (_mm_getcsr() & 0x40) != 0; }

#endif

/// Results of lanes start...end - 1 in a chunk; whether infinities or NaNs are among them.
template <class Encoder>
bool encode_halves_of_chunk(const encode_plan<std::uint32_t>& p, const Encoder& encoder,
                            const std::uint32_t* lanes, std::uint16_t* codes, std::size_t n) {
  const word_lanes d;
  word_vector greatest = hn::Zero(d);
  for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
    hn::StoreU(encoder(lanes + i, greatest), d, codes + i);
  }
  return !hn::AllFalse(d, hn::Gt(greatest, half_encoder::word(p.half.special - 1u)));
}

/// n lanes to codes; calls `specials(first, last)` for parts where infinities or NaNs are. False:
/// this machine has no such way.
template <class Specials>
bool encode_halves(const encode_plan<std::uint32_t>& p, const std::uint32_t* lanes,
                   std::uint16_t* codes, std::size_t n, const Specials& specials) {
  using enum rounding_shape;
  const auto run = [&](const auto& encoder) HWY_ATTR {
    for (std::size_t start = 0; start < n; start += chunk_size) {
      const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
      if (encode_halves_of_chunk(p, encoder, lanes + start, codes + start, here)) {
        specials(start, start + here);
      }
    }
    return true;
  };
  if (p.half.way == half_way::upper_half) {
    switch (p.half.mode) {
      case none: return false;
      case nearest_even: return run(upper_half_encoder<nearest_even>(p));
      case nearest_away: return run(upper_half_encoder<nearest_away>(p));
      case nearest_side: return run(upper_half_encoder<nearest_side>(p));
      case truncate: return run(upper_half_encoder<truncate>(p));
      case directed: return run(upper_half_encoder<directed>(p));
      case odd: return run(upper_half_encoder<odd>(p));
    }
  }
#if LOWP_SIMD_HAS_HALF
  if (p.half.way == half_way::half) {
    if (p.half.mode == nearest_even) {
      return run(machine_half_encoder<_MM_FROUND_TO_NEAREST_INT>(p));
    }
    if (p.half.mode == truncate) return run(machine_half_encoder<_MM_FROUND_TO_ZERO>(p));
    if (denormals_are_zero()) return false;
    if (p.half.less[0] != 0) return run(machine_half_encoder<_MM_FROUND_TO_POS_INF>(p));
    return run(machine_half_encoder<_MM_FROUND_TO_NEG_INF>(p));
  }
#endif
  return false;
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#undef LOWP_SIMD_HAS_HALF

#endif  // HWY_TARGET != HWY_SCALAR

#endif
