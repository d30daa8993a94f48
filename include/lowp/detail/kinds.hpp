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

namespace lowp {

/// True if a code of `f` is a NaN (or NaR).
LOWP_FN bool has_nan(format f) noexcept {
  switch (f.kind) {
    case number_kind::minifloat: return f.nans != nan_codes::none;
    case number_kind::fixed_point:
    case number_kind::codebook: return false;
    default: return true;
  }
}

/// True if a code of `f` is an infinity.
LOWP_FN bool has_infinity(format f) noexcept {
  return f.has_infinity || f.kind == number_kind::hifloat8;
}

/// True if a code of `f` is zero.
LOWP_FN bool has_zero(format f) noexcept { return f.bottom != bottom_binade::no_zero; }

/// True if `f` tells -0 from +0.
LOWP_FN bool has_negative_zero(format f) noexcept {
  if (f.kind == number_kind::codebook) return f.table == codebook_id::bnb_fp4;
  return f.kind == number_kind::minifloat && f.is_signed && has_zero(f) &&
         f.nans != nan_codes::negative_zero;
}

/// True if every NaN of `f` carries a sign bit of its own.
LOWP_FN bool has_signed_nan(format f) noexcept {
  return f.is_signed && (f.nans == nan_codes::ieee || f.nans == nan_codes::top);
}

/// True for formats in which no finite non-zero value becomes zero or non-finite (posit, takum).
LOWP_FN bool clamps_to_nonzero(format f) noexcept {
  return f.kind == number_kind::posit || f.kind == number_kind::takum;
}

}  // namespace lowp

#endif  // LOWP_DETAIL_KINDS_HPP
