// SPDX-License-Identifier: Apache-2.0
/// \file
/// Libraries that define their own conversions: ml_dtypes, PyTorch, ONNX, oneDNN, Eigen, Universal,
/// gfloat. Left out: integer casts that wrap (ml_dtypes, ONNX), ggml UE4M3 (overflows at 256
/// instead of 480 and decodes to half the value), NumPy (no executed evidence), ml_dtypes e8m0 from
/// double (values in [1.5 * 2^128, 2^129) wrap to code 00 in version 0.6.0).
#ifndef LOWP_HARDWARE_SOFTWARE_HPP
#define LOWP_HARDWARE_SOFTWARE_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// ml_dtypes: `saturating` is kSaturate and clamps finite values only; `truncate` is kTruncate,
/// which overflows on the truncated value.
inline constexpr projection ml_dtypes_default{};
inline constexpr projection ml_dtypes_saturating{.overflow = saturate_finite};
inline constexpr projection ml_dtypes_truncate{.round = toward_zero, .overflow = infinite};
inline constexpr projection ml_dtypes_truncate_saturating{.round = toward_zero,
                                                          .overflow = saturate_finite};
/// fp6 and fp4, where -NaN is spelled as the negative of -0.
inline constexpr projection ml_dtypes_finite{.nan = nan_rule::zero, .nan_sign = sign_rule::flip};
inline constexpr projection ml_dtypes_finite_truncate{
    .round = toward_zero, .nan = nan_rule::zero, .nan_sign = sign_rule::flip};
/// From a format with e5m2's exponent field NaN is cut to the upper byte.
inline constexpr projection ml_dtypes_payload{.nan = nan_rule::payload};
inline constexpr projection ml_dtypes_payload_saturating{.overflow = saturate_finite,
                                                         .nan = nan_rule::payload};
inline constexpr projection ml_dtypes_e8m0{.round = to_nearest_away,
                                           .negative = negative_rule::nan,
                                           .no_zero = no_zero_rule::nan,
                                           .subnormal_input = subnormal_input_rule::half_down};
inline constexpr projection ml_dtypes_e8m0_saturating{
    .round = to_nearest_away,
    .overflow = saturate_finite,
    .negative = negative_rule::clamp_finite,
    .subnormal_input = subnormal_input_rule::half_down};
inline constexpr projection ml_dtypes_e8m0_truncate{.round = toward_zero,
                                                    .overflow = infinite,
                                                    .negative = negative_rule::nan,
                                                    .no_zero = no_zero_rule::nan};
inline constexpr projection ml_dtypes_e8m0_truncate_saturating{
    .round = toward_zero, .overflow = saturate_finite, .negative = negative_rule::clamp_finite};
/// binary32 with a sticky last bit: loses nothing for the nearest power of two.
inline constexpr projection ml_dtypes_sticky{.round = to_odd};
inline constexpr projection ml_dtypes_fnuz_decode{.nan_sign = sign_rule::negative};

inline constexpr projection pytorch{.nan = nan_rule::all_ones};
inline constexpr projection pytorch_e8m0{.round = to_nearest_away,
                                         .negative = negative_rule::magnitude,
                                         .subnormal_input = subnormal_input_rule::half_down};
inline constexpr projection pytorch_decode{.nan = nan_rule::payload};
inline constexpr projection pytorch_signalling_decode{.nan = nan_rule::signalling,
                                                      .nan_sign = sign_rule::positive};

/// ONNX Cast. Its fnuz rows keep infinity a NaN when saturating; the reference code clips it.
inline constexpr projection onnx_saturate{.overflow = saturate};
inline constexpr projection onnx_saturate_finite{.overflow = saturate_finite};
inline constexpr projection onnx_nosat{};
/// E8M0 `round_mode`: up adds one for every fraction, and for every subnormal.
LOWP_FN projection onnx_e8m0(rounding round, overflow_rule overflow,
                             subnormal_input_rule subnormals) noexcept {
  return {.round = round,
          .overflow = overflow,
          .negative = negative_rule::magnitude,
          .subnormal_input = subnormals};
}

/// oneDNN: fp8 through binary16 (two roundings); e2m1 and e3m0 by nearest table entry.
inline constexpr projection onednn{.nan = nan_rule::payload};
inline constexpr projection onednn_e8m0{.round = toward_zero, .negative = negative_rule::magnitude};
inline constexpr projection onednn_e2m1{.overflow = saturate_finite,
                                        .no_infinity = no_infinity_rule::zero,
                                        .no_infinity_sign = sign_rule::positive,
                                        .nan = nan_rule::zero,
                                        .nan_sign = sign_rule::positive};
inline constexpr projection onednn_e3m0{.overflow = saturate_finite,
                                        .no_infinity = no_infinity_rule::max_finite,
                                        .no_infinity_sign = sign_rule::positive,
                                        .nan = nan_rule::max_finite,
                                        .nan_sign = sign_rule::positive};
inline constexpr projection onednn_quiet_decode{};
inline constexpr projection onednn_e8m0_decode{.nan_sign = sign_rule::negative,
                                               .flush_subnormal_result = true};

inline constexpr projection eigen{};

inline constexpr projection universal{};
inline constexpr projection universal_saturating{.overflow = saturate};
inline constexpr projection universal_finite{
    .overflow = saturate, .nan = nan_rule::zero, .nan_sign = sign_rule::positive};

/// gfloat: one NaN code per format, the negative one in e4m3fn.
inline constexpr projection gfloat_e4m3fn{.no_infinity_sign = sign_rule::negative,
                                          .nan_sign = sign_rule::negative};
inline constexpr projection gfloat_e4m3fn_saturating{.overflow = saturate,
                                                     .nan_sign = sign_rule::negative};

/// HiFloat8 knows ties away only.
inline constexpr projection en_dtypes{.round = to_nearest_away};

}  // namespace policies

namespace rules {

inline constexpr const char* ml_dtypes_source = "ml_dtypes b793a6e, float8.h and mxfloat.h";
inline constexpr const char* pytorch_source = "torch/headeronly/util/Float8_*.h";
inline constexpr const char* onnx_source = "ONNX Cast, document";
inline constexpr const char* onnx_code_source = "ONNX reference code";
inline constexpr const char* onednn_source = "oneDNN 515bfba, float8.cpp, float4.cpp";

inline constexpr rule_origin ml_dtypes_is{"ml_dtypes default", "ml_dtypes", evidence::run,
                                          ml_dtypes_source};
inline constexpr rule_origin ml_dtypes_is_saturating{"ml_dtypes saturating", "ml_dtypes",
                                                     evidence::run, ml_dtypes_source};
inline constexpr rule_origin ml_dtypes_is_truncate{"ml_dtypes truncate", "ml_dtypes", evidence::run,
                                                   ml_dtypes_source};
inline constexpr rule_origin ml_dtypes_is_truncate_saturating{
    "ml_dtypes truncate saturating", "ml_dtypes", evidence::run, ml_dtypes_source};
inline constexpr rule_origin ml_dtypes_is_decode{"ml_dtypes decode", "ml_dtypes", evidence::run,
                                                 ml_dtypes_source};

inline constexpr const char* ml_dtypes_bottom =
    "the library rounds once; its quirk, 2^-126 for all above 2^-127, is binary32's bottom here";

/// ConvertFrom<kSaturate, kTruncate> of ml_dtypes.
inline constexpr conversion_rule ml_dtypes_rules[] = {
    // clang-format off
    {"ml_dtypes.e3m4", ml_dtypes_is, binary32, e3m4, policies::ml_dtypes_default},
    {"ml_dtypes.e3m4.from_binary64", ml_dtypes_is, binary64, e3m4, policies::ml_dtypes_default},
    {"ml_dtypes.e3m4.saturating", ml_dtypes_is_saturating, binary32, e3m4, policies::ml_dtypes_saturating},
    {"ml_dtypes.e3m4.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e3m4, policies::ml_dtypes_saturating},
    {"ml_dtypes.e3m4.from_binary16", ml_dtypes_is, binary16, e3m4, policies::ml_dtypes_default},
    {"ml_dtypes.e3m4.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e3m4, policies::ml_dtypes_saturating},
    {"ml_dtypes.e3m4.truncate", ml_dtypes_is_truncate, binary32, e3m4, policies::ml_dtypes_truncate},
    {"ml_dtypes.e3m4.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e3m4, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e4m3", ml_dtypes_is, binary32, e4m3, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3.from_binary64", ml_dtypes_is, binary64, e4m3, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3.saturating", ml_dtypes_is_saturating, binary32, e4m3, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e4m3, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3.from_binary16", ml_dtypes_is, binary16, e4m3, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e4m3, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3.truncate", ml_dtypes_is_truncate, binary32, e4m3, policies::ml_dtypes_truncate},
    {"ml_dtypes.e4m3.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e4m3, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e4m3fn", ml_dtypes_is, binary32, e4m3fn, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fn.from_binary64", ml_dtypes_is, binary64, e4m3fn, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fn.saturating", ml_dtypes_is_saturating, binary32, e4m3fn, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fn.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e4m3fn, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fn.from_binary16", ml_dtypes_is, binary16, e4m3fn, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fn.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e4m3fn, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fn.truncate", ml_dtypes_is_truncate, binary32, e4m3fn, policies::ml_dtypes_truncate},
    {"ml_dtypes.e4m3fn.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e4m3fn, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e4m3fnuz", ml_dtypes_is, binary32, e4m3fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fnuz.from_binary64", ml_dtypes_is, binary64, e4m3fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fnuz.saturating", ml_dtypes_is_saturating, binary32, e4m3fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fnuz.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e4m3fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fnuz.from_binary16", ml_dtypes_is, binary16, e4m3fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3fnuz.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e4m3fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3fnuz.truncate", ml_dtypes_is_truncate, binary32, e4m3fnuz, policies::ml_dtypes_truncate},
    {"ml_dtypes.e4m3fnuz.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e4m3fnuz, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e4m3b11fnuz", ml_dtypes_is, binary32, e4m3b11fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3b11fnuz.from_binary64", ml_dtypes_is, binary64, e4m3b11fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3b11fnuz.saturating", ml_dtypes_is_saturating, binary32, e4m3b11fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3b11fnuz.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e4m3b11fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3b11fnuz.from_binary16", ml_dtypes_is, binary16, e4m3b11fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e4m3b11fnuz.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e4m3b11fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e4m3b11fnuz.truncate", ml_dtypes_is_truncate, binary32, e4m3b11fnuz, policies::ml_dtypes_truncate},
    {"ml_dtypes.e4m3b11fnuz.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e4m3b11fnuz, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e5m2", ml_dtypes_is, binary32, e5m2, policies::ml_dtypes_default},
    {"ml_dtypes.e5m2.from_binary64", ml_dtypes_is, binary64, e5m2, policies::ml_dtypes_default},
    {"ml_dtypes.e5m2.saturating", ml_dtypes_is_saturating, binary32, e5m2, policies::ml_dtypes_saturating},
    {"ml_dtypes.e5m2.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e5m2, policies::ml_dtypes_saturating},
    {"ml_dtypes.e5m2.truncate", ml_dtypes_is_truncate, binary32, e5m2, policies::ml_dtypes_truncate},
    {"ml_dtypes.e5m2.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e5m2, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e5m2fnuz", ml_dtypes_is, binary32, e5m2fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e5m2fnuz.from_binary64", ml_dtypes_is, binary64, e5m2fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e5m2fnuz.saturating", ml_dtypes_is_saturating, binary32, e5m2fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e5m2fnuz.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e5m2fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e5m2fnuz.from_binary16", ml_dtypes_is, binary16, e5m2fnuz, policies::ml_dtypes_default},
    {"ml_dtypes.e5m2fnuz.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e5m2fnuz, policies::ml_dtypes_saturating},
    {"ml_dtypes.e5m2fnuz.truncate", ml_dtypes_is_truncate, binary32, e5m2fnuz, policies::ml_dtypes_truncate},
    {"ml_dtypes.e5m2fnuz.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e5m2fnuz, policies::ml_dtypes_truncate_saturating},
    {"ml_dtypes.e5m2.from_binary16", ml_dtypes_is, binary16, e5m2, policies::ml_dtypes_payload},
    {"ml_dtypes.e5m2.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e5m2, policies::ml_dtypes_payload_saturating},
    {"ml_dtypes.e2m3", ml_dtypes_is, binary32, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.from_binary64", ml_dtypes_is, binary64, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.saturating", ml_dtypes_is_saturating, binary32, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.from_binary16", ml_dtypes_is, binary16, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e2m3, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m3.truncate", ml_dtypes_is_truncate, binary32, e2m3, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e2m3.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e2m3, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e3m2", ml_dtypes_is, binary32, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.from_binary64", ml_dtypes_is, binary64, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.saturating", ml_dtypes_is_saturating, binary32, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.from_binary16", ml_dtypes_is, binary16, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e3m2, policies::ml_dtypes_finite},
    {"ml_dtypes.e3m2.truncate", ml_dtypes_is_truncate, binary32, e3m2, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e3m2.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e3m2, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e2m1", ml_dtypes_is, binary32, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.from_binary64", ml_dtypes_is, binary64, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.saturating", ml_dtypes_is_saturating, binary32, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.saturating.from_binary64", ml_dtypes_is_saturating, binary64, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.from_binary16", ml_dtypes_is, binary16, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.saturating.from_binary16", ml_dtypes_is_saturating, binary16, e2m1, policies::ml_dtypes_finite},
    {"ml_dtypes.e2m1.truncate", ml_dtypes_is_truncate, binary32, e2m1, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e2m1.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e2m1, policies::ml_dtypes_finite_truncate},
    {"ml_dtypes.e8m0fnu", ml_dtypes_is, binary32, e8m0fnu, policies::ml_dtypes_e8m0},
    {"ml_dtypes.e8m0fnu.saturating", ml_dtypes_is_saturating, binary32, e8m0fnu, policies::ml_dtypes_e8m0_saturating},
    {"ml_dtypes.e8m0fnu.truncate", ml_dtypes_is_truncate, binary32, e8m0fnu, policies::ml_dtypes_e8m0_truncate},
    {"ml_dtypes.e8m0fnu.truncate_saturating", ml_dtypes_is_truncate_saturating, binary32, e8m0fnu, policies::ml_dtypes_e8m0_truncate_saturating},
    two_steps("ml_dtypes.e8m0fnu.from_binary16", ml_dtypes_is, binary16, policies::ml_dtypes_sticky, binary32, policies::ml_dtypes_e8m0, e8m0fnu, ml_dtypes_bottom),
    two_steps("ml_dtypes.e8m0fnu.saturating.from_binary16", ml_dtypes_is_saturating, binary16, policies::ml_dtypes_sticky, binary32, policies::ml_dtypes_e8m0_saturating, e8m0fnu, ml_dtypes_bottom),
    {"ml_dtypes.binary32.from_e3m4", ml_dtypes_is_decode, e3m4, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e3m4", ml_dtypes_is_decode, e3m4, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e4m3", ml_dtypes_is_decode, e4m3, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e4m3", ml_dtypes_is_decode, e4m3, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e4m3fn", ml_dtypes_is_decode, e4m3fn, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e4m3fn", ml_dtypes_is_decode, e4m3fn, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e4m3fnuz", ml_dtypes_is_decode, e4m3fnuz, binary32, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary16.from_e4m3fnuz", ml_dtypes_is_decode, e4m3fnuz, binary16, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary32.from_e4m3b11fnuz", ml_dtypes_is_decode, e4m3b11fnuz, binary32, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary16.from_e4m3b11fnuz", ml_dtypes_is_decode, e4m3b11fnuz, binary16, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary32.from_e5m2", ml_dtypes_is_decode, e5m2, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e5m2", ml_dtypes_is_decode, e5m2, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e5m2fnuz", ml_dtypes_is_decode, e5m2fnuz, binary32, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary16.from_e5m2fnuz", ml_dtypes_is_decode, e5m2fnuz, binary16, policies::ml_dtypes_fnuz_decode},
    {"ml_dtypes.binary32.from_e2m3", ml_dtypes_is_decode, e2m3, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e2m3", ml_dtypes_is_decode, e2m3, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e3m2", ml_dtypes_is_decode, e3m2, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e3m2", ml_dtypes_is_decode, e3m2, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e2m1", ml_dtypes_is_decode, e2m1, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e2m1", ml_dtypes_is_decode, e2m1, binary16, policies::ml_dtypes_default},
    {"ml_dtypes.binary32.from_e8m0fnu", ml_dtypes_is_decode, e8m0fnu, binary32, policies::ml_dtypes_default},
    {"ml_dtypes.binary16.from_e8m0fnu", ml_dtypes_is_decode, e8m0fnu, binary16, policies::ml_dtypes_default, "rounds and overflows: binary16 does not hold e8m0"},
    // clang-format on
};

inline constexpr rule_origin pytorch_is{"PyTorch", "PyTorch", evidence::transcribed,
                                        pytorch_source};
inline constexpr rule_origin pytorch_is_source{"PyTorch", "PyTorch", evidence::source,
                                               pytorch_source};
inline constexpr rule_origin pytorch_is_decode{"PyTorch decode", "PyTorch", evidence::source,
                                               pytorch_source};

/// The scalar conversions of c10.
inline constexpr conversion_rule pytorch_rules[] = {
    // clang-format off
    {"pytorch.e4m3fn", pytorch_is, binary32, e4m3fn, policies::pytorch},
    {"pytorch.e5m2", pytorch_is, binary32, e5m2, policies::pytorch},
    {"pytorch.e4m3fnuz", pytorch_is, binary32, e4m3fnuz, policies::pytorch},
    {"pytorch.e5m2fnuz", pytorch_is_source, binary32, e5m2fnuz, policies::pytorch},
    {"pytorch.e8m0fnu", pytorch_is, binary32, e8m0fnu, policies::pytorch_e8m0},
    {"pytorch.binary32.from_e4m3fn", pytorch_is_decode, e4m3fn, binary32, policies::pytorch_decode},
    two_steps("pytorch.binary32.from_e5m2", pytorch_is_decode, e5m2, policies::pytorch_decode, binary16, policies::pytorch_decode, binary32, "both steps are exact"),
    {"pytorch.binary32.from_e4m3fnuz", pytorch_is_decode, e4m3fnuz, binary32, policies::pytorch_signalling_decode},
    {"pytorch.binary32.from_e5m2fnuz", pytorch_is_decode, e5m2fnuz, binary32, policies::pytorch_signalling_decode},
    {"pytorch.binary32.from_e8m0fnu", pytorch_is_decode, e8m0fnu, binary32, policies::pytorch_signalling_decode},
    // clang-format on
};

inline constexpr rule_origin onnx_is_saturate{"ONNX saturate", "ONNX", evidence::source,
                                              onnx_source};
inline constexpr rule_origin onnx_is_nosat{"ONNX nosat", "ONNX", evidence::source, onnx_source};
inline constexpr rule_origin onnx_code_is_saturate{"ONNX reference code saturate", "ONNX",
                                                   evidence::source, onnx_code_source};
inline constexpr rule_origin onnx_is_up{"ONNX up saturate", "ONNX", evidence::source,
                                        onnx_code_source};
inline constexpr rule_origin onnx_is_up_nosat{"ONNX up nosat", "ONNX", evidence::source,
                                              onnx_code_source};
inline constexpr rule_origin onnx_is_nearest{"ONNX nearest saturate", "ONNX", evidence::source,
                                             onnx_code_source};
inline constexpr rule_origin onnx_is_nearest_nosat{"ONNX nearest nosat", "ONNX", evidence::source,
                                                   onnx_code_source};
inline constexpr rule_origin onnx_is_down{"ONNX down", "ONNX", evidence::source, onnx_code_source};

inline constexpr const char* onnx_nan_open = "the document says NaN without a code";

/// The Cast operator: saturate = 1 (its default) and 0.
inline constexpr conversion_rule onnx_rules[] = {
    // clang-format off
    {"onnx.e4m3fn.saturate", onnx_is_saturate, binary32, e4m3fn, policies::onnx_saturate, onnx_nan_open},
    {"onnx.e4m3fn.nosat", onnx_is_nosat, binary32, e4m3fn, policies::onnx_nosat, onnx_nan_open},
    {"onnx.e5m2.saturate", onnx_is_saturate, binary32, e5m2, policies::onnx_saturate, onnx_nan_open},
    {"onnx.e5m2.nosat", onnx_is_nosat, binary32, e5m2, policies::onnx_nosat, onnx_nan_open},
    {"onnx.e4m3fnuz.saturate", onnx_is_saturate, binary32, e4m3fnuz, policies::onnx_saturate_finite, "infinity is NaN by the document, max finite in its reference code"},
    {"onnx.e4m3fnuz.nosat", onnx_is_nosat, binary32, e4m3fnuz, policies::onnx_nosat},
    {"onnx.e5m2fnuz.saturate", onnx_is_saturate, binary32, e5m2fnuz, policies::onnx_saturate_finite, "infinity is NaN by the document, max finite in its reference code"},
    {"onnx.e5m2fnuz.nosat", onnx_is_nosat, binary32, e5m2fnuz, policies::onnx_nosat},
    {"onnx_code.e4m3fnuz.saturate", onnx_code_is_saturate, binary32, e4m3fnuz, policies::onnx_saturate},
    {"onnx_code.e5m2fnuz.saturate", onnx_code_is_saturate, binary32, e5m2fnuz, policies::onnx_saturate},
    {"onnx.e8m0fnu.up.saturate", onnx_is_up, binary32, e8m0fnu, policies::onnx_e8m0(away_from_zero, saturate_finite, subnormal_input_rule::least_normal)},
    {"onnx.e8m0fnu.up.nosat", onnx_is_up_nosat, binary32, e8m0fnu, policies::onnx_e8m0(away_from_zero, ieee, subnormal_input_rule::least_normal)},
    {"onnx.e8m0fnu.nearest.saturate", onnx_is_nearest, binary32, e8m0fnu, policies::onnx_e8m0(to_nearest_away, saturate_finite, subnormal_input_rule::half_down)},
    {"onnx.e8m0fnu.nearest.nosat", onnx_is_nearest_nosat, binary32, e8m0fnu, policies::onnx_e8m0(to_nearest_away, ieee, subnormal_input_rule::half_down)},
    {"onnx.e8m0fnu.down", onnx_is_down, binary32, e8m0fnu, policies::onnx_e8m0(toward_zero, saturate_finite, subnormal_input_rule::keep), "saturate makes no difference"},
    // clang-format on
};

inline constexpr rule_origin onednn_is{"oneDNN", "Intel", evidence::run, onednn_source};
inline constexpr rule_origin onednn_source_is{"oneDNN", "Intel", evidence::source, onednn_source};
inline constexpr rule_origin onednn_is_decode{"oneDNN decode", "Intel", evidence::run,
                                              onednn_source};

/// Portable C++ conversions of oneDNN.
inline constexpr conversion_rule onednn_rules[] = {
    // clang-format off
    two_steps("onednn.e4m3fn", onednn_is, binary32, policies::onednn, binary16, policies::onednn, e4m3fn, "double rounding"),
    two_steps("onednn.e5m2", onednn_is, binary32, policies::onednn, binary16, policies::onednn, e5m2, "double rounding"),
    {"onednn.e8m0fnu", onednn_is, binary32, e8m0fnu, policies::onednn_e8m0},
    {"onednn.e2m1", onednn_is, binary32, e2m1, policies::onednn_e2m1, "the library compares float differences, which from 2^25 on picks 4.0 instead of 6.0: not reproduced"},
    {"onednn.e3m0", onednn_source_is, binary32, e3m0, policies::onednn_e3m0, "the library compares float differences, which for huge values picks 8.0 instead of 16.0: not reproduced"},
    {"onednn.binary16", onednn_is, binary32, binary16, policies::onednn},
    {"onednn.binary32.from_e4m3fn", onednn_is_decode, e4m3fn, binary32, policies::onednn_quiet_decode},
    {"onednn.binary32.from_e5m2", onednn_is_decode, e5m2, binary32, policies::onednn},
    {"onednn.binary32.from_e8m0fnu", onednn_is_decode, e8m0fnu, binary32, policies::onednn_e8m0_decode, "code 0 gives 0.0"},
    // clang-format on
};

inline constexpr rule_origin eigen_is{"Eigen", "Eigen", evidence::run,
                                      "Eigen 3.4.0, Half.h and BFloat16.h"};
inline constexpr rule_origin universal_is{"Universal", "Universal", evidence::run,
                                          "Stillwater Universal"};
inline constexpr rule_origin universal_is_saturating{"Universal saturating", "Universal",
                                                     evidence::run, "Stillwater Universal"};
inline constexpr rule_origin gfloat_is{"gfloat", "gfloat", evidence::run, "gfloat"};
inline constexpr rule_origin gfloat_is_saturating{"gfloat saturating", "gfloat", evidence::run,
                                                  "gfloat"};

inline constexpr rule_origin en_dtypes_is{"en_dtypes", "Huawei", evidence::source,
                                          "en_dtypes hifloat.h, CANN hif8.cc"};

/// Eigen, Universal, gfloat, en_dtypes. Its saturating HiFloat8 is left out: it clamps from 49152
/// on but turns [40960, 49152) into infinity.
inline constexpr conversion_rule other_rules[] = {
    // clang-format off
    {"eigen.binary16", eigen_is, binary32, binary16, policies::eigen, "software path; with F16C enabled Eigen uses f16c.vcvtps2ph.rn"},
    {"eigen.bfloat16", eigen_is, binary32, bfloat16, policies::eigen},
    {"universal.e4m3fn", universal_is, binary32, e4m3fn, policies::universal},
    {"universal.e4m3fn.saturating", universal_is_saturating, binary32, e4m3fn, policies::universal_saturating},
    {"universal.e5m2", universal_is, binary32, e5m2, policies::universal},
    {"universal.e2m3", universal_is, binary32, e2m3, policies::universal_finite},
    {"universal.e3m2", universal_is, binary32, e3m2, policies::universal_finite},
    {"universal.e2m1", universal_is, binary32, e2m1, policies::universal_finite},
    two_steps("universal.e4m3fn.from_binary64", universal_is, binary64, {.nan = nan_rule::payload}, binary32, policies::universal, e4m3fn, "two roundings"),
    {"gfloat.e4m3fn", gfloat_is, binary32, e4m3fn, policies::gfloat_e4m3fn},
    {"gfloat.e4m3fn.saturating", gfloat_is_saturating, binary32, e4m3fn, policies::gfloat_e4m3fn_saturating},
    {"en_dtypes.hifloat8", en_dtypes_is, binary32, formats::hifloat8, policies::en_dtypes},
    two_steps("en_dtypes.hifloat8.from_binary64", en_dtypes_is, binary64, {}, binary32, policies::en_dtypes, formats::hifloat8, "two roundings"),
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_SOFTWARE_HPP
