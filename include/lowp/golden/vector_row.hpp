// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rules of rows of test vectors that programs of others need, too: digits, bytes, flags, when
/// a result is right. spec/golden.md GLD-10 to GLD-13, GLD-15.
#ifndef LOWP_GOLDEN_VECTOR_ROW_HPP
#define LOWP_GOLDEN_VECTOR_ROW_HPP

#include <cstddef>
#include <cstdint>

#include <lowp/compare.hpp>
#include <lowp/number.hpp>
#include <lowp/projection.hpp>

namespace lowp::golden {

/// The flags in the last field of a row, with TestFloat's bits. GLD-10.
inline constexpr std::uint8_t row_flags = status::inexact | status::underflow | status::overflow |
                                          status::divide_by_zero | status::invalid;

/// Hexadecimal digits of a code in a line. GLD-11.
LOWP_FN int hex_digits(format f) noexcept { return (f.width + 3) / 4; }

/// What begins a file in the binary format; its header ends on a multiple of so many bytes. GLD-12.
inline constexpr char vector_magic[] = "LOWPVEC1";
inline constexpr std::size_t vector_header_unit = 64;

/// Is `got` right where `expected` is? With `any_nan` every NaN of `f` is as good as another.
/// GLD-13.
LOWP_FN bool is_right(format f, code_t expected, code_t got, bool any_nan = false) noexcept {
  return expected == got || (any_nan && is_nan(f, expected) && is_nan(f, got));
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_VECTOR_ROW_HPP
