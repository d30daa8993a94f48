// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's own description of every registered block format, typed from blocks.md sections 1,
/// 2 and 6; nothing here comes from include/lowp.
#ifndef LOWP_TESTS_ORACLE_BLOCK_FORMATS_HPP
#define LOWP_TESTS_ORACLE_BLOCK_FORMATS_HPP

#include <string>
#include <string_view>
#include <vector>

#include "project.hpp"

namespace oracle {

enum class outer { none, tensor, row };

/// A block format. Levels have fields of one bit.
struct block_description {
  std::string name;
  description element;
  description scale;
  int rows = 1;
  int columns = 32;
  int millibits = 0;             ///< 1000 x bits per element, scales included
  std::vector<int> groups = {};  ///< elements that share a field, level by level
  bool lowers = false;           ///< fields are subtracted
  outer factor = outer::none;

  int elements() const { return rows * columns; }
};

/// Sign and m bits of magnitude without implicit bit, the first of weight 1.
inline description sign_and_magnitude(int m) {
  return row("sign and " + std::to_string(m), 1 + m, true, m - 1, 1);
}

inline const std::vector<block_description>& block_registry() {
  const auto of = [](const char* name) { return *find(name); };
  const auto mx = [&](std::string name, const char* element, int millibits) {
    return block_description{std::move(name), of(element), of("e8m0fnu"), 1, 32, millibits};
  };
  const auto bfp = [&](std::string name, int m, int columns, int millibits) {
    return block_description{std::move(name), sign_and_magnitude(m), of("e8m0fnu"), 1, columns,
                             millibits};
  };
  const auto pairs = [&](std::string name, int m, int millibits) {
    block_description d = bfp(std::move(name), m, 16, millibits);
    d.groups = {2};
    d.lowers = true;
    return d;
  };
  const auto hif = [&](std::string name, int m, int millibits) {
    block_description d = bfp(std::move(name), m, 64, millibits);
    d.scale = of("ue6m2");
    d.groups = {8, 4};
    return d;
  };
  const auto nv = [&](std::string name, int rows, int millibits, outer factor) {
    block_description d{std::move(name), of("e2m1"), of("ue4m3"), rows, 16, millibits};
    d.factor = factor;
    return d;
  };
  const auto fp8 = [&](std::string name, int rows, const char* element, const char* scale,
                       int millibits) {
    return block_description{std::move(name), of(element), of(scale), rows, 128, millibits};
  };
  static const std::vector<block_description> rows = {
      mx("mxfp8_e5m2", "e5m2", 8250),
      mx("mxfp8_e4m3", "e4m3fn", 8250),
      mx("mxfp6_e3m2", "e3m2", 6250),
      mx("mxfp6_e2m3", "e2m3", 6250),
      mx("mxfp4", "e2m1", 4250),
      mx("mxint8", "mxint8", 8250),
      mx("mx4_e3m0", "e3m0", 4250),
      nv("nvfp4", 1, 4500, outer::tensor),
      nv("nvfp4_16x16", 16, 4031, outer::tensor),
      nv("nvfp4_row", 1, 4500, outer::row),
      nv("nvfp4_single", 1, 4500, outer::none),
      fp8("fp8_1x128", 1, "e4m3fn", "binary32", 8250),
      fp8("fp8_128x128", 128, "e4m3fn", "binary32", 8002),
      fp8("fp8_1x128_e5m2", 1, "e5m2", "binary32", 8250),
      fp8("fp8_1x128_ue8m0", 1, "e4m3fn", "e8m0fnu", 8063),
      fp8("fp8_128x128_ue8m0", 128, "e4m3fn", "e8m0fnu", 8000),
      bfp("msfp12", 3, 16, 4500),
      bfp("msfp13", 4, 16, 5500),
      bfp("msfp14", 5, 16, 6500),
      bfp("msfp15", 6, 16, 7500),
      bfp("msfp16", 7, 16, 8500),
      bfp("bfp4_b", 3, 16, 4500),
      bfp("bfp2_b", 1, 16, 2500),
      bfp("bfp16", 7, 8, 9000),
      {"bfp16_compiler", of("mxint8"), of("e8m0fnu"), 1, 8, 9000},
      pairs("mx9", 7, 9000),
      pairs("mx6", 4, 6000),
      pairs("mx4", 2, 4000),
      hif("hif4", 3, 4500),
      hif("hif5", 4, 5500),
      hif("hif3", 2, 3500),
  };
  return rows;
}

inline const block_description* find_block(std::string_view name) {
  for (const block_description& d : block_registry()) {
    if (d.name == name) return &d;
  }
  return nullptr;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_BLOCK_FORMATS_HPP
