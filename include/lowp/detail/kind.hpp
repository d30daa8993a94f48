// SPDX-License-Identifier: Apache-2.0
/// \file
/// The contract between the codec and the kinds of number. Each kind orders the magnitudes of one
/// sign on a ladder of indices 0, 1, 2 ... and says where a value stands on it; rounding, overflow
/// and special values are decided in codec.hpp alone. spec/projection.md PRJ-12.
#ifndef LOWP_DETAIL_KIND_HPP
#define LOWP_DETAIL_KIND_HPP

#include <cstdint>

#include "../exact.hpp"
#include "../format.hpp"
#include "bits.hpp"

namespace lowp::detail {

/// A code taken apart. `index` is the ladder index of zero and finite values; `payload` that of
/// NaN.
struct unpacked {
  number_class cls = number_class::zero;
  bool negative = false;
  std::uint64_t index = 0;
  std::uint64_t payload = 0;
};

/// Where a finite value stands: at `index` plus the fraction nu of the way to index + 1.
/// `beyond`: at or above the step after the greatest finite value. `below`: under the least value
/// of a ladder that does not start at zero.
struct position {
  std::uint64_t index = 0;
  fraction64 fraction;
  bool beyond = false;
  bool below = false;
};

/// One specialisation per kind, each in its own file, with these static functions:
///   unpacked unpack(f, code);                 // total: every code has a meaning
///   exact value(f, negative, index);          // finite, for 0 < index <= top (0 where no zero)
///   position locate(f, x);                    // x finite and normalized
///   std::uint64_t top(f, negative);           // index of the greatest finite magnitude
///   code_t code(f, negative, index);          // the inverse of unpack for zero and finite
///   int least_normal_exponent(f);             // of subnormal-like behaviour, for tininess
template <number_kind Kind>
struct kind_of_number;

/// A normalized finite x in units of 2^unit, unit >= x.exponent: integer part and fraction.
LOWP_FN position align(const exact& x, std::int32_t unit) noexcept {
  const std::int32_t shift = unit - x.exponent;
  const bool low = x.tail != 0 || x.sticky;
  if (shift >= 128) return {0, {0, true}};
  if (shift > 64) {
    const bool lost = (x.significand & low_mask(shift - 64)) != 0;
    return {0, {x.significand >> (shift - 64), lost || low}};
  }
  if (shift == 64) return {0, {x.significand, low}};
  if (shift == 0) return {x.significand, {x.tail, x.sticky}};
  return {x.significand >> shift,
          {(x.significand << (64 - shift)) | (x.tail >> shift),
           x.sticky || (x.tail & low_mask(shift)) != 0}};
}

/// Appends the binary string `tail` (64 bits, left-aligned) to the integer `head` and cuts the
/// result after `kept` further bits (0...63): the index, and what was cut off as fraction.
LOWP_FN position cut_string(std::uint64_t head, std::uint64_t tail, bool sticky,
                            int kept) noexcept {
  if (kept == 0) return {head, {tail, sticky}};
  return {(head << kept) | (tail >> (64 - kept)), {tail << kept, sticky}};
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_KIND_HPP
