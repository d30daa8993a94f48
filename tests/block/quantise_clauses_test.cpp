// SPDX-License-Identifier: Apache-2.0
// The clauses of spec/blocks.md on blocks that can be worked out by hand.
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/types.hpp>

namespace {

using lowp::block_format;
using lowp::block_recipe;
using lowp::float32;
using codes = std::vector<std::uint16_t>;

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

block_recipe recipe(const char* name) {
  const auto* row = lowp::find_block_recipe(name);
  REQUIRE(row != nullptr);
  return row->value;
}

struct quantised {
  std::uint64_t scale = 0;
  codes elements;

  friend bool operator==(const quantised&, const quantised&) = default;
};

/// For messages.
std::ostream& operator<<(std::ostream& out, const quantised& q) {
  out << std::hex << q.scale << " {";
  for (const std::uint16_t c : q.elements) out << ' ' << c;
  return out << " }" << std::dec;
}

/// One row of numbers, the rest of the block being cut off.
quantised quantise(const block_format& f, const block_recipe& r, const std::vector<float>& numbers,
                   float outer = 0) {
  std::vector<float32> x;
  for (const float n : numbers)
    x.push_back(float32::from_code(lowp::detail::bit_cast<std::uint32_t>(n)));
  std::vector<std::uint16_t> all(static_cast<std::size_t>(block_elements(f)));
  const lowp::block_input<float32> in{x.data(), x.size(), 1, static_cast<int>(x.size())};
  quantised q;
  q.scale = quantise_block(f, r, in, float32(outer), all.data());
  q.elements.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(x.size()));
  return q;
}
quantised quantise(const block_format& f, const char* name, const std::vector<float>& x,
                   float outer = 0) {
  return quantise(f, recipe(name), x, outer);
}

using namespace lowp::block_formats;
constexpr block_format bfp16_compiler = lowp::detail::block_format_named("bfp16_compiler");

// At compile time: mxfp4 of 6, -1, 0.3; nvfp4 and hif4 have binary32 arithmetic inside.
constexpr std::uint64_t at_compile_time(const block_format& f, const block_recipe& r) {
  const float32 x[] = {float32(6.0F), float32(-1.0F), float32(0.3F)};
  std::uint16_t c[64] = {};
  const lowp::code_t scale =
      quantise_block(f, r, lowp::block_input<float32>{x, 3, 1, 3}, float32(6.0F), c);
  return scale << 32 | static_cast<std::uint64_t>(c[0]) << 16 |
         static_cast<std::uint64_t>(c[1]) << 8 | c[2];
}
static_assert(at_compile_time(mxfp4, lowp::block_recipes::ocp) == 0x7f'0007'0a'01);
static_assert(at_compile_time(nvfp4, lowp::block_recipes::nvfp4_te) == 0x7e'0007'0a'01);
static_assert(at_compile_time(hif4, lowp::block_recipes::hif4) == 0x000101bf'0007'09'00);

TEST_CASE("BLS-3 outer scales: S and P from T, and what they become where T or S is zero") {
  // 1/4 ... in units of T / 2688.
  const std::vector<float> x{6, 3, -0.25F};
  const quantised ones{0x38, {7, 5, 8}};
  CHECK(quantise(nvfp4, "nvfp4_te", x, 2688) == ones);
  CHECK(quantise(nvfp4, "nvfp4_te", x, 0) == ones);    // S = 1
  CHECK(quantise(nvfp4, "nvfp4_te", x, inf) == ones);  // S = 0 becomes 1
  CHECK(quantise(nvfp4, "nvfp4_te", x, 1344).scale == 0x40);
  CHECK(quantise(nvfp4, "nvfp4_te", x, 6).scale == 0x7e);
  CHECK(quantise(nvfp4, "nvfp4_torchao", x, 2688) == ones);
  CHECK(quantise(nvfp4, "nvfp4_torchao", x, 0).scale == 0x7e);  // P = 0: the quotient is infinite
  CHECK(quantise(nvfp4, "nvfp4_torchao", {0, 0}, 0).scale == 0x7f);  // or not a number
  CHECK(quantise(nvfp4, "nvfp4_4over6_mse", x, 1536) == ones);       // F = 256
  CHECK(quantise(nvfp4, "nvfp4_4over6_mse_448", x, 2688) == ones);
  // T / 2688 below binary32: S stays at the greatest number, and the scale becomes zero.
  const float tiny = std::numeric_limits<float>::denorm_min();
  CHECK(quantise(nvfp4, "nvfp4_te", {tiny}, tiny).scale == 0);
  // Without outer scale T does not matter.
  for (const float outer : {0.0F, 1.0F, 2688.0F, inf, nan}) {
    CHECK(quantise(nvfp4_single, "nvfp4_te", x, outer) == ones);
    CHECK(quantise(nvfp4_single, "nvfp4_torchao", x, outer) == ones);
    CHECK(quantise(nvfp4_single, "nvfp4_modelopt", x, outer) == ones);
    CHECK(quantise(nvfp4_single, "nvfp4_4over6_mse", x, outer) == ones);
  }
}

TEST_CASE("BLS-7 scales of other formats: their least and their greatest power of two") {
  block_format f = mxfp4;
  f.scale = lowp::formats::ue4m3;  // 2^-9...448
  CHECK(quantise(f, "ocp", {6, 3}) == quantised{0x38, {7, 5}});
  CHECK(quantise(f, "ocp", {0x1p20F, 1024, 512}) == quantised{0x78, {7, 6, 4}});         // 2^8
  CHECK(quantise(f, "ocp", {0x1p-9F, -0x1p-10F, 0x1p-12F}) == quantised{1, {2, 9, 0}});  // 2^-9
  CHECK(quantise(f, "ocp", {0}) == quantised{1, {0}});
  f.scale = lowp::formats::binary32;
  f.element = lowp::fixed_point_format(8, 8, true);  // below 1/2: emax = -2
  CHECK(quantise(f, "ocp", {0x1p127F}).scale == 0x7f000000);
  CHECK(quantise(f, "ocp", {0x1p127F}).elements == codes{127});
  // 1 is the place of zero, the scale is at least 2.
  f.scale = {
      .width = 4, .precision = 2, .is_signed = false, .bottom = lowp::bottom_binade::zero_only};
  CHECK(quantise(f, "ocp", {0x1p-3F}).scale == 2);
  CHECK(check(f, recipe("minimum_mse")) == lowp::block_recipe_error::search);
  CHECK(check(mxfp4, recipe("minimum_mse")) == lowp::block_recipe_error::none);
}

TEST_CASE("BLS-9 a scale of zero, infinite factors, powers of two") {
  // amax / 6 below half of 2^-9.
  const std::vector<float> x{0x1p-9F, -0x1p-11F, 0};
  CHECK(quantise(nvfp4, "nvfp4_te", x, 2688) == quantised{0, {7, 15, 0}});
  CHECK(quantise(nvfp4, "nvfp4_te_reference", x, 2688) == quantised{0, {0, 8, 0}});
  CHECK(quantise(nvfp4_single, "nvfp4_triton", x) == quantised{0, {0, 8, 0}});
  CHECK(quantise(nvfp4_single, "nvfp4_torchao_single", x).scale == 0x08);  // 2^-6
  CHECK(quantise(nvfp4, "nvfp4_modelopt", x, 2688).scale == 0x01);         // 2^-9
  CHECK(quantise(nvfp4_single, "nvfp4_cudnn", x).scale == 0x01);           // upward
  // A bound below the normal numbers.
  block_recipe bounded = recipe("fp8_deepseek");
  bounded.least_amax = 0;
  for (const int log2 : {-126, -127, -128}) {
    bounded.steps.least_scale_log2 = static_cast<std::int8_t>(log2);
    CHECK(quantise(fp8_1x128, bounded, {0x1p-140F}).scale == 0x00800000U >> (-126 - log2));
  }
  // 448 / amax beyond binary32: the greatest number, or 1.
  const float small = 0x1p-130F;
  CHECK(quantise(fp8_1x128, "fp8_te", {small}).scale == 0x00200000);  // 2^-128
  CHECK(quantise(fp8_1x128, "fp8_te_power", {small}).scale == 0x00400000);
  // 2^-130 times that is just below 1/4.
  CHECK(quantise(fp8_1x128, "fp8_te", {small}).elements == codes{0x28});
  block_recipe one_for_infinite = recipe("fp8_fbgemm");
  CHECK(quantise(fp8_1x128, one_for_infinite, {small}).scale != 0x3f800000);
  one_for_infinite.least_amax = 0;
  CHECK(quantise(fp8_1x128, one_for_infinite, {small}) == quantised{0x3f800000, {0}});
  // Cut, raised; exact powers stay.
  CHECK(quantise(fp8_1x128, "fp8_te_power", {448}).scale == 0x3f800000);
  CHECK(quantise(fp8_1x128, "fp8_te_power", {449}).scale == 0x40000000);
  CHECK(quantise(fp8_1x128, "fp8_deepgemm_ue8m0", {448}).scale == 0x3f800000);
  CHECK(quantise(fp8_1x128, "fp8_deepgemm_ue8m0", {449}).scale == 0x40000000);
  CHECK(quantise(fp8_1x128_ue8m0, "fp8_deepseek_ue8m0", {449}).scale == 0x80);
}

TEST_CASE("BLS-10 the first of the best scales, and none that is not better") {
  // 4/6 of 6 under the scale 1.5: 4 of 1.5 is 6; so is 6 of 1. Equal errors keep the first.
  CHECK(quantise(nvfp4, "nvfp4_4over6_mse", {6}, 1536).scale == 0x38);
  // 4.5 is 3 x 1.5, and 4 or 5 under 1.
  CHECK(quantise(nvfp4, "nvfp4_4over6_mse", {6, 4.5F}, 1536) == quantised{0x3c, {6, 5}});
  CHECK(quantise(nvfp4, "nvfp4_4over6_mae", {6, 4.5F}, 1536) == quantised{0x3c, {6, 5}});
  CHECK(quantise(nvfp4, "nvfp4_4over6_mse", {6, 4.5F, nan}, 1536).scale == 0x38);
  // 7 is as far from 6, under floor's scale, as from 8: floor's stays. 7.5 is nearer to 8.
  CHECK(quantise(mxfp4, "minimum_mse", {7}).scale == 0x7f);
  CHECK(quantise(mxfp4, "minimum_mse", {7.5F}) == quantised{0x80, {6}});
  CHECK(quantise(mxfp4, "minimum_mse", {6}).scale == 0x7f);
  CHECK(quantise(mxfp4, "minimum_mse", {0}).scale == 0);
}

TEST_CASE("BLS-10 errors are summed along rows, then of rows that are half of them apart") {
  // u: the spacing of binary32 from 1 up. Under the scale 1 the first row is wrong by 9/8 + 2u,
  // under 1/2 by 9/8 + u. A half of u at once makes them equal, and the scale stays; two quarters,
  // each by itself, are lost.
  constexpr float u = 0x1p-23F;
  const block_format f = with_shape(mxfp4, 4, 8);
  block_recipe r = recipe("ocp");
  r.search = {.kind = lowp::search_kind::neighbours,
              .measure = lowp::error_measure::magnitudes,
              .below = 1};
  const auto scale_with_quarters_in = [&](int row, int other) {
    float x[4][8] = {{1.5F * u, 0.125F + u / 2, 0.25F, 0.25F, 0.25F, 0.25F, 4}};
    x[row][0] = x[other][7] = u / 4;
    float32 block[32];
    for (int i = 0; i < 32; ++i) block[i] = float32(x[i / 8][i % 8]);
    std::uint16_t elements[32];
    return quantise_block(f, r, lowp::block_input<float32>{block, 8, 4, 8}, float32{}, elements);
  };
  CHECK(scale_with_quarters_in(1, 3) == 0x7f);
  CHECK(scale_with_quarters_in(1, 2) == 0x7e);
  CHECK(scale_with_quarters_in(2, 3) == 0x7e);
  CHECK(scale_with_quarters_in(1, 1) == 0x7f);
}

TEST_CASE("BLS-11 NaN and infinities poison, do not count, join, or make the scale 1") {
  const std::vector<float> with_nan{1, nan, -2}, with_inf{1, -inf, -2};
  CHECK(quantise(mxfp8_e4m3, "ocp", with_nan).scale == 0xff);
  CHECK(quantise(mxfp8_e4m3, "ocp", with_nan).elements == codes{0x7f, 0x7f, 0x7f});
  CHECK(quantise(mxfp8_e4m3, "ocp", with_inf).scale == 0xff);
  CHECK(quantise(mx9, "quark_mx9", with_nan).scale == 0xff);
  CHECK(quantise(hif4, "hif4", with_inf).scale == 0xff);
  // TransformerEngine: 448 / 2 needs 2^-7.
  CHECK(quantise(mxfp8_e4m3, "te_mxfp8", with_nan) == quantised{0x78, {0x70, 0x7f, 0xf8}});
  CHECK(quantise(mxfp8_e4m3, "te_mxfp8", with_inf) == quantised{0xfe, {0, 0xfe, 0x80}});
  // Quark: -inf is the greatest, NaN is that too in formats without NaN.
  CHECK(quantise(mxfp4, "quark_mx", with_nan) == quantised{0x7e, {4, 7, 14}});
  CHECK(quantise(mxfp4, "quark_mx", with_inf) == quantised{0x7e, {4, 15, 14}});
  CHECK(quantise(mxint8, "quark_mx", with_inf).elements == codes{32, 0x80, 0xc0});
  CHECK(quantise(fp8_1x128, "fp8_te", with_inf) == quantised{0x3f800000, {0x38, 0xfe, 0xc0}});
  CHECK(quantise(fp8_1x128, "fp8_te", with_nan) == quantised{0x3b924925, {0x76, 0x7f, 0xfe}});
  CHECK(quantise(fp8_1x128, "fp8_deepgemm", with_inf).scale == 0x7f7fffff);
  // amax that rounds to 2^128: E2M1 from 1.75, where FBGEMM wants more than that.
  const float tie = 0x1.cp127F, above = 0x1.c00002p127F, below = 0x1.bffffep127F;
  CHECK(quantise(mxfp4, "torchao_even", {below}).scale == 0xfc);
  CHECK(quantise(mxfp4, "torchao_even", {tie}).scale == 0xff);
  CHECK(quantise(mxfp4, "fbgemm_even", {tie}).scale == 0xfc);
  CHECK(quantise(mxfp4, "fbgemm_even", {above}).scale == 0xff);
  CHECK(quantise(mxfp4, "fbgemm_cpu_even", {tie}).scale == 0xfc);  // the logarithm is 128
  CHECK(quantise(mxfp4, "fbgemm_cpu_even", {above}).scale == 0xff);
  CHECK(quantise(mxfp4, "fbgemm_ceil", {above}).scale == 0xfc);  // 2^125 at most
  // amax is raised: 1e-4.
  CHECK(quantise(mxfp4, "deepgemm_mxfp4", {1e-9F}) == quantised{0x7f - 15, {0}});
}

TEST_CASE("BLS-12 blocks of zeros, and the sign of elements that become zero") {
  const float least = std::numeric_limits<float>::denorm_min();
  CHECK(quantise(mxfp4, "ocp", {0, -0.0F}) == quantised{0, {0, 8}});
  CHECK(quantise(mxint8, "ocp", {0, -0.0F}) == quantised{0, {0, 0}});
  CHECK(quantise(nvfp4, "nvfp4_te", {0, -0.0F}, 1) == quantised{0, {0, 8}});
  CHECK(quantise(nvfp4, "nvfp4_torchao", {0, -0.0F}, 1) == quantised{0x08, {0, 8}});
  CHECK(quantise(nvfp4, "nvfp4_modelopt", {0, -0.0F}, 1) == quantised{0x38, {0, 8}});
  CHECK(quantise(nvfp4_single, "nvfp4_cudnn", {0, -0.0F}) == quantised{0, {0, 8}});
  CHECK(quantise(fp8_1x128, "fp8_te", {0, -0.0F}) == quantised{0x3f800000, {0, 0x80}});
  CHECK(quantise(hif4, "hif4", {0, -0.0F}) == quantised{0, {0, 0}});
  block_recipe r = recipe("ocp");
  r.zero_block = lowp::zero_block_rule::one;
  CHECK(quantise(mxfp4, r, {0}).scale == 0x7f);
  r.zero_block = lowp::zero_block_rule::least;
  CHECK(quantise(mxfp4, r, {0}).scale == 0);
  // 6 makes the scale 1; 2^100 makes the least numbers zero in binary32 too.
  const std::vector<float> plain{6, 0, -0.0F, 0.1F, -0.1F}, far{0x1.8p100F, least, -least};
  const struct {
    lowp::zero_sign_rule rule;
    codes near_by, far_away;
  } rules[] = {
      {lowp::zero_sign_rule::keep, {7, 0, 8, 0, 8}, {7, 0, 8}},
      {lowp::zero_sign_rule::positive, {7, 0, 0, 0, 0}, {7, 0, 0}},
      {lowp::zero_sign_rule::exact_positive, {7, 0, 0, 0, 8}, {7, 0, 0}},
      {lowp::zero_sign_rule::exact_negative, {7, 8, 8, 0, 8}, {7, 8, 8}},
  };
  r = recipe("ocp");
  for (const auto& row : rules) {
    r.zero_sign = row.rule;
    CHECK(quantise(mxfp4, r, plain).elements == row.near_by);
    CHECK(quantise(mxfp4, r, far).elements == row.far_away);
  }
  // HiF4 looks at the number itself.
  CHECK(quantise(hif4, "hif4", {0x1p15F, -0.0F, -least, least}).elements == codes{6, 0, 8, 0});
}

TEST_CASE("BLS-13 elements: one rounding, two's complement within +-M, or one step beyond") {
  const std::vector<float> x{-0x1.fep0F, -0x1.fffffep0F, 1, 0x1.fffffep0F};
  CHECK(quantise(mxint8, "ocp", x) == quantised{0x7f, {0x81, 0x81, 64, 127}});
  CHECK(quantise(mxint8, "quark_mx", x) == quantised{0x7f, {0x80, 0x80, 64, 127}});
  // Upward where a number above zero would be 128, not where only a negative one is.
  CHECK(quantise(bfp16_compiler, "quark_bfp16_compiler", x) ==
        quantised{0x80, {0xc0, 0xc0, 32, 64}});
  CHECK(quantise(bfp16_compiler, "quark_bfp16_compiler", {-0x1.fffffep0F, 0x1.fffffep-1F}) ==
        quantised{0x7f, {0x80, 64}});
  // Quotients as well: this one is cut to 1.
  block_recipe quotient = recipe("fp8_deepseek");
  quotient.scale.round = lowp::toward_zero;
  CHECK(quantise(mxint8, quotient, {-0x1.ffcp0F, 1}) == quantised{0x7f, {0x81, 64}});
  quotient.symmetric = false;
  CHECK(quantise(mxint8, quotient, {-0x1.ffcp0F, 1}) == quantised{0x7f, {0x80, 64}});
  // Ties of E2M1 at 0.25, 0.75, 2.5, 5 and just above: even, away, to zero.
  const std::vector<float> ties{6, 0.25F, 0.75F, 2.5F, 5, -0.25F, 0x1.000002p-2F};
  CHECK(quantise(mxfp4, "ocp", ties).elements == codes{7, 0, 2, 4, 6, 8, 1});
  CHECK(quantise(mxfp4, "microxcaling_nearest", ties).elements == codes{7, 1, 2, 5, 7, 9, 1});
  CHECK(quantise(mxfp4, "modelopt_mxfp4", ties).elements == codes{7, 0, 1, 4, 6, 8, 1});
  // E3M0 of FBGEMM has nothing below 0.25, nor anything that rounds up to it.
  CHECK(quantise(mx4_e3m0, "fbgemm_e3m0_floor", {8, 0.25F, 0x1.fffffep-3F}) ==
        quantised{0x7f, {6, 1, 0}});
  // Subnormal numbers are zeros to Quark.
  CHECK(quantise(mx9, "quark_mx9", {0x1p-126F, 0x1.fffffcp-127F}).elements == codes{64, 0});
  CHECK(quantise(mx9, "ocp", {0x1p-126F, 0x1.fffffcp-127F}).elements == codes{64, 64});
}

TEST_CASE("BLS-14 HiF4 by hand") {
  // 7 x bf(1/7) = 0.998..., 1 in bfloat16. Fields: 7 is not below 4, its half not below 2; 3.9
  // stands in the second four of the eight.
  CHECK(quantise(hif4, "hif4", {7, -1, 0.5F, 0.1F, 3.9F, 1.9F, 0, 0, 1, 2, 0, 0, 3.9F, 0}) ==
        quantised{0xc0 | 1U << 8 | 1U << 16 | 1U << 18 | 1U << 19,
                  {7, 9, 1, 0, 7, 4, 0, 0, 2, 4, 0, 0, 7, 0}});
  // 4 and 2 themselves set fields.
  CHECK(quantise(hif4, "hif4", {7, 0, 0, 0, 2, 0, 0, 0, 4}) ==
        quantised{0xc0 | 3U << 8 | 1U << 16 | 1U << 18, {7, 0, 0, 0, 4, 0, 0, 0, 4}});
  CHECK(quantise(hif4, "hif4", {0x1p127F}).scale == (0xfe | 1U << 8 | 1U << 16));  // 49152
  CHECK(quantise(hif4, "hif4", {0x1p-120F}).scale == 0);                           // 2^-48
}

}  // namespace
