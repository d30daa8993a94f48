// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands of emulated products: values at speed against the definition, which is composed of the
/// functions of conversion and of blocks, for every registered recipe; parts, threads, hard inputs.
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
                    << (transposed ? ", transposed" : ""));
          CHECK(first_difference(at_speed(rule, in, 1), want) == no_difference);
        }
      }
    }
  }
  MESSAGE(cases << " operands of " << rules.size() << " rules");
}
