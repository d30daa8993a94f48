// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of binary32 numbers for codecs between ranks: those where scales and elements go wrong.
#ifndef LOWP_FUZZ_CLAIMS_WIRE_CASES_HPP
#define LOWP_FUZZ_CLAIMS_WIRE_CASES_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <lowp/collective/wire_codec.hpp>

#include "block_cases.hpp"

namespace lowp::tool {

/// Numbers of a codec. Of `numbers`: special codes of the element, what is next to them, ties
/// between them. Of `rows`: constant rows, ranges that overflow or vanish, parameters beyond
/// binary16, ties, NaN and infinities in any place, subnormals, an outlier. Of `blocks`: as
/// block_cases has them, block by block. Among all of them ordinary rows.
class wire_cases {
 public:
  wire_cases(const wire_codec& c, std::size_t n);

  std::uint64_t directed() const { return directed_; }
  void make(std::uint64_t seed, std::uint64_t index, code_t* o) const;

 private:
  code_t number(std::uint64_t seed, std::uint64_t index, std::size_t i) const;
  void row(std::uint64_t seed, std::uint64_t pattern, code_t* o, std::size_t n) const;
  void ties(std::uint64_t seed, code_t* o, std::size_t n) const;

  wire_codec c_;
  std::size_t n_;
  std::uint64_t directed_ = 0;
  std::vector<code_t> special_;        // binary32 codes of special elements
  std::optional<block_cases> blocks_;  // of one block
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIMS_WIRE_CASES_HPP
