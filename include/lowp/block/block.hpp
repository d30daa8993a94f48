// SPDX-License-Identifier: Apache-2.0
/// \file
/// What most users need of block formats: formats, recipes, layouts, matrices quantised and read,
/// dot products. At speed: simd/quantise.hpp, simd/dequantise.hpp, simd/block_dot.hpp. Apart:
/// requantise_matrix.hpp, block_statistics.hpp, hadamard.hpp, the types of ggml in ggml/.
#ifndef LOWP_BLOCK_BLOCK_HPP
#define LOWP_BLOCK_BLOCK_HPP

#include "block_dot.hpp"
#include "block_formats.hpp"
#include "block_recipes.hpp"
#include "layout/block_layouts.hpp"
#include "layout/convert_layout.hpp"
#include "quantise_matrix.hpp"

#endif  // LOWP_BLOCK_BLOCK_HPP
