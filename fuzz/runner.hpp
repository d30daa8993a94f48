// SPDX-License-Identifier: Apache-2.0
/// \file
/// Running rows one after the other, each on all threads of all ranks.
#ifndef LOWP_FUZZ_RUNNER_HPP
#define LOWP_FUZZ_RUNNER_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ranks/team.hpp"
#include "row_check.hpp"
#include "verify.hpp"

namespace lowp::tool {

/// Spaces up to this size are run in full whatever the budget.
inline constexpr int small_space_bits = 20;

/// A row and what is known of it before it is run.
struct job {
  std::size_t index = 0;  ///< of the row
  std::unique_ptr<row_check> check;
  double full_seconds = 0;
  std::string failure{};  ///< found while its speed was measured, if to see it again takes long
};

/// Cases after which a row is done: all inputs, or what the row says.
std::uint64_t goal(const row_check& check);

class runner {
 public:
  runner(const verify_options& options, verify_observer& observer, team& ranks);

  workspace& first_workspace() { return spaces_[0]; }
  double elapsed() const;
  void expect_total(double seconds) { expected_total_ = seconds; }

  /// `full`: all inputs are meant to be run, which `seconds` from now on may still cut short. The
  /// result is that of all ranks on the first one, elsewhere of no use.
  row_result run(const job& j, bool full, double seconds);
  /// A row of a small space, on this rank alone: the result is that of all its cases.
  row_result run_alone(const job& j);

 private:
  /// Runs chunk k of a row; adds what it finds.
  using chunk_function = std::function<void(workspace&, tally&, std::uint64_t k)>;
  /// Calls chunk(workspace, tally, k) for k in [0, chunks), chunk k on rank k modulo the number of
  /// ranks, there from all threads, in order of k, until the deadline; every thread does at least
  /// one. True if all were done. Not behind a failure.
  bool parallel(const row_check& check, std::uint64_t chunks, double deadline, tally& sum,
                const chunk_function& chunk);
  void report_progress(const row_check& check);

  const verify_options& options_;
  verify_observer& observer_;
  team* ranks_;  ///< those that share the present row
  team_of_one alone_;
  std::chrono::steady_clock::time_point start_;
  std::vector<workspace> spaces_;
  double expected_total_ = 0;
  std::mutex progress_mutex_;
  double last_report_ = -1;
  std::string failure_;  // of the present row, on all ranks
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_RUNNER_HPP
