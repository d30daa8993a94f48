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

/// Exponent of the last bit of the subnormals: that of the ladder's first steps.
[[gnu::always_inline]] LOWP_FN std::int32_t least_unit(format f) noexcept {
  return 1 - f.bias - trailing_bits(f);
}

/// The greatest precision of some formats.
template <class... Format>
[[gnu::always_inline]] LOWP_FN int widest_precision(const Format&... f) noexcept {
  int precision = 0;
  ((precision = greater<int>(precision, f.precision)), ...);
  return precision;
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
    x.negative &= ~x.nan;
  } else if (f.nans != nan_codes::none) {
    x.nan = mask<Word>(magnitude > last + (f.has_infinity ? 1 : 0));
  }
  return x;
}

/// A result before its projection: a number whose NaN has a sign of its own.
template <class Word>
struct short_result {
  short_number<Word> value;
  Word nan_negative = 0;
};

/// `nan` of the first NaN operand with its sign, or that of an invalid operation, which is
/// positive.
template <class Word>
[[gnu::always_inline]] LOWP_FN void add_nans(short_result<Word>& r, Word invalid) noexcept {
  r.value.nan |= invalid;
}
template <class Word, class... More>
[[gnu::always_inline]] LOWP_FN void add_nans(short_result<Word>& r, Word invalid,
                                             const short_number<Word>& x,
                                             const More&... more) noexcept {
  r.nan_negative |= x.nan & x.negative & ~r.value.nan;
  r.value.nan |= x.nan;
  add_nans(r, invalid, more...);
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

/// Rounds a result and chooses its code. The significand has at most `bits_of<Word>` - 2 bits.
template <class Word>
[[gnu::always_inline]] LOWP_FN code_t short_encode(format to, const projection& p,
                                                   const short_result<Word>& r) noexcept {
  using integer = std::make_signed_t<Word>;
  using kind = kind_of_number<number_kind::minifloat>;
  constexpr int bits = bits_of<Word>;
  const int n = magnitude_bits(to);
  const short_number<Word>& x = r.value;
  const bool drops_sign = !to.is_signed && p.negative == negative_rule::magnitude;
  const Word negative = drops_sign ? 0 : x.negative;
  // The highest bit goes two below the top of the word: every shift is then within the word.
  const auto zeros = static_cast<integer>(zeros_above(x.significand | 1));
  const Word normal = x.significand << (zeros - 2);
  const integer field = x.exponent + to.bias + (bits - 1) - zeros;
  const integer raised = greater<integer>(field, 1);
  // Below the least subnormal any shift will do that leaves less than one half.
  const integer shift = lesser<integer>(raised - field + (bits - 2 - to.precision), bits - 1);
  Word index = (static_cast<Word>(raised - 1) << trailing_bits(to)) + (normal >> shift);
  const binary_fraction<Word> nu{normal << (bits - shift), false};
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
  code = select(
      over,
      pick<Word>(negative, short_infinity(to, p, true, false), short_infinity(to, p, false, false)),
      code);
  code = select(
      x.infinite,
      pick<Word>(negative, short_infinity(to, p, true, true), short_infinity(to, p, false, true)),
      code);
  return select(x.nan, pick<Word>(r.nan_negative, short_nan(to, p, true), short_nan(to, p, false)),
                code);
}

/// How a sum m x 2^a + z x 2^b is brought to one exponent: m moves up by `below` bits, z by
/// b - a + below, where b - a is held within [-below, above]. A term that is farther below the
/// other counts as just that far below, where it still is smaller than the distance from the other
/// to any value at which roundings change.
struct sum_room {
  int below = 0;
  int above = 0;
  int width = 0;  ///< of the sum, without its sign
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
  r.width = greater(m_bits, z_bits + r.above) + r.below + 1;
  return r;
}

[[gnu::always_inline]] LOWP_FN sum_room room_of_add(format x, format y, format to) noexcept {
  return room_of_sum(x.precision, x.precision - 1, least_unit(x), y, to);
}
[[gnu::always_inline]] LOWP_FN sum_room room_of_fma(format x, format y, format z,
                                                    format to) noexcept {
  return room_of_sum(x.precision + y.precision, lesser<int>(x.precision, y.precision) - 1,
                     least_unit(x) + least_unit(y), z, to);
}

/// m + z but for NaN; both finite or infinite.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_sum(const short_number<Word>& m,
                                                            const short_number<Word>& z,
                                                            sum_room room,
                                                            const projection& p) noexcept {
  using integer = std::make_signed_t<Word>;
  const integer distance =
      lesser<integer>(greater<integer>(z.exponent - m.exponent, -room.below), room.above);
  const Word a = m.significand << room.below;
  const Word b = z.significand << (distance + room.below);
  const Word total = ((a ^ m.negative) - m.negative) + ((b ^ z.negative) - z.negative);
  short_number<Word> r;
  const Word below_zero = static_cast<Word>(static_cast<integer>(total) >> (bits_of<Word> - 1));
  r.significand = (total ^ below_zero) - below_zero;
  r.exponent = greater<integer>(m.exponent, z.exponent - room.above) - room.below;
  // The sign of a sum of zeros, or of opposite terms.
  const bool downward = p.round == rounding::toward_negative;
  const Word zero_sign = downward ? m.negative | z.negative : m.negative & z.negative;
  r.negative = select(mask<Word>(total == 0), zero_sign, below_zero);
  r.infinite = m.infinite | z.infinite;
  r.negative = select(m.infinite, m.negative, select(z.infinite, z.negative, r.negative));
  r.nan = m.infinite & z.infinite & (m.negative ^ z.negative);
  return r;
}

/// x y but for NaN operands. The exponent of zero is far below that of any other product, so that
/// in a sum it never sets the scale.
template <class Word>
[[gnu::always_inline]] LOWP_FN short_number<Word> short_product(
    const short_number<Word>& x, const short_number<Word>& y) noexcept {
  using integer = std::make_signed_t<Word>;
  short_number<Word> r;
  r.significand = x.significand * y.significand;
  const Word zero = mask<Word>(r.significand == 0);
  r.exponent = x.exponent + y.exponent - static_cast<integer>(zero & (Word{1} << 22));
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

/// Significands of sums that words of 32 and 64 bits hold: `short_encode` wants two bits more.
inline constexpr int widest_sum_32 = 30;
inline constexpr int widest_sum_64 = 62;

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
    return room_of_add(x.f..., to).width <= widest_sum_64;
  } else if constexpr (Op == operation::fma) {
    return room_of_fma(x.f..., to).width <= widest_sum_64;
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
  short_result<Word> r{short_sum(a, addend, room, p)};
  const Word invalid = r.value.nan;
  r.value.nan = 0;
  add_nans(r, invalid, a, b);
  return short_encode(to, p, r);
}

template <class Word, class Coded>
[[gnu::always_inline]] LOWP_FN code_t short_fma(format to, const projection& p, sum_room room,
                                                Coded x, Coded y, Coded z) noexcept {
  const auto a = short_decode<Word>(x.f, x.code);
  const auto b = short_decode<Word>(y.f, y.code);
  const auto c = short_decode<Word>(z.f, z.code);
  const auto product = short_product(a, b);
  short_result<Word> r{short_sum(product, c, room, p)};
  const Word invalid = r.value.nan | product.nan;
  r.value.nan = 0;
  add_nans(r, invalid, a, b, c);
  return short_encode(to, p, r);
}

/// Products, quotients and square roots, in words of 32 bits.
template <operation Op, class... Number>
[[gnu::always_inline]] LOWP_FN code_t short_one(format to, const projection& p, int precision,
                                                const Number&... x) noexcept {
  short_result<std::uint32_t> r;
  if constexpr (Op == operation::multiply) r.value = short_product(x...);
  if constexpr (Op == operation::divide) r.value = short_quotient(x..., to.precision, p);
  if constexpr (Op == operation::sqrt) {
    r.value = short_root(x..., greater(to.precision + 2, precision / 2 + 1));
  }
  const std::uint32_t invalid = r.value.nan;
  r.value.nan = 0;
  add_nans(r, invalid, x...);
  return short_encode(to, p, r);
}

/// The code of an operation where `can_short` holds.
template <operation Op, class... Coded>
[[gnu::always_inline]] LOWP_FN code_t short_way(format to, const projection& p,
                                                const Coded&... x) noexcept {
  using word = std::uint32_t;
  if constexpr (Op == operation::add || Op == operation::subtract) {
    const sum_room room = room_of_add(x.f..., to);
    if (room.width <= widest_sum_32) return short_add<Op, word>(to, p, room, x...);
    return short_add<Op, std::uint64_t>(to, p, room, x...);
  } else if constexpr (Op == operation::fma) {
    const sum_room room = room_of_fma(x.f..., to);
    if (room.width <= widest_sum_32) return short_fma<word>(to, p, room, x...);
    return short_fma<std::uint64_t>(to, p, room, x...);
  } else {
    return short_one<Op>(to, p, widest_precision(x.f...), short_decode<word>(x.f, x.code)...);
  }
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_SHORT_ARITHMETIC_HPP
