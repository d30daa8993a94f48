// SPDX-License-Identifier: Apache-2.0
/// \file
/// std::hash of number<F>.
#ifndef LOWP_INTEROP_HASH_HPP
#define LOWP_INTEROP_HASH_HPP

#include <cstddef>
#include <functional>

#include "../number.hpp"

/// Equal values hash alike: -0 as +0. A NaN equals nothing, itself included, so containers that
/// look keys up with == never find one; its hash is that of its code.
template <lowp::format F>
struct std::hash<lowp::number<F>> {
  std::size_t operator()(lowp::number<F> x) const noexcept {
    const auto code = lowp::is_zero(x) ? lowp::zero(F) : lowp::code_t{x.code()};
    return std::hash<lowp::code_t>{}(code);
  }
};

#endif  // LOWP_INTEROP_HASH_HPP
