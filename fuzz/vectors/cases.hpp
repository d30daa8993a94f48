// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which cases a file of test vectors has.
#ifndef LOWP_FUZZ_VECTORS_CASES_HPP
#define LOWP_FUZZ_VECTORS_CASES_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "../claim.hpp"

namespace lowp::tool {

/// Cases in order, each a pure function of its number.
struct case_list {
  std::string kind;  ///< "exhaustive", "directed" or "random"
  std::uint64_t seed = 0;
  std::uint64_t count = 0;
  std::function<void(std::uint64_t index, code_t* operands)> make;
};

/// Directed cases if no count is given: at most so many.
inline constexpr std::uint64_t most_directed_cases = std::uint64_t{1} << 21;
/// Random cases if no count is given.
inline constexpr std::uint64_t default_random_cases = 65536;

/// `kind` "exhaustive": all operands in order, the last one varies fastest; "directed": those of
/// the claim, and random ones behind them if `count` asks for more; "random". usage_error for other
/// kinds and for more than 2^32 exhaustive cases.
case_list make_cases(const claim& c, const std::string& kind, std::optional<std::uint64_t> count,
                     std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_CASES_HPP
