// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes, values and rules of conversions in words, for findings.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_WORDS_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_WORDS_HPP

#include <string>
#include <string_view>

#include <lowp/compare.hpp>
#include <lowp/formats.hpp>
#include <lowp/print.hpp>
#include <lowp/projection_members.hpp>

namespace lowp::golden {

/// The registered name, else what the format has: "a format of 11 significant bits".
inline std::string format_words(format f) {
  for (const named_format& row : all_formats) {
    if (row.value == f) return row.name;
  }
  return "a format of " + std::to_string(f.precision) + " significant bits";
}

/// "0x7f"
inline std::string code_words(format f, code_t code) {
  char buffer[max_text_size];
  const printed p = print_code(buffer, buffer + max_text_size, f, code);
  return {buffer, p.end};
}

/// "2^-14"
inline std::string power_words(int exponent) { return "2^" + std::to_string(exponent); }

/// The value: a power of two far from 1 as such, else the shortest decimal (of binary64).
inline std::string value_words(format f, code_t code) {
  const exact x = normalized(decode(f, code));
  const std::string sign = x.negative ? "-" : "";
  switch (x.cls) {
    case number_class::nan: return "NaN";
    case number_class::infinity: return sign + "infinity";
    case number_class::zero: return sign + "0";
    case number_class::finite: break;
  }
  constexpr int near_one = 4;
  const bool power = x.significand == std::uint64_t{1} << 63 && x.tail == 0 && !x.sticky;
  if (power && (binade(x) < -near_one || binade(x) >= 2 * near_one)) {
    return sign + power_words(binade(x));
  }
  char buffer[max_text_size];
  // The digits of binary64 show what the value of a narrow format is: 1.125, not 1.1.
  const bool narrow = f.width < 64 && f.kind == number_kind::minifloat;
  const format shown = narrow ? formats::binary64 : f;
  const printed p = print_decimal(buffer, buffer + max_text_size, shown,
                                  narrow ? encode(shown, decode(f, code)) : code);
  return {buffer, p.end};
}

/// "0x7e (448)"
inline std::string code_and_value(format f, code_t code) {
  return code_words(f, code) + " (" + value_words(f, code) + ")";
}

inline std::string words(rounding r) {
  switch (r) {
    case rounding::to_nearest_even: return "nearest-even";
    case rounding::to_nearest_away: return "nearest, ties away from zero";
    case rounding::to_nearest_zero: return "nearest, ties toward zero";
    case rounding::to_nearest_negative: return "nearest, ties downward";
    case rounding::toward_zero: return "toward zero";
    case rounding::toward_positive: return "toward +infinity";
    case rounding::toward_negative: return "toward -infinity";
    case rounding::away_from_zero: return "away from zero";
    case rounding::to_odd: return "to odd";
    case rounding::stochastic_a: return "stochastic (random bits added, then cut)";
    case rounding::stochastic_b: return "stochastic (half a random unit added, then cut)";
    case rounding::stochastic_c: return "stochastic (fraction rounded to the random bits)";
  }
  return "unknown";
}

inline bool is_nearest(rounding r) { return r <= rounding::to_nearest_negative; }

inline std::string words(overflow_rule r) {
  switch (r) {
    case overflow_rule::ieee: return "becomes infinity as IEEE 754 directs";
    case overflow_rule::infinite: return "becomes infinity in every direction";
    case overflow_rule::saturate: return "saturates, infinities too";
    case overflow_rule::saturate_finite: return "saturates, infinities stay";
  }
  return "unknown";
}

inline std::string words(nan_rule r) {
  switch (r) {
    case nan_rule::quiet: return "only the quiet bit set";
    case nan_rule::all_ones: return "all bits set";
    case nan_rule::payload: return "leading payload bits kept, quiet bit set";
    case nan_rule::payload_raw:
      return "truncated without setting the quiet bit (signalling stays signalling, an empty rest "
             "is infinity)";
    case nan_rule::payload_one: return "leading payload bits kept, quiet bit not set";
    case nan_rule::signalling: return "a signalling NaN of payload 1";
    case nan_rule::max_finite: return "the greatest finite value";
    case nan_rule::zero: return "zero";
  }
  return "unknown";
}

inline std::string words(sign_rule r) {
  switch (r) {
    case sign_rule::keep: return "kept";
    case sign_rule::positive: return "always positive";
    case sign_rule::negative: return "always negative";
    case sign_rule::flip: return "flipped";
  }
  return "unknown";
}

inline std::string words(subnormal_input_rule r) {
  switch (r) {
    case subnormal_input_rule::keep: return "keep their value (gradual underflow)";
    case subnormal_input_rule::zero: return "flushed to zero (denormals-are-zero)";
    case subnormal_input_rule::half_down: return "above half of the least normal go up to it";
    case subnormal_input_rule::least_normal: return "go up to the least normal";
  }
  return "unknown";
}

inline std::string words(negative_rule r) {
  switch (r) {
    case negative_rule::clamp: return "become the least value";
    case negative_rule::magnitude: return "lose their sign";
    case negative_rule::nan: return "become NaN";
    case negative_rule::p3109: return "become NaN or the least value by direction (P3109)";
    case negative_rule::clamp_finite: return "become the least value, -infinity NaN";
  }
  return "unknown";
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_WORDS_HPP
