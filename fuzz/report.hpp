// SPDX-License-Identifier: Apache-2.0
/// \file
/// The results of `lowp verify` as a table for people, as JSON and as one HTML page.
#ifndef LOWP_FUZZ_REPORT_HPP
#define LOWP_FUZZ_REPORT_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "verify.hpp"

namespace lowp::tool {

/// Where and how a run took place.
struct environment {
  std::string version;  ///< of lowp
  std::string cpu;
  std::string system;
  std::string compiler;
  std::string time;  ///< UTC, ISO 8601
  verify_options options;
  std::size_t ranks = 1;
  double seconds = 0;  ///< of the whole run
};
environment describe_environment(const verify_options& options);

/// All that a report shows.
struct report {
  environment where;
  std::vector<row_result> rows;
  std::vector<absent_family> absent;

  std::uint64_t unexplained() const;  ///< mismatches in all rows
  std::uint64_t failures() const;     ///< rows that ended early
  std::uint64_t faulty() const;       ///< rows whose calls together are wrong
  bool good() const { return unexplained() == 0 && failures() == 0 && faulty() == 0; }
  std::uint64_t cases() const;
};

/// "2 threads", "4 threads of 2 ranks".
std::string threads_text(const environment& e);

/// "all 2^32", "67 108 864 of 2^32".
std::string cases_text(const row_result& row);

/// Where in its batch the first mismatch lies, and where all do; no lines where that tells nothing.
std::vector<std::string> place_lines(const row_result& row);

/// The findings of a row: the cause of each, its inputs, an example.
std::vector<std::string> finding_lines(const row_result& row);

/// "no unexplained mismatch", "3 unexplained mismatches, 1 operation not checked to the end".
std::string verdict_text(const report& r);

std::string to_text(const report& r);
std::string to_json(const report& r);
std::string to_html(const report& r);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_REPORT_HPP
