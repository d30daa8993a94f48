// SPDX-License-Identifier: Apache-2.0
/// \file
/// IEEE P3109: the results of all operations of one operand, and of ArcTan2, that are special or
/// rational (sections 4.10.1, 4.10.8 to 4.10.15), or follow from pi or from an asymptote. The
/// others are checked against MPFR elsewhere.
#ifndef LOWP_TESTS_ORACLE_P3109_KNOWN_HPP
#define LOWP_TESTS_ORACLE_P3109_KNOWN_HPP

#include "p3109_model.hpp"

namespace draft {

using known = std::optional<datum>;

/// pi, cut after 260 bits: in no format here is that nearer to a code or a tie than 2^-100.
inline datum pi(int sign, long halves) {
  static const integer digits(
      "0xc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b225");
  return rational(sign < 0 ? integer(-digits) : digits, 1, -258 - (2 - halves));
}

/// Compares with the integer or fraction a / b.
inline bool equals(const datum& X, long a, long b = 1) {
  return X.kind == datum::finite && compare(X, rational(a, b)) == 0;
}
inline bool is_less(const datum& X, long a) { return compare(X, rational(a)) < 0; }
inline bool is_greater(const datum& X, long a) { return compare(X, rational(a)) > 0; }

/// The value as an integer multiple of 1 / parts, if it is one.
inline std::optional<integer> in_parts(const datum& X, int parts) {
  if (X.kind != datum::finite) return {};
  const integer n = X.n * parts;
  if (X.e >= 0) return shifted(n, X.e);
  const integer unit = shifted(1, -X.e);
  if (n % unit != 0) return {};
  return n / unit;
}

/// k if X is 2^k.
inline std::optional<long> power_of_two(const datum& X) {
  if (X.kind != datum::finite || X.n <= 0) return {};
  const auto high = msb(X.n);
  if (lsb(X.n) != high) return {};
  return static_cast<long>(high) + X.e;
}

inline known if_equal(bool is, long a, long b = 1) {
  if (!is) return {};
  return rational(a, b);
}

/// The rows of the table: what becomes of NaN, -inf and +inf. The rest is the function's.
template <class Finite>
known row(const datum& X, const datum& at_minus, const datum& at_plus, Finite finite) {
  if (X.is_nan()) return not_a_number();
  if (X.kind == datum::minus_infinity) return at_minus;
  if (X.kind == datum::plus_infinity) return at_plus;
  return finite(X);
}

struct unary {
  const char* name;
  known (*of)(const datum& X, bool formal);
};

inline const datum NaN = not_a_number();
inline const datum minus = infinity(-1);
inline const datum plus = infinity();
inline const datum nought = rational(0);

/// value + or - something positive that no projection here can tell from 2^-1000.
inline known just_above(long value) { return rational(shifted(value, 1000) + 1, 1, -1000); }
inline known just_below(long value) { return rational(shifted(value, 1000) - 1, 1, -1000); }

/// From here on exponentials are beyond 2^1000 or within 2^-1000 of their asymptote.
inline constexpr long far = 1024;

inline known exp_like(const datum& X, bool base_2) {
  if (base_2) {
    if (const auto n = in_parts(X, 1)) {
      // Exponents beyond these bounds are beyond every format, too.
      const integer bounded = *n > 100000 ? integer(100000) : *n < -100000 ? integer(-100000) : *n;
      return rational(1, 1, static_cast<long>(bounded));
    }
  }
  if (X.is_zero()) return rational(1);
  if (is_greater(X, 50000)) return rational(shifted(3, 70000));
  if (is_less(X, -50000)) return rational(1, 1, -50000);
  return {};
}

inline known log_like(const datum& X, bool base_2) {
  if (X.sign() < 0) return NaN;
  if (X.is_zero()) return minus;
  const auto k = power_of_two(X);
  if (base_2 && k) return rational(*k);
  return if_equal(equals(X, 1), 0);
}

/// sin(pi X) where it is rational, by the quarter of the turn that X half turns end in.
inline known sin_pi(const datum& X, int quarters_ahead) {
  const auto halves = in_parts(X, 2);
  if (!halves) return {};
  const int values[] = {0, 1, 0, -1};
  const int quarter = static_cast<int>(((*halves + quarters_ahead) % 4 + 4) % 4);
  return rational(values[quarter]);
}

inline known tan_pi(const datum& X, bool formal) {
  const auto quarters = in_parts(X, 4);
  if (!quarters) return {};
  switch (static_cast<int>((*quarters % 8 + 8) % 8)) {
    case 1:
    case 5: return rational(1);
    case 3:
    case 7: return rational(-1);
    case 2: return formal ? plus : NaN;
    case 6: return formal ? minus : NaN;
    default: return nought;
  }
}

inline known of_zero(const datum& X) { return if_equal(X.is_zero(), 0); }
inline bool outside_one(const datum& X) { return is_less(X, -1) || is_greater(X, 1); }

inline const unary all_unary[] = {
    {"Convert", [](const datum& X, bool) -> known { return X; }},
    {"Abs", [](const datum& X, bool) -> known { return absolute(X); }},
    {"Negate", [](const datum& X, bool) -> known { return negated(X); }},
    {"Sqrt", [](const datum& X, bool) -> known { return square_root(X); }},
    {"Recip",
     [](const datum& X, bool) {
       return row(X, nought, nought,
                  [](const datum& x) -> known { return quotient(rational(1), x); });
     }},
    {"RSqrt",
     [](const datum& X, bool) {
       return row(X, NaN, nought, [](const datum& x) -> known {
         if (x.sign() <= 0) return NaN;
         return square_root(quotient(rational(1), x));
       });
     }},
    {"Exp",
     [](const datum& X, bool) {
       return row(X, nought, plus, [](const datum& x) { return exp_like(x, false); });
     }},
    {"Exp2",
     [](const datum& X, bool) {
       return row(X, nought, plus, [](const datum& x) { return exp_like(x, true); });
     }},
    {"ExpMinusOne",
     [](const datum& X, bool) {
       return row(X, rational(-1), plus, [](const datum& x) -> known {
         if (is_less(x, -far)) return rational(-(shifted(1, 1000) - 1), 1, -1000);
         return x.is_zero() ? known(nought) : is_greater(x, 50000) ? exp_like(x, false) : known();
       });
     }},
    {"Log",
     [](const datum& X, bool) {
       return row(X, NaN, plus, [](const datum& x) { return log_like(x, false); });
     }},
    {"Log2",
     [](const datum& X, bool) {
       return row(X, NaN, plus, [](const datum& x) { return log_like(x, true); });
     }},
    {"LogOnePlus",
     [](const datum& X, bool) {
       return row(X, NaN, plus, [](const datum& x) -> known {
         if (is_less(x, -1)) return NaN;
         return equals(x, -1) ? known(minus) : of_zero(x);
       });
     }},
    {"Softplus",
     [](const datum& X, bool) {
       return row(X, nought, plus, [](const datum& x) -> known {
         if (is_less(x, -50000)) return rational(1, 1, -50000);
         if (is_greater(x, far)) return sum(x, rational(1, 1, -1000));
         return {};
       });
     }},
    {"Sin", [](const datum& X, bool) { return row(X, NaN, NaN, of_zero); }},
    {"Cos",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) { return if_equal(x.is_zero(), 1); });
     }},
    {"Tan", [](const datum& X, bool) { return row(X, NaN, NaN, of_zero); }},
    {"ArcSin",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) -> known {
         if (outside_one(x)) return NaN;
         return equals(x, 1) || equals(x, -1) ? known(pi(x.sign(), 1)) : of_zero(x);
       });
     }},
    {"ArcCos",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) -> known {
         if (outside_one(x)) return NaN;
         if (x.is_zero()) return pi(1, 1);
         return equals(x, -1) ? known(pi(1, 2)) : if_equal(equals(x, 1), 0);
       });
     }},
    {"ArcTan", [](const datum& X, bool) { return row(X, pi(-1, 1), pi(1, 1), of_zero); }},
    {"Sinh", [](const datum& X, bool) { return row(X, minus, plus, of_zero); }},
    {"Cosh",
     [](const datum& X, bool) {
       return row(X, plus, plus, [](const datum& x) { return if_equal(x.is_zero(), 1); });
     }},
    {"Tanh",
     [](const datum& X, bool) {
       return row(X, rational(-1), rational(1), [](const datum& x) -> known {
         if (is_greater(x, far)) return just_below(1);
         if (is_less(x, -far)) return negated(*just_below(1));
         return of_zero(x);
       });
     }},
    {"ArcSinh", [](const datum& X, bool) { return row(X, minus, plus, of_zero); }},
    {"ArcCosh",
     [](const datum& X, bool) {
       return row(X, NaN, plus, [](const datum& x) -> known {
         return is_less(x, 1) ? known(NaN) : if_equal(equals(x, 1), 0);
       });
     }},
    {"ArcTanh",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) -> known {
         if (equals(x, 1)) return plus;
         if (equals(x, -1)) return minus;
         return outside_one(x) ? known(NaN) : of_zero(x);
       });
     }},
    {"SinPi", [](const datum& X,
                 bool) { return row(X, NaN, NaN, [](const datum& x) { return sin_pi(x, 0); }); }},
    {"CosPi", [](const datum& X,
                 bool) { return row(X, NaN, NaN, [](const datum& x) { return sin_pi(x, 1); }); }},
    {"TanPi",
     [](const datum& X, bool formal) {
       return row(X, NaN, NaN, [formal](const datum& x) { return tan_pi(x, formal); });
     }},
    {"ArcSinPi",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) -> known {
         if (outside_one(x)) return NaN;
         if (equals(x, 1) || equals(x, -1)) return rational(x.sign(), 2);
         if (equals(x, 1, 2) || equals(x, -1, 2)) return rational(x.sign(), 6);
         return of_zero(x);
       });
     }},
    {"ArcCosPi",
     [](const datum& X, bool) {
       return row(X, NaN, NaN, [](const datum& x) -> known {
         if (outside_one(x)) return NaN;
         if (equals(x, 1)) return nought;
         if (equals(x, -1)) return rational(1);
         if (equals(x, 1, 2)) return rational(1, 3);
         if (equals(x, -1, 2)) return rational(2, 3);
         return if_equal(x.is_zero(), 1, 2);
       });
     }},
    {"ArcTanPi",
     [](const datum& X, bool) {
       return row(X, rational(-1, 2), rational(1, 2), [](const datum& x) -> known {
         if (equals(x, 1) || equals(x, -1)) return rational(x.sign(), 4);
         return of_zero(x);
       });
     }},
};

/// A fraction of pi, or of 1.
inline datum turn(int sign, long quarters, bool by_pi) {
  if (by_pi) return rational(sign * quarters, 4);
  return quarters == 4 ? pi(sign, 2) : pi(sign, 1);
}

/// ArcTan2 and ArcTan2Pi: the list of section 4.10.15, first match wins.
inline known arc_tan_2(const datum& Y, const datum& X, bool by_pi, bool formal) {
  if (X.is_nan() || Y.is_nan()) return not_a_number();
  if (X.is_zero() && Y.is_zero()) return not_a_number();
  if (X.is_infinite() && Y.is_infinite()) return not_a_number();
  if (X.kind == datum::plus_infinity) return nought;
  if (Y.is_zero() && X.sign() > 0 && X.kind == datum::finite) return nought;
  if (Y.kind == datum::plus_infinity) return turn(1, 2, by_pi);
  if (Y.sign() > 0 && X.is_zero()) return turn(1, 2, by_pi);
  if (X.kind == datum::minus_infinity) {
    return turn(formal && Y.sign() < 0 ? -1 : 1, 4, by_pi);
  }
  if (Y.is_zero()) return turn(1, 4, by_pi);
  if (Y.kind == datum::minus_infinity || X.is_zero()) return turn(-1, 2, by_pi);
  if (by_pi && compare(absolute(X), absolute(Y)) == 0) {
    return turn(Y.sign(), X.sign() > 0 ? 1 : 3, true);
  }
  return {};
}

}  // namespace draft

#endif  // LOWP_TESTS_ORACLE_P3109_KNOWN_HPP
