// SPDX-License-Identifier: Apache-2.0
/// \file
/// std::complex<number<F>>. The C++ standard leaves std::complex of such types unspecified; with
/// libstdc++ + - * / ==, abs, norm, arg, conj, polar, exp, log, pow, sin, cos, sinh, cosh and their
/// quotients work as written there, each step an operator or function of number<F>. Its sqrt does
/// not, because it halves by an int: here is one. Other functions are not promised.
#ifndef LOWP_INTEROP_COMPLEX_HPP
#define LOWP_INTEROP_COMPLEX_HPP

#include <complex>

#include "../math.hpp"

namespace lowp {

/// The principal square root, of special operands as C23 G.6.4.2. Computed in binary64, scaled to
/// near 1, and rounded to F; formats that binary64 does not hold lose digits. Call it as `sqrt(z)`,
/// without `std::`.
template <format F>
std::complex<number<F>> sqrt(const std::complex<number<F>>& z) {
  using wide = number<ieee_format(11, 52)>;
  wide x{z.real()};
  wide y{z.imag()};
  if (isinf(y)) return {number<F>{abs(y)}, z.imag()};
  if (x == 0 && y == 0) return {number<F>{abs(x)}, z.imag()};
  const int n = logb<int>(maximum_number<wide>(abs(x), abs(y))) / 2;
  x = scalb<wide>(x, -2 * n);
  y = scalb<wide>(y, -2 * n);
  wide greater = sqrt((abs(x) + hypot(x, y)) / wide{2});
  const wide lesser = scalb<wide>(abs(y) / (greater + greater), n);
  greater = scalb<wide>(greater, n);
  if (signbit(x)) return {number<F>{lesser}, number<F>{copysign(greater, y)}};
  return {number<F>{greater}, number<F>{copysign(lesser, y)}};
}

}  // namespace lowp

#endif  // LOWP_INTEROP_COMPLEX_HPP
