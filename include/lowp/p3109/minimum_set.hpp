// SPDX-License-Identifier: Apache-2.0
/// \file
/// The minimum set of a conforming implementation, IEEE P3109 section 4.5, as data.
#ifndef LOWP_P3109_MINIMUM_SET_HPP
#define LOWP_P3109_MINIMUM_SET_HPP

#include <cstdint>

#include "projection.hpp"

namespace lowp::p3109 {

/// Sets of formats, united by |.
using format_set = std::uint8_t;
inline constexpr format_set F4 = 1;  ///< Binary4p2sf
inline constexpr format_set F8 = 2;  ///< Binary8p4se, Binary8p3se
inline constexpr format_set FX = 4;  ///< of the external formats binary32, binary16, BFloat16 at
                                     ///< least one; lowp has all

/// The formats of the minimum set.
struct minimum_format {
  format f;
  format_set set;
};
inline constexpr minimum_format minimum_formats[] = {
    {Binary(4, 2, Signedness::Signed, Domain::Finite), F4},
    {Binary(8, 4), F8},
    {Binary(8, 3), F8},
    {binary32, FX},
    {binary16, FX},
    {BFloat16, FX},
};

/// Scales of the Scaled operations of the minimum set.
inline constexpr format minimum_scale_format = Binary(8, 1, Signedness::Unsigned, Domain::Finite);

/// Which of the formats of operands and result are one format.
enum class same_formats : std::uint8_t { free, all, last_two };

/// An operation of the minimum set: the formats of its operands (0: there is none) and of its
/// result (0: not a number). The projection is (NearestTiesToEven, SatNone) throughout.
/// spec/p3109.md IEP-14.
struct minimum_member {
  const char* operation;
  format_set x;
  format_set y;
  format_set z;
  format_set r;
  same_formats same;
};

inline constexpr minimum_member minimum_set[] = {
    // clang-format off
    {"Convert", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::free},
    {"Recip", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::free},
    {"Negate", F4 | F8, 0, 0, F4 | F8, same_formats::all},
    {"Abs", F4 | F8, 0, 0, F4 | F8, same_formats::all},
    {"Add", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    {"Subtract", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    {"Multiply", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    {"FMA", F4 | F8, F4 | F8, FX, FX, same_formats::last_two},
    {"FAA", F4 | F8, F4 | F8, FX, FX, same_formats::last_two},
    {"Minimum", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"Maximum", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MinimumNumber", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MaximumNumber", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MinimumMagnitude", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MaximumMagnitude", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MinimumMagnitudeNumber", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MaximumMagnitudeNumber", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MinimumFinite", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"MaximumFinite", F4 | F8, F4 | F8, 0, F4 | F8, same_formats::all},
    {"CompareLess", F4 | F8, F4 | F8, 0, 0, same_formats::all},
    {"CompareLessEqual", F4 | F8, F4 | F8, 0, 0, same_formats::all},
    {"CompareEqual", F4 | F8, F4 | F8, 0, 0, same_formats::all},
    {"CompareGreaterEqual", F4 | F8, F4 | F8, 0, 0, same_formats::all},
    {"CompareGreater", F4 | F8, F4 | F8, 0, 0, same_formats::all},
    {"IsZero", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsOne", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsNaN", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsInfinite", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsFinite", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsSignMinus", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsNormal", F4 | F8, 0, 0, 0, same_formats::free},
    {"IsSubnormal", F4 | F8, 0, 0, 0, same_formats::free},
    {"NextGreaterThan", F4 | F8, 0, 0, F4 | F8, same_formats::all},
    {"NextLessThan", F4 | F8, 0, 0, F4 | F8, same_formats::all},
    {"BitwidthOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"PrecisionOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"SignednessOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"DomainOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"ExponentBitwidthOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"TrailingSignificandBitwidthOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"ExponentBiasOf", F4 | F8 | FX, 0, 0, 0, same_formats::free},
    {"MaxFiniteOf", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::all},
    {"MinFiniteOf", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::all},
    {"MinPositiveOf", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::all},
    {"MaxSubnormalOf", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::all},
    {"MinNormalOf", F4 | F8 | FX, 0, 0, F4 | F8 | FX, same_formats::all},
    {"ScaledAdd", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    {"ScaledSubtract", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    {"ScaledMultiply", F4 | F8, F4 | F8, 0, F8 | FX, same_formats::free},
    // clang-format on
};

}  // namespace lowp::p3109

#endif  // LOWP_P3109_MINIMUM_SET_HPP
