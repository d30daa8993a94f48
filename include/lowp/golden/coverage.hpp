// SPDX-License-Identifier: Apache-2.0
/// \file
/// What test vectors must touch, as tables of classes: of codes, of the place where an exact result
/// lies between two codes, and of sums. spec/golden.md GLD-14.
#ifndef LOWP_GOLDEN_COVERAGE_HPP
#define LOWP_GOLDEN_COVERAGE_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include <lowp/accumulator.hpp>
#include <lowp/compare.hpp>
#include <lowp/operations.hpp>
#include <lowp/properties.hpp>

namespace lowp::golden {

/// A code with its value.
struct coded_value {
  format f{};
  code_t code = 0;
  exact value{};  ///< normalized

  static coded_value of(format f, code_t code) { return {f, code, normalized(decode(f, code))}; }
  bool finite() const { return value.cls == number_class::finite; }
  code_t magnitude() const { return code & lowp::detail::low_mask(magnitude_bits(f)); }
  bool subnormal() const {
    const value_class c = classify(f, code);
    return c == value_class::positive_subnormal || c == value_class::negative_subnormal;
  }
  bool nan() const { return value.cls == number_class::nan; }
  bool signalling() const { return is_signalling(value); }
  /// The payload of a NaN without its quiet bit, left-aligned.
  std::uint64_t payload() const { return value.significand << 1; }
};

/// A class of codes.
struct code_class {
  const char* name;
  bool (*holds)(const coded_value& x);
};

/// For every operand and result. A class without a code in a format does not apply to it. GLD-14.
inline constexpr code_class all_code_classes[] = {
    {"+0",
     [](const coded_value& x) { return x.value.cls == number_class::zero && !x.value.negative; }},
    {"-0",
     [](const coded_value& x) { return x.value.cls == number_class::zero && x.value.negative; }},
    {"least positive",
     [](const coded_value& x) { return x.finite() && x.code == min_positive(x.f); }},
    {"subnormal", [](const coded_value& x) { return x.subnormal() && !x.value.negative; }},
    {"negative subnormal", [](const coded_value& x) { return x.subnormal() && x.value.negative; }},
    {"greatest subnormal",
     [](const coded_value& x) { return x.subnormal() && x.magnitude() + 1 == min_normal(x.f); }},
    {"least normal", [](const coded_value& x) { return x.finite() && x.code == min_normal(x.f); }},
    {"one",
     [](const coded_value& x) {
       return compare(x.value, exact_finite(false, 1, 0)) == ordering::equal;
     }},
    {"negative number", [](const coded_value& x) { return x.finite() && x.value.negative; }},
    {"power of two",
     [](const coded_value& x) { return x.finite() && x.value.significand << 1 == 0; }},
    {"end of a binade",
     [](const coded_value& x) {
       const code_t low = x.f.kind == number_kind::minifloat
                              ? lowp::detail::low_mask(trailing_bits(x.f))
                              : code_t{0};
       return x.finite() && low != 0 && (x.code & low) == low;
     }},
    {"greatest", [](const coded_value& x) { return x.code == max_finite(x.f); }},
    {"lowest", [](const coded_value& x) { return x.finite() && x.code == lowest(x.f); }},
    {"+infinity",
     [](const coded_value& x) {
       return x.value.cls == number_class::infinity && !x.value.negative;
     }},
    {"-infinity",
     [](const coded_value& x) {
       return x.value.cls == number_class::infinity && x.value.negative;
     }},
    {"NaN", [](const coded_value& x) { return x.nan() && !x.signalling(); }},
    {"negative NaN", [](const coded_value& x) { return x.nan() && x.value.negative; }},
    {"NaN with payload",
     [](const coded_value& x) {
       return x.nan() && x.f.nans == nan_codes::ieee && !x.signalling() && x.payload() != 0;
     }},
    {"signalling NaN", [](const coded_value& x) { return x.signalling(); }},
    // What a narrower format would cut off: all that is left looks like an infinity.
    {"signalling NaN of low payload",
     [](const coded_value& x) {
       const int t = x.f.kind == number_kind::minifloat ? trailing_bits(x.f) : 0;
       return x.signalling() && t > 3 && x.magnitude() % (code_t{1} << t) < code_t{1} << t / 2;
     }},
};

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
inline exact sum(const exact& a, const exact& b) {
  return evaluate<operation::add>(projection{}, a, b).value;
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

/// A sum before it is rounded.
struct exact_terms {
  std::span<const exact> terms;  ///< normalized, two or more
  exact sum{};                   ///< normalized
  format to{};

  /// The two greatest magnitudes among numbers that are not zero; null where there are fewer.
  struct pair {
    const exact* first = nullptr;
    const exact* second = nullptr;
  };
  pair greatest() const {
    pair p;
    for (const exact& t : terms) {
      if (t.cls != number_class::finite) continue;
      if (p.first == nullptr || binade(t) > binade(*p.first)) {
        p.second = p.first;
        p.first = &t;
      } else if (p.second == nullptr || binade(t) > binade(*p.second)) {
        p.second = &t;
      }
    }
    return p;
  }
  /// Binades between these two; -1 where there are none.
  int distance() const {
    const pair p = greatest();
    return p.second == nullptr ? -1 : binade(*p.first) - binade(*p.second);
  }
  /// Bits of significands of the result; 0 where they vary or there are none.
  int precision() const { return to.kind == number_kind::minifloat ? int{to.precision} : 0; }
  bool apart_by_precision_and(int more) const {
    return precision() != 0 && distance() == precision() + more;
  }
};

/// The exact sum of normalized terms.
inline exact sum_of(std::span<const exact> terms) {
  if (terms.size() == 1) return terms[0];
  if (terms.size() == 2) return normalized(detail::sum(terms[0], terms[1]));
  lowp::detail::value_range range{0, 1};
  for (const exact& t : terms) {
    if (t.cls == number_class::finite) range = unite(range, lowp::detail::range_of_value(t));
  }
  return lowp::detail::with_sum<basic_accumulator>(range, [&](auto total) {
    for (const exact& t : terms) total.add(t);
    return normalized(total.result(to_nearest_even).value);
  });
}

/// A class of sums.
struct sum_class {
  const char* name;
  bool (*holds)(const exact_terms& s);
};

/// GLD-14.
inline constexpr sum_class all_sum_classes[] = {
    {"cancels to zero",
     [](const exact_terms& s) { return s.sum.cls == number_class::zero && s.distance() >= 0; }},
    {"cancels by a binade",
     [](const exact_terms& s) {
       const auto p = s.greatest();
       return s.sum.cls == number_class::finite && p.second != nullptr &&
              binade(s.sum) == binade(*p.first) - 1;
     }},
    {"cancels by more",
     [](const exact_terms& s) {
       const auto p = s.greatest();
       return s.sum.cls == number_class::finite && p.second != nullptr &&
              binade(s.sum) < binade(*p.first) - 1;
     }},
    {"grows by a binade",
     [](const exact_terms& s) {
       const auto p = s.greatest();
       return s.sum.cls == number_class::finite && p.second != nullptr &&
              binade(s.sum) > binade(*p.first);
     }},
    {"terms of one binade", [](const exact_terms& s) { return s.distance() == 0; }},
    {"terms one binade apart", [](const exact_terms& s) { return s.distance() == 1; }},
    {"terms apart by the precision less one",
     [](const exact_terms& s) { return s.apart_by_precision_and(-1); }},
    {"terms apart by the precision",
     [](const exact_terms& s) { return s.apart_by_precision_and(0); }},
    {"terms apart by the precision and one",
     [](const exact_terms& s) { return s.apart_by_precision_and(1); }},
    {"terms further apart",
     [](const exact_terms& s) { return s.precision() != 0 && s.distance() > s.precision() + 1; }},
    {"zero beside a number",
     [](const exact_terms& s) {
       bool zero = false;
       for (const exact& t : s.terms) zero = zero || t.cls == number_class::zero;
       return zero && s.greatest().first != nullptr;
     }},
    {"infinities of both signs",
     [](const exact_terms& s) {
       bool sign[2] = {};
       for (const exact& t : s.terms) {
         if (t.cls == number_class::infinity) sign[t.negative ? 1 : 0] = true;
       }
       return sign[0] && sign[1];
     }},
};

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_COVERAGE_HPP
