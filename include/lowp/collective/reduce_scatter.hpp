// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sum of all ranks' tensors, each rank a part of it, with every message encoded and the sums
/// as they are. spec/collectives.md COL-22.
#ifndef LOWP_COLLECTIVE_REDUCE_SCATTER_HPP
#define LOWP_COLLECTIVE_REDUCE_SCATTER_HPP

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "reduce_walk.hpp"

namespace lowp {

/// Which numbers of n a rank owns when a schedule of levels has reduced them. COL-22.
inline index_range owned_range(const reduce_plan& plan, rank_of self, std::uint64_t n) {
  return reduce_places(plan, self, n).owned();
}

/// This rank's part in the sum over all ranks of `numbers`, as many on every rank: `sum` becomes
/// that of `owned_range`, and has its size. `feedback`: its last residuals, of a codec that sums
/// would be sent under, stay. `sum` may be that range of `numbers` itself. Conditions and errors as
/// `all_reduce_task`; a ring is refused.
LOWP_COROUTINE inline rank_task reduce_scatter_task(rank_of self, std::uint64_t operation,
                                                    std::span<const float> numbers,
                                                    std::span<float> sum, const reduce_plan& plan,
                                                    collective_options options = {},
                                                    error_feedback* feedback = nullptr) {
  if (plan.schedule().pattern == reduce_pattern::ring) {
    throw array_error("lowp::reduce_scatter: the schedule is a ring, it must be one of levels");
  }
  detail::check_rank("lowp::reduce_scatter", self);
  exchange x("lowp::reduce_scatter", self, operation, detail::memory_of(options));
  detail::reduce_walk walk(self, numbers, plan, options, feedback);
  walk.check(x);
  if (const std::uint64_t n = walk.places().owned().count; sum.size() != n) {
    x.refuse("lowp::reduce_scatter: sum has " + std::to_string(sum.size()) +
             " numbers, the rank owns " + std::to_string(n));
  }
  for (std::size_t h = 0; h < walk.steps(); ++h) {
    x.begin_step();
    walk.post_sum(x, h);
    co_yield x.round();
    x.accept(detail::reduce_walk::check_of_parts);
    walk.take_parts(x, h);
  }
  for (std::uint64_t k = 0; detail::needs_verdict(options, self, k); ++k) {
    co_yield x.verdict_round();
    x.accept_verdicts(k == 0);
  }
  x.finish();
  std::copy(walk.sum().begin(), walk.sum().end(), sum.begin());
  walk.commit();
}

/// The same over a transport.
inline void reduce_scatter(transport& t, std::span<const float> numbers, std::span<float> sum,
                           const reduce_plan& plan, const collective_options& options = {},
                           error_feedback* feedback = nullptr) {
  const collective_options here = detail::options_over(t, options);
  run(reduce_scatter_task(t.self(), t.next_operation(), numbers, sum, plan, here, feedback), t);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_REDUCE_SCATTER_HPP
