// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums and products of any number of values, for the block reductions of IEEE P3109.
#ifndef LOWP_P3109_REDUCTION_HPP
#define LOWP_P3109_REDUCTION_HPP

#include <cstddef>
#include <cstdint>

#include "../detail/accumulator_limbs.hpp"
#include "../detail/accumulator_range.hpp"
#include "../detail/wide.hpp"
#include "../exact.hpp"

namespace lowp::p3109::detail {

/// A term X Y of a sum, or two factors of a product.
struct factors {
  exact X;
  exact Y;
};

/// What the special values among the terms make of the whole, whatever their order.
struct special_terms {
  bool nan = false;
  bool positive_infinity = false;
  bool negative_infinity = false;

  LOWP_FN void add(const factors& t) noexcept {
    const bool zero = t.X.cls == number_class::zero || t.Y.cls == number_class::zero;
    const bool infinite = t.X.cls == number_class::infinity || t.Y.cls == number_class::infinity;
    nan = nan || t.X.cls == number_class::nan || t.Y.cls == number_class::nan || (zero && infinite);
    if (infinite && t.X.negative == t.Y.negative) positive_infinity = true;
    if (infinite && t.X.negative != t.Y.negative) negative_infinity = true;
  }
};

LOWP_FN bool is_finite_nonzero(const factors& t) noexcept {
  return t.X.cls == number_class::finite && t.Y.cls == number_class::finite;
}

/// Exponents of the last bit of all terms, and of the bit above the first.
struct bit_range {
  std::int32_t unit = INT32_MAX;
  std::int32_t top = INT32_MIN;

  LOWP_FN void add(const factors& t) noexcept {
    const std::int32_t low = lowp::detail::last_bit(t.X) + lowp::detail::last_bit(t.Y);
    const std::int32_t high = binade(normalized(t.X)) + binade(normalized(t.Y)) + 2;
    unit = low < unit ? low : unit;
    top = high > top ? high : top;
  }
};

LOWP_FN void add_part(std::uint64_t* limb, int n, bool negative, lowp::detail::uint128 part,
                      std::int32_t shift) noexcept {
  // Below the unit there are only zeros, unless the sum is wider than any report format allows.
  if (shift < 0) {
    part = shift > -128 ? part >> -shift : 0;
    shift = 0;
  }
  if (part == 0) return;
  if (negative) {
    lowp::detail::subtract_at(limb, n, part, shift);
  } else {
    lowp::detail::add_at(limb, n, part, shift);
  }
}

/// The sum of the finite terms in `Limbs` words at most.
template <int Limbs, class Term>
LOWP_FN exact sum_within(std::size_t n, Term term, std::int32_t unit, int limbs) noexcept {
  std::uint64_t limb[Limbs];
  for (int i = 0; i < limbs; ++i) limb[i] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    if (!is_finite_nonzero(t)) continue;
    const bool negative = t.X.negative != t.Y.negative;
    const std::int32_t shift = t.X.exponent + t.Y.exponent - 128 - unit;
    const lowp::detail::uint256 product = lowp::detail::multiply_wide(
        lowp::detail::significand_of(t.X), lowp::detail::significand_of(t.Y));
    add_part(limb, limbs, negative, product.low, shift);
    add_part(limb, limbs, negative, product.high, shift + 128);
  }
  return lowp::detail::leading_bits(limb, limbs, unit);
}

/// Products of four codes of Binary16p1u formats span 2^18 bits; more, of formats that are not of
/// the report, loses its last bits.
inline constexpr int most_limbs = (1 << 18) / 64 + 8;
inline constexpr int few_limbs = 64;

/// The exact sum of n terms term(i) of 128 bits for each factor, cut to 128 bits and a rest.
/// `term` is called twice for each. spec/p3109.md IEP-11.
template <class Term>
LOWP_FN exact sum_of(std::size_t n, Term term) noexcept {
  special_terms special;
  bit_range range;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    special.add(t);
    if (is_finite_nonzero(t)) range.add(t);
  }
  if (special.nan || (special.positive_infinity && special.negative_infinity)) return exact_nan();
  if (special.positive_infinity || special.negative_infinity) {
    return exact_infinity(special.negative_infinity);
  }
  if (range.unit > range.top) return exact_zero();
  // 64 bits for the count of terms and the sign, one word for the end of the last product.
  std::int32_t limbs = (range.top - range.unit) / 64 + 4;
  if (limbs <= few_limbs) return sum_within<few_limbs>(n, term, range.unit, limbs);
  if (limbs > most_limbs) {
    range.unit += 64 * (limbs - most_limbs);
    limbs = most_limbs;
  }
  return sum_within<most_limbs>(n, term, range.unit, limbs);
}

/// A product of odd integers: its leading `Limbs` words, and what is sure about them.
///
/// A product of odd integers is odd. So what is cut off is never zero, and whether the product is
/// exactly a code or halfway between two needs no more than knowing that something was cut off.
template <int Limbs>
class odd_product {
 public:
  /// *this *= odd
  LOWP_FN void multiply(std::uint64_t odd) noexcept {
    std::uint64_t carry = 0;
    for (int i = 0; i < size_; ++i) {
      const lowp::detail::uint128 p = lowp::detail::uint128{limb_[i]} * odd + carry;
      limb_[i] = lowp::detail::low_half(p);
      carry = lowp::detail::high_half(p);
    }
    if (carry == 0) return;
    if (size_ == Limbs) {
      for (int i = 1; i < Limbs; ++i) limb_[i - 1] = limb_[i];
      --size_;
      ++drops_;
    }
    limb_[size_++] = carry;
  }

  /// Are the first 128 bits those of the product? Each drop takes less than 2^-(64 (Limbs-1)) of
  /// it, so all of them less than 2 drops_ in units of word 1: that reaches the first three words
  /// only through a fourth one that is all ones.
  LOWP_FN bool is_decided() const noexcept {
    static_assert(Limbs >= 6);
    return drops_ == 0 || limb_[Limbs - 4] != ~std::uint64_t{0};
  }

  /// The product times 2^exponent.
  LOWP_FN exact value(bool negative, std::int64_t exponent) const noexcept {
    const std::uint64_t high = limb_[size_ - 1];
    const std::uint64_t middle = size_ > 1 ? limb_[size_ - 2] : 0;
    const std::uint64_t low = size_ > 2 ? limb_[size_ - 3] : 0;
    const int shift = lowp::detail::leading_zeros(high);
    const int up = 64 - shift;
    exponent += 64 * (static_cast<std::int64_t>(drops_) + size_ - 1) - shift;
    constexpr std::int64_t bound = 2 * exponent_bound;
    exponent = exponent > bound ? bound : exponent < -bound ? -bound : exponent;
    exact r{.cls = number_class::finite,
            .negative = negative,
            .exponent = static_cast<std::int32_t>(exponent)};
    r.significand = shift == 0 ? high : high << shift | middle >> up;
    r.tail = shift == 0 ? middle : middle << shift | low >> up;
    r.sticky = size_ > 3 || low << shift != 0;  // odd, so the last word is not 0
    return r;
  }

 private:
  int size_ = 1;
  std::uint64_t drops_ = 0;
  std::uint64_t limb_[Limbs] = {1};
};

LOWP_FN std::uint64_t odd_part(std::uint64_t x) noexcept {
  return x >> lowp::detail::trailing_zeros(x);
}

/// The product of the factors of all terms, finite and not zero, of 64 bits each.
template <int Limbs, class Term>
LOWP_FN exact product_within(std::size_t n, Term term, bool& decided) noexcept {
  odd_product<Limbs> product;
  bool negative = false;
  std::int64_t exponent = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    negative = negative != (t.X.negative != t.Y.negative);
    exponent += lowp::detail::last_bit(t.X) + std::int64_t{lowp::detail::last_bit(t.Y)};
    product.multiply(odd_part(t.X.significand));
    product.multiply(odd_part(t.Y.significand));
  }
  decided = product.is_decided();
  return product.value(negative, exponent);
}

/// The product of n terms, cut to 128 bits and a rest. Up to 2^17 significant bits it is exact by
/// construction; a longer one is tried with 8, 64 and 2048 words, and comes out wrong only if 64
/// bits in a row of it are all ones in each of these attempts. spec/p3109.md IEP-11.
template <class Term>
LOWP_FN exact product_of(std::size_t n, Term term) noexcept {
  special_terms special;
  bool zero = false;
  bool negative = false;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    special.add(t);
    zero = zero || t.X.cls == number_class::zero || t.Y.cls == number_class::zero;
    negative = negative != (t.X.negative != t.Y.negative);
  }
  const bool infinite = special.positive_infinity || special.negative_infinity;
  if (special.nan || (zero && infinite)) return exact_nan();
  if (zero) return exact_zero();
  if (infinite) return exact_infinity(negative);
  bool decided = false;
  exact r = product_within<8>(n, term, decided);
  if (!decided) r = product_within<64>(n, term, decided);
  if (!decided) r = product_within<2048>(n, term, decided);
  return r;
}

}  // namespace lowp::p3109::detail

#endif  // LOWP_P3109_REDUCTION_HPP
