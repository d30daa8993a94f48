// SPDX-License-Identifier: Apache-2.0
/// \file
/// What there is to say of one code of a format, as columns of listings.
#ifndef LOWP_FUZZ_CODE_FACTS_HPP
#define LOWP_FUZZ_CODE_FACTS_HPP

#include <string>
#include <vector>

#include <lowp/lowp.hpp>

#include "listing.hpp"

namespace lowp::tool {

/// A run of bits of a code with a meaning of its own.
struct code_field {
  const char* name;
  int bits;
  code_t value;
};

/// The fields of a code, the highest bits first. Those of negative posits and takums, which are
/// negated as two's complement, are of the positive code.
std::vector<code_field> fields_of(const format& f, code_t code);

/// "sign 0, exponent 0101 (5), significand 010 (2)".
std::string fields_text(const format& f, code_t code);

/// How the fields of a finite minifloat make its value, in binary: "1.010 x 2^-2"; empty for
/// others.
std::string reading_text(const format& f, code_t code);

/// code, bits, fields, class and value in several ways; `fields` is null for numbers that are not
/// sign, exponent and significand.
std::vector<column> code_columns();
std::vector<cell> code_cells(const format& f, code_t code);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CODE_FACTS_HPP
