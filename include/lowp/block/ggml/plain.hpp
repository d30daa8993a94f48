// SPDX-License-Identifier: Apache-2.0
/// \file
/// ggml blocks whose scale is a statistic of the block and whose codes are rounded quotients.
#ifndef LOWP_BLOCK_GGML_PLAIN_HPP
#define LOWP_BLOCK_GGML_PLAIN_HPP

#include <cstddef>
#include <cstdint>

#include "fields.hpp"

namespace lowp::detail::ggml {

/// The first of n numbers that has the greatest magnitude; NaNs do not count. 0 if there is none.
template <binary32_real Real>
LOWP_FN Real signed_peak(const Real* x, int n) noexcept {
  Real peak = real<Real>(0);
  for (int i = 0; i < n; ++i) {
    if (magnitude(x[i]) > magnitude(peak)) peak = x[i];
  }
  return peak;
}

/// The statistic of a block, and the least number in `low` for a range. NaN replaces an amax so
/// far, and the next number replaces it, as the macro MAX of ggml has it. spec/ggml.md GGM-7.
template <binary32_real Real>
LOWP_FN Real statistic(ggml_statistic kind, const Real* x, int n, Real& low) noexcept {
  if (kind == ggml_statistic::signed_peak) return signed_peak(x, n);
  const bool is_range = kind == ggml_statistic::range;
  const auto greatest = real_from_bits<Real>(binary32_bits::greatest);
  Real result = is_range ? negated(greatest) : real<Real>(0);
  if (is_range) low = greatest;
  for (int i = 0; i < n; ++i) {
    if (kind == ggml_statistic::mean_magnitude) {
      result = result + magnitude(x[i]);
    } else if (kind == ggml_statistic::amax) {
      if (!(result > magnitude(x[i]))) result = magnitude(x[i]);
    } else {
      if (x[i] < low) low = x[i];
      if (x[i] > result) result = x[i];
    }
  }
  return is_range ? result - low : result;
}

/// The integer that a number scaled to steps becomes. GGM-8.
template <binary32_real Real>
LOWP_FN int plain_code(const ggml_plain& rule, Real scaled) noexcept {
  const int n = rule.round == rounding::to_nearest_even
                    ? nearest_integer(scaled)
                    : to_word(scaled + real<Real>(rule.add), rule.round);
  return clamp<int>(through(rule.cast, n) + rule.offset, rule.lowest, rule.highest);
}

/// Sums of codes beside the block. GGM-8.
template <binary32_real Real>
LOWP_FN void write_sums(const ggml_type& t, std::byte* out, const int* codes, Real d) noexcept {
  const int step = t.sum == ggml_sum::scaled ? t.elements : 16;
  for (int first = 0; first < t.elements; first += step) {
    int sum = 0;
    for (int i = first; i < first + step; ++i) sum += codes[i];
    const std::uint32_t word = t.sum == ggml_sum::scaled
                                   ? half_code(real_from_integer<Real>(sum) * d)
                                   : static_cast<std::uint32_t>(sum) & 0xffff;
    write_bytes(out + t.sum_at + first / 8, 2, word);
  }
}

template <binary32_real Real>
LOWP_FN void quantise_plain(const ggml_type& t, const Real* x, std::byte* out) noexcept {
  const ggml_plain& rule = t.plain;
  Real low = real<Real>(0);
  const Real of_block = statistic(rule.statistic, x, t.elements, low);
  const Real divisor = real_from_integer<Real>(rule.divisor);
  // Codes are made with the scale before it is rounded for storage.
  Real d = real<Real>(0);
  Real reciprocal = real<Real>(0);
  if (!rule.reciprocal_first) {
    d = of_block / divisor;
    reciprocal = reciprocal_or_zero(d);
  } else if (is_set(of_block)) {
    reciprocal = divisor / of_block;
    d = real<Real>(1) / reciprocal;
  }
  int codes[ggml_most_elements] = {};
  for (int i = 0; i < t.elements; ++i) {
    if (rule.sign_only) {
      codes[i] = x[i] >= real<Real>(0) ? 1 : 0;
    } else {
      const bool is_range = rule.statistic == ggml_statistic::range;
      codes[i] = plain_code(rule, (is_range ? x[i] - low : x[i]) * reciprocal);
    }
  }
  write_number(t.scale, out, d);
  if (t.low.kind != ggml_number::none) write_number(t.low, out, low);
  write_all(t.codes, out, codes, t.elements);
  if (t.sum != ggml_sum::none) write_sums(t, out, codes, d);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_PLAIN_HPP
