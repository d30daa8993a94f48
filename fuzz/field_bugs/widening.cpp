// SPDX-License-Identifier: Apache-2.0
// Faulty decoders, and an identity that is none.
#include "bug.hpp"

namespace field_bugs {

namespace {

using namespace lowp::formats;

// FB-11: subnormals with an implicit one.
u32 subnormals_as_normals(u8 x) {
  const u32 fraction = x & 7;
  if ((x >> 3 & 15) != 0 || fraction == 0) return right(e4m3fn, x, binary32);
  return static_cast<u32>(x & 0x80) << 24 | 120u << 23 | fraction << 20;
}

// FB-12: a shift and a multiplication by 2^8; NaN is a number to them.
u16 nan_is_480(u8 x) {
  const u32 magnitude = right(binary16, static_cast<u32>(x & 0x7f) << 7, binary32);
  const u32 scaled = magnitude == 0 ? 0 : magnitude + (8u << 23);
  return static_cast<u16>((x & 0x80) << 8 | right(binary32, scaled, binary16));
}

// FB-13: magnitude and sign apart, so that the only NaN is -0.
template <lowp::format From, lowp::format To>
u16 nan_is_minus_zero(u8 x) {
  return static_cast<u16>(right(From, x & 0x7fu, To) | static_cast<u32>(x & 0x80) << 8);
}
u8 absolute_by_mask(u8 x) { return x & 0x7f; }

// FB-14: the code becomes the exponent field.
u32 scale_by_shift(u8 x) { return static_cast<u32>(x) << 23; }

// FB-15: unpacks and packs again.
u16 no_identity(u16 x) {
  const u32 field = x >> 7 & 0xff;
  if (field == 0) return 0;
  return field == 255 && (x & 0x7f) != 0 ? static_cast<u16>((x & 0x8000) | 0x7f80) : x;
}

constexpr lowp_vendor_operation operations[] = {
    {"FB-11", "convert e4m3fn binary32", each<subnormals_as_normals>, nullptr},
    {"FB-12", "convert e4m3fn binary16", each<nan_is_480>, nullptr},
    {"FB-13a", "convert e4m3fnuz binary16", each<nan_is_minus_zero<e4m3fnuz, binary16>>, nullptr},
    {"FB-13b", "convert e5m2fnuz bfloat16", each<nan_is_minus_zero<e5m2fnuz, bfloat16>>, nullptr},
    {"FB-13c", "abs e4m3fnuz", each<absolute_by_mask>, nullptr},
    {"FB-14", "convert e8m0fnu binary32", each<scale_by_shift>, nullptr},
    {"FB-15", "convert bfloat16 bfloat16 nan=payload_raw", each<no_identity>, nullptr},
};

constexpr lowp_vendor plugin{LOWP_VENDOR_ABI, "field bugs: widening",
                             sizeof(operations) / sizeof(operations[0]), operations};

}  // namespace

}  // namespace field_bugs

const lowp_vendor* lowp_vendor_describe(std::uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &field_bugs::plugin : nullptr;
}
