// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of published layouts of block-quantised matrices. A new one is one row.
#ifndef LOWP_BLOCK_LAYOUT_BLOCK_LAYOUTS_HPP
#define LOWP_BLOCK_LAYOUT_BLOCK_LAYOUTS_HPP

#include <cstddef>
#include <cstdint>

#include "../../detail/find_row.hpp"
#include "../../formats.hpp"
#include "../../pack/packings.hpp"
#include "block_layout.hpp"
#include "scale_layouts.hpp"

namespace lowp {

/// A layout that somebody uses. Where it serves several formats of elements it names one of them;
/// `l.elements` takes any other of the same packing.
struct named_block_layout {
  const char* name;
  block_layout value;
  const char* used_by;
  const char* source;

  /// A row stands for its layout.
  LOWP_FN operator block_layout() const noexcept { return value; }
};

namespace detail {

/// Rows of elements and rows of scales in buffers of their own, blocks of 1 x n.
LOWP_FN block_layout rows_apart(std::uint32_t n, array_layout elements, scale_layout scales,
                                std::uint32_t column_multiple = 1) noexcept {
  return {1, n, elements, matrix_orders::row_major(column_multiple), scales};
}

/// Records of `blocks` blocks of 1 x n, row after row.
LOWP_FN block_layout records(std::uint32_t n, std::uint32_t blocks, array_layout elements,
                             std::uint8_t scale_bytes, scale_position position) noexcept {
  return {1,
          n,
          elements,
          matrix_orders::row_major(n * blocks),
          {matrix_orders::row_major(blocks), scale_bytes},
          position,
          n * blocks};
}

inline constexpr format e2m1 = formats::e2m1, e2m3 = formats::e2m3, e4m3 = formats::e4m3fn;
inline constexpr array_layout split_e2m1{e2m1, packings::split_32};
inline constexpr array_layout dense_e2m3{e2m3, packings::dense(e2m3)};
inline constexpr scale_position before = scale_position::before, after = scale_position::after;
inline constexpr matrix_order faces = matrix_orders::faces_of_16x16;

}  // namespace detail

// One layout a row, kept by hand.
// clang-format off
/// The published layouts. spec/layouts.md LAY-7.
inline constexpr named_block_layout all_block_layouts[] = {
    {"mxfp8", detail::rows_apart(32, detail::e4m3, scale_layouts::row_major), "torchao, AMD, ONNX: rows of codes, rows of scales", "torchao 36027d8, prototype/mx_formats/mx_tensor.py; ONNX"},
    {"mxfp8_128x4", detail::rows_apart(32, detail::e4m3, scale_layouts::tile_128x4), "cuBLAS, cuDNN, Transformer Engine, torchao before a product", "CUTLASS 7107b05, scale-factor atom; torchao 36027d8, prototype/mx_formats/utils.py"},
    {"mxfp8_columns", {32, 1, detail::e4m3, matrix_orders::row_major(), scale_layouts::padded_4x128}, "Transformer Engine MXFP8, blocks in columns, before the swizzle", "Transformer Engine common/recipe/mxfp8_scaling.cu"},
    {"mxfp6_bytes", detail::rows_apart(32, detail::e2m3, scale_layouts::row_major), "torchao FP6, CUDA storage types", "torchao 36027d8, prototype/mx_formats/mx_tensor.py; CUDA 13.0, cuda_fp6.hpp"},
    {"mxfp6_dense", detail::rows_apart(32, detail::dense_e2m3, scale_layouts::tile_128x4, 4), "CUTLASS in global memory", "CUTLASS 7107b05, TMA U6; order of bits not verified"},
    {"mxfp6_b6x16", detail::rows_apart(32, {detail::e2m3, packings::b6x16_p32}, scale_layouts::tile_128x4, 16), "CUTLASS in shared memory", "CUTLASS 7107b05, 16U6_ALIGN16B"},
    {"mxfp6_b6x32", detail::rows_apart(32, {detail::e2m3, packings::b6x32_p64}, scale_layouts::row_major, 32), "Triton for AMD", "Triton pull request 7756"},
    {"mxfp4", detail::rows_apart(32, detail::e2m1, scale_layouts::row_major, 2), "torchao, Model-Optimizer, DeepGEMM", "torchao 36027d8, prototype/mx_formats/mx_tensor.py; Model-Optimizer a2fbac7, qtensor/mxfp4_tensor.py"},
    {"mxfp4_128x4", detail::rows_apart(32, detail::e2m1, scale_layouts::tile_128x4, 2), "cuBLAS, CUTLASS", "CUTLASS 7107b05, scale-factor atom"},
    {"mxfp4_gfx950", detail::rows_apart(32, detail::e2m1, scale_layouts::gfx950_32x8, 2), "aiter on gfx950", "aiter, aiter/ops/shuffle.py"},
    {"mxfp4_words", detail::rows_apart(32, detail::e2m1, scale_layouts::words_of_4_columns, 2), "DeepGEMM on SM100, FP4 with a scale for 32", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"nvfp4", detail::rows_apart(16, detail::e2m1, scale_layouts::row_major, 2), "torchao, Model-Optimizer", "torchao 36027d8, prototype/mx_formats/nvfp4_tensor.py; Model-Optimizer a2fbac7, qtensor/nvfp4_tensor.py"},
    {"nvfp4_128x4", detail::rows_apart(16, detail::e2m1, scale_layouts::tile_128x4, 2), "cuBLAS, Transformer Engine, CUTLASS, torchao before a product", "Transformer Engine d0067d0; CUTLASS 7107b05; torchao 36027d8, prototype/mx_formats/utils.py"},
    {"fp8_1x128", detail::rows_apart(128, detail::e4m3, {matrix_orders::row_major(), 4}), "DeepSeek-V3", "DeepSeek-V3 9b4e978, inference/kernel.py"},
    {"fp8_1x128_columns", detail::rows_apart(128, detail::e4m3, scale_layouts::column_major_float_4), "Transformer Engine for GEMM, DeepGEMM on SM90", "Transformer Engine d0067d0; DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"fp8_1x128_words", detail::rows_apart(128, detail::e4m3, scale_layouts::words_of_4_columns), "DeepGEMM on SM100, UE8M0 scales", "DeepGEMM 54e2261, deep_gemm/utils/math.py"},
    {"fp8_128x128", {128, 128, detail::e4m3, matrix_orders::row_major(), scale_layouts::row_major_float_4}, "Transformer Engine weights", "Transformer Engine d0067d0"},
    {"ggml_mxfp4", detail::records(32, 1, detail::split_e2m1, 1, detail::before), "ggml MXFP4: E8M0, 16 bytes of codes", "ggml d99724f, src/ggml-common.h, block_mxfp4"},
    {"ggml_nvfp4", detail::records(16, 4, {detail::e2m1, packings::split_16}, 1, detail::before), "ggml NVFP4: 4 UE4M3, 32 bytes of codes", "ggml d99724f, src/ggml-common.h, block_nvfp4"},
    {"ggml_q4_0", detail::records(32, 1, {integer_format(4, false), packings::split_32}, 2, detail::before), "ggml Q4_0, IQ4_NL: binary16, 16 bytes of codes", "ggml d99724f, src/ggml-common.h, block_q4_0"},
    {"ggml_q4_1", detail::records(32, 1, {integer_format(4, false), packings::split_32}, 4, detail::before), "ggml Q4_1: two binary16 (scale, minimum), 16 bytes of codes", "ggml d99724f, src/ggml-common.h, block_q4_1"},
    {"ggml_q8_0", detail::records(32, 1, integer_format(8, true), 2, detail::before), "ggml Q8_0: binary16, 32 int8", "ggml d99724f, src/ggml-common.h, block_q8_0"},
    {"ggml_tq2_0", detail::records(256, 1, {integer_format(2, false), packings::split_128}, 2, detail::after), "ggml TQ2_0: 64 bytes of codes, binary16", "ggml d99724f, src/ggml-common.h, block_tq2_0"},
    {"fbgemm_mx4", detail::records(32, 1, detail::e2m1, 1, detail::after), "FBGEMM MX4 (Triton, CPU): 16 bytes of codes, exponent; rows padded to blocks", "FBGEMM 71d6f8b, fbgemm_gpu/triton/quantize.py"},
    {"llama_mxfp8", detail::records(32, 8, detail::e4m3, 1, detail::after), "llama.cpp proposal: 256 codes, 8 E8M0", "llama.cpp pull request 26157"},
    {"tt_metal_mxfp8", {1, 32, detail::e4m3, matrix_orders::row_major(), scale_layouts::row_major, detail::before, 0, 16}, "tt-metal: all scales, then all elements, each padded to 16 bytes", "tt-metal; order of elements within a part not verified"},
    {"tt_metal_bfp8_b", {1, 16, integer_format(8, false), detail::faces, scale_layouts::rows_of_faces, detail::before, 1024}, "tt-metal BFP8_B: tiles of 64 exponents, 1024 elements", "tt-metal constants.hpp, pack_as_bfp_tiles"},
    {"tosa_mxfp8", {1, 32, detail::e4m3, matrix_orders::row_major(), scale_layouts::row_major, detail::after}, "TOSA: values of the tensor, then scales", "TOSA cd5acdd"},
};
// clang-format on

/// Number of registered layouts of matrices.
inline constexpr std::size_t block_layout_count =
    sizeof(all_block_layouts) / sizeof(all_block_layouts[0]);

/// The registered layout of a name; null if there is none.
LOWP_FN const named_block_layout* find_block_layout(const char* name) noexcept {
  return detail::find_row(all_block_layouts, name);
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_BLOCK_LAYOUTS_HPP
