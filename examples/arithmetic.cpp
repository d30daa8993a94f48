// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include <lowp/interop/eigen.hpp>
#include <lowp/types.hpp>

int main() {
  using lowp::bfloat16, lowp::float16, lowp::float8_e4m3fn;
  const float8_e4m3fn x{1.75};
  const bfloat16 y{0.3};
  std::cout << x / float8_e4m3fn{3} << '\n'  // float8_e4m3fn: one exact quotient, rounded once
            << x * y << '\n'                 // bfloat16, which holds every float8_e4m3fn
            << x * 1.5f << '\n'              // float; to assign it to x does not compile
            << lowp::multiply<float16>(x, y) << '\n'  // the result type by name
            << sqrt(x) << ' ' << exp(y) << '\n';      // correctly rounded, too
  // float16{1} * y does not compile: neither format holds every value of the other.

  Eigen::Matrix<float8_e4m3fn, 2, 64> a;
  a.setConstant(float8_e4m3fn{0.25});
  const auto ones = Eigen::Matrix<float8_e4m3fn, 64, 1>::Ones();
  std::cout << (a * ones).transpose() << '\n'  // every partial sum is a float8_e4m3fn
            << (a.cast<float>() * ones.cast<float>()).transpose() << '\n';
}
