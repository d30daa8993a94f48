// SPDX-License-Identifier: Apache-2.0
/// \file
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random
/// Numbers: As Easy as 1, 2, 3" (SC11): 128 random bits as a function of a counter and a key.
#ifndef LOWP_RANDOM_PHILOX_HPP
#define LOWP_RANDOM_PHILOX_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp {

/// Four words of 32 bits: a counter, or what a generator makes of it.
struct random_block {
  std::uint32_t word[4] = {};

  friend LOWP_FN bool operator==(const random_block&, const random_block&) noexcept = default;
};

namespace detail {

inline constexpr std::uint32_t philox_multiplier_0 = 0xd2511f53;
inline constexpr std::uint32_t philox_multiplier_1 = 0xcd9e8d57;
inline constexpr std::uint32_t philox_weyl_0 = 0x9e3779b9;
inline constexpr std::uint32_t philox_weyl_1 = 0xbb67ae85;
inline constexpr int philox_rounds = 10;

}  // namespace detail

/// Philox4x32-10 of a counter under a key of two words. spec/random.md RND-1.
LOWP_FN random_block philox4x32_10(random_block counter, std::uint32_t key0,
                                   std::uint32_t key1) noexcept {
  random_block x = counter;
  for (int round = 0; round < detail::philox_rounds; ++round) {
    const std::uint64_t p0 = std::uint64_t{detail::philox_multiplier_0} * x.word[0];
    const std::uint64_t p1 = std::uint64_t{detail::philox_multiplier_1} * x.word[2];
    x = {{static_cast<std::uint32_t>(p1 >> 32) ^ x.word[1] ^ key0, static_cast<std::uint32_t>(p1),
          static_cast<std::uint32_t>(p0 >> 32) ^ x.word[3] ^ key1, static_cast<std::uint32_t>(p0)}};
    key0 += detail::philox_weyl_0;
    key1 += detail::philox_weyl_1;
  }
  return x;
}

}  // namespace lowp

#endif  // LOWP_RANDOM_PHILOX_HPP
