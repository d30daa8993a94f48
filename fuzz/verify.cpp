// SPDX-License-Identifier: Apache-2.0
#include "verify.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "row_check.hpp"

namespace lowp::tool {

namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

// Spaces up to this size are run in full whatever the budget.
constexpr int small_space_bits = 20;
// Sampled tables are walked in this many interleaved passes.
constexpr int pass_bits = 8;

struct job {
  std::size_t index = 0;  // of the row
  std::unique_ptr<row_check> check;
  double full_seconds = 0;
  std::string failure{};  // found while its speed was measured, if to see it again takes long
};

// Cases after which a row is done: all inputs, or what the row says.
std::uint64_t goal(const row_check& check) {
  const bool small = check.space_bits() <= (check.many() != nullptr ? small_space_bits : 32);
  const bool endless = check.many() == nullptr && check.row().enough == 0;
  if (small || endless) return std::uint64_t{1} << std::min(check.space_bits(), 48);
  const std::uint64_t enough = check.row().enough == 0 ? enough_dots : check.row().enough;
  return check.many() == nullptr ? enough : std::max(enough, check.many()->directed);
}

// Can the goal be reached?
bool has_end(const row_check& check) {
  return check.many() != nullptr || check.space_bits() <= 32 || check.row().enough != 0;
}

// One that fails shows it again when it is run.
double seconds_per_case(job& j, workspace& w) {
  try {
    return j.check->seconds_per_case(w);
  } catch (const implementation_failure& e) {
    if (e.slow) j.failure = e.what();
    return 0;
  }
}

class runner {
 public:
  runner(const verify_options& options, verify_observer& observer)
      : options_(options), observer_(observer), start_(clock::now()), spaces_(options.threads) {}

  workspace& first_workspace() { return spaces_[0]; }
  double elapsed() const { return since(start_); }
  void expect_total(double seconds) { expected_total_ = seconds; }

  // `full`: all inputs are meant to be run, which the deadline may still cut short.
  row_result run(const job& j, bool full, double deadline);

 private:
  // Calls chunk(workspace, tally, k) for k in [0, chunks) from all threads, in order of k, until
  // the deadline; every thread does at least one. True if all were done. Not behind a failure.
  template <class Chunk>
  bool parallel(const row_check& check, std::uint64_t chunks, double deadline, tally& sum,
                const Chunk& chunk);
  void report_progress(const row_check& check);

  const verify_options& options_;
  verify_observer& observer_;
  clock::time_point start_;
  std::vector<workspace> spaces_;
  double expected_total_ = 0;
  std::mutex progress_mutex_;
  double last_report_ = -1;
  std::string failure_;  // of the present row
};

template <class Chunk>
bool runner::parallel(const row_check& check, std::uint64_t chunks, double deadline, tally& sum,
                      const Chunk& chunk) {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> failed{!failure_.empty()};
  std::mutex sum_mutex;
  const auto work = [&](workspace& space) {
    tally mine;
    std::string failure;
    for (bool first = true; !failed && (first || elapsed() < deadline); first = false) {
      const std::uint64_t k = next.fetch_add(1);
      if (k >= chunks) break;
      try {
        chunk(space, mine, k);
        done.fetch_add(1);
      } catch (const implementation_failure& e) {
        failure = e.what();
        failed = true;
      }
      report_progress(check);
    }
    const std::lock_guard lock(sum_mutex);
    sum.add(mine);
    if (failure_.empty()) failure_ = failure;
  };
  std::vector<std::thread> threads;
  const std::uint64_t used = std::min<std::uint64_t>(spaces_.size(), chunks);
  for (std::uint64_t i = 1; i < used; ++i) threads.emplace_back(work, std::ref(spaces_[i]));
  work(spaces_[0]);
  for (std::thread& t : threads) t.join();
  return done.load() == chunks;
}

void runner::report_progress(const row_check& check) {
  const std::unique_lock lock(progress_mutex_, std::try_to_lock);
  const double now = elapsed();
  if (!lock.owns_lock() || now - last_report_ < 0.1) return;
  last_report_ = now;
  observer_.progress(check.row(), now / std::max({now, expected_total_, 1e-3}));
}

row_result runner::run(const job& j, bool full, double deadline) {
  const auto begin = clock::now();
  row_check& check = *j.check;
  row_result result;
  result.row = &check.row();
  failure_ = j.failure;
  result.space_bits = check.space_bits();
  if (!failure_.empty()) {
    result.failure = failure_;
    return result;
  }
  tally directed;
  tally sum;
  tally short_ones;
  check.prepare();
  // One pass has all lengths; of slow ones there may be no more.
  parallel(check, check.row().short_batches, elapsed() + std::max(1.0, 0.02 * options_.budget),
           short_ones, [&](workspace& w, tally& t, std::uint64_t k) { check.run_short(w, k, t); });
  const std::uint64_t seed = random_bits(options_.seed, j.index);
  if (check.space_bits() <= small_space_bits) {
    full = true;
    deadline = INFINITY;
  } else if (check.many() == nullptr) {
    const std::vector<operands> cases = check.directed();
    const std::uint64_t blocks = (cases.size() + workspace::block - 1) / workspace::block;
    parallel(check, blocks, INFINITY, directed, [&](workspace& w, tally& t, std::uint64_t k) {
      const std::size_t first = k * workspace::block;
      const std::size_t n = std::min(workspace::block, cases.size() - first);
      check.run_cases(
          w, [&](std::size_t i) { return cases[first + i]; }, n, t);
    });
  }

  if (check.many() != nullptr) {
    const std::uint64_t cases = goal(check);
    const std::uint64_t blocks = (cases + workspace::block - 1) / workspace::block;
    const bool all =
        parallel(check, blocks, deadline, sum, [&](workspace& w, tally& t, std::uint64_t k) {
          const std::uint64_t first = k * workspace::block;
          const std::uint64_t n = std::min<std::uint64_t>(workspace::block, cases - first);
          check.run_many(w, seed, first, n, t);
        });
    result.complete = all && check.space_bits() <= small_space_bits;
  } else if (check.uses_steps()) {
    constexpr std::size_t blocks_per_chunk = 256;
    constexpr std::uint64_t chunk_inputs = blocks_per_chunk * workspace::block;
    const std::uint64_t stride = full ? 1 : std::uint64_t{1} << pass_bits;
    constexpr std::uint64_t chunks = (std::uint64_t{1} << 32) / chunk_inputs;
    const std::uint64_t chunks_per_pass = chunks / stride;
    result.complete =
        parallel(check, chunks, deadline, sum, [&](workspace& w, tally& t, std::uint64_t k) {
          // Odd multipliers permute passes and chunks, so that a run that is cut short
          // has seen all regions.
          const std::uint64_t pass =
              (k / chunks_per_pass * (seed | 1) + (seed >> 32)) & (stride - 1);
          const std::uint64_t inside = (k * 0x9e3779b1 & (chunks_per_pass - 1)) * chunk_inputs;
          for (std::size_t b = 0; b < blocks_per_chunk; ++b) {
            check.run_strided(w, pass + (inside + b * workspace::block) * stride, stride,
                              workspace::block, t);
          }
        });
  } else {
    constexpr std::size_t blocks_per_chunk = 2;
    const bool enumerable = check.space_bits() <= 32;
    const std::uint64_t size = goal(check);
    const std::uint64_t chunk_inputs =
        std::min<std::uint64_t>(size, blocks_per_chunk * workspace::block);
    const std::uint64_t chunks = (size + chunk_inputs - 1) / chunk_inputs;
    const auto at = [&](std::uint64_t index) {
      if (!enumerable) return random_operands(check.row().model, seed, index);
      // A multiple of an odd number modulo 2^n: every input once, spread evenly from the start.
      return check.enumerated((index * 0x9e3779b1 + seed) & (size - 1));
    };
    const bool all =
        parallel(check, chunks, deadline, sum, [&](workspace& w, tally& t, std::uint64_t k) {
          const std::uint64_t end = (k + 1) * chunk_inputs;
          for (std::uint64_t i = k * chunk_inputs; i < end;) {
            const std::size_t n = std::min<std::uint64_t>(workspace::block, end - i);
            check.run_cases(
                w, [&](std::size_t c) { return at(i + c); }, n, t);
            i += n;
          }
        });
    result.complete = all && enumerable;
  }

  // All inputs contain the directed ones.
  if (!result.complete) sum.add(directed);
  sum.add(short_ones);
  result.cases = sum.cases;
  result.mismatches = sum.mismatches;
  result.first = sum.first;
  result.failure = failure_;
  for (const auto& [kind, example] : sum.faults) {
    result.faults.push_back(fmt::format("{}; {}", words(kind), example));
    result.unsteady = kind == disagreement::unwritten || kind == disagreement::equal_calls;
    // The others may follow from it.
    break;
  }
  if (sum.mismatches != 0) result.places = describe_places(short_ones.places);
  result.known = check.differences(sum, result.complete);
  result.seconds = since(begin);
  return result;
}

}  // namespace

std::vector<row_result> verify(const std::vector<implementation>& rows,
                               const verify_options& options, verify_observer& observer) {
  runner r(options, observer);
  std::vector<job> jobs;
  double expected = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    job j{i, std::make_unique<row_check>(rows[i]), 0};
    const auto inputs = has_end(*j.check) ? static_cast<double>(goal(*j.check))
                                          : std::ldexp(1.0, j.check->space_bits());
    // Small ones are run in any case. Building and checking a table, or starting threads, costs
    // something too.
    if (j.check->space_bits() > small_space_bits) {
      j.full_seconds = seconds_per_case(j, r.first_workspace()) * inputs / options.threads + 0.3;
    }
    expected += j.full_seconds;
    jobs.push_back(std::move(j));
  }
  r.expect_total(std::min(expected, options.budget));
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

  std::vector<row_result> results(rows.size());
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
    results[j.index] = r.run(j, full, r.elapsed() + limit);
  }
  return results;
}

}  // namespace lowp::tool
