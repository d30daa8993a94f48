// SPDX-License-Identifier: Apache-2.0
// ggml block types: the bytes that ggml made, those of blocks of zeros and of numbers for which C
// leaves ggml's result open, and where fields stand.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "block/ggml_blocks.hpp"

namespace {

using ggml_blocks::at;
using ggml_blocks::bytes;
using ggml_blocks::dequantised;
using ggml_blocks::float32;
using ggml_blocks::ggml_type;
using ggml_blocks::half_at;
using ggml_blocks::numbers;
using ggml_blocks::numbers_in;
using ggml_blocks::one;
using ggml_blocks::quantised;
using ggml_blocks::type;

bytes file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  bytes data(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) data[i] = static_cast<std::byte>(text[i]);
  return data;
}

// Codes of IQ4_NL blocks that count as zero are what ggml's buffer held before: no result.
bool is_stale(const ggml_type& t, const numbers& x, std::size_t i) {
  if (std::string_view(t.name) != "iq4_nl" || i % t.bytes < 2) return false;
  for (std::size_t k = 0; k < 32; ++k) {
    if (lowp::magnitude(x[i / t.bytes * 32 + k]) >= float32{1e-15F}) return false;
  }
  return true;
}

// Bytes made of x that differ, apart from stale ones, which must be codes of zero.
std::size_t differences(const ggml_type& t, const numbers& x, const bytes& want) {
  const bytes got = quantised(t, x);
  REQUIRE(got.size() == want.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    count += is_stale(t, x, i) ? got[i] != std::byte{0x88} : got[i] != want[i];
  }
  return count;
}

}  // namespace

TEST_CASE("GGM-1 GGM-7 GGM-8 GGM-9 GGM-10 GGM-11 GGM-12 GGM-13: bytes of ggml, a selection") {
  std::ifstream in(LOWP_SOURCE_DIR "/tests/data/ggml/blocks.txt");
  REQUIRE(in.good());
  std::map<std::string, bytes> data;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string name, block, hex;
    words >> name >> block >> hex;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      data[name].push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
  }
  const numbers x = numbers_in(data["in"]);
  REQUIRE(x.size() == 4 * 256);
  for (const ggml_type& t : lowp::all_ggml_types) {
    CAPTURE(std::string(t.name));
    CHECK(differences(t, x, data[t.name]) == 0);
  }
}

TEST_CASE("GGM-3 GGM-7 GGM-8 GGM-9 GGM-10 GGM-11 GGM-12 GGM-13: bytes and numbers of ggml, all") {
  const std::filesystem::path folder = LOWP_SHARED_DIR "/vectors/blocks/ggml";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("no " << folder.string() << ": only the selection in tests/data was compared");
    return;
  }
  const numbers all = numbers_in(file(folder / "in.f32"));
  numbers moderate;
  for (const float32 id : numbers_in(file(folder / "ksuper_ids.u32"))) {
    const auto first = all.begin() + 256 * static_cast<std::ptrdiff_t>(id.code());
    moderate.insert(moderate.end(), first, first + 256);
  }
  std::size_t compared = 0;
  for (const ggml_type& t : lowp::all_ggml_types) {
    CAPTURE(std::string(t.name));
    const bytes want = file(folder / (std::string(t.name) + ".u8"));
    const bool is_moderate = want.size() / t.bytes * t.elements != all.size();
    CHECK(differences(t, is_moderate ? moderate : all, want) == 0);
    const auto decoded = folder / "deq_first8" / (std::string(t.name) + ".f32");
    if (!std::filesystem::exists(decoded)) continue;
    const numbers values = numbers_in(file(decoded));
    const numbers y = dequantised(t, want);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool same = values[i].code() == y[i].code() || (is_nan(values[i]) && is_nan(y[i]));
      wrong += same ? 0 : 1;
    }
    CHECK(wrong == 0);
    ++compared;
  }
  CHECK(compared == lowp::ggml_type_count - 1);  // q8_1 has no numbers there
}

TEST_CASE("GGM-1 GGM-2: every bit of a block belongs to one field, and fields stay inside") {
  for (const ggml_type& t : lowp::all_ggml_types) {
    CAPTURE(std::string(t.name));
    std::vector<int> owners(8 * t.bytes, 0);
    const auto claim = [&](std::size_t first, std::size_t count) {
      for (std::size_t b = first; b < first + count; ++b) ++owners.at(b);
    };
    const auto claim_field = [&](const lowp::ggml_field& f, int n) {
      if (f.base_3) claim(0, 8 * 52);
      // The bits that change when integer i goes from 0 to all ones.
      for (int i = 0; i < n && !f.base_3; ++i) {
        bytes block(t.bytes + 64);
        lowp::detail::ggml::write_integer(f, block.data(), i, 255);
        for (std::size_t b = 0; b < 8 * block.size(); ++b) {
          if ((at(block, b / 8) >> b % 8 & 1) != 0) claim(b, 1);
        }
      }
    };
    const auto claim_numbers = [&](const lowp::ggml_numbers& n) {
      const std::size_t size = n.kind == lowp::ggml_number::binary32   ? 4
                               : n.kind == lowp::ggml_number::binary16 ? 2
                                                                       : 1;
      if (n.kind != lowp::ggml_number::none) {
        claim(8U * n.at, 8 * size * ((t.elements + n.span - 1U) / n.span));
      }
    };
    claim_field(t.codes, t.elements);
    claim_field(t.factors, t.group == 0 ? 0 : t.elements / t.group);
    claim_field(t.low_factors, t.group == 0 ? 0 : t.elements / t.group);
    claim_numbers(t.scale);
    claim_numbers(t.low);
    if (t.sum == lowp::ggml_sum::scaled) claim(8U * t.sum_at, 16);
    if (t.sum == lowp::ggml_sum::of_16) claim(8U * t.sum_at, 16U * t.elements / 16);
    std::size_t wrong = 0;
    for (const int n : owners) wrong += n == 1 ? 0 : 1;
    CHECK(wrong == 0);
  }
}

TEST_CASE("GGM-1: names and sizes") {
  CHECK(lowp::ggml_type_count == 20);
  CHECK(lowp::find_ggml_type("q4_2") == nullptr);
  for (const ggml_type& t : lowp::all_ggml_variants) {
    CAPTURE(std::string(t.name));
    CHECK(&type(t.name) == &t);
    CHECK(t.bytes == type(std::string(t.name).starts_with("iq4") ? "iq4_nl" : "mxfp4").bytes);
  }
  for (const ggml_type& t : lowp::all_ggml_types) CHECK(&type(t.name) == &t);
}

TEST_CASE("GGM-2: functions are constant expressions") {
  constexpr int code = [] {
    float32 x[32] = {};
    x[3] = float32{-16.0F};
    std::byte out[18] = {};
    lowp::quantise_ggml_block(lowp::all_ggml_types[0], x, out);
    float32 y[32] = {};
    lowp::dequantise_ggml_block(lowp::all_ggml_types[0], out, y);
    return y[3] == float32{-16.0F} ? std::to_integer<int>(out[5]) : -1;
  }();
  static_assert(code == 0x80);
  CHECK(code == 0x80);
}

TEST_CASE("GGM-4: five digits of base 3 in a byte") {
  const ggml_type& t = type("tq1_0");
  // Every string of digits in bytes 0...31, each byte with its own, eight blocks of them.
  for (int start = 0; start < 243; start += 32) {
    numbers x(256);
    for (int m = 0; m < 32; ++m) {
      int rest = (start + m) % 243;
      for (int k = 4; k >= 0; --k, rest /= 3) {
        x[static_cast<std::size_t>(m + 32 * k)] = float32{static_cast<float>(rest % 3 - 1)};
      }
    }
    x[255] = float32{1.0F};
    const bytes block = quantised(t, x);
    for (int m = 0; m < 32; ++m) {
      const int n = (start + m) % 243;
      CHECK(at(block, static_cast<std::size_t>(m)) == (n * 256 + 242) / 243);
    }
    CHECK(dequantised(t, block) == x);
  }
}

TEST_CASE("GGM-6: blocks with NaN and infinity") {
  const float32 nan = float32::quiet_nan();
  const float32 inf = float32::infinity();
  // NaN does not count for the greatest magnitude and gets the code 0: -8 steps.
  bytes block = one(type("q4_0"), {nan, float32{8.0F}});
  CHECK(half_at(block, 0) == 0xbc00);
  CHECK((at(block, 2) & 15) == 0);
  CHECK((at(block, 3) & 15) == 0);
  CHECK((at(block, 4) & 15) == 8);
  block = one(type("q4_0"), {inf, float32{8.0F}});
  CHECK(half_at(block, 0) == 0xfc00);
  CHECK((at(block, 2) & 15) == 0);
  CHECK((at(block, 3) & 15) == 8);
  // The amax of Q8_0 starts anew after NaN, and codes go through a byte: 254 becomes -2.
  block = one(type("q8_0"), {float32{2.0F}, nan, float32{1.0F}});
  CHECK(at(block, 2) == 0xfe);
  CHECK(at(block, 3) == 0);
  CHECK(at(block, 4) == 127);
  // Scales of NaN are the positive quiet one.
  numbers x(32);
  x[31] = nan;
  block = quantised(type("q8_0"), x);
  CHECK(half_at(block, 0) == 0x7e00);
  // MXFP4: infinity counts as 2^128 and has the code 0.
  block = one(type("mxfp4"), {inf, float32{0x1.8p127F}, nan});
  CHECK(at(block, 0) == 253);
  CHECK(at(block, 1) == 0);
  CHECK((at(block, 2) & 15) == 5);
  CHECK(at(block, 3) == 0);
  CHECK(at(one(type("nvfp4"), {inf}), 0) == 0x7e);
  CHECK((at(one(type("q2_0"), {nan, float32{1.0F}}), 2) & 3) == 1);
  CHECK(at(one(type("mxfp4_cuda"), {nan, float32{1.0F}}), 1) == 7);
  // Any bits make a block of defined bytes, twice the same.
  std::mt19937 random(20261121);
  for (const ggml_type& t : lowp::all_ggml_types) {
    CAPTURE(std::string(t.name));
    for (int round = 0; round < 4; ++round) {
      numbers any(t.elements);
      for (float32& number : any) number = float32::from_code(random());
      CHECK(quantised(t, any) == quantised(t, any));
    }
  }
}

TEST_CASE("GGM-6 GGM-11 GGM-12 GGM-13: blocks of zeros") {
  for (const float32 zero : {float32{0.0F}, float32{-0.0F}}) {
    for (const ggml_type& t : lowp::all_ggml_types) {
      CAPTURE(std::string(t.name));
      const bytes block = quantised(t, numbers(t.elements, zero));
      for (const float32 y : dequantised(t, block)) CHECK(is_zero(y));
      const std::string_view name = t.name;
      if (name == "iq4_nl") CHECK(at(block, 2) == 0x88);
      if (name == "iq4_xs") CHECK(half_at(block, 0) == 0x8000);
      if (name == "q6_K" || name == "q8_K") CHECK(block == bytes(t.bytes));
    }
    const ggml_type& search = type("iq4_nl_search");
    CHECK(quantised(search, numbers(32, zero)) == quantised(type("iq4_nl"), numbers(32, zero)));
  }
}

TEST_CASE("GGM-13: blocks of q6_K whose greatest scale is below 1e-15") {
  const ggml_type& t = type("q6_K");
  CHECK(one(t, {float32{1e-14F}, float32{-1e-14F}}) == bytes(t.bytes));
  CHECK(one(t, {float32{1e-13F}, float32{-1e-13F}}) != bytes(t.bytes));
}
