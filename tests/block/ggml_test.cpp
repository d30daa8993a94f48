// SPDX-License-Identifier: Apache-2.0
// ggml block types: the bytes that ggml made, those of blocks of zeros and of numbers for which C
// leaves ggml's result open, the tables and conversions, and where fields stand.
#include <bit>
#include <cmath>
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

#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/elementary.hpp>
#include <lowp/types.hpp>

namespace {

using lowp::float32;
using lowp::ggml_type;
using bytes = std::vector<std::byte>;
using numbers = std::vector<float32>;

const ggml_type& type(const char* name) {
  const ggml_type* t = lowp::find_ggml_type(name);
  REQUIRE_MESSAGE(t != nullptr, name);
  return *t;
}

bytes quantised(const ggml_type& t, const numbers& x) {
  REQUIRE(x.size() % t.elements == 0);
  bytes out(x.size() / t.elements * t.bytes, std::byte{0xa5});
  lowp::quantise_ggml(t, x.data(), x.size() / t.elements, out.data());
  return out;
}

numbers dequantised(const ggml_type& t, const bytes& in) {
  REQUIRE(in.size() % t.bytes == 0);
  numbers y(in.size() / t.bytes * t.elements);
  lowp::dequantise_ggml(t, in.data(), in.size() / t.bytes, y.data());
  return y;
}

numbers numbers_in(const bytes& data) {
  numbers x(data.size() / 4);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      word |= std::to_integer<std::uint32_t>(data[4 * i + k]) << (8 * k);
    }
    x[i] = float32::from_code(word);
  }
  return x;
}

bytes one(const ggml_type& t, numbers x) {
  x.resize(t.elements);
  return quantised(t, x);
}

int at(const bytes& b, std::size_t i) { return std::to_integer<int>(b.at(i)); }
int half_at(const bytes& b, std::size_t i) { return at(b, i) | at(b, i + 1) << 8; }

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
  for (const ggml_type& t : lowp::ggml_types) {
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
  for (const ggml_type& t : lowp::ggml_types) {
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
  for (const ggml_type& t : lowp::ggml_types) {
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
  for (const ggml_type& t : lowp::ggml_variants) {
    CAPTURE(std::string(t.name));
    CHECK(&type(t.name) == &t);
    CHECK(t.bytes == type(std::string(t.name).starts_with("iq4") ? "iq4_nl" : "mxfp4").bytes);
  }
  for (const ggml_type& t : lowp::ggml_types) CHECK(&type(t.name) == &t);
}

TEST_CASE("GGM-2: functions are constant expressions") {
  constexpr int code = [] {
    float32 x[32] = {};
    x[3] = float32{-16.0F};
    std::byte out[18] = {};
    lowp::quantise_ggml_block(*lowp::find_ggml_type("q4_0"), x, out);
    float32 y[32] = {};
    lowp::dequantise_ggml_block(*lowp::find_ggml_type("q4_0"), out, y);
    return y[3] == float32{-16.0F} ? std::to_integer<int>(out[5]) : -1;
  }();
  static_assert(code == 0x80);
  CHECK(code == 0x80);
}

TEST_CASE("GGM-3: tables of codes") {
  for (int code = 0; code < 16; ++code) {
    const float32 e2m1 =
        lowp::decode_real<float32>(lowp::formats::e2m1, static_cast<unsigned>(code));
    CHECK(float32{lowp::ggml_e2m1_values[code]} == e2m1 + e2m1);
    if (code > 0) CHECK(lowp::ggml_iq4_values[code - 1] < lowp::ggml_iq4_values[code]);
  }
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

TEST_CASE("GGM-5: stored scales") {
  using lowp::detail::ggml::byte_scale;
  using lowp::detail::ggml::half_code;
  for (unsigned b = 0; b < 256; ++b) {
    CAPTURE(b);
    const auto byte = static_cast<std::uint8_t>(b);
    const auto power = byte_scale<float32>(lowp::ggml_number::e8m0_half, byte);
    CHECK(static_cast<double>(power) == std::ldexp(1.0, static_cast<int>(b) - 128));
    const int exponent = static_cast<int>(b >> 3 & 15);
    const double significand = exponent == 0 ? b & 7 : 8 + (b & 7);
    const double value = std::ldexp(significand, (exponent == 0 ? 1 : exponent) - 7 - 3 - 1);
    CHECK(static_cast<double>(byte_scale<float32>(lowp::ggml_number::ue4m3_half, byte)) ==
          (b == 0x7f ? 0 : value));
  }
  CHECK(half_code(float32{65520.0F}) == 0x7c00);
  CHECK(half_code(float32{-65504.0F}) == 0xfbff);
  CHECK(half_code(float32::from_code(0xffc12345)) == 0x7e00);
  CHECK(half_code(float32::from_code(0x7f800001)) == 0x7e00);
}

TEST_CASE("GGM-6: integers of numbers out of range") {
  using lowp::detail::ggml::nearest_integer;
  using lowp::detail::ggml::to_word;
  const float32 nan = float32::quiet_nan();
  const float32 inf = float32::infinity();
  for (const lowp::rounding mode : {lowp::toward_zero, lowp::to_nearest_away}) {
    CHECK(to_word(nan, mode) == 0);
    CHECK(to_word(inf, mode) == 0);
    CHECK(to_word(float32{-0x1p31F}, mode) == 0);
    CHECK(to_word(float32{0x1.fffffep30F}, mode) == 2147483520);
    CHECK(to_word(float32{-211.5F}, mode) == (mode == lowp::toward_zero ? -211 : -212));
  }
  CHECK(nearest_integer(nan) == 0);
  CHECK(nearest_integer(float32{2.5F}) == 2);
  CHECK(nearest_integer(float32{-3.5F}) == -4);
  CHECK(nearest_integer(float32{4194303.0F}) == 4194303);
  CHECK(nearest_integer(inf) == -4194304);
  CHECK(lowp::detail::ggml::through(lowp::ggml_cast::signed_byte, 211) == -45);
  CHECK(lowp::detail::ggml::through(lowp::ggml_cast::unsigned_byte, -1) == 255);
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
  CHECK(at(one(type("mxfp4_cuda"), {nan, float32{1.0F}}), 1) == 7);
  // Any bits make a block of defined bytes, twice the same.
  std::mt19937 random(20261121);
  for (const ggml_type& t : lowp::ggml_types) {
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
    for (const ggml_type& t : lowp::ggml_types) {
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

TEST_CASE("GGM-9: exponents by a logarithm in binary32") {
  using lowp::ggml_scale_rule;
  std::size_t wrong = 0;
  std::size_t too_great = 0;
  for (int k = -124; k <= 128; ++k) {
    const std::uint32_t power = static_cast<std::uint32_t>(k + 127) << 23;
    for (std::uint32_t ulps = 0; ulps <= 100; ++ulps) {
      const std::uint32_t bits = power - ulps;
      if (bits > 0x7f7fffff) continue;
      const float x = std::bit_cast<float>(bits);
      // Rounded to binary32 from at least 64 bits: their error is far from any tie here.
      const auto log = static_cast<float>(std::log2(static_cast<long double>(x)));
      const int want = static_cast<int>(std::floor(log));
      wrong += lowp::detail::ggml::exponent_of(ggml_scale_rule::floor_log2, bits) != want;
      int exact = 0;
      std::frexp(x, &exact);
      wrong +=
          lowp::detail::ggml::exponent_of(ggml_scale_rule::exact_floor_log2, bits) != exact - 1;
      too_great += want != exact - 1;
      if (ulps % 11 != 1 && ulps != 0) continue;
      const float32 by_lowp = lowp::log2<float32>(float32{x});
      wrong += static_cast<float>(by_lowp) != log;
    }
  }
  CHECK(wrong == 0);
  CHECK(too_great > 0);
  MESSAGE("numbers whose exponent is one too great: " << too_great);
  // At 2^k itself, 1, 2 and 3 ulp below, in the bytes.
  for (std::uint32_t ulps = 0; ulps < 4; ++ulps) {
    const float32 x = float32::from_code(0x42800000 - ulps);  // 2^6: two round up
    CHECK(at(one(type("mxfp4"), {x}), 0) == (ulps <= 2 ? 131 : 130));
    CHECK(at(one(type("mxfp4_exact"), {x}), 0) == (ulps == 0 ? 131 : 130));
  }
  // The root of 2 parts the nearest exponents.
  CHECK(at(one(type("mxfp4_cuda"), {float32::from_code(0x3fb504f3)}), 0) == 125);
  CHECK(at(one(type("mxfp4_cuda"), {float32::from_code(0x3fb504f4)}), 0) == 126);
  // Amax that C would make a negative byte of.
  CHECK(at(one(type("mxfp4"), {float32{0x1p-126F}}), 0) == 0);
  CHECK(at(one(type("mxfp4"), {float32{0x1p-124F}}), 0) == 1);
}

TEST_CASE("GGM-9: codes of MXFP4 at ties") {
  // d = 1/2 for amax in [4, 8): ties go toward zero by value, to even by instruction.
  const numbers x = {float32{6.0F}, float32{0.25F}, float32{0.75F}, float32{1.25F}, float32{1.75F},
                     float32{2.5F}, float32{3.5F},  float32{5.0F},  float32{-0.0F}, float32{-2.5F}};
  const int by_value[] = {7, 0, 1, 2, 3, 4, 5, 6, 0, 12};
  const int to_even[] = {7, 0, 2, 2, 4, 4, 6, 6, 8, 12};
  const bytes value = one(type("mxfp4"), x);
  numbers y = x;
  y[0] = float32{5.5F};  // below the root of 2 times 4, so that both have the scale 1
  const bytes even = one(type("mxfp4_cuda"), y);
  CHECK(at(value, 0) == 127);
  CHECK(at(even, 0) == 127);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    CHECK((at(value, 1 + i) & 15) == by_value[i]);
    CHECK((at(even, 1 + i) & 15) == to_even[i]);
  }
}

TEST_CASE("GGM-10: ggml's conversion to E4M3 without sign") {
  const auto published = [](float x) -> unsigned {
    if (!(x > 0)) return 0;
    if (x > 448) return 0x7e;
    const auto bits = std::bit_cast<std::uint32_t>(x);
    int exponent = static_cast<int>(bits >> 23) - 127 + 7;
    if (exponent <= 0) {
      const auto n = static_cast<unsigned>(x * 512 + 0.5F);
      return n > 7 ? 7 : n;
    }
    unsigned fraction = (bits >> 20 & 7) + (bits >> 19 & 1);
    if (fraction > 7) {
      fraction = 0;
      ++exponent;
    }
    return exponent >= 15 ? 0x7e : static_cast<unsigned>(exponent) << 3 | fraction;
  };
  std::size_t wrong = 0;
  for (std::uint64_t bits = 0; bits <= 0xffffffff; bits += 0x7fff) {
    for (const std::uint64_t near : {bits, bits & ~std::uint64_t{0xffff}}) {
      const auto word = static_cast<std::uint32_t>(near);
      const float32 x = float32::from_code(word);
      wrong += lowp::detail::ggml::ue4m3_code(x) != published(std::bit_cast<float>(word));
    }
  }
  CHECK(wrong == 0);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{247.9F}) == 0x77);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{248.0F}) == 0x7e);
  CHECK(lowp::detail::ggml::ue4m3_code(float32{8.5F}) == 0x51);  // a tie
  CHECK(lowp::detail::ggml::ue4m3_code(float32{0x1.fp-7F}) == 7);
}
