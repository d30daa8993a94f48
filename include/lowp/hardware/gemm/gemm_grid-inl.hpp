// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by aligned sums whose accumulator comes in after each step, in binary64:
/// CDNA3 and Gaudi2. Terms below 2^52 grid points are integers there. The definitions:
/// `aligned_after_step` of mma_aligned.hpp, `gaudi2_step` of mma_gaudi2.hpp. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_exact-inl.hpp"
#include "packed_sizes.hpp"

#if defined(LOWP_GEMM_GRID_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_GRID_INL_HPP
#undef LOWP_GEMM_GRID_INL_HPP
#else
#define LOWP_GEMM_GRID_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

using i64 = hn::RebindToSigned<f64>;
using long_vector = hn::Vec<i64>;

HWY_INLINE long_vector long_bits(double_vector x) { return hn::BitCast(i64(), x); }
HWY_INLINE long_vector longs(std::int64_t x) { return hn::Set(i64(), x); }
HWY_INLINE double_vector doubles(double x) { return hn::Set(f64(), x); }

/// 1 / x of a power of two above 2^-600; of 0 what no zero becomes NaN by.
HWY_INLINE double_vector inverse(double_vector x) {
  const long_vector bits = hn::Sub(longs(std::int64_t{2046} << 52), long_bits(x));
  return hn::Min(hn::BitCast(f64(), bits), doubles(0x1p600));
}
/// 2^e of a binary32 number of exponent e, which is at least -126.
HWY_INLINE double_vector size_of_c(double_vector c) {
  const double_vector m = hn::Max(from_bits<double_vector>(magnitude(c)), doubles(0x1p-126));
  return hn::BitCast(f64(), hn::And(long_bits(m), longs(std::int64_t{0x7ff} << 52)));
}

/// r, but c where that is not finite.
HWY_INLINE double_vector unless_special(double_vector c, double_vector r) {
  const long_vector m = hn::BitCast(i64(), magnitude(c));
  const auto special = hn::Gt(m, longs((std::int64_t{0x7ff} << 52) - 1));
  return hn::IfThenElse(hn::RebindMask(f64(), special), c, r);
}

/// A sum of terms cut on the grid size x 2^-kept, in its units; no terms: all 0.
struct grid_sum {
  double_vector sum, size;
};

/// Factors of an instruction as values and sizes.
struct sized_factors {
  const double *a, *b, *sizes_a, *sizes_b;

  HWY_INLINE sized_factors(const gemm_tile& t, std::uint64_t n, std::size_t row,
                           std::size_t column) {
    const int k = t.model->k;
    const auto each = static_cast<std::size_t>(k);
    const std::byte* pa = t.a + n * sized_bytes(k, value_rows) + values_at;
    const std::byte* pb = t.b + n * sized_bytes(k, value_columns) + values_at;
    a = reinterpret_cast<const double*>(pa) + row;
    b = reinterpret_cast<const double*>(pb) + column;
    sizes_a = a + each * value_rows;
    sizes_b = b + each * value_columns;
  }
  HWY_INLINE double_vector product(int i) const {
    return mul(hn::Set(f64(), a[i * value_rows]), hn::Load(f64(), b + i * value_columns));
  }
  HWY_INLINE double_vector add_product_to(double_vector sum, int i) const {
    return add_product(hn::Set(f64(), a[i * value_rows]), hn::Load(f64(), b + i * value_columns),
                       sum);
  }
  HWY_INLINE double_vector size(int i) const {
    return mul(hn::Set(f64(), sizes_a[i * value_rows]),
               hn::Load(f64(), sizes_b + i * value_columns));
  }
};

/// Products first, first + Chains, ... below last. Normalises: a product is as great as its value.
/// Exact: no product has bits below the grid, and sums fit binary64.
template <int Chains, bool Normalises, bool Exact>
HWY_INLINE grid_sum add_on_grid(const sized_factors& x, int first, int last, int kept) {
  double_vector size = hn::Zero(f64()), sum = hn::Zero(f64());
  for (int i = first; i < last; i += Chains) {
    if constexpr (Normalises) {
      const double_vector p = x.product(i);
      size = hn::Max(size, from_bits<double_vector>(magnitude(p)));
      if constexpr (Exact) sum = add(sum, p);
    } else {
      size = hn::Max(size, x.size(i));
      if constexpr (Exact) sum = x.add_product_to(sum, i);
    }
  }
  if constexpr (Normalises) {
    size = hn::BitCast(f64(), hn::And(long_bits(size), longs(std::int64_t{0x7ff} << 52)));
  }
  const double_vector units = mul(inverse(size), doubles(values::power_of_two(kept)));
  if constexpr (Exact) {
    sum = mul(sum, units);
  } else {
    for (int i = first; i < last; i += Chains) {
      sum = add(sum, cut(mul(x.product(i), units)));
    }
  }
  return {sum, size};
}

/// Chains joined downward, then the accumulator on a grid of its own.
template <int Chains, bool Exact>
HWY_INLINE double_vector cdna3_step(const mma_model& m, const sized_factors& x, int first,
                                    double_vector c) {
  const int last = first + m.group;
  grid_sum s = add_on_grid<Chains, false, Exact>(x, first, last, m.kept_bits);
  if constexpr (Chains == 2) {
    const grid_sum odd = add_on_grid<2, false, Exact>(x, first + 1, last, m.kept_bits);
    const double_vector size = hn::Max(s.size, odd.size), units = inverse(size);
    s.sum = add(round_down(mul(s.sum, mul(s.size, units))),
                round_down(mul(odd.sum, mul(odd.size, units))));
    s.size = size;
  }
  const double_vector of_c = size_of_c(c), size = hn::Max(s.size, of_c), units = inverse(size);
  const auto power = [](int e) HWY_ATTR { return doubles(values::power_of_two(e)); };
  const double_vector products =
      round_down(mul(mul(s.sum, power(m.kept_sum - m.kept_bits)), mul(s.size, units)));
  double_vector addend = round_down(mul(mul(c, power(m.kept_c)), units));
  if (m.reach_c != 0) {
    const auto is_beyond = hn::Lt(mul(of_c, power(m.reach_c)), size);
    addend = hn::IfThenElse(is_beyond, hn::Zero(f64()), addend);
  }
  const int bits = m.kept_sum > m.kept_c ? m.kept_sum : m.kept_c;
  const double_vector total =
      add(mul(products, power(bits - m.kept_sum)), mul(addend, power(bits - m.kept_c)));
  const double_vector r = mul(mul(total, size), power(-bits));
  return unless_special(c, hn::PromoteTo(f64(), hn::DemoteTo(half32(), r)));
}

/// A binary32 number, flushed.
HWY_INLINE double_vector flush_narrow(double_vector x) {
  const auto sign = hn::And(bits_of(x), set_bits<double_vector>(sign_bit<double_vector>));
  const auto normal = set_bits<double_vector>(std::uint64_t{1023 - 126} << 52);
  return from_bits<double_vector>(select(less(magnitude(x), normal), sign, bits_of(x)));
}
/// To nearest in binary32, flushed.
HWY_INLINE double_vector round_flushed(double_vector x) {
  return flush_narrow(hn::PromoteTo(f64(), hn::DemoteTo(half32(), x)));
}

/// The window of the definition loses bits of one addend only, and of up to 46 kept bits its
/// content then has more than 25: it rounds as the exact sum does.
template <bool Normalises, bool Exact>
HWY_INLINE double_vector gaudi2_step(const mma_model& m, const sized_factors& x, int first,
                                     double_vector c) {
  const grid_sum s = add_on_grid<1, Normalises, Exact>(x, first, first + m.group, m.kept_bits);
  const double_vector sum = mul(mul(s.sum, s.size), doubles(values::power_of_two(-m.kept_bits)));
  const double_vector r = round_flushed(add_to_odd(sum, c));
  return unless_special(c, r);
}

/// All steps of a tile by `step(model, factors, first product, c)`.
template <class Step>
HWY_INLINE void run_grid(const gemm_tile& t, const Step& step) {
  const mma_model& m = *t.model;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  auto* const all = static_cast<float*>(t.accumulators);
  for (std::size_t row = 0; row < value_rows; ++row) {
    for (std::size_t column = 0; column < value_columns; column += lanes64) {
      float* const place = all + row * value_columns + column;
      double_vector c = hn::PromoteTo(f64(), hn::Load(half32(), place));
      if (flushes_c) c = flush_narrow(c);
      for (std::uint64_t n = t.first; n < t.last; n += t.step) {
        const sized_factors x(t, n, row, column);
        for (int i = 0; i < m.k; i += m.group) c = step(m, x, i, c);
      }
      hn::Store(hn::DemoteTo(half32(), c), half32(), place);
    }
  }
}

/// Is no product cut, and no sum rounded?
inline bool keeps_products(const gemm_tile& t, const value_range& r) {
  const mma_model& m = *t.model;
  return r.greatest - 1 - m.kept_bits <= r.least &&
         r.greatest + log2_above(m.group) - r.least <= 53;
}

template <int Chains, bool Exact>
HWY_NOINLINE void run_cdna3(const gemm_tile& t) {
  run_grid(t, [](const mma_model& m, const sized_factors& x, int i, double_vector c)
                  HWY_ATTR { return cdna3_step<Chains, Exact>(m, x, i, c); });
}
template <int Chains>
inline void cdna3_tile(const gemm_tile& t) {
  const value_range r = range_of_sized(t);
  // Products of 2^128 and more are infinite.
  if (t.exponent != 0 || r.greatest > 128) return rounded_models::redo_all(t);
  if (keeps_products(t, r)) return run_cdna3<Chains, true>(t);
  run_cdna3<Chains, false>(t);
}

template <bool Normalises, bool Exact>
HWY_NOINLINE void run_gaudi2(const gemm_tile& t) {
  run_grid(t, [](const mma_model& m, const sized_factors& x, int i, double_vector c)
                  HWY_ATTR { return gaudi2_step<Normalises, Exact>(m, x, i, c); });
}
template <bool Normalises>
inline void gaudi2_tile(const gemm_tile& t) {
  if (t.exponent != 0) return rounded_models::redo_all(t);
  if (keeps_products(t, range_of_sized(t))) return run_gaudi2<Normalises, true>(t);
  run_gaudi2<Normalises, false>(t);
}

/// The kernel of an aligned sum with the accumulator after each step.
inline bool grid_kernel(const mma_model& m, gemm_kernel& k) {
  const bool is_gaudi2 = m.sum == mma_sum::gaudi2;
  const int carries = 3 + log2_above(m.group);
  if ((!is_gaudi2 && m.sum != mma_sum::aligned) || m.entry != accumulator_entry::after_step ||
      m.run != 1 || m.low_bits != 0 || m.floors || m.scale_block != 0 || m.scales_align ||
      m.accumulator != formats::binary32 || m.d != m.accumulator ||
      !rounded_models::has_short_products(m) || !rounded_models::fits_binary32(m.a) ||
      !rounded_models::fits_binary32(m.b) || m.keeps_zero_sign ||
      !rounded_models::is_nearest(m.step) || m.least_exponent != mma_model{}.least_exponent ||
      m.step.flush_subnormal_result) {
    return false;
  }
  projection read_c = m.read_c;
  read_c.subnormal_input = projection{}.subnormal_input;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  if (read_c != projection{} || flushes_c != m.flush_rounded || flushes_c != is_gaudi2)
    return false;
  if (is_gaudi2) {
    if (m.kept_bits + carries > 52 || m.kept_bits > 46 || m.chains != 1 ||
        m.zeros != zero_exponent::none) {
      return false;
    }
    set_sized_kernel(m, m.normalises_products ? gaudi2_tile<true> : gaudi2_tile<false>, k);
    return true;
  }
  const int bits = m.kept_sum > m.kept_c ? m.kept_sum : m.kept_c;
  if (bits + carries > 52 || m.normalises_products || m.zeros != zero_exponent::minus_126_of_c ||
      !m.huge_products_are_infinite) {
    return false;
  }
  set_sized_kernel(m, m.chains == 2 ? cdna3_tile<2> : cdna3_tile<1>, k);
  return true;
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
