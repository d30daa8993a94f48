// SPDX-License-Identifier: Apache-2.0
/// \file
/// CRC-32C at the speed of memory: the declaration. The definition is in
/// simd/implementation_crc32c.hpp, which one unit of a program includes; Meson offers it in the
/// dependency `lowp_simd`. spec/collectives.md COL-10.
#ifndef LOWP_SIMD_CRC32C_HPP
#define LOWP_SIMD_CRC32C_HPP

#include <cstddef>
#include <cstdint>

namespace lowp::simd {

/// The same as `lowp::crc32c`, by instructions of x86 (SSE4.2) and Arm where the processor has
/// them. A `checksum_function` of messages.
std::uint32_t crc32c(const std::byte* bytes, std::uint64_t n, std::uint32_t so_far = 0) noexcept;

}  // namespace lowp::simd

#endif  // LOWP_SIMD_CRC32C_HPP
