// SPDX-License-Identifier: Apache-2.0
/// \file
/// Statistics of all operands of the products of a step, as they are multiplied. spec/monitors.md
/// MON-9.
#ifndef LOWP_TRAINING_OPERAND_MONITOR_HPP
#define LOWP_TRAINING_OPERAND_MONITOR_HPP

#include <cstdint>
#include <utility>
#include <vector>

#include "divergence.hpp"
#include "operand_statistics.hpp"
#include "product_options.hpp"

namespace lowp {

/// What an operand of a product is.
constexpr tensor_role role_of(training_product p, bool is_b) noexcept {
  if (p != training_product::forward && !is_b) return tensor_role::gradients;
  return is_b && p != training_product::weight_gradient ? tensor_role::weights
                                                        : tensor_role::activations;
}

/// The name of a role, for files.
constexpr const char* name_of(tensor_role r) noexcept {
  switch (r) {
    case tensor_role::activations: return "activations";
    case tensor_role::weights: return "weights";
    case tensor_role::gradients: return "gradients";
  }
  return "unknown";
}

/// Statistics of one operand.
struct monitored_operand {
  std::uint32_t tensor;  ///< as `product_options` says
  training_product product;
  bool is_b;
  tensor_statistics statistics;
};

/// Gathers the statistics of what it is shown while it is on. Not for several threads at once.
class operand_monitor : public operand_observer {
 public:
  /// Who works on an operand.
  explicit operand_monitor(const thread_options& options = {}) : options_(options) {}

  void switch_on(bool on) noexcept { is_on_ = on; }
  /// What was seen, in order; nothing is left here.
  std::vector<monitored_operand> take() noexcept { return std::exchange(seen_, {}); }

  void begin(std::uint32_t tensor, training_product product, bool is_b, const operand_rule& rule,
             const operand& in) override {
    if (is_on_) seen_.push_back({tensor, product, is_b, statistics_of(rule, in, options_)});
  }
  /// Slabs tell it nothing more.
  bool wants(std::uint32_t, training_product, bool) override { return false; }
  void observe(const observed_operand&) override {}

 private:
  thread_options options_;
  bool is_on_ = true;
  std::vector<monitored_operand> seen_;
};

}  // namespace lowp

#endif  // LOWP_TRAINING_OPERAND_MONITOR_HPP
