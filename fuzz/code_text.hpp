// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes and values as text, for people.
#ifndef LOWP_FUZZ_CODE_TEXT_HPP
#define LOWP_FUZZ_CODE_TEXT_HPP

#include <string>
#include <vector>

#include <lowp/lowp.hpp>

#include "verify.hpp"

namespace lowp::tool {

/// "0x3c00", as many digits as the format is wide.
std::string bits_text(const format& f, code_t code);

/// The value: shortest decimal that names the nearest binary64 (which is exact for all formats but
/// logarithmic ones and 64-bit integers), "inf", "nan" with what is known of its payload.
std::string value_text(const format& f, code_t code);

/// The same value as a hexadecimal float ("0x1.8p-3"); empty for infinities and NaNs.
std::string hex_value_text(const format& f, code_t code);

/// A count with groups of three digits, "16 711 678".
std::string count_text(std::uint64_t n);

/// What happened in a mismatch, line by line: inputs, expected and got in bits and values, and what
/// the difference looks like.
std::vector<std::string> explain(const implementation& row, const mismatch& m);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CODE_TEXT_HPP
