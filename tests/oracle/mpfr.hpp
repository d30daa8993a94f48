// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary functions of the oracle, by MPFR: the leading 128 bits of the true result, and
/// whether anything follows. MPFR rounds correctly, so that rounding toward zero at 128 bits gives
/// exactly those bits, and its ternary value tells the rest. Compositions that MPFR lacks are
/// enclosed at growing precision. From lowp it takes the names of the operations, nothing else.
#ifndef LOWP_TESTS_ORACLE_MPFR_HPP
#define LOWP_TESTS_ORACLE_MPFR_HPP

#include <cstdint>
#include <cstdlib>
#include <optional>

#include <mpfr.h>

#include <lowp/operation.hpp>
#include <lowp/projection.hpp>

#include "values.hpp"

namespace oracle {

using lowp::operation;

/// A finite operand other than zero: (-1)^negative x n x 2^e.
struct dyadic {
  bool negative = false;
  std::uint64_t n = 1;
  long e = 0;
};

/// Results whose binade lies beyond this in either direction are not told apart.
inline constexpr long far_binade = 1L << 18;

/// A result toward zero: +-(high + low 2^-64) x 2^(top - 63), high with bit 63 set, and `rest` if
/// something below that was cut off.
struct truncated {
  sort cls = sort::zero;
  bool negative = false;
  bool rest = false;
  long top = 0;  ///< floor(log2 |result|)
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint8_t flags = 0;  ///< invalid, divide_by_zero of lowp::status, by IEEE 754
};

/// A stand-in that every rounding treats as it would the result: one bit after the 128 says that
/// something follows, and far results are as far as any format can tell.
inline value stand_in(const truncated& t) {
  constexpr long far_enough = 1L << 16;
  value v{.cls = t.cls, .negative = t.negative};
  if (t.cls == sort::nan) v.payload = std::uint64_t{1} << 63;
  if (t.cls != sort::finite) return v;
  const integer bits = ((integer(t.high) << 64) | t.low) * 2 + (t.rest ? 1 : 0);
  const long top = t.top > far_binade ? far_enough : t.top < -far_binade ? -far_enough : t.top;
  v.magnitude = {bits, top - 128};
  return v;
}

/// An MPFR number that frees itself.
class mp {
 public:
  explicit mp(mpfr_prec_t precision) { mpfr_init2(v_, precision); }
  mp(const mp&) = delete;
  mp& operator=(const mp&) = delete;
  ~mp() { mpfr_clear(v_); }
  operator mpfr_ptr() { return v_; }

 private:
  mpfr_t v_;
};

inline constexpr mpfr_prec_t result_bits = 128;

/// The exponent range of this thread, wide enough for `far_binade` and narrow enough that overflow
/// is found without computing.
inline void set_exponent_range() {
  mpfr_set_emin(-(1L << 21));
  mpfr_set_emax(1L << 21);
}

inline void assign(mpfr_ptr r, const dyadic& x) {
  static_assert(sizeof(unsigned long) == 8);
  if (mpfr_set_ui_2exp(r, x.n, x.e, MPFR_RNDZ) != 0) std::abort();
  if (x.negative) mpfr_neg(r, r, MPFR_RNDZ);
}

/// Reads a number of 128 bits that was rounded toward zero; `rest`: inexactly. The flags of MPFR
/// are those of that operation.
inline truncated read(mpfr_ptr r, bool rest) {
  using lowp::status;
  truncated t{.negative = mpfr_signbit(r) != 0, .rest = rest};
  if (mpfr_nan_p(r) != 0) {
    t.cls = sort::nan;
    t.negative = false;
    t.flags = status::invalid;
  } else if (mpfr_inf_p(r) != 0) {
    t.cls = sort::infinity;
    if (mpfr_divby0_p() != 0) t.flags = status::divide_by_zero;
  } else if (mpfr_zero_p(r) == 0 || rest) {
    t.cls = sort::finite;
    t.high = std::uint64_t{1} << 63;
    t.top = -(1L << 21);  // underflow
    if (mpfr_zero_p(r) != 0) return t;
    const mp_limb_t* limbs = r->_mpfr_d;
    static_assert(sizeof(mp_limb_t) == 8);
    t.high = limbs[1];
    t.low = limbs[0];
    t.top = mpfr_get_exp(r) - 1;
  }
  return t;
}

using mpfr_unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
using mpfr_binary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

inline int reciprocal(mpfr_ptr r, mpfr_srcptr x, mpfr_rnd_t round) {
  return mpfr_ui_div(r, 1, x, round);
}

/// The function of MPFR, nullptr for the compositions.
inline mpfr_unary unary_of(operation op) {
  switch (op) {
    case operation::sqrt: return mpfr_sqrt;
    case operation::recip: return reciprocal;
    case operation::rsqrt: return mpfr_rec_sqrt;
    case operation::cbrt: return mpfr_cbrt;
    case operation::exp: return mpfr_exp;
    case operation::exp2: return mpfr_exp2;
    case operation::exp10: return mpfr_exp10;
    case operation::expm1: return mpfr_expm1;
    case operation::log: return mpfr_log;
    case operation::log2: return mpfr_log2;
    case operation::log10: return mpfr_log10;
    case operation::log1p: return mpfr_log1p;
    case operation::sin: return mpfr_sin;
    case operation::cos: return mpfr_cos;
    case operation::tan: return mpfr_tan;
    case operation::sinpi: return mpfr_sinpi;
    case operation::cospi: return mpfr_cospi;
    case operation::tanpi: return mpfr_tanpi;
    case operation::asin: return mpfr_asin;
    case operation::acos: return mpfr_acos;
    case operation::atan: return mpfr_atan;
    case operation::asinpi: return mpfr_asinpi;
    case operation::acospi: return mpfr_acospi;
    case operation::atanpi: return mpfr_atanpi;
    case operation::sinh: return mpfr_sinh;
    case operation::cosh: return mpfr_cosh;
    case operation::tanh: return mpfr_tanh;
    case operation::asinh: return mpfr_asinh;
    case operation::acosh: return mpfr_acosh;
    case operation::atanh: return mpfr_atanh;
    case operation::erf: return mpfr_erf;
    case operation::erfc: return mpfr_erfc;
    default: return nullptr;
  }
}

inline mpfr_binary binary_of(operation op) {
  switch (op) {
    case operation::hypot: return mpfr_hypot;
    case operation::atan2: return mpfr_atan2;
    case operation::atan2pi: return mpfr_atan2pi;
    case operation::pow: return mpfr_pow;
    default: return nullptr;
  }
}

/// 1 / (1 + e^-x) from below or above.
inline void enclose_sigmoid(mpfr_ptr r, mpfr_srcptr x, mpfr_prec_t bits, bool above) {
  const mpfr_rnd_t opposite = above ? MPFR_RNDD : MPFR_RNDU;
  mp e(bits), minus_x(mpfr_get_prec(x));
  mpfr_neg(minus_x, x, MPFR_RNDN);
  mpfr_exp(e, minus_x, opposite);
  mpfr_add_ui(e, e, 1, opposite);
  mpfr_ui_div(r, 1, e, above ? MPFR_RNDU : MPFR_RNDD);
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) from below or above.
inline void enclose_softplus(mpfr_ptr r, mpfr_srcptr x, mpfr_prec_t bits, bool above) {
  const mpfr_rnd_t round = above ? MPFR_RNDU : MPFR_RNDD;
  mp e(bits), minus(mpfr_get_prec(x));
  mpfr_abs(minus, x, MPFR_RNDN);
  mpfr_neg(minus, minus, MPFR_RNDN);
  mpfr_exp(e, minus, round);
  mpfr_log1p(r, e, round);
  if (mpfr_sgn(x) > 0) mpfr_add(r, r, x, round);
}

/// |x| / (1 + e^-x) from below or above.
inline void enclose_silu(mpfr_ptr r, mpfr_srcptr x, mpfr_prec_t bits, bool above) {
  mp size(mpfr_get_prec(x));
  mpfr_abs(size, x, MPFR_RNDN);
  enclose_sigmoid(r, x, bits, above);
  mpfr_mul(r, r, size, above ? MPFR_RNDU : MPFR_RNDD);
}

/// |x| erfc(-x / sqrt 2) / 2 from below or above; erfc descends.
inline void enclose_gelu(mpfr_ptr r, mpfr_srcptr x, mpfr_prec_t bits, bool above) {
  const mpfr_rnd_t round = above ? MPFR_RNDU : MPFR_RNDD;
  const mpfr_rnd_t opposite = above ? MPFR_RNDD : MPFR_RNDU;
  mp t(bits), root(bits), size(mpfr_get_prec(x));
  const bool positive = mpfr_sgn(x) > 0;
  // The bound of t = -x / sqrt 2 from the opposite side: for positive x |t| rounded with `round`.
  mpfr_sqrt_ui(root, 2, positive ? opposite : round);
  mpfr_neg(size, x, MPFR_RNDN);
  mpfr_div(t, size, root, opposite);
  mpfr_erfc(r, t, round);
  mpfr_abs(size, x, MPFR_RNDN);
  mpfr_mul(r, r, size, round);
  mpfr_div_2ui(r, r, 1, round);
}

/// Something just above or below a magnitude.
inline truncated beside(mpfr_srcptr x, bool negative, bool below) {
  mp r(result_bits);
  mpfr_abs(r, x, MPFR_RNDZ);
  if (below) mpfr_nextbelow(r);
  truncated t = read(r, true);
  t.negative = negative;
  return t;
}

inline truncated far_small(bool negative) {
  return {.cls = sort::finite,
          .negative = negative,
          .rest = true,
          .top = -(1L << 21),
          .high = std::uint64_t{1} << 63};
}

/// The leading bits of an irrational number between two bounds that neither of them is, at growing
/// precision.
template <class Enclose>
truncated squeeze(mpfr_srcptr x, bool negative, Enclose enclose) {
  mp low(result_bits), high(result_bits);
  for (mpfr_prec_t bits = 192; bits < 1L << 20; bits += bits / 2) {
    mp below(bits), above(bits);
    enclose(below, x, bits, false);
    enclose(above, x, bits, true);
    mpfr_nextbelow(above);
    if (mpfr_zero_p(above) != 0 || mpfr_get_exp(above) < -2 * far_binade)
      return far_small(negative);
    mpfr_set(low, below, MPFR_RNDZ);
    mpfr_set(high, above, MPFR_RNDZ);
    if (mpfr_equal_p(low, high) == 0) continue;
    truncated t = read(low, true);
    t.negative = negative;
    return t;
  }
  std::abort();
}

/// softplus, sigmoid, silu, gelu of x != 0: transcendental numbers (Lindemann-Weierstrass; for erf
/// Siegel-Shidlovsky).
inline truncated composed(operation op, mpfr_srcptr x) {
  const bool negative = mpfr_sgn(x) < 0;
  // Beyond 2^20 ln 2, e^-|x| is less than 2^-(2^20).
  const long huge = op == operation::gelu ? 12 : 20;
  const bool is_huge = mpfr_get_exp(x) > huge;
  const bool is_product = op == operation::silu || op == operation::gelu;
  if (is_huge && negative) return far_small(is_product);
  if (is_huge && op == operation::sigmoid) {
    mp one(2);
    mpfr_set_ui(one, 1, MPFR_RNDN);
    return beside(one, false, true);
  }
  if (is_huge) return beside(x, false, op != operation::softplus);
  switch (op) {
    case operation::softplus: return squeeze(x, false, enclose_softplus);
    case operation::sigmoid: return squeeze(x, false, enclose_sigmoid);
    case operation::silu: return squeeze(x, negative, enclose_silu);
    case operation::gelu: return squeeze(x, negative, enclose_gelu);
    default: std::abort();
  }
}

/// An operation on one finite number other than zero, poles and domain as in IEEE 754-2019 9.2.
inline truncated elementary(operation op, const dyadic& operand) {
  set_exponent_range();
  mp x(64);
  assign(x, operand);
  const mpfr_unary f = unary_of(op);
  if (f == nullptr) return composed(op, x);
  mp r(result_bits);
  mpfr_clear_flags();
  const bool rest = f(r, x, MPFR_RNDZ) != 0;
  return read(r, rest);
}

/// An operation on two finite numbers other than zero.
inline truncated elementary(operation op, const dyadic& first, const dyadic& second) {
  set_exponent_range();
  mp x(64), y(64), r(result_bits);
  assign(x, first);
  assign(y, second);
  mpfr_clear_flags();
  const bool rest = binary_of(op)(r, x, y, MPFR_RNDZ) != 0;
  return read(r, rest);
}

/// Operations that can give a number of 128 bits at an irrational 2^(k / 64).
inline bool is_rational_at_roots(operation op) {
  return op == operation::log2 || op == operation::sqrt || op == operation::recip ||
         op == operation::rsqrt || op == operation::cbrt || op == operation::asinpi ||
         op == operation::acospi;
}

/// The leading bits of f at +-2^(numerator / 64): what two high precisions agree on. Where the
/// result can be rational, within 2^-300 of 128 bits it is those bits.
inline truncated elementary_of_root(operation op, bool negative, long numerator) {
  set_exponent_range();
  constexpr mpfr_prec_t bits[] = {600, 900};
  truncated found[2];
  for (int i = 0; i < 2; ++i) {
    mp x(bits[i]), r(bits[i]), result(result_bits), gap(64);
    mpfr_set_si_2exp(x, numerator, -6, MPFR_RNDN);
    mpfr_exp2(x, x, MPFR_RNDN);
    if (negative) mpfr_neg(x, x, MPFR_RNDN);
    const mpfr_unary f = unary_of(op);
    if (f == nullptr) {
      found[i] = composed(op, x);
      continue;
    }
    mpfr_clear_flags();
    f(r, x, MPFR_RNDZ);
    mpfr_set(result, r, MPFR_RNDN);
    mpfr_sub(gap, r, result, MPFR_RNDN);
    const bool close = mpfr_zero_p(gap) != 0 || mpfr_get_exp(gap) < mpfr_get_exp(r) - 300;
    const bool rest = mpfr_regular_p(r) != 0 && !(close && is_rational_at_roots(op));
    if (rest) mpfr_set(result, r, MPFR_RNDZ);
    found[i] = read(result, rest);
  }
  const bool agree = found[0].cls == found[1].cls && found[0].top == found[1].top &&
                     found[0].high == found[1].high && found[0].low == found[1].low &&
                     found[0].rest == found[1].rest;
  if (!agree) std::abort();
  return found[0];
}

/// A result that is 2^(m / 64) to 128 bits, as exactly that: the values, middles and eighths of
/// steps of lns8.
inline std::optional<real> root_of_two(const truncated& t) {
  if (t.cls != sort::finite || std::abs(t.top) > 1000) return {};
  set_exponent_range();
  mp x(result_bits), log(192), power(result_bits);
  mpfr_set_ui_2exp(x, t.high, t.top - 63, MPFR_RNDZ);
  mp low(64);
  mpfr_set_ui_2exp(low, t.low, t.top - 127, MPFR_RNDZ);
  mpfr_add(x, x, low, MPFR_RNDZ);
  mpfr_log2(log, x, MPFR_RNDN);
  mpfr_mul_2ui(log, log, 6, MPFR_RNDN);
  const long m = mpfr_get_si(log, MPFR_RNDN);
  mpfr_set_si_2exp(log, m, -6, MPFR_RNDN);
  const bool rest = mpfr_exp2(power, log, MPFR_RNDZ) != 0;
  if (rest != t.rest || mpfr_equal_p(power, x) == 0) return {};
  return real::power_of_two(m, 64);
}

/// f(-x) = f(x) (1), -f(x) (-1) or neither (0).
inline int parity(operation op) {
  switch (op) {
    case operation::cos:
    case operation::cospi:
    case operation::cosh: return 1;
    case operation::recip:
    case operation::cbrt:
    case operation::sin:
    case operation::tan:
    case operation::sinpi:
    case operation::tanpi:
    case operation::asin:
    case operation::atan:
    case operation::asinpi:
    case operation::atanpi:
    case operation::sinh:
    case operation::tanh:
    case operation::asinh:
    case operation::atanh:
    case operation::erf: return -1;
    default: return 0;
  }
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_MPFR_HPP
