// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <random>

#include <lowp/training/training.hpp>

// What is left of the three products of a linear layer, in decibels of signal to noise.
double decibels(const lowp::row_matrix& exact, const lowp::row_matrix& emulated) {
  return 10 * std::log10(exact.squaredNorm() / (exact - emulated).squaredNorm());
}

int main() {
  std::mt19937 bits(1);
  std::normal_distribution<float> normal;
  const auto draw = [&](int rows, int columns) -> lowp::row_matrix {
    return lowp::row_matrix::NullaryExpr(rows, columns, [&] { return normal(bits); });
  };
  const lowp::row_matrix x = draw(64, 256), w = draw(96, 256), dy = draw(64, 96);
  lowp::row_matrix y(64, 96), dx(64, 256), dw(96, 256);
  std::puts("                    Y = X W^T   dX = dY W  dW = dY^T X");
  for (const char* name : {"bf16", "fp8_current", "fp8_hopper", "mxfp8", "mxfp6_e2m3", "nvfp4",
                           "mxfp4", "mxfp4_stochastic"}) {
    // A recipe says what each operand becomes and how products are summed: all of it is data.
    lowp::emulated_linear linear(*lowp::find_training_recipe(name));
    const lowp::linear_options options{.seed = 1, .step = 1, .threads = 2};
    const auto in = lowp::numbers_of(x), weights = lowp::numbers_of(w),
               error = lowp::numbers_of(dy);
    linear.forward(in, weights, lowp::numbers_of(y), options);
    linear.backward(in, weights, error, lowp::numbers_of(dx), lowp::numbers_of(dw), options);
    std::printf("%-18s %10.1f  %10.1f  %11.1f\n", name, decibels(x * w.transpose(), y),
                decibels(dy * w, dx), decibels(dy.transpose() * x, dw));
  }
}
