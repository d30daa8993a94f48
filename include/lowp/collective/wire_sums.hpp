// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the kernels of sums share with the definitions behind them.
#ifndef LOWP_COLLECTIVE_WIRE_SUMS_HPP
#define LOWP_COLLECTIVE_WIRE_SUMS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../reduce.hpp"
#include "../simd/machine_binary32.hpp"
#include "wire_codec.hpp"

namespace lowp::simd {

/// Sums or differences one by one. A `float_environment` must live.
template <bool Minus>
LOWP_UNIT void define_sums(const float* x, const float* y, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const machine_binary32 a = machine_binary32::from_float(x[i]);
    const machine_binary32 b = machine_binary32::from_float(y[i]);
    const std::uint32_t r = (Minus ? a - b : a + b).bits();
    std::memcpy(out + i, &r, 4);
  }
}

/// Sums of a tile as pairs of binary64 that are exact together.
struct alignas(64) exact_pairs {
  static constexpr std::size_t most = most_wire_row;
  double sum[most], rest[most];
};

/// The exact sum of numbers that come one by one.
class exact_sum {
 public:
  LOWP_UNIT void add(float x) {
    sum_.add(number<formats::binary32>::from_code(lowp::detail::bit_cast<std::uint32_t>(x)));
  }
  LOWP_UNIT std::uint32_t bits() const {
    const projection p{};
    using lowp::detail::reduction;
    return lowp::detail::number_of<number<formats::binary32>>(
               lowp::detail::result_of<reduction::sum>(sum_, p), p, 0)
        .code();
  }

 private:
  accumulator<formats::binary32> sum_;
};

}  // namespace lowp::simd

#endif  // LOWP_COLLECTIVE_WIRE_SUMS_HPP
