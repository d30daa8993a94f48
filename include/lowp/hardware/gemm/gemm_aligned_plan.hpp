// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernel of aligned sums knows of a model, and the layout of what it packs.
/// spec/gemm.md GEM-6.
#ifndef LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PLAN_HPP
#define LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PLAN_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../formats.hpp"
#include "../../properties.hpp"
#include "gemm_rule.hpp"

namespace lowp::simd {

/// Of a factor of zero that takes no part in the alignment; of what a sum with it stays below.
/// Narrow exponents are bytes, whose sums saturate, wide ones have 16 bits.
inline constexpr int no_factor_exponent = -8192, no_product_exponent = -4000;
inline constexpr int no_short_exponent = -100, no_short_product = -61;
/// A greatest exponent, as relative to the offsets, below which binary32 products are not exact.
inline constexpr int least_relative_exponent = -100;

/// How the sums of a model run in lanes of 32 bits.
struct aligned_plan {
  int group = 0;  ///< products of a step, with the parts of factors that are cut and one of filling
  int steps = 0;  ///< of an instruction
  int kept = 0;
  int chunk = 0;                 ///< products whose sum fits in 32 bits
  bool adds_c = false;           ///< the accumulator fits in there, too
  bool adds_c_to_chunk = false;  ///< ... in the sum of the last chunk
  bool has_offsets = false;      ///< steps of vectors have powers of two of their own
  bool is_wide = false;          ///< factors are divided by their greatest power of two of a step
  bool is_narrow = false;        ///< all of a step is exact in binary32, rounded by a mask
  bool is_late = false;          ///< the accumulator comes after the sum
  bool is_after_all = false;     ///< ... at the end of an instruction
  bool skips_zero_c = false;     ///< an accumulator of zero has no exponent; else -126
  bool finds_huge = false;       ///< products of 2^128 and more are left to the definition
  bool is_nearest = false;       ///< rounding; else toward zero
  int least = 0;                 ///< exponent of a step
  int least_product = 0;         ///< exponent of a product that is not 0
  int precision = 24;            ///< of the accumulator
  int least_normal = -126, greatest = 127;  ///< its exponents
  int kept_sum = 0, kept_c = 0;
  /// Of fused steps, in fields of binary32: above all products with a zero; the greatest exponent.
  int zero_field = 0, most_field = 0;
};

LOWP_UNIT inline int factor_least_exponent(const mma_model& m, format f) noexcept {
  const int least = lowp::detail::kind_of_number<number_kind::minifloat>::least_normal_exponent(f);
  return m.normalises ? least - trailing_bits(f) : least;
}

LOWP_UNIT inline int factor_greatest_exponent(format f) noexcept {
  return binade(normalized(decode(f, max_finite(f))));
}

/// The greatest magnitude of a product on the grid, all ones times all ones.
LOWP_UNIT inline std::int64_t greatest_on_grid(const mma_model& m) noexcept {
  const int fraction = trailing_bits(m.a) + trailing_bits(m.b);
  const std::int64_t all =
      ((std::int64_t{2} << trailing_bits(m.a)) - 1) * ((std::int64_t{2} << trailing_bits(m.b)) - 1);
  return fraction <= m.kept_bits ? all << (m.kept_bits - fraction)
                                 : all >> (fraction - m.kept_bits);
}

/// False: not a model for it.
LOWP_UNIT inline bool plan_formats(const mma_model& m, aligned_plan& p,
                                   int most_precision = 12) noexcept {
  for (const format f : {m.a, m.b}) {
    const bool is_number = f.kind == number_kind::minifloat && f.width != 0;
    if (!is_number || f.precision > most_precision || exponent_field_bits(f) > 8) return false;
  }
  const format acc = m.accumulator;
  const int e = exponent_field_bits(acc), fraction = trailing_bits(acc);
  if (e < 2 || e > 8 || fraction > 23 || acc != ieee_format(e, fraction)) return false;
  if (m.c != m.d || (m.d != acc && m.d != formats::binary32)) return false;
  p.precision = fraction + 1;
  p.greatest = (1 << (e - 1)) - 1;
  p.least_normal = 1 - p.greatest;
  const int least = factor_least_exponent(m, m.a) + factor_least_exponent(m, m.b);
  p.least_product = least;
  const int greatest = factor_greatest_exponent(m.a) + factor_greatest_exponent(m.b);
  p.is_wide = least < -60 || greatest > 60 || m.zeros == zero_exponent::minus_126 ||
              exponent_field_bits(m.a) > 5 || exponent_field_bits(m.b) > 5;
  return true;
}

LOWP_UNIT inline bool plan_rounding(const mma_model& m, aligned_plan& p) noexcept {
  const projection& s = m.step;
  p.is_nearest = s.round == rounding::to_nearest_even;
  const bool is_cut = s.round == rounding::toward_zero && s.overflow == overflow_rule::infinite;
  const bool overflows =
      s.overflow == overflow_rule::infinite || (p.is_nearest && s.overflow == overflow_rule::ieee);
  if (!(p.is_nearest || is_cut) || !overflows) return false;
  if (s.flush_subnormal_result || m.flush_rounded || m.keeps_zero_sign) return false;
  if (m.read_c != projection{}) return false;
  const bool is_keeping = s.zero_sign == sign_rule::keep;
  if (p.is_late) return is_keeping && p.is_nearest && p.precision == 24 && p.greatest == 127;
  if (s.zero_sign != sign_rule::positive) return false;
  if (!p.is_after_all) return true;
  projection j = m.join;
  j.nan = nan_rule::quiet;
  j.nan_sign = sign_rule::keep;
  return j == projection{} && m.d == m.accumulator && p.precision <= 24;
}

/// Whether the kernel takes the model, whose c is d.
LOWP_UNIT inline bool plan_aligned(const mma_model& m, aligned_plan& p) noexcept {
  if (m.sum != mma_sum::aligned || m.chains != 1 || m.run != 1 || m.floors) return false;
  if (m.scales_align || m.normalises_products || m.reach_c != 0) return false;
  if (m.kept_bits > 25 || !plan_formats(m, p)) return false;
  p.is_late = m.entry == accumulator_entry::after_step;
  p.is_after_all = m.entry == accumulator_entry::after_all;
  if (!plan_rounding(m, p)) return false;
  if (m.scale_block != 0 && (m.scale.precision != 1 || m.scale_block % m.group != 0)) return false;
  if (p.is_late && (m.kept_sum > 36 || m.kept_c > 36)) return false;
  const int parts = m.low_bits != 0 ? 4 : 1;
  p.group = (m.group * parts + 1) / 2 * 2;
  p.steps = m.k / m.group;
  p.kept = m.kept_bits;
  p.kept_sum = m.kept_sum;
  p.kept_c = m.kept_c;
  p.least = std::max(m.least_exponent, -800);
  p.skips_zero_c = m.zeros == zero_exponent::none;
  p.finds_huge = m.huge_products_are_infinite;
  const std::int64_t most = (std::int64_t{1} << 31) - 1, term = greatest_on_grid(m) + parts;
  const std::int64_t of_c = std::int64_t{2} << p.kept;
  p.adds_c = !p.is_late && p.group * term + of_c <= most;
  p.chunk = static_cast<int>(std::min<std::int64_t>(p.group, most / term));
  int chunks = (p.group + p.chunk - 1) / p.chunk;
  if (!p.adds_c && !p.is_late && chunks == 1) chunks = 2;  // the accumulator joins the second
  p.chunk = (p.group + chunks - 1) / chunks;
  p.adds_c_to_chunk = (p.group - (chunks - 1) * p.chunk) * term + of_c <= most;
  p.has_offsets = p.is_wide || m.scale_block != 0;
  p.is_narrow = p.adds_c && !p.is_wide && !p.is_late && !p.is_after_all && !p.is_nearest &&
                m.scale_block == 0 && p.greatest == 127 && p.kept < p.precision &&
                p.group * term + of_c < (std::int64_t{1} << 24) && !p.finds_huge;
  return true;
}

/// A packed step of a group of `lanes` vectors: factors, then their exponents in words of two, or
/// of four if they are short, then the power of two that all products of the step get.
struct aligned_layout {
  int lanes = 0, group = 0, in_word = 4;

  LOWP_UNIT aligned_layout(int l, const aligned_plan& p) noexcept
      : lanes(l), group(p.group), in_word(p.is_wide ? 2 : 4) {}
  LOWP_UNIT int words() const noexcept { return (group + in_word - 1) / in_word; }
  LOWP_UNIT std::size_t exponents() const noexcept { return size(group) * size(lanes) * 4; }
  LOWP_UNIT std::size_t offsets() const noexcept {
    return exponents() + size(words()) * size(lanes) * 4;
  }
  LOWP_UNIT std::size_t step() const noexcept { return offsets() + size(lanes) * 4; }
  LOWP_UNIT std::size_t instruction(int steps) const noexcept {
    return (step() * size(steps) + 63) / 64 * 64;
  }

 private:
  LOWP_UNIT static std::size_t size(int n) noexcept { return static_cast<std::size_t>(n); }
};

/// 2^e as binary64, -1022 <= e <= 1023.
LOWP_UNIT inline double power_of_two(int e) noexcept {
  return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_ALIGNED_PLAN_HPP
