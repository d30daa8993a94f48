// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI at speed: what the front doors of lowp/simd do, for arguments that were checked. Same
/// bits as the definitions, which run where the build has no Highway, and for what only they do.
#ifndef LOWP_SRC_LOWP_C_SIMD_HPP
#define LOWP_SRC_LOWP_C_SIMD_HPP

#include <bit>
#include <cstddef>
#include <cstdint>

#include <lowp/block/quantise_matrix.hpp>
#include <lowp/hardware/gemm/code_matrix.hpp>
#include <lowp/hardware/mma/mma_model.hpp>

#include "lowp_c.hpp"

namespace lowp::c {

/// Whether the functions below exist. Arrays of C are in this machine's order of bytes, front doors
/// want the lowest first.
#ifdef LOWP_C_SIMD
inline constexpr bool has_simd = std::endian::native == std::endian::little;
#else
inline constexpr bool has_simd = false;
#endif

namespace simd {

/// n codes in containers, of which the first has the random bits of element `first`.
int convert(const call& c, const array_conversion& how, bytes in, std::byte* out, std::size_t n,
            std::uint64_t first) noexcept;

/// `outer_amax`: null or given.
int quantise(const call& c, const block_quantisation& q, const number_matrix<const float>& in,
             const float* outer_amax, float* outer, block_buffers out) noexcept;
int dequantise(const call& c, const block_matrix& m, const_block_buffers in, const float* outer,
               const number_matrix<float>& out) noexcept;

/// One matrix product in a unit; matrices without data are not there.
struct product {
  code_matrix a, b, c, scale_a, scale_b;
  code_matrix_out d;
};
int multiply(const call& c, const mma_model& unit, const product& x) noexcept;

}  // namespace simd

}  // namespace lowp::c

#endif  // LOWP_SRC_LOWP_C_SIMD_HPP
