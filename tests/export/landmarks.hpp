// SPDX-License-Identifier: Apache-2.0
/// \file
/// The derived properties of a format, from the oracle's values alone: small formats by sorting all
/// of them, wide ones (whose positive codes ascend with the value) by their lists of special codes.
#ifndef LOWP_TESTS_EXPORT_LANDMARKS_HPP
#define LOWP_TESTS_EXPORT_LANDMARKS_HPP

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "../oracle/values.hpp"

namespace lowp_export {

using code_type = std::uint64_t;
using optional_code = std::optional<code_type>;

struct landmarks {
  optional_code zero, negative_zero, one, min_positive, max_subnormal, min_normal, max_finite,
      lowest, infinity, negative_infinity;
  optional_code after_one;  ///< the next greater value than 1
  oracle::integer finite_codes, finite_values;
};

inline code_type top_code(const oracle::description& d) {
  const code_type sign_or_all = d.sign ? d.sign_bit() : d.width == 64 ? 0 : d.code_count();
  return sign_or_all - 1;
}

/// Least magnitude that counts as normal; nothing where the format knows no subnormals.
inline std::optional<oracle::real> normal_limit(const oracle::description& d) {
  if (d.kind == oracle::shape::hifloat8) return oracle::real{1, -15};
  const bool gradual =
      d.low == oracle::low_end::subnormals || d.low == oracle::low_end::dojo_subnormals;
  if (d.kind != oracle::shape::minifloat || !gradual) return std::nullopt;
  return oracle::real{1, 1 - d.bias};
}

inline bool is_finite_positive(const oracle::value& v) {
  return v.cls == oracle::sort::finite && !v.negative;
}

/// The positive codes in ascending order of value, as far as the landmarks need them.
inline std::vector<code_type> positive_codes(const oracle::description& d) {
  std::vector<code_type> codes;
  if (d.width <= 16) {
    std::vector<oracle::value> all = oracle::values(d);
    for (code_type c = 0; c < all.size(); ++c) {
      if (is_finite_positive(all[c])) codes.push_back(c);
    }
    std::sort(codes.begin(), codes.end(),
              [&](code_type a, code_type b) { return all[a].magnitude < all[b].magnitude; });
    return codes;
  }
  code_type last = top_code(d);
  while (!is_finite_positive(oracle::value_of(d, last))) {
    for (const oracle::code_range& r : d.nans) {
      if (r.first <= last && last <= r.last) last = r.first;
    }
    --last;
  }
  // Around the least value, the limit of subnormals, 1, and the greatest value.
  codes = {1, last};
  const code_type limit = code_type{1} << d.trailing_bits;
  if (d.kind == oracle::shape::minifloat) codes.insert(codes.end(), {limit - 1, limit});
  code_type low = 1, high = last;  // the code of 1 by bisection
  const oracle::real one{1, 0};
  while (high - low > 1) {
    const code_type middle = low + (high - low) / 2;
    (one < oracle::value_of(d, middle).magnitude ? high : low) = middle;
  }
  codes.insert(codes.end(), {low, high});
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

inline landmarks find_landmarks(const oracle::description& d) {
  using namespace oracle;
  landmarks m;
  const std::vector<code_type> positive = positive_codes(d);
  const auto magnitude = [&](code_type c) { return value_of(d, c).magnitude; };
  const std::optional<real> limit = normal_limit(d);
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const real x = magnitude(positive[i]);
    if (x == real{1, 0}) {
      m.one = positive[i];
      if (i + 1 < positive.size()) m.after_one = positive[i + 1];
    }
    if (limit && x < *limit) {
      m.max_subnormal = positive[i];
    } else if (!m.min_normal) {
      m.min_normal = positive[i];
    }
  }
  if (!positive.empty()) {
    m.min_positive = positive.front();
    m.max_finite = positive.back();
  }
  const bool zero_at_7 = d.kind == shape::listed && d.listed[7] == 0;
  if (has_zero(d)) m.zero = zero_at_7 ? 7 : 0;
  if (!m.max_finite) m.max_finite = m.zero;  // int1: -1 and 0
  if (has_negative_zero(d)) m.negative_zero = d.sign_bit();
  for (code_type c : d.infinities) (c & d.sign_bit() ? m.negative_infinity : m.infinity) = c;

  m.lowest = m.zero ? m.zero : m.min_positive;
  if (d.sign) {
    switch (d.kind) {
      case shape::fixed_point: m.lowest = d.sign_bit(); break;
      case shape::posit:
      case shape::takum: m.lowest = d.sign_bit() + 1; break;
      case shape::listed: m.lowest = zero_at_7 ? 0 : d.sign_bit() | *m.max_finite; break;
      default: m.lowest = d.sign_bit() | *m.max_finite;
    }
  }
  m.finite_codes = integer(1) << d.width;
  m.finite_codes -= d.infinities.size();
  for (const code_range& r : d.nans) m.finite_codes -= integer(r.last) - r.first + 1;
  m.finite_values = m.finite_codes - (m.negative_zero ? 1 : 0);
  return m;
}

}  // namespace lowp_export

#endif  // LOWP_TESTS_EXPORT_LANDMARKS_HPP
