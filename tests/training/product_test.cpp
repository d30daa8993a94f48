// SPDX-License-Identifier: Apache-2.0
/// \file
/// Emulated products: of every registered recipe against values or codes by the definition and sums
/// made apart; accumulation, observers, errors; the linear layer as its three products.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <lowp/hardware/gemm/gemm.hpp>
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

TEST_CASE("TRN-8 blocks longer than those of the unit give their scales to each") {
  product_rule deepseek = find_training_recipe("fp8_block_hopper")->value.product[0];
  deepseek.sum.promote_columns = 64;
  product_rule blackwell = find_training_recipe("mxfp8_blackwell")->value.product[0];
  blackwell.a.block = with_shape(blackwell.a.block, 1, 64);
  blackwell.b.block = with_shape(blackwell.b.block, 2, 128);
  for (const product_rule& rule : {deepseek, blackwell}) {
    const problem p(rule, 21, 19, 700, false, true, 1);  // numbers of wide range
    const sums want = plain_sums(p);
    const auto have = p.run(1);
    double worst = 0;
    for (std::size_t e = 0; e < have.size(); ++e) {
      worst = std::max(worst, std::fabs(double{have[e]} - want.exact[e]) / want.magnitude[e]);
    }
    CHECK(worst <= 30 * std::ldexp(1.0, -13));
  }
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

namespace {

/// What an observer saw, put together.
struct seen_operands : operand_observer {
  std::vector<float> x[2], values[2];
  matrix_shape shape[2] = {};
  int calls = 0;
  bool all_named = true;
  bool wants_b = true;

  bool wants(std::uint32_t tensor, training_product product, bool is_b) override {
    all_named = all_named && tensor == 5 && product == training_product::weight_gradient;
    return !is_b || wants_b;
  }
  void observe(const observed_operand& o) override {
    ++calls;
    all_named = all_named && o.tensor == 5 && o.product == training_product::weight_gradient;
    const int i = o.is_b ? 1 : 0;
    shape[i] = o.whole;
    x[i].resize(o.whole.rows * o.whole.columns);
    values[i].resize(o.whole.rows * o.whole.columns);
    for (std::uint64_t r = 0; r < o.x.shape.rows; ++r) {
      for (std::uint64_t c = 0; c < o.x.shape.columns; ++c) {
        const std::uint64_t at = r * o.whole.columns + o.first_column + c;
        x[i][at] = o.x.x[r * o.x.stride + c];
        values[i][at] = o.values.x[r * o.values.stride + c];
      }
    }
  }
};

}  // namespace

TEST_CASE("TRN-7 an observer sees the operands that are multiplied, and changes nothing") {
  for (const char* name : {"mxfp8", "fp8_hopper", "nvfp4", "fp8_block_hopper", "f32_exact"}) {
    const product_rule& rule = find_training_recipe(name)->value.product[2];
    const problem p(rule, 21, 45, 2600, true, true);
    seen_operands seen;
    std::vector<float> out(21 * 45);
    emulated_product(
        rule, p.a, p.b, {out.data(), 45, p.d},
        {.observer = &seen, .tensor = 5, .product = training_product::weight_gradient});
    INFO(name);
    CHECK(first_difference(out, p.run(1)) == no_difference);
    CHECK(seen.all_named);
    CHECK(first_difference(seen.values[0], values_of(rule.a, p.a)) == no_difference);
    CHECK(first_difference(seen.values[1], values_of(rule.b, p.b)) == no_difference);
    for (std::uint64_t i = 0; i < 21; ++i) CHECK(seen.x[0][i * 2600 + 7] == p.x[7 * 21 + i]);
    seen_operands one;
    one.wants_b = false;
    emulated_product(rule, p.a, p.b, {out.data(), 45, p.d},
                     {.observer = &one, .tensor = 5, .product = training_product::weight_gradient});
    CHECK(one.calls == seen.calls / 2);
    CHECK(one.x[1].empty());
  }
}

TEST_CASE("TRN-7 sums of units are those of gemm, whatever the threads and the slabs") {
  // Long contractions, so that there are several slabs; factors of tensors that are powers of two.
  for (const char* name : {"f32_exact", "mxfp8_exact"}) {
    const product_rule& rule = find_training_recipe(name)->value.product[0];
    for (const int kind : {0, 3}) {
      const problem p(rule, 9, 11, 2500, false, true, kind);
      const auto a = values_of(rule.a, p.a), b = values_of(rule.b, p.b);
      std::vector<float> want(99);
      gemm(rule.sum.unit, row_major(a.data(), 9, 2500), row_major(b.data(), 11, 2500).transposed(),
           {}, row_major_out(want.data(), 9, 11));
      INFO(name);
      CHECK(first_difference(p.run(1), want) == no_difference);
      CHECK(first_difference(p.run(2), want) == no_difference);
    }
  }
  product_rule rule = find_training_recipe("fp8_hopper_promoted")->value.product[1];
  rule.a.scaling = rule.b.scaling = tensor_scaling::none;
  const problem p(rule, 9, 11, 5000, false, true);
  std::vector<std::uint8_t> a(9 * 5000), b(11 * 5000);
  const auto va = values_of(rule.a, p.a), vb = values_of(rule.b, p.b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<std::uint8_t>(
        convert(formats::binary32, std::bit_cast<std::uint32_t>(va[i]), rule.a.element, {}));
  }
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] = static_cast<std::uint8_t>(
        convert(formats::binary32, std::bit_cast<std::uint32_t>(vb[i]), rule.b.element, {}));
  }
  std::vector<float> want(99);
  gemm(rule.sum.unit, row_major(a.data(), 9, 5000), row_major(b.data(), 11, 5000).transposed(), {},
       row_major_out(want.data(), 9, 11));
  CHECK(first_difference(p.run(1), want) == no_difference);
  CHECK(first_difference(p.run(2), want) == no_difference);
}

TEST_CASE("TRN-7 exact sums over a split contraction, ranks in order, are those of the whole") {
  for (const char* name : {"f32_exact", "mxfp8_exact"}) {
    const product_rule& rule = find_training_recipe(name)->value.product[2];
    const problem p(rule, 17, 13, 320, true, true);
    const auto want = p.run(1);
    for (const std::uint64_t cut : {32u, 160u, 288u}) {
      std::vector<float> sum(17 * 13);
      for (const auto& [first, end] :
           {std::pair{std::uint64_t{0}, cut}, {cut, std::uint64_t{320}}}) {
        // Tokens are rows of both operands as stored.
        const auto part = [&](operand o) {
          o.part = {first, 0, 320, o.x.shape.columns};
          o.x.x += first * o.x.stride;
          o.x.shape.rows = end - first;
          return o;
        };
        emulated_product(rule, part(p.a), part(p.b), {sum.data(), 13, p.d},
                         {.accumulate = first != 0});
      }
      INFO(name << ", cut at " << cut);
      CHECK(first_difference(sum, want) == no_difference);
    }
    // Rows of A and of B.
    std::vector<float> rows(17 * 13);
    operand top = p.a, bottom = p.a;
    top.x.shape.columns = 6;
    top.part = {0, 0, 320, 17};
    bottom.x.x += 6;
    bottom.x.shape.columns = 11;
    bottom.part = {0, 6, 320, 17};
    emulated_product(rule, top, p.b, {rows.data(), 13, {6, 13}});
    emulated_product(rule, bottom, p.b, {rows.data() + 6 * 13, 13, {11, 13}});
    CHECK(first_difference(rows, want) == no_difference);
  }
}

TEST_CASE("TRN-7 accumulation adds to what is there") {
  for (const named_training_recipe& r : all_training_recipes) {
    const product_rule& rule = r.value.product[0];
    const problem p(rule, 8, 9, 64, false, false);
    const std::vector<float> before = draw(72, 0, 99);
    const auto plain = p.run(1), sum = p.run(1, true, before);
    float worst = 0;
    std::size_t rounded_once = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      worst = std::max(worst, std::fabs(sum[i] - (plain[i] + before[i])));
      rounded_once += sum[i] == plain[i] + before[i];
    }
    INFO(r.name);
    CHECK(worst < 1e-4f);
    if (rule.sum.kind == sum_kind::codes && rule.sum.promote_columns == 0)
      CHECK(rounded_once == 72);
  }
}

TEST_CASE("TRN-1 empty contractions and results") {
  for (const char* name :
       {"f32", "mxfp8", "fp8_hopper", "int8_unit", "fp8_block_hopper", "f32_exact"}) {
    const product_rule& rule = find_training_recipe(name)->value.product[0];
    const problem p(rule, 3, 4, 0, false, false);
    CHECK(p.run(1) == std::vector<float>(12, 0.0f));
    CHECK(p.run(1, true, std::vector<float>(12, 2.0f)) == std::vector<float>(12, 2.0f));
    const problem q(rule, 0, 4, 5, false, false);
    CHECK(q.run(1).empty());
  }
}

namespace {

std::string refusal(const product_rule& rule, const operand& a, const operand& b,
                    const number_matrix<float>& d) {
  try {
    emulated_product(rule, a, b, d);
  } catch (const array_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("TRN-7 TRN-8 what products refuse, in words, with nothing written") {
  std::vector<float> x(64 * 64, 1.0f), y(64 * 64, 2.0f), z(64 * 64, 3.0f);
  const operand a{{x.data(), 64, {64, 64}}}, b{{y.data(), 64, {64, 64}}};
  const number_matrix<float> d{z.data(), 64, {64, 64}};
  const product_rule mx = training_recipes::mxfp8.product[0];
  CHECK(refusal(mx, a, {{y.data(), 64, {64, 32}}}, d) ==
        "lowp::emulated_product: a and b as read are 64 x 64 and 64 x 32: they must have as many "
        "columns");
  CHECK(refusal(mx, a, b, {z.data(), 64, {64, 63}}) ==
        "lowp::emulated_product: d is 64 x 63, a b^T is 64 x 64");
  CHECK(refusal(mx, a, b, {x.data(), 64, {64, 64}}).find("a.x and d overlap") != std::string::npos);
  CHECK(refusal(mx, a, b, {y.data(), 64, {64, 64}}).find("b.x and d overlap") != std::string::npos);
  product_rule bad = mx;
  bad.a.rotation = transformer_engine_hadamard;
  CHECK(refusal(bad, a, b, d) ==
        "lowp::emulated_product: rule: both operands must have the same rotation");
  bad = mx;
  bad.sum.kind = sum_kind::codes;
  CHECK(refusal(bad, a, b, d) ==
        "lowp::emulated_product: rule: the rule of the unit must be usable");
  bad.sum = training_recipes::fp8_hopper.product[0].sum;
  CHECK(
      refusal(bad, a, b, d) ==
      "lowp::emulated_product: rule: scales outside the unit need promote_columns that divide the "
      "columns of blocks");
  bad.sum.promote_columns = 32;
  CHECK(refusal(bad, a, b, d) ==
        "lowp::emulated_product: rule: scales of a unit need operands in blocks of that scale, "
        "multiples of it in length");
  bad.sum.kind = sum_kind::values;
  CHECK(refusal(bad, a, b, d) ==
        "lowp::emulated_product: rule: a unit of values needs factors and results in binary32, and "
        "no scales");
  bad = training_recipes::fp8_hopper.product[0];
  bad.b.element = formats::e5m2;
  CHECK(refusal(bad, a, b, d) ==
        "lowp::emulated_product: rule: a unit of codes needs operands whose elements are of its "
        "formats");
  CHECK(z == std::vector<float>(64 * 64, 3.0f));
}
