// SPDX-License-Identifier: Apache-2.0
/// \file
/// IEEE P3109 interim report 4.0 as its text has it: formats, RoundToPrecision, Saturate and the
/// omega-functions with rational results, over integers of any size. Shares nothing with lowp.
#ifndef LOWP_TESTS_ORACLE_P3109_MODEL_HPP
#define LOWP_TESTS_ORACLE_P3109_MODEL_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

namespace draft {

using integer = boost::multiprecision::cpp_int;

/// A value of the report: n / d x 2^e, or the square root of that with the sign of n.
struct datum {
  enum kind_type { minus_infinity, finite, plus_infinity, nan };
  kind_type kind = finite;
  integer n = 0;
  integer d = 1;
  long e = 0;
  bool root = false;

  bool is_nan() const { return kind == nan; }
  bool is_infinite() const { return kind == minus_infinity || kind == plus_infinity; }
  bool is_zero() const { return kind == finite && n == 0; }
  /// -1, 0, 1
  int sign() const {
    return kind == minus_infinity ? -1 : kind == plus_infinity ? 1 : n < 0 ? -1 : n > 0 ? 1 : 0;
  }
};

inline datum not_a_number() { return {.kind = datum::nan}; }
inline datum infinity(int sign = 1) {
  return {.kind = sign < 0 ? datum::minus_infinity : datum::plus_infinity};
}
inline datum rational(integer n, integer d = 1, long e = 0) {
  return {.n = std::move(n), .d = std::move(d), .e = e};
}

/// n 2^k for k >= 0.
inline integer shifted(const integer& n, long k) { return n << static_cast<unsigned>(k); }

/// A format by its parameters, section 3 and 4.8.
struct parameters {
  int K = 0;
  int P = 0;
  bool is_signed = true;
  bool extended = true;
  bool external = false;

  int t() const { return P - 1; }
  long bias() const {
    if (external) return (1L << (K - P - 1)) - 1;
    return 1L << (is_signed ? K - P - 1 : K - P);
  }
  std::uint64_t sign_bit() const { return std::uint64_t{1} << (K - 1); }
  /// Code of the greatest finite value.
  std::uint64_t max_finite() const {
    if (external) return (((std::uint64_t{1} << (K - P)) - 1) << t()) - 1;
    const std::uint64_t last = is_signed ? sign_bit() - 1 : (std::uint64_t{1} << K) - 1;
    return last - (is_signed ? 0 : 1) - (extended ? 1 : 0);
  }
  /// The NaN that results have.
  std::uint64_t nan() const {
    if (external) return (max_finite() + 1) | (std::uint64_t{1} << (t() - 1));
    return is_signed ? sign_bit() : (std::uint64_t{1} << K) - 1;
  }
  std::string name() const {
    if (external) return "external" + std::to_string(K) + "p" + std::to_string(P);
    return "Binary" + std::to_string(K) + "p" + std::to_string(P) + (is_signed ? "s" : "u") +
           (extended ? "e" : "f");
  }
};

/// All formats of a range of K, section 3.
inline std::vector<parameters> family(int first_K, int last_K) {
  std::vector<parameters> all;
  for (int K = first_K; K <= last_K; ++K) {
    for (const bool is_signed : {true, false}) {
      for (int P = 1; P <= K - (is_signed ? 1 : 0); ++P) {
        for (const bool extended : {true, false}) all.push_back({K, P, is_signed, extended});
      }
    }
  }
  return all;
}

inline constexpr parameters binary16{16, 11, true, true, true};
inline constexpr parameters bfloat16{16, 8, true, true, true};
inline constexpr parameters binary32{32, 24, true, true, true};
inline constexpr parameters binary64{64, 53, true, true, true};

/// Section 4.7.2, 4.8.
inline datum decode(const parameters& f, std::uint64_t code) {
  const bool negative = f.is_signed && (code & f.sign_bit()) != 0;
  const std::uint64_t m = negative ? code - f.sign_bit() : code;
  const std::uint64_t infinite = f.max_finite() + 1;
  if (f.external ? m > infinite : code == f.nan()) return not_a_number();
  if (f.extended && m == infinite) return infinity(negative ? -1 : 1);
  const std::uint64_t T = m & ((std::uint64_t{1} << f.t()) - 1);
  const auto E = static_cast<long>(m >> f.t());
  datum X;
  X.n = E == 0 ? T : T + (std::uint64_t{1} << f.t());
  X.e = (E == 0 ? 1 : E) - f.bias() - f.t();
  if (negative) X.n = -X.n;
  return X;
}

enum class mode { even, away, positive, negative, zero, odd, a, b, c };
enum class saturation { finite, propagate, none };

struct specification {
  mode round = mode::even;
  saturation sat = saturation::none;
  bool formal = false;  ///< the formal specification of July 2026 instead of the report
  int N = 0;
  std::uint64_t R = 0;
};

/// |X| = (whole + 2^-bits (fraction + something in (0, 1) unless exact)) 2^Q.
struct located {
  static constexpr int bits = 10;
  datum::kind_type kind = datum::finite;
  bool negative = false;
  bool zero = false;
  bool exact = true;
  long Q = 0;
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
};

/// floor(a / b 2^k), and whether that is all.
inline integer scaled_quotient(const integer& a, const integer& b, long k, bool& all) {
  const integer top = k > 0 ? shifted(a, k) : a;
  const integer bottom = k < 0 ? shifted(b, -k) : b;
  integer q, r;
  boost::multiprecision::divide_qr(top, bottom, q, r);
  all = r == 0;
  return q;
}

/// The first step of RoundToPrecision, section 4.7.4: Q, F and nu of a value.
inline located locate(const parameters& f, const datum& X) {
  located at;
  at.kind = X.kind;
  at.negative = X.sign() < 0;
  at.zero = X.is_zero();
  if (X.kind != datum::finite || at.zero) return at;
  const integer n = abs(X.n);
  long top = static_cast<long>(msb(n)) - static_cast<long>(msb(X.d));
  const bool less = top >= 0 ? n < shifted(X.d, top) : shifted(n, -top) < X.d;
  top += X.e - (less ? 1 : 0);
  if (X.root) top = top >= 0 ? top / 2 : -((1 - top) / 2);
  at.Q = std::max(top, 1 - f.bias()) - f.P + 1;
  const long k = located::bits - at.Q;
  integer s;
  if (X.root) {
    const integer q = scaled_quotient(n, X.d, X.e + 2 * k, at.exact);
    s = sqrt(q);
    at.exact = at.exact && s * s == q;
  } else {
    s = scaled_quotient(n, X.d, X.e + k, at.exact);
  }
  at.whole = static_cast<std::uint64_t>(s >> located::bits);
  at.fraction = static_cast<std::uint64_t>(s & ((1 << located::bits) - 1));
  return at;
}

/// RoundAway of section 4.7.4.
inline bool rounds_away(const parameters& f, const located& at, const specification& rho) {
  const std::uint64_t half = std::uint64_t{1} << (located::bits - 1);
  const bool above_zero = at.fraction != 0 || !at.exact;
  const bool tie = at.fraction == half && at.exact;
  const bool above_half = at.fraction >= half && !tie;
  const std::uint64_t F = at.whole;
  const bool code_is_even = f.P > 1 ? F % 2 == 0 : F == 0 || (at.Q + f.bias()) % 2 == 0;
  const std::uint64_t limit = std::uint64_t{1} << rho.N;
  const auto leading = [&](int count) { return at.fraction >> (located::bits - count); };
  if (rho.formal && rho.N == 0 && rho.round >= mode::a) return false;
  switch (rho.round) {
    case mode::even: return above_half || (tie && !code_is_even);
    case mode::away: return above_half || tie;
    case mode::positive: return above_zero && !at.negative;
    case mode::negative: return above_zero && at.negative;
    case mode::zero: return false;
    case mode::odd: return above_zero && code_is_even;
    case mode::a: return leading(rho.N) + rho.R >= limit;
    case mode::b: return leading(rho.N + 1) + 2 * rho.R + 1 >= 2 * limit;
    case mode::c: break;
  }
  const std::uint64_t low = leading(rho.N);
  const std::uint64_t rest = (at.fraction << rho.N) % (2 * half);
  const bool up = rest > half || (rest == half && (!at.exact || low % 2 != 0));
  return low + (up ? 1 : 0) + rho.R >= limit;
}

/// Saturate of section 4.7.5 for what is out of range, its table row by row.
inline std::uint64_t out_of_range(const parameters& f, bool high, bool finite,
                                  const specification& rho) {
  const std::uint64_t M_hi = f.max_finite();
  const std::uint64_t M_lo = f.is_signed ? M_hi | f.sign_bit() : 0;
  const std::uint64_t plus = M_hi + 1;
  const std::uint64_t minus = plus | f.sign_bit();
  if (rho.sat == saturation::finite) return high ? M_hi : M_lo;
  if (rho.sat == saturation::propagate) {
    if (finite || !f.extended) return high ? M_hi : M_lo;
    if (high) return plus;
    return f.is_signed ? minus : 0;
  }
  const bool down = rho.round == mode::zero || rho.round == mode::negative;
  const bool up = rho.round == mode::zero || rho.round == mode::positive;
  if (rho.formal) {
    if (finite && high && down) return M_hi;
    if (finite && !high && up) return M_lo;
    if (high) return f.extended ? plus : f.nan();
    return f.extended && f.is_signed ? minus : f.nan();
  }
  if (f.is_signed && !f.extended) return high ? M_hi : M_lo;  // sf
  if (f.is_signed) {                                          // se and external
    if (high) return finite && down ? M_hi : plus;
    return finite && up ? M_lo : minus;
  }
  if (!high) return finite && up ? 0 : f.nan();  // ue, uf
  if (!f.extended) return M_hi;                  // uf
  return finite && (down || rho.round == mode::odd) ? M_hi : plus;
}

/// Project of section 4.7.3 for a located value.
inline std::uint64_t project(const parameters& f, const located& at, const specification& rho) {
  if (at.kind == datum::nan) return f.nan();
  if (at.kind != datum::finite) return out_of_range(f, !at.negative, false, rho);
  if (at.zero) return 0;
  // Position on the ladder of all magnitudes, one step further if rounded away.
  const long E = at.Q + f.bias() + f.t();
  const std::uint64_t implicit = std::uint64_t{1} << f.t();
  const bool normal = at.whole >= implicit;
  __extension__ using wide = __int128;
  wide m = normal ? (wide{E} << f.t()) + static_cast<wide>(at.whole - implicit)
                  : static_cast<wide>(at.whole);
  if (rounds_away(f, at, rho)) ++m;
  if (m == 0) return 0;
  if (at.negative && !f.is_signed) return out_of_range(f, false, true, rho);
  if (m > static_cast<wide>(f.max_finite())) return out_of_range(f, !at.negative, true, rho);
  return static_cast<std::uint64_t>(m) | (at.negative ? f.sign_bit() : 0);
}

inline std::uint64_t project(const parameters& f, const datum& X, const specification& rho) {
  return project(f, locate(f, X), rho);
}

// ---- exact functions on rationals and infinities ----

inline datum negated(datum X) {
  X.n = -X.n;
  if (X.is_infinite()) return infinity(-X.sign());
  return X;
}
inline datum absolute(const datum& X) { return X.sign() < 0 ? negated(X) : X; }

/// Order of two values that are not NaN nor roots.
inline int compare(const datum& X, const datum& Y) {
  if (X.kind != Y.kind || X.kind != datum::finite) {
    return X.kind < Y.kind ? -1 : X.kind > Y.kind ? 1 : 0;
  }
  integer a = X.n * Y.d;
  integer b = Y.n * X.d;
  if (X.e > Y.e) a = shifted(a, X.e - Y.e);
  if (Y.e > X.e) b = shifted(b, Y.e - X.e);
  return a < b ? -1 : a > b ? 1 : 0;
}

using operands = const datum*;

inline bool any_nan(operands x, int n) {
  for (int i = 0; i < n; ++i) {
    if (x[i].is_nan()) return true;
  }
  return false;
}

inline datum sum(const datum& X, const datum& Y) {
  if (X.is_nan() || Y.is_nan()) return not_a_number();
  if (X.is_infinite() && Y.is_infinite() && X.kind != Y.kind) return not_a_number();
  if (X.is_infinite()) return X;
  if (Y.is_infinite()) return Y;
  const long e = std::min(X.e, Y.e);
  return rational(shifted(X.n, X.e - e) * Y.d + shifted(Y.n, Y.e - e) * X.d, X.d * Y.d, e);
}

inline datum product(const datum& X, const datum& Y) {
  if (X.is_nan() || Y.is_nan()) return not_a_number();
  if (X.is_infinite() || Y.is_infinite()) {
    const int sign = X.sign() * Y.sign();
    return sign == 0 ? not_a_number() : infinity(sign);
  }
  return rational(X.n * Y.n, X.d * Y.d, X.e + Y.e);
}

inline datum quotient(const datum& X, const datum& Y) {
  if (X.is_nan() || Y.is_nan() || Y.is_zero()) return not_a_number();
  if (X.is_infinite()) {
    return Y.is_infinite() ? not_a_number() : infinity(X.sign() * Y.sign());
  }
  if (Y.is_infinite()) return rational(0);
  return rational(Y.n < 0 ? integer(-X.n * Y.d) : integer(X.n * Y.d), X.d * abs(Y.n), X.e - Y.e);
}

inline datum square_root(datum X) {
  if (X.is_nan() || X.sign() < 0) return not_a_number();
  X.root = X.kind == datum::finite;
  return X;
}

/// A rule for two operands, of which neither is NaN.
template <class Rule>
datum select(operands x, bool number_beats_nan, Rule first_wins) {
  if (x[0].is_nan() || x[1].is_nan()) {
    if (!number_beats_nan) return not_a_number();
    return x[0].is_nan() ? x[1] : x[0];
  }
  return first_wins(x[0], x[1]) ? x[0] : x[1];
}
inline bool less(const datum& X, const datum& Y) { return compare(X, Y) < 0; }
inline bool greater(const datum& X, const datum& Y) { return compare(X, Y) > 0; }
inline bool less_magnitude(const datum& X, const datum& Y) {
  const int c = compare(absolute(X), absolute(Y));
  return c != 0 ? c < 0 : less(X, Y);
}
inline bool greater_magnitude(const datum& X, const datum& Y) {
  const int c = compare(absolute(X), absolute(Y));
  return c != 0 ? c > 0 : greater(X, Y);
}
inline bool finite_less(const datum& X, const datum& Y) {
  return X.is_infinite() != Y.is_infinite() ? Y.is_infinite() : less(X, Y);
}
inline bool finite_greater(const datum& X, const datum& Y) {
  return X.is_infinite() != Y.is_infinite() ? Y.is_infinite() : greater(X, Y);
}

inline datum add(operands x) { return sum(x[0], x[1]); }
inline datum subtract(operands x) { return sum(x[0], x[1].is_nan() ? x[1] : negated(x[1])); }
inline datum multiply(operands x) { return product(x[0], x[1]); }
inline datum divide(operands x) { return quotient(x[0], x[1]); }
inline datum fma(operands x) { return sum(product(x[0], x[1]), x[2]); }
inline datum faa(operands x) {
  if (any_nan(x, 3)) return not_a_number();
  int up = 0;
  int down = 0;
  for (int i = 0; i < 3; ++i) {
    up += x[i].kind == datum::plus_infinity ? 1 : 0;
    down += x[i].kind == datum::minus_infinity ? 1 : 0;
  }
  if (up + down > 0) return up > 0 && down > 0 ? not_a_number() : infinity(up - down);
  return sum(sum(x[0], x[1]), x[2]);
}
inline datum hypot(operands x) {
  if (any_nan(x, 2)) return not_a_number();
  if (x[0].is_infinite() || x[1].is_infinite()) return infinity();
  return square_root(sum(product(x[0], x[0]), product(x[1], x[1])));
}
inline datum copysign(operands x) {
  if (any_nan(x, 2)) return not_a_number();
  return x[1].sign() < 0 ? negated(absolute(x[0])) : absolute(x[0]);
}
inline datum minimum(operands x) { return select(x, false, less); }
inline datum maximum(operands x) { return select(x, false, greater); }
inline datum minimum_number(operands x) { return select(x, true, less); }
inline datum maximum_number(operands x) { return select(x, true, greater); }
inline datum minimum_magnitude(operands x) { return select(x, false, less_magnitude); }
inline datum maximum_magnitude(operands x) { return select(x, false, greater_magnitude); }
inline datum minimum_magnitude_number(operands x) { return select(x, true, less_magnitude); }
inline datum maximum_magnitude_number(operands x) { return select(x, true, greater_magnitude); }
inline datum minimum_finite(operands x) { return select(x, true, finite_less); }
inline datum maximum_finite(operands x) { return select(x, true, finite_greater); }
inline datum clamp(operands x) {
  if (any_nan(x, 3) || greater(x[1], x[2])) return not_a_number();
  // The middle one of three, the interval being in order.
  if (compare(x[0], x[1]) <= 0) return x[1];
  return compare(x[0], x[2]) >= 0 ? x[2] : x[0];
}

}  // namespace draft

#endif  // LOWP_TESTS_ORACLE_P3109_MODEL_HPP
