// SPDX-License-Identifier: Apache-2.0
/// \file
/// AMD as instructions on registers: v_cvt_* of CDNA3 (gfx942), CDNA4 (gfx950) and RDNA4 (gfx1201),
/// v_cvt_scalef32_*, and the scaled functions of HIP's host header. Source 0 goes to the low part;
/// `select` is the byte or word that op_sel chooses. Source modifiers (ABS, NEG) and the flushing
/// of binary32 subnormals by MODE are not modelled.
#ifndef LOWP_HARDWARE_INSTRUCTIONS_AMD_HPP
#define LOWP_HARDWARE_INSTRUCTIONS_AMD_HPP

#include "amd_cdna4.hpp"
#include "conversion_instruction.hpp"

namespace lowp {

namespace detail::amd_rows {

using instruction_option::keeps_rest;
using instruction_option::scale_divides;

inline constexpr register_layout one_32{.bits = 32, .slot = 32};
inline constexpr register_layout two_32{.bits = 64, .slot = 32};
inline constexpr register_layout sixteen_32{.bits = 512, .slot = 32};
inline constexpr register_layout thirty_two_32{.bits = 1024, .slot = 32};
inline constexpr register_layout two_16{.bits = 32, .slot = 16};
inline constexpr register_layout low_16{.bits = 32, .slot = 16};
inline constexpr register_layout thirty_two_16{.bits = 512, .slot = 16};
inline constexpr register_layout half_16{.bits = 32, .slot = 16, .per_select = 1};
inline constexpr register_layout pair_8{.bits = 32, .slot = 8, .per_select = 2};
inline constexpr register_layout byte_8{.bits = 32, .slot = 8, .per_select = 1};
inline constexpr register_layout two_8{.bits = 16, .slot = 8};
inline constexpr register_layout pair_4{.bits = 32, .slot = 4, .per_select = 2};
inline constexpr register_layout two_4{.bits = 8, .slot = 4};
inline constexpr register_layout dense_6{.bits = 192, .slot = 6};

constexpr const conversion_rule* amd_rule(const char* name) {
  for (const conversion_rule& r : rules::cdna4_rules) {
    if (same_text(r.name, name)) return &r;
  }
  return rule_named(rules::amd_instruction_rules, name);
}

constexpr conversion_instruction amd(const char* name, const char* target, const char* rule,
                                     register_layout source, int sources, register_layout result,
                                     int options = 0) {
  return instruction(name, target, amd_rule(rule), source, sources, result, options);
}

/// Overflow as MODE.FP16_OVFL says; what is not written of the register stays.
constexpr conversion_instruction amd_ovfl(const char* name, const char* target, const char* off,
                                          const char* on, register_layout source, int sources,
                                          register_layout result) {
  conversion_instruction row = amd(name, target, off, source, sources, result, keeps_rest);
  row.choice = rule_choice::fp16_ovfl;
  row.rules[1] = amd_rule(on);
  return row;
}

/// Several elements take the same random bits: inferred.
constexpr conversion_instruction amd_sr(conversion_instruction row) {
  row.random = random_origin::operand;
  return row;
}

constexpr conversion_instruction interleaved(conversion_instruction row) {
  row.order = source_order::interleaved;
  return row;
}

constexpr conversion_instruction amd_down(conversion_instruction row) {
  row.scale = scale_kind::binary32_exponent;
  row.options |= scale_divides;
  return row;
}

constexpr conversion_instruction amd_up(const char* name, const char* rule, register_layout source,
                                        register_layout result, int options = 0) {
  conversion_instruction row = amd(name, "gfx950", rule, source, 1, result, options);
  row.scale = scale_kind::binary32_exponent;
  return row;
}

constexpr conversion_instruction mx(const char* name, const char* rule, register_layout source,
                                    register_layout result) {
  conversion_instruction row =
      instruction(name, "ROCm host code", rule_named(rules::hip_ocp_rules, rule), source, 1, result,
                  scale_divides);
  row.scale = scale_kind::int8;
  return row;
}

/// Without scales.
inline constexpr conversion_instruction plain[] = {
    // clang-format off
    amd_ovfl("v_cvt_pk_fp8_f32 gfx942", "gfx942", "cdna3.e4m3fnuz.ovfl0", "cdna3.e4m3fnuz.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_fp8_f32 gfx942", "gfx942", "cdna3.e4m3fnuz.sr.ovfl0", "cdna3.e4m3fnuz.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_fp8 gfx942", "gfx942", "cdna3.binary32.from_e4m3fnuz", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_fp8 gfx942", "gfx942", "cdna3.binary32.from_e4m3fnuz", pair_8, 1, two_32),
    amd_ovfl("v_cvt_pk_bf8_f32 gfx942", "gfx942", "cdna3.e5m2fnuz.ovfl0", "cdna3.e5m2fnuz.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_bf8_f32 gfx942", "gfx942", "cdna3.e5m2fnuz.sr.ovfl0", "cdna3.e5m2fnuz.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_bf8 gfx942", "gfx942", "cdna3.binary32.from_e5m2fnuz", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_bf8 gfx942", "gfx942", "cdna3.binary32.from_e5m2fnuz", pair_8, 1, two_32),
    amd_ovfl("v_cvt_pk_fp8_f32 gfx950", "gfx950", "cdna4.e4m3fn.ovfl0", "cdna4.e4m3fn.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_fp8_f32 gfx950", "gfx950", "cdna4.e4m3fn.sr.ovfl0", "cdna4.e4m3fn.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_fp8 gfx950", "gfx950", "cdna4.binary32.from_e4m3fn", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_fp8 gfx950", "gfx950", "cdna4.binary32.from_e4m3fn", pair_8, 1, two_32),
    amd_ovfl("v_cvt_pk_bf8_f32 gfx950", "gfx950", "cdna4.e5m2.ovfl0", "cdna4.e5m2.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_bf8_f32 gfx950", "gfx950", "cdna4.e5m2.sr.ovfl0", "cdna4.e5m2.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_bf8 gfx950", "gfx950", "cdna4.binary32.from_e5m2", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_bf8 gfx950", "gfx950", "cdna4.binary32.from_e5m2", pair_8, 1, two_32),
    amd_ovfl("v_cvt_pk_fp8_f32 gfx1201", "gfx1201", "rdna4.e4m3fn.ovfl0", "rdna4.e4m3fn.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_fp8_f32 gfx1201", "gfx1201", "rdna4.e4m3fn.sr.ovfl0", "rdna4.e4m3fn.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_fp8 gfx1201", "gfx1201", "rdna4.binary32.from_e4m3fn", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_fp8 gfx1201", "gfx1201", "rdna4.binary32.from_e4m3fn", pair_8, 1, two_32),
    amd_ovfl("v_cvt_pk_bf8_f32 gfx1201", "gfx1201", "rdna4.e5m2.ovfl0", "rdna4.e5m2.ovfl1", one_32, 2, pair_8),
    amd_sr(amd_ovfl("v_cvt_sr_bf8_f32 gfx1201", "gfx1201", "rdna4.e5m2.sr.ovfl0", "rdna4.e5m2.sr.ovfl1", one_32, 1, byte_8)),
    amd("v_cvt_f32_bf8 gfx1201", "gfx1201", "rdna4.binary32.from_e5m2", byte_8, 1, one_32),
    amd("v_cvt_pk_f32_bf8 gfx1201", "gfx1201", "rdna4.binary32.from_e5m2", pair_8, 1, two_32),
    amd("v_cvt_pkrtz_f16_f32", "all", "gcn.binary16.rz", one_32, 2, two_16),
    amd("v_cvt_pk_f16_f32", "gfx950", "cdna4.binary16", one_32, 2, two_16),
    amd("v_cvt_pk_bf16_f32", "gfx950", "cdna4.bfloat16", one_32, 2, two_16),
    amd("v_cvt_f32_bf16", "gfx950", "cdna4.binary32.from_bfloat16", half_16, 1, one_32),
    amd_sr(amd("v_cvt_sr_f16_f32", "gfx950", "amd_emulator.binary16.sr", one_32, 1, half_16, keeps_rest)),
    amd_sr(amd("v_cvt_sr_bf16_f32", "gfx950", "amd_emulator.bfloat16.sr", one_32, 1, half_16, keeps_rest)),
    // clang-format on
};

/// Down: divided by the scale, up: multiplied. Order, op_sel and direction: ROCm/hip-fpsan 29ac04c,
/// tests on gfx950; numbers: see amd_cdna4.hpp.
inline constexpr conversion_instruction scaled[] = {
    // clang-format off
    amd_down(amd_ovfl("v_cvt_scalef32_pk_fp8_f32", "gfx950", "cdna4.e4m3fn.ovfl0", "cdna4.e4m3fn.ovfl1", one_32, 2, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_fp8_f32", "gfx950", "cdna4.e4m3fn.sr.ovfl0", "cdna4.e4m3fn.sr.ovfl1", one_32, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_f32_fp8", "cdna4.binary32.from_e4m3fn", pair_8, two_32),
    amd_down(amd_ovfl("v_cvt_scalef32_pk_fp8_f16", "gfx950", "cdna4.e4m3fn.ovfl0.from_binary16", "cdna4.e4m3fn.ovfl1.from_binary16", two_16, 1, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_fp8_f16", "gfx950", "cdna4.e4m3fn.sr.ovfl0.from_binary16", "cdna4.e4m3fn.sr.ovfl1.from_binary16", low_16, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_f16_fp8", "cdna4.binary16.from_e4m3fn", pair_8, two_16),
    amd_down(amd_ovfl("v_cvt_scalef32_pk_fp8_bf16", "gfx950", "cdna4.e4m3fn.ovfl0.from_bfloat16", "cdna4.e4m3fn.ovfl1.from_bfloat16", two_16, 1, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_fp8_bf16", "gfx950", "cdna4.e4m3fn.sr.ovfl0.from_bfloat16", "cdna4.e4m3fn.sr.ovfl1.from_bfloat16", low_16, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_bf16_fp8", "cdna4.bfloat16.from_e4m3fn", pair_8, two_16),
    amd_up("v_cvt_scalef32_f32_fp8", "cdna4.binary32.from_e4m3fn", byte_8, one_32),
    amd_up("v_cvt_scalef32_f16_fp8", "cdna4.binary16.from_e4m3fn", byte_8, half_16, keeps_rest),
    amd_down(amd_ovfl("v_cvt_scalef32_pk_bf8_f32", "gfx950", "cdna4.e5m2.ovfl0", "cdna4.e5m2.ovfl1", one_32, 2, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_bf8_f32", "gfx950", "cdna4.e5m2.sr.ovfl0", "cdna4.e5m2.sr.ovfl1", one_32, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_f32_bf8", "cdna4.binary32.from_e5m2", pair_8, two_32),
    amd_down(amd_ovfl("v_cvt_scalef32_pk_bf8_f16", "gfx950", "cdna4.e5m2.ovfl0.from_binary16", "cdna4.e5m2.ovfl1.from_binary16", two_16, 1, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_bf8_f16", "gfx950", "cdna4.e5m2.sr.ovfl0.from_binary16", "cdna4.e5m2.sr.ovfl1.from_binary16", low_16, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_f16_bf8", "cdna4.binary16.from_e5m2", pair_8, two_16),
    amd_down(amd_ovfl("v_cvt_scalef32_pk_bf8_bf16", "gfx950", "cdna4.e5m2.ovfl0.from_bfloat16", "cdna4.e5m2.ovfl1.from_bfloat16", two_16, 1, pair_8)),
    amd_down(amd_sr(amd_ovfl("v_cvt_scalef32_sr_bf8_bf16", "gfx950", "cdna4.e5m2.sr.ovfl0.from_bfloat16", "cdna4.e5m2.sr.ovfl1.from_bfloat16", low_16, 1, byte_8))),
    amd_up("v_cvt_scalef32_pk_bf16_bf8", "cdna4.bfloat16.from_e5m2", pair_8, two_16),
    amd_up("v_cvt_scalef32_f32_bf8", "cdna4.binary32.from_e5m2", byte_8, one_32),
    amd_up("v_cvt_scalef32_f16_bf8", "cdna4.binary16.from_e5m2", byte_8, half_16, keeps_rest),
    amd_down(amd("v_cvt_scalef32_pk_fp4_f32", "gfx950", "cdna4.e2m1", one_32, 2, pair_4, keeps_rest)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk_fp4_f32", "gfx950", "cdna4.e2m1.sr", two_32, 1, pair_4, keeps_rest))),
    amd_up("v_cvt_scalef32_pk_f32_fp4", "cdna4.binary32.from_e2m1", pair_4, two_32),
    amd_down(amd("v_cvt_scalef32_pk_fp4_f16", "gfx950", "cdna4.e2m1.from_binary16", two_16, 1, pair_4, keeps_rest)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk_fp4_f16", "gfx950", "cdna4.e2m1.sr.from_binary16", two_16, 1, pair_4, keeps_rest))),
    amd_up("v_cvt_scalef32_pk_f16_fp4", "cdna4.binary16.from_e2m1", pair_4, two_16),
    amd_down(amd("v_cvt_scalef32_pk_fp4_bf16", "gfx950", "cdna4.e2m1.from_bfloat16", two_16, 1, pair_4, keeps_rest)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk_fp4_bf16", "gfx950", "cdna4.e2m1.sr.from_bfloat16", two_16, 1, pair_4, keeps_rest))),
    amd_up("v_cvt_scalef32_pk_bf16_fp4", "cdna4.bfloat16.from_e2m1", pair_4, two_16),
    amd_down(interleaved(amd("v_cvt_scalef32_2xpk16_fp6_f32", "gfx950", "cdna4.e2m3", sixteen_32, 2, dense_6))),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_fp6_f32", "gfx950", "cdna4.e2m3.sr", thirty_two_32, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_f32_fp6", "cdna4.binary32.from_e2m3", dense_6, thirty_two_32),
    amd_down(amd("v_cvt_scalef32_pk32_fp6_f16", "gfx950", "cdna4.e2m3.from_binary16", thirty_two_16, 1, dense_6)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_fp6_f16", "gfx950", "cdna4.e2m3.sr.from_binary16", thirty_two_16, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_f16_fp6", "cdna4.binary16.from_e2m3", dense_6, thirty_two_16),
    amd_down(amd("v_cvt_scalef32_pk32_fp6_bf16", "gfx950", "cdna4.e2m3.from_bfloat16", thirty_two_16, 1, dense_6)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_fp6_bf16", "gfx950", "cdna4.e2m3.sr.from_bfloat16", thirty_two_16, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_bf16_fp6", "cdna4.bfloat16.from_e2m3", dense_6, thirty_two_16),
    amd_down(interleaved(amd("v_cvt_scalef32_2xpk16_bf6_f32", "gfx950", "cdna4.e3m2", sixteen_32, 2, dense_6))),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_bf6_f32", "gfx950", "cdna4.e3m2.sr", thirty_two_32, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_f32_bf6", "cdna4.binary32.from_e3m2", dense_6, thirty_two_32),
    amd_down(amd("v_cvt_scalef32_pk32_bf6_f16", "gfx950", "cdna4.e3m2.from_binary16", thirty_two_16, 1, dense_6)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_bf6_f16", "gfx950", "cdna4.e3m2.sr.from_binary16", thirty_two_16, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_f16_bf6", "cdna4.binary16.from_e3m2", dense_6, thirty_two_16),
    amd_down(amd("v_cvt_scalef32_pk32_bf6_bf16", "gfx950", "cdna4.e3m2.from_bfloat16", thirty_two_16, 1, dense_6)),
    amd_down(amd_sr(amd("v_cvt_scalef32_sr_pk32_bf6_bf16", "gfx950", "cdna4.e3m2.sr.from_bfloat16", thirty_two_16, 1, dense_6))),
    amd_up("v_cvt_scalef32_pk32_bf16_bf6", "cdna4.bfloat16.from_e3m2", dense_6, thirty_two_16),
    amd_down(amd("v_cvt_scalef32_pk_fp4_f32 AMD emulator", "gfx950", "amd_emulator.e2m1", one_32, 2, pair_4, keeps_rest)),
    amd_down(interleaved(amd("v_cvt_scalef32_2xpk16_fp6_f32 AMD emulator", "gfx950", "amd_emulator.e2m3", sixteen_32, 2, dense_6))),
    amd_down(interleaved(amd("v_cvt_scalef32_2xpk16_bf6_f32 AMD emulator", "gfx950", "amd_emulator.e3m2", sixteen_32, 2, dense_6))),
    // clang-format on
};

/// Functions of amd_hip_ocp_host.hpp.
inline constexpr conversion_instruction host[] = {
    // clang-format off
    mx("__amd_cvt_floatx2_to_fp8x2_scale E4M3 nosat", "hip_ocp.e4m3fn.nosat", two_32, two_8),
    mx("__amd_cvt_floatx2_to_fp8x2_scale E4M3 sat", "hip_ocp.e4m3fn.saturate", two_32, two_8),
    mx("__amd_cvt_floatx2_to_fp8x2_scale E5M2 nosat", "hip_ocp.e5m2.nosat", two_32, two_8),
    mx("__amd_cvt_floatx2_to_fp8x2_scale E5M2 sat", "hip_ocp.e5m2.saturate", two_32, two_8),
    mx("__amd_cvt_floatx2_to_fp4x2_scale", "hip_ocp.e2m1", two_32, two_4),
    mx("__amd_cvt_floatx32_to_fp6x32_scale E2M3", "hip_ocp.e2m3", thirty_two_32, dense_6),
    mx("__amd_cvt_floatx32_to_fp6x32_scale E3M2", "hip_ocp.e3m2", thirty_two_32, dense_6),
    // clang-format on
};

}  // namespace detail::amd_rows

namespace rules {

inline constexpr const auto& amd_instructions = detail::amd_rows::plain;
inline constexpr const auto& amd_scaled_instructions = detail::amd_rows::scaled;
inline constexpr const auto& amd_mx_instructions = detail::amd_rows::host;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INSTRUCTIONS_AMD_HPP
