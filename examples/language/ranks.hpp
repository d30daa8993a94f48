// SPDX-License-Identifier: Apache-2.0
// Ranks that share the sequences of a batch: what they add up beside the products of layers.
#ifndef LOWP_EXAMPLES_LANGUAGE_RANKS_HPP
#define LOWP_EXAMPLES_LANGUAGE_RANKS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <lowp/collective/rank_task.hpp>
#include <lowp/training/training_recipe.hpp>

#include "fixed_sums.hpp"

namespace language {

// The bytes of all ranks, as many of each, end to end.
inline std::vector<std::byte> gather(std::span<const std::byte> mine, lowp::transport& ranks) {
  const lowp::rank_of self = ranks.self();
  std::vector<std::byte> all(self.size * mine.size());
  const auto place = [&](std::uint32_t rank) {
    return std::span(all).subspan(rank * mine.size(), mine.size());
  };
  std::memcpy(place(self.rank).data(), mine.data(), mine.size());
  lowp::message_round round;
  for (std::uint32_t rank = 0; rank < self.size; ++rank) {
    if (rank == self.rank) continue;
    round.send.push_back({rank, mine});
    round.receive.push_back({rank, place(rank)});
  }
  ranks.exchange(round);
  for (const lowp::incoming_message& m : round.receive) {
    if (m.came == mine.size()) continue;
    throw std::runtime_error("rank " + std::to_string(m.from) + " sent " + std::to_string(m.came) +
                             " bytes, not " + std::to_string(mine.size()));
  }
  return all;
}

// Sums of all ranks, the same bits on each; null: there is one.
inline void add_ranks(order_free_sums& sums, lowp::transport* ranks) {
  if (ranks == nullptr) return;
  for (std::vector<double>& part : sums.parts()) {
    const std::vector<std::byte> all = gather(std::as_bytes(std::span(part)), *ranks);
    std::vector<double> other(part.size());
    part.assign(part.size(), 0);
    for (std::uint32_t rank = 0; rank < ranks->self().size; ++rank) {
      std::memcpy(other.data(), all.data() + rank * 8 * other.size(), 8 * other.size());
      for (std::size_t i = 0; i < part.size(); ++i) part[i] += other[i];
    }
  }
}
inline std::uint64_t add_ranks(std::uint64_t count, lowp::transport* ranks) {
  order_free_sums sum(1);
  sum.add(static_cast<double>(count));
  add_ranks(sum, ranks);
  return static_cast<std::uint64_t>(sum.sum());
}

// The sequences of `count` that this rank has: `first` and how many. Throws std::invalid_argument
// where ranks do not divide them.
struct share {
  std::uint64_t first = 0, count = 0;
};
inline share share_of(const char* name, std::uint64_t count, const lowp::transport* ranks) {
  if (ranks == nullptr) return {0, count};
  const lowp::rank_of self = ranks->self();
  if (count % self.size != 0) {
    throw std::invalid_argument(std::string(name) + ": is " + std::to_string(count) + ", the " +
                                std::to_string(self.size) + " ranks must divide it");
  }
  return {self.rank * (count / self.size), count / self.size};
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_RANKS_HPP
