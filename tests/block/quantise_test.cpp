// SPDX-License-Identifier: Apache-2.0
// Every registered recipe on every block format that it names, against the oracle of
// tests/oracle/block.hpp: directed and random blocks.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "block_comparison.hpp"

namespace {

using namespace block_cases;

template <class Keep>
void compare_all(int numbers, Keep keep) {
  MESSAGE("seed " << seed);
  const auto pairs = pairs_where(keep);
  CHECK(!pairs.empty());
  for (const pair_of_rows& p : pairs) compare_pair(p, numbers);
}

bool searches(const block_recipe& r) { return r.search.kind != lowp::search_kind::none; }

TEST_CASE("BLS-7 BLS-8 BLS-13 power-of-two scales on every format that recipes name") {
  compare_all(40000, [](const block_recipe& r) { return is_power_rule(r.rule) && !searches(r); });
}

TEST_CASE("BLS-3 BLS-9 quotients on every format that recipes name") {
  compare_all(40000, [](const block_recipe& r) {
    return r.rule == lowp::scale_rule::quotient && !searches(r);
  });
}

TEST_CASE("BLS-10 competing scales") { compare_all(10000, searches); }

TEST_CASE("BLS-14 HiF4, HiF5, HiF3") {
  compare_all(80000, [](const block_recipe& r) { return r.rule == lowp::scale_rule::hif4; });
}

TEST_CASE("BLS-8 elements take the random words of their indices") {
  int found = 0;
  for (const auto& p : pairs_where([](const block_recipe&) { return true; })) {
    static const char* const some[] = {
        "ocp on mxfp4",          "ocp on mxfp8_e4m3",
        "quark_mx9 on mx6",      "quark_bfp16_compiler on bfp16_compiler",
        "nvfp4_te on nvfp4",     "nvfp4_te on nvfp4_16x16",
        "minimum_mse on msfp12", "nvfp4_4over6_mse on nvfp4_16x16",
        "fp8_te on fp8_1x128"};
    if (std::find(std::begin(some), std::end(some), p.name) == std::end(some)) continue;
    ++found;
    for (const int bits : {0, 3, 8, 13, 16, 23, 32}) {
      pair_of_rows q = p;
      q.name += ", " + std::to_string(bits) + " random bits";
      q.recipe.element.random_bits = static_cast<std::uint8_t>(bits);
      q.recipe.element.round = bits % 3 == 0   ? lowp::rounding::stochastic_a
                               : bits % 3 == 1 ? lowp::rounding::stochastic_b
                                               : lowp::rounding::stochastic_c;
      compare_pair(q, 1500);
      q.recipe.element.random_from = lowp::random_field::high;
      compare_pair(q, 1500);
    }
  }
  CHECK(found == 9);
}

TEST_CASE("BLS-9 each order of steps gives bytes of its own") {
  // 2000 blocks of bfloat16 numbers; blocks.md 3.2 counts 161 to 238 of 163840.
  const char* const orders[] = {"nvfp4_te", "nvfp4_te_reference_2d", "nvfp4_torchao",
                                "nvfp4_modelopt"};
  const block_format f = lowp::block_formats::nvfp4;
  std::mt19937_64 random(seed);
  int differ[4][4] = {};
  for (int block = 0; block < 10000; ++block) {
    const auto bf16 = [&] { return float32::from_code(0x3e000000 + (random() % 0x180 << 16)); };
    const float32 x = bf16(), outer = float32::from_code(0x40800000 + (random() % 0x80 << 16));
    std::uint64_t scale[4];
    for (int i = 0; i < 4; ++i) {
      const auto* row = lowp::find_block_recipe(orders[i]);
      REQUIRE(row != nullptr);
      std::uint16_t code[16];
      scale[i] =
          quantise_block(f, row->value, lowp::block_input<float32>{&x, 1, 1, 1}, outer, code);
    }
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < i; ++j) differ[i][j] += scale[i] != scale[j] ? 1 : 0;
    }
  }
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < i; ++j) {
      CAPTURE(std::string(orders[i]));
      CAPTURE(std::string(orders[j]));
      CHECK(differ[i][j] > 0);
      CHECK(differ[i][j] < 100);
    }
  }
}

}  // namespace
