// SPDX-License-Identifier: Apache-2.0
/// \file
/// A conversion of a 32-bit source as a table of constant pieces. Rounding is monotone, so within
/// one binade of one sign the inputs of a result are neighbours, and the pieces are found by
/// bisection with some hundred thousand evaluations of the golden model in place of 2^32.
#ifndef LOWP_FUZZ_STEP_FUNCTION_HPP
#define LOWP_FUZZ_STEP_FUNCTION_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <lowp/hardware/conversion_rule.hpp>

namespace lowp::tool {

/// Piece k holds the result `value[k]` of the inputs `first[k]` ... `first[k + 1] - 1`, the last
/// piece ends with the input 2^32 - 1. `first[0]` is 0.
struct step_function {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> value;

  /// The piece that holds an input.
  std::size_t piece(std::uint32_t input) const noexcept;
  std::uint32_t operator()(std::uint32_t input) const noexcept { return value[piece(input)]; }
  /// First input behind piece k; 2^32 for the last.
  std::uint64_t end(std::size_t k) const noexcept {
    return k + 1 < first.size() ? first[k + 1] : std::uint64_t{1} << 32;
  }
};

/// Can the rule be tabulated: a deterministic one from a 32-bit format to one with at most 2^17
/// codes?
bool has_steps(const conversion_rule& rule) noexcept;

/// The table of a rule; `has_steps` holds.
step_function make_steps(const conversion_rule& rule);

/// Compares the table with the rule at every `stride`-th input; the number of differences (0, or
/// the assumption above is wrong for this rule and the table must not be used).
std::uint64_t check_steps(const step_function& steps, const conversion_rule& rule,
                          std::uint32_t stride);

/// Inputs on which two tables of the same source differ.
struct difference_count {
  std::uint64_t numbers = 0;  ///< inputs that are no NaN
  std::uint64_t nans = 0;
};
difference_count count_differences(const step_function& a, const step_function& b,
                                   const format& from);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_STEP_FUNCTION_HPP
