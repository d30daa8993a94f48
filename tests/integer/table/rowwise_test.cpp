// SPDX-License-Identifier: Apache-2.0
/// \file
/// Row-wise codecs against recorded results of FBGEMM, and against its formulas in this machine's
/// float.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/integer/table/rowwise_convert.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "integer/hexadecimal.hpp"
#include "integer/recorded_numbers.hpp"

namespace {

using lowp::float32;
using lowp::rowwise_codec;
using lowp::rowwise_error;
using lowp::simd::float_environment;
using lowp::simd::machine_binary32;

constexpr std::uint64_t seed = 20261121;

const rowwise_codec& codec(const std::string& name) {
  const lowp::named_rowwise_codec* c = lowp::find_rowwise_codec(name.c_str());
  REQUIRE_MESSAGE(c != nullptr, name);
  return c->value;
}

template <class Real>
std::vector<Real> reals(const std::vector<std::uint32_t>& bits) {
  std::vector<Real> all;
  for (const std::uint32_t b : bits) all.push_back(lowp::real_from_bits<Real>(b));
  return all;
}

/// An array of binary16 codes widened.
std::vector<std::uint32_t> widened(std::vector<std::uint32_t> halves) {
  for (std::uint32_t& h : halves) {
    h = static_cast<std::uint32_t>(
        lowp::convert(lowp::formats::binary16, h, lowp::formats::binary32, {}));
  }
  return halves;
}

template <class Real>
std::string encoded(const rowwise_codec& c, const std::vector<std::uint32_t>& bits) {
  const std::vector<Real> row = reals<Real>(bits);
  std::vector<std::byte> out(lowp::bytes_per_row(c, row.size()), std::byte{0xa5});
  CHECK(lowp::quantise_rows<Real>(c, row, row.size(), out) == rowwise_error::none);
  return recorded::hexadecimal(out);
}

/// Decoded numbers as digits; any NaN of binary32 as "nan.....".
template <class Real>
std::string decoded(const rowwise_codec& c, const std::string& text, std::size_t n,
                    lowp::row_reading how) {
  const std::vector<std::byte> row = recorded::bytes(text);
  const std::size_t size = lowp::bytes_of(how.output);
  std::vector<std::byte> out(n * size);
  REQUIRE(lowp::dequantise_rows<Real>(c, row, n, out, how) == rowwise_error::none);
  std::string all;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::byte> one(out.begin() + static_cast<std::ptrdiff_t>(i * size),
                               out.begin() + static_cast<std::ptrdiff_t>((i + 1) * size));
    std::string digits = recorded::hexadecimal({one.rbegin(), one.rend()});
    if (size == 4 && (std::stoul(digits, nullptr, 16) & 0x7fffffff) > 0x7f800000)
      digits = "nan.....";
    all += digits;
  }
  return all;
}

/// One file: kind n input encoded [decoded].
void check_file(const std::string& file, std::size_t records, const char* name,
                std::size_t digits) {
  const rowwise_codec& c = codec(name);
  const float_environment guard;
  for (const recorded::fields& r : recorded::lines("intn/" + file, records)) {
    CAPTURE(file);
    CAPTURE(r[0]);
    const std::size_t n = std::stoul(r[1]);
    const auto raw = recorded::numbers(r[2], digits);
    const auto input = digits == 4 ? widened(raw) : raw;
    REQUIRE(input.size() == n);
    CHECK(encoded<float32>(c, input) == r[3]);
    CHECK(encoded<machine_binary32>(c, input) == r[3]);
    if (r.size() > 4) {
      const lowp::row_reading how{{}, lowp::row_arithmetic::twice_rounded};
      CHECK(decoded<float32>(c, r[3], n, how) == r[4]);
      CHECK(decoded<machine_binary32>(c, r[3], n, how) == r[4]);
    }
  }
}

TEST_CASE("TAB-3 rows of 8 bits with scale and bias of binary32, as FBGEMM writes them") {
  check_file("q8_sbfloat_f32.txt", 112, "q8_sbfloat", 8);
  check_file("q8_sbfloat_f16.txt", 112, "q8_sbfloat", 4);
  check_file("q8_cuda_layout.txt", 64, "q8_cuda", 8);
}

TEST_CASE("TAB-4 rows of 8, 4, 2 bits with scale and bias of binary16, as FBGEMM writes them") {
  check_file("q8_sbhalf_f32.txt", 96, "q8_sbhalf", 8);
  check_file("q4_sbhalf_f32.txt", 112, "q4_sbhalf", 8);
  check_file("q2_sbhalf_f32.txt", 112, "q2_sbhalf", 8);
  check_file("q4_sbhalf_f16.txt", 96, "q4_sbhalf", 4);
  check_file("q2_sbhalf_f16.txt", 96, "q2_sbhalf", 4);
}

TEST_CASE("TAB-5 rows of HFP8, as FBGEMM writes them") {
  check_file("fp8_rowwise_fwd143.txt", 64, "fp8_rowwise_forward", 8);
  check_file("fp8_rowwise_bwd152.txt", 64, "fp8_rowwise_backward", 8);
  rowwise_codec backward = codec("hfp8");
  backward.element = lowp::hfp8_backward;
  backward.greatest = 0.875f;
  for (const recorded::fields& r : recorded::lines("intn/hfp8_scalar.txt", 800)) {
    const auto input = recorded::numbers(r[0], 8);
    CHECK(encoded<float32>(codec("hfp8"), input) == r[1]);
    CHECK(encoded<float32>(backward, input) == r[2]);
  }
}

TEST_CASE("TAB-6 decoded numbers in every type, by every arithmetic") {
  using enum lowp::row_output;
  using enum lowp::row_arithmetic;
  int differ = 0;
  for (const recorded::fields& r : recorded::lines("intn/deq_types.txt", 60)) {
    const rowwise_codec& c = codec(r[0]);
    const std::size_t n = std::stoul(r[1]);
    const float_environment guard;
    CHECK(decoded<float32>(c, r[2], n, {binary32, twice_rounded}) == r[3]);
    CHECK(decoded<float32>(c, r[2], n, {binary32, fused}) == r[4]);
    CHECK(decoded<machine_binary32>(c, r[2], n, {binary32, fused}) == r[4]);
    CHECK(decoded<float32>(c, r[2], n, {binary16, twice_rounded}) == r[5]);
    CHECK(decoded<float32>(c, r[2], n, {bfloat16_add_half, twice_rounded}) == r[6]);
    CHECK(decoded<float32>(c, r[2], n, {bfloat16, twice_rounded}) == r[7]);
    differ += r[3] != r[4];
  }
  MESSAGE("rows whose two arithmetics differ: ", differ);
  // NaNs of the adding conversion: the carry may leave -0 (row of one code, scale 1, NaN bias).
  CHECK(decoded<float32>(codec("q8_sbfloat"), "000000803fffffff7f", 1,
                         {bfloat16_add_half, fused}) == "7fc0");
  std::byte out[2];
  // A tie above an even code: away from zero.
  lowp::write_output(bfloat16_add_half, float32::from_code(0x3f808000), out, 0);
  CHECK(out[0] == std::byte{0x81});
  lowp::write_output(bfloat16_add_half, float32::from_code(0x7fffffff), out, 0);
  CHECK(recorded::hexadecimal({out[0], out[1]}) == "0080");
}

/// A row's digits with every NaN among its two parameters, `digits` each, as the same one: FBGEMM's
/// NaNs have the sign and payload of x86.
std::string without_nans(std::string row, std::size_t digits) {
  const std::uint32_t infinity = digits == 8 ? 0x7f800000 : 0x7c00;
  for (std::size_t at = row.size() - 2 * digits; at < row.size(); at += digits) {
    std::uint32_t bits = 0;
    const auto bytes = recorded::bytes(row.substr(at, digits));
    for (std::size_t i = bytes.size(); i-- > 0;) {
      bits = bits << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    }
    if ((bits & (digits == 8 ? 0x7fffffff : 0x7fff)) > infinity)
      row.replace(at, digits, digits, 'n');
  }
  return row;
}

TEST_CASE("TAB-7 rows with NaN and infinities") {
  // Recorded on x86 of FBGEMM's scalar reference: the codes are those of the definition.
  for (const recorded::fields& r : recorded::lines("intn/nonfinite_x86.txt", 20)) {
    const auto input = recorded::numbers(r[1], 8);
    INFO(r[1]);
    CHECK(without_nans(encoded<float32>(codec("q8_sbfloat"), input), 8) == without_nans(r[2], 8));
    CHECK(without_nans(encoded<float32>(codec("q4_sbhalf"), input), 4) == without_nans(r[4], 4));
  }
  const auto row = [](std::vector<std::uint32_t> bits) { return bits; };
  const std::uint32_t nan = 0x7fc00000, inf = 0x7f800000, one = 0x3f800000, two = 0x40000000;
  const float_environment guard;
  // NaN behind the first place is left out of the range and gets code 0.
  CHECK(encoded<float32>(codec("q4_sbhalf"), row({one, two, nan, one})) ==
        "f000"
        "442c"
        "003c");
  // An infinity: nothing but NaN comes back.
  for (const char* name : {"q8_sbfloat", "q4_sbhalf", "fp8_rowwise_forward"}) {
    const std::string text = encoded<float32>(codec(name), row({one, inf, two}));
    CHECK(text == encoded<machine_binary32>(codec(name), row({one, inf, two})));
    CAPTURE(text);
    const std::string back = decoded<float32>(codec(name), text, 3, {});
    CHECK(back == (codec(name).scaling == lowp::row_scaling::magnitude
                       ? "nan.....7f800000nan....."
                       : "nan.....nan.....nan....."));
  }
  // NaN is the greatest magnitude of HFP8; amax leaves it out.
  CHECK(encoded<float32>(codec("hfp8"), row({nan, nan | 0x80000000, inf})) == "77f777");
  CHECK(encoded<float32>(codec("fp8_rowwise_forward"), row({one, nan})) ==
        "77770000"
        "0000703f"
        "00000000");
  // Zeros: amax is at least 1e-20 in tables over 20 rows, so the scale is 0.9375 / 2e-20.
  CHECK(encoded<float32>(codec("fp8_rowwise_forward"), row({0})) ==
        "00000000"
        "5da12260"
        "00000000");
  CHECK(encoded<float32>(codec("fp8_rowwise_forward_few"), row({0})) ==
        "00000000"
        "5da1a260"
        "00000000");
  // Rows that overflow: the range is infinite, decoding gives NaN.
  CHECK(decoded<float32>(codec("q8_sbfloat"),
                         encoded<float32>(codec("q8_sbfloat"), row({0x7f7fffff, 0xff7fffff})), 2,
                         {}) == "nan.....nan.....");
}

TEST_CASE("TAB-4 what the halves do") {
  // A negative scale: the rounded minimum is above the elements.
  const std::vector<std::uint32_t> constant(8, 0x3f8013a9);  // 1.0006
  CHECK(encoded<float32>(codec("q4_sbhalf"), constant) ==
        "ffffffff"
        "a581"
        "013c");
  // A constant row of a half has scale 1.
  CHECK(encoded<float32>(codec("q2_sbhalf"), std::vector<std::uint32_t>(3, 0x3f800000)) ==
        "00"
        "003c"
        "003c");
}

TEST_CASE("TAB-3 small ranges") {
  // {0, 1, 2, 3}e-9: epsilon takes most of the range.
  const std::vector<std::uint32_t> row = {0, 0x3089705f, 0x3109705f, 0x314e288f};
  CHECK(encoded<float32>(codec("q8_sbfloat"), row).substr(0, 8) == "0014273b");
  CHECK(encoded<float32>(codec("q8_cuda"), row).substr(0, 8) == "0055aaff");
}

/// FBGEMM's formulas in the machine's float, written from the text.
std::vector<std::uint8_t> by_float(const std::vector<float>& x, double epsilon, float& scale,
                                   float& bias) {
  volatile float low = x[0], high = x[0];
  for (const float v : x) {
    low = std::fmin(low, v);
    high = std::fmax(high, v);
  }
  volatile float range = high - low;
  volatile float widened_range = range + static_cast<float>(epsilon);
  volatile float inverse = 255.0f / widened_range;
  volatile float step = range / 255.0f;
  std::vector<std::uint8_t> codes;
  for (const float v : x) {
    volatile float difference = v - low;
    volatile float place = difference * inverse;
    codes.push_back(static_cast<std::uint8_t>(std::nearbyint(place)));
  }
  scale = step;
  bias = low;
  return codes;
}

TEST_CASE("TAB-3 random rows against the machine's float") {
  MESSAGE("seed ", seed);
  std::mt19937_64 random(seed);
  int differences = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const std::size_t n = 1 + random() % 40;
    std::vector<float> x(n);
    const int binade = static_cast<int>(random() % 200) - 120;
    std::normal_distribution<float> normal;
    for (float& v : x) v = std::ldexp(normal(random), binade);
    std::vector<std::uint32_t> bits(n);
    std::memcpy(bits.data(), x.data(), 4 * n);
    float scale = 0, bias = 0;
    const bool cuda = trial % 2 == 1;
    const auto codes = by_float(x, cuda ? 1e-20 : 1e-8, scale, bias);
    const auto bytes =
        recorded::bytes(encoded<float32>(codec(cuda ? "q8_cuda" : "q8_sbfloat"), bits));
    const std::size_t aligned = cuda ? (n + 3) / 4 * 4 : n;
    differences += std::memcmp(bytes.data(), codes.data(), n) != 0;
    const auto stored = [&](std::size_t at) {
      std::uint32_t number = 0;
      for (std::size_t i = 4; i-- > 0;) {
        number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
      }
      return number;
    };
    differences += stored(aligned) != std::bit_cast<std::uint32_t>(scale);
    differences += stored(aligned + 4) != std::bit_cast<std::uint32_t>(bias);
  }
  CHECK(differences == 0);
}

TEST_CASE("TAB-1 bytes of a row") {
  const auto size = [](const char* name, std::uint64_t n) {
    return lowp::bytes_per_row(codec(name), n);
  };
  CHECK(size("q8_sbfloat", 33) == 41);
  CHECK(size("q8_cuda", 33) == 44);
  CHECK(size("q4_sbhalf", 33) == 21);
  CHECK(size("q2_sbhalf", 33) == 13);
  CHECK(size("fp8_rowwise_forward", 33) == 44);
  CHECK(size("hfp8", 33) == 33);
  CHECK(size("q4_batched", 33) == 32);
  // Parameters in front are the same bytes.
  const std::vector<std::uint32_t> row = {0x3f800000, 0x40000000, 0xc0400000};
  const std::string behind = encoded<float32>(codec("q4_sbhalf"), row);
  const std::string front = encoded<float32>(codec("q4_batched"), row);
  CHECK(front == behind.substr(4) + behind.substr(0, 4) + std::string(20, '0'));
  const std::string cuda = encoded<float32>(codec("q8_cuda"), row);
  CHECK(encoded<float32>(codec("q8_cuda_first"), row) == cuda.substr(8) + cuda.substr(0, 8));
  // Spare bits and bytes are not read.
  CHECK(decoded<float32>(codec("q4_sbhalf"),
                         "0ff0"
                         "003c"
                         "0000",
                         3, {}) == decoded<float32>(codec("q4_sbhalf"),
                                                    "0f00"
                                                    "003c"
                                                    "0000",
                                                    3, {}));
}

TEST_CASE("TAB-2 codecs and sizes that break a rule") {
  for (const lowp::named_rowwise_codec& c : lowp::all_rowwise_codecs) {
    CHECK(lowp::check(c.value) == rowwise_error::none);
    CHECK(lowp::find_rowwise_codec(c.name) == &c);
  }
  CHECK(lowp::find_rowwise_codec("q9") == nullptr);
  CHECK(lowp::tensor_columns(codec("q4_sbhalf")) == 4);
  CHECK(lowp::tensor_columns(codec("q2_sbhalf")) == 8);
  const rowwise_codec good = codec("q4_sbhalf");
  rowwise_codec c = good;
  c.element = lowp::formats::int4;
  CHECK(lowp::check(c) == rowwise_error::element);
  c.element = lowp::formats::binary16;
  CHECK(lowp::check(c) == rowwise_error::element);
  c = good;
  c.parameter = lowp::formats::bfloat16;
  CHECK(lowp::check(c) == rowwise_error::parameter);
  c = good;
  c.scaling = lowp::row_scaling::magnitude;
  CHECK(lowp::check(c) == rowwise_error::scaling);
  c = good;
  c.code_alignment = 3;
  CHECK(lowp::check(c) == rowwise_error::alignment);
  for (const float none :
       {-1.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    for (float rowwise_codec::*bound :
         {&rowwise_codec::epsilon, &rowwise_codec::least_amax, &rowwise_codec::greatest}) {
      c = good;
      c.*bound = none;
      CHECK(lowp::check(c) == rowwise_error::bounds);
    }
  }
  const std::vector<float32> numbers(32);
  std::vector<std::byte> rows(lowp::bytes_per_row(good, 8) * 4 + 1);
  const std::span<std::byte> exact(rows.data(), rows.size() - 1);
  std::vector<std::byte> halves(64);
  using lowp::quantise_rows;
  CHECK(quantise_rows<float32>(good, numbers, 8, exact) == rowwise_error::none);
  CHECK(quantise_rows<float32>(good, numbers, 8, rows) == rowwise_error::bytes_size);
  CHECK(quantise_rows<float32>(good, numbers, 9, exact) == rowwise_error::input_size);
  CHECK(quantise_rows<float32>(good, numbers, 0, exact) == rowwise_error::columns);
  const lowp::row_reading half{lowp::row_output::binary16, {}};
  CHECK(lowp::dequantise_rows<float32>(good, exact, 8, halves, half) == rowwise_error::none);
  CHECK(lowp::dequantise_rows<float32>(good, exact, 8, halves) == rowwise_error::bytes_size);
  const lowp::row_reading none{static_cast<lowp::row_output>(9), {}};
  CHECK(lowp::dequantise_rows<float32>(good, exact, 8, halves, none) == rowwise_error::output);
  for (int e = 0; e <= 8; ++e) {
    CHECK(std::string(lowp::message(static_cast<rowwise_error>(e))) != "unknown");
  }
}

}  // namespace
