// SPDX-License-Identifier: Apache-2.0
#include "post_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/find_format.hpp>

#include "cross_entropy.hpp"
#include "fixed_sums.hpp"

namespace language {

namespace {

// The forward products of a recipe.
lowp::training_recipe recipe_of(const lowp::operand_rule& activations,
                                const lowp::operand_rule& weights) {
  lowp::training_recipe r;
  r.product[0].a = activations;
  r.product[0].b = weights;
  return r;
}

void copy_values(language::model& from, language::model& to) {
  for (std::size_t i = 0; i < from.parameters().size(); ++i) {
    to.parameters()[i].value = from.parameters()[i].value;
  }
}

// Loss and difference of logits of one model from those of another, batch by batch.
class comparison {
 public:
  void add(const batch& b, const matrix& logits, const matrix& plain, thread_pool& threads) {
    const loss_sum part = cross_entropy(logits, b.targets, 1, 1, nullptr, threads);
    loss_.add(part.sum);
    count_ += part.count;
    const auto d = (logits - plain).cast<double>();
    errors_ += d.squaredNorm();
    squares_ += plain.cast<double>().squaredNorm();
  }
  double loss() const { return loss_.sum() / static_cast<double>(count_); }
  double error() const { return std::sqrt(errors_ / squares_); }

 private:
  order_free_sums loss_{1};
  std::uint64_t count_ = 0;
  double errors_ = 0, squares_ = 0;
};

}  // namespace

lowp::operand_rule rule_named(const std::string& name, const std::string& argument) {
  if (name == "binary32") return {};
  if (const lowp::named_block_format* f = lowp::find_block_format(name.c_str())) {
    return lowp::detail::blocks_of(f->value, lowp::default_recipe(*f));
  }
  const lowp::named_format* f = lowp::find_format(name.c_str());
  if (f == nullptr) {
    throw std::invalid_argument(argument + ": there is no block format or format '" + name + "'");
  }
  const lowp::operand_rule r =
      f->value.width <= 8 ? lowp::detail::scaled_to(f->value, lowp::tensor_scaling::current)
                          : lowp::detail::cast_to(f->value);
  const lowp::operand_rule_error e = check(r);
  if (e != lowp::operand_rule_error::none) {
    throw std::invalid_argument(argument + ": '" + name + "' is not usable: " + message(e));
  }
  return r;
}

double bits_of(const lowp::operand_rule& rule) {
  switch (rule.kind) {
    case lowp::operand_kind::binary32: return 32;
    case lowp::operand_kind::elements: return rule.element.width;
    case lowp::operand_kind::blocks:
      return static_cast<double>(lowp::millibits_per_element(rule.block)) / 1000;
  }
  return 0;
}

double evaluation::perplexity() const { return std::exp(loss); }

std::vector<evaluation> evaluate(trainer& t, const std::vector<format_choice>& choices) {
  const training_setting& s = t.setting();
  thread_pool& threads = t.threads();
  language::model plain(s.shape, recipe_of({}, {}), s.seed);
  copy_values(t.model(), plain);
  std::vector<evaluation> all;
  for (const format_choice& c : choices) {
    const lowp::operand_rule weights = rule_named(c.weights, "weights"),
                             activations = rule_named(c.activations, "activations"),
                             cache = rule_named(c.cache, "cache");
    language::model changed(s.shape, recipe_of(activations, weights), s.seed);
    copy_values(t.model(), changed);
    pass of_plain{threads, s.seed, 0}, of_changed{threads, s.seed, 0};
    of_changed.cache = &cache;
    comparison sums;
    for (std::uint64_t first = 0; first < s.held_out; first += s.batch) {
      const batch b = t.data().held_out(first, std::min(s.batch, s.held_out - first));
      sums.add(b, changed.forward(b.tokens, of_changed), plain.forward(b.tokens, of_plain),
               threads);
    }
    all.push_back(
        {c, bits_of(weights), bits_of(activations), bits_of(cache), sums.loss(), sums.error()});
  }
  return all;
}

std::vector<format_choice> grid_of(const std::vector<std::string>& formats) {
  std::vector<format_choice> all{{}};
  for (const std::string& f : formats) {
    if (f == "binary32") continue;
    all.push_back({.weights = f});
    all.push_back({.activations = f});
    all.push_back({.cache = f});
    all.push_back({f, f, f});
  }
  return all;
}

}  // namespace language
