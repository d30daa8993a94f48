// SPDX-License-Identifier: Apache-2.0
/// \file
/// A long fixed-point integer that takes any number of values and products without rounding, on a
/// grid that is known at run time. spec/accumulation.md ACC-1.
#ifndef LOWP_BASIC_ACCUMULATOR_HPP
#define LOWP_BASIC_ACCUMULATOR_HPP

#include <cstddef>
#include <cstdint>

#include "compute.hpp"
#include "detail/accumulator_limbs.hpp"
#include "number.hpp"

namespace lowp {

namespace detail {

/// What every exact sum has that yields a `result`.
template <class Sum>
class rounded_once {
 public:
  /// The sum in one rounding. ACC-1. `random` as in `encode`.
  LOWP_FN code_t round(format to, const projection& p = {},
                       std::uint64_t random = 0) const noexcept {
    return encode(to, sum().result(p.round).value, p, random);
  }
  LOWP_FN encoded round_with_status(format to, const projection& p = {},
                                    std::uint64_t random = 0) const noexcept {
    const unrounded r = sum().result(p.round);
    encoded e = encode_with_status(to, r.value, p, random);
    e.flags.bits |= r.flags.bits;
    return e;
  }
  template <numeric To>
  LOWP_FN To round(const projection& p = detail::default_for<To>(),
                   std::uint64_t random = 0) const noexcept {
    return detail::traits<To>::from_code(round(format_of<To>, p, random));
  }

  friend LOWP_FN bool operator==(const rounded_once&, const rounded_once&) noexcept = default;

 private:
  LOWP_FN const Sum& sum() const noexcept { return static_cast<const Sum&>(*this); }
};

}  // namespace detail

/// A sum of multiples of 2^unit below 2^(unit + 64 (Limbs - 1)) in magnitude; of up to 2^63 terms.
/// Trivially copyable; equal terms in any order, with any merging, give equal states. ACC-2.
template <int Limbs>
class basic_accumulator : public detail::rounded_once<basic_accumulator<Limbs>> {
  static_assert(Limbs >= 2, "lowp: an accumulator has at least two limbs");

 public:
  /// Limbs of 64 bits, and bytes of the image that `to_bytes` writes.
  static constexpr int limb_count = Limbs;
  static constexpr std::size_t byte_count = 8 * std::size_t{Limbs} + 1;

  /// The empty sum.
  LOWP_FN explicit basic_accumulator(std::int32_t unit) noexcept : unit_(unit) {}

  /// Adds a term. ACC-3. A term off the grid, and a value without end, are not added; from then on
  /// the sum is not exact (`is_exact`), and NaN.
  LOWP_FN void add(const exact& x) noexcept {
    if (x.cls != number_class::finite) return add_special(x);
    add_finite(x.negative, detail::significand_of(x), std::int64_t{x.exponent} - 64, x.sticky);
  }
  LOWP_FN void subtract(exact x) noexcept {
    x.negative = !x.negative;
    add(x);
  }
  /// Adds x y; the factors are values of codes: without tail.
  LOWP_FN void add_product(const exact& x, const exact& y) noexcept {
    const bool negative = x.negative != y.negative;
    if (x.cls == number_class::finite && y.cls == number_class::finite) {
      return add_finite(negative, detail::uint128{x.significand} * y.significand,
                        std::int64_t{x.exponent} + y.exponent,
                        x.sticky || y.sticky || x.tail != 0 || y.tail != 0);
    }
    add_special_product(x, y, negative);
  }
  LOWP_FN void subtract_product(exact x, const exact& y) noexcept {
    x.negative = !x.negative;
    add_product(x, y);
  }

  /// Adds all terms of another sum. ACC-5. Sums of different units give one that is not exact.
  LOWP_FN void merge(const basic_accumulator& other) noexcept {
    if (unit_ != other.unit_) facts_ |= off_grid;
    if (unit_ == other.unit_) detail::add_limbs(limb_, other.limb_, Limbs);
    facts_ |= other.facts_;
  }
  LOWP_FN basic_accumulator& operator+=(const basic_accumulator& other) noexcept {
    merge(other);
    return *this;
  }

  /// Makes the sum empty again.
  LOWP_FN void reset() noexcept { *this = basic_accumulator(unit_); }

  /// What the sum has seen. ACC-4.
  LOWP_FN bool has_nan() const noexcept { return (facts_ & nan) != 0; }
  LOWP_FN bool has_infinity(bool negative) const noexcept {
    return (facts_ & (negative ? negative_infinity : positive_infinity)) != 0;
  }
  /// False once a term was not added.
  LOWP_FN bool is_exact() const noexcept { return (facts_ & off_grid) == 0; }

  /// The sum in 128 bits and a rest, and the flag invalid. The direction decides the sign of a sum
  /// that cancels. ACC-4.
  LOWP_FN unrounded result(rounding direction = rounding::to_nearest_even) const noexcept {
    const bool both = has_infinity(false) && has_infinity(true);
    if ((facts_ & (nan | invalid | off_grid)) != 0 || both) {
      const bool flag = (facts_ & (invalid | off_grid)) != 0 || both;
      return {exact_nan(), {flag ? status::invalid : std::uint8_t{0}}};
    }
    if (has_infinity(false) || has_infinity(true)) return {exact_infinity(has_infinity(true)), {}};
    exact x = detail::leading_bits(limb_, Limbs, unit_);
    if (x.cls == number_class::zero) {
      const std::uint8_t signs = facts_ & (not_negative_zero | not_positive_zero);
      x.negative = signs == not_positive_zero ||
                   (signs != not_negative_zero && signs != 0 && direction == toward_negative);
    }
    return {x, {}};
  }
  LOWP_FN exact value() const noexcept { return result().value; }

  /// The state: two's complement limbs, least first, in units of 2^unit, and the facts. ACC-6.
  LOWP_FN std::int32_t unit() const noexcept { return unit_; }
  LOWP_FN std::uint64_t limb(int i) const noexcept { return limb_[i]; }
  LOWP_FN std::uint8_t facts() const noexcept { return facts_; }

  /// The state as `byte_count` bytes: the limbs, then the facts, least byte first. ACC-6.
  LOWP_FN void to_bytes(std::uint8_t* out) const noexcept {
    for (int i = 0; i < 8 * Limbs; ++i) {
      out[i] = static_cast<std::uint8_t>(limb_[i / 8] >> (8 * (i % 8)));
    }
    out[8 * Limbs] = facts_;
  }
  /// The sum with that image, in place of this one; the unit stays.
  LOWP_FN void from_bytes(const std::uint8_t* in) noexcept {
    reset();
    for (int i = 0; i < 8 * Limbs; ++i) limb_[i / 8] |= std::uint64_t{in[i]} << (8 * (i % 8));
    facts_ = in[8 * Limbs];
  }

  /// Equal states: equal sums that have seen the same kinds of term.
  friend LOWP_FN bool operator==(const basic_accumulator&,
                                 const basic_accumulator&) noexcept = default;

 protected:
  // Facts, ACC-4 and ACC-6.
  static constexpr std::uint8_t not_negative_zero = 1;  // some term other than -0
  static constexpr std::uint8_t not_positive_zero = 2;  // some term other than +0
  static constexpr std::uint8_t positive_infinity = 4;
  static constexpr std::uint8_t negative_infinity = 8;
  static constexpr std::uint8_t nan = 16;
  static constexpr std::uint8_t invalid = 32;  // a signalling NaN or 0 x infinity
  static constexpr std::uint8_t off_grid = 64;

  /// Adds terms that are neither zero nor special, whose sum in units of 2^at is given. It may be
  /// greater than a term may.
  LOWP_FN void add_integer(detail::int128 sum, std::int32_t at) noexcept {
    const bool negative = sum < 0;
    const auto bits = static_cast<detail::uint128>(sum);
    facts_ |= not_negative_zero | not_positive_zero;
    add_bits(negative, negative ? 0 - bits : bits, at - unit_);
  }
  /// True if zeros among further terms cannot change the facts.
  LOWP_FN bool has_both_signs() const noexcept {
    constexpr int both = not_negative_zero | not_positive_zero;
    return (facts_ & both) == both;
  }

 private:
  LOWP_FN void add_finite(bool negative, detail::uint128 bits, std::int64_t at,
                          bool endless) noexcept {
    if (bits == 0) return add_special(exact_zero(negative));  // a hand-made zero
    facts_ |= not_negative_zero | not_positive_zero;
    std::int64_t shift = at - unit_;
    if (shift < 0) {  // only zeros may fall off
      const bool lost = shift <= -128 || (bits >> -shift) << -shift != bits;
      if (!lost) bits >>= -shift;
      endless = endless || lost;
      shift = 0;
    }
    if (endless || shift + 128 - detail::leading_zeros_wide(bits) > 64 * (Limbs - 1)) {
      facts_ |= off_grid;
    } else {
      add_bits(negative, bits, static_cast<int>(shift));
    }
  }

  LOWP_FN void add_bits(bool negative, detail::uint128 bits, int shift) noexcept {
    if (negative) {
      detail::subtract_at(limb_, Limbs, bits, shift);
    } else {
      detail::add_at(limb_, Limbs, bits, shift);
    }
  }

  LOWP_FN void add_special(const exact& x) noexcept {
    if (x.cls == number_class::zero) {
      facts_ |= x.negative ? not_positive_zero : not_negative_zero;
    } else if (x.cls == number_class::infinity) {
      facts_ |= x.negative ? negative_infinity : positive_infinity;
    } else {
      facts_ |= nan;
      if (is_signalling(x)) facts_ |= invalid;
    }
  }

  LOWP_FN void add_special_product(const exact& x, const exact& y, bool negative) noexcept {
    if (x.cls == number_class::nan) add_special(x);
    if (y.cls == number_class::nan) add_special(y);
    if (x.cls == number_class::nan || y.cls == number_class::nan) return;
    const bool zero = x.cls == number_class::zero || y.cls == number_class::zero;
    const bool infinite = x.cls == number_class::infinity || y.cls == number_class::infinity;
    if (zero && infinite) {
      facts_ |= nan | invalid;
    } else {
      add_special(zero ? exact_zero(negative) : exact_infinity(negative));
    }
  }

  std::uint64_t limb_[Limbs] = {};
  std::int32_t unit_ = 0;
  std::uint8_t facts_ = 0;
};

}  // namespace lowp

#endif  // LOWP_BASIC_ACCUMULATOR_HPP
