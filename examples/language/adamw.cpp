// SPDX-License-Identifier: Apache-2.0
#include "adamw.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numbers>

#include <lowp/training/storage.hpp>

#include "fixed_sums.hpp"

namespace language {

double rate_of_step(const adamw_setting& s, std::uint64_t step, std::uint64_t steps) {
  if (step < s.warm_up) {
    return s.rate * static_cast<double>(step + 1) / static_cast<double>(s.warm_up);
  }
  const std::uint64_t falling = steps > s.warm_up + 1 ? steps - s.warm_up - 1 : 1;
  const double done =
      std::min(1.0, static_cast<double>(step - s.warm_up) / static_cast<double>(falling));
  return s.rate * (0.55 + 0.45 * std::cos(std::numbers::pi * done));
}

double gradient_norm(std::span<const parameter> parameters, double scale,
                     lowp::thread_pool& threads) {
  constexpr std::size_t side_by_side = 64;  // sums at once are faster; they are added up exactly
  order_free_sums all(side_by_side);
  std::mutex mutex;
  threads.run(parameters.size(), [&](std::size_t which) {
    const matrix& g = parameters[which].gradient;
    const auto n = static_cast<std::size_t>(g.size());
    order_free_sums here(side_by_side);
    std::array<double, side_by_side> squares;
    for (std::size_t i = 0; i < n; i += side_by_side) {
      const std::size_t part = std::min(side_by_side, n - i);
      for (std::size_t j = 0; j < part; ++j) {
        const double x = g.data()[i + j] / scale;
        squares[j] = x * x;
      }
      here.add(0, squares.data(), part);
    }
    const std::lock_guard hold(mutex);
    all.add(here);
  });
  return std::sqrt(all.total());
}

void update(std::span<parameter> parameters, const adamw_setting& s, const adamw_step& step,
            const lowp::training_recipe& recipe, lowp::thread_pool& threads) {
  const auto n = static_cast<double>(step.updates);
  const auto factor = static_cast<float>(step.factor), b1 = static_cast<float>(s.beta1),
             b2 = static_cast<float>(s.beta2), c1 = static_cast<float>(1 - s.beta1),
             c2 = static_cast<float>(1 - s.beta2), epsilon = static_cast<float>(s.epsilon),
             unbias1 = static_cast<float>(1 / (1 - std::pow(s.beta1, n))),
             unbias2 = static_cast<float>(1 / (1 - std::pow(s.beta2, n))),
             rate = static_cast<float>(step.rate);
  threads.run(parameters.size(), [&](std::size_t which) {
    parameter& p = parameters[which];
    const float keep = p.decays ? static_cast<float>(1 - step.rate * s.decay) : 1.0f;
    const float* gradient = p.gradient.data();
    float *w = p.value.data(), *m = p.first_moment.data(), *v = p.second_moment.data();
    for (Eigen::Index i = 0; i < p.value.size(); ++i) {
      const float g = gradient[i] * factor;
      m[i] = b1 * m[i] + c1 * g;
      v[i] = b2 * v[i] + c2 * (g * g);
      w[i] = w[i] * keep - rate * (m[i] * unbias1) / (std::sqrt(v[i] * unbias2) + epsilon);
    }
    using enum lowp::training_draw;
    const auto keep_as = [&](matrix& x, const lowp::storage_rule& rule, lowp::training_draw draw) {
      lowp::store(rule, {x.data(), static_cast<std::size_t>(x.size())},
                  lowp::source_of(step.seed, step.step, p.id, draw));
    };
    keep_as(p.value, recipe.weights, weights);
    keep_as(p.first_moment, recipe.first_moment, first_moment);
    keep_as(p.second_moment, recipe.second_moment, second_moment);
  });
}

}  // namespace language
