// SPDX-License-Identifier: Apache-2.0
/// \file
/// Classes of codes that test vectors must touch. spec/golden.md GLD-14.
#ifndef LOWP_GOLDEN_COVERAGE_CODES_HPP
#define LOWP_GOLDEN_COVERAGE_CODES_HPP

#include <cstdint>

#include <lowp/compare.hpp>
#include <lowp/properties.hpp>

namespace lowp::golden {

/// A code with its value.
struct coded_value {
  format f{};
  code_t code = 0;
  exact value{};  ///< normalized

  static coded_value of(format f, code_t code) { return {f, code, normalized(decode(f, code))}; }
  bool finite() const { return value.cls == number_class::finite; }
  code_t magnitude() const { return code & lowp::detail::low_mask(magnitude_bits(f)); }
  bool subnormal() const {
    const value_class c = classify(f, code);
    return c == value_class::positive_subnormal || c == value_class::negative_subnormal;
  }
  bool nan() const { return value.cls == number_class::nan; }
  bool signalling() const { return is_signalling(value); }
  /// The payload of a NaN without its quiet bit, left-aligned.
  std::uint64_t payload() const { return value.significand << 1; }
};

/// A class of codes.
struct code_class {
  const char* name;
  bool (*holds)(const coded_value& x);
};

/// For every operand and result. A class without a code in a format does not apply to it. GLD-14.
inline constexpr code_class all_code_classes[] = {
    {"+0",
     [](const coded_value& x) { return x.value.cls == number_class::zero && !x.value.negative; }},
    {"-0",
     [](const coded_value& x) { return x.value.cls == number_class::zero && x.value.negative; }},
    {"least positive",
     [](const coded_value& x) { return x.finite() && x.code == min_positive(x.f); }},
    {"subnormal", [](const coded_value& x) { return x.subnormal() && !x.value.negative; }},
    {"negative subnormal", [](const coded_value& x) { return x.subnormal() && x.value.negative; }},
    {"greatest subnormal",
     [](const coded_value& x) { return x.subnormal() && x.magnitude() + 1 == min_normal(x.f); }},
    {"least normal", [](const coded_value& x) { return x.finite() && x.code == min_normal(x.f); }},
    {"one",
     [](const coded_value& x) {
       return compare(x.value, exact_finite(false, 1, 0)) == ordering::equal;
     }},
    {"negative number", [](const coded_value& x) { return x.finite() && x.value.negative; }},
    {"power of two",
     [](const coded_value& x) { return x.finite() && x.value.significand << 1 == 0; }},
    {"end of a binade",
     [](const coded_value& x) {
       const code_t low = x.f.kind == number_kind::minifloat
                              ? lowp::detail::low_mask(trailing_bits(x.f))
                              : code_t{0};
       return x.finite() && low != 0 && (x.code & low) == low;
     }},
    {"greatest", [](const coded_value& x) { return x.code == max_finite(x.f); }},
    {"lowest", [](const coded_value& x) { return x.finite() && x.code == lowest(x.f); }},
    {"+infinity",
     [](const coded_value& x) {
       return x.value.cls == number_class::infinity && !x.value.negative;
     }},
    {"-infinity",
     [](const coded_value& x) {
       return x.value.cls == number_class::infinity && x.value.negative;
     }},
    {"NaN", [](const coded_value& x) { return x.nan() && !x.signalling(); }},
    {"negative NaN", [](const coded_value& x) { return x.nan() && x.value.negative; }},
    {"NaN with payload",
     [](const coded_value& x) {
       return x.nan() && x.f.nans == nan_codes::ieee && !x.signalling() && x.payload() != 0;
     }},
    {"signalling NaN", [](const coded_value& x) { return x.signalling(); }},
    // What a narrower format would cut off: all that is left looks like an infinity.
    {"signalling NaN of low payload",
     [](const coded_value& x) {
       const int t = x.f.kind == number_kind::minifloat ? trailing_bits(x.f) : 0;
       return x.signalling() && t > 3 && x.magnitude() % (code_t{1} << t) < code_t{1} << t / 2;
     }},
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_COVERAGE_CODES_HPP
