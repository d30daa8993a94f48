// SPDX-License-Identifier: Apache-2.0
#include "layouts.hpp"

namespace lowp::tool {

std::size_t gpu_tile::lane_words() const { return 3 * b_words() + d_bits / 8; }

std::size_t gpu_tile::words_in() const {
  switch (kind) {
    case gpu_kind::mma: return 32 * lane_words();
    case gpu_kind::wgmma: return (64 + 8) * 8 + 128 * (d_bits / 8);
    default: return (128 + 16) * 8 + 128 * 16;
  }
}

std::size_t gpu_tile::words_out() const {
  switch (kind) {
    case gpu_kind::mma: return 32 * (d_bits / 8);
    case gpu_kind::wgmma: return 128 * (d_bits / 8);
    default: return 128 * 16;
  }
}

// Lines of 32 bytes in cores of 8 lines by 16 bytes; first all cores of the first 16 bytes.
gpu_place gpu_tile::shared(std::size_t first, unsigned lines, unsigned line, unsigned i) const {
  const unsigned bit = i * bits;
  const unsigned byte = bit / 8;
  const std::size_t at = byte / 16 * 16 * lines + line * 16 + byte % 16;
  return {first + at / 4, static_cast<unsigned>(at % 4 * 8 + bit % 8)};
}

// Of mma.sync. A lane holds 32 bits of a line, four lanes 128; rows below the eighth have registers
// of their own between these.
gpu_place gpu_tile::a(unsigned row, unsigned i) const {
  if (kind == gpu_kind::wgmma) return shared(0, 64, row, i);
  if (kind == gpu_kind::tcgen05) return shared(0, 128, row, i);
  const unsigned bit = i * bits;
  const std::size_t lane = row % 8 * 4 + bit / 32 % 4;
  return {lane * lane_words() + row / 8 + bit / 128 * 2, bit % 32};
}

gpu_place gpu_tile::b(unsigned column, unsigned i) const {
  if (kind == gpu_kind::wgmma) return shared(512, 8, column, i);
  if (kind == gpu_kind::tcgen05) return shared(1024, 16, column, i);
  const unsigned bit = i * bits;
  const std::size_t lane = column * 4 + bit / 32 % 4;
  return {lane * lane_words() + 2 * b_words() + bit / 128, bit % 32};
}

// Lane and register of an accumulator as {lane x 4 + register}: two neighbours of a row in a lane;
// the eight rows below in the next registers, the 16 below in the next warp.
gpu_place gpu_tile::accumulator(unsigned row, unsigned column) const {
  const std::size_t lane = row / 16 * 32 + row % 8 * 4 + column / 2;
  const unsigned below = row % 16 / 8;
  if (d_bits == 16) return {lane * 4 + below, column % 2 * 16};
  return {lane * 4 + 2 * below + column % 2, 0};
}

gpu_place gpu_tile::c(unsigned row, unsigned column) const {
  const gpu_place p = accumulator(row, column);
  switch (kind) {
    case gpu_kind::mma: return {p.word / 4 * lane_words() + 3 * b_words() + p.word % 4, p.shift};
    case gpu_kind::wgmma: return {576 + p.word / 4 * (d_bits / 8) + p.word % 4, p.shift};
    default: return {1152 + row * 16 + column, 0};
  }
}

gpu_place gpu_tile::d(unsigned row, unsigned column) const {
  if (kind == gpu_kind::tcgen05) return {row * 16 + column, 0};
  const gpu_place p = accumulator(row, column);
  return {p.word / 4 * (d_bits / 8) + p.word % 4, p.shift};
}

}  // namespace lowp::tool
