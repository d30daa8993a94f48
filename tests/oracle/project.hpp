// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's projection: rounds by comparing exact reals with the steps of a ladder and their
/// middles. From lowp it takes the names of the rules (projection.hpp holds no code), nothing else.
#ifndef LOWP_TESTS_ORACLE_PROJECT_HPP
#define LOWP_TESTS_ORACLE_PROJECT_HPP

#include <cstdint>
#include <optional>

#include <lowp/projection.hpp>

#include "ladder.hpp"

namespace oracle {

using lowp::projection;
using lowp::rounding;

/// A code and the flags of lowp::status.
struct outcome {
  std::uint64_t code = 0;
  std::uint8_t flags = 0;
};

/// A format to round to.
struct destination {
  explicit destination(const description& d) : format(d), up(d, false), down(d, true) {}

  /// Values below zero of an unsigned format are rounded by magnitude.
  const ladder& side(bool negative) const { return negative && format.sign ? down : up; }

  description format;
  ladder up;
  ladder down;
};

/// floor(nu x 2^bits), nu being how far x is from its step to the next, and whether that is exact.
struct scaled_nu {
  integer whole = 0;
  bool exact = true;
};

/// The same for any monotone map from part / 2^bits to reals.
template <class Between>
scaled_nu bisect(const real& x, int bits, Between between) {
  integer low = 0;
  integer high = (integer(1) << static_cast<unsigned>(bits)) - 1;
  while (low < high) {
    integer middle = (low + high + 1) / 2;
    if (x < between(middle)) {
      high = middle - 1;
    } else {
      low = middle;
    }
  }
  return {low, between(low) == x};
}

/// The same between two dyadic numbers on the value line.
inline scaled_nu linear_nu(const real& low, const real& high, const real& x, int bits) {
  const real whole = high - low;
  if (!x.is_dyadic()) {
    return bisect(x, bits, [&](const integer& part) { return low + (whole * part).scaled(-bits); });
  }
  const real part = (x - low).scaled(bits);
  const long unit = std::min(part.e(), whole.e());
  scaled_nu nu;
  integer rest;
  boost::multiprecision::divide_qr(part.in_units(unit), whole.in_units(unit), nu.whole, rest);
  nu.exact = rest == 0;
  return nu;
}

inline scaled_nu nu_times(const ladder& l, const place& at, const real& x, int bits) {
  if (at.exact || at.below) return {};
  const description& f = l.format();
  if (f.kind == shape::logarithm) {
    const long field = static_cast<long>(at.index) - f.bias;
    const long whole = x.log2_times(1L << (f.trailing_bits + bits)) - field * (1L << bits);
    // Zero stands where the field 0 would be; of what lies below that, only a trace is left.
    if (whole < 0) return {0, false};
    return {whole, !(at.index == 0 && whole == 0) && l.between(at.index, whole, bits) == x};
  }
  if (f.tapered()) {
    return bisect(x, bits, [&](const integer& part) { return l.between(at.index, part, bits); });
  }
  return linear_nu(l.at(at.index), l.after(at.index), x, bits);
}

/// The random integer of a stochastic projection and its number of bits.
struct random_bits {
  int count = 0;
  std::uint64_t value = 0;
};

inline random_bits take_random(const projection& p, std::uint64_t word) {
  const int N = p.random_bits;
  const std::uint64_t modulus = std::uint64_t{1} << N;
  std::uint64_t R = word % modulus;
  if (p.random_from == lowp::random_field::high) {
    R = (word % (std::uint64_t{1} << 32)) / (std::uint64_t{1} << (32 - N));
  }
  return {N, R};
}

/// The condition of P3109 section 4.7.4 for stochastic rounding, as written there, from
/// floor(nu x 2^(N+1)).
inline bool stochastic_away(rounding mode, const scaled_nu& twice, random_bits random) {
  const integer limit = integer(1) << static_cast<unsigned>(random.count);
  if (mode == rounding::stochastic_a) return twice.whole / 2 + random.value >= limit;
  if (mode == rounding::stochastic_b) return twice.whole + 2 * random.value + 1 >= 2 * limit;
  integer nearest = twice.whole / 2;
  const bool half = twice.whole % 2 != 0;
  if (half && (!twice.exact || nearest % 2 != 0)) ++nearest;
  return nearest + random.value >= limit;
}

/// Does a value between two steps go to the greater magnitude?
inline bool goes_away(rounding mode, bool negative, bool odd, const place& at) {
  switch (mode) {
    case rounding::to_nearest_even: return at.half > 0 || (at.half == 0 && odd);
    case rounding::to_nearest_away: return at.half >= 0;
    case rounding::to_nearest_zero: return at.half > 0;
    case rounding::to_nearest_negative: return at.half > 0 || (at.half == 0 && negative);
    case rounding::toward_zero: return false;
    case rounding::toward_positive: return !negative;
    case rounding::toward_negative: return negative;
    case rounding::away_from_zero: return true;
    case rounding::to_odd: return !odd;
    default: return false;
  }
}

inline bool with_sign_rule(lowp::sign_rule rule, bool negative) {
  if (rule == lowp::sign_rule::keep) return negative;
  if (rule == lowp::sign_rule::flip) return !negative;
  return rule == lowp::sign_rule::negative;
}

inline std::uint64_t zero_code(const description& d, bool negative) {
  return negative && has_negative_zero(d) ? d.sign_bit() : d.name == "nf4" ? 7 : 0;
}

inline std::uint64_t greatest_code(const destination& d, bool negative) {
  const ladder& l = d.side(negative);
  return l.code(l.top());
}

/// The NaN code of a format that has one, picked from its list.
inline std::uint64_t nan_code(const description& d, lowp::nan_rule rule, bool negative,
                              std::uint64_t payload) {
  const code_range codes = d.nans.size() == 2 && negative ? d.nans[1] : d.nans[0];
  if (codes.first == codes.last) return codes.first;
  // Infinity, then the payloads 1, 2, ... all ones.
  const std::uint64_t infinity = codes.first - 1;
  const std::uint64_t all = codes.last - infinity;
  const std::uint64_t quiet = (all + 1) / 2;
  const std::uint64_t kept = payload >> (64 - d.trailing_bits);
  switch (rule) {
    case lowp::nan_rule::all_ones: return codes.last;
    case lowp::nan_rule::signalling: return codes.first;
    case lowp::nan_rule::payload: return infinity + (kept | quiet);
    case lowp::nan_rule::payload_raw: return infinity + kept;
    case lowp::nan_rule::payload_one: return infinity + (kept == 0 ? 1 : kept);
    default: return infinity + quiet;
  }
}

inline outcome project_nan(const destination& d, const value& x, const projection& p) {
  using lowp::status;
  const bool negative = with_sign_rule(p.nan_sign, x.negative);
  const bool quiet = x.payload >> 63 != 0;
  if (p.nan == lowp::nan_rule::max_finite) return {greatest_code(d, negative), status::invalid};
  if (p.nan == lowp::nan_rule::zero) return {zero_code(d.format, negative), status::invalid};
  if (d.format.nans.empty()) {
    const bool integer_like = d.format.kind == shape::fixed_point;
    return {integer_like ? 0 : greatest_code(d, false), status::invalid};
  }
  const std::uint8_t flags = quiet ? 0 : status::invalid;
  return {nan_code(d.format, p.nan, negative, x.payload), flags};
}

/// An infinity, or what stands for one.
inline std::uint64_t infinite_code(const destination& d, const projection& p, bool negative) {
  const description& f = d.format;
  if (!f.infinities.empty()) return f.infinities[negative ? 1 : 0];
  const bool sign = with_sign_rule(p.no_infinity_sign, negative);
  if (p.no_infinity == lowp::no_infinity_rule::zero) return zero_code(f, sign);
  if (p.no_infinity == lowp::no_infinity_rule::nan && !f.nans.empty()) {
    return nan_code(f, lowp::nan_rule::quiet, sign, 0);
  }
  return greatest_code(d, sign);
}

/// A value beyond the greatest finite one, infinite or rounded. p3109.md 3.2.
inline outcome project_overflow(const destination& d, const projection& p, bool negative,
                                bool infinite) {
  using lowp::overflow_rule;
  using lowp::status;
  const ladder& l = d.side(negative);
  bool clamp = p.overflow == overflow_rule::saturate;
  if (p.overflow == overflow_rule::saturate_finite) clamp = !infinite;
  if (p.overflow == overflow_rule::ieee && !infinite) {
    const bool back =
        negative ? p.round == rounding::toward_positive : p.round == rounding::toward_negative;
    const bool odd_stays = p.round == rounding::to_odd && l.odd(l.top()) && !p.odd_overflows;
    clamp = back || p.round == rounding::toward_zero || odd_stays;
  }
  outcome r;
  r.code = clamp ? l.code(l.top()) : infinite_code(d, p, negative);
  const bool exact = infinite && !clamp && !d.format.infinities.empty();
  if (!exact) r.flags = status::overflow | status::inexact;
  if (r.code == greatest_code(d, false) || r.code == greatest_code(d, true)) {
    r.flags |= status::saturated;
  }
  return r;
}

/// A value below zero in an unsigned format that did not round to zero.
inline outcome project_below_zero(const destination& d, const projection& p, bool infinite) {
  using lowp::negative_rule;
  using lowp::status;
  const bool back = p.round == rounding::toward_zero || p.round == rounding::toward_positive;
  bool nan = p.negative == negative_rule::nan;
  if (p.negative == negative_rule::p3109) nan = infinite || !back;
  if (p.negative == negative_rule::clamp_finite) nan = infinite;
  if (!nan) return {d.up.code(0), status::overflow | status::inexact | status::saturated};
  const bool exists = !d.format.nans.empty();
  return {exists ? nan_code(d.format, p.nan, false, 0) : d.up.code(0), status::invalid};
}

inline outcome project_zero(const destination& d, const projection& p, bool negative) {
  using lowp::status;
  if (has_zero(d.format)) {
    return {zero_code(d.format, with_sign_rule(p.zero_sign, negative)), 0};
  }
  const bool nan =
      p.no_zero == lowp::no_zero_rule::nan || (negative && p.negative == lowp::negative_rule::nan);
  if (nan) return {nan_code(d.format, p.nan, false, 0), status::invalid};
  return {d.up.code(0), status::underflow | status::inexact};
}

/// The power of two under which a magnitude is tiny: the least normal value; where nothing is
/// subnormal, the start of the binade of the least value. spec/projection.md PRJ-10.
inline real tiny_limit(const ladder& l) {
  const description& f = l.format();
  const bool subnormals = f.low == low_end::subnormals || f.low == low_end::dojo_subnormals;
  if (f.kind == shape::hifloat8) return {1, -15};
  if (f.kind == shape::minifloat && subnormals) return {1, 1 - f.bias};
  return {1, l.at(has_zero(f) ? 1 : 0).top()};
}

/// Below the least normal value, before rounding or (minifloats) after rounding to the precision of
/// the format with an exponent range that has no lower end.
inline bool is_tiny(const ladder& l, const real& x, bool negative, const projection& p,
                    std::uint64_t word) {
  const description& f = l.format();
  if (f.kind == shape::fixed_point) return false;  // no exponent, no underflow
  const real least = tiny_limit(l);
  if (!(x < least)) return false;
  if (f.kind != shape::minifloat || p.tininess == lowp::tininess_rule::before_rounding) return true;
  // The number of that precision before `least`, as a code of the same format with more exponents
  // below: the ladder of a format whose bias is greater by an even number.
  description deeper = f;
  deeper.bias += 1 << 4;
  const std::uint64_t shift = std::uint64_t{1} << (4 + f.trailing_bits);
  const bool subnormals = f.low == low_end::subnormals || f.low == low_end::dojo_subnormals;
  const std::uint64_t least_code = subnormals ? std::uint64_t{1} << f.trailing_bits : 0;
  const std::uint64_t before = least_code + shift - 1;
  const real low = minifloat_magnitude(deeper, before);
  if (!(low < x)) return true;
  const real middle = (low + least).scaled(-1);
  const place at{.index = before, .half = compare(x, middle)};
  if (!lowp::is_stochastic(p.round)) return !goes_away(p.round, negative, before % 2 != 0, at);
  const random_bits random = take_random(p, word);
  return !stochastic_away(p.round, linear_nu(low, least, x, random.count + 1), random);
}

/// A finite value other than zero that stands at `at` on the ladder of its sign.
inline outcome project_finite(const destination& d, const value& x, const projection& p,
                              std::uint64_t word, const place& at) {
  using lowp::status;
  const description& f = d.format;
  const ladder& l = d.side(x.negative);
  const bool out_of_sign = x.negative && !f.sign;
  bool away = false;
  if (!at.exact && !at.below && !at.beyond) {
    if (lowp::is_stochastic(p.round)) {
      const random_bits random = take_random(p, word);
      away = stochastic_away(p.round, nu_times(l, at, x.magnitude, random.count + 1), random);
    } else {
      away = goes_away(p.round, x.negative, l.odd(at.index), at);
    }
  }
  std::uint64_t index = at.index + (away ? 1 : 0);
  outcome r;
  if (f.tapered()) {
    if (at.beyond) r.flags |= status::overflow | status::saturated;
    if (index == 0) index = 1;
    if (index > l.top()) index = l.top();
  } else {
    bool over = at.beyond || (away && at.index == l.top());  // index may have wrapped in uint64
    if (p.overflow_before_rounding && at.index == l.top() && !at.exact) over = true;
    if (out_of_sign && (over || at.below || index != 0 || !has_zero(f))) {
      return project_below_zero(d, p, false);
    }
    if (over) return project_overflow(d, p, x.negative, false);
  }
  const bool tiny = is_tiny(l, x.magnitude, x.negative, p, word);
  if (tiny && p.flush_subnormal_result && has_zero(f)) index = 0;
  const bool zero = index == 0 && has_zero(f);
  r.code =
      zero ? zero_code(f, !out_of_sign && with_sign_rule(p.zero_sign, x.negative)) : l.code(index);
  if (!(l.at(index) == x.magnitude)) {
    r.flags |= status::inexact;
    if (tiny) r.flags |= status::underflow;
  }
  return r;
}

/// What `p` makes of x in the format, where the place of a finite x on its ladder is known.
inline outcome project(const destination& d, value x, const projection& p, std::uint64_t word,
                       const place& at) {
  using lowp::status;
  if (x.cls == sort::nan) return project_nan(d, x, p);
  std::uint8_t flags = 0;
  if (x.negative && !d.format.sign && p.negative == lowp::negative_rule::magnitude) {
    x.negative = false;
    if (x.cls != sort::zero) flags = status::invalid;
  }
  outcome r;
  if (x.cls == sort::zero) {
    r = project_zero(d, p, x.negative);
  } else if (x.cls == sort::finite) {
    r = project_finite(d, x, p, word, at);
  } else if (x.negative && !d.format.sign) {
    r = project_below_zero(d, p, true);
  } else {
    r = project_overflow(d, p, x.negative, true);
  }
  r.flags |= flags;
  return r;
}

/// What `p` makes of x in the format.
inline outcome project(const destination& d, const value& x, const projection& p,
                       std::uint64_t word = 0) {
  place at;
  if (x.cls == sort::finite) at = d.side(x.negative).locate(x.magnitude);
  return project(d, x, p, word, at);
}

/// The code of a finite value that no rule about ranges, signs or zeros can touch.
inline std::optional<std::uint64_t> plain(const destination& to, const value& x, rounding round,
                                          const place& at) {
  const description& d = to.format;
  if (x.cls != sort::finite || at.beyond || at.below || d.tapered()) return {};
  if (x.negative && !d.sign) return {};
  const ladder& l = to.side(x.negative);
  const bool away = !at.exact && goes_away(round, x.negative, l.odd(at.index), at);
  const std::uint64_t index = at.index + (away ? 1 : 0);
  if (index > l.top()) return {};
  return l.code(index);
}

/// What a source value counts as under `subnormal_input_rule`; only minifloats have subnormals.
inline value input(const description& from, value x, lowp::subnormal_input_rule rule) {
  using lowp::subnormal_input_rule;
  if (x.cls != sort::finite || from.kind != shape::minifloat) return x;
  if (from.low != low_end::subnormals && from.low != low_end::dojo_subnormals) return x;
  const real least{1, 1 - from.bias};
  if (rule == subnormal_input_rule::keep || !(x.magnitude < least)) return x;
  switch (rule) {
    case subnormal_input_rule::zero: return {.cls = sort::zero, .negative = x.negative};
    case subnormal_input_rule::half_down:
      if (least.scaled(-1) < x.magnitude) x.magnitude = least;
      break;
    default: x.magnitude = least; break;
  }
  return x;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_PROJECT_HPP
