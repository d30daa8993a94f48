// SPDX-License-Identifier: Apache-2.0
/// \file
/// Intel Gaudi2: conversions of its tensor processor cores. Rounding and clipping are those of the
/// comments of its compiler's intrinsics; NaN is not described there.
#ifndef LOWP_HARDWARE_GAUDI_HPP
#define LOWP_HARDWARE_GAUDI_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// SW_CLIP_FP: what would be an infinity becomes the greatest finite value. f8_143 has infinities
/// on Gaudi2 (greatest finite value 240).
LOWP_FN projection gaudi(rounding round, overflow_rule overflow) noexcept {
  return {.round = round, .overflow = overflow};
}

}  // namespace policies

namespace detail {

LOWP_FN rule_origin gaudi(const char* policy) noexcept {
  return {policy, "Intel Gaudi", evidence::inferred, "HabanaAI tpc_llvm, tpc-intrinsics.h"};
}

}  // namespace detail

namespace rules {

inline constexpr rule_origin gaudi_is_rhne = detail::gaudi("Gaudi2 rhne");
inline constexpr rule_origin gaudi_is_rhne_clip = detail::gaudi("Gaudi2 rhne clip");
inline constexpr rule_origin gaudi_is_rz = detail::gaudi("Gaudi2 rz");
inline constexpr rule_origin gaudi_is_rz_clip = detail::gaudi("Gaudi2 rz clip");
inline constexpr rule_origin gaudi_is_rd = detail::gaudi("Gaudi2 rd");
inline constexpr rule_origin gaudi_is_rd_clip = detail::gaudi("Gaudi2 rd clip");
inline constexpr rule_origin gaudi_is_ru = detail::gaudi("Gaudi2 ru");
inline constexpr rule_origin gaudi_is_ru_clip = detail::gaudi("Gaudi2 ru clip");

inline constexpr const char* gaudi_nan = "NaN is not described: here quiet with its sign";

/// v_convert_f32_to_f8_b, v_convert_f32_to_bf16_b.
inline constexpr conversion_rule gaudi_rules[] = {
    // clang-format off
    {"gaudi2.e4m3.rhne", gaudi_is_rhne, binary32, e4m3, policies::gaudi(to_nearest_even, ieee), gaudi_nan},
    {"gaudi2.e4m3.rhne.clip", gaudi_is_rhne_clip, binary32, e4m3, policies::gaudi(to_nearest_even, saturate), gaudi_nan},
    {"gaudi2.e4m3.rz", gaudi_is_rz, binary32, e4m3, policies::gaudi(toward_zero, ieee), gaudi_nan},
    {"gaudi2.e4m3.rz.clip", gaudi_is_rz_clip, binary32, e4m3, policies::gaudi(toward_zero, saturate), gaudi_nan},
    {"gaudi2.e4m3.rd", gaudi_is_rd, binary32, e4m3, policies::gaudi(toward_negative, ieee), gaudi_nan},
    {"gaudi2.e4m3.rd.clip", gaudi_is_rd_clip, binary32, e4m3, policies::gaudi(toward_negative, saturate), gaudi_nan},
    {"gaudi2.e4m3.ru", gaudi_is_ru, binary32, e4m3, policies::gaudi(toward_positive, ieee), gaudi_nan},
    {"gaudi2.e4m3.ru.clip", gaudi_is_ru_clip, binary32, e4m3, policies::gaudi(toward_positive, saturate), gaudi_nan},
    {"gaudi2.e5m2.rhne", gaudi_is_rhne, binary32, e5m2, policies::gaudi(to_nearest_even, ieee), gaudi_nan},
    {"gaudi2.e5m2.rhne.clip", gaudi_is_rhne_clip, binary32, e5m2, policies::gaudi(to_nearest_even, saturate), gaudi_nan},
    {"gaudi2.e5m2.rz", gaudi_is_rz, binary32, e5m2, policies::gaudi(toward_zero, ieee), gaudi_nan},
    {"gaudi2.e5m2.rz.clip", gaudi_is_rz_clip, binary32, e5m2, policies::gaudi(toward_zero, saturate), gaudi_nan},
    {"gaudi2.e5m2.rd", gaudi_is_rd, binary32, e5m2, policies::gaudi(toward_negative, ieee), gaudi_nan},
    {"gaudi2.e5m2.rd.clip", gaudi_is_rd_clip, binary32, e5m2, policies::gaudi(toward_negative, saturate), gaudi_nan},
    {"gaudi2.e5m2.ru", gaudi_is_ru, binary32, e5m2, policies::gaudi(toward_positive, ieee), gaudi_nan},
    {"gaudi2.e5m2.ru.clip", gaudi_is_ru_clip, binary32, e5m2, policies::gaudi(toward_positive, saturate), gaudi_nan},
    {"gaudi2.bfloat16.rhne", gaudi_is_rhne, binary32, bfloat16, policies::gaudi(to_nearest_even, ieee), gaudi_nan},
    {"gaudi2.bfloat16.rz", gaudi_is_rz, binary32, bfloat16, policies::gaudi(toward_zero, ieee), gaudi_nan},
    {"gaudi2.bfloat16.rd", gaudi_is_rd, binary32, bfloat16, policies::gaudi(toward_negative, ieee), gaudi_nan},
    {"gaudi2.bfloat16.ru", gaudi_is_ru, binary32, bfloat16, policies::gaudi(toward_positive, ieee), gaudi_nan},
    // clang-format on
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_GAUDI_HPP
