// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an implementation does, whatever it claims. spec/golden.md GLD-8.
#ifndef LOWP_FUZZ_DIAGNOSIS_IDENTIFY_HPP
#define LOWP_FUZZ_DIAGNOSIS_IDENTIFY_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <lowp/golden/black_box.hpp>
#include <lowp/golden/finding.hpp>

#include "../implementation.hpp"

namespace lowp::tool {

/// What was inferred from results alone.
struct identity {
  std::vector<std::string> words;  ///< the behaviour, line by line
  std::string model;               ///< as a claim or a registry would write it; may be empty
  std::vector<std::string>
      names;  ///< registered rules that agree on all cases, units that are the same
  /// Registered units that no case told from it, and that are not proven to be the same.
  std::vector<std::string> not_told_apart;
  std::uint64_t cases = 0;                     ///< 0: not counted
  std::uint64_t supporting = 0;                ///< of these, as the model has it
  std::vector<golden::finding> unexplained{};  ///< the others
};

/// Conversions and dot products are inferred from their formats alone; where cases are left over, a
/// conversion is taken for its claim with mistakes if these explain all. Of other operations it is
/// found out whether they are as claimed, or as which suspect.
identity identify(const implementation& row, std::uint64_t seed);

/// Of a dot product that is not as claimed: what it is.
std::vector<golden::finding> diagnose_dot(const dot_model& claimed, const golden::black_box& box,
                                          std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_IDENTIFY_HPP
