// SPDX-License-Identifier: Apache-2.0
// Codecs of wires: sizes, bytes, random bits, rotation, the registry. spec/collectives.md COL-1 to
// COL-5. wire_coder_test.cpp compares the codecs at speed with these definitions.
#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/collective/wire_definition.hpp>

#include "../support/normal_numbers.hpp"
#include "../support/registry_rows.hpp"

using namespace lowp;

namespace {

using bytes = std::vector<std::byte>;

bytes message_of(const wire_codec& c, std::span<const float> x, const wire_position& at = {}) {
  bytes out(encoded_size(c, x.size()), std::byte{0xee});
  encode_wire(c, x, out.data(), at);
  return out;
}

std::vector<float> numbers_of(const wire_codec& c, const bytes& in, std::size_t n) {
  std::vector<float> out(n);
  decode_wire(c, in.data(), std::span(out));
  return out;
}

std::vector<float> numbers(std::size_t n) {
  std::mt19937 random(7);
  return support::normal_numbers(random, n);
}

// Greatest difference between numbers.
float distance(std::span<const float> x, std::span<const float> y) {
  float most = 0;
  for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - y[i]));
  return most;
}

}  // namespace

TEST_CASE("COL-1: codecs that cannot be used are refused by the rule that they break") {
  using enum wire_codec_error;
  wire_codec c = wire_codecs::mxfp4;
  CHECK(check(c) == none);
  CHECK(check(with_row(c, 0)) == row);
  CHECK(check(with_row(c, 4097)) == row);
  CHECK(check(with_row(c, 4096)) == none);
  CHECK(check(with_row(c, 48)) == shape);
  CHECK(check(with_hadamard(c, 3)) == hadamard);
  CHECK(check(with_hadamard(c, 512)) == hadamard);
  CHECK(check(with_hadamard(c, 256)) == none);
  c.block.rows = 2;
  CHECK(check(c) == shape);
  c = wire_codecs::nvfp4;
  c.block.outer = outer_scale::tensor;
  CHECK(check(c) == shape);
  c.block.outer = outer_scale::none;
  CHECK(check(c) == block);  // the recipe divides by an outer scale
  c = wire_codecs::fp32;
  c.element = formats::e2m1;
  CHECK(check(c) == element);
  c = wire_codecs::int8;
  c.rows.code_alignment = 3;
  CHECK(check(c) == rows);
  c.kind = static_cast<wire_kind>(3);
  CHECK(check(c) == kind);
}

TEST_CASE("COL-1: a tensor may be cut between any two rows") {
  const std::vector<float> x = numbers(1000);
  for (const named_wire_codec& row : all_wire_codecs) {
    INFO(std::string(row.name));
    const wire_codec c = with_stochastic(row.value);
    const random_source random{.seed = 3, .stream = 4};
    const bytes whole = message_of(c, x, {random, 0});
    for (std::uint64_t cut = 0; cut <= x.size(); cut += c.row * (c.row < 32 ? 37U : 1U)) {
      bytes parts = message_of(c, std::span(x).first(cut), {random, 0});
      CHECK(parts.size() == row_offset(c, cut));
      const bytes rest = message_of(c, std::span(x).subspan(cut), {random, cut});
      parts.insert(parts.end(), rest.begin(), rest.end());
      CHECK(parts == whole);
    }
  }
}

TEST_CASE("COL-2: bytes of blocks are codes, scales, outer scale") {
  // Powers of two, whose MXFP4 codes are known: block maxima 4 and 0.5 are 4 in units of 1 and 1/8.
  std::vector<float> x(48, 0.0f);
  x[0] = 4.0f;
  x[1] = -2.0f;
  x[31] = 1.0f;
  x[32] = 0.5f;
  x[47] = 0.25f;
  const wire_codec c = with_row(wire_codecs::mxfp4, 64);
  const bytes out = message_of(c, x);
  REQUIRE(out.size() == 24 + 2);
  bytes expected(26, std::byte{0});
  expected[0] = std::byte{0xc6};
  expected[15] = std::byte{0x20};
  expected[16] = std::byte{0x06};
  expected[23] = std::byte{0x40};
  expected[24] = std::byte{127};
  expected[25] = std::byte{124};
  CHECK(out == expected);
  CHECK(numbers_of(c, out, x.size()) == x);

  const wire_codec n = wire_codecs::nvfp4;
  const bytes fours = message_of(n, std::vector<float>(17, 6.0f));
  REQUIRE(fours.size() == 9 + 2 + 4);
  // amax 6: every element is the greatest, every scale too, P = 6 / (6 x 448).
  CHECK(fours[0] == std::byte{0x77});
  CHECK(fours[8] == std::byte{0x07});
  CHECK(fours[9] == std::byte{0x7e});
  CHECK(fours[10] == std::byte{0x7e});
  float outer = 0;
  std::copy_n(fours.data() + 11, 4, reinterpret_cast<std::byte*>(&outer));
  CHECK(outer == 6.0f / (6.0f * 448.0f));
}

TEST_CASE("COL-2: sizes, and rows of TAB and numbers of CVT as they are") {
  const std::vector<float> x = numbers(300);
  const wire_codec c = wire_codecs::int8;
  CHECK(encoded_size(c, 0) == 0);
  CHECK(encoded_size(c, 300) == 2 * 136 + 52);
  bytes rows(136);
  REQUIRE(quantise_rows<float32>(c.rows, support::reals<float32>({x.begin(), x.begin() + 128}), 128,
                                 rows) == rowwise_error::none);
  const bytes out = message_of(c, x);
  CHECK(std::equal(rows.begin(), rows.end(), out.begin()));
  const bytes same = message_of(wire_codecs::fp32, x);
  CHECK(std::equal(same.begin(), same.end(), reinterpret_cast<const std::byte*>(x.data())));
  const std::vector<float> far{1e30f, -INFINITY, 65519.0f, 1.0f};
  CHECK(numbers_of(wire_codecs::fp16, message_of(wire_codecs::fp16, far), 4) ==
        std::vector<float>{65504.0f, -65504.0f, 65504.0f, 1.0f});
}

TEST_CASE("COL-3: stochastic elements are between neighbours, and right on average") {
  const std::vector<float> x = numbers(256);
  for (const named_wire_codec& row : all_wire_codecs) {
    const wire_codec c = with_stochastic(row.value, 16);
    CHECK(is_stochastic(c));
    if (std::string(row.name) == "fp32") continue;
    INFO(std::string(row.name));
    std::vector<double> sum(x.size());
    std::vector<float> last;
    bool differs = false;
    constexpr int times = 400;
    double spread = 0;
    for (int k = 0; k < times; ++k) {
      const random_source random{.seed = 11, .stream = static_cast<std::uint64_t>(k)};
      const std::vector<float> y = numbers_of(c, message_of(c, x, {random, 0}), x.size());
      differs = differs || (k > 0 && y != last);
      for (std::size_t i = 0; i < x.size(); ++i) sum[i] += static_cast<double>(y[i]);
      for (std::size_t i = 0; i < x.size(); ++i) {
        spread = std::max(spread, static_cast<double>(std::abs(y[i] - x[i])));
      }
      last = y;
    }
    CHECK(differs);
    // Greatest error of a mean: five standard deviations of a step's, or what saturates.
    double most = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      most = std::max(most, std::abs(sum[i] / times - static_cast<double>(x[i])));
    }
    if (std::string(row.name) != "fbgemm_mx4" && std::string(row.name) != "fbgemm_fp8") {
      CHECK(most < 5 * spread / 2 / 20);
    }
  }
}

TEST_CASE("COL-4: rotated groups, and what is left of a short row") {
  const std::vector<float> x = numbers(256 + 40);
  const wire_codec plain = with_row(wire_codecs::fp32, 64);
  const wire_codec c = with_hadamard(plain, 32, 9);
  const std::vector<float> y = numbers_of(plain, message_of(c, x), x.size());
  const hadamard_transform t = rotation_of(c);
  CHECK(t.minus == random_signs({.seed = 9}, 32));
  std::vector<float32> expected = support::reals<float32>(x);
  for (std::size_t j = 0; j < 288; j += 32) hadamard(t, expected.data() + j);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(y[i] == static_cast<float>(expected[i]));
  CHECK(std::equal(x.begin() + 288, x.end(), y.begin() + 288));
  CHECK(y[0] != x[0]);
  CHECK(distance(numbers_of(c, message_of(c, x), x.size()), x) < 1e-6f);
}

TEST_CASE("COL-5: registered codecs") {
  check_rows(all_wire_codecs, [](const char* name) { return find_wire_codec(name); });
  for (const named_wire_codec& row : all_wire_codecs) {
    INFO(std::string(row.name));
    CHECK(check(row.value) == wire_codec_error::none);
    CHECK(row.value.id > 0);
    CHECK(row.value.id < 0x8000);
    CHECK(find_wire_codec(row.value.id) == &row);
  }
  CHECK(find_wire_codec(std::uint16_t{0}) == nullptr);
  const auto bits = [](const wire_codec& c) {
    return 8.0 * static_cast<double>(encoded_size(c, 4096)) / 4096.0;
  };
  CHECK(bits(wire_codecs::mxfp6_e2m3) == 6.25);
  CHECK(bits(wire_codecs::nvfp4) == 4.625);
  CHECK(bits(wire_codecs::int4) == 4.25);
  CHECK(bits(wire_codecs::fbgemm_int8) == 10);
  CHECK(bits(wire_codecs::fbgemm_mx4) == 4.25);
}
