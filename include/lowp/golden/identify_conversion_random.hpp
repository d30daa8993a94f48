// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pairs of a code and a word of random bits that tell stochastic conversions apart: around the
/// threshold that each number of bits, at either end of the word, has for the code's fraction.
/// spec/diagnosis.md DIA-2.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_RANDOM_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_RANDOM_HPP

#include <cstdint>
#include <vector>

#include "identify_conversion_inputs.hpp"

namespace lowp::golden::detail {

/// The fraction nu of a code's value between two codes of the target, as 64 bits; 0 where it has
/// none (zeros, infinities, NaNs, values out of range).
inline std::uint64_t fraction_of(format from, code_t code, format to) noexcept {
  const exact x = normalized(decode(from, code));
  if (x.cls != number_class::finite) return 0;
  return lowp::detail::with_kind(to, [&](auto kind) {
    const lowp::detail::position at = decltype(kind)::locate(to, x);
    return at.beyond || at.below ? std::uint64_t{0} : at.fraction.bits;
  });
}

/// The words to ask one code with.
inline void add_words(const conversion_question& q, code_t code, std::uint64_t seed,
                      std::vector<conversion_case>& out) {
  const std::uint64_t all = low_mask(q.random_width);
  const auto add = [&](std::uint64_t word) { out.push_back({code, word & all, 0}); };
  add(0);
  add(all);
  for (std::uint64_t k = 0; k < 4; ++k) add(mixed(seed ^ code, k));
  const std::uint64_t nu = fraction_of(q.from, code, q.to);
  if (nu == 0) return;
  constexpr int most_bits = 32;
  for (int n = 1; n <= most_bits; ++n) {
    const std::uint64_t threshold = (std::uint64_t{1} << n) - (nu >> (64 - n));
    const std::uint64_t noise = mixed(seed + code, static_cast<std::uint64_t>(n));
    for (const std::uint64_t r : {threshold - 1, threshold, threshold + 1}) {
      add((noise & ~low_mask(n)) | (r & low_mask(n)));
      add((noise & low_mask(most_bits - n)) | (r & low_mask(n)) << (most_bits - n));
    }
  }
}

/// Every code that a deterministic conversion would be asked, with one word; some of them, and
/// random ones, with many.
inline std::vector<conversion_case> random_cases(const conversion_question& q,
                                                 const identify_options& options) {
  std::vector<code_t> all;
  if (q.from.width <= exhaustive_width) {
    for (code_t c = 0; c <= low_mask(q.from.width); ++c) all.push_back(c);
  } else {
    all = directed_codes(q.from, q.to, options.seed);
  }
  std::vector<conversion_case> out;
  for (const code_t c : all) {
    out.push_back({c, mixed(options.seed, c) & low_mask(q.random_width), 0});
  }
  constexpr std::size_t words_per_code = 200;
  const std::uint64_t count = options.max_cases / (2 * words_per_code);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t any = all.size() <= count ? i : mixed(options.seed, i);
    add_words(q, all[any % all.size()], options.seed, out);
    add_words(q, random_code(q.from, q.to, options.seed, 2 * i + 1), options.seed, out);
  }
  return out;
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_RANDOM_HPP
