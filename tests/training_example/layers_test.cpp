// SPDX-License-Identifier: Apache-2.0
// Layers of the language model: values against their definitions in binary64, gradients against
// differences of these.
#include <array>
#include <cfenv>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "../../examples/language/attention.hpp"
#include "../../examples/language/cross_entropy.hpp"
#include "../../examples/language/exponential.hpp"
#include "../../examples/language/fixed_sums.hpp"
#include "../../examples/language/rotation.hpp"
#include "../../examples/language/swiglu.hpp"
#include "support.hpp"

using namespace language;

namespace {
constexpr double near = 4e-6;  // of the greatest number: sums of some tens of terms in binary32
}

TEST_CASE("the exponential is within 2.1 units of the C library's in binary64") {
  double worst = 0;
  for (int i = -86000; i <= 87000; ++i) {
    const float x = static_cast<float>(i) * 1.0009765625e-3f;
    const double right = std::exp(static_cast<double>(x));
    const double error = std::abs(static_cast<double>(exponential(x)) - right);
    worst = std::max(worst, error / (right * 0x1p-23));
  }
  CHECK(worst < 2.1);
  CHECK(exponential(0.0f) == 1);
  CHECK(exponential(-1000.0f) == exponential(-87.0f));
  CHECK(exponential(-std::numeric_limits<float>::infinity()) > 0);
  CHECK(exponential(std::numeric_limits<float>::infinity()) == exponential(88.0f));
  CHECK(std::isnan(exponential(std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("sums are the same in any order and in any number of parts, and right") {
  const matrix x = random_matrix(1, 5000, 1);
  order_free_sums forward(1), backward(1), one(1), other(1);
  long double right = 0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    // Of very different magnitudes, and of both signs, so that the order matters to a plain sum.
    const auto term = [&](Eigen::Index at) {
      return static_cast<double>(std::ldexp(x(0, at), static_cast<int>(at % 37) - 18));
    };
    forward.add(term(i));
    backward.add(term(x.size() - 1 - i));
    (i % 3 == 0 ? one : other).add(term(i));
    right += static_cast<long double>(term(i));
  }
  one.add(other);
  CHECK(forward.sum() == backward.sum());
  CHECK(forward.sum() == one.sum());
  CHECK(forward.sum() == forward.total());
  CHECK(forward.sum() == doctest::Approx(static_cast<double>(right)).epsilon(1e-12));
  order_free_sums many(3);
  const float terms[] = {1, 2, 4};
  many.add(0, terms, 3);
  many.add(1, terms, 2);
  CHECK(many.sum(0) == 1);
  CHECK(many.sum(1) == 3);
  CHECK(many.sum(2) == 6);
  CHECK(many.total() == 10);
  CHECK(fixed_sum(37, [](std::size_t i) { return static_cast<float>(i); }) == 666);
}

TEST_CASE("RMSNorm") {
  lowp::thread_pool threads(2);
  const matrix x = random_matrix(130, 40, 1), gain = random_matrix(1, 40, 2),
               dy = random_matrix(130, 40, 3);
  matrix y = x, dx = matrix_of(130, 40), dgain = gain;
  rms_norm layer;
  layer.forward(x, gain, y, threads);
  reference::table tx = table_of(x), tg = table_of(gain);
  const reference::table td = table_of(dy);
  CHECK(error_of(y, reference::norm(tx, tg[0])) < near);
  layer.backward(x, gain, dy, dx, dgain, threads);
  const auto loss = [&] { return dot(reference::norm(tx, tg[0]), td); };
  CHECK(error_of(dx, derivatives(tx, loss)) < near);
  CHECK(error_of(dgain, derivatives(tg, loss)) < near);
  // It adds to dx.
  matrix twice = dx;
  layer.backward(x, gain, dy, twice, dgain, threads);
  CHECK((twice - 2 * dx).cwiseAbs().maxCoeff() < 1e-5f);
}

TEST_CASE("SwiGLU") {
  lowp::thread_pool threads(2);
  const matrix g = 3 * random_matrix(9, 21, 1), u = random_matrix(9, 21, 2),
               dy = random_matrix(9, 21, 3);
  matrix y = g, dg = g, du = g;
  swiglu_forward(g, u, y, threads);
  reference::table tg = table_of(g), tu = table_of(u);
  const reference::table td = table_of(dy);
  CHECK(error_of(y, reference::swiglu(tg, tu)) < near);
  swiglu_backward(g, u, dy, dg, du, threads);
  const auto loss = [&] { return dot(reference::swiglu(tg, tu), td); };
  CHECK(error_of(dg, derivatives(tg, loss)) < near);
  CHECK(error_of(du, derivatives(tu, loss)) < near);
}

TEST_CASE("RoPE turns forward and back") {
  constexpr std::size_t sequence = 50, head = 12;
  const matrix x = random_matrix(2 * sequence, 3 * head, 1),
               dy = random_matrix(2 * sequence, 3 * head, 2);
  const rotation turn(sequence, head);
  matrix y = x, dx = dy;
  for (std::size_t t = 0; t < 2 * sequence; ++t) {
    turn.turn(row_of(y, t), 3 * head, t % sequence, false);
    turn.turn(row_of(dx, t), 3 * head, t % sequence, true);
  }
  reference::table tx = table_of(x);
  const reference::table td = table_of(dy);
  CHECK(error_of(y, reference::rotated(tx, sequence, head)) < near);
  CHECK(error_of(dx, derivatives(tx, [&] {
                   return dot(reference::rotated(tx, sequence, head), td);
                 })) < near);
}

TEST_CASE("attention") {
  struct size {
    std::size_t sequence, head, heads, sequences;
  };
  // Below, at and above the tiles of 4 rows and 16 columns.
  for (const size s :
       {size{3, 2, 1, 1}, size{6, 8, 2, 2}, size{21, 16, 1, 1}, size{16, 18, 2, 1}}) {
    CAPTURE(s.sequence);
    lowp::thread_pool threads(2);
    const std::size_t rows = s.sequence * s.sequences, width = s.head * s.heads;
    const matrix q = random_matrix(rows, width, 1), k = random_matrix(rows, width, 2),
                 v = random_matrix(rows, width, 3), dy = random_matrix(rows, width, 4);
    matrix y = q, dq = q, dk = q, dv = q;
    attention layer(s.sequence, s.head);
    layer.forward(q, k, v, y, threads);
    reference::table tq = table_of(q), tk = table_of(k), tv = table_of(v);
    const reference::table td = table_of(dy);
    const auto out = [&] { return reference::attention(tq, tk, tv, s.sequence, s.head); };
    CHECK(error_of(y, out()) < near);
    layer.backward(q, k, v, dy, dq, dk, dv, threads);
    const auto loss = [&] { return dot(out(), td); };
    CHECK(error_of(dq, derivatives(tq, loss)) < near);
    CHECK(error_of(dk, derivatives(tk, loss)) < near);
    CHECK(error_of(dv, derivatives(tv, loss)) < near);
  }
}

TEST_CASE("attention of a sequence has the same bits among others, and does not see the future") {
  lowp::thread_pool threads(1), more(3);
  constexpr std::size_t sequence = 20, width = 24;
  matrix q = random_matrix(3 * sequence, width, 1);
  const matrix k = random_matrix(3 * sequence, width, 2), v = random_matrix(3 * sequence, width, 3);
  matrix y = q;
  attention layer(sequence, 8);
  layer.forward(q, k, v, y, more);
  const auto part = [&](const matrix& m) { return matrix(m.middleRows(sequence, sequence)); };
  matrix alone = part(q);
  layer.forward(part(q), part(k), part(v), alone, threads);
  CHECK(same_bits(alone, part(y)));
  matrix changed = v;
  changed.row(10).setConstant(7);
  matrix after = y;
  layer.forward(q, k, changed, after, threads);
  CHECK(same_bits(after.topRows(10), y.topRows(10)));
  CHECK_FALSE(same_bits(after.middleRows(10, 1), y.middleRows(10, 1)));
}

TEST_CASE("cross entropy") {
  lowp::thread_pool threads(2);
  const matrix x = 4 * random_matrix(11, 30, 1);
  std::vector<std::int16_t> targets;
  for (int i = 0; i < 11; ++i)
    targets.push_back(static_cast<std::int16_t>(i % 4 == 3 ? -1 : 2 * i));
  reference::table tx = table_of(x);
  const auto loss = [&] { return reference::cross_entropy(tx, targets); };
  const std::uint64_t count = counted(targets);
  REQUIRE(count == 9);
  matrix dx;
  const loss_sum l = cross_entropy(x, targets, 8, count, &dx, threads);
  CHECK(l.count == count);
  CHECK(l.mean() == doctest::Approx(loss()).epsilon(1e-6));
  CHECK(error_of(dx / 8, derivatives(tx, loss)) < near);
  CHECK(cross_entropy(x, targets, 1, 1, nullptr, threads).sum == l.sum);
}
