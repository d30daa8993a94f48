// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products, instructions and blocks of lowp_dpi.h are those of lowp.h, for every row.
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <doctest/doctest.h>

#include "dpi_checks.hpp"

using namespace lowp_dpi_checks;

TEST_CASE("GLD-22 dot products of every matrix unit are those of lowp_mma") {
  source random;
  for (std::size_t model = 0; model < count(LOWP_MMA_MODELS); ++model) {
    const char* const name = text(LOWP_MMA_MODELS, model);
    CAPTURE(name);
    lowp_mma_properties is;
    REQUIRE(lowp_mma_at(model, &is) == LOWP_OK);
    for (const int k : {1, 3, static_cast<int>(is.k), static_cast<int>(is.k) + 2}) {
      const words a = random.vector(LOWP_DPI_WORDS), b = random.vector(LOWP_DPI_WORDS);
      const words sa = random.vector(LOWP_DPI_SCALE_WORDS),
                  sb = random.vector(LOWP_DPI_SCALE_WORDS);
      std::uint64_t c = random();
      std::vector<std::uint8_t> A, B, C, SA, SB;
      for (std::size_t i = 0; i < static_cast<std::size_t>(k); ++i) {
        to_array(A, is.a, from_vector(a, is.a, i));
        to_array(B, is.b, from_vector(b, is.b, i));
        if (is.scale_block == 0 || i % is.scale_block != 0) continue;
        to_array(SA, is.scale, from_vector(sa, is.scale, i / is.scale_block));
        to_array(SB, is.scale, from_vector(sb, is.scale, i / is.scale_block));
      }
      to_array(C, is.c, c);
      std::uint8_t d[8] = {};
      const bool scaled = is.scale_block != 0;
      REQUIRE(lowp_mma(model, 1, 1, 1, static_cast<std::uint64_t>(k), A.data(), B.data(), C.data(),
                       scaled ? SA.data() : nullptr, scaled ? SB.data() : nullptr, d) == LOWP_OK);
      CHECK(lowp_dpi_dot(static_cast<int>(model), k, a.data(), b.data(), c, sa.data(), sb.data()) ==
            from_array(d, is.d));
    }
  }
  const words zeros(LOWP_DPI_WORDS);
  const int unit = lowp_dpi_find(LOWP_MMA_MODELS, "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3");
  const auto dot = [&](int model, int k) {
    return lowp_dpi_dot(model, k, zeros.data(), zeros.data(), 0, zeros.data(), zeros.data());
  };
  CHECK(dot(unit, 1024) == 0);
  CHECK(dot(unit, 1025) == refused);
  CHECK(says("a holds 1024 codes of 8 bits, 1025 are needed"));
  CHECK(dot(unit, 0) == refused);
  CHECK(dot(-1, 1) == refused);
  CHECK(says("model is "));
}

TEST_CASE("GLD-22 instructions are those of the C ABI, in every length") {
  source random;
  for (std::size_t row = 0; row < count(LOWP_INSTRUCTIONS); ++row) {
    const char* const name = text(LOWP_INSTRUCTIONS, row);
    CAPTURE(name);
    for (const std::uint8_t length : std::initializer_list<std::uint8_t>{1, 2, 4, 16}) {
      words state(LOWP_DPI_STATE_WORDS);
      REQUIRE(lowp_dpi_default_state(state.data()) == LOWP_OK);
      lowp_instruction_state s;
      REQUIRE(lowp_default_state(&s) == LOWP_OK);
      s.length = length;
      s.scale = static_cast<std::uint32_t>(random());
      s.random = static_cast<std::uint32_t>(random());
      state[4] = s.scale;
      state[5] = s.random;
      state[7] = (state[7] & ~0xffU) | length;
      lowp_instruction_properties is;
      const words in = random.vector(LOWP_DPI_WORDS), old = random.vector(LOWP_DPI_WORDS);
      words out(LOWP_DPI_WORDS);
      const int status = lowp_dpi_run_instruction(static_cast<int>(row), state.data(), in.data(),
                                                  old.data(), out.data());
      if (lowp_instruction_at(row, &s, &is) != LOWP_OK) {
        CHECK(status == LOWP_OUT_OF_RANGE);
        CHECK(out == words(LOWP_DPI_WORDS, 0xffffffff));
        continue;
      }
      std::vector<std::uint8_t> sources, result;
      const lowp_format byte = {0, 8, 0, 0, 0, 0, 0, 0, 0, {}, 0};
      for (std::size_t i = 0; i < is.source_registers * is.source_bytes; ++i) {
        to_array(sources, byte, from_vector(in, byte, i));
      }
      for (std::size_t i = 0; i < is.result_bytes; ++i)
        to_array(result, byte, from_vector(old, byte, i));
      REQUIRE(lowp_run_instruction(row, sources.data(), sources.size(), result.data(),
                                   result.size(), 1, &s, 1) == LOWP_OK);
      CHECK(status == LOWP_OK);
      for (std::size_t i = 0; i < 4 * LOWP_DPI_WORDS; ++i) {
        const std::uint64_t want = i < is.result_bytes ? result[i] : from_vector(old, byte, i);
        if (from_vector(out, byte, i) != want) CHECK_MESSAGE(from_vector(out, byte, i) == want, i);
      }
    }
  }
}

namespace {

/// A block as the C ABI quantises it, in the default layout.
struct block {
  std::size_t row;
  lowp_block_properties is = {};
  std::vector<std::uint8_t> data, scales;
  std::size_t outers = 0;
  std::uint32_t outer = 0;
  int status = 0;

  block(std::size_t format, std::size_t recipe, std::uint64_t seeded, const words& numbers,
        std::uint32_t amax)
      : row(format) {
    REQUIRE(lowp_block_format_at(row, &is) == LOWP_OK);
    std::size_t data_bytes = 0, scale_bytes = 0;
    REQUIRE(lowp_block_sizes(row, LOWP_DEFAULT, is.rows, is.columns, &data_bytes, &scale_bytes,
                             &outers) == LOWP_OK);
    data.resize(data_bytes);
    scales.resize(scale_bytes);
    if (count_of_numbers() > numbers.size()) return;
    lowp_random random = {};
    random.seed = seeded;
    status = lowp_quantise(row, recipe, LOWP_DEFAULT, is.rows, is.columns, numbers.data(),
                           data.data(), data_bytes, scales.data(), scale_bytes,
                           outers != 0 ? &outer : nullptr, outers != 0 ? &amax : nullptr, &random);
  }
  std::size_t count_of_numbers() const { return std::size_t{is.rows} * is.columns; }
  /// Element i: one has a byte of its own, or all stand without gaps.
  std::uint64_t code(std::size_t i) const {
    if (data.size() == count_of_numbers()) return data[i] & mask_of(is.element);
    std::uint64_t out = 0;
    for (std::size_t j = 0; j < is.element.width; ++j) {
      const std::size_t at = i * is.element.width + j;
      out |= std::uint64_t{data[at / 8] >> at % 8 & 1U} << j;
    }
    return out;
  }
  words numbers() const {
    words out(count_of_numbers());
    REQUIRE(lowp_dequantise(row, LOWP_DEFAULT, is.rows, is.columns, data.data(), data.size(),
                            scales.data(), scales.size(), outers != 0 ? &outer : nullptr,
                            out.data()) == LOWP_OK);
    return out;
  }
};

void compare(const block& b, const words& codes, std::uint64_t scale, std::uint32_t outer) {
  const int format = static_cast<int>(b.row);
  CHECK(outer == b.outer);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK((scale >> 8 * i & 0xff) == (i < b.scales.size() ? b.scales[i] : 0));
  }
  for (std::size_t i = 0; i < 8192U / b.is.element.width; ++i) {
    const std::uint64_t want = i < b.count_of_numbers() ? b.code(i) : 0;
    const std::uint64_t got = from_vector(codes, b.is.element, i);
    if (got != want) CHECK_MESSAGE(got == want, i);
  }
  words back(LOWP_DPI_WORDS);
  REQUIRE(lowp_dpi_dequantise(format, codes.data(), scale, outer, back.data()) == LOWP_OK);
  words want = b.numbers();
  want.resize(LOWP_DPI_WORDS);
  CHECK(back == want);
}

}  // namespace

TEST_CASE("GLD-22 blocks are those of the C ABI under every recipe, codes without gaps") {
  source random;
  int checked = 0, seeds_matter = 0;
  for (std::size_t row = 0; row < count(LOWP_BLOCK_FORMATS); ++row) {
    for (int recipe = -1; recipe < static_cast<int>(count(LOWP_BLOCK_RECIPES)); ++recipe) {
      CAPTURE(text(LOWP_BLOCK_FORMATS, row));
      CAPTURE(recipe);
      words numbers(LOWP_DPI_WORDS), codes(LOWP_DPI_WORDS), other(LOWP_DPI_WORDS);
      for (std::uint32_t& x : numbers) {
        x = static_cast<std::uint32_t>(random() & 0x83ffffff) | 0x3c000000;
      }
      const std::uint32_t amax = 0x41000000;
      const auto index = static_cast<std::size_t>(recipe);  // -1 is LOWP_DEFAULT
      const block b(row, index, 5, numbers, amax);
      std::uint64_t scale = 0;
      std::uint32_t outer = 0;
      const int status = lowp_dpi_quantise(static_cast<int>(row), recipe, 5, numbers.data(), amax,
                                           codes.data(), &scale, &outer);
      if (b.count_of_numbers() > 256) {
        CHECK(status == LOWP_BAD_SIZE);
        CHECK(says("a vector holds 256"));
        continue;
      }
      REQUIRE(status == b.status);
      if (status != LOWP_OK) continue;
      ++checked;
      compare(b, codes, scale, outer);
      REQUIRE(lowp_dpi_quantise(static_cast<int>(row), recipe, 6, numbers.data(), amax,
                                other.data(), &scale, &outer) == LOWP_OK);
      seeds_matter += other != codes;
    }
  }
  CHECK(checked > 100);
  CHECK(seeds_matter > 0);
}
