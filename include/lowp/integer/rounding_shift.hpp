// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integers divided by powers of two, rounded as fixed-point arithmetic does it.
#ifndef LOWP_INTEGER_ROUNDING_SHIFT_HPP
#define LOWP_INTEGER_ROUNDING_SHIFT_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp {

/// Which integer a quotient becomes. Ties up is what adding half and shifting does; `rounding` of
/// projections has no such mode.
enum class integer_rounding : std::uint8_t {
  toward_negative,
  toward_zero,
  to_nearest_up,    ///< ties toward plus infinity: floor(x + 1/2)
  to_nearest_away,  ///< ties away from zero
  to_nearest_even,
};

/// x / 2^n for n >= 0, of any size. spec/integers.md INT-2.
LOWP_FN std::int64_t shift_right(std::int64_t x, int n, integer_rounding r) noexcept {
  if (n == 0) return x;
  // Of 65 places and more only the sign is left: as of 65.
  const int places = n < 65 ? n : 65;
  const std::int64_t floor = places < 64 ? x >> places : (x < 0 ? -1 : 0);
  // The fraction above the floor, left-aligned: 2^63 is one half.
  std::uint64_t fraction = static_cast<std::uint64_t>(x);
  bool rest = false;
  if (places < 64) {
    fraction <<= 64 - places;
  } else if (places == 65) {
    rest = (fraction & 1) != 0;
    fraction = fraction >> 1 | (x < 0 ? std::uint64_t{1} << 63 : 0);
  }
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  const bool tie = fraction == half && !rest;
  const bool above = fraction >= half && !tie;
  const bool inexact = fraction != 0 || rest;
  switch (r) {
    case integer_rounding::toward_negative: return floor;
    case integer_rounding::toward_zero: return floor + (x < 0 && inexact ? 1 : 0);
    case integer_rounding::to_nearest_up: return floor + (above || tie ? 1 : 0);
    case integer_rounding::to_nearest_away: return floor + (above || (tie && x > 0) ? 1 : 0);
    case integer_rounding::to_nearest_even: break;
  }
  return floor + (above || (tie && (floor & 1) != 0) ? 1 : 0);
}

}  // namespace lowp

#endif  // LOWP_INTEGER_ROUNDING_SHIFT_HPP
