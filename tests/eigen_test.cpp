// SPDX-License-Identifier: Apache-2.0
// Eigen with number<F> as scalar: traits, products, casts, mixed formats, reductions, functions,
// decompositions.
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <limits>
#include <sstream>

#include <Eigen/Dense>
#include <doctest/doctest.h>

#include <lowp/interop/eigen.hpp>
#include <lowp/types.hpp>

using namespace lowp;

namespace {

template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class Derived>
Eigen::MatrixXd wide(const Eigen::MatrixBase<Derived>& m) {
  return m.template cast<double>();
}

/// || a - b || / || b ||
double distance(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a - b).norm() / b.norm();
}

/// Well conditioned: random, with a strong diagonal.
template <class T>
matrix<T> sample(int n) {
  std::srand(20261121);
  return matrix<T>::Random(n, n) + T{n} * matrix<T>::Identity(n, n);
}

template <class X, class Y>
concept multiply_by = requires(matrix<X> m, Y y) {
  m* y;
};

static_assert(multiply_by<bfloat16, bfloat16> && multiply_by<bfloat16, float>);
static_assert(!multiply_by<bfloat16, int> && !multiply_by<bfloat16, float16>);
static_assert(std::same_as<decltype(matrix<bfloat16>{} * 2.0f)::Scalar, float>);

}  // namespace

TEST_CASE("NumTraits") {
  using half = Eigen::NumTraits<float16>;
  CHECK(half::epsilon() == 0x1p-10);
  CHECK(half::dummy_precision() == 0x1p-7);
  CHECK(half::highest() == 65504);
  CHECK(half::lowest() == -65504);
  CHECK(half::digits10() == 3);
  CHECK(half::infinity() == float16::infinity());
  CHECK(isnan(half::quiet_NaN()));
  CHECK_FALSE(bool{half::IsInteger});
  CHECK(bool{half::IsSigned});
  CHECK(Eigen::NumTraits<float8_e4m3fn>::dummy_precision() == 0.125);
  CHECK(Eigen::NumTraits<float8_e4m3fn>::lowest() == -448);
  CHECK(Eigen::NumTraits<float8_e8m0fnu>::lowest() == 0x1p-127);
  CHECK_FALSE(bool{Eigen::NumTraits<float8_ue4m3>::IsSigned});
  CHECK(bool{Eigen::NumTraits<lowp::int4>::IsInteger});
  CHECK(Eigen::NumTraits<lowp::int4>::lowest() == -8);
  CHECK_FALSE(bool{Eigen::NumTraits<mxint8>::IsInteger});
}

TEST_CASE("products of float8 matrices") {
  // Small integers: every order of summation is exact.
  std::srand(1);
  const Eigen::MatrixXi a = Eigen::MatrixXi::NullaryExpr(9, 7, [] { return std::rand() % 3 - 1; });
  const Eigen::MatrixXi b = Eigen::MatrixXi::NullaryExpr(7, 8, [] { return std::rand() % 3 - 1; });
  const matrix<float8_e4m3fn> x = a.cast<float8_e4m3fn>();
  const matrix<float8_e5m2> y = b.cast<float8_e5m2>();
  const matrix<float8_e4m3fn> z = b.cast<float8_e4m3fn>();
  const matrix<bfloat16> w = b.cast<bfloat16>();
  const matrix<float8_e4m3fn> same = x * z;
  const matrix<bfloat16> mixed = x.cast<bfloat16>() * w;
  const matrix<bfloat16> turned = w.transpose() * x.cast<bfloat16>().transpose();
  CHECK(same.cast<int>() == a * b);
  CHECK(mixed.cast<int>() == a * b);
  CHECK(turned.cast<int>() == (a * b).transpose());
  // Fixed sizes take other ways.
  using small = Eigen::Matrix<float8_e4m3fn, 3, 3>;
  const small s = x.topLeftCorner<3, 3>() * z.topLeftCorner<3, 3>();
  CHECK(s.cast<int>() == a.topLeftCorner<3, 3>() * b.topLeftCorner<3, 3>());
  CHECK((x * Eigen::Matrix<float8_e4m3fn, 7, 1>::Ones()).cast<int>() == a.rowwise().sum());
  // Coefficients of two formats.
  CHECK(y.cwiseProduct(y).cast<int>() == b.cwiseAbs2());
  const matrix<bfloat16> sum = w + z;
  CHECK(sum.cast<int>() == 2 * b);
  CHECK((z.array() * w.array()).matrix().cast<int>() == b.cwiseAbs2());
}

TEST_CASE("a sum in the format of its terms stalls; a cast widens") {
  using vector = Eigen::Matrix<float8_e4m3fn, 64, 1>;
  vector v;
  v.setConstant(float8_e4m3fn{0.25});
  float8_e4m3fn in_order{0};
  for (const float8_e4m3fn x : v) in_order += x;
  CHECK(in_order == 4);
  CHECK(v.sum() <= float8_e4m3fn{16});  // Eigen may add halves
  CHECK(v.cast<float>().sum() == 16);
  CHECK(v.cast<bfloat16>().sum() == 16);
  // The inner products of a product are in order.
  const matrix<float8_e4m3fn> row = v.transpose();
  const matrix<float8_e4m3fn> ones = matrix<float8_e4m3fn>::Ones(64, 2);
  const matrix<float8_e4m3fn> product = row * ones;
  CHECK(product(0, 1) == 4);
  const Eigen::MatrixXf widened = row.cast<float>() * ones.cast<float>();
  CHECK(widened(0, 1) == 16);
}

TEST_CASE("casts, comparisons, reductions and functions of arrays") {
  const matrix<float16> m = sample<float16>(5);
  CHECK(m.cast<float>().cast<float16>() == m);
  CHECK(m.cast<double>().cast<float8_e4m3fn>() == m.cast<float8_e4m3fn>());
  CHECK(m.cast<bool>().all());
  CHECK(Eigen::MatrixXi::Identity(2, 2).cast<bool>().cast<float16>().sum() == 2);
  CHECK(m.maxCoeff() == float16{wide(m).maxCoeff()});
  CHECK(m.minCoeff() == float16{wide(m).minCoeff()});
  CHECK(std::abs(double{m.sum()} - wide(m).sum()) < 0.1);
  CHECK(std::abs(double{m.mean()} - wide(m).mean()) < 0.01);
  CHECK(std::abs(double{m.norm()} - wide(m).norm()) < 0.05);
  CHECK(m.allFinite());
  CHECK_FALSE(m.hasNaN());
  CHECK(m.isApprox(m));
  CHECK_FALSE(m.isApprox(m * float16{1.125}));
  CHECK((m.array() < float16{0}).count() == (wide(m).array() < 0).count());
  CHECK((m * 2.0f).eval() == (m.cast<float>() * 2.0f).eval());
  const auto a = m.array();
  const Eigen::ArrayXXd d = wide(m).array();
  const auto rounded = [](const Eigen::ArrayXXd& x) -> Eigen::ArrayXXd {
    return x.cast<float16>().cast<double>();
  };
  CHECK((a.abs().sqrt().cast<double>() == rounded(d.abs().sqrt())).all());
  CHECK((a.abs().cast<double>() == d.abs()).all());
  CHECK((a.floor().cast<double>() == d.floor()).all());
  CHECK((a.rint().cast<double>() == d.rint()).all());
  CHECK((a.square().cast<double>() == rounded(d.square())).all());
  CHECK((a.exp().cast<double>() == rounded(d.exp())).all());
  CHECK((a.tanh().cast<double>() == rounded(d.tanh())).all());
  CHECK((a.abs().log().cast<double>() == rounded(d.abs().log())).all());
  CHECK((a.abs().pow(a).cast<double>() == rounded(d.abs().pow(d))).all());
  CHECK((a.inverse().cast<double>() == rounded(d.inverse())).all());
}

TEST_CASE("Random() and text") {
  std::srand(7);
  const matrix<float8_e4m3fn> m = matrix<float8_e4m3fn>::Random(40, 40);
  CHECK(m.maxCoeff() == 1);
  CHECK(m.minCoeff() == -1);
  CHECK(std::abs(wide(m).mean()) < 0.1);
  CHECK(matrix<float8_ue4m3>::Random(40, 40).minCoeff() < 0.05);
  const matrix<lowp::int4> n = matrix<lowp::int4>::Random(40, 40);
  CHECK(n.maxCoeff() == 7);
  CHECK(n.minCoeff() == -8);
  std::ostringstream s;
  s << Eigen::Matrix<float8_e4m3fn, 1, 2>{float8_e4m3fn{0.3}, float8_e4m3fn{-2}};
  CHECK(s.str() == "0.3  -2");
}

TEST_CASE("decompositions of small bfloat16 matrices") {
  const matrix<bfloat16> a = sample<bfloat16>(6);
  const matrix<bfloat16> s = a.transpose() * a;
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(6, 6);
  CHECK(distance(wide(a * a), wide(a) * wide(a)) < 0.02);
  const Eigen::PartialPivLU<matrix<bfloat16>> lu(a);
  CHECK(distance(wide(lu.inverse()) * wide(a), unit) < 0.03);
  CHECK(std::abs(double{lu.determinant()} / wide(a).determinant() - 1) < 0.1);
  const Eigen::HouseholderQR<matrix<bfloat16>> qr(a);
  const matrix<bfloat16> q = qr.householderQ();
  const matrix<bfloat16> r = qr.matrixQR().triangularView<Eigen::Upper>();
  CHECK(distance(wide(q) * wide(r), wide(a)) < 0.03);
  CHECK(distance(wide(q).transpose() * wide(q), unit) < 0.03);
  const Eigen::SelfAdjointEigenSolver<matrix<bfloat16>> solver(s);
  CHECK(solver.info() == Eigen::Success);
  const Eigen::MatrixXd v = wide(solver.eigenvectors());
  CHECK(distance(v * wide(solver.eigenvalues()).asDiagonal() * v.transpose(), wide(s)) < 0.08);
}

TEST_CASE("Cholesky of a float16 matrix") {
  const matrix<float16> a = sample<float16>(6);
  const matrix<float16> s = a.transpose() * a;
  const Eigen::LLT<matrix<float16>> llt(s);
  CHECK(llt.info() == Eigen::Success);
  const Eigen::MatrixXd l = wide(matrix<float16>(llt.matrixL()));
  CHECK(distance(l * l.transpose(), wide(s)) < 0.002);
  const Eigen::Matrix<float16, Eigen::Dynamic, 1> b = s * Eigen::Matrix<float16, 6, 1>::Ones();
  const Eigen::VectorXd x = wide(llt.solve(b).eval());
  CHECK((x - Eigen::VectorXd::Ones(6)).norm() < 0.05);
}
