// SPDX-License-Identifier: Apache-2.0
/// \file
/// Eigen 3.4 with number<F> as scalar: NumTraits, mixed formats, casts, Random(). Mathematical
/// functions (`m.array().exp()`) are those of math.hpp.
///
/// Every coefficient operation is one operator of number<F>, in the order that Eigen chooses, which
/// depends on sizes and blocking; a product adds in the format of its result, and nothing widens by
/// itself: 64 terms of 0.25 in e4m3fn add up to 4. `a.cast<float>() * b.cast<float>()` widens.
/// Coefficients of two formats combine where the operators allow it; a matrix product wants one
/// type, `a.cast<bfloat16>() * b`. An integer or narrowing factor needs its type too:
/// `m * bfloat16{2}`.
#ifndef LOWP_INTEROP_EIGEN_HPP
#define LOWP_INTEROP_EIGEN_HPP

#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include <Eigen/Core>

#include "../limits.hpp"
#include "../math.hpp"
#include "ostream.hpp"

namespace lowp::detail {

/// Eigen's integers have no fraction.
LOWP_FN bool is_integer(format f) noexcept {
  return f.kind == number_kind::fixed_point && f.bias <= 0;
}

}  // namespace lowp::detail

template <lowp::format F>
struct Eigen::NumTraits<lowp::number<F>> : Eigen::GenericNumTraits<lowp::number<F>> {
  enum {
    IsInteger = lowp::detail::is_integer(F),
    IsSigned = F.is_signed,
    IsComplex = 0,
    RequireInitialization = 0,
    ReadCost = 1,
    AddCost = 10,
    MulCost = 10
  };

  static constexpr lowp::number<F> lowest() { return lowp::number<F>::lowest(); }

  /// What `isApprox` allows: 8 epsilon with 8 significant bits and more, epsilon with fewer.
  static constexpr lowp::number<F> dummy_precision() {
    using limits = std::numeric_limits<lowp::number<F>>;
    return limits::digits < 8 ? limits::epsilon()
                              : lowp::scalb<lowp::number<F>>(limits::epsilon(), 3);
  }
};

/// Two formats, or a native type: the wider, as with operators.
template <class X, lowp::detail::mixes_with<X> Y, class Operation>
struct Eigen::ScalarBinaryOpTraits<X, Y, Operation> {
  using ReturnType = lowp::detail::wider<X, Y>;
};

namespace Eigen::internal {

template <lowp::format F>
struct cast_impl<lowp::number<F>, bool> {
  static bool run(const lowp::number<F>& x) { return x != 0; }
};
template <lowp::format F>
struct cast_impl<bool, lowp::number<F>> {
  static lowp::number<F> run(const bool& x) { return lowp::number<F>{x ? 1 : 0}; }
};

/// Random(): integers of any code, others from [-1, 1], in unsigned formats from [0, 1]; std::rand
/// rounded once.
template <lowp::format F>
struct random_impl<lowp::number<F>> {
  using number = lowp::number<F>;

  static number run(const number& low, const number& high) {
    const double part = static_cast<double>(std::rand()) / RAND_MAX;
    const auto from = lowp::convert<double>(low);
    return number{from + (lowp::convert<double>(high) - from) * part};
  }
  static number run() {
    if (!NumTraits<number>::IsInteger) return run(number{F.is_signed ? -1 : 0}, number{1});
    std::uint64_t code = 0;
    for (int bits = 0; bits < F.width; bits += 15) {
      code = code << 15 | (static_cast<std::uint64_t>(std::rand()) & 0x7fff);
    }
    return number::from_code(code);
  }
};

}  // namespace Eigen::internal

#endif  // LOWP_INTEROP_EIGEN_HPP
