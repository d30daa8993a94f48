// SPDX-License-Identifier: Apache-2.0
/// \file
/// main() of every test program; compiled once because doctest's runner costs seconds.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
