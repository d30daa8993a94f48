// SPDX-License-Identifier: Apache-2.0
// Matrix units at the edges: NaN, infinities, overflow, subnormals and zeros of each kind of model
// as literals; constant expressions.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

#include "hardware/mma_run.hpp"

namespace {

using lowp::mma_error;
using mma_run::code_t;
using mma_run::mma_model;
using mma_run::model;

/// One product, or two, among products of zeros.
code_t run(const mma_model& m, code_t a0, code_t b0, code_t c, code_t a1 = 0, code_t b1 = 0) {
  std::vector<code_t> a(m.k), b(m.k);
  a[0] = a0;
  b[0] = b0;
  if (m.k > 1) {
    a[1] = a1;
    b[1] = b1;
  }
  return multiply_add(m, a.data(), b.data(), c);
}

/// Results of a model whose factors are bfloat16, binary16 or FP8 and whose c and d are binary32
/// or binary16. NaN operands: a of 7fc1, 7e01, 7f.
struct edges {
  const char* name;
  code_t of_nan;          ///< a NaN in a
  code_t of_nan_c;        ///< c = 7fc00001 or 7e01
  code_t of_invalid;      ///< infinity x 0, or where a has none infinity - infinity with c
  code_t of_overflow;     ///< greatest x greatest + greatest c
  code_t of_subnormal;    ///< least of a x 1
  code_t of_subnormal_c;  ///< products of +0 and the least c
  code_t of_minus_zeros;  ///< products of -0 and c = -0
};

constexpr edges table[] = {
    // clang-format off
    {"sm70.mma.m8n8k4.f32.f16.f16.f32", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7fffff, 0x33800000, 1, 0},
    {"sm70.mma.m8n8k4.f16.f16.f16.f16", 0x7fff, 0x7fff, 0x7fff, 0x7c00, 1, 1, 0},
    {"sm80.mma.m16n8k8.f32.bf16.bf16.f32", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f800000, 0x00010000, 1, 0},
    {"sm80.mma.m16n8k16.f16.f16.f16.f16", 0x7fff, 0x7fff, 0x7fff, 0x7c00, 1, 1, 0},
    {"sm89.mma.m16n8k32.f32.e4m3.e4m3.f32", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7ffc00, 0x3b000000, 0, 0},
    {"sm89.mma.m16n8k32.f16.e5m2.e5m2.f16", 0x7fff, 0x7fff, 0x7fff, 0x7c00, 0x0100, 1, 0},
    {"sm90.mma.m16n8k16.f32.bf16.bf16.f32", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f800000, 0x00010000, 1, 0},
    {"sm90.mma.m16n8k32.f32.e4m3.e4m3.f32", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7fffff, 0x3b000000, 1, 0},
    {"sm90.mma.m16n8k32.f16.e4m3.e4m3.f16", 0x7fff, 0x7fff, 0x7fff, 0x7c00, 0x1800, 1, 0},
    {"sm100a.tcgen05.mma.mMnNk32.f32.e4m3.e4m3", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7fffff, 0x3b000000, 1, 0},
    {"gfx908.v_mfma_f32_32x32x4bf16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0},
    {"gfx908.v_mfma_f32_32x32x4bf16.tree", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0},
    {"gfx90a.v_mfma_f32_32x32x8f16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f7fffff, 0, 0, 0},
    {"gfx90a.v_mfma_f32_32x32x8bf16_1k", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0, 0, 0},
    {"gfx942.v_mfma_f32_32x32x8_bf16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0},
    {"gfx942.v_mfma_f32_32x32x8_f16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f7fffff, 0x33800000, 1, 0},
    {"gaudi3.bf16", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f800000, 0x00010000, 1, 0},
    {"gaudi3.f16", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7fffff, 0x33800000, 1, 0},
    {"gaudi2.bf16", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f800000, 0, 0, 0},
    {"gaudi2.f16", 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7f7fffff, 0x33800000, 0, 0},
    {"avx512_bf16.vdpbf16ps", 0x7fc10000, 0x7fc00001, 0xffc00000, 0x7f800000, 0, 0, 0x80000000},
    {"amx_bf16.tdpbf16ps", 0x7fc10000, 0x7fc00001, 0xffc00000, 0x7f800000, 0, 0, 0},
    {"amx_fp16.tdpfp16ps", 0x7fc02000, 0x7fc00001, 0xffc00000, 0x7f7fffff, 0x33800000, 0, 0},
    {"arm.bfdot", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0, 0, 0x80000000},
    {"arm.bfdot.ebf", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0x80000000},
    {"arm.bfmlal", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0x80000000},
    {"arm.fdot.f32.e4m3.e4m3", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f7fffff, 0x3b000000, 1, 0x80000000},
    {"arm.fdot.f16.e4m3.e4m3", 0x7e00, 0x7e00, 0x7e00, 0x7c00, 0x1800, 1, 0x8000},
    {"arm.fdot.f16.e4m3.e4m3.osm1", 0x7e00, 0x7e00, 0x7e00, 0x7bff, 0x1800, 1, 0x8000},
    {"riscv.vfwmaccbf16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0x80000000},
    {"generic.pairwise.f32.bf16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0x80000000},
    {"generic.exact.f32.bf16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0x00010000, 1, 0},
    {"generic.aligned.f32.f16", 0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f7fffff, 0x33800000, 1, 0},
    // clang-format on
};

constexpr code_t sign_of(lowp::format f) { return code_t{1} << (f.width - 1); }

}  // namespace

TEST_CASE(
    "MMA-11 MMA-14 MMA-15 MMA-16 MMA-17 MMA-18 special values, overflow, subnormals, zeros by "
    "model") {
  for (const edges& e : table) {
    const mma_model m = model(e.name);
    INFO(std::string(e.name));
    const bool wide = m.d.width == 32;
    const code_t one = convert(lowp::formats::binary32, 0x3f800000, m.a);
    const code_t nan = m.a.width == 16 ? (m.a == lowp::formats::bfloat16 ? 0x7fc1 : 0x7e01) : 0x7f;
    const code_t greatest = max_finite(m.a), greatest_c = max_finite(m.c);
    const code_t nan_c = wide ? 0x7fc00001 : 0x7e01, infinity_c = wide ? 0x7f800000 : 0x7c00;
    CHECK(run(m, nan, one, 0) == e.of_nan);
    CHECK(run(m, one, one, nan_c) == e.of_nan_c);
    if (has_infinity(m.a)) {
      const code_t infinity = lowp::infinity(m.a);
      CHECK(run(m, infinity, 0, 0) == e.of_invalid);
      CHECK(run(m, infinity, one, infinity_c | sign_of(m.d)) == e.of_invalid);
      CHECK(run(m, infinity, one, 0) == infinity_c);
      CHECK(run(m, infinity, one | sign_of(m.a), 0) == (infinity_c | sign_of(m.d)));
      if (m.k > 1) CHECK(run(m, infinity, one, 0, infinity | sign_of(m.a), one) == e.of_invalid);
    } else {
      CHECK(run(m, nan, 0, infinity_c) == e.of_nan);
    }
    CHECK(run(m, one, one, infinity_c) == infinity_c);
    CHECK(run(m, greatest, greatest, greatest_c) == e.of_overflow);
    CHECK(run(m, 1, one, 0) == e.of_subnormal);
    CHECK(run(m, 0, 0, 1) == e.of_subnormal_c);
    const std::vector<code_t> minus(m.k, sign_of(m.a)), plus(m.k, one);
    CHECK(multiply_add(m, minus.data(), plus.data(), sign_of(m.c)) == e.of_minus_zeros);
  }
}

TEST_CASE("MMA-11 x86: the NaN of a chain is the first of a, b, c of the step that has one") {
  const mma_model m = model("avx512_bf16.vdpbf16ps");
  CHECK(run(m, 0x7f81, 0x7fc2, 0x7fc00003) == 0x7fc10000);  // quieted
  CHECK(run(m, 0x3f80, 0xff82, 0x7fc00003) == 0xffc20000);
  // The odd product comes first, the even one may still have a NaN of its own.
  CHECK(run(m, 0x3f80, 0x3f80, 0, 0x7fc5, 0x3f80) == 0x7fc50000);
  CHECK(run(m, 0x3f80, 0x7fc6, 0, 0x7fc5, 0x3f80) == 0x7fc60000);
  CHECK(run(m, 0x7f80, 0, 0x7fc00003) == 0x7fc00003);  // c goes before infinity x 0
  const mma_model tile = model("amx_bf16.tdpbf16ps");
  CHECK(run(tile, 0x7fc1, 0x3f80, 0x7fc00003) == 0x7fc00003);  // c + sum: the left one
}

TEST_CASE("MMA-5 CDNA3: downward cuts, reach of c, huge products") {
  const mma_model m = model("gfx942.v_mfma_f32_32x32x8_f16");
  // 1 - 2^-149: one unit of 2^-24 is lost.
  CHECK(run(m, 0x3c00, 0x3c00, 0x80000001) == 0x3f7fffff);
  CHECK(run(m, 0x3c00, 0x3c00, 0x00000001) == 0x3f800000);
  // FP8: an accumulator further than 25 bits below does not count. 38 is 1/2 in e4m3fnuz.
  const mma_model fp8 = model("gfx942.v_mfma_f32_32x32x16_fp8_fp8");
  CHECK(run(fp8, 0x40, 0x40, 0x80000001) == 0x3f800000);
  CHECK(run(fp8, 0x40, 0x40, 0xb3000000) == 0x3f7fffff);  // -2^-25: in reach
  CHECK(run(fp8, 0x40, 0x40, 0xb2ffffff) == 0x3f800000);
  // 2^64 x 2^64 is infinite though -2^127 twice would bring the sum back.
  const mma_model bf = model("gfx942.v_mfma_f32_32x32x8_bf16");
  CHECK(run(bf, 0x5f80, 0x5f80, 0xff7f0000) == 0x7f800000);
  CHECK(run(bf, 0x5f80, 0x5f00, 0xff7f0000) == 0xfefe0000);
  CHECK(run(bf, 0x5f80, 0x5f80, 0, 0xdf80, 0x5f80) == 0x7fc00000);
}

TEST_CASE("MMA-4 the examples of the rule for zeros") {
  const mma_model skip = model("sm80.mma.m16n8k8.f32.bf16.bf16.f32");
  const mma_model other = with_zero_rule(skip, lowp::zero_exponent::minus_126);
  CHECK(other.zeros == lowp::zero_exponent::minus_126);
  CHECK(with_zero_rule(skip, lowp::zero_exponent::none) == skip);
  CHECK(with_zero_rule(model("gaudi2.bf16"), lowp::zero_exponent::minus_126) ==
        model("gaudi2.bf16"));
  // Four products of 2^-151.
  std::vector<code_t> a(8), b(8);
  for (std::size_t i = 0; i < 4; ++i) {
    a[i] = 0x0080;  // 2^-126
    b[i] = 0x3300;  // 2^-25
  }
  CHECK(multiply_add(skip, a.data(), b.data(), 0) == 1);
  CHECK(multiply_add(other, a.data(), b.data(), 0) == 0);
  // 2^-30 (1 + 2^-7) beside 0 x 2^127.
  CHECK(run(skip, 0x3081, 0x3f80, 0, 0, 0x7f00) == 0x30810000);
  CHECK(run(other, 0x3081, 0x3f80, 0, 0, 0x7f00) == 0);
}

TEST_CASE("MMA-4 MMA-14 MMA-16 the least exponent decides which bits of tiny products count") {
  // k - 1 products of (1 + 2^-n) 2^(e + n), one of half that and 2^e: a unit of 2^-149 if 2^e
  // counts.
  const auto sum = [](const char* name, code_t long_one, code_t short_one, code_t factor) {
    const mma_model m = model(name);
    std::vector<code_t> a(m.k, long_one), b(m.k, factor);
    a.back() = short_one;
    return multiply_add(m, a.data(), b.data(), 0);
  };
  // 8 products, e = -132 - 24: 1.0625 and 0.5625 of 2^-76, times 2^-76.
  for (const char* name : {"gaudi3.bf16", "sm80.mma.m16n8k8.f32.bf16.bf16.f32"}) {
    INFO(std::string(name));
    CHECK(sum(name, 0x1988, 0x1910, 0x1980) == 1);
    CHECK(sum(name, 0x1988, 0x1900, 0x1980) == 0);
  }
  // 16 products, e = -133 - 25: 1.03125 and 0.53125 of 2^-77, times 2^-76.
  CHECK(sum("sm90.mma.m16n8k16.f32.bf16.bf16.f32", 0x1904, 0x1888, 0x1980) == 1);
  CHECK(sum("sm90.mma.m16n8k16.f32.bf16.bf16.f32", 0x1904, 0x1880, 0x1980) == 0);
  // binary16: 2^-26 twice is half of 2^-24; 2^-48 above it counts if there is no least exponent.
  const mma_model half = model("sm90.mma.m16n8k16.f16.f16.f16.f16");
  std::vector<code_t> a(16);
  a[0] = a[1] = 0x0800;
  a[2] = 0x0001;
  CHECK(multiply_add(half, a.data(), a.data(), 0) == 0);
  CHECK(multiply_add(with_zero_rule(half, lowp::zero_exponent::minus_126), a.data(), a.data(), 0) ==
        1);
}

TEST_CASE("MMA-9 Gaudi2: after a deep cancellation the sticky bit is not looked at") {
  const mma_model m = model("gaudi2.bf16");
  CHECK(run(m, 0x3f80, 0x3f80, 0xbf800000) == 0);
  CHECK(run(m, 0x3f80, 0x3f80, 0xb3800000) == 0x3f7fffff);  // 1 - 2^-24, exact
  CHECK(run(m, 0x3f80, 0x3f80, 0x33800000) == 0x3f800000);  // a tie, to even
  CHECK(run(m, 0x3f80, 0x3f80, 0x33800001) == 0x3f800001);  // above it
}

TEST_CASE("MMA-19 generic models: cells that multiply and add apart, bits that are kept") {
  using lowp::formats::binary16;
  using lowp::formats::binary32;
  using lowp::mma_rows::aligned_dot;
  // 1 + 2^-20: kept by 20 bits, cut by 19.
  CHECK(run(aligned_dot(binary16, binary16, binary32, 2, 2, 20), 0x3c00, 0x3c00, 0x35800000) ==
        0x3f800008);
  CHECK(run(aligned_dot(binary16, binary16, binary32, 2, 2, 19), 0x3c00, 0x3c00, 0x35800000) ==
        0x3f800000);
  // (1 + 2^-7)^2 = 1 + 2^-6 + 2^-14: the product is rounded to bfloat16 first, or is not.
  const mma_model apart = lowp::mma_rows::systolic(lowp::formats::bfloat16, lowp::formats::bfloat16,
                                                   lowp::formats::bfloat16, binary32, 1, true);
  CHECK(run(apart, 0x3f81, 0x3f81, 0xbf820000) == 0);
  mma_model fused = apart;
  fused.product = {};
  CHECK(run(fused, 0x3f81, 0x3f81, 0xbf820000) == 0x38800000);
}

TEST_CASE("MMA-2 subnormal factors of Dojo's formats have the exponent of their field, 0 - bias") {
  const lowp::format f = lowp::formats::cfloat8_143, binary32 = lowp::formats::binary32;
  const mma_model m = lowp::mma_rows::aligned_dot(f, f, binary32, 2, 2, 24);
  for (code_t code = 0; code < 16; ++code) {
    CHECK(run(m, code, convert(binary32, 0x3f800000, f), 0) == convert(f, code, binary32));
  }
  // 2^-10 at the exponent -7: what is 24 bits below that counts, half of it does not.
  CHECK(run(m, 1, convert(binary32, 0x3f800000, f), 0x30000000) == 0x3a800004);
  CHECK(run(m, 1, convert(binary32, 0x3f800000, f), 0x2f800000) == 0x3a800000);
}

TEST_CASE("MMA-18 products times a power of two, up to 2^256 either way, with scales too") {
  const auto times = [](const mma_model& m, code_t one, code_t scale, std::int32_t e, code_t c) {
    return multiply_add(m, &one, &one, c, &scale, &scale, e);
  };
  const auto chain = lowp::mma_rows::fma_chain(lowp::formats::binary64, lowp::formats::binary64,
                                               lowp::formats::binary64, 1);
  const code_t one = 0x3ff0000000000000, up = one + (code_t{256} << 52),
               down = one - (code_t{256} << 52);
  for (const std::int32_t beyond : {256, 257, 1 << 30}) {
    CHECK(times(chain, one, 0, beyond, 0) == up);
    CHECK(times(chain, one, 0, -beyond, 0) == down);
  }
  // The least factors and scales of an exact sum, 2^-156 each.
  const lowp::format f = lowp::with_bias(lowp::ieee_format(8, 7), 150);
  mma_model m = lowp::mma_rows::exact_dot(f, f, lowp::formats::binary32, 1);
  m.scale = f;
  m.scale_block = 1;
  REQUIRE(check(m) == lowp::mma_error::none);
  CHECK(times(m, 1, 1, -256, 0x3f800000) == 0x3f800000);
  m.step.round = lowp::toward_positive;
  CHECK(times(m, 1, 1, -1000, 0x3f800000) == 0x3f800001);
}

TEST_CASE("MMA-2 AMX tiles are of any number of pairs") {
  const mma_model m = model("amx_bf16.tdpbf16ps");
  CHECK(with_k(m, 2).k == 2);
  CHECK(with_k(m, 32) == m);
  const mma_model fp8 = with_k(model("amx_fp8.tdphf8ps"), 8);
  CHECK(fp8.group == 8);
  CHECK(check(fp8) == mma_error::none);
}

namespace {

constexpr code_t at_compile_time(const char* name, code_t a0, code_t b0, code_t c) {
  const lowp::mma_model m = *lowp::find_mma_model(name);
  lowp::mma_operand a[lowp::most_products], b[lowp::most_products], one[lowp::most_products];
  for (int i = 0; i < m.k; ++i) {
    a[i] = read_a(m, i == 0 ? a0 : 0);
    b[i] = read_b(m, i == 0 ? b0 : 0);
    if (m.scale_block != 0) one[i] = read_scale(m, 127);
  }
  return multiply_add(m, {a, b, one, one, 0}, c);
}

static_assert(at_compile_time("sm80.mma.m16n8k8.f32.f16.f16.f32", 0x4000, 0x4200, 0x3f800000) ==
              0x40e00000);
// Runs of products of NaN: payloads do not take part in sums.
constexpr code_t runs_of_nan() {
  mma_model m = lowp::find_mma_model("sm90.mma.m16n8k16.f32.f16.f16.f32")->value;
  m.run = 4;
  code_t nans[16] = {};
  for (code_t& x : nans) x = 0x7e00;
  return check(m) == mma_error::none ? multiply_add(m, nans, nans, code_t{0x3f800000}) : 0;
}
static_assert(runs_of_nan() == 0x7fffffff);
static_assert(at_compile_time("gfx942.v_mfma_f32_32x32x4_2b_f16", 0x4000, 0x4200, 0x3f800000) ==
              0x40e00000);
static_assert(at_compile_time("gfx942.v_mfma_f32_32x32x16_fp8_fp8", 0x40, 0x48, 0x3f800000) ==
              0x40400000);
static_assert(at_compile_time("gfx908.v_mfma_f32_32x32x4f16", 0x4000, 0x4200, 0x3f800000) ==
              0x40e00000);
static_assert(at_compile_time("gfx90a.v_mfma_f32_32x32x4f16", 0x4000, 0x4200, 0x3f800000) ==
              0x40e00000);
static_assert(at_compile_time("sm80.mma.m8n8k4.f64.f64.f64.f64", 0x4000000000000000,
                              0x4008000000000000, 0x3ff0000000000000) == 0x401c000000000000);
static_assert(at_compile_time("sm90.mma.m16n8k32.f16.e4m3.e4m3.f16", 0x40, 0x44, 0x3c00) == 0x4700);
static_assert(at_compile_time("gaudi3.tf32", 0x40000000, 0x40400000, 0x3f800000) == 0x40e00000);
static_assert(at_compile_time("gaudi2.bf16", 0x4000, 0x4040, 0x3f800000) == 0x40e00000);
static_assert(at_compile_time("arm.bfdot", 0x4000, 0x4040, 0x3f800000) == 0x40e00000);
static_assert(at_compile_time("avx512_bf16.vdpbf16ps", 0x4000, 0x4040, 0x3f800000) == 0x40e00000);
static_assert(at_compile_time("arm.sdot", 0xff, 2, 3) == 1);
static_assert(at_compile_time("sm120.mma.block_scale.m16n8k64.block32.f32.e2m1.e2m1.f32.ue8m0", 4,
                              5, 0x3f800000) == 0x40e00000);

}  // namespace
