// SPDX-License-Identifier: Apache-2.0
// Products of Eigen's matrices in matrix units: GEM-8.
#include <cstdint>
#include <stdexcept>
#include <string>

#include <Eigen/Core>
#include <doctest/doctest.h>

#include <lowp/hardware/gemm/gemm_dense.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/interop/eigen.hpp>
#include <lowp/types.hpp>

namespace {

using namespace lowp;

using half_rows = Eigen::Matrix<float16, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using half_columns = Eigen::Matrix<float16, Eigen::Dynamic, Eigen::Dynamic>;

const mma_model ampere = find_mma_model("sm80.mma.m16n8k16.f32.f16.f16.f32")->value;

}  // namespace

TEST_CASE("GEM-8: Eigen's matrices in rows and columns, blocks and maps") {
  std::srand(20261122);
  const half_rows a = half_rows::Random(9, 40);
  const half_columns b = half_columns::Random(40, 11);
  const Eigen::MatrixXf c = Eigen::MatrixXf::Random(9, 11);
  Eigen::MatrixXf d(9, 11), e(9, 11);
  gemm({.unit = ampere}, a, b, c, d);
  // Row by row, column by column from codes.
  for (Eigen::Index i = 0; i < 9; ++i) {
    for (Eigen::Index j = 0; j < 11; ++j) {
      code_t sum = std::bit_cast<std::uint32_t>(c(i, j));
      for (Eigen::Index first = 0; first < 48; first += 16) {
        code_t x[16], y[16];
        for (Eigen::Index k = 0; k < 16; ++k) {
          x[k] = first + k < 40 ? code_t{a(i, first + k).code()} : 0;
          y[k] = first + k < 40 ? code_t{b(first + k, j).code()} : 0;
        }
        sum = multiply_add(ampere, x, y, sum);
      }
      CHECK(std::bit_cast<std::uint32_t>(d(i, j)) == sum);
    }
  }
  const Eigen::MatrixXf exact = a.cast<float>() * b.cast<float>() + c;
  CHECK((exact - d).norm() < 1e-5f * exact.norm());
  // A block of a greater matrix, a map of it, no C.
  half_columns greater = half_columns::Random(60, 70);
  greater.block(3, 5, 40, 11) = b;
  gemm({.unit = ampere}, a, greater.block(3, 5, 40, 11), d);
  gemm({.unit = ampere}, a, Eigen::Map<const half_columns>(b.data(), 40, 11), e);
  CHECK(d == e);
}

TEST_CASE("GEM-8: scalars are those of the unit") {
  const half_columns a = half_columns::Random(4, 16);
  const Eigen::MatrixXf wrong = Eigen::MatrixXf::Random(16, 4);
  Eigen::MatrixXf d(4, 4);
  std::string words;
  try {
    gemm({.unit = ampere}, a, wrong, d);
  } catch (const std::invalid_argument& e) {
    words = e.what();
  }
  CHECK(words ==
        "lowp::gemm: b has elements of 32 bits, precision 24, bias 127: those of the unit have "
        "16 bits, precision 11, bias 15");
  // TF32 is read from binary32.
  const mma_model tf32 = find_mma_model("sm80.mma.m16n8k8.f32.tf32.tf32.f32")->value;
  const Eigen::MatrixXf x = Eigen::MatrixXf::Random(4, 16);
  gemm({.unit = tf32}, x, wrong, d);
  CHECK((x * wrong - d).norm() < 1e-2f);
}
