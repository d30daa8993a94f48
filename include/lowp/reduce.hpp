// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums and dot products of any length in one rounding, on numbers and on codes: the reductions of
/// IEEE 754-2019 section 9.4. The order of the terms never matters. spec/accumulation.md ACC-7.
#ifndef LOWP_REDUCE_HPP
#define LOWP_REDUCE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "accumulator.hpp"

namespace lowp {

namespace detail {

enum class reduction : std::uint8_t { sum, sum_of_abs, sum_of_squares };

template <reduction R, class Sum>
LOWP_FN void add_term(Sum& sum, exact x) noexcept {
  if constexpr (R == reduction::sum_of_squares) {
    sum.add_product(x, x);
  } else {
    if (R == reduction::sum_of_abs) x.negative = false;
    sum.add(x);
  }
}

/// Sums of magnitudes are infinite whatever a quiet NaN stands for.
template <reduction R, class Sum>
LOWP_FN unrounded result_of(const Sum& sum, const projection& p) noexcept {
  const unrounded r = sum.result(p.round);
  const bool infinite = R != reduction::sum && p.rules == operation_rules::ieee754 &&
                        sum.has_infinity(false) && r.flags == status{};
  return infinite ? unrounded{exact_infinity(), {}} : r;
}

template <reduction R, numeric X>
LOWP_FN unrounded reduce(const X* x, std::size_t n, const projection& p) noexcept {
  accumulator<format_of<X>> sum;
  if (R == reduction::sum && p.subnormal_input == subnormal_input_rule::keep) {
    sum.add(x, n);
  } else if (R == reduction::sum_of_squares && p.subnormal_input == subnormal_input_rule::keep) {
    sum.add_products(x, x, n);
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      add_term<R>(sum, operand({format_of<X>, to_code(x[i])}, p));
    }
  }
  return result_of<R>(sum, p);
}

template <reduction R, std::unsigned_integral Code>
LOWP_FN unrounded reduce(format f, const Code* x, std::size_t n, const projection& p) noexcept {
  const value_range range =
      R == reduction::sum_of_squares ? range_with_products(f, f) : range_of_values(f);
  return with_accumulator(range, has_surds(f), [&](auto sum) {
    for (std::size_t i = 0; i < n; ++i) add_term<R>(sum, operand({f, x[i]}, p));
    return result_of<R>(sum, p);
  });
}

template <numeric X, numeric Y>
LOWP_FN unrounded exact_dot(const X* x, const Y* y, std::size_t n, const projection& p) noexcept {
  constexpr format f = format_of<X>;
  constexpr format g = format_of<Y>;
  accumulator<f, g> sum;
  if (p.subnormal_input == subnormal_input_rule::keep) {
    sum.add_products(x, y, n);
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      sum.add_product(operand({f, to_code(x[i])}, p), operand({g, to_code(y[i])}, p));
    }
  }
  return sum.result(p.round);
}

template <std::unsigned_integral CodeX, std::unsigned_integral CodeY>
LOWP_FN unrounded exact_dot(format f, const CodeX* x, format g, const CodeY* y, std::size_t n,
                            const projection& p) noexcept {
  return with_accumulator(range_with_products(f, g), has_surds(f) || has_surds(g), [&](auto sum) {
    for (std::size_t i = 0; i < n; ++i) {
      sum.add_product(operand({f, x[i]}, p), operand({g, y[i]}, p));
    }
    return sum.result(p.round);
  });
}

template <numeric To>
LOWP_FN To number_of(const unrounded& r, const projection& p, std::uint64_t random) noexcept {
  return traits<To>::from_code(encode(format_of<To>, r.value, p, random));
}

LOWP_FN encoded code_of(format to, const unrounded& r, const projection& p,
                        std::uint64_t random) noexcept {
  encoded e = encode_with_status(to, r.value, p, random);
  e.flags.bits |= r.flags.bits;
  return e;
}

/// Arrays with size and address: std::vector, std::array, std::span of a numeric type.
template <class R>
concept number_array = requires(const R& r) {
  requires numeric<std::remove_cvref_t<decltype(*r.data())>>;
  static_cast<std::size_t>(r.size());
};

}  // namespace detail

/// The sums below return one number in one rounding, `random` as in `encode`. The typed ones take
/// numbers at an address or in an array (anything with data() and size()); those on codes take an
/// array of unsigned integers and the format of its codes. ACC-7.

/// x[0] + ... + x[n-1]
template <numeric To, numeric X>
LOWP_FN To sum(const X* x, std::size_t n, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return detail::number_of<To>(detail::reduce<detail::reduction::sum>(x, n, p), p, random);
}
template <numeric To, detail::number_array R>
LOWP_FN To sum(const R& x, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  return sum<To>(x.data(), x.size(), p, random);
}
template <std::unsigned_integral Code>
LOWP_FN encoded sum_with_status(format f, const Code* x, std::size_t n, format to,
                                const projection& p = {}, std::uint64_t random = 0) noexcept {
  return detail::code_of(to, detail::reduce<detail::reduction::sum>(f, x, n, p), p, random);
}
template <std::unsigned_integral Code>
LOWP_FN code_t sum(format f, const Code* x, std::size_t n, format to, const projection& p = {},
                   std::uint64_t random = 0) noexcept {
  return sum_with_status(f, x, n, to, p, random).code;
}

/// |x[0]| + ... + |x[n-1]|
template <numeric To, numeric X>
LOWP_FN To sum_of_abs(const X* x, std::size_t n, const projection& p = detail::default_for<To>(),
                      std::uint64_t random = 0) noexcept {
  return detail::number_of<To>(detail::reduce<detail::reduction::sum_of_abs>(x, n, p), p, random);
}
template <numeric To, detail::number_array R>
LOWP_FN To sum_of_abs(const R& x, const projection& p = detail::default_for<To>(),
                      std::uint64_t random = 0) noexcept {
  return sum_of_abs<To>(x.data(), x.size(), p, random);
}
template <std::unsigned_integral Code>
LOWP_FN encoded sum_of_abs_with_status(format f, const Code* x, std::size_t n, format to,
                                       const projection& p = {},
                                       std::uint64_t random = 0) noexcept {
  return detail::code_of(to, detail::reduce<detail::reduction::sum_of_abs>(f, x, n, p), p, random);
}
template <std::unsigned_integral Code>
LOWP_FN code_t sum_of_abs(format f, const Code* x, std::size_t n, format to,
                          const projection& p = {}, std::uint64_t random = 0) noexcept {
  return sum_of_abs_with_status(f, x, n, to, p, random).code;
}

/// x[0]^2 + ... + x[n-1]^2
template <numeric To, numeric X>
LOWP_FN To sum_of_squares(const X* x, std::size_t n,
                          const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return detail::number_of<To>(detail::reduce<detail::reduction::sum_of_squares>(x, n, p), p,
                               random);
}
template <numeric To, detail::number_array R>
LOWP_FN To sum_of_squares(const R& x, const projection& p = detail::default_for<To>(),
                          std::uint64_t random = 0) noexcept {
  return sum_of_squares<To>(x.data(), x.size(), p, random);
}
template <std::unsigned_integral Code>
LOWP_FN encoded sum_of_squares_with_status(format f, const Code* x, std::size_t n, format to,
                                           const projection& p = {},
                                           std::uint64_t random = 0) noexcept {
  return detail::code_of(to, detail::reduce<detail::reduction::sum_of_squares>(f, x, n, p), p,
                         random);
}
template <std::unsigned_integral Code>
LOWP_FN code_t sum_of_squares(format f, const Code* x, std::size_t n, format to,
                              const projection& p = {}, std::uint64_t random = 0) noexcept {
  return sum_of_squares_with_status(f, x, n, to, p, random).code;
}

/// x[0] y[0] + ... + x[n-1] y[n-1], of two formats. Of arrays as many as both have.
template <numeric To, numeric X, numeric Y>
LOWP_FN To dot(const X* x, const Y* y, std::size_t n,
               const projection& p = detail::default_for<To>(), std::uint64_t random = 0) noexcept {
  return detail::number_of<To>(detail::exact_dot(x, y, n, p), p, random);
}
template <numeric To, detail::number_array R, detail::number_array S>
LOWP_FN To dot(const R& x, const S& y, const projection& p = detail::default_for<To>(),
               std::uint64_t random = 0) noexcept {
  const auto n = static_cast<std::size_t>(x.size());
  const auto m = static_cast<std::size_t>(y.size());
  return dot<To>(x.data(), y.data(), n < m ? n : m, p, random);
}
template <std::unsigned_integral CodeX, std::unsigned_integral CodeY>
LOWP_FN encoded dot_with_status(format f, const CodeX* x, format g, const CodeY* y, std::size_t n,
                                format to, const projection& p = {},
                                std::uint64_t random = 0) noexcept {
  return detail::code_of(to, detail::exact_dot(f, x, g, y, n, p), p, random);
}
template <std::unsigned_integral CodeX, std::unsigned_integral CodeY>
LOWP_FN code_t dot(format f, const CodeX* x, format g, const CodeY* y, std::size_t n, format to,
                   const projection& p = {}, std::uint64_t random = 0) noexcept {
  return dot_with_status(f, x, g, y, n, to, p, random).code;
}

}  // namespace lowp

#endif  // LOWP_REDUCE_HPP
