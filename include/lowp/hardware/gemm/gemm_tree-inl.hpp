// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices by trees of rounded sums. The definition: `tree_of` of mma_rounded.hpp.
/// spec/gemm.md GEM-10.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "gemm_chain-inl.hpp"

#if defined(LOWP_GEMM_TREE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_GEMM_TREE_INL_HPP
#undef LOWP_GEMM_TREE_INL_HPP
#else
#define LOWP_GEMM_TREE_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

#if LOWP_HAS_GEMM_STEPS
namespace rounded {

/// What the leaves of a tree are and how its sums round.
enum class tree_kind {
  products,  ///< rounded to nearest, as sums are
  raised,    ///< the same plus 0
  pairs,     ///< x y + v w in one rounding
  odd,       ///< everything to odd
};

/// The arithmetic of a tree. Careful: products may be inexact where the kind takes them for exact,
/// and subnormal results are flushed if the model flushes.
template <tree_kind Kind, bool Careful>
struct tree_arithmetic {
  using V = hn::Vec<f32>;
  bool flushes;

  HWY_INLINE V clean(V x) const {
    if constexpr (Careful) {
      return flushes ? flush(x) : x;
    } else {
      return x;
    }
  }
  HWY_INLINE V sum(V x, V y) const {
    if constexpr (Kind == tree_kind::odd) {
      // What overflows to nearest may not to odd.
      const V s = clean(add_to_odd(x, y));
      const auto infinite = hn::Eq(magnitude(s), set_bits<V>(0x7f800000));
      return hn::IfThenElse(hn::RebindMask(f32(), infinite), mark<V>(), s);
    } else {
      return clean(add(x, y));
    }
  }
  /// The leaf that begins with product i.
  HWY_INLINE V leaf(const rows_in_work<float, 1>& x, int i, int v) const {
    const V a = x.left(i, 0), b = x.right(i, v);
    if constexpr (Kind == tree_kind::pairs) {
      const V c = x.left(i + 1, 0), e = x.right(i + 1, v);
      if constexpr (Careful) {
        return pair_wide(a, b, c, e);
      } else {
        return finite(add_product(a, b, mul(c, e)));
      }
    } else if constexpr (Kind == tree_kind::raised) {
      if constexpr (Careful) {
        return clean(raise(mul(a, b), a, b));
      } else {
        return add_product(a, b, hn::Zero(f32()));
      }
    } else {
      return clean(mul(a, b));
    }
  }

 private:
  /// Products that were infinite though the sum need not be.
  static HWY_INLINE V finite(V x) {
    const auto infinite = hn::Eq(magnitude(x), set_bits<V>(0x7f800000));
    return hn::IfThenElse(hn::RebindMask(f32(), infinite), mark<V>(), x);
  }
  /// +0 for -0, unless the product is not zero and rounds to it.
  static HWY_INLINE V raise(V product, V a, V b) {
    const auto zero = hn::Zero(bits_tag<V>());
    const auto exact = hn::Or(hn::Eq(magnitude(a), zero), hn::Eq(magnitude(b), zero));
    return from_bits<V>(hn::IfThenElse(exact, zero, bits_of(product)));
  }
};

/// The tree of N leaves from product i on.
template <int N, tree_kind Kind, bool Careful>
HWY_INLINE hn::Vec<f32> small_tree(const tree_arithmetic<Kind, Careful>& t,
                                   const rows_in_work<float, 1>& x, int i, int v) {
  constexpr int run = Kind == tree_kind::pairs ? 2 : 1;
  if constexpr (N == 1) {
    return t.leaf(x, i, v);
  } else {
    return t.sum(small_tree<N / 2>(t, x, i, v), small_tree<N / 2>(t, x, i + N / 2 * run, v));
  }
}

/// Steps of Leaves leaves, or of Leaves times a power of two: trees of as many meet like the digits
/// of a binary number.
template <int Leaves, tree_kind Kind, bool Careful>
HWY_NOINLINE void run_trees(const gemm_tile& t) {
  using V = hn::Vec<f32>;
  constexpr int run = Kind == tree_kind::pairs ? 2 : 1;
  const mma_model& m = *t.model;
  const tree_arithmetic<Kind, Careful> way{m.flush_rounded || m.step.flush_subnormal_result};
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  const bool raises_c = m.read_c.zero_sign == sign_rule::positive;
  const V zero = from_bits<V>(set_bits<V>(raises_c ? 0 : sign_bit<V>));
  for_parts<float, 1>([&](std::size_t row, std::size_t column) HWY_ATTR {
    sums_of_rows<f32, 1> c;
    load_rows<float, 1>(t, row, column, c);
    for (int v = 0; v < 2; ++v) {
      if (flushes_c) c.v[0][v] = flush(c.v[0][v]);
    }
    for (std::uint64_t n = t.first; n < t.last; n += t.step) {
      const rows_in_work<float, 1> x(t, n, row, column);
      for (int v = 0; v < 2; ++v) c.v[0][v] = add(c.v[0][v], zero);
      for (int i = 0; i < m.k; i += m.group) {
        V s0 = small_tree<Leaves>(way, x, i, 0), s1 = small_tree<Leaves>(way, x, i, 1);
        if (m.group != Leaves * run) {
          V waiting[2][10];
          int depth = 0;
          unsigned count = 0;
          for (int j = i + Leaves * run;; j += Leaves * run) {
            for (unsigned b = count++; (b & 1) != 0; b >>= 1) {
              --depth;
              s0 = way.sum(waiting[0][depth], s0);
              s1 = way.sum(waiting[1][depth], s1);
            }
            if (j == i + m.group) break;
            waiting[0][depth] = s0;
            waiting[1][depth++] = s1;
            s0 = small_tree<Leaves>(way, x, j, 0);
            s1 = small_tree<Leaves>(way, x, j, 1);
          }
        }
        c.v[0][0] = way.sum(c.v[0][0], s0);
        c.v[0][1] = way.sum(c.v[0][1], s1);
      }
    }
    store_rows<float, 1>(t, row, column, c);
  });
}

template <tree_kind Kind, bool Careful>
inline void choose_leaves(const gemm_tile& t) {
  const int leaves = t.model->group / t.model->run;
  if (leaves % 4 == 0) return run_trees<4, Kind, Careful>(t);
  if (leaves == 2) return run_trees<2, Kind, Careful>(t);
  run_trees<1, Kind, Careful>(t);
}

/// Is a tile to be done with care?
template <tree_kind Kind>
inline bool needs_care(const gemm_tile& t) {
  const mma_model& m = *t.model;
  if constexpr (Kind == tree_kind::products) return false;
  const std::int32_t least = rounded_models::range_of_tile<float>(t).least;
  if (m.flush_rounded || m.step.flush_subnormal_result) return may_be_subnormal(t, least);
  // Products of -0 are told from those that round to it only with care.
  return least < (Kind == tree_kind::pairs ? -149 : -126);
}

template <tree_kind Kind>
inline void tree_tile(const gemm_tile& t) {
  if (t.exponent != 0) return run_scaled(t, tree_tile<Kind>);
  if constexpr (Kind != tree_kind::products) {
    if (needs_care<Kind>(t)) return choose_leaves<Kind, true>(t);
  }
  choose_leaves<Kind, false>(t);
}

/// Rounds to odd, overflows to infinity, flushes what is tiny before it.
inline bool is_odd(projection p) {
  p.nan = projection{}.nan;
  p.nan_sign = projection{}.nan_sign;
  return p == projection{.round = rounding::to_odd,
                         .overflow = infinite,
                         .flush_subnormal_result = true,
                         .tininess = tininess_rule::before_rounding};
}

/// The kernel of a tree.
inline bool tree_kernel(const mma_model& m, gemm_kernel& k) {
  const format f32_format = formats::binary32;
  const int leaves = m.group / m.run;
  if (m.sum != mma_sum::tree || m.scale_block != 0 || (leaves & (leaves - 1)) != 0 ||
      m.accumulator != f32_format || m.d != f32_format || m.product != f32_format ||
      !rounded_models::fits_binary32(m.a) || !rounded_models::fits_binary32(m.b)) {
    return false;
  }
  const bool flushes_c = m.read_c.subnormal_input == subnormal_input_rule::zero;
  projection read_c = m.read_c;
  read_c.subnormal_input = projection{}.subnormal_input;
  read_c.zero_sign = projection{}.zero_sign;
  if (read_c != projection{}) return false;
  if (is_odd(m.step)) {
    if (m.product_last != m.step || m.flush_rounded || m.run != 1 || m.products_add_zero ||
        !flushes_c || m.a.precision + m.b.precision > 23) {
      return false;
    }
    rounded_models::set_kernel<float>(m, gemm_store::binary32, tree_tile<tree_kind::odd>, k);
    return true;
  }
  if (!rounded_models::is_nearest(m.step) || !rounded_models::is_nearest(m.product_last) ||
      m.step.flush_subnormal_result || m.product_last.flush_subnormal_result ||
      (flushes_c && !m.flush_rounded)) {
    return false;
  }
  if (m.run == 2) {
    if (!rounded_models::has_short_products(m) || !m.keeps_zero_sign || m.flush_rounded ||
        m.products_add_zero) {
      return false;
    }
    rounded_models::set_kernel<float>(m, gemm_store::binary32, tree_tile<tree_kind::pairs>, k);
    return true;
  }
  if (m.run != 1 || (m.flush_rounded && !m.products_add_zero)) return false;
  rounded_models::set_kernel<float>(
      m, gemm_store::binary32,
      m.products_add_zero ? tree_tile<tree_kind::raised> : tree_tile<tree_kind::products>, k);
  return true;
}

}  // namespace rounded
#endif  // LOWP_HAS_GEMM_STEPS

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
