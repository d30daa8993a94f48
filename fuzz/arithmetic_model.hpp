// SPDX-License-Identifier: Apache-2.0
/// \file
/// The golden models of arithmetic and comparisons: an operation of the library with what IEEE 754
/// leaves to implementations, as data.
#ifndef LOWP_FUZZ_ARITHMETIC_MODEL_HPP
#define LOWP_FUZZ_ARITHMETIC_MODEL_HPP

#include <array>
#include <cstdint>
#include <string>

#include <lowp/compare.hpp>
#include <lowp/compute.hpp>
#include <lowp/formats.hpp>

namespace lowp::tool {

/// Which NaN an operation returns. What the projection makes of it comes after.
enum class nan_result : std::uint8_t {
  canonical,      ///< a positive one without payload
  first_operand,  ///< the first NaN among the operands, quieted (x86, Intel SDM volume 1, 4.8.3.5)
  /// The first signalling NaN, else the first NaN; addend before factors in fma; an invalid product
  /// is invalid even if the addend is a quiet NaN (Arm ARM, FPProcessNaNs3).
  signalling_first,
};

/// How minimum and maximum choose where the order does not decide: NaN and zeros.
enum class choice : std::uint8_t {
  by_operation,  ///< as the operation defines it
  /// The second operand, bit for bit, unless the first is strictly the lesser (the greater); a NaN
  /// is invalid, quiet or not (Intel SDM, MINPS).
  second_operand,
};

/// An arithmetic operation of an implementation.
struct arithmetic_model {
  const char* source;
  operation op;
  std::array<format, 3> from;  ///< of the operands; those behind `operand_count(op)` do not count
  format to;
  projection last;
  nan_result nan = nan_result::canonical;
  /// Sign of the NaN that an invalid operation without NaN operand gives.
  bool invalid_is_negative = false;
  choice undecided = choice::by_operation;
  /// Not 0: what is checked is not the code but these of its exception flags, as `status` has them.
  std::uint8_t flags = 0;
};

/// A model with one format.
constexpr arithmetic_model arithmetic_in(format f, operation op, const char* source,
                                         const projection& last,
                                         nan_result nan = nan_result::canonical,
                                         bool invalid_is_negative = false) {
  return {source, op, {f, f, f}, f, last, nan, invalid_is_negative};
}

/// A relation of two operands that is true or false: result 1 or 0 in uint8.
struct comparison_model {
  const char* source;
  const char* words;     ///< "a < b"
  std::uint8_t accepts;  ///< the orderings for which it is true: bits of `ordering_bit`
  format value;          ///< of both operands
};

/// The bit of an ordering in comparison_model::accepts.
constexpr std::uint8_t ordering_bit(ordering o) {
  return static_cast<std::uint8_t>(1 << (static_cast<int>(o) + 1));
}
inline constexpr std::uint8_t is_less = ordering_bit(ordering::less);
inline constexpr std::uint8_t is_equal = ordering_bit(ordering::equal);
inline constexpr std::uint8_t is_greater = ordering_bit(ordering::greater);
inline constexpr std::uint8_t is_unordered = ordering_bit(ordering::unordered);

/// The results of the models for codes of their formats.
code_t expected_code(const arithmetic_model& m, const code_t* operands);
code_t expected_code(const comparison_model& m, const code_t* operands);

/// The operation in words: "binary32: a + b, toward zero".
std::string operation_text(const arithmetic_model& m);

/// "invalid, inexact" or "none".
std::string flags_text(std::uint8_t flags);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_ARITHMETIC_MODEL_HPP
