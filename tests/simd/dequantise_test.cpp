// SPDX-License-Identifier: Apache-2.0
/// \file
/// Reading of block-quantised matrices in bulk: the bits of the definition for every registered
/// format and layout, every way of stepping, on every instruction set; refusals.
#include <bit>
#include <cfenv>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/quantise_matrix.hpp>
#include <lowp/simd/dequantise.hpp>

#include "arrays.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace {

using namespace bulk;
using lowp::block_matrix;
using lowp::dequantise_steps;
using lowp::float32;
using lowp::matrix_shape;

constexpr dequantise_steps all_steps[] = {dequantise_steps::exact, dequantise_steps::scale_first,
                                          dequantise_steps::amax_first};

/// A matrix of random codes in memory that ends where its buffers end.
struct sample {
  block_matrix m;
  matrix_shape shape;
  guarded data, scales;
  lowp::block_bytes size;
  std::vector<float> outer;

  sample(const block_matrix& of, matrix_shape s, int kind, std::mt19937_64& random)
      : m(of),
        shape(s),
        data(lowp::bytes_of(of.layout, s).data + 1),
        scales(lowp::bytes_of(of.layout, s).scales + 1),
        size(lowp::bytes_of(of.layout, s)) {
    const auto fill = [&](std::byte* at, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) at[i] = static_cast<std::byte>(random());
    };
    fill(data.back(size.data), size.data);
    fill(scales.back(size.scales), size.scales);
    const matrix_shape blocks = lowp::scale_shape(of.layout, s);
    for (std::uint64_t i = 0; i < blocks.rows; ++i) {
      for (std::uint64_t j = 0; j < blocks.columns; ++j) {
        lowp::write_scale(of.layout, buffers(), s, i, j, scale(kind, random));
      }
    }
    for (std::uint64_t i = 0; i < s.rows; ++i) {
      constexpr float some[] = {1.0f, 0.37f, 3e-39f, 2.5e38f, 0.0f, 1.7e-3f};
      float P = some[random() % 6];
      if (kind == 2) P = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
      if (kind == 2 && random() % 3 == 0) P = std::bit_cast<float>(0xffc12345u);
      outer.push_back(P);
    }
  }

  /// Kind 0: near one, 1: any but special, 2: special ones among all.
  lowp::code_t scale(int kind, std::mt19937_64& random) const {
    const lowp::format f = m.f.scale;
    const std::uint64_t noise = random() & ~lowp::detail::low_mask(f.width);
    const lowp::code_t one = lowp::encode(f, lowp::exact_finite(false, 1, 0));
    lowp::code_t code = random() & lowp::detail::low_mask(f.width);
    if (kind == 0) code = one + random() % 4;
    if (kind == 2 && random() % 3 == 0) {
      const lowp::code_t special[] = {0, lowp::canonical_nan(f), lowp::max_finite(f),
                                      lowp::min_positive(f)};
      code = special[random() % 4];
      if (f.width == 32 && random() % 2 == 0) code = random() % 2 == 0 ? 0x7f800000 : 0xffa00001;
    }
    if (kind == 1 && lowp::decode(f, code).cls != lowp::number_class::finite) code = one;
    const int bits = 8 * m.layout.scales.scale_bytes;
    return bits == 64 ? noise | code : (noise | code) & lowp::detail::low_mask(bits);
  }

  lowp::block_buffers buffers() const {
    return {{data.back(size.data), size.data}, {scales.back(size.scales), size.scales}};
  }
};

std::vector<std::uint32_t> bits_of(const std::vector<float>& all) {
  std::vector<std::uint32_t> bits;
  for (const float x : all) bits.push_back(std::bit_cast<std::uint32_t>(x));
  return bits;
}

/// What the definition makes of a sample, rows `stride` apart.
std::vector<std::uint32_t> defined(const sample& s, std::uint64_t stride, dequantise_steps steps) {
  std::vector<float> out(s.shape.rows * stride, -7.0f);
  std::vector<float32> outer;
  for (const float P : s.outer) {
    outer.push_back(float32::from_code(std::bit_cast<std::uint32_t>(P)));
  }
  const lowp::block_matrix_error error = lowp::dequantise_matrix<float32>(
      s.m, s.buffers(), outer.data(), {out.data(), stride, s.shape}, steps);
  CHECK(error == lowp::block_matrix_error::none);
  return bits_of(out);
}

void check_sample(tally& t, const sample& s, std::uint64_t stride, const std::string& name) {
  for (const dequantise_steps steps : all_steps) {
    if (s.m.f.outer == lowp::outer_scale::none && steps != dequantise_steps::exact &&
        s.shape.rows > 2) {
      continue;
    }
    const std::vector<std::uint32_t> want = defined(s, stride, steps);
    for (const target& target : targets()) {
      const forced_target forced(target.bit);
      std::vector<float> out(want.size(), -7.0f);
      lowp::dequantise(s.m, s.buffers(), {out.data(), stride, s.shape},
                       {.outer = s.outer.data(), .steps = steps});
      const std::vector<std::uint32_t> got = bits_of(out);
      std::size_t at = 0;
      while (at < want.size() && got[at] == want[at]) ++at;
      t.expect(at == want.size(), [&] {
        return name + " " + target.name + ", steps " + std::to_string(static_cast<int>(steps)) +
               ", " + std::to_string(s.shape.rows) + " x " + std::to_string(s.shape.columns) +
               ", number " + std::to_string(at) + ": expected " + hex(want[at]) + ", got " +
               hex(got[at]);
      });
    }
  }
}

TEST_CASE("BLK-8 every format: the numbers of the definition, in the layout of each") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::named_block_format& f : lowp::all_block_formats) {
    for (const std::uint64_t columns : {1u, 17u, 63u, 64u, 96u, 131u, 300u}) {
      const std::uint64_t rows = f.value.rows > 1 ? f.value.rows + 1 : 1 + columns % 3;
      const int kind = columns == 64 ? 0 : columns == 300 ? 1 : static_cast<int>(random() % 3);
      if (f.value.rows == 128 && columns > 131) continue;
      const sample s({f.value}, {f.value.rows == 128 ? 2 : rows, columns}, kind, random);
      check_sample(t, s, columns + columns % 4, f.name);
    }
  }
  // Longer than a chunk.
  for (const lowp::block_format& f :
       {lowp::block_formats::mxfp8_e4m3, lowp::block_formats::nvfp4, lowp::block_formats::mx9,
        lowp::block_formats::mxint8, lowp::block_formats::bfp16}) {
    const sample s({f}, {2, 4500}, 1, random);
    check_sample(t, s, 4500, "long");
  }
  oracle::report("reading in bulk, every format", t);
}

TEST_CASE("BLK-8 every published layout") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::named_block_layout& l : lowp::all_block_layouts) {
    for (const lowp::named_block_format& f : lowp::all_block_formats) {
      if (f.value.rows != l.value.block_rows || f.value.columns != l.value.block_columns) {
        const bool turns = l.value.block_columns == 1 && f.value == lowp::block_formats::mxfp8_e4m3;
        if (!turns) continue;
      }
      const lowp::block_format own = lowp::with_shape(f.value, static_cast<int>(l.value.block_rows),
                                                      static_cast<int>(l.value.block_columns));
      lowp::block_layout layout = l.value;
      if (own.element.width != layout.elements.f.width) continue;
      if (lowp::scale_bits(own) > 8 * layout.scales.scale_bytes) continue;
      for (const matrix_shape shape : {matrix_shape{3, 256}, {2, 129}, {33, 70}, {2, 110}}) {
        const block_matrix m(own, layout);
        if (lowp::check(layout, shape) != lowp::layout_error::none) continue;
        const sample s(m, shape, static_cast<int>(random() % 3), random);
        check_sample(t, s, shape.columns, std::string(l.name) + " " + f.name);
      }
    }
  }
  oracle::report("reading in bulk, every layout", t);
}

/// Packings that are nobody's, formats with blocks of any length.
TEST_CASE("BLK-8 odd packings and lengths of blocks") {
  tally t;
  std::mt19937_64 random(seed);
  const lowp::block_format mxfp4 = lowp::block_formats::mxfp4;
  for (const lowp::named_packing& p : lowp::all_packings) {
    for (const lowp::block_format& f :
         {mxfp4, lowp::block_formats::mxfp6_e2m3, lowp::block_formats::nvfp4}) {
      if (p.width != f.element.width && p.width != 0) continue;
      for (const std::uint32_t multiple : {1u, 32u}) {
        lowp::block_layout l = lowp::default_layout(f);
        l.elements.pack = p.value;
        l.element_order = lowp::matrix_orders::row_major(multiple);
        if (lowp::check(l) != lowp::layout_error::none) continue;
        const sample s({f, l}, {3, 165}, 1, random);
        check_sample(t, s, 165, p.name);
      }
    }
  }
  for (const int columns : {1, 2, 3, 8, 16, 24, 48, 64, 100, 1024, 2048, 4096}) {
    for (const lowp::block_format& f : {mxfp4, lowp::block_formats::mxfp8_e5m2,
                                        lowp::block_formats::mxint8, lowp::block_formats::nvfp4}) {
      const sample s({lowp::with_shape(f, 1, columns)}, {1, 2300}, 1, random);
      check_sample(t, s, 2300, "blocks of " + std::to_string(columns));
    }
  }
  // Split in groups of 32, the first code of a byte above.
  lowp::block_layout split = lowp::default_layout(mxfp4);
  split.elements.pack = {.slot = 4, .order = lowp::bit_order::high_first, .group = 32, .step = 16};
  check_sample(t, sample({mxfp4, split}, {2, 160}, 1, random), 160, "split, high first");
  // Levels and outer scales that take numbers beyond binary32 on their way.
  lowp::block_format far = lowp::block_formats::mx9;
  for (const bool lowers : {true, false}) {
    for (const std::uint8_t bits : {std::uint8_t{6}, std::uint8_t{8}}) {
      far.level[0] = {.group = 8, .bits = bits, .lowers = lowers};
      check_sample(t, sample({far}, {3, 640}, 1, random), 640, "far levels");
    }
  }
  far = lowp::block_formats::mxfp8_e5m2;
  far.outer = lowp::outer_scale::row;
  check_sample(t, sample({far}, {40, 320}, 1, random), 320, "far outer scales");
  // Elements without kernels, scales of 16 bits.
  lowp::block_format wide = mxfp4;
  wide.element = lowp::formats::bfloat16;
  check_sample(t, sample({wide}, {2, 70}, 1, random), 70, "bfloat16");
  wide = mxfp4;
  wide.scale = lowp::formats::binary16;
  check_sample(t, sample({wide}, {2, 70}, 1, random), 70, "binary16 scales");
  wide.element = lowp::formats::e4m3fnuz;
  wide.scale = lowp::formats::e8m0fnu;
  check_sample(t, sample({wide}, {2, 70}, 1, random), 70, "e4m3fnuz");
  oracle::report("reading in bulk, odd packings", t);
}

TEST_CASE("BLK-8 records whose scales stand apart") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::block_format& f :
       {lowp::block_formats::mxfp4, lowp::block_formats::mxfp8_e4m3,
        lowp::with_shape(lowp::block_formats::mxfp8_e5m2, 1, 12), lowp::block_formats::fp8_1x128}) {
    for (const std::uint32_t blocks : {1u, 2u, 8u}) {
      for (const std::uint16_t multiple : {std::uint16_t{1}, std::uint16_t{6}}) {
        lowp::block_layout l = lowp::default_layout(f);
        l.record = f.columns * blocks;
        l.element_order = lowp::matrix_orders::row_major(l.record);
        l.scales.order = lowp::matrix_orders::row_major(blocks);
        l.part_multiple = multiple;
        l.record_multiple = multiple;
        const sample s({f, l}, {3, 5u * f.columns + 1}, 1, random);
        check_sample(t, s, s.shape.columns, "records of " + std::to_string(blocks));
      }
    }
  }
  oracle::report("reading in bulk, records with scales apart", t);
}

/// Elements that a machine which takes denormals for zero takes for zero.
TEST_CASE("BLK-8 elements that are subnormal numbers of binary32") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::format element :
       {lowp::with_bias(lowp::formats::e4m3fn, 142), lowp::fixed_point_format(8, 140, true)}) {
    for (const lowp::format scale :
         {lowp::formats::ue4m3, lowp::with_bias(lowp::formats::ue4m3, 18),
          lowp::with_bias(lowp::formats::ue4m3, 0)}) {
      const sample s({{.element = element, .scale = scale}}, {2, 200}, 1, random);
      check_sample(t, s, 200, "subnormal elements");
#if defined(__SSE2__)
      const unsigned before = _mm_getcsr();
      _mm_setcsr((before & ~0x3fu) | 1u << 6 | 1u << 15);
      check_sample(t, s, 200, "subnormal elements, denormals are zero");
      std::vector<float> out(400);
      _mm_setcsr(_mm_getcsr() & ~0x3fu);
      lowp::dequantise(s.m, s.buffers(), {out.data(), 200, s.shape});
      CHECK((_mm_getcsr() & 0x3f) == 0);  // no exception flag is raised
      _mm_setcsr(before);
#endif
    }
  }
  oracle::report("reading in bulk, subnormal elements", t);
}

TEST_CASE("BLK-8 whatever the floating-point environment and the threads") {
  tally t;
  std::mt19937_64 random(seed);
  for (const lowp::block_format& f :
       {lowp::block_formats::mxfp8_e5m2, lowp::block_formats::mxint8, lowp::block_formats::nvfp4,
        lowp::block_formats::mx9, lowp::block_formats::fp8_1x128}) {
    const sample s({f}, {3, 500}, 1, random);
    for (const int rounding : {FE_UPWARD, FE_TOWARDZERO}) {
      std::fenv_t saved;
      std::feholdexcept(&saved);
      std::fesetround(rounding);
#if defined(__SSE2__)
      _mm_setcsr(_mm_getcsr() | 1u << 6 | 1u << 15);
      const unsigned before = _mm_getcsr();
#endif
      check_sample(t, s, 500, "environment");
#if defined(__SSE2__)
      t.expect(_mm_getcsr() == before, [] { return std::string("MXCSR changed"); });
#endif
      std::fesetenv(&saved);
    }
  }
  const sample s({lowp::block_formats::nvfp4_row}, {700, 800}, 0, random);
  std::vector<float> one(700 * 800), many(700 * 800);
  lowp::dequantise(s.m, s.buffers(), {one.data(), 800, s.shape}, {.outer = s.outer.data()});
  lowp::dequantise(s.m, s.buffers(), {many.data(), 800, s.shape},
                   {.outer = s.outer.data(), .threads = 3});
  CHECK(bits_of(one) == bits_of(many));
  oracle::report("reading in bulk, environment", t);
}

// What calls keep of others: each is checked by itself all the same.
TEST_CASE("BLK-8 matrices in turn, other shapes, buffers that shrank") {
  tally t;
  std::mt19937_64 random(seed);
  namespace bf = lowp::block_formats;
  const lowp::block_format formats[] = {bf::mxfp8_e4m3, bf::mxfp4,      bf::nvfp4,
                                        bf::mxint8,     bf::mxfp6_e2m3, bf::fp8_1x128};
  for (int turn = 0; turn < 3; ++turn) {
    for (const lowp::block_format& f : formats) {
      // Rows without a gap, with whole blocks and without.
      for (const matrix_shape shape : {matrix_shape{5, 128}, {3, 256}, {4, 130}}) {
        check_sample(t, sample({f}, shape, turn, random), shape.columns, "in turn");
      }
    }
  }
  const sample s({bf::mxfp8_e4m3}, {4, 64}, 0, random);
  std::vector<float> out(4 * 64);
  lowp::dequantise(s.m, s.buffers(), {out.data(), 64, s.shape});
  lowp::block_buffers few = s.buffers();
  few.data = few.data.first(few.data.size() - 1);
  CHECK_THROWS_AS(lowp::dequantise(s.m, few, {out.data(), 64, s.shape}), lowp::array_error);
  few = s.buffers();
  few.scales = few.scales.first(few.scales.size() - 1);
  CHECK_THROWS_AS(lowp::dequantise(s.m, few, {out.data(), 64, s.shape}), lowp::array_error);
  // Threads that share rows without a gap.
  const sample wide({bf::mxfp4}, {700, 1024}, 1, random);
  std::vector<float> one(700 * 1024), many(700 * 1024);
  lowp::dequantise(wide.m, wide.buffers(), {one.data(), 1024, wide.shape});
  lowp::dequantise(wide.m, wide.buffers(), {many.data(), 1024, wide.shape}, {.threads = 3});
  CHECK(bits_of(one) == bits_of(many));
  oracle::report("reading in bulk, in turn", t);
}

TEST_CASE("BLK-8 numbers that go past the caches") {
  std::mt19937_64 random(seed);
  for (const lowp::block_format& f :
       {lowp::block_formats::mxfp4, lowp::block_formats::mxfp8_e4m3, lowp::block_formats::mxint8}) {
    const sample s({f}, {3, 4165}, 1, random);
    const lowp::simd::dequantise_plan plan =
        lowp::simd::make_dequantise_plan(s.m, dequantise_steps::exact);
    const std::vector<std::uint32_t> want = defined(s, 4176, dequantise_steps::exact);
    guarded out(3 * 4176 * 4);
    auto* numbers = reinterpret_cast<float*>(out.front());
    std::vector<float> got(3 * 4176, -7.0f);
    for (std::size_t i = 0; i < got.size(); ++i) numbers[i] = -7.0f;
    lowp::simd::dequantise(plan, {s.m.layout, s.shape}, s.buffers(), nullptr,
                           {numbers, 4176, s.shape}, 0, 3, true);
    got.assign(numbers, numbers + got.size());
    CHECK(bits_of(got) == want);
  }
}

TEST_CASE("BLK-8 refusals name the argument and the rule") {
  const block_matrix m(lowp::block_formats::nvfp4);
  std::vector<std::byte> data(1024), scales(128);
  std::vector<float> out(2048);
  const float one = 1;
  const auto text = [&](const block_matrix& of, matrix_shape s, std::uint64_t stride, float* to,
                        const float* outer) -> std::string {
    try {
      lowp::dequantise(of, {data, scales}, {to, stride, s}, {.outer = outer});
    } catch (const lowp::array_error& e) {
      return e.what();
    }
    return "accepted";
  };
  CHECK(text(m, {4, 512}, 512, out.data(), &one) == "accepted");
  CHECK(text(m, {4, 512}, 511, out.data(), &one) ==
        "lowp::dequantise: the rows of out are 511 numbers apart and have 512");
  CHECK(text(m, {4, 512}, 512, out.data(), nullptr) ==
        "lowp::dequantise: options.outer is null, the format has an outer scale");
  CHECK(text(m, {5, 512}, 512, out.data(), &one) ==
        "lowp::dequantise: in.data has 1024 bytes, the matrix (5 x 512) needs 1280");
  CHECK(text(m, {4, 512}, 512, reinterpret_cast<float*>(data.data()), &one) ==
        "lowp::dequantise: in.data and out overlap: 1024 and 8192 bytes, the second begins 0 bytes "
        "behind the first; they must share no byte");
  CHECK(text(m, {0, 512}, 512, nullptr, &one) == "accepted");
  CHECK(text(m, {4, 512}, 512, nullptr, &one) ==
        "lowp::dequantise: out.x is null, the matrix is not empty");
  CHECK(text(m, {2, 512}, std::uint64_t{1} << 62, out.data(), &one) ==
        "lowp::dequantise: out: 2 rows of 512, 4611686018427387904 numbers apart, are more than "
        "memory has");
  block_matrix bad = m;
  bad.layout.block_columns = 32;
  CHECK(text(bad, {4, 512}, 512, out.data(), &one) ==
        "lowp::dequantise: m.layout: the layout must have the blocks of the format (blocks 1 x 32 "
        "for "
        "1 x 16, elements of 4 bits for 4, scales of 1 bytes)");
  bad = m;
  bad.f.rows = 0;
  CHECK(text(bad, {4, 512}, 512, out.data(), &one) ==
        "lowp::dequantise: m.f: a block must have at least one row and column and at most 16384 "
        "elements (width 4, scale width 7, 0 x 16)");
}

}  // namespace
