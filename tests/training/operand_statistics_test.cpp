// SPDX-License-Identifier: Apache-2.0
// Statistics of operands against the definitions of quantisation, number by number.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_statistics.hpp>
#include <lowp/training/operand_definition.hpp>
#include <lowp/training/operand_monitor.hpp>
#include <lowp/training/operand_statistics.hpp>
#include <lowp/training/product.hpp>
#include <lowp/training/training_recipes.hpp>

namespace {

using lowp::operand_kind;
using lowp::tensor_statistics;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

enum class content { plain, wild, special, zeros };

std::vector<float> make_numbers(std::uint32_t seed, std::size_t n, content c) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  if (c == content::zeros) return x;
  for (float& v : x) {
    v = normal(random);
    if (c == content::plain) continue;
    v = std::ldexp(v, static_cast<int>(random() % 60) - 40);
    if (c == content::wild) continue;
    switch (random() % 400) {
      case 0: v = nan; break;
      case 1: v = -infinity; break;
      case 2: v = -0.0f; break;
      case 3: v = std::ldexp(v, -126); break;
      default: break;
    }
  }
  return x;
}

// A matrix as read, its values and its codes, by the definitions.
struct reference {
  lowp::matrix_shape shape;
  std::vector<float> x, v;
  std::vector<std::byte> data, scales;
  std::vector<lowp::float32> outer;

  reference(const lowp::operand_rule& rule, const lowp::operand& in)
      : shape(lowp::shape_as_read(in)), x(lowp::detail::rotated_numbers(rule, in)), v(x.size()) {
    lowp::quantise_operand_definition(rule, in, {v.data(), shape.columns, shape});
    if (rule.kind != operand_kind::blocks) return;
    const lowp::block_matrix m = rule.block;
    const lowp::block_bytes need = lowp::bytes_of(m.layout, shape);
    data.resize(need.data), scales.resize(need.scales);
    std::vector<lowp::float32> amax;
    const bool by_row = rule.block.outer == lowp::outer_scale::row;
    for (std::uint64_t i = 0; i < (by_row ? shape.rows : 1); ++i) {
      const auto some = numbers(by_row ? i : 0, by_row ? 1 : shape.rows);
      amax.push_back(lowp::outer_amax_of(rule.recipe, some));
      outer.push_back(lowp::outer_scale_of(rule.block, rule.recipe, amax.back()));
    }
    const lowp::block_quantisation q{.to = m, .recipe = rule.recipe, .random = in.random};
    REQUIRE(lowp::quantise_matrix(q, numbers(0, shape.rows), amax.data(), {data, scales}) ==
            lowp::block_matrix_error::none);
  }

  lowp::number_matrix<const float> numbers(std::uint64_t row, std::uint64_t rows) const {
    return {x.data() + row * shape.columns, shape.columns, {rows, shape.columns}};
  }
};

bool is_finite(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7f800000) != 0x7f800000; }

// The greatest magnitude that element (i, j) may have, as a number of binary64, and the scale code.
double greatest(const lowp::operand_rule& rule, const reference& r, std::uint64_t i,
                std::uint64_t j, float inverse) {
  const bool negative = r.x[i * r.shape.columns + j] < 0;
  const auto in64 = [](const lowp::exact& e) {
    return std::fabs(double(lowp::float64::from_code(lowp::encode(lowp::formats::binary64, e))));
  };
  const auto top = [&](lowp::format f) { return negative ? lowest(f) : max_finite(f); };
  if (rule.kind == operand_kind::binary32) return std::numeric_limits<double>::infinity();
  if (rule.kind == operand_kind::elements) {
    const double m = in64(lowp::decode(rule.element, top(rule.element)));
    return static_cast<double>(static_cast<float>(m) * inverse);
  }
  const lowp::block_format& f = rule.block;
  const lowp::block_matrix m = f;
  const lowp::block_places places(m.layout, r.shape);
  const lowp::const_block_buffers b{r.data, r.scales};
  const lowp::code_t scale =
      places.read_scale_at(b, places.scales().place(i / f.rows, j / f.columns));
  const int at = static_cast<int>(i % f.rows * f.columns + j % f.columns);
  lowp::exact P = lowp::exact_finite(false, 1, 0);
  if (f.outer != lowp::outer_scale::none) P = decode(lowp::outer_of(f, r.outer.data(), i));
  const double g = in64(lowp::block_value(f, scale, top(f.element), at, P));
  if (!(g > 0 && std::isfinite(g))) return std::numeric_limits<double>::infinity();
  return std::min<double>(g, std::numeric_limits<float>::max());
}

bool is_close(double got, double want) {
  return got == want || std::fabs(got - want) <= 1e-9 * std::fabs(want);
}

// The first field that differs, or nothing.
std::string difference(const tensor_statistics& got, const lowp::operand_rule& rule,
                       const lowp::operand& in) {
  const reference r(rule, in);
  float inverse = 1;
  tensor_statistics want;
  if (rule.kind == operand_kind::elements && rule.scaling != lowp::tensor_scaling::none) {
    float factor = 1;
    if (rule.scaling == lowp::tensor_scaling::delayed) {
      factor = in.scale->scale;
    } else {
      float amax = 0;
      for (const float x : r.x) amax = std::fabs(x) > amax ? std::fabs(x) : amax;
      factor = std::bit_cast<float>(lowp::factor_of_amax(rule, std::bit_cast<std::uint32_t>(amax)));
    }
    inverse = 1.0f / factor;
    want.scales.add(std::bit_cast<std::uint32_t>(inverse));
  }
  for (std::uint64_t i = 0; i < r.shape.rows; ++i) {
    for (std::uint64_t j = 0; j < r.shape.columns; ++j) {
      const std::uint64_t k = i * r.shape.columns + j;
      const double g = greatest(rule, r, i, j, inverse);
      tensor_statistics one;
      one.add(r.x[k], r.v[k], infinity);
      if (is_finite(r.x[k])) {
        const double a = std::fabs(static_cast<double>(r.x[k]));
        one.saturated = a > g ? 1 : 0;
        one.fill = static_cast<float>(a / g);
      }
      want += one;
    }
  }
  if (rule.kind == operand_kind::blocks) {
    const lowp::block_format& f = rule.block;
    const lowp::block_matrix m = f;
    const lowp::block_places places(m.layout, r.shape);
    const lowp::matrix_shape blocks = scale_shape(m.layout, r.shape);
    for (std::uint64_t i = 0; i < blocks.rows; ++i) {
      for (std::uint64_t j = 0; j < blocks.columns; ++j) {
        const lowp::const_block_buffers b{r.data, r.scales};
        const lowp::code_t scale =
            scale_code(f, places.read_scale_at(b, places.scales().place(i, j)));
        want.scales.add(static_cast<std::uint32_t>(
            lowp::encode(lowp::formats::binary32, lowp::decode(f.scale, scale))));
      }
    }
    // And what the blocks say of themselves.
    const lowp::block_statistics b =
        lowp::statistics_of(m, {r.data, r.scales}, r.outer.data(), r.numbers(0, r.shape.rows));
    if (got.numbers != b.elements) return "elements of blocks";
    if (got.underflowed != b.flushed) return "flushed of blocks";
    if (got.not_finite != b.not_finite) return "not finite of blocks";
    if (got.lost != b.lost) return "lost of blocks";
    // Under scales that are zero all numbers underflow; blocks count them as saturated, too.
    if (want.scales.zeros == 0 && b.lost == 0 && got.saturated != b.saturated) {
      return "saturated of blocks";
    }
    if (b.lost == 0 && std::bit_cast<std::uint32_t>(got.amax) != b.amax) return "amax of blocks";
  }
  if (got.numbers != want.numbers) return "numbers";
  if (got.zeros != want.zeros) return "zeros";
  if (got.not_finite != want.not_finite) return "not_finite";
  if (got.lost != want.lost) return "lost";
  if (got.saturated != want.saturated) {
    return "saturated " + std::to_string(got.saturated) + ", not " + std::to_string(want.saturated);
  }
  if (got.underflowed != want.underflowed) return "underflowed";
  if (got.amax != want.amax) return "amax";
  if (std::fabs(got.fill - want.fill) > 1e-6f * want.fill + 1e-40f)
    return "fill " + std::to_string(got.fill) + ", not " + std::to_string(want.fill);
  if (!is_close(got.squares, want.squares)) return "squares";
  if (!is_close(got.value_squares, want.value_squares)) return "value_squares";
  if (!is_close(got.products, want.products)) return "products";
  if (!is_close(got.squared_errors, want.squared_errors)) return "squared_errors";
  if (!is_close(got.relative_errors, want.relative_errors)) return "relative_errors";
  if (got.greatest_relative != want.greatest_relative) return "greatest_relative";
  if (!(got.exponents == want.exponents)) return "exponents";
  if (!(got.scales == want.scales)) return "scales";
  return {};
}

// All operands of a recipe, of few rows and columns and of many.
std::string first_difference(const lowp::named_training_recipe& recipe, const lowp::matrix_shape& s,
                             content c) {
  const std::vector<float> x =
      make_numbers(static_cast<std::uint32_t>(s.columns), s.rows * s.columns, c);
  lowp::scale_state state{.scale = 3.5f};
  for (std::size_t p = 0; p < lowp::training_product_count; ++p) {
    for (const bool is_b : {false, true}) {
      const auto product = static_cast<lowp::training_product>(p);
      const lowp::operand_rule& rule = is_b ? recipe.value.product[p].b : recipe.value.product[p].a;
      const bool transposed = product == lowp::training_product::weight_gradient;
      const lowp::operand in{.x = {x.data(), s.columns, s},
                             .transposed = transposed,
                             .random = {.seed = 5, .stream = 7},
                             .scale = &state};
      const std::string d = difference(lowp::statistics_of(rule, in), rule, in);
      if (!d.empty()) {
        return std::string(recipe.name) + ' ' + name_of(product) + (is_b ? " b: " : " a: ") + d;
      }
      if (state != lowp::scale_state{.scale = 3.5f}) return std::string(recipe.name) + ": state";
    }
  }
  return {};
}

std::string first_difference(const lowp::matrix_shape& s, content c) {
  for (const lowp::named_training_recipe& r : lowp::all_training_recipes) {
    if (const std::string d = first_difference(r, s, c); !d.empty()) return d;
  }
  return {};
}

TEST_CASE("statistics_of: all recipes, number by number (MON-7, MON-8)") {
  CHECK(first_difference({64, 96}, content::plain) == "");
  CHECK(first_difference({37, 65}, content::wild) == "");
  CHECK(first_difference({48, 80}, content::special) == "");
  CHECK(first_difference({5, 32}, content::zeros) == "");
}

TEST_CASE("statistics_of: outer scales of rows, several levels, lopsided elements (MON-7)") {
  const lowp::matrix_shape s{33, 130};
  for (const content c : {content::plain, content::wild, content::special}) {
    const std::vector<float> x = make_numbers(9, s.rows * s.columns, c);
    const lowp::operand in{.x = {x.data(), s.columns, s}};
    for (const lowp::named_block_format& f : lowp::all_block_formats) {
      lowp::operand_rule rule{
          .kind = operand_kind::blocks, .block = f.value, .recipe = lowp::default_recipe(f)};
      if (check(rule) != lowp::operand_rule_error::none) continue;
      CAPTURE(f.name);
      CHECK(difference(lowp::statistics_of(rule, in), rule, in) == "");
    }
  }
}

TEST_CASE("statistics_of: the threads change no bit (MON-8)") {
  const lowp::matrix_shape s{700, 1500};
  const std::vector<float> x = make_numbers(3, s.rows * s.columns, content::wild);
  for (const char* name : {"f32", "fp8_current", "mxfp8", "nvfp4", "mx9"}) {
    const lowp::operand_rule& rule = lowp::find_training_recipe(name)->value.product[2].a;
    for (const bool transposed : {false, true}) {
      const lowp::operand in{.x = {x.data(), s.columns, s}, .transposed = transposed};
      const tensor_statistics one = lowp::statistics_of(rule, in);
      for (const unsigned threads : {2u, 3u, 8u}) {
        const tensor_statistics many = lowp::statistics_of(rule, in, {.threads = threads});
        CAPTURE(name);
        CHECK(many.squares == one.squares);
        CHECK(many.squared_errors == one.squared_errors);
        CHECK(many.relative_errors == one.relative_errors);
        CHECK(many.saturated == one.saturated);
        CHECK(many.exponents == one.exponents);
        CHECK(many.scales == one.scales);
      }
    }
  }
}

TEST_CASE("statistics_of: planted faults are counted where they are (MON-7)") {
  const lowp::matrix_shape s{16, 64};
  std::vector<float> x = make_numbers(1, 16 * 64, content::plain);
  x[70] = nan, x[71] = infinity, x[200] = 1e5f, x[300] = 1e-30f;
  const lowp::operand in{.x = {x.data(), 64, s}};
  const auto of = [&](const char* recipe) {
    return lowp::statistics_of(lowp::find_training_recipe(recipe)->value.product[0].a, in);
  };
  const tensor_statistics fp16 = of("fp16");
  CHECK(fp16.not_finite == 2);
  CHECK(fp16.lost == 1);
  CHECK(fp16.saturated == 1);
  CHECK(fp16.underflowed == 1);
  CHECK(fp16.fill == doctest::Approx(1e5f / 65504));
  CHECK(of("f32").saturated == 0);
  CHECK(of("f32").squared_errors == 0);
}

TEST_CASE("role_of: what operands are (MON-9)") {
  using lowp::tensor_role;
  using enum lowp::training_product;
  CHECK(lowp::role_of(forward, false) == tensor_role::activations);
  CHECK(lowp::role_of(forward, true) == tensor_role::weights);
  CHECK(lowp::role_of(input_gradient, false) == tensor_role::gradients);
  CHECK(lowp::role_of(input_gradient, true) == tensor_role::weights);
  CHECK(lowp::role_of(weight_gradient, false) == tensor_role::gradients);
  CHECK(lowp::role_of(weight_gradient, true) == tensor_role::activations);
}

TEST_CASE("operand_monitor: what products multiply, once an operand, without a change (MON-9)") {
  // More columns than a slab has.
  const lowp::matrix_shape of_a{24, 1100}, of_b{40, 1100};
  const std::vector<float> a = make_numbers(1, 24 * 1100, content::plain),
                           b = make_numbers(2, 40 * 1100, content::plain);
  const lowp::operand in_a{.x = {a.data(), 1100, of_a}}, in_b{.x = {b.data(), 1100, of_b}};
  for (const char* name : {"f32", "bf16", "fp8_current", "mxfp8", "nvfp4", "fp8_hopper"}) {
    CAPTURE(name);
    const lowp::product_rule& rule = lowp::find_training_recipe(name)->value.product[0];
    std::vector<float> d(24 * 40), e(24 * 40);
    const lowp::number_matrix<float> out{d.data(), 40, {24, 40}}, same{e.data(), 40, {24, 40}};
    lowp::operand_monitor monitor;
    lowp::product_options options{.observer = &monitor, .tensor = 9};
    lowp::emulated_product(rule, in_a, in_b, out, options);
    const auto seen = monitor.take();
    REQUIRE(seen.size() == 2);
    for (const lowp::monitored_operand& o : seen) {
      CHECK(o.tensor == 9);
      CHECK(o.product == lowp::training_product::forward);
      const tensor_statistics s =
          lowp::statistics_of(o.is_b ? rule.b : rule.a, o.is_b ? in_b : in_a);
      CHECK(o.statistics.numbers == (o.is_b ? 44000 : 26400));
      CHECK(o.statistics.squared_errors == s.squared_errors);
      CHECK(o.statistics.exponents == s.exponents);
    }
    CHECK(seen[0].is_b != seen[1].is_b);
    monitor.switch_on(false);
    lowp::emulated_product(rule, in_a, in_b, same, options);
    CHECK(monitor.take().empty());
    CHECK(d == e);
  }
}

}  // namespace
