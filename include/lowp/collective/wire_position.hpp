// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where a message stands in the whole that it is a part of. spec/collectives.md COL-3.
#ifndef LOWP_COLLECTIVE_WIRE_POSITION_HPP
#define LOWP_COLLECTIVE_WIRE_POSITION_HPP

#include <cstdint>

#include "../random/random_source.hpp"

namespace lowp {

/// Where a message gets random bits and where in the whole it begins.
struct wire_position {
  random_source random = {};  ///< of stochastic codecs
  /// Index of the message's first number in the tensor that the random source counts: a multiple
  /// of the codec's `row`, so that rows are the same in every cut of the tensor.
  std::uint64_t first = 0;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_WIRE_POSITION_HPP
