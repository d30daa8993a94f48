// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows whose elements are rounded stochastically: how many of all random values take an element
/// up, counted against a ladder of its own; which random bits an element gets; rows apart.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/integer/table/rowwise_convert.hpp>
#include <lowp/simd/float_environment.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "oracle/report.hpp"

namespace {

using lowp::random_source;
using lowp::rounding;
using lowp::rowwise_codec;
using lowp::simd::float_environment;
using lowp::simd::machine_binary32;
using oracle::tally;

using bytes = std::vector<std::byte>;
using reals = std::vector<machine_binary32>;

constexpr std::uint64_t seed = 20261122;

rowwise_codec stochastic(const char* name, rounding round, int bits) {
  const lowp::named_rowwise_codec* found = lowp::find_rowwise_codec(name);
  REQUIRE(found != nullptr);
  rowwise_codec c = found->value;
  c.round = round;
  c.random_bits = static_cast<std::uint8_t>(bits);
  return c;
}

/// The magnitudes that codes 0, 1, ... stand for, as the texts of the formats have them.
std::vector<double> ladder_of(const std::string& name) {
  std::vector<double> all;
  if (name == "q8_sbfloat") {
    for (int i = 0; i < 256; ++i) all.push_back(i);
  } else if (name == "q4_sbhalf") {
    for (int i = 0; i < 16; ++i) all.push_back(i);
  } else if (name == "q2_sbhalf") {
    for (int i = 0; i < 4; ++i) all.push_back(i);
  } else {  // hfp8: 4 exponent bits, bias 15, 3 bits behind the point
    for (int code = 0; code <= 0x77; ++code) {
      const int field = code >> 3, fraction = code & 7;
      all.push_back(field == 0 ? std::ldexp(fraction, -17)
                               : std::ldexp(8 + fraction, field - 15 - 3));
    }
  }
  return all;
}

/// Of 2^n random values, how many take nu of the way between neighbours up.
std::uint64_t count_up(rounding round, int n, double nu) {
  const double x = std::ldexp(nu, n);  // exact: nu has far fewer than 53 bits
  const double whole = std::floor(x), rest = x - whole;
  const auto low = static_cast<std::uint64_t>(whole);
  if (round == rounding::stochastic_a) return low;
  if (round == rounding::stochastic_b) return low + (rest >= 0.5 ? 1 : 0);
  const bool up = rest > 0.5 || (rest == 0.5 && low % 2 == 1);
  return low + (up ? 1 : 0);
}

/// Where x stands: above `ladder[index]` by `nu` of the step. Nothing is above the end.
struct stand {
  std::size_t index;
  double nu;
};
stand stand_of(const std::vector<double>& ladder, double x) {
  if (!(x > 0)) return {0, 0};
  if (x >= ladder.back()) return {ladder.size() - 1, 0};
  const auto above = std::upper_bound(ladder.begin(), ladder.end(), x);
  const auto i = static_cast<std::size_t>(above - ladder.begin()) - 1;
  return {i, (x - ladder[i]) / (ladder[i + 1] - ladder[i])};
}

constexpr const char* names[] = {"q8_sbfloat", "q4_sbhalf", "q2_sbhalf", "hfp8"};
constexpr rounding modes[] = {rounding::stochastic_a, rounding::stochastic_b,
                              rounding::stochastic_c};

TEST_CASE("TAB-16 of all random values as many take an element up as its place asks for") {
  const float_environment guard;
  tally t;
  std::mt19937_64 g(seed);
  for (const char* name : names) {
    const std::vector<double> ladder = ladder_of(name);
    const auto steps = static_cast<int>(ladder.size()) - 1;
    for (const rounding round : modes) {
      for (const int n : {1, 2, 3, 8, 9, 16}) {
        const rowwise_codec c = stochastic(name, round, n);
        const auto one = machine_binary32::from_float(1);
        const lowp::row_parameters<machine_binary32> p{one, machine_binary32::from_float(0), one};
        for (int k = 0; k < 14; ++k) {
          // Between neighbours by a multiple of 2^-(n + 1), or anywhere; at and beyond the ends.
          const auto at = static_cast<std::size_t>(g() % static_cast<unsigned>(steps));
          const auto part = static_cast<double>(g() % (std::uint64_t{2} << n));
          double x = ladder[at] + (ladder[at + 1] - ladder[at]) * std::ldexp(part, -n - 1);
          if (k % 3 == 2) x = static_cast<double>(static_cast<float>(x * 0.9991));
          if (k == 0) x = ladder.back();
          if (k == 1) x = ladder.back() * 1.25;
          const auto number = static_cast<float>(x);
          const stand s = stand_of(ladder, static_cast<double>(number));
          std::uint64_t up = 0, other = 0;
          for (std::uint64_t r = 0; r < std::uint64_t{1} << n; ++r) {
            const lowp::code_t code =
                lowp::encode_element(c, p, machine_binary32::from_float(number), steps, r);
            if (code == s.index + 1) ++up;
            if (code != s.index + 1 && code != s.index) ++other;
          }
          const std::uint64_t want = count_up(round, n, s.nu);
          t.expect(up == want && other == 0, [&] {
            return std::string(name) + ", mode " + std::to_string(static_cast<int>(round)) + ", " +
                   std::to_string(n) + " bits, " + std::to_string(number) + ": " +
                   std::to_string(up) + " up, not " + std::to_string(want) + "; " +
                   std::to_string(other) + " elsewhere";
          });
        }
      }
    }
  }
  oracle::report("places", t);
}

bytes quantised(const rowwise_codec& c, std::span<const machine_binary32> x, std::uint64_t columns,
                const random_source& s, std::uint64_t first) {
  bytes out(x.size() / columns * lowp::bytes_per_row(c, columns), std::byte{0x5a});
  REQUIRE(lowp::quantise_rows<machine_binary32>(c, x, columns, out, s, first) ==
          lowp::rowwise_error::none);
  return out;
}

TEST_CASE("TAB-16 element i of all rows takes the random bits of index first + i") {
  const float_environment guard;
  tally t;
  std::mt19937_64 g(seed + 1);
  for (const lowp::random_generator generator :
       {lowp::random_generator::philox4x32_10, lowp::random_generator::keyed_mix}) {
    for (const int n : {4, 8, 12}) {
      const rowwise_codec c = stochastic("q8_sbfloat", rounding::stochastic_a, n);
      const random_source s{g(), g(), generator};
      const std::uint64_t columns = 37, rows = 5, first = (g() >> 4) | 1;
      reals x;
      for (std::uint64_t i = 0; i < rows * columns; ++i) {
        // Ends that make the scale 1, then multiples of 1/4096.
        const std::uint64_t j = i % columns;
        x.push_back(
            machine_binary32::from_float(j == 0   ? 0.f
                                         : j == 1 ? 255.f
                                                  : static_cast<float>(g() % (255u << 12)) / 4096));
      }
      const bytes got = quantised(c, x, columns, s, first);
      const int field = n <= 8 ? 8 : 16;
      const auto per_word = static_cast<std::uint64_t>(32 / field);
      for (std::uint64_t i = 0; i < rows * columns; ++i) {
        const std::uint64_t index = first + i;
        const std::uint32_t word = lowp::random_word(s, index / per_word);
        const auto shift = static_cast<int>(index % per_word) * field;
        const std::uint32_t r = (word >> shift) & ((1u << n) - 1);
        const auto fixed = static_cast<std::uint32_t>(
            std::ldexp(static_cast<double>(x[i].value()), n));  // toward zero
        const std::uint32_t want = (fixed + r) >> n;
        const std::uint64_t at = i / columns * lowp::bytes_per_row(c, columns) + i % columns;
        t.expect(std::to_integer<std::uint32_t>(got[at]) == want, [&] {
          return std::to_string(n) + " bits, element " + std::to_string(i) + " is " +
                 std::to_string(std::to_integer<int>(got[at])) + ", not " + std::to_string(want);
        });
      }
    }
  }
  oracle::report("elements", t);
}

TEST_CASE("TAB-16 rows apart have the bytes of rows together") {
  const float_environment guard;
  std::mt19937_64 g(seed + 2);
  std::normal_distribution<float> normal;
  for (const char* name : {"q8_cuda", "q4_sbhalf", "q2_batched", "fp8_rowwise_forward"}) {
    const rowwise_codec c = stochastic(name, rounding::stochastic_a, 8);
    const std::uint64_t columns = 21, rows = 6, first = 1000003;
    reals x;
    for (std::uint64_t i = 0; i < rows * columns; ++i) {
      x.push_back(machine_binary32::from_float(normal(g)));
    }
    const random_source s{7, 8};
    const bytes all = quantised(c, x, columns, s, first);
    bytes apart;
    for (std::uint64_t r = 0; r < rows; ++r) {
      const bytes row =
          quantised(c, std::span(x).subspan(r * columns, columns), columns, s, first + r * columns);
      apart.insert(apart.end(), row.begin(), row.end());
    }
    CHECK_MESSAGE(apart == all, name);
    CHECK_MESSAGE(quantised(c, x, columns, s, first + 1) != all, name);
    CHECK_MESSAGE(quantised(c, x, columns, {7, 9}, first) != all, name);
  }
}

TEST_CASE("TAB-16 NaN, what a rounded bias puts below, and what a given range puts outside") {
  const rowwise_codec c = stochastic("q8_sbfloat", rounding::stochastic_b, 8);
  const float numbers[] = {0, 255, -3.75f, 300, std::nanf(""), 254.5f, -0.0f, 1e30f};
  std::vector<lowp::float32> row;
  for (const float x : numbers) row.push_back(lowp::float32(x));
  const lowp::row_range<lowp::float32> range{lowp::float32(0.f), lowp::float32(255.f)};
  bytes out(lowp::bytes_per_row(c, row.size()));
  for (std::uint64_t first = 0; first < 64; ++first) {
    lowp::quantise_row(c, row.data(), row.size(), out.data(), &range, {1, 2}, first);
    CHECK(out[0] == std::byte{0});
    CHECK(out[1] == std::byte{255});
    CHECK(out[2] == std::byte{0});
    CHECK(out[3] == std::byte{255});
    CHECK(out[4] == std::byte{0});
    CHECK((out[5] == std::byte{254} || out[5] == std::byte{255}));
    CHECK(out[6] == std::byte{0});
    CHECK(out[7] == std::byte{255});
  }
  // A range of fewer steps than there are codes.
  const lowp::row_range<lowp::float32> few{lowp::float32(0.f), lowp::float32(10.f), 10};
  lowp::quantise_row(c, row.data(), row.size(), out.data(), &few, {1, 2}, 5);
  CHECK(out[1] == std::byte{10});
  CHECK(out[5] == std::byte{10});
}

TEST_CASE("TAB-16 roundings that rows do not have") {
  rowwise_codec c = stochastic("q4_sbhalf", rounding::stochastic_a, 16);
  CHECK(check(c) == lowp::rowwise_error::none);
  c.random_bits = 17;
  CHECK(check(c) == lowp::rowwise_error::rounding);
  c.random_bits = 0;
  CHECK(check(c) == lowp::rowwise_error::none);
  for (const rounding round : {rounding::toward_zero, rounding::to_odd, rounding::to_nearest_away,
                               static_cast<rounding>(12)}) {
    c.round = round;
    CHECK(check(c) == lowp::rowwise_error::rounding);
  }
  CHECK(std::string(message(lowp::rowwise_error::rounding)) ==
        "elements must round to nearest even, or stochastically by up to 16 random bits");
}

}  // namespace
