// SPDX-License-Identifier: Apache-2.0
/// \file
/// std::format of number<F>, where the standard library has it (`__cpp_lib_format`).
#ifndef LOWP_INTEROP_FORMAT_HPP
#define LOWP_INTEROP_FORMAT_HPP

#include <version>

#include "number_formatter.hpp"

#ifdef __cpp_lib_format
#include <format>

/// See `number_formatter` for the specification.
template <lowp::format F>
struct std::formatter<lowp::number<F>, char> : lowp::number_formatter<std::format_error> {};
#endif

#endif  // LOWP_INTEROP_FORMAT_HPP
