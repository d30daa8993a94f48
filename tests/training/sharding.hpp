// SPDX-License-Identifier: Apache-2.0
/// \file
/// Layers that ranks share, beside one that holds it all.
#ifndef LOWP_TESTS_TRAINING_SHARDING_HPP
#define LOWP_TESTS_TRAINING_SHARDING_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <lowp/training/sharded_linear.hpp>
#include <lowp/training/training_recipes.hpp>

namespace sharding {

using namespace lowp;

struct matrix {
  std::uint64_t rows, columns;
  std::vector<float> x;

  matrix(std::uint64_t r, std::uint64_t c) : rows(r), columns(c), x(r * c) {}
  number_matrix<const float> in() const { return {x.data(), columns, {rows, columns}}; }
  number_matrix<float> out() { return {x.data(), columns, {rows, columns}}; }
  friend bool operator==(const matrix& a, const matrix& b) {
    return a.rows == b.rows && a.columns == b.columns &&
           std::memcmp(a.x.data(), b.x.data(), 4 * a.x.size()) == 0;
  }
};

// Numbers as tensors have them, few of them great.
inline matrix numbers(std::uint64_t rows, std::uint64_t columns, std::uint32_t seed) {
  std::mt19937 random(seed);
  matrix m(rows, columns);
  std::normal_distribution<float> normal;
  for (float& x : m.x) x = normal(random) * (random() % 97 == 0 ? 30.0f : 1.0f);
  return m;
}

// The part of one of `ranks` equal ones, of rows or of columns.
inline matrix part_of_rows(const matrix& m, rank_of r) {
  matrix p(m.rows / r.size, m.columns);
  std::copy_n(m.x.begin() + static_cast<std::ptrdiff_t>(r.rank * p.x.size()), p.x.size(),
              p.x.begin());
  return p;
}
inline matrix part_of_columns(const matrix& m, rank_of r) {
  matrix p(m.rows, m.columns / r.size);
  for (std::uint64_t i = 0; i < p.rows; ++i) {
    std::copy_n(m.x.begin() + static_cast<std::ptrdiff_t>(i * m.columns + r.rank * p.columns),
                p.columns, p.x.begin() + static_cast<std::ptrdiff_t>(i * p.columns));
  }
  return p;
}

enum class cut { none, rows, columns };
inline matrix part_of(const matrix& m, cut c, rank_of r) {
  return c == cut::rows ? part_of_rows(m, r) : c == cut::columns ? part_of_columns(m, r) : m;
}

// How the matrices of a layer are cut, by `layer_split`.
struct cuts {
  cut x, w, y;
};
inline constexpr cuts cuts_of[] = {{cut::rows, cut::none, cut::rows},
                                   {cut::columns, cut::columns, cut::none},
                                   {cut::none, cut::rows, cut::columns}};

inline constexpr std::uint32_t slices = 4;

// The least length of a dimension that `slices` can share.
inline std::uint64_t length(const training_recipe& r) {
  std::uint64_t least = 1;
  for (const product_rule& p : r.product) {
    if (p.sum.kind != sum_kind::binary32) least = std::max<std::uint64_t>(least, p.sum.unit.unit.k);
    for (const operand_rule& o : {p.a, p.b}) {
      least = std::max<std::uint64_t>(least, o.rotation.size);
      if (o.kind == operand_kind::blocks) {
        least = std::max<std::uint64_t>({least, o.block.rows, o.block.columns});
      }
    }
  }
  return slices * least;
}

// The same operands with exact sums of values, which ranks can share.
inline training_recipe shareable(training_recipe r) {
  for (product_rule& p : r.product) {
    p.sum = {.kind = sum_kind::values,
             .unit = {.unit = mma_rows::exact_dot(formats::binary32, formats::binary32,
                                                  formats::binary32, 32)}};
  }
  return with_slices(r, slices);
}

inline const char* name_of(layer_split s) {
  return s == layer_split::tokens ? "tokens" : s == layer_split::inputs ? "inputs" : "outputs";
}

/// What a rank saw.
struct outcome {
  std::uint64_t different = 0, matrices = 0;
  std::string first;  ///< that differs

  void compare(const matrix& got, const matrix& want, const std::string& what) {
    ++matrices;
    if (!(got == want) && different++ == 0) first = what;
  }
};

/// Three steps of a layer that `ranks` share in one dimension.
inline void compare(const named_training_recipe& row, layer_split split, transport& ranks,
                    outcome& all) {
  const rank_of self = ranks.self();
  const training_recipe recipe = shareable(row.value);
  const std::uint64_t n = length(recipe);
  const cuts& c = cuts_of[static_cast<std::size_t>(split)];
  emulated_linear whole(recipe, 7);
  sharded_linear shared(recipe, 7, split, ranks);
  for (std::uint32_t step = 1; step <= 3; ++step) {
    matrix x = numbers(n, n, step);
    const matrix w = numbers(n, n, 100 + step), dy = numbers(n, n, 200 + step);
    // So that delayed factors move.
    for (float& v : x.x) v *= static_cast<float>(step * step);
    matrix y(n, n), dx(n, n), dw(n, n);
    const linear_options o{.seed = 3, .step = step};
    whole.forward(x.in(), w.in(), y.out(), o);
    whole.backward(x.in(), w.in(), dy.in(), dx.out(), dw.out(), o);
    const matrix my_x = part_of(x, c.x, self), my_w = part_of(w, c.w, self),
                 my_dy = part_of(dy, c.y, self);
    matrix my_y = my_dy, my_dx = my_x, my_dw = my_w;
    shared.forward(my_x.in(), my_w.in(), my_y.out(), o);
    shared.backward(my_x.in(), my_w.in(), my_dy.in(), my_dx.out(), my_dw.out(), o);
    const std::string where =
        std::string(row.name) + ", " + name_of(split) + ", step " + std::to_string(step) + ", ";
    all.compare(my_y, part_of(y, c.y, self), where + "Y");
    all.compare(my_dx, part_of(dx, c.x, self), where + "dX");
    all.compare(my_dw, part_of(dw, c.w, self), where + "dW");
  }
  if (!(shared.layer().state() == whole.state()) && all.different++ == 0) {
    all.first = std::string(row.name) + ", " + name_of(split) + ", delayed factors";
  }
}

inline constexpr layer_split all_splits[] = {layer_split::tokens, layer_split::inputs,
                                             layer_split::outputs};

}  // namespace sharding

#endif  // LOWP_TESTS_TRAINING_SHARDING_HPP
