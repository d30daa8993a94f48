// SPDX-License-Identifier: Apache-2.0
/// \file
/// A project of its own that uses an installed lowp: copy this folder to begin.
#include <cstdio>

#include <lowp/config.hpp>

int main() {
  std::printf("lowp %d.%d.%d\n", LOWP_VERSION_MAJOR, LOWP_VERSION_MINOR, LOWP_VERSION_PATCH);
}
