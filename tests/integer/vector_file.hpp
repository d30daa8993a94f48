// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recorded results: files of records with fields between spaces (shared/vectors/intn/README.md).
#ifndef LOWP_TESTS_INTEGER_VECTOR_FILE_HPP
#define LOWP_TESTS_INTEGER_VECTOR_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace vectors {

using record = std::vector<std::string>;

/// The records of a file; none, with a message, where the folder of recorded results is missing.
inline std::vector<record> read(const std::string& name) {
  std::ifstream file(std::string(LOWP_SHARED_DIR) + "/vectors/intn/" + name);
  std::vector<record> all;
  if (!file) {
    MESSAGE("no recorded results: ", name);
    return all;
  }
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    record r;
    for (std::string word; words >> word;) r.push_back(word);
    if (!r.empty() && r[0][0] != '#') all.push_back(r);
  }
  CHECK_FALSE(all.empty());
  return all;
}

/// Numbers of `digits` hexadecimal digits each, end to end.
inline std::vector<std::uint32_t> numbers(const std::string& text, std::size_t digits) {
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i + digits <= text.size(); i += digits) {
    const std::string word = text.substr(i, digits);
    // "nan....." is any NaN.
    all.push_back(word[0] == 'n' ? 0x7fc00000
                                 : static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)));
  }
  return all;
}

inline std::vector<std::byte> bytes(const std::string& text) {
  std::vector<std::byte> all;
  for (const std::uint32_t b : numbers(text, 2)) all.push_back(static_cast<std::byte>(b));
  return all;
}

inline std::string hexadecimal(const std::vector<std::byte>& all) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte b : all) {
    text += digits[std::to_integer<unsigned>(b) >> 4];
    text += digits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

}  // namespace vectors

#endif  // LOWP_TESTS_INTEGER_VECTOR_FILE_HPP
