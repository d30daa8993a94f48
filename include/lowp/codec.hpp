// SPDX-License-Identifier: Apache-2.0
/// \file
/// Decoding and encoding: the two directions between codes and exact values. `encode` is the only
/// place of the library that rounds, saturates and chooses special codes.
#ifndef LOWP_CODEC_HPP
#define LOWP_CODEC_HPP

#include <cstdint>

#include "detail/kinds.hpp"
#include "exact.hpp"
#include "format.hpp"
#include "projection.hpp"

namespace lowp {

/// A code and the exception flags of the projection that made it.
struct encoded {
  code_t code = 0;
  status flags;
};

namespace detail {

/// The one rounding decision: does a value at `index + nu` go to index + 1? `odd`: parity of index.
/// `random` holds R in its N = `random_bits` low bits. spec/projection.md PRJ-2, PRJ-3.
template <class Word>
LOWP_INLINE_FN bool rounds_away(rounding mode, bool negative, bool odd, binary_fraction<Word> nu,
                                std::uint64_t random, int random_bits) noexcept {
  constexpr Word half = Word{1} << (8 * sizeof(Word) - 1);
  const Word jammed = nu.bits | (nu.sticky ? 1 : 0);  // orders like nu around one half
  const int n = random_bits;
  const std::uint64_t bits = std::uint64_t{nu.bits} << (64 - 8 * sizeof(Word));
  switch (mode) {
    case rounding::to_nearest_even: return jammed > half - (odd ? 1 : 0);
    case rounding::to_nearest_away: return jammed >= half;
    case rounding::to_nearest_zero: return jammed > half;
    case rounding::to_nearest_negative: return jammed > half - (negative ? 1 : 0);
    case rounding::toward_zero: return false;
    case rounding::toward_positive: return !negative && jammed != 0;
    case rounding::toward_negative: return negative && jammed != 0;
    case rounding::away_from_zero: return jammed != 0;
    case rounding::to_odd: return !odd && jammed != 0;
    case rounding::stochastic_a: {
      const std::uint64_t leading = n == 0 ? 0 : bits >> (64 - n);
      return (leading + random) >> n != 0;
    }
    case rounding::stochastic_b: {
      const std::uint64_t leading = bits >> (63 - n);
      return (leading + 2 * random + 1) >> (n + 1) != 0;
    }
    case rounding::stochastic_c: {
      const std::uint64_t leading = n == 0 ? 0 : bits >> (64 - n);
      const std::uint64_t rest = (bits << n) | (nu.sticky ? 1 : 0);
      constexpr std::uint64_t middle = std::uint64_t{1} << 63;
      const std::uint64_t nearest = leading + (rest > middle - (leading & 1) ? 1 : 0);
      return (nearest + random) >> n != 0;
    }
  }
  return false;
}

/// The same decision as something to add: a magnitude in units of 1 / `ulp` of an index, a power of
/// two from 2 up, rounds in a deterministic mode by adding this and dropping the bits below `ulp`.
template <class Word>
LOWP_INLINE_FN Word rounding_increment(rounding mode, bool negative, bool odd, Word ulp) noexcept {
  const Word half = ulp >> 1;
  switch (mode) {
    case rounding::to_nearest_even: return half - 1 + (odd ? 1 : 0);
    case rounding::to_nearest_away: return half;
    case rounding::to_nearest_zero: return half - 1;
    case rounding::to_nearest_negative: return half - 1 + (negative ? 1 : 0);
    case rounding::toward_positive: return negative ? 0 : ulp - 1;
    case rounding::toward_negative: return negative ? ulp - 1 : 0;
    case rounding::away_from_zero: return ulp - 1;
    case rounding::to_odd: return odd ? 0 : ulp - 1;
    default: return 0;
  }
}

LOWP_INLINE_FN bool apply(sign_rule rule, bool negative) noexcept {
  switch (rule) {
    case sign_rule::keep: return negative;
    case sign_rule::positive: return false;
    case sign_rule::negative: return true;
    case sign_rule::flip: return !negative;
  }
  return negative;
}

/// The code of zero with the given sign, or of the least value where there is no zero.
template <class Kind>
LOWP_INLINE_FN code_t zero_code(format f, bool negative) noexcept {
  return Kind::code(f, negative && has_negative_zero(f), 0);
}

template <class Kind>
LOWP_INLINE_FN code_t max_finite_code(format f, bool negative) noexcept {
  const bool sign = negative && f.is_signed;
  return Kind::code(f, sign, Kind::top(f, sign));
}

/// The NaN code that `rule` asks for; `f` has one.
LOWP_INLINE_FN code_t nan_code(format f, nan_rule rule, bool negative,
                               std::uint64_t payload) noexcept {
  const int n = magnitude_bits(f);
  const code_t sign = negative && has_signed_nan(f) ? std::uint64_t{1} << n : 0;
  if (f.nans == nan_codes::top) return sign | low_mask(n);
  if (f.nans != nan_codes::ieee) {
    return std::uint64_t{1} << (f.width - 1);  // -0 of minifloats, NaR, 0x80 of HiFloat8
  }
  const int t = trailing_bits(f);
  const std::uint64_t infinity = low_mask(n) - low_mask(t);
  const std::uint64_t quiet = std::uint64_t{1} << (t - 1);
  const std::uint64_t kept = payload >> (64 - t);
  switch (rule) {
    case nan_rule::all_ones: return sign | low_mask(n);
    case nan_rule::payload: return sign | infinity | kept | quiet;
    case nan_rule::payload_raw: return sign | infinity | kept;
    case nan_rule::payload_one: return sign | infinity | (kept == 0 ? 1 : kept);
    case nan_rule::signalling: return sign | infinity | 1;
    default: return sign | infinity | quiet;
  }
}

/// What stands for an infinity, spec/projection.md PRJ-5.
template <class Kind>
LOWP_INLINE_FN code_t infinity_code(format f, const projection& p, bool negative) noexcept {
  if (has_infinity(f)) {
    return Kind::code(f, negative, Kind::top(f, negative) + 1);
  }
  const bool sign = apply(p.no_infinity_sign, negative);
  if (p.no_infinity == no_infinity_rule::zero) return zero_code<Kind>(f, sign);
  if (p.no_infinity == no_infinity_rule::nan && has_nan(f)) {
    return nan_code(f, nan_rule::quiet, sign, 0);
  }
  return max_finite_code<Kind>(f, sign);
}

/// Does overflow under `overflow_rule::ieee` stay at the greatest finite value? PRJ-4.
LOWP_INLINE_FN bool points_back(const projection& p, bool negative, std::uint64_t top) noexcept {
  switch (p.round) {
    case rounding::toward_zero: return true;
    case rounding::toward_positive: return negative;
    case rounding::toward_negative: return !negative;
    case rounding::to_odd: return (top & 1) != 0 && !p.odd_overflows;
    default: return false;
  }
}

/// R of the caller's word, and its number of bits N. PRJ-3.
LOWP_INLINE_FN std::uint64_t random_of(const projection& p, std::uint64_t word,
                                       int& bits) noexcept {
  bits = p.random_bits < 32 ? p.random_bits : 32;
  return p.random_from == random_field::high ? (word & low_mask(32)) >> (32 - bits)
                                             : word & low_mask(bits);
}

/// |x| < 2^least_normal_exponent, before or after rounding to the format's precision with unbounded
/// exponent range. x is normalized.
template <class Kind>
LOWP_FN bool is_tiny(format f, const exact& x, const projection& p, std::uint64_t random,
                     int random_bits) noexcept {
  const std::int32_t least = Kind::least_normal_exponent(f);
  const std::int32_t exponent = binade(x);
  if (exponent >= least) return false;
  if (f.kind != number_kind::minifloat || exponent < least - 1 ||
      p.tininess == tininess_rule::before_rounding) {
    return true;
  }
  // Within a factor of two below: tiny unless full-precision rounding carries up to the least
  // normal.
  const int t = trailing_bits(f);
  if (x.significand >> (63 - t) != low_mask(t + 1)) return true;
  // The code before the least normal one is odd, but for one bit of precision above a zero.
  const bool odd = t != 0 || f.bottom == bottom_binade::zero_only || !has_zero(f);
  const fraction64 nu{(x.significand << (t + 1)) | (x.tail >> (63 - t)),
                      x.sticky || x.tail << (t + 1) != 0};
  return !rounds_away(p.round, x.negative, odd, nu, random, random_bits);
}

template <class Kind, bool WithStatus>
LOWP_INLINE_FN encoded encode_nan(format f, const exact& x, const projection& p) noexcept {
  encoded r;
  const bool negative = apply(p.nan_sign, x.negative);
  const bool number = p.nan == nan_rule::zero || p.nan == nan_rule::max_finite || !has_nan(f);
  if (!number) {
    r.code = nan_code(f, p.nan, negative, x.significand);
  } else if (p.nan == nan_rule::max_finite) {
    r.code = max_finite_code<Kind>(f, negative);
  } else if (p.nan == nan_rule::zero || f.kind == number_kind::fixed_point) {
    r.code = zero_code<Kind>(f, negative);
  } else {
    r.code = max_finite_code<Kind>(f, false);
  }
  if constexpr (WithStatus) {
    if (number || is_signalling(x)) r.flags.bits |= status::invalid;
  }
  return r;
}

/// A finite magnitude that is beyond the greatest finite one, or an infinity. PRJ-4.
template <class Kind, bool WithStatus>
LOWP_INLINE_FN encoded encode_overflow(format f, const projection& p, bool negative,
                                       bool infinite) noexcept {
  encoded r;
  const std::uint64_t top = Kind::top(f, negative);
  bool clamp = p.overflow == overflow_rule::saturate;
  if (!infinite) {
    clamp = clamp || p.overflow == overflow_rule::saturate_finite ||
            (p.overflow == overflow_rule::ieee && points_back(p, negative, top)) ||
            clamps_to_nonzero(f);
  }
  r.code = clamp ? Kind::code(f, negative, top) : infinity_code<Kind>(f, p, negative);
  if constexpr (WithStatus) {
    const bool exactly = infinite && !clamp && has_infinity(f);
    if (!exactly) r.flags.bits |= status::overflow | status::inexact;
    const bool is_max =
        r.code == max_finite_code<Kind>(f, false) || r.code == max_finite_code<Kind>(f, true);
    if (is_max) r.flags.bits |= status::saturated;
  }
  return r;
}

/// A value below zero in an unsigned format. PRJ-8.
template <class Kind, bool WithStatus>
LOWP_INLINE_FN encoded encode_below_zero(format f, const projection& p, bool infinite) noexcept {
  encoded r;
  const bool back = p.round == rounding::toward_zero || p.round == rounding::toward_positive;
  const bool nan = p.negative == negative_rule::nan ||
                   (p.negative == negative_rule::clamp_finite && infinite) ||
                   (p.negative == negative_rule::p3109 && (infinite || !back));
  r.code = nan && has_nan(f) ? nan_code(f, p.nan, false, 0) : Kind::code(f, false, 0);
  if constexpr (WithStatus) {
    r.flags.bits = nan ? status::invalid : status::overflow | status::inexact | status::saturated;
  }
  return r;
}

template <class Kind, bool WithStatus>
LOWP_FN encoded encode_zero(format f, const projection& p, bool negative) noexcept {
  encoded r;
  if (!has_zero(f)) {
    const bool nan =
        p.no_zero == no_zero_rule::nan || (negative && p.negative == negative_rule::nan);
    r.code = nan && has_nan(f) ? nan_code(f, p.nan, false, 0) : Kind::code(f, false, 0);
    if constexpr (WithStatus) {
      r.flags.bits = nan ? status::invalid : status::underflow | status::inexact;
    }
    return r;
  }
  r.code = zero_code<Kind>(f, apply(p.zero_sign, negative));
  return r;
}

template <class Kind, bool WithStatus>
LOWP_FN encoded encode_finite(format f, const exact& x, const projection& p,
                              std::uint64_t word) noexcept {
  const position at = Kind::locate(f, x);
  const bool negative = x.negative;
  const bool out_of_sign = negative && !f.is_signed;
  const std::uint64_t top = Kind::top(f, negative && f.is_signed);
  std::uint64_t random = 0;
  int random_bits = 0;
  if (is_stochastic(p.round)) random = random_of(p, word, random_bits);
  bool over = at.beyond || (p.overflow_before_rounding &&
                            (at.index > top || (at.index == top && !at.fraction.is_zero())));
  std::uint64_t index = at.index;
  bool inexact = at.below || !at.fraction.is_zero();
  if (!at.below && !over &&
      rounds_away(p.round, negative, (index & 1) != 0, at.fraction, random, random_bits)) {
    ++index;
    over = over || index == 0;  // past the last of 2^64 indices
  }
  if (out_of_sign) {
    if (over || at.below || index != 0 || !has_zero(f)) {
      return encode_below_zero<Kind, WithStatus>(f, p, false);
    }
  } else if (over || index > top) {
    if (!clamps_to_nonzero(f)) return encode_overflow<Kind, WithStatus>(f, p, negative, false);
    index = top;
  }
  encoded r;
  if (clamps_to_nonzero(f) && index == 0) {
    index = 1;
    inexact = true;  // also on the place of zero itself, 2^-255 of takums
  }
  bool tiny = false;
  if (WithStatus || p.flush_subnormal_result) tiny = is_tiny<Kind>(f, x, p, random, random_bits);
  if (p.flush_subnormal_result && tiny) {
    index = 0;
    inexact = true;
  }
  if (index == 0 && has_zero(f)) {
    r.code = zero_code<Kind>(f, !out_of_sign && apply(p.zero_sign, negative));
  } else {
    r.code = Kind::code(f, negative, index);
  }
  if constexpr (WithStatus) {
    if (inexact) r.flags.bits |= status::inexact;
    if (inexact && tiny) r.flags.bits |= status::underflow;
    if (inexact && clamps_to_nonzero(f) && index == top && at.index == top) {
      r.flags.bits |= status::overflow | status::saturated;
    }
  }
  return r;
}

template <class Kind, bool WithStatus>
LOWP_FN encoded encode_as(format f, exact x, const projection& p, std::uint64_t word) noexcept {
  x = normalized(x);
  if (x.cls == number_class::nan) return encode_nan<Kind, WithStatus>(f, x, p);
  std::uint8_t lost_sign = 0;
  if (!f.is_signed && p.negative == negative_rule::magnitude && x.negative) {
    x.negative = false;
    lost_sign = x.cls == number_class::zero ? 0 : status::invalid;
  }
  encoded r;
  if (x.cls == number_class::zero) {
    r = encode_zero<Kind, WithStatus>(f, p, x.negative);
  } else if (x.cls == number_class::finite) {
    r = encode_finite<Kind, WithStatus>(f, x, p, word);
  } else if (x.negative && !f.is_signed) {
    r = encode_below_zero<Kind, WithStatus>(f, p, true);
  } else {
    r = encode_overflow<Kind, WithStatus>(f, p, x.negative, true);
  }
  if constexpr (WithStatus) r.flags.bits |= lost_sign;
  return r;
}

template <bool WithStatus>
LOWP_FN encoded encode(format f, const exact& x, const projection& p, std::uint64_t word) noexcept {
  return with_kind(f,
                   [&](auto kind) { return encode_as<decltype(kind), WithStatus>(f, x, p, word); });
}

template <class Kind>
LOWP_FN exact decode_as(format f, code_t code) noexcept {
  const unpacked u = Kind::unpack(f, code);
  switch (u.cls) {
    case number_class::nan: return exact_nan(u.negative, u.payload);
    case number_class::infinity: return exact_infinity(u.negative);
    case number_class::zero: return exact_zero(u.negative);
    case number_class::finite: break;
  }
  return Kind::value(f, u.negative, u.index);
}

}  // namespace detail

/// The value of a code. Total: every code of every format has one. spec/values.md VAL-2.
LOWP_FN exact decode(format f, code_t code) noexcept {
  return detail::with_kind(f,
                           [&](auto kind) { return detail::decode_as<decltype(kind)>(f, code); });
}

/// The code of `f` that `p` makes of an exact value, in one rounding. `random`: the word that holds
/// the random bits of stochastic modes (`projection::random_bits` of them), else unused.
/// spec/projection.md PRJ-1.
LOWP_FN code_t encode(format f, const exact& x, const projection& p = {},
                      std::uint64_t random = 0) noexcept {
  return detail::encode<false>(f, x, p, random).code;
}

/// The same code together with the exception flags. spec/projection.md PRJ-11.
LOWP_FN encoded encode_with_status(format f, const exact& x, const projection& p = {},
                                   std::uint64_t random = 0) noexcept {
  return detail::encode<true>(f, x, p, random);
}

}  // namespace lowp

#endif  // LOWP_CODEC_HPP
