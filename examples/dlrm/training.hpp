// SPDX-License-Identifier: Apache-2.0
// A training: embeddings go forward to the workers that need them, their gradients back, gradients
// of the other layers are summed over all workers; each of the three exchanges under a codec.
#ifndef LOWP_EXAMPLES_DLRM_TRAINING_HPP
#define LOWP_EXAMPLES_DLRM_TRAINING_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <lowp/collective/all_gather.hpp>
#include <lowp/collective/all_reduce.hpp>
#include <lowp/collective/all_to_all.hpp>
#include <lowp/collective/wire_codecs.hpp>

#include "model.hpp"
#include "workers.hpp"

namespace dlrm {

struct setting {
  std::uint32_t steps = 512, each = 64, checks = 4;  // samples of a worker in a step
  std::uint32_t validation_steps = 64;               // of as many samples
  optimiser how;
};

// The codecs of a training.
struct wires {
  lowp::wire_codec forward = lowp::wire_codecs::fp32;
  lowp::wire_codec backward = lowp::wire_codecs::fp32;
  lowp::wire_codec reduce = lowp::wire_codecs::fp32;
  bool feedback = false;  // of errors, in the reduction
};

struct check {
  std::uint32_t step;
  double training_loss;  // mean since the last check
  quality validation;
};

struct outcome {
  std::vector<check> curve;
  std::uint64_t digest;  // of all parameters
  bool workers_agree;    // on the parameters that all have
};

class training {
 public:
  training(worker_group& group, const setting& s, const wires& w, const samples& train,
           const samples& validation, std::uint64_t seed, std::uint64_t initial_seed)
      : group_(group),
        setting_(s),
        train_(train),
        validation_(validation),
        seed_(seed),
        forward_(w.forward),
        backward_(w.backward),
        exact_(lowp::wire_codecs::fp32),
        plan_(schedule(w.reduce)),
        has_feedback_(w.feedback),
        residual_(group.local()),
        embeddings_(group.local()) {
    for (std::uint32_t i = 0; i < group.local(); ++i) {
      model_.emplace_back(group.worker(i), initial_seed);
    }
  }

  outcome run() {
    outcome o{};
    const std::uint32_t between = setting_.steps / setting_.checks;
    std::vector<double> loss(group_.local());
    for (std::uint32_t step = 0; step < setting_.steps; ++step) {
      train_step(step, loss);
      if ((step + 1) % between == 0) {
        o.curve.push_back({step + 1, sum_of(loss) / (between * samples_of_step()), validate()});
        loss.assign(group_.local(), 0.0);
      }
    }
    compare_workers(o);
    return o;
  }

 private:
  static lowp::reduce_schedule schedule(const lowp::wire_codec& c) {
    lowp::reduce_schedule s = lowp::two_shot(c);
    s.sum = lowp::wire_sum::exact;
    return s;
  }

  double samples_of_step() const { return static_cast<double>(setting_.each) * group_.size(); }
  std::size_t first_of(std::uint32_t step, lowp::rank_of worker) const {
    return (std::size_t{step} * group_.size() + worker.rank) * setting_.each;
  }

  // A stream of random bits for each exchange of each step.
  lowp::collective_options options(std::uint32_t step, std::uint64_t exchange) const {
    lowp::collective_options o;
    o.random = {.seed = seed_, .stream = std::uint64_t{step} * 4 + exchange};
    return o;
  }

  // Pooled embeddings of the samples of a step, to the workers that have these samples.
  void send_embeddings(const samples& s, std::uint32_t step, const lowp::wire_coder& coder) {
    const std::uint64_t each = setting_.each;
    std::vector<std::vector<float>> out(group_.local());
    for (std::uint32_t i = 0; i < group_.local(); ++i) {
      out[i] = model_[i].look_up(s, first_of(step, {0, group_.size()}), each);
      embeddings_[i].resize(features.size() * each * dimensions);
    }
    exchange(out, embeddings_, true, coder, options(step, 0));
  }

  // Chunks of every worker to every other, in the direction of embeddings or of their gradients.
  void exchange(const std::vector<std::vector<float>>& in, std::vector<std::vector<float>>& out,
                bool is_forward, const lowp::wire_coder& coder, const lowp::collective_options& o) {
    std::vector<std::vector<std::uint64_t>> from(group_.local()), to(group_.local());
    for (std::uint32_t i = 0; i < group_.local(); ++i) {
      from[i] = model_[i].counts_out(setting_.each);
      to[i] = model_[i].counts_in(setting_.each);
      if (!is_forward) from[i].swap(to[i]);
    }
    group_.run([&](lowp::rank_of self, std::uint32_t i, std::uint64_t operation) {
      return lowp::all_to_all_task(self, operation, in[i], from[i], out[i], to[i], coder, o);
    });
  }

  // Adds the losses of the samples of each worker.
  void train_step(std::uint32_t step, std::vector<double>& loss) {
    send_embeddings(train_, step, forward_);
    std::vector<std::vector<float>> gradients(group_.local()), arrived(group_.local());
    for (std::uint32_t i = 0; i < group_.local(); ++i) {
      const std::size_t first = first_of(step, group_.worker(i));
      matrix of = model_[i].forward(train_, first, setting_.each, embeddings_[i]);
      for (Eigen::Index k = 0; k < of.cols(); ++k) {
        const float click = train_.click[first + static_cast<std::size_t>(k)];
        const auto logit = static_cast<double>(of(0, k));
        loss[i] += log_loss(logit, static_cast<double>(click));
        const double error = 1 / (1 + std::exp(-logit)) - static_cast<double>(click);
        of(0, k) = static_cast<float>(error / samples_of_step());
      }
      gradients[i] = model_[i].backward(of, embeddings_[i]);
      const auto tables = model_[i].counts_out(setting_.each);
      arrived[i].resize(tables[0] * group_.size());
    }
    exchange(gradients, arrived, false, backward_, options(step, 1));
    const lowp::collective_options o = options(step, 2);
    group_.run([&](lowp::rank_of self, std::uint32_t i, std::uint64_t operation) {
      return lowp::all_reduce_task(self, operation, model_[i].gradients(), plan_, o,
                                   has_feedback_ ? &residual_[i] : nullptr);
    });
    for (std::uint32_t i = 0; i < group_.local(); ++i) {
      model_[i].add_embedding_gradients(train_, first_of(step, {0, group_.size()}), setting_.each,
                                        arrived[i]);
      model_[i].update(setting_.how);
    }
  }

  // The model as it is, with exchanges in binary32.
  quality validate() {
    std::vector<double> logit(validation_.click.size());
    for (std::uint32_t step = 0; step < setting_.validation_steps; ++step) {
      send_embeddings(validation_, step, exact_);
      std::vector<std::vector<float>> own(group_.local());
      for (std::uint32_t i = 0; i < group_.local(); ++i) {
        const matrix of = model_[i].forward(validation_, first_of(step, group_.worker(i)),
                                            setting_.each, embeddings_[i]);
        own[i].assign(of.data(), of.data() + of.size());
      }
      const std::vector<float> all = gathered(own);
      std::copy(all.begin(), all.end(),
                logit.begin() + static_cast<std::ptrdiff_t>(first_of(step, {0, group_.size()})));
    }
    return quality_of(logit, validation_.click);
  }

  // The numbers of all workers, as many of each.
  std::vector<float> gathered(const std::vector<std::vector<float>>& own) {
    const std::size_t each = own[0].size();
    const std::vector<std::uint64_t> counts(group_.size(), each);
    std::vector<std::vector<float>> all(group_.local(), std::vector<float>(each * group_.size()));
    group_.run([&](lowp::rank_of self, std::uint32_t i, std::uint64_t operation) {
      return lowp::all_gather_task(self, operation, own[i], all[i], counts, exact_);
    });
    return all[0];
  }

  // Over all workers of one number of each.
  double sum_of(const std::vector<double>& here) {
    std::vector<std::vector<float>> own;
    for (const double x : here) own.push_back({static_cast<float>(x)});
    double sum = 0;
    for (const float x : gathered(own)) sum += static_cast<double>(x);
    return sum;
  }

  // Digests travel as integers of 16 bits, which binary32 has.
  void compare_workers(outcome& o) {
    std::vector<std::vector<float>> own(group_.local());
    for (std::uint32_t i = 0; i < group_.local(); ++i) {
      for (std::uint64_t d : {model_[i].digest_of_layers(), model_[i].digest_of_tables()}) {
        for (int k = 0; k < 4; ++k, d >>= 16) own[i].push_back(static_cast<float>(d & 0xffff));
      }
    }
    const std::vector<float> all = gathered(own);
    o.workers_agree = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % 8 < 4 && all[i] != all[i % 8]) o.workers_agree = false;
    }
    digest d;
    d.add(all.data(), all.size());
    o.digest = d.value();
  }

  worker_group& group_;
  const setting& setting_;
  const samples& train_;
  const samples& validation_;
  std::uint64_t seed_;
  lowp::wire_coder forward_, backward_, exact_;
  lowp::reduce_plan plan_;
  bool has_feedback_;
  std::vector<lowp::error_feedback> residual_;
  std::vector<model> model_;
  std::vector<std::vector<float>> embeddings_;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_TRAINING_HPP
