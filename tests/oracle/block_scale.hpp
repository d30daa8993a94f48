// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle of power-of-two scales: the least power of two X that is large enough for a block,
/// where every rule has its own idea of large enough. No significand is compared with a threshold.
/// From lowp it takes the names of the rules, nothing else.
#ifndef LOWP_TESTS_ORACLE_BLOCK_SCALE_HPP
#define LOWP_TESTS_ORACLE_BLOCK_SCALE_HPP

#include <cstdint>

#include <mpfr.h>

#include <lowp/block/scale_rule.hpp>

#include "project.hpp"
#include "steps.hpp"

namespace oracle {

using lowp::scale_rule;

/// An element format as scales see it.
struct element_facts {
  explicit element_facts(const description& d)
      : to(d), greatest(to.up.at(to.up.top())), emax(greatest.top()), trailing(d.trailing_bits) {}

  destination to;
  real greatest;  ///< M
  long emax;      ///< floor(log2 M)
  int trailing;   ///< t, of minifloats
};

/// The logarithm of x, rounded to nearest in binary32, then to an integer.
inline long integer_of_log2(const real& x, mpfr_rnd_t direction) {
  mpfr_t number, logarithm;
  mpfr_init2(number, 64);
  mpfr_init2(logarithm, 24);
  mpfr_set_ui_2exp(number, static_cast<unsigned long>(x.n()), x.e(), MPFR_RNDN);
  mpfr_log2(logarithm, number, MPFR_RNDN);
  const long k = mpfr_get_si(logarithm, direction);
  mpfr_clear(number);
  mpfr_clear(logarithm);
  return k;
}

/// The unit of the last place of a number in binary32, as if there were no subnormals.
inline real last_place(const real& x) { return {1, x.top() - 23}; }

/// Does x fit elements in units of 2^k, as a rounding to nearest even sees it?
inline bool rounds_in_range(const element_facts& f, const real& x, long k) {
  const outcome o = project(f.to, number_of(x.scaled(-k)), {});
  return (o.flags & lowp::status::overflow) == 0;
}

/// Is 2^k enough for a block with this amax, `positive` being that of the numbers above zero?
inline bool large_enough(scale_rule rule, const element_facts& f, const real& amax,
                         const real& positive, std::uint64_t word, long k) {
  const long place = amax.top() - f.trailing;  // of the t-th bit
  const real end{1, f.emax + 1 + k};           // floor: below it
  switch (rule) {
    case scale_rule::floor: return amax < end;
    case scale_rule::round_up: return !(f.greatest.scaled(k) < amax);
    case scale_rule::ceil: return !(end.scaled(-1) < amax);
    case scale_rule::even: return to_multiple(amax, place, 1) < end;
    case scale_rule::even_exclusive: return to_multiple(amax, place, -1) < end;
    case scale_rule::in_range: return rounds_in_range(f, amax, k);
    case scale_rule::in_range_signed:
      return amax < end && (positive.is_zero() || rounds_in_range(f, positive, k));
    case scale_rule::nearest_log2:
      return real{amax.n() * amax.n(), 2 * amax.e()} < real{1, 2 * (f.emax + k) + 1};
    case scale_rule::stochastic: {
      const integer random = word % (std::uint64_t{1} << (23 - f.trailing));
      return amax + last_place(amax) * random < end;
    }
    case scale_rule::floor_log2_binary32: return integer_of_log2(amax, MPFR_RNDD) <= f.emax + k;
    case scale_rule::ceil_log2_binary32: return integer_of_log2(amax, MPFR_RNDU) <= f.emax + k;
    case scale_rule::even_log2_binary32: {
      // The greatest sum of bits that carries only above the half way point.
      const real sum = amax + real{1, place - 1} - last_place(amax);
      return integer_of_log2(sum, MPFR_RNDD) <= f.emax + k;
    }
    default: return false;
  }
}

/// The exponent that a rule gives for amax > 0, without clamps.
inline long scale_exponent_of(scale_rule rule, const element_facts& f, const real& amax,
                              const real& positive, std::uint64_t word = 0) {
  long k = amax.top() - f.emax - 2;
  while (!large_enough(rule, f, amax, positive, word, k)) ++k;
  return k;
}

/// Do the rules that round amax to the element's bits make it 2^128?
inline bool rounds_beyond_single(scale_rule rule, const element_facts& f, const real& amax) {
  const int tie = rule == scale_rule::even ? 1 : -1;
  return !(to_multiple(amax, amax.top() - f.trailing, tie) < real{1, 128});
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_SCALE_HPP
