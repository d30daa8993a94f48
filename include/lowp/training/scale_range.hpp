// SPDX-License-Identifier: Apache-2.0
/// \file
/// How far elements of a block format reach under a scale. spec/monitors.md MON-7.
#ifndef LOWP_TRAINING_SCALE_RANGE_HPP
#define LOWP_TRAINING_SCALE_RANGE_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "../block/block_value.hpp"
#include "../formats.hpp"

namespace lowp {

/// The greatest magnitudes under scales of a format, exact, and kept for the scales seen last.
class scale_range {
 public:
  /// `outer`: the outer scale of formats that have one, else unused.
  LOWP_UNIT scale_range(const block_format& f, float outer) noexcept
      : f_(f),
        outer_(f.outer == outer_scale::none
                   ? exact_finite(false, 1, 0)
                   : decode(formats::binary32, std::bit_cast<std::uint32_t>(outer))),
        has_levels_(f.level[0].group != 0 || f.level[1].group != 0) {}

  /// Of element `i` of a block with these scale bits, above or below zero: the greatest binary32
  /// number that is not beyond it. Infinite under scales that are zero, where all numbers
  /// underflow, and under those that are infinite or NaN.
  LOWP_UNIT float greatest(code_t scale, int i, bool negative) noexcept {
    const code_t code = scale_code(f_, scale);
    const int exponent = has_levels_ ? level_exponent(f_, scale, i) : 0;
    const std::uint64_t key = code << 16 | static_cast<std::uint64_t>(exponent + 1024) << 1 |
                              static_cast<std::uint64_t>(negative);
    entry& e = kept_[(key ^ key >> 16 ^ key >> 24) % kept_.size()];
    if (e.key != key) e = {key, compute(scale, i, negative)};
    return e.greatest;
  }

 private:
  struct entry {
    std::uint64_t key = ~std::uint64_t{0};
    float greatest = 0;
  };

  LOWP_UNIT float compute(code_t scale, int i, bool negative) const noexcept {
    const code_t top = negative ? lowest(f_.element) : max_finite(f_.element);
    exact value = block_value(f_, scale, top, i, outer_);
    if (value.cls != number_class::finite) return std::numeric_limits<float>::infinity();
    value.negative = false;
    const code_t bits = encode(formats::binary32, value, {.round = rounding::toward_zero});
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  }

  block_format f_;
  exact outer_;
  bool has_levels_;
  std::array<entry, 256> kept_{};
};

}  // namespace lowp

#endif  // LOWP_TRAINING_SCALE_RANGE_HPP
