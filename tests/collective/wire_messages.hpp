// SPDX-License-Identifier: Apache-2.0
/// \file
/// Messages of codecs of wires by the definition, and the codecs and numbers that the tests of the
/// coder at speed go through.
#ifndef LOWP_TESTS_COLLECTIVE_WIRE_MESSAGES_HPP
#define LOWP_TESTS_COLLECTIVE_WIRE_MESSAGES_HPP

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/collective/wire_definition.hpp>
#include <lowp/simd/float_environment.hpp>
#include <lowp/simd/machine_binary32.hpp>

namespace wires {

using bytes = std::vector<std::byte>;
using floats = std::vector<float>;
using lowp::simd::machine_binary32;

inline constexpr std::uint64_t seed = 20261122;

inline std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
inline float from_bits(std::uint32_t x) { return std::bit_cast<float>(x); }

/// By the definition on the machine's binary32.
inline bytes defined(const lowp::wire_codec& c, std::span<const float> x,
                     const lowp::wire_position& at = {}) {
  const lowp::simd::float_environment environment;
  bytes out(lowp::encoded_size(c, x.size()), std::byte{0x5a});
  lowp::encode_wire<machine_binary32>(c, x, out.data(), at);
  return out;
}
inline floats defined_numbers(const lowp::wire_codec& c, const bytes& in, std::size_t n) {
  const lowp::simd::float_environment environment;
  floats y(n);
  lowp::decode_wire<machine_binary32>(c, in.data(), std::span(y));
  return y;
}

struct codec_case {
  std::string name;
  lowp::wire_codec codec;
};

/// Every registered codec, nearest and stochastic, plain and rotated, and some of nobody's.
inline std::vector<codec_case> all_cases() {
  using namespace lowp;
  std::vector<codec_case> all;
  for (const named_wire_codec& row : all_wire_codecs) {
    const std::string name = row.name;
    all.push_back({name, row.value});
    all.push_back({name + " stochastic", with_stochastic(row.value, 8)});
    const wire_codec wide = row.value.row % 16 == 0 ? row.value : with_row(row.value, 64);
    all.push_back({name + " rotated", with_hadamard(wide, 16, 5)});
    all.push_back({name + " stochastic, rotated", with_stochastic(with_hadamard(wide, 16, 6), 16)});
  }
  wire_codec c = with_row(wire_codecs::int8, 7);
  all.push_back({"int8 in rows of 7", c});
  all.push_back({"int4 in rows of 33", with_row(wire_codecs::int4, 33)});
  all.push_back(
      {"int2 in rows of 4096, stochastic", with_stochastic(with_row(wire_codecs::int2, 4096), 4)});
  all.push_back({"fp32 in rows of 3000", with_row(wire_codecs::fp32, 3000)});
  all.push_back({"fp16 rotated by 1024", with_hadamard(with_row(wire_codecs::fp16, 4096), 1024)});
  all.push_back({"mxfp4 in rows of 4096", with_row(wire_codecs::mxfp4, 4096)});
  all.push_back({"mxfp6 in rows of 96", with_row(wire_codecs::mxfp6_e3m2, 96)});
  c = wire_codecs::mxfp4;
  c.recipe.rule = scale_rule::stochastic;
  all.push_back({"mxfp4 with random scales", c});
  c = with_row(wire_codecs::nvfp4, 48);
  all.push_back({"nvfp4 in rows of 48", c});
  c = wire_codecs::mxfp8_e4m3;
  c.recipe = find_block_recipe("minimum_mse")->value;
  if (check(c) == wire_codec_error::none) all.push_back({"mxfp8 with searched scales", c});
  c = wire_codecs::fbgemm_int8;
  c.rows.row_alignment = 16;
  all.push_back({"rows of whole 16 bytes", c});
  c = wire_codecs::fbgemm_int8;
  c.rows.element.width = 5;
  all.push_back({"int5", c});
  c = {.element = formats::int8, .conversion = {.overflow = overflow_rule::saturate}};
  all.push_back({"numbers as int8", c});
  return all;
}

inline std::mt19937_64 generator(std::uint64_t salt) { return std::mt19937_64(seed + salt); }

/// Kinds of numbers: normal; with zeros of both signs; every exponent; with NaN and infinities;
/// any bits.
inline constexpr int kinds = 5;
inline floats numbers(int kind, std::size_t n, std::uint64_t salt) {
  std::mt19937_64 g = generator(salt);
  std::normal_distribution<float> normal;
  floats x(n);
  for (float& v : x) {
    const auto word = static_cast<std::uint32_t>(g());
    v = normal(g);
    if (kind == 1) v = word % 3 == 0 ? from_bits(word & 0x80000000) : v * 1e-3f;
    if (kind == 2) v = from_bits((word & 0x7f800000) == 0x7f800000 ? word ^ 0x40000000 : word);
    if (kind == 3 && word % 97 == 0) v = from_bits(0x7f800001 | word);
    if (kind == 3 && word % 101 == 0) v = from_bits(0x7f800000 | (word & 0x80000000));
    if (kind == 4) v = from_bits(word);
  }
  return x;
}

/// Same bits?
inline bool same(std::span<const float> x, std::span<const float> y) {
  return x.size() == y.size() &&
         (x.empty() || std::memcmp(x.data(), y.data(), x.size_bytes()) == 0);
}

template <class Array>
std::string difference(const Array& want, const Array& got) {
  if (want.size() != got.size()) return "sizes differ";
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (std::memcmp(&want[i], &got[i], sizeof(want[i])) == 0) continue;
    std::uint32_t a = 0, b = 0;
    std::memcpy(&a, &want[i], sizeof(want[i]));
    std::memcpy(&b, &got[i], sizeof(got[i]));
    return ": element " + std::to_string(i) + " of " + std::to_string(want.size()) + " is " +
           std::to_string(b) + ", not " + std::to_string(a);
  }
  return {};
}

}  // namespace wires

#endif  // LOWP_TESTS_COLLECTIVE_WIRE_MESSAGES_HPP
