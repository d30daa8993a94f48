// SPDX-License-Identifier: Apache-2.0
/// \file
/// The readers of kinds of claims that are arrays in and arrays out: one file each, listed in
/// parse_claim.cpp. spec/golden.md GLD-2.
#ifndef LOWP_FUZZ_CLAIMS_KINDS_HPP
#define LOWP_FUZZ_CLAIMS_KINDS_HPP

#include <string>
#include <utility>
#include <vector>

#include "../parse_claim.hpp"

namespace lowp::tool {

parsed_claim parse_quantise(const std::vector<std::string>& words);
parsed_claim parse_dequantise(const std::vector<std::string>& words);
parsed_claim parse_affine(const std::vector<std::string>& words);
parsed_claim parse_affine_decode(const std::vector<std::string>& words);
parsed_claim parse_requantise(const std::vector<std::string>& words);
parsed_claim parse_integer_dot(const std::vector<std::string>& words);
parsed_claim parse_unpack(const std::vector<std::string>& words);
parsed_claim parse_zero_points(const std::vector<std::string>& words);
parsed_claim parse_all_reduce(const std::vector<std::string>& words);
parsed_claim parse_wire(const std::vector<std::string>& words);
parsed_claim parse_unwire(const std::vector<std::string>& words);

/// A stochastic conversion whose random bits the implementation draws itself.
parsed_claim own_random_conversion(const conversion_rule& rule);

/// A claim of arrays as what the reader of a kind returns.
inline parsed_claim array_claim(claim c) {
  return {std::make_shared<const claim>(std::move(c)), false};
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIMS_KINDS_HPP
