// SPDX-License-Identifier: Apache-2.0
/// \file
/// Tiles of packed values: their parts in registers, subnormal accumulators, products that are all
/// multiplied by a power of two. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "gemm_steps-inl.hpp"
#include "rounded_models.hpp"

#if defined(LOWP_GEMM_TILES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_TILES_INL_HPP
#undef LOWP_GEMM_TILES_INL_HPP
#else
#define LOWP_GEMM_TILES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

using double_vector = hn::Vec<f64>;

/// Sums of which the compiler keeps all in registers: R rows x 2 vectors.
template <class D, int R>
struct sums_of_rows {
  hn::Vec<D> v[R][2];
};

template <class Real, int R>
struct rows_in_work {
  using D = hn::ScalableTag<Real>;
  const Real* a;  ///< of the first row
  const Real* b;  ///< of the first column
  std::size_t row, column;

  HWY_INLINE rows_in_work(const gemm_tile& t, std::uint64_t n, std::size_t r, std::size_t c)
      : row(r), column(c) {
    const int k = t.model->k;
    const std::byte* pa = t.a + n * value_bytes(k, value_rows, sizeof(Real));
    const std::byte* pb = t.b + n * value_bytes(k, value_columns, sizeof(Real));
    a = reinterpret_cast<const Real*>(pa + values_at) + r;
    b = reinterpret_cast<const Real*>(pb + values_at) + c;
  }
  HWY_INLINE hn::Vec<D> left(int i, int r) const { return hn::Set(D(), a[i * value_rows + r]); }
  HWY_INLINE hn::Vec<D> right(int i, int v) const {
    return hn::Load(D(), b + static_cast<std::size_t>(i * value_columns) +
                             static_cast<std::size_t>(v) * hn::Lanes(D()));
  }
};

/// f(r, v) for R rows of two vectors.
template <int R, class F>
HWY_INLINE void for_rows(const F& f) {
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
    f(r, 0);
    f(r, 1);
  }
}

/// f(first row, first column) for all parts of a tile of R rows and two vectors.
template <class Real, int R, class F>
HWY_INLINE void for_parts(const F& f) {
  constexpr std::size_t both = 2 * HWY_LANES(Real);
  for (std::size_t c = 0; c < value_columns; c += both) {
    for (std::size_t r = 0; r < value_rows; r += R) f(r, c);
  }
}

template <class Real, int R>
HWY_INLINE void load_rows(const gemm_tile& t, std::size_t row, std::size_t column,
                          sums_of_rows<hn::ScalableTag<Real>, R>& s) {
  const hn::ScalableTag<Real> d;
  const Real* p = static_cast<const Real*>(t.accumulators) + row * value_columns + column;
  for_rows<R>([&](int r, int v) HWY_ATTR {
    s.v[r][v] = hn::Load(d, p + r * value_columns + static_cast<std::size_t>(v) * hn::Lanes(d));
  });
}
template <class Real, int R>
HWY_INLINE void store_rows(const gemm_tile& t, std::size_t row, std::size_t column,
                           const sums_of_rows<hn::ScalableTag<Real>, R>& s) {
  const hn::ScalableTag<Real> d;
  Real* p = static_cast<Real*>(t.accumulators) + row * value_columns + column;
  for_rows<R>([&](int r, int v) HWY_ATTR {
    hn::Store(s.v[r][v], d, p + r * value_columns + static_cast<std::size_t>(v) * hn::Lanes(d));
  });
}

/// The greatest integer up to x, below 2^51: by an instruction, or steps that compilers do not see.
HWY_INLINE hn::Vec<f64> round_down(hn::Vec<f64> x) {
  if constexpr (HWY_TARGET == HWY_SSSE3) {
    const auto magic = hn::Set(f64(), 0x1.8p52), r = sub(add(x, magic), magic);
    return hn::IfThenElse(hn::Gt(r, x), sub(r, hn::Set(f64(), 1.0)), r);
  } else {
    return hn::Floor(x);
  }
}
/// The same toward zero.
HWY_INLINE hn::Vec<f64> cut(hn::Vec<f64> x) {
  if constexpr (HWY_TARGET == HWY_SSSE3) {
    using V = hn::Vec<f64>;
    const auto sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
    return from_bits<V>(hn::Or(bits_of(round_down(from_bits<V>(magnitude(x)))), sign));
  } else {
    return hn::Trunc(x);
  }
}

/// Subnormal lanes as zeros of their sign.
template <class V>
HWY_INLINE V flush(V x) {
  const auto normal = set_bits<V>(std::uint64_t{1} << mantissa_bits<V>);
  const auto sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
  return from_bits<V>(select(less(magnitude(x), normal), sign, bits_of(x)));
}
/// The same for sums that are tiny unless they would round to the least normal value with unbounded
/// exponents: marked where the lane is that value, which does not tell.
template <class V>
HWY_INLINE V flush_sum(V x) {
  const auto normal = set_bits<V>(std::uint64_t{1} << mantissa_bits<V>);
  const auto equal = hn::Eq(magnitude(x), normal);
  return hn::IfThenElse(hn::RebindMask(hn::DFromV<V>(), equal), mark<V>(), flush(x));
}

/// May a sum of multiples of 2^least be subnormal? Of accumulators only zeros and numbers whose
/// last bit is worth 2^-126 or more are taken for safe.
inline bool may_be_subnormal(const gemm_tile& t, std::int32_t least) {
  if (least < -126) return true;
  const f32 d;
  using V = hn::Vec<f32>;
  const float* p = static_cast<const float*>(t.accumulators);
  const auto one = set_bits<V>(1), safe = set_bits<V>(((127 - 102) << 23) - 1);
  auto found = hn::Zero(hn::RebindToUnsigned<f32>());
  for (std::size_t i = 0; i < value_rows * value_columns; i += lanes32) {
    // Zero becomes the greatest.
    const auto m = hn::Sub(magnitude(hn::Load(d, p + i)), one);
    found = hn::Or(found, hn::AndNot(m, hn::Sub(m, safe)));
  }
  return !hn::AllTrue(hn::RebindToUnsigned<f32>(), hn::Eq(hn::And(found, set_bits<V>(sign_bit<V>)),
                                                          hn::Zero(hn::RebindToUnsigned<f32>())));
}

/// A tile whose products are multiplied by a power of two: factors of A are, if that is exact, and
/// the instructions run one by one.
template <class Tile>
inline void run_scaled(const gemm_tile& t, const Tile& tile) {
  alignas(64) std::byte scaled[values_at + most_products * value_rows * sizeof(float)];
  auto* const to = reinterpret_cast<float*>(scaled + values_at);
  const std::size_t bytes_a = value_bytes(t.model->k, value_rows, sizeof(float));
  const std::size_t bytes_b = value_bytes(t.model->k, value_columns, sizeof(float));
  if (t.exponent < -126 || t.exponent > 127) return rounded_models::redo_all(t);
  const auto power = hn::Set(f32(), static_cast<float>(values::power_of_two(t.exponent)));
  gemm_tile one = t;
  one.exponent = 0;
  one.first = 0;
  one.last = 1;
  one.a = scaled;
  for (std::uint64_t n = t.first; n < t.last; n += t.step) {
    const std::byte* const from = t.a + n * bytes_a;
    value_range r = range_at(from);
    if (r.greatest >= r.least) {
      r = {r.least + t.exponent, r.greatest + t.exponent};
      if (r.least < -126 || r.greatest > 127) return rounded_models::redo_all(t);
    }
    std::memcpy(scaled, &r, sizeof r);
    const auto* const values = reinterpret_cast<const float*>(from + values_at);
    for (std::size_t i = 0; i < (bytes_a - values_at) / sizeof(float); i += lanes32) {
      hn::Store(mul(hn::Load(f32(), values + i), power), f32(), to + i);
    }
    one.b = t.b + n * bytes_b;
    tile(one);
  }
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
