// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the units behind lowp/interop/lowp_dpi.h share: handles and packed vectors.
#ifndef LOWP_SRC_LOWP_DPI_HPP
#define LOWP_SRC_LOWP_DPI_HPP

#include <cstddef>
#include <cstdint>

#include <lowp/interop/lowp_dpi.h>
#include <lowp/pack/packings.hpp>

#include "lowp_c.hpp"

namespace lowp::c {

/// What functions without a status return when they refuse.
inline constexpr std::uint64_t refused = ~std::uint64_t{0};

/// Handles hold everything, so that nothing is kept between calls; those of no format, and
/// `refused`, give a format or a projection that the C ABI refuses.
std::uint64_t handle_of(const lowp_format& f) noexcept;
lowp_format format_of(std::uint64_t handle) noexcept;
std::uint64_t handle_of(const lowp_projection& p) noexcept;
lowp_projection projection_of(std::uint64_t handle) noexcept;

/// An index that came as an int; negative ones are no row of anything.
inline std::size_t row_of(int index) noexcept {
  return index < 0 ? SIZE_MAX - 1 : static_cast<std::size_t>(index);
}

/// The bytes of a packed vector, the lowest bits first.
template <int Words>
struct vector_of_bytes {
  static constexpr int size = 4 * Words;
  std::byte at[size] = {};

  vector_of_bytes() = default;
  /// The first `used` bytes; the others are zero.
  explicit vector_of_bytes(const std::uint32_t* words, int used = size) noexcept {
    for (int i = 0; i < used; ++i) at[i] = static_cast<std::byte>(words[i / 4] >> i % 4 * 8);
  }
  void write(std::uint32_t* words) const noexcept {
    for (int i = 0; i < Words; ++i) words[i] = 0;
    for (int i = 0; i < size; ++i) {
      words[i / 4] |= std::to_integer<std::uint32_t>(at[i]) << i % 4 * 8;
    }
  }
};

/// Output arguments hold ones until the results are known: what simulators hand over is garbage.
inline void fill(std::uint32_t* words, int n) noexcept {
  for (int i = 0; i < n; ++i) words[i] = ~std::uint32_t{0};
}

/// Codes of a packed vector.
inline array_layout gapless(const format& f) noexcept { return {f, packings::dense(f)}; }

}  // namespace lowp::c

#endif  // LOWP_SRC_LOWP_DPI_HPP
