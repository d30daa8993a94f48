// SPDX-License-Identifier: Apache-2.0
/// \file
/// How the operands of GPU matrix instructions stand in words: registers of lanes as the PTX ISA
/// has the fragments of mma.sync, shared memory without swizzling for wgmma and tcgen05.
#ifndef LOWP_FUZZ_GPU_LAYOUTS_HPP
#define LOWP_FUZZ_GPU_LAYOUTS_HPP

#include <cstddef>
#include <cstdint>

#include "device.hpp"

namespace lowp::tool {

/// An element: `bits` of a word from `shift` on.
struct gpu_place {
  std::size_t word;
  unsigned shift;
};

/// The tile of one instruction; k, rows and columns in elements.
struct gpu_tile {
  gpu_kind kind;
  unsigned k;
  unsigned bits;    ///< of an element of a and b
  unsigned d_bits;  ///< of c and d, 16 or 32

  unsigned rows() const { return kind == gpu_kind::mma ? 16 : kind == gpu_kind::wgmma ? 64 : 128; }
  unsigned columns() const { return kind == gpu_kind::tcgen05 ? 16 : 8; }
  std::size_t words_in() const;
  std::size_t words_out() const;
  gpu_place a(unsigned row, unsigned i) const;
  gpu_place b(unsigned column, unsigned i) const;
  gpu_place c(unsigned row, unsigned column) const;  ///< among the inputs
  gpu_place d(unsigned row, unsigned column) const;  ///< among the outputs

  /// Cases are put one into each column; this is their row in a tile.
  unsigned row_of(std::size_t tile, unsigned column) const {
    return static_cast<unsigned>((tile + (kind == gpu_kind::mma ? 1 : 9) * column) % rows());
  }

 private:
  std::size_t lane_words() const;  ///< mma.sync: of a, b and c
  std::size_t b_words() const { return std::size_t{k} * bits / 128; }
  gpu_place accumulator(unsigned row, unsigned column) const;
  gpu_place shared(std::size_t first, unsigned lines, unsigned line, unsigned i) const;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_GPU_LAYOUTS_HPP
