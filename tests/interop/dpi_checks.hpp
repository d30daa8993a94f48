// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the tests of lowp_dpi.h share: names, packed vectors and arrays of codes, random operands.
#ifndef LOWP_TESTS_INTEROP_DPI_CHECKS_HPP
#define LOWP_TESTS_INTEROP_DPI_CHECKS_HPP

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/interop/lowp.h>
#include <lowp/interop/lowp_dpi.h>

namespace lowp_dpi_checks {

inline constexpr unsigned seed = 20261122;
inline constexpr std::uint64_t refused = ~std::uint64_t{0};
using words = std::vector<std::uint32_t>;

inline std::size_t count(int registry) {
  std::size_t n = 0;
  REQUIRE(lowp_count(registry, &n) == LOWP_OK);
  return n;
}

inline const char* text(int registry, std::size_t row, int which = LOWP_TEXT_NAME) {
  const char* out = nullptr;
  REQUIRE(lowp_row_text(registry, row, which, &out) == LOWP_OK);
  return out;
}

inline std::size_t bytes_of(const lowp_format& f) {
  return f.width <= 8 ? 1 : f.width <= 16 ? 2 : f.width <= 32 ? 4 : 8;
}

inline std::uint64_t mask_of(const lowp_format& f) { return refused >> (64 - f.width); }

/// Code i of a packed vector, and of an array of the C ABI; bits one by one.
inline std::uint64_t from_vector(const words& v, const lowp_format& f, std::size_t i) {
  std::uint64_t code = 0;
  for (std::size_t j = 0; j < f.width; ++j) {
    const std::size_t at = i * f.width + j;
    code |= std::uint64_t{v[at / 32] >> at % 32 & 1} << j;
  }
  return code;
}
inline void to_array(std::vector<std::uint8_t>& out, const lowp_format& f, std::uint64_t code) {
  for (std::size_t i = 0; i < bytes_of(f); ++i) out.push_back(code >> 8 * i & 0xff);
}
inline std::uint64_t from_array(const std::uint8_t* in, const lowp_format& f) {
  std::uint64_t code = 0;
  for (std::size_t i = 0; i < bytes_of(f); ++i) code |= std::uint64_t{in[i]} << 8 * i;
  return code;
}

struct source {
  std::mt19937_64 engine{seed};
  std::uint64_t operator()() { return engine(); }
  words vector(std::size_t n) {
    words v(n);
    for (std::uint32_t& w : v) w = static_cast<std::uint32_t>(engine());
    return v;
  }
};

inline bool says(const char* part) {
  return std::string(lowp_last_message()).find(part) != std::string::npos;
}

}  // namespace lowp_dpi_checks

#endif  // LOWP_TESTS_INTEROP_DPI_CHECKS_HPP
