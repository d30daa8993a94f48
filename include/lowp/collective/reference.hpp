// SPDX-License-Identifier: Apache-2.0
/// \file
/// What operations of many ranks return, as functions of the numbers of all ranks: no messages, no
/// parts, one row after another by the definition. spec/collectives.md COL-19, COL-20.
#ifndef LOWP_COLLECTIVE_REFERENCE_HPP
#define LOWP_COLLECTIVE_REFERENCE_HPP

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "../reduce.hpp"
#include "collective_random.hpp"
#include "reduce_schedule.hpp"
#include "wire_definition.hpp"

namespace lowp {

/// The numbers of one rank, or of one addend.
using rank_numbers = std::vector<float>;

namespace detail {

/// What arrives of numbers that were sent under a codec, `first` of them before these.
inline rank_numbers arrived(const wire_codec& c, std::span<const float> x,
                            const random_source& random, std::uint64_t first = 0) {
  std::vector<std::byte> bytes(encoded_size(c, x.size()));
  encode_wire(c, x, bytes.data(), {random, first});
  rank_numbers y(x.size());
  decode_wire(c, bytes.data(), std::span(y));
  return y;
}

/// COL-16.
inline rank_numbers sum_of(std::span<const rank_numbers> addends, wire_sum how) {
  rank_numbers sum(addends[0].size());
  std::vector<float32> x(addends.size());
  for (std::size_t i = 0; i < sum.size(); ++i) {
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = real<float32>(addends[k][i]);
    float32 s = x[0];
    for (std::size_t k = 1; k < x.size(); ++k) s = s + x[k];
    if (how == wire_sum::exact) s = lowp::sum<float32>(x.data(), x.size());
    sum[i] = bit_cast<float>(s.code());
  }
  return sum;
}

inline rank_numbers reference_levels(const reduce_schedule& s, std::vector<rank_numbers> all,
                                     const random_source& random,
                                     std::span<const std::uint64_t> contributions) {
  std::uint32_t hop = 0;
  for (const reduce_level& l : s.level) {
    const std::size_t group = l.ranks == 0 ? all.size() : l.ranks;
    std::vector<rank_numbers> sums;
    for (std::size_t first = 0; first < all.size(); first += group) {
      std::vector<rank_numbers> addends;
      for (std::size_t k = first; k < first + group; ++k) {
        const std::uint64_t name = hop == 0 && !contributions.empty() ? contributions[k] : k;
        addends.push_back(arrived(l.codec, all[k], source_of_hop(random, hop, name)));
      }
      sums.push_back(sum_of(addends, s.sum));
    }
    all.swap(sums);
    ++hop;
  }
  return arrived(s.gather, all[0], source_of_hop(random, hop, 0));
}

inline rank_numbers reference_ring(const reduce_schedule& s, const std::vector<rank_numbers>& all,
                                   const random_source& random) {
  const auto ranks = static_cast<std::uint32_t>(all.size());
  const index_range whole{0, all[0].size()};
  const std::uint64_t unit = std::lcm(std::uint64_t{s.level[0].codec.row}, s.gather.row);
  rank_numbers result;
  for (std::uint32_t p = 0; p < ranks; ++p) {
    const index_range r = part_of(whole, unit, ranks, p);
    const auto own = [&](std::uint32_t rank) {
      return std::span(all[rank % ranks]).subspan(r.first, r.count);
    };
    rank_numbers partial(own(p).begin(), own(p).end());
    for (std::uint32_t h = 0; h + 1 < ranks; ++h) {
      const rank_numbers before =
          arrived(s.level[0].codec, partial, source_of_hop(random, h, 0), r.first);
      const std::span<const float> mine = own(p + h + 1);
      const rank_numbers addends[] = {before, rank_numbers(mine.begin(), mine.end())};
      partial = sum_of(addends, wire_sum::in_order);
    }
    const rank_numbers y = arrived(s.gather, partial, source_of_hop(random, ranks - 1, 0), r.first);
    result.insert(result.end(), y.begin(), y.end());
  }
  return result;
}

}  // namespace detail

/// What `all_reduce` gives every rank: `all` has the numbers of each rank, as many of each;
/// `contributions`, if there are any, what the numbers of each rank are called. The schedule must
/// be one for so many ranks.
inline rank_numbers reference_all_reduce(const reduce_schedule& s,
                                         const std::vector<rank_numbers>& all,
                                         const random_source& random = {},
                                         std::span<const std::uint64_t> contributions = {}) {
  if (s.pattern == reduce_pattern::ring) return detail::reference_ring(s, all, random);
  return detail::reference_levels(s, all, random, contributions);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_REFERENCE_HPP
