// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers that live from step to step, in few bits: master weights, moments of optimisers.
/// spec/training.md TRN-10.
#ifndef LOWP_TRAINING_STORAGE_HPP
#define LOWP_TRAINING_STORAGE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../simd/convert.hpp"
#include "training_recipe.hpp"

namespace lowp {

/// Where an array is in the tensor that random indices count, and who works.
struct storage_options {
  std::uint64_t first = 0;  ///< index of the first number
  unsigned threads = 1;     ///< this and `pool`: as in `thread_options`
  parallel_for pool = {};
};

/// Makes each number what it is once it has been stored: converted to the rule's format, and back.
/// Throws `array_error` as `convert`. TRN-10.
inline void store(const storage_rule& rule, std::span<float> x, const random_source& random = {},
                  const storage_options& options = {}) {
  if (rule.element == formats::binary32) return;
  const array_layout codes(rule.element, packing{});
  constexpr std::size_t piece = std::size_t{1} << 16;
  std::vector<std::byte> room(bytes_of(codes, x.size() < piece ? x.size() : piece));
  for (std::size_t i = 0; i < x.size(); i += piece) {
    const std::span<float> some = x.subspan(i, x.size() - i < piece ? x.size() - i : piece);
    convert(some, codes, room, rule.conversion,
            {.random = random,
             .first = options.first + i,
             .threads = options.threads,
             .pool = options.pool});
    convert(std::span<const std::byte>(room), codes, some, {},
            {.threads = options.threads, .pool = options.pool});
  }
}

}  // namespace lowp

#endif  // LOWP_TRAINING_STORAGE_HPP
