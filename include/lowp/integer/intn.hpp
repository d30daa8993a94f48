// SPDX-License-Identifier: Apache-2.0
/// \file
/// Integers of 1 to 16 bits as types. `intn<4>` is `number<integer_format(4, true)>`, which is
/// `int4`: its operators + - * compute exactly and clamp to the range, and / rounds to nearest, as
/// everywhere in lowp. Here are functions that say what overflow does (`add_wrapping`,
/// `add_saturating`, ...) and `wrapping<T>`, whose operators wrap, as those of ml_dtypes and of C's
/// unsigned integers. Arrays of packed integers: pack/.
#ifndef LOWP_INTEGER_INTN_HPP
#define LOWP_INTEGER_INTN_HPP

#include <cstdint>

#include "../formats.hpp"
#include "../number.hpp"
#include "../operators.hpp"
#include "rounding_shift.hpp"

namespace lowp {

/// Two's complement integers, and those from 0 up, of N bits. spec/integers.md INT-1.
template <int N>
requires(1 <= N && N <= 16) using intn = number<integer_format(N, true)>;
template <int N>
requires(1 <= N && N <= 16) using uintn = number<integer_format(N, false)>;

/// What an integer beyond the range of its format becomes.
enum class integer_overflow : std::uint8_t {
  wrap,      ///< the integer of the range that is equal modulo 2^N
  saturate,  ///< the end of the range
};

/// The integer that a code of an integer format of up to 32 bits is.
LOWP_FN std::int64_t integer_value(format f, code_t code) noexcept {
  const code_t bits = code & detail::low_mask(f.width);
  const bool negative = f.is_signed && (bits >> (f.width - 1)) != 0;
  return static_cast<std::int64_t>(bits) - (negative ? std::int64_t{1} << f.width : 0);
}

/// The code, in an integer format of up to 32 bits, of any integer.
LOWP_FN code_t integer_code(format f, std::int64_t n, integer_overflow o) noexcept {
  if (o == integer_overflow::saturate) {
    const std::int64_t codes = std::int64_t{1} << f.width;
    const std::int64_t least = f.is_signed ? -codes / 2 : 0;
    const std::int64_t most = least + codes - 1;
    n = n < least ? least : n > most ? most : n;
  }
  return static_cast<code_t>(n) & detail::low_mask(f.width);
}

/// A number<F> for an integer format of at most 16 bits.
template <class T>
concept small_integer = detail::is_number<T> && T::format_value.kind ==
                            number_kind::fixed_point&& T::format_value.bias == 0 &&
                        T::format_value.width <= 16;

/// An exact integer as a T.
template <small_integer T>
LOWP_FN T to_intn(std::int64_t n, integer_overflow o) noexcept {
  return T::from_code(integer_code(T::format_value, n, o));
}

/// The integer that x is.
template <small_integer T>
LOWP_FN std::int64_t integer_value(T x) noexcept {
  return integer_value(T::format_value, x.code());
}

/// The exact sum, difference, product and opposite, projected as `o` says. spec/integers.md INT-2.
template <small_integer T>
LOWP_FN T add(T x, T y, integer_overflow o) noexcept {
  return to_intn<T>(integer_value(x) + integer_value(y), o);
}
template <small_integer T>
LOWP_FN T subtract(T x, T y, integer_overflow o) noexcept {
  return to_intn<T>(integer_value(x) - integer_value(y), o);
}
template <small_integer T>
LOWP_FN T multiply(T x, T y, integer_overflow o) noexcept {
  return to_intn<T>(integer_value(x) * integer_value(y), o);
}
template <small_integer T>
LOWP_FN T negate(T x, integer_overflow o) noexcept {
  return to_intn<T>(-integer_value(x), o);
}

/// x 2^n for n >= 0, of any size.
template <small_integer T>
LOWP_FN T shift_left(T x, int n, integer_overflow o) noexcept {
  // From 2^16 on every product that is not 0 has left the range, and is 0 modulo 2^N.
  return to_intn<T>(integer_value(x) * (std::int64_t{1} << (n < 16 ? n : 16)), o);
}
/// x / 2^n for n >= 0, rounded; in C down. INT-2.
template <small_integer T>
LOWP_FN T shift_right(T x, int n, integer_rounding r = integer_rounding::toward_negative) noexcept {
  return to_intn<T>(shift_right(integer_value(x), n, r), integer_overflow::wrap);
}

/// The same by name.
template <small_integer T>
LOWP_FN T add_wrapping(T x, T y) noexcept {
  return add(x, y, integer_overflow::wrap);
}
template <small_integer T>
LOWP_FN T add_saturating(T x, T y) noexcept {
  return add(x, y, integer_overflow::saturate);
}
template <small_integer T>
LOWP_FN T subtract_wrapping(T x, T y) noexcept {
  return subtract(x, y, integer_overflow::wrap);
}
template <small_integer T>
LOWP_FN T subtract_saturating(T x, T y) noexcept {
  return subtract(x, y, integer_overflow::saturate);
}
template <small_integer T>
LOWP_FN T multiply_wrapping(T x, T y) noexcept {
  return multiply(x, y, integer_overflow::wrap);
}
template <small_integer T>
LOWP_FN T multiply_saturating(T x, T y) noexcept {
  return multiply(x, y, integer_overflow::saturate);
}
template <small_integer T>
LOWP_FN T negate_wrapping(T x) noexcept {
  return negate(x, integer_overflow::wrap);
}
template <small_integer T>
LOWP_FN T negate_saturating(T x) noexcept {
  return negate(x, integer_overflow::saturate);
}
template <small_integer T>
LOWP_FN T shift_left_wrapping(T x, int n) noexcept {
  return shift_left(x, n, integer_overflow::wrap);
}
template <small_integer T>
LOWP_FN T shift_left_saturating(T x, int n) noexcept {
  return shift_left(x, n, integer_overflow::saturate);
}

/// An integer whose operators wrap. spec/integers.md INT-3.
template <small_integer T>
struct wrapping {
  T value{};

  friend LOWP_FN bool operator==(wrapping x, wrapping y) noexcept {
    return x.value.code() == y.value.code();
  }
  friend LOWP_FN wrapping operator+(wrapping x, wrapping y) noexcept {
    return {add_wrapping(x.value, y.value)};
  }
  friend LOWP_FN wrapping operator-(wrapping x, wrapping y) noexcept {
    return {subtract_wrapping(x.value, y.value)};
  }
  friend LOWP_FN wrapping operator*(wrapping x, wrapping y) noexcept {
    return {multiply_wrapping(x.value, y.value)};
  }
  friend LOWP_FN wrapping operator-(wrapping x) noexcept { return {negate_wrapping(x.value)}; }
  friend LOWP_FN wrapping operator<<(wrapping x, int n) noexcept {
    return {shift_left_wrapping(x.value, n)};
  }
  friend LOWP_FN wrapping operator>>(wrapping x, int n) noexcept {
    return {shift_right(x.value, n)};
  }
  friend LOWP_FN wrapping& operator+=(wrapping& x, wrapping y) noexcept { return x = x + y; }
  friend LOWP_FN wrapping& operator-=(wrapping& x, wrapping y) noexcept { return x = x - y; }
  friend LOWP_FN wrapping& operator*=(wrapping& x, wrapping y) noexcept { return x = x * y; }
};

}  // namespace lowp

#endif  // LOWP_INTEGER_INTN_HPP
