// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kinds of cases that a matrix unit is asked, each made so that few members of a model decide
/// it: spec/diagnosis.md DIA-8.
#ifndef LOWP_GOLDEN_MMA_AIMS_HPP
#define LOWP_GOLDEN_MMA_AIMS_HPP

#include <cstdint>

namespace lowp::golden {

/// What a case is made for.
enum class mma_aim : std::uint8_t {
  addend,   ///< c alone: its bits, subnormals, special codes
  product,  ///< one product alone: rounding, subnormals
  pair,     ///< c and one product, any distance apart: kept bits, direction
  low,      ///< results about the least normal and the least number
  high,     ///< results about the greatest number
  zeros,    ///< zeros of both signs; zeros that meet huge factors; sums of zero
  special,  ///< infinities and NaNs
  triple,   ///< big, -big and a small one at any places: what meets what first, what is lost
  crumbs,   ///< a big one and many equal small ones
  ties,     ///< a big one, half a unit in its last place and a crumb
  dense,    ///< random ones of about one size
  spread,   ///< random ones of all sizes, with cancellations
  lowest,   ///< the least number and crumbs beside it
  scales,   ///< scales of all sizes, zero and NaN
  uniform,  ///< random codes
};
inline constexpr int mma_aims = 15;
/// The first so many need one product and c only.
inline constexpr int mma_single_aims = 7;

/// In a sentence "differs on ...".
inline const char* text(mma_aim a) {
  switch (a) {
    case mma_aim::addend: return "an addend alone";
    case mma_aim::product: return "one product alone";
    case mma_aim::pair: return "the addend and one product";
    case mma_aim::low: return "results near the least normal number";
    case mma_aim::high: return "results near the greatest number";
    case mma_aim::zeros: return "zeros and sums of zero";
    case mma_aim::special: return "infinities and NaNs";
    case mma_aim::triple: return "big, -big and a small term";
    case mma_aim::crumbs: return "a big term and many small ones";
    case mma_aim::ties: return "ties that a crumb decides";
    case mma_aim::dense: return "random terms of one size";
    case mma_aim::spread: return "random terms of all sizes";
    case mma_aim::lowest: return "sums near the least number";
    case mma_aim::scales: return "scales";
    case mma_aim::uniform: return "random codes";
  }
  return "unknown";
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_AIMS_HPP
