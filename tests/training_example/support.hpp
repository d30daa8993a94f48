// SPDX-License-Identifier: Apache-2.0
// Numbers for tests of the language model, and what they are compared with.
#ifndef LOWP_TESTS_TRAINING_EXAMPLE_SUPPORT_HPP
#define LOWP_TESTS_TRAINING_EXAMPLE_SUPPORT_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "../../examples/language/task_source.hpp"
#include "../../examples/language/trainer.hpp"
#include "reference.hpp"

namespace language {

// Of normal distribution; the seed is the shape.
inline matrix random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937 random(seed * 1000003u + static_cast<unsigned>(rows * 4099 + columns));
  std::normal_distribution<float> normal;
  matrix m = matrix_of(rows, columns);
  for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = normal(random);
  return m;
}

inline reference::table table_of(const matrix& m) {
  reference::table t;
  for (std::size_t i = 0; i < rows_of(m); ++i) {
    t.emplace_back(row_of(m, i), row_of(m, i) + columns_of(m));
  }
  return t;
}

// The greatest difference over the greatest number of the reference.
inline double error_of(const matrix& m, const reference::table& t) {
  double error = 0, greatest = 0;
  for (std::size_t i = 0; i < rows_of(m); ++i) {
    for (std::size_t j = 0; j < columns_of(m); ++j) {
      const double x = row_of(m, i)[j];
      // A NaN is infinitely far away.
      error = std::max(error, std::isfinite(x) ? std::abs(x - t[i][j]) : INFINITY);
      greatest = std::max(greatest, std::abs(t[i][j]));
    }
  }
  return error / greatest;
}

inline double dot(const reference::table& x, const reference::table& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x[i].size(); ++j) sum += x[i][j] * y[i][j];
  }
  return sum;
}

// All derivatives of f() by the numbers of a table that it reads.
template <class F>
reference::table derivatives(reference::table& x, const F& f) {
  reference::table d = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x[i].size(); ++j) d[i][j] = reference::derivative(x[i][j], f);
  }
  return d;
}

inline bool same_bits(const matrix& a, const matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

// A training of seconds.
inline training_setting small_setting(const std::string& recipe, std::uint64_t steps) {
  training_setting s;
  s.recipe = recipe;
  s.shape = {.layers = 2, .width = 32, .heads = 2, .sequence = 24};
  s.batch = 4;
  s.steps = steps;
  s.held_out = 8;
  s.optimiser.warm_up = 5;
  return s;
}
inline trainer small_trainer(const training_setting& s, unsigned threads = 1,
                             const char* task_name = "copy") {
  return trainer(s, lowp::find_training_recipe(s.recipe.c_str())->value,
                 std::make_unique<task_source>(*find_task(task_name), s.shape.sequence), threads);
}

}  // namespace language

#endif  // LOWP_TESTS_TRAINING_EXAMPLE_SUPPORT_HPP
