// SPDX-License-Identifier: Apache-2.0
/// \file
/// One deviation from a claimed rule: what it changes, where that shows, and its words.
/// spec/diagnosis.md DIA-5.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATION_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATION_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fault_models.hpp"

namespace lowp::golden::detail {

/// One change of a behaviour, and how it is said once all changes are known.
struct deviation {
  int group;
  std::uint16_t regions;
  std::function<void(conversion_behaviour&)> change;
  std::function<std::string(const conversion_behaviour&)> words;
};

/// Groups of the deviations that are no rows of fault_models.
enum deviation_group : int {
  group_round = fault_group_end,
  group_via,
  group_overflow,
  group_overflow_before,
  group_no_infinity,
  group_no_infinity_sign,
  group_nan,
  group_nan_sign,
  group_zero_sign,
  group_negative,
  group_no_zero,
  group_subnormal_input,
  group_flush,
  group_random_bits,
  group_random_from,
  group_random_shift,
  group_mask,
  group_from,
  group_to,
};

/// One format taken for another explains everything or nothing.
inline bool is_global(const deviation& d) noexcept {
  return d.group == group_from || d.group == group_to;
}

/// Formats through which a conversion may round on its way; from wide to narrow.
inline std::vector<format> formats_between(format from, format to) {
  std::vector<format> out;
  if (from.kind != number_kind::minifloat) return out;
  const int needed = to.kind == number_kind::minifloat ? to.precision : 0;
  for (const format f : {formats::binary32, formats::binary16, formats::bfloat16, formats::tf32}) {
    const bool cuts = f.precision < from.precision || f.bias < from.bias;
    if (cuts && f.precision <= from.precision && f != to && f.precision >= needed) {
      out.push_back(f);
    }
  }
  return out;
}

inline std::string overflow_words(const conversion_rule& claim, const projection& now) {
  const std::string infinite = has_infinity(claim.to) ? "infinity" : "NaN";
  const auto saturates = [](overflow_rule r) {
    return r == overflow_rule::saturate || r == overflow_rule::saturate_finite;
  };
  if (saturates(now.overflow) && !saturates(claim.last.overflow)) {
    return "saturates on overflow, claimed " + infinite;
  }
  if (!saturates(now.overflow) && saturates(claim.last.overflow)) {
    return "overflow becomes " + infinite + ", claimed to saturate";
  }
  return "overflow " + words(now.overflow) + "; claimed: " + words(claim.last.overflow);
}

inline std::string round_words(const conversion_rule& claim, const projection& now) {
  const rounding was = claim.last.round;
  if (is_stochastic(was) && !is_stochastic(now.round)) {
    return "random bits are ignored: rounds " + words(now.round);
  }
  if (!is_nearest(was) || !is_nearest(now.round)) {
    return "rounds " + words(now.round) + ", claimed " + words(was);
  }
  const auto tie = [](rounding r) -> std::string {
    switch (r) {
      case rounding::to_nearest_even: return "to even";
      case rounding::to_nearest_away: return "away from zero";
      case rounding::to_nearest_zero: return "toward zero";
      default: return "downward";
    }
  };
  std::string out = "ties round " + tie(now.round) + " instead of " + tie(was);
  if (claim.to.precision == 1 && now.round == to_nearest_away && was == to_nearest_even) {
    out += " (format without fraction bits: parity taken from the implicit bit)";
  }
  return out;
}

/// "-0.484": the mean error of rounding with random bits that many places too low, in steps.
inline std::string mean_bias_words(int shift) {
  const std::uint64_t one = std::uint64_t{1} << shift;
  const std::uint64_t thousandths = (500 * (one - 1) + one / 2) >> shift;
  std::string digits = std::to_string(thousandths);
  digits.insert(0, 3 - digits.size(), '0');
  return "-0." + digits;
}

}  // namespace lowp::golden::detail

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_DEVIATION_HPP
