// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of integer dot products of processors and libraries. A new one is one row.
#ifndef LOWP_INTEGER_DOTS_HPP
#define LOWP_INTEGER_DOTS_HPP

#include <cstddef>

#include "../formats.hpp"
#include "dot.hpp"

namespace lowp {

/// spec/integers.md INT-13.
namespace dots {

using enum integer_overflow;
inline constexpr format s4 = formats::int4, s8 = formats::int8, u8 = formats::uint8,
                        s16 = formats::int16, s32 = formats::int32, u32 = formats::uint32;

/// Exact products, one by one, in 32 bits.
LOWP_FN integer_dot plain(format a, format b, integer_overflow o = wrap) noexcept {
  return {.name = "plain", .a = a, .b = b, .accumulator = s32, .overflow = o, .source = "own"};
}

/// x86. Of vpmaddubsw and vpmaddwd the products of an accumulator of 0 are the instruction.
inline constexpr integer_dot vpmaddubsw{
    .name = "vpmaddubsw",
    .a = u8,
    .b = s8,
    .products = 2,
    .partial = s16,
    .partial_overflow = saturate,
    .accumulator = s16,
    .overflow = saturate,
    .source = "Intel SDM PMADDUBSW; sums of it by PADDSW: FBGEMM acc16 (from memory)"};
inline constexpr integer_dot vpmaddubsw_vpmaddwd{
    .name = "vpmaddubsw+vpmaddwd",
    .a = u8,
    .b = s8,
    .products = 2,
    .partial = s16,
    .partial_overflow = saturate,
    .partials = 2,
    .source = "FBGEMM acc32 without VNNI: VPMADDUBSW, VPMADDWD with ones, VPADDD"};
inline constexpr integer_dot vpmaddwd{.name = "vpmaddwd",
                                      .a = s16,
                                      .b = s16,
                                      .products = 2,
                                      .source = "Intel SDM PMADDWD, PADDD; VPDPWSSD"};
inline constexpr integer_dot vpdpwssds{.name = "vpdpwssds",
                                       .a = s16,
                                       .b = s16,
                                       .products = 2,
                                       .overflow = saturate,
                                       .source = "Intel SDM VPDPWSSDS"};
inline constexpr integer_dot vpdpbusd{
    .name = "vpdpbusd", .a = u8, .b = s8, .products = 4, .source = "Intel SDM VPDPBUSD; TDPBUSD"};
inline constexpr integer_dot vpdpbusds{.name = "vpdpbusds",
                                       .a = u8,
                                       .b = s8,
                                       .products = 4,
                                       .overflow = saturate,
                                       .source = "Intel SDM VPDPBUSDS"};
inline constexpr integer_dot tdpbssd{.name = "tdpbssd",
                                     .a = s8,
                                     .b = s8,
                                     .products = 4,
                                     .source = "Intel SDM TDPBSSD (AMX), not run"};
inline constexpr integer_dot tdpbsud{.name = "tdpbsud",
                                     .a = s8,
                                     .b = u8,
                                     .products = 4,
                                     .source = "Intel SDM TDPBSUD (AMX), not run"};
inline constexpr integer_dot tdpbuud{.name = "tdpbuud",
                                     .a = u8,
                                     .b = u8,
                                     .products = 4,
                                     .source = "Intel SDM TDPBUUD (AMX), not run"};

/// Arm.
inline constexpr integer_dot sdot{
    .name = "sdot", .a = s8, .b = s8, .products = 4, .source = "Arm ARM SDOT"};
inline constexpr integer_dot udot{
    .name = "udot", .a = u8, .b = u8, .products = 4, .accumulator = u32, .source = "Arm ARM UDOT"};
inline constexpr integer_dot usdot{
    .name = "usdot", .a = u8, .b = s8, .products = 4, .source = "Arm ARM USDOT"};
inline constexpr integer_dot smmla{
    .name = "smmla", .a = s8, .b = s8, .products = 8, .source = "Arm ARM SMMLA"};

}  // namespace dots

inline constexpr integer_dot all_dots[] = {
    dots::vpmaddubsw, dots::vpmaddubsw_vpmaddwd,
    dots::vpmaddwd,   dots::vpdpwssds,
    dots::vpdpbusd,   dots::vpdpbusds,
    dots::tdpbssd,    dots::tdpbsud,
    dots::tdpbuud,    dots::sdot,
    dots::udot,       dots::usdot,
    dots::smmla,
};

inline constexpr std::size_t dot_count = sizeof(all_dots) / sizeof(all_dots[0]);

}  // namespace lowp

#endif  // LOWP_INTEGER_DOTS_HPP
