// SPDX-License-Identifier: Apache-2.0
/// \file
/// The recorded results of real implementations in shared/vectors/intn: lines of fields.
#ifndef LOWP_TESTS_INTEGER_RECORDED_HPP
#define LOWP_TESTS_INTEGER_RECORDED_HPP

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/binary32.hpp>

namespace recorded {

using lowp_real = lowp::number<lowp::formats::binary32>;
using fields = std::vector<std::string>;

/// Lines of a file; none, with a message, where shared/ is missing.
inline std::vector<fields> lines(const std::string& name, std::size_t expected) {
  std::vector<fields> all;
  std::ifstream file(std::string(LOWP_SHARED_DIR "/vectors/intn/") + name);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    fields f;
    for (std::string word; words >> word;) f.push_back(word);
    all.push_back(f);
  }
  if (all.empty()) {
    MESSAGE("not found, not compared: ", name);
  } else {
    CHECK(all.size() == expected);
  }
  return all;
}

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

#endif  // LOWP_TESTS_INTEGER_RECORDED_HPP
