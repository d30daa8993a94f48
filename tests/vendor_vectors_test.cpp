// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every recorded result of a real implementation is reproduced by a conversion rule, or is in a
/// table of exceptions with its reason and its exact number of rows.
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>

namespace {

using lowp::code_t;

/// A column of the vector files and the rule that reproduces it.
struct column {
  const char* name;
  const char* rule;
  int shift = 0;  ///< the code is in the upper bits of the container, the lower ones are ignored
};

constexpr column columns[] = {
    {"cuda_e4m3_sat", "cuda13.e4m3fn.satfinite"},
    {"cuda_e4m3_nosat", "cuda13.e4m3fn.nosat"},
    {"cuda_e5m2_sat", "cuda13.e5m2.satfinite"},
    {"cuda_e5m2_nosat", "cuda13.e5m2.nosat"},
    {"cuda_e2m3_rn", "cuda13.e2m3.rn"},
    {"cuda_e2m3_rz", "cuda13.e2m3.rz"},
    {"cuda_e3m2_rn", "cuda13.e3m2.rn"},
    {"cuda_e3m2_rz", "cuda13.e3m2.rz"},
    {"cuda_e2m1_rn", "cuda13.e2m1.rn"},
    {"cuda_e2m1_rz", "cuda13.e2m1.rz"},
    {"cuda_e8m0_rz_sat", "cuda13.e8m0fnu.rz.satfinite"},
    {"cuda_e8m0_rz_nosat", "cuda13.e8m0fnu.rz.nosat"},
    {"cuda_e8m0_rp_sat", "cuda13.e8m0fnu.rp.satfinite"},
    {"cuda_e8m0_rp_nosat", "cuda13.e8m0fnu.rp.nosat"},
    {"cuda_f16_rn", "cuda13.binary16.rn"},
    {"cuda_f16_rz", "cuda13.binary16.rz"},
    {"cuda_f16_rd", "cuda13.binary16.rd"},
    {"cuda_f16_ru", "cuda13.binary16.ru"},
    {"cuda_bf16_rn", "cuda13.bfloat16.rn"},
    {"cuda_bf16_rz", "cuda13.bfloat16.rz"},
    {"cuda_bf16_rd", "cuda13.bfloat16.rd"},
    {"cuda_bf16_ru", "cuda13.bfloat16.ru"},
    {"ml_e3m4", "ml_dtypes.e3m4"},
    {"ml_e3m4_sat", "ml_dtypes.e3m4.saturating"},
    {"ml_e4m3", "ml_dtypes.e4m3"},
    {"ml_e4m3_sat", "ml_dtypes.e4m3.saturating"},
    {"ml_e4m3fn", "ml_dtypes.e4m3fn"},
    {"ml_e4m3fn_sat", "ml_dtypes.e4m3fn.saturating"},
    {"ml_e4m3fnuz", "ml_dtypes.e4m3fnuz"},
    {"ml_e4m3fnuz_sat", "ml_dtypes.e4m3fnuz.saturating"},
    {"ml_e4m3b11fnuz", "ml_dtypes.e4m3b11fnuz"},
    {"ml_e4m3b11fnuz_sat", "ml_dtypes.e4m3b11fnuz.saturating"},
    {"ml_e5m2", "ml_dtypes.e5m2"},
    {"ml_e5m2_sat", "ml_dtypes.e5m2.saturating"},
    {"ml_e5m2fnuz", "ml_dtypes.e5m2fnuz"},
    {"ml_e5m2fnuz_sat", "ml_dtypes.e5m2fnuz.saturating"},
    {"ml_e8m0fnu", "ml_dtypes.e8m0fnu"},
    {"ml_e8m0fnu_sat", "ml_dtypes.e8m0fnu.saturating"},
    {"ml_e2m3fn", "ml_dtypes.e2m3"},
    {"ml_e2m3fn_sat", "ml_dtypes.e2m3.saturating"},
    {"ml_e3m2fn", "ml_dtypes.e3m2"},
    {"ml_e3m2fn_sat", "ml_dtypes.e3m2.saturating"},
    {"ml_e2m1fn", "ml_dtypes.e2m1"},
    {"ml_e2m1fn_sat", "ml_dtypes.e2m1.saturating"},
    {"eigen_bf16", "eigen.bfloat16"},
    {"eigen_f16", "eigen.binary16"},
    {"cutlass_e4m3", "cutlass.e4m3fn"},
    {"cutlass_e5m2", "cutlass.e5m2"},
    {"cutlass_ue4m3", "cutlass.ue4m3"},
    {"cutlass_ue8m0", "cutlass.e8m0fnu"},
    {"cutlass_e2m3", "cutlass.e2m3"},
    {"cutlass_e3m2", "cutlass.e3m2"},
    {"cutlass_e2m1", "cutlass.e2m1"},
    {"cutlass_tf32", "cutlass.tf32", 13},
    {"dnnl_e5m2", "onednn.e5m2"},
    {"dnnl_e4m3", "onednn.e4m3fn"},
    {"dnnl_e8m0", "onednn.e8m0fnu"},
    {"dnnl_e2m1", "onednn.e2m1"},
    {"dnnl_e3m0", "onednn.e3m0"},
    {"dnnl_f16", "onednn.binary16"},
    {"spike_e4m3_nosat", "riscv.vfncvt.e4m3fn"},
    {"spike_e4m3_sat", "riscv.vfncvt.sat.e4m3fn"},
    {"spike_e5m2_nosat", "riscv.vfncvt.e5m2"},
    {"spike_e5m2_sat", "riscv.vfncvt.sat.e5m2"},
    {"spike_bf16", "riscv.fcvt.bfloat16"},
    {"x86_vcvtneps2bf16", "avx512_bf16.vcvtneps2bf16"},
    {"x86_vcvtps2ph_rn", "f16c.vcvtps2ph.rn"},
    {"x86_vcvtps2phx_rn", "avx512_fp16.vcvtps2phx.rn"},
    {"hip_e4m3_sat", "hip2024.e4m3fn.satfinite"},
    {"hip_e4m3_nosat", "hip2024.e4m3fn.nosat"},
    {"hip_e5m2_sat", "hip2024.e5m2.satfinite"},
    {"hip_e5m2_nosat", "hip2024.e5m2.nosat"},
    {"hip_e4m3fnuz_sat", "hip2024.e4m3fnuz.satfinite"},
    {"hip_e4m3fnuz_nosat", "hip2024.e4m3fnuz.nosat"},
    {"hip_e5m2fnuz_sat", "hip2024.e5m2fnuz.satfinite"},
    {"hip_e5m2fnuz_nosat", "hip2024.e5m2fnuz.nosat"},
    {"torch_e4m3fn", "pytorch.e4m3fn"},
    {"torch_e5m2", "pytorch.e5m2"},
    {"torch_e4m3fnuz", "pytorch.e4m3fnuz"},
    {"torch_e8m0", "pytorch.e8m0fnu"},
    {"hipocp_e2m1", "hip_ocp.e2m1"},
    {"hipocp_e2m3", "hip_ocp.e2m3"},
    {"hipocp_e3m2", "hip_ocp.e3m2"},
    {"hipocp_e4m3_sat", "hip_ocp.e4m3fn.saturate"},
    {"hipocp_e4m3_nosat", "hip_ocp.e4m3fn.nosat"},
    {"hipocp_e5m2_sat", "hip_ocp.e5m2.saturate"},
    {"hipocp_e5m2_nosat", "hip_ocp.e5m2.nosat"},
    {"rdna4_fp8_nosat", "rdna4.e4m3fn.ovfl0"},
    {"rdna4_fp8_sat", "rdna4.e4m3fn.ovfl1"},
    {"rdna4_bf8_nosat", "rdna4.e5m2.ovfl0"},
    {"rdna4_bf8_sat", "rdna4.e5m2.ovfl1"},
};

/// oneDNN's e2m1 and e3m0: the table entry with the least float difference, even index on a tie.
/// Differences to huge values are equal after rounding to float, whence index 6 instead of 7.
template <std::size_t Size>
code_t nearest_by_float_difference(const float (&magnitudes)[Size], code_t input) {
  const float x = std::bit_cast<float>(static_cast<std::uint32_t>(input & 0x7fffffff));
  std::size_t best = 0;
  for (std::size_t i = 1; i < Size; ++i) {
    const float now = std::abs(magnitudes[i] - x);
    const float least = std::abs(magnitudes[best] - x);
    if (now < least || (now == least && i % 2 == 0)) best = i;
  }
  return best | (input >> 31 != 0 ? Size : 0);
}
constexpr float e2m1_magnitudes[] = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};
constexpr float e3m0_magnitudes[] = {0, 0.25f, 0.5f, 1, 2, 4, 8, 16};

/// A column that its rule does not reproduce for some inputs, because another algorithm made it.
/// That algorithm, rewritten here, gives the recorded code of every finite input.
struct exception {
  const char* column;
  const char* reason;
  code_t (*algorithm)(code_t input);
  int rows;         ///< that differ from the rule, in the complete file
  int subset_rows;  ///< the same in tests/data
};

constexpr exception exceptions[] = {
    {"dnnl_e2m1", "float differences to the table are equal from 2^25 on: 4.0 for 6.0",
     [](code_t input) { return nearest_by_float_difference(e2m1_magnitudes, input); }, 96, 13},
    {"dnnl_e3m0", "float differences to the table are equal for huge values: 8.0 for 16.0",
     [](code_t input) { return nearest_by_float_difference(e3m0_magnitudes, input); }, 87, 11},
};

constexpr int undefined_cells = 1408;  ///< "UB" in the complete AMD file
constexpr int undefined_subset_cells = 288;

/// A vector file: header and cells as text.
struct table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  bool complete = false;
};

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

bool read(const std::string& path, table& out) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line[0] == '#') continue;
    (out.header.empty() ? out.header : out.rows.emplace_back()) = split(line);
  }
  return !out.rows.empty();
}

/// The complete file of ../shared, else the subset that travels with the sources.
table load(const std::string& file) {
  table t;
  t.complete = read(std::string(LOWP_SHARED_DIR) + "/vectors/cvt/" + file, t);
  if (!t.complete) {
    MESSAGE("SKIPPED: the complete set " << file << " (no ../shared/vectors/cvt); using the "
                                         << "subset in tests/data");
    REQUIRE(read(std::string(LOWP_SOURCE_DIR) + "/tests/data/" + file, t));
  }
  return t;
}

const std::vector<std::string>& files() {
  static const std::vector<std::string> names{"f32_conversions.csv",
                                              "f32_conversions_amd_torch.csv"};
  return names;
}

const column* find_column(const std::string& name) {
  for (const column& c : columns) {
    if (name == c.name) return &c;
  }
  return nullptr;
}

const exception* find_exception(const std::string& name) {
  for (const exception& e : exceptions) {
    if (name == e.column) return &e;
  }
  return nullptr;
}

code_t hexadecimal(const std::string& text) { return std::stoull(text, nullptr, 16); }

struct outcome {
  int cases = 0;
  int undefined = 0;
  int different = 0;    ///< explained by the exception
  int unexplained = 0;  ///< a wrong rule
  std::string first;
};

outcome compare(const table& t, std::size_t index, const column& c) {
  outcome o;
  const lowp::conversion_rule* rule = lowp::find_rule(c.rule);
  REQUIRE_MESSAGE(rule != nullptr, std::string(c.rule));
  const exception* e = find_exception(c.name);
  for (const std::vector<std::string>& row : t.rows) {
    REQUIRE(row.size() == t.header.size());
    if (row[index] == "UB") {
      ++o.undefined;
      continue;
    }
    ++o.cases;
    const code_t input = hexadecimal(row[0]);
    const code_t want = hexadecimal(row[index]) >> c.shift;
    const code_t got = lowp::apply(*rule, input);
    const bool finite = (input & 0x7fffffff) < 0x7f800000;
    const bool explained = e != nullptr && finite && e->algorithm(input) == want;
    if (e != nullptr && finite && !explained) ++o.unexplained;
    if (got == want) continue;
    ++(explained ? o.different : o.unexplained);
    if (!explained && o.first.empty()) {
      std::ostringstream text;
      text << std::hex << "input " << row[0] << ": rule gives " << got << ", recorded " << want;
      o.first = text.str();
    }
  }
  return o;
}

}  // namespace

TEST_CASE("CVT-6 every column of the recorded vectors has a rule that reproduces it") {
  std::map<std::string, int> seen;
  int cases = 0;
  int undefined = 0;
  bool complete = true;
  for (const std::string& file : files()) {
    const table t = load(file);
    complete = complete && t.complete;
    for (std::size_t i = 1; i < t.header.size(); ++i) {
      const std::string& name = t.header[i];
      if (name == "class") continue;
      CAPTURE(name);
      ++seen[name];
      const column* c = find_column(name);
      CHECK_MESSAGE(c != nullptr, "column without a rule");
      if (c == nullptr) continue;
      const outcome o = compare(t, i, *c);
      CHECK_MESSAGE(o.unexplained == 0, name << " against " << std::string(c->rule) << ": "
                                             << o.unexplained
                                             << " rows differ, first: " << o.first);
      const exception* e = find_exception(name);
      const int expected = e == nullptr ? 0 : t.complete ? e->rows : e->subset_rows;
      CHECK_MESSAGE(o.different == expected, "rows that differ by an exception");
      if (e != nullptr) {
        MESSAGE(name << " is not reproduced for " << o.different
                     << " inputs: " << std::string(e->reason));
      }
      cases += o.cases;
      undefined += o.undefined;
    }
  }
  CHECK(undefined == (complete ? undefined_cells : undefined_subset_cells));
  MESSAGE(seen.size() << " columns, " << cases << " results compared, " << undefined
                      << " undefined results skipped");
  for (const column& c : columns) {
    CHECK_MESSAGE(seen[c.name] == 1, std::string(c.name)
                                         << ": the files do not have this column once");
  }
  for (const exception& e : exceptions)
    CHECK_MESSAGE(find_column(e.column) != nullptr, std::string(e.column));
}

TEST_CASE("the subset in tests/data is a part of the complete files and gives the same verdict") {
  int undefined = 0;
  for (const std::string& file : files()) {
    table t;
    REQUIRE(read(std::string(LOWP_SOURCE_DIR) + "/tests/data/" + file, t));
    CHECK(t.rows.size() == 150);
    table all;
    if (read(std::string(LOWP_SHARED_DIR) + "/vectors/cvt/" + file, all)) {
      CHECK(t.header == all.header);
      std::map<std::string, const std::vector<std::string>*> by_input;
      for (const auto& row : all.rows) by_input[row[0]] = &row;
      for (const auto& row : t.rows) {
        REQUIRE(by_input.count(row[0]) == 1);
        CHECK(*by_input[row[0]] == row);
      }
    }
    for (std::size_t i = 1; i < t.header.size(); ++i) {
      const column* c = find_column(t.header[i]);
      if (c == nullptr) continue;
      CAPTURE(t.header[i]);
      const outcome o = compare(t, i, *c);
      CHECK_MESSAGE(o.unexplained == 0, o.first);
      const exception* e = find_exception(c->name);
      CHECK(o.different == (e == nullptr ? 0 : e->subset_rows));
      undefined += o.undefined;
    }
  }
  CHECK(undefined == undefined_subset_cells);
}

TEST_CASE("CVT-6 x86 conversion instructions as recorded on a CPU") {
  const std::string folder = std::string(LOWP_SHARED_DIR) + "/vectors/mma/";
  struct recording {
    const char* file;
    const char* rule;  ///< without the rounding suffix that the column rc gives
  };
  constexpr recording recordings[] = {{"x86_vcvtneps2bf16.csv", "avx512_bf16.vcvtneps2bf16"},
                                      {"x86_vcvtps2ph.csv", "f16c.vcvtps2ph"},
                                      {"x86_vcvtph2ps.csv", "f16c.vcvtph2ps"}};
  for (const recording& r : recordings) {
    CAPTURE(std::string(r.file));
    table t;
    if (!read(folder + r.file, t)) {
      MESSAGE("SKIPPED: " << std::string(r.file) << " (no ../shared/vectors/mma)");
      continue;
    }
    CHECK(t.rows.size() == 500);
    const bool has_mode = t.header[0] == "rc";
    for (const auto& row : t.rows) {
      std::string name = r.rule;
      if (has_mode) name += row[0] == "rne" ? ".rn" : "." + row[0];
      const lowp::conversion_rule* rule = lowp::find_rule(name.c_str());
      REQUIRE_MESSAGE(rule != nullptr, name);
      const std::size_t x = has_mode ? 1 : 0;
      CAPTURE(row[x]);
      CHECK(lowp::apply(*rule, hexadecimal(row[x])) == hexadecimal(row[x + 1]));
    }
  }
}
