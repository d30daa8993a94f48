// SPDX-License-Identifier: Apache-2.0
/// \file
/// AMD: the HIP header of 2024, the HIP OCP host header of 2025, CDNA3 and RDNA4 instructions, and
/// AMD's instruction emulator. CDNA4: amd_cdna4.hpp; scales and op_sel: instructions_amd.hpp.
#ifndef LOWP_HARDWARE_AMD_HPP
#define LOWP_HARDWARE_AMD_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// HIP header of 2024. Without clipping, overflow is decided before rounding.
inline constexpr projection hip2024_satfinite{.overflow = saturate, .nan = nan_rule::all_ones};
inline constexpr projection hip2024_nosat{.nan = nan_rule::all_ones,
                                          .overflow_before_rounding = true};
/// In fnuz formats clipping takes NaN for an infinity.
inline constexpr projection hip2024_fnuz_satfinite{.overflow = saturate,
                                                   .nan = nan_rule::max_finite};
inline constexpr projection hip2024_decode{.nan = nan_rule::signalling,
                                           .nan_sign = sign_rule::positive};

/// HIP OCP host header. Its saturating e4m3fn gives NaN all the same.
inline constexpr projection hip_ocp_saturate{.overflow = saturate};
inline constexpr projection hip_ocp_nosat{};
inline constexpr projection hip_ocp_finite{.overflow = saturate, .nan = nan_rule::max_finite};

/// CDNA3 with MODE.FP16_OVFL = 0 and 1, NaN is 80.
inline constexpr projection cdna3_ovfl0{};
inline constexpr projection cdna3_ovfl1{.overflow = saturate};

/// RDNA4: every NaN comes out negative; FP16_OVFL clamps finite values only.
inline constexpr projection rdna4_ovfl0{.nan_sign = sign_rule::negative};
inline constexpr projection rdna4_ovfl1{.overflow = saturate_finite,
                                        .nan_sign = sign_rule::negative};

/// AMD's emulator model of fp4, fp6, bf6.
inline constexpr projection amd_emulator_finite{
    .overflow = saturate, .nan = nan_rule::zero, .nan_sign = sign_rule::positive};

/// The same conversion with N random bits added below the destination's last place: hardware takes
/// the upper bits of the 32-bit operand, the HIP header of 2024 the lower.
LOWP_FN projection amd_stochastic(projection p, int random_bits, random_field field) noexcept {
  p.round = stochastic_a;
  p.random_bits = static_cast<std::uint8_t>(random_bits);
  p.random_from = field;
  return p;
}

}  // namespace policies

namespace rules {

inline constexpr const char* hip2024_header = "ROCm clr f9f995c, amd_hip_fp8.h, cast_to_f8";
inline constexpr const char* hip_ocp_header = "ROCm amd_hip_ocp_host.hpp";
inline constexpr const char* cdna3_source = "AMD emulator, CDNA3";
inline constexpr const char* rdna4_source = "AMD emulator, RX 9070 XT";

inline constexpr rule_origin hip2024_is_satfinite{"HIP 2024 satfinite", "AMD", evidence::run,
                                                  hip2024_header};
inline constexpr rule_origin hip2024_is_nosat{"HIP 2024 nosat", "AMD", evidence::run,
                                              hip2024_header};
inline constexpr rule_origin hip2024_is_sr{"HIP 2024 sr satfinite", "AMD", evidence::run,
                                           hip2024_header};
inline constexpr rule_origin hip2024_is_sr_nosat{"HIP 2024 sr nosat", "AMD", evidence::run,
                                                 hip2024_header};
inline constexpr rule_origin hip2024_is_decode{"HIP 2024 decode", "AMD", evidence::run,
                                               hip2024_header};
inline constexpr rule_origin hip_device_is{"HIP device satfinite", "AMD", evidence::source,
                                           "ROCm amd_hip_fp8.h, device wrapper"};

inline constexpr const char* hip2024_undefined =
    "the library shifts by 64 and more for tiny inputs, which is undefined; the rule gives zero";
inline constexpr const char* hip2024_nan = "NaN becomes max finite";

/// HIP header of 2024 (also in rocBLAS, hipBLASLt, Composable Kernel, vLLM), host path.
inline constexpr conversion_rule hip2024_rules[] = {
    // clang-format off
    {"hip2024.e4m3fn.satfinite", hip2024_is_satfinite, binary32, e4m3fn, policies::hip2024_satfinite, hip2024_undefined},
    {"hip2024.e4m3fn.nosat", hip2024_is_nosat, binary32, e4m3fn, policies::hip2024_nosat, hip2024_undefined},
    {"hip2024.e5m2.satfinite", hip2024_is_satfinite, binary32, e5m2, policies::hip2024_satfinite, hip2024_undefined},
    {"hip2024.e5m2.nosat", hip2024_is_nosat, binary32, e5m2, policies::hip2024_nosat, hip2024_undefined},
    {"hip2024.e4m3fnuz.satfinite", hip2024_is_satfinite, binary32, e4m3fnuz, policies::hip2024_fnuz_satfinite, hip2024_nan},
    {"hip2024.e4m3fnuz.nosat", hip2024_is_nosat, binary32, e4m3fnuz, policies::hip2024_nosat, hip2024_undefined},
    {"hip2024.e5m2fnuz.satfinite", hip2024_is_satfinite, binary32, e5m2fnuz, policies::hip2024_fnuz_satfinite, hip2024_nan},
    {"hip2024.e5m2fnuz.nosat", hip2024_is_nosat, binary32, e5m2fnuz, policies::hip2024_nosat, hip2024_undefined},
    {"hip2024.e4m3fn.sr.satfinite", hip2024_is_sr, binary32, e4m3fn, policies::amd_stochastic(policies::hip2024_satfinite, 20, random_field::low)},
    {"hip2024.e4m3fn.sr.nosat", hip2024_is_sr_nosat, binary32, e4m3fn, policies::amd_stochastic(policies::hip2024_nosat, 20, random_field::low)},
    {"hip2024.e5m2.sr.satfinite", hip2024_is_sr, binary32, e5m2, policies::amd_stochastic(policies::hip2024_satfinite, 21, random_field::low)},
    {"hip2024.e5m2.sr.nosat", hip2024_is_sr_nosat, binary32, e5m2, policies::amd_stochastic(policies::hip2024_nosat, 21, random_field::low)},
    {"hip2024.e4m3fnuz.sr.satfinite", hip2024_is_sr, binary32, e4m3fnuz, policies::amd_stochastic(policies::hip2024_fnuz_satfinite, 20, random_field::low), hip2024_nan},
    {"hip2024.e4m3fnuz.sr.nosat", hip2024_is_sr_nosat, binary32, e4m3fnuz, policies::amd_stochastic(policies::hip2024_nosat, 20, random_field::low)},
    {"hip2024.e5m2fnuz.sr.satfinite", hip2024_is_sr, binary32, e5m2fnuz, policies::amd_stochastic(policies::hip2024_fnuz_satfinite, 21, random_field::low), hip2024_nan},
    {"hip2024.e5m2fnuz.sr.nosat", hip2024_is_sr_nosat, binary32, e5m2fnuz, policies::amd_stochastic(policies::hip2024_nosat, 21, random_field::low)},
    {"hip2024.binary32.from_e4m3fn", hip2024_is_decode, e4m3fn, binary32, policies::hip2024_decode},
    {"hip2024.binary32.from_e5m2", hip2024_is_decode, e5m2, binary32, policies::hip2024_decode},
    {"hip2024.binary32.from_e4m3fnuz", hip2024_is_decode, e4m3fnuz, binary32, policies::hip2024_decode},
    {"hip2024.binary32.from_e5m2fnuz", hip2024_is_decode, e5m2fnuz, binary32, policies::hip2024_decode},
    {"hip2024.binary16.from_e4m3fn", hip2024_is_decode, e4m3fn, binary16, policies::hip2024_decode},
    {"hip2024.binary16.from_e5m2", hip2024_is_decode, e5m2, binary16, policies::hip2024_decode},
    {"hip2024.binary16.from_e4m3fnuz", hip2024_is_decode, e4m3fnuz, binary16, policies::hip2024_decode},
    {"hip2024.binary16.from_e5m2fnuz", hip2024_is_decode, e5m2fnuz, binary16, policies::hip2024_decode},
    {"hip_device.e4m3fnuz.satfinite", hip_device_is, binary32, e4m3fnuz, {.overflow = saturate_finite}, "clamps finite values before the instruction, not infinities"},
    {"hip_device.e5m2fnuz.satfinite", hip_device_is, binary32, e5m2fnuz, {.overflow = saturate_finite}, "clamps finite values before the instruction, not infinities"},
    // clang-format on
};

inline constexpr rule_origin hip_ocp_is_sat{"HIP OCP saturate", "AMD", evidence::transcribed,
                                            hip_ocp_header};
inline constexpr rule_origin hip_ocp_is_nosat{"HIP OCP nosat", "AMD", evidence::transcribed,
                                              hip_ocp_header};
inline constexpr rule_origin hip_ocp_is_sr{"HIP OCP sr saturate", "AMD", evidence::source,
                                           hip_ocp_header};
inline constexpr rule_origin hip_ocp_is_sr_nosat{"HIP OCP sr nosat", "AMD", evidence::source,
                                                 hip_ocp_header};

inline constexpr const char* hip_ocp_quirk = "gives NaN on overflow although asked to saturate";

/// HIP OCP host header of 2025, scale 0. Stochastic: as many random bits as are discarded from a
/// normal result, the upper ones of the seed.
inline constexpr conversion_rule hip_ocp_rules[] = {
    // clang-format off
    {"hip_ocp.e4m3fn.saturate", hip_ocp_is_sat, binary32, e4m3fn, policies::hip_ocp_nosat, hip_ocp_quirk},
    {"hip_ocp.e4m3fn.nosat", hip_ocp_is_nosat, binary32, e4m3fn, policies::hip_ocp_nosat},
    {"hip_ocp.e5m2.saturate", hip_ocp_is_sat, binary32, e5m2, policies::hip_ocp_saturate},
    {"hip_ocp.e5m2.nosat", hip_ocp_is_nosat, binary32, e5m2, policies::hip_ocp_nosat},
    {"hip_ocp.e2m3", hip_ocp_is_sat, binary32, e2m3, policies::hip_ocp_finite},
    {"hip_ocp.e3m2", hip_ocp_is_sat, binary32, e3m2, policies::hip_ocp_finite},
    {"hip_ocp.e2m1", hip_ocp_is_sat, binary32, e2m1, policies::hip_ocp_finite},
    {"hip_ocp.e4m3fn.sr.saturate", hip_ocp_is_sr, binary32, e4m3fn, policies::amd_stochastic(policies::hip_ocp_nosat, 20, random_field::high), hip_ocp_quirk},
    {"hip_ocp.e4m3fn.sr.nosat", hip_ocp_is_sr_nosat, binary32, e4m3fn, policies::amd_stochastic(policies::hip_ocp_nosat, 20, random_field::high)},
    {"hip_ocp.e5m2.sr.saturate", hip_ocp_is_sr, binary32, e5m2, policies::amd_stochastic(policies::hip_ocp_saturate, 21, random_field::high)},
    {"hip_ocp.e5m2.sr.nosat", hip_ocp_is_sr_nosat, binary32, e5m2, policies::amd_stochastic(policies::hip_ocp_nosat, 21, random_field::high)},
    {"hip_ocp.e2m3.sr", hip_ocp_is_sr, binary32, e2m3, policies::amd_stochastic(policies::hip_ocp_finite, 20, random_field::high)},
    {"hip_ocp.e3m2.sr", hip_ocp_is_sr, binary32, e3m2, policies::amd_stochastic(policies::hip_ocp_finite, 21, random_field::high)},
    {"hip_ocp.e2m1.sr", hip_ocp_is_sr, binary32, e2m1, policies::amd_stochastic(policies::hip_ocp_finite, 22, random_field::high)},
    {"hip_ocp.e4m3fn.sr.nosat.from_binary16", hip_ocp_is_sr_nosat, binary16, e4m3fn, policies::amd_stochastic(policies::hip_ocp_nosat, 7, random_field::high)},
    {"hip_ocp.e4m3fn.sr.nosat.from_bfloat16", hip_ocp_is_sr_nosat, bfloat16, e4m3fn, policies::amd_stochastic(policies::hip_ocp_nosat, 4, random_field::high)},
    {"hip_ocp.e5m2.sr.nosat.from_binary16", hip_ocp_is_sr_nosat, binary16, e5m2, policies::amd_stochastic(policies::hip_ocp_nosat, 8, random_field::high)},
    {"hip_ocp.e5m2.sr.nosat.from_bfloat16", hip_ocp_is_sr_nosat, bfloat16, e5m2, policies::amd_stochastic(policies::hip_ocp_nosat, 5, random_field::high)},
    {"hip_ocp.e5m2.sr.saturate.from_binary16", hip_ocp_is_sr, binary16, e5m2, policies::amd_stochastic(policies::hip_ocp_saturate, 8, random_field::high)},
    {"hip_ocp.e5m2.sr.saturate.from_bfloat16", hip_ocp_is_sr, bfloat16, e5m2, policies::amd_stochastic(policies::hip_ocp_saturate, 5, random_field::high)},
    // clang-format on
};

inline constexpr rule_origin cdna3_is_ovfl0{"CDNA3 FP16_OVFL=0", "AMD", evidence::source,
                                            cdna3_source};
inline constexpr rule_origin cdna3_is_ovfl1{"CDNA3 FP16_OVFL=1", "AMD", evidence::source,
                                            cdna3_source};
inline constexpr rule_origin cdna3_is_sr_ovfl0{"CDNA3 sr FP16_OVFL=0", "AMD", evidence::source,
                                               cdna3_source};
inline constexpr rule_origin cdna3_is_sr_ovfl1{"CDNA3 sr FP16_OVFL=1", "AMD", evidence::source,
                                               cdna3_source};
inline constexpr rule_origin cdna3_is_decode{"CDNA3 decode", "AMD", evidence::source, cdna3_source};
inline constexpr rule_origin rdna4_is_ovfl0{"RDNA4 FP16_OVFL=0", "AMD", evidence::measured,
                                            rdna4_source};
inline constexpr rule_origin rdna4_is_ovfl1{"RDNA4 FP16_OVFL=1", "AMD", evidence::measured,
                                            rdna4_source};
inline constexpr rule_origin rdna4_is_sr_ovfl0{"RDNA4 sr FP16_OVFL=0", "AMD", evidence::source,
                                               rdna4_source};
inline constexpr rule_origin rdna4_is_sr_ovfl1{"RDNA4 sr FP16_OVFL=1", "AMD", evidence::source,
                                               rdna4_source};
inline constexpr rule_origin rdna4_is_decode{"RDNA4 decode", "AMD", evidence::measured,
                                             rdna4_source};
inline constexpr rule_origin amd_emulator_is{"AMD emulator", "AMD", evidence::source,
                                             "AMD instruction emulator"};

/// v_cvt_pk_{fp8,bf8}_f32 and v_cvt_sr_{fp8,bf8}_f32 (gfx940/942: fnuz; gfx1201: OCP). Input
/// denormal flush of MODE changes nothing: those inputs give zero anyway.
inline constexpr conversion_rule amd_instruction_rules[] = {
    // clang-format off
    {"cdna3.e4m3fnuz.ovfl0", cdna3_is_ovfl0, binary32, e4m3fnuz, policies::cdna3_ovfl0, "v_cvt_pk_fp8_f32"},
    {"cdna3.e4m3fnuz.ovfl1", cdna3_is_ovfl1, binary32, e4m3fnuz, policies::cdna3_ovfl1, "v_cvt_pk_fp8_f32"},
    {"cdna3.e5m2fnuz.ovfl0", cdna3_is_ovfl0, binary32, e5m2fnuz, policies::cdna3_ovfl0, "v_cvt_pk_bf8_f32"},
    {"cdna3.e5m2fnuz.ovfl1", cdna3_is_ovfl1, binary32, e5m2fnuz, policies::cdna3_ovfl1, "v_cvt_pk_bf8_f32"},
    {"cdna3.e4m3fnuz.sr.ovfl0", cdna3_is_sr_ovfl0, binary32, e4m3fnuz, policies::amd_stochastic(policies::cdna3_ovfl0, 20, random_field::high), "v_cvt_sr_fp8_f32"},
    {"cdna3.e4m3fnuz.sr.ovfl1", cdna3_is_sr_ovfl1, binary32, e4m3fnuz, policies::amd_stochastic(policies::cdna3_ovfl1, 20, random_field::high), "v_cvt_sr_fp8_f32"},
    {"cdna3.e5m2fnuz.sr.ovfl0", cdna3_is_sr_ovfl0, binary32, e5m2fnuz, policies::amd_stochastic(policies::cdna3_ovfl0, 21, random_field::high), "v_cvt_sr_bf8_f32"},
    {"cdna3.e5m2fnuz.sr.ovfl1", cdna3_is_sr_ovfl1, binary32, e5m2fnuz, policies::amd_stochastic(policies::cdna3_ovfl1, 21, random_field::high), "v_cvt_sr_bf8_f32"},
    {"cdna3.binary32.from_e4m3fnuz", cdna3_is_decode, e4m3fnuz, binary32, policies::rdna4_ovfl0},
    {"cdna3.binary32.from_e5m2fnuz", cdna3_is_decode, e5m2fnuz, binary32, policies::rdna4_ovfl0},
    {"rdna4.e4m3fn.ovfl0", rdna4_is_ovfl0, binary32, e4m3fn, policies::rdna4_ovfl0, "v_cvt_pk_fp8_f32"},
    {"rdna4.e4m3fn.ovfl1", rdna4_is_ovfl1, binary32, e4m3fn, policies::rdna4_ovfl1, "v_cvt_pk_fp8_f32"},
    {"rdna4.e5m2.ovfl0", rdna4_is_ovfl0, binary32, e5m2, policies::rdna4_ovfl0, "v_cvt_pk_bf8_f32"},
    {"rdna4.e5m2.ovfl1", rdna4_is_ovfl1, binary32, e5m2, policies::rdna4_ovfl1, "v_cvt_pk_bf8_f32"},
    {"rdna4.e4m3fn.sr.ovfl0", rdna4_is_sr_ovfl0, binary32, e4m3fn, policies::amd_stochastic(policies::rdna4_ovfl0, 20, random_field::high), "v_cvt_sr_fp8_f32"},
    {"rdna4.e4m3fn.sr.ovfl1", rdna4_is_sr_ovfl1, binary32, e4m3fn, policies::amd_stochastic(policies::rdna4_ovfl1, 20, random_field::high), "v_cvt_sr_fp8_f32"},
    {"rdna4.e5m2.sr.ovfl0", rdna4_is_sr_ovfl0, binary32, e5m2, policies::amd_stochastic(policies::rdna4_ovfl0, 21, random_field::high), "v_cvt_sr_bf8_f32"},
    {"rdna4.e5m2.sr.ovfl1", rdna4_is_sr_ovfl1, binary32, e5m2, policies::amd_stochastic(policies::rdna4_ovfl1, 21, random_field::high), "v_cvt_sr_bf8_f32"},
    {"rdna4.binary32.from_e4m3fn", rdna4_is_decode, e4m3fn, binary32, policies::rdna4_ovfl0},
    {"rdna4.binary32.from_e5m2", rdna4_is_decode, e5m2, binary32, policies::rdna4_ovfl0},
    {"amd_emulator.e2m3", amd_emulator_is, binary32, e2m3, policies::amd_emulator_finite, "NaN: 0 here, max finite in HIP's host code; unresolved"},
    {"amd_emulator.e3m2", amd_emulator_is, binary32, e3m2, policies::amd_emulator_finite, "NaN: 0 here, max finite in HIP's host code; unresolved"},
    {"amd_emulator.e2m1", amd_emulator_is, binary32, e2m1, policies::amd_emulator_finite, "NaN: 0 here, max finite in HIP's host code; unresolved"},
    {"amd_emulator.binary16.sr", amd_emulator_is, binary32, binary16, policies::amd_stochastic({.nan = nan_rule::all_ones}, 13, random_field::high)},
    {"amd_emulator.bfloat16.sr", amd_emulator_is, binary32, bfloat16, policies::amd_stochastic({.nan = nan_rule::all_ones}, 16, random_field::high)},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_AMD_HPP
