// SPDX-License-Identifier: Apache-2.0
/// \file
/// Blocks of IEEE P3109, section 5: elements that share a scale. The operations on single elements
/// are in operations.hpp.
#ifndef LOWP_P3109_BLOCK_HPP
#define LOWP_P3109_BLOCK_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "omega.hpp"
#include "reduction.hpp"

namespace lowp::p3109 {

/// A block (s, [x_1 ... x_B]) to read: a scale of format fs, B elements of format fx, each code in
/// an unsigned integer. B is given to the operation. spec/p3109.md IEP-10.
template <std::unsigned_integral Code>
struct Block {
  format fs;
  format fx;
  code_t s = 0;
  const Code* x = nullptr;
};
template <std::unsigned_integral Code>
Block(format, format, code_t, const Code*) -> Block<Code>;
template <std::unsigned_integral Code>
Block(format, format, code_t, Code*) -> Block<Code>;

/// One element with its scale, the operand of the Scaled operations.
struct ScaledValue {
  format fs;
  format fx;
  code_t s = 0;
  code_t x = 0;
};

/// Element i of a block, s x_i without rounding; products of up to 128 bits. IEP-10.
template <class Code>
LOWP_FN exact BlockDecode(const Block<Code>& X, std::size_t i) noexcept {
  return detail::omega<operation::multiply>(InterimReport_4_0, Decode(X.fs, X.s),
                                            Decode(X.fx, X.x[i]));
}

namespace detail {

LOWP_FN exact one() noexcept { return exact_finite(false, 1, 0); }

/// The quotient of an exact value, which may have a rest, and a scale. What is cut off from Z
/// cannot reach a boundary b of the result: b S has no more bits than Z keeps. IEP-12.
LOWP_FN exact divided(const exact& Z, const exact& S) noexcept {
  exact dividend = Z;
  dividend.sticky = false;
  exact Q = omega<operation::divide>(InterimReport_4_0, dividend, S);
  Q.sticky = Q.sticky || (Q.cls == number_class::finite && Z.sticky);
  return Q;
}

/// What an element of value X is before its projection, in a block of scale S. IEP-10.
LOWP_FN exact in_units_of(const exact& S, const exact& X, Version version) noexcept {
  if (S.cls == number_class::nan || X.cls == number_class::nan) return exact_nan();
  if (S.cls == number_class::zero) return exact_zero();
  if (S.cls != number_class::infinity) return divided(X, S);
  if (version != InterimReport_4_0) return one();
  if (X.cls == number_class::zero) return exact_zero();
  return exact_finite(X.negative != S.negative, 1, 0);
}

/// rho with the random bits of element i, if there are any.
LOWP_FN ProjSpec for_element(ProjSpec rho, const std::uint64_t* random, std::size_t i) noexcept {
  if (random != nullptr) rho.R = random[i];
  return rho;
}

}  // namespace detail

/// The code of an element of value X in a block of scale S. IEP-10.
LOWP_FN code_t BlockProject(format fr, const ProjSpec& rho, const exact& S,
                            const exact& X) noexcept {
  return Project(fr, rho, detail::in_units_of(S, X, rho.version));
}

/// Section 5: out of a block, without its scale. r: B codes of fr. `random`: B words for stochastic
/// modes, one for each element; without it all use rho.R. spec/p3109.md IEP-10, also for the
/// following.
template <class Code, std::unsigned_integral Result>
LOWP_FN void ConvertFromBlock(std::size_t B, const Block<Code>& X, format fr, const ProjSpec& rho,
                              Result* r, const std::uint64_t* random = nullptr) noexcept {
  for (std::size_t i = 0; i < B; ++i) {
    r[i] = static_cast<Result>(Project(fr, detail::for_element(rho, random, i), BlockDecode(X, i)));
  }
}

/// Into a block with the given scale s of format fs. r: the B elements; returns s.
template <std::unsigned_integral Code, std::unsigned_integral Result>
LOWP_FN code_t ConvertToBlock(std::size_t B, format fx, const Code* x, format fs, code_t s,
                              format fr, const ProjSpec& rho, Result* r,
                              const std::uint64_t* random = nullptr) noexcept {
  const exact S = Decode(fs, s);
  for (std::size_t i = 0; i < B; ++i) {
    r[i] = static_cast<Result>(
        BlockProject(fr, detail::for_element(rho, random, i), S, Decode(fx, x[i])));
  }
  return s;
}

namespace detail {

// The formal specification has its own way for an element beside the computed scale.
LOWP_FN exact in_units_of_greatest(const exact& S, const exact& X, Version version) noexcept {
  if (version == InterimReport_4_0) return in_units_of(S, X, version);
  if (S.cls == number_class::nan) return exact_nan();
  return S.cls == number_class::zero ? exact_zero() : divided(X, S);
}

}  // namespace detail

/// Into a block whose scale is the greatest finite magnitude among the elements, projected to fs by
/// rho_s. r: the B elements; returns the scale.
template <std::unsigned_integral Code, std::unsigned_integral Result>
LOWP_FN code_t ConvertToBlockMaxAbsFinite(std::size_t B, format fx, const Code* x, format fs,
                                          const ProjSpec& rho_s, format fr, const ProjSpec& rho,
                                          Result* r,
                                          const std::uint64_t* random = nullptr) noexcept {
  exact greatest = exact_nan();
  for (std::size_t i = 0; i < B; ++i) {
    const exact magnitude = detail::omega<operation::abs>(rho.version, Decode(fx, x[i]));
    greatest = detail::omega<operation::maximum_finite>(rho.version, greatest, magnitude);
  }
  const code_t s = Project(fs, rho_s, greatest);
  const exact S = Decode(fs, s);
  for (std::size_t i = 0; i < B; ++i) {
    const ProjSpec rho_i = detail::for_element(rho, random, i);
    r[i] = static_cast<Result>(
        Project(fr, rho_i, detail::in_units_of_greatest(S, Decode(fx, x[i]), rho.version)));
  }
  return s;
}

/// The sum of all elements with their scale, rounded once. spec/p3109.md IEP-11, also for the next
/// two.
template <class Code>
LOWP_FN code_t BlockReduceAdd(std::size_t B, const Block<Code>& X, format fr,
                              const ProjSpec& rho) noexcept {
  const exact S = Decode(X.fs, X.s);
  return Project(fr, rho, detail::sum_of(B, [S, X](std::size_t i) {
                   return detail::factors{S, Decode(X.fx, X.x[i])};
                 }));
}

/// The product of all elements, each with its scale.
template <class Code>
LOWP_FN code_t BlockReduceMultiply(std::size_t B, const Block<Code>& X, format fr,
                                   const ProjSpec& rho) noexcept {
  const exact S = Decode(X.fs, X.s);
  return Project(fr, rho, detail::product_of(B, [S, X](std::size_t i) {
                   return detail::factors{S, Decode(X.fx, X.x[i])};
                 }));
}

/// The sum of the products of the elements of two blocks.
template <class CodeX, class CodeY>
LOWP_FN code_t BlockDotProduct(std::size_t B, const Block<CodeX>& X, const Block<CodeY>& Y,
                               format fr, const ProjSpec& rho) noexcept {
  return Project(fr, rho, detail::sum_of(B, [X, Y](std::size_t i) {
                   return detail::factors{BlockDecode(X, i), BlockDecode(Y, i)};
                 }));
}

namespace detail {

/// Element by element: the block forms of all operations. sr, of format fsr, is the scale of the
/// result. IEP-12.
template <operation Op, class Result, class... Code>
LOWP_FN code_t elementwise(std::size_t B, format fsr, code_t sr, format fr, const ProjSpec& rho,
                           Result* r, const std::uint64_t* random,
                           const Block<Code>&... X) noexcept {
  const exact S = Decode(fsr, sr);
  for (std::size_t i = 0; i < B; ++i) {
    const exact Z = omega<Op>(rho.version, BlockDecode(X, i)...);
    r[i] = static_cast<Result>(BlockProject(fr, for_element(rho, random, i), S, Z));
  }
  return sr;
}

/// A block operation on blocks of one element with the result scale 1. IEP-12.
template <operation Op, class... Value>
LOWP_FN code_t scaled(format fr, const ProjSpec& rho, const Value&... X) noexcept {
  return Project(fr, rho,
                 omega<Op>(rho.version, BlockDecode(Block<code_t>{X.fs, X.fx, X.s, &X.x}, 0)...));
}

}  // namespace detail

}  // namespace lowp::p3109

#endif  // LOWP_P3109_BLOCK_HPP
