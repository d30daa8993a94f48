// SPDX-License-Identifier: Apache-2.0
/// \file
/// What FP8 on Hopper makes of a product of matrices: with all of K in the accumulator of the
/// tensor core, which keeps 13 bits, and with a promotion to binary32 after every 128 products.
#include <cstdio>

#include <Eigen/Core>

#include <lowp/hardware/gemm/gemm_dense.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/interop/eigen.hpp>
#include <lowp/types.hpp>

int main() {
  using namespace lowp;
  using matrix8 = Eigen::Matrix<float8_e4m3fn, Eigen::Dynamic, Eigen::Dynamic>;
  const matrix8 a =
      (Eigen::MatrixXf::Random(64, 4096).array() + 0.5f).matrix().cast<float8_e4m3fn>();
  const matrix8 b = Eigen::MatrixXf::Random(4096, 64).cast<float8_e4m3fn>();
  const Eigen::MatrixXd exact = a.cast<double>() * b.cast<double>();

  gemm_rule rule{.unit = find_mma_model("sm90a.wgmma.m64nNk32.f32.e4m3.e4m3")->value};
  Eigen::MatrixXf d(64, 64);
  for (const unsigned promote_every : {0u, 4u, 1u}) {
    rule.promote_every = promote_every;
    gemm(rule, a, b, d, {}, {.threads = 0, .pool = {}});
    const double error = (d.cast<double>() - exact).norm() / exact.norm();
    std::printf("wgmma e4m3, promotion after %4u products: error %.1e\n", promote_every * 32,
                error);
  }
}
