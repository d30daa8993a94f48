// SPDX-License-Identifier: Apache-2.0
/// \file
/// Blocks of binary32 numbers to quantise: those where scales and elements go wrong.
#ifndef LOWP_FUZZ_CLAIMS_BLOCK_CASES_HPP
#define LOWP_FUZZ_CLAIMS_BLOCK_CASES_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <lowp/block/block_format.hpp>
#include <lowp/block/block_recipe.hpp>
#include <lowp/number.hpp>

namespace lowp::tool {

inline constexpr std::uint32_t sign_bit = 0x80000000;

/// A way to quantise, as an operation on codes: binary32 numbers and, for formats with an outer
/// scale, amax of the tensor behind them; scale bits and elements.
struct block_case {
  block_format f;
  block_recipe r;

  std::size_t size() const { return static_cast<std::size_t>(block_elements(f)); }
  bool has_outer() const { return f.outer != outer_scale::none; }
  /// At most 512 elements.
  void quantise(const code_t* operands, code_t* results) const;
};

/// Bits of the greatest finite magnitude of n binary32 numbers.
std::uint32_t amax_of(const code_t* x, std::size_t n);

/// Blocks whose amax lies at the steps of scale rules and where scales end, with elements in all
/// binades of the element format: its least codes, those around the least normal one and the
/// greatest, ties between them and next to these, beyond the greatest, and what becomes zero.
class block_cases {
 public:
  explicit block_cases(const block_case& c);

  std::uint64_t directed() const { return fields_.size() * significands_.size(); }
  void make(std::uint64_t seed, std::uint64_t index, code_t* o) const;

 private:
  std::uint32_t amax(std::uint64_t r, std::uint64_t index) const;
  double unit(std::uint32_t amax, std::uint32_t outer) const;
  double target(std::uint64_t e) const;
  std::uint32_t aimed(std::uint64_t e, double unit) const;
  std::uint32_t anywhere(std::uint64_t e, std::uint32_t field) const;
  void special(std::uint64_t r, code_t* o) const;
  std::uint32_t outer(std::uint64_t r, std::uint64_t index, std::uint32_t amax) const;

  block_case c_;
  std::vector<std::uint32_t> significands_;  // of amax
  std::vector<std::uint32_t> fields_;        // biased exponents of amax
  std::uint32_t least_field_ = 0;
  std::uint32_t fields_in_range_ = 0;
  std::vector<double> values_;       // of the element's codes from 0 to the greatest
  std::vector<std::size_t> places_;  // codes where elements go wrong
  std::uint32_t binades_ = 0;        // from below the least element to the greatest
  std::uint32_t scale_binades_ = 0;
  std::uint32_t most_lowered_ = 0;  // by levels
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIMS_BLOCK_CASES_HPP
