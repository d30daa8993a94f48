// SPDX-License-Identifier: Apache-2.0
// Block-quantised matrices: cut into blocks, read, requantised, summed up and multiplied, against
// quantise_block, the machine's own arithmetic and exact rationals.
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/block/block_dot.hpp>
#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/block_statistics.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/requantise_matrix.hpp>

namespace {

using lowp::block_format;
using lowp::block_matrix;
using lowp::float32;
using lowp::matrix_shape;
using rational = boost::multiprecision::cpp_rational;
using integer = boost::multiprecision::cpp_int;

constexpr std::uint64_t seed = 20261121;

/// Numbers of many magnitudes, some of them zero, with special ones if asked for.
std::vector<float> some_numbers(std::size_t n, std::uint64_t extra, bool special = false) {
  std::mt19937_64 random(seed + extra);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  for (float& v : x) {
    v = std::ldexp(normal(random), static_cast<int>(random() % 12) - 6);
    const auto dice = random() % 200;
    if (dice < 8) v = dice < 4 ? 0.0f : -0.0f;
    if (special && dice == 9) v = std::bit_cast<float>(0x7fc00000u);
    if (special && dice == 10) v = std::bit_cast<float>(0xff800000u);
  }
  return x;
}

/// A quantised matrix with its buffers.
struct stored {
  block_matrix m;
  matrix_shape shape;
  std::vector<std::byte> data, scales;
  std::vector<float32> outer_amax, outer;

  stored(const block_matrix& matrix, matrix_shape s) : m(matrix), shape(s) {
    const lowp::block_bytes n = bytes_of(m.layout, s);
    data.assign(n.data, std::byte{0xee});
    scales.assign(n.scales, std::byte{0xee});
  }
  lowp::block_buffers buffers() { return {data, scales}; }
  lowp::const_block_buffers buffers() const { return {data, scales}; }
};

stored quantised(const lowp::block_quantisation& q, const std::vector<float>& x, matrix_shape s) {
  stored result(q.to, s);
  REQUIRE(check(q.to, s, {result.data.size(), result.scales.size()}) ==
          lowp::block_matrix_error::none);
  const lowp::number_matrix<const float> in{x.data(), s.columns, s};
  if (q.to.f.outer != lowp::outer_scale::none) {
    const bool rows = q.to.f.outer == lowp::outer_scale::row;
    for (std::uint64_t i = 0; i < (rows ? s.rows : 1); ++i) {
      const lowp::number_matrix<const float> part{
          x.data() + i * s.columns, s.columns, {rows ? 1 : s.rows, s.columns}};
      result.outer_amax.push_back(lowp::outer_amax_of(q.recipe, part));
      result.outer.push_back(outer_scale_of(q.to.f, q.recipe, result.outer_amax.back()));
    }
  }
  REQUIRE(quantise_matrix<float32>(q, in, result.outer_amax.data(), result.buffers()) ==
          lowp::block_matrix_error::none);
  return result;
}

std::vector<float> read(const stored& a,
                        lowp::dequantise_steps steps = lowp::dequantise_steps::exact) {
  std::vector<float> y(a.shape.rows * a.shape.columns);
  const bool amax = steps == lowp::dequantise_steps::amax_first;
  REQUIRE(dequantise_matrix<float32>(a.m, a.buffers(), (amax ? a.outer_amax : a.outer).data(),
                                     {y.data(), a.shape.columns, a.shape},
                                     steps) == lowp::block_matrix_error::none);
  return y;
}

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

TEST_CASE("BLS-17 default layouts, and what a matrix must be") {
  using enum lowp::block_matrix_error;
  const matrix_shape s{3, 33};
  CHECK(bytes_of(lowp::default_layout(lowp::block_formats::mxfp4), s) ==
        lowp::block_bytes{3 * 17, 3 * 2});
  CHECK(bytes_of(lowp::default_layout(lowp::block_formats::mxfp6_e2m3), s) ==
        lowp::block_bytes{99, 6});
  CHECK(bytes_of(lowp::default_layout(lowp::block_formats::mx9), s) ==
        lowp::block_bytes{99, 2 * 9});
  CHECK(bytes_of(lowp::default_layout(lowp::block_formats::hif4), s) ==
        lowp::block_bytes{3 * 17, 4 * 3});
  CHECK(bytes_of(lowp::default_layout(lowp::block_formats::fp8_128x128), {129, 128}) ==
        lowp::block_bytes{129 * 128, 2 * 4});
  block_matrix m = lowp::block_formats::mxfp4;
  const lowp::block_bytes n = bytes_of(m.layout, s);
  CHECK(check(m, s, n) == none);
  CHECK(check(m, s, {n.data - 1, n.scales}) == layout);
  CHECK(check(m, s, {n.data, n.scales - 1}) == layout);
  m.f.element.width = 17;
  CHECK(check(m, s, n) == format);
  m = {lowp::block_formats::mxfp4, lowp::default_layout(lowp::block_formats::nvfp4)};
  CHECK(check(m, s, {1000, 1000}) == blocks);
  m = {lowp::block_formats::mxfp4, lowp::default_layout(lowp::block_formats::mxfp6_e2m3)};
  CHECK(check(m, s, {1000, 1000}) == element);
  m = {lowp::block_formats::fp8_1x128, lowp::default_layout(lowp::block_formats::fp8_1x128_ue8m0)};
  CHECK(check(m, s, {1000, 1000}) == scale);
  for (int e = 0; e <= static_cast<int>(scale); ++e) {
    CHECK(std::string(message(static_cast<lowp::block_matrix_error>(e))) != "unknown");
  }
}

TEST_CASE("BLS-8 recipes that a format cannot have") {
  using enum lowp::block_recipe_error;
  const auto is = [](const char* format, const char* recipe) {
    const auto* f = lowp::find_block_format(format);
    const auto* r = lowp::find_block_recipe(recipe);
    REQUIRE(f != nullptr);
    REQUIRE(r != nullptr);
    return check(f->value, r->value);
  };
  CHECK(is("mxfp4", "ocp") == none);
  CHECK(is("mxfp4", "hif4") == hif4);
  CHECK(is("mx9", "hif4") == hif4);
  CHECK(is("hif4", "ocp") == levels);
  CHECK(is("mx9", "fp8_te") == levels);
  CHECK(is("nvfp4_single", "nvfp4_te") == outer);
  CHECK(is("nvfp4", "nvfp4_triton") == outer);
  lowp::block_recipe r = lowp::block_recipes::ocp;
  r.search.kind = lowp::search_kind::four_over_six;
  CHECK(check(lowp::block_formats::mxfp4, r) == search);
  r = lowp::block_recipes::ocp;
  r.element.random_bits = 33;
  CHECK(check(lowp::block_formats::mxfp4, r) == random);
  block_format f = lowp::block_formats::mxfp4;
  f.element = lowp::formats::posit8;
  CHECK(check(f, lowp::block_recipes::ocp) == element);
  f.element = lowp::formats::e8m0fnu;
  CHECK(check(f, lowp::block_recipes::ocp) == element);
  for (int e = 0; e <= static_cast<int>(search); ++e) {
    CHECK(std::string(message(static_cast<lowp::block_recipe_error>(e))) != "unknown");
  }
  // Every pair that is allowed runs, with no numbers and with special ones.
  const float special[16] = {
      std::bit_cast<float>(0x7fc00000u), std::bit_cast<float>(0x7f800000u), 0.0f, 1.0f,
      std::bit_cast<float>(0x7f7fffffu), std::bit_cast<float>(1u)};
  int pairs = 0;
  for (const auto& row : lowp::all_block_formats) {
    for (const auto& recipe : lowp::all_block_recipes) {
      if (check(row.value, recipe.value) != none) continue;
      ++pairs;
      for (const std::uint64_t n : {0u, 1u, 16u}) {
        stored a(row.value, {n == 0 ? 0u : 1u, n});
        const float32 amax{1.0f};
        CHECK(quantise_matrix<float32>({row.value, recipe.value}, {special, n, a.shape}, &amax,
                                       a.buffers()) == lowp::block_matrix_error::none);
      }
    }
  }
  CHECK(pairs > 800);
}

TEST_CASE("BLS-18 nothing is written where an argument is refused") {
  using enum lowp::block_matrix_error;
  const matrix_shape s{2, 32};
  const std::vector<float> x(64, 1.0f);
  const lowp::block_quantisation q{lowp::block_formats::mxfp4, lowp::block_recipes::ocp};
  stored a(q.to, s);
  const auto untouched = a.data;
  const auto quantise = [&](const lowp::block_quantisation& how, std::uint64_t stride) {
    return quantise_matrix<float32>(how, {x.data(), stride, s}, nullptr, a.buffers());
  };
  CHECK(quantise(q, 31) == stride);
  CHECK(quantise({lowp::block_formats::mxfp8_e4m3, q.recipe}, 32) == layout);
  CHECK(quantise({q.to, lowp::block_recipes::hif4}, 32) == recipe);
  stored with_outer(lowp::block_formats::nvfp4, s);
  CHECK(quantise_matrix<float32>({lowp::block_formats::nvfp4, lowp::block_recipes::nvfp4_te},
                                 {x.data(), 32, s}, nullptr, with_outer.buffers()) == outer);
  CHECK(a.data == untouched);
  CHECK(quantise(q, 32) == none);
  std::vector<float> y(64, 7.0f), room(64);
  CHECK(dequantise_matrix<float32>(lowp::block_formats::mxfp8_e4m3, a.buffers(), nullptr,
                                   {y.data(), 32, s}) == layout);
  CHECK(y == std::vector<float>(64, 7.0f));
  stored b(q.to, s);
  CHECK(requantise_matrix<float32>(q.to, a.buffers(), nullptr, s, true, q, b.buffers(), room.data(),
                                   nullptr) == layout);
  CHECK(b.data == untouched);
}

TEST_CASE("BLS-18 a matrix is its blocks, wherever they stand") {
  std::uint64_t extra = 0;
  for (const lowp::named_block_format& f : lowp::all_block_formats) {
    for (const matrix_shape s : {matrix_shape{1, f.value.columns},
                                 {5, 2ull * f.value.columns + 3},
                                 {f.value.rows + 1ull, 7}}) {
      INFO(std::string(f.name) << ' ' << s.rows << 'x' << s.columns);
      const std::vector<float> x = some_numbers(s.rows * s.columns, ++extra, true);
      lowp::block_quantisation q{f.value, default_recipe(f)};
      q.recipe.element.round = extra % 2 == 0 ? lowp::to_nearest_even : lowp::stochastic_a;
      q.recipe.element.random_bits = 9;
      q.random = {.seed = 77};
      const stored a = quantised(q, x, s);
      const lowp::block_places places(a.m.layout, s);
      const matrix_shape blocks = scale_shape(a.m.layout, s);
      std::vector<float32> numbers;
      for (float v : x) numbers.push_back(lowp::real<float32>(v));
      std::uint64_t differ = 0;
      for (std::uint64_t i = 0; i < blocks.rows; ++i) {
        for (std::uint64_t j = 0; j < blocks.columns; ++j) {
          const std::uint64_t row = i * f.value.rows, column = j * f.value.columns;
          const lowp::block_extent e = extent_of(f.value, s, i, j);
          std::vector<std::uint16_t> codes(static_cast<std::size_t>(block_elements(f.value)));
          const lowp::block_input<float32> in{&numbers[row * s.columns + column], s.columns, e.rows,
                                              e.columns};
          const float32 T =
              a.outer_amax.empty() ? float32{} : outer_of(f.value, a.outer_amax.data(), row);
          const lowp::code_t scale = quantise_block(
              f.value, q.recipe, in, T, codes.data(),
              {q.random, row * s.columns + column, s.columns, i * blocks.columns + j});
          differ += places.read_scale_at(a.buffers(), places.scales().place(i, j)) != scale;
          for (int r = 0; r < e.rows; ++r) {
            for (int c = 0; c < e.columns; ++c) {
              const auto place = places.elements().place(row + static_cast<std::uint64_t>(r),
                                                         column + static_cast<std::uint64_t>(c));
              differ += places.read_element_at(a.buffers(), place) !=
                        codes[static_cast<std::size_t>(r * f.value.columns + c)];
            }
          }
        }
      }
      CHECK(differ == 0);
    }
  }
  // The same codes in other layouts.
  const matrix_shape s{37, 32 * 5};
  const std::vector<float> x = some_numbers(s.rows * s.columns, 1000);
  const block_format mxfp4 = lowp::block_formats::mxfp4;
  const stored plain = quantised({mxfp4, lowp::block_recipes::ocp}, x, s);
  int layouts = 0;
  for (const auto& l : lowp::all_block_layouts) {
    if (l.value.block_columns != 32 || l.value.block_rows != 1 || l.value.elements.f.width != 4 ||
        l.value.scales.scale_bytes != 1) {
      continue;
    }
    ++layouts;
    INFO(l.name);
    const stored there = quantised({{mxfp4, l.value}, lowp::block_recipes::ocp}, x, s);
    stored converted({mxfp4, l.value}, s);
    REQUIRE(convert_layout(plain.m.layout, plain.buffers(), l.value, converted.buffers(), s) ==
            lowp::layout_error::none);
    CHECK(there.data == converted.data);
    CHECK(there.scales == converted.scales);
    CHECK(read(there) == read(plain));
  }
  CHECK(layouts >= 4);
}

TEST_CASE("BLS-19 numbers of a quantised matrix, in each order of steps") {
  const matrix_shape s{8, 64};
  bool orders_differ = false;
  for (const lowp::named_block_format& f : lowp::all_block_formats) {
    INFO(std::string(f.name));
    const std::vector<float> x = some_numbers(s.rows * s.columns, 31);
    const stored a = quantised({f.value, default_recipe(f)}, x, s);
    const std::vector<float> y = read(a);
    const lowp::block_places places(a.m.layout, s);
    std::uint64_t differ = 0;
    for (std::uint64_t i = 0; i < s.rows; ++i) {
      for (std::uint64_t j = 0; j < s.columns; ++j) {
        const auto scale = places.read_scale_at(
            a.buffers(), places.scales().place(i / f.value.rows, j / f.value.columns));
        const auto code = places.read_element_at(a.buffers(), places.elements().place(i, j));
        const int at = static_cast<int>(i % f.value.rows * f.value.columns + j % f.value.columns);
        // Element times level exactly in binary64, and its product with the scale too: one rounding
        // but where an outer scale comes in.
        const auto element = static_cast<double>(
            lowp::float64::from_code(convert(f.value.element, code, lowp::formats::binary64)));
        const auto b = static_cast<double>(lowp::float64::from_code(
            convert(f.value.scale, scale_code(f.value, scale), lowp::formats::binary64)));
        const double block = std::ldexp(element * b, level_exponent(f.value, scale, at));
        if (a.outer.empty()) {
          differ += bits(static_cast<float>(block)) != bits(y[i * s.columns + j]);
          continue;
        }
        // 8 bits of block times 24 of P: exact in binary64.
        const float P = static_cast<float>(outer_of(f.value, a.outer.data(), i));
        differ +=
            bits(static_cast<float>(block * static_cast<double>(P))) != bits(y[i * s.columns + j]);
      }
    }
    CHECK(differ == 0);
    if (a.outer.empty()) continue;
    const std::vector<float> scale_first = read(a, lowp::dequantise_steps::scale_first);
    const std::vector<float> amax_first = read(a, lowp::dequantise_steps::amax_first);
    for (std::uint64_t i = 0; i < s.rows; ++i) {
      for (std::uint64_t j = 0; j < s.columns; ++j) {
        const auto scale = places.read_scale_at(
            a.buffers(), places.scales().place(i / f.value.rows, j / f.value.columns));
        const auto code = places.read_element_at(a.buffers(), places.elements().place(i, j));
        const volatile float e =
            static_cast<float>(lowp::decode_real<float32>(f.value.element, code));
        const volatile float b =
            static_cast<float>(lowp::decode_real<float32>(f.value.scale, scale));
        const volatile float P = static_cast<float>(outer_of(f.value, a.outer.data(), i));
        const volatile float T = static_cast<float>(outer_of(f.value, a.outer_amax.data(), i));
        const volatile float Pb = P * b, bT = b * T, reciprocal = 1.0f / 2688.0f;
        const volatile float factor = bT * reciprocal;
        differ += bits(e * Pb) != bits(scale_first[i * s.columns + j]);
        differ += bits(e * factor) != bits(amax_first[i * s.columns + j]);
      }
    }
    CHECK(differ == 0);
    orders_differ = orders_differ || scale_first != amax_first;
  }
  CHECK(orders_differ);
}

TEST_CASE("BLS-20 requantised and transposed") {
  for (const matrix_shape s : {matrix_shape{32, 64}, {1, 40}, {7, 1}, {33, 47}, {48, 48}}) {
    for (const bool transpose : {false, true}) {
      INFO(s.rows << 'x' << s.columns << (transpose ? " transposed" : ""));
      const std::vector<float> x = some_numbers(s.rows * s.columns, s.rows);
      const stored a = quantised({lowp::block_formats::mxfp8_e4m3, lowp::block_recipes::ocp}, x, s);
      const matrix_shape after = transpose ? matrix_shape{s.columns, s.rows} : s;
      const std::vector<float> y = read(a);
      std::vector<float> turned(y.size());
      for (std::uint64_t i = 0; i < after.rows; ++i) {
        for (std::uint64_t j = 0; j < after.columns; ++j) {
          turned[i * after.columns + j] = transpose ? y[j * s.columns + i] : y[i * s.columns + j];
        }
      }
      for (const block_format& f : {lowp::block_formats::mxfp4, lowp::block_formats::nvfp4,
                                    lowp::block_formats::nvfp4_row}) {
        const lowp::block_quantisation to{f, f.outer == lowp::outer_scale::none
                                                 ? lowp::block_recipes::ocp
                                                 : lowp::block_recipes::nvfp4_te};
        const stored expected = quantised(to, turned, after);
        stored result(to.to, after);
        std::vector<float> room(lowp::numbers_of(s));
        std::vector<float32> outer_amax(after.rows);
        REQUIRE(requantise_matrix<float32>(a.m, a.buffers(), nullptr, s, transpose, to,
                                           result.buffers(), room.data(),
                                           outer_amax.data()) == lowp::block_matrix_error::none);
        CHECK(result.data == expected.data);
        CHECK(result.scales == expected.scales);
        for (std::size_t i = 0; i < expected.outer_amax.size(); ++i) {
          CHECK(outer_amax[i] == expected.outer_amax[i]);
        }
      }
    }
  }
}

TEST_CASE("BLS-21 statistics of blocks") {
  const matrix_shape s{1, 64};
  std::vector<float> x(64, 0.0f);
  x[0] = 7.9f;  // E = 2: the scale is 1, the greatest element 6
  x[1] = -6.0f;
  x[2] = 0.2f;  // nearer to zero than to 0.5
  x[3] = -0.0f;
  x[33] = 3.0f;
  x[34] = std::bit_cast<float>(0x7fc00000u);
  const stored a = quantised({lowp::block_formats::mxfp4, lowp::block_recipes::ocp}, x, s);
  const lowp::number_matrix<const float> in{x.data(), 64, s};
  const auto first = statistics_of_block(a.m, a.buffers(), in, 0, 0, {});
  CHECK(first.elements == 32);
  CHECK(first.saturated == 1);
  CHECK(first.flushed == 1);
  CHECK(first.not_finite == 0);
  CHECK(first.lost == 0);
  CHECK(first.amax == bits(7.9f));
  const double expected = std::pow(double{7.9f} - 6, 2) + std::pow(double{0.2f}, 2);
  CHECK(static_cast<double>(first.squared_errors) == doctest::Approx(expected).epsilon(1e-14));
  const auto second = statistics_of_block(a.m, a.buffers(), in, 0, 1, {});
  CHECK(second.not_finite == 1);
  CHECK(second.lost == 31);  // the NaN poisoned them
  auto sum = first;
  sum += second;
  CHECK(sum == statistics_of(a.m, a.buffers(), nullptr, in));
  CHECK(sum.elements == 64);
  // Against binary64 sums of the numbers read back, outer scale included.
  const std::vector<float> y = some_numbers(3 * 80, 5);
  const matrix_shape t{3, 80};
  const stored b = quantised({lowp::block_formats::nvfp4, lowp::block_recipes::nvfp4_te}, y, t);
  const auto of_b = statistics_of(b.m, b.buffers(), b.outer.data(), {y.data(), 80, t});
  double squares = 0, errors = 0;
  const std::vector<float> read_back = read(b);
  for (std::size_t i = 0; i < y.size(); ++i) {
    squares += double{y[i]} * double{y[i]};
    errors += std::pow(double{y[i]} - double{read_back[i]}, 2);
  }
  CHECK(static_cast<double>(of_b.squares) == doctest::Approx(squares).epsilon(1e-12));
  CHECK(static_cast<double>(of_b.squared_errors) == doctest::Approx(errors).epsilon(1e-5));
}

// --- dot products --------------------------------------------------------------------------------

rational value_of(const lowp::exact& x) {
  if (x.cls != lowp::number_class::finite) return 0;
  REQUIRE_FALSE(x.sticky);
  rational v = (integer(x.significand) << 64) + x.tail;
  v /= integer(1) << 64;
  const integer power = integer(1) << (x.exponent < 0 ? -x.exponent : x.exponent);
  v = x.exponent < 0 ? rational(v / power) : rational(v * power);
  return x.negative ? rational(-v) : v;
}

/// The nearest binary32 number, ties to even, of a rational below its overflow.
float nearest(const rational& v) {
  if (v == 0) return 0;
  const rational a = v < 0 ? rational(-v) : v;
  int e = static_cast<int>(msb(numerator(a))) - static_cast<int>(msb(denominator(a)));
  const auto power = [](int k) {
    return k < 0 ? rational(1, integer(1) << -k) : rational(integer(1) << k);
  };
  while (power(e) > a) --e;
  while (power(e + 1) <= a) ++e;
  const int unit = (e < -126 ? -126 : e) - 23;
  const rational steps = a / power(unit);
  integer n = numerator(steps) / denominator(steps);
  const rational rest = steps - n;
  if (rest > rational(1, 2) || (rest == rational(1, 2) && n % 2 != 0)) ++n;
  const float magnitude = std::ldexp(n.convert_to<float>(), unit);
  return v < 0 ? -magnitude : magnitude;
}

TEST_CASE("BLS-22 dot products of blocks and vectors") {
  const struct {
    const char* x;
    const char* y;
  } pairs[] = {{"mxfp8_e4m3", "mxfp8_e4m3"},
               {"mxfp8_e5m2", "mxfp8_e5m2"},
               {"mxfp8_e4m3", "mxfp8_e5m2"},
               {"mxfp6_e3m2", "mxfp4"},
               {"mxfp4", "mxfp4"},
               {"mxint8", "mxint8"},
               {"mxint8", "mxfp6_e2m3"},
               {"nvfp4", "nvfp4"},
               {"nvfp4_single", "mx9"},
               {"mx4", "mx6"},
               {"hif4", "hif5"},
               {"fp8_1x128", "fp8_1x128_ue8m0"},
               {"bfp16", "bfp16_compiler"},
               {"fp8_1x128_e5m2", "fp8_1x128_e5m2"}};
  for (const auto& pair : pairs) {
    const auto* fx = lowp::find_block_format(pair.x);
    const auto* fy = lowp::find_block_format(pair.y);
    REQUIRE(fx != nullptr);
    REQUIRE(fy != nullptr);
    for (const std::uint64_t n : {1u, 31u, 64u, 200u, 515u}) {
      INFO(std::string(pair.x) << " x " << std::string(pair.y) << ", " << n << " elements, seed "
                               << seed);
      const matrix_shape s{1, n};
      const stored a = quantised({fx->value, default_recipe(*fx)}, some_numbers(n, n), s);
      const stored b = quantised({fy->value, default_recipe(*fy)}, some_numbers(n, n + 1), s);
      lowp::block_vector x{fx->value, a.m.layout.elements, a.data.data(), a.scales.data()};
      lowp::block_vector y{fy->value, b.m.layout.elements, b.data.data(), b.scales.data()};
      if (!a.outer.empty()) x.outer = lowp::decode(a.outer[0]);
      if (!b.outer.empty()) y.outer = lowp::decode(b.outer[0]);
      REQUIRE(check(x, y, {}) == lowp::dot_error::none);
      // All products of values, and those of each block.
      const std::uint64_t length = fx->value.columns;
      std::vector<rational> blocks((n + length - 1) / length);
      rational whole = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto value = [&](const lowp::block_vector& v) {
          const auto scale = lowp::detail::scale_bits_at(v, i / length);
          const auto code = read_code(v.elements, v.codes, i);
          return value_of(block_value(v.f, scale, code, static_cast<int>(i % length), v.outer));
        };
        const rational product = value(x) * value(y);
        blocks[i / length] += product;
        whole += product;
      }
      CHECK(static_cast<float>(dot(x, y, n)) == nearest(whole));
      for (std::size_t j = 0; j < blocks.size(); ++j) {
        const auto left = static_cast<int>(n - j * length);
        const auto of_block = dot_of_block(
            x, y, j, left < static_cast<int>(length) ? left : static_cast<int>(length));
        CHECK(value_of(of_block) == blocks[j]);
      }
      for (const int lanes : {1, 4, 16}) {
        std::vector<float> sum(static_cast<std::size_t>(lanes), 0.0f);
        for (std::size_t j = 0; j < blocks.size(); ++j) {
          const volatile float next = sum[j % sum.size()] + nearest(blocks[j]);
          sum[j % sum.size()] = next;
        }
        for (std::size_t half = sum.size() / 2; half > 0; half /= 2) {
          for (std::size_t i = 0; i < half; ++i) {
            const volatile float next = sum[i] + sum[i + half];
            sum[i] = next;
          }
        }
        CHECK(static_cast<float>(dot(
                  x, y, n, {lowp::dot_sum::blocks, static_cast<std::uint8_t>(lanes)})) == sum[0]);
      }
    }
  }
}

TEST_CASE("BLS-22 special values and refused vectors") {
  using enum lowp::dot_error;
  std::array<std::byte, 32> codes{};
  std::array<std::byte, 1> scale{std::byte{127}}, nan{std::byte{0xff}};
  const block_format f = lowp::block_formats::mxfp8_e4m3;
  lowp::block_vector x{f, f.element, codes.data(), scale.data()};
  lowp::block_vector y = x;
  CHECK(bits(static_cast<float>(dot(x, y, 32))) == 0);
  y.scales = nan.data();
  CHECK(lowp::is_nan(dot(x, y, 32)));
  CHECK(lowp::is_nan(dot(x, y, 32, {lowp::dot_sum::blocks, 1})));
  y = x;
  CHECK(check(x, y, {}) == none);
  // Sums beyond what is added up exactly; only both together are.
  const auto far = [&](int x_bias, int y_bias) {
    x.f.element = lowp::with_bias(lowp::formats::e4m3fn, x_bias);
    y.f.element = lowp::with_bias(lowp::formats::e4m3fn, y_bias);
    return check(x, y, {});
  };
  CHECK(far(2000, 7) == format);
  CHECK(far(2000, -1986) == none);
  CHECK(dot(x, y, 32) == 0.0f);
  CHECK(far(319, 319) == format);    // units of 2^-642
  CHECK(far(318, 318) == none);      // of 2^-640
  CHECK(far(-266, -265) == format);  // products below 2^563, 16384 of them
  CHECK(far(-265, -265) == none);
  x = y = {f, f.element, codes.data(), scale.data()};
  x.f.scale = {.width = 20, .precision = 5, .is_signed = false, .bias = 32767};
  CHECK(check(x, y, {}) == format);
  x = y;
  CHECK(check(x, y, {lowp::dot_sum::blocks, 3}) == lanes);
  CHECK(check(x, y, {lowp::dot_sum::blocks, 128}) == lanes);
  y.f.columns = 16;
  CHECK(check(x, y, {}) == different);
  y.f.columns = 32;
  y.f.rows = 2;
  CHECK(check(x, y, {}) == shape);
  y = x;
  y.elements = lowp::formats::e2m1;
  CHECK(check(x, y, {}) == packing);
  y = x;
  y.f.element = y.elements.f = lowp::formats::takum8;
  CHECK(check(x, y, {}) == format);
  y.f.element = y.elements.f = lowp::formats::lns8;
  CHECK(check(x, y, {}) == format);
  for (int e = 0; e <= static_cast<int>(lanes); ++e) {
    CHECK(std::string(message(static_cast<lowp::dot_error>(e))) != "unknown");
  }
}

}  // namespace
