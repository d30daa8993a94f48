// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by sums with one rounding a step: products and sums are exact in binary64,
/// or in two numbers of it. The definition: `exact_step` of mma_rounded.hpp. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_chain-inl.hpp"

#if defined(LOWP_GEMM_EXACT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_EXACT_INL_HPP
#undef LOWP_GEMM_EXACT_INL_HPP
#else
#define LOWP_GEMM_EXACT_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

/// Accumulators of binary32 in memory as binary64 lanes.
template <int R>
HWY_INLINE void load_wide(const gemm_tile& t, std::size_t row, std::size_t column,
                          sums_of_rows<f64, R>& s) {
  const float* p = static_cast<const float*>(t.accumulators) + row * value_columns + column;
  for_rows<R>([&](int r, int v) HWY_ATTR {
    s.v[r][v] = hn::PromoteTo(
        f64(), hn::Load(half32(), p + r * value_columns + static_cast<std::size_t>(v) * lanes64));
  });
}
template <int R>
HWY_INLINE void store_wide(const gemm_tile& t, std::size_t row, std::size_t column,
                           const sums_of_rows<f64, R>& s) {
  float* p = static_cast<float*>(t.accumulators) + row * value_columns + column;
  for_rows<R>([&](int r, int v) HWY_ATTR {
    hn::Store(hn::DemoteTo(half32(), s.v[r][v]), half32(),
              p + r * value_columns + static_cast<std::size_t>(v) * lanes64);
  });
}

/// How a sum in binary64, rounded to odd, becomes an accumulator: of binary32, or Short.
template <bool Short>
struct exact_rounding {
  using V = double_vector;
  rounding_grid<V> grid;
  bool saturates, flushes;

  HWY_INLINE exact_rounding(const short_format& f, const projection& p)
      : grid(f), saturates(p.overflow != overflow_rule::ieee), flushes(p.flush_subnormal_result) {}

  HWY_INLINE V operator()(V x) const {
    if constexpr (Short) {
      if (saturates) x = clamp(x);
      return round_to<false>(grid, x);
    } else {
      x = hn::PromoteTo(f64(), hn::DemoteTo(half32(), x));
      if (saturates) x = clamp(x);
      return flushes ? flush_binary32(x) : x;
    }
  }

 private:
  /// Infinities and what is beyond the greatest value as that; NaN as it is.
  HWY_INLINE V clamp(V x) const {
    const auto m = magnitude(x), sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
    const auto infinity = set_bits<V>(std::uint64_t{0x7ff} << 52);
    const auto to_greatest = hn::AndNot(less(infinity, m), less(grid.greatest, m));
    return from_bits<V>(select(to_greatest, hn::Or(sign, grid.greatest), bits_of(x)));
  }
  /// As `flush_sum`, of a binary32 number.
  static HWY_INLINE V flush_binary32(V x) {
    const auto normal = set_bits<V>(std::uint64_t{1023 - 126} << 52);
    const auto m = magnitude(x), sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
    const V r = from_bits<V>(select(less(m, normal), sign, bits_of(x)));
    return hn::IfThenElse(hn::RebindMask(f64(), hn::Eq(m, normal)), mark<V>(), r);
  }
};

/// Steps whose sums of products fit binary64, or Window: two numbers, one of multiples of a power
/// of two, to which `magic` cuts, and one of what is left.
template <bool Window, bool Short>
HWY_NOINLINE void run_exact(const gemm_tile& t, double magic) {
  using V = double_vector;
  constexpr int R = 2;
  const mma_model& m = *t.model;
  const format f = m.accumulator;
  const short_format rounds{
      trailing_bits(f), least_normal(f),
      values::value_of_factor<double>(
          m, f, lowp::detail::unpack_operand(f, decode(f, max_finite(f)), false))};
  const exact_rounding<Short> round(rounds, m.step);
  const bool after_all = m.entry == accumulator_entry::after_all;
  const V scale = hn::Set(f64(), values::power_of_two(t.exponent));
  const V zero = from_bits<V>(set_bits<V>(m.keeps_zero_sign ? sign_bit<V> : 0));
  const V begin = Window ? hn::Set(f64(), magic) : zero;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  for_parts<double, R>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f64, R> c, sum, high, low;
    load_wide<R>(t, row, column, c);
    if (flushes_c) {
      const V normal = hn::Set(f64(), 0x1p-126);
      for_rows<R>([&](int r, int v) HWY_ATTR {
        const V x = c.v[r][v];
        const auto sign = hn::And(bits_of(x), set_bits<V>(sign_bit<V>));
        c.v[r][v] = from_bits<V>(select(less(magnitude(x), bits_of(normal)), sign, bits_of(x)));
      });
    }
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<double, R> x(t, n, row, column);
      sum = c;
      if (after_all) for_rows<R>([&](int r, int v) HWY_ATTR { sum.v[r][v] = hn::Zero(f64()); });
      for (int i = 0; i < m.k;) {
        for_rows<R>([&](int r, int v) HWY_ATTR {
          high.v[r][v] = begin;
          if constexpr (Window) low.v[r][v] = hn::Zero(f64());
        });
        for (const int end = i + m.group; i < end; ++i) {
          const V b[2] = {x.right(i, 0), x.right(i, 1)};
          for_rows<R>([&](int r, int v) HWY_ATTR {
            const V a = x.left(i, r);
            if constexpr (Window) {
              const V p = mul(a, b[v]), s = add(high.v[r][v], p);
              low.v[r][v] = add(low.v[r][v], sub(p, sub(s, high.v[r][v])));
              high.v[r][v] = s;
            } else {
              high.v[r][v] = add_product(a, b[v], high.v[r][v]);
            }
          });
        }
        for_rows<R>([&](int r, int v) HWY_ATTR {
          const V s = sum.v[r][v];
          if constexpr (Window) {
            const V h = mul(sub(high.v[r][v], begin), scale), l = mul(low.v[r][v], scale);
            V x3 = round(add_to_odd(h, l, s));
            if (m.keeps_zero_sign) {
              // A zero whose sign is that of products.
              const auto zeros = hn::Or(hn::Or(magnitude(h), magnitude(l)), magnitude(s));
              const auto all = hn::Eq(zeros, hn::Zero(bits_tag<V>()));
              x3 = hn::IfThenElse(hn::RebindMask(f64(), all), mark<V>(), x3);
            }
            sum.v[r][v] = x3;
          } else {
            sum.v[r][v] = round(add_to_odd(mul(high.v[r][v], scale), s));
          }
        });
      }
      if (after_all) {
        for_rows<R>([&](int r, int v)
                        HWY_ATTR { c.v[r][v] = round(add_to_odd(c.v[r][v], sum.v[r][v])); });
      } else {
        c = sum;
      }
    }
    store_wide<R>(t, row, column, c);
  });
}

/// The least n with 2^n >= x.
inline int log2_above(int x) {
  int n = 0;
  while ((1 << n) < x) ++n;
  return n;
}

template <bool Short>
inline void exact_tile(const gemm_tile& t) {
  value_range r = rounded_models::range_of_tile<double>(t);
  const int terms = log2_above(t.model->group);
  const int most = r.greatest - t.exponent + terms, least = r.least - t.exponent;
  if (r.greatest < r.least || most - least <= 53) return run_exact<false, Short>(t, 0.0);
  // Sums below 2^most are multiples of 2^(most - 50), and what is left of them.
  const int grid = most - 50;
  if (terms + grid - 1 - least > 53) return rounded_models::redo_all(t);
  run_exact<true, Short>(t, 1.5 * values::power_of_two(52 + grid));
}

/// Steps of one product are a chain. Saturates: what is infinite there is not by the model.
template <bool Saturates>
inline void single_product_tile(const gemm_tile& t) {
  if (t.exponent != 0) return run_scaled(t, single_product_tile<Saturates>);
  run_chains<1, true, false>(t);
  if (!Saturates) return;
  auto* const p = static_cast<float*>(t.accumulators);
  for (std::size_t i = 0; i < value_rows * value_columns; i += lanes32) {
    const auto x = hn::Load(f32(), p + i);
    const auto infinite = hn::Eq(magnitude(x), set_bits<hn::Vec<f32>>(0x7f800000));
    const auto r = hn::IfThenElse(hn::RebindMask(f32(), infinite), mark<hn::Vec<f32>>(), x);
    hn::Store(r, f32(), p + i);
  }
}

/// The kernel of an exact sum.
inline bool exact_kernel(const mma_model& m, gemm_kernel& k) {
  if (m.sum != mma_sum::exact || m.scale_block != 0 || m.flush_rounded ||
      m.entry == accumulator_entry::after_step || m.accumulator != m.d || m.run != 1 ||
      !rounded_models::fits_binary32(m.a) || !rounded_models::fits_binary32(m.b) ||
      m.products_add_zero) {
    return false;
  }
  projection step = m.step;
  if (step.overflow == overflow_rule::saturate_finite) step.overflow = overflow_rule::ieee;
  const bool flushes = step.flush_subnormal_result;
  projection read_c = m.read_c;
  read_c.subnormal_input = projection{}.subnormal_input;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  if (!rounded_models::is_nearest(step) || read_c != projection{} || (flushes_c && !flushes))
    return false;
  if (m.entry == accumulator_entry::after_all && m.join != m.step) return false;
  const bool is_single = m.d == formats::binary32;
  bool of_bits = false;
  if (!is_single && (!is_short(m.d, of_bits) || flushes)) return false;
  if (m.group == 1 && m.keeps_zero_sign && m.entry == accumulator_entry::in_step && !flushes &&
      !of_bits && rounded_models::has_short_products(m)) {
    const bool saturates = m.step.overflow == overflow_rule::saturate_finite;
    rounded_models::set_kernel<float>(m, gemm_store::binary32,
                                      !is_single  ? short_chain_tile<false, false>
                                      : saturates ? single_product_tile<true>
                                                  : single_product_tile<false>,
                                      k);
    return true;
  }
  rounded_models::set_kernel<double>(m, gemm_store::binary32,
                                     is_single ? exact_tile<false> : exact_tile<true>, k);
  return true;
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
