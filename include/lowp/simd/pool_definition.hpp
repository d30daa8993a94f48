// SPDX-License-Identifier: Apache-2.0
/// \file
/// What kernels need to know of bags, and a bag by the definition on the machine's binary32.
/// spec/bulk.md BLK-11.
#ifndef LOWP_SIMD_POOL_DEFINITION_HPP
#define LOWP_SIMD_POOL_DEFINITION_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "../integer/table/bag.hpp"
#include "rowwise_definition.hpp"

namespace lowp::simd {

/// A call that was checked.
struct pool_plan {
  rowwise_table table;
  std::span<const std::int64_t> indices;
  std::span<const std::int64_t> offsets;  ///< of the bags, and the end
  const float* weights;                   ///< null: each is 1
  pooling_options how;
  row_plan row;        ///< of the table
  const plan* output;  ///< from binary32 to what is written, null without
};

/// Where the weights of a bag begin, or null.
LOWP_UNIT inline const float* weights_of(const pool_plan& p, std::uint64_t begin) {
  if (p.weights == nullptr || p.how.weight_by_place) return p.weights;
  return p.weights + begin;
}

/// A bag by the definition. A `float_environment` must live.
LOWP_UNIT inline void define_bag(const pool_plan& p, std::uint64_t bag, std::byte* out) {
  const auto begin = static_cast<std::uint64_t>(p.offsets[bag]);
  const auto length = static_cast<std::uint64_t>(p.offsets[bag + 1]) - begin;
  std::vector<machine_binary32> weights;
  if (const float* w = weights_of(p, begin); w != nullptr && length != 0) {
    weights.resize(length);
    std::memcpy(static_cast<void*>(weights.data()), w, 4 * length);
  }
  const std::int64_t offsets[2] = {0, static_cast<std::int64_t>(length)};
  const row_bags one{p.indices.subspan(begin, length), offsets};
  const std::span<const machine_binary32> given =
      weights.empty() ? std::span<const machine_binary32>() : std::span(std::as_const(weights));
  // Nothing is refused that was checked as a whole.
  (void)lowp::pool_rows<machine_binary32>(
      p.table, one, given, std::span(out, p.table.columns * bytes_of(p.how.output)), p.how);
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_POOL_DEFINITION_HPP
