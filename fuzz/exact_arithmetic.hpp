// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arithmetic on exact values with one projection at the end: the golden model of +, -, *, /,
/// square root and fused multiply-add for formats of up to 32 significant bits.
#ifndef LOWP_FUZZ_EXACT_ARITHMETIC_HPP
#define LOWP_FUZZ_EXACT_ARITHMETIC_HPP

#include <cstdint>

#include <lowp/codec.hpp>
#include <lowp/formats.hpp>

namespace lowp::tool {

enum class operation : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  square_root,
  fused_multiply_add
};

/// What a NaN result is when an operand is a NaN.
enum class nan_result : std::uint8_t {
  canonical,      ///< what the projection's NaN rule makes of a positive NaN without payload
  first_operand,  ///< the first NaN among the operands, quieted (x86, Intel SDM volume 1, 4.8.3.5)
  /// The first signalling NaN, else the first NaN; addend before factors in fused_multiply_add; an
  /// invalid product is invalid even if the addend is a quiet NaN (Arm ARM, FPProcessNaNs3).
  signalling_first,
};

/// An arithmetic operation of an implementation on one format.
struct arithmetic_model {
  const char* source;
  operation op;
  format value;
  projection last;
  nan_result nan = nan_result::canonical;
  /// Sign of the NaN that an invalid operation without NaN operand gives.
  bool invalid_is_negative = false;
};

constexpr int operand_count(operation op) {
  return op == operation::square_root ? 1 : op == operation::fused_multiply_add ? 3 : 2;
}

namespace detail {

__extension__ using wide = unsigned __int128;

/// significand x 2^exponent cut to 64 bits with a sticky tail. `tail`: something less than
/// 2^exponent follows; then the significand has at least 64 bits.
constexpr exact from_wide(bool negative, wide significand, std::int32_t exponent, bool tail) {
  const auto high = static_cast<std::uint64_t>(significand >> 64);
  if (high == 0) {
    exact x = exact_finite(negative, static_cast<std::uint64_t>(significand), exponent);
    x.sticky = tail;
    return x;
  }
  const int shift = 64 - lowp::detail::leading_zeros(high);
  exact x =
      exact_finite(negative, static_cast<std::uint64_t>(significand >> shift), exponent + shift);
  x.sticky = tail || (significand & ((wide{1} << shift) - 1)) != 0;
  return x;
}

constexpr exact add_finite(exact a, exact b) {
  a = normalized(a);
  b = normalized(b);
  if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand)) {
    const exact t = a;
    a = b;
    b = t;
  }
  // The lesser term is 62 bits below the top before it is shifted: what then falls off lies below
  // any bit that can matter, and one sticky bit stands for it.
  const std::int32_t distance = a.exponent - b.exponent;
  const wide big = wide{a.significand} << 62;
  wide small = wide{b.significand} << 62;
  if (distance > 125) {
    small = 1;
  } else if (distance > 0) {
    const bool rest = (small & ((wide{1} << distance) - 1)) != 0;
    small = (small >> distance) | (rest ? 1 : 0);
  }
  const wide sum = a.negative == b.negative ? big + small : big - small;
  return from_wide(a.negative, sum, a.exponent - 62, false);
}

constexpr exact multiply_finite(const exact& a, const exact& b) {
  return from_wide(a.negative != b.negative, wide{a.significand} * b.significand,
                   a.exponent + b.exponent, false);
}

constexpr exact divide_finite(exact a, exact b) {
  a = normalized(a);
  b = normalized(b);
  const wide dividend = wide{a.significand} << 64;
  const wide quotient = dividend / b.significand;  // 64 or 65 bits
  return from_wide(a.negative != b.negative, quotient, a.exponent - b.exponent - 64,
                   quotient * b.significand != dividend);
}

constexpr exact square_root_finite(exact a) {
  a = normalized(a);
  // An even exponent and 127 or 128 bits, so that the root has 64.
  const int shift = (a.exponent & 1) != 0 ? 63 : 64;
  const wide radicand = wide{a.significand} << shift;
  wide root = 0;
  for (wide bit = wide{1} << 63; bit != 0; bit >>= 1) {
    const wide trial = root | bit;
    if (trial * trial <= radicand) root = trial;
  }
  return from_wide(false, root, (a.exponent - shift) / 2, root * root != radicand);
}

}  // namespace detail

/// The result before rounding; `invalid` becomes true where IEEE 754 calls the operation invalid.
/// NaN operands are the caller's business. `down`: rounding is toward negative, so exact zero sums
/// of opposite signs are -0.
constexpr exact add(const exact& a, const exact& b, bool down, bool& invalid) {
  if (a.cls == number_class::infinity || b.cls == number_class::infinity) {
    if (a.cls == b.cls && a.negative != b.negative) invalid = true;
    return exact_infinity(a.cls == number_class::infinity ? a.negative : b.negative);
  }
  if (a.cls == number_class::zero && b.cls == number_class::zero) {
    return exact_zero(a.negative == b.negative ? a.negative : down);
  }
  if (a.cls == number_class::zero) return b;
  if (b.cls == number_class::zero) return a;
  exact sum = detail::add_finite(a, b);
  if (sum.cls == number_class::zero) sum.negative = down;
  return sum;
}

constexpr exact multiply(const exact& a, const exact& b, bool& invalid) {
  const bool negative = a.negative != b.negative;
  const bool zero = a.cls == number_class::zero || b.cls == number_class::zero;
  if (a.cls == number_class::infinity || b.cls == number_class::infinity) {
    invalid = zero;
    return exact_infinity(negative);
  }
  return zero ? exact_zero(negative) : detail::multiply_finite(a, b);
}

constexpr exact divide(const exact& a, const exact& b, bool& invalid) {
  const bool negative = a.negative != b.negative;
  if (a.cls == b.cls && a.cls != number_class::finite) invalid = true;
  if (a.cls == number_class::infinity || b.cls == number_class::zero) {
    return exact_infinity(negative);
  }
  if (a.cls == number_class::zero || b.cls == number_class::infinity) return exact_zero(negative);
  return detail::divide_finite(a, b);
}

constexpr exact square_root(const exact& a, bool& invalid) {
  if (a.cls == number_class::zero) return a;
  invalid = a.negative;
  if (a.cls == number_class::infinity || invalid) return a;
  return detail::square_root_finite(a);
}

/// The NaN among n operands that Arm's rules pick; none: the default NaN.
constexpr const exact* arm_nan(const exact* x, int n) {
  const int order[] = {n == 3 ? 2 : 0, n == 3 ? 0 : 1, 1};
  const exact* quiet = nullptr;
  for (int k = 0; k < n; ++k) {
    const exact& candidate = x[order[k]];
    if (candidate.cls != number_class::nan) continue;
    if (is_signalling(candidate)) return &candidate;
    if (quiet == nullptr) quiet = &candidate;
  }
  const auto product_of = [&](number_class a, number_class b) {
    return (x[0].cls == a && x[1].cls == b) || (x[0].cls == b && x[1].cls == a);
  };
  const bool invalid = n == 3 && product_of(number_class::zero, number_class::infinity);
  return invalid ? nullptr : quiet;
}

/// The code that a model gives for codes of its format.
[[gnu::always_inline]] constexpr code_t compute(const format& f, const arithmetic_model& m,
                                                const code_t* operands) {
  exact x[3];
  const int n = operand_count(m.op);
  const exact* nan = nullptr;
  for (int i = 0; i < n; ++i) {
    x[i] = decode(f, operands[i]);
    if (x[i].cls == number_class::nan && nan == nullptr) nan = &x[i];
  }
  if (nan != nullptr) {
    if (m.nan == nan_result::canonical) return encode(f, exact_nan(), m.last);
    if (m.nan == nan_result::signalling_first) nan = arm_nan(x, n);
    return encode(f, nan != nullptr ? *nan : exact_nan(m.invalid_is_negative), m.last);
  }
  const bool down = m.last.round == rounding::toward_negative;
  bool invalid = false;
  exact r;
  switch (m.op) {
    case operation::add: r = add(x[0], x[1], down, invalid); break;
    case operation::subtract:
      x[1].negative = !x[1].negative;
      r = add(x[0], x[1], down, invalid);
      break;
    case operation::multiply: r = multiply(x[0], x[1], invalid); break;
    case operation::divide: r = divide(x[0], x[1], invalid); break;
    case operation::square_root: r = square_root(x[0], invalid); break;
    case operation::fused_multiply_add:
      r = multiply(x[0], x[1], invalid);
      if (!invalid) r = add(r, x[2], down, invalid);
      break;
  }
  return encode(f, invalid ? exact_nan(m.invalid_is_negative) : r, m.last);
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_EXACT_ARITHMETIC_HPP
