// SPDX-License-Identifier: Apache-2.0
/// \file
/// Projection specifications of IEEE P3109: rounding mode, saturation mode, version of the report.
#ifndef LOWP_P3109_PROJECTION_HPP
#define LOWP_P3109_PROJECTION_HPP

#include <cstdint>

#include "../projection.hpp"
#include "format.hpp"

namespace lowp::p3109 {

/// Section 4.7.4. The stochastic modes use `ProjSpec::N` and `ProjSpec::R`.
enum class RoundingMode : std::uint8_t {
  NearestTiesToEven,
  NearestTiesToAway,
  TowardPositive,
  TowardNegative,
  TowardZero,
  ToOdd,
  StochasticA,
  StochasticB,
  StochasticC,
};

/// Section 4.7.5.
enum class SaturationMode : std::uint8_t { SatFinite, SatPropagate, SatNone };

/// Whose results: the report moved since, and will again. spec/p3109.md IEP-4 lists what differs.
enum class Version : std::uint8_t {
  InterimReport_4_0,            ///< June 2026
  FormalSpecification_2026_07,  ///< imandra-ai/ieee-p3109 commit 7b6f5ba, 14 July 2026
};

using enum RoundingMode;
using enum SaturationMode;
using enum Version;

/// A projection specification, rho = (round, sat). Section 4.7.3; spec/p3109.md IEP-3.
struct ProjSpec {
  RoundingMode round = NearestTiesToEven;
  SaturationMode sat = SatNone;
  std::uint8_t N = 0;   ///< number of random bits of a stochastic mode, 0...32
  std::uint64_t R = 0;  ///< the random bits, 0 <= R < 2^N
  Version version = InterimReport_4_0;

  friend LOWP_FN bool operator==(const ProjSpec&, const ProjSpec&) noexcept = default;
};

/// Section 4.14.
LOWP_FN RoundingMode RoundOf(const ProjSpec& rho) noexcept { return rho.round; }
LOWP_FN SaturationMode SatOf(const ProjSpec& rho) noexcept { return rho.sat; }

namespace detail {

LOWP_FN rounding rounding_of(const ProjSpec& rho) noexcept {
  switch (rho.round) {
    case NearestTiesToEven: return rounding::to_nearest_even;
    case NearestTiesToAway: return rounding::to_nearest_away;
    case TowardPositive: return rounding::toward_positive;
    case TowardNegative: return rounding::toward_negative;
    case TowardZero: return rounding::toward_zero;
    case ToOdd: return rounding::to_odd;
    case StochasticA:
    case StochasticB:
    case StochasticC: break;
  }
  // Without random bits the formal specification never rounds away. A does just that, and unlike
  // toward_zero it does not point back from an overflow.
  const bool never_away = rho.N == 0 && rho.version != InterimReport_4_0;
  if (never_away || rho.round == StochasticA) return rounding::stochastic_a;
  return rho.round == StochasticB ? rounding::stochastic_b : rounding::stochastic_c;
}

}  // namespace detail

/// The same specification as a projection of lowp, for results in `f`. spec/p3109.md IEP-3.
LOWP_FN projection projection_of(format f, const ProjSpec& rho) noexcept {
  const bool report = rho.version == InterimReport_4_0;
  projection p{.round = detail::rounding_of(rho),
               .nan_sign = sign_rule::positive,
               .zero_sign = sign_rule::positive,
               .random_bits = rho.N,
               .rules = report ? operation_rules::p3109_4_0 : operation_rules::p3109_2026_07};
  if (rho.sat == SatNone) {
    p.overflow = overflow_rule::ieee;
    p.negative = negative_rule::p3109;
    p.no_infinity = report ? no_infinity_rule::max_finite : no_infinity_rule::nan;
    // Of the greatest finite codes that are odd, the report spares those of unsigned extended
    // formats only, not those of the external ones.
    p.odd_overflows = !report || f.is_signed;
  } else {
    p.overflow = rho.sat == SatFinite ? overflow_rule::saturate : overflow_rule::saturate_finite;
    p.negative = negative_rule::clamp;
    p.no_infinity = no_infinity_rule::max_finite;
  }
  return p;
}

/// Section 4.7.3: round, saturate, encode. spec/p3109.md IEP-3.
LOWP_FN code_t Project(format f, const ProjSpec& rho, const exact& X) noexcept {
  return lowp::encode(f, X, projection_of(f, rho), rho.R);
}

}  // namespace lowp::p3109

#endif  // LOWP_P3109_PROJECTION_HPP
