// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums: long fixed-point integers that take any number of values and products without
/// rounding, in any order, and round once. spec/accumulation.md ACC-1.
#ifndef LOWP_ACCUMULATOR_HPP
#define LOWP_ACCUMULATOR_HPP

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "basic_accumulator.hpp"
#include "detail/accumulator_range.hpp"
#include "detail/accumulator_surds.hpp"
#include "detail/accumulator_table.hpp"
#include "number.hpp"

namespace lowp {

namespace detail {

/// A, or the format that follows it. A pack, because g++ 12 breaks down over a default argument
/// `format B = A` where A depends on a template parameter.
template <format A, format... B>
inline constexpr format last_of = A;
template <format A, format B>
inline constexpr format last_of<A, B> = B;

template <format A, format... B>
inline constexpr value_range accumulator_range = range_with_products(A, last_of<A, B...>);

LOWP_FN bool has_surds(format f) noexcept { return f.kind == number_kind::logarithmic; }

/// The sum that holds the terms of A and B.
template <format A, format... B>
using accumulator_base =
    std::conditional_t<has_surds(A) || has_surds(last_of<A, B...>),
                       surd_accumulator<limbs_for(accumulator_range<A, B...>)>,
                       basic_accumulator<limbs_for(accumulator_range<A, B...>)>>;

}  // namespace detail

/// A sum of values of A and of B (A, if not given), and of products of one of each: wide enough
/// for 2^63 of them, whatever they are. ACC-2.
template <format A, format... Other>
class accumulator : public detail::accumulator_base<A, Other...> {
  static constexpr format B = detail::last_of<A, Other...>;
  static_assert(sizeof...(Other) <= 1, "lowp: an accumulator is of one or two formats");
  static_assert(check(A) == format_error::none && check(B) == format_error::none,
                "lowp: not a valid format; message(check(format)) names the rule");
  static_assert(detail::limbs_for(detail::accumulator_range<A, Other...>) <= detail::most_limbs,
                "lowp: biases so far apart need an accumulator of more than 2^17 bits");
  using base = detail::accumulator_base<A, Other...>;

 public:
  LOWP_FN accumulator() noexcept : base(detail::accumulator_range<A, Other...>.unit) {}

  using base::add;
  using base::add_product;
  using base::subtract;
  using base::subtract_product;

  /// Numbers of either format; products of one of each.
  template <numeric X>
  requires(format_of<X> == A || format_of<X> == B) LOWP_FN void add(X x) noexcept {
    base::add(decode(x));
  }
  template <numeric X>
  requires(format_of<X> == A || format_of<X> == B) LOWP_FN void subtract(X x) noexcept {
    base::subtract(decode(x));
  }
  template <numeric X, numeric Y>
  requires(format_of<X> == A && format_of<Y> == B) LOWP_FN void add_product(X x, Y y) noexcept {
    base::add_product(decode(x), decode(y));
  }
  template <numeric X, numeric Y>
  requires(format_of<X> == A && format_of<Y> == B) LOWP_FN
      void subtract_product(X x, Y y) noexcept {
    base::subtract_product(decode(x), decode(y));
  }

  /// x[0] + ... + x[n-1]: the same state as one by one, faster for short formats.
  template <numeric X>
  requires(format_of<X> == A || format_of<X> == B) LOWP_FN
      void add(const X* x, std::size_t n) noexcept {
    constexpr format f = format_of<X>;
    if constexpr (detail::fits_word<f>) {
      constexpr std::size_t most = detail::block_size(detail::sum_bits<f>);
      for (; n != 0; n -= n < most ? n : most) {
        const std::size_t m = n < most ? n : most;
        if (!add_block(detail::add_short<f>(x, m), detail::range_of_values(f).unit)) add_each(x, m);
        x += m;
      }
    } else {
      add_each(x, n);
    }
  }
  /// x[0] y[0] + ... + x[n-1] y[n-1]
  template <numeric X, numeric Y>
  requires(format_of<X> == A && format_of<Y> == B) LOWP_FN
      void add_products(const X* x, const Y* y, std::size_t n) noexcept {
    if constexpr (detail::fits_word<A> && detail::fits_word<B>) {
      constexpr std::size_t most = detail::block_size(detail::product_bits<A, B>);
      constexpr std::int32_t unit =
          detail::range_of_values(A).unit + detail::range_of_values(B).unit;
      for (; n != 0; n -= n < most ? n : most) {
        const std::size_t m = n < most ? n : most;
        if (!add_block(detail::add_short_products<A, B>(x, y, m), unit)) add_each(x, y, m);
        x += m;
        y += m;
      }
    } else {
      add_each(x, y, n);
    }
  }

  LOWP_FN void merge(const accumulator& other) noexcept { base::merge(other); }
  LOWP_FN accumulator& operator+=(const accumulator& other) noexcept {
    base::merge(other);
    return *this;
  }
  LOWP_FN void reset() noexcept { *this = accumulator(); }
  friend LOWP_FN bool operator==(const accumulator&, const accumulator&) noexcept = default;

 private:
  // False if the terms have to be looked at one by one: what is special, and signs of zeros.
  LOWP_FN bool add_block(const detail::block_sum& block, std::int32_t unit) noexcept {
    if (block.is_special || (block.sum == 0 && !base::has_both_signs())) return false;
    base::add_integer(block.sum, unit);
    return true;
  }
  template <class X>
  LOWP_FN void add_each(const X* x, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i) base::add(decode(x[i]));
  }
  template <class X, class Y>
  LOWP_FN void add_each(const X* x, const Y* y, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i) base::add_product(decode(x[i]), decode(y[i]));
  }
};

namespace detail {

/// Calls `use` with an empty sum for values in a range that is known at run time. Ranges beyond
/// those of all formats give a sum that is not exact, and so NaN.
template <template <int> class Sum, class Use>
LOWP_FN auto with_sum(value_range r, Use use) noexcept {
  const int limbs = limbs_for(r);
  if (limbs <= 10) return use(Sum<10>(r.unit));  // products of binary32
  if (limbs <= 68) return use(Sum<68>(r.unit));  // of binary64
  return use(Sum<most_limbs>(r.unit));
}

/// The same, for values of logarithmic formats too: of up to 4288 bits, wider ones are not exact.
/// ACC-8
template <class Use>
LOWP_FN auto with_accumulator(value_range r, bool surds, Use use) noexcept {
  if (!surds) return with_sum<basic_accumulator>(r, use);
  return limbs_for(r) <= 10 ? use(surd_accumulator<10>(r.unit)) : use(surd_accumulator<68>(r.unit));
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_ACCUMULATOR_HPP
