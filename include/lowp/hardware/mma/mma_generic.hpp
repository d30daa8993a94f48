// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models of no vendor, to begin a design with: chains, trees, exact sums, systolic arrays with an
/// accumulator of any format. spec/mma.md MMA-19.
#ifndef LOWP_HARDWARE_MMA_MMA_GENERIC_HPP
#define LOWP_HARDWARE_MMA_MMA_GENERIC_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// k products in a binary tree of sums rounded to nearest, then the accumulator.
LOWP_FN mma_model pairwise(format a, format b, format d, int k) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = m.k;
  m.sum = mma_sum::tree;
  m.entry = accumulator_entry::after_step;
  m.product = d;
  return m;
}

/// One rounding to nearest of c and k products.
LOWP_FN mma_model exact_dot(format a, format b, format d, int k) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = m.k;
  m.sum = mma_sum::exact;
  return m;
}

/// A systolic array: the partial sum passes k cells; each adds its product, rounded to the
/// accumulator's format if the cell multiplies and adds apart, and rounds.
LOWP_FN mma_model systolic(format a, format b, format accumulator, format d, int k,
                           bool rounds_products) noexcept {
  mma_model m = fma_chain(a, b, d, k);
  m.accumulator = accumulator;
  if (rounds_products) m.product = accumulator;
  return m;
}

/// One aligned sum of k products and the accumulator that keeps any number of bits, cut toward zero
/// and rounded to nearest: the question "what if 20 bits were kept".
LOWP_FN mma_model aligned_dot(format a, format b, format d, int k, int group,
                              int kept_bits) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.kept_bits = static_cast<std::uint8_t>(kept_bits);
  m.step.zero_sign = sign_rule::positive;
  return m;
}

inline constexpr mma_origin generic_design{"generic", evidence::source, "definition", "lowp"};

// clang-format off
inline constexpr named_mma_model generic_models[] = {
    {"generic.fma_chain.f32.bf16", fma_chain(bf16, bf16, f32, 32), generic_design},
    {"generic.fma_chain.f32.f16", fma_chain(f16, f16, f32, 32), generic_design},
    {"generic.fma_chain.f32.e4m3", fma_chain(e4m3, e4m3, f32, 32), generic_design},
    {"generic.fma_chain.f32.f32", fma_chain(f32, f32, f32, 32), generic_design, "a CPU's loop"},
    {"generic.pairwise.f32.bf16", pairwise(bf16, bf16, f32, 32), generic_design},
    {"generic.pairwise.f32.f16", pairwise(f16, f16, f32, 32), generic_design},
    {"generic.pairwise.f32.e4m3", pairwise(e4m3, e4m3, f32, 32), generic_design},
    {"generic.exact.f32.bf16", exact_dot(bf16, bf16, f32, 32), generic_design},
    {"generic.exact.f32.f16", exact_dot(f16, f16, f32, 32), generic_design},
    {"generic.exact.f32.e4m3", exact_dot(e4m3, e4m3, f32, 32), generic_design},
    {"generic.exact.f32.e5m2", exact_dot(e5m2, e5m2, f32, 32), generic_design},
    {"generic.systolic.f32.bf16", systolic(bf16, bf16, f32, f32, 128, true), generic_design, "128 cells deep, products rounded to binary32"},
    {"generic.systolic.bf16.bf16", systolic(bf16, bf16, bf16, bf16, 128, true), generic_design},
    {"generic.systolic.f16.f16", systolic(f16, f16, f16, f16, 128, false), generic_design},
    {"generic.systolic.f16.e4m3", systolic(e4m3, e4m3, f16, f16, 128, false), generic_design},
    {"generic.aligned.f32.e4m3", aligned_dot(e4m3, e4m3, f32, 32, 32, 20), generic_design, "20 bits kept"},
    {"generic.aligned.f32.f16", aligned_dot(f16, f16, f32, 16, 16, 24), generic_design, "24 bits kept"},
};
// clang-format on

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_GENERIC_HPP
