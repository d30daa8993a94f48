// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernel of aligned sums that keep many bits knows of a model, and how it packs vectors.
/// spec/gemm.md GEM-9.
#ifndef LOWP_HARDWARE_GEMM_GEMM_LONG_PLAN_HPP
#define LOWP_HARDWARE_GEMM_GEMM_LONG_PLAN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "gemm_kernel.hpp"

namespace lowp::simd {

/// Exponent of a factor of zero that takes no part.
inline constexpr double no_long_exponent = -400.0;

/// Whether the kernel takes the model, whose c is d: a step is exact in binary64.
LOWP_UNIT inline bool plan_long(const mma_model& m, aligned_plan& p) noexcept {
  if (m.sum != mma_sum::aligned || m.chains != 1 || m.run != 1 || m.floors) return false;
  if (m.scales_align || m.normalises_products || m.low_bits != 0) return false;
  if (m.entry != accumulator_entry::in_step || m.huge_products_are_infinite) return false;
  if (m.scale_block != 0 || m.zeros != zero_exponent::none) return false;
  if (!plan_formats(m, p, 24) || !plan_rounding(m, p)) return false;
  int bits = 0;
  while ((1 << bits) < m.group + 1) ++bits;
  if (m.kept_bits + 2 + bits > 52) return false;
  p.group = m.group;
  p.steps = m.k / m.group;
  p.kept = m.kept_bits;
  p.least = std::max(m.least_exponent, -500);
  return true;
}

/// A packed step: factors as binary64 numbers, then their exponents.
LOWP_UNIT inline std::size_t long_step(const mma_model& m, int lanes) noexcept {
  return (std::size_t{16} * m.group * static_cast<std::size_t>(lanes) + 63) / 64 * 64;
}

/// Packs `lanes` vectors from `begin` on.
LOWP_UNIT inline void pack_long(int lanes, const gemm_source& from, std::size_t begin,
                                std::uint64_t instructions, std::byte* out,
                                unsigned char* special) {
  const mma_model& m = *from.model;
  const int fraction = trailing_bits(from.is_b ? m.b : m.a);
  const auto size = static_cast<std::size_t>(lanes);
  const std::uint64_t steps = instructions * (m.k / m.group);
  for (std::uint64_t s = 0; s < steps; ++s, out += long_step(m, lanes)) {
    auto* const factors = reinterpret_cast<double*>(out);
    double* const exponents = factors + m.group * size;
    const std::uint64_t instruction = s / (m.k / m.group);
    const int first = static_cast<int>(s % (m.k / m.group)) * m.group;
    for (std::size_t lane = 0; lane < size; ++lane) {
      for (int i = 0; i < m.group; ++i) {
        const auto place = static_cast<std::size_t>(lowp::detail::product_at(m, first + i));
        const mma_operand x = from.operand(begin + lane, instruction * m.k + place);
        const bool is_finite = x.cls == number_class::finite;
        if (x.cls > number_class::finite) special[lane] = 1;
        const double unit = is_finite ? power_of_two(x.exponent - fraction) : 0.0;
        const std::size_t at = static_cast<std::size_t>(i) * size + lane;
        factors[at] =
            static_cast<double>(is_finite ? x.significand : 0) * (x.negative ? -unit : unit);
        exponents[at] = is_finite ? x.exponent : no_long_exponent;
      }
    }
  }
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_LONG_PLAN_HPP
