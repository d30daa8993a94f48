// SPDX-License-Identifier: Apache-2.0
/// \file
/// The random Hadamard transform of rows. The definition: block/hadamard.hpp. A group of which a
/// result is NaN is made by the definition, which has another NaN than the machine.
#include <bit>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "affine_definition.hpp"
#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_HADAMARD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_HADAMARD_INL_HPP
#undef LOWP_SIMD_HADAMARD_INL_HPP
#else
#define LOWP_SIMD_HADAMARD_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// Lanes h apart change places.
template <int H>
HWY_INLINE float_vector swap_lanes(float_vector x) {
  if constexpr (H == 1) {
    return hn::Shuffle2301(x);
  } else if constexpr (H == 2) {
    return hn::Shuffle1032(x);
  }
#if HWY_TARGET <= HWY_AVX3
  else if constexpr (H == 4) {
    return float_vector{_mm512_shuffle_f32x4(x.raw, x.raw, 0xb1)};
  } else {
    return float_vector{_mm512_shuffle_f32x4(x.raw, x.raw, 0x4e)};
  }
#elif HWY_TARGET == HWY_AVX2
  else {
    return float_vector{_mm256_permute2f128_ps(x.raw, x.raw, 1)};
  }
#else
  else {
    return x;
  }
#endif
}

/// Constants of a transform for blocks of whole vectors: a group, or several that fill a vector.
struct hadamard_kernel {
  std::size_t size, block;
  std::uint32_t before = 0, after = 0;  ///< factors, 0: none
  bool signs_first, in_order;
  HWY_ALIGN std::uint32_t sign[most_hadamard_elements];

  explicit hadamard_kernel(const hadamard_plan& p)
      : size(p.transform.size),
        block(size < row_lanes ? row_lanes : size),
        signs_first(!p.inverse),
        in_order(p.transform.sum == hadamard_sum::in_order) {
    const std::uint32_t factor =
        real_bits(hadamard_factor<machine_binary32>(static_cast<int>(size)));
    switch (p.transform.scaling) {
      case hadamard_scaling::before: before = factor; break;
      case hadamard_scaling::after: after = factor; break;
      case hadamard_scaling::none:
        if (p.inverse) after = (127u - static_cast<unsigned>(std::countr_zero(size))) << 23;
    }
    for (std::size_t i = 0; i < size; i += 32) {
      const std::uint32_t minus = p.transform.minus.word[i / 32];
      std::uint32_t* to = sign + i;
      for (std::uint32_t k = 0; k < 32 && i + k < size; ++k) to[k] = minus >> k << 31;
    }
    for (std::size_t i = size; i < block; ++i) sign[i] = sign[i - size];
  }
  HWY_INLINE float_vector change_sign(float_vector x, std::size_t i) const {
    return from_bits(hn::Xor(bits_of(x), hn::Load(words(), sign + i)));
  }
};

/// A stage within vectors: sums where bit H of the lane is clear, else differences.
template <int H>
HWY_INLINE float_vector stage(float_vector x) {
  const word_vector upper = hn::And(hn::Iota(words(), 0), set_bits(H));
  const word_vector minus = hn::ShiftLeft<31 - std::countr_zero(unsigned{H})>(upper);
  return AddStep(swap_lanes<H>(x), from_bits(hn::Xor(bits_of(x), minus)));
}

HWY_INLINE float_vector stages_within(float_vector x, std::size_t size) {
  x = stage<1>(x);
  if (size > 2) x = stage<2>(x);
  if constexpr (row_lanes > 4) {
    if (size > 4) x = stage<4>(x);
  }
  if constexpr (row_lanes > 8) {
    if (size > 8) x = stage<8>(x);
  }
  return x;
}

/// The sums of N vectors, or of n where N is 0, in stages.
template <std::size_t N>
HWY_INLINE void butterfly(float_vector* x, std::size_t n, std::size_t size) {
  const std::size_t vectors = N == 0 ? n : N;
  for (std::size_t i = 0; i < vectors; ++i) x[i] = stages_within(x[i], size);
  for (std::size_t h = 1; h < vectors; h *= 2) {
    for (std::size_t first = 0; first < vectors; first += 2 * h) {
      for (std::size_t k = first; k < first + h; ++k) {
        const float_vector a = x[k], b = x[k + h];
        x[k] = AddStep(a, b);
        x[k + h] = SubStep(a, b);
      }
    }
  }
}

/// The sums of a group term by term. Element i of the group with its sign is `terms[i]`.
inline void sums_in_order(const float* terms, float_vector* x, std::size_t vectors,
                          std::size_t size) {
  for (std::size_t v = 0; v < vectors; ++v) {
    float_vector sum = hn::Set(floats(), terms[0]);
    for (std::size_t i = 1; i < size; ++i) {
      HWY_ALIGN std::uint32_t minus[row_lanes];
      for (std::size_t lane = 0; lane < row_lanes; ++lane) {
        const auto common = static_cast<unsigned>(i & (v * row_lanes + lane));
        minus[lane] = static_cast<std::uint32_t>(std::popcount(common)) << 31;
      }
      const word_vector term = bits_of(hn::Set(floats(), terms[i]));
      sum = AddStep(sum, from_bits(hn::Xor(term, hn::Load(words(), minus))));
    }
    x[v] = sum;
  }
}

/// A block in place. False: a result is NaN, nothing is written.
template <std::size_t N>
HWY_INLINE bool transform_block(const hadamard_kernel& k, float* at, float_vector* x) {
  const floats d;
  const std::size_t vectors = N == 0 ? k.block / row_lanes : N;
  for (std::size_t i = 0; i < vectors; ++i) {
    x[i] = hn::LoadU(d, at + i * row_lanes);
    if (k.signs_first) x[i] = k.change_sign(x[i], i * row_lanes);
    if (k.before != 0) x[i] = MulStep(x[i], set_real(k.before));
  }
  if (N == 0 && k.in_order) {
    HWY_ALIGN float terms[most_hadamard_elements];
    for (std::size_t i = 0; i < vectors; ++i) hn::Store(x[i], d, terms + i * row_lanes);
    sums_in_order(terms, x, vectors, k.size);
  } else {
    butterfly<N>(x, vectors, k.size);
  }
  word_vector greatest = hn::Zero(words());
  for (std::size_t i = 0; i < vectors; ++i) {
    if (k.after != 0) x[i] = MulStep(x[i], set_real(k.after));
    greatest = hn::Max(greatest, magnitudes(x[i]));
    if (!k.signs_first) x[i] = k.change_sign(x[i], i * row_lanes);
  }
  if (!hn::AllFalse(integers(), are_nan(from_bits(greatest)))) return false;
  for (std::size_t i = 0; i < vectors; ++i) hn::StoreU(x[i], d, at + i * row_lanes);
  return true;
}

template <std::size_t N>
void transform_row(const hadamard_plan& p, const hadamard_kernel& k, float* x, std::uint64_t n) {
  float_vector room[N == 0 ? most_hadamard_elements / row_lanes : N];
  std::uint64_t j = 0;
  for (; j + k.block <= n; j += k.block) {
    if (transform_block<N>(k, x + j, room)) continue;
    for (std::size_t i = 0; i < k.block; i += k.size) define_group(p, x + j + i);
  }
  for (; j < n; j += k.size) define_group(p, x + j);
}

inline void transform_rows(const hadamard_plan& p, float* x, std::uint64_t rows,
                           std::uint64_t columns, std::uint64_t pitch) {
  const hadamard_kernel k(p);
  for (std::uint64_t i = 0; i < rows; ++i) {
    float* row = x + i * pitch;
    const std::size_t vectors = k.in_order ? 0 : k.block / row_lanes;
    switch (vectors) {
      case 1: transform_row<1>(p, k, row, columns); break;
      case 2: transform_row<2>(p, k, row, columns); break;
      case 4: transform_row<4>(p, k, row, columns); break;
      case 8: transform_row<8>(p, k, row, columns); break;
      default: transform_row<0>(p, k, row, columns);
    }
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

/// Rows in place. A `float_environment` must live.
HWY_NOINLINE void hadamard_rows_planned(const hadamard_plan& p, float* x, std::uint64_t rows,
                                        std::uint64_t columns, std::uint64_t pitch) {
#if LOWP_HAS_ROW_KERNELS
  const bool in_order = p.transform.sum == hadamard_sum::in_order;
  if (!in_order || p.transform.size >= rows::row_lanes) {
    return rows::transform_rows(p, x, rows, columns, pitch);
  }
#endif
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t j = 0; j < columns; j += p.transform.size) {
      define_group(p, x + i * pitch + j);
    }
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
