// SPDX-License-Identifier: Apache-2.0
// Operations of IEEE P3109 (interim report 4.0) under its names: formats of the operands, format of
// the result, projection specification, codes.
#include <iostream>

#include <lowp/p3109.hpp>

int main() {
  using namespace lowp::p3109;
  const lowp::format f = Binary(8, 4);  // Binary8p4se
  const lowp::format g = Binary(8, 3, Signedness::Signed, Domain::Finite);
  const ProjSpec nearest;  // NearestTiesToEven, SatNone
  const ProjSpec saturating{.round = TowardZero, .sat = SatFinite};
  const ProjSpec stochastic{.round = StochasticB, .N = 4, .R = 11};

  const lowp::code_t one = Encode(f, lowp::exact_finite(false, 1, 0));
  const lowp::code_t large = MaxFiniteOf(f);
  std::cout << std::hex << "Add " << Add(f, f, f, nearest, large, large) << ", saturating "
            << Add(f, f, f, saturating, large, large) << '\n'
            << "Divide by 0 " << Divide(f, f, f, nearest, one, 0) << '\n'
            << "Exp into Binary8p3sf " << Exp(f, g, stochastic, one) << '\n';
}
