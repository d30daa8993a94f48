// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary operations of lowp against MPFR, exact result by exact result and code by code.
#ifndef LOWP_TESTS_ORACLE_ELEMENTARY_CHECK_HPP
#define LOWP_TESTS_ORACLE_ELEMENTARY_CHECK_HPP

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include <lowp/operations.hpp>

#include "mpfr.hpp"
#include "sources.hpp"

namespace oracle {

/// The unary operations that round, and those that MPFR has and arithmetic.hpp computes.
inline constexpr operation unary_operations[] = {
    operation::sqrt,   operation::recip, operation::rsqrt,    operation::cbrt,    operation::exp,
    operation::exp2,   operation::exp10, operation::expm1,    operation::log,     operation::log2,
    operation::log10,  operation::log1p, operation::softplus, operation::sigmoid, operation::sin,
    operation::cos,    operation::tan,   operation::sinpi,    operation::cospi,   operation::tanpi,
    operation::asin,   operation::acos,  operation::atan,     operation::asinpi,  operation::acospi,
    operation::atanpi, operation::sinh,  operation::cosh,     operation::tanh,    operation::asinh,
    operation::acosh,  operation::atanh, operation::erf,      operation::erfc,    operation::gelu,
    operation::silu};

inline constexpr operation binary_operations[] = {operation::hypot, operation::atan2,
                                                  operation::atan2pi, operation::pow};

/// A magnitude n x 2^e that is an operand, n odd, and the signs with which it is one.
struct magnitude {
  long e = 0;
  std::uint64_t n = 1;
  bool positive = false;
  bool negative = false;
};

/// Values of formats, each once.
class operand_set {
 public:
  void add(const value& v) {
    if (v.cls != sort::finite || !v.magnitude.is_dyadic()) return;
    all_.push_back(
        {v.magnitude.e(), static_cast<std::uint64_t>(v.magnitude.n()), !v.negative, v.negative});
  }
  void add_all(const description& d) {
    for (std::uint64_t code = 0; code < d.code_count(); ++code) add(value_of(d, code));
    if (all_.size() > 2 * settled_) settle();
  }
  /// To be called after the last format.
  void finish() { settle(); }

  std::size_t size() const { return all_.size(); }
  const magnitude& operator[](std::size_t i) const { return all_[i]; }

 private:
  void settle() {
    const auto key = [](const magnitude& m) { return std::tuple(m.e, m.n); };
    std::sort(all_.begin(), all_.end(),
              [&](const magnitude& a, const magnitude& b) { return key(a) < key(b); });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (kept > 0 && key(all_[kept - 1]) == key(all_[i])) {
        all_[kept - 1].positive |= all_[i].positive;
        all_[kept - 1].negative |= all_[i].negative;
      } else {
        all_[kept++] = all_[i];
      }
    }
    all_.resize(kept);
    settled_ = kept;
  }

  std::vector<magnitude> all_;
  std::size_t settled_ = 0;
};

/// The operand as decoding may give it: with any number of trailing zeros.
inline lowp::exact exact_of(const dyadic& x) {
  const int room = std::countl_zero(x.n);
  const int shift = static_cast<int>(static_cast<std::uint64_t>(x.e) % 3) * room / 2;
  return lowp::exact_finite(x.negative, x.n << shift, static_cast<std::int32_t>(x.e - shift));
}

/// Is the exact result the expected one, bit for bit?
inline bool same(const lowp::unrounded& got, const truncated& want) {
  if (got.flags.bits != want.flags) return false;
  if (want.cls == sort::nan) return got.value == lowp::exact_nan();
  if (got.value.negative != want.negative) return false;
  if (want.cls == sort::infinity) return got.value.cls == lowp::number_class::infinity;
  if (want.cls == sort::zero) return got.value.cls == lowp::number_class::zero;
  if (got.value.cls != lowp::number_class::finite || got.value.significand == 0) return false;
  const bool ends = got.value.tail == 0 && !got.value.sticky;
  if (!ends && got.value.significand >> 63 == 0) return false;
  const lowp::exact x = lowp::normalized(got.value);
  if (std::abs(want.top) > far_binade) {
    return want.top > 0 ? lowp::binade(x) > far_binade : lowp::binade(x) < -far_binade;
  }
  return lowp::binade(x) == want.top && x.significand == want.high && x.tail == want.low &&
         x.sticky == want.rest;
}

inline std::string text(const dyadic& x) {
  return (x.negative ? "-" : "+") + std::to_string(x.n) + "*2^" + std::to_string(x.e);
}
inline std::string text(const truncated& t) {
  std::string s = t.negative ? "-" : "+";
  if (t.cls == sort::nan) return "nan flags " + std::to_string(t.flags);
  if (t.cls == sort::zero) return s + "0 flags " + std::to_string(t.flags);
  if (t.cls == sort::infinity) return s + "inf flags " + std::to_string(t.flags);
  return s + hex(t.high) + "." + hex(t.low) + (t.rest ? "+" : "") + " top " +
         std::to_string(t.top) + " flags " + std::to_string(t.flags);
}
inline std::string text(const lowp::unrounded& u) {
  const lowp::exact x = lowp::normalized(u.value);
  truncated t{.cls = static_cast<sort>(x.cls), .negative = x.negative, .rest = x.sticky};
  t.top = lowp::binade(x);
  t.high = x.significand;
  t.low = x.tail;
  t.flags = u.flags.bits;
  return text(t);
}

inline void compare_exact(operation op, const dyadic& x, const truncated& want, tally& t) {
  const lowp::exact operands[3] = {exact_of(x)};  // three: whatever `op` may be
  const lowp::unrounded got = lowp::evaluate(op, operands);
  t.expect(same(got, want), [&] {
    return std::string(lowp::info(op).name) + "(" + text(x) + "): expected " + text(want) +
           ", got " + text(got);
  });
}

inline void compare_exact(operation op, const dyadic& x, const dyadic& y, tally& t) {
  const lowp::exact operands[3] = {exact_of(x), exact_of(y)};
  const truncated want = elementary(op, x, y);
  const lowp::unrounded got = lowp::evaluate(op, operands);
  t.expect(same(got, want), [&] {
    return std::string(lowp::info(op).name) + "(" + text(x) + ", " + text(y) + "): expected " +
           text(want) + ", got " + text(got);
  });
}

/// Both signs of the operands [first, last) of a set.
inline void compare_range(operation op, const operand_set& set, std::size_t first, std::size_t last,
                          tally& t) {
  const int symmetry = parity(op);
  for (std::size_t i = first; i < last && i < set.size(); ++i) {
    const magnitude& m = set[i];
    truncated want;
    if (m.positive || symmetry != 0) want = elementary(op, {false, m.n, m.e});
    if (m.positive) compare_exact(op, {false, m.n, m.e}, want, t);
    if (!m.negative) continue;
    if (symmetry == 0) want = elementary(op, {true, m.n, m.e});
    if (symmetry < 0 && want.cls != sort::nan) want.negative = !want.negative;
    compare_exact(op, {true, m.n, m.e}, want, t);
  }
}

/// All of a set, on all cores.
inline tally compare_all(operation op, const operand_set& set) {
  constexpr std::size_t chunk = 2048;
  return in_parallel((set.size() + chunk - 1) / chunk, [&](std::size_t task, tally& t) {
    compare_range(op, set, task * chunk, (task + 1) * chunk, t);
  });
}

/// A finite value other than zero, of a format whose values are dyadic numbers.
inline dyadic dyadic_of(const value& v) {
  return {v.negative, static_cast<std::uint64_t>(v.magnitude.n()), v.magnitude.e()};
}

/// An operation on any finite value other than zero.
inline truncated elementary_of(operation op, const value& v) {
  if (v.magnitude.is_dyadic()) return elementary(op, dyadic_of(v));
  return elementary_of_root(op, v.negative, v.magnitude.log2_times(64));
}

/// Every `step`-th code of a format, where it is such a value.
inline std::vector<dyadic> finite_values(const description& d, std::uint64_t step) {
  std::vector<dyadic> all;
  for (std::uint64_t code = 0; code < d.code_count(); code += step) {
    const value v = value_of(d, code);
    if (v.cls == sort::finite && v.magnitude.is_dyadic()) all.push_back(dyadic_of(v));
  }
  return all;
}

/// All pairs, on all cores.
inline tally compare_pairs(operation op, const std::vector<dyadic>& xs,
                           const std::vector<dyadic>& ys) {
  return in_parallel(xs.size(), [&](std::size_t i, tally& t) {
    for (const dyadic& y : ys) compare_exact(op, xs[i], y, t);
  });
}

/// The same under the rules of P3109 4.0, for a projection `p`.
inline truncated by_rules(operation op, truncated want, const projection& p) {
  if (p.rules == lowp::operation_rules::p3109_4_0 && op == operation::tanpi &&
      want.cls == sort::infinity) {
    return {.cls = sort::nan, .flags = lowp::status::invalid};
  }
  return want;
}

/// The code and the flags of a result in a format, by the oracle's projection.
inline outcome code_of(const destination& to, operation op, truncated want, const projection& p,
                       std::uint64_t word) {
  want = by_rules(op, want, p);
  value v = stand_in(want);
  if (to.format.kind == shape::logarithm) {
    if (const std::optional<real> root = root_of_two(want)) v.magnitude = *root;
  }
  outcome r = project(to, v, p, word);
  r.flags |= want.flags;
  return r;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_ELEMENTARY_CHECK_HPP
