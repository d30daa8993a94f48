// SPDX-License-Identifier: Apache-2.0
/// \file
/// The processes that share a run, ranks 0...size - 1, and what they tell each other. Every rank
/// makes the same calls in the same order. Rank 0 leads: it decides and reports. GLD-17.
#ifndef LOWP_FUZZ_RANKS_TEAM_HPP
#define LOWP_FUZZ_RANKS_TEAM_HPP

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace lowp::tool {

class team {
 public:
  virtual ~team() = default;
  virtual std::size_t rank() const = 0;
  virtual std::size_t size() const = 0;
  /// What every rank gives, by rank: on rank 0. Nothing on others.
  virtual std::vector<std::string> gather(const std::string& mine) = 0;
  /// What rank 0 gives, on all.
  virtual std::string broadcast(const std::string& of_leader) = 0;

  bool leads() const { return rank() == 0; }
  /// What every rank gives, by rank: on all.
  std::vector<std::string> exchange(const std::string& mine) {
    std::vector<std::string> all = gather(mine);
    all.resize(size());
    for (std::string& text : all) text = broadcast(text);
    return all;
  }
};

/// One process.
class team_of_one final : public team {
 public:
  std::size_t rank() const override { return 0; }
  std::size_t size() const override { return 1; }
  std::vector<std::string> gather(const std::string& mine) override { return {mine}; }
  std::string broadcast(const std::string& of_leader) override { return of_leader; }
};

/// An error that all ranks know of, and that the leader alone tells.
struct common_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `work()` on all ranks; where it throws on one, all throw `common_error`.
template <class Work>
void together(team& t, const Work& work) {
  if (t.size() == 1) return work();
  std::string error;
  try {
    work();
  } catch (const std::exception& e) {
    error = fmt::format("!{}", e.what());
  }
  const std::vector<std::string> errors = t.exchange(error);
  for (std::size_t r = 0; r < errors.size(); ++r) {
    if (errors[r].empty()) continue;
    const std::string words = errors[r].substr(1);
    throw common_error(r == 0 ? words : fmt::format("rank {}: {}", r, words));
  }
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_RANKS_TEAM_HPP
