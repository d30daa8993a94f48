// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices for tests: operands of several kinds, and the elements of D by the
/// definition.
#ifndef LOWP_TESTS_HARDWARE_GEMM_PROBLEM_HPP
#define LOWP_TESTS_HARDWARE_GEMM_PROBLEM_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

namespace gemm_test {

using namespace lowp;

enum class kind { normal, scattered, finite, specials, sparse, cancelling, great, full };
inline constexpr kind all_kinds[] = {kind::normal, kind::scattered,  kind::finite, kind::specials,
                                     kind::sparse, kind::cancelling, kind::great,  kind::full};

inline code_t of_double(format f, double x) {
  return encode(f, decode(formats::binary64, std::bit_cast<code_t>(x)), {});
}

/// A random code of the kind.
inline code_t draw(format f, kind k, std::mt19937_64& g) {
  const code_t any = g() & detail::low_mask(f.width);
  if (f.kind != number_kind::minifloat) return any;
  std::normal_distribution<double> normal;
  switch (k) {
    case kind::normal: return of_double(f, normal(g));
    case kind::scattered:
      return of_double(f, std::ldexp(normal(g), static_cast<int>(g() % 60) - 40));
    case kind::cancelling: return of_double(f, static_cast<double>(g() % 5) - 2);
    case kind::great: return of_double(f, std::ldexp(normal(g), f.width > 8 ? 15 : 4));
    case kind::full: {
      // Significands of ones only, most of one sign: the greatest sums.
      const int t = trailing_bits(f);
      return encode(f, exact_finite(g() % 32 == 0, (std::uint64_t{2} << t) - 1, -t), {});
    }
    case kind::sparse:
      if (g() % 8 != 0) return g() % 2 == 0 || !f.is_signed ? 0 : code_t{1} << (f.width - 1);
      break;
    case kind::specials:
      if (g() % 8 == 0) return any;
      return of_double(f, normal(g));
    case kind::finite: break;
  }
  const number_class c = decode(f, any).cls;
  return c == number_class::finite || c == number_class::zero ? any : 0;
}

/// Codes in rows, of as many bytes as the format takes.
struct codes {
  std::vector<std::byte> bytes;
  code_matrix_out view;

  codes(format f, std::size_t rows, std::size_t columns) {
    const int size = f.width <= 8 ? 1 : f.width <= 16 ? 2 : f.width <= 32 ? 4 : 8;
    bytes.resize(rows * columns * static_cast<std::size_t>(size));
    view = {bytes.data(), size, rows, columns, static_cast<std::ptrdiff_t>(columns), 1};
  }
  code_matrix in() const {
    return {view.data, view.bytes, view.rows, view.columns, view.row_stride, view.column_stride};
  }
};

/// A rule with matrices.
struct problem {
  gemm_rule rule;
  codes a, b, c, d, scales_a, scales_b;

  problem(const gemm_rule& r, std::size_t m, std::size_t n, std::size_t k)
      : rule(r),
        a(stored(r.unit, r.unit.a), m, k),
        b(stored(r.unit, r.unit.b), k, n),
        c(r.unit.c, m, n),
        d(r.unit.d, m, n),
        scales_a(r.unit.scale, m, blocks(r.unit, k)),
        scales_b(r.unit.scale, blocks(r.unit, k), n) {}

  static format stored(const mma_model& m, format f) { return m.stored.width != 0 ? m.stored : f; }
  static std::size_t blocks(const mma_model& m, std::size_t k) {
    return m.scale_block == 0 ? 0 : (k + m.scale_block - 1) / m.scale_block;
  }

  void fill(kind k, std::mt19937_64& g) {
    const auto each = [&](codes& x, format f, kind how) {
      for (std::size_t i = 0; i < x.view.rows; ++i) {
        for (std::size_t j = 0; j < x.view.columns; ++j) x.view.set(i, j, draw(f, how, g));
      }
    };
    each(a, stored(rule.unit, rule.unit.a), k);
    each(b, stored(rule.unit, rule.unit.b), k);
    // Sparse factors meet accumulators of any exponent.
    each(c, rule.unit.c, k == kind::sparse ? (g() % 2 == 0 ? kind::finite : kind::sparse) : k);
    for (codes* s : {&scales_a, &scales_b}) {
      for (std::byte& x : s->bytes) {
        const int spread = k == kind::finite || k == kind::sparse ? 200 : 9;
        const int e = static_cast<int>(g() % static_cast<unsigned>(spread)) - spread / 2;
        const code_t code = encode(rule.unit.scale, exact_finite(false, 1 + g() % 3, e), {});
        x = static_cast<std::byte>(k == kind::specials && g() % 8 == 0 ? g() & 0xff : code);
      }
    }
  }
  gemm_scales scales() const { return {scales_a.in(), scales_b.in()}; }
  void run(const thread_options& options = {}) {
    gemm(rule, a.in(), b.in(), c.in(), d.view, scales(), options);
  }

  /// Factors of a row of A or a column of B, filled up, and scales.
  struct vectors {
    std::vector<mma_operand> a, b, scales_a, scales_b;
  };
  vectors operands(std::size_t i, std::size_t j) const {
    const mma_model& m = rule.unit;
    const std::size_t k = a.view.columns, padded = gemm_instructions(m, k) * m.k;
    vectors v;
    for (std::size_t p = 0; p < padded; ++p) {
      v.a.push_back(read_a(m, p < k ? a.view.code(i, p) : 0));
      v.b.push_back(read_b(m, p < k ? b.view.code(p, j) : 0));
    }
    if (m.scale_block == 0) return v;
    const code_t one = encode(m.scale, exact_finite(false, 1, 0), {});
    for (std::size_t p = 0; p < padded / m.scale_block; ++p) {
      const bool has = p < scales_a.view.columns;
      v.scales_a.push_back(read_scale(m, has ? scales_a.view.code(i, p) : one));
      v.scales_b.push_back(read_scale(m, has ? scales_b.view.code(p, j) : one));
    }
    return v;
  }
  std::vector<code_t> defined() const {
    std::vector<code_t> all;
    for (std::size_t i = 0; i < d.view.rows; ++i) {
      for (std::size_t j = 0; j < d.view.columns; ++j) {
        const vectors v = operands(i, j);
        const mma_operands x{v.a.data(), v.b.data(), v.scales_a.data(), v.scales_b.data(),
                             rule.exponent};
        all.push_back(
            gemm_element(rule, x, gemm_instructions(rule.unit, a.view.columns), c.view.code(i, j)));
      }
    }
    return all;
  }
  /// Elements of D that differ.
  std::size_t differences(const std::vector<code_t>& wanted) const {
    std::size_t n = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      n += d.view.code(i / d.view.columns, i % d.view.columns) != wanted[i];
    }
    return n;
  }
};

/// All registered models that are different arithmetic.
inline std::vector<named_mma_model> distinct_models() {
  std::vector<named_mma_model> all;
  for (const named_mma_model& m : all_mma_models) {
    bool is_new = true;
    for (const named_mma_model& o : all) is_new = is_new && !(o.value == m.value);
    if (is_new) all.push_back(m);
  }
  return all;
}

}  // namespace gemm_test

#endif  // LOWP_TESTS_HARDWARE_GEMM_PROBLEM_HPP
