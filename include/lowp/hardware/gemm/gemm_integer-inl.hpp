// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by sums of integers, which are exact in binary64. The definition:
/// `integer_multiply_add` of mma.hpp. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_tiles-inl.hpp"

#if defined(LOWP_GEMM_INTEGER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_INTEGER_INL_HPP
#undef LOWP_GEMM_INTEGER_INL_HPP
#else
#define LOWP_GEMM_INTEGER_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

/// Codes of 32-bit integers as numbers: those of unsigned ones less 2^32 from 2^31 on if `wraps`.
HWY_INLINE double_vector load_integers(const std::uint32_t* p, bool is_unsigned) {
  const hn::Rebind<std::int32_t, f64> d;
  const double_vector x =
      hn::PromoteTo(f64(), hn::Load(d, reinterpret_cast<const std::int32_t*>(p)));
  if (!is_unsigned) return x;
  const auto negative = hn::Lt(x, hn::Zero(f64()));
  return hn::IfThenElse(negative, add(x, hn::Set(f64(), 0x1p32)), x);
}
/// Numbers below 2^53 modulo 2^32.
HWY_INLINE void store_integers(double_vector x, std::uint32_t* p) {
  const hn::Rebind<std::int32_t, f64> d;
  const double_vector q = round_down(mul(add(x, hn::Set(f64(), 0x1p31)), hn::Set(f64(), 0x1p-32)));
  const double_vector r = sub(x, mul(q, hn::Set(f64(), 0x1p32)));
  hn::Store(hn::DemoteTo(d, r), d, reinterpret_cast<std::int32_t*>(p));
}

template <bool Saturates>
HWY_NOINLINE void run_integers(const gemm_tile& t) {
  using V = double_vector;
  constexpr int R = 2;
  const mma_model& m = *t.model;
  const bool is_unsigned = !m.d.is_signed;
  const V least = hn::Set(f64(), is_unsigned ? 0.0 : -0x1p31);
  const V greatest = hn::Set(f64(), is_unsigned ? 0x1p32 - 1 : 0x1p31 - 1);
  // Of exclusive ors, n of them: (n - sum of +-1) / 2.
  const V factor = hn::Set(f64(), m.exclusive_or ? -0.5 : 1.0);
  const V offset = hn::Set(f64(), m.exclusive_or ? 0.5 * m.group : 0.0);
  auto* const all = static_cast<std::uint32_t*>(t.accumulators);
  for_parts<double, R>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f64, R> c, s;
    const auto place = [&](int r, int v) {
      return all + (row + static_cast<std::size_t>(r)) * value_columns + column +
             static_cast<std::size_t>(v) * lanes64;
    };
    for_rows<R>([&](int r, int v)
                    HWY_ATTR { c.v[r][v] = load_integers(place(r, v), is_unsigned); });
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<double, R> x(t, n, row, column);
      for (int i = 0; i < m.k;) {
        for_rows<R>([&](int r, int v) HWY_ATTR { s.v[r][v] = hn::Zero(f64()); });
        for (const int end = i + m.group; i < end; ++i) {
          const V b[2] = {x.right(i, 0), x.right(i, 1)};
          for_rows<R>([&](int r, int v)
                          HWY_ATTR { s.v[r][v] = add_product(x.left(i, r), b[v], s.v[r][v]); });
        }
        for_rows<R>([&](int r, int v) HWY_ATTR {
          V y = add(c.v[r][v], add(offset, mul(s.v[r][v], factor)));
          if constexpr (Saturates) y = hn::Min(hn::Max(y, least), greatest);
          c.v[r][v] = y;
        });
      }
    }
    for_rows<R>([&](int r, int v) HWY_ATTR { store_integers(c.v[r][v], place(r, v)); });
  });
}

inline void integer_tile(const gemm_tile& t) {
  // Sums of so many products of 32 bits are exact.
  if (((t.last - t.first) >> 20) != 0 || (t.last - t.first) * t.model->k >> 20 != 0)
    return rounded_models::redo_all(t);
  if (t.model->overflow == integer_overflow::wrap) return run_integers<false>(t);
  run_integers<true>(t);
}

/// The kernel of a sum of integers.
inline bool integer_kernel(const mma_model& m, gemm_kernel& k) {
  // Integers are taken in ascending order, whatever the model's.
  if (m.sum != mma_sum::integer || m.order != product_order::ascending || m.d.width != 32 ||
      (m.exclusive_or && !m.one_bit))
    return false;
  rounded_models::set_kernel<double>(m, gemm_store::code, integer_tile, k);
  return true;
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
