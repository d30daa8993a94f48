// SPDX-License-Identifier: Apache-2.0
/// \file
/// What test vectors must touch, as tables of classes: of codes, of the place where an exact result
/// lies between two codes, and of sums. spec/golden.md GLD-14.
#ifndef LOWP_GOLDEN_COVERAGE_HPP
#define LOWP_GOLDEN_COVERAGE_HPP

#include "coverage_codes.hpp"
#include "coverage_places.hpp"
#include "coverage_sums.hpp"

#endif  // LOWP_GOLDEN_COVERAGE_HPP
