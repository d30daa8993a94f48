// SPDX-License-Identifier: Apache-2.0
/// \file
/// std::format of number<F>, where the standard library has it; else this header is empty.
#ifndef LOWP_INTEROP_FORMAT_HPP
#define LOWP_INTEROP_FORMAT_HPP

#include <version>

#ifdef __cpp_lib_format
#include <format>

#include "number_formatter.hpp"

/// See `number_formatter` for the specification.
template <lowp::format F>
struct std::formatter<lowp::number<F>, char> : lowp::number_formatter<std::format_error> {};
#endif

#endif  // LOWP_INTEROP_FORMAT_HPP
