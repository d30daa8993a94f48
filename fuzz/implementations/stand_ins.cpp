// SPDX-License-Identifier: Apache-2.0
// For `lowp verify --self-test`: tiles multiplied in software, as the golden model has each
// element, so that what brings dot products into tiles and back is tried on every machine.
#include <array>

#include "../implementation.hpp"
#include "tile_batch.hpp"

namespace lowp::tool {

namespace {

constexpr std::size_t side = 16;

// Codes of `Bytes` in dwords that are apart.
template <std::size_t Bytes>
void gather(const void* tile, std::size_t first, std::size_t stride, std::size_t dwords,
            code_t* out) {
  for (std::size_t k = 0; k < dwords; ++k) {
    const auto dword = detail::load<std::uint32_t>(tile, first + k * stride);
    for (std::size_t i = 0; i < 4 / Bytes; ++i) {
      *out++ = dword >> (8 * Bytes * i) & lowp::detail::low_mask(8 * static_cast<int>(Bytes));
    }
  }
}

constexpr char bf16_name[] = "amx_bf16.tdpbf16ps";
constexpr char int8_name[] = "amx_int8.tdpbsud";

template <const char* Name, std::size_t Bytes>
void multiply(const void* a, const void* b, void* c) {
  constexpr std::size_t dwords = 16;
  constexpr std::size_t codes = dwords * 4 / Bytes;
  static const dot_engine engine{named_dot(Name)};
  std::array<code_t, 2 * codes + 1> operands;
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      gather<Bytes>(a, row * dwords, 1, dwords, operands.data());
      gather<Bytes>(b, column, side, dwords, operands.data() + codes);
      operands.back() = detail::load<std::uint32_t>(c, row * side + column);
      detail::store(c, row * side + column, static_cast<std::uint32_t>(engine(operands.data())));
    }
  }
}

}  // namespace

void add_stand_ins(catalogue& c) {
  constexpr std::uint64_t some = 4096;
  c.rows.push_back({"self-test",
                    "tiles of bfloat16 in software",
                    named_dot(bf16_name),
                    tile_batch<multiply<bf16_name, 2>, 64>,
                    {},
                    some});
  c.rows.push_back({"self-test",
                    "tiles of bytes in software",
                    named_dot(int8_name),
                    tile_batch<multiply<int8_name, 1>, 64>,
                    {},
                    some});
}

}  // namespace lowp::tool
