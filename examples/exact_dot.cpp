// SPDX-License-Identifier: Apache-2.0
// A dot product without error until its one rounding, whatever the order of the terms.
#include <iostream>

#include <lowp/interop/ostream.hpp>
#include <lowp/reduce.hpp>
#include <lowp/types.hpp>

int main() {
  using lowp::float8_e4m3fn;
  const float8_e4m3fn tiny = float8_e4m3fn::min_positive();
  const float8_e4m3fn x[] = {float8_e4m3fn{448}, tiny, float8_e4m3fn{448}};
  const float8_e4m3fn y[] = {float8_e4m3fn{448}, tiny, float8_e4m3fn{-448}};

  float one_by_one = 0;
  for (int i = 0; i < 3; ++i) one_by_one += x[i] * float(y[i]);
  std::cout << "float, term by term: " << one_by_one << '\n'
            << "exact, rounded once: " << lowp::dot<float>(x, y, 3) << '\n';

  // On codes, as a test bench has them: formats and rounding at run time, and flags.
  const unsigned char codes[] = {0x38, 0x01};  // 1 and 2^-9
  constexpr lowp::format f = lowp::formats::e4m3fn;
  const lowp::encoded r = lowp::dot_with_status(f, codes, f, codes, 2, lowp::formats::binary16,
                                                {.round = lowp::toward_positive});
  std::cout << "code " << std::hex << r.code << ", flags " << int{r.flags.bits} << '\n';

  // In parts, as several units would: merging is exact, too.
  lowp::accumulator<f> left, right;
  left.add_products(x, y, 2);
  right.add_product(x[2], y[2]);
  left.merge(right);
  std::cout << "in two parts: " << left.round<float>() << '\n';
}
