// SPDX-License-Identifier: Apache-2.0
/// \file
/// Affine quantisation and the Hadamard transform in bulk against the definitions on the machine's
/// binary32: every rule, granularity, packing and special number, every instruction set and
/// environment.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/pack/packings.hpp>
#include <lowp/simd/affine_array.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "../oracle/report.hpp"
#include "changed_environment.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::array_layout;
using lowp::simd::machine_binary32;
using oracle::tally;

using bytes = std::vector<std::byte>;
using reals = std::vector<machine_binary32>;

constexpr std::uint64_t seed = 20261122;

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

std::vector<float> as_floats(const reals& x) {
  std::vector<float> f(x.size());
  std::memcpy(f.data(), x.data(), 4 * x.size());
  return f;
}

/// Numbers around ties and ends of the integers of a scale, and special ones.
machine_binary32 number(std::mt19937_64& g, float scale) {
  const auto word = static_cast<std::uint32_t>(g());
  const auto small = static_cast<float>(static_cast<int>(g() % 1200) - 600);
  switch (g() % 12) {
    case 0: return machine_binary32::from_bits(word);
    case 1: return machine_binary32::from_bits(word & 0x807fffff);
    case 2: return machine_binary32::from_bits(0x7f800000 | (word & 0x80000001));
    case 3: return machine_binary32::from_float(small * 1e7f * scale);
    case 4: return machine_binary32::from_bits(bits(scale * 2147483648.f) + (word % 9) - 4);
    case 5: return machine_binary32::from_bits(bits(scale * -2147483648.f) + (word % 9) - 4);
    case 6:
    case 7: return machine_binary32::from_float(small / 2 * scale);
    default: return machine_binary32::from_float(std::normal_distribution<float>()(g) * 60 * scale);
  }
}

const float scales[] = {1.f, 0.5f, 0.037f, 3e-3f, 7.f, 1e-30f, 2e38f, 1e-42f};
const int zero_points[] = {0, 1, -1, 3, 128, 255, -128, 1000, -70000, 1 << 22, 1 << 23, -(1 << 24)};

const lowp::tiling tilings[] = {
    lowp::tilings::per_tensor(1),
    lowp::tilings::per_tensor(777),
    lowp::tilings::per_tensor(6000),
    lowp::tilings::per_channel(3, 5, 71),
    lowp::tilings::per_row(6, 100),
    lowp::tilings::per_group(5, 130, 32),
    lowp::tilings::per_group(3, 1000, 1),
    lowp::tilings::per_block(70, 90, 32, 64),
    {{4, 6, 50}, {3, 4, 60}},
    {{5, 7, 11}, {2, 9, 11}},
};

const array_layout layouts[] = {
    lowp::formats::int8,
    lowp::formats::uint8,
    {lowp::formats::int4, {.slot = 4}},
    {lowp::formats::uint4, lowp::packings::awq},
    {lowp::formats::int2, {.slot = 2}},
    lowp::formats::int4,
    lowp::formats::int16,
    lowp::formats::int32,
    // With bits that hold no element.
    lowp::integer_format(5, false),
    {lowp::formats::int8, {.slot = 10, .lift = 1}},
    {lowp::formats::uint16, {.run = 2, .padding = 3}},
};

TEST_CASE("BLK-12 arrays of integers in bulk have the bytes and numbers of the definition") {
  tally t;
  std::mt19937_64 g(seed);
  for (const lowp::quantise_rule rule : lowp::all_quantise_rules) {
    for (const lowp::tiling& tiles : tilings) {
      for (const array_layout& layout : layouts) {
        if (g() % 2 == 0) continue;
        const auto use = g() % 3 == 0 ? lowp::range_use::narrow : lowp::range_use::full;
        const lowp::integer_range range = lowp::range_of(layout.f, use);
        std::vector<lowp::affine<>> parameters;
        std::vector<lowp::affine<machine_binary32>> machine;
        for (std::size_t i = 0; i < lowp::tile_count(tiles); ++i) {
          const std::uint32_t scale = bits(scales[g() % std::size(scales)]);
          const int zero = zero_points[g() % std::size(zero_points)];
          parameters.push_back({lowp::float32::from_code(scale), zero});
          machine.push_back({machine_binary32::from_bits(scale), zero});
        }
        reals x;
        for (std::size_t i = 0; i < lowp::element_count(tiles); ++i) {
          x.push_back(number(g, machine[lowp::tile_of(tiles, i)].scale.value()));
        }
        const std::vector<float> numbers = as_floats(x);
        bytes want(lowp::bytes_of(layout, x.size()));
        reals back(x.size());
        {
          const lowp::simd::float_environment guard;
          REQUIRE(lowp::quantise_array<machine_binary32>(rule, tiles, machine, range, x, layout,
                                                         want) == lowp::affine_array_error::none);
          REQUIRE(lowp::dequantise_array<machine_binary32>(tiles, machine, layout, want, back,
                                                           rule.scale) ==
                  lowp::affine_array_error::none);
        }
        const std::vector<float> right = as_floats(back);
        for (const target& target : targets()) {
          const forced_target forced(target.bit);
          bytes got(want.size(), std::byte{0xa5});
          std::vector<float> read(x.size());
          {
            const changed_environment changed(g());
            lowp::quantise_array(rule, tiles, parameters, range, numbers, layout, got);
            lowp::dequantise_array(tiles, parameters, layout, want, read, rule.scale);
          }
          const auto where = [&] {
            return target.name + ", scaling " + std::to_string(static_cast<int>(rule.scale)) +
                   " zero point " + std::to_string(static_cast<int>(rule.zero_point)) +
                   ", tiling " + std::to_string(&tiles - tilings) + ", layout " +
                   std::to_string(&layout - layouts);
          };
          t.expect(got == want, where);
          t.expect(std::memcmp(read.data(), right.data(), 4 * read.size()) == 0, where);
        }
      }
    }
  }
  oracle::report("arrays of integers", t);
}

TEST_CASE("BLK-12 Hadamard transforms in bulk have the bits of the definition") {
  tally t;
  std::mt19937_64 g(seed + 1);
  using lowp::hadamard_scaling;
  using lowp::hadamard_sum;
  for (int size = 2; size <= 1024; size *= 2) {
    for (const auto sum : {hadamard_sum::butterfly, hadamard_sum::in_order}) {
      for (const auto scaling :
           {hadamard_scaling::after, hadamard_scaling::before, hadamard_scaling::none}) {
        if (sum == hadamard_sum::in_order && size > 64 && scaling != hadamard_scaling::after)
          continue;
        const std::uint64_t rows = size > 128 ? 2 : 5;
        const std::uint64_t columns = static_cast<std::uint64_t>(size) * (1 + g() % 7);
        const std::uint64_t pitch = columns + g() % 5;
        const lowp::hadamard_transform transform{static_cast<std::uint16_t>(size),
                                                 lowp::random_signs({.seed = g()}, size), sum,
                                                 scaling};
        reals x;
        const auto kind = g() % 4;
        for (std::uint64_t i = 0; i < rows * pitch; ++i) {
          const auto word = static_cast<std::uint32_t>(g());
          const bool special = kind == 0 ? g() % 100 == 0 : kind == 1 && g() % 3 == 0;
          x.push_back(special ? machine_binary32::from_bits(word | (g() % 2) * 0x7f800000)
                              : machine_binary32::from_float(
                                    kind == 2 ? static_cast<float>(static_cast<int>(g() % 5) - 2)
                                              : std::normal_distribution<float>()(g)));
        }
        for (const bool inverse : {false, true}) {
          reals want = x;
          {
            const lowp::simd::float_environment guard;
            const lowp::hadamard_error error =
                inverse ? lowp::inverse_hadamard_rows(transform, want.data(), rows, columns, pitch)
                        : lowp::hadamard_rows(transform, want.data(), rows, columns, pitch);
            CHECK(error == lowp::hadamard_error::none);
          }
          const std::vector<float> right = as_floats(want);
          for (const target& target : targets()) {
            const forced_target forced(target.bit);
            std::vector<float> got = as_floats(x);
            {
              const changed_environment changed(g());
              if (inverse) {
                lowp::inverse_hadamard_rows(transform, got, rows, columns, pitch);
              } else {
                lowp::hadamard_rows(transform, got, rows, columns, pitch);
              }
            }
            t.expect(std::memcmp(got.data(), right.data(), 4 * got.size()) == 0, [&] {
              return target.name + ", size " + std::to_string(size) + ", sum " +
                     std::to_string(static_cast<int>(sum)) + ", scaling " +
                     std::to_string(static_cast<int>(scaling)) + (inverse ? ", inverse" : "");
            });
          }
        }
      }
    }
  }
  oracle::report("Hadamard transforms", t);
}

TEST_CASE("BLK-12 arrays and rows on any number of threads") {
  std::mt19937_64 g(seed + 2);
  const std::uint64_t rows = 700, columns = 1024;
  reals x;
  for (std::uint64_t i = 0; i < rows * columns; ++i) x.push_back(number(g, 0.1f));
  const std::vector<float> numbers = as_floats(x);
  const lowp::tiling tiles = lowp::tilings::per_group(rows, columns, 96);
  std::vector<lowp::affine<>> parameters;
  for (std::size_t i = 0; i < lowp::tile_count(tiles); ++i) {
    parameters.push_back({lowp::float32{0.1f}, static_cast<int>(g() % 16)});
  }
  const array_layout layout{lowp::formats::uint4, {.slot = 4}};
  bytes one(numbers.size() / 2), several(one.size());
  const auto rule = lowp::quantise_rules::onnx;
  lowp::quantise_array(rule, tiles, parameters, {0, 15}, numbers, layout, one);
  lowp::quantise_array(rule, tiles, parameters, {0, 15}, numbers, layout, several, {.threads = 3});
  CHECK(one == several);
  std::vector<float> a(numbers.size()), b(numbers.size());
  lowp::dequantise_array(tiles, parameters, layout, one, a);
  lowp::dequantise_array(tiles, parameters, layout, one, b, lowp::scaling::divide, {.threads = 3});
  CHECK(std::memcmp(a.data(), b.data(), 4 * a.size()) == 0);
  lowp::hadamard_rows(lowp::transformer_engine_hadamard, a, rows, columns, columns);
  lowp::hadamard_rows(lowp::transformer_engine_hadamard, b, rows, columns, columns, {.threads = 3});
  CHECK(std::memcmp(a.data(), b.data(), 4 * a.size()) == 0);
}

/// The text of the refusal, or nothing.
template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const lowp::array_error& e) {
    return e.what();
  }
  return {};
}

TEST_CASE("BLK-12 arguments that break a rule are refused with words") {
  std::vector<float> x(12);
  bytes out(12);
  const std::vector<lowp::affine<>> two(2, {lowp::float32{1.f}, 0});
  const lowp::tiling tiles = lowp::tilings::per_row(2, 6);
  const auto rule = lowp::quantise_rules::onnx;
  const auto quantise = [&](lowp::tiling t, std::size_t parameters, lowp::integer_range q,
                            const array_layout& to, std::size_t room) {
    return refusal([&] {
      lowp::quantise_array(rule, t, std::span(two).first(parameters), q, x, to,
                           std::span(out).first(room));
    });
  };
  const lowp::integer_range all{-128, 127};
  CHECK(quantise(tiles, 2, all, lowp::formats::int8, 12).empty());
  CHECK(quantise({{1, 2, 6}, {1, 0, 6}}, 2, all, lowp::formats::int8, 12) ==
        "lowp::quantise_array: t: a tile needs at least one element in every dimension");
  CHECK(quantise(tiles, 1, all, lowp::formats::int8, 12) ==
        "lowp::quantise_array: parameters has 1 elements, the tiling 2");
  CHECK(quantise(lowp::tilings::per_row(2, 5), 2, all, lowp::formats::int8, 12) ==
        "lowp::quantise_array: numbers has 12 elements, the tiling 10");
  CHECK(quantise(tiles, 2, {-128, 128}, lowp::formats::int8, 12) ==
        "lowp::quantise_array: q is -128...128: it must be a range within -128...127");
  CHECK(quantise(tiles, 2, all, lowp::formats::e4m3fn, 12) ==
        "lowp::quantise_array: out has width 8: codes must be integers of up to 31 bits, or 32 "
        "signed "
        "ones");
  CHECK(quantise(tiles, 2, all, lowp::formats::int8, 11) ==
        "lowp::quantise_array: out has 11 bytes, 12 elements of 8 bits need 12");
  CHECK(refusal([&] {
          lowp::dequantise_array(tiles, two, lowp::formats::int8,
                                 std::as_bytes(std::span(x)).first(12), x);
        }) ==
        "lowp::dequantise_array: in and numbers overlap: 12 and 48 bytes, the second begins 0 "
        "bytes behind the first; they must share no byte");
  std::vector<lowp::affine<>> shared(6, {lowp::float32{1.f}, 0});
  const std::span<std::byte> inside = std::as_writable_bytes(std::span(shared));
  CHECK(refusal([&] {
          lowp::quantise_array(rule, tiles, std::span(shared).first(2), all, x, lowp::formats::int8,
                               inside.subspan(4, 12));
        }) ==
        "lowp::quantise_array: parameters and out overlap: 16 and 12 bytes, the second begins 4 "
        "bytes behind the first; they must share no byte");
  CHECK(refusal([&] {
          lowp::dequantise_array(tiles, std::span(shared).first(2), lowp::formats::int8, out,
                                 {reinterpret_cast<float*>(inside.data()), 12});
        }) ==
        "lowp::dequantise_array: parameters and numbers overlap: 16 and 48 bytes, the second "
        "begins 0 bytes behind the first; they must share no byte");
  const auto transform = [&](std::uint16_t size, std::uint64_t rows, std::uint64_t columns,
                             std::uint64_t pitch) {
    return refusal([&] { lowp::hadamard_rows({.size = size}, x, rows, columns, pitch); });
  };
  CHECK(transform(4, 1, 12, 12).empty());
  CHECK(transform(6, 1, 12, 12) ==
        "lowp::hadamard_rows: t.size is 6: the size must be a power of two from 2 to 1024");
  CHECK(transform(8, 1, 12, 12) ==
        "lowp::hadamard_rows: columns is 12: the columns must be a multiple of the size");
  CHECK(transform(4, 2, 8, 7) ==
        "lowp::hadamard_rows: pitch is 7: rows must begin at least as far "
        "apart as they are long");
  CHECK(transform(4, 2, 8, 8) ==
        "lowp::hadamard_rows: x has 12 numbers: 2 rows of 8, 8 apart, need more");
}

}  // namespace
