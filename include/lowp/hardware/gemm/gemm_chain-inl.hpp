// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by chains of additions, each rounded: lanes are columns, a row's factor is
/// in all of them. The definition: `chain_of` of mma_rounded.hpp. spec/gemm.md GEM-6.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_steps-inl.hpp"
#include "rounded_models.hpp"

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

using namespace steps;
using lowp::simd::rounded::redo_all;

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

/// Chains of fused steps, or of products and sums that are rounded apart, of binary32. Careful:
/// sums may be subnormal and are flushed.
template <int Chains, bool Fused, bool Careful>
HWY_NOINLINE void run_chains(const gemm_tile& t) {
  constexpr int R = Chains == 2 && HWY_TARGET > HWY_AVX3 && HWY_ARCH_X86_64 ? 2 : 4;
  using V = hn::Vec<f32>;
  const mma_model& m = *t.model;
  const bool after_all = m.entry == accumulator_entry::after_all;
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
  if (t.exponent != 0) return redo_all(t);
  const bool flushes = t.model->step.flush_subnormal_result;
  if (flushes && may_be_subnormal(t, lowp::simd::rounded::range_of_tile<float>(t).least)) {
    return run_chains<Chains, true, true>(t);
  }
  run_chains<Chains, true, false>(t);
}
inline void product_chain_tile(const gemm_tile& t) {
  if (t.exponent != 0) return redo_all(t);
  run_chains<1, false, false>(t);
}

/// A chain of binary64.
inline void double_chain_tile(const gemm_tile& t) {
  if (t.exponent != 0 || !has_fused) return redo_all(t);
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
      values::value_of_factor<double>(m, f, lowp::detail::unpack_operand(f, most, false))};
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
  const value_range r = lowp::simd::rounded::range_of_tile<float>(t);
  // Products must be exact, and leave room for what rounds.
  if (t.exponent != 0 || r.least < -149 || (!OfBits && r.greatest > 100)) return redo_all(t);
  run_short_chain<RoundsProducts, OfBits>(t);
}

/// A format that `run_short_chain` rounds to: with the exponents of binary32, or with fewer that
/// leave room for exact products and for the numbers that round.
inline bool is_short(format f, bool& of_bits) {
  using lowp::simd::rounded::fits;
  if (f.width == 0 || f.kind != number_kind::minifloat || !fits(f, 23, -126, 127)) return false;
  const int least = least_normal(f);
  of_bits = least == -126;
  return f.has_infinity && f.is_signed && f.bottom == bottom_binade::gradual &&
         (of_bits || fits(f, 22, -126, 30));
}

inline bool short_chain_kernel(const mma_model& m, gemm_kernel& k) {
  using namespace lowp::simd::rounded;
  bool of_bits = false;
  const format f = m.accumulator;
  if (!is_short(f, of_bits) || !has_short_products(m) || m.step != projection{} ||
      m.entry != accumulator_entry::in_step || m.read_c != projection{}) {
    return false;
  }
  if (m.product.width != 0) {
    if (m.product != f || m.product_last != projection{} || f.precision > 11) return false;
    set_kernel<float>(m, gemm_store::binary32,
                      of_bits ? short_chain_tile<true, true> : short_chain_tile<true, false>, k);
    return true;
  }
  if (f.precision > 22) return false;
  set_kernel<float>(m, gemm_store::binary32,
                    of_bits ? short_chain_tile<false, true> : short_chain_tile<false, false>, k);
  return true;
}

inline bool single_chain_kernel(const mma_model& m, gemm_kernel& k) {
  using namespace lowp::simd::rounded;
  const bool flushes = m.step.flush_subnormal_result;
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  projection read_c = m.read_c;
  read_c.subnormal_input = projection{}.subnormal_input;
  if (!is_nearest(m.step) || read_c != projection{} || (flushes_c && !flushes)) return false;
  if (m.entry == accumulator_entry::after_all && m.join != m.step) return false;
  if (m.product.width != 0) {
    if (m.product != m.d || m.product_last != projection{} || flushes || m.chains != 1) {
      return false;
    }
    set_kernel<float>(m, gemm_store::binary32, product_chain_tile, k);
    return true;
  }
  set_kernel<float>(m, gemm_store::binary32, m.chains == 2 ? chains_tile<2> : chains_tile<1>, k);
  return true;
}

/// The kernel of a chain.
inline bool chain_kernel(const mma_model& m, gemm_kernel& k) {
  using namespace lowp::simd::rounded;
  if (m.sum != mma_sum::chain || m.scale_block != 0 || m.run != 1 || m.flush_rounded ||
      m.products_add_zero) {
    return false;
  }
  if (m.d == formats::binary64 && m.accumulator == m.d) {
    if (!has_fused || !fits_binary64(m.a) || !fits_binary64(m.b) || !is_nearest(m.step) ||
        m.step.flush_subnormal_result || m.read_c != projection{} || m.product.width != 0 ||
        m.chains != 1 || m.entry != accumulator_entry::in_step) {
      return false;
    }
    set_kernel<double>(m, gemm_store::binary64, double_chain_tile, k);
    return true;
  }
  if (!fits_binary32(m.a) || !fits_binary32(m.b)) return false;
  if (m.accumulator == formats::binary32 && m.d == m.accumulator) return single_chain_kernel(m, k);
  return m.accumulator == m.d && short_chain_kernel(m, k);
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
