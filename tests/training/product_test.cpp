// SPDX-License-Identifier: Apache-2.0
/// \file
/// Emulated products: of every registered recipe against values or codes by the definition and sums
/// made apart; accumulation, observers, errors; the linear layer as its three products.
#include <doctest/doctest.h>

#include <lowp/training/training.hpp>

#include "training_inputs.hpp"

using namespace lowp;
using namespace training_inputs;

namespace {

/// The operands of one product with their states, by a recipe's rule.
struct problem {
  const product_rule& rule;
  std::vector<float> x, y;
  scale_state state_a{.scale = 0.375f}, state_b{.scale = 3};
  operand a, b;
  matrix_shape d;

  /// m x k and n x k as read.
  problem(const product_rule& r, std::uint64_t m, std::uint64_t n, std::uint64_t k, bool turned_a,
          bool turned_b, int kind = 0)
      : rule(r), x(draw(m * k, kind, 3)), y(draw(n * k, kind, 4)), d{m, n} {
    a = place(x, m, k, turned_a, training_draw::forward_a, state_a);
    b = place(y, n, k, turned_b, training_draw::forward_b, state_b);
  }
  static operand place(const std::vector<float>& v, std::uint64_t rows, std::uint64_t k,
                       bool turned, training_draw draw, scale_state& state) {
    const matrix_shape s = turned ? matrix_shape{k, rows} : matrix_shape{rows, k};
    operand o{{v.data(), s.columns, s}, turned};
    o.random = source_of(11, 2, 1, draw);
    o.scale = &state;
    return o;
  }
  std::vector<float> run(unsigned threads, bool accumulate = false,
                         std::vector<float> into = {}) const {
    std::vector<float> out = into;
    out.resize(d.rows * d.columns, 77.0f);
    emulated_product(rule, a, b, {out.data(), d.columns, d},
                     {.accumulate = accumulate, .threads = threads});
    return out;
  }
};

std::vector<float> values_of(const operand_rule& rule, const operand& in) {
  const matrix_shape s = shape_as_read(in);
  std::vector<float> v(s.rows * s.columns);
  quantise_operand_definition(rule, in, {v.data(), s.columns, s});
  return v;
}

/// Sums in binary64 and of magnitudes.
struct sums {
  std::vector<double> exact, magnitude;
};
sums plain_sums(const problem& p) {
  const auto a = values_of(p.rule.a, p.a), b = values_of(p.rule.b, p.b);
  const std::uint64_t k = shape_as_read(p.a).columns;
  sums r;
  for (std::uint64_t i = 0; i < p.d.rows; ++i) {
    for (std::uint64_t j = 0; j < p.d.columns; ++j) {
      double sum = 0, most = 0;
      for (std::uint64_t l = 0; l < k; ++l) {
        const double product = double{a[i * k + l]} * double{b[j * k + l]};
        sum += product;
        most += std::fabs(product);
      }
      r.exact.push_back(sum);
      r.magnitude.push_back(most);
    }
  }
  return r;
}

}  // namespace

TEST_CASE("TRN-7 products of every recipe are sums of products of the values of its rules") {
  int products = 0;
  for (const named_training_recipe& r : all_training_recipes) {
    for (std::size_t i = 0; i < training_product_count; ++i) {
      const product_rule& rule = r.value.product[i];
      const problem p(rule, 37, 29, 300, i == 2, i != 0);
      const sums want = plain_sums(p);
      // Hopper's FP8 sums keep 13 fraction bits of the greatest term, once an instruction.
      const bool is_short = rule.sum.kind == sum_kind::codes && rule.sum.unit.unit.kept_bits == 13;
      const double epsilon = is_short ? 10 * std::ldexp(1.0, -13) : 40 * std::ldexp(1.0, -24);
      for (const unsigned threads : {1u, 2u}) {
        const auto have = p.run(threads);
        double worst = 0;
        for (std::size_t e = 0; e < have.size(); ++e) {
          const double error = std::fabs(double{have[e]} - want.exact[e]);
          worst = std::max(worst, error / want.magnitude[e]);
        }
        INFO(r.name << ", " << name_of(static_cast<training_product>(i)));
        CHECK(worst <= epsilon);
        ++products;
      }
    }
  }
  MESSAGE(products << " products");
}

TEST_CASE("TRN-5 rotated operands have the product of those that are not") {
  product_rule plain, rotated;
  rotated.a.rotation = rotated.b.rotation = transformer_engine_hadamard;
  for (const std::uint64_t k : {64u, 75u, 7u}) {
    const problem p(plain, 19, 21, k, false, true), q(rotated, 19, 21, k, false, true);
    const auto x = p.run(1), y = q.run(1);
    float worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::fabs(x[i] - y[i]));
    CHECK(worst < 2e-5f);
    CHECK((worst == 0) == (k < 16));  // nothing to rotate in less than a group
  }
}

TEST_CASE("TRN-8 results of codes are multiplied by the factors of their operands") {
  // One product of two numbers, so that every step can be seen.
  const product_rule hopper = training_recipes::fp8_hopper.product[0];
  const float x[] = {3.3f}, w[] = {-0.7f};
  float d = 0;
  emulated_product(hopper, {{x, 1, {1, 1}}}, {{w, 1, {1, 1}}}, {&d, 1, {1, 1}});
  // Both are their own amax: 448, exactly.
  const float s = 448.0f / 3.3f, t = 448.0f / 0.7f;
  CHECK(d == -(448.0f * 448.0f) * ((1.0f / s) * (1.0f / t)));
  // Scales outside the unit, 128 products at a time.
  const product_rule deepseek = find_training_recipe("fp8_block_hopper")->value.product[0];
  std::vector<float> a(256, 1.0f), b(256, 1.0f);
  for (std::size_t i = 128; i < 256; ++i) b[i] = 2.0f;
  float e = 0;
  emulated_product(deepseek, {{a.data(), 256, {1, 256}}}, {{b.data(), 256, {1, 256}}},
                   {&e, 1, {1, 1}});
  const float one = 1.0f / 448.0f, two = 2.0f / 448.0f, sum = 128 * 448.0f * 448.0f;
  const float first = sum * (one * one), second = sum * (one * two);
  CHECK(e == first + second);
}
