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
#include "recipe.hpp"
#include "recipe_cost.hpp"

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
  void add(const batch& b, const matrix& logits, const matrix& plain, lowp::thread_pool& threads) {
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

double evaluation::perplexity() const { return std::exp(loss); }

std::vector<evaluation> evaluate(trainer& t, const std::vector<format_choice>& choices) {
  const training_setting& s = t.setting();
  lowp::thread_pool& threads = t.threads();
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
    const lowp::product_rule head = recipe_of_head(recipe_of(activations, weights)).product[0];
    all.push_back({c, bits_of(weights), bits_of(activations), bits_of(cache), bits_of(head.b),
                   bits_of(head.a), sums.loss(), sums.error()});
  }
  return all;
}

std::vector<format_choice> choices_of(const std::vector<std::string>& items,
                                      const std::string& argument) {
  std::vector<format_choice> all{{}};
  for (const std::string& item : items) {
    const std::size_t first = item.find(':'), second = item.find(':', first + 1);
    if (first == std::string::npos) {
      (void)rule_named(item, argument);
      if (item == "binary32") continue;
      all.push_back({.weights = item});
      all.push_back({.activations = item});
      all.push_back({.cache = item});
      all.push_back({item, item, item});
      continue;
    }
    if (second == std::string::npos || item.find(':', second + 1) != std::string::npos) {
      throw std::invalid_argument(argument + ": '" + item + "' must be WEIGHTS:ACTIVATIONS:CACHE");
    }
    format_choice c{item.substr(0, first), item.substr(first + 1, second - first - 1),
                    item.substr(second + 1)};
    for (std::string format_choice::*part :
         {&format_choice::weights, &format_choice::activations, &format_choice::cache}) {
      if ((c.*part).empty()) c.*part = "binary32";
      (void)rule_named(c.*part, argument);
    }
    all.push_back(c);
  }
  return all;
}

}  // namespace language
