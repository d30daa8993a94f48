// SPDX-License-Identifier: Apache-2.0
#include "verify.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "ranks/wire.hpp"
#include "runner.hpp"

namespace lowp::tool {

namespace {

// Can the goal be reached?
bool has_end(const row_check& check) {
  return check.many() != nullptr || check.space_bits() <= 32 || check.row().enough != 0;
}

// Run in full in any case.
bool is_small(const job& j) { return j.check->space_bits() <= small_space_bits; }

// Of one row in so many each rank measures the speed. One that fails shows it again when it is run.
void measure(std::vector<job>& jobs, const verify_options& options, runner& r, team& ranks) {
  std::vector<speed> mine;
  for (job& j : jobs) {
    if (is_small(j)) continue;
    if (j.index % ranks.size() != ranks.rank()) continue;
    speed& found = mine.emplace_back();
    found.row = j.index;
    try {
      found.seconds_per_case = j.check->seconds_per_case(r.first_workspace());
    } catch (const implementation_failure& e) {
      if (e.slow) found.failure = e.what();
    }
  }
  for (const std::string& bytes : ranks.exchange(to_bytes(mine))) {
    for (const speed& found : speeds_of(bytes)) {
      job& j = jobs[found.row];
      const auto inputs = has_end(*j.check) ? static_cast<double>(goal(*j.check))
                                            : std::ldexp(1.0, j.check->space_bits());
      // Building and checking a table, or starting threads, costs something too.
      j.full_seconds = found.seconds_per_case * inputs / options.all_threads + 0.3;
      j.failure = found.failure;
    }
  }
}

// How long a row may take: the leader decides.
struct allowance {
  bool full = false;
  double seconds = 0;
};
allowance agreed(team& ranks, allowance a) {
  const std::string of_leader(reinterpret_cast<const char*>(&a), sizeof a);
  std::memcpy(&a, ranks.broadcast(of_leader).data(), sizeof a);
  return a;
}

// Rows of small spaces, where they are many, are dealt to the ranks whole: to cut them would cost
// more than to run them. The others stay in `jobs`.
void run_dealt(std::vector<job>& jobs, std::vector<row_result>& results, runner& r, team& ranks) {
  constexpr std::size_t many = 4;  // for each rank: then no long one keeps the others waiting
  const auto small =
      std::stable_partition(jobs.begin(), jobs.end(), [](const job& j) { return !is_small(j); });
  const auto count = static_cast<std::size_t>(jobs.end() - small);
  if (ranks.size() == 1 || count < many * ranks.size()) return;
  std::stable_sort(small, jobs.end(), [](const job& a, const job& b) {
    return a.check->space_bits() > b.check->space_bits();
  });
  std::vector<row_result*> dealt;
  for (auto j = small; j != jobs.end(); ++j) {
    row_result& result = results[j->index];
    if (dealt.size() % ranks.size() == ranks.rank()) result = r.run_alone(*j);
    result.row = &j->check->row();
    dealt.push_back(&result);
  }
  collect_results(ranks, dealt);
  jobs.erase(small, jobs.end());
}

}  // namespace

std::vector<row_result> verify(const std::vector<implementation>& rows,
                               const verify_options& options, verify_observer& observer,
                               team& ranks) {
  runner r(options, observer, ranks);
  std::vector<job> jobs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    jobs.push_back({i, std::make_unique<row_check>(rows[i]), 0});
  }
  measure(jobs, options, r, ranks);
  const double expected = std::accumulate(
      jobs.begin(), jobs.end(), 0.0, [](double sum, const job& j) { return sum + j.full_seconds; });
  r.expect_total(std::min(expected, options.budget));
  std::vector<row_result> results(rows.size());
  run_dealt(jobs, results, r, ranks);
  // Dot products before the rest: no table makes their golden model fast, and sweeps would leave
  // them little. Cheap rows first: what they leave of the budget is known when the dear ones share
  // it. Conversions from integers come last of those that could be run in full: few results, little
  // to be found beyond their steps.
  const auto rank = [](const job& j) {
    const bool integers =
        operand_fields(j.check->row().model)[0].of.kind == number_kind::fixed_point;
    const bool late = integers && j.check->space_bits() > small_space_bits;
    return std::pair{j.check->many() != nullptr ? -1 : late ? 1 : 0, j.full_seconds};
  };
  std::stable_sort(jobs.begin(), jobs.end(),
                   [&](const job& a, const job& b) { return rank(a) < rank(b); });

  for (std::size_t k = 0; k < jobs.size(); ++k) {
    const job& j = jobs[k];
    const double left = std::max(0.0, options.budget - r.elapsed());
    const double behind = static_cast<double>(jobs.size() - k - 1);
    // What a dearer row gets at least if this one is run in full: tables, directed inputs, some
    // more.
    const double least = std::max(0.35 * options.budget / static_cast<double>(jobs.size()), 0.06);
    const double spare = left - behind * least;
    const bool full = has_end(*j.check) && j.full_seconds <= spare;
    const double limit = full ? spare : left / (behind + 1);
    const allowance a = is_small(j) ? allowance{} : agreed(ranks, {full, limit});
    results[j.index] = r.run(j, a.full, a.seconds);
  }
  share_results(ranks, results);
  return results;
}

void collect_results(team& ranks, const std::vector<row_result*>& results) {
  if (ranks.size() == 1) return;
  std::vector<row_result> mine;
  for (std::size_t i = ranks.rank(); i < results.size(); i += ranks.size()) {
    mine.push_back(*results[i]);
  }
  const std::vector<std::string> parts = ranks.gather(to_bytes(mine));
  for (std::size_t r = 0; r < parts.size(); ++r) {
    std::vector<row_result> part = results_of(parts[r]);
    for (std::size_t i = 0; i < part.size(); ++i) {
      row_result& to = *results.at(r + i * ranks.size());
      part[i].row = to.row;
      to = std::move(part[i]);
    }
  }
}

void share_results(team& ranks, std::vector<row_result>& results) {
  if (ranks.size() == 1) return;
  std::vector<row_result> shared =
      results_of(ranks.broadcast(ranks.leads() ? to_bytes(results) : ""));
  for (std::size_t i = 0; i < results.size(); ++i) {
    shared.at(i).row = results[i].row;
    results[i] = std::move(shared[i]);
  }
}

}  // namespace lowp::tool
