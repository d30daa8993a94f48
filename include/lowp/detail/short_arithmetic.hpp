// SPDX-License-Identifier: Apache-2.0
/// \file
/// The short way for the arithmetic that people run in loops: sums, products, quotients, square
/// roots and fused multiply-adds of narrow minifloats. Same bits as the definition (evaluate, then
/// encode), in integers of 32 or 64 bits and without branches on the data, so that compilers can
/// vectorise loops over it. Rounding stays with `rounds_away`, special codes with codec.hpp.
#ifndef LOWP_DETAIL_SHORT_ARITHMETIC_HPP
#define LOWP_DETAIL_SHORT_ARITHMETIC_HPP

#include <cstdint>
#include <type_traits>

#include "../codec.hpp"
#include "../operation.hpp"

namespace lowp::detail {

/// Truth as a word of ones or zeros.
template <class Word>
[[gnu::always_inline]] LOWP_FN Word mask(bool b) noexcept {
  return static_cast<Word>(0) - static_cast<Word>(b);
}

template <class Word>
[[gnu::always_inline]] LOWP_FN Word select(Word mask, Word yes, Word no) noexcept {
  return no ^ ((yes ^ no) & mask);
}

template <class Int>
[[gnu::always_inline]] LOWP_FN Int lesser(Int a, Int b) noexcept {
  return a < b ? a : b;
}
template <class Int>
[[gnu::always_inline]] LOWP_FN Int greater(Int a, Int b) noexcept {
  return a > b ? a : b;
}

template <class Word>
inline constexpr int bits_of = static_cast<int>(sizeof(Word)) * 8;

/// Zeros above the highest set bit of x, which must not be 0.
[[gnu::always_inline]] LOWP_FN int zeros_above(std::uint32_t x) noexcept {
  return __builtin_clz(x);
}
[[gnu::always_inline]] LOWP_FN int zeros_above(std::uint64_t x) noexcept {
  return __builtin_clzll(x);
}

/// Limits of the short way: with them all exponents and ladder indices stay below 2^30.
inline constexpr int short_precision = 12;
inline constexpr std::int32_t short_bias = 1 << 15;

/// May a number of this format take part?
[[gnu::always_inline]] LOWP_FN bool is_short(format f) noexcept {
  return f.kind == number_kind::minifloat && f.bottom == bottom_binade::gradual &&
         f.precision <= short_precision && f.bias >= -short_bias && f.bias <= short_bias;
}

/// Have two formats the same values and the same special codes? Written out, because a comparison
/// of structures keeps g++ from folding.
[[gnu::always_inline]] LOWP_FN bool is_alike(format x, format y) noexcept {
  return x.width == y.width && x.precision == y.precision && x.bias == y.bias &&
         x.is_signed == y.is_signed && x.nans == y.nans && x.has_infinity == y.has_infinity;
}

/// Exponent of the last bit of the subnormals: that of the ladder's first steps.
[[gnu::always_inline]] LOWP_FN std::int32_t least_unit(format f) noexcept {
  return 1 - f.bias - trailing_bits(f);
}

/// A number as +-significand x 2^exponent; `negative`, `infinite`, `nan` are masks. An infinity or
/// NaN has a meaningless significand.
template <class Word>
struct short_number {
  Word significand = 0;
  std::make_signed_t<Word> exponent = 0;
  Word negative = 0;
  Word infinite = 0;
  Word nan = 0;
  Word nan_negative = 0;  ///< sign, if it is NaN
};

template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_decode(format f, code_t code) noexcept {
  using integer = std::make_signed_t<Word>;
  using kind = kind_of_number<number_kind::minifloat>;
  const int n = magnitude_bits(f);
  const int t = trailing_bits(f);
  const auto all = static_cast<Word>(code & low_mask(f.width));
  const auto magnitude = static_cast<Word>(all & static_cast<Word>(low_mask(n)));
  // Subnormals have the exponent of the first normal binade and no implicit bit.
  const integer binade = greater<integer>(static_cast<integer>(magnitude >> t), 1) - 1;
  short_number<Word> x;
  x.significand = magnitude - (static_cast<Word>(binade) << t);
  x.exponent = binade + least_unit(f);
  x.negative = f.is_signed ? static_cast<Word>(0) - (all >> n) : 0;
  const auto last = static_cast<Word>(kind::top(f, false));
  if (f.has_infinity) x.infinite = mask<Word>(magnitude == last + 1);
  if (f.nans == nan_codes::negative_zero) {
    x.nan = mask<Word>(all == Word{1} << n);
  } else if (f.nans != nan_codes::none) {
    x.nan = mask<Word>(magnitude > last + (f.has_infinity ? 1 : 0));
    x.nan_negative = x.negative;
  }
  return x;
}

/// The NaN operands, and the sign of the first of them.
template <class Word>
struct short_nans {
  Word any = 0;
  Word negative = 0;
};

template <class Word, class... More>
[[gnu::always_inline]] LOWP_FN short_nans<Word> nans_of(const short_number<Word>& x,
                                                        const More&... more) noexcept {
  if constexpr (sizeof...(more) == 0) {
    return {x.nan, x.nan_negative};
  } else {
    const short_nans<Word> rest = nans_of(more...);
    return {x.nan | rest.any, select(x.nan, x.nan_negative, rest.negative)};
  }
}

/// Codes that a projection gives to special results of either sign, and to overflow.
[[gnu::always_inline]] LOWP_FN code_t short_infinity(format to, const projection& p, bool negative,
                                                     bool infinite) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  if (negative && !to.is_signed) return encode_below_zero<kind, false>(to, p, infinite).code;
  return encode_overflow<kind, false>(to, p, negative, infinite).code;
}
[[gnu::always_inline]] LOWP_FN code_t short_nan(format to, const projection& p,
                                                bool negative) noexcept {
  using kind = kind_of_number<number_kind::minifloat>;
  return encode_nan<kind, false>(to, exact_nan(negative), p).code;
}

/// One of two codes by a mask.
template <class Word>
[[gnu::always_inline]] LOWP_FN Word pick(Word mask, code_t yes, code_t no) noexcept {
  return select(mask, static_cast<Word>(yes), static_cast<Word>(no));
}

/// What is known about the significands and exponents of an operation's results.
struct short_bounds {
  int least_bit = 0;                ///< place of the highest bit of normal ones: at least this
  std::int32_t least_exponent = 0;  ///< of any but zero
};

/// Rounds a result and chooses its code. A non-zero significand whose highest bit is below
/// `least_bit` must have an exponent below the least unit of `to`: subnormal whatever it is.
template <class Word>
[[gnu::always_inline]] LOWP_FN Word short_encode(format to, const projection& p,
                                                 const short_number<Word>& x,
                                                 short_bounds bounds) noexcept {
  using integer = std::make_signed_t<Word>;
  using kind = kind_of_number<number_kind::minifloat>;
  constexpr int bits = bits_of<Word>;
  const int n = magnitude_bits(to);
  const int t = trailing_bits(to);
  const int q = to.precision;
  const bool drops_sign = !to.is_signed && p.negative == negative_rule::magnitude;
  const Word negative = drops_sign ? 0 : x.negative;
  // With at least one bit more than the precision every result is shifted right.
  const int up = greater(0, q - bounds.least_bit);
  const Word significand = x.significand << up;
  // Places from the last bit up to the least unit of the format, and up to the unit of a normal
  // result; the greater tells the unit of this one.
  const integer to_least = least_unit(to) + up - x.exponent;
  const integer to_normal =
      bits - 1 - t - static_cast<integer>(zeros_above(significand | (Word{1} << q)));
  const integer unit = greater<integer>(to_normal, to_least);
  // Below the least subnormal any shift will do that leaves less than one half; two bits are free.
  const bool deep = least_unit(to) + up - bounds.least_exponent > bits - 1;
  const integer shift = deep ? lesser<integer>(unit, bits - 1) : unit;
  Word index = (static_cast<Word>(unit - to_least) << t) + (significand >> shift);
  const binary_fraction<Word> nu{significand << (bits - shift), false};
  index += rounds_away(p.round, negative != 0, (index & 1) != 0, nu, 0, 0) ? 1 : 0;
  index &= ~mask<Word>(x.significand == 0);

  const Word zero = mask<Word>(index == 0);
  Word sign = negative;
  if (!has_negative_zero(to)) {
    sign &= ~zero;
  } else if (p.zero_sign != sign_rule::keep) {
    sign = select(zero,
                  pick<Word>(negative, mask<Word>(apply(p.zero_sign, true)),
                             mask<Word>(apply(p.zero_sign, false))),
                  negative);
  }
  Word over = mask<Word>(index > static_cast<Word>(kind::top(to, false)));
  if (!to.is_signed) over |= negative & ~zero;
  Word code = index | (to.is_signed ? sign & (Word{1} << n) : 0);
  const code_t infinities[] = {short_infinity(to, p, false, true),
                               short_infinity(to, p, true, true)};
  const code_t overflows[] = {short_infinity(to, p, false, false),
                              short_infinity(to, p, true, false)};
  const bool alike = infinities[0] == overflows[0] && infinities[1] == overflows[1];
  if (alike) over |= x.infinite;
  code = select(over, pick<Word>(negative, overflows[1], overflows[0]), code);
  if (alike) return code;
  return select(x.infinite, pick<Word>(negative, infinities[1], infinities[0]), code);
}

/// The code of a result: x, or NaN if x is or if an operand is.
template <class Word, class... Operand>
[[gnu::always_inline]] LOWP_FN code_t short_finish(format to, const projection& p,
                                                   const short_number<Word>& x, short_bounds bounds,
                                                   const Operand&... operands) noexcept {
  const short_nans<Word> nans = nans_of(operands...);
  // Where no operand is NaN, x is that of an invalid operation: positive.
  const Word negative = nans.negative & (nans.any | ~x.nan);
  const Word nan = pick<Word>(negative, short_nan(to, p, true), short_nan(to, p, false));
  return select(nans.any | x.nan, nan, short_encode(to, p, x, bounds));
}

/// How a sum m x 2^a + z x 2^b is brought to one exponent: m moves up by `below` bits, z by b - a +
/// below, where b - a is held within [-below, above]. A term that is farther below the other counts
/// as just that far below, where it still is smaller than the distance from the other to any value
/// at which roundings change.
struct sum_room {
  int below = 0;
  int above = 0;
  int width = 0;  ///< of the words that hold the sum as `short_encode` wants it
  short_bounds bounds;
  bool fixed = false;           ///< a word holds all terms in units of the least, without limits
  bool infinity_leads = false;  ///< the number that stands for infinity decides the sign of a sum
};

/// m has at most `m_bits` bits, and at least `m_least` + 1 unless a is `m_unit`, its least value.
[[gnu::always_inline]] LOWP_FN sum_room room_of_sum(int m_bits, int m_least, std::int32_t m_unit,
                                                    format z, format to) noexcept {
  // Roundings change at multiples of the half last place, which in the binade below that of the
  // greater term is `precision` + 1 bits below the highest bit of that term; and at multiples of
  // half the least unit of `to`, which limits what a greater term without enough bits asks for.
  const int z_bits = z.precision;
  const std::int32_t z_unit = least_unit(z);
  const int q = to.precision;
  sum_room r;
  r.below = z_bits + greater(0, q + 1 - m_least);
  if (z_unit + r.below < m_unit) {
    r.below = greater(r.below, z_bits + m_unit + 1 - least_unit(to));
  }
  r.above = m_bits + greater(0, q + 1 - (z_bits - 1));
  if (m_unit + r.above < z_unit) {
    r.above = greater(r.above, m_bits + z_unit + 1 - least_unit(to));
  }
  // Terms more than a bit apart do not cancel; if z never ends below m, nothing ends farther below.
  if (z_unit >= m_unit) r.bounds.least_bit = r.below + lesser(0, m_least - z_bits);
  r.bounds.least_exponent = lesser(m_unit, z_unit - r.above) - r.below;
  r.width =
      greater(m_bits, z_bits + r.above) + r.below + 1 + greater(0, q - r.bounds.least_bit) + 2;
  return r;
}

[[gnu::always_inline]] LOWP_FN sum_room room_of_add(format x, format y, format to) noexcept {
  sum_room r = room_of_sum(x.precision, x.precision - 1, least_unit(x), y, to);
  r.infinity_leads = is_alike(x, y);  // an infinity is decoded as the number after the greatest
  const int width = x.precision + (1 << lesser(exponent_field_bits(x), 6)) + 1;
  const int fixed = width + to.precision + 2;
  if (is_alike(x, y) && least_unit(x) <= least_unit(to) && fixed <= 32) {
    r.fixed = true;
    r.bounds = {0, least_unit(x)};
    r.width = fixed;
  }
  return r;
}
[[gnu::always_inline]] LOWP_FN sum_room room_of_fma(format x, format y, format z,
                                                    format to) noexcept {
  return room_of_sum(x.precision + y.precision, lesser<int>(x.precision, y.precision) - 1,
                     least_unit(x) + least_unit(y), z, to);
}

/// m + z but for NaN operands.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_sum(const short_number<Word>& m,
                                                            const short_number<Word>& z,
                                                            sum_room room,
                                                            const projection& p) noexcept {
  using integer = std::make_signed_t<Word>;
  short_number<Word> r;
  Word a = 0;
  Word b = 0;
  if (room.fixed) {
    a = m.significand << (m.exponent - room.bounds.least_exponent);
    b = z.significand << (z.exponent - room.bounds.least_exponent);
    r.exponent = room.bounds.least_exponent;
  } else {
    const integer distance =
        lesser<integer>(greater<integer>(z.exponent - m.exponent, -room.below), room.above);
    a = m.significand << room.below;
    b = z.significand << (distance + room.below);
    r.exponent = greater<integer>(m.exponent, z.exponent - room.above) - room.below;
  }
  const Word total = ((a ^ m.negative) - m.negative) + ((b ^ z.negative) - z.negative);
  const Word below_zero = static_cast<Word>(0) - (total >> (bits_of<Word> - 1));
  r.significand = (total ^ below_zero) - below_zero;
  // The sign of a sum of zeros, or of opposite terms.
  r.negative = below_zero | (m.negative & z.negative);
  if (p.round == rounding::toward_negative) {
    r.negative |= (m.negative | z.negative) & mask<Word>(total == 0);
  }
  r.infinite = m.infinite | z.infinite;
  r.nan = m.infinite & z.infinite & (m.negative ^ z.negative);
  if (!room.infinity_leads) {
    r.negative = select(m.infinite, m.negative, select(z.infinite, z.negative, r.negative));
  }
  return r;
}

/// x y but for NaN operands.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_product(
    const short_number<Word>& x, const short_number<Word>& y) noexcept {
  short_number<Word> r;
  r.significand = x.significand * y.significand;
  const Word zero = mask<Word>(r.significand == 0);
  r.exponent = x.exponent + y.exponent;
  r.negative = x.negative ^ y.negative;
  r.infinite = x.infinite | y.infinite;
  r.nan = r.infinite & zero;
  return r;
}

/// x / y but for NaN operands: `precision` + 2 bits by restoring division, and one that tells
/// whether more follow. A division instruction would be faster alone, but not in vectors.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_quotient(const short_number<Word>& x,
                                                                 const short_number<Word>& y,
                                                                 int precision,
                                                                 const projection& p) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr int bits = bits_of<Word>;
  const auto up_x = static_cast<integer>(zeros_above(x.significand | 1));
  const auto up_y = static_cast<integer>(zeros_above(y.significand | 1));
  // Rest and quotient share a word, the quotient in its `low` lower bits, never all of them ones.
  const int low = precision + 3;
  const int top = bits - short_precision;  // shared words stay below 2^(short_precision + low + 1)
  Word rest = (x.significand << up_x) >> top << low;
  const Word divisor_less_1 = ((y.significand << up_y) >> top << low) - 1;
  for (int i = 0; i < precision + 2; ++i) {
    rest += i == 0 ? 0 : rest;
    const Word reduced = rest - divisor_less_1;  // wraps to a great number if it cannot be reduced
    rest = reduced < rest ? reduced : rest;
  }
  short_number<Word> r;
  const auto kept = static_cast<Word>(low_mask(low));
  r.significand = ((rest & kept) << 1) | (rest > kept ? 1 : 0);
  r.exponent = x.exponent - up_x - (y.exponent - up_y) - (precision + 2);
  r.negative = x.negative ^ y.negative;
  const Word over_zero = mask<Word>(y.significand == 0);
  r.significand &= ~y.infinite;
  r.infinite = x.infinite;
  r.nan = x.infinite & y.infinite;
  if (p.rules == operation_rules::ieee754) {
    r.infinite |= over_zero;
    r.nan |= over_zero & mask<Word>(x.significand == 0);
  } else {
    r.nan |= over_zero;
  }
  return r;
}

/// The square root of x but for NaN: `steps` bits, digit by digit, and one that tells whether more
/// follow. The significand of x has less than 2 x steps bits.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_root(const short_number<Word>& x,
                                                             int steps) noexcept {
  using integer = std::make_signed_t<Word>;
  constexpr int bits = bits_of<Word>;
  // The radicand, of 2 x steps bits with one of its two highest set, times an even power of two.
  const auto up = static_cast<integer>(zeros_above(x.significand | 1));
  const integer last = x.exponent - up + (bits - 2 * steps);  // exponent of its last bit
  const integer odd = last & 1;
  Word rest = (x.significand << up) >> (bits - 2 * steps) >> odd;
  Word root = 0;
  for (int i = steps - 1; i >= 0; --i) {
    const Word bit = Word{1} << (2 * i);
    const Word trial = root + bit;
    const Word fits = mask<Word>(rest >= trial);
    rest -= trial & fits;
    root = (root >> 1) + (bit & fits);
  }
  short_number<Word> r;
  r.significand = (root << 1) | (rest != 0 ? 1 : 0);
  r.exponent = ((last + odd) >> 1) - 1;
  r.negative = x.negative;
  r.infinite = x.infinite;
  r.nan = x.negative & (mask<Word>(x.significand != 0) | x.infinite);
  return r;
}

[[gnu::always_inline]] LOWP_FN short_bounds bounds_of_product(format x, format y,
                                                              format to) noexcept {
  const std::int32_t least = least_unit(x) + least_unit(y);
  const bool of_subnormals_is_subnormal = least < least_unit(to);
  return {of_subnormals_is_subnormal ? lesser<int>(x.precision, y.precision) - 1 : 0, least};
}
[[gnu::always_inline]] LOWP_FN short_bounds bounds_of_quotient(format x, format y,
                                                               format to) noexcept {
  const std::int32_t greatest = least_unit(y) + (1 << exponent_field_bits(y)) + y.precision;
  return {to.precision + 1, least_unit(x) - greatest - to.precision - 2};
}
/// Digits that `short_root` must find.
[[gnu::always_inline]] LOWP_FN int steps_of_root(format x, format to) noexcept {
  return greater(to.precision + 2, x.precision / 2 + 1);
}
[[gnu::always_inline]] LOWP_FN short_bounds bounds_of_root(format x, format to) noexcept {
  const int steps = steps_of_root(x, to);
  return {steps, ((least_unit(x) - 2 * steps) >> 1) - 1};
}

/// The operations that have a short way.
LOWP_FN bool has_short_way(operation op) noexcept {
  switch (op) {
    case operation::add:
    case operation::subtract:
    case operation::multiply:
    case operation::divide:
    case operation::fma:
    case operation::sqrt: return true;
    default: return false;
  }
}

/// Do the formats of the operands and of the result and the projection allow the short way?
template <operation Op, class... Coded>
[[gnu::always_inline]] LOWP_FN bool can_short(format to, const projection& p,
                                              const Coded&... x) noexcept {
  const bool keeps_payload =
      to.nans == nan_codes::ieee && (p.nan == nan_rule::payload || p.nan == nan_rule::payload_raw ||
                                     p.nan == nan_rule::payload_one);
  if (!is_short(to) || !(is_short(x.f) && ...) || is_stochastic(p.round) || keeps_payload ||
      p.subnormal_input != subnormal_input_rule::keep || p.flush_subnormal_result ||
      p.overflow_before_rounding) {
    return false;
  }
  if constexpr (Op == operation::add || Op == operation::subtract) {
    return room_of_add(x.f..., to).width <= 64;
  } else if constexpr (Op == operation::fma) {
    return room_of_fma(x.f..., to).width <= 64;
  } else if constexpr (Op == operation::multiply) {
    const int up = to.precision - bounds_of_product(x.f..., to).least_bit;
    return (x.f.precision + ...) + greater(0, up) + 2 <= 32;
  } else {
    return has_short_way(Op);
  }
}

/// x + y, or x - y.
template <operation Op, class Word, class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_add(format to, const projection& p, sum_room room,
                                                Coded x, Coded y) noexcept {
  const auto a = short_decode<Word>(x.f, x.code);
  const auto b = short_decode<Word>(y.f, y.code);
  auto addend = b;
  if (Op == operation::subtract) addend.negative = ~b.negative;
  return short_finish(to, p, short_sum(a, addend, room, p), room.bounds, a, b);
}

template <class Word, class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_fma(format to, const projection& p, sum_room room,
                                                Coded x, Coded y, Coded z) noexcept {
  const auto a = short_decode<Word>(x.f, x.code);
  const auto b = short_decode<Word>(y.f, y.code);
  const auto c = short_decode<Word>(z.f, z.code);
  auto product = short_product(a, b);
  // A product of zero must not set the scale of the sum.
  const Word zero = mask<Word>(product.significand == 0);
  product.exponent -= static_cast<std::make_signed_t<Word>>(zero & (Word{1} << 22));
  auto sum = short_sum(product, c, room, p);
  sum.nan |= product.nan;
  return short_finish(to, p, sum, room.bounds, a, b, c);
}

template <class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_multiply(format to, const projection& p, Coded x,
                                                     Coded y) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto b = short_decode<std::uint32_t>(y.f, y.code);
  return short_finish(to, p, short_product(a, b), bounds_of_product(x.f, y.f, to), a, b);
}

template <class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_divide(format to, const projection& p, Coded x,
                                                   Coded y) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto b = short_decode<std::uint32_t>(y.f, y.code);
  const auto quotient = short_quotient(a, b, to.precision, p);
  return short_finish(to, p, quotient, bounds_of_quotient(x.f, y.f, to), a, b);
}

template <class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_sqrt(format to, const projection& p, Coded x) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto root = short_root(a, steps_of_root(x.f, to));
  return short_finish(to, p, root, bounds_of_root(x.f, to), a);
}

/// The code of an operation where `can_short` holds.
template <operation Op, class... Coded>
[[gnu::always_inline]] LOWP_FN code_t short_way(format to, const projection& p,
                                                const Coded&... x) noexcept {
  using word = std::uint32_t;
  if constexpr (Op == operation::add || Op == operation::subtract) {
    const sum_room room = room_of_add(x.f..., to);
    if (room.width <= 32) return short_add<Op, word>(to, p, room, x...);
    return short_add<Op, std::uint64_t>(to, p, room, x...);
  } else if constexpr (Op == operation::fma) {
    const sum_room room = room_of_fma(x.f..., to);
    if (room.width <= 32) return short_fma<word>(to, p, room, x...);
    return short_fma<std::uint64_t>(to, p, room, x...);
  } else if constexpr (Op == operation::multiply) {
    return short_multiply(to, p, x...);
  } else if constexpr (Op == operation::divide) {
    return short_divide(to, p, x...);
  } else {
    return short_sqrt(to, p, x...);
  }
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SHORT_ARITHMETIC_HPP
