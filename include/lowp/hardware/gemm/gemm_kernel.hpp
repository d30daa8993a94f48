// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a kernel for products of matrices is: it packs rows of A and columns of B and runs
/// instructions on a tile of accumulators. The driver (gemm_driver.hpp) does the rest: slices,
/// promotion, threads, special values. Add a kernel: gemm_kernels-inl.hpp.
#ifndef LOWP_HARDWARE_GEMM_GEMM_KERNEL_HPP
#define LOWP_HARDWARE_GEMM_GEMM_KERNEL_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "code_matrix.hpp"
#include "gemm_aligned_plan.hpp"
#include "gemm_rule.hpp"

namespace lowp::simd {

/// Rows of A or columns of B as vectors along K, which go on with +0 (scales: 1) behind their end.
struct gemm_source {
  const mma_model* model = nullptr;
  bool is_b = false;
  code_matrix codes{};                 ///< vectors are its rows
  code_matrix scales{};                ///< one row each, if the model has scales
  const mma_operand* table = nullptr;  ///< by code, or null: read each
  code_t one = 0;                      ///< code of the scale 1

  /// The code at place k of vector v.
  LOWP_UNIT code_t code(std::size_t v, std::size_t k) const noexcept {
    if (v >= codes.rows || k >= codes.columns) return 0;
    const std::byte* p = codes.data + codes.place(v, k);
    switch (codes.bytes) {
      case 1: return static_cast<code_t>(*p);
      case 2: return load<std::uint16_t>(p);
      case 4: return load<std::uint32_t>(p);
      default: return load<std::uint64_t>(p);
    }
  }
  LOWP_UNIT mma_operand operand(std::size_t v, std::size_t k) const noexcept {
    const format f = is_b ? model->b : model->a;
    const code_t c = code(v, k) & detail::low_mask(stored_width(*model, f));
    if (table != nullptr) return table[c];
    return is_b ? read_b(*model, c) : read_a(*model, c);
  }
  LOWP_UNIT mma_operand scale(std::size_t v, std::size_t block) const noexcept {
    const bool inside = v < scales.rows && block < scales.columns;
    const code_t c = inside ? scales.code(v, block) : one;
    return read_scale(*model, c & detail::low_mask(model->scale.width));
  }

 private:
  template <class Word>
  LOWP_UNIT static code_t load(const std::byte* p) noexcept {
    Word w;
    std::memcpy(&w, p, sizeof w);
    return w;
  }
};

/// What an accumulator is in memory.
enum class gemm_store : std::uint8_t {
  binary32,  ///< the value of d; NaN: the definition will do the element
  binary64,  ///< the same, for d of more than 24 bits or 8 exponent bits
  code,      ///< the code of d in 32 bits: integers
};

/// Instructions first, first + step, ... below last on a tile.
struct gemm_tile {
  const mma_model* model = nullptr;  ///< c is d: accumulators are of format d
  std::int32_t exponent = 0;         ///< that all products get
  const std::byte* a = nullptr;      ///< a packed group of rows, 64-byte aligned
  const std::byte* b = nullptr;      ///< a packed panel of columns, 64-byte aligned
  std::uint64_t first = 0, last = 0, step = 1;
  const aligned_plan* plan = nullptr;  ///< the kernel's
  void* accumulators = nullptr;        ///< kernel's rows x columns, row by row, 64-byte aligned
  unsigned char* redo = nullptr;       ///< the same: set where the kernel did not do it
};

/// Packs vectors first ... first + count - 1 (count: rows or columns of the kernel) over whole
/// instructions to `out`; sets special[i] where vector i holds a value that the kernel does not
/// take: its elements of D are done by the definition.
using gemm_pack = void (*)(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                           std::byte* out, unsigned char* special);

/// A kernel, chosen for one model. Accumulators that hold an infinity of a step before must stay
/// infinite, or become NaN, or `redo` must be set.
struct gemm_kernel {
  int rows = 0, columns = 0;  ///< of a tile; at most `most_tile` elements
  gemm_store store = gemm_store::binary32;
  std::size_t bytes_a = 0, bytes_b = 0;  ///< of a packed instruction, multiples of 64
  gemm_pack pack_a = nullptr, pack_b = nullptr;
  void (*tile)(const gemm_tile&) = nullptr;
  aligned_plan plan{};  ///< of aligned sums
};

inline constexpr int most_tile = 1024;

/// A `gemm_pack` of `Count` vectors by `Pack(Count, ...)`.
template <auto Pack, int Count>
LOWP_UNIT void pack_count(const gemm_source& from, std::size_t first, std::uint64_t instructions,
                          std::byte* out, unsigned char* special) {
  Pack(Count, from, first, instructions, out, special);
}
/// A kernel of binary32 accumulators for vectors that `Pack` packs.
template <auto Pack, int Rows, int Columns>
LOWP_UNIT gemm_kernel kernel_of_vectors(std::size_t bytes_a, std::size_t bytes_b,
                                        void (*tile)(const gemm_tile&),
                                        const aligned_plan& plan) noexcept {
  return {Rows,
          Columns,
          gemm_store::binary32,
          bytes_a,
          bytes_b,
          pack_count<Pack, Rows>,
          pack_count<Pack, Columns>,
          tile,
          plan};
}

/// The kernel for a model whose sums are not aligned, in the unit of
/// implementation_gemm_rounded.hpp. False: there is none.
bool find_rounded_kernel(const mma_model& m, gemm_kernel& k);

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_KERNEL_HPP
