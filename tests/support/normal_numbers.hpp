// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers of the standard normal distribution, and binary32 numbers of any type from floats.
#ifndef LOWP_TESTS_SUPPORT_NORMAL_NUMBERS_HPP
#define LOWP_TESTS_SUPPORT_NORMAL_NUMBERS_HPP

#include <cstddef>
#include <random>
#include <vector>

#include <lowp/binary32.hpp>

namespace support {

inline std::vector<float> normal_numbers(std::mt19937& random, std::size_t n) {
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  for (float& v : x) v = normal(random);
  return x;
}

/// The same numbers as a type that definitions over binary32 take.
template <class Real>
std::vector<Real> reals(const std::vector<float>& x) {
  std::vector<Real> all;
  for (const float v : x) all.push_back(lowp::real<Real>(v));
  return all;
}

}  // namespace support

#endif  // LOWP_TESTS_SUPPORT_NORMAL_NUMBERS_HPP
