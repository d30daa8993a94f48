// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands of emulated products: values at speed against the definition, which is composed of the
/// functions of conversion and of blocks, for every registered recipe; parts, threads, hard inputs.
#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include <lowp/training/operand_definition.hpp>
#include <lowp/training/training_random.hpp>
#include <lowp/training/training_recipes.hpp>

#include "training_inputs.hpp"

using namespace lowp;
using namespace training_inputs;

namespace {

/// Rules of all recipes, each once.
std::vector<std::pair<std::string, operand_rule>> all_rules() {
  std::vector<std::pair<std::string, operand_rule>> rules;
  for (const named_training_recipe& r : all_training_recipes) {
    for (std::size_t p = 0; p < training_product_count; ++p) {
      for (const operand_rule* o : {&r.value.product[p].a, &r.value.product[p].b}) {
        bool is_new = true;
        for (const auto& known : rules) is_new = is_new && !(known.second == *o);
        if (is_new) rules.emplace_back(std::string(r.name) + " product " + std::to_string(p), *o);
      }
    }
  }
  return rules;
}

struct states {
  scale_state state{.scale = 0.625f};
};

/// Values by the definition.
std::vector<float> defined(const operand_rule& rule, const operand& in) {
  const matrix_shape s = shape_as_read(in);
  std::vector<float> y(s.rows * s.columns);
  quantise_operand_definition(rule, in, {y.data(), s.columns, s});
  return y;
}
std::vector<float> at_speed(const operand_rule& rule, const operand& in, unsigned threads) {
  const matrix_shape s = shape_as_read(in);
  std::vector<float> y(s.rows * s.columns);
  quantise_operand(rule, in, {y.data(), s.columns, s}, {.threads = threads});
  return y;
}

}  // namespace

TEST_CASE("TRN-2 TRN-3 TRN-6 values at speed are those of the definition, for every rule") {
  const auto rules = all_rules();
  CHECK(rules.size() > 20);
  const matrix_shape shapes[] = {{5, 37}, {130, 300}, {33, 1}, {1, 257}, {48, 64}};
  std::uint64_t cases = 0;
  for (const auto& [name, rule] : rules) {
    for (const matrix_shape s : shapes) {
      for (int kind = 0; kind < input_kinds; ++kind) {
        // The definition is slow; the large shape once.
        if (s.rows * s.columns > 10000 && kind > 1) continue;
        const auto x = draw(s.rows * s.columns, kind, 7);
        for (const bool transposed : {false, true}) {
          states st;
          operand in{{x.data(), s.columns, s}, transposed};
          in.random = source_of(5, 9, 3, training_draw::forward_a);
          in.scale = &st.state;
          const auto want = defined(rule, in);
          ++cases;
          INFO(name << ", " << s.rows << " x " << s.columns << ", input " << kind
                    << std::string(transposed ? ", transposed" : ""));
          CHECK(first_difference(at_speed(rule, in, 1), want) == no_difference);
        }
      }
    }
  }
  MESSAGE(cases << " operands of " << rules.size() << " rules");
}

namespace {

/// The greatest amax of the parts that a caller has seen: what ranks exchange.
struct exchange {
  float amax;
  static float reduce(void* context, float own) {
    const float all = static_cast<const exchange*>(context)->amax;
    return own > all ? own : all;
  }
};

/// A part of a matrix, whose rows begin where those of the whole do.
operand part_of(const operand& whole, matrix_shape at, matrix_shape size) {
  operand o = whole;
  o.x.x += at.rows * whole.x.stride + at.columns;
  o.x.shape = size;
  o.part = {at.rows, at.columns, whole.x.shape.rows, whole.x.shape.columns};
  return o;
}

std::uint64_t unit_of(std::uint64_t block, std::uint64_t group) {
  std::uint64_t n = std::max<std::uint64_t>(block, 1);
  while (group != 0 && n % group != 0) n += std::max<std::uint64_t>(block, 1);
  return n;
}

}  // namespace

TEST_CASE("TRN-6 parts have the bits of the whole, stochastic rounding included") {
  std::uint64_t parts = 0;
  for (const auto& [name, rule] : all_rules()) {
    // Blocks and groups along the contraction; tiles of 128 x 128 at most.
    const bool has_blocks = rule.kind == operand_kind::blocks;
    const std::uint64_t down = has_blocks ? rule.block.rows : 1;
    const std::uint64_t along = unit_of(has_blocks ? rule.block.columns : 1, rule.rotation.size);
    for (const bool transposed : {false, true}) {
      const std::uint64_t row_unit = transposed ? along : down;
      const std::uint64_t column_unit = transposed ? down : along;
      const matrix_shape s{3 * row_unit + 5, 2 * column_unit + 3};
      // Infinities, rotated, would be the amax of some parts alone.
      const auto x = draw(s.rows * s.columns, rule.rotation.size == 0 ? 3 : 0, 21);
      scale_state state{.scale = 1.75f};
      operand whole{{x.data(), s.columns, s}, transposed};
      whole.random = source_of(8, 1, 2, training_draw::weight_gradient_a);
      whole.scale = &state;
      exchange all{rule.rotation.size == 0 ? 0.0f : 1e6f};
      for (const float v : x) {
        const std::uint32_t a = std::bit_cast<std::uint32_t>(v) & 0x7fffffff;
        const bool counts =
            has_blocks
                ? a < 0x7f800000 || (a == 0x7f800000 && rule.recipe.infinity == special_rule::join)
                : a <= 0x7f800000;
        if (counts && rule.rotation.size == 0) {
          all.amax = std::max(all.amax, std::bit_cast<float>(a));
        }
      }
      whole.amax = {exchange::reduce, &all};
      const auto want = at_speed(rule, whole, 1);
      const matrix_shape as_read = shape_as_read(whole);
      for (const matrix_shape at : {matrix_shape{0, 0},
                                    {row_unit, 0},
                                    {0, column_unit},
                                    {2 * row_unit, column_unit},
                                    {row_unit, 2 * column_unit}}) {
        for (const int ends : {0, 1, 2, 3}) {  // rows, columns to the end of the whole
          const matrix_shape size{
              ends % 2 != 0 ? s.rows - at.rows : std::min(row_unit, s.rows - at.rows),
              ends / 2 != 0 ? s.columns - at.columns
                            : std::min(column_unit, s.columns - at.columns)};
          const operand part = part_of(whole, at, size);
          const auto have = at_speed(rule, part, 1);
          const matrix_shape p = shape_as_read(part);
          std::vector<float> cut;
          for (std::uint64_t i = 0; i < p.rows; ++i) {
            for (std::uint64_t j = 0; j < p.columns; ++j) {
              const std::uint64_t row = i + (transposed ? at.columns : at.rows);
              const std::uint64_t column = j + (transposed ? at.rows : at.columns);
              cut.push_back(want[row * as_read.columns + column]);
            }
          }
          INFO(name << std::string(transposed ? ", transposed" : "") << ", part at " << at.rows
                    << ", " << at.columns << " of " << size.rows << " x " << size.columns);
          CHECK(first_difference(have, cut) == no_difference);
          ++parts;
        }
      }
    }
  }
  MESSAGE(parts << " parts");
}

TEST_CASE("TRN-6 threads and strides change nothing") {
  const matrix_shape s{700, 900};
  const auto x = draw(s.rows * 950, 1, 31);
  for (const auto& [name, rule] : all_rules()) {
    // The definition's kinds take long.
    if (rule.kind == operand_kind::blocks &&
        (rule.block.level[0].group != 0 || rule.recipe.search.kind != search_kind::none)) {
      continue;
    }
    for (const bool transposed : {false, true}) {
      scale_state state{.scale = 0.5f};
      operand in{{x.data(), 950, s}, transposed};
      in.random = source_of(4, 1, 2, training_draw::forward_b);
      in.scale = &state;
      const auto one = at_speed(rule, in, 1);
      const matrix_shape t = shape_as_read(in);
      std::vector<float> apart(t.rows * (t.columns + 7), -5.0f), three;
      quantise_operand(rule, in, {apart.data(), t.columns + 7, t}, {.threads = 3});
      std::size_t touched = 0;
      for (std::uint64_t i = 0; i < t.rows; ++i) {
        const float* row = apart.data() + i * (t.columns + 7);
        three.insert(three.end(), row, row + t.columns);
        for (std::uint64_t j = t.columns; j < t.columns + 7; ++j) touched += row[j] != -5.0f;
      }
      INFO(name);
      CHECK(first_difference(one, three) == no_difference);
      CHECK(touched == 0);
    }
  }
}

TEST_CASE("TRN-3 factors as published, by hand") {
  operand_rule rule = training_recipes::fp8_current.product[0].a;
  const std::vector<float> x{0.5f, -2.0f, 0.003f, 0.0f};
  const auto y = at_speed(rule, {{x.data(), 4, {1, 4}}}, 1);
  // The factor is 224: 112, -448, 0.672 -> 0.6875, all divided by it.
  const float inverse = 1.0f / 224.0f;
  CHECK(y == std::vector<float>{112 * inverse, -448 * inverse, 0.6875f * inverse, 0});
  rule.power_of_two = true;
  CHECK(at_speed(rule, {{x.data(), 4, {1, 4}}}, 1)[2] == 0.375f / 128);
  // What is not finite.
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> z{infinity, 1.0f, std::numeric_limits<float>::quiet_NaN()};
  const auto v = at_speed(rule, {{z.data(), 3, {1, 3}}}, 1);
  CHECK(v[0] == 448);
  CHECK(v[1] == 1);
  CHECK(std::isnan(v[2]));
}

namespace {

/// The text of the refusal, empty if there is none.
std::string refusal(const operand_rule& rule, const operand& in, const number_matrix<float>& out) {
  try {
    quantise_operand(rule, in, out);
  } catch (const array_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("TRN-2 TRN-6 what is refused, in words, with nothing written") {
  const operand_rule mx = training_recipes::mxfp8.product[0].a;
  const std::vector<float> x(64 * 64, 1.0f);
  std::vector<float> y(64 * 64, 3.0f);
  const operand in{{x.data(), 64, {64, 64}}};
  const number_matrix<float> out{y.data(), 64, {64, 64}};
  operand_rule broken = mx;
  broken.block.columns = 0;
  CHECK(refusal(broken, in, out) ==
        "lowp::quantise_operand: the rule of in: the block format and its recipe must be usable");
  operand_rule delayed = find_training_recipe("fp8_delayed")->value.product[0].a;
  CHECK(refusal(delayed, in, out) ==
        "lowp::quantise_operand: in.scale is null: a delayed factor needs its state");
  delayed.history = 5000;
  CHECK(refusal(delayed, in, out) ==
        "lowp::quantise_operand: the history of in is 5000: a delayed factor needs a history of 1 "
        "to 4096 steps");
  CHECK(refusal(mx, in, {y.data(), 64, {64, 63}}) ==
        "lowp::quantise_operand: values are 64 x 63, the operand as read is 64 x 64");
  operand cut = in;
  cut.part = {0, 16, 64, 128};
  CHECK(
      refusal(mx, cut, out) ==
      "lowp::quantise_operand: in.part.column is 16 with 64 of them: cuts must be at multiples of "
      "32, where blocks and rotated groups end");
  cut.part = {100, 0, 128, 64};
  CHECK(
      refusal(mx, cut, out) ==
      "lowp::quantise_operand: in.part.row is 100: so many of 64 must lie in the whole, which has "
      "128");
  CHECK(refusal(mx, {{x.data(), 60, {64, 64}}}, out) ==
        "lowp::quantise_operand: the rows of in.x are 60 numbers apart and have 64");
  CHECK(refusal(mx, {{y.data(), 64, {64, 64}}}, out).find("overlap") != std::string::npos);
  CHECK(y == std::vector<float>(64 * 64, 3.0f));
}
