// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers of the short way of arithmetic: narrow minifloats as integers of 32 or 64 bits, decoded
/// and encoded without branches on the data, so that compilers can vectorise. Rounding stays with
/// `rounding_increment`, special codes with codec.hpp. Comparisons are subtractions, not `bool`:
/// g++ makes branches of some of those.
#ifndef LOWP_DETAIL_SHORT_NUMBER_HPP
#define LOWP_DETAIL_SHORT_NUMBER_HPP

#include <cstdint>
#include <type_traits>

#include "../codec.hpp"

namespace lowp::detail {

template <class Word>
inline constexpr int bits_of = static_cast<int>(sizeof(Word)) * 8;

/// A flag is a word whose highest bit tells; the others mean nothing. Words below that bit are then
/// compared by one subtraction, and flags combined by the operators of bits.
template <class Word>
LOWP_INLINE_FN Word flag(bool b) noexcept {
  return b ? Word{1} << (bits_of<Word> - 1) : 0;
}
template <class Word>
LOWP_INLINE_FN Word exceeds(Word x, Word limit) noexcept {
  return x + (~flag<Word>(true) - limit);
}
template <class Word>
LOWP_INLINE_FN Word is_zero(Word x) noexcept {
  return x - 1;
}
/// A flag as a word of ones or zeros.
template <class Word>
LOWP_INLINE_FN Word mask(Word flag) noexcept {
  return static_cast<Word>(static_cast<std::make_signed_t<Word>>(flag) >> (bits_of<Word> - 1));
}

template <class Word>
LOWP_INLINE_FN Word select(Word mask, Word yes, Word no) noexcept {
  return no ^ ((yes ^ no) & mask);
}
/// One of two codes.
template <class Word>
LOWP_INLINE_FN Word pick(Word mask, code_t yes, code_t no) noexcept {
  return select(mask, static_cast<Word>(yes), static_cast<Word>(no));
}

template <class Int>
LOWP_INLINE_FN Int lesser(Int a, Int b) noexcept {
  return a < b ? a : b;
}
template <class Int>
LOWP_INLINE_FN Int greater(Int a, Int b) noexcept {
  return a > b ? a : b;
}

/// Zeros above the highest set bit of x, which must not be 0.
LOWP_INLINE_FN int zeros_above(std::uint32_t x) noexcept { return __builtin_clz(x); }
LOWP_INLINE_FN int zeros_above(std::uint64_t x) noexcept { return __builtin_clzll(x); }

/// Limits of the short way: with them all exponents and ladder indices stay below 2^30.
inline constexpr int short_precision = 12;
inline constexpr std::int32_t short_bias = 1 << 15;

/// May a number of this format take part?
LOWP_INLINE_FN bool is_short(format f) noexcept {
  return f.kind == number_kind::minifloat && f.bottom == bottom_binade::gradual &&
         f.precision <= short_precision && f.bias >= -short_bias && f.bias <= short_bias;
}

/// Exponent of the last bit of the subnormals: that of the ladder's first steps.
LOWP_INLINE_FN std::int32_t least_unit(format f) noexcept { return 1 - f.bias - trailing_bits(f); }

/// A number as +-significand x 2^exponent. `negative` and all below are flags; where `infinite` or
/// `nan` is set, what stands above it is meaningless.
template <class Word>
struct short_number {
  Word significand = 0;
  std::make_signed_t<Word> exponent = 0;
  Word negative = 0;
  Word zero = 0;      ///< only of results
  Word infinite = 0;  ///< also of operands that are NaN
  Word nan = 0;
  Word nan_negative = 0;  ///< sign, if it is NaN
};

/// The number of a magnitude code.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_decode_magnitude(format f, Word magnitude,
                                                         Word negative) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  const int t = trailing_bits(f);
  // Subnormals have the exponent of the first normal binade and no implicit bit.
  const Word field = magnitude >> t;
  const Word binade = field - (field != 0 ? 1 : 0);
  short_number<Word> x;
  x.significand = magnitude - (binade << t);
  x.exponent = static_cast<std::make_signed_t<Word>>(binade) + least_unit(f);
  x.negative = negative;
  const auto last = static_cast<Word>(kind::top(f, false));
  if (f.has_infinity) x.infinite = exceeds(magnitude, last);
  if (f.nans == nan_codes::negative_zero) {
    x.nan = is_zero(magnitude) & negative;
  } else if (f.nans != nan_codes::none) {
    x.nan = exceeds(magnitude, last + (f.has_infinity ? 1 : 0));
    x.nan_negative = negative;
  }
  return x;
}

template <class Word>
LOWP_INLINE_FN short_number<Word> short_decode(format f, code_t code) noexcept {
  const int n = magnitude_bits(f);
  const auto magnitude = static_cast<Word>(code & low_mask(n));
  const Word negative = f.is_signed ? static_cast<Word>(code) << (bits_of<Word> - 1 - n) : 0;
  return short_decode_magnitude(f, magnitude, negative);
}

template <class Word, class... Operand>
LOWP_INLINE_FN Word is_any_nan(const Operand&... x) noexcept {
  return (x.nan | ...);
}
/// The sign of the first NaN, or the given one where none is.
template <class Word>
LOWP_INLINE_FN Word sign_of_nan(Word none) noexcept {
  return none;
}
template <class Word, class... More>
LOWP_INLINE_FN Word sign_of_nan(Word none, const short_number<Word>& x,
                                const More&... more) noexcept {
  return select(x.nan, x.nan_negative, sign_of_nan(none, more...));
}

/// Codes that a projection gives to special results of either sign, and to overflow.
LOWP_INLINE_FN code_t short_infinity(format to, const projection& p, bool negative,
                                     bool infinite) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  if (negative && !to.is_signed) return encode_below_zero<kind, false>(to, p, infinite).code;
  return encode_overflow<kind, false>(to, p, negative, infinite).code;
}
LOWP_INLINE_FN code_t short_nan(format to, const projection& p, bool negative) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  return encode_nan<kind, false>(to, exact_nan(negative), p).code;
}

/// What is known about the significands and exponents of an operation's results.
struct short_bounds {
  int least_bit = 0;                ///< place of the highest bit of normal ones: at least this
  int bits = 0;                     ///< of significands, at most
  std::int32_t least_exponent = 0;  ///< of any but zero
  bool has_one_exponent = false;    ///< which is `least_exponent`, and not above that of `to`
};

/// Can `short_round` move significands up in words of so many bits: does the deepest result keep
/// its last bit, or is it less than one half of the least subnormal?
LOWP_INLINE_FN bool moves_up(format to, short_bounds bounds, int bits) noexcept {
  const int place = bits - 2 - trailing_bits(to);
  return place + bounds.least_exponent >= least_unit(to) || bounds.bits < place;
}
/// The words that `short_round` needs: 32, 64, or more bits.
LOWP_INLINE_FN int short_width(format to, short_bounds bounds) noexcept {
  const int longer = bounds.bits + 2 + greater(0, to.precision - bounds.least_bit);
  if ((moves_up(to, bounds, 32) ? bounds.bits + 2 : longer) <= 32) return 32;
  if ((moves_up(to, bounds, 64) ? bounds.bits + 2 : longer) <= 64) return 64;
  return 128;
}

/// Rounds |x| to the ladder of `to`: an index, maybe beyond the top. A non-zero significand whose
/// highest bit is below `least_bit` must have an exponent below the least unit of `to`: subnormal
/// whatever it is.
template <class Word>
LOWP_INLINE_FN Word short_round(format to, const projection& p, const short_number<Word>& x,
                                Word negative, short_bounds bounds) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr int bits = bits_of<Word>;
  const int t = trailing_bits(to);
  const int place = bits - 2 - t;  // of the last bit that is kept, if the highest is second
  const std::int32_t deepest = place + bounds.least_exponent - least_unit(to);
  Word significand = x.significand;
  int shift = place;
  Word binade = 0;
  if (moves_up(to, bounds, bits)) {
    // Up, until the highest bit is the second or the kept ones are multiples of the least unit.
    const integer limit = x.exponent - least_unit(to) + place;
    const Word guarded = significand << 1;  // below the word that ends the search for a bit
    const bool ends_at_limit = bounds.has_one_exponent && deepest >= 0;
    const integer up =
        ends_at_limit
            ? zeros_above(guarded | (Word{1} << lesser(greater(bits - 1 - deepest, 0), bits - 1)))
            : lesser<integer>(zeros_above(guarded | 1), limit);
    binade = static_cast<Word>(limit - up);
    // Farther down less than one half of the least subnormal is left anyway.
    significand <<= deepest < 0 ? greater<integer>(up, 0) : up;
  } else {
    // Down. With at least one bit more than the precision there always is something to drop.
    const int q = to.precision;
    const int up = greater(0, q - bounds.least_bit);
    significand <<= up;
    const integer to_least = least_unit(to) + up - x.exponent;
    const integer to_normal = bits - 1 - t - zeros_above(significand | (Word{1} << q));
    const integer unit = greater<integer>(to_normal, to_least);
    const bool deep = least_unit(to) + up - bounds.least_exponent > bits - 1;
    shift = static_cast<int>(deep ? lesser<integer>(unit, bits - 1) : unit);
    binade = static_cast<Word>(unit - to_least);
  }
  const Word steps = binade << t;
  const bool odd = (((significand >> shift) + steps) & 1) != 0;
  const Word increment =
      rounding_increment(p.round, (negative >> (bits - 1)) != 0, odd, Word{1} << shift);
  const Word index = steps + ((significand + increment) >> shift);
  return bounds.has_one_exponent ? index : index & ~mask(x.zero);
}

/// The sign of a result that is not NaN.
template <class Word>
LOWP_INLINE_FN Word short_sign(format to, const projection& p, Word negative, Word zero) noexcept {
  if (!has_negative_zero(to)) return negative & ~zero;
  if (p.zero_sign == sign_rule::keep) return negative;
  return select(
      zero,
      select(negative, flag<Word>(apply(p.zero_sign, true)), flag<Word>(apply(p.zero_sign, false))),
      negative);
}

/// The code of a result: x, or NaN if x is (by an invalid operation: positive) or an operand.
template <class Word, class... Operand>
LOWP_INLINE_FN code_t short_finish(format to, const projection& p, const short_number<Word>& x,
                                   short_bounds bounds, const Operand&... operands) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  const int n = magnitude_bits(to);
  const auto sign_bit = to.is_signed ? code_t{1} << n : 0;
  const int to_sign = bits_of<Word> - 1 - n;
  const bool drops_sign = !to.is_signed && p.negative == negative_rule::magnitude;
  const Word negative = drops_sign ? 0 : x.negative;
  const auto top = static_cast<Word>(kind::top(to, false));
  const code_t infinity = short_infinity(to, p, false, true);
  const code_t minus_infinity = short_infinity(to, p, true, true);
  const code_t overflow = short_infinity(to, p, false, false);
  const code_t minus_overflow = short_infinity(to, p, true, false);
  const code_t nan = short_nan(to, p, false);
  const code_t minus_nan = short_nan(to, p, true);
  const Word any_nan = mask(is_any_nan<Word>(x, operands...));

  Word index = short_round(to, p, x, negative, bounds);
  if (to.is_signed && infinity != 0 && minus_infinity == infinity + sign_bit && overflow != 0 &&
      minus_overflow == overflow + sign_bit) {
    // Only the sign bit tells the codes of either sign.
    if (infinity == overflow) index |= mask(x.infinite);
    if (overflow == top || overflow == top + 1) {
      index = lesser(index, static_cast<Word>(overflow));
    } else {
      index = select(mask(exceeds(index | (mask(x.infinite) >> 1), top)),
                     static_cast<Word>(overflow), index);
    }
    if (infinity != overflow) index = select(mask(x.infinite), static_cast<Word>(infinity), index);
    Word sign = short_sign(to, p, negative, is_zero(index));
    if (minus_nan == nan + sign_bit) {
      index = nan == low_mask(n) ? (index | any_nan) & static_cast<Word>(nan)
                                 : select(any_nan, static_cast<Word>(nan), index);
      sign = sign_of_nan(sign & ~x.nan, operands...);
      return index | ((sign >> to_sign) & static_cast<Word>(sign_bit));
    }
    const Word code = index | ((sign >> to_sign) & static_cast<Word>(sign_bit));
    return select(any_nan, pick<Word>(mask(sign_of_nan<Word>(0, operands...)), minus_nan, nan),
                  code);
  }
  const Word zero = is_zero(index);
  const Word sign = short_sign(to, p, negative, zero);
  Word over = exceeds(index, top);
  if (!to.is_signed) over |= negative & ~zero;
  const Word below_zero = mask(negative);
  Word code = index | ((sign >> to_sign) & static_cast<Word>(sign_bit));
  code = select(mask(over), pick<Word>(below_zero, minus_overflow, overflow), code);
  code = select(mask(x.infinite), pick<Word>(below_zero, minus_infinity, infinity), code);
  return select(any_nan, pick<Word>(mask(sign_of_nan<Word>(0, operands...)), minus_nan, nan), code);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SHORT_NUMBER_HPP
