// SPDX-License-Identifier: Apache-2.0
/// \file
/// The row of a matrix instruction: a model with a name, and how it is known. The rows are in one
/// file per vendor; all_mma_models.hpp gathers them and finds them by name.
#ifndef LOWP_HARDWARE_MMA_MMA_REGISTRY_HPP
#define LOWP_HARDWARE_MMA_MMA_REGISTRY_HPP

#include "../../formats.hpp"
#include "../conversion_rule.hpp"
#include "mma_check.hpp"

namespace lowp {

/// How a row is known; shared by the rows of one kind. spec/mma.md MMA-13.
struct mma_origin {
  const char* vendor;
  evidence mark;   ///< the strongest
  const char* by;  ///< who measured or states it, on what
  const char* source;
};

/// A matrix instruction of a machine. The name is `<machine>.<mnemonic>`, the mnemonic as the
/// vendor writes it, sizes that change nothing as N.
struct named_mma_model {
  const char* name;
  mma_model value;
  mma_origin origin;
  const char* notes = "";  ///< what a reader must know besides; may be empty

  /// A row stands for its model.
  LOWP_FN operator mma_model() const noexcept { return value; }
};

/// The tables of models; formats that occur in them, by the names of instructions.
namespace mma_rows {

inline constexpr format f16 = formats::binary16, f32 = formats::binary32, f64 = formats::binary64,
                        bf16 = formats::bfloat16, tf32 = formats::tf32, e4m3 = formats::e4m3fn,
                        e5m2 = formats::e5m2, e3m2 = formats::e3m2, e2m3 = formats::e2m3,
                        e2m1 = formats::e2m1, ue8m0 = formats::e8m0fnu, ue4m3 = formats::ue4m3,
                        fp8 = formats::e4m3fnuz, bf8 = formats::e5m2fnuz;
inline constexpr format s32 = formats::int32, s16 = formats::int16, s8 = formats::int8,
                        u8 = formats::uint8, s4 = formats::int4, u4 = formats::uint4;

/// IEEE 754 arithmetic in one format, canonical NaN.
inline constexpr projection nearest{};

/// One fused multiply-add after the other, from c on.
LOWP_FN mma_model fma_chain(format a, format b, format d, int k) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.sum = mma_sum::chain;
  return m;
}

/// Integers, summed exactly, `group` products at a time.
LOWP_FN mma_model integer_sum(format a, format b, format d, int k, int group,
                              integer_overflow overflow) noexcept {
  mma_model m{.a = a, .b = b, .c = d, .d = d, .accumulator = d};
  m.k = static_cast<std::uint16_t>(k);
  m.group = static_cast<std::uint16_t>(group);
  m.sum = mma_sum::integer;
  m.overflow = overflow;
  return m;
}

}  // namespace mma_rows

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_REGISTRY_HPP
