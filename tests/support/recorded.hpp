// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recorded results of real implementations, files below shared/vectors, which may be missing: a
/// test then says so and compares nothing.
#ifndef LOWP_TESTS_SUPPORT_RECORDED_HPP
#define LOWP_TESTS_SUPPORT_RECORDED_HPP

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace recorded {

using fields = std::vector<std::string>;

/// Where the file of this name is, e.g. "intn/quantise.txt".
inline std::string path(const std::string& name) {
  return std::string(LOWP_SHARED_DIR "/vectors/") + name;
}

/// Whether there is such a file; says so if not.
inline bool exists(const std::string& name) {
  const bool found = std::ifstream(path(name)).good();
  if (!found) MESSAGE("not found, not compared: ", path(name));
  return found;
}

/// All bytes of a file; none if it is missing.
inline std::vector<std::byte> file_bytes(const std::string& name) {
  std::ifstream file(path(name), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::vector<std::byte> all(text.size());
  std::transform(text.begin(), text.end(), all.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return all;
}

/// The lines of a text, split at spaces, and how many there must be; none, with a message, if it
/// is missing.
inline std::vector<fields> lines(const std::string& name, std::size_t expected) {
  std::vector<fields> all;
  if (!exists(name)) return all;
  std::ifstream file(path(name));
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    fields f;
    for (std::string word; words >> word;) f.push_back(word);
    all.push_back(f);
  }
  CHECK(all.size() == expected);
  return all;
}

}  // namespace recorded

#endif  // LOWP_TESTS_SUPPORT_RECORDED_HPP
