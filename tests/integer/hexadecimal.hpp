// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fields of recorded results that are bit patterns or bytes (shared/vectors/intn/README.md).
#ifndef LOWP_TESTS_INTEGER_HEXADECIMAL_HPP
#define LOWP_TESTS_INTEGER_HEXADECIMAL_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recorded {

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

}  // namespace recorded

#endif  // LOWP_TESTS_INTEGER_HEXADECIMAL_HPP
