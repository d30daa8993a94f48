// SPDX-License-Identifier: Apache-2.0
/// \file
/// Claims as text: what a plug-in, a file of vectors or a command line says that an operation
/// computes. spec/golden.md GLD-2 gives the grammar.
#ifndef LOWP_FUZZ_PARSE_CLAIM_HPP
#define LOWP_FUZZ_PARSE_CLAIM_HPP

#include <string>
#include <string_view>
#include <vector>

#include "implementation.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

/// What becomes of claims that leave the behaviour open ("?").
enum class open_claims : bool {
  refused,  ///< usage_error: there is nothing to hold the implementation to
  kept      ///< it is to be identified
};

/// A claim that was read.
struct parsed_claim {
  golden_model model;  ///< of an open claim: the formats count, the behaviour does not
  bool open = false;   ///< ends in "?": the behaviour is to be inferred
};

/// Throws usage_error that names the word which it cannot read, what it expects there, and the
/// nearest known names.
parsed_claim parse_claim(std::string_view text);

/// The kinds of claims for `lowp claims` and the specification: grammar, meaning, an example.
struct claim_kind {
  const char* grammar;
  const char* meaning;
  const char* example;
  /// Reads the words behind the first.
  parsed_claim (*parse)(const std::vector<std::string>& words);
};
const std::vector<claim_kind>& claim_kinds();

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PARSE_CLAIM_HPP
