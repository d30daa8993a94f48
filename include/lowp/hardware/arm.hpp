// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arm FEAT_FP8, FEAT_BF16. FPMR.OSC chooses what overflow and infinity give, FPCR.AH the sign of
/// the default NaN. Scales (NSCALE, LSCALE) are 0 here. Rounding and flushing controls of FPCR do
/// not count.
#ifndef LOWP_HARDWARE_ARM_HPP
#define LOWP_HARDWARE_ARM_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

inline constexpr projection arm_osc0{.nan_sign = sign_rule::positive};
inline constexpr projection arm_osc1{.overflow = saturate, .nan_sign = sign_rule::positive};
inline constexpr projection arm_osc0_ah{.nan_sign = sign_rule::negative};
inline constexpr projection arm_osc1_ah{.overflow = saturate, .nan_sign = sign_rule::negative};

/// BFCVT: FPCR.RMode rounds, NaN is quieted with sign and payload (FPCR.DN = 0).
LOWP_FN projection arm_bf16(rounding round) noexcept {
  return {.round = round, .nan = nan_rule::payload};
}

}  // namespace policies

namespace rules {

inline constexpr const char* arm_text = "Arm ARM A1.5.5, FPMR";

inline constexpr rule_origin arm_is_osc0{"Arm OSC=0", "Arm", evidence::source, arm_text};
inline constexpr rule_origin arm_is_osc0_ah{"Arm OSC=0 AH", "Arm", evidence::source, arm_text};
inline constexpr rule_origin arm_is_osc1{"Arm OSC=1", "Arm", evidence::source, arm_text};
inline constexpr rule_origin arm_is_osc1_ah{"Arm OSC=1 AH", "Arm", evidence::source, arm_text};
inline constexpr rule_origin arm_is_decode{"Arm decode", "Arm", evidence::source, arm_text};
inline constexpr rule_origin arm_is_decode_ah{"Arm decode AH", "Arm", evidence::source, arm_text};

inline constexpr const char* arm_bf16_text = "Arm ARM, FPConvertBF";
inline constexpr rule_origin arm_bf16_is_rn{"Arm BF16 rn", "Arm", evidence::source, arm_bf16_text};
inline constexpr rule_origin arm_bf16_is_rp{"Arm BF16 rp", "Arm", evidence::source, arm_bf16_text};
inline constexpr rule_origin arm_bf16_is_rm{"Arm BF16 rm", "Arm", evidence::source, arm_bf16_text};
inline constexpr rule_origin arm_bf16_is_rz{"Arm BF16 rz", "Arm", evidence::source, arm_bf16_text};

/// FCVTN, FCVTN2 (binary32, binary16), BFCVTN (bfloat16), F1CVT* and F2CVT*, BF1CVT* and BF2CVT*.
inline constexpr conversion_rule arm_rules[] = {
    // clang-format off
    {"arm.e4m3fn.osc0", arm_is_osc0, binary32, e4m3fn, policies::arm_osc0},
    {"arm.e4m3fn.osc0.from_binary16", arm_is_osc0, binary16, e4m3fn, policies::arm_osc0},
    {"arm.e4m3fn.osc0.from_bfloat16", arm_is_osc0, bfloat16, e4m3fn, policies::arm_osc0},
    {"arm.e4m3fn.osc0.ah", arm_is_osc0_ah, binary32, e4m3fn, policies::arm_osc0_ah},
    {"arm.e4m3fn.osc0.ah.from_binary16", arm_is_osc0_ah, binary16, e4m3fn, policies::arm_osc0_ah},
    {"arm.e4m3fn.osc0.ah.from_bfloat16", arm_is_osc0_ah, bfloat16, e4m3fn, policies::arm_osc0_ah},
    {"arm.e4m3fn.osc1", arm_is_osc1, binary32, e4m3fn, policies::arm_osc1},
    {"arm.e4m3fn.osc1.from_binary16", arm_is_osc1, binary16, e4m3fn, policies::arm_osc1},
    {"arm.e4m3fn.osc1.from_bfloat16", arm_is_osc1, bfloat16, e4m3fn, policies::arm_osc1},
    {"arm.e4m3fn.osc1.ah", arm_is_osc1_ah, binary32, e4m3fn, policies::arm_osc1_ah},
    {"arm.e4m3fn.osc1.ah.from_binary16", arm_is_osc1_ah, binary16, e4m3fn, policies::arm_osc1_ah},
    {"arm.e4m3fn.osc1.ah.from_bfloat16", arm_is_osc1_ah, bfloat16, e4m3fn, policies::arm_osc1_ah},
    {"arm.e5m2.osc0", arm_is_osc0, binary32, e5m2, policies::arm_osc0},
    {"arm.e5m2.osc0.from_binary16", arm_is_osc0, binary16, e5m2, policies::arm_osc0},
    {"arm.e5m2.osc0.from_bfloat16", arm_is_osc0, bfloat16, e5m2, policies::arm_osc0},
    {"arm.e5m2.osc0.ah", arm_is_osc0_ah, binary32, e5m2, policies::arm_osc0_ah},
    {"arm.e5m2.osc0.ah.from_binary16", arm_is_osc0_ah, binary16, e5m2, policies::arm_osc0_ah},
    {"arm.e5m2.osc0.ah.from_bfloat16", arm_is_osc0_ah, bfloat16, e5m2, policies::arm_osc0_ah},
    {"arm.e5m2.osc1", arm_is_osc1, binary32, e5m2, policies::arm_osc1},
    {"arm.e5m2.osc1.from_binary16", arm_is_osc1, binary16, e5m2, policies::arm_osc1},
    {"arm.e5m2.osc1.from_bfloat16", arm_is_osc1, bfloat16, e5m2, policies::arm_osc1},
    {"arm.e5m2.osc1.ah", arm_is_osc1_ah, binary32, e5m2, policies::arm_osc1_ah},
    {"arm.e5m2.osc1.ah.from_binary16", arm_is_osc1_ah, binary16, e5m2, policies::arm_osc1_ah},
    {"arm.e5m2.osc1.ah.from_bfloat16", arm_is_osc1_ah, bfloat16, e5m2, policies::arm_osc1_ah},
    {"arm.bfloat16.rn", arm_bf16_is_rn, binary32, bfloat16, policies::arm_bf16(to_nearest_even), "BFCVT"},
    {"arm.bfloat16.rp", arm_bf16_is_rp, binary32, bfloat16, policies::arm_bf16(toward_positive), "BFCVT"},
    {"arm.bfloat16.rm", arm_bf16_is_rm, binary32, bfloat16, policies::arm_bf16(toward_negative), "BFCVT"},
    {"arm.bfloat16.rz", arm_bf16_is_rz, binary32, bfloat16, policies::arm_bf16(toward_zero), "BFCVT"},
    {"arm.binary16.from_e4m3fn", arm_is_decode, e4m3fn, binary16, policies::arm_osc0},
    {"arm.binary16.ah.from_e4m3fn", arm_is_decode_ah, e4m3fn, binary16, policies::arm_osc0_ah},
    {"arm.binary16.from_e5m2", arm_is_decode, e5m2, binary16, policies::arm_osc0},
    {"arm.binary16.ah.from_e5m2", arm_is_decode_ah, e5m2, binary16, policies::arm_osc0_ah},
    {"arm.bfloat16.from_e4m3fn", arm_is_decode, e4m3fn, bfloat16, policies::arm_osc0},
    {"arm.bfloat16.ah.from_e4m3fn", arm_is_decode_ah, e4m3fn, bfloat16, policies::arm_osc0_ah},
    {"arm.bfloat16.from_e5m2", arm_is_decode, e5m2, bfloat16, policies::arm_osc0},
    {"arm.bfloat16.ah.from_e5m2", arm_is_decode_ah, e5m2, bfloat16, policies::arm_osc0_ah},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_ARM_HPP
