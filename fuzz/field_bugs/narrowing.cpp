// SPDX-License-Identifier: Apache-2.0
// Faulty conversions into narrower formats.
#include <bit>

#include "bug.hpp"

namespace field_bugs {

namespace {

using namespace lowp::formats;

// FB-01: the rounded fraction is merged with OR.
u16 carry_is_ored(u32 x) {
  const u32 e = exponent_of(x) - 112;
  if (e - 1 >= 30) return static_cast<u16>(right(binary32, x, binary16));
  const u32 rounded = (fraction_of(x) + (1u << 12)) >> 13;
  return static_cast<u16>(x >> 16 & 0x8000) | static_cast<u16>(e << 10 | rounded);
}

// FB-02: the upper half of the bits.
u16 truncates(u32 x) { return static_cast<u16>(x >> 16); }

// FB-03: NaN is cut off, everything else rounds.
u16 nan_is_cut(u32 x) {
  return is_nan32(x) ? static_cast<u16>(x >> 16) : static_cast<u16>(right(binary32, x, bfloat16));
}

// FB-04: two roundings.
u8 through_binary16(u32 x) {
  const u32 half = right(binary32, x, binary16, {.round = lowp::toward_zero});
  return static_cast<u8>(right(binary16, half, e4m3fn, saturating));
}
u16 through_binary32(u64 x) {
  return static_cast<u16>(right(binary32, right(binary64, x, binary32), binary16));
}

// FB-05: the top exponent field counts as beyond the range.
template <bool Fnuz>
u8 saturates_early(u32 x) {
  constexpr lowp::format to = Fnuz ? e4m3fnuz : e4m3fn;
  const int e = static_cast<int>(exponent_of(x)) - 127 + (Fnuz ? 8 : 7);
  if (e < 1 || exponent_of(x) == 255) return static_cast<u8>(right(binary32, x, to, saturating));
  const u32 sign = x >> 24 & 0x80;
  u32 field = static_cast<u32>(e);
  if (field >= 15) return static_cast<u8>(sign | (Fnuz ? 0x7f : 0x7e));
  u32 fraction = (x >> 20 & 7) + (x >> 19 & 1);
  if (fraction == 8) fraction = 0, ++field;
  return static_cast<u8>(sign | (8 * field + fraction));
}

// FB-06: scaled by a power of two, seven bits cut out.
u8 rescales_and_cuts(u32 x) {
  const float scaled = std::bit_cast<float>(x) * 0x1p-120f;
  const u32 bits = std::bit_cast<u32>(scaled) >> 20 & 0x7f;
  return static_cast<u8>((x >> 24 & 0x80) | (bits < 0x7e ? bits : 0x7e));
}

// Nearest-even of n without its last `drop` bits.
u32 rounded(u32 n, unsigned drop) {
  const u32 half = 1u << (drop - 1);
  return (n + half - 1 + (n >> drop & 1)) >> drop;
}

// FB-07: an encoder for elements of blocks.
struct element_format {
  lowp::format f;
  unsigned m;
  int emin, emax;
  u32 most;  // of the fraction in the top binade
};

template <element_format F>
u8 encodes_element(u32 x) {
  const u32 field = exponent_of(x);
  if (field == 0 || field == 255) return static_cast<u8>(right(binary32, x, F.f, saturating));
  const u32 sign = (x >> 31) << (F.f.width - 1);
  const int e = static_cast<int>(field) - 127;
  u32 fraction = rounded(fraction_of(x), 23 - F.m);
  const int after = e + static_cast<int>(fraction >> F.m);
  fraction &= (1u << F.m) - 1;
  u32 code_field = 0;
  if (after < F.emin) {
    const int k = F.emin - e;
    const u32 t = k >= 24 ? 0 : (0x800000 | fraction_of(x)) >> k;
    fraction = rounded(t, 24 - F.m);
    code_field = fraction >> F.m;
  } else if (after > F.emax || (after == F.emax && fraction > F.most)) {
    code_field = static_cast<u32>(F.emax - F.emin) + 1;
    fraction = F.most;
  } else {
    code_field = static_cast<u32>(after - F.emin) + 1;
  }
  return static_cast<u8>(sign | code_field << F.m | (fraction & F.most));
}

// FB-08: a shift count that the hardware takes modulo 32.
u16 shifts_modulo_32(u32 x) {
  const u32 sign = x >> 16 & 0x8000;
  const u32 field = exponent_of(x);
  if (field == 0) return static_cast<u16>(sign);
  if (field == 255) return static_cast<u16>(sign | 0x7c00 | (fraction_of(x) != 0 ? 0x200 : 0));
  const int n = static_cast<int>(field) - 112;
  if (n >= 31) return static_cast<u16>(sign | 0x7c00);
  if (n > 0) return static_cast<u16>(sign | static_cast<u32>(n) << 10 | fraction_of(x) >> 13);
  const int s = 1 - n;
  if (s > 24) return static_cast<u16>(sign);
  return static_cast<u16>(sign | (0x800000 | fraction_of(x)) >> ((13 + s) % 32));
}

// FB-09: too great ones keep their fraction.
u16 overflow_is_nan(u32 x) {
  const u32 field = exponent_of(x);
  if (field < 127 + 16 || field == 255) return static_cast<u16>(right(binary32, x, binary16));
  return static_cast<u16>((x >> 16 & 0x8000) | 0x7c00 | fraction_of(x) >> 13);
}

// FB-10: the greatest finite value for all that is greater.
u8 infinity_saturates(u32 x) {
  if (is_nan32(x) || (x & 0x7fffffff) < 0x47700000) {
    return static_cast<u8>(right(binary32, x, e5m2));
  }
  return static_cast<u8>((x >> 24 & 0x80) | 0x7b);
}

// FB-16: subnormal operands count as zero.
u16 flushes_operands(u32 x) {
  return static_cast<u16>(right(binary32, exponent_of(x) == 0 ? x & 0x80000000 : x, bfloat16,
                                {.nan = lowp::nan_rule::payload}));
}

// FB-17: ties always go up.
u8 scale_ties_up(u32 x) {
  const u32 field = exponent_of(x);
  if (x >> 31 != 0 || field == 0 || field >= 254)
    return static_cast<u8>(right(binary32, x, e8m0fnu));
  return static_cast<u8>(field + (fraction_of(x) >= 0x400000));
}

constexpr lowp_vendor_operation operations[] = {
    {"FB-01", "convert binary32 binary16", each<carry_is_ored>, nullptr},
    {"FB-02", "convert binary32 bfloat16 nan=payload_raw", each<truncates>, nullptr},
    {"FB-03", "convert binary32 bfloat16", each<nan_is_cut>, nullptr},
    {"FB-04a", "convert binary32 e4m3fn overflow=saturate", each<through_binary16>, nullptr},
    {"FB-04b", "convert binary64 binary16", each<through_binary32>, nullptr},
    {"FB-05a", "convert binary32 e4m3fn overflow=saturate", each<saturates_early<false>>, nullptr},
    {"FB-05b", "convert binary32 e4m3fnuz overflow=saturate", each<saturates_early<true>>, nullptr},
    {"FB-06", "convert binary32 e4m3fn overflow=saturate", each<rescales_and_cuts>, nullptr},
    {"FB-07a", "convert binary32 e2m1 overflow=saturate",
     each<encodes_element<element_format{e2m1, 1, 0, 2, 1}>>, nullptr},
    {"FB-07b", "convert binary32 e3m2 overflow=saturate",
     each<encodes_element<element_format{e3m2, 2, -2, 4, 3}>>, nullptr},
    {"FB-07c", "convert binary32 e2m3 overflow=saturate",
     each<encodes_element<element_format{e2m3, 3, 0, 2, 7}>>, nullptr},
    {"FB-07d", "convert binary32 e5m2 overflow=saturate",
     each<encodes_element<element_format{e5m2, 2, -14, 15, 3}>>, nullptr},
    {"FB-07e", "convert binary32 e4m3fn overflow=saturate",
     each<encodes_element<element_format{e4m3fn, 3, -6, 8, 6}>>, nullptr},
    {"FB-08", "convert binary32 binary16", each<shifts_modulo_32>, nullptr},
    {"FB-09", "convert binary32 binary16", each<overflow_is_nan>, nullptr},
    {"FB-10", "convert binary32 e5m2", each<infinity_saturates>, nullptr},
    {"FB-16", "convert binary32 bfloat16 nan=payload", each<flushes_operands>, nullptr},
    {"FB-17", "convert binary32 e8m0fnu", each<scale_ties_up>, nullptr},
};

constexpr lowp_vendor plugin{LOWP_VENDOR_ABI, "field bugs: narrowing",
                             sizeof(operations) / sizeof(operations[0]), operations};

}  // namespace

}  // namespace field_bugs

const lowp_vendor* lowp_vendor_describe(std::uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &field_bugs::plugin : nullptr;
}
