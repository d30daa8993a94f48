// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows in bulk against the definitions on the machine's binary32, and some of them on the software
/// one: every codec, ragged rows, special numbers, every instruction set and environment.
#include <bit>
#include <cfenv>
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
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/simd/rowwise.hpp>
#include <lowp/types.hpp>

#include "../oracle/report.hpp"
#include "changed_environment.hpp"
#include "guarded.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::rowwise_codec;
using lowp::simd::machine_binary32;
using oracle::tally;

using bytes = std::vector<std::byte>;
using reals = std::vector<machine_binary32>;

constexpr std::uint64_t seed = 20261122;

/// A kind of row: element i of n.
struct row_kind {
  const char* name;
  std::uint32_t (*make)(std::mt19937_64&, std::uint64_t i, std::uint64_t n);
};

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }
std::uint32_t word(std::mt19937_64& g) { return static_cast<std::uint32_t>(g()); }
float normal(std::mt19937_64& g) { return std::normal_distribution<float>()(g); }

const row_kind kinds[] = {
    {"normal", [](auto& g, auto, auto) { return bits(normal(g)); }},
    {"positive", [](auto& g, auto, auto) { return bits(std::fabs(normal(g))); }},
    {"relu, zeros of both signs",
     [](auto& g, auto, auto) {
       return g() % 3 == 0 ? bits(std::fabs(normal(g))) : word(g) & 0x80000000;
     }},
    {"one zero",
     [](auto& g, auto i, auto n) {
       return i == n / 2 ? word(g) & 0x80000000 : bits(1 + std::fabs(normal(g)));
     }},
    {"zeros", [](auto& g, auto, auto) { return word(g) & 0x80000000; }},
    {"negative, with zeros",
     [](auto& g, auto, auto) {
       return g() % 3 == 0 ? word(g) & 0x80000000 : bits(-std::fabs(normal(g)));
     }},
    {"constant", [](auto&, auto, auto n) { return bits(1.0006f * static_cast<float>(n)); }},
    {"two numbers", [](auto& g, auto, auto) { return bits(g() % 2 == 0 ? 1.0006f : 0.9996f); }},
    {"ties",
     [](auto& g, auto i, auto) {
       return bits(i == 0 ? 0.f : i == 1 ? 255.f : static_cast<float>(g() % 511) / 2);
     }},
    {"ties of 15 steps",
     [](auto& g, auto i, auto) {
       return bits(i == 0 ? -3.f : i == 1 ? 12.f : static_cast<float>(g() % 31) / 2 - 3);
     }},
    {"least element between two halves",
     [](auto& g, auto i, auto) {
       return i == 0 ? 0xc0001000 | (word(g) & 0x7fe000) : bits(normal(g) / 2);
     }},
    {"step between two halves",
     [](auto& g, auto i, auto) {
       constexpr float steps[] = {255, 15, 3};
       const float odd = 1 + (2 * static_cast<float>(g() % 1024) + 1) / 2048;
       return bits(i == 1 ? steps[g() % 3] * odd : static_cast<float>(g() % 2));
     }},
    {"near each other",
     [](auto& g, auto, auto) { return bits(65500.f + static_cast<float>(g() % 5) / 128); }},
    {"beyond binary16", [](auto& g, auto, auto) { return bits(normal(g) * 40000); }},
    {"any bits", [](auto& g, auto, auto) { return word(g); }},
    {"any finite",
     [](auto& g, auto, auto) {
       const std::uint32_t x = word(g);
       return (x & 0x7f800000) == 0x7f800000 ? x & 0xbfffffff : x;
     }},
    {"subnormal", [](auto& g, auto, auto) { return word(g) & 0x807fffff; }},
    {"small", [](auto& g, auto, auto) { return bits(normal(g) * 1e-8f); }},
    {"steps of subnormal halves", [](auto& g, auto, auto) { return bits(1 + normal(g) * 3e-6f); }},
    {"huge", [](auto& g, auto, auto) { return (word(g) & 0x80000000) | bits(3e38f); }},
    {"NaN inside",
     [](auto& g, auto i, auto) {
       return i > 0 && g() % 5 == 0 ? 0x7f800001 | (word(g) & 0x803fffff) : bits(normal(g));
     }},
    {"NaN first", [](auto& g, auto i, auto) { return i == 0 ? 0xffc00001 : bits(normal(g)); }},
    {"extremes last",
     [](auto& g, auto i, auto n) {
       return i + 2 < n ? bits(normal(g)) : i + 2 == n ? 0xc2c80000 : 0x42c80000;
     }},
    {"infinity",
     [](auto& g, auto i, auto n) {
       return i == n / 3 ? 0x7f800000 | (word(g) & 0x80000000) : bits(normal(g));
     }},
};

constexpr std::uint64_t widths[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,  16,  17,  31, 32,
                                    33, 48, 63, 64, 65, 100, 127, 128, 129, 191, 256, 531};

struct named_codec {
  std::string name;
  rowwise_codec codec;
  lowp::random_source random = {};
  std::uint64_t first = 0;
};

/// The codec with elements that are rounded stochastically, 65 elements before the random words get
/// other keys.
named_codec stochastic(const char* name, lowp::rounding round, int bits,
                       lowp::random_generator generator) {
  named_codec c{name, lowp::find_rowwise_codec(name)->value};
  c.name += ", " + std::to_string(bits) + " random bits";
  c.codec.round = round;
  c.codec.random_bits = static_cast<std::uint8_t>(bits);
  const std::uint64_t per_word = bits <= 8 ? 4 : 2;
  c.first = (per_word << 32) - 65;
  c.random = {seed, 99, generator};
  return c;
}

/// The published codecs, and others.
std::vector<named_codec> all_codecs() {
  std::vector<named_codec> all;
  for (const auto& c : lowp::all_rowwise_codecs) all.push_back({std::string(c.name), c.value});
  rowwise_codec other = lowp::find_rowwise_codec("q4_sbhalf")->value;
  other.element = lowp::formats::uint4;
  other.code_alignment = 8;
  other.row_alignment = 4;
  all.push_back({"4 bits, aligned", other});
  other.element.width = 3;
  all.push_back({"3 bits", other});
  other = lowp::find_rowwise_codec("q8_sbfloat")->value;
  other.epsilon = 0;
  all.push_back({"8 bits without epsilon", other});
  other.parameter = lowp::formats::binary16;
  all.push_back({"8 bits, range in halves", other});
  other = lowp::find_rowwise_codec("fp8_rowwise_forward")->value;
  other.epsilon = 0;
  other.least_amax = 0;
  all.push_back({"hfp8 without epsilon", other});
  other.element = lowp::formats::e4m3fn;
  other.greatest = 448;
  all.push_back({"e4m3fn", other});
  using lowp::random_generator, lowp::rounding;
  const auto philox = random_generator::philox4x32_10, mix = random_generator::keyed_mix;
  all.push_back(stochastic("q8_sbfloat", rounding::stochastic_a, 8, mix));
  all.push_back(stochastic("q8_cuda_first", rounding::stochastic_c, 16, philox));
  all.push_back(stochastic("q8_sbhalf", rounding::stochastic_b, 3, mix));
  all.push_back(stochastic("q4_sbhalf", rounding::stochastic_a, 16, philox));
  all.push_back(stochastic("q4_batched", rounding::stochastic_c, 7, mix));
  all.push_back(stochastic("q2_sbhalf", rounding::stochastic_b, 8, mix));
  all.push_back(stochastic("q2_batched", rounding::stochastic_a, 1, philox));
  all.push_back(stochastic("fp8_rowwise_forward", rounding::stochastic_a, 8, mix));
  all.push_back(stochastic("fp8_rowwise_backward", rounding::stochastic_b, 16, philox));
  all.push_back(stochastic("hfp8", rounding::stochastic_c, 4, mix));
  all.push_back(stochastic("q8_sbfloat", rounding::stochastic_c, 0, mix));
  other = lowp::find_rowwise_codec("q4_sbhalf")->value;
  other.element.width = 5;
  other.round = rounding::stochastic_a;
  other.random_bits = 8;
  all.push_back({"5 bits, stochastic", other, {1, 2}, 12345});
  return all;
}

reals make_rows(const row_kind& kind, std::uint64_t rows, std::uint64_t columns,
                std::mt19937_64& g) {
  reals x;
  for (std::uint64_t i = 0; i < rows * columns; ++i) {
    x.push_back(machine_binary32::from_bits(kind.make(g, i % columns, columns)));
  }
  return x;
}

std::vector<float> as_floats(const reals& x) {
  std::vector<float> f(x.size());
  std::memcpy(f.data(), x.data(), 4 * x.size());
  return f;
}

bytes defined(const named_codec& c, const reals& x, std::uint64_t columns) {
  const lowp::simd::float_environment guard;
  bytes out(x.size() / columns * lowp::bytes_per_row(c.codec, columns), std::byte{0x5a});
  REQUIRE(lowp::quantise_rows<machine_binary32>(c.codec, x, columns, out, c.random, c.first) ==
          lowp::rowwise_error::none);
  return out;
}

bytes defined_numbers(const rowwise_codec& c, const bytes& rows, std::uint64_t columns,
                      lowp::row_reading how) {
  const lowp::simd::float_environment guard;
  bytes out(rows.size() / lowp::bytes_per_row(c, columns) * columns * lowp::bytes_of(how.output));
  REQUIRE(lowp::dequantise_rows<machine_binary32>(c, rows, columns, out, how) ==
          lowp::rowwise_error::none);
  return out;
}

std::string first_difference(const bytes& want, const bytes& got, std::uint64_t row_bytes) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (want[i] == got[i]) continue;
    return ": row " + std::to_string(i / row_bytes) + ", byte " + std::to_string(i % row_bytes) +
           " is " + oracle::hex(std::to_integer<unsigned>(got[i])) + ", not " +
           oracle::hex(std::to_integer<unsigned>(want[i]));
  }
  return {};
}

constexpr lowp::row_reading readings[] = {
    {lowp::row_output::binary32, lowp::row_arithmetic::fused},
    {lowp::row_output::binary32, lowp::row_arithmetic::twice_rounded},
    {lowp::row_output::binary16, lowp::row_arithmetic::fused},
    {lowp::row_output::bfloat16, lowp::row_arithmetic::fused},
    {lowp::row_output::bfloat16_add_half, lowp::row_arithmetic::twice_rounded},
};

/// Quantises on every target in an environment that differs, between pages that nobody may touch.
void check_quantise(tally& t, const named_codec& c, const row_kind& kind, std::uint64_t rows,
                    std::uint64_t columns, std::mt19937_64& g) {
  const reals x = make_rows(kind, rows, columns, g);
  const std::vector<float> numbers = as_floats(x);
  const bytes want = defined(c, x, columns);
  const guarded in(4 * numbers.size()), out(want.size());
  auto* const in_place = reinterpret_cast<float*>(in.back(4 * numbers.size()));
  std::memcpy(in_place, numbers.data(), 4 * numbers.size());
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    std::byte* to = out.back(want.size());
    std::memset(to, 0xa5, want.size());
    {
      const changed_environment changed(g());
      lowp::quantise_rows(c.codec, {in_place, numbers.size()}, columns, {to, want.size()}, {},
                          c.random, c.first);
    }
    const bytes got(to, to + want.size());
    t.expect(got == want, [&] {
      return target.name + ", " + c.name + ", " + kind.name + ", " + std::to_string(columns) +
             " columns" + first_difference(want, got, want.size() / rows);
    });
  }
}

void check_dequantise(tally& t, const named_codec& c, const bytes& rows, std::uint64_t columns,
                      lowp::row_reading how, std::mt19937_64& g) {
  const bytes want = defined_numbers(c.codec, rows, columns, how);
  const guarded in(rows.size()), out(want.size());
  std::byte* const from = in.back(rows.size());
  std::memcpy(from, rows.data(), rows.size());
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    std::byte* to = out.back(want.size());
    std::memset(to, 0xa5, want.size());
    {
      const changed_environment changed(g());
      lowp::dequantise_rows(c.codec, {from, rows.size()}, columns, {to, want.size()}, how);
    }
    const bytes got(to, to + want.size());
    t.expect(got == want, [&] {
      return target.name + ", " + c.name + ", " + std::to_string(columns) + " columns, output " +
             std::to_string(static_cast<int>(how.output)) + ", arithmetic " +
             std::to_string(static_cast<int>(how.arithmetic)) +
             first_difference(want, got, columns * lowp::bytes_of(how.output));
    });
  }
}

TEST_CASE("BLK-9 rows quantised in bulk have the bytes of the definition") {
  tally t;
  std::mt19937_64 g(seed);
  for (const named_codec& c : all_codecs()) {
    for (const row_kind& kind : kinds) {
      for (const std::uint64_t columns : widths) {
        if (g() % 3 != 0) continue;
        check_quantise(t, c, kind, 1 + g() % 9, columns, g);
      }
    }
    check_quantise(t, c, kinds[0], 150, 16, g);  // several batches
    check_quantise(t, c, kinds[2], 3, 1024 + 5, g);
    check_quantise(t, c, kinds[0], 2, 4096 + 3, g);
    check_quantise(t, c, kinds[0], 1, 8192, g);
  }
  oracle::report("rows quantised", t);
}

TEST_CASE("BLK-9 rows read in bulk give the numbers of the definition") {
  tally t;
  std::mt19937_64 g(seed + 1);
  for (const named_codec& c : all_codecs()) {
    const auto any_rows = [&](std::uint64_t rows, std::uint64_t columns) {
      bytes all(rows * lowp::bytes_per_row(c.codec, columns));
      for (std::byte& b : all) b = static_cast<std::byte>(g());
      return all;
    };
    for (const std::uint64_t columns : widths) {
      for (const lowp::row_reading how : readings) {
        const row_kind& kind = kinds[g() % std::size(kinds)];
        const bytes rows = g() % 2 == 0 ? any_rows(1 + g() % 9, columns)
                                        : defined(c, make_rows(kind, 5, columns, g), columns);
        check_dequantise(t, c, rows, columns, how, g);
      }
    }
    for (const lowp::row_reading how : readings) {
      check_dequantise(t, c, any_rows(2, 4096 + 3), 4096 + 3, how, g);
      check_dequantise(t, c, any_rows(70, 128), 128, how, g);
    }
  }
  oracle::report("rows read", t);
}

TEST_CASE("BLK-9 rows in bulk against the software arithmetic") {
  std::mt19937_64 g(seed + 2);
  for (const named_codec& c : all_codecs()) {
    for (const row_kind& kind : kinds) {
      const std::uint64_t columns = 33;
      const reals x = make_rows(kind, 3, columns, g);
      std::vector<lowp::float32> exact;
      for (const machine_binary32 r : x) exact.push_back(lowp::float32::from_code(r.bits()));
      bytes want(3 * lowp::bytes_per_row(c.codec, columns));
      REQUIRE(lowp::quantise_rows<lowp::float32>(c.codec, exact, columns, want, c.random,
                                                 c.first) == lowp::rowwise_error::none);
      bytes got(want.size());
      const std::vector<float> numbers = as_floats(x);
      CHECK(lowp::quantise_rows(c.codec, numbers, columns, got, {}, c.random, c.first) ==
            got.size());
      CHECK_MESSAGE(got == want, c.name, ", ", kind.name);
      for (const lowp::row_reading how : readings) {
        bytes right(3 * columns * lowp::bytes_of(how.output)), read(right.size());
        REQUIRE(lowp::dequantise_rows<lowp::float32>(c.codec, want, columns, right, how) ==
                lowp::rowwise_error::none);
        CHECK(lowp::dequantise_rows(c.codec, want, columns, read, how) == read.size());
        CHECK_MESSAGE(read == right, c.name, ", ", kind.name);
      }
    }
  }
}

TEST_CASE("BLK-9 rows on any number of threads") {
  std::mt19937_64 g(seed + 3);
  const std::uint64_t columns = 1000, rows = 1100;
  for (const char* name : {"q8_sbfloat", "q4_batched", "fp8_rowwise_backward"}) {
    rowwise_codec c = lowp::find_rowwise_codec(name)->value;
    const std::vector<float> numbers = as_floats(make_rows(kinds[0], rows, columns, g));
    bytes one(rows * lowp::bytes_per_row(c, columns)), several(one.size());
    lowp::quantise_rows(c, numbers, columns, one);
    lowp::quantise_rows(c, numbers, columns, several, {.threads = 3});
    CHECK(one == several);
    c.round = lowp::rounding::stochastic_a;
    c.random_bits = 8;
    bytes random(one.size());
    lowp::quantise_rows(c, numbers, columns, random, {}, {1, 2}, 77);
    lowp::quantise_rows(c, numbers, columns, several, {.threads = 3}, {1, 2}, 77);
    CHECK(random == several);
    CHECK(random != one);
    bytes x(4 * numbers.size()), y(x.size());
    lowp::dequantise_rows(c, one, columns, x);
    lowp::dequantise_rows(c, one, columns, y, {}, {.threads = 4});
    CHECK(x == y);
  }
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

TEST_CASE("BLK-9 rows that break a rule are refused with words") {
  const rowwise_codec c = lowp::find_rowwise_codec("q8_sbfloat")->value;
  std::vector<float> numbers(12);
  bytes rows(3 * 12);
  CHECK(lowp::quantise_rows(c, numbers, 4, rows) == 36);
  CHECK(lowp::quantise_rows(c, std::span<const float>(), 4, std::span<std::byte>()) == 0);
  CHECK(refusal([&] { lowp::quantise_rows(c, numbers, 0, rows); }) ==
        "lowp::quantise_rows: columns is 0: a row must have 1 to 2^32 columns");
  CHECK(refusal([&] { lowp::quantise_rows(c, numbers, 5, rows); }) ==
        "lowp::quantise_rows: numbers is 12 numbers: the numbers must be whole rows");
  CHECK(refusal([&] { lowp::quantise_rows(c, numbers, 4, std::span(rows).first(35)); }) ==
        "lowp::quantise_rows: rows is 35 bytes: the bytes must be those of all rows, no more, no "
        "less");
  rowwise_codec bad = c;
  bad.element = lowp::formats::int8;
  CHECK(refusal([&] { lowp::quantise_rows(bad, numbers, 4, rows); }) ==
        "lowp::quantise_rows: codec.element.width is 8: elements must be unsigned integers of 1 to "
        "8 bits or minifloats of up to 8 bits");
  bad = c;
  bad.code_alignment = 3;
  CHECK(refusal([&] { lowp::quantise_rows(bad, numbers, 4, rows); }) ==
        "lowp::quantise_rows: codec.code_alignment is 3 and codec.row_alignment 1: alignments must "
        "be powers of two");
  bad = c;
  bad.random_bits = 17;
  CHECK(refusal([&] { lowp::quantise_rows(bad, numbers, 4, rows); }) ==
        "lowp::quantise_rows: codec.round is 0 and codec.random_bits 17: elements must round to "
        "nearest even, or stochastically by up to 16 random bits");
  bad = c;
  bad.epsilon = -1;  // a range of 1 would have an infinite inverse
  CHECK(
      refusal([&] { lowp::quantise_rows(bad, numbers, 4, rows); }) ==
      "lowp::quantise_rows: codec.epsilon is -1.000000, codec.least_amax 0.000000, "
      "codec.greatest 0.000000: epsilon, least amax and greatest must be finite and not negative");
  CHECK(refusal([&] {
          lowp::quantise_rows(c, numbers, 4, std::as_writable_bytes(std::span(numbers)).first(36));
        }) ==
        "lowp::quantise_rows: numbers and rows overlap: 48 and 36 bytes, the second begins 0 bytes "
        "behind the first; they must share no byte");
  // To the byte.
  std::vector<float> shared(24);
  const auto into = [&](std::size_t first_number, std::size_t first_byte) {
    return refusal([&] {
      lowp::quantise_rows(c, std::span(shared).subspan(first_number, 12), 4,
                          std::as_writable_bytes(std::span(shared)).subspan(first_byte, 36));
    });
  };
  CHECK(into(0, 48).empty());
  CHECK(into(9, 0).empty());
  CHECK(into(0, 47) ==
        "lowp::quantise_rows: numbers and rows overlap: 48 and 36 bytes, the second begins 47 "
        "bytes behind the first; they must share no byte");
  CHECK(into(9, 1) ==
        "lowp::quantise_rows: numbers and rows overlap: 48 and 36 bytes, the second begins 35 "
        "bytes before the first; they must share no byte");
  bytes out(47);
  CHECK(refusal([&] { lowp::dequantise_rows(c, rows, 4, out); }) ==
        "lowp::dequantise_rows: numbers is 47 bytes: the numbers must be whole rows");
  CHECK(refusal([&] {
          lowp::dequantise_rows(c, rows, 4, out, {.output = static_cast<lowp::row_output>(9)});
        }) ==
        "lowp::dequantise_rows: how.output is 9: decoded numbers must be binary32, binary16 or "
        "bfloat16");
}

}  // namespace
