// SPDX-License-Identifier: Apache-2.0
// The kernels of matrix products for chains, trees, exact sums, integers and the units of CDNA3 and
// Gaudi2 that have a sum of their own: on every instruction set the bits of the definition. GEM-10.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "simd/changed_environment.hpp"
#include "simd/targets.hpp"

namespace {

using namespace lowp;

constexpr std::uint64_t seed = 0x6e756d626572ULL;

struct random_words {
  std::uint64_t state = seed;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
};

/// What the elements of a matrix are.
enum class kind {
  near_one,
  few_values,
  any_finite,
  tiny,
  least,
  greatest,
  cancelling,
  wide,
  specials,
  great,
  small
};
constexpr kind all_kinds[] = {kind::near_one,   kind::few_values, kind::any_finite,
                              kind::tiny,       kind::least,      kind::greatest,
                              kind::cancelling, kind::wide,       kind::specials};

/// A code of a format, of a factor or of what is added.
code_t random_code(random_words& r, format f, kind k, bool is_c = false) {
  const int width = f.width;
  const code_t mask = width == 64 ? ~code_t{0} : (code_t{1} << width) - 1;
  if (f.kind != number_kind::minifloat) {
    if (k == kind::few_values) return (r.below(3) == 0 ? 1 : r.below(2)) * mask & mask;
    if (k == kind::near_one) return r.below(std::uint64_t{1} << ((width + 1) / 2)) & mask;
    if (k == kind::specials) {
      const code_t ends[] = {0, 1, mask, code_t{1} << (width - 1), (code_t{1} << (width - 1)) - 1};
      return ends[r.below(5)] & mask;
    }
    return r.next() & mask;
  }
  const int t = trailing_bits(f);
  const auto code = [&](int exponent, std::uint64_t fraction, bool negative) {
    return encode(f, exact_finite(negative, (std::uint64_t{1} << t) | fraction, exponent - t), {});
  };
  const std::uint64_t fraction = r.next() & ((std::uint64_t{1} << t) - 1);
  const bool negative = r.below(2) != 0;
  const int least = detail::kind_of_number<number_kind::minifloat>::least_normal_exponent(f);
  switch (k) {
    case kind::near_one: return code(static_cast<int>(r.below(5)) - 3, fraction, negative);
    case kind::few_values: {
      const double values[] = {0, -0.0, 1, -1, 2, 0.5, -0.5, 3};
      const double v = values[r.below(8)];
      return encode(f, decode(formats::binary64, __builtin_bit_cast(std::uint64_t, v)), {});
    }
    case kind::any_finite:
      for (;;) {
        const code_t c = r.next() & mask;
        const number_class cls = decode(f, c).cls;
        if (cls == number_class::finite || cls == number_class::zero) return c;
      }
    case kind::tiny: {
      if (r.below(6) == 0) return r.next() & ((code_t{1} << t) - 1);  // subnormal
      const int middle = r.below(2) != 0 ? least : least / 2;
      return code(middle + static_cast<int>(r.below(6)) - 2, fraction, negative);
    }
    case kind::least: {
      // Few products, about the least normal number and half of its last place.
      if (r.below(3) != 0) return encode(f, exact_zero(negative), {});
      if (is_c) return code(least - 1 + static_cast<int>(r.below(3)), r.below(2), negative);
      const int places[] = {0, 0, 1, -1, -12, -13};
      const int e = least / 2 + places[r.below(6)];
      return code(e < least ? least : e, r.below(8) == 0 ? fraction : 0, negative);
    }
    case kind::greatest: {
      // Halves of the last place of the greatest number.
      if (r.below(3) != 0) return encode(f, exact_zero(negative), {});
      if (is_c) return max_finite(f) | (negative ? code_t{1} << (width - 1) : 0);
      return code((least < -40 ? 51 : 2) + static_cast<int>(r.below(3)) - 1, 0, negative);
    }
    case kind::great:
    case kind::small: {
      const int most = least < -40 ? 30 : least < -1 ? -least : 1;
      const int e = static_cast<int>(r.below(static_cast<std::uint64_t>(most)));
      return code(k == kind::great ? e : -e, fraction, k == kind::small && negative);
    }
    case kind::cancelling: {
      const std::uint64_t cut = r.below(4) == 0 ? fraction : 0;
      return code(static_cast<int>(r.below(3)), cut, negative);
    }
    case kind::wide: {
      const int most = least < -40 ? 60 : least < -1 ? -least : 1;
      const int e = static_cast<int>(r.below(static_cast<std::uint64_t>(2 * most - 1))) - most + 1;
      return code(e, r.below(2) != 0 ? fraction : 0, negative);
    }
    case kind::specials: break;
  }
  if (r.below(12) != 0) return random_code(r, f, kind::near_one);
  return r.next() & mask;
}

code_t factor(random_words& r, const mma_model& m, format f, kind k) {
  if (m.stored.width == 0) return random_code(r, f, k);
  if (r.below(4) == 0) return random_code(r, m.stored, k);
  return convert(f, random_code(r, f, k), m.stored, {});
}

struct problem {
  std::size_t rows, columns, depth;
  std::vector<std::uint64_t> a, b, c;  ///< row by row
};

problem make_problem(random_words& r, const mma_model& m, kind k, std::size_t rows,
                     std::size_t columns, std::size_t depth) {
  problem p{rows, columns, depth, {}, {}, {}};
  for (std::size_t i = 0; i < rows * depth; ++i) p.a.push_back(factor(r, m, m.a, k));
  for (std::size_t i = 0; i < columns * depth; ++i) p.b.push_back(factor(r, m, m.b, k));
  for (std::size_t i = 0; i < rows * columns; ++i) {
    const bool ends = k == kind::least || k == kind::greatest;
    const kind of_c = !ends && r.below(3) == 0 ? kind::few_values
                      : k == kind::wide        ? kind::any_finite
                                               : k;
    p.c.push_back(random_code(r, m.c, of_c, true));
  }
  if (k == kind::wide && m.sum != mma_sum::integer) {
    // Great products of one sign, small ones, and the great ones with the other sign.
    const std::size_t half = m.group / 2;
    const code_t sign = code_t{1} << (stored_width(m, m.a) - 1);
    for (std::size_t i = 0; i + half < depth; ++i) {
      if (i % m.group >= half) continue;
      const bool is_great = r.below(3) != 0;
      for (std::size_t j = 0; j < rows; ++j) {
        code_t& a = p.a[j * depth + i];
        a = factor(r, m, m.a, is_great ? kind::great : kind::small);
        p.a[j * depth + i + half] = is_great ? a ^ sign : a;
      }
      for (std::size_t j = 0; j < columns; ++j) {
        code_t& b = p.b[i * columns + j];
        b = factor(r, m, m.b, is_great ? kind::great : kind::small);
        p.b[(i + half) * columns + j] = b;
      }
    }
  }
  if (k == kind::cancelling) {
    // Products that are the others with the other sign, and c that is a product.
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t i = 0; i + 1 < depth; i += 2) {
        if (r.below(3) == 0) p.b[(i + 1) * columns + j] = p.b[i * columns + j];
      }
    }
    for (std::size_t j = 0; j < rows; ++j) {
      for (std::size_t i = 0; i + 1 < depth; i += 2) {
        const code_t sign = code_t{1} << (stored_width(m, m.a) - 1);
        if (r.below(3) == 0) p.a[j * depth + i + 1] = p.a[j * depth + i] ^ sign;
      }
    }
  }
  return p;
}

std::vector<std::uint64_t> define(const gemm_rule& rule, const problem& p) {
  const mma_model& m = rule.unit;
  const std::uint64_t n = gemm_instructions(m, p.depth);
  const std::size_t k = n * m.k;
  std::vector<mma_operand> a(p.rows * k, read_a(m, 0)), b(p.columns * k, read_b(m, 0));
  for (std::size_t i = 0; i < p.rows; ++i) {
    for (std::size_t x = 0; x < p.depth; ++x) a[i * k + x] = read_a(m, p.a[i * p.depth + x]);
  }
  for (std::size_t j = 0; j < p.columns; ++j) {
    for (std::size_t x = 0; x < p.depth; ++x) b[j * k + x] = read_b(m, p.b[x * p.columns + j]);
  }
  std::vector<std::uint64_t> d;
  for (std::size_t i = 0; i < p.rows; ++i) {
    for (std::size_t j = 0; j < p.columns; ++j) {
      const mma_operands x{a.data() + i * k, b.data() + j * k, nullptr, nullptr, rule.exponent};
      d.push_back(gemm_element(rule, x, n, p.c[i * p.columns + j]));
    }
  }
  return d;
}

template <class Word>
std::vector<Word> words(const std::vector<std::uint64_t>& x) {
  std::vector<Word> r;
  for (const std::uint64_t w : x) r.push_back(static_cast<Word>(w));
  return r;
}

/// D by the kernels; codes in bytes of their size.
std::vector<std::uint64_t> run(const gemm_rule& rule, const problem& p) {
  const mma_model& m = rule.unit;
  const auto bytes_of = [](int width) {
    return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8;
  };
  const auto pack = [](const std::vector<std::uint64_t>& x, int bytes) {
    std::vector<std::byte> r;
    for (const std::uint64_t w : x) {
      for (int i = 0; i < bytes; ++i) r.push_back(static_cast<std::byte>(w >> (8 * i) & 0xff));
    }
    return r;
  };
  const int wa = bytes_of(stored_width(m, m.a)), wb = bytes_of(stored_width(m, m.b));
  const int wc = bytes_of(m.c.width), wd = bytes_of(m.d.width);
  const auto a = pack(p.a, wa), b = pack(p.b, wb), c = pack(p.c, wc);
  std::vector<std::byte> d(p.rows * p.columns * static_cast<std::size_t>(wd));
  const auto matrix = [](const auto& x, int bytes, std::size_t rows, std::size_t columns) {
    return code_matrix{x.data(), bytes, rows, columns, static_cast<std::ptrdiff_t>(columns), 1};
  };
  const code_matrix_out out{d.data(), wd, p.rows, p.columns, static_cast<std::ptrdiff_t>(p.columns),
                            1};
  gemm(rule, matrix(a, wa, p.rows, p.depth), matrix(b, wb, p.depth, p.columns),
       matrix(c, wc, p.rows, p.columns), out);
  std::vector<std::uint64_t> r;
  for (std::size_t i = 0; i < p.rows; ++i) {
    for (std::size_t j = 0; j < p.columns; ++j) r.push_back(out.code(i, j));
  }
  return r;
}

/// Is this a model of the families of this test?
bool is_ours(const mma_model& m) {
  return m.scale_block == 0 && (m.sum != mma_sum::aligned || m.chains == 2);
}

/// The distinct models, under their first names.
std::vector<named_mma_model> distinct_models() {
  std::vector<named_mma_model> r;
  for (const named_mma_model& m : all_mma_models) {
    bool known = !is_ours(m);
    for (const named_mma_model& other : r) known = known || other.value == m.value;
    if (!known) r.push_back(m);
  }
  return r;
}

int mismatches(const gemm_rule& rule, const problem& p,
               const std::vector<std::uint64_t>& expected) {
  int n = 0;
  const auto d = run(rule, p);
  for (std::size_t i = 0; i < d.size(); ++i) {
    if (d[i] == expected[i]) continue;
    if (n == 0) {
      MESSAGE("element " << i / p.columns << ", " << i % p.columns << " of " << p.rows << " x "
                         << p.columns << " x " << p.depth << ": " << d[i] << ", not "
                         << expected[i]);
    }
    ++n;
  }
  return n;
}

void check_model(const char* name, const gemm_rule& rule, random_words& r) {
  const mma_model& m = rule.unit;
  for (const kind k : all_kinds) {
    for (int n = 0; n < 2; ++n) {
      // Ragged: a part of a tile, or more than one; a depth that ends inside an instruction.
      const std::size_t rows = n == 0 ? 3 : 9, columns = n == 0 ? 35 : 5;
      const std::size_t depth = m.k * (1 + r.below(3)) - r.below(m.k);
      const problem p = make_problem(r, m, k, rows, columns, depth);
      const auto expected = define(rule, p);
      for (const bulk::target& t : bulk::targets()) {
        const bulk::forced_target forced(t.bit);
        const bulk::changed_environment changed(r.next());
        CHECK_MESSAGE(mismatches(rule, p, expected) == 0,
                      std::string(name) << ", kind " << static_cast<int>(k) << ", " << t.name);
      }
    }
  }
}

/// A model with one to three members of another value; it may pass `check` or not.
mma_model changed_model(random_words& r, mma_model m) {
  using namespace mma_rows;
  constexpr format floats[] = {f16, bf16, e4m3, e5m2, fp8, bf8, e2m1, e3m2, tf32, f32, f64};
  constexpr format results[] = {f32, f32, f16, bf16, f64, formats::e4m3fn};
  for (std::uint64_t n = 1 + r.below(3); n > 0; --n) {
    const bool yes = r.below(2) != 0;
    switch (r.below(22)) {
      case 0: m.a = floats[r.below(11)]; break;
      case 1: m.a = m.b = floats[r.below(11)]; break;
      case 2: m.c = m.d = m.accumulator = results[r.below(6)]; break;
      case 3: m.accumulator = results[r.below(6)]; break;
      case 4: m.k = static_cast<std::uint16_t>(m.group * (1 + r.below(4))); break;
      case 5: m.group = m.k = static_cast<std::uint16_t>(1u << r.below(6)); break;
      case 6: m.group = static_cast<std::uint16_t>(1 + r.below(m.k)); break;
      case 7: m.entry = static_cast<accumulator_entry>(r.below(3)); break;
      case 8: m.order = static_cast<product_order>(r.below(3)); break;
      case 9: m.chains = static_cast<std::uint8_t>(1 + r.below(2)); break;
      case 10: m.run = static_cast<std::uint8_t>(1 + r.below(2)); break;
      case 11: m.read.subnormal_input = static_cast<subnormal_input_rule>(r.below(2)); break;
      case 12: m.read_c.subnormal_input = static_cast<subnormal_input_rule>(r.below(2)); break;
      case 13: m.read_c.zero_sign = static_cast<sign_rule>(r.below(2)); break;
      case 14: m.step.flush_subnormal_result = m.join.flush_subnormal_result = yes; break;
      case 15: m.step.zero_sign = static_cast<sign_rule>(r.below(2)); break;
      case 16: m.flush_rounded = yes; break;
      case 17: m.keeps_zero_sign = yes; break;
      case 18: m.product = yes ? m.accumulator : format{}; break;
      case 19: m.products_add_zero = yes; break;
      case 20: m.kept_bits = static_cast<std::uint8_t>(1 + r.below(46)); break;
      default: m.step.round = static_cast<rounding>(r.below(7)); break;
    }
  }
  return m;
}

}  // namespace

TEST_CASE("GEM-10 models of any members that a kernel takes") {
  random_words r;
  const auto models = distinct_models();
  int taken = 0;
  while (taken < 300) {
    const named_mma_model& from = models[r.below(models.size())];
    const mma_model m = changed_model(r, from.value);
    const bulk::target& t = bulk::targets()[r.below(bulk::targets().size())];
    if (check(m) != mma_error::none || !is_ours(m)) continue;
    gemm_rule rule{.unit = m};
    const bulk::forced_target forced(t.bit);
    if (!detail::has_gemm_kernel(rule)) continue;
    ++taken;
    if (m.sum != mma_sum::integer && r.below(4) == 0) {
      rule.exponent = static_cast<int>(r.below(r.below(2) != 0 ? 20 : 200)) - 10;
    }
    const kind k = all_kinds[r.below(std::size(all_kinds))];
    const problem p = make_problem(r, m, k, 3, 9, m.k * 2u);
    const bulk::changed_environment changed(r.next());
    CHECK_MESSAGE(mismatches(rule, p, define(rule, p)) == 0,
                  std::string(from.name) << " changed, model " << taken << ", kind "
                                         << static_cast<int>(k) << ", " << t.name);
  }
}

TEST_CASE("GEM-10 every model has a kernel") {
  for (const named_mma_model& m : distinct_models()) {
    CHECK_MESSAGE(detail::has_gemm_kernel({.unit = m.value}), std::string(m.name));
  }
}

TEST_CASE("GEM-10 kernels have the bits of the definition") {
  MESSAGE("seed " << seed);
  random_words r;
  for (const named_mma_model& m : distinct_models()) {
    if (!detail::has_gemm_kernel({.unit = m.value})) continue;
    check_model(m.name, {.unit = m.value}, r);
  }
}
