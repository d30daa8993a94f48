// SPDX-License-Identifier: Apache-2.0
#include "trainer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <lowp/training/storage.hpp>

#include "cross_entropy.hpp"
#include "fixed_sums.hpp"

namespace language {

namespace {

const training_setting& checked(const training_setting& s) {
  const auto in_range = [](const char* name, std::uint64_t value, std::uint64_t least,
                           std::uint64_t most) {
    if (value >= least && value <= most) return;
    throw std::invalid_argument(
        fmt::format("{}: {} is not from {} to {}", name, value, least, most));
  };
  s.shape.check();
  in_range("batch", s.batch, 1, 65536);
  in_range("steps", s.steps, 1, 100000000);
  in_range("warm-up", s.optimiser.warm_up, 0, 100000000);
  in_range("held-out", s.held_out, 1, 65536);
  const double rate = s.optimiser.rate;
  if (!(rate > 0 && rate <= 1)) {
    throw std::invalid_argument(fmt::format("rate: {} is not above 0 and at most 1", rate));
  }
  return s;
}

}  // namespace

trainer::trainer(const training_setting& setting, const lowp::training_recipe& recipe,
                 std::unique_ptr<data_source> data, unsigned threads, lowp::transport* ranks)
    : setting_(checked(setting)),
      recipe_(recipe),
      data_(std::move(data)),
      threads_(threads),
      model_(setting.shape, recipe, setting.seed),
      ranks_(ranks) {
  if (ranks_ != nullptr)
    check_shared(recipe_, ranks_->self().size, setting.batch * setting.shape.sequence);
  (void)share_of("batch", setting_.batch, ranks_);
  (void)share_of("held-out", setting_.held_out, ranks_);
  state_.loss = lowp::loss_scaler(recipe_.loss);
  for (parameter& p : model_.parameters()) {
    lowp::store(recipe_.weights, {p.value.data(), static_cast<std::size_t>(p.value.size())},
                lowp::source_of(setting.seed, 0, p.id, lowp::training_draw::weights));
  }
}

step_result trainer::step() {
  // Steps count from 1, so that those of random streams are not that of the initial values.
  const std::uint64_t step = state_.step + 1;
  const share mine = share_of("batch", setting_.batch, ranks_);
  const batch b = data_->training(setting_.seed, step, mine.first, mine.count);
  const pass p{threads_, setting_.seed, step, true, observer_, nullptr, ranks_};
  const matrix& logits = model_.forward(b.tokens, p);
  const double scale = static_cast<double>(state_.loss.scale);
  const loss_sum loss =
      cross_entropy(logits, b.targets, scale, add_ranks(counted(b.targets), ranks_), &of_logits_,
                    threads_, ranks_);
  model_.backward(b.tokens, of_logits_, p);

  step_result r{.step = step, .loss = loss.mean(), .scale = scale};
  r.norm = gradient_norm(model_.parameters(), scale, threads_);
  r.rate = rate_of_step(setting_.optimiser, state_.step, setting_.steps);
  r.was_updated = state_.loss.update(recipe_.loss, std::isfinite(r.norm));
  state_.step = step;
  if (r.was_updated) {
    const double clip = r.norm > setting_.optimiser.clip ? setting_.optimiser.clip / r.norm : 1;
    update(model_.parameters(), setting_.optimiser,
           {.seed = setting_.seed,
            .step = step,
            .updates = ++state_.updates,
            .rate = r.rate,
            .factor = clip / scale},
           recipe_, threads_);
  }
  return r;
}

double trainer::held_out_loss() {
  loss_sum all;
  order_free_sums sum(1);
  for (std::uint64_t first = 0; first < setting_.held_out; first += setting_.batch) {
    const share mine =
        share_of("held-out", std::min(setting_.batch, setting_.held_out - first), ranks_);
    const batch b = data_->held_out(first + mine.first, mine.count);
    const pass p{threads_, setting_.seed, state_.step, false, nullptr, nullptr, ranks_};
    const matrix& logits = model_.forward(b.tokens, p);
    const loss_sum part = cross_entropy(logits, b.targets, 1, 1, nullptr, threads_, ranks_);
    sum.add(part.sum);
    all.count += part.count;
  }
  all.sum = sum.sum();
  return all.mean();
}

}  // namespace language
