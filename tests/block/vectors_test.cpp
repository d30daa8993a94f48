// SPDX-License-Identifier: Apache-2.0
// Quantisers of blocks against the recorded results of the implementations that they are named
// after, bit for bit. What differs by design is listed here and in spec/blocks.md BLS-16.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/types.hpp>

#include "support/recorded.hpp"

namespace {

using lowp::block_format;
using lowp::block_recipe;
using lowp::code_t;
using lowp::float32;

template <class T>
std::vector<T> read(const std::string& name) {
  const std::vector<std::byte> bytes = recorded::file_bytes("blocks/" + name);
  INFO("file " << name);
  REQUIRE(!bytes.empty());
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

bool vectors_exist() { return recorded::exists("blocks/README.md"); }

std::vector<float32> numbers(const std::string& name) {
  std::vector<float32> x;
  for (std::uint32_t bits : read<std::uint32_t>(name)) x.push_back(float32::from_code(bits));
  return x;
}

std::vector<std::string> kinds_of(const std::string& name) {
  std::ifstream file(recorded::path("blocks/" + name));
  std::vector<std::string> kinds;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) kinds.push_back(line.substr(line.find(',') + 1));
  return kinds;
}

block_format format_named(const char* name) {
  const auto* row = lowp::find_block_format(name);
  REQUIRE(row != nullptr);
  return *row;
}

block_recipe recipe_named(const char* name) {
  const auto* row = lowp::find_block_recipe(name);
  REQUIRE(row != nullptr);
  return *row;
}

struct quantised {
  code_t scale;
  std::vector<std::uint16_t> codes;
};

quantised quantise(const block_format& f, const block_recipe& r, const float32* x,
                   std::size_t stride, float32 outer) {
  quantised q{0, std::vector<std::uint16_t>(static_cast<std::size_t>(block_elements(f)))};
  q.scale = quantise_block(f, r, lowp::block_input<float32>{x, stride, f.rows, f.columns}, outer,
                           q.codes.data());
  return q;
}

std::uint32_t value_bits(const block_format& f, const quantised& q, int i) {
  const lowp::exact v = block_value(f, q.scale, q.codes[static_cast<std::size_t>(i)], i);
  return static_cast<std::uint32_t>(lowp::encode(lowp::formats::binary32, v));
}

bool is_nan_bits(std::uint32_t bits) { return (bits & 0x7fffffff) > 0x7f800000; }
/// Values compare as numbers: which zeros keep their sign is told by sets of codes.
bool same_number(std::uint32_t a, std::uint32_t b) {
  return a == b || (is_nan_bits(a) && is_nan_bits(b)) || ((a | b) & 0x7fffffff) == 0;
}

/// Counts what differs and prints the first few.
struct differences {
  std::string what;
  std::size_t cases = 0, differ = 0;

  void expect(bool same, const std::function<std::string()>& where) {
    ++cases;
    if (same) return;
    if (++differ <= 6) MESSAGE(what << ": " << where());
  }
  ~differences() {
    MESSAGE(what << ": " << cases << " cases, " << differ << " differ");
    CHECK(cases > 0);
    CHECK(differ == 0);
  }
};

std::string hex(std::uint64_t x) {
  char text[20];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(x));
  return text;
}

// --- mx ------------------------------------------------------------------------------------------

/// A recorded set of the MX data. `kind`: what its files hold.
struct mx_set {
  enum what { values, codes, nibbles, scale_last } kind;
  const char* data;
  const char* scale;
  const char* ids;
  const char* format;
  const char* recipe;
};

bool starts_with(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

bool is_special(float32 x) { return lowp::magnitude_of(x) >= 0x7f800000; }

/// Elements whose results differ because the implementation leaves the format: BLS-16.
bool differs_by_design(const mx_set& set, const std::string& kind, const quantised& q, float32 x,
                       std::uint32_t ours, std::uint32_t theirs) {
  if (starts_with(set.data, "mx/quark/")) {
    // Scales below 2^-127; NaN and infinity as elements of formats that have none.
    return q.scale == 0 || is_special(x);
  }
  if (starts_with(set.data, "mx/microxcaling_py/")) {
    // 1/2 added in binary32: just below half of the least element goes up. Beyond 2^127: NaN.
    const bool below_power = ((x.code() + 1) & 0x7fffff) == 0;
    return (below_power && (ours & 0x7fffffff) == 0) || (kind == "huge" && is_nan_bits(theirs));
  }
  return false;
}

void check_mx(const mx_set& set) {
  static const std::vector<float32> in = numbers("mx/in.f32");
  static const std::vector<std::string> kinds = kinds_of("mx/kinds.csv");
  const block_format f = format_named(set.format);
  const block_recipe r = recipe_named(set.recipe);
  std::vector<std::uint32_t> ids;
  if (set.ids != nullptr) {
    ids = read<std::uint32_t>(set.ids);
  } else {
    for (std::uint32_t i = 0; i < in.size() / 32; ++i) ids.push_back(i);
  }
  const auto data = read<std::uint8_t>(set.data);
  std::vector<std::uint8_t> scales;
  if (set.scale != nullptr) scales = read<std::uint8_t>(set.scale);
  differences d{set.data};
  for (std::size_t n = 0; n < ids.size(); ++n) {
    const std::string& kind = kinds[ids[n]];
    const quantised q = quantise(f, r, &in[ids[n] * 32], 32, float32{});
    const auto where = [&](int i, std::uint64_t ours, std::uint64_t theirs) {
      return "block " + std::to_string(ids[n]) + " (" + kind + ") element " + std::to_string(i) +
             " x " + hex(in[ids[n] * 32 + static_cast<std::size_t>(i)].code()) + " ours " +
             hex(ours) + " theirs " + hex(theirs) + " scale " + hex(q.scale);
    };
    if (set.scale != nullptr) {
      d.expect(scales[n] == q.scale, [&] { return "scale: " + where(0, q.scale, scales[n]); });
    }
    if (set.kind == mx_set::scale_last) {
      d.expect(data[n * 17 + 16] == q.scale,
               [&] { return "scale: " + where(0, q.scale, data[n * 17 + 16]); });
    }
    for (int i = 0; i < 32; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (set.kind == mx_set::values) {
        std::uint32_t theirs;
        std::memcpy(&theirs, &data[4 * (n * 32 + at)], 4);
        const std::uint32_t ours = value_bits(f, q, i);
        if (differs_by_design(set, kind, q, in[ids[n] * 32 + at], ours, theirs)) continue;
        d.expect(same_number(ours, theirs), [&] { return where(i, ours, theirs); });
        continue;
      }
      if (q.scale == 0xff) continue;  // codes without a meaning
      const std::size_t block = set.kind == mx_set::scale_last ? 17 : 16;
      const unsigned theirs = set.kind == mx_set::codes
                                  ? data[n * 32 + at]
                                  : data[n * block + at / 2] >> (at % 2 * 4) & 15U;
      d.expect(q.codes[at] == theirs, [&] { return where(i, q.codes[at], theirs); });
    }
  }
}

TEST_CASE(
    "BLS-16 MX blocks of torchao, microxcaling, TransformerEngine, Quark, FBGEMM, "
    "Model-Optimizer and DeepGEMM") {
  if (!vectors_exist()) return;
  static const struct {
    const char* name;
    const char* format;
  } elements[] = {{"e5m2", "mxfp8_e5m2"}, {"e4m3", "mxfp8_e4m3"}, {"e3m2", "mxfp6_e3m2"},
                  {"e2m3", "mxfp6_e2m3"}, {"e2m1", "mxfp4"},      {"int8", "mxint8"}};
  for (const auto& e : elements) {
    const std::string name = e.name;
    const auto check_named = [&](mx_set::what kind, const std::string& data,
                                 const std::string& scale, const char* recipe) {
      check_mx(
          {kind, data.c_str(), scale.empty() ? nullptr : scale.c_str(), nullptr, e.format, recipe});
    };
    check_named(mx_set::values, "mx/microxcaling_cpp/" + name + ".even.f32", "", "ocp");
    check_named(mx_set::values, "mx/microxcaling_cpp/" + name + ".nearest.f32", "",
                "microxcaling_nearest");
    check_named(mx_set::values, "mx/microxcaling_py/" + name + ".even.f32", "",
                "microxcaling_python");
    check_named(mx_set::values, "mx/quark/" + name + ".even.f32", "", "quark_mx");
    if (name == "int8") continue;
    const auto kind = name == "e2m1" ? mx_set::nibbles : mx_set::codes;
    for (const auto& [rule, recipe] :
         {std::pair{"FLOOR", "ocp"}, std::pair{"RCEIL", "torchao_rceil"},
          std::pair{"CEIL", "torchao_ceil"}, std::pair{"EVEN", "torchao_even"}}) {
      const std::string stem = "mx/torchao/" + name + "." + rule;
      check_named(kind, stem + ".data.u8", stem + ".scale.u8", recipe);
    }
    if (name == "e4m3" || name == "e5m2") {
      check_named(mx_set::codes, "mx/te/" + name + ".data.u8", "mx/te/" + name + ".scale.u8",
                  "te_mxfp8");
    }
  }
  const auto fbgemm = [](const char* stem, const std::string& rule) {
    return stem + ("cpu_" + rule);
  };
  for (const std::string rule : {"floor", "ceil", "even", "nearest"}) {
    check_mx({mx_set::scale_last, ("mx/fbgemm/e2m1." + rule + ".u8").c_str(), nullptr,
              "mx/fbgemm/ids.u32", "mxfp4", fbgemm("fbgemm_", rule).c_str()});
    check_mx({mx_set::scale_last, ("mx/fbgemm/e3m0." + rule + ".u8").c_str(), nullptr,
              "mx/fbgemm/ids.u32", "mx4_e3m0", fbgemm("fbgemm_e3m0_", rule).c_str()});
  }
  check_mx({mx_set::nibbles, "mx/modelopt/mxfp4.data.u8", "mx/modelopt/mxfp4.scale.u8",
            "mx/modelopt/ids.u32", "mxfp4", "modelopt_mxfp4"});
  check_mx({mx_set::nibbles, "mx/deepgemm/mxfp4.data.u8", "mx/deepgemm/mxfp4.scale.u8",
            "mx/deepgemm/ids.u32", "mxfp4", "deepgemm_mxfp4"});
}

// --- shared microexponents, block floating point, HiF4 ------------------------------------------

/// Elements whose results differ because the implementation leaves the format: BLS-16.
bool leaves_format(const std::string& file, const block_format& f, const quantised& q, int i,
                   float32 x, std::uint32_t theirs) {
  if (!starts_with(file, "bfp/quark")) return false;
  // Magnitudes of 2^m beside m bits; NaN and infinity that pass through; an exponent of 128.
  const code_t magnitude =
      q.codes[static_cast<std::size_t>(i)] & ((code_t{1} << (f.element.width - 1)) - 1);
  const bool clamped = f.level[0].group != 0 && magnitude == lowp::max_finite(f.element);
  const bool beyond = clamped && (theirs & 0x7fffff) == 0;
  return beyond || (is_special(x) && f.level[0].group == 0) ||
         (f.element == lowp::formats::mxint8 && q.scale == 0xfe);
}

/// Recorded values of the MX data cut into other blocks: rows of 32, or two rows as one of 64.
void check_cut(const std::string& file, const char* format, const char* recipe, std::size_t width,
               const std::vector<std::uint32_t>& ids) {
  const std::vector<float32> in = numbers("mx/in.f32");
  const std::vector<std::string> kinds = kinds_of("mx/kinds.csv");
  const block_format f = format_named(format);
  const block_recipe r = recipe_named(recipe);
  const auto theirs = read<std::uint32_t>(file);
  differences d{file + " as " + recipe};
  for (std::size_t n = 0; n < ids.size(); ++n) {
    for (std::size_t first = 0; first < width; first += f.columns) {
      const std::size_t at = ids[n] * width + first;
      const quantised q = quantise(f, r, &in[at], f.columns, float32{});
      for (std::size_t i = 0; i < f.columns; ++i) {
        const std::uint32_t ours = value_bits(f, q, static_cast<int>(i));
        const std::uint32_t other = theirs[n * width + first + i];
        if (leaves_format(file, f, q, static_cast<int>(i), in[at + i], other)) continue;
        d.expect(same_number(ours, other), [&] {
          return "row " + std::to_string(ids[n]) + " (" + kinds[(at + i) / 32] + ") element " +
                 std::to_string(first + i) + " x " + hex(in[at + i].code()) + " ours " + hex(ours) +
                 " theirs " + hex(other) + " scale " + hex(q.scale);
        });
      }
    }
  }
}

TEST_CASE("BLS-16 MX4 of FBGEMM's kernels, as modelled") {
  if (!recorded::exists("intn/mx4.txt")) return;
  std::ifstream file(recorded::path("intn/mx4.txt"));
  const block_format f = lowp::block_formats::mxfp4;
  differences d{"mx4.txt"};
  std::string kind, input, even, floor, native, decoded;
  std::size_t n = 0;
  while (file >> kind >> n >> input >> even >> floor >> native >> decoded) {
    REQUIRE(n == 32);
    std::vector<float32> x;
    for (std::size_t i = 0; i < 32; ++i) {
      x.push_back(float32::from_code(std::stoul(input.substr(8 * i, 8), nullptr, 16)));
    }
    for (const auto& [recipe, bytes] : {std::pair{"fbgemm_even", even}, {"fbgemm_floor", floor}}) {
      const quantised q = quantise(f, recipe_named(recipe), x.data(), 32, float32{});
      std::string ours;
      for (std::size_t i = 0; i < 16; ++i) {
        ours += hex(q.codes[2 * i + 1]) + hex(q.codes[2 * i]);
      }
      ours += hex(q.scale >> 4) + hex(q.scale & 15);
      d.expect(ours == bytes, [&] { return kind + " ours " + ours + " theirs " + bytes; });
    }
  }
}

TEST_CASE("BLS-16 shared microexponents and block floating point of Quark, HiFloat4") {
  if (!vectors_exist()) return;
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < 218; ++i) all.push_back(i);
  for (const std::string name : {"mx9", "mx6", "mx4"}) {
    check_cut("bfp/quark_" + name + ".even.f32", name.c_str(), "quark_mx9", 32, all);
    check_cut("bfp/quark_" + name + ".away.f32", name.c_str(), "hif_mx9", 32, all);
  }
  check_cut("bfp/quark_bfp16.even.f32", "bfp16", "quark_bfp16", 32, all);
  check_cut("bfp/quark_bfp16.away.f32", "bfp16", "quark_bfp16_away", 32, all);
  check_cut("bfp/quark_bfp16_compiler.even.f32", "bfp16_compiler", "quark_bfp16_compiler", 32, all);
  check_cut("bfp/quark_bfp16_compiler.away.f32", "bfp16_compiler", "quark_bfp16_compiler_away", 32,
            all);
  const auto ids = read<std::uint32_t>("hif4/ids.u32");
  for (const std::string name : {"hif4", "hif5", "hif3"}) {
    check_cut("hif4/" + name + ".f32", name.c_str(), "hif4", 64, ids);
  }
}

// --- NVFP4 ---------------------------------------------------------------------------------------

void check_nvfp4(const std::string& stem, const char* ids, const char* format, const char* recipe) {
  const std::vector<float32> in = numbers("nvfp4/in.f32");
  const std::vector<float32> amax = numbers("nvfp4/amax.f32");
  const std::vector<std::string> kinds = kinds_of("nvfp4/kinds.csv");
  const block_format f = format_named(format);
  block_recipe r = recipe_named(recipe);
  // The Python reference of TransformerEngine writes +0 for -0.
  if (starts_with(stem, "te_py")) r.zero_sign = lowp::zero_sign_rule::exact_positive;
  std::vector<std::uint32_t> tensors;
  if (ids != nullptr) {
    tensors = read<std::uint32_t>(ids);
  } else {
    for (std::uint32_t i = 0; i < 20; ++i) tensors.push_back(i);
  }
  const auto data = read<std::uint8_t>("nvfp4/" + stem + ".data.u8");
  const auto scales = read<std::uint8_t>("nvfp4/" + stem + ".scale.u8");
  differences d{stem + " as " + recipe};
  for (std::size_t n = 0; n < tensors.size(); ++n) {
    const float32* x = &in[tensors[n] * 1024];
    for (std::size_t row = 0; row < 16; row += f.rows) {
      float32 outer = amax[tensors[n]];
      if (f.outer == lowp::outer_scale::row) {
        outer = float32{};
        for (std::size_t j = 0; j < 64; ++j) {
          const float32 a = lowp::magnitude(x[row * 64 + j]);
          if (a > outer) outer = a;
        }
      }
      for (std::size_t block = 0; block < 4; ++block) {
        const quantised q = quantise(f, r, x + row * 64 + block * 16, 64, outer);
        for (std::size_t i = 0; i < static_cast<std::size_t>(16 * f.rows); ++i) {
          const std::size_t at = n * 1024 + (row + i / 16) * 64 + block * 16 + i % 16;
          const unsigned theirs = data[at / 2] >> (at % 2 * 4) & 15U;
          const auto where = [&] {
            return kinds[tensors[n]] + " row " + std::to_string(row + i / 16) + " column " +
                   std::to_string(block * 16 + i % 16) + " x " +
                   hex(x[(row + i / 16) * 64 + block * 16 + i % 16].code()) + " ours " +
                   hex(q.codes[i]) + " theirs " + hex(theirs) + " scale ours " + hex(q.scale) +
                   " theirs " + hex(scales[at / 16]);
          };
          if (i % 16 == 0) d.expect(scales[at / 16] == q.scale, where);
          // Codes made of NaN, as 1 / P is infinite.
          if (stem == "torchao_two_level" && kinds[tensors[n]] == "subnormal") continue;
          d.expect(theirs == q.codes[i], where);
        }
      }
    }
  }
}

TEST_CASE("BLS-16 NVFP4 of TransformerEngine and torchao") {
  if (!vectors_exist()) return;
  const char* finite = "nvfp4/finite_ids.u32";
  check_nvfp4("te_cpp_1d", nullptr, "nvfp4", "nvfp4_te_reference");
  check_nvfp4("te_cpp_2d", nullptr, "nvfp4_16x16", "nvfp4_te_reference_2d");
  check_nvfp4("te_py_1d", finite, "nvfp4", "nvfp4_te_python");
  check_nvfp4("te_py_2d", finite, "nvfp4_16x16", "nvfp4_te_python");
  check_nvfp4("te_py_1d_rowscaled", finite, "nvfp4_row", "nvfp4_te_python");
  check_nvfp4("te_py_4over6_mse_256", finite, "nvfp4", "nvfp4_4over6_mse");
  check_nvfp4("te_py_4over6_mae_256", finite, "nvfp4", "nvfp4_4over6_mae");
  check_nvfp4("te_py_4over6_mse_448", finite, "nvfp4", "nvfp4_4over6_mse_448");
  check_nvfp4("te_py_4over6_mae_448", finite, "nvfp4", "nvfp4_4over6_mae_448");
  check_nvfp4("te_py_4over6_2d_mse_256", finite, "nvfp4_16x16", "nvfp4_4over6_mse");
  check_nvfp4("torchao_two_level", "nvfp4/torchao_ids.u32", "nvfp4", "nvfp4_torchao");
  check_nvfp4("torchao_single_level", "nvfp4/torchao_ids.u32", "nvfp4_single",
              "nvfp4_torchao_single");
}

// --- FP8 blocks ----------------------------------------------------------------------------------

void check_fp8(const std::string& stem, const std::string& scale_file, const char* format,
               const char* recipe, std::size_t columns) {
  const bool tiles = starts_with(format, "fp8_128x128");
  const std::vector<float32> in =
      numbers(tiles ? "fp8block/in_128x128.f32" : "fp8block/in_1x128.f32");
  const block_format f = format_named(format);
  const block_recipe r = recipe_named(recipe);
  const auto data = read<std::uint8_t>("fp8block/" + stem + ".data.u8");
  const auto scales = read<std::uint32_t>("fp8block/" + scale_file);
  const std::size_t rows = in.size() / columns;
  differences d{stem + " as " + recipe};
  for (std::size_t row = 0; row < rows; row += f.rows) {
    for (std::size_t first = 0; first < columns; first += f.columns) {
      const quantised q = quantise(f, r, &in[row * columns + first], columns, float32{});
      const std::uint32_t theirs = scales[row / f.rows * (columns / f.columns) + first / f.columns];
      const auto ours = static_cast<std::uint32_t>(
          lowp::convert(f.scale, scale_code(f, q.scale), lowp::formats::binary32));
      d.expect(ours == theirs, [&] {
        return "row " + std::to_string(row) + " block " + std::to_string(first / f.columns) +
               " scale ours " + hex(ours) + " theirs " + hex(theirs);
      });
      for (std::size_t i = 0; i < q.codes.size(); ++i) {
        const std::size_t at = (row + i / f.columns) * columns + first + i % f.columns;
        d.expect(data[at] == q.codes[i], [&] {
          return "row " + std::to_string(row + i / f.columns) + " column " +
                 std::to_string(first + i % f.columns) + " x " + hex(in[at].code()) + " ours " +
                 hex(q.codes[i]) + " theirs " + hex(data[at]) + " scale " + hex(theirs);
        });
      }
    }
  }
}

TEST_CASE("BLS-16 FP8 blocks of TransformerEngine and DeepGEMM") {
  if (!vectors_exist()) return;
  for (const std::string steps : {"fp32", "pow2"}) {
    const char* recipe = steps == "fp32" ? "fp8_te" : "fp8_te_power";
    for (const std::string e : {"e4m3", "e5m2"}) {
      const std::string stem = "te_1x128." + e + "." + steps;
      check_fp8(stem, stem + ".scaleinv.f32", e == "e4m3" ? "fp8_1x128" : "fp8_1x128_e5m2", recipe,
                256);
    }
    const std::string stem = "te_128x128.e4m3." + steps;
    check_fp8(stem, stem + ".scaleinv.f32", "fp8_128x128", recipe, 256);
  }
  check_fp8("deepgemm_1x128.fp32", "deepgemm_1x128.fp32.scale.f32", "fp8_1x128", "fp8_deepgemm",
            256);
  check_fp8("deepgemm_1x128.ue8m0", "deepgemm_1x128.ue8m0.scale.f32", "fp8_1x128_ue8m0",
            "fp8_deepgemm_ue8m0", 256);
  check_fp8("deepgemm_128x128.fp32", "deepgemm_128x128.fp32.scale.f32", "fp8_128x128",
            "fp8_deepgemm", 256);
}

}  // namespace
