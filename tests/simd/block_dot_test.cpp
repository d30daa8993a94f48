// SPDX-License-Identifier: Apache-2.0
/// \file
/// Dot products of block-quantised vectors in bulk: the bits of the definition, and of integers of
/// 128 bits that know nothing of it, on every instruction set; refusals.
#include <bit>
#include <cfenv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/detail/wide.hpp>
#include <lowp/simd/block_dot.hpp>

#include "arrays.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace {

using namespace bulk;
using lowp::block_format;
using lowp::block_vector;
using lowp::dot_rule;
using lowp::dot_sum;
namespace bf = lowp::block_formats;

/// A vector of n random elements in memory that ends where it ends.
struct sample {
  block_vector v;
  guarded codes, scales;

  /// Kind 0: scales near one, 1: any, 2: special ones among them; `nan_elements`: NaN elements too.
  sample(const block_format& f, std::size_t n, int kind, bool nan_elements, std::mt19937_64& random)
      : v{f, f.element}, codes(n + 8), scales(n + 8) {
    const std::size_t bytes = lowp::bytes_of(v.elements, n);
    const std::size_t blocks = (n + f.columns - 1) / f.columns;
    std::byte* code = codes.back(bytes);
    const auto each = static_cast<std::size_t>(lowp::scale_bytes_of(f));
    std::byte* scale = scales.back(blocks * each);
    for (std::size_t i = 0; i < n; ++i) {
      lowp::code_t c = random() & mask_of(f.element);
      const bool finite = lowp::decode(f.element, c).cls == lowp::number_class::finite;
      if (!nan_elements && !finite) c = 1;
      if (random() % 8 == 0) c = 0;
      lowp::write_code(v.elements, code, i, c);
    }
    const lowp::code_t one = lowp::encode(f.scale, lowp::exact_finite(false, 1, 0));
    for (std::size_t i = 0; i < blocks; ++i) {
      lowp::code_t s = kind == 0 ? one + random() % 8 : random() & mask_of(f.scale);
      if (kind != 2 && s == lowp::canonical_nan(f.scale)) s = one;
      if (kind == 1 && i % 3 == 0) s = i % 2 == 0 ? 0 : mask_of(f.scale) - 1;
      for (std::size_t k = 0; k < each; ++k) {
        scale[i * each + k] = static_cast<std::byte>(s >> (8 * k));
      }
    }
    v.codes = code;
    v.scales = scale;
  }
};

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

std::uint32_t defined(const block_vector& x, const block_vector& y, std::size_t n, dot_rule rule) {
  return static_cast<std::uint32_t>(lowp::dot(x, y, n, rule).code());
}

void check_dot(tally& t, const block_vector& x, const block_vector& y, std::size_t n, dot_rule rule,
               const std::string& name) {
  const std::uint32_t want = defined(x, y, n, rule);
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    const std::uint32_t got = bits(lowp::dot_product(x, y, n, rule));
    t.expect(got == want, [&] {
      return name + " " + target.name + ", " + std::to_string(n) + " elements, " +
             std::to_string(rule.lanes) + " lanes: expected " + hex(want) + ", got " + hex(got);
    });
  }
}

TEST_CASE("BLK-10 dot products of every format: the bits of the definition") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::named_block_format& f : lowp::all_block_formats) {
    if (f.value.rows != 1) continue;
    for (const dot_rule rule : {dot_rule{}, dot_rule{dot_sum::blocks, 16}}) {
      const sample x(f.value, 70, 1, true, random), y(f.value, 70, 1, true, random);
      if (lowp::check(x.v, y.v, rule) != lowp::dot_error::none) continue;
      check_dot(t, x.v, y.v, 70, rule, f.name);
    }
  }
  block_format e4m3_nv = bf::nvfp4, e2m1_power16 = lowp::with_shape(bf::mxfp4, 1, 16);
  e4m3_nv.element = lowp::formats::e4m3fn;
  const block_format nv_32 = lowp::with_shape(bf::nvfp4, 1, 32);
  block_format signed_nv = bf::nvfp4;
  signed_nv.scale = lowp::formats::e4m3fn;
  for (const block_format& f : {bf::mxfp8_e4m3, bf::mxfp4, bf::nvfp4, bf::mxint8, e4m3_nv,
                                e2m1_power16, nv_32, signed_nv}) {
    for (const std::size_t n : {0u, 1u, 15u, 31u, 33u, 64u, 255u, 511u, 512u, 513u, 1500u}) {
      for (const int kind : {0, 1, 2}) {
        const bool nan_elements = kind == 2 && n % 2 == 0;
        const sample x(f, n, kind, nan_elements, random), y(f, n, kind, nan_elements, random);
        const auto lanes = static_cast<std::uint8_t>(n == 1500 ? 1 << random() % 7 : 16);
        check_dot(t, x.v, y.v, n, {dot_sum::blocks, lanes}, "kind " + std::to_string(kind));
      }
    }
  }
  // Two formats of elements.
  const sample x(bf::mxfp8_e4m3, 100, 0, false, random), y(bf::mxfp8_e5m2, 100, 0, false, random);
  check_dot(t, x.v, y.v, 100, lowp::dot_of_16_lanes, "e4m3 x e5m2");
  oracle::report("dot products in bulk", t);
}

TEST_CASE("BLK-10 pairs of formats: integers of tables, sums in one part and in two") {
  tally t;
  std::mt19937_64 random(seed);
  const block_format all[] = {bf::mxfp8_e4m3, bf::mxfp8_e5m2, bf::mxfp6_e3m2, bf::mxfp6_e2m3,
                              bf::mxfp4,      bf::mxint8,     bf::fp8_1x128};
  for (const block_format& f : all) {
    for (const block_format& g : all) {
      for (const std::uint16_t columns :
           {std::uint16_t{32}, std::uint16_t{128}, std::uint16_t{1000}}) {
        const std::size_t n = columns == 32 ? 300 : 2u * columns + 77;
        const int kind = static_cast<int>(random() % 3);
        const sample x(lowp::with_shape(f, 1, columns), n, kind, kind == 2, random);
        const sample y(lowp::with_shape(g, 1, columns), n, kind, false, random);
        check_dot(t, x.v, y.v, n, {dot_sum::blocks, static_cast<std::uint8_t>(1 << random() % 7)},
                  "pair");
        if (columns == 32) check_dot(t, x.v, y.v, n, {}, "pair, exact");
      }
    }
  }
  // Sums of two blocks that cancel but for the least product, the greatest against the least.
  sample x(bf::mxfp8_e5m2, 64, 0, false, random), y(bf::mxfp8_e5m2, 64, 0, false, random);
  for (std::size_t i = 0; i < 64; ++i) {
    const bool last = i % 32 == 31;
    const lowp::code_t top = lowp::max_finite(bf::mxfp8_e5m2.element);
    lowp::write_code(x.v.elements, const_cast<std::byte*>(x.v.codes), i, last ? 1 : top);
    lowp::write_code(y.v.elements, const_cast<std::byte*>(y.v.codes), i,
                     last           ? 1
                     : i % 32 == 30 ? 0
                                    : top | (i % 2 << 7));
  }
  check_dot(t, x.v, y.v, 64, lowp::dot_of_16_lanes, "cancelled");
  check_dot(t, x.v, y.v, 63, {}, "cancelled, exact");
  oracle::report("dot products of pairs of formats", t);
}

TEST_CASE("BLK-10 the greatest sums, outer scales, sums at the ends of binary32") {
  tally t;
  std::mt19937_64 random(seed);
  for (const block_format& f : {bf::mxfp8_e4m3, bf::mxfp4, bf::nvfp4, bf::mxint8}) {
    for (const lowp::code_t top : {lowp::max_finite(f.element), lowp::lowest(f.element)}) {
      sample x(f, 640, 0, false, random), y(f, 640, 0, false, random);
      for (std::size_t i = 0; i < 640; ++i) {
        auto* codes = const_cast<std::byte*>(x.v.codes);
        lowp::write_code(x.v.elements, codes, i, top);
        lowp::write_code(y.v.elements, const_cast<std::byte*>(y.v.codes), i,
                         i % 128 < 64 ? lowp::max_finite(f.element) : lowp::lowest(f.element));
      }
      check_dot(t, x.v, y.v, 640, lowp::dot_of_16_lanes, "greatest");
    }
    for (int k = 0; k < 200; ++k) {
      sample x(f, 160, k % 2, false, random), y(f, 160, k % 2, false, random);
      const auto outer = [&] {
        const int spread = k % 5 == 0 ? 150 : 20;
        const auto e = static_cast<std::int32_t>(random() % static_cast<unsigned>(spread));
        return lowp::exact_finite(false, (random() >> 40) | 1, e - spread / 2 - 24);
      };
      x.v.outer = k % 3 == 0 ? lowp::exact_finite(false, 3, -4) : outer();
      if (k % 7 != 0) y.v.outer = outer();
      check_dot(t, x.v, y.v, 160, lowp::dot_of_16_lanes, "outer");
    }
  }
  oracle::report("dot products with outer scales", t);
}

/// Sums of a block of NVFP4 that binary64 rounds to the middle of two numbers of binary32, from
/// which a second rounding goes the wrong way. Found by search.
/// Blocks of one element each: sums of zeros of both signs, by zero elements and by zero scales.
TEST_CASE("BLK-10 the sign of sums that are zero") {
  tally t;
  const block_format f = lowp::with_shape(bf::nvfp4_single, 1, 1);
  constexpr std::byte codes[] = {std::byte{0}, std::byte{2}, std::byte{8}, std::byte{10}};
  for (unsigned all = 0; all < 256; ++all) {
    // Two elements of x, two of y, each with one of four codes; scales of x are 0.
    const std::byte a = codes[all & 3] | codes[all >> 2 & 3] << 4;
    const std::byte b = codes[all >> 4 & 3] | codes[all >> 6] << 4;
    const std::byte nothing[2] = {}, one[2] = {std::byte{0x38}, std::byte{0x38}};
    for (const std::byte* scales : {nothing, one}) {
      const block_vector x{f, f.element, &a, scales}, y{f, f.element, &b, one};
      for (const dot_rule rule : {dot_rule{}, dot_rule{dot_sum::blocks, 1}}) {
        check_dot(t, x, y, 2, rule, "zeros " + std::to_string(all));
      }
    }
  }
  oracle::report("zeros", t);
}

TEST_CASE("BLK-10 products with outer scales that two roundings miss") {
  struct row {
    int sum;             // of the factors of twelve, in halves
    int first;           // factor of one
    unsigned a, b;       // scales in eighths
    std::uint64_t P, Q;  // outer scales
  };
  constexpr row rows[] = {{83, 1, 9, 11, 15597029, 14426701},
                          {98, 1, 15, 13, 15328895, 13779859},
                          {60, 3, 9, 11, 12364065, 12307054},
                          {98, 3, 11, 15, 14333133, 13344527},
                          {166, 3, 9, 15, 8490623, 16602674}};
  tally t;
  std::mt19937_64 random(seed);
  for (const row& r : rows) {
    sample x(bf::nvfp4, 16, 0, false, random), y(bf::nvfp4, 16, 0, false, random);
    auto* of_x = const_cast<std::byte*>(x.v.codes);
    auto* of_y = const_cast<std::byte*>(y.v.codes);
    lowp::write_code(x.v.elements, of_x, 0, 1);
    lowp::write_code(y.v.elements, of_y, 0, static_cast<lowp::code_t>(r.first));
    int rest = r.sum;
    for (std::size_t i = 1; i < 16; ++i) {
      constexpr int values[] = {0, 1, 2, 3, 4, 6, 8, 12};
      lowp::code_t code = 7;
      while (values[code] > rest) --code;
      rest -= values[code];
      lowp::write_code(x.v.elements, of_x, i, 7);
      lowp::write_code(y.v.elements, of_y, i, code);
    }
    REQUIRE(rest == 0);
    *const_cast<std::byte*>(x.v.scales) = static_cast<std::byte>(7 << 3 | (r.a - 8));
    *const_cast<std::byte*>(y.v.scales) = static_cast<std::byte>(7 << 3 | (r.b - 8));
    x.v.outer = lowp::exact_finite(false, r.P, -30);
    y.v.outer = lowp::exact_finite(false, r.Q, -20);
    check_dot(t, x.v, y.v, 16, lowp::dot_of_16_lanes, "near the middle");
  }
  oracle::report("dot products near the middle", t);
}

using wide = lowp::detail::int128;

/// n 2^e in binary32, by integers alone.
float rounded(wide n, int e) {
  if (n == 0) return 0;
  const bool negative = n < 0;
  if (negative) n = -n;
  int top = 127;
  while ((n >> top & 1) == 0) --top;
  const int lowest = std::max(e + top - 23, -149);
  wide q = n;
  if (lowest > e) {
    const int drop = std::min(lowest - e, 126);
    const wide half = wide{1} << (drop - 1), rest = n & ((wide{1} << drop) - 1);
    q = n >> drop;
    if (rest > half || (rest == half && (q & 1) != 0)) ++q;
  } else {
    q = n << (e - lowest);
  }
  const auto value = std::ldexp(static_cast<double>(q), lowest);
  return static_cast<float>(negative ? -value : value);
}

/// Elements in units of 2^-9, 2^-1, 2^-6 and scales in units of 2^-127 (as exponents) or 2^-9.
int element_of(const block_format& f, unsigned c) {
  if (f.element == lowp::formats::mxint8) return static_cast<std::int8_t>(c);
  const int mantissa = f.element.width == 4 ? 1 : 3, whole = 1 << mantissa;
  const unsigned magnitude = c & (f.element.width == 4 ? 7u : 127u);
  const int exponent = static_cast<int>(magnitude >> mantissa);
  const int m = static_cast<int>(magnitude) % whole;
  const int value = exponent == 0 ? m : (m + whole) << (exponent - 1);
  return (c >> (f.element.width - 1) & 1) != 0 ? -value : value;
}

TEST_CASE("BLK-10 dot products by integers of 128 bits") {
  tally t;
  std::mt19937_64 random(seed + 1);
  for (const block_format& f : {bf::mxfp8_e4m3, bf::mxfp4, bf::nvfp4, bf::mxint8}) {
    const int unit = f.element == lowp::formats::mxint8 ? -12 : f.element.width == 4 ? -2 : -18;
    for (int k = 0; k < 150; ++k) {
      const std::size_t n = 1 + random() % 1200;
      const sample x(f, n, k % 2, false, random), y(f, n, k % 2, false, random);
      float lane[16] = {};
      for (std::size_t j = 0; j * f.columns < n; ++j) {
        wide sum = 0;
        for (std::size_t i = j * f.columns; i < n && i < (j + 1) * f.columns; ++i) {
          const auto code = [&](const block_vector& v) {
            const auto b = std::to_integer<unsigned>(v.codes[f.element.width == 4 ? i / 2 : i]);
            return f.element.width == 4 ? b >> (4 * (i % 2)) & 15 : b;
          };
          sum += wide{element_of(f, code(x.v))} * element_of(f, code(y.v));
        }
        const auto s = std::to_integer<int>(x.v.scales[j]), r = std::to_integer<int>(y.v.scales[j]);
        int e = unit + s + r - 254;
        if (f.columns == 16) {
          const auto integer = [](int c) {
            return c % 128 < 8 ? c % 8 : (c % 8 + 8) << (c % 128 / 8 - 1);
          };
          sum *= integer(s);
          sum *= integer(r);
          e = unit - 18;
        }
        volatile float to = lane[j % 16] + rounded(sum, e);
        lane[j % 16] = to;
      }
      for (int half = 8; half > 0; half /= 2) {
        for (int i = 0; i < half; ++i) {
          volatile float to = lane[i] + lane[i + half];
          lane[i] = to;
        }
      }
      const float got = lowp::dot_product(x.v, y.v, n);
      t.expect((std::isnan(lane[0]) && std::isnan(got)) || bits(got) == bits(lane[0]), [&] {
        return "element width " + std::to_string(f.element.width) + ", " + std::to_string(n) +
               " elements: expected " + hex(bits(lane[0])) + ", got " + hex(bits(got));
      });
    }
  }
  oracle::report("dot products by integers", t);
}

TEST_CASE("BLK-10 rows, the floating-point environment, refusals") {
  tally t;
  std::mt19937_64 random(seed);
  for (const block_format& f : {bf::mxfp8_e4m3, bf::mxfp4, bf::nvfp4, bf::mxint8}) {
    const sample x(f, 640, 0, false, random), y(f, 5 * 640, 0, false, random);
    lowp::block_rows rows{y.v, 5, lowp::bytes_of(y.v.elements, 640), 640u / f.columns};
    float out[5];
    std::fenv_t saved;
    std::feholdexcept(&saved);
    std::fesetround(FE_UPWARD);
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | 1u << 6 | 1u << 15);
#endif
    lowp::dot_products(x.v, rows, 640, out);
    std::fesetenv(&saved);
    for (std::size_t i = 0; i < 5; ++i) {
      block_vector row = y.v;
      row.codes += i * rows.code_stride;
      row.scales += i * rows.scale_stride;
      const std::uint32_t want = defined(x.v, row, 640, lowp::dot_of_16_lanes);
      t.expect(bits(out[i]) == want, [&] { return "row " + std::to_string(i); });
    }
  }
  oracle::report("dot products of rows", t);

  const sample x(bf::mxfp4, 64, 0, false, random), y(bf::nvfp4, 64, 0, false, random);
  const auto text = [&](const block_vector& a, const block_vector& b,
                        dot_rule rule) -> std::string {
    try {
      lowp::dot_product(a, b, 64, rule);
    } catch (const lowp::array_error& e) {
      return e.what();
    }
    return "accepted";
  };
  CHECK(text(x.v, x.v, lowp::dot_of_16_lanes) == "accepted");
  CHECK(text(x.v, y.v, lowp::dot_of_16_lanes) ==
        "lowp::dot_product: x and y: both vectors must have blocks of the same length (32 and 16 "
        "columns)");
  CHECK(text(x.v, x.v, {dot_sum::blocks, 3}) ==
        "lowp::dot_product: rule: lanes must be a power of two up to 64 (3 lanes)");
}

}  // namespace
