// SPDX-License-Identifier: Apache-2.0
// AdamW against a computation in binary64 by the paper's algorithm, and what it stores.
#include "../../examples/language/adamw.hpp"

#include <array>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/types.hpp>

#include "support.hpp"

using namespace language;

namespace {

std::vector<parameter> two_parameters() {
  std::vector<parameter> all;
  for (std::uint32_t id = 0; id < 2; ++id) {
    const matrix zero = matrix_of(3, 40);
    all.push_back(
        {"p" + std::to_string(id), id, id == 0, random_matrix(3, 40, id), zero, zero, zero});
  }
  return all;
}

}  // namespace

TEST_CASE("AdamW of ten steps") {
  lowp::thread_pool threads(2);
  std::vector<parameter> all = two_parameters();
  const adamw_setting s{.rate = 0.01, .decay = 0.3};
  std::array<reference::table, 2> w{table_of(all[0].value), table_of(all[1].value)}, m, v;
  for (auto* t : {&m, &v}) t->fill(reference::table(3, reference::vector(40)));
  for (std::uint64_t step = 1; step <= 10; ++step) {
    const double rate = 0.001 * static_cast<double>(step);
    for (std::size_t i = 0; i < 2; ++i) {
      all[i].gradient = 0.01f * random_matrix(3, 40, static_cast<unsigned>(100 * step + i));
      const reference::table g = table_of(all[i].gradient);
      for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t c = 0; c < 40; ++c) {
          // Algorithm 2 of the paper, with its schedule multiplier in the rate.
          double& x = w[i][r][c];
          const double gradient = g[r][c] / 4;
          m[i][r][c] = 0.9 * m[i][r][c] + (1 - 0.9) * gradient;
          v[i][r][c] = 0.95 * v[i][r][c] + (1 - 0.95) * gradient * gradient;
          const double m1 = m[i][r][c] / (1 - std::pow(0.9, step)),
                       v1 = v[i][r][c] / (1 - std::pow(0.95, step));
          x -= rate * (m1 / (std::sqrt(v1) + 1e-8) + (i == 0 ? 0.3 : 0.0) * x);
        }
      }
    }
    update(all, s, {.step = step, .updates = step, .rate = rate, .factor = 0.25},
           lowp::training_recipe{}, threads);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(error_of(all[i].value, w[i]) < 1e-6);
    CHECK(error_of(all[i].first_moment, m[i]) < 2e-6);
    CHECK(error_of(all[i].second_moment, v[i]) < 2e-6);
  }
}

TEST_CASE("weights and moments are kept in the formats of the recipe, stochastically by place") {
  lowp::thread_pool threads(1);
  const lowp::projection up{.round = lowp::rounding::stochastic_a, .random_bits = 16};
  lowp::training_recipe recipe;
  recipe.weights = {.element = lowp::formats::bfloat16, .conversion = up};
  recipe.second_moment = {.element = lowp::formats::binary16};
  std::vector<parameter> plain = two_parameters(), kept = plain, again = plain, later = plain;
  for (auto* all : {&plain, &kept, &again, &later}) {
    for (parameter& p : *all) p.gradient = random_matrix(3, 40, 7 + p.id);
  }
  const adamw_step step{.seed = 5, .step = 9, .rate = 1e-3};
  update(plain, adamw_setting{}, step, lowp::training_recipe{}, threads);
  update(kept, adamw_setting{}, step, recipe, threads);
  update(again, adamw_setting{}, step, recipe, threads);
  update(later, adamw_setting{}, {.seed = 5, .step = 10, .rate = 1e-3}, recipe, threads);
  int wrong = 0, differ = 0, other = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const lowp::random_source random =
        lowp::source_of(5, 9, plain[i].id, lowp::training_draw::weights);
    for (Eigen::Index j = 0; j < plain[i].value.size(); ++j) {
      const float before = plain[i].value.data()[j];
      const auto code = lowp::convert<lowp::bfloat16>(
          lowp::float32{before}, up,
          lowp::random_bits_of(random, static_cast<std::uint64_t>(j), 16));
      wrong += static_cast<float>(code) != kept[i].value.data()[j];
      differ += before != kept[i].value.data()[j];
      other += later[i].value.data()[j] != kept[i].value.data()[j];
      const lowp::float16 v =
          lowp::convert<lowp::float16>(lowp::float32{plain[i].second_moment.data()[j]});
      wrong += static_cast<float>(v) != kept[i].second_moment.data()[j];
      wrong += plain[i].first_moment.data()[j] != kept[i].first_moment.data()[j];
    }
    CHECK(same_bits(kept[i].value, again[i].value));
  }
  CHECK(wrong == 0);
  CHECK(differ > 200);  // of 240
  CHECK(other > 20);
}

TEST_CASE("the norm of all gradients") {
  lowp::thread_pool one(1), more(3);
  std::vector<parameter> all = two_parameters();
  all[0].gradient = random_matrix(3, 40, 1), all[1].gradient = 100 * random_matrix(3, 40, 2);
  double squares = 0;
  for (const parameter& p : all) squares += p.gradient.cast<double>().squaredNorm();
  const double norm = gradient_norm(all, 1, one);
  CHECK(norm == doctest::Approx(std::sqrt(squares)).epsilon(1e-12));
  CHECK(norm == gradient_norm(all, 1, more));
  // However great the loss scale is.
  for (parameter& p : all) p.gradient *= 0x1p60f;
  CHECK(gradient_norm(all, 0x1p60, one) == norm);
  std::swap(all[0].gradient, all[1].gradient);
  CHECK(gradient_norm(all, 0x1p60, more) == norm);
  all[1].gradient(2, 3) = INFINITY;
  CHECK_FALSE(std::isfinite(gradient_norm(all, 1, one)));
}

TEST_CASE("the rate grows, then falls to a tenth") {
  const adamw_setting s{.rate = 2, .warm_up = 4};
  CHECK(rate_of_step(s, 0, 100) == 0.5);
  CHECK(rate_of_step(s, 3, 100) == 2);
  CHECK(rate_of_step(s, 4, 100) == 2);
  CHECK(rate_of_step(s, 99, 100) == doctest::Approx(0.2));
  for (std::uint64_t step = 5; step < 100; ++step) {
    CHECK(rate_of_step(s, step, 100) < rate_of_step(s, step - 1, 100));
  }
  CHECK(rate_of_step(s, 4, 3) == 2);  // fewer steps than the warm-up has
  CHECK(rate_of_step({.rate = 1, .warm_up = 0}, 0, 10) == 1);
}
