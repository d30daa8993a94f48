// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products, instructions and blocks of lowp_dpi.h are those of lowp.h, for every row.
#include <cstdint>
#include <cstring>
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

TEST_CASE("GLD-22 blocks are those of the C ABI, codes without gaps") {
  source random;
  std::size_t checked = 0;
  for (std::size_t row = 0; row < count(LOWP_BLOCK_FORMATS); ++row) {
    const char* const name = text(LOWP_BLOCK_FORMATS, row);
    CAPTURE(name);
    lowp_block_properties is;
    REQUIRE(lowp_block_format_at(row, &is) == LOWP_OK);
    words numbers(LOWP_DPI_WORDS), codes(LOWP_DPI_WORDS), back(LOWP_DPI_WORDS);
    for (std::uint32_t& x : numbers)
      x = static_cast<std::uint32_t>(random() & 0x83ffffff) | 0x3c000000;
    std::uint64_t scale = 0;
    std::uint32_t outer = 0;
    const std::uint32_t amax = 0x41000000;
    const int status = lowp_dpi_quantise(static_cast<int>(row), -1, 5, numbers.data(), amax,
                                         codes.data(), &scale, &outer);
    if (is.rows * is.columns > 256) {
      CHECK(status == LOWP_BAD_SIZE);
      CHECK(says("a vector holds 256"));
      continue;
    }
    REQUIRE(status == LOWP_OK);
    ++checked;
    std::size_t data_bytes = 0, scale_bytes = 0, outers = 0;
    REQUIRE(lowp_block_sizes(row, LOWP_DEFAULT, is.rows, is.columns, &data_bytes, &scale_bytes,
                             &outers) == LOWP_OK);
    std::vector<std::uint8_t> data(data_bytes), scales(scale_bytes);
    std::uint32_t P = 0;
    lowp_random seeded = {};
    seeded.seed = 5;
    REQUIRE(lowp_quantise(row, LOWP_DEFAULT, LOWP_DEFAULT, is.rows, is.columns, numbers.data(),
                          data.data(), data_bytes, scales.data(), scale_bytes,
                          outers != 0 ? &P : nullptr, outers != 0 ? &amax : nullptr,
                          &seeded) == LOWP_OK);
    CHECK(outer == P);
    for (std::size_t i = 0; i < 8; ++i)
      CHECK((scale >> 8 * i & 0xff) == (i < scale_bytes ? scales[i] : 0));
    const std::size_t n = is.rows * is.columns;
    const bool own_bytes = data_bytes == n;  // else two or more codes share bytes, without gaps
    for (std::size_t i = 0; i < n; ++i) {
      lowp_format byte = is.element;
      const words all = [&] {
        words w(data_bytes / 4 + 1);
        for (std::size_t j = 0; j < data_bytes; ++j)
          w[j / 4] |= std::uint32_t{data[j]} << 8 * (j % 4);
        return w;
      }();
      const std::uint64_t want = own_bytes ? data[i] & mask_of(byte) : from_vector(all, byte, i);
      if (from_vector(codes, byte, i) != want)
        CHECK_MESSAGE(from_vector(codes, byte, i) == want, i);
    }
    words direct(n);
    REQUIRE(lowp_dpi_dequantise(static_cast<int>(row), codes.data(), scale, outer, back.data()) ==
            LOWP_OK);
    REQUIRE(lowp_dequantise(row, LOWP_DEFAULT, is.rows, is.columns, data.data(), data_bytes,
                            scales.data(), scale_bytes, outers != 0 ? &P : nullptr,
                            direct.data()) == LOWP_OK);
    CHECK(std::memcmp(direct.data(), back.data(), 4 * n) == 0);
  }
  CHECK(checked > 20);
}
