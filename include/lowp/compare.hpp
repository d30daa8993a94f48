// SPDX-License-Identifier: Apache-2.0
/// \file
/// Classification, order and neighbours of codes.
#ifndef LOWP_COMPARE_HPP
#define LOWP_COMPARE_HPP

#include <cstdint>

#include "codec.hpp"

namespace lowp {

/// The ten classes of IEEE 754-2019 section 5.7.2. Formats without NaN sign or signalling NaN have
/// only quiet NaNs; formats without -0 have only positive zero. spec/values.md VAL-10.
enum class value_class : std::uint8_t {
  signalling_nan,
  quiet_nan,
  negative_infinity,
  negative_normal,
  negative_subnormal,
  negative_zero,
  positive_zero,
  positive_subnormal,
  positive_normal,
  positive_infinity,
};

/// The class of a code. Subnormal: finite, non-zero, magnitude below the least normal.
LOWP_FN value_class classify(format f, code_t code) noexcept {
  const exact x = decode(f, code);
  const bool n = x.negative;
  switch (x.cls) {
    case number_class::nan:
      return is_signalling(x) ? value_class::signalling_nan : value_class::quiet_nan;
    case number_class::infinity:
      return n ? value_class::negative_infinity : value_class::positive_infinity;
    case number_class::zero: return n ? value_class::negative_zero : value_class::positive_zero;
    case number_class::finite: break;
  }
  const std::int32_t least =
      detail::with_kind(f, [&](auto kind) { return decltype(kind)::least_normal_exponent(f); });
  if (binade(normalized(x)) >= least) {
    return n ? value_class::negative_normal : value_class::positive_normal;
  }
  return n ? value_class::negative_subnormal : value_class::positive_subnormal;
}

LOWP_FN bool is_nan(format f, code_t code) noexcept {
  return decode(f, code).cls == number_class::nan;
}
LOWP_FN bool is_infinite(format f, code_t code) noexcept {
  return decode(f, code).cls == number_class::infinity;
}
LOWP_FN bool is_finite(format f, code_t code) noexcept {
  const number_class c = decode(f, code).cls;
  return c == number_class::zero || c == number_class::finite;
}
LOWP_FN bool is_zero(format f, code_t code) noexcept {
  return decode(f, code).cls == number_class::zero;
}

/// The outcome of a comparison. An own type because those of <compare> do not exist in device code.
enum class ordering : signed char { less = -1, equal, greater, unordered };

namespace detail {

template <class T>
LOWP_FN ordering three_way(T a, T b) noexcept {
  return a < b ? ordering::less : b < a ? ordering::greater : ordering::equal;
}

// Less and greater exchanged, if asked for; the argument is not unordered.
LOWP_FN ordering reversed_if(bool reverse, ordering o) noexcept {
  return reverse ? static_cast<ordering>(-static_cast<int>(o)) : o;
}

/// Order of magnitudes of zero, finite and infinite values.
LOWP_FN ordering compare_magnitudes(exact a, exact b) noexcept {
  if (a.cls != b.cls || a.cls != number_class::finite) return three_way(a.cls, b.cls);
  a = normalized(a);
  b = normalized(b);
  if (a.exponent != b.exponent) return three_way(a.exponent, b.exponent);
  if (a.significand != b.significand) return three_way(a.significand, b.significand);
  if (a.tail != b.tail) return three_way(a.tail, b.tail);
  return three_way(a.sticky, b.sticky);
}

}  // namespace detail

/// Order of two values, of any formats: -0 equals +0, NaN is unordered. spec/values.md VAL-11.
LOWP_FN ordering compare(const exact& a, const exact& b) noexcept {
  if (a.cls == number_class::nan || b.cls == number_class::nan) return ordering::unordered;
  if (a.cls == number_class::zero && b.cls == number_class::zero) return ordering::equal;
  // A zero has no sign here: compare it as if it had the other's, and then magnitudes decide.
  const bool a_negative = a.cls == number_class::zero ? b.negative : a.negative;
  const bool b_negative = b.cls == number_class::zero ? a.negative : b.negative;
  if (a_negative != b_negative) return a_negative ? ordering::less : ordering::greater;
  return detail::reversed_if(a_negative, detail::compare_magnitudes(a, b));
}

/// The same for codes.
LOWP_FN ordering compare(format f, code_t a, format g, code_t b) noexcept {
  return compare(decode(f, a), decode(g, b));
}

/// IEEE 754-2019 section 5.10 totalOrder, never unordered: negative NaNs, negative values, -0, +0,
/// positive values, positive NaNs; NaNs of one sign by magnitude of their quiet bit and payload.
/// A NaN without sign of its own counts as positive. spec/values.md VAL-12.
LOWP_FN ordering total_order(const exact& a, const exact& b) noexcept {
  if (a.negative != b.negative) return a.negative ? ordering::less : ordering::greater;
  const bool both_nan = a.cls == number_class::nan && b.cls == number_class::nan;
  return detail::reversed_if(a.negative, both_nan ? detail::three_way(a.significand, b.significand)
                                                  : detail::compare_magnitudes(a, b));
}

/// The same for codes.
LOWP_FN ordering total_order(format f, code_t a, format g, code_t b) noexcept {
  return total_order(decode(f, a), decode(g, b));
}

namespace detail {

/// One step up or down in value. The ladder of one sign ends at infinity, where there is one.
LOWP_FN code_t step(format f, code_t code, bool up) noexcept {
  code &= low_mask(f.width);
  return with_kind(f, [&](auto kind) -> code_t {
    using kind_type = decltype(kind);
    unpacked u = kind_type::unpack(f, code);
    if (u.cls == number_class::nan) return code;
    // From zero the step leads to the sign that it points to.
    if (u.cls == number_class::zero) u.negative = !up;
    const bool outward = up != u.negative;
    const auto last = [&](bool negative) {
      return kind_type::top(f, negative) + (has_infinity(f) ? 1 : 0);
    };
    if (outward) {
      if (u.negative && !f.is_signed) return code;
      if (u.index == last(u.negative)) return code;
      ++u.index;
    } else {
      if (u.index == 0) return code;  // the least value of a format without zero
      --u.index;
    }
    if (u.index > kind_type::top(f, u.negative)) {
      return infinity_code<kind_type>(f, projection{}, u.negative);
    }
    if (u.index == 0) return zero_code<kind_type>(f, u.negative);
    return kind_type::code(f, u.negative, u.index);
  });
}

}  // namespace detail

/// The least value greater than a code's (IEEE 754 nextUp): from max finite to infinity where the
/// format has it; the greatest value and NaN stay as they are; -min becomes -0 where that exists.
LOWP_FN code_t next_up(format f, code_t code) noexcept { return detail::step(f, code, true); }

/// The greatest value less than a code's (IEEE 754 nextDown).
LOWP_FN code_t next_down(format f, code_t code) noexcept { return detail::step(f, code, false); }

/// The codes on both sides of a value: equal if it is exact. Out of range or NaN: as the projection
/// toward_negative / toward_positive with saturation has it.
struct neighbours {
  code_t below = 0;
  code_t above = 0;
};

/// spec/values.md VAL-13.
LOWP_FN neighbours find_neighbours(format f, const exact& x) noexcept {
  return {encode(f, x, {.round = toward_negative, .overflow = saturate_finite}),
          encode(f, x, {.round = toward_positive, .overflow = saturate_finite})};
}

}  // namespace lowp

#endif  // LOWP_COMPARE_HPP
