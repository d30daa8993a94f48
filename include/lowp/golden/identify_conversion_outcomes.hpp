// SPDX-License-Identifier: Apache-2.0
/// \file
/// Results of a class of inputs in words, where no behaviour says more: what special inputs become,
/// and where results stay constant.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_OUTCOMES_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_OUTCOMES_HPP

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "identify_conversion_cells.hpp"

namespace lowp::golden::detail {

/// Order of the magnitudes of two codes.
inline bool less_magnitude(format f, code_t a, code_t b) noexcept {
  return lowp::detail::compare_magnitudes(decode(f, a), decode(f, b)) == ordering::less;
}

/// The code of the same magnitude without sign, where there is one.
inline code_t magnitude_of(format f, code_t code) noexcept {
  return f.kind == number_kind::minifloat && f.is_signed && !is_nan(f, code)
             ? code & low_mask(magnitude_bits(f))
             : code;
}

/// Finite results: one value, a value of both signs, or a range of magnitudes.
inline std::string finite_words(format from, format to, const std::vector<code_t>& codes) {
  const auto less = [&](code_t a, code_t b) { return less_magnitude(to, a, b); };
  const auto [low, high] = std::minmax_element(codes.begin(), codes.end(), less);
  std::string out;
  if (less(*low, *high)) {
    out = "finite (" + value_words(to, magnitude_of(to, *low)) + "..." +
          value_words(to, magnitude_of(to, *high)) + ")";
  } else {
    out = value_words(to, *low);
    const auto other =
        std::find_if(codes.begin(), codes.end(), [&](code_t c) { return c != *low; });
    if (other != codes.end()) out += " and " + value_words(to, *other);
    if (magnitude_of(to, *low) == max_finite(to)) out += ", the greatest finite value";
  }
  const exact limit = decode(from, max_finite(from));
  if (lowp::detail::compare_magnitudes(decode(to, *high), limit) == ordering::greater) {
    out += " (finite, above the greatest value " + value_words(from, max_finite(from)) +
           " of the source)";
  }
  return out;
}

/// What the results of some special inputs are.
inline std::string outcome_words(format from, format to, std::span<const conversion_case> cases) {
  std::set<std::string> kinds;
  std::vector<code_t> finite;
  for (const conversion_case& c : cases) {
    const exact x = decode(to, c.got);
    switch (x.cls) {
      case number_class::nan: kinds.insert("NaN"); break;
      case number_class::infinity: kinds.insert("infinity"); break;
      case number_class::zero: kinds.insert(x.negative ? "-0" : "+0"); break;
      case number_class::finite: finite.push_back(c.got);
    }
  }
  if (!finite.empty()) kinds.insert(finite_words(from, to, finite));
  std::string out;
  for (const std::string& s : kinds) out += (out.empty() ? "" : " or ") + s;
  return out;
}

/// Results that are the same throughout a range in which they should not be.
inline std::string constant_words(format from, format to, std::span<const conversion_case> cases) {
  const auto less = [&](const conversion_case& a, const conversion_case& b) {
    return less_magnitude(from, a.code, b.code);
  };
  const auto [low, high] = std::minmax_element(cases.begin(), cases.end(), less);
  const code_t result = magnitude_of(to, cases.front().got);
  const std::string first = value_words(from, magnitude_of(from, low->code));
  const std::string last = value_words(from, magnitude_of(from, high->code));
  const std::string value = value_words(to, result);
  const bool to_the_end = magnitude_of(from, high->code) == max_finite(from);
  const std::string range =
      "inputs of magnitudes from " + first + (to_the_end ? " on" : " to " + last);
  if (decode(to, result).cls == number_class::zero) return "flushes to zero: " + range;
  if (decode(to, result).cls != number_class::finite) return "overflows to " + value + ": " + range;
  return "saturates at " + value + ": " + range;
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_OUTCOMES_HPP
