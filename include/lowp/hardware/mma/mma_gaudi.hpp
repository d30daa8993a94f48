// SPDX-License-Identifier: Apache-2.0
/// \file
/// Intel Gaudi 2 and 3, one accumulation step of the matrix engine. spec/mma.md MMA-16.
#ifndef LOWP_HARDWARE_MMA_MMA_GAUDI_HPP
#define LOWP_HARDWARE_MMA_MMA_GAUDI_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// Products and accumulator in one aligned sum, cut to binary32.
LOWP_FN mma_model gaudi3(format a, format b, int group) noexcept {
  mma_model m{.a = a, .b = b, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(group);
  m.group = m.k;
  m.kept_bits = 24;
  m.least_exponent = -132;
  m.normalises = a.width == 8 || a == f16;
  m.step = {.round = toward_zero,
            .overflow = infinite,
            .nan = nan_rule::all_ones,
            .nan_sign = sign_rule::positive,
            .zero_sign = sign_rule::positive};
  return m;
}

/// Factors of 11 bits, each cut in 3 and 8: four products.
LOWP_FN mma_model gaudi3_split(format a) noexcept {
  mma_model m = gaudi3(a, a, 2);
  m.low_bits = 8;
  if (a == tf32) {
    m.stored = f32;
    m.read = {};
  }
  return m;
}

/// An aligned sum of products, then the accumulator in a window.
LOWP_FN mma_model gaudi2(format a, int group, int kept_bits) noexcept {
  mma_model m{.a = a, .b = a, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(group);
  m.group = m.k;
  m.sum = mma_sum::gaudi2;
  m.entry = accumulator_entry::after_step;
  m.kept_bits = static_cast<std::uint8_t>(kept_bits);
  m.normalises_products = a.width > 8;
  m.normalises = true;
  if (a == bf16 || a == tf32) m.read.subnormal_input = subnormal_input_rule::zero;
  if (a == tf32) m.stored = f32;
  m.read_c.subnormal_input = subnormal_input_rule::zero;
  m.flush_rounded = true;
  m.step = {.nan = nan_rule::all_ones, .nan_sign = sign_rule::positive};
  return m;
}

inline constexpr mma_origin gaudi_source{"Intel", evidence::transcribed,
                                         "vendor's model, rewritten and compared",
                                         "HabanaAI/Intel_Gaudi3_Software, coral-sim fs_fma.cpp"};

/// FP8 with the specials of IEEE 754, and those of OCP; the bias is programmable there.
inline constexpr named_mma_model gaudi_models[] = {
    // clang-format off
    {"gaudi3.bf16", gaudi3(bf16, bf16, 8), gaudi_source},
    {"gaudi3.e4m3.e4m3", gaudi3(e4m3, e4m3, 8), gaudi_source},
    {"gaudi3.e4m3.e5m2", gaudi3(e4m3, e5m2, 8), gaudi_source},
    {"gaudi3.e5m2.e4m3", gaudi3(e5m2, e4m3, 8), gaudi_source},
    {"gaudi3.e5m2.e5m2", gaudi3(e5m2, e5m2, 8), gaudi_source},
    {"gaudi3.f16", gaudi3_split(f16), gaudi_source},
    {"gaudi3.tf32", gaudi3_split(tf32), gaudi_source},
    {"gaudi2.bf16", gaudi2(bf16, 8, 46), gaudi_source},
    {"gaudi2.f16", gaudi2(f16, 8, 46), gaudi_source},
    {"gaudi2.tf32", gaudi2(tf32, 4, 46), gaudi_source},
    {"gaudi2.e4m3", gaudi2(formats::e4m3, 16, 24), gaudi_source, "E4M3 with infinities"},
    {"gaudi2.e5m2", gaudi2(e5m2, 16, 24), gaudi_source},
    // clang-format on
};

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_GAUDI_HPP
