// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums of rounded additions, and exact sums: chains of fused multiply-adds, trees, one rounding at
/// the end. spec/mma.md MMA-6...MMA-8.
#ifndef LOWP_HARDWARE_MMA_MMA_ROUNDED_HPP
#define LOWP_HARDWARE_MMA_MMA_ROUNDED_HPP

#include <cstdint>

#include "../../basic_accumulator.hpp"
#include "../../detail/exact_arithmetic.hpp"
#include "../../detail/special_results.hpp"
#include "mma_aligned.hpp"

namespace lowp::detail {

/// Holds every sum that `check` lets pass: factors of 8 exponent bits, scales, exponents.
using mma_accumulator = basic_accumulator<30>;
inline constexpr std::int32_t mma_unit = -640 - most_product_exponent;

/// The NaN of an operation without NaN operands.
LOWP_FN exact invalid_nan(const mma_model& m) noexcept { return exact_nan(m.invalid_is_negative); }

/// x + y, special values as IEEE 754 has them: all that a rounding must know.
LOWP_FN exact add_exact(const mma_model& m, const exact& x, const exact& y) noexcept {
  if (x.cls == number_class::nan || y.cls == number_class::nan) {
    if (m.nan == mma_nan::canonical) return exact_nan();
    return quieted(x.cls == number_class::nan ? x : y);
  }
  if (x.cls == number_class::infinity || y.cls == number_class::infinity) {
    if (x.cls == y.cls && x.negative != y.negative) return invalid_nan(m);
    return x.cls == number_class::infinity ? x : y;
  }
  if (x.cls == number_class::zero && y.cls == number_class::zero) {
    return exact_zero(x.negative && y.negative);
  }
  if (x.cls == number_class::zero) return y;
  return y.cls == number_class::zero ? x : add_finite(x, y);
}

/// x + y rounded, of terms that are not zero, of up to 126 bits.
LOWP_FN mma_value add_terms(const prepared_rounding& r, const mma_term& x,
                            const mma_term& y) noexcept {
  const std::int32_t unit = x.unit < y.unit ? x.unit : y.unit;
  const std::int32_t up_x = x.unit - unit, up_y = y.unit - unit;
  // Two bits for sign and carry.
  if (up_x > leading_zeros_wide(x.magnitude) - 2 || up_y > leading_zeros_wide(y.magnitude) - 2) {
    return round_exact(r, add_finite(exact_of(x), exact_of(y)));
  }
  return round_sum(
      r, with_sign(x.magnitude << up_x, x.negative) + with_sign(y.magnitude << up_y, y.negative),
      unit);
}

/// x + y rounded.
LOWP_FN mma_value add_rounded(const prepared_mma& u, const prepared_rounding& r, mma_value x,
                              mma_value y) noexcept {
  if (is_finite(x) && is_finite(y)) return add_terms(r, term_of(x), term_of(y));
  return round_exact(r, add_exact(u.model, exact_of(x), exact_of(y)));
}

/// The product at a place if it is finite and not zero; else false.
LOWP_FN bool finite_product(const prepared_mma& u, const mma_operands& x, int at,
                            mma_term& t) noexcept {
  const mma_operand &a = x.a[at], &b = x.b[at];
  if (!is_finite(a) || !is_finite(b)) return false;
  const product_scale s = scale_at(u.model, x, at);
  t = product_term(u, a, b, s);
  return !s.is_nan && t.magnitude != 0;
}

/// The product at a place of which `finite_product` is false.
LOWP_FN exact other_product(const prepared_mma& u, const mma_operands& x, int at) noexcept {
  const mma_model& m = u.model;
  const mma_operand &a = x.a[at], &b = x.b[at];
  const bool negative = a.negative != b.negative;
  if (is_nan(a) || is_nan(b)) {
    if (m.nan == mma_nan::canonical) return exact_nan();
    return quieted(is_nan(a) ? value_of(m.a, a) : value_of(m.b, b));
  }
  if (scale_at(m, x, at).is_nan) return exact_nan();
  if (!is_special(a) && !is_special(b)) return exact_zero(negative && !m.products_add_zero);
  const bool zero = a.cls == number_class::zero || b.cls == number_class::zero;
  return zero ? invalid_nan(m) : exact_infinity(negative);
}

/// An exact sum: its terms, added when all are known.
class exact_terms {
 public:
  /// Adds `count` products from `first` on.
  LOWP_FN void add_products(const prepared_mma& u, const mma_operands& x, int first,
                            int count) noexcept {
    for (int i = first; i < first + count; ++i) {
      const int at = product_at(u.model, i);
      const product_scale s = scale_at(u.model, x, at);
      specials_.add_product(x.a[at], x.b[at], s);
      add(product_term(u, x.a[at], x.b[at], s));
    }
  }
  LOWP_FN void add(mma_value x) noexcept {
    specials_.add(x.cls, x.negative);
    add(term_of(x));
  }

  /// The sum, rounded; of zeros of one sign a zero of that sign if `keeps_sign`.
  LOWP_FN mma_value round(const mma_model& m, const prepared_rounding& r,
                          bool keeps_sign) const noexcept {
    if (specials_.any()) return round_exact(r, specials_.sum(invalid_nan(m)));
    if (count_ == 0) return round_exact(r, exact_zero(keeps_sign && negative_zeros_));
    // 2^9 magnitudes of 64 bits and the sign leave 53 bits.
    return greatest_ - least_ > 53 ? round_long_sum(r) : round_sum(r, short_sum(), least_);
  }

 private:
  LOWP_FN void add(const mma_term& t) noexcept {
    if (t.magnitude == 0) {
      negative_zeros_ = negative_zeros_ && t.negative;
      return;
    }
    least_ = t.unit < least_ ? t.unit : least_;
    greatest_ = greater_of(greatest_, t.unit);
    term_[count_++] = t;
  }

  LOWP_FN int128 short_sum() const noexcept {
    int128 sum = 0;
    for (int i = 0; i < count_; ++i) {
      const mma_term& t = term_[i];
      sum += with_sign(t.magnitude << (t.unit - least_), t.negative);
    }
    return sum;
  }
  LOWP_FN mma_value round_long_sum(const prepared_rounding& r) const noexcept {
    mma_accumulator sum{mma_unit};
    for (int i = 0; i < count_; ++i) sum.add(exact_of(term_[i]));
    return round_exact(r, sum.value());
  }

  special_addends specials_;
  bool negative_zeros_ = true;                                  ///< all zeros are negative
  int count_ = 0;                                               ///< of terms that are not zero
  std::int32_t least_ = -no_exponent, greatest_ = no_exponent;  ///< units
  mma_term term_[most_products + 1];
};

/// The term that begins with product `first`, a product or the exact sum of a run, rounded to the
/// format of products.
LOWP_FN mma_value rounded_term(const prepared_mma& u, const mma_operands& x, int first) noexcept {
  const mma_model& m = u.model;
  if (m.run > 1) {
    exact_terms sum;
    sum.add_products(u, x, first, m.run);
    return sum.round(m, u.product, m.keeps_zero_sign && !m.products_add_zero);
  }
  const int at = product_at(m, first);
  if (mma_term t; finite_product(u, x, at, t)) {
    return round_wide(u.product, t.negative, t.magnitude, t.unit);
  }
  return round_exact(u.product, other_product(u, x, at));
}

/// Step with one rounding of everything. MMA-6.
LOWP_FN mma_value exact_step(const prepared_mma& u, const mma_operands& x, int first,
                             const mma_value* c) noexcept {
  exact_terms sum;
  sum.add_products(u, x, first, u.model.group);
  if (c != nullptr) sum.add(*c);
  return sum.round(u.model, u.step, u.model.keeps_zero_sign);
}

/// x y + z; where the first NaN counts, one in z goes before inf x 0. MMA-11
LOWP_FN mma_value multiply_add_value(const prepared_mma& u, const mma_operands& x, int i,
                                     mma_value z) noexcept {
  const mma_model& m = u.model;
  const int at = product_at(m, i);
  mma_term t;
  exact product;
  if (m.product.width != 0) {
    const mma_value p = rounded_term(u, x, i);
    if (is_finite(p) && is_finite(z)) return add_terms(u.step, term_of(p), term_of(z));
    product = exact_of(p);
  } else if (finite_product(u, x, at, t)) {
    if (is_finite(z)) return add_terms(u.step, t, term_of(z));
    product = exact_of(t);
  } else {
    product = other_product(u, x, at);
  }
  const exact sum = exact_of(z);
  if (m.nan == mma_nan::first_operand && !is_nan(x.a[at]) && !is_nan(x.b[at]) &&
      sum.cls == number_class::nan) {
    return round_exact(u.step, quieted(sum));
  }
  return round_exact(u.step, add_exact(m, product, sum));
}

/// All products of the instruction one after the other, from a value on. MMA-7.
LOWP_FN mma_value chain_of(const prepared_mma& u, const mma_operands& x, int chain,
                           mma_value sum) noexcept {
  for (int i = chain; i < u.model.k; i += u.model.chains) sum = multiply_add_value(u, x, i, sum);
  return sum;
}

/// The sum of a step in pairs, pairs of pairs and so on; what has no partner waits. MMA-8.
LOWP_FN mma_value tree_of(const prepared_mma& u, const mma_operands& x, int first) noexcept {
  const mma_model& m = u.model;
  // Sums of 2^i terms that wait for their partner: those of the bits of the number of terms.
  mma_value waiting[10];  // `most_products` < 2^10
  int n = 0, count = 0;
  for (int i = first; i < first + m.group; i += m.run) {
    mma_value t = rounded_term(u, x, i);
    for (int bit = 1; (count & bit) != 0; bit <<= 1) t = add_rounded(u, u.step, waiting[--n], t);
    waiting[n++] = t;
    ++count;
  }
  mma_value sum = waiting[n - 1];
  for (int i = n - 2; i >= 0; --i) sum = add_rounded(u, u.step, waiting[i], sum);
  return sum;
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_ROUNDED_HPP
