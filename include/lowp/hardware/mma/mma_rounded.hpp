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

/// `decode(f, encode(f, x, p))` without the code, for formats as IEEE 754 has them and what its
/// arithmetic does: nearest even, or toward zero with overflow to infinity.
LOWP_FN bool rounds_directly(format f, const projection& p) noexcept {
  const int bits = f.width - f.precision;
  if (f.kind != number_kind::minifloat || f.nans != nan_codes::ieee || !f.has_infinity ||
      f.bottom != bottom_binade::gradual || !f.is_signed || bits < 2 || bits > 11 ||
      f.bias != (1 << (bits - 1)) - 1 || p.flush_subnormal_result) {
    return false;
  }
  if (p.zero_sign != sign_rule::keep && p.zero_sign != sign_rule::positive) return false;
  if (p.overflow_before_rounding) return false;
  if (p.round == rounding::toward_zero) return p.overflow == overflow_rule::infinite;
  return p.round == rounding::to_nearest_even &&
         (p.overflow == overflow_rule::ieee || p.overflow == overflow_rule::infinite);
}
LOWP_FN exact round_directly(format f, const exact& x, const projection& p) noexcept {
  const bool negative_zero = x.negative && p.zero_sign == sign_rule::keep;
  if (x.cls == number_class::zero) return exact_zero(negative_zero);
  if (x.cls != number_class::finite) return exact_infinity(x.negative);
  const exact n = normalized(x);
  const std::int32_t least = 1 - f.bias;
  int shift = 64 - f.precision;
  if (binade(n) < least) shift += least - binade(n) > 64 ? 64 : least - binade(n);
  const bool rest = n.tail != 0 || n.sticky;
  std::uint64_t q = 0, beyond = 0;  // what is kept, and what follows it: bit 63 is worth one half
  if (shift < 64) {
    q = n.significand >> shift;
    beyond = n.significand << (64 - shift);
  } else if (shift == 64) {
    beyond = n.significand;
  }
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  if (p.round == rounding::to_nearest_even &&
      (beyond > half || (beyond == half && (rest || (q & 1) != 0)))) {
    ++q;
  }
  if (q == 0) return exact_zero(negative_zero);
  const std::int32_t exponent = n.exponent + shift;
  if (exponent + 63 - leading_zeros(q) > f.bias) return exact_infinity(x.negative);
  return exact_finite(x.negative, q, exponent);
}

LOWP_FN exact rounded_to(format f, const exact& x, const projection& p) noexcept {
  return x.cls != number_class::nan && rounds_directly(f, p) ? round_directly(f, x, p)
                                                             : decode(f, encode(f, x, p));
}

/// A value rounded to the accumulator's format, flushed if the model does.
LOWP_FN exact rounded(const mma_model& m, const exact& x, const projection& p) noexcept {
  const exact r = rounded_to(m.accumulator, x, p);
  return m.flush_rounded ? apply_input_rule(m.accumulator, r, subnormal_input_rule::zero) : r;
}

/// The NaN of an operation without NaN operands.
LOWP_FN exact invalid_nan(const mma_model& m) noexcept { return exact_nan(m.invalid_is_negative); }

/// x + y exactly, of finite values.
LOWP_FN exact add_terms(const exact& x, const exact& y) noexcept {
  const exact a = normalized(x), b = normalized(y);
  const std::int32_t distance = a.exponent - b.exponent;
  if (distance > 62 || distance < -62 || a.tail != 0 || b.tail != 0 || a.sticky || b.sticky) {
    return add_finite(a, b);
  }
  // In 127 bits: the one with the greater exponent 62 bits up.
  const std::int32_t least = distance > 0 ? b.exponent : a.exponent;
  const auto p = static_cast<int128>(uint128{a.significand} << (a.exponent - least));
  const auto q = static_cast<int128>(uint128{b.significand} << (b.exponent - least));
  const int128 sum = (a.negative ? -p : p) + (b.negative ? -q : q);
  if (sum == 0) return exact_zero();
  return exact_wide(sum < 0, static_cast<uint128>(sum < 0 ? -sum : sum), least, false);
}

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
  return y.cls == number_class::zero ? x : add_terms(x, y);
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
  t = rounded_to(m.product, t, m.product_last);
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
  // Sums of 2^i terms that wait for their partner: those of the bits of the number of terms.
  exact waiting[10];  // `most_products` < 2^10
  int n = 0, count = 0;
  for (int i = first; i < first + m.group; i += m.run) {
    exact t = rounded_term(m, x, i);
    for (int bit = 1; (count & bit) != 0; bit <<= 1) {
      t = rounded(m, add_exact(m, waiting[--n], t), m.step);
    }
    waiting[n++] = t;
    ++count;
  }
  exact sum = waiting[n - 1];
  for (int i = n - 2; i >= 0; --i) sum = rounded(m, add_exact(m, waiting[i], sum), m.step);
  return sum;
}

}  // namespace lowp::detail

#endif  // LOWP_HARDWARE_MMA_MMA_ROUNDED_HPP
