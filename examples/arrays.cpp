// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <iostream>
#include <vector>

#include <lowp/interop/ostream.hpp>
#include <lowp/simd/compute.hpp>
#include <lowp/types.hpp>

int main() {
  const std::vector<float> x(1000, 0.3f);
  std::vector<lowp::float8_e4m3fn> y(x.size());
  lowp::convert(std::span(x), std::span(y));
  std::cout << y[999] << '\n';

  // Two codes to a byte, as ONNX, PyTorch and CUDA have them; what is too great saturates.
  std::vector<std::byte> packed(500);
  lowp::convert(std::span(x), lowp::formats::e2m1, packed, {.overflow = lowp::saturate});

  // Stochastic rounding: element i gets the same random bits in every split of the array.
  std::vector<lowp::bfloat16> z(x.size());
  lowp::conversion_counts counts;
  lowp::convert(std::span(x), std::span(z), {.round = lowp::stochastic_a, .random_bits = 16},
                {.random = {.seed = 1, .stream = 2}, .counts = &counts, .threads = 0});
  std::cout << z[0] << ' ' << z[1] << ", " << counts.overflow << " overflowed\n";

  // Operations on arrays of codes: y + y, and relu(y).
  std::vector<lowp::float8_e4m3fn> sum(y.size());
  lowp::compute(lowp::operation::add, {std::span(y), std::span(y)}, std::span(sum));
  const auto zero = lowp::array_argument::constant(lowp::float8_e4m3fn{0.0f});
  lowp::compute(lowp::operation::maximum, {std::span(sum), zero}, std::span(sum));
  std::cout << sum[0] << '\n';
}
