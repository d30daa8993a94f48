// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products and small matrix products of Arm and RISC-V. Arm's FP8 forms: FPMR.LSCALE is the
/// negated `mma_operands::exponent`, OSM = 1 has rows of its own. spec/mma.md MMA-18.
#ifndef LOWP_HARDWARE_MMA_MMA_ARM_HPP
#define LOWP_HARDWARE_MMA_MMA_ARM_HPP

#include "mma_registry.hpp"

namespace lowp::mma_rows {

/// BFDOT, BFMMLA without EBF16: everything rounded to odd, subnormals are zeros.
LOWP_FN mma_model arm_bfdot(int k) noexcept {
  mma_model m{.a = bf16, .b = bf16, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(k);
  m.group = 2;
  m.sum = mma_sum::tree;
  m.entry = accumulator_entry::after_step;
  m.read.subnormal_input = subnormal_input_rule::zero;
  m.read_c.subnormal_input = subnormal_input_rule::zero;
  m.step = {.round = to_odd,
            .overflow = infinite,
            .flush_subnormal_result = true,
            .tininess = tininess_rule::before_rounding};
  m.step.nan_sign = sign_rule::positive;
  m.product = f32;
  m.product_last = m.step;
  return m;
}

/// Two products in one rounding (FPCR modes at their defaults); sums of `group` in a tree, then the
/// accumulator.
LOWP_FN mma_model arm_pairs(format a, int k, int group) noexcept {
  mma_model m{.a = a, .b = a, .c = f32, .d = f32, .accumulator = f32};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.sum = mma_sum::tree;
  m.entry = accumulator_entry::after_step;
  m.run = 2;
  m.keeps_zero_sign = true;
  m.step.nan_sign = sign_rule::positive;
  m.product = f32;
  m.product_last = m.step;
  return m;
}

/// FP8: one rounding of everything.
LOWP_FN mma_model arm_fp8(format a, format b, format d, int k, overflow_rule overflow) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = m.k;
  m.sum = mma_sum::exact;
  m.keeps_zero_sign = true;
  m.step = {.overflow = overflow, .nan_sign = sign_rule::positive};
  return m;
}

LOWP_FN mma_model canonical_chain(format a, format d) noexcept {
  mma_model m = fma_chain(a, a, d, 1);
  m.step.nan_sign = sign_rule::positive;
  return m;
}

inline constexpr mma_origin arm_pseudocode{"Arm", evidence::source, "vendor's pseudocode",
                                           "Arm ARM J1.3, C5.2 FPMR, C8.2"};
inline constexpr mma_origin arm_integers{"Arm", evidence::inferred, "from memory",
                                         "Arm ARM SDOT, UDOT, USDOT, SMMLA, UMMLA, USMMLA"};
inline constexpr mma_origin riscv_source{"RISC-V", evidence::source, "vendor's model",
                                         "riscv-isa-sim"};

// clang-format off
inline constexpr named_mma_model arm_models[] = {
    {"arm.bfdot", arm_bfdot(2), arm_pseudocode, "FPCR.EBF = 0; the default NaN of FPCR.AH = 0"},
    {"arm.bfmmla", arm_bfdot(4), arm_pseudocode, "FPCR.EBF = 0"},
    {"arm.bfmopa", arm_bfdot(2), arm_pseudocode, "FPCR.EBF = 0"},
    {"arm.bfdot.ebf", arm_pairs(bf16, 2, 2), arm_pseudocode, "FPCR.EBF = 1, nearest, no flushing"},
    {"arm.bfmmla.ebf", arm_pairs(bf16, 4, 2), arm_pseudocode, "FPCR.EBF = 1, nearest, no flushing"},
    {"arm.bfmopa.ebf", arm_pairs(bf16, 2, 2), arm_pseudocode, "FPCR.EBF = 1, nearest, no flushing"},
    {"arm.bfmlal", canonical_chain(bf16, f32), arm_pseudocode, "BFMLALB and BFMLALT; FPCR at its defaults, but the NaN is FPCR.DN's"},
    {"arm.fdot.f32.f16", arm_pairs(f16, 2, 2), arm_pseudocode, "SME, SVE2.1; also FMOPA"},
    {"arm.fmmla.f32.f16", arm_pairs(f16, 4, 4), arm_pseudocode},
    {"arm.fmlall.f32.e4m3.e4m3", arm_fp8(e4m3, e4m3, f32, 1, ieee), arm_pseudocode},
    {"arm.fmlall.f32.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f32, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlall.f32.e4m3.e5m2", arm_fp8(e4m3, e5m2, f32, 1, ieee), arm_pseudocode},
    {"arm.fmlall.f32.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f32, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlall.f32.e5m2.e4m3", arm_fp8(e5m2, e4m3, f32, 1, ieee), arm_pseudocode},
    {"arm.fmlall.f32.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f32, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlall.f32.e5m2.e5m2", arm_fp8(e5m2, e5m2, f32, 1, ieee), arm_pseudocode},
    {"arm.fmlall.f32.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f32, 1, saturate_finite), arm_pseudocode},
    {"arm.fdot.f32.e4m3.e4m3", arm_fp8(e4m3, e4m3, f32, 4, ieee), arm_pseudocode},
    {"arm.fdot.f32.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fdot.f32.e4m3.e5m2", arm_fp8(e4m3, e5m2, f32, 4, ieee), arm_pseudocode},
    {"arm.fdot.f32.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fdot.f32.e5m2.e4m3", arm_fp8(e5m2, e4m3, f32, 4, ieee), arm_pseudocode},
    {"arm.fdot.f32.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fdot.f32.e5m2.e5m2", arm_fp8(e5m2, e5m2, f32, 4, ieee), arm_pseudocode},
    {"arm.fdot.f32.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f32.e4m3.e4m3", arm_fp8(e4m3, e4m3, f32, 4, ieee), arm_pseudocode},
    {"arm.fmopa.f32.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f32.e4m3.e5m2", arm_fp8(e4m3, e5m2, f32, 4, ieee), arm_pseudocode},
    {"arm.fmopa.f32.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f32.e5m2.e4m3", arm_fp8(e5m2, e4m3, f32, 4, ieee), arm_pseudocode},
    {"arm.fmopa.f32.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f32.e5m2.e5m2", arm_fp8(e5m2, e5m2, f32, 4, ieee), arm_pseudocode},
    {"arm.fmopa.f32.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f32, 4, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f32.e4m3.e4m3", arm_fp8(e4m3, e4m3, f32, 8, ieee), arm_pseudocode},
    {"arm.fmmla.f32.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f32, 8, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f32.e4m3.e5m2", arm_fp8(e4m3, e5m2, f32, 8, ieee), arm_pseudocode},
    {"arm.fmmla.f32.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f32, 8, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f32.e5m2.e4m3", arm_fp8(e5m2, e4m3, f32, 8, ieee), arm_pseudocode},
    {"arm.fmmla.f32.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f32, 8, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f32.e5m2.e5m2", arm_fp8(e5m2, e5m2, f32, 8, ieee), arm_pseudocode},
    {"arm.fmmla.f32.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f32, 8, saturate_finite), arm_pseudocode},
    {"arm.fmlal.f16.e4m3.e4m3", arm_fp8(e4m3, e4m3, f16, 1, ieee), arm_pseudocode},
    {"arm.fmlal.f16.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f16, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlal.f16.e4m3.e5m2", arm_fp8(e4m3, e5m2, f16, 1, ieee), arm_pseudocode},
    {"arm.fmlal.f16.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f16, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlal.f16.e5m2.e4m3", arm_fp8(e5m2, e4m3, f16, 1, ieee), arm_pseudocode},
    {"arm.fmlal.f16.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f16, 1, saturate_finite), arm_pseudocode},
    {"arm.fmlal.f16.e5m2.e5m2", arm_fp8(e5m2, e5m2, f16, 1, ieee), arm_pseudocode},
    {"arm.fmlal.f16.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f16, 1, saturate_finite), arm_pseudocode},
    {"arm.fdot.f16.e4m3.e4m3", arm_fp8(e4m3, e4m3, f16, 2, ieee), arm_pseudocode},
    {"arm.fdot.f16.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fdot.f16.e4m3.e5m2", arm_fp8(e4m3, e5m2, f16, 2, ieee), arm_pseudocode},
    {"arm.fdot.f16.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fdot.f16.e5m2.e4m3", arm_fp8(e5m2, e4m3, f16, 2, ieee), arm_pseudocode},
    {"arm.fdot.f16.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fdot.f16.e5m2.e5m2", arm_fp8(e5m2, e5m2, f16, 2, ieee), arm_pseudocode},
    {"arm.fdot.f16.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f16.e4m3.e4m3", arm_fp8(e4m3, e4m3, f16, 2, ieee), arm_pseudocode},
    {"arm.fmopa.f16.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f16.e4m3.e5m2", arm_fp8(e4m3, e5m2, f16, 2, ieee), arm_pseudocode},
    {"arm.fmopa.f16.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f16.e5m2.e4m3", arm_fp8(e5m2, e4m3, f16, 2, ieee), arm_pseudocode},
    {"arm.fmopa.f16.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fmopa.f16.e5m2.e5m2", arm_fp8(e5m2, e5m2, f16, 2, ieee), arm_pseudocode},
    {"arm.fmopa.f16.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f16, 2, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f16.e4m3.e4m3", arm_fp8(e4m3, e4m3, f16, 4, ieee), arm_pseudocode},
    {"arm.fmmla.f16.e4m3.e4m3.osm1", arm_fp8(e4m3, e4m3, f16, 4, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f16.e4m3.e5m2", arm_fp8(e4m3, e5m2, f16, 4, ieee), arm_pseudocode},
    {"arm.fmmla.f16.e4m3.e5m2.osm1", arm_fp8(e4m3, e5m2, f16, 4, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f16.e5m2.e4m3", arm_fp8(e5m2, e4m3, f16, 4, ieee), arm_pseudocode},
    {"arm.fmmla.f16.e5m2.e4m3.osm1", arm_fp8(e5m2, e4m3, f16, 4, saturate_finite), arm_pseudocode},
    {"arm.fmmla.f16.e5m2.e5m2", arm_fp8(e5m2, e5m2, f16, 4, ieee), arm_pseudocode},
    {"arm.fmmla.f16.e5m2.e5m2.osm1", arm_fp8(e5m2, e5m2, f16, 4, saturate_finite), arm_pseudocode},
    {"arm.sdot", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), arm_integers},
    {"arm.udot", integer_sum(u8, u8, formats::uint32, 4, 4, integer_overflow::wrap), arm_integers},
    {"arm.usdot", integer_sum(u8, s8, s32, 4, 4, integer_overflow::wrap), arm_integers},
    {"arm.smmla", integer_sum(s8, s8, s32, 8, 8, integer_overflow::wrap), arm_integers},
    {"arm.ummla", integer_sum(u8, u8, formats::uint32, 8, 8, integer_overflow::wrap), arm_integers},
    {"arm.usmmla", integer_sum(u8, s8, s32, 8, 8, integer_overflow::wrap), arm_integers},
    {"riscv.vfwmaccbf16", canonical_chain(bf16, f32), riscv_source, "Zvfbfwma, frm = RNE"},
    {"riscv.vfwmacc.f16", canonical_chain(f16, f32), riscv_source, "Zvfh, frm = RNE"},
    {"riscv.vqdot", integer_sum(s8, s8, s32, 4, 4, integer_overflow::wrap), riscv_source, "Zvqdotq"},
    {"riscv.vqdotu", integer_sum(u8, u8, formats::uint32, 4, 4, integer_overflow::wrap), riscv_source, "Zvqdotq"},
    {"riscv.vqdotsu", integer_sum(s8, u8, s32, 4, 4, integer_overflow::wrap), riscv_source, "Zvqdotq"},
    {"riscv.vqdotus", integer_sum(u8, s8, s32, 4, 4, integer_overflow::wrap), riscv_source, "Zvqdotq"},
};
// clang-format on

}  // namespace lowp::mma_rows

#endif  // LOWP_HARDWARE_MMA_MMA_ARM_HPP
