// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums and products of any number of values, for the block reductions of IEEE P3109.
#ifndef LOWP_P3109_REDUCTION_HPP
#define LOWP_P3109_REDUCTION_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "../basic_accumulator.hpp"
#include "../detail/accumulator_range.hpp"
#include "../detail/wide.hpp"

namespace lowp::p3109::detail {

/// A term X Y of a sum, or two factors of a product.
struct factors {
  exact X;
  exact Y;
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

/// Adds a term: factors of 128 bits as two halves each. Irrational ones are cut, outside of the
/// report.
template <class Sum>
LOWP_FN void add_term(Sum& sum, const factors& t) noexcept {
  if (!is_finite_nonzero(t)) return sum.add_product(t.X, t.Y);
  const exact x[] = {exact_finite(t.X.negative, t.X.significand, t.X.exponent),
                     exact_finite(t.X.negative, t.X.tail, t.X.exponent - 64)};
  const exact y[] = {exact_finite(t.Y.negative, t.Y.significand, t.Y.exponent),
                     exact_finite(t.Y.negative, t.Y.tail, t.Y.exponent - 64)};
  for (const exact& a : x) {
    for (const exact& b : y) sum.add_product(a, b);
  }
}

template <int Limbs, class Term>
LOWP_FN exact sum_within(std::size_t n, Term term, std::int32_t unit) noexcept {
  basic_accumulator<Limbs> sum(unit);
  for (std::size_t i = 0; i < n; ++i) add_term(sum, term(i));
  return sum.value();
}

/// Products of four codes of Binary16p1u formats span 2^18 bits; more, of formats that are not of
/// the report, is NaN.
inline constexpr int most_limbs = (1 << 18) / 64 + 8;
inline constexpr int few_limbs = 64;

/// The exact sum of n terms term(i) of 128 bits for each factor, cut to 128 bits and a rest.
/// `term` is called twice for each. spec/p3109.md IEP-11.
template <class Term>
LOWP_FN exact sum_of(std::size_t n, Term term) noexcept {
  bit_range range;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    if (is_finite_nonzero(t)) range.add(t);
  }
  if (range.unit > range.top) return sum_within<2>(n, term, 0);
  // 64 bits for the count of terms and the sign.
  const std::int32_t limbs = (range.top - range.unit) / 64 + 2;
  return limbs <= few_limbs ? sum_within<few_limbs>(n, term, range.unit)
                            : sum_within<most_limbs>(n, term, range.unit);
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
  bool nan = false;
  bool zero = false;
  bool infinite = false;
  bool negative = false;
  for (std::size_t i = 0; i < n; ++i) {
    const factors t = term(i);
    for (const exact& x : {t.X, t.Y}) {
      nan = nan || x.cls == number_class::nan;
      zero = zero || x.cls == number_class::zero;
      infinite = infinite || x.cls == number_class::infinity;
      negative = negative != x.negative;
    }
  }
  if (nan || (zero && infinite)) return exact_nan();
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
