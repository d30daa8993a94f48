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
#include "mma_operand.hpp"

namespace lowp::detail {

/// Holds every sum that `check` lets pass: factors of 8 exponent bits, scales.
using mma_accumulator = basic_accumulator<20>;
inline constexpr std::int32_t mma_unit = -640;

/// A value rounded to the accumulator's format, flushed if the model does.
LOWP_FN exact rounded(const mma_model& m, const exact& x, const projection& p) noexcept {
  const exact r = decode(m.accumulator, encode(m.accumulator, x, p));
  return m.flush_rounded ? apply_input_rule(m.accumulator, r, subnormal_input_rule::zero) : r;
}

/// The NaN of an operation without NaN operands.
LOWP_FN exact invalid_nan(const mma_model& m) noexcept { return exact_nan(m.invalid_is_negative); }

/// x + y exactly, special values as IEEE 754 has them.
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

/// The product at a place, exactly, with its scales.
LOWP_FN exact multiply_exact(const mma_model& m, const mma_operands& x, int at) noexcept {
  const mma_operand &a = x.a[at], &b = x.b[at];
  const bool negative = a.negative != b.negative;
  if (a.cls == number_class::nan || b.cls == number_class::nan) {
    if (m.nan == mma_nan::canonical) return exact_nan();
    return quieted(a.cls == number_class::nan ? value_of(m.a, a) : value_of(m.b, b));
  }
  const product_scale s = scale_at(m, x, at);
  if (s.is_nan) return exact_nan();
  const bool zero = a.cls == number_class::zero || b.cls == number_class::zero;
  if (a.cls == number_class::infinity || b.cls == number_class::infinity) {
    return zero ? invalid_nan(m) : exact_infinity(negative);
  }
  if (zero || s.significand == 0) return exact_zero(negative);
  return exact_wide(negative, uint128{a.significand} * b.significand * s.significand,
                    a.exponent + b.exponent + s.exponent - product_fraction(m) - scale_fraction(m),
                    false);
}

/// Exact sum that also knows the sign of a sum of zeros.
class exact_terms {
 public:
  LOWP_FN explicit exact_terms(const mma_model& m) noexcept : keeps_sign_(m.keeps_zero_sign) {}

  LOWP_FN void add(const exact& x) noexcept {
    specials_.add(x.cls, x.negative);
    if (x.cls == number_class::zero || x.cls == number_class::finite) {
      negative_zeros_ = negative_zeros_ && x.cls == number_class::zero && x.negative;
    }
    if (x.cls == number_class::finite) sum_.add(x);
  }
  LOWP_FN exact sum(const mma_model& m, rounding direction) const noexcept {
    if (specials_.any()) {
      const exact s = specials_.sum();
      return s.cls == number_class::nan ? invalid_nan(m) : s;
    }
    const exact s = sum_.result(direction).value;
    return s.cls == number_class::zero ? exact_zero(keeps_sign_ && negative_zeros_) : s;
  }

 private:
  mma_accumulator sum_{mma_unit};
  special_addends specials_;
  bool negative_zeros_ = true;
  bool keeps_sign_;
};

/// The term that begins with product `first`: a product or the exact sum of a run, rounded to the
/// format of products if there is one.
LOWP_FN exact rounded_term(const mma_model& m, const mma_operands& x, int first) noexcept {
  exact t = multiply_exact(m, x, product_at(m, first));
  if (m.run > 1) {
    exact_terms sum{m};
    sum.add(t);
    for (int i = first + 1; i < first + m.run; ++i) sum.add(multiply_exact(m, x, product_at(m, i)));
    t = sum.sum(m, m.product_last.round);
  }
  if (m.products_add_zero && t.cls == number_class::zero) t = exact_zero();
  if (m.product.width == 0) return t;
  t = decode(m.product, encode(m.product, t, m.product_last));
  return m.flush_rounded ? apply_input_rule(m.product, t, subnormal_input_rule::zero) : t;
}

/// Step with one rounding of everything. MMA-6.
LOWP_FN exact exact_step(const mma_model& m, const mma_operands& x, int first,
                         const exact* c) noexcept {
  exact_terms sum{m};
  for (int i = first; i < first + m.group; ++i) {
    sum.add(multiply_exact(m, x, product_at(m, i)));
  }
  if (c != nullptr) sum.add(*c);
  return sum.sum(m, m.step.round);
}

/// x y + z exactly; where the first NaN counts, one in z goes before inf x 0. MMA-11
LOWP_FN exact multiply_add_exact(const mma_model& m, const mma_operands& x, int at,
                                 const exact& z) noexcept {
  const exact product = rounded_term(m, x, at);
  const bool of_operand = x.a[product_at(m, at)].cls == number_class::nan ||
                          x.b[product_at(m, at)].cls == number_class::nan;
  if (m.nan == mma_nan::first_operand && !of_operand && z.cls == number_class::nan) {
    return quieted(z);
  }
  return add_exact(m, product, z);
}

/// All products of the instruction one after the other, from a value on. MMA-7.
LOWP_FN exact chain_of(const mma_model& m, const mma_operands& x, int chain, exact sum) noexcept {
  for (int i = chain; i < m.k; i += m.chains) {
    sum = rounded(m, multiply_add_exact(m, x, i, sum), m.step);
  }
  return sum;
}

/// The sum of a step in pairs, pairs of pairs and so on; what has no partner waits. MMA-8.
LOWP_FN exact tree_of(const mma_model& m, const mma_operands& x, int first) noexcept {
  exact t[most_products];
  int n = 0;
  for (int i = first; i < first + m.group; i += m.run) t[n++] = rounded_term(m, x, i);
  while (n > 1) {
    int out = 0;
    for (int i = 0; i + 1 < n; i += 2) t[out++] = rounded(m, add_exact(m, t[i], t[i + 1]), m.step);
    if (n % 2 != 0) t[out++] = t[n - 1];
    n = out;
  }
  return t[0];
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_ROUNDED_HPP
