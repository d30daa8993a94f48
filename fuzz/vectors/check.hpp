// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of results against the golden model, counted per claim.
#ifndef LOWP_FUZZ_VECTORS_CHECK_HPP
#define LOWP_FUZZ_VECTORS_CHECK_HPP

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "readers.hpp"

namespace lowp::tool {

/// What counts as right, and how much is shown.
struct check_options {
  /// Words of a claim that stands for those that files name; empty: theirs.
  std::vector<std::string> claim;
  flags_choice flags = flags_choice::by_name;  ///< of that claim
  bool any_nan = false;                        ///< every NaN is as good as another
  std::uint64_t shown = 20;                    ///< mismatches; 0: all
};

/// Rows of one claim.
struct section_result {
  std::string claim;
  std::uint64_t cases = 0;
  std::uint64_t mismatches = 0;
};

/// Checks rows as they come; prints mismatches on standard output.
class vector_check {
 public:
  vector_check(check_options options, std::string file);

  /// Where a reader puts its rows.
  row_sink sink();
  /// After the last row. usage_error if a file said that it had more or fewer rows.
  void finish();
  const std::vector<section_result>& sections() const { return sections_; }
  /// Kinds of lines that were not checked, and how many of each.
  const std::map<std::string, std::uint64_t>& skipped() const { return skipped_; }

 private:
  void begin(const row_sink::section& s);
  const vector_claim& claim();
  void start(const std::vector<std::string>& words, flags_choice flags);
  void row(std::uint64_t place, const code_t* operands, const code_t* results);
  bool is_right(const code_t* operands, const code_t* results) const;
  void show(std::uint64_t place, const code_t* operands, const code_t* got) const;

  check_options options_;
  std::string file_;
  /// Claims that were met, since making one takes long; by their words.
  std::map<std::pair<std::vector<std::string>, flags_choice>, vector_claim> known_;
  const vector_claim* claim_ = nullptr;
  bool any_nan_ = false;
  std::vector<code_t> expected_;
  std::vector<section_result> sections_;
  std::map<std::string, std::uint64_t> skipped_;
  std::optional<std::uint64_t> promised_;
  std::uint64_t in_section_ = 0;
  std::uint64_t mismatches_ = 0;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_CHECK_HPP
