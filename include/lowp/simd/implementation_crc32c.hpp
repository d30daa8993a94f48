// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definition behind crc32c.hpp. One unit of a program includes this header.
/// spec/collectives.md COL-10.
#ifndef LOWP_SIMD_IMPLEMENTATION_CRC32C_HPP
#define LOWP_SIMD_IMPLEMENTATION_CRC32C_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../pack/crc32c.hpp"
#include "crc32c.hpp"

// Compilers for the least processor of the architecture do not know the instruction; assemblers do.
#if defined(__x86_64__)
#define LOWP_CRC_STEP "crc32q {%1, %q0|%q0, %1}"
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#define LOWP_CRC_STEP ".arch_extension crc\n\tcrc32cx %w0, %w0, %x1"
#endif

namespace lowp::simd {

#ifdef LOWP_CRC_STEP

namespace {

bool has_crc_instruction() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") != 0;
#else
  constexpr unsigned long crc32 = 1 << 7;  // HWCAP_CRC32
  return (getauxval(AT_HWCAP) & crc32) != 0;
#endif
}

/// The register eight bytes later.
std::uint32_t crc_step(std::uint32_t x, const std::byte* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  __asm__(LOWP_CRC_STEP : "+r"(x) : "r"(word));
  return x;
}

/// A result takes three cycles and another may begin in each: three streams of so many bytes run
/// side by side.
constexpr std::uint64_t crc_stream = 512;

/// What byte b at place k of the register becomes behind `crc_stream` bytes of zeros. That of
/// several bytes is the sum of theirs.
struct crc_zeros {
  std::uint32_t of[4][256] = {};

  constexpr crc_zeros() noexcept {
    const auto& after = lowp::detail::crc32c_table.after;
    for (unsigned bit = 0; bit < 32; ++bit) {
      std::uint32_t x = std::uint32_t{1} << bit;
      for (std::uint64_t i = 0; i < crc_stream; ++i) x = x >> 8 ^ after[0][x % 256];
      of[bit / 8][1U << bit % 8] = x;
    }
    for (auto& table : of) {
      for (unsigned b = 1; b < 256; ++b) table[b] = table[b & (b - 1)] ^ table[b & (0 - b)];
    }
  }
};
constexpr crc_zeros crc_behind_stream;

std::uint32_t behind_stream(std::uint32_t x) noexcept {
  const auto& of = crc_behind_stream.of;
  return of[0][x % 256] ^ of[1][x >> 8 & 255] ^ of[2][x >> 16 & 255] ^ of[3][x >> 24];
}

std::uint32_t crc_by_instruction(const std::byte* at, std::uint64_t n, std::uint32_t x) noexcept {
  for (; n >= 3 * crc_stream; n -= 3 * crc_stream) {
    std::uint32_t y = 0, z = 0;
    for (const std::byte* end = at + crc_stream; at < end; at += 8) {
      x = crc_step(x, at);
      y = crc_step(y, at + crc_stream);
      z = crc_step(z, at + 2 * crc_stream);
    }
    x = behind_stream(behind_stream(x) ^ y) ^ z;
    at += 2 * crc_stream;
  }
  for (; n >= 8; n -= 8, at += 8) x = crc_step(x, at);
  return lowp::crc32c(at, n, ~x);
}

}  // namespace

#endif

std::uint32_t crc32c(const std::byte* bytes, std::uint64_t n, std::uint32_t so_far) noexcept {
#ifdef LOWP_CRC_STEP
  static const bool has_instruction =
      std::endian::native == std::endian::little && has_crc_instruction();
  if (has_instruction) return crc_by_instruction(bytes, n, ~so_far);
#endif
  return lowp::crc32c(bytes, n, so_far);
}

#undef LOWP_CRC_STEP

}  // namespace lowp::simd

#endif  // LOWP_SIMD_IMPLEMENTATION_CRC32C_HPP
