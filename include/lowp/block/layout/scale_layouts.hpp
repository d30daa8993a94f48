// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published layouts of scales. A new one is one row.
#ifndef LOWP_BLOCK_LAYOUT_SCALE_LAYOUTS_HPP
#define LOWP_BLOCK_LAYOUT_SCALE_LAYOUTS_HPP

#include <cstddef>

#include "../../detail/find_row.hpp"
#include "matrix_orders.hpp"
#include "scale_layout.hpp"

namespace lowp {

/// A layout of scales that somebody uses.
struct named_scale_layout {
  const char* name;
  scale_layout value;
  const char* used_by;
  const char* source;

  /// A row stands for its layout.
  LOWP_FN operator scale_layout() const noexcept { return value; }
};

/// Layouts by name; each is a row of `all_scale_layouts`.
namespace scale_layouts {

inline constexpr scale_layout row_major{matrix_orders::row_major()};
inline constexpr scale_layout column_major{matrix_orders::column_major()};
inline constexpr scale_layout tile_128x4{matrix_orders::tile_128x4};
/// The tile of the transposed operand: scales of blocks that run down the columns.
inline constexpr scale_layout tile_4x128{transposed(matrix_orders::tile_128x4)};
inline constexpr scale_layout gfx950_32x8{matrix_orders::gfx950_32x8};
inline constexpr scale_layout gfx950_32x8_wide{matrix_orders::gfx950_32x8_wide};
inline constexpr scale_layout gfx1250_32x4{matrix_orders::gfx1250_32x4};
inline constexpr scale_layout words_of_4_columns{matrix_orders::words_of_4_columns};
inline constexpr scale_layout column_major_float_4{matrix_orders::column_major(4), 4};
inline constexpr scale_layout row_major_float_4{matrix_orders::row_major(4), 4};
inline constexpr scale_layout padded_128x4{matrix_orders::row_major(4, 128)};
inline constexpr scale_layout padded_4x128{matrix_orders::row_major(128, 4)};
inline constexpr scale_layout rows_of_faces{matrix_orders::rows_of_faces};

}  // namespace scale_layouts

// One layout a row, kept by hand.
// clang-format off
/// The published layouts of scales. spec/layouts.md LAY-5.
inline constexpr named_scale_layout all_scale_layouts[] = {
    {"row_major", scale_layouts::row_major, "torchao, Triton for AMD, ONNX, TOSA", "torchao 36027d8, prototype/mx_formats/mx_tensor.py; TOSA cd5acdd"},
    {"column_major", scale_layouts::column_major, "scales of a transposed operand, unpadded", "own, for completeness"},
    {"tile_128x4", scale_layouts::tile_128x4, "cuBLAS, cuDNN, CUTLASS, Transformer Engine, torchao, FBGEMM", "CUTLASS 7107b05, atom ((32,4),(VS,4)):((16,4),(0,1)); recorded results of torchao 36027d8"},
    {"tile_4x128", scale_layouts::tile_4x128, "the same for blocks along rows, as the transposed operand's", "the tile of CUTLASS 7107b05, transposed"},
    {"gfx950_32x8", scale_layouts::gfx950_32x8, "aiter shuffle_scale, Triton for CDNA4 with 16x16x128 (AMD gfx950)", "aiter, aiter/ops/shuffle.py"},
    {"gfx950_32x8_wide", scale_layouts::gfx950_32x8_wide, "Triton for CDNA4 with 32x32x64 (AMD gfx950)", "Triton, shuffle_scales_cdna4 of its tests"},
    {"gfx1250_32x4", scale_layouts::gfx1250_32x4, "aiter shuffle_scale_n32k4 (AMD gfx1250)", "aiter ops/shuffle.py"},
    {"words_of_4_columns", scale_layouts::words_of_4_columns, "DeepGEMM on SM100: four UE8M0 per int32, column-major, columns aligned to 16 bytes", "DeepGEMM 54e2261, get_tma_aligned_size, get_mn_major_tma_aligned_packed_ue8m0_tensor"},
    {"column_major_float_4", scale_layouts::column_major_float_4, "Transformer Engine 1x128 for GEMM, (ceil(K/128), round_up(M,4)); DeepGEMM on SM90", "Transformer Engine d0067d0; DeepGEMM 54e2261"},
    {"row_major_float_4", scale_layouts::row_major_float_4, "Transformer Engine 128x128, (ceil(M/128), round_up(ceil(K/128),4))", "Transformer Engine d0067d0"},
    {"padded_128x4", scale_layouts::padded_128x4, "Transformer Engine MXFP8 and NVFP4 before the swizzle, blocks in rows", "Transformer Engine common/recipe/mxfp8_scaling.cu"},
    {"padded_4x128", scale_layouts::padded_4x128, "Transformer Engine MXFP8 before the swizzle, blocks in columns", "Transformer Engine common/recipe/mxfp8_scaling.cu"},
    {"rows_of_faces", scale_layouts::rows_of_faces, "tt-metal BFP8_B, BFP4_B: a shared exponent for each row of a 16x16 face", "tt-metal constants.hpp, pack_as_bfp_tiles: 64 exponents, face after face"},
};
// clang-format on

/// Number of registered layouts of scales.
inline constexpr std::size_t scale_layout_count =
    sizeof(all_scale_layouts) / sizeof(all_scale_layouts[0]);

/// The registered layout of scales of a name; null if there is none.
LOWP_FN const named_scale_layout* find_scale_layout(const char* name) noexcept {
  return detail::find_row(all_scale_layouts, name);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_SCALE_LAYOUTS_HPP
