// SPDX-License-Identifier: Apache-2.0
/// \file
/// What kernels of affine quantisation and of the Hadamard transform need to know, and the
/// definitions on the machine's binary32 for what they leave. spec/bulk.md BLK-12.
#ifndef LOWP_SIMD_AFFINE_DEFINITION_HPP
#define LOWP_SIMD_AFFINE_DEFINITION_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../block/hadamard.hpp"
#include "../integer/quantise_array.hpp"
#include "machine_binary32.hpp"

namespace lowp::simd {

/// Elements that share parameters, to or from bytes that hold codes of `f`.
struct affine_run {
  affine<machine_binary32> parameters;
  integer_range range;
  quantise_rule rule;
  format f;
};

/// A transform or its inverse.
struct hadamard_plan {
  hadamard_transform transform;
  bool inverse;
};

LOWP_UNIT inline machine_binary32 real_at(const float* p) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, p, 4);
  return machine_binary32::from_bits(bits);
}

/// Codes by the definition. A `float_environment` must live, as for all that follow.
LOWP_UNIT inline void define_codes(const affine_run& r, const float* in, std::uint64_t n,
                                   std::uint8_t* codes) {
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::int32_t q = quantise(r.rule, real_at(in + i), r.parameters, r.range);
    codes[i] = static_cast<std::uint8_t>(integer_code(r.f, q, integer_overflow::wrap));
  }
}

/// Numbers by the definition.
LOWP_UNIT inline void define_reals(const affine_run& r, const std::uint8_t* codes, std::uint64_t n,
                                   float* out) {
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto q = static_cast<std::int32_t>(integer_value(r.f, codes[i]));
    const std::uint32_t bits = real_bits(dequantise(q, r.parameters, r.rule.scale));
    std::memcpy(out + i, &bits, 4);
  }
}

/// A group by the definition, in place.
LOWP_UNIT inline void define_group(const hadamard_plan& p, float* x) {
  machine_binary32 group[most_hadamard_elements];
  const std::size_t bytes = 4 * std::size_t{p.transform.size};
  std::memcpy(static_cast<void*>(group), x, bytes);
  if (p.inverse) {
    inverse_hadamard(p.transform, group);
  } else {
    hadamard(p.transform, group);
  }
  std::memcpy(x, group, bytes);
}

/// Groups of rows in place, defined in implementation_affine.hpp: for many short arrays. Nothing is
/// checked.
void transform(const hadamard_plan& p, float* x, std::uint64_t rows, std::uint64_t columns,
               std::uint64_t pitch);

}  // namespace lowp::simd

#endif  // LOWP_SIMD_AFFINE_DEFINITION_HPP
