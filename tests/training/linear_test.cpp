// SPDX-License-Identifier: Apache-2.0
/// \file
/// The linear layer: its three products, delayed factors over steps, random streams, storage, loss
/// scaling; and the registry.
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include <doctest/doctest.h>

#include <lowp/training/training.hpp>

#include "training_inputs.hpp"

using namespace lowp;
using namespace training_inputs;

namespace {

/// Matrices of a layer.
struct layer {
  row_matrix x, w, dy;
  layer(int tokens, int inputs, int outputs) {
    const auto fill = [](row_matrix& m, int rows, int columns, std::uint32_t seed) {
      m.resize(rows, columns);
      const auto v = draw(static_cast<std::size_t>(m.size()), 0, seed);
      std::memcpy(m.data(), v.data(), v.size() * sizeof(float));
    };
    fill(x, tokens, inputs, 1);
    fill(w, outputs, inputs, 2);
    fill(dy, tokens, outputs, 3);
  }
};

}  // namespace

TEST_CASE("TRN-1 forward and both backward products in binary32 are those of matrices") {
  const layer l(33, 20, 47);
  emulated_linear linear(training_recipes::f32);
  row_matrix y(33, 47), dx(33, 20), dw(47, 20);
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(y));
  linear.backward(numbers_of(l.x), numbers_of(l.w), numbers_of(l.dy), numbers_of(dx),
                  numbers_of(dw));
  CHECK((y - l.x * l.w.transpose()).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK((dx - l.dy * l.w).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK((dw - l.dy.transpose() * l.x).cwiseAbs().maxCoeff() < 1e-5f);
  // The gradient of sum(y * dy) by differences.
  emulated_linear plain(training_recipes::f32);
  for (const int at : {0, 137, 47 * 20 - 1}) {
    row_matrix w = l.w, up(33, 47), down(33, 47);
    w.data()[at] += 0.5f;
    plain.forward(numbers_of(l.x), numbers_of(w), numbers_of(up));
    w.data()[at] -= 1.0f;
    plain.forward(numbers_of(l.x), numbers_of(w), numbers_of(down));
    const float slope = ((up - down).array() * l.dy.array()).sum();
    CHECK(slope == doctest::Approx(dw.data()[at]).epsilon(1e-3));
  }
  // Wanted gradients only, and added ones.
  row_matrix twice = dw;
  linear_options add;
  add.accumulate = true;
  linear.backward(numbers_of(l.x), numbers_of(l.w), numbers_of(l.dy), {}, numbers_of(twice), add);
  CHECK((twice - 2 * dw).cwiseAbs().maxCoeff() < 1e-4f);
}

TEST_CASE("TRN-4 delayed factors follow the amaxes of earlier steps") {
  operand_rule rule = find_training_recipe("fp8_delayed_16")->value.product[0].a;
  rule.history = 3;
  scale_state s;
  const auto see = [&](std::uint64_t step, float amax) {
    begin_step(rule, s, step);
    note_amax(s, amax);
    return s.scale;
  };
  CHECK(see(1, 2) == 1);  // nothing is known
  CHECK(see(1, 4) == 1);
  CHECK(see(2, 1) == 112);  // 448 / 4
  CHECK(see(3, 1) == 112);
  CHECK(see(4, 1) == 112);
  CHECK(see(5, 1) == 448);  // 4 is three steps behind
  CHECK(see(6, std::numeric_limits<float>::infinity()) == 448);
  CHECK(see(7, 8) == 448);  // an infinity in the history leaves it
  CHECK(s.history.size() == 3);
  rule.choice = amax_choice::latest;
  CHECK(see(8, 0) == 56);
  CHECK(see(9, 0) == 56);  // of zeros nothing follows
  // A margin, a power of two, tiny and zero amaxes.
  CHECK(factor_of_amax(rule, 0) == 0x3f800000);
  CHECK(factor_of_amax(rule, 0x7f800000) == 0x3f800000);
  CHECK(factor_of_amax(rule, 1) == 0x7f7fffff);
  rule.margin = 2;
  CHECK(std::bit_cast<float>(factor_of_amax(rule, 0x40800000)) == 28);  // 112 / 4
  rule.power_of_two = true;
  CHECK(std::bit_cast<float>(factor_of_amax(rule, 0x40800000)) == 16);
}

TEST_CASE("TRN-4 a call that is refused begins no step") {
  const layer l(40, 64, 32);
  emulated_linear linear(*find_training_recipe("fp8_delayed_16"));
  row_matrix y(40, 32), dx(40, 64), dw(32, 64), small(3, 3);
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(y), {.step = 1});
  const linear_state before = linear.state();
  CHECK_THROWS_AS(linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(small), {.step = 2}),
                  array_error);
  CHECK(linear.state() == before);
  // The second of two products is refused: the first is not computed.
  dx.setConstant(7);
  CHECK_THROWS_AS(linear.backward(numbers_of(l.x), numbers_of(l.w), numbers_of(l.dy),
                                  numbers_of(dx), numbers_of(small), {.step = 2}),
                  array_error);
  CHECK(linear.state() == before);
  CHECK(dx == row_matrix::Constant(40, 64, 7));
  // The first would change what the second reads, or writes.
  row_matrix x = l.x;
  CHECK_THROWS_AS(linear.backward(numbers_of(x), numbers_of(l.w), numbers_of(l.dy), numbers_of(x),
                                  numbers_of(dw), {.step = 2}),
                  array_error);
  CHECK(x == l.x);
  CHECK_THROWS_AS(linear.backward(numbers_of(l.x), numbers_of(l.w), numbers_of(l.dy),
                                  numbers_of(dx), {dx.data(), 64, {32, 64}}, {.step = 2}),
                  array_error);
  CHECK(linear.state() == before);
  CHECK(dx == row_matrix::Constant(40, 64, 7));
}

TEST_CASE("TRN-4 a layer's states learn in training and not in evaluations") {
  const layer l(40, 64, 32);
  emulated_linear linear(*find_training_recipe("fp8_delayed_16"));
  row_matrix y(40, 32), first(40, 32);
  linear_options o;
  o.step = 1;
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(first), o);
  const float amax = l.x.cwiseAbs().maxCoeff();
  CHECK(linear.state().operand[0].amax == amax);
  CHECK(linear.state().operand[0].scale == 1);
  const linear_state before = linear.state();
  o.step = 7;
  o.training = false;
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(y), o);
  CHECK(linear.state() == before);
  CHECK(y == first);
  const row_matrix large = 3 * l.x;
  linear.forward(numbers_of(large), numbers_of(l.w), numbers_of(y), o);
  CHECK(linear.state() == before);
  o.step = 2;
  o.training = true;
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(y), o);
  CHECK(linear.state().operand[0].scale == 448 / amax);
  CHECK(linear.state().operand[0].history == std::vector<float>{amax});
  // A state that was written and read goes on with the same bits.
  emulated_linear other(linear.recipe());
  other.state() = linear.state();
  row_matrix a(40, 32), b(40, 32);
  o.step = 3;
  linear.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(a), o);
  other.forward(numbers_of(l.x), numbers_of(l.w), numbers_of(b), o);
  CHECK(a == b);
}

TEST_CASE("TRN-9 streams of steps, tensors and draws are apart") {
  std::set<std::uint64_t> streams;
  std::size_t n = 0;
  for (const std::uint64_t step : {0ull, 1ull, 255ull, 1ull << 35}) {
    for (const std::uint32_t tensor : {0u, 1u, 15u, 16u, 0xffffffu}) {
      for (int d = 0; d <= static_cast<int>(training_draw::initial); ++d) {
        const auto s = source_of(3, step, tensor, static_cast<training_draw>(d));
        CHECK(s.seed == 3);
        streams.insert(s.stream);
        ++n;
      }
    }
  }
  CHECK(streams.size() == n);
  CHECK(source_of(0, 5, 6, training_draw::weights).stream == (5ull << 28 | 6u << 4 | 6u));
  CHECK(draw_of(training_product::weight_gradient, true) == training_draw::weight_gradient_b);
}

TEST_CASE("TRN-10 stored numbers are those of the format") {
  std::vector<float> x = draw(70001, 1, 5), whole = x;
  const storage_rule rule = find_training_recipe("bf16_stored_stochastic")->value.weights;
  const random_source source = source_of(1, 2, 3, training_draw::weights);
  store(rule, whole, source);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const code_t q = convert(formats::binary32, std::bit_cast<std::uint32_t>(x[i]), rule.element,
                             rule.conversion, random_word_of(rule.conversion, source, i));
    wrong += convert(formats::bfloat16, q, formats::binary32, {}) !=
             std::bit_cast<std::uint32_t>(whole[i]);
  }
  CHECK(wrong == 0);
  // A part of it.
  std::vector<float> part(x.begin() + 1001, x.begin() + 5000);
  store(rule, part, source, {.first = 1001});
  CHECK(std::memcmp(part.data(), whole.data() + 1001, part.size() * sizeof(float)) == 0);
}

TEST_CASE("TRN-11 the factor of the loss grows and backs off") {
  const loss_scaling rule{.initial = 1024, .growth_interval = 3};
  loss_scaler s(rule);
  CHECK(s.update(rule, true));
  CHECK(s.update(rule, true));
  CHECK(s.scale == 1024);
  CHECK(s.update(rule, true));
  CHECK(s.scale == 2048);
  // An overflow begins the count again.
  CHECK(s.update(rule, true));
  CHECK(!s.update(rule, false));
  CHECK(s.scale == 1024);
  for (int i = 0; i < 2; ++i) CHECK(s.update(rule, true));
  CHECK(s.scale == 1024);
  CHECK(s.update(rule, true));
  CHECK(s.scale == 2048);
  loss_scaler fixed(loss_scaling{.initial = 8});
  CHECK(!fixed.update(loss_scaling{.initial = 8}, false));
  CHECK(fixed.scale == 8);
  loss_scaler huge(rule);
  huge.scale = std::ldexp(1.0f, 127);
  for (int i = 0; i < 3; ++i) huge.update(rule, true);
  CHECK(huge.scale == std::ldexp(1.0f, 127));
  std::vector<float> x(100, 1.0f);
  CHECK(all_finite(x));
  x[99] = -std::numeric_limits<float>::infinity();
  CHECK(!all_finite(x));
  x[99] = std::numeric_limits<float>::quiet_NaN();
  CHECK(!all_finite(x));
}

TEST_CASE("TRN-12 registered recipes are usable and have names of their own") {
  std::set<std::string> names;
  for (const named_training_recipe& r : all_training_recipes) {
    names.insert(r.name);
    CHECK(find_training_recipe(r.name) == &r);
    CHECK(check(r.value.gradients) == wire_codec_error::none);
    for (const product_rule& p : r.value.product) {
      INFO(r.name);
      CHECK(std::string(message(check(p))) == "no error");
    }
  }
  CHECK(names.size() == training_recipe_count);
  CHECK(find_training_recipe("nothing") == nullptr);
  const training_recipe& nvfp4 = find_training_recipe("nvfp4")->value;
  CHECK(!is_plain(nvfp4, 0, 2));
  CHECK(is_plain(nvfp4, 1, 2));
  // Which measures NVFP4 has where.
  CHECK(nvfp4.product[0].b.block == block_formats::nvfp4_16x16);
  CHECK(nvfp4.product[0].a.rotation.size == 0);
  CHECK(nvfp4.product[1].a.rotation.size == 0);
  CHECK(nvfp4.product[2].a.rotation == transformer_engine_hadamard);
  CHECK(nvfp4.product[2].b.rotation == transformer_engine_hadamard);
  CHECK(!is_stochastic(nvfp4.product[0].a));
  CHECK(is_stochastic(nvfp4.product[1].a));
  CHECK(is_stochastic(nvfp4.product[2].a));
  CHECK(!is_stochastic(nvfp4.product[2].b));
}
