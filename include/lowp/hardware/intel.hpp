// SPDX-License-Identifier: Apache-2.0
/// \file
/// Intel and compatible CPUs: F16C, AVX512-FP16, AVX512-BF16, AVX10.2.
#ifndef LOWP_HARDWARE_INTEL_HPP
#define LOWP_HARDWARE_INTEL_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// Exact in every respect: denormals are read and produced, NaN is quieted with sign and payload.
inline constexpr projection x86_rn{.nan = nan_rule::payload};
inline constexpr projection x86_rz{.round = toward_zero, .nan = nan_rule::payload};
inline constexpr projection x86_rd{.round = toward_negative, .nan = nan_rule::payload};
inline constexpr projection x86_ru{.round = toward_positive, .nan = nan_rule::payload};
inline constexpr projection x86_saturating{.overflow = saturate, .nan = nan_rule::payload};

/// VCVTNEPS2BF16: subnormal inputs are zero whatever MXCSR says.
inline constexpr projection avx512_bf16{.nan = nan_rule::payload,
                                        .subnormal_input = subnormal_input_rule::zero};

/// bfloat16 to binary32 by placing zeros below.
inline constexpr projection x86_shift{.nan = nan_rule::payload_raw};

/// AVX10.2 BIAS forms: the low byte of each element of the first source is the random number. The
/// text drops its lowest bit for normal HF8 results; binary16 has nothing that far below, so all
/// eight bits give the same codes (every input and byte is tested).
LOWP_FN projection avx10_bias(overflow_rule overflow) noexcept {
  projection p = x86_rn;
  p.round = stochastic_a;
  p.overflow = overflow;
  p.random_bits = 8;
  return p;
}

}  // namespace policies

namespace rules {

inline constexpr const char* x86_run = "run on a CPU with AVX512-FP16 and AVX512-BF16";
inline constexpr const char* avx10_text = "Intel 361050 section 5.1, pseudocode executed";

inline constexpr rule_origin x86_is_rn{"x86 rn", "Intel", evidence::run, x86_run};
inline constexpr rule_origin x86_is_rz{"x86 rz", "Intel", evidence::run, x86_run};
inline constexpr rule_origin x86_is_rd{"x86 rd", "Intel", evidence::run, x86_run};
inline constexpr rule_origin x86_is_ru{"x86 ru", "Intel", evidence::run, x86_run};
inline constexpr rule_origin avx512_fp16_is_rn{"AVX512-FP16 rn", "Intel", evidence::run, x86_run};
inline constexpr rule_origin avx512_fp16_is_rz{"AVX512-FP16 rz", "Intel", evidence::run, x86_run};
inline constexpr rule_origin avx512_fp16_is_rd{"AVX512-FP16 rd", "Intel", evidence::run, x86_run};
inline constexpr rule_origin avx512_fp16_is_ru{"AVX512-FP16 ru", "Intel", evidence::run, x86_run};
inline constexpr rule_origin avx512_bf16_is{"AVX512-BF16", "Intel", evidence::run, x86_run};
inline constexpr rule_origin ne_convert_is{"AVX-NE-CONVERT", "Intel", evidence::source,
                                           "Intel SDM, AVX-NE-CONVERT"};
inline constexpr rule_origin avx10_is{"AVX10.2", "Intel", evidence::transcribed, avx10_text};
inline constexpr rule_origin avx10_is_saturating{"AVX10.2 saturating", "Intel",
                                                 evidence::transcribed, avx10_text};
inline constexpr rule_origin avx10_is_bias{"AVX10.2 bias", "Intel", evidence::transcribed,
                                           avx10_text};
inline constexpr rule_origin avx10_is_bias_saturating{"AVX10.2 bias saturating", "Intel",
                                                      evidence::transcribed, avx10_text};

/// x86 vector conversions, with MXCSR's power-on value (no DAZ).
inline constexpr conversion_rule x86_rules[] = {
    // clang-format off
    {"f16c.vcvtps2ph.rn", x86_is_rn, binary32, binary16, policies::x86_rn},
    {"f16c.vcvtps2ph.rz", x86_is_rz, binary32, binary16, policies::x86_rz},
    {"f16c.vcvtps2ph.rd", x86_is_rd, binary32, binary16, policies::x86_rd},
    {"f16c.vcvtps2ph.ru", x86_is_ru, binary32, binary16, policies::x86_ru},
    {"f16c.vcvtph2ps", x86_is_rn, binary16, binary32, policies::x86_rn},
    {"avx512_fp16.vcvtps2phx.rn", avx512_fp16_is_rn, binary32, binary16, policies::x86_rn},
    {"avx512_fp16.vcvtps2phx.rz", avx512_fp16_is_rz, binary32, binary16, policies::x86_rz},
    {"avx512_fp16.vcvtps2phx.rd", avx512_fp16_is_rd, binary32, binary16, policies::x86_rd},
    {"avx512_fp16.vcvtps2phx.ru", avx512_fp16_is_ru, binary32, binary16, policies::x86_ru},
    {"avx512_fp16.vcvtpd2ph.rn", avx512_fp16_is_rn, binary64, binary16, policies::x86_rn, "rounds once; run as VCVTSD2SH"},
    {"avx512_fp16.vcvtpd2ph.rz", avx512_fp16_is_rz, binary64, binary16, policies::x86_rz, "rounds once; not run"},
    {"avx512_fp16.vcvtpd2ph.rd", avx512_fp16_is_rd, binary64, binary16, policies::x86_rd, "rounds once; not run"},
    {"avx512_fp16.vcvtpd2ph.ru", avx512_fp16_is_ru, binary64, binary16, policies::x86_ru, "rounds once; not run"},
    {"avx512_fp16.vcvtph2pd", avx512_fp16_is_rn, binary16, binary64, policies::x86_rn, "not run"},
    {"avx_ne_convert.vcvtneebf162ps", ne_convert_is, bfloat16, binary32, policies::x86_shift},
    {"avx512_bf16.vcvtneps2bf16", avx512_bf16_is, binary32, bfloat16, policies::avx512_bf16, "flushes subnormal inputs whatever MXCSR says"},
    {"avx10.vcvtph2bf8", avx10_is, binary16, e5m2, policies::x86_rn},
    {"avx10.vcvtph2bf8s", avx10_is_saturating, binary16, e5m2, policies::x86_saturating},
    {"avx10.vcvtph2hf8", avx10_is, binary16, e4m3fn, policies::x86_rn},
    {"avx10.vcvtph2hf8s", avx10_is_saturating, binary16, e4m3fn, policies::x86_saturating},
    {"avx10.vcvtbiasph2bf8", avx10_is_bias, binary16, e5m2, policies::avx10_bias(ieee), "random: the bias byte"},
    {"avx10.vcvtbiasph2bf8s", avx10_is_bias_saturating, binary16, e5m2, policies::avx10_bias(saturate), "random: the bias byte"},
    {"avx10.vcvtbiasph2hf8", avx10_is_bias, binary16, e4m3fn, policies::avx10_bias(ieee), "random: the bias byte; its upper 7 bits count in normal results"},
    {"avx10.vcvtbiasph2hf8s", avx10_is_bias_saturating, binary16, e4m3fn, policies::avx10_bias(saturate), "random: the bias byte; its upper 7 bits count in normal results"},
    {"avx10.vcvthf82ph", avx10_is, e4m3fn, binary16, policies::x86_rn, "NaN 7F80 by this transcription, 7E00 by GCC's test helper: unresolved"},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_INTEL_HPP
