// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of integer dot products of processors and libraries. A new one is one row.
#ifndef LOWP_INTEGER_DOTS_HPP
#define LOWP_INTEGER_DOTS_HPP

#include "../detail/find_row.hpp"
#include "../formats.hpp"
#include "dot.hpp"

namespace lowp {

/// A dot product that somebody has. Without an accumulator of its own it is that from 0.
struct named_integer_dot {
  const char* name;
  integer_dot value;
  const char* description;
  const char* source;

  /// A row stands for its dot product.
  LOWP_FN operator integer_dot() const noexcept { return value; }
};

namespace detail {

inline constexpr format s8 = formats::int8, u8 = formats::uint8, s16 = formats::int16,
                        u32 = formats::uint32;

}  // namespace detail

// One dot product a row, kept by hand.
// clang-format off
/// The dot products of processors and libraries. spec/integers.md INT-13.
inline constexpr named_integer_dot all_integer_dots[] = {
    {"vpmaddubsw", {.a = detail::u8, .b = detail::s8, .products = 2, .partial = detail::s16, .partial_overflow = integer_overflow::saturate, .accumulator = detail::s16, .overflow = integer_overflow::saturate}, "x86, sums of it by vpaddsw",
     "Intel SDM PMADDUBSW; sums of it by PADDSW: FBGEMM acc16 (from memory)"},
    {"vpmaddubsw_vpmaddwd", {.a = detail::u8, .b = detail::s8, .products = 2, .partial = detail::s16, .partial_overflow = integer_overflow::saturate, .partials = 2}, "x86 without VNNI: vpmaddubsw, then vpmaddwd with ones, sums of it by vpaddd",
     "FBGEMM acc32 without VNNI: VPMADDUBSW, VPMADDWD with ones, VPADDD"},
    {"vpmaddwd", {.a = detail::s16, .b = detail::s16, .products = 2}, "x86, sums of it by vpaddd; vpdpwssd",
     "Intel SDM PMADDWD, PADDD; VPDPWSSD"},
    {"vpdpwssds", {.a = detail::s16, .b = detail::s16, .products = 2, .overflow = integer_overflow::saturate}, "x86 VNNI, saturating",
     "Intel SDM VPDPWSSDS"},
    {"vpdpbusd", {.a = detail::u8, .b = detail::s8, .products = 4}, "x86 VNNI; tdpbusd of AMX",
     "Intel SDM VPDPBUSD; TDPBUSD"},
    {"vpdpbusds", {.a = detail::u8, .b = detail::s8, .products = 4, .overflow = integer_overflow::saturate}, "x86 VNNI, saturating",
     "Intel SDM VPDPBUSDS"},
    {"tdpbssd", {.a = detail::s8, .b = detail::s8, .products = 4}, "x86 AMX",
     "Intel SDM TDPBSSD (AMX), not run"},
    {"tdpbsud", {.a = detail::s8, .b = detail::u8, .products = 4}, "x86 AMX",
     "Intel SDM TDPBSUD (AMX), not run"},
    {"tdpbuud", {.a = detail::u8, .b = detail::u8, .products = 4}, "x86 AMX",
     "Intel SDM TDPBUUD (AMX), not run"},
    {"sdot", {.a = detail::s8, .b = detail::s8, .products = 4}, "Arm",
     "Arm ARM SDOT"},
    {"udot", {.a = detail::u8, .b = detail::u8, .products = 4, .accumulator = detail::u32}, "Arm, unsigned",
     "Arm ARM UDOT"},
    {"usdot", {.a = detail::u8, .b = detail::s8, .products = 4}, "Arm",
     "Arm ARM USDOT"},
    {"smmla", {.a = detail::s8, .b = detail::s8, .products = 8}, "Arm, matrices of 2 x 8",
     "Arm ARM SMMLA"},
};
// clang-format on

/// The dot product of this name, or null.
LOWP_FN const named_integer_dot* find_integer_dot(const char* name) noexcept {
  return detail::find_row(all_integer_dots, name);
}

namespace detail {

consteval integer_dot integer_dot_named(const char* name) {
  return row_named(all_integer_dots, name);
}

}  // namespace detail

/// The rows as constants.
namespace integer_dots {

/// Exact products, one by one, in 32 bits.
LOWP_FN integer_dot plain(format a, format b,
                          integer_overflow o = integer_overflow::wrap) noexcept {
  return {.a = a, .b = b, .overflow = o};
}

inline constexpr integer_dot vpmaddubsw = detail::integer_dot_named("vpmaddubsw");
inline constexpr integer_dot vpmaddubsw_vpmaddwd = detail::integer_dot_named("vpmaddubsw_vpmaddwd");
inline constexpr integer_dot vpmaddwd = detail::integer_dot_named("vpmaddwd");
inline constexpr integer_dot vpdpwssds = detail::integer_dot_named("vpdpwssds");
inline constexpr integer_dot vpdpbusd = detail::integer_dot_named("vpdpbusd");
inline constexpr integer_dot vpdpbusds = detail::integer_dot_named("vpdpbusds");
inline constexpr integer_dot tdpbssd = detail::integer_dot_named("tdpbssd");
inline constexpr integer_dot tdpbsud = detail::integer_dot_named("tdpbsud");
inline constexpr integer_dot tdpbuud = detail::integer_dot_named("tdpbuud");
inline constexpr integer_dot sdot = detail::integer_dot_named("sdot");
inline constexpr integer_dot udot = detail::integer_dot_named("udot");
inline constexpr integer_dot usdot = detail::integer_dot_named("usdot");
inline constexpr integer_dot smmla = detail::integer_dot_named("smmla");

}  // namespace integer_dots

}  // namespace lowp

#endif  // LOWP_INTEGER_DOTS_HPP
