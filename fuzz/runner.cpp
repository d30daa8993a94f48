// SPDX-License-Identifier: Apache-2.0
#include "runner.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "ranks/wire.hpp"

namespace lowp::tool {

namespace {

// Sampled tables are walked in this many interleaved passes.
constexpr int pass_bits = 8;

}  // namespace

std::uint64_t goal(const row_check& check) {
  const bool small = check.space_bits() <= (check.many() != nullptr ? small_space_bits : 32);
  const bool endless = check.many() == nullptr && check.row().enough == 0;
  if (small || endless) return std::uint64_t{1} << std::min(check.space_bits(), 48);
  const std::uint64_t enough = check.row().enough == 0 ? enough_dots : check.row().enough;
  return check.many() == nullptr ? enough : std::max(enough, check.many()->directed);
}

runner::runner(const verify_options& options, verify_observer& observer, team& ranks)
    : options_(options),
      observer_(observer),
      ranks_(&ranks),
      start_(std::chrono::steady_clock::now()),
      spaces_(options.threads) {}

double runner::elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

bool runner::parallel(const row_check& check, std::uint64_t chunks, double deadline, tally& sum,
                      const chunk_function& chunk) {
  if (!failure_.empty()) return false;
  if (chunks == 0) return true;
  const std::uint64_t rank = ranks_->rank();
  const std::uint64_t stride = ranks_->size();
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex all_mutex;
  share all;
  const auto work = [&](workspace& space) {
    share mine;
    for (bool first = true; !failed && (first || elapsed() < deadline); first = false) {
      const std::uint64_t k = rank + stride * next.fetch_add(1);
      if (k >= chunks) break;
      try {
        chunk(space, mine.found, k);
        ++mine.done;
      } catch (const implementation_failure& e) {
        mine.failed = k;
        mine.failure = e.what();
        failed = true;
      }
      report_progress(check);
    }
    const std::lock_guard lock(all_mutex);
    all.add(mine);
  };
  std::vector<std::thread> threads;
  const std::uint64_t ours = chunks / stride + (rank < chunks % stride ? 1 : 0);
  const std::uint64_t used = std::min<std::uint64_t>(spaces_.size(), ours);
  for (std::uint64_t i = 1; i < used; ++i) threads.emplace_back(work, std::ref(spaces_[i]));
  work(spaces_[0]);
  for (std::thread& t : threads) t.join();
  if (stride > 1) {
    const std::vector<std::string> parts = ranks_->gather(to_bytes(all));
    for (std::size_t r = 1; r < parts.size(); ++r) all.add(share_of(parts[r]));
    all.failure = ranks_->broadcast(all.failure);
  }
  sum.add(all.found);
  failure_ = all.failure;
  return all.done == chunks;
}

void runner::report_progress(const row_check& check) {
  const std::unique_lock lock(progress_mutex_, std::try_to_lock);
  const double now = elapsed();
  if (!lock.owns_lock() || now - last_report_ < 0.1) return;
  last_report_ = now;
  observer_.progress(check.row(), now / std::max({now, expected_total_, 1e-3}));
}

row_result runner::run_alone(const job& j) {
  team* const all = std::exchange(ranks_, &alone_);
  row_result result = run(j, true, 0);
  ranks_ = all;
  return result;
}

row_result runner::run(const job& j, bool full, double seconds) {
  const double begin = elapsed();
  double deadline = begin + seconds;
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
          w, [&](std::size_t i) { return cases[first + i]; }, first, n, t);
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
                w, [&](std::size_t c) { return at(i + c); }, i, n, t);
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
  result.seconds = elapsed() - begin;
  return result;
}

}  // namespace lowp::tool
