// SPDX-License-Identifier: Apache-2.0
/// \file
/// AMD CDNA4 (gfx950): v_cvt_*, v_cvt_scalef32_* at scale 1. That these round to nearest even,
/// divide and multiply by the power of two, and where the elements stand is documented or was
/// measured; NaN, infinities and FP16_OVFL follow AMD's host header and the texts of its other
/// processors.
#ifndef LOWP_HARDWARE_AMD_CDNA4_HPP
#define LOWP_HARDWARE_AMD_CDNA4_HPP

#include "amd.hpp"
#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// MODE.FP16_OVFL = 0 and 1: "clamped, while still preserving true infinities".
inline constexpr projection cdna4_ovfl0{};
inline constexpr projection cdna4_ovfl1{.overflow = saturate_finite};
inline constexpr projection cdna4_16{.nan = nan_rule::payload};
inline constexpr projection cdna4_shift{.nan = nan_rule::payload_raw};
inline constexpr projection gcn_rz{.round = toward_zero, .nan = nan_rule::payload};

/// As many random bits as a normal result discards, the upper ones of the operand.
LOWP_FN projection cdna4_stochastic(projection p, format from, format to) noexcept {
  return amd_stochastic(p, trailing_bits(from) - trailing_bits(to), random_field::high);
}

}  // namespace policies

namespace rules {

inline constexpr const char* cdna4_text = "AMD CDNA4 ISA; ROCm amd_hip_ocp_host.hpp";
inline constexpr const char* cdna4_nan =
    "NaN: max finite as in HIP's host code; AMD's emulator has 0";

inline constexpr rule_origin cdna4_is_ovfl0{"CDNA4 FP16_OVFL=0", "AMD", evidence::inferred,
                                            cdna4_text};
inline constexpr rule_origin cdna4_is_ovfl1{"CDNA4 FP16_OVFL=1", "AMD", evidence::inferred,
                                            cdna4_text};
inline constexpr rule_origin cdna4_is_sr_ovfl0{"CDNA4 sr FP16_OVFL=0", "AMD", evidence::inferred,
                                               cdna4_text};
inline constexpr rule_origin cdna4_is_sr_ovfl1{"CDNA4 sr FP16_OVFL=1", "AMD", evidence::inferred,
                                               cdna4_text};
inline constexpr rule_origin cdna4_is{"CDNA4", "AMD", evidence::inferred, cdna4_text};
inline constexpr rule_origin cdna4_is_sr{"CDNA4 sr", "AMD", evidence::inferred, cdna4_text};
inline constexpr rule_origin cdna4_is_widening{"CDNA4 widening", "AMD", evidence::inferred,
                                               cdna4_text};
inline constexpr rule_origin cdna4_is_16{"CDNA4 16 bits", "AMD", evidence::inferred, cdna4_text};
inline constexpr rule_origin gcn_is{"GCN rz", "AMD", evidence::source, "AMD ISA, v_cvt_pkrtz"};

/// Conversions of gfx950 and older ones that it has.
inline constexpr conversion_rule cdna4_rules[] = {
    // clang-format off
    {"cdna4.e4m3fn.ovfl0", cdna4_is_ovfl0, binary32, e4m3fn, policies::cdna4_ovfl0},
    {"cdna4.e4m3fn.ovfl1", cdna4_is_ovfl1, binary32, e4m3fn, policies::cdna4_ovfl1},
    {"cdna4.e4m3fn.sr.ovfl0", cdna4_is_sr_ovfl0, binary32, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl0, binary32, e4m3fn)},
    {"cdna4.e4m3fn.sr.ovfl1", cdna4_is_sr_ovfl1, binary32, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl1, binary32, e4m3fn)},
    {"cdna4.e4m3fn.ovfl0.from_binary16", cdna4_is_ovfl0, binary16, e4m3fn, policies::cdna4_ovfl0},
    {"cdna4.e4m3fn.ovfl1.from_binary16", cdna4_is_ovfl1, binary16, e4m3fn, policies::cdna4_ovfl1},
    {"cdna4.e4m3fn.sr.ovfl0.from_binary16", cdna4_is_sr_ovfl0, binary16, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl0, binary16, e4m3fn)},
    {"cdna4.e4m3fn.sr.ovfl1.from_binary16", cdna4_is_sr_ovfl1, binary16, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl1, binary16, e4m3fn)},
    {"cdna4.e4m3fn.ovfl0.from_bfloat16", cdna4_is_ovfl0, bfloat16, e4m3fn, policies::cdna4_ovfl0},
    {"cdna4.e4m3fn.ovfl1.from_bfloat16", cdna4_is_ovfl1, bfloat16, e4m3fn, policies::cdna4_ovfl1},
    {"cdna4.e4m3fn.sr.ovfl0.from_bfloat16", cdna4_is_sr_ovfl0, bfloat16, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl0, bfloat16, e4m3fn)},
    {"cdna4.e4m3fn.sr.ovfl1.from_bfloat16", cdna4_is_sr_ovfl1, bfloat16, e4m3fn, policies::cdna4_stochastic(policies::cdna4_ovfl1, bfloat16, e4m3fn)},
    {"cdna4.e5m2.ovfl0", cdna4_is_ovfl0, binary32, e5m2, policies::cdna4_ovfl0},
    {"cdna4.e5m2.ovfl1", cdna4_is_ovfl1, binary32, e5m2, policies::cdna4_ovfl1},
    {"cdna4.e5m2.sr.ovfl0", cdna4_is_sr_ovfl0, binary32, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl0, binary32, e5m2)},
    {"cdna4.e5m2.sr.ovfl1", cdna4_is_sr_ovfl1, binary32, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl1, binary32, e5m2)},
    {"cdna4.e5m2.ovfl0.from_binary16", cdna4_is_ovfl0, binary16, e5m2, policies::cdna4_ovfl0},
    {"cdna4.e5m2.ovfl1.from_binary16", cdna4_is_ovfl1, binary16, e5m2, policies::cdna4_ovfl1},
    {"cdna4.e5m2.sr.ovfl0.from_binary16", cdna4_is_sr_ovfl0, binary16, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl0, binary16, e5m2)},
    {"cdna4.e5m2.sr.ovfl1.from_binary16", cdna4_is_sr_ovfl1, binary16, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl1, binary16, e5m2)},
    {"cdna4.e5m2.ovfl0.from_bfloat16", cdna4_is_ovfl0, bfloat16, e5m2, policies::cdna4_ovfl0},
    {"cdna4.e5m2.ovfl1.from_bfloat16", cdna4_is_ovfl1, bfloat16, e5m2, policies::cdna4_ovfl1},
    {"cdna4.e5m2.sr.ovfl0.from_bfloat16", cdna4_is_sr_ovfl0, bfloat16, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl0, bfloat16, e5m2)},
    {"cdna4.e5m2.sr.ovfl1.from_bfloat16", cdna4_is_sr_ovfl1, bfloat16, e5m2, policies::cdna4_stochastic(policies::cdna4_ovfl1, bfloat16, e5m2)},
    {"cdna4.e2m3", cdna4_is, binary32, e2m3, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m3.sr", cdna4_is_sr, binary32, e2m3, policies::cdna4_stochastic(policies::hip_ocp_finite, binary32, e2m3), cdna4_nan},
    {"cdna4.e2m3.from_binary16", cdna4_is, binary16, e2m3, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m3.sr.from_binary16", cdna4_is_sr, binary16, e2m3, policies::cdna4_stochastic(policies::hip_ocp_finite, binary16, e2m3), cdna4_nan},
    {"cdna4.e2m3.from_bfloat16", cdna4_is, bfloat16, e2m3, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m3.sr.from_bfloat16", cdna4_is_sr, bfloat16, e2m3, policies::cdna4_stochastic(policies::hip_ocp_finite, bfloat16, e2m3), cdna4_nan},
    {"cdna4.e3m2", cdna4_is, binary32, e3m2, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e3m2.sr", cdna4_is_sr, binary32, e3m2, policies::cdna4_stochastic(policies::hip_ocp_finite, binary32, e3m2), cdna4_nan},
    {"cdna4.e3m2.from_binary16", cdna4_is, binary16, e3m2, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e3m2.sr.from_binary16", cdna4_is_sr, binary16, e3m2, policies::cdna4_stochastic(policies::hip_ocp_finite, binary16, e3m2), cdna4_nan},
    {"cdna4.e3m2.from_bfloat16", cdna4_is, bfloat16, e3m2, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e3m2.sr.from_bfloat16", cdna4_is_sr, bfloat16, e3m2, policies::cdna4_stochastic(policies::hip_ocp_finite, bfloat16, e3m2), cdna4_nan},
    {"cdna4.e2m1", cdna4_is, binary32, e2m1, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m1.sr", cdna4_is_sr, binary32, e2m1, policies::cdna4_stochastic(policies::hip_ocp_finite, binary32, e2m1), cdna4_nan},
    {"cdna4.e2m1.from_binary16", cdna4_is, binary16, e2m1, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m1.sr.from_binary16", cdna4_is_sr, binary16, e2m1, policies::cdna4_stochastic(policies::hip_ocp_finite, binary16, e2m1), cdna4_nan},
    {"cdna4.e2m1.from_bfloat16", cdna4_is, bfloat16, e2m1, policies::hip_ocp_finite, cdna4_nan},
    {"cdna4.e2m1.sr.from_bfloat16", cdna4_is_sr, bfloat16, e2m1, policies::cdna4_stochastic(policies::hip_ocp_finite, bfloat16, e2m1), cdna4_nan},
    {"cdna4.binary32.from_e4m3fn", cdna4_is_widening, e4m3fn, binary32, policies::cdna4_ovfl0},
    {"cdna4.binary32.from_e5m2", cdna4_is_widening, e5m2, binary32, policies::cdna4_ovfl0},
    {"cdna4.binary32.from_e2m3", cdna4_is_widening, e2m3, binary32, policies::cdna4_ovfl0},
    {"cdna4.binary32.from_e3m2", cdna4_is_widening, e3m2, binary32, policies::cdna4_ovfl0},
    {"cdna4.binary32.from_e2m1", cdna4_is_widening, e2m1, binary32, policies::cdna4_ovfl0},
    {"cdna4.binary16.from_e4m3fn", cdna4_is_widening, e4m3fn, binary16, policies::cdna4_ovfl0},
    {"cdna4.binary16.from_e5m2", cdna4_is_widening, e5m2, binary16, policies::cdna4_ovfl0},
    {"cdna4.binary16.from_e2m3", cdna4_is_widening, e2m3, binary16, policies::cdna4_ovfl0},
    {"cdna4.binary16.from_e3m2", cdna4_is_widening, e3m2, binary16, policies::cdna4_ovfl0},
    {"cdna4.binary16.from_e2m1", cdna4_is_widening, e2m1, binary16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16.from_e4m3fn", cdna4_is_widening, e4m3fn, bfloat16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16.from_e5m2", cdna4_is_widening, e5m2, bfloat16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16.from_e2m3", cdna4_is_widening, e2m3, bfloat16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16.from_e3m2", cdna4_is_widening, e3m2, bfloat16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16.from_e2m1", cdna4_is_widening, e2m1, bfloat16, policies::cdna4_ovfl0},
    {"cdna4.bfloat16", cdna4_is_16, binary32, bfloat16, policies::cdna4_16, "v_cvt_pk_bf16_f32"},
    {"cdna4.binary16", cdna4_is_16, binary32, binary16, policies::cdna4_16, "v_cvt_pk_f16_f32, MODE.round = 0"},
    {"cdna4.binary32.from_bfloat16", cdna4_is_16, bfloat16, binary32, policies::cdna4_shift, "v_cvt_f32_bf16"},
    {"gcn.binary16.rz", gcn_is, binary32, binary16, policies::gcn_rz, "v_cvt_pkrtz_f16_f32"},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_AMD_CDNA4_HPP
