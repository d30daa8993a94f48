// SPDX-License-Identifier: Apache-2.0
/// \file
/// The inputs of a conversion in cells: NaNs, infinities and zeros by sign, finite values by sign
/// and binade. An implementation does the same throughout a cell, or nearly always.
/// spec/diagnosis.md DIA-3.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_CELLS_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_CELLS_HPP

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "fault_models.hpp"
#include "identify_conversion_inputs.hpp"

namespace lowp::golden::detail {

/// What a cell holds besides its sign.
enum class input_class : std::uint8_t {
  zero,
  subnormal,  ///< of a minifloat source
  finite,     ///< of one binade
  infinity,
  nan_quiet,
  nan_signalling_high,  ///< payload in bits that the target holds
  nan_signalling_low,   ///< payload only in bits that the target does not hold
};

struct cell_key {
  input_class cls = input_class::zero;
  bool negative = false;
  int exponent = 0;  ///< binade; of the least normal value for subnormals

  auto order() const noexcept { return std::tuple{cls, exponent, negative}; }
  friend bool operator<(const cell_key& a, const cell_key& b) noexcept {
    return a.order() < b.order();
  }
  friend bool operator==(const cell_key&, const cell_key&) noexcept = default;
};

struct cell {
  cell_key key;
  std::uint16_t regions = 0;
  std::vector<conversion_case> cases;
};

inline bool is_nan_class(input_class c) noexcept { return c >= input_class::nan_quiet; }
inline bool is_finite_class(input_class c) noexcept {
  return c == input_class::subnormal || c == input_class::finite;
}

inline cell_key key_of(format from, format to, code_t code) noexcept {
  const exact x = normalized(decode(from, code));
  cell_key key{input_class::zero, x.negative, 0};
  const bool minifloat = from.kind == number_kind::minifloat;
  switch (x.cls) {
    case number_class::zero: break;
    case number_class::infinity: key.cls = input_class::infinity; break;
    case number_class::nan: {
      const bool sign = has_signed_nan(from) && (code >> magnitude_bits(from) & 1) != 0;
      key.negative = sign;
      const int kept = to.nans == nan_codes::ieee ? trailing_bits(to) : 0;
      const bool high = kept > 0 && x.significand >> (64 - kept) != 0;
      key.cls = !is_signalling(x) ? input_class::nan_quiet
                : high            ? input_class::nan_signalling_high
                                  : input_class::nan_signalling_low;
      break;
    }
    case number_class::finite: {
      using kind = lowp::detail::kind_of_number<number_kind::minifloat>;
      const int least =
          minifloat && has_subnormals(from) ? kind::least_normal_exponent(from) : -exponent_bound;
      key.cls = binade(x) < least ? input_class::subnormal : input_class::finite;
      key.exponent = std::max(binade(x), least);
    }
  }
  return key;
}

/// The regions in which a cell lies, for the choice of mistakes that can show there.
inline std::uint16_t regions_of(format from, format to, const cell_key& key) noexcept {
  (void)from;
  if (is_nan_class(key.cls)) return nan_inputs;
  std::uint16_t sign = key.negative ? negative_inputs : 0;
  if (key.cls == input_class::infinity) return infinite_inputs | sign;
  if (key.cls == input_class::zero) return zero_inputs | sign;
  std::uint16_t r = sign;
  if (key.cls == input_class::subnormal) r |= subnormal_inputs;
  const exact least = normalized(decode(to, min_normal(to)));
  const exact top = normalized(decode(to, max_finite(to)));
  const bool minifloat = to.kind == number_kind::minifloat;
  if (!minifloat) return r | subnormal_results | normal_results | large_results;
  if (key.exponent < binade(least)) r |= subnormal_results;
  if (key.cls == input_class::subnormal) return r | subnormal_results | normal_results;
  if (key.exponent >= binade(least) && key.exponent <= binade(top)) r |= normal_results;
  if (key.exponent >= binade(top)) r |= large_results;
  return r;
}

/// All cells with at least one case.
inline std::vector<cell> make_cells(format from, format to,
                                    std::span<const conversion_case> cases) {
  std::map<cell_key, std::size_t> place;
  std::vector<cell> out;
  for (const conversion_case& c : cases) {
    const cell_key key = key_of(from, to, c.code);
    const auto [at, is_new] = place.try_emplace(key, out.size());
    if (is_new) out.push_back({key, regions_of(from, to, key), {}});
    out[at->second].cases.push_back(c);
  }
  std::sort(out.begin(), out.end(), [](const cell& a, const cell& b) { return a.key < b.key; });
  return out;
}

/// "magnitudes in [2^-14, 2^16)": binades that follow each other, as ranges.
inline std::string binade_words(std::vector<int> exponents, int lowest, int highest) {
  std::sort(exponents.begin(), exponents.end());
  exponents.erase(std::unique(exponents.begin(), exponents.end()), exponents.end());
  const int first = exponents.front();
  const int last = exponents.back();
  const auto count = static_cast<int>(exponents.size());
  const auto range = [](int from, int to) {
    return "[" + power_words(from) + ", " + power_words(to + 1) + ")";
  };
  if (count == last - first + 1) {
    if (first <= lowest && last >= highest) return "all magnitudes";
    if (last >= highest) return "magnitudes from " + power_words(first) + " on";
    if (first <= lowest) return "magnitudes below " + power_words(last + 1);
    return "magnitudes in " + range(first, last);
  }
  constexpr int many = 4;
  const bool every_second =
      count >= many && last - first == 2 * (count - 1) &&
      std::all_of(exponents.begin(), exponents.end(), [&](int e) { return (e - first) % 2 == 0; });
  if (every_second) return "magnitudes in every second binade of " + range(first, last);
  std::string out = "magnitudes in ";
  int ranges = 0;
  constexpr int shown = 3;
  for (std::size_t i = 0; i < exponents.size();) {
    std::size_t k = i;
    while (k + 1 < exponents.size() && exponents[k + 1] == exponents[k] + 1) ++k;
    if (++ranges > shown) return out + ", ... up to " + power_words(last + 1);
    out += (ranges == 1 ? "" : ", ") + range(exponents[i], exponents[k]);
    i = k + 1;
  }
  return out;
}

/// The inputs of some cells in words.
inline std::string cell_words(format from, format to, std::span<const cell_key> keys) {
  std::vector<int> exponents;
  bool subnormal = false;
  bool plus = false;
  bool minus = false;
  std::string special;
  const auto add = [&](const std::string& text) {
    if (special.find(text) != std::string::npos) return;
    special += (special.empty() ? "" : ", ") + text;
  };
  for (const cell_key& key : keys) {
    switch (key.cls) {
      case input_class::zero: add(key.negative ? "-0" : "+0"); continue;
      case input_class::infinity: add(key.negative ? "-infinity" : "+infinity"); continue;
      case input_class::nan_quiet:
        add(from.nans == nan_codes::ieee ? "quiet NaN" : "NaN");
        continue;
      case input_class::nan_signalling_high:
        add("signalling NaN whose payload reaches the bits that are kept");
        continue;
      case input_class::nan_signalling_low: {
        const int kept = to.nans == nan_codes::ieee ? trailing_bits(to) : 0;
        add("signalling NaN whose payload lies in the " +
            std::to_string(trailing_bits(from) - kept) + " discarded bits");
        continue;
      }
      case input_class::subnormal: subnormal = true; break;
      case input_class::finite: exponents.push_back(key.exponent); break;
    }
    (key.negative ? minus : plus) = true;
  }
  const auto is_nan_key = [](const cell_key& key) { return is_nan_class(key.cls); };
  if (std::all_of(keys.begin(), keys.end(), is_nan_key)) {
    const auto has = [&](input_class cls) {
      return std::any_of(keys.begin(), keys.end(), [&](const cell_key& k) { return k.cls == cls; });
    };
    const bool every = has(input_class::nan_quiet) && has(input_class::nan_signalling_low) &&
                       (has(input_class::nan_signalling_high) || to.nans != nan_codes::ieee);
    if (every) return "NaN";
  }
  if (exponents.empty() && !subnormal) return special;
  const exact top = normalized(decode(from, max_finite(from)));
  const exact least = normalized(decode(from, min_normal(from)));
  std::string out;
  if (subnormal) out = "subnormal inputs";
  if (!exponents.empty()) {
    out += (out.empty() ? "" : ", ") + binade_words(exponents, binade(least), binade(top));
  }
  if (from.is_signed && plus != minus) out = (plus ? "positive, " : "negative, ") + out;
  return special.empty() ? out : special + ", " + out;
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_CELLS_HPP
