// SPDX-License-Identifier: Apache-2.0
/// \file
/// The build frame works: a test program finds the library's headers and doctest.
#include <lowp/config.hpp>

#include <doctest/doctest.h>

namespace {
LOWP_FN int twice(int x) { return 2 * x; }
static_assert(twice(2) == 4);
}  // namespace

TEST_CASE("version macros are numbers") {
  CHECK(LOWP_VERSION_MAJOR >= 0);
  CHECK(LOWP_VERSION_MINOR >= 0);
  CHECK(LOWP_VERSION_PATCH >= 0);
}
