// SPDX-License-Identifier: Apache-2.0
/// \file
/// DPI-C: matrix units, conversion instructions and blocks. spec/golden.md GLD-22.
#include <cstring>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "lowp_dpi.hpp"

namespace lowp::c {

namespace {

using vector_bits = vector_of_bytes<LOWP_DPI_WORDS>;

/// Codes of a packed vector in an array of the C ABI.
template <int Words>
int read_codes(const call& c, const char* name, const format& f, const std::uint32_t* words, int n,
               std::byte* out) noexcept {
  if (n > 32 * Words / f.width) {
    return refuse(LOWP_BAD_SIZE, "%s: %s holds %d codes of %d bits, %d are needed", c.function,
                  name, 32 * Words / f.width, f.width, n);
  }
  const vector_of_bytes<Words> in(words, (n * f.width + 7) / 8);
  for (int i = 0; i < n; ++i) {
    store(f, out, static_cast<std::size_t>(i),
          read_code(gapless(f), in.at, static_cast<std::uint64_t>(i)));
  }
  return LOWP_OK;
}

int dot(const call& c, int model, int k, const std::uint32_t* a, const std::uint32_t* b,
        std::uint64_t addend, const std::uint32_t* scale_a, const std::uint32_t* scale_b,
        std::uint64_t& out) noexcept {
  LOWP_C_CHECK(c.index("model", row_of(model), all_mma_models.size()));
  if (k < 1) return refuse(LOWP_OUT_OF_RANGE, "%s: k is %d, it must be 1 or more", c.function, k);
  const mma_model& m = all_mma_models[row_of(model)].value;
  const bool stored = m.stored.width != 0, scaled = m.scale_block != 0;
  // A byte of an array for every bit is enough for codes of any width.
  std::byte codes[2][32 * LOWP_DPI_WORDS], scales[2][32 * LOWP_DPI_SCALE_WORDS], added[8], sum[8];
  LOWP_C_CHECK(read_codes<LOWP_DPI_WORDS>(c, "a", stored ? m.stored : m.a, a, k, codes[0]));
  LOWP_C_CHECK(read_codes<LOWP_DPI_WORDS>(c, "b", stored ? m.stored : m.b, b, k, codes[1]));
  if (scaled) {
    const int n = (k + m.scale_block - 1) / m.scale_block;
    LOWP_C_CHECK(read_codes<LOWP_DPI_SCALE_WORDS>(c, "scale_a", m.scale, scale_a, n, scales[0]));
    LOWP_C_CHECK(read_codes<LOWP_DPI_SCALE_WORDS>(c, "scale_b", m.scale, scale_b, n, scales[1]));
  }
  store(m.c, added, 0, addend);
  LOWP_C_CHECK(lowp_mma(row_of(model), 1, 1, 1, static_cast<std::uint64_t>(k), codes[0], codes[1],
                        added, scaled ? scales[0] : nullptr, scaled ? scales[1] : nullptr, sum));
  out = load(m.d, sum, 0);
  return LOWP_OK;
}

/// A block format of which a block fits a vector, and where its codes are in the default layout.
struct block {
  std::size_t format;
  block_format f;
  array_layout elements;
  std::uint64_t row_bytes = 0;
  std::size_t data = 0, scale = 0, outers = 0;

  /// Calls use(i, row, column) for every element.
  template <class Use>
  void each(Use use) const noexcept {
    std::uint64_t i = 0;
    for (std::uint64_t r = 0; r < f.rows; ++r) {
      for (std::uint64_t column = 0; column < f.columns; ++column) use(i++, r, column);
    }
  }
};

int block_of(const call& c, int format, block& out) noexcept {
  LOWP_C_CHECK(c.index("format", row_of(format), block_format_count));
  out.format = row_of(format);
  out.f = all_block_formats[out.format].value;
  if (out.f.rows * out.f.columns > LOWP_DPI_WORDS) {
    return refuse(LOWP_BAD_SIZE, "%s: blocks of \"%s\" have %u x %u numbers, a vector holds %d",
                  c.function, all_block_formats[out.format].name, unsigned{out.f.rows},
                  unsigned{out.f.columns}, LOWP_DPI_WORDS);
  }
  out.elements = block_matrix(out.f).layout.elements;
  out.row_bytes = bytes_of(out.elements, out.f.columns);
  return lowp_block_sizes(out.format, LOWP_DEFAULT, out.f.rows, out.f.columns, &out.data,
                          &out.scale, &out.outers);
}

/// A member of a lowp_instruction_state in its vector, from bit `at` on.
template <class Integer, class Use>
void state_member(Integer& member, int& at, Use use) noexcept {
  use(member, at);
  at += 8 * static_cast<int>(sizeof member);
}
template <class Use>
void state_members(lowp_instruction_state& s, Use use) noexcept {
  int at = 0;
  for (auto* wide : {&s.fpcr, &s.fpmr}) state_member(*wide, at, use);
  for (auto* word : {&s.scale, &s.random, &s.mxcsr}) state_member(*word, at, use);
  for (auto* byte : {&s.length, &s.select, &s.immediate, &s.frm, &s.altfmt, &s.fp16_ovfl}) {
    state_member(*byte, at, use);
  }
  for (std::uint8_t& byte : s.reserved) state_member(byte, at, use);
}
static_assert(sizeof(lowp_instruction_state) == 4 * LOWP_DPI_STATE_WORDS);

}  // namespace

}  // namespace lowp::c

extern "C" {

uint64_t lowp_dpi_dot(int model, int k, const uint32_t a[LOWP_DPI_WORDS],
                      const uint32_t b[LOWP_DPI_WORDS], uint64_t c,
                      const uint32_t scale_a[LOWP_DPI_SCALE_WORDS],
                      const uint32_t scale_b[LOWP_DPI_SCALE_WORDS]) {
  std::uint64_t out = lowp::c::refused;
  lowp::c::dot({"lowp_dpi_dot"}, model, k, a, b, c, scale_a, scale_b, out);
  return out;
}

int lowp_dpi_default_state(uint32_t state[LOWP_DPI_STATE_WORDS]) {
  lowp_instruction_state s;
  LOWP_C_CHECK(lowp_default_state(&s));
  for (int i = 0; i < LOWP_DPI_STATE_WORDS; ++i) state[i] = 0;
  lowp::c::state_members(s, [&](auto member, int at) {
    for (int bit = 0; bit < 8 * static_cast<int>(sizeof member); bit += 8) {
      const auto byte = static_cast<std::uint8_t>(std::uint64_t{member} >> bit);
      state[(at + bit) / 32] |= std::uint32_t{byte} << (at + bit) % 32;
    }
  });
  return LOWP_OK;
}

int lowp_dpi_run_instruction(int instruction, const uint32_t state[LOWP_DPI_STATE_WORDS],
                             const uint32_t sources[LOWP_DPI_WORDS],
                             const uint32_t old[LOWP_DPI_WORDS], uint32_t result[LOWP_DPI_WORDS]) {
  lowp::c::fill(result, LOWP_DPI_WORDS);
  lowp_instruction_state s = {};
  lowp::c::state_members(s, [&]<class Integer>(Integer& member, int at) {
    for (int bit = 0; bit < 8 * static_cast<int>(sizeof member); bit += 8) {
      const std::uint64_t byte = state[(at + bit) / 32] >> (at + bit) % 32 & 0xff;
      member = static_cast<Integer>(member | byte << bit);
    }
  });
  const std::size_t index = lowp::c::row_of(instruction);
  lowp_instruction_properties is;
  LOWP_C_CHECK(lowp_instruction_at(index, &s, &is));
  const std::size_t source_bytes = std::size_t{is.source_registers} * is.source_bytes;
  if (source_bytes > lowp::c::vector_bits::size || is.result_bytes > lowp::c::vector_bits::size) {
    return lowp::c::refuse(LOWP_BAD_SIZE,
                           "lowp_dpi_run_instruction: it reads %zu bytes and writes %u, a vector "
                           "has %d",
                           source_bytes, is.result_bytes, lowp::c::vector_bits::size);
  }
  const lowp::c::vector_bits in(sources);
  lowp::c::vector_bits out(old);
  LOWP_C_CHECK(lowp_run_instruction(index, in.at, source_bytes, out.at, is.result_bytes, 1, &s, 1));
  out.write(result);
  return LOWP_OK;
}

int lowp_dpi_quantise(int format, int recipe, uint64_t seed, const uint32_t numbers[LOWP_DPI_WORDS],
                      uint32_t outer_amax, uint32_t codes[LOWP_DPI_WORDS], uint64_t* scale,
                      uint32_t* outer) {
  lowp::c::fill(codes, LOWP_DPI_WORDS);
  *scale = lowp::c::refused;
  lowp::c::fill(outer, 1);
  lowp::c::block b;
  LOWP_C_CHECK(lowp::c::block_of({"lowp_dpi_quantise"}, format, b));
  const lowp_random random = {nullptr, seed, 0, 0, LOWP_PHILOX4X32_10, {}};
  std::byte data[2 * lowp::c::vector_bits::size], scale_code[8] = {};
  std::uint32_t made = 0;
  LOWP_C_CHECK(lowp_quantise(b.format, recipe == -1 ? LOWP_DEFAULT : lowp::c::row_of(recipe),
                             LOWP_DEFAULT, b.f.rows, b.f.columns, numbers, data, sizeof data,
                             scale_code, sizeof scale_code, b.outers != 0 ? &made : nullptr,
                             b.outers != 0 ? &outer_amax : nullptr, &random));
  lowp::c::vector_bits out;
  b.each([&](std::uint64_t i, std::uint64_t row, std::uint64_t column) {
    write_code(lowp::c::gapless(b.f.element), out.at, i,
               read_code(b.elements, data + row * b.row_bytes, column));
  });
  out.write(codes);
  *scale = 0;
  for (std::size_t i = 0; i < b.scale; ++i) {
    *scale |= std::to_integer<std::uint64_t>(scale_code[i]) << 8 * i;
  }
  *outer = made;
  return LOWP_OK;
}

int lowp_dpi_dequantise(int format, const uint32_t codes[LOWP_DPI_WORDS], uint64_t scale,
                        uint32_t outer, uint32_t numbers[LOWP_DPI_WORDS]) {
  lowp::c::fill(numbers, LOWP_DPI_WORDS);
  lowp::c::block b;
  LOWP_C_CHECK(lowp::c::block_of({"lowp_dpi_dequantise"}, format, b));
  const lowp::c::vector_bits in(codes);
  std::byte data[2 * lowp::c::vector_bits::size] = {}, scale_code[8];
  b.each([&](std::uint64_t i, std::uint64_t row, std::uint64_t column) {
    write_code(b.elements, data + row * b.row_bytes, column,
               read_code(lowp::c::gapless(b.f.element), in.at, i));
  });
  for (std::size_t i = 0; i < b.scale; ++i) scale_code[i] = static_cast<std::byte>(scale >> 8 * i);
  std::uint32_t out[LOWP_DPI_WORDS] = {};
  LOWP_C_CHECK(lowp_dequantise(b.format, LOWP_DEFAULT, b.f.rows, b.f.columns, data, b.data,
                               scale_code, b.scale, b.outers != 0 ? &outer : nullptr, out));
  std::memcpy(numbers, out, sizeof out);
  return LOWP_OK;
}

}  // extern "C"
