// SPDX-License-Identifier: Apache-2.0
/// \file
/// A project of its own that uses an installed lowp: copy this folder to begin.
#include <cstdio>

#include <lowp/lowp.hpp>

int main() {
  constexpr lowp::float8_e4m3fn x{0.3f};  // rounded to nearest, ties to even
  static_assert(x.code() == 0x2a);
  std::printf("lowp %d.%d.%d: 0.3 as float8_e4m3fn is code %#x, value %g\n", LOWP_VERSION_MAJOR,
              LOWP_VERSION_MINOR, LOWP_VERSION_PATCH, static_cast<unsigned>(x.code()),
              static_cast<double>(x));
}
