// SPDX-License-Identifier: Apache-2.0
/// \file
/// Classes of sums by their exact terms. spec/golden.md GLD-14.
#ifndef LOWP_GOLDEN_COVERAGE_SUMS_HPP
#define LOWP_GOLDEN_COVERAGE_SUMS_HPP

#include <span>

#include <lowp/accumulator.hpp>
#include <lowp/compare.hpp>
#include <lowp/operations.hpp>

namespace lowp::golden {

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
  if (terms.size() == 2) {
    return normalized(evaluate<operation::add>(projection{}, terms[0], terms[1]).value);
  }
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

#endif  // LOWP_GOLDEN_COVERAGE_SUMS_HPP
