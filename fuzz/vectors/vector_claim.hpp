// SPDX-License-Identifier: Apache-2.0
/// \file
/// A claim as rows of test vectors: which columns there are and in which order.
#ifndef LOWP_FUZZ_VECTORS_VECTOR_CLAIM_HPP
#define LOWP_FUZZ_VECTORS_VECTOR_CLAIM_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <lowp/golden/vector_row.hpp>

#include "../implementation.hpp"

namespace lowp::tool {

/// One field of a row. Its codes are `count` adjacent ones, from `place` on, among the operands or
/// the results of a case.
struct vector_column {
  field data;
  std::size_t place = 0;
  bool is_result = false;

  /// Of a code in hexadecimal.
  int digits() const { return golden::hex_digits(data.of); }
};

/// A claim with its columns: operands, random bits behind all of these, results, flags.
struct vector_claim {
  std::string text;  ///< as `parse_claim` takes it
  golden_model model;
  std::optional<golden_model> flags;  ///< of the last result, where the rows have flags
  claim functions;                    ///< the flags are among its results
  std::vector<vector_column> columns;

  std::size_t operands() const { return code_count(functions.in); }
  std::size_t results() const { return code_count(functions.out); }
};

/// Are there exception flags in the rows?
enum class flags_choice {
  by_name,  ///< for claims by TestFloat's names, where the operation has them
  yes,
  no,
};

/// The claim in these words: a claim, or the name of a function and parts of the projection.
/// usage_error if there is none, if it is open, or if it has no flags and must.
vector_claim make_vector_claim(const std::vector<std::string>& words, flags_choice flags);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_VECTOR_CLAIM_HPP
