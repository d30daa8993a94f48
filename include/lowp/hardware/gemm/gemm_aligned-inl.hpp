// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernel of aligned sums: columns of D in lanes of 32 bits. Products are exact in binary32; times
/// 2^(kept bits - greatest exponent) and converted to integers they are cut as the unit cuts them.
/// What is added is exact in integers or binary64 until the one rounding. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "../../simd/float_steps-inl.hpp"
#include "gemm_aligned_direct-inl.hpp"
#include "gemm_aligned_pack.hpp"

#if defined(LOWP_GEMM_ALIGNED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_ALIGNED_INL_HPP
#undef LOWP_GEMM_ALIGNED_INL_HPP
#else
#define LOWP_GEMM_ALIGNED_INL_HPP
#endif

#undef LOWP_GEMM_UNROLL
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_GEMM_UNROLL _Pragma("GCC unroll 8")  // else arrays of vectors stay in memory at -O2
#else
#define LOWP_GEMM_UNROLL
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
namespace aligned {

namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::ScalableTag<float>;
using words = hn::RebindToSigned<floats>;
using halves = hn::Repartition<std::int16_t, floats>;
using bytes = hn::Repartition<std::int8_t, floats>;
using doubles = hn::Repartition<double, floats>;
using longs = hn::RebindToSigned<doubles>;
using half_floats = hn::Half<floats>;
using half_words = hn::Half<words>;
using float_vector = hn::Vec<floats>;
using word_vector = hn::Vec<words>;
using double_vector = hn::Vec<doubles>;
using half_float_vector = hn::Vec<half_floats>;
using half_word_vector = hn::Vec<half_words>;

constexpr int columns = static_cast<int>(hn::MaxLanes(floats()));
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
constexpr int rows = 4;
#else
constexpr int rows = 2;
#endif

HWY_INLINE word_vector set_word(std::int32_t x) { return hn::Set(words(), x); }
HWY_INLINE double_vector set_double(double x) { return hn::Set(doubles(), x); }

/// Cut toward zero; |x| < 2^31.
HWY_INLINE word_vector cut(float_vector x) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  return word_vector{_mm512_cvttps_epi32(x.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return word_vector{_mm256_cvttps_epi32(x.raw)};
#elif HWY_ARCH_X86 && HWY_TARGET < HWY_EMU128
  return word_vector{_mm_cvttps_epi32(x.raw)};
#else
  return hn::ConvertTo(words(), x);
#endif
}

/// The compiler does not see where the vector comes from: (x + y) - y stays.
template <class V>
HWY_INLINE V opaque(V x) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  __asm__("" : "+v"(x.raw));
#elif HWY_ARCH_X86 && HWY_TARGET < HWY_EMU128
  __asm__("" : "+x"(x.raw));
#elif HWY_ARCH_ARM && HWY_TARGET < HWY_EMU128
  __asm__("" : "+w"(x.raw));
#else
  __asm__("" : "+m"(x));
#endif
  return x;
}

template <bool Upper, class V>
HWY_INLINE half_word_vector half_of(V x) {
  if constexpr (Upper) {
    return hn::UpperHalf(half_words(), x);
  } else {
    return hn::LowerHalf(half_words(), x);
  }
}
template <bool Upper>
HWY_INLINE double_vector widened(word_vector x) {
  return hn::PromoteTo(doubles(), half_of<Upper>(x));
}
/// 2^x, -1022 <= x <= 1023.
template <bool Upper>
HWY_INLINE double_vector power(word_vector x) {
  const longs d;
  const auto wide = hn::PromoteTo(d, half_of<Upper>(hn::Add(x, set_word(1023))));
  return hn::BitCast(doubles(), hn::ShiftLeft<52>(wide));
}
template <bool Upper>
HWY_INLINE double_vector widened(float_vector x) {
  if constexpr (Upper) {
    return hn::PromoteTo(doubles(), hn::UpperHalf(half_floats(), x));
  } else {
    return hn::PromoteTo(doubles(), hn::LowerHalf(half_floats(), x));
  }
}

/// How an exact binary64 value becomes the accumulator's.
struct rounder {
  bool is_nearest, is_binary32, has_less_range;
  int fraction;  ///< bits below the leading one
  double_vector kept, least, to_magic, to_unit;

  HWY_INLINE explicit rounder(const aligned_plan& p)
      : is_nearest(p.is_nearest),
        is_binary32(p.precision == 24 && p.greatest == 127),
        has_less_range(p.greatest < 127),
        fraction(p.precision - 1),
        kept(hn::BitCast(
            doubles(),
            hn::Set(longs(), static_cast<std::int64_t>(~std::uint64_t{0} << (53 - p.precision))))),
        least(set_double(power_of_two(p.least_normal))),
        to_magic(set_double(1.5 * power_of_two(53 - p.precision))),
        to_unit(set_double(power_of_two(1 - p.precision))) {}

  HWY_INLINE double_vector power_below(double_vector v) const {
    const auto exponent = hn::Set(longs(), std::int64_t{0x7ff} << 52);
    return hn::Max(hn::BitCast(doubles(), hn::And(hn::BitCast(longs(), v), exponent)), least);
  }
  /// To nearest on the grid of the accumulator.
  HWY_INLINE double_vector nearest(double_vector v) const {
    const double_vector magic = opaque(hn::Mul(power_below(v), to_magic));
    return hn::Sub(opaque(hn::Add(v, magic)), magic);
  }
  HWY_INLINE double_vector toward_zero(double_vector v) const {
    const double_vector magnitude = hn::Abs(v);
    if (HWY_LIKELY(hn::AllFalse(doubles(), hn::Lt(magnitude, least)))) return hn::And(v, kept);
    const double_vector r = opaque(nearest(magnitude));
    const double_vector unit = hn::Mul(power_below(v), to_unit);
    const double_vector cut = hn::Sub(r, hn::IfThenElseZero(hn::Gt(r, magnitude), unit));
    const double_vector zero = hn::Zero(doubles());
    return hn::IfThenElse(hn::Lt(v, zero), hn::Sub(zero, cut), cut);
  }
  HWY_INLINE half_float_vector operator()(double_vector v) const {
    if (!is_nearest) {
      v = toward_zero(v);
    } else if (!is_binary32) {
      v = nearest(v);
    }
    return hn::DemoteTo(half_floats(), v);
  }
};

/// Bits of |x|.
HWY_INLINE word_vector magnitude_bits(float_vector x) {
  return hn::And(hn::BitCast(words(), x), set_word(0x7fffffff));
}
HWY_INLINE word_vector choose(hn::Mask<words> m, word_vector yes, word_vector no) {
  return hn::IfThenElse(m, yes, no);
}

/// Beyond the greatest exponent: infinite. No zero is negative.
HWY_INLINE float_vector finished(const aligned_plan& p, float_vector r) {
  const word_vector bits = hn::BitCast(words(), r), magnitude = magnitude_bits(r);
  word_vector result = hn::IfThenZeroElse(hn::Eq(magnitude, set_word(0)), bits);
  if (p.greatest < 127) {
    const word_vector infinite = hn::Or(hn::Xor(bits, magnitude), set_word(0x7f800000));
    result = choose(hn::Gt(magnitude, set_word(((p.greatest + 128) << 23) - 1)), infinite, result);
  }
  return hn::BitCast(floats(), result);
}

/// Exponent of an accumulator; of one that is zero.
HWY_INLINE word_vector exponent_of(word_vector magnitude, const aligned_plan& p) {
  const word_vector e =
      hn::Max(hn::Sub(hn::ShiftRight<23>(magnitude), set_word(127)), set_word(p.least_normal));
  const word_vector of_zero = set_word(p.skips_zero_c ? -(1 << 20) : -126);
  return choose(hn::Eq(magnitude, set_word(0)), of_zero, e);
}

/// An accumulator on the grid 2^(exponent - kept), cut toward zero.
HWY_INLINE word_vector on_grid(word_vector bits, word_vector magnitude, word_vector exponent,
                               int kept) {
  const word_vector one = set_word(1 << 23);
  const word_vector hidden = hn::Min(hn::AndNot(set_word(0x7fffff), magnitude), one);
  word_vector m = hn::Or(hn::And(magnitude, set_word(0x7fffff)), hidden);
  const word_vector own =
      hn::Sub(hn::Max(hn::ShiftRight<23>(magnitude), set_word(1)), set_word(127));
  int right = 23 - kept;
  if (right < 0) {
    m = hn::ShiftLeftSame(m, -right);
    right = 0;
  }
  word_vector shift = hn::Add(hn::Sub(exponent, own), set_word(right));
  shift = hn::Min(hn::Max(shift, set_word(0)), set_word(31));
  m = hn::Shr(m, shift);
  const word_vector sign = hn::ShiftRight<31>(bits);
  return hn::Sub(hn::Xor(m, sign), sign);
}

/// A step for a tile: sums of products in chunks, and the exponents that they are aligned to.
template <bool Wide>
struct step_sums {
  const aligned_plan& p;
  const aligned_layout at_a, at_b;
  const std::int32_t exponent;
  word_vector products[rows];  ///< exponents, -(1 << 20) of none
  word_vector offsets[rows], greatest[rows];
  float_vector scale[rows];
  word_vector sum[rows];                ///< of the last chunk
  double_vector low[rows], high[rows];  ///< of the chunks before

  /// Exponents of products.
  HWY_INLINE void align(const std::byte* a, const std::byte* b) {
    const auto* of_a = reinterpret_cast<const std::int32_t*>(a + at_a.exponents());
    const auto* of_b = reinterpret_cast<const std::int32_t*>(b + at_b.exponents());
    word_vector greatest_of[rows];
    if constexpr (Wide) {
      const halves d;
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) greatest_of[r] = hn::BitCast(words(), hn::Set(d, -32768));
      for (int i = 0; i < at_b.words(); ++i) {
        const auto e = hn::BitCast(d, hn::LoadU(words(), of_b + i * columns));
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const auto sums = hn::Add(e, hn::BitCast(d, set_word(of_a[i * rows + r])));
          greatest_of[r] = hn::BitCast(words(), hn::Max(hn::BitCast(d, greatest_of[r]), sums));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        const word_vector x = greatest_of[r];
        greatest_of[r] = hn::Max(hn::ShiftRight<16>(x), hn::ShiftRight<16>(hn::ShiftLeft<16>(x)));
      }
    } else {
      const bytes d;
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        greatest_of[r] = hn::BitCast(words(), hn::Set(d, std::int8_t{-128}));
      }
      for (int i = 0; i < at_b.words(); ++i) {
        const auto e = hn::BitCast(d, hn::LoadU(words(), of_b + i * columns));
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const auto sums = hn::SaturatedAdd(e, hn::BitCast(d, set_word(of_a[i * rows + r])));
          greatest_of[r] = hn::BitCast(words(), hn::Max(hn::BitCast(d, greatest_of[r]), sums));
        }
      }
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        const word_vector x = greatest_of[r];
        const word_vector high =
            hn::Max(hn::ShiftRight<24>(x), hn::ShiftRight<24>(hn::ShiftLeft<8>(x)));
        const word_vector low = hn::Max(hn::ShiftRight<24>(hn::ShiftLeft<16>(x)),
                                        hn::ShiftRight<24>(hn::ShiftLeft<24>(x)));
        greatest_of[r] = hn::Max(high, low);
      }
    }
    const word_vector offset_b =
        hn::LoadU(words(), reinterpret_cast<const std::int32_t*>(b + at_b.offsets()));
    const auto* offset_a = reinterpret_cast<const std::int32_t*>(a + at_a.offsets());
    LOWP_GEMM_UNROLL
    for (int r = 0; r < rows; ++r) {
      const word_vector e = greatest_of[r];
      offsets[r] = hn::Add(offset_b, set_word(offset_a[r] + exponent));
      const auto none = hn::Lt(e, set_word(Wide ? no_product_exponent : no_short_product));
      products[r] = choose(none, set_word(-(1 << 20)), hn::Add(e, offsets[r]));
    }
  }
  /// Sums products on the grid 2^(greatest - kept); false if there is more than one chunk.
  HWY_INLINE void add(const std::byte* a, const std::byte* b) {
    const floats d;
    LOWP_GEMM_UNROLL
    for (int r = 0; r < rows; ++r) {
      word_vector x = hn::Sub(hn::Add(offsets[r], set_word(p.kept + 127)), greatest[r]);
      x = hn::Min(hn::Max(x, set_word(1)), set_word(254));
      scale[r] = hn::BitCast(d, hn::ShiftLeft<23>(x));
      sum[r] = hn::Zero(words());
    }
    const auto* of_a = reinterpret_cast<const float*>(a);
    const auto* of_b = reinterpret_cast<const float*>(b);
    bool is_first = true;
    for (int i = 0; i < p.group;) {
      const int end = i + p.chunk < p.group ? i + p.chunk : p.group;
      if (!is_first || i != 0) {
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          low[r] = is_first ? widened<false>(sum[r]) : hn::Add(low[r], widened<false>(sum[r]));
          high[r] = is_first ? widened<true>(sum[r]) : hn::Add(high[r], widened<true>(sum[r]));
          sum[r] = hn::Zero(words());
        }
        is_first = false;
      }
      for (; i < end; ++i) {
        const float_vector y = hn::LoadU(d, of_b + i * columns);
        LOWP_GEMM_UNROLL
        for (int r = 0; r < rows; ++r) {
          const float_vector x = hn::Set(d, of_a[i * rows + r]);
          sum[r] = hn::Add(sum[r], cut(MulStep(MulStep(x, y), scale[r])));
        }
      }
    }
  }
};

template <bool Wide>
HWY_INLINE bool has_chunks(const step_sums<Wide>& s) {
  return s.p.chunk < s.p.group;
}

/// Accumulators after a step, the accumulator among the terms.
template <bool Wide>
HWY_INLINE float_vector join_in_step(const aligned_plan& p, const rounder& round,
                                     const step_sums<Wide>& s, int r, float_vector c) {
  const word_vector bits = hn::BitCast(words(), c), magnitude = magnitude_bits(c);
  const word_vector addend = on_grid(bits, magnitude, s.greatest[r], p.kept);
  const word_vector unit = hn::Sub(s.greatest[r], set_word(p.kept));
  double_vector low, high;
  if (p.adds_c) {
    const word_vector sum = hn::Add(s.sum[r], addend);
    low = widened<false>(sum);
    high = widened<true>(sum);
  } else {
    low = hn::Add(widened<false>(s.sum[r]), widened<false>(addend));
    high = hn::Add(widened<true>(s.sum[r]), widened<true>(addend));
    if (has_chunks(s)) {
      low = hn::Add(low, s.low[r]);
      high = hn::Add(high, s.high[r]);
    }
  }
  const half_float_vector lower = round(hn::Mul(low, power<false>(unit)));
  const half_float_vector upper = round(hn::Mul(high, power<true>(unit)));
  const float_vector result = finished(p, hn::Combine(floats(), upper, lower));
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// The same where everything fits in binary32: results are those of a mask.
template <bool Wide>
HWY_INLINE float_vector join_narrow(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                    float_vector c) {
  const word_vector bits = hn::BitCast(words(), c), magnitude = magnitude_bits(c);
  const word_vector sum = hn::Add(s.sum[r], on_grid(bits, magnitude, s.greatest[r], p.kept));
  const word_vector mask =
      set_word(static_cast<std::int32_t>(~std::uint32_t{0} << (24 - p.precision)));
  const float_vector kept =
      hn::BitCast(floats(), hn::And(hn::BitCast(words(), hn::ConvertTo(floats(), sum)), mask));
  const word_vector unit = hn::Sub(s.greatest[r], set_word(p.kept));
  const word_vector half = hn::ShiftRight<1>(unit), rest = hn::Sub(unit, half);
  const auto power = [](word_vector x) HWY_ATTR {
    return hn::BitCast(floats(), hn::ShiftLeft<23>(hn::Add(x, set_word(127))));
  };
  const float_vector result = MulStep(MulStep(kept, power(half)), power(rest));
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// Accumulators after a step whose sum is added to them on a second grid, each cut downward.
template <bool Upper, bool Wide>
HWY_INLINE half_float_vector late_half(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                       float_vector c, word_vector exponent) {
  double_vector sum = widened<Upper>(s.sum[r]);
  if (has_chunks(s)) sum = hn::Add(sum, Upper ? s.high[r] : s.low[r]);
  // A sum far below is -1 or 0 units all the same.
  const word_vector shift = hn::Max(hn::Sub(s.products[r], exponent), set_word(-200));
  const int bits = p.kept_sum > p.kept_c ? p.kept_sum : p.kept_c;
  const double_vector products =
      hn::Floor(hn::Mul(sum, power<Upper>(hn::Add(shift, set_word(p.kept_sum - p.kept)))));
  const word_vector to_c = hn::Sub(set_word(p.kept_c), exponent);
  const double_vector addend = hn::Floor(hn::Mul(widened<Upper>(c), power<Upper>(to_c)));
  const double_vector total =
      hn::Add(hn::Mul(products, set_double(power_of_two(bits - p.kept_sum))),
              hn::Mul(addend, set_double(power_of_two(bits - p.kept_c))));
  const double_vector v = hn::Mul(total, power<Upper>(hn::Sub(exponent, set_word(bits))));
  return hn::DemoteTo(half_floats(), v);
}
template <bool Wide>
HWY_INLINE float_vector join_late(const aligned_plan& p, const step_sums<Wide>& s, int r,
                                  float_vector c) {
  const word_vector magnitude = magnitude_bits(c);
  const word_vector exponent =
      hn::Max(hn::Max(s.products[r], exponent_of(magnitude, p)), set_word(-800));
  const half_float_vector lower = late_half<false>(p, s, r, c, exponent);
  const half_float_vector upper = late_half<true>(p, s, r, c, exponent);
  const float_vector result = hn::Combine(floats(), upper, lower);
  const auto is_infinite = hn::Gt(magnitude, set_word(0x7f7fffff));
  return hn::IfThenElse(hn::RebindMask(floats(), is_infinite), c, result);
}

/// Addition to nearest of what an instruction gave.
HWY_INLINE float_vector join_after_all(const aligned_plan& p, const rounder& round, float_vector c,
                                       float_vector sum) {
  const float_vector r = AddStep(c, sum);
  if (round.is_binary32) return r;
  const auto to_nearest = [&](double_vector x, double_vector y) HWY_ATTR {
    return hn::DemoteTo(half_floats(), round.nearest(hn::Add(x, y)));
  };
  const float_vector exact = hn::Combine(floats(), to_nearest(widened<true>(c), widened<true>(sum)),
                                         to_nearest(widened<false>(c), widened<false>(sum)));
  // Infinities and NaNs as the addition has them, zeros with its sign.
  const word_vector magnitude = magnitude_bits(r);
  const auto keeps =
      hn::Or(hn::Gt(magnitude, set_word(0x7f7fffff)), hn::Eq(magnitude, set_word(0)));
  return hn::IfThenElse(hn::RebindMask(floats(), keeps), r, finished(p, exact));
}

enum class way { in_step, narrow, late };

template <bool Wide, way Way>
HWY_INLINE void run_tile(const aligned_plan& p, const gemm_tile& t) {
  const floats d;
  const rounder round(p);
  step_sums<Wide> s{p, {rows, p}, {columns, p}, t.exponent, {}, {}, {}, {}, {}, {}, {}};
  const std::size_t bytes_a = s.at_a.instruction(p.steps), bytes_b = s.at_b.instruction(p.steps);
  auto* const out = static_cast<float*>(t.accumulators);
  float_vector c[rows], accumulator[rows];
  word_vector least[rows], most[rows];
  LOWP_GEMM_UNROLL
  for (int r = 0; r < rows; ++r) {
    c[r] = accumulator[r] = hn::LoadU(d, out + r * columns);
    least[r] = hn::Zero(words());
    most[r] = hn::Zero(words());
  }
  for (std::uint64_t i = t.first; i < t.last; i += t.step) {
    const std::byte* a = t.a + i * bytes_a;
    const std::byte* b = t.b + i * bytes_b;
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) accumulator[r] = hn::Zero(d);
    }
    for (int step = 0; step < p.steps; ++step, a += s.at_a.step(), b += s.at_b.step()) {
      s.align(a, b);
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        word_vector e = s.products[r];
        if constexpr (Way != way::late) {
          e = hn::Max(e, exponent_of(magnitude_bits(accumulator[r]), p));
        }
        s.greatest[r] = hn::Max(e, set_word(p.least));
        if constexpr (Wide) {
          const auto none = hn::Lt(s.products[r], set_word(-(1 << 19)));
          const word_vector relative = hn::Sub(s.greatest[r], s.offsets[r]);
          least[r] = hn::Min(least[r], hn::IfThenZeroElse(none, relative));
          most[r] = hn::Max(most[r], s.products[r]);
        }
      }
      s.add(a, b);
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        if constexpr (Way == way::narrow) {
          accumulator[r] = join_narrow(p, s, r, accumulator[r]);
        } else if constexpr (Way == way::late) {
          s.products[r] =
              choose(hn::Lt(s.products[r], set_word(-(1 << 19))), s.products[r], s.greatest[r]);
          accumulator[r] = join_late(p, s, r, accumulator[r]);
        } else {
          accumulator[r] = join_in_step(p, round, s, r, accumulator[r]);
        }
      }
    }
    if (p.is_after_all) {
      LOWP_GEMM_UNROLL
      for (int r = 0; r < rows; ++r) {
        c[r] = accumulator[r] = join_after_all(p, round, c[r], accumulator[r]);
      }
    }
  }
  for (int r = 0; r < rows; ++r) {
    hn::StoreU(accumulator[r], d, out + r * columns);
    if constexpr (Wide) {
      const int huge = p.finds_huge ? 126 : 1 << 20;
      const auto bad = hn::Or(hn::Lt(least[r], set_word(least_relative_exponent)),
                              hn::Gt(most[r], set_word(huge)));
      if (hn::AllFalse(words(), bad)) continue;
      HWY_ALIGN std::int32_t flags[columns];
      hn::Store(hn::VecFromMask(words(), bad), words(), flags);
      for (int j = 0; j < columns; ++j) {
        if (flags[j] != 0) t.redo[r * columns + j] = 1;
      }
    }
  }
}

HWY_NOINLINE void tile(const gemm_tile& t) {
  aligned_plan p;
  if (!plan_aligned(*t.model, p)) return;
#if LOWP_GEMM_HAS_DIRECT
  if (direct::takes(p) && !(p.is_narrow && t.exponent != 0)) return direct::tile(p, t);
#endif
  if (p.is_late) {
    return p.is_wide ? run_tile<true, way::late>(p, t) : run_tile<false, way::late>(p, t);
  }
  if (p.is_wide) return run_tile<true, way::in_step>(p, t);
  if (p.is_narrow && t.exponent == 0) return run_tile<false, way::narrow>(p, t);
  run_tile<false, way::in_step>(p, t);
}

inline void pack_a(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                   std::byte* out, unsigned char* special) {
  pack_aligned(rows, from, first, instructions, out, special);
}
inline void pack_b(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                   std::byte* out, unsigned char* special) {
  pack_aligned(columns, from, first, instructions, out, special);
}

}  // namespace aligned

inline bool aligned_kernel(const mma_model& m, gemm_kernel& k) {
  aligned_plan p;
  if (!plan_aligned(m, p)) return false;
  const aligned_layout a(aligned::rows, p), b(aligned::columns, p);
  k = {aligned::rows,          aligned::columns, gemm_store::binary32, a.instruction(p.steps),
       b.instruction(p.steps), aligned::pack_a,  aligned::pack_b,      aligned::tile};
  return true;
}
#else
inline bool aligned_kernel(const mma_model&, gemm_kernel&) { return false; }
#endif

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
