// SPDX-License-Identifier: Apache-2.0
/// \file
/// Documented differences that several implementations share.
#ifndef LOWP_FUZZ_IMPLEMENTATIONS_KNOWN_HPP
#define LOWP_FUZZ_IMPLEMENTATIONS_KNOWN_HPP

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
