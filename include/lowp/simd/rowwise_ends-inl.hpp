// SPDX-License-Identifier: Apache-2.0
/// \file
/// Least and greatest elements of rows and what follows from them, many rows at a time. The
/// definition: integer/table/rowwise_convert.hpp, spec/tables.md TAB-3, TAB-4.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "rowwise_vectors-inl.hpp"

#if defined(LOWP_SIMD_ROWWISE_ENDS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_ROWWISE_ENDS_INL_HPP
#undef LOWP_SIMD_ROWWISE_ENDS_INL_HPP
#else
#define LOWP_SIMD_ROWWISE_ENDS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_ROW_KERNELS
namespace rows {

/// Rows whose parameters are computed together.
inline constexpr std::size_t batch_rows = 64;
/// Elements of a batch: what the first cache holds beside the codes.
inline constexpr std::uint64_t batch_elements = 4096;

inline std::size_t rows_of_batch(std::uint64_t columns) {
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(batch_elements / columns, 1, batch_rows));
}

/// Rows in work. All numbers are bits of binary32.
struct row_batch {
  HWY_ALIGN std::uint32_t lo[batch_rows];
  HWY_ALIGN std::uint32_t hi[batch_rows];
  HWY_ALIGN std::uint32_t bias[batch_rows];
  HWY_ALIGN std::uint32_t inverse[batch_rows];
  HWY_ALIGN std::uint32_t scale_code[batch_rows];  ///< as they are stored
  HWY_ALIGN std::uint32_t bias_code[batch_rows];
  HWY_ALIGN std::int32_t special[batch_rows];  ///< not 0: the definition does the row
};

struct end_vectors {
  float_vector lo, hi;
};

/// Lanes of lesser and greater elements; NaNs behind the first element do not count.
HWY_INLINE end_vectors ends_of(const float* row, std::uint64_t n) {
  const floats d;
  const float_vector first = hn::Set(d, row[0]);
  if (n < row_lanes) {
    const auto present = hn::FirstN(integers(), n);
    const float_vector x = select(present, load_first(row, n), first);
    return {lesser(x, first), greater(x, first)};
  }
  float_vector lo0 = first, hi0 = first;
  std::uint64_t i = 0;
  if (n < 32 * row_lanes) {  // other rows hide the latency
    for (; i + row_lanes <= n; i += row_lanes) {
      const float_vector x = hn::LoadU(d, row + i);
      lo0 = lesser(x, lo0);
      hi0 = greater(x, hi0);
    }
    if (i < n) {  // once more what overlaps
      const float_vector x = hn::LoadU(d, row + n - row_lanes);
      lo0 = lesser(x, lo0);
      hi0 = greater(x, hi0);
    }
    return {lo0, hi0};
  }
  float_vector lo1 = first, lo2 = first, lo3 = first;
  float_vector hi1 = first, hi2 = first, hi3 = first;
  for (; i + 4 * row_lanes <= n; i += 4 * row_lanes) {
    const float_vector x0 = hn::LoadU(d, row + i), x1 = hn::LoadU(d, row + i + row_lanes);
    const float_vector x2 = hn::LoadU(d, row + i + 2 * row_lanes);
    const float_vector x3 = hn::LoadU(d, row + i + 3 * row_lanes);
    lo0 = lesser(x0, lo0), lo1 = lesser(x1, lo1), lo2 = lesser(x2, lo2), lo3 = lesser(x3, lo3);
    hi0 = greater(x0, hi0), hi1 = greater(x1, hi1), hi2 = greater(x2, hi2), hi3 = greater(x3, hi3);
  }
  for (; i + row_lanes <= n; i += row_lanes) {
    const float_vector x = hn::LoadU(d, row + i);
    lo0 = lesser(x, lo0);
    hi0 = greater(x, hi0);
  }
  if (i < n) {
    const float_vector x = hn::LoadU(d, row + n - row_lanes);
    lo1 = lesser(x, lo1);
    hi1 = greater(x, hi1);
  }
  return {lesser(lesser(lo0, lo1), lesser(lo2, lo3)),
          greater(greater(hi0, hi1), greater(hi2, hi3))};
}

struct least_of {
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return lesser(x, y);
  }
};
struct greatest_of {
  template <class V>
  HWY_INLINE V operator()(V x, V y) const {
    return greater(x, y);
  }
};

/// Blocks of 128 bits into one.
template <class D, class Op>
HWY_INLINE auto over_blocks(D, hn::VFromD<D> x, Op op) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return x;
  } else {
    const hn::Half<D> half;
    return over_blocks(half, op(hn::LowerHalf(half, x), hn::UpperHalf(half, x)), op);
  }
}

/// Four vectors into the least or greatest lane of each.
template <class Op>
HWY_INLINE void over_lanes(float_vector x0, float_vector x1, float_vector x2, float_vector x3,
                           Op op, std::uint32_t* out) {
  const floats d;
  const auto halve = [&](float_vector a, float_vector b) HWY_ATTR {
    return op(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  };
  const float_vector blocks = halve(halve(x0, x2), halve(x1, x3));
  const auto four = over_blocks(d, blocks, op);
  const hn::FixedTag<std::uint32_t, 4> d4;
  hn::StoreU(hn::BitCast(d4, four), d4, out);
}

/// The bits of the first zero of a row that has one.
inline std::uint32_t first_zero(const float* row, std::uint64_t n) {
  std::uint64_t i = 0;
  for (; i + row_lanes <= n; i += row_lanes) {
    const auto m = as_signed(magnitudes(hn::LoadU(floats(), row + i)));
    if (!hn::AllFalse(integers(), hn::Eq(m, hn::Zero(integers())))) break;
  }
  for (; i < n; ++i) {
    std::uint32_t x = 0;
    std::memcpy(&x, row + i, 4);
    if (x << 1 == 0) return x;
  }
  return 0;
}

/// Least and greatest elements of rows, of zeros the first.
inline void find_ends(const float* in, std::uint64_t columns, std::size_t rows, row_batch& b) {
  for (std::size_t r = 0; r < rows; r += 4) {
    const auto of = [&](std::size_t i) HWY_ATTR {
      return ends_of(in + std::min(r + i, rows - 1) * columns, columns);
    };
    const end_vectors e0 = of(0), e1 = of(1), e2 = of(2), e3 = of(3);
    over_lanes(e0.lo, e1.lo, e2.lo, e3.lo, least_of(), b.lo + r);
    over_lanes(e0.hi, e1.hi, e2.hi, e3.hi, greatest_of(), b.hi + r);
  }
  for (std::size_t r = rows; r % row_lanes != 0; ++r) b.lo[r] = b.hi[r] = 0x3f800000;
  word_vector some = set_bits(0);  // not 0 where an end is 0
  for (std::size_t r = 0; r < rows; r += row_lanes) {
    const auto is_zero = hn::Eq(hn::ShiftLeft<1>(hn::Load(words(), b.lo + r)), set_bits(0));
    some = hn::Or(some, hn::VecFromMask(words(), is_zero));
  }
  if (hn::AllTrue(words(), hn::Eq(some, set_bits(0)))) return;
  for (std::size_t r = 0; r < rows; ++r) {
    if (b.lo[r] << 1 != 0) continue;
    b.lo[r] = first_zero(in + r * columns, columns);
    if (b.hi[r] << 1 == 0) b.hi[r] = b.lo[r];
  }
}

/// Parameters of rows from their ends. Rows of which a step is not finite are special.
inline void find_parameters(const rowwise_codec& c, std::size_t rows, row_batch& b) {
  const words d;
  const bool rounded = c.scaling == row_scaling::rounded_range;
  const float_vector steps = hn::Set(floats(), static_cast<float>(full_steps(c.element.width)));
  const float_vector one = set_real(0x3f800000);
  for (std::size_t r = 0; r < rows; r += row_lanes) {
    const float_vector lo = from_bits(hn::Load(d, b.lo + r));
    const float_vector hi = from_bits(hn::Load(d, b.hi + r));
    float_vector bias = lo;
    word_vector bias_code = bits_of(lo), scale_code;
    auto special = not_finite(lo);
    if (rounded) {
      bias_code = halves_of(lo);
      bias = from_halves(bias_code);
      const auto magnitude = as_signed(hn::And(bias_code, set_bits(0x7fff)));
      special = hn::Or(special, hn::Gt(magnitude, hn::Set(integers(), 0x7bff)));
    }
    const float_vector range = SubStep(hi, bias);
    const float_vector step = DivStep(range, steps);
    float_vector inverse;
    if (rounded) {
      scale_code = halves_of(step);
      const auto magnitude = as_signed(hn::And(scale_code, set_bits(0x7fff)));
      special = hn::Or(special, hn::Gt(magnitude, hn::Set(integers(), 0x7bff)));
      const auto is_zero = hn::Eq(magnitude, hn::Zero(integers()));
      scale_code =
          as_words(hn::IfThenElse(is_zero, hn::Set(integers(), 0x3c00), as_signed(scale_code)));
      inverse = DivStep(one, from_halves(scale_code));
    } else {
      scale_code = bits_of(step);
      inverse = DivStep(steps, AddStep(range, set_real(constant(c.epsilon))));
    }
    special = hn::Or(special, hn::Or(not_finite(range), not_finite(inverse)));
    hn::Store(bits_of(bias), d, b.bias + r);
    hn::Store(bits_of(inverse), d, b.inverse + r);
    hn::Store(scale_code, d, b.scale_code + r);
    hn::Store(bias_code, d, b.bias_code + r);
    hn::Store(hn::VecFromMask(integers(), special), integers(), b.special + r);
  }
}

}  // namespace rows
#endif  // LOWP_HAS_ROW_KERNELS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
