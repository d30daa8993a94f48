// SPDX-License-Identifier: Apache-2.0
// Faulty block scales, stochastic roundings, integers and vector tails.
#include <bit>
#include <cmath>
#include <cstring>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/operations.hpp>

#include "bug.hpp"

namespace field_bugs {

namespace {

using namespace lowp::formats;
using lowp::float32;

constexpr lowp::block_format mxfp8 = lowp::find_block_format("mxfp8_e4m3")->value;
constexpr lowp::block_format nvfp4 = lowp::find_block_format("nvfp4")->value;

template <class T>
const T* in(const lowp_vendor_batch& b, int field) {
  return static_cast<const T*>(b.in[field]);
}
template <class T>
T* out(const lowp_vendor_batch& b, int field) {
  return static_cast<T*>(b.out[field]);
}

float amax_of(const float* x, int n) {
  float amax = 0;
  for (int i = 0; i < n; ++i) {
    if (std::isfinite(x[i])) amax = std::fmax(amax, std::fabs(x[i]));
  }
  return amax;
}

// The right codes of a block.
u8 quantise(const lowp::block_format& f, const lowp::block_recipe& r, const float* x, float tensor,
            u8* elements) {
  float32 numbers[32];
  const int n = lowp::block_elements(f);
  for (int i = 0; i < n; ++i) numbers[i] = float32::from_code(std::bit_cast<u32>(x[i]));
  u16 codes[32];
  const lowp::block_input<float32> block{numbers, f.columns, f.rows, f.columns};
  const auto scale =
      lowp::quantise_block(f, r, block, float32::from_code(std::bit_cast<u32>(tensor)), codes);
  for (int i = 0; i < n; ++i) elements[i] = static_cast<u8>(codes[i]);
  return static_cast<u8>(scale);
}

bool is_plain(const float* x, int n) {
  for (int i = 0; i < n; ++i) {
    if (!std::isfinite(x[i])) return false;
  }
  return amax_of(x, n) >= 0x1p-100f;
}

// One block of 32 for each case.
template <u8 (*Quantise)(const float*, u8*)>
void each_block(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    out<u8>(b, 0)[i] = Quantise(in<float>(b, 0) + 32 * i, out<u8>(b, 1) + 32 * i);
  }
}

u8 elements_under(const float* x, double scale, u8* elements) {
  for (int i = 0; i < 32; ++i) {
    const auto v = static_cast<float>(x[i] / scale);
    elements[i] = static_cast<u8>(right(binary32, std::bit_cast<u32>(v), e4m3fn, saturating));
  }
  return 0;
}

// FB-18: the logarithm of the scale is rounded to nearest.
u8 scale_to_nearest(const float* x, u8* elements) {
  if (!is_plain(x, 32)) return quantise(mxfp8, lowp::block_recipes::torchao_rceil, x, 0, elements);
  const int e = static_cast<int>(std::rint(std::log2(static_cast<double>(amax_of(x, 32)) / 448)));
  elements_under(x, std::ldexp(1.0, e), elements);
  return static_cast<u8>(e + 127);
}

// FB-19, a control: the floor rule, which is right where it is claimed.
u8 scale_by_floor(const float* x, u8* elements) {
  return quantise(mxfp8, lowp::block_recipes::ocp, x, 0, elements);
}

// FB-20: a scale of 1 for blocks of zeros, times 448 / G, into a cast that does not saturate.
void zero_block_is_nan(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    const float* x = in<float>(b, 0) + 16 * i;
    const float tensor = in<float>(b, 1)[i];
    u8 scale = quantise(nvfp4, lowp::default_recipe(*lowp::find_block_format("nvfp4")), x, tensor,
                        out<u8>(b, 1) + 16 * i);
    bool zero = true;
    for (int k = 0; k < 16; ++k) zero = zero && x[k] == 0;
    if (zero && tensor > 0) {
      scale =
          static_cast<u8>(right(binary32, std::bit_cast<u32>(448 / (tensor / 6)), e4m3fn)) & 0x7f;
    }
    out<u8>(b, 0)[i] = scale;
  }
}

// FB-21: the stored scale is a power of two, the one that divides is not.
u8 divides_by_another_scale(const float* x, u8* elements) {
  const u8 scale = quantise(mxfp8, lowp::block_recipes::torchao_rceil, x, 0, elements);
  const float other = amax_of(x, 32) / 448.0f;
  if (scale != 0xff && other != 0) {
    for (int i = 0; i < 32; ++i) {
      const float v = x[i] / other;
      elements[i] = static_cast<u8>(right(binary32, std::bit_cast<u32>(v), e4m3fn, saturating));
    }
  }
  return scale;
}

// FB-22: the exponent by a logarithm.
u64 right_exponent(lowp::format f, u64 code) {
  const lowp::coded x{f, code};
  return lowp::compute(lowp::operation::logb, f, {}, 0, &x);
}
u64 exponent_by_log2(u64 x) {
  const auto v = std::bit_cast<double>(x);
  if (!std::isnormal(v)) return right_exponent(binary64, x);
  return std::bit_cast<u64>(std::floor(std::log2(std::fabs(v))));
}
u32 exponent_by_log2f(u32 x) {
  const auto v = std::bit_cast<float>(x);
  if (!std::isnormal(v)) return static_cast<u32>(right_exponent(binary32, x));
  return std::bit_cast<u32>(std::floor(std::log2(std::fabs(v))));
}

// FB-23: the random bits are added below the discarded ones.
template <unsigned Discarded, u32 Least, u32 Most>
u8 random_too_low(u32 x, u32 random) {
  constexpr lowp::format to = Discarded == 21 ? e5m2 : e4m3fn;
  if ((x & 0x7fffffff) >= 0x7f800000) return static_cast<u8>(right(binary32, x, to, saturating));
  const u32 magnitude = x & 0x7fffffff;
  u32 y = (magnitude + (random & 0xffff)) & ~((1u << Discarded) - 1);
  if (y < Least) y = 0;
  if (y > Most) y = Most;
  return static_cast<u8>(right(binary32, (x & 0x80000000) | y, to, saturating));
}

// FB-24: noise of the place within a launch, the same for every tensor.
void same_noise(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    u64 z = b.seed * 0xd1342543de82ef95 + (i % 512 + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ z >> 29) * 0xbf58476d1ce4e5b9;
    z ^= z >> 32;
    const u32 x = in<u32>(b, 0)[i];
    out<u16>(b, 0)[i] = static_cast<u16>(
        (x & 0x7fffffff) >= 0x7f800000 ? right(binary32, x, bfloat16) : (x + (z & 0xffff)) >> 16);
  }
}

// FB-25: truncated quotients.
u8 truncated_quotient(u32 x, u32 scale, u32 zero_point) {
  const auto v = std::bit_cast<float>(x) / std::bit_cast<float>(scale);
  const double whole = std::isnan(v) ? 0 : std::trunc(static_cast<double>(v));
  const double q = whole + static_cast<std::int32_t>(zero_point);
  return static_cast<u8>(static_cast<int>(std::fmin(std::fmax(q, -127), 127)));
}

// FB-26: zero points stored minus one; without a mask, the sign spreads upwards.
void stored_minus_one(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < 8 * b.cases; ++i) {
    out<u32>(b, 0)[i] = ((in<u8>(b, 0)[i] - 1u) & 15) + 1;
  }
}
void stored_without_mask(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    u32 word = 0;
    for (int k = 0; k < 8; ++k) word |= (in<u8>(b, 0)[8 * i + k] - 1u) << (4 * k);
    for (int k = 0; k < 8; ++k) out<u32>(b, 0)[8 * i + k] = (word >> (4 * k) & 15) + 1;
  }
}

// FB-27, FB-28: nibbles without their sign, nibbles in the other order.
void zero_extends(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < 32 * b.cases; ++i) {
    out<u8>(b, 0)[i] = in<u8>(b, 0)[i / 2] >> (i % 2 * 4) & 15;
  }
}
void high_nibble_first(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < 32 * b.cases; ++i) {
    out<u8>(b, 0)[i] = in<u8>(b, 0)[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
  }
}

// FB-30: blocks of eight round to even, what remains away from zero.
void tail_rounds_away(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    const float v = in<float>(b, 0)[i] / in<float>(b, 1)[i];
    double q = 0;
    if (!std::isnan(v)) q = i < b.cases / 8 * 8 ? std::rint(v) : std::round(v);
    q = std::fmin(std::fmax(q, -4e9), 4e9) + in<std::int32_t>(b, 2)[i];
    out<u8>(b, 0)[i] = static_cast<u8>(static_cast<int>(std::fmin(std::fmax(q, -128), 127)));
  }
}

// FB-31: one rounding in float.
u32 requantises_in_float(u32 x, u32 significand, u32 shift) {
  const auto factor = static_cast<float>(
      std::ldexp(static_cast<std::int32_t>(significand), -static_cast<std::int32_t>(shift)));
  const float product = static_cast<float>(static_cast<std::int32_t>(x)) * factor;
  return static_cast<u32>(static_cast<std::int32_t>(std::round(product)));
}

// FB-32: the zero point as a product of its own.
u16 hoists_zero_point(u8 q, u8 z, u16 scale) {
  const lowp::coded product[3] = {{uint4, z}, {binary16, scale}, {}};
  const u64 offset = lowp::compute(lowp::operation::multiply, binary16, {}, 0, product);
  const bool nan = lowp::is_nan(binary16, offset);
  const lowp::coded sum[3] = {
      {uint4, q}, {binary16, scale}, {binary16, nan ? offset : offset ^ 0x8000}};
  return static_cast<u16>(lowp::compute(lowp::operation::fma, binary16, {}, 0, sum));
}

constexpr lowp_vendor_operation operations[] = {
    {"FB-18", "quantise mxfp8_e4m3 torchao_rceil", whole<each_block<scale_to_nearest>>, nullptr},
    {"FB-19 control", "quantise mxfp8_e4m3 ocp", whole<each_block<scale_by_floor>>, nullptr},
    {"FB-19", "quantise mxfp8_e4m3 torchao_rceil", whole<each_block<scale_by_floor>>, nullptr},
    {"FB-20", "quantise nvfp4", whole<zero_block_is_nan>, nullptr},
    {"FB-21", "quantise mxfp8_e4m3 torchao_rceil", whole<each_block<divides_by_another_scale>>,
     nullptr},
    {"FB-22a", "logb binary64", each<exponent_by_log2>, nullptr},
    {"FB-22b", "logb binary32", each<exponent_by_log2f>, nullptr},
    {"FB-23a", "convert binary32 e5m2 round=stochastic_a random_bits=16 overflow=saturate",
     each<random_too_low<21, 0x38800000, 0x47600000>>, nullptr},
    {"FB-23b", "convert binary32 e4m3fn round=stochastic_a random_bits=16 overflow=saturate",
     each<random_too_low<20, 0x3c800000, 0x43e00000>>, nullptr},
    {"FB-24", "convert binary32 bfloat16 round=stochastic_a random_bits=16 random=own",
     whole<same_noise>, nullptr},
    {"FB-25", "affine onnx int8 range=narrow", each<truncated_quotient>, nullptr},
    {"FB-26a", "zero_points uint4", whole<stored_minus_one>, nullptr},
    {"FB-26b", "zero_points uint4", whole<stored_without_mask>, nullptr},
    {"FB-27", "unpack dense4_low int4 to=int8", whole<zero_extends>, nullptr},
    {"FB-28", "unpack dense4_low uint4", whole<high_nibble_first>, nullptr},
    {"FB-30", "affine onnx int8", whole<tail_rounds_away>, nullptr},
    {"FB-31", "requantise tflite.double", each<requantises_in_float>, nullptr},
    {"FB-32", "affine_decode uint4 binary16", each<hoists_zero_point>, nullptr},
};

constexpr lowp_vendor plugin{LOWP_VENDOR_ABI, "field bugs: arrays",
                             sizeof(operations) / sizeof(operations[0]), operations};

}  // namespace

}  // namespace field_bugs

const lowp_vendor* lowp_vendor_describe(std::uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &field_bugs::plugin : nullptr;
}
