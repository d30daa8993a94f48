// SPDX-License-Identifier: Apache-2.0
/// \file
/// In which steps ranks reduce a tensor, and under which codecs, as data. spec/collectives.md
/// COL-19.
#ifndef LOWP_COLLECTIVE_REDUCE_SCHEDULE_HPP
#define LOWP_COLLECTIVE_REDUCE_SCHEDULE_HPP

#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "partition.hpp"
#include "rank_task.hpp"
#include "wire_codecs.hpp"
#include "wire_coder.hpp"

namespace lowp {

/// Who sends to whom. How errors grow with the ranks: COL-26. COL-19.
enum class reduce_pattern : std::uint8_t {
  levels,  ///< groups exchange parts and sum them, level by level; the sums return the same way
  ring,    ///< partial sums travel from rank to rank, re-encoded on each hop
};

/// A level: groups of so many ranks that differ in one digit of their rank.
struct reduce_level {
  std::uint32_t ranks = 0;  ///< of a group; 0, in the last level only: all that are left
  wire_codec codec;         ///< of the parts that they send each other
};

/// A schedule. Rank = digit 0 + ranks 0 x (digit 1 + ranks 1 x (...)): level 0 joins neighbours.
struct reduce_schedule {
  reduce_pattern pattern = reduce_pattern::levels;
  std::vector<reduce_level> level;    ///< at least one; of a ring one, with its codec on every hop
  wire_codec gather;                  ///< under which sums are sent to all
  wire_sum sum = wire_sum::in_order;  ///< of a ring only that
};

/// Every rank sends every other its part, and the sums come back: two encodings whatever the ranks.
inline reduce_schedule two_shot(const wire_codec& reduce, const wire_codec& gather) {
  return {.level = {{0, reduce}}, .gather = gather};
}
inline reduce_schedule two_shot(const wire_codec& both) { return two_shot(both, both); }

/// Two-shot within nodes of so many ranks, and between ranks of different nodes that have the same
/// place in theirs.
inline reduce_schedule hierarchical(std::uint32_t node, const wire_codec& within,
                                    const wire_codec& between, const wire_codec& gather) {
  return {.level = {{node, within}, {0, between}}, .gather = gather};
}

/// Recursive halving: 2^`levels` ranks in groups of two, neighbours first; one rank: one level of
/// one.
inline reduce_schedule halving(std::uint32_t levels, const wire_codec& reduce,
                               const wire_codec& gather) {
  if (levels == 0) return {.level = {{1, reduce}}, .gather = gather};
  return {.level = std::vector<reduce_level>(levels, {2, reduce}), .gather = gather};
}

/// Partial sums around a ring: a part of the tensor is encoded ranks - 1 times, then once more.
inline reduce_schedule ring(const wire_codec& reduce, const wire_codec& gather) {
  return {.pattern = reduce_pattern::ring, .level = {{0, reduce}}, .gather = gather};
}

/// A schedule with its coders, for any calls of any groups of ranks. Codecs of one's own are told
/// apart by their ids alone: give different ones different ids.
class reduce_plan {
 public:
  /// Throws `array_error`: a codec that cannot be used, a ring of several levels or exact sums.
  explicit reduce_plan(reduce_schedule s) : schedule_(std::move(s)), gather_(schedule_.gather) {
    if (schedule_.level.empty()) throw array_error("lowp::reduce_plan: the schedule has no level");
    if (schedule_.pattern == reduce_pattern::ring) check_ring();
    take(schedule_.gather);
    for (const reduce_level& l : schedule_.level) {
      coder_.emplace_back(l.codec);
      take(l.codec);
    }
  }

  const reduce_schedule& schedule() const noexcept { return schedule_; }
  const wire_coder& coder(std::size_t level) const noexcept { return coder_[level]; }
  const wire_coder& gather() const noexcept { return gather_; }
  /// Numbers of which the parts of ranks are made: whole rows of every codec.
  std::uint64_t unit() const noexcept { return unit_; }

 private:
  void check_ring() const {
    if (schedule_.level.size() != 1 || schedule_.level[0].ranks != 0) {
      throw array_error("lowp::reduce_plan: a ring has one level, of all ranks");
    }
    if (schedule_.sum != wire_sum::in_order) {
      throw array_error(
          "lowp::reduce_plan: the sum is exact, that of a ring must be in_order: every rank rounds "
          "what it passes on");
    }
  }
  void take(const wire_codec& c) {
    if (!has_right_id(c)) {
      throw array_error("lowp::reduce_plan: a codec has the id " + std::to_string(c.id) +
                        " of a registered one that reads other numbers");
    }
    unit_ = std::lcm(unit_, std::uint64_t{c.row});
    constexpr std::uint64_t most = std::uint64_t{1} << 36;
    if (unit_ > most) {
      throw array_error("lowp::reduce_plan: parts of " + std::to_string(unit_) +
                        " numbers, the least multiple of all rows, are over 2^36");
    }
  }

  reduce_schedule schedule_;
  std::vector<wire_coder> coder_;
  wire_coder gather_;
  std::uint64_t unit_ = 1;
};

/// What a rank reduces at each level of a schedule, for n numbers.
class reduce_places {
 public:
  struct level {
    std::uint32_t ranks;   ///< of the group
    std::uint32_t digit;   ///< of this rank in it
    std::uint32_t stride;  ///< between neighbours of the group
    index_range range;     ///< what the group reduces
  };

  /// Throws `array_error`: levels whose product is not the number of ranks.
  reduce_places(const reduce_plan& plan, rank_of self, std::uint64_t n)
      : self_(self), unit_(plan.unit()), owned_{0, n} {
    std::uint32_t left = self.size, stride = 1;
    for (const reduce_level& l : plan.schedule().level) {
      const bool is_last = &l == &plan.schedule().level.back();
      const std::uint32_t ranks = l.ranks == 0 && is_last ? left : l.ranks;
      if (ranks == 0 || left % ranks != 0) {
        throw array_error("lowp::reduce_plan: a level of " + std::to_string(ranks) +
                          " ranks does not divide " + std::to_string(left) + " of " +
                          std::to_string(self.size) + " ranks");
      }
      level_.push_back({ranks, self.rank / stride % ranks, stride, owned_});
      owned_ = part(level_.size() - 1, level_.back().digit);
      left /= ranks;
      stride *= ranks;
    }
    if (left != 1) {
      throw array_error("lowp::reduce_plan: the levels have " + std::to_string(stride) +
                        " ranks, the group " + std::to_string(self.size));
    }
  }

  std::size_t levels() const noexcept { return level_.size(); }
  const level& operator[](std::size_t h) const noexcept { return level_[h]; }
  /// What this rank owns when all levels are reduced.
  index_range owned() const noexcept { return owned_; }
  /// What the rank with this digit owns after level h.
  index_range part(std::size_t h, std::uint32_t digit) const noexcept {
    return part_of(level_[h].range, unit_, level_[h].ranks, digit);
  }
  /// The rank with this digit in the group of level h.
  std::uint32_t peer(std::size_t h, std::uint32_t digit) const noexcept {
    return self_.rank - level_[h].digit * level_[h].stride + digit * level_[h].stride;
  }
  /// What the numbers that this rank sends at level h are called: at level 0 its contribution, then
  /// the group whose sum they are. COL-17.
  std::uint64_t contribution(std::size_t h, std::uint64_t own) const noexcept {
    return h == 0 ? own : self_.rank / level_[h].stride;
  }

 private:
  rank_of self_;
  std::uint64_t unit_;
  index_range owned_;
  std::vector<level> level_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_REDUCE_SCHEDULE_HPP
