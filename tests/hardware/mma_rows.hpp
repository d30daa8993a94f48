// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recorded results of matrix units: tables of hexadecimal codes, shared/vectors/mma/README.md. A
/// part of every table is in tests/data/mma.
#ifndef LOWP_TESTS_HARDWARE_MMA_ROWS_HPP
#define LOWP_TESTS_HARDWARE_MMA_ROWS_HPP

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

namespace mma_rows_of {

using lowp::code_t;

/// One line, by the names of the table's columns.
using row = std::map<std::string, std::string>;

/// Folders with tables: the part that travels with the sources, and all of them where they are.
inline std::vector<std::string> folders() {
  std::vector<std::string> all{LOWP_SOURCE_DIR "/tests/data/mma/"};
  const std::string shared = LOWP_SHARED_DIR "/vectors/mma/";
  if (std::ifstream(shared + "models.csv").good()) {
    all.push_back(shared);
  } else {
    MESSAGE("not found, only the part of it in tests/data compared: ", shared);
  }
  return all;
}

inline std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all(1);
  for (const char c : line) {
    if (c == ',') {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  return all;
}

inline std::vector<row> table(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = cells(line);
  std::vector<row> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> values = cells(line);
    REQUIRE_MESSAGE(values.size() == names.size(), path, ": ", line);
    row r;
    for (std::size_t i = 0; i < names.size(); ++i) r[names[i]] = values[i];
    rows.push_back(r);
  }
  REQUIRE_MESSAGE(!rows.empty(), path);
  return rows;
}

inline code_t code(const std::string& text) { return std::stoull(text, nullptr, 16); }

/// Codes of `digits` hexadecimal digits each.
inline std::vector<code_t> codes(const std::string& text, std::size_t digits) {
  std::vector<code_t> all;
  REQUIRE(text.size() % digits == 0);
  for (std::size_t i = 0; i < text.size(); i += digits) all.push_back(code(text.substr(i, digits)));
  return all;
}

inline std::size_t digits_of(const lowp::mma_model& m, lowp::format f) {
  return static_cast<std::size_t>(stored_width(m, f) + 3) / 4;
}

inline const lowp::named_mma_model& model(const std::string& name) {
  const lowp::named_mma_model* m = lowp::find_mma_model(name.c_str());
  REQUIRE_MESSAGE(m != nullptr, name);
  return *m;
}

/// The registered name of an instruction of models.csv, where wgmma and tcgen05 stand for every M
/// and N.
inline std::string registered(const std::string& machine, std::string mnemonic) {
  for (const auto& [from, to] : {std::pair{"wgmma.m64n8k", "wgmma.m64nNk"},
                                 std::pair{"tcgen05.mma.m128n8k", "tcgen05.mma.mMnNk"},
                                 std::pair{"block_scale.m128n8k", "block_scale.mMnNk"}}) {
    const std::size_t at = mnemonic.find(from);
    if (at != std::string::npos) mnemonic.replace(at, std::string(from).size(), to);
  }
  return machine + "." + mnemonic;
}

/// Names of a cell "sm80: A B ; sm90: C".
inline std::vector<std::string> instructions(const std::string& cell) {
  std::istringstream words(cell);
  std::vector<std::string> all;
  std::string machine;
  for (std::string word; words >> word;) {
    if (word == ";") continue;
    if (word.back() == ':') {
      machine = word.substr(0, word.size() - 1);
    } else {
      all.push_back(registered(machine, word));
    }
  }
  return all;
}

/// Whether a code is what the table has: "nan" stands for any NaN.
inline bool same(lowp::format d, code_t got, const std::string& expected) {
  if (expected == "nan") return decode(d, got).cls == lowp::number_class::nan;
  return got == code(expected);
}

inline bool differs_in_sign_of_zero(lowp::format d, code_t got, const std::string& expected) {
  return decode(d, got).cls == lowp::number_class::zero &&
         decode(d, code(expected)).cls == lowp::number_class::zero && got != code(expected);
}

/// The result of a row: columns a, b, c, and sa, sb where there are scales.
inline code_t run(const lowp::mma_model& m, const row& r) {
  std::vector<code_t> a = codes(r.at("a"), digits_of(m, m.a)),
                      b = codes(r.at("b"), digits_of(m, m.b));
  REQUIRE(a.size() == b.size());
  REQUIRE(a.size() <= m.k);
  // Products that are not listed are of zeros.
  a.resize(m.k);
  b.resize(m.k);
  std::vector<code_t> sa, sb;
  if (m.scale_block != 0) {
    sa = codes(r.at("sa"), 2);
    sb = codes(r.at("sb"), 2);
    REQUIRE(sa.size() == static_cast<std::size_t>(m.k / m.scale_block));
    REQUIRE(sb.size() == sa.size());
  }
  return multiply_add(m, a.data(), b.data(), code(r.at("c")), sa.data(), sb.data());
}

}  // namespace mma_rows_of

#endif  // LOWP_TESTS_HARDWARE_MMA_ROWS_HPP
