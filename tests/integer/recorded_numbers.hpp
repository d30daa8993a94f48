// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fields of the recorded results in shared/vectors/intn as numbers.
#ifndef LOWP_TESTS_INTEGER_RECORDED_NUMBERS_HPP
#define LOWP_TESTS_INTEGER_RECORDED_NUMBERS_HPP

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <lowp/binary32.hpp>

#include "support/recorded.hpp"

namespace recorded {

using lowp_real = lowp::number<lowp::formats::binary32>;

inline long long integer(const std::string& s) { return std::strtoll(s.c_str(), nullptr, 10); }
inline float binary32(const std::string& s) { return std::strtof(s.c_str(), nullptr); }
inline double binary64(const std::string& s) { return std::strtod(s.c_str(), nullptr); }

/// The library's number for one of the machine's, and back.
inline lowp_real to_lowp(float x) { return lowp_real::from_code(std::bit_cast<std::uint32_t>(x)); }
inline float from_lowp(lowp_real x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x.code()));
}

/// One rounding to binary32, however the compiler would like to compute.
inline float fl(float x) {
  volatile float kept = x;
  return kept;
}

}  // namespace recorded

#endif  // LOWP_TESTS_INTEGER_RECORDED_NUMBERS_HPP
