// SPDX-License-Identifier: Apache-2.0
/// \file
/// Documented differences that several implementations share.
#ifndef LOWP_FUZZ_IMPLEMENTATIONS_KNOWN_HPP
#define LOWP_FUZZ_IMPLEMENTATIONS_KNOWN_HPP

#include <lowp/operations.hpp>

#include "../implementation.hpp"

namespace lowp::tool {

/// Two or more of the operands are NaN, and the result is another one than the model's, as the
/// result's projection has it.
template <format F, int Operands, projection P = policies::ieee754>
bool takes_another_nan(const code_t* in, code_t, code_t got) {
  int nans = 0;
  bool found = false;
  for (int k = 0; k < Operands; ++k) {
    exact x = decode(F, in[k]);
    if (x.cls != number_class::nan) continue;
    ++nans;
    x.significand |= std::uint64_t{1} << 63;
    found = found || got == encode(F, x, P);
  }
  return nans > 1 && found;
}

/// Compilers exchange the operands of commutative operations.
template <format F, int Operands, projection P = policies::ieee754>
constexpr known_difference order_of_operands{
    "of several NaN operands another one's payload survives: compilers choose the order of "
    "operands",
    "IEEE 754-2019 6.2.3 leaves it open", takes_another_nan<F, Operands, P>};

/// C leaves NaN results open. Compilers and libraries need not know signalling NaNs either, so one
/// may stay what it is.
template <format F>
bool any_nan(const code_t*, code_t expected, code_t got) {
  return is_nan(F, expected) && is_nan(F, got);
}
template <format F>
constexpr known_difference which_nan{
    "another NaN: sign and payload are not specified, quieting not required",
    "C23 F.2.1, F.10; IEEE 754-2019 6.2.3", any_nan<F>};

/// The result is one of the two numbers next to the exact value.
template <format F, operation Op>
bool is_faithful(const code_t* in, code_t expected, code_t got) {
  exact x[3];
  for (int k = 0; k < operand_count(Op); ++k) x[k] = decode(F, in[k]);
  const neighbours n = find_neighbours(F, lowp::detail::exact_operation<Op>::of(x, {}).value);
  return !is_nan(F, expected) && (got == n.below || got == n.above);
}
template <format F, operation Op>
constexpr known_difference faithful{"not correctly rounded: the exact value's other neighbour",
                                    "float function, rounded again", is_faithful<F, Op>};

/// x86: out of range and NaN give all ones (unsigned) or the top bit alone.
template <format From, int Width, bool Signed, rounding Round>
bool is_integer_indefinite(const code_t* in, code_t, code_t got) {
  const format to = integer_format(Width, Signed);
  const code_t indefinite = Signed ? code_t{1} << (Width - 1) : lowp::detail::low_mask(Width);
  const status flags =
      convert_with_status(From, in[0], to, {.round = Round, .overflow = saturate}).flags;
  return got == indefinite && (flags.has(status::overflow) || flags.has(status::invalid));
}

template <format From, int Width, bool Signed, rounding Round>
constexpr known_difference integer_indefinite{
    Signed ? "NaN and out of range give the least integer, not 0 or the nearest end"
           : "NaN and out of range give the greatest integer, not 0 or the nearest end",
    "Intel SDM: integer indefinite value", is_integer_indefinite<From, Width, Signed, Round>};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_IMPLEMENTATIONS_KNOWN_HPP
