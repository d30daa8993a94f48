// SPDX-License-Identifier: Apache-2.0
/// \file
/// {fmt} formatting of number<F>.
#ifndef LOWP_INTEROP_FMT_HPP
#define LOWP_INTEROP_FMT_HPP

#include <fmt/format.h>

#include "number_formatter.hpp"

/// See `number_formatter` for the specification.
template <lowp::format F>
struct fmt::formatter<lowp::number<F>, char> : lowp::number_formatter<fmt::format_error> {};

#endif  // LOWP_INTEROP_FMT_HPP
