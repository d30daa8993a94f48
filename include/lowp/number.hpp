// SPDX-License-Identifier: Apache-2.0
/// \file
/// `number<F>`: a code with its format as type, and conversions between such types, float, double
/// and the integers. A thin facade: every function is the core function called with a constant.
#ifndef LOWP_NUMBER_HPP
#define LOWP_NUMBER_HPP

#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "compare.hpp"
#include "convert.hpp"
#include "properties.hpp"

namespace lowp {

template <format F>
class number;

/// The projection of `number<F>`: of its constructor and of operators and functions that yield it.
/// `projection{}`, except in formats that cannot follow IEEE 754: without -0 an x / 0 has no sign,
/// so that P3109's tables give the results (x / 0 is NaN); without negative values, but with NaN, a
/// negative one is NaN as in P3109, not the least value. spec/conversion.md CVT-3.
LOWP_FN projection default_projection(format f) noexcept {
  projection p;
  if (!has_negative_zero(f)) p.rules = operation_rules::p3109_4_0;
  if (!f.is_signed && has_nan(f)) p.negative = negative_rule::p3109;
  return p;
}

namespace detail {

template <int Bytes>
struct unsigned_of;
template <>
struct unsigned_of<1> {
  using type = std::uint8_t;
};
template <>
struct unsigned_of<2> {
  using type = std::uint16_t;
};
template <>
struct unsigned_of<4> {
  using type = std::uint32_t;
};
template <>
struct unsigned_of<8> {
  using type = std::uint64_t;
};

/// The unsigned integer that stores a code of `width` bits.
LOWP_FN int storage_bytes(int width) noexcept {
  return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8;
}

template <class T>
struct traits {
  static constexpr bool known = false;
};

template <format F>
struct traits<number<F>> {
  static constexpr bool known = true;
  static constexpr format value = F;
  LOWP_FN static code_t code(number<F> x) noexcept { return x.code(); }
  LOWP_FN static number<F> from_code(code_t c) noexcept { return number<F>::from_code(c); }
};

template <>
struct traits<float> {
  static constexpr bool known = true;
  static constexpr format value = ieee_format(8, 23);
  LOWP_FN static code_t code(float x) noexcept { return bit_cast<std::uint32_t>(x); }
  LOWP_FN static float from_code(code_t c) noexcept {
    return bit_cast<float>(static_cast<std::uint32_t>(c));
  }
};

template <>
struct traits<double> {
  static constexpr bool known = true;
  static constexpr format value = ieee_format(11, 52);
  LOWP_FN static code_t code(double x) noexcept { return bit_cast<std::uint64_t>(x); }
  LOWP_FN static double from_code(code_t c) noexcept { return bit_cast<double>(c); }
};

template <class T>
requires(std::integral<T> && !std::same_as<T, bool> && sizeof(T) <= 8) struct traits<T> {
  static constexpr bool known = true;
  static constexpr format value = integer_format(8 * sizeof(T), std::is_signed_v<T>);
  LOWP_FN static code_t code(T x) noexcept {
    return static_cast<code_t>(static_cast<std::make_unsigned_t<T>>(x));
  }
  LOWP_FN static T from_code(code_t c) noexcept { return static_cast<T>(c); }
};

}  // namespace detail

/// float, double, integers except bool, and number<F>: types whose values are codes of a format.
template <class T>
concept numeric = detail::traits<T>::known;

/// Native types that `number` converts from and to.
template <class T>
concept native = numeric<T> &&(std::integral<T> || std::floating_point<T>);

/// The format of a numeric type: `format_of<float>` is binary32.
template <numeric T>
inline constexpr format format_of = detail::traits<T>::value;

namespace detail {

/// What a typed function that yields `To` projects with, unless told otherwise. C++
/// float-to-integer conversions truncate; here they also saturate and turn NaN into 0.
template <numeric To>
LOWP_INLINE_FN projection default_for() noexcept {
  constexpr projection p = default_projection(format_of<To>);
  if constexpr (std::integral<To>) {
    return {.round = toward_zero, .overflow = saturate, .rules = p.rules};
  } else {
    return p;
  }
}

}  // namespace detail

/// The value of `x` as a `To`, in one rounding. The default is `default_projection` of the format:
/// nearest-even with infinity (or NaN) on overflow; for native integers toward zero with
/// saturation, NaN becoming 0.
/// A given projection replaces all of the default: convert<int>(2.7, {.overflow = saturate}) is 3.
/// spec/conversion.md CVT-3.
template <numeric To, numeric From>
LOWP_INLINE_FN To convert(From x, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::traits<To>::from_code(
      detail::convert(format_of<From>, detail::traits<From>::code(x), format_of<To>, p, random));
}

/// The code of a numeric value.
template <numeric T>
LOWP_FN code_t to_code(T x) noexcept {
  return detail::traits<T>::code(x);
}

namespace detail {

// Not constexpr on purpose: reaching it in a constant expression is the compile error.
void lowp_error_the_integer_is_not_a_value_of_the_format();

/// An integer constant that exists in F, checked at compile time; of the types that F does not hold
/// as a whole.
template <format F>
struct integer_constant {
  code_t code;

  template <numeric T>
  requires(std::integral<T> && !embeds(format_of<T>, F)) consteval integer_constant(T n) noexcept
      : code(lowp::convert(format_of<T>, to_code(n), F)) {
    if (compare(F, code, format_of<T>, to_code(n)) != ordering::equal) {
      lowp_error_the_integer_is_not_a_value_of_the_format();
    }
  }
};

}  // namespace detail

/// A number of format F. Trivially copyable; sizeof is 1, 2, 4 or 8 bytes. `number x;` leaves the
/// code uninitialised like a float, `number x{}` is code 0.
template <format F>
class number {
  static_assert(check(F) != format_error::width, "lowp: format width must be 2...64 bits");
  static_assert(check(F) != format_error::precision,
                "lowp: precision must be 1...53 and leave an exponent bit");
  static_assert(check(F) == format_error::none,
                "lowp: not a valid format; message(check(format)) names the rule");

 public:
  /// The unsigned integer that holds a code.
  using storage_type = typename detail::unsigned_of<detail::storage_bytes(F.width)>::type;
  static constexpr format format_value = F;

  number() noexcept = default;

  /// From any other numeric type by `default_projection(F)`; implicit only if every value of it
  /// exists here.
  template <numeric T>
  requires(!std::same_as<T, number>) LOWP_FN explicit(!embeds(format_of<T>, F)) number(T x) noexcept
      : code_(static_cast<storage_type>(detail::convert(format_of<T>, detail::traits<T>::code(x), F,
                                                        default_projection(F), 0))) {}

  /// `x = 1`: an integer constant that exists here. Others are converted by name, `x = number{n}`.
  LOWP_FN number& operator=(detail::integer_constant<F> n) noexcept {
    code_ = static_cast<storage_type>(n.code);
    return *this;
  }

  /// The number with this code; bits above the width are dropped.
  LOWP_FN static number from_code(code_t code) noexcept {
    number x{};
    x.code_ = static_cast<storage_type>(code & detail::low_mask(F.width));
    return x;
  }

  /// The bits, right-aligned.
  LOWP_FN storage_type code() const noexcept { return code_; }

  /// To a native type; implicit only if every value of F exists there.
  template <native T>
  LOWP_FN explicit(!embeds(F, format_of<T>)) operator T() const noexcept {
    return lowp::convert<T>(*this);
  }

  /// Landmarks of the format, see properties.hpp.
  LOWP_FN static number max_finite() noexcept { return from_code(lowp::max_finite(F)); }
  LOWP_FN static number lowest() noexcept { return from_code(lowp::lowest(F)); }
  LOWP_FN static number min_positive() noexcept { return from_code(lowp::min_positive(F)); }
  LOWP_FN static number min_normal() noexcept { return from_code(lowp::min_normal(F)); }
  LOWP_FN static number infinity() noexcept requires(has_infinity(F)) {
    return from_code(lowp::infinity(F));
  }
  LOWP_FN static number quiet_nan() noexcept requires(has_nan(F)) {
    return from_code(lowp::canonical_nan(F));
  }

  /// By value: -0 equals +0, NaN is unordered. Mixed formats compare exactly.
  template <numeric T>
  friend LOWP_FN bool operator==(number a, T b) noexcept {
    return a.order(b) == ordering::equal;
  }
  template <numeric T>
  friend LOWP_FN bool operator<(number a, T b) noexcept {
    return a.order(b) == ordering::less;
  }
  template <numeric T>
  friend LOWP_FN bool operator>(number a, T b) noexcept {
    return a.order(b) == ordering::greater;
  }
  template <numeric T>
  friend LOWP_FN bool operator<=(number a, T b) noexcept {
    return a < b || a == b;
  }
  template <numeric T>
  friend LOWP_FN bool operator>=(number a, T b) noexcept {
    return a > b || a == b;
  }
  template <native T>
  friend LOWP_FN bool operator<(T a, number b) noexcept {
    return b > a;
  }
  template <native T>
  friend LOWP_FN bool operator>(T a, number b) noexcept {
    return b < a;
  }
  template <native T>
  friend LOWP_FN bool operator<=(T a, number b) noexcept {
    return b >= a;
  }
  template <native T>
  friend LOWP_FN bool operator>=(T a, number b) noexcept {
    return b <= a;
  }
  /// Host only: device code has no std::partial_ordering.
  template <numeric T>
  friend constexpr std::partial_ordering operator<=>(number a, T b) noexcept {
    switch (a.order(b)) {
      case ordering::less: return std::partial_ordering::less;
      case ordering::equal: return std::partial_ordering::equivalent;
      case ordering::greater: return std::partial_ordering::greater;
      case ordering::unordered: break;
    }
    return std::partial_ordering::unordered;
  }

 private:
  template <numeric T>
  LOWP_FN ordering order(T b) const noexcept {
    return compare(F, code_, format_of<T>, detail::traits<T>::code(b));
  }

  storage_type code_;
};

/// The core functions on typed values: numbers, float, double and integers.
template <numeric T>
LOWP_FN exact decode(T x) noexcept {
  return decode(format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN value_class classify(T x) noexcept {
  return classify(format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN bool is_nan(T x) noexcept {
  return is_nan(format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN bool is_infinite(T x) noexcept {
  return is_infinite(format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN bool is_finite(T x) noexcept {
  return is_finite(format_of<T>, to_code(x));
}
template <numeric T>
LOWP_FN bool is_zero(T x) noexcept {
  return is_zero(format_of<T>, to_code(x));
}
template <format F>
LOWP_FN number<F> next_up(number<F> x) noexcept {
  return number<F>::from_code(next_up(F, x.code()));
}
template <format F>
LOWP_FN number<F> next_down(number<F> x) noexcept {
  return number<F>::from_code(next_down(F, x.code()));
}
template <format F>
LOWP_FN ordering total_order(number<F> a, number<F> b) noexcept {
  return total_order(F, a.code(), F, b.code());
}

}  // namespace lowp

#endif  // LOWP_NUMBER_HPP
