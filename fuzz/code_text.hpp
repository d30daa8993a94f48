// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes and values as text, for people.
#ifndef LOWP_FUZZ_CODE_TEXT_HPP
#define LOWP_FUZZ_CODE_TEXT_HPP

#include <cstdint>
#include <string>

#include <lowp/lowp.hpp>

namespace lowp::tool {

/// "0x3c00", as many digits as the format is wide.
std::string bits_text(const format& f, code_t code);

/// "0b0'01111'0000000000", the fields apart.
std::string field_text(const format& f, code_t code);

/// The shortest decimal that reads back as this code of this format.
std::string shortest_text(const format& f, code_t code);

/// The value: all digits if these are few, else the shortest decimal of the nearest binary64 (the
/// value itself up to 53 bits); "inf", "nan", "nan (signalling)".
std::string value_text(const format& f, code_t code);

/// The value as a hexadecimal float ("0x1.8p-3"); empty for zeros, infinities, NaNs and integers.
std::string hex_value_text(const format& f, code_t code);

/// All decimal digits of the value.
std::string exact_text(const format& f, code_t code);

/// The value in whole numbers: "448", "5/16"; with a power of two where digits are many, "31 x
/// 2^250", "2^-24"; of logarithmic formats "2^(7/8)". As `shortest_text` for zeros, infinities,
/// NaNs.
std::string ratio_text(const format& f, code_t code);

/// The same of any value; what has more than 64 bits is rounded: "about 0.3".
std::string ratio_text(const exact& x);

/// "positive normal", "signalling NaN".
const char* class_text(const format& f, code_t code);

/// A count with groups of three digits, "16 711 678".
std::string count_text(std::uint64_t n);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CODE_TEXT_HPP
