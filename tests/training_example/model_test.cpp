// SPDX-License-Identifier: Apache-2.0
// The whole language model in binary32 against its definition in binary64: logits, and gradients of
// all tensors against differences.
#include <set>

#include <doctest/doctest.h>

#include "../../examples/language/cross_entropy.hpp"
#include "../../examples/language/fixed_sums.hpp"
#include "support.hpp"

using namespace language;

namespace {

constexpr model_shape tiny{.layers = 2, .width = 16, .heads = 2, .sequence = 7};

reference::parameters parameters_of(const model& m) {
  reference::parameters all;
  for (const parameter& p : m.parameters()) all[p.name] = table_of(p.value);
  return all;
}

}  // namespace

TEST_CASE("logits and gradients of the model in binary32") {
  lowp::thread_pool threads(2);
  model m(tiny, lowp::training_recipes::f32, 3);
  // Gains other than 1, so that a forgotten one shows.
  for (parameter& p : m.parameters()) {
    if (!p.decays) p.value += 0.3f * random_matrix(1, columns_of(p.value), p.id);
  }
  const batch b = task_source(*find_task("copy"), 8).training(1, 2, 0, 3);
  std::vector<std::uint8_t> tokens(b.tokens.begin(), b.tokens.begin() + 21);
  std::vector<std::int16_t> targets(b.targets.begin(), b.targets.begin() + 21);
  const pass p{threads, 1, 1};
  const matrix logits = m.forward(tokens, p);
  reference::parameters all = parameters_of(m);
  const auto right = [&] {
    return reference::logits(all, tokens, tiny.layers, tiny.sequence, tiny.head());
  };
  CHECK(error_of(logits, right()) < 1e-5);

  matrix of_logits;
  const loss_sum loss = cross_entropy(logits, targets, 1, counted(targets), &of_logits, threads);
  const auto right_loss = [&] { return reference::cross_entropy(right(), targets); };
  CHECK(loss.mean() == doctest::Approx(right_loss()).epsilon(1e-6));
  m.backward(tokens, of_logits, p);
  for (const parameter& t : m.parameters()) {
    CAPTURE(t.name);
    const double greatest = t.gradient.cwiseAbs().maxCoeff();
    CHECK(greatest > 1e-5);
    // The greatest, and some others.
    Eigen::Index row = 0, column = 0;
    t.gradient.cwiseAbs().maxCoeff(&row, &column);
    std::set<std::pair<Eigen::Index, Eigen::Index>> places{{row, column}};
    std::mt19937 random(t.id);
    while (places.size() < 8) {
      const auto below = [&](Eigen::Index n) {
        return static_cast<Eigen::Index>(random() % static_cast<std::uint64_t>(n));
      };
      // Most bytes have no token here, so no gradient.
      const Eigen::Index of =
          t.name == "embedding" ? tokens[random() % tokens.size()] : below(t.value.rows());
      places.emplace(of, below(t.value.cols()));
    }
    for (const auto& [i, j] : places) {
      double& number = all[t.name][static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      const double difference = reference::derivative(number, right_loss);
      const double error = std::abs(static_cast<double>(t.gradient(i, j)) - difference);
      CHECK_MESSAGE(error < 2e-5 * greatest, t.gradient(i, j), " is not ", difference);
    }
  }
}

TEST_CASE("a sequence has the same gradients of itself whatever else is in the batch") {
  // With exact sums, so that Eigen's blocks do not matter; gradients of gains and of the embedding
  // are sums over all tokens, here of the same tokens in two orders.
  lowp::thread_pool threads(1), more(2);
  const batch b = task_source(*find_task("copy"), 16).training(1, 1, 0, 4);
  const model_shape shape{.layers = 1, .width = 32, .heads = 2, .sequence = 16};
  const auto half = [&](std::size_t first) {
    return std::vector<std::uint8_t>(b.tokens.begin() + static_cast<std::ptrdiff_t>(first),
                                     b.tokens.begin() + static_cast<std::ptrdiff_t>(first) + 32);
  };
  std::vector<std::uint8_t> swapped = half(32);
  for (const std::uint8_t t : half(0)) swapped.push_back(t);

  model m(shape, lowp::training_recipes::f32_exact, 1);
  const matrix whole = m.forward(b.tokens, {more, 1, 1});
  const matrix in_order = whole * 0.01f;
  m.backward(b.tokens, in_order, {more, 1, 1});
  const matrix embedding = m.parameters()[0].gradient, gain = m.parameters()[1].gradient;

  const matrix first = m.forward(half(0), {threads, 1, 1});
  CHECK(same_bits(first, whole.topRows(32)));
  const matrix other = m.forward(swapped, {threads, 1, 1});
  CHECK(same_bits(other.bottomRows(32), whole.topRows(32)));
  const matrix out_of_order = other * 0.01f;
  m.backward(swapped, out_of_order, {threads, 1, 1});
  CHECK(same_bits(m.parameters()[0].gradient, embedding));
  CHECK(same_bits(m.parameters()[1].gradient, gain));
}

TEST_CASE("initial values have the deviation that they should, and follow the seed") {
  const model_shape shape;
  const model a(shape, lowp::training_recipes::f32, 1), b(shape, lowp::training_recipes::mxfp8, 1),
      c(shape, lowp::training_recipes::f32, 2);
  CHECK(a.digest() == b.digest());
  CHECK(a.digest() != c.digest());
  CHECK(a.size() == 492160);
  for (const parameter& p : a.parameters()) {
    CAPTURE(p.name);
    const double n = static_cast<double>(p.value.size());
    const double deviation = std::sqrt(static_cast<double>(p.value.squaredNorm()) / n);
    double right = 1;
    if (p.decays && p.name != "embedding") {
      right = 1 / std::sqrt(static_cast<double>(p.value.cols()));
      if (p.name == "head") right /= 4;
      if (p.name.ends_with(".o") || p.name.ends_with(".down")) right /= 2;
    }
    CHECK(deviation == doctest::Approx(right).epsilon(0.02));
    if (p.decays) CHECK(std::abs(p.value.mean()) < 4 * right / std::sqrt(n));
  }
}

TEST_CASE("plain blocks and the head multiply in bfloat16, or as recipes of exact sums do") {
  const auto recipe = [](const char* name) { return lowp::find_training_recipe(name)->value; };
  const auto products_equal = [](const lowp::training_recipe& a, const lowp::training_recipe& b) {
    return a.product[0] == b.product[0] && a.product[1] == b.product[1] &&
           a.product[2] == b.product[2];
  };
  CHECK(products_equal(recipe_of_head(recipe("mxfp4")), recipe("bf16")));
  CHECK(products_equal(recipe_of_head(recipe("mxfp8_blackwell")), recipe("bf16")));
  CHECK(products_equal(recipe_of_head(recipe("f32")), recipe("f32")));
  CHECK(products_equal(recipe_of_head(recipe("f32_exact")), recipe("f32_exact")));
  const lowp::training_recipe exact = recipe_of_head(recipe("mxfp8_exact"));
  CHECK(exact.product[1].a == recipe("bf16").product[1].a);
  CHECK(exact.product[1].sum == recipe("mxfp8_exact").product[1].sum);
  CHECK(products_equal(recipe_of_block(recipe("nvfp4"), 0, 2), recipe("nvfp4")));
  CHECK(products_equal(recipe_of_block(recipe("nvfp4"), 1, 2), recipe("bf16")));
  CHECK(products_equal(recipe_of_block(recipe("mxfp4"), 1, 2), recipe("mxfp4")));
  for (const lowp::named_training_recipe& r : lowp::all_training_recipes) {
    CAPTURE(r.name);
    for (const lowp::product_rule& p : recipe_of_head(r.value).product) {
      CHECK(lowp::check(p) == lowp::product_rule_error::none);
    }
  }
}

TEST_CASE("shapes that are none") {
  const auto refusal = [](model_shape s) -> std::string {
    try {
      s.check();
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "";
  };
  CHECK(refusal({}) == "");
  CHECK(refusal({.layers = 0}) == "layers: 0 is not from 1 to 64");
  CHECK(refusal({.width = 100}) == "width: 100 is not a multiple of 16 from 16 to 4096");
  CHECK(refusal({.heads = 0}).starts_with("heads: 0 is not"));
  CHECK(refusal({.heads = 3}).starts_with("heads: 3 is not"));
  CHECK(refusal({.width = 48, .heads = 16}).starts_with("heads: 16 is not"));
  CHECK(refusal({.sequence = 1}) == "sequence: 1 is not from 2 to 4096");
}
