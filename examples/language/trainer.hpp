// SPDX-License-Identifier: Apache-2.0
// A training: model, optimiser and data together, step by step.
#ifndef LOWP_EXAMPLES_LANGUAGE_TRAINER_HPP
#define LOWP_EXAMPLES_LANGUAGE_TRAINER_HPP

#include <cstdint>
#include <memory>
#include <string>

#include <lowp/simd/thread_pool.hpp>
#include <lowp/training/loss_scaler.hpp>

#include "adamw.hpp"
#include "batch.hpp"
#include "model.hpp"

namespace language {

// What makes a run what it is.
struct training_setting {
  std::string recipe = "f32";  // its name in the registry
  bool exact = false;          // with exact sums: `with_exact_sums`
  model_shape shape;
  std::uint64_t batch = 16;  // sequences of a step
  std::uint64_t steps = 600;
  std::uint64_t seed = 1;
  adamw_setting optimiser;
  std::uint64_t held_out = 64;  // sequences that a check takes
};

struct step_result {
  std::uint64_t step = 0;  // the first is 1
  double loss = 0;         // of this batch, before the update
  double norm = 0;         // of all gradients, before clipping
  double rate = 0, scale = 1;
  bool was_updated = true;  // not where a gradient was not finite
};

// What changes from step to step, besides parameters and states of the layers.
struct training_state {
  std::uint64_t step = 0;     // steps done
  std::uint64_t updates = 0;  // of them with finite gradients
  lowp::loss_scaler loss;
};

class trainer {
 public:
  // `ranks` share the sequences of each batch and end with the bits of one, if all sums of the
  // recipe are of values (`with_exact_sums`). Throws std::invalid_argument, which names the
  // setting.
  trainer(const training_setting& setting, const lowp::training_recipe& recipe,
          std::unique_ptr<data_source> data, unsigned threads, lowp::transport* ranks = nullptr);

  step_result step();
  // The loss on sequences that are not trained on; changes nothing.
  double held_out_loss();

  bool is_done() const { return state_.step >= setting_.steps; }
  const training_setting& setting() const { return setting_; }
  const lowp::training_recipe& recipe() const { return recipe_; }
  const data_source& data() const { return *data_; }
  language::model& model() { return model_; }
  training_state& state() { return state_; }
  lowp::thread_pool& threads() { return threads_; }
  // Is this the rank that keeps records?
  bool is_first() const { return ranks_ == nullptr || ranks_->self().rank == 0; }
  // Sees the operands of products of the steps to come; none: null.
  void observe(lowp::operand_observer* o) { observer_ = o; }

 private:
  training_setting setting_;
  lowp::training_recipe recipe_;
  std::unique_ptr<data_source> data_;
  lowp::thread_pool threads_;
  language::model model_;
  training_state state_;
  lowp::operand_observer* observer_ = nullptr;
  lowp::transport* ranks_;
  matrix of_logits_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_TRAINER_HPP
