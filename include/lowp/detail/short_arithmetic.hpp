// SPDX-License-Identifier: Apache-2.0
/// \file
/// The short way for the arithmetic that people run in loops: sums, products, quotients, square
/// roots and fused multiply-adds of narrow minifloats. Same bits as the definition (evaluate, then
/// encode), in integers of 32 or 64 bits and without branches on the data, so that compilers can
/// vectorise loops over it. Numbers, rounding and codes: short_number.hpp.
#ifndef LOWP_DETAIL_SHORT_ARITHMETIC_HPP
#define LOWP_DETAIL_SHORT_ARITHMETIC_HPP

#include <cstdint>
#include <type_traits>

#include "../operation.hpp"
#include "short_number.hpp"
#include "short_quotient.hpp"

namespace lowp::detail {

/// Have two formats the same values and the same special codes? Written out, because a comparison
/// of structures keeps g++ from folding.
LOWP_INLINE_FN bool is_alike(format x, format y) noexcept {
  return x.width == y.width && x.precision == y.precision && x.bias == y.bias &&
         x.is_signed == y.is_signed && x.nans == y.nans && x.has_infinity == y.has_infinity;
}

/// How the terms of a sum are brought to one exponent.
enum class alignment : std::uint8_t {
  fixed,    ///< a word holds all terms in units of the least
  ordered,  ///< the greater term is known, and the other is below it
  free,     ///< either term may be above the other
};

/// A sum m x 2^a + z x 2^b: m first moves up by `m_up` bits, z by `z_up`; then the lower one moves
/// down, and what it loses becomes one bit.
struct sum_room {
  alignment align = alignment::free;
  int m_up = 0;
  int z_up = 0;
  short_bounds bounds;
};

/// m has at most `m_bits` bits, and at least `m_least` + 1 unless a is `m_unit`, its least value.
LOWP_INLINE_FN sum_room room_of_sum(int m_bits, int m_least, std::int32_t m_unit, format z,
                                    format to) noexcept {
  // Both get their first bit to one place, and more bits below, until what the lower one loses is
  // below all values at which roundings change. These are multiples of the half last place: in the
  // binade below that of the greater term `precision` + 1 bits below its highest bit; and multiples
  // of half the least unit of `to`, which is what counts if the greater term has few bits.
  const int q = to.precision;
  const int all = greater<int>(m_bits, z.precision);
  const int m_up = all - m_bits;
  const int z_up = all - z.precision;
  const std::int32_t m_end = m_unit - m_up;
  const std::int32_t z_end = least_unit(z) - z_up;
  int more = greater(1, q + 2 - all);
  more = greater(more, greater<int>(z.precision, q + 1) - m_up - m_least);
  if (m_end > z_end) more = greater(more, m_end + 1 - least_unit(to));
  if (z_end > m_end) more = greater(more, z_end + 1 - least_unit(to));
  sum_room r;
  r.m_up = m_up + more;
  r.z_up = z_up + more;
  r.bounds.bits = all + more + 2;
  r.bounds.least_exponent = z_end - more - 1;  // z sets the scale, also beside zero
  return r;
}

LOWP_INLINE_FN sum_room room_of_add(format x, format y, format to) noexcept {
  const int p = x.precision;
  if (!is_alike(x, y)) return room_of_sum(p, p - 1, least_unit(x), y, to);
  sum_room r;
  r.bounds.bits = p + (1 << lesser(exponent_field_bits(x), 6)) + 1;
  r.bounds.least_exponent = least_unit(x);
  if (least_unit(x) <= least_unit(to) && r.bounds.bits <= 30 - to.precision) {
    r.align = alignment::fixed;
    r.bounds.has_one_exponent = true;
    return r;
  }
  // Terms more than a bit apart do not cancel. The lower one counts as at most `m_up` below.
  r.align = alignment::ordered;
  r.m_up = p + greater(0, to.precision + 1 - (p - 1));
  r.bounds.least_bit = r.m_up - 1;
  r.bounds.bits = p + r.m_up + 1;
  r.bounds.least_exponent = least_unit(x) - r.m_up;
  return r;
}
LOWP_INLINE_FN sum_room room_of_fma(format x, format y, format z, format to) noexcept {
  return room_of_sum(x.precision + y.precision, lesser<int>(x.precision, y.precision) - 1,
                     least_unit(x) + least_unit(y), z, to);
}

/// What sums have in common: m + z of which the signed sum of significands is `total`, an infinity
/// counting as the number after the greatest.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_total(const short_number<Word>& m,
                                              const short_number<Word>& z, Word total,
                                              const projection& p) noexcept {
  short_number<Word> r;
  const Word below_zero = mask(total);
  r.significand = (total ^ below_zero) - below_zero;
  r.zero = is_zero(r.significand);
  // The sign of a sum of zeros, or of opposite terms.
  r.negative = total | (m.negative & z.negative);
  if (p.round == rounding::toward_negative) r.negative |= (m.negative | z.negative) & r.zero;
  r.infinite = m.infinite | z.infinite;
  r.nan = m.infinite & z.infinite & (m.negative ^ z.negative);
  return r;
}
template <class Word>
LOWP_INLINE_FN Word signed_word(Word magnitude, Word negative) noexcept {
  return (magnitude ^ mask(negative)) - mask(negative);
}

/// m + z but for NaN operands.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_fixed_sum(const short_number<Word>& m,
                                                  const short_number<Word>& z, sum_room room,
                                                  const projection& p) noexcept {
  const std::int32_t unit = room.bounds.least_exponent;
  const Word total = signed_word(m.significand << (m.exponent - unit), m.negative) +
                     signed_word(z.significand << (z.exponent - unit), z.negative);
  short_number<Word> r = short_total(m, z, total, p);
  r.exponent = unit;
  return r;
}
template <class Word>
LOWP_INLINE_FN short_number<Word> short_free_sum(short_number<Word> m, const short_number<Word>& z,
                                                 sum_room room, const projection& p) noexcept {
  using integer = std::make_signed_t<Word>;
  // A product of zero must not set the scale, and an infinite term must.
  m.exponent += static_cast<integer>(mask(m.zero | z.infinite) - mask(m.infinite)) * (1 << 22);
  m.exponent -= room.m_up;
  const integer z_exponent = z.exponent - room.z_up;
  const integer distance = z_exponent - m.exponent;
  const Word a = signed_word(m.significand << room.m_up, m.negative);
  const Word b = signed_word(z.significand << room.z_up, z.negative);
  const Word swap = (a ^ b) & mask(static_cast<Word>(distance));
  const Word upper = b ^ swap;
  const auto lower = static_cast<integer>(a ^ swap);
  const integer down = lesser<integer>(distance < 0 ? -distance : distance, bits_of<Word> - 1);
  // Twice the sum: floor plus ceiling is odd where something is lost.
  const integer twice = (lower >> down) - (-lower >> down);
  short_number<Word> r = short_total(m, z, 2 * upper + static_cast<Word>(twice), p);
  r.exponent = greater<integer>(m.exponent, z_exponent) - 1;
  return r;
}
/// The same where |m| >= |z|, of one format.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_ordered_sum(const short_number<Word>& m,
                                                    const short_number<Word>& z, sum_room room,
                                                    const projection& p) noexcept {
  using integer = std::make_signed_t<Word>;
  const Word opposite = m.negative ^ z.negative;
  const integer up = greater<integer>(z.exponent - m.exponent + room.m_up, 0);
  short_number<Word> r;
  r.significand = (m.significand << room.m_up) + signed_word(z.significand << up, opposite);
  r.exponent = m.exponent - room.m_up;
  r.zero = is_zero(r.significand);
  const Word cancelled = opposite & r.zero;
  r.negative =
      p.round == rounding::toward_negative ? m.negative | cancelled : m.negative & ~cancelled;
  r.infinite = m.infinite;
  r.nan = z.infinite & opposite;
  return r;
}

/// x y but for NaN operands.
template <class Word>
LOWP_INLINE_FN short_number<Word> short_product(const short_number<Word>& x,
                                                const short_number<Word>& y) noexcept {
  short_number<Word> r;
  r.significand = x.significand * y.significand;
  r.exponent = x.exponent + y.exponent;
  r.negative = x.negative ^ y.negative;
  r.zero = is_zero(r.significand);
  r.infinite = x.infinite | y.infinite;
  r.nan = r.infinite & r.zero;
  return r;
}

LOWP_INLINE_FN short_bounds bounds_of_product(format x, format y, format to) noexcept {
  const std::int32_t least = least_unit(x) + least_unit(y);
  const bool of_subnormals_is_subnormal = least < least_unit(to);
  return {of_subnormals_is_subnormal ? lesser<int>(x.precision, y.precision) - 1 : 0,
          x.precision + y.precision, least};
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
LOWP_INLINE_FN bool can_short(format to, const projection& p, const Coded&... x) noexcept {
  const bool keeps_payload =
      to.nans == nan_codes::ieee && (p.nan == nan_rule::payload || p.nan == nan_rule::payload_raw ||
                                     p.nan == nan_rule::payload_one);
  if (!is_short(to) || !(is_short(x.f) && ...) || is_stochastic(p.round) || keeps_payload ||
      p.subnormal_input != subnormal_input_rule::keep || p.flush_subnormal_result ||
      p.overflow_before_rounding) {
    return false;
  }
  if constexpr (Op == operation::add || Op == operation::subtract) {
    return short_width(to, room_of_add(x.f..., to).bounds) <= 64;
  } else if constexpr (Op == operation::fma) {
    return short_width(to, room_of_fma(x.f..., to).bounds) <= 64;
  } else if constexpr (Op == operation::multiply) {
    return short_width(to, bounds_of_product(x.f..., to)) <= 32;
  } else {
    return has_short_way(Op);
  }
}

/// A code with its sign as last bit and its magnitude on top: keys of one format are in the order
/// of magnitudes.
template <class Word, class Coded>
LOWP_INLINE_FN Word order_key(Coded x) noexcept {
  constexpr int bits = bits_of<Word>;
  const auto all = static_cast<Word>(x.code & low_mask(x.f.width));
  const Word signed_above = all << (bits - 1 - magnitude_bits(x.f));
  return (signed_above << 1) | (signed_above >> (bits - 1));
}
template <class Word>
LOWP_INLINE_FN short_number<Word> decode_key(format f, Word key) noexcept {
  return short_decode_magnitude<Word>(f, key >> (bits_of<Word> - magnitude_bits(f)),
                                      key << (bits_of<Word> - 1));
}

/// x + y, or x - y.
template <operation Op, class Word, class Coded>
LOWP_INLINE_FN code_t short_add(format to, const projection& p, sum_room room, Coded x,
                                Coded y) noexcept {
  const auto a = short_decode<Word>(x.f, x.code);
  const auto b = short_decode<Word>(y.f, y.code);
  auto addend = b;
  if (Op == operation::subtract) addend.negative = ~b.negative;
  if (room.align == alignment::fixed) {
    return short_finish(to, p, short_fixed_sum(a, addend, room, p), room.bounds, a, b);
  }
  if (room.align == alignment::free) {
    return short_finish(to, p, short_free_sum(a, addend, room, p), room.bounds, a, b);
  }
  const Word key = order_key<Word>(x);
  const Word other = order_key<Word>(y) ^ (Op == operation::subtract ? 1 : 0);
  const auto m = decode_key(x.f, greater(key, other));
  const auto z = decode_key(x.f, lesser(key, other));
  return short_finish(to, p, short_ordered_sum(m, z, room, p), room.bounds, a, b);
}

template <class Word, class Coded>
LOWP_INLINE_FN code_t short_fma(format to, const projection& p, sum_room room, Coded x, Coded y,
                                Coded z) noexcept {
  const auto a = short_decode<Word>(x.f, x.code);
  const auto b = short_decode<Word>(y.f, y.code);
  const auto c = short_decode<Word>(z.f, z.code);
  const auto product = short_product(a, b);
  auto sum = short_free_sum(product, c, room, p);
  sum.nan |= product.nan;
  return short_finish(to, p, sum, room.bounds, a, b, c);
}

template <class Coded>
LOWP_INLINE_FN code_t short_multiply(format to, const projection& p, Coded x, Coded y) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto b = short_decode<std::uint32_t>(y.f, y.code);
  return short_finish(to, p, short_product(a, b), bounds_of_product(x.f, y.f, to), a, b);
}

template <class Coded>
LOWP_INLINE_FN code_t short_divide(format to, const projection& p, Coded x, Coded y) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto b = short_decode<std::uint32_t>(y.f, y.code);
  const auto quotient = short_quotient(a, b, x.f.precision, digits_of_quotient(x.f, y.f, to), p);
  return short_finish(to, p, quotient, bounds_of_quotient(x.f, y.f, to), a, b);
}

template <class Coded>
LOWP_INLINE_FN code_t short_sqrt(format to, const projection& p, Coded x) noexcept {
  const auto a = short_decode<std::uint32_t>(x.f, x.code);
  const auto root = short_root(a, steps_of_root(x.f, to));
  return short_finish(to, p, root, bounds_of_root(x.f, to), a);
}

/// The code of an operation where `can_short` holds.
template <operation Op, class... Coded>
LOWP_INLINE_FN code_t short_way(format to, const projection& p, const Coded&... x) noexcept {
  using word = std::uint32_t;
  if constexpr (Op == operation::add || Op == operation::subtract) {
    const sum_room room = room_of_add(x.f..., to);
    if (short_width(to, room.bounds) <= 32) return short_add<Op, word>(to, p, room, x...);
    return short_add<Op, std::uint64_t>(to, p, room, x...);
  } else if constexpr (Op == operation::fma) {
    const sum_room room = room_of_fma(x.f..., to);
    if (short_width(to, room.bounds) <= 32) return short_fma<word>(to, p, room, x...);
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
