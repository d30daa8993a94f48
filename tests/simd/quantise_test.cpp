// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bulk block quantisation against the definition: every format with every recipe, rounding modes,
/// layouts, shapes with ragged ends, numbers of every kind, threads, environments, refusals.
#include <algorithm>
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/simd/quantise.hpp>

#include "../oracle/report.hpp"
#include "targets.hpp"

namespace {

using namespace lowp;
using bytes = std::vector<std::byte>;

constexpr std::uint64_t seed = 0xb10c;

/// A matrix of numbers whose rows are `stride` apart.
struct numbers {
  std::vector<float> x;
  number_matrix<const float> m;
};

float from_bits(std::uint32_t b) { return detail::bit_cast<float>(b); }

/// Kinds of numbers, by block so that a block's amax is of its kind.
float number_of(int kind, std::mt19937_64& g) {
  const auto bits = static_cast<std::uint32_t>(g());
  const std::uint32_t sign = bits & 0x80000000, fraction = bits & 0x7fffff;
  const auto near = [&](std::uint32_t field, std::uint32_t span) {
    return from_bits(sign | (field + bits / 977 % span) << 23 | fraction);
  };
  switch (kind) {
    case 0: return near(120, 9);
    case 1: return near(120, 9) * static_cast<float>(bits % 3);  // zeros, of both signs
    case 2: return from_bits(sign);
    case 3: return from_bits(sign | fraction);  // subnormal
    case 4: return near(1, 30);
    case 5: return near(222, 32);
    case 6: return near(127, 1);
    case 7: return from_bits(sign | (127u << 23) | (fraction & 0x700000));  // few bits, ties
    case 8: return near(1, 254);
    case 9: return from_bits(bits % 40 == 0 ? sign | 0x7fc00000 | fraction : sign | 0x3f800000);
    case 10: return from_bits(bits % 40 == 0 ? sign | 0x7f800000 : sign | 0x3f800000 | fraction);
    case 11: return from_bits(sign | 0x7f7fffff);
    case 12: return from_bits(bits);
    default: return near(100, 40);
  }
}

numbers make_numbers(matrix_shape s, std::uint64_t gap, bool special, std::uint64_t salt) {
  std::mt19937_64 g(seed + salt);
  numbers n;
  const std::uint64_t stride = s.columns + gap;
  n.x.assign(s.rows * stride + 1, from_bits(0x7fa00001));
  for (std::uint64_t i = 0; i < s.rows; ++i) {
    int kind = 0;
    for (std::uint64_t j = 0; j < s.columns; ++j) {
      if (j % 16 == 0 && (j % 32 == 0 || g() % 4 == 0)) {
        kind = static_cast<int>(g() % 14);
        if (!special && (kind == 9 || kind == 10 || kind == 12)) kind = 0;
      }
      n.x[i * stride + j] = number_of(kind, g);
    }
  }
  n.m = {n.x.data(), stride, s};
  return n;
}

struct buffers {
  bytes data, scales;
  std::vector<float> outer;

  buffers(const block_matrix& m, matrix_shape s) {
    const block_bytes need = bytes_of(m.layout, s);
    // What stood there must not matter, nor bytes behind.
    data.assign(need.data + 9, std::byte{0xa5});
    scales.assign(need.scales + 9, std::byte{0xa5});
    outer.assign(s.rows + 1, -7.0f);
  }
  block_buffers out() { return {data, scales}; }
};

std::size_t outers(const block_format& f, matrix_shape s) {
  return f.outer == outer_scale::none ? 0 : f.outer == outer_scale::row ? s.rows : 1;
}

/// The definition on the machine's numbers, or on those of lowp.
template <class Real>
void define(const block_quantisation& q, const numbers& n, buffers& b) {
  const simd::float_environment environment;
  std::vector<Real> amax;
  for (std::size_t i = 0; i < outers(q.to.f, n.m.shape); ++i) {
    number_matrix<const float> part = n.m;
    if (q.to.f.outer == outer_scale::row) {
      part.x += i * part.stride;
      part.shape.rows = 1;
    }
    amax.push_back(outer_amax_of<Real>(q.recipe, part));
    const std::uint32_t P = real_bits(outer_scale_of(q.to.f, q.recipe, amax[i]));
    std::memcpy(&b.outer[i], &P, sizeof(P));
  }
  const block_bytes need = bytes_of(q.to.layout, n.m.shape);
  const block_buffers out{{b.data.data(), need.data}, {b.scales.data(), need.scales}};
  REQUIRE(quantise_matrix<Real>(q, n.m, amax.data(), out) == block_matrix_error::none);
}

bool same(const buffers& a, const buffers& b) {
  return a.data == b.data && a.scales == b.scales &&
         std::memcmp(a.outer.data(), b.outer.data(), a.outer.size() * sizeof(float)) == 0;
}

std::string difference(const block_quantisation& q, matrix_shape s, const buffers& want,
                       const buffers& got) {
  const auto first = [](const bytes& a, const bytes& b) {
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    return i == a.size() ? std::string("same")
                         : std::to_string(i) + ": " + std::to_string(std::to_integer<int>(a[i])) +
                               " but " + std::to_string(std::to_integer<int>(b[i]));
  };
  return std::to_string(s.rows) + " x " + std::to_string(s.columns) + ", block " +
         std::to_string(q.to.f.rows) + " x " + std::to_string(q.to.f.columns) + ", data " +
         first(want.data, got.data) + ", scales " + first(want.scales, got.scales);
}

/// All instruction sets, with the options.
void expect(oracle::tally& t, const std::string& what, const block_quantisation& q,
            const numbers& n, unsigned threads = 1) {
  buffers want(q.to, n.m.shape);
  define<simd::machine_binary32>(q, n, want);
  for (const bulk::target& target : bulk::targets()) {
    const bulk::forced_target forced(target.bit);
    buffers got(q.to, n.m.shape);
    block_options options;
    options.outer = got.outer.data();
    options.threads = threads;
    quantise(n.m, q, got.out(), options);
    t.expect(same(want, got), [&] {
      return target.name + ", " + what + ": " + difference(q, n.m.shape, want, got);
    });
  }
}

bool begins(const char* name, const std::string& start) {
  return std::string(name).compare(0, start.size(), start) == 0;
}

/// Is the recipe for the format?
bool goes_with(const named_block_recipe& r, const named_block_format& f) {
  const std::string all = r.formats;
  for (std::size_t at = 0; at <= all.size();) {
    const std::size_t end = all.find(',', at) == std::string::npos ? all.size() : all.find(',', at);
    if (begins(f.name, all.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

TEST_CASE("BLK-7 every format with each of its recipes") {
  oracle::tally t;
  std::uint64_t salt = 0;
  for (const named_block_format& f : all_block_formats) {
    for (const named_block_recipe& r : all_block_recipes) {
      if (!goes_with(r, f) || check(f.value, r.value) != block_recipe_error::none) continue;
      const bool is_tile = f.value.rows > 1;
      const std::uint64_t columns = f.value.columns == 128 ? 300 : is_tile ? 72 : 6 * 64 + 17;
      const matrix_shape shape{is_tile ? f.value.rows + 3u : 2u, columns};
      const numbers n = make_numbers(shape, 3, true, ++salt);
      expect(t, std::string(f.name) + " " + r.name, {f.value, r.value, {}}, n);
    }
  }
  oracle::report("formats and recipes", t);
}

TEST_CASE("BLK-7 the definition in software") {
  oracle::tally t;
  for (const char* name : {"mxfp8_e4m3", "mxfp4", "mxint8", "nvfp4", "fp8_1x128", "nvfp4_row"}) {
    for (const named_block_format& f : all_block_formats) {
      if (std::string(f.name) != name) continue;
      const numbers n = make_numbers({2, 256 + 32}, 0, true, 99);
      const block_quantisation q{f.value, default_recipe(f), {}};
      buffers want(q.to, n.m.shape), got(q.to, n.m.shape);
      define<float32>(q, n, want);
      block_options options;
      options.outer = got.outer.data();
      quantise(n.m, q, got.out(), options);
      t.expect(same(want, got),
               [&] { return std::string(name) + difference(q, n.m.shape, want, got); });
    }
  }
  oracle::report("in software", t);
}

TEST_CASE("BLK-7 every rounding mode and scale rule") {
  oracle::tally t;
  std::uint64_t salt = 1000;
  for (const block_format& f :
       {block_formats::mxfp8_e4m3, block_formats::mxfp8_e5m2, block_formats::mxfp6_e3m2,
        block_formats::mxfp4, block_formats::mxint8, block_formats::mx4_e3m0,
        with_shape(block_formats::mxfp4, 1, 16), with_shape(block_formats::mxfp8_e4m3, 1, 64)}) {
    for (int mode = 0; mode <= static_cast<int>(rounding::stochastic_c); ++mode) {
      for (const zero_sign_rule zeros :
           {zero_sign_rule::keep, zero_sign_rule::positive, zero_sign_rule::exact_positive,
            zero_sign_rule::exact_negative}) {
        if (mode > 4 && zeros == zero_sign_rule::exact_negative) continue;
        block_recipe r = block_recipes::ocp;
        r.element.round = static_cast<rounding>(mode);
        r.element.random_bits = 7;
        r.zero_sign = zeros;
        r.rule = static_cast<scale_rule>(salt % 12);
        r.symmetric = salt % 3 != 0;
        r.element.overflow = salt % 5 == 0 ? overflow_rule::ieee : overflow_rule::saturate;
        r.zero_block = static_cast<zero_block_rule>(salt / 3 % 3);
        if (salt % 7 == 0) r.least_amax = 0x38d1b717;
        if (salt % 11 == 0) r.greatest_exponent = 5;
        r.nan = salt % 2 == 0 ? special_rule::poison : special_rule::ignore;
        r.infinity = static_cast<special_rule>(salt % 4);
        ++salt;
        if (check(f, r) != block_recipe_error::none) continue;
        const numbers n = make_numbers({1, 32 * 9 + 5}, 0, true, salt);
        const random_source random{
            salt, 3, salt % 2 == 0 ? random_generator::philox4x32_10 : random_generator::keyed_mix};
        expect(t, "mode " + std::to_string(mode), {f, r, random}, n);
      }
    }
  }
  oracle::report("modes and rules", t);
}

TEST_CASE("BLK-7 quotients in every order of steps") {
  oracle::tally t;
  std::uint64_t salt = 5000;
  for (const block_format& f : {block_formats::nvfp4, block_formats::nvfp4_single,
                                block_formats::fp8_1x128_ue8m0, block_formats::fp8_1x128}) {
    for (int quotient = 0; quotient < 6; ++quotient) {
      for (int element = 0; element < 7; ++element) {
        block_recipe r = block_recipes::nvfp4_te;
        r.steps = {};
        r.steps.quotient = static_cast<block_quotient>(quotient);
        r.steps.element = static_cast<element_step>(element);
        r.steps.infinite = static_cast<infinite_factor>(salt % 3);
        r.steps.power = static_cast<power_step>(salt / 2 % 3);
        r.steps.zero_scale_zeroes = salt % 4 < 2;
        r.steps.least_scale_log2 = salt % 5 == 0 ? -6 : 0;
        r.zero_block = static_cast<zero_block_rule>(salt / 4 % 3);
        r.zero_sign = static_cast<zero_sign_rule>(salt / 7 % 4);
        r.element.round = static_cast<rounding>(salt % 12);
        r.element.random_bits = 7;
        r.scale.round = static_cast<rounding>(salt / 3 % 9);
        ++salt;
        if (check(f, r) != block_recipe_error::none) continue;
        const numbers n = make_numbers({2, 128 * 3}, salt % 2, salt % 3 == 0, salt);
        expect(t,
               "salt " + std::to_string(salt) + " quotient " + std::to_string(quotient) +
                   " element " + std::to_string(element),
               {f, r, {salt, 1}}, n);
      }
    }
  }
  oracle::report("quotients", t);
}

TEST_CASE("BLK-7 layouts and shapes") {
  oracle::tally t;
  std::uint64_t salt = 9000;
  for (const named_block_layout& l : all_block_layouts) {
    for (const named_block_format& f : all_block_formats) {
      if (f.value.rows != l.value.block_rows || f.value.columns != l.value.block_columns ||
          f.value.element.width != l.value.elements.f.width) {
        continue;
      }
      for (const matrix_shape s :
           {matrix_shape{1, 31}, matrix_shape{5, 512}, matrix_shape{3, 1024 + 96 + 1}}) {
        block_matrix m(f.value, l.value);
        if (check(m, s, bytes_of(l.value, s)) != block_matrix_error::none) continue;
        if (f.value.rows > 16) continue;
        ++salt;
        const numbers n = make_numbers(s, salt % 2, false, salt);
        expect(t, std::string(l.name) + " " + f.name, {m, default_recipe(f), {}}, n);
      }
    }
  }
  oracle::report("layouts", t);
}

TEST_CASE("BLK-7 matrices without rows or columns") {
  for (const named_block_format& f : all_block_formats) {
    for (const matrix_shape s : {matrix_shape{0, 0}, matrix_shape{3, 0}, matrix_shape{0, 40}}) {
      const block_quantisation q{f.value, default_recipe(f), {}};
      float outer[3] = {-7, -7, -7};
      block_options options;
      options.outer = outer;
      const float none = 0;
      CHECK(quantise(number_matrix<const float>{&none, 0, {s.rows, s.columns}}, q, {}, options) ==
            block_bytes{});
      // amax of no numbers is 0.
      for (std::size_t i = 0; i < 3; ++i) {
        CHECK(outer[i] == (i < outers(f.value, s) ? 0.0f : -7.0f));
      }
    }
  }
}

TEST_CASE("BLK-7 threads, long rows and many rows") {
  oracle::tally t;
  for (const matrix_shape s :
       {matrix_shape{1, 600000}, matrix_shape{700, 1000}, matrix_shape{300, 2048}}) {
    const numbers n = make_numbers(s, 0, false, s.rows);
    for (const block_format& f :
         {block_formats::mxfp8_e4m3, block_formats::nvfp4, block_formats::nvfp4_row}) {
      const block_recipe r =
          f == block_formats::mxfp8_e4m3 ? block_recipes::ocp : block_recipes::nvfp4_te;
      const block_quantisation q{f, r, {}};
      buffers want(q.to, s), got(q.to, s);
      block_options one, three;
      one.outer = want.outer.data();
      three.outer = got.outer.data();
      three.threads = 3;
      quantise(n.m, q, want.out(), one);
      quantise(n.m, q, got.out(), three);
      t.expect(same(want, got), [&] { return difference(q, s, want, got); });
    }
  }
  oracle::report("threads", t);
}

TEST_CASE("BLS-18 BLK-7 parts of a matrix with the index of their first element") {
  oracle::tally t;
  block_recipe scales = block_recipes::ocp;
  scales.rule = scale_rule::stochastic;
  block_recipe elements = block_recipes::ocp;
  elements.element.round = rounding::stochastic_a;
  elements.element.random_bits = 8;
  block_recipe both = elements;
  both.rule = scale_rule::stochastic;
  for (const block_recipe& r : {scales, elements, both}) {
    for (const block_format& f : {block_formats::mxfp8_e4m3, block_formats::mxfp4}) {
      const matrix_shape s{6, 320}, part{2, 320};
      const numbers n = make_numbers(s, 0, false, 5);
      block_quantisation q{f, r, {11, 22}};
      q.first = std::uint64_t{1} << 36;
      buffers whole(q.to, s), want(q.to, s);
      quantise(n.m, q, whole.out());
      define<simd::machine_binary32>(q, n, want);
      t.expect(same(want, whole), [&] { return difference(q, s, want, whole); });
      block_quantisation from_zero = q;
      from_zero.first = 0;
      quantise(n.m, from_zero, want.out());
      t.expect(!same(want, whole), [] { return std::string("the index changes nothing"); });
      for (std::uint64_t i = 0; i < s.rows; i += part.rows) {
        block_quantisation later = q;
        later.first = q.first + i * s.columns;
        buffers got(q.to, part);
        const number_matrix<const float> rows{n.m.x + i * n.m.stride, n.m.stride, part};
        quantise(rows, later, got.out());
        const auto is_part = [&](const bytes& all, bytes here) {
          here.resize(here.size() - 9);  // what lies behind
          const auto at = all.begin() + static_cast<std::ptrdiff_t>(i / part.rows * here.size());
          return std::equal(here.begin(), here.end(), at);
        };
        t.expect(is_part(whole.data, got.data) && is_part(whole.scales, got.scales),
                 [&] { return "rows from " + std::to_string(i); });
      }
    }
  }
  oracle::report("parts", t);
}

TEST_CASE("BLS-18 BLK-7 parts of a wider matrix with its columns as stride") {
  oracle::tally t;
  block_recipe r = block_recipes::ocp;
  r.rule = scale_rule::stochastic;
  r.element.round = rounding::stochastic_a;
  r.element.random_bits = 8;
  // Blocks of one row and tiles, one code in a byte each.
  for (const block_format& f :
       {block_formats::mxfp8_e4m3, with_shape(block_formats::mxfp8_e4m3, 4, 32)}) {
    const std::uint64_t row = 4, column = 96;
    const matrix_shape s{28, 330}, part{24, 224};
    numbers n = make_numbers(s, 0, false, 6);
    // Random bits decide scales where the greatest significand is above 1.875.
    std::mt19937_64 g(seed + 6);
    for (std::uint64_t i = 0; i < s.rows * s.columns; ++i) {
      n.x[i] = 1 + 0.94f * std::ldexp(static_cast<float>(g() >> 40), -24);
    }
    block_quantisation q{f, r, {11, 22}};
    q.first = 7 * s.columns * f.rows;
    q.stride = s.columns;
    buffers whole(q.to, s), want(q.to, part), got(q.to, part);
    quantise(n.m, q, whole.out());
    buffers defined(q.to, s);
    define<simd::machine_binary32>(q, n, defined);
    t.expect(same(defined, whole), [&] { return difference(q, s, defined, whole); });
    const number_matrix<const float> some{n.m.x + row * n.m.stride + column, n.m.stride, part};
    q.first += row * s.columns + column;
    quantise(some, q, got.out());
    (void)quantise_matrix<simd::machine_binary32>(q, some, nullptr, want.out());
    t.expect(same(want, got), [&] { return difference(q, part, want, got); });
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < part.rows; ++i) {
      for (std::uint64_t j = 0; j < part.columns; ++j) {
        wrong += got.data[i * part.columns + j] != whole.data[(row + i) * s.columns + column + j];
      }
    }
    const std::uint64_t across = (s.columns + 31) / 32, blocks = part.columns / 32;
    for (std::uint64_t i = 0; i < part.rows / f.rows; ++i) {
      for (std::uint64_t j = 0; j < blocks; ++j) {
        wrong += got.scales[i * blocks + j] != whole.scales[(row / f.rows + i) * across + 3 + j];
      }
    }
    t.expect(wrong == 0, [&] { return std::to_string(wrong) + " codes or scales of the part"; });
  }
  oracle::report("parts of a wider matrix", t);
}

/// Quantises matrices of its own before it does what it is asked to, one part after the other.
void busy_pool(void*, std::size_t tasks, void (*task)(void*, std::size_t), void* data) {
  std::vector<float> x(64, 1.0f);
  bytes bytes_of_codes(64), scales(64);
  for (int offset = 1; offset < 9; ++offset) {
    block_recipe r = block_recipes::ocp;
    r.exponent_offset = static_cast<std::int8_t>(offset);
    quantise(std::span<const float>(x), {block_formats::mxfp8_e4m3, r, {}},
             {bytes_of_codes, scales});
  }
  for (std::size_t i = 0; i < tasks; ++i) task(data, i);
}

TEST_CASE("BLK-7 a pool that quantises other matrices meanwhile") {
  const numbers n = make_numbers({512, 1040}, 0, false, 77);
  const block_quantisation q{block_formats::nvfp4, block_recipes::nvfp4_te, {}};
  buffers want(q.to, n.m.shape), got(q.to, n.m.shape);
  block_options options;
  options.outer = want.outer.data();
  quantise(n.m, q, want.out(), options);
  options.outer = got.outer.data();
  options.threads = 2;
  options.pool.run = busy_pool;
  quantise(n.m, q, got.out(), options);
  CHECK(same(want, got));
}

TEST_CASE("BLK-7 whatever the floating-point environment") {
  oracle::tally t;
  const numbers n = make_numbers({2, 32 * 16}, 0, true, 4242);
  for (const block_format& f :
       {block_formats::mxfp4, block_formats::nvfp4, block_formats::fp8_1x128}) {
    const block_recipe r = f == block_formats::mxfp4   ? find_block_recipe("torchao_rceil")->value
                           : f == block_formats::nvfp4 ? block_recipes::nvfp4_torchao
                                                       : block_recipes::fp8_deepseek;
    const block_quantisation q{f, r, {}};
    buffers want(q.to, n.m.shape);
    define<simd::machine_binary32>(q, n, want);
    for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
      buffers got(q.to, n.m.shape);
      block_options options;
      options.outer = got.outer.data();
      std::fenv_t saved;
      std::feholdexcept(&saved);
      std::fesetround(rounding);
#if defined(__SSE2__)
      __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#endif
      quantise(n.m, q, got.out(), options);
      std::fesetenv(&saved);
      t.expect(same(want, got), [&] { return difference(q, n.m.shape, want, got); });
    }
  }
  oracle::report("environments", t);
}

/// The text of a refusal; the buffers stay as they were.
std::string refusal(const number_matrix<const float>& in, const block_quantisation& q,
                    block_buffers out, const block_options& options = {}) {
  const bytes before(out.data.begin(), out.data.end());
  try {
    quantise(in, q, out, options);
  } catch (const array_error& e) {
    CHECK(bytes(out.data.begin(), out.data.end()) == before);
    return e.what();
  }
  return "accepted";
}

TEST_CASE("BLK-7 refusals") {
  std::vector<float> x(128, 1.0f);
  bytes data(64, std::byte{1}), scales(4, std::byte{1}), eight(8, std::byte{1});
  const block_quantisation q{block_formats::mxfp4, block_recipes::ocp, {}};
  const number_matrix<const float> m{x.data(), 64, {2, 64}};
  CHECK(refusal(m, q, {data, scales}) == "accepted");
  CHECK(refusal(m, q, {std::span(data).first(63), scales}) ==
        "lowp::quantise: out.data has 63 bytes, the matrix (2 x 64) needs 64");
  CHECK(refusal(m, q, {data, std::span(scales).first(3)}) ==
        "lowp::quantise: out.scales has 3 bytes, the matrix (2 x 64) needs 4");
  CHECK(refusal({x.data(), 64, {3, 64}}, q, {data, scales}) ==
        "lowp::quantise: out.data has 64 bytes, the matrix (3 x 64) needs 96");
  CHECK(refusal({x.data(), 63, {2, 64}}, q, {data, scales}) ==
        "lowp::quantise: the rows of in are 63 numbers apart and have 64");
  CHECK(refusal({nullptr, 64, {2, 64}}, q, {data, scales}) ==
        "lowp::quantise: in.x is null, the matrix is not empty");
  CHECK(refusal(m, q, {data, std::span(data).first(4)}) ==
        "lowp::quantise: out.data and out.scales overlap: 64 and 4 bytes, the second begins 0 "
        "bytes behind the first; they must share no byte");
  const std::span<std::byte> inside = std::as_writable_bytes(std::span(x)).subspan(8);
  CHECK(refusal(m, q, {inside, scales}) ==
        "lowp::quantise: in and out.data overlap: 512 and 64 bytes, the second begins 8 bytes "
        "behind the first; they must share no byte");
  block_quantisation bad = q;
  bad.to.f.columns = 0;
  CHECK(refusal(m, bad, {data, scales}).find("q.to.f: a block must have at least one row") !=
        std::string::npos);
  bad = q;
  bad.to.layout.block_columns = 16;
  CHECK(refusal(m, bad, {data, eight})
            .find("must have the blocks of the format (blocks 1 x 16 "
                  "for 1 x 32") != std::string::npos);
  const block_quantisation nv{block_formats::nvfp4, block_recipes::nvfp4_te, {}};
  CHECK(refusal(m, nv, {data, eight}) ==
        "lowp::quantise: options.outer is null: the format has an outer scale, which the call "
        "returns");
  CHECK_THROWS_AS(quantise(std::span<const float>(x), q, {data, scales}, {}, 3), array_error);
  CHECK(quantise(std::span<const float>(x), q, {data, scales}, {}, 2) == block_bytes{64, 4});
  CHECK(quantise(number_matrix<const float>{nullptr, 0, {0, 64}}, q, {}) == block_bytes{0, 0});
}

}  // namespace
