// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whole formats as sources of conversions: their values, and the places of all of them on the
/// ladder of a destination in one walk.
#ifndef LOWP_TESTS_ORACLE_SOURCES_HPP
#define LOWP_TESTS_ORACLE_SOURCES_HPP

#include <algorithm>
#include <cstdint>
#include <vector>

#include <lowp/formats.hpp>

#include "../support/ranks.hpp"
#include "project.hpp"
#include "report.hpp"

namespace oracle {

/// A registered format of at most 16 bits with its value table.
struct source {
  source(const lowp::named_format& f, const description& d)
      : format(f), to(d), values(oracle::values(d)) {
    for (std::uint32_t code = 0; code < values.size(); ++code) {
      if (values[code].cls == sort::finite) ascending.push_back(code);
    }
    std::sort(ascending.begin(), ascending.end(), [this](std::uint32_t a, std::uint32_t b) {
      return values[a].magnitude < values[b].magnitude;
    });
  }

  const char* name() const { return format.name; }

  lowp::named_format format;
  destination to;
  std::vector<value> values;             ///< by code
  std::vector<std::uint32_t> ascending;  ///< finite codes by magnitude
};

/// All registered formats of at most `width` bits; a format without a row here is the business of
/// values_test.
inline std::vector<source> sources_up_to(int width) {
  std::vector<source> all;
  for (const lowp::named_format& f : lowp::all_formats) {
    const description* d = find(f.name);
    if (d != nullptr && d->width <= width) all.emplace_back(f, *d);
  }
  return all;
}

/// The place of every finite value of `from`, by code.
inline std::vector<place> places(const source& from, const destination& to) {
  std::vector<place> all(from.values.size());
  std::uint64_t at[2] = {0, 0};
  for (const std::uint32_t code : from.ascending) {
    const value& x = from.values[code];
    all[code] = to.side(x.negative).locate_from(x.magnitude, at[x.negative ? 1 : 0]);
    at[x.negative ? 1 : 0] = all[code].index;
  }
  return all;
}

inline constexpr rounding deterministic[] = {
    rounding::to_nearest_even,     rounding::to_nearest_away, rounding::to_nearest_zero,
    rounding::to_nearest_negative, rounding::toward_zero,     rounding::toward_positive,
    rounding::toward_negative,     rounding::away_from_zero,  rounding::to_odd};

inline constexpr rounding stochastic[] = {rounding::stochastic_a, rounding::stochastic_b,
                                          rounding::stochastic_c};

inline constexpr lowp::overflow_rule overflows[] = {
    lowp::overflow_rule::ieee, lowp::overflow_rule::infinite, lowp::overflow_rule::saturate,
    lowp::overflow_rule::saturate_finite};

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_SOURCES_HPP
