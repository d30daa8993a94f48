// SPDX-License-Identifier: Apache-2.0
/// \file
/// Plans that were made last, for callers that come back with the same job.
#ifndef LOWP_SIMD_KEPT_PLANS_HPP
#define LOWP_SIMD_KEPT_PLANS_HPP

#include <cstddef>
#include <utility>

#include "../config.hpp"

namespace lowp::simd {

/// The last few plans, for one thread.
template <class Plan, std::size_t Most = 4>
class kept_plans {
 public:
  /// The plan for which `is_it(plan)`, or null.
  template <class IsIt>
  LOWP_UNIT Plan* find(const IsIt& is_it) {
    for (std::size_t i = 0; i < count_; ++i) {
      if (is_it(plan_[i])) return &plan_[i];
    }
    return nullptr;
  }

  /// Keeps a plan until `Most` others were added.
  LOWP_UNIT Plan& add(Plan&& plan) {
    const std::size_t at = next_;
    next_ = (next_ + 1) % Most;
    if (count_ < Most) ++count_;
    return plan_[at] = std::move(plan);
  }

 private:
  Plan plan_[Most] = {};
  std::size_t count_ = 0;
  std::size_t next_ = 0;
};

}  // namespace lowp::simd

#endif  // LOWP_SIMD_KEPT_PLANS_HPP
