// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows whose cases have any number of operands: dot products and instructions on registers.
#ifndef LOWP_FUZZ_MANY_OPERANDS_HPP
#define LOWP_FUZZ_MANY_OPERANDS_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "implementation.hpp"

namespace lowp::tool {

/// What such a row is run with.
struct many_operands {
  std::vector<dot_array> arrays;  ///< that its batch function is given
  std::function<void(std::uint64_t seed, std::uint64_t index, code_t* operands)> make;
  std::function<code_t(const code_t* operands)> golden;
  std::uint64_t directed = 0;  ///< cases from 0 on that are no random ones
};

/// Nothing for models of other kinds.
std::optional<many_operands> operands_of(const golden_model& model);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_MANY_OPERANDS_HPP
