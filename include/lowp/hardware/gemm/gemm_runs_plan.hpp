// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernel of exact runs, aligned by their scales, knows of a model, and how it packs
/// vectors: Blackwell's FP4. spec/gemm.md GEM-7.
#ifndef LOWP_HARDWARE_GEMM_GEMM_RUNS_PLAN_HPP
#define LOWP_HARDWARE_GEMM_GEMM_RUNS_PLAN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "gemm_aligned_factors.hpp"

namespace lowp::simd {

/// Exponent of a scale of zero: its run takes no part.
inline constexpr int no_scale_exponent = -(1 << 16);

/// Exponents from the least positive value of a format to beyond its greatest.
LOWP_UNIT inline int span_of(format f) noexcept {
  const int least = lowp::detail::kind_of_number<number_kind::minifloat>::least_normal_exponent(f);
  return (1 << exponent_field_bits(f)) - f.bias - least + trailing_bits(f) + 1;
}

/// Whether the kernel takes the model, whose c is d. Sums of runs are exact in binary32, those of a
/// step in binary64.
LOWP_UNIT inline bool plan_runs(const mma_model& m, aligned_plan& p) noexcept {
  if (m.sum != mma_sum::aligned || !m.scales_align || m.run < 2 || m.chains != 1) return false;
  if (m.entry != accumulator_entry::in_step || m.floors || m.low_bits != 0) return false;
  if (m.zeros != zero_exponent::none || m.huge_products_are_infinite || m.reach_c != 0)
    return false;
  if (m.normalises || m.normalises_products || m.stored.width != 0) return false;
  if (m.order != product_order::ascending || !plan_formats(m, p) || !plan_rounding(m, p)) {
    return false;
  }
  if (m.scale_block == 0 || m.scale_block % m.run != 0 || m.scale.precision > 4) return false;
  int run_bits = 0, runs_bits = 0;
  while ((1 << run_bits) < m.run) ++run_bits;
  while ((1 << runs_bits) < m.group / m.run + 1) ++runs_bits;
  if (span_of(m.a) + span_of(m.b) + run_bits > 24) return false;
  const int greatest = (1 << exponent_field_bits(m.a)) - m.a.bias +
                       (1 << exponent_field_bits(m.b)) - m.b.bias + 2 + run_bits;
  if (greatest + runs_bits + m.kept_bits > 52 || p.is_nearest) return false;
  p.group = m.group;
  p.steps = m.k / m.group;
  p.kept = m.kept_bits;
  p.least = std::max(m.least_exponent, -500);
  p.skips_zero_c = true;
  return true;
}

/// A packed step: factors; scales of runs as binary64 numbers; their exponents.
struct runs_layout {
  std::size_t lanes, group, runs;

  LOWP_UNIT runs_layout(int l, const mma_model& m) noexcept
      : lanes(static_cast<std::size_t>(l)), group(m.group), runs(m.group / std::size_t{m.run}) {}
  LOWP_UNIT std::size_t scales() const noexcept { return (group * lanes * 4 + 7) / 8 * 8; }
  LOWP_UNIT std::size_t exponents() const noexcept { return scales() + runs * lanes * 8; }
  LOWP_UNIT std::size_t step() const noexcept {
    return (exponents() + runs * lanes * 4 + 63) / 64 * 64;
  }
};

/// Packs `lanes` vectors from `begin` on.
LOWP_UNIT inline void pack_runs(int lanes, const gemm_source& from, std::size_t begin,
                                std::uint64_t instructions, std::byte* out,
                                unsigned char* special) {
  const mma_model& m = *from.model;
  const runs_layout at(lanes, m);
  const read_byte_factor read(from);
  const std::uint64_t steps = instructions * (m.k / m.group);
  for (std::uint64_t s = 0; s < steps; ++s, out += at.step()) {
    for (std::size_t lane = 0; lane < at.lanes; ++lane) {
      const std::size_t v = begin + lane;
      bool is_special = false;
      for (std::size_t i = 0; i < at.group; ++i) {
        const aligned_factor& x = read(from.code(v, s * at.group + i));
        reinterpret_cast<float*>(out)[i * at.lanes + lane] = x.value;
        is_special = is_special || x.is_special;
      }
      for (std::size_t r = 0; r < at.runs; ++r) {
        const mma_operand x = from.scale(v, (s * at.group + r * m.run) / m.scale_block);
        const bool is_zero = x.cls == number_class::zero;
        is_special = is_special || x.cls > number_class::finite;
        const double value = is_zero ? 0.0
                                     : static_cast<double>(x.significand) *
                                           power_of_two(x.exponent - trailing_bits(m.scale));
        const std::size_t place = r * at.lanes + lane;
        reinterpret_cast<double*>(out + at.scales())[place] = is_special ? 0.0 : value;
        reinterpret_cast<std::int32_t*>(out + at.exponents())[place] =
            is_zero ? no_scale_exponent : x.exponent;
      }
      if (is_special) special[lane] = 1;
    }
  }
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_RUNS_PLAN_HPP
