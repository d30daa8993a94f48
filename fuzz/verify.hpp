// SPDX-License-Identifier: Apache-2.0
/// \file
/// The check of implementations against their golden models.
#ifndef LOWP_FUZZ_VERIFY_HPP
#define LOWP_FUZZ_VERIFY_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <lowp/golden/finding.hpp>

#include "diagnosis/outcome_map.hpp"
#include "implementation.hpp"
#include "inputs.hpp"
#include "plugin/conduct.hpp"
#include "ranks/team.hpp"

namespace lowp::tool {

struct verify_options {
  double budget = 120;       ///< seconds in all; > 0
  unsigned threads = 2;      ///< of this process; >= 1
  unsigned all_threads = 2;  ///< of all ranks
  std::uint64_t seed = 1;
};

/// One case in which implementation and golden model differ. Codes of all fields in order.
struct mismatch {
  std::vector<code_t> inputs;
  std::vector<code_t> expected;
  std::vector<code_t> got;
  place_in_batch where{};  ///< where batches are cut
};

/// A documented difference and how often it occurred.
struct counted_difference {
  std::string what;
  std::string source;
  std::uint64_t count = 0;
  /// True: the golden model itself is the documented rule (no mismatch), and the count is against
  /// the IEEE default. False: the implementation leaves its golden model in these cases.
  bool by_rule = false;
  /// True if the count covers the whole input space rather than the cases that were run.
  bool of_all_inputs = false;
};

struct row_result {
  const implementation* row = nullptr;
  int space_bits = 0;             ///< there are 2^space_bits inputs
  std::uint64_t cases = 0;        ///< cases run; a sample may repeat directed ones
  bool complete = false;          ///< all inputs were run
  std::uint64_t mismatches = 0;   ///< unexplained ones
  std::optional<mismatch> first;  ///< the unexplained one with the least input
  std::string failure;            ///< why the check ended early; empty: it did not
  /// What is wrong: of mismatches the causes, and what no single case shows.
  std::vector<golden::finding> findings;
  std::optional<outcome_map> map;  ///< where it goes wrong, if that was asked for
  /// What calls disagreed in that must agree, with an example: one, or none.
  std::vector<std::string> faults;
  /// Results are not written, or differ between equal calls: nothing to look for causes in.
  bool unsteady = false;
  /// Where in their batches all mismatches lie, if that tells something.
  std::string places;
  std::vector<counted_difference> known;
  double seconds = 0;
  bool good() const {
    return mismatches == 0 && failure.empty() && faults.empty() && findings.empty();
  }
};

/// Told how far the run is. Called from one thread at a time, at most some ten times per second.
class verify_observer {
 public:
  virtual ~verify_observer() = default;
  /// `done`: part of the budget or of the work that is behind us, 0...1.
  virtual void progress(const implementation& row, double done) = 0;
};

/// Checks all rows within the budget: small input spaces and cheap rows in full, the others by
/// their directed inputs and as much of a seeded sample as time allows. The cases of each row are
/// split over the ranks, which all have the same rows and seed. Results in the order of the rows,
/// the same on all ranks.
std::vector<row_result> verify(const std::vector<implementation>& rows,
                               const verify_options& options, verify_observer& observer,
                               team& ranks);

/// Rank r made every size-th of these results, from number r on: the leader gets all.
void collect_results(team& ranks, const std::vector<row_result*>& results);
/// What the leader has of these results, on all ranks.
void share_results(team& ranks, std::vector<row_result>& results);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VERIFY_HPP
