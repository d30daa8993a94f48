// SPDX-License-Identifier: Apache-2.0
/// \file
/// All kernels, for units that compile them with their own flags: include it in a unit of static
/// dispatch, or after hwy/foreach_target.h in one of your own, and call
/// `lowp::simd::HWY_NAMESPACE::convert_planned` and its kin.
#include "compute-inl.hpp"
#include "count-inl.hpp"
