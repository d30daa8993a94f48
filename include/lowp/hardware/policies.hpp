// SPDX-License-Identifier: Apache-2.0
/// \file
/// Projections of standards, whatever the formats. Those of vendors are next to their rules.
#ifndef LOWP_HARDWARE_POLICIES_HPP
#define LOWP_HARDWARE_POLICIES_HPP

#include "conversion_rule.hpp"

namespace lowp {

namespace policies {

/// IEEE 754-2019 attributes with default exception handling. NaN payloads are kept, as
/// section 6.2.3 recommends and as hardware does that propagates NaNs.
inline constexpr projection ieee754{.nan = nan_rule::payload};
inline constexpr projection ieee754_nearest_away{.round = to_nearest_away,
                                                 .nan = nan_rule::payload};
inline constexpr projection ieee754_toward_zero{.round = toward_zero, .nan = nan_rule::payload};
inline constexpr projection ieee754_toward_positive{.round = toward_positive,
                                                    .nan = nan_rule::payload};
inline constexpr projection ieee754_toward_negative{.round = toward_negative,
                                                    .nan = nan_rule::payload};

/// OCP OFP8 v1.0, the two overflow modes that it allows; NaN codes and signs are left open there.
inline constexpr projection ocp_saturating{.overflow = saturate};
inline constexpr projection ocp_not_saturating{.overflow = ieee};

/// IEEE P3109 interim report 4.0, section 4.7.5, with nearest-even; set `round` for other modes.
/// spec/projection.md PRJ-13.
/// A finite domain has no use for NaN there: what is out of range clamps.
inline constexpr projection p3109_sat_finite{.overflow = saturate,
                                             .zero_sign = sign_rule::positive};
inline constexpr projection p3109_sat_propagate{.overflow = saturate_finite,
                                                .no_infinity = no_infinity_rule::max_finite,
                                                .zero_sign = sign_rule::positive};
inline constexpr projection p3109_sat_none{.overflow = ieee,
                                           .no_infinity = no_infinity_rule::max_finite,
                                           .negative = negative_rule::p3109,
                                           .zero_sign = sign_rule::positive};
/// The formal specification of 14 July 2026, newer than the report: NaN in finite domains, and
/// to_odd overflows to infinity.
inline constexpr projection p3109_sat_none_formal{.overflow = ieee,
                                                  .negative = negative_rule::p3109,
                                                  .zero_sign = sign_rule::positive,
                                                  .odd_overflows = true};

}  // namespace policies

namespace rules {

/// The standards' projections by name.
inline constexpr named_projection standards[] = {
    {"IEEE 754", policies::ieee754, "IEEE 754-2019 sections 4.3, 7.4"},
    {"IEEE 754 nearest away", policies::ieee754_nearest_away, "IEEE 754-2019 sections 4.3, 7.4"},
    {"IEEE 754 toward zero", policies::ieee754_toward_zero, "IEEE 754-2019 sections 4.3, 7.4"},
    {"IEEE 754 toward positive", policies::ieee754_toward_positive,
     "IEEE 754-2019 sections 4.3, 7.4"},
    {"IEEE 754 toward negative", policies::ieee754_toward_negative,
     "IEEE 754-2019 sections 4.3, 7.4"},
    {"OCP saturating", policies::ocp_saturating, "OCP OFP8 v1.0"},
    {"OCP not saturating", policies::ocp_not_saturating, "OCP OFP8 v1.0"},
    {"P3109 SatFinite", policies::p3109_sat_finite, "IEEE P3109 interim report 4.0, 4.7.5"},
    {"P3109 SatPropagate", policies::p3109_sat_propagate, "IEEE P3109 interim report 4.0, 4.7.5"},
    {"P3109 SatNone", policies::p3109_sat_none, "IEEE P3109 interim report 4.0, 4.7.5"},
    {"P3109 SatNone formal", policies::p3109_sat_none_formal,
     "imandra-ai/ieee-p3109 commit 7b6f5ba"},
};

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_POLICIES_HPP
