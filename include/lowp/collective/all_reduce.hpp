// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sum of all ranks' tensors, at every rank, with every message encoded. Whatever the schedule,
/// all ranks decode the same bytes. spec/collectives.md COL-19, COL-20.
#ifndef LOWP_COLLECTIVE_ALL_REDUCE_HPP
#define LOWP_COLLECTIVE_ALL_REDUCE_HPP

#include <cstdint>
#include <span>

#include "reduce_walk.hpp"
#include "ring_walk.hpp"

namespace lowp {

namespace detail {

/// By a walk of levels or around a ring: sums on the way there, the bytes of results on the way
/// back.
template <class Walk>
LOWP_COROUTINE rank_task all_reduce_by(rank_of self, std::uint64_t operation,
                                       std::span<float> numbers, const reduce_plan& plan,
                                       collective_options options, error_feedback* feedback) {
  exchange x("lowp::all_reduce", self, operation, memory_of(options));
  check_rank("lowp::all_reduce", self);
  Walk walk(self, numbers, plan, options, feedback);
  walk.check(x);
  for (std::uint32_t s = 0; s < walk.steps(); ++s) {
    x.begin_step();
    walk.post_sum(x, s);
    co_yield x.round();
    x.accept(Walk::check_of_parts);
    walk.take_sum(x, s);
  }
  walk.encode_sum(x);
  for (std::uint32_t s = 0; s < walk.steps(); ++s) {
    x.begin_step();
    walk.post_result(x, s);
    co_yield x.round();
    x.accept();
    walk.take_result(x, s);
  }
  for (std::uint64_t k = 0; needs_verdict(options, self, k); ++k) {
    co_yield x.verdict_round();
    x.accept_verdicts(k == 0);
  }
  x.finish();
  walk.decode_result(numbers);
  walk.commit();
}

}  // namespace detail

/// This rank's part in the sum over all ranks of `numbers`, which becomes their sum; they are as
/// many on every rank. `feedback`: residuals of this rank from one call to the next, or null. The
/// plan and the numbers stay until the task ends. The task throws `array_error`, before any message
/// for a schedule that is none for so many ranks, at its end for residuals of another size, while
/// other ranks fail; and `collective_error`, COL-18. Numbers and residuals are as they were then.
LOWP_COROUTINE inline rank_task all_reduce_task(rank_of self, std::uint64_t operation,
                                                std::span<float> numbers, const reduce_plan& plan,
                                                const collective_options& options = {},
                                                error_feedback* feedback = nullptr) {
  const bool is_ring = plan.schedule().pattern == reduce_pattern::ring;
  const auto task = is_ring ? detail::all_reduce_by<detail::ring_walk>
                            : detail::all_reduce_by<detail::reduce_walk>;
  return task(self, operation, numbers, plan, options, feedback);
}

/// The same over a transport.
inline void all_reduce(transport& t, std::span<float> numbers, const reduce_plan& plan,
                       const collective_options& options = {}, error_feedback* feedback = nullptr) {
  const collective_options here = detail::options_over(t, options);
  run(all_reduce_task(t.self(), t.next_operation(), numbers, plan, here, feedback), t);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_ALL_REDUCE_HPP
