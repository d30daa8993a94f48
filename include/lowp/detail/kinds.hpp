// SPDX-License-Identifier: Apache-2.0
/// \file
/// All kinds of number together: run-time dispatch, and which special codes each has.
#ifndef LOWP_DETAIL_KINDS_HPP
#define LOWP_DETAIL_KINDS_HPP

#include "codebook.hpp"
#include "fixed_point.hpp"
#include "hifloat8.hpp"
#include "logarithmic.hpp"
#include "minifloat.hpp"
#include "tapered.hpp"

namespace lowp::detail {

/// Calls `use(kind_of_number<K>{})` for the kind of `f`.
template <class Use>
LOWP_FN auto with_kind(format f, Use use) noexcept {
  switch (f.kind) {
    case number_kind::fixed_point: return use(kind_of_number<number_kind::fixed_point>{});
    case number_kind::hifloat8: return use(kind_of_number<number_kind::hifloat8>{});
    case number_kind::posit: return use(kind_of_number<number_kind::posit>{});
    case number_kind::takum: return use(kind_of_number<number_kind::takum>{});
    case number_kind::logarithmic: return use(kind_of_number<number_kind::logarithmic>{});
    case number_kind::codebook: return use(kind_of_number<number_kind::codebook>{});
    case number_kind::minifloat: break;
  }
  return use(kind_of_number<number_kind::minifloat>{});
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_KINDS_HPP
