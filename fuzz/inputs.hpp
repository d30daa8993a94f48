// SPDX-License-Identifier: Apache-2.0
/// \file
/// The inputs of a check where not all can be tried: directed ones at the places where conversions
/// and arithmetic go wrong, then pseudo-random ones. Everything is a pure function of seed and
/// index.
#ifndef LOWP_FUZZ_INPUTS_HPP
#define LOWP_FUZZ_INPUTS_HPP

#include <array>
#include <cstdint>
#include <vector>

#include "implementation.hpp"
#include "step_function.hpp"

namespace lowp::tool {

/// The operands of one case.
using operands = std::array<code_t, 3>;

/// 64 pseudo-random bits for an index (splitmix64 of seed and index).
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t index) noexcept {
  std::uint64_t z = seed * 0xd1342543de82ef95 + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Codes of a format that are special or next to something special: zeros, subnormals, powers of
/// two, greatest and least values, infinities, NaNs, and neighbours of these. Ascending, no
/// duplicates.
std::vector<code_t> special_codes(const format& f);

/// The middle between a code and the next one away from zero, or where that one would be behind the
/// greatest; other than numbers as they are.
exact middle(const format& f, code_t code);

/// Around every step of a table: the last two inputs before it and the first two behind.
std::vector<operands> step_inputs(const step_function& steps);

/// Directed operands of a model: all of them where they have at most 16 bits together; for
/// conversions every result's boundary in the source (where there are at most 2^17), special codes,
/// and what lies at and between those of the result, whatever the rule makes of it; for arithmetic
/// those of arithmetic_inputs.hpp, for comparisons all pairs of special codes.
std::vector<operands> directed_inputs(const golden_model& model);

/// A pseudo-random case. A quarter of the conversions from wide formats lie close to ties, half of
/// the pairs to compare close to each other; the others are uniform codes. Arithmetic: see
/// arithmetic_inputs.hpp.
operands random_operands(const golden_model& model, std::uint64_t seed, std::uint64_t index);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_INPUTS_HPP
