// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes and numbers of a format from the command line.
#ifndef LOWP_FUZZ_READ_VALUE_HPP
#define LOWP_FUZZ_READ_VALUE_HPP

#include <string>

#include <lowp/lowp.hpp>

namespace lowp::tool {

/// What an argument means.
struct value_argument {
  code_t code = 0;
  bool is_code = false;   ///< written as a code: "0x7e", "0b0111'1110"
  bool is_exact = false;  ///< of a number: the code has its value
};

/// A code, or a number that is rounded to nearest, ties to even ("0x1.8p3" is one in radix 16).
/// usage_error naming `argument`, the character and the rule if it is neither.
value_argument read_value(const char* argument, const format& f, const std::string& text);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_READ_VALUE_HPP
