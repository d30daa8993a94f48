// SPDX-License-Identifier: Apache-2.0
/// \file
/// How simple a model of a matrix unit is: of models that nothing tells apart the simplest is
/// named. spec/diagnosis.md DIA-9.
#ifndef LOWP_GOLDEN_MMA_SETTINGS_HPP
#define LOWP_GOLDEN_MMA_SETTINGS_HPP

#include <lowp/hardware/mma/mma_members.hpp>

namespace lowp::golden {

/// Members that are not as usual: what a description has to mention.
inline int settings(const mma_model& m) {
  int n = 0;
  for (const mma_member& x : members(m)) {
    if (x.is_default) continue;
    ++n;
    if (x.kind != mma_member_kind::projection) continue;
    const projection none{};
    n += (x.p.round != none.round) + (x.p.overflow != none.overflow) + (x.p.nan != none.nan) +
         (x.p.nan_sign != none.nan_sign) + (x.p.zero_sign != none.zero_sign) +
         (x.p.subnormal_input != none.subnormal_input) +
         (x.p.flush_subnormal_result != none.flush_subnormal_result) +
         (x.p.tininess != none.tininess) +
         (x.p.overflow_before_rounding != none.overflow_before_rounding);
  }
  return n + (m.accumulator == m.d ? 0 : 1);
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_SETTINGS_HPP
