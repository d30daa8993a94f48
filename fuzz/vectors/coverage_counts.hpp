// SPDX-License-Identifier: Apache-2.0
/// \file
/// How often test vectors touch each class of include/lowp/golden/coverage.hpp.
#ifndef LOWP_FUZZ_VECTORS_COVERAGE_COUNTS_HPP
#define LOWP_FUZZ_VECTORS_COVERAGE_COUNTS_HPP

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "vector_claim.hpp"

namespace lowp::tool {

/// The classes of one subject: an operand, a result, the rounding, the sum.
struct class_counts {
  std::string subject;
  std::vector<std::pair<const char*, std::uint64_t>> classes;  ///< those that apply
};

/// Counts case by case.
class coverage_counts {
 public:
  explicit coverage_counts(const vector_claim& v);

  void add(const code_t* operands, const code_t* results);

  /// Subjects in the order of the columns, then "rounding" and "sum" where the claim has a value
  /// before rounding, and a sum of terms.
  const std::vector<class_counts>& counts() const { return counts_; }

  /// Lines for people: per subject what was hit how often, and what never.
  std::vector<std::string> text() const;
  /// {"input": {"+0": 3, ...}, "rounding": {...}}
  std::string json() const;

 private:
  struct code_subject {
    vector_column from;
    std::size_t counts = 0;              ///< index in counts_
    std::vector<std::uint8_t> applying;  ///< indices of classes, as in counts_
    std::vector<std::uint32_t> by_code;  ///< bits of `applying`; empty for wide formats
  };
  void add_subject(const vector_column& c);
  void add_code(const code_subject& s, code_t code);

  const vector_claim& claim_;
  std::vector<code_subject> codes_;
  std::vector<class_counts> counts_;
  std::size_t rounding_ = 0;
  std::size_t sum_ = 0;
  std::vector<exact> terms_;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_COVERAGE_COUNTS_HPP
