// SPDX-License-Identifier: Apache-2.0
// Faulty sums of products and reductions.
#include <bit>
#include <cmath>

#include <lowp/operations.hpp>

#include "bug.hpp"

namespace field_bugs {

namespace {

using namespace lowp::formats;

std::int32_t saturated(std::int32_t n) { return n < -32768 ? -32768 : n > 32767 ? 32767 : n; }

// FB-29: pairs in 16 bits.
void pairs_saturate(const lowp_vendor_batch& b) {
  const auto* x = static_cast<const u8*>(b.in[0]);
  const auto* y = static_cast<const std::int8_t*>(b.in[1]);
  const auto* c = static_cast<const u32*>(b.in[2]);
  auto* out = static_cast<u32*>(b.out[0]);
  for (std::size_t i = 0; i < b.cases; ++i) {
    u32 sum = c[i];
    for (std::size_t k = 4 * i; k < 4 * i + 4; k += 2) {
      sum += static_cast<u32>(saturated(x[k] * y[k] + x[k + 1] * y[k + 1]));
    }
    out[i] = sum;
  }
}

// FB-33: binary32 in between.
u16 fma_through_binary32(u16 x, u16 y, u16 z) {
  const lowp::coded operands[3] = {{binary16, x}, {binary16, y}, {binary16, z}};
  const u64 wide = lowp::compute(lowp::operation::fma, binary32, {}, 0, operands);
  return static_cast<u16>(right(binary32, wide, binary16));
}

// FB-34: products are rounded.
void unfused_chain(const lowp_vendor_batch& b) {
  const auto* x = static_cast<const float*>(b.in[0]);
  const auto* y = static_cast<const float*>(b.in[1]);
  for (std::size_t i = 0; i < b.cases; ++i) {
    volatile float sum = static_cast<const float*>(b.in[2])[i];
    for (std::size_t k = 32 * i; k < 32 * i + 32; ++k) {
      const volatile float product = x[k] * y[k];
      sum = sum + product;
    }
    static_cast<float*>(b.out[0])[i] = std::isnan(sum) ? std::bit_cast<float>(0x7fc00000u) : sum;
  }
}

// FB-35: the owner of a block keeps what it never sent.
constexpr std::size_t ranks = 4;
constexpr std::size_t block = 128;
constexpr std::size_t elements = ranks * block;

float sum_of(const float* x, std::size_t i) {
  float sum = x[i];
  for (std::size_t r = 1; r < ranks; ++r) sum += x[r * elements + i];
  return sum;
}

u16 held(float x) { return static_cast<u16>(right(binary32, std::bit_cast<u32>(x), bfloat16)); }

void reduce(const float* x, u16* out) {
  for (std::size_t owner = 0; owner < ranks; ++owner) {
    float amax = 0;
    for (std::size_t i = owner * block; i < (owner + 1) * block; ++i) {
      amax = std::fmax(amax, std::fabs(sum_of(x, i)));
    }
    const float scale = amax == 0 ? 1 : amax / 448;
    for (std::size_t i = owner * block; i < (owner + 1) * block; ++i) {
      const float sum = sum_of(x, i);
      const u32 sent = right(binary32, std::bit_cast<u32>(sum / scale), e4m3fn, saturating);
      const float decoded = std::bit_cast<float>(right(e4m3fn, sent, binary32)) * scale;
      for (std::size_t r = 0; r < ranks; ++r) {
        out[r * elements + i] = held(r == owner ? sum : decoded);
      }
    }
  }
}

void owner_keeps_the_sum(const lowp_vendor_batch& b) {
  for (std::size_t i = 0; i < b.cases; ++i) {
    reduce(static_cast<const float*>(b.in[0]) + i * ranks * elements,
           static_cast<u16*>(b.out[0]) + i * ranks * elements);
  }
}

constexpr lowp_vendor_operation operations[] = {
    {"FB-29", "integer_dot vpdpbusd", whole<pairs_saturate>, nullptr},
    {"FB-33", "fma binary16", each<fma_through_binary32>, nullptr},
    {"FB-34", "dot generic.fma_chain.f32.f32", whole<unfused_chain>, nullptr},
    {"FB-35", "all_reduce e4m3fn ranks=4 block=128", whole<owner_keeps_the_sum>, nullptr},
};

constexpr lowp_vendor plugin{LOWP_VENDOR_ABI, "field bugs: sums",
                             sizeof(operations) / sizeof(operations[0]), operations};

}  // namespace

}  // namespace field_bugs

const lowp_vendor* lowp_vendor_describe(std::uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &field_bugs::plugin : nullptr;
}
