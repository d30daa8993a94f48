// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random sources of the hops of an operation. spec/collectives.md COL-17.
#ifndef LOWP_COLLECTIVE_COLLECTIVE_RANDOM_HPP
#define LOWP_COLLECTIVE_COLLECTIVE_RANDOM_HPP

#include <cstdint>

#include "../random/random_source.hpp"

namespace lowp {

/// The source of one contribution on one hop: the seed of `base`, and a stream that differs from
/// those of other streams, hops and contributions. The caller's stream tells tensors and steps
/// apart; a contribution is what one addend is called, whichever rank holds it. COL-17.
LOWP_FN random_source source_of_hop(const random_source& base, std::uint32_t hop,
                                    std::uint64_t contribution) noexcept {
  constexpr std::uint32_t own_domain = 0x434f4c4c;  // COLL
  const random_block counter{{hop, static_cast<std::uint32_t>(contribution),
                              static_cast<std::uint32_t>(contribution >> 32), own_domain}};
  const random_block b = philox4x32_10(counter, static_cast<std::uint32_t>(base.stream),
                                       static_cast<std::uint32_t>(base.stream >> 32));
  return {base.seed, b.word[0] | std::uint64_t{b.word[1]} << 32, base.generator};
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_COLLECTIVE_RANDOM_HPP
