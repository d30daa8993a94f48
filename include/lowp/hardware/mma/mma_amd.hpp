// SPDX-License-Identifier: Apache-2.0
/// \file
/// AMD's matrix cores: CDNA1 (gfx908), CDNA2 (gfx90a), CDNA3 (gfx940-942), and the integer forms of
/// RDNA3 (gfx11). CDNA4 and the floating-point forms of RDNA have no public numerics. spec/mma.md
/// MMA-15.
#ifndef LOWP_HARDWARE_MMA_MMA_AMD_HPP
#define LOWP_HARDWARE_MMA_MMA_AMD_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// Products rounded to binary32, then a tree of rounded additions, then the accumulator.
LOWP_FN mma_model cdna_tree(format a, int k, int group, bool flushes) noexcept {
  mma_model m{.a = a, .b = a, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.sum = mma_sum::tree;
  m.entry = accumulator_entry::after_step;
  m.product = f32;
  m.products_add_zero = true;
  if (flushes) {
    m.read.subnormal_input = subnormal_input_rule::zero;
    m.read_c = {.zero_sign = sign_rule::positive, .subnormal_input = subnormal_input_rule::zero};
    m.flush_rounded = true;
  }
  return m;
}

/// One rounding of c and the products of each step.
LOWP_FN mma_model cdna1_exact(format a, int k, int group) noexcept {
  mma_model m{.a = a, .b = a, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.sum = mma_sum::exact;
  return m;
}

/// Products in one aligned sum; it and the accumulator cut downward on a second grid.
LOWP_FN mma_model cdna3(format a, format b, int k, int group) noexcept {
  mma_model m{.a = a, .b = b, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.entry = accumulator_entry::after_step;
  m.kept_bits = 24;
  m.kept_sum = 31;
  m.kept_c = 24;
  m.zeros = zero_exponent::minus_126_of_c;
  m.huge_products_are_infinite = true;
  if (a == tf32) {
    m.stored = f32;
    m.read = {.round = toward_zero, .nan = nan_rule::payload_raw};
  }
  return m;
}

/// FP8: even and odd products apart.
LOWP_FN mma_model cdna3_fp8(format a, format b, int k) noexcept {
  mma_model m = cdna3(a, b, k, 16);
  m.chains = 2;
  m.reach_c = 25;
  return m;
}

inline constexpr mma_origin cdna_measured{"AMD", evidence::measured,
                                          "MMA-Sim, with a hardware test harness",
                                          "arXiv 2511.10909, microsoft/MMA-Sim c785138"};
inline constexpr mma_origin cdna_modelled{
    "AMD", evidence::measured, "MMA-Sim, with a hardware test harness; Khattak and Mikaitis",
    "arXiv 2511.10909, microsoft/MMA-Sim c785138; arXiv 2512.07004"};
inline constexpr mma_origin cdna1_untested{"AMD", evidence::inferred,
                                           "MMA-Sim, no hardware test visible",
                                           "arXiv 2511.10909, microsoft/MMA-Sim c785138"};
inline constexpr mma_origin cdna1_disputed{
    "AMD", evidence::inferred, "Khattak and Mikaitis; MMA-Sim has the form .tree",
    "arXiv 2512.07004, MATLAB-tensor-core; arXiv 2403.00232"};
inline constexpr mma_origin amd_wraps{"AMD", evidence::inferred, "no clamp bit is documented",
                                      "AMD matrix instruction calculator"};
inline constexpr mma_origin amd_clamps{"AMD", evidence::source, "vendor's text",
                                       "AMD matrix instruction calculator, README"};

/// Matrix fused multiply-add. FP32 and FP64 are chains.
inline constexpr named_mma_model amd_models[] = {
    // clang-format off
    {"gfx908.v_mfma_f32_32x32x2f32", fma_chain(f32, f32, f32, 2), cdna1_untested},
    {"gfx908.v_mfma_f32_32x32x1f32", fma_chain(f32, f32, f32, 1), cdna1_untested},
    {"gfx908.v_mfma_f32_16x16x1f32", fma_chain(f32, f32, f32, 1), cdna1_untested},
    {"gfx908.v_mfma_f32_4x4x1f32", fma_chain(f32, f32, f32, 1), cdna1_untested},
    {"gfx908.v_mfma_f32_16x16x4f32", fma_chain(f32, f32, f32, 4), cdna1_untested},
    {"gfx908.v_mfma_f32_32x32x8f16", cdna1_exact(f16, 8, 4), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_32x32x8f16.tree", cdna_tree(f16, 8, 4, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_32x32x4f16", cdna1_exact(f16, 4, 4), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_32x32x4f16.tree", cdna_tree(f16, 4, 4, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_16x16x4f16", cdna1_exact(f16, 4, 4), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_16x16x4f16.tree", cdna_tree(f16, 4, 4, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_4x4x4f16", cdna1_exact(f16, 4, 4), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_4x4x4f16.tree", cdna_tree(f16, 4, 4, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_16x16x16f16", cdna1_exact(f16, 16, 4), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_16x16x16f16.tree", cdna_tree(f16, 16, 4, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_32x32x4bf16", cdna1_exact(bf16, 4, 2), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_32x32x4bf16.tree", cdna_tree(bf16, 4, 2, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_32x32x2bf16", cdna1_exact(bf16, 2, 2), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_32x32x2bf16.tree", cdna_tree(bf16, 2, 2, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_16x16x2bf16", cdna1_exact(bf16, 2, 2), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_16x16x2bf16.tree", cdna_tree(bf16, 2, 2, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_4x4x2bf16", cdna1_exact(bf16, 2, 2), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_4x4x2bf16.tree", cdna_tree(bf16, 2, 2, false), cdna1_untested, "disputed"},
    {"gfx908.v_mfma_f32_16x16x8bf16", cdna1_exact(bf16, 8, 2), cdna1_disputed, "disputed: see the form .tree"},
    {"gfx908.v_mfma_f32_16x16x8bf16.tree", cdna_tree(bf16, 8, 2, false), cdna1_untested, "disputed"},
    {"gfx90a.v_mfma_f32_32x32x2f32", fma_chain(f32, f32, f32, 2), cdna_measured},
    {"gfx90a.v_mfma_f32_32x32x1f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx90a.v_mfma_f32_16x16x1f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx90a.v_mfma_f32_4x4x1f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx90a.v_mfma_f32_16x16x4f32", fma_chain(f32, f32, f32, 4), cdna_measured},
    {"gfx90a.v_mfma_f64_16x16x4f64", fma_chain(f64, f64, f64, 4), cdna_measured},
    {"gfx90a.v_mfma_f64_4x4x4f64", fma_chain(f64, f64, f64, 4), cdna_measured},
    {"gfx90a.v_mfma_f32_32x32x8bf16_1k", cdna_tree(bf16, 8, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_32x32x4bf16_1k", cdna_tree(bf16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x4bf16_1k", cdna_tree(bf16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_4x4x4bf16_1k", cdna_tree(bf16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x16bf16_1k", cdna_tree(bf16, 16, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_32x32x8f16", cdna_tree(f16, 8, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_32x32x4f16", cdna_tree(f16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x4f16", cdna_tree(f16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_4x4x4f16", cdna_tree(f16, 4, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x16f16", cdna_tree(f16, 16, 4, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_32x32x4bf16", cdna_tree(bf16, 4, 2, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_32x32x2bf16", cdna_tree(bf16, 2, 2, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x2bf16", cdna_tree(bf16, 2, 2, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_4x4x2bf16", cdna_tree(bf16, 2, 2, true), cdna_modelled},
    {"gfx90a.v_mfma_f32_16x16x8bf16", cdna_tree(bf16, 8, 2, true), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x2_f32", fma_chain(f32, f32, f32, 2), cdna_measured},
    {"gfx942.v_mfma_f32_32x32x1_2b_f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx942.v_mfma_f32_16x16x1_4b_f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx942.v_mfma_f32_4x4x1_16b_f32", fma_chain(f32, f32, f32, 1), cdna_measured},
    {"gfx942.v_mfma_f32_16x16x4_f32", fma_chain(f32, f32, f32, 4), cdna_measured},
    {"gfx942.v_mfma_f64_16x16x4_f64", fma_chain(f64, f64, f64, 4), cdna_measured},
    {"gfx942.v_mfma_f64_4x4x4_4b_f64", fma_chain(f64, f64, f64, 4), cdna_measured},
    {"gfx942.v_mfma_f32_16x16x8_xf32", cdna3(tf32, tf32, 8, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x4_xf32", cdna3(tf32, tf32, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x4_2b_f16", cdna3(f16, f16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x4_4b_f16", cdna3(f16, f16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_4x4x4_16b_f16", cdna3(f16, f16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x8_f16", cdna3(f16, f16, 8, 8), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x16_f16", cdna3(f16, f16, 16, 8), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x4_2b_bf16", cdna3(bf16, bf16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x4_4b_bf16", cdna3(bf16, bf16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_4x4x4_16b_bf16", cdna3(bf16, bf16, 4, 4), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x8_bf16", cdna3(bf16, bf16, 8, 8), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x16_bf16", cdna3(bf16, bf16, 16, 8), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x32_bf8_bf8", cdna3_fp8(bf8, bf8, 32), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x32_bf8_fp8", cdna3_fp8(bf8, fp8, 32), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x32_fp8_bf8", cdna3_fp8(fp8, bf8, 32), cdna_modelled},
    {"gfx942.v_mfma_f32_16x16x32_fp8_fp8", cdna3_fp8(fp8, fp8, 32), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x16_bf8_bf8", cdna3_fp8(bf8, bf8, 16), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x16_bf8_fp8", cdna3_fp8(bf8, fp8, 16), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x16_fp8_bf8", cdna3_fp8(fp8, bf8, 16), cdna_modelled},
    {"gfx942.v_mfma_f32_32x32x16_fp8_fp8", cdna3_fp8(fp8, fp8, 16), cdna_modelled},
    {"gfx908.v_mfma_i32_32x32x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx908.v_mfma_i32_16x16x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx908.v_mfma_i32_4x4x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx908.v_mfma_i32_32x32x8i8", integer_sum(s8, s8, s32, 8, 8, integer_overflow::wrap), amd_wraps},
    {"gfx908.v_mfma_i32_16x16x16i8", integer_sum(s8, s8, s32, 16, 16, integer_overflow::wrap), amd_wraps},
    {"gfx90a.v_mfma_i32_32x32x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx90a.v_mfma_i32_16x16x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx90a.v_mfma_i32_4x4x4i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx90a.v_mfma_i32_32x32x8i8", integer_sum(s8, s8, s32, 8, 8, integer_overflow::wrap), amd_wraps},
    {"gfx90a.v_mfma_i32_16x16x16i8", integer_sum(s8, s8, s32, 16, 16, integer_overflow::wrap), amd_wraps},
    {"gfx942.v_mfma_i32_32x32x4_2b_i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx942.v_mfma_i32_16x16x4_4b_i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx942.v_mfma_i32_4x4x4_16b_i8", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), amd_wraps},
    {"gfx942.v_mfma_i32_32x32x16_i8", integer_sum(s8, s8, s32, 16, 16, integer_overflow::wrap), amd_wraps},
    {"gfx942.v_mfma_i32_16x16x32_i8", integer_sum(s8, s8, s32, 32, 32, integer_overflow::wrap), amd_wraps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.s.s", integer_sum(s8, s8, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.s.s.clamp", integer_sum(s8, s8, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.s.u", integer_sum(s8, u8, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.s.u.clamp", integer_sum(s8, u8, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.u.s", integer_sum(u8, s8, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.u.s.clamp", integer_sum(u8, s8, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.u.u", integer_sum(u8, u8, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu8.u.u.clamp", integer_sum(u8, u8, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.s.s", integer_sum(s4, s4, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.s.s.clamp", integer_sum(s4, s4, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.s.u", integer_sum(s4, u4, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.s.u.clamp", integer_sum(s4, u4, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.u.s", integer_sum(u4, s4, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.u.s.clamp", integer_sum(u4, s4, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.u.u", integer_sum(u4, u4, s32, 16, 16, integer_overflow::wrap), amd_clamps},
    {"gfx11.v_wmma_i32_16x16x16_iu4.u.u.clamp", integer_sum(u4, u4, s32, 16, 16, integer_overflow::saturate), amd_clamps},
    // clang-format on
};

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_AMD_HPP
