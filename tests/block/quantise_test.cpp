// SPDX-License-Identifier: Apache-2.0
// Every registered recipe on every block format that it names, against the oracle of
// tests/oracle/block.hpp: directed and random blocks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

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
  // Numbers of bfloat16, whose quotients come near ties: blocks.md 3.2 counts 161 to 238 scales of
  // 163840 that differ between two orders.
  struct run {
    lowp::block_quotient order;
    std::vector<std::uint64_t> scales;
  };
  std::vector<run> runs;
  for (const auto& p : pairs_where([](const block_recipe& r) {
         return r.rule == lowp::scale_rule::quotient && !searches(r);
       })) {
    if (!p.name.ends_with(" on nvfp4")) continue;
    comparison compare(p);
    runs.push_back({p.recipe.steps.quotient, {}});
    std::mt19937_64 random(seed);
    for (int block = 0; block < 10000; ++block) {
      block_case c{.rows = {{}}};
      for (int j = 0; j < 4; ++j) {
        c.rows[0].push_back(static_cast<std::uint32_t>(0x3e00 + random() % 0x180) << 16);
      }
      c.outer_amax = static_cast<std::uint32_t>(0x4080 + random() % 0x80) << 16;
      compare(c);
      runs.back().scales.push_back(compare.scale());
    }
  }
  for (const run& a : runs) {
    for (const run& b : runs) {
      if (a.order >= b.order) continue;
      int differ = 0;
      for (std::size_t i = 0; i < a.scales.size(); ++i)
        differ += a.scales[i] != b.scales[i] ? 1 : 0;
      CAPTURE(static_cast<int>(a.order));
      CAPTURE(static_cast<int>(b.order));
      CHECK(differ > 0);
      CHECK(differ < 100);
    }
  }
}

}  // namespace
