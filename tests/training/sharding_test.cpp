// SPDX-License-Identifier: Apache-2.0
// Layers that ranks share have the bits of one that holds them all. spec/training.md TRN-13.
#include "sharding.hpp"

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/thread_ranks.hpp"

using namespace lowp;

namespace {

// Layers of these recipes, shared by `size` ranks in each dimension.
void compare(std::uint32_t size, const std::vector<named_training_recipe>& recipes) {
  CAPTURE(size);
  std::vector<sharding::outcome> seen(size);
  thread_ranks::run(size, [&](transport& ranks) {
    for (const named_training_recipe& row : recipes) {
      for (const layer_split split : sharding::all_splits) {
        sharding::compare(row, split, ranks, seen[ranks.self().rank]);
      }
    }
  });
  for (const sharding::outcome& o : seen) {
    CHECK_MESSAGE(o.different == 0, o.different, " of ", o.matrices,
                  " matrices differ, the first: ", o.first);
    CHECK(o.matrices == recipes.size() * 3 * 9);
  }
}

}  // namespace

TEST_CASE("TRN-13: layers of all recipes that 1, 2 and 4 ranks share") {
  const std::vector<named_training_recipe> all(std::begin(all_training_recipes),
                                               std::end(all_training_recipes));
  for (const std::uint32_t size : {1u, 2u, 4u}) compare(size, all);
}

TEST_CASE("TRN-13: layers of few recipes") {
  compare(4, {*find_training_recipe("fp8_delayed_16"), *find_training_recipe("mxfp4_stochastic")});
}

TEST_CASE("TRN-13: what ranks cannot share is refused") {
  struct group final : transport {
    std::uint32_t size;
    explicit group(std::uint32_t n) : size(n) {}
    rank_of self() const noexcept override { return {0, size}; }
    void exchange(message_round&) override {}
  };
  const auto said = [](const training_recipe& r, layer_split s,
                       std::uint32_t ranks) -> std::string {
    group g(ranks);
    try {
      sharded_linear layer(r, 0, s, g);
    } catch (const array_error& e) {
      return e.what();
    }
    return {};
  };
  const training_recipe plain = find_training_recipe("mxfp8")->value;
  const training_recipe unit = find_training_recipe("fp8_hopper")->value;
  const training_recipe exact = sharding::shareable(plain);
  CHECK(said(plain, layer_split::tokens, 1) ==
        "sharded_linear: the sum of product weight_gradient is Eigen's, whose order is its own: "
        "ranks can share "
        "sums of values alone");
  CHECK(said(unit, layer_split::inputs, 1) ==
        "sharded_linear: the sum of product forward is multiplied by factors behind the unit: "
        "ranks can share "
        "sums of values alone");
  CHECK(said(exact, layer_split::inputs, 4).empty());
  training_recipe ascending = exact, interleaved = exact;
  for (product_rule& p : ascending.product) p.sum.unit.join = slice_order::ascending;
  for (product_rule& p : interleaved.product) p.sum.unit.interleaved = true;
  for (const training_recipe& r :
       {ascending, interleaved, with_slices(plain, 6), with_slices(exact, 6)}) {
    if (r == plain) continue;
    CHECK(said(r, layer_split::outputs, 2) ==
          "sharded_linear: the sum of product input_gradient must be in slices, a power of two of "
          "them, joined in "
          "pairs (with_slices)");
    CHECK(said(r, layer_split::outputs, 1).empty());
  }
  CHECK(said(exact, layer_split::inputs, 3) ==
        "sharded_linear: the sum of product forward has 4 slices, the 3 ranks must divide them");
  CHECK(said(with_slices(exact, 1), layer_split::inputs, 2) ==
        "sharded_linear: the sum of product forward has 1 slices, the 2 ranks must divide them");
  CHECK(with_slices(plain, 6) == plain);

  group alone(1);
  sharded_linear layer(exact, 0, layer_split::tokens, alone);
  float x[16] = {}, out[16] = {};
  const number_matrix<const float> in{x, 4, {4, 4}};
  CHECK_THROWS_WITH_AS(
      layer.backward(in, in, in, {}, {out, 4, {4, 4}}, {.accumulate = true}),
      "sharded_linear: accumulate is set, but gradients that ranks join cannot be added to others",
      array_error);
}

TEST_CASE("TRN-13: what one rank refuses is refused by all, and nothing has changed") {
  const training_recipe recipe = sharding::shareable(find_training_recipe("fp8_delayed_16")->value);
  enum wrong_call { nothing, no_output, wrong_shape, overlap, accumulates, other_call, unwanted };
  const std::string told = "sharded_linear: rank 1 refuses its matrices or options, and says why";
  const std::string differs =
      "sharded_linear: ranks 0 and 1 make different calls, or want different gradients";
  for (const wrong_call wrong :
       {nothing, no_output, wrong_shape, overlap, accumulates, other_call, unwanted}) {
    CAPTURE(static_cast<int>(wrong));
    std::vector<std::string> said(2);
    std::vector<char> changed(2, 0);
    thread_ranks::run(2, [&](transport& ranks) {
      const std::uint32_t self = ranks.self().rank;
      const wrong_call mine = self == 1 ? wrong : nothing;
      const sharding::matrix x = sharding::numbers(64, 32, 1), w = sharding::numbers(32, 32, 2);
      sharding::matrix y = x, dx = x, dw = w;
      sharded_linear layer(recipe, 0, layer_split::tokens, ranks);
      layer.forward(x.in(), w.in(), y.out(), {.step = 1});
      const sharding::matrix y1 = y;
      const linear_state before = layer.layer().state();
      try {
        number_matrix<float> out = dx.out();
        if (mine == wrong_shape) --out.shape.columns;
        if (mine == overlap) out.x = dw.x.data();
        if (mine == other_call || mine == no_output) {
          number_matrix<float> d = y.out();
          if (mine == no_output) d.x = nullptr;
          layer.forward(x.in(), w.in(), d, {.step = 2});
        } else if (wrong == no_output) {
          layer.forward(x.in(), w.in(), y.out(), {.step = 2});
        } else {
          number_matrix<float> of_weights = dw.out();
          if (mine == overlap) of_weights.x = const_cast<float*>(x.x.data());
          if (mine == unwanted) of_weights = {};
          layer.backward(x.in(), w.in(), x.in(), out, of_weights,
                         {.step = 2, .accumulate = mine == accumulates});
        }
      } catch (const array_error& e) {
        said[self] = e.what();
      }
      changed[self] = y != y1 || dx != x || dw != w || layer.layer().state() != before;
    });
    if (wrong == nothing) {
      CHECK(said[0] + said[1] == "");
      CHECK((changed[0] && changed[1]));
      continue;
    }
    CHECK_FALSE((changed[0] || changed[1]));
    CHECK(said[0] == (wrong < other_call ? told : differs));
    const std::string reason = wrong == no_output     ? "d.x is null"
                               : wrong == wrong_shape ? "a b^T is"
                               : wrong == overlap     ? "overlap"
                               : wrong == accumulates ? "accumulate is set"
                                                      : "different calls";
    CAPTURE(said[1]);
    CHECK(said[1].find(reason) != std::string::npos);
  }
}

TEST_CASE("TRN-13: parts that would give other bits are refused by all ranks") {
  const training_recipe recipe = sharding::shareable(find_training_recipe("f32")->value);
  struct wrong {
    std::uint64_t first, second;  // tokens of the two ranks
    std::string text;
  };
  for (const wrong& w :
       {wrong{63, 63,
              "sharded_linear: a rank's part of the contraction is 63 long, it must be a multiple "
              "of 64, "
              "2 slices of instructions of 32"},
        wrong{96, 96,
              "sharded_linear: a rank's part of the contraction is 96 long, it must be a multiple "
              "of 64, "
              "2 slices of instructions of 32"},
        wrong{64, 128,
              "sharded_linear: ranks 0 and 1 hold parts of different lengths, they must be equal"},
        wrong{64, 64, ""}}) {
    std::vector<std::string> said(2);
    thread_ranks::run(2, [&](transport& ranks) {
      const std::uint32_t self = ranks.self().rank;
      const sharding::matrix x = sharding::numbers(self == 0 ? w.first : w.second, 8, 1);
      const sharding::matrix weights = sharding::numbers(8, 8, 2);
      sharding::matrix y = x, dw = weights;
      sharded_linear layer(recipe, 0, layer_split::tokens, ranks);
      try {
        // Nothing of a forward product is joined: any equal parts will do.
        if (w.first == w.second) layer.forward(x.in(), weights.in(), y.out());
        layer.backward(x.in(), weights.in(), x.in(), {}, dw.out());
      } catch (const array_error& e) {
        said[self] = e.what();
      }
    });
    CHECK(said[0] == w.text);
    CHECK(said[1] == w.text);
  }
}
