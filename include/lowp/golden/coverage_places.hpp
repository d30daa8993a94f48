// SPDX-License-Identifier: Apache-2.0
/// \file
/// Classes of exact results by the place where they lie between two codes. spec/golden.md GLD-14.
#ifndef LOWP_GOLDEN_COVERAGE_PLACES_HPP
#define LOWP_GOLDEN_COVERAGE_PLACES_HPP

#include <cstdint>

#include <lowp/compare.hpp>
#include <lowp/operations.hpp>
#include <lowp/properties.hpp>

namespace lowp::golden {

/// Where an exact result lies between the codes of its format, found without rounding it.
struct result_place {
  /// Against the middle between the codes on both sides.
  enum class side : std::uint8_t { exact, below, just_below, tie, just_above, above };
  enum class range : std::uint8_t {
    special,  ///< no number, or a format in which neighbours have no middle
    zero,
    below_least,    ///< between zero and the least magnitude
    subnormal,      ///< below the least normal magnitude
    before_normal,  ///< between the greatest subnormal and the least normal
    normal,
    above_greatest,  ///< what would be the next step behind the greatest magnitude, and further
  };
  side at = side::exact;
  range in = range::special;
  bool odd = false;      ///< the code on the side of zero is
  bool carries = false;  ///< the result is a power of two that the exact value had not reached
  exact value{};         ///< normalized
};

namespace detail {

inline exact magnitude(exact x) {
  x.negative = false;
  return x;
}
inline exact difference(const exact& a, const exact& b) {
  return evaluate<operation::subtract>(projection{}, a, b).value;
}
inline exact eighths(const exact& x, std::uint64_t n) {
  return evaluate<operation::multiply>(projection{}, x, exact_finite(false, n, -3)).value;
}

/// `rest` of a step `gap`: "just" is within an eighth.
inline result_place::side side_of(const exact& rest, const exact& gap) {
  using side = result_place::side;
  if (rest.cls == number_class::zero) return side::exact;
  const ordering middle = compare(rest, eighths(gap, 4));
  if (middle == ordering::equal) return side::tie;
  if (middle == ordering::less) {
    return compare(rest, eighths(gap, 3)) == ordering::less ? side::below : side::just_below;
  }
  return compare(rest, eighths(gap, 5)) == ordering::greater ? side::above : side::just_above;
}

/// The next code away from zero.
inline code_t outward(format f, code_t code, bool negative) {
  return negative ? next_down(f, code) : next_up(f, code);
}
inline code_t inward(format f, code_t code, bool negative) {
  return negative ? next_up(f, code) : next_down(f, code);
}

}  // namespace detail

/// The place of `value` among the codes of `to`; `result` is what it became.
inline result_place place_of(format to, const exact& value, code_t result) {
  using range = result_place::range;
  result_place p;
  p.value = normalized(value);
  const bool has_middles = to.kind == number_kind::minifloat || to.kind == number_kind::fixed_point;
  if (!has_middles || (value.negative && !to.is_signed)) return p;
  if (p.value.cls == number_class::zero) p.in = range::zero;
  if (p.value.cls != number_class::finite) return p;
  const code_t base = encode(to, value, {.round = toward_zero, .overflow = saturate_finite});
  const exact x = detail::magnitude(p.value);
  exact low = detail::magnitude(decode(to, base));
  // Formats without zero.
  if (compare(low, x) == ordering::greater) low = exact_zero();
  const bool last = base == (value.negative ? lowest(to) : max_finite(to));
  const bool below_least = low.cls == number_class::zero;
  // The code at the other end of the step; behind the greatest, that of the step before it.
  const code_t end = below_least ? min_positive(to)
                     : last      ? detail::inward(to, base, value.negative)
                                 : detail::outward(to, base, value.negative);
  const exact other = detail::magnitude(decode(to, end));
  const exact gap = detail::magnitude(detail::difference(other, low));
  const exact rest = detail::difference(x, low);
  p.at = detail::side_of(rest, gap);
  p.odd = (base & 1) != 0;
  const exact normal = decode(to, min_normal(to));
  p.in = below_least                                ? range::below_least
         : last && rest.cls != number_class::zero   ? range::above_greatest
         : compare(low, normal) != ordering::less   ? range::normal
         : compare(other, normal) == ordering::less ? range::subnormal
                                                    : range::before_normal;
  const exact r = detail::magnitude(normalized(decode(to, result)));
  p.carries = p.in != range::below_least && r.cls == number_class::finite &&
              r.significand << 1 == 0 && compare(r, x) == ordering::greater &&
              compare(r, normal) != ordering::less;
  return p;
}

/// A class of exact results by their place.
struct result_class {
  const char* name;
  bool (*holds)(const result_place& p);
};

/// GLD-14.
inline constexpr result_class all_result_classes[] = {
    {"exact",
     [](const result_place& p) {
       return p.in > result_place::range::below_least && p.at == result_place::side::exact;
     }},
    {"zero", [](const result_place& p) { return p.in == result_place::range::zero; }},
    {"infinite", [](const result_place& p) { return p.value.cls == number_class::infinity; }},
    {"not a number", [](const result_place& p) { return p.value.cls == number_class::nan; }},
    {"tie above an even code",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::tie && !p.odd;
     }},
    {"tie above an odd code",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::tie && p.odd;
     }},
    {"just below a tie",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::just_below;
     }},
    {"just above a tie",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::just_above;
     }},
    {"just below a code",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::above;
     }},
    {"just above a code",
     [](const result_place& p) {
       return p.in == result_place::range::normal && p.at == result_place::side::below;
     }},
    {"carry into the exponent", [](const result_place& p) { return p.carries; }},
    {"subnormal exact",
     [](const result_place& p) {
       return (p.in == result_place::range::subnormal ||
               p.in == result_place::range::before_normal) &&
              p.at == result_place::side::exact;
     }},
    {"subnormal tie",
     [](const result_place& p) {
       return p.in == result_place::range::subnormal && p.at == result_place::side::tie;
     }},
    {"subnormal just below a tie",
     [](const result_place& p) {
       return p.in == result_place::range::subnormal && p.at == result_place::side::just_below;
     }},
    {"subnormal just above a tie",
     [](const result_place& p) {
       return p.in == result_place::range::subnormal && p.at == result_place::side::just_above;
     }},
    {"tie below the least normal",
     [](const result_place& p) {
       return p.in == result_place::range::before_normal && p.at == result_place::side::tie;
     }},
    {"beside the tie below the least normal",
     [](const result_place& p) {
       return p.in == result_place::range::before_normal &&
              (p.at == result_place::side::just_below || p.at == result_place::side::just_above);
     }},
    {"half the least magnitude",
     [](const result_place& p) {
       return p.in == result_place::range::below_least && p.at == result_place::side::tie;
     }},
    {"just below half the least magnitude",
     [](const result_place& p) {
       return p.in == result_place::range::below_least && p.at == result_place::side::just_below;
     }},
    {"just above half the least magnitude",
     [](const result_place& p) {
       return p.in == result_place::range::below_least && p.at == result_place::side::just_above;
     }},
    {"overflow threshold",
     [](const result_place& p) {
       return p.in == result_place::range::above_greatest && p.at == result_place::side::tie;
     }},
    {"just below the overflow threshold",
     [](const result_place& p) {
       return p.in == result_place::range::above_greatest && p.at == result_place::side::just_below;
     }},
    {"just above the overflow threshold",
     [](const result_place& p) {
       return p.in == result_place::range::above_greatest && p.at == result_place::side::just_above;
     }},
    {"far above the greatest",
     [](const result_place& p) {
       return p.in == result_place::range::above_greatest && p.at == result_place::side::above;
     }},
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_COVERAGE_PLACES_HPP
