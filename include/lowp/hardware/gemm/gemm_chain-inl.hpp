// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by chains of additions, each rounded: lanes are columns, a row's factor is
/// in all of them. The definition: `chain_of` of mma_rounded.hpp. spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_tiles-inl.hpp"

#if defined(LOWP_GEMM_CHAIN_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_CHAIN_INL_HPP
#undef LOWP_GEMM_CHAIN_INL_HPP
#else
#define LOWP_GEMM_CHAIN_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

/// Chains of fused steps, or of products and sums that are rounded apart, of binary32. Careful:
/// sums may be subnormal and are flushed.
template <int Chains, bool Fused, bool Careful>
HWY_NOINLINE void run_chains(const gemm_tile& t) {
  constexpr int R = Chains == 2 && HWY_TARGET > HWY_AVX3 && HWY_ARCH_X86_64 ? 2 : 4;
  using V = hn::Vec<f32>;
  const mma_model& m = *t.model;
  const bool after_all = Chains == 2 || m.entry == accumulator_entry::after_all;
  const auto clean = [](V x) HWY_ATTR { return Careful ? flush_sum(x) : x; };
  for_parts<float, R>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f32, R> c, s[Chains];
    load_rows<float, R>(t, row, column, c);
    if (m.read_c.subnormal_input == subnormal_input_rule::zero) {
      for_rows<R>([&](int r, int v) HWY_ATTR { c.v[r][v] = flush(c.v[r][v]); });
    }
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<float, R> x(t, n, row, column);
      s[0] = c;
      if (after_all) {
        for (int i = 0; i < Chains; ++i) {
          for_rows<R>([&](int r, int v) HWY_ATTR { s[i].v[r][v] = hn::Zero(f32()); });
        }
      }
      const auto add_one = [&](int i, sums_of_rows<f32, R>& to) HWY_ATTR {
        const V b[2] = {x.right(i, 0), x.right(i, 1)};
        for_rows<R>([&](int r, int v) HWY_ATTR {
          const V a = x.left(i, r);
          if constexpr (Fused) {
            to.v[r][v] = clean(fused_step(a, b[v], to.v[r][v]));
          } else {
            to.v[r][v] = clean(add(to.v[r][v], mul(a, b[v])));
          }
        });
      };
      int i = 0;
      for (; i + Chains <= m.k; i += Chains) {
        for (int j = 0; j < Chains; ++j) add_one(i + j, s[j]);
      }
      if (i < m.k) add_one(i, s[0]);
      if constexpr (Chains == 2) {
        for_rows<R>([&](int r, int v)
                        HWY_ATTR { s[0].v[r][v] = clean(add(s[0].v[r][v], s[1].v[r][v])); });
      }
      if (after_all) {
        for_rows<R>([&](int r, int v)
                        HWY_ATTR { c.v[r][v] = clean(add(c.v[r][v], s[0].v[r][v])); });
      } else {
        c = s[0];
      }
    }
    store_rows<float, R>(t, row, column, c);
  });
}

template <int Chains>
inline void chains_tile(const gemm_tile& t) {
  if (t.exponent != 0) return run_scaled(t, chains_tile<Chains>);
  const bool flushes = t.model->step.flush_subnormal_result;
  if (flushes && may_be_subnormal(t, rounded_models::range_of_tile<float>(t).least)) {
    return run_chains<Chains, true, true>(t);
  }
  run_chains<Chains, true, false>(t);
}
inline void product_chain_tile(const gemm_tile& t) {
  if (t.exponent != 0) return run_scaled(t, product_chain_tile);
  run_chains<1, false, false>(t);
}

/// A chain of binary64.
inline void double_chain_tile(const gemm_tile& t) {
  if (t.exponent != 0 || !has_fused) return rounded_models::redo_all(t);
  constexpr int R = 4;
  for_parts<double, R>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f64, R> c;
    load_rows<double, R>(t, row, column, c);
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<double, R> x(t, n, row, column);
      for (int i = 0; i < t.model->k; ++i) {
        const hn::Vec<f64> b[2] = {x.right(i, 0), x.right(i, 1)};
        for_rows<R>([&](int r, int v)
                        HWY_ATTR { c.v[r][v] = fused(x.left(i, r), b[v], c.v[r][v]); });
      }
    }
    store_rows<double, R>(t, row, column, c);
  });
}

/// A chain in a format of few bits: sums of binary32, of a rounded product exactly enough that
/// rounding twice is rounding once (24 >= 2 P + 2), of an exact one rounded to odd first (24 >= P +
/// 2).
template <bool RoundsProducts, bool OfBits>
HWY_NOINLINE void run_short_chain(const gemm_tile& t) {
  using V = hn::Vec<f32>;
  constexpr int R = 2;
  const mma_model& m = *t.model;
  const format f = m.accumulator;
  const exact most = decode(f, max_finite(f));
  const short_format rounds{
      trailing_bits(f), least_normal(f),
      values::value_of_factor<double>(m, f, lowp::detail::unpack_operand(f, most, false)),
      m.step.overflow == overflow_rule::saturate_finite};
  const rounding_grid<V> grid(rounds);
  for_parts<float, R>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f32, R> c;
    load_rows<float, R>(t, row, column, c);
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<float, R> x(t, n, row, column);
      for (int i = 0; i < m.k; ++i) {
        const V b[2] = {x.right(i, 0), x.right(i, 1)};
        for_rows<R>([&](int r, int v) HWY_ATTR {
          V p = mul(x.left(i, r), b[v]);
          if constexpr (RoundsProducts) {
            p = round_to<OfBits>(grid, p);
            c.v[r][v] = round_to<OfBits>(grid, add(c.v[r][v], p));
          } else {
            c.v[r][v] = round_to<OfBits>(grid, add_to_odd(c.v[r][v], p));
          }
        });
      }
    }
    store_rows<float, R>(t, row, column, c);
  });
}
template <bool RoundsProducts, bool OfBits>
inline void short_chain_tile(const gemm_tile& t) {
  if (t.exponent != 0) return run_scaled(t, short_chain_tile<RoundsProducts, OfBits>);
  const value_range r = rounded_models::range_of_tile<float>(t);
  // Products must be exact, and leave room for what rounds.
  if (r.least < -149 || (!OfBits && r.greatest > 100)) return rounded_models::redo_all(t);
  run_short_chain<RoundsProducts, OfBits>(t);
}

/// A format that `run_short_chain` rounds to: with the exponents of binary32, or with fewer that
/// leave room for exact products and for the numbers that round.
inline bool is_short(format f, bool& of_bits) {
  if (f.width == 0 || f.kind != number_kind::minifloat || !rounded_models::fits(f, 23, -126, 127))
    return false;
  const int least = least_normal(f);
  of_bits = least == -126;
  return f.has_infinity && f.is_signed && f.bottom == bottom_binade::gradual &&
         (of_bits || rounded_models::fits(f, 22, -126, 30));
}

inline bool short_chain_kernel(const mma_model& m, gemm_kernel& k) {
  bool of_bits = false;
  const format f = m.accumulator;
  if (!is_short(f, of_bits) || !rounded_models::has_short_products(m) || m.step != projection{} ||
      m.entry != accumulator_entry::in_step || m.read_c != projection{}) {
    return false;
  }
  if (m.product.width != 0) {
    if (m.product != f || m.product_last != projection{} || f.precision > 11) return false;
    rounded_models::set_kernel<float>(
        m, gemm_store::binary32,
        of_bits ? short_chain_tile<true, true> : short_chain_tile<true, false>, k);
    return true;
  }
  if (f.precision > 22) return false;
  rounded_models::set_kernel<float>(
      m, gemm_store::binary32,
      of_bits ? short_chain_tile<false, true> : short_chain_tile<false, false>, k);
  return true;
}

inline bool single_chain_kernel(const mma_model& m, gemm_kernel& k) {
  const bool flushes = m.step.flush_subnormal_result;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  projection read_c = m.read_c;
  read_c.subnormal_input = projection{}.subnormal_input;
  if (!rounded_models::is_nearest(m.step) || read_c != projection{} || (flushes_c && !flushes))
    return false;
  if (m.entry == accumulator_entry::after_all && m.join != m.step) return false;
  if (m.product.width != 0) {
    if (m.product != m.d || m.product_last != projection{} || flushes || m.chains != 1) {
      return false;
    }
    rounded_models::set_kernel<float>(m, gemm_store::binary32, product_chain_tile, k);
    return true;
  }
  rounded_models::set_kernel<float>(m, gemm_store::binary32,
                                    m.chains == 2 ? chains_tile<2> : chains_tile<1>, k);
  return true;
}

/// The kernel of a chain.
inline bool chain_kernel(const mma_model& m, gemm_kernel& k) {
  if (m.sum != mma_sum::chain || m.scale_block != 0 || m.run != 1 || m.flush_rounded ||
      m.products_add_zero) {
    return false;
  }
  if (m.d == formats::binary64 && m.accumulator == m.d) {
    if (!has_fused || !rounded_models::fits_binary64(m.a) || !rounded_models::fits_binary64(m.b) ||
        !rounded_models::is_nearest(m.step) || m.step.flush_subnormal_result ||
        m.read_c != projection{} || m.product.width != 0 || m.chains != 1 ||
        m.entry != accumulator_entry::in_step) {
      return false;
    }
    rounded_models::set_kernel<double>(m, gemm_store::binary64, double_chain_tile, k);
    return true;
  }
  if (!rounded_models::fits_binary32(m.a) || !rounded_models::fits_binary32(m.b)) return false;
  if (m.accumulator == formats::binary32 && m.d == m.accumulator) return single_chain_kernel(m, k);
  return m.accumulator == m.d && short_chain_kernel(m, k);
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
