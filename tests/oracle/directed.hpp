// SPDX-License-Identifier: Apache-2.0
/// \file
/// Inputs where a conversion can go wrong: codes of a wide source format around every value and
/// every middle of a destination, around its thresholds, special codes, and seeded random ones.
#ifndef LOWP_TESTS_ORACLE_DIRECTED_HPP
#define LOWP_TESTS_ORACLE_DIRECTED_HPP

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "project.hpp"

namespace oracle {

inline constexpr std::uint64_t directed_seed = 0x10feed;

/// Ladder indices of a destination whose surroundings are tried: all, or about `count` of them with
/// the ends of the range, of the binades and of the subnormals.
inline std::vector<std::uint64_t> indices(const ladder& l, std::uint64_t count) {
  std::vector<std::uint64_t> all;
  if (l.top() <= count) {
    for (std::uint64_t i = 0; i <= l.top(); ++i) all.push_back(i);
    return all;
  }
  std::mt19937_64 random(directed_seed);
  while (all.size() < count) all.push_back(random() % l.top());
  for (std::uint64_t bit = 1; bit != 0 && bit <= l.top(); bit <<= 1) {
    all.push_back(bit - 1);
    all.push_back(bit);
    if (bit < l.top()) all.push_back(l.top() - bit);
  }
  const int t = l.format().trailing_bits;
  if (l.format().kind == shape::minifloat) {
    for (std::uint64_t i = 0; i + 1 <= l.top();
         i += std::max<std::uint64_t>(1, (l.top() >> t) / count) << t) {
      all.push_back(i);
      all.push_back(i + 1);
      if (i > 0) all.push_back(i - 1);
    }
  }
  all.push_back(l.top());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// The codes of one side of `from` within two steps of x > 0; its greatest ones if x is beyond.
inline void append_around(const ladder& from, const real& x, std::vector<std::uint64_t>& codes) {
  const std::uint64_t index = from.locate(x).index;
  for (std::uint64_t i = index < 2 ? 0 : index - 2; i <= index + 3 && i <= from.top(); ++i) {
    codes.push_back(from.code(i));
  }
}

/// Special codes of a source: zeros, infinities, NaNs with single bits and all bits of payload.
inline std::vector<std::uint64_t> special_codes(const description& from) {
  std::vector<std::uint64_t> codes = {0, from.sign_bit()};
  for (const std::uint64_t c : from.infinities) codes.push_back(c);
  for (const code_range& r : from.nans) {
    codes.push_back(r.first);
    codes.push_back(r.last);
    const std::uint64_t base = r.first - 1;
    if (r.first == r.last) continue;
    for (int bit = 0; bit < from.trailing_bits; ++bit) {
      codes.push_back(base | std::uint64_t{1} << bit);
      codes.push_back(base | (std::uint64_t{1} << bit) |
                      (std::uint64_t{1} << (from.trailing_bits - 1)));
      codes.push_back(r.last & ~(std::uint64_t{1} << bit));
    }
  }
  return codes;
}

/// Inputs for conversions from a wide format: `count` steps and middles of the destination at most,
/// and as many random codes as `random_count`.
inline std::vector<std::uint64_t> directed_codes(const destination& from, const destination& to,
                                                 std::uint64_t count, int random_count) {
  std::vector<std::uint64_t> codes = special_codes(from.format);
  for (const bool negative : {false, true}) {
    const ladder& source = from.side(negative);
    const ladder& target = to.side(negative);
    if (negative && !from.format.sign) continue;
    const auto around = [&](real x) {
      if (!x.is_zero()) append_around(source, x, codes);
    };
    for (const std::uint64_t i : indices(target, count)) {
      around(target.at(i));
      if (i < target.top() || !target.ends()) around(target.middle(i));
    }
    if (!target.ends()) around(target.after(target.top()));
    const real limit = tiny_limit(target);
    around(limit);
    // Where rounding to the precision reaches the limit from below: 1/2, 1/4 of the step there.
    for (int bits = 1; bits < 56; ++bits) around(limit.scaled(-bits) * ((integer(1) << bits) - 1));
    const real& least = target.at(has_zero(to.format) ? 1 : 0);
    if (least.is_dyadic()) {
      for (const long k : {-1, -2, -63, -64, -65, 1}) around(least.scaled(k));
    }
    around(source.at(1));
    around(source.at(source.top()));
  }
  std::mt19937_64 random(directed_seed ^ from.format.code_mask() ^ to.format.code_mask());
  for (int i = 0; i < random_count; ++i) codes.push_back(random() & from.format.code_mask());
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_DIRECTED_HPP
