// SPDX-License-Identifier: Apache-2.0
/// \file
/// The oracle's own description of every registered format, typed from formats.md sections 1 and 3
/// and p3109.md section 1.1; nothing here comes from include/lowp.
#ifndef LOWP_TESTS_ORACLE_FORMATS_HPP
#define LOWP_TESTS_ORACLE_FORMATS_HPP

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace oracle {

enum class shape { minifloat, fixed_point, hifloat8, posit, takum, logarithm, listed };

/// What the all-zeros exponent field means, for minifloats.
enum class low_end {
  subnormals,       ///< 0.m x 2^(1-bias)
  dojo_subnormals,  ///< 0.m x 2^(-bias), the literal text of Tesla's paper
  only_zero,        ///< code 0 is zero, the other codes of the field are 1.m x 2^(-bias)
  no_zero,          ///< all codes of the field are 1.m x 2^(-bias)
};

struct code_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// A format: field widths, bias, and the lists of its special codes.
struct description {
  std::string name;
  shape kind = shape::minifloat;
  int width = 0;
  bool sign = true;
  int trailing_bits = 0;  ///< minifloat: M; fixed point and logarithm: fraction bits
  int bias = 0;
  low_end low = low_end::subnormals;
  std::vector<std::uint64_t> infinities = {};
  std::vector<code_range> nans = {};
  std::vector<std::uint32_t> listed = {};  ///< binary32 pattern of each code

  std::uint64_t code_count() const { return std::uint64_t{1} << width; }
  std::uint64_t code_mask() const { return ~std::uint64_t{0} >> (64 - width); }
  std::uint64_t sign_bit() const { return sign ? std::uint64_t{1} << (width - 1) : 0; }
  /// Posit and takum: nothing but zero is zero, nothing finite becomes NaR.
  bool tapered() const { return kind == shape::posit || kind == shape::takum; }
};

/// s|e|m with all-ones exponent reserved: infinity and NaNs of IEEE 754.
inline description ieee(std::string name, int exponent_bits, int trailing_bits) {
  description d{.name = std::move(name), .width = 1 + exponent_bits + trailing_bits};
  d.trailing_bits = trailing_bits;
  d.bias = (1 << (exponent_bits - 1)) - 1;
  const std::uint64_t sign = d.sign_bit();
  const std::uint64_t infinity = ((std::uint64_t{1} << exponent_bits) - 1) << trailing_bits;
  d.infinities = {infinity, sign | infinity};
  d.nans = {{infinity + 1, sign - 1}, {(sign | infinity) + 1, sign | (sign - 1)}};
  return d;
}

/// Binary{K}p{P}{s|u}{e|f} from the special code points of p3109.md 1.1.
inline description p3109(int K, int P, bool is_signed, bool extended) {
  description d{.name = "binary" + std::to_string(K) + "p" + std::to_string(P) +
                        (is_signed ? "s" : "u") + (extended ? "e" : "f"),
                .width = K,
                .sign = is_signed};
  d.trailing_bits = P - 1;
  d.bias = 1 << (is_signed ? K - P - 1 : K - P);
  const std::uint64_t all = std::uint64_t{1} << K;
  const std::uint64_t half = all / 2;
  if (is_signed) {
    d.nans = {{half, half}};
    if (extended) d.infinities = {half - 1, all - 1};
  } else {
    d.nans = {{all - 1, all - 1}};
    if (extended) d.infinities = {all - 2};
  }
  return d;
}

inline description integers(std::string name, int width, bool is_signed, int fraction_bits = 0) {
  return {.name = std::move(name),
          .kind = shape::fixed_point,
          .width = width,
          .sign = is_signed,
          .trailing_bits = fraction_bits};
}

/// A row of the minifloat table whose specials are listed code by code.
inline description row(std::string name, int width, bool sign, int trailing_bits, int bias,
                       std::vector<code_range> nans = {},
                       std::vector<std::uint64_t> infinities = {},
                       low_end low = low_end::subnormals) {
  return {.name = std::move(name),
          .width = width,
          .sign = sign,
          .trailing_bits = trailing_bits,
          .bias = bias,
          .low = low,
          .infinities = std::move(infinities),
          .nans = std::move(nans)};
}

/// Every format that lowp registers, in any order.
inline const std::vector<description>& registry() {
  using enum shape;
  static const std::vector<description> rows = {
      ieee("binary64", 11, 52),
      ieee("binary32", 8, 23),
      ieee("tf32", 8, 10),
      ieee("pxr24", 8, 15),
      row("binary16", 16, true, 10, 15, {{0x7c01, 0x7fff}, {0xfc01, 0xffff}}, {0x7c00, 0xfc00}),
      row("bfloat16", 16, true, 7, 127, {{0x7f81, 0x7fff}, {0xff81, 0xffff}}, {0x7f80, 0xff80}),
      row("dlfloat16", 16, true, 9, 31, {{0x7fff, 0x7fff}, {0xffff, 0xffff}}, {},
          low_end::only_zero),
      row("cfloat16_shp", 16, true, 10, 31),
      row("cfloat16_uhp", 16, false, 10, 31),
      row("e5m2", 8, true, 2, 15, {{0x7d, 0x7f}, {0xfd, 0xff}}, {0x7c, 0xfc}),
      row("e4m3fn", 8, true, 3, 7, {{0x7f, 0x7f}, {0xff, 0xff}}),
      row("e4m3", 8, true, 3, 7, {{0x79, 0x7f}, {0xf9, 0xff}}, {0x78, 0xf8}),
      row("e3m4", 8, true, 4, 3, {{0x71, 0x7f}, {0xf1, 0xff}}, {0x70, 0xf0}),
      row("e4m3fnuz", 8, true, 3, 8, {{0x80, 0x80}}),
      row("e5m2fnuz", 8, true, 2, 16, {{0x80, 0x80}}),
      row("e4m3b11fnuz", 8, true, 3, 11, {{0x80, 0x80}}),
      row("e8m0fnu", 8, false, 0, 127, {{0xff, 0xff}}, {}, low_end::no_zero),
      row("ue4m3", 7, false, 3, 7, {{0x7f, 0x7f}}),
      row("ue5m3", 8, false, 3, 15, {{0xff, 0xff}}),
      row("ue6m2", 8, false, 2, 48, {{0xff, 0xff}}, {}, low_end::no_zero),
      row("e3m2", 6, true, 2, 3),
      row("e2m3", 6, true, 3, 1),
      row("e2m1", 4, true, 1, 1),
      row("e3m0", 4, true, 0, 3),
      row("e1m2", 4, true, 2, 1),
      row("cfloat8_143", 8, true, 3, 7, {}, {}, low_end::dojo_subnormals),
      row("cfloat8_152", 8, true, 2, 15, {}, {}, low_end::dojo_subnormals),
      p3109(16, 11, true, true),
      p3109(16, 8, true, true),
      p3109(8, 1, true, true),
      p3109(8, 3, true, true),
      p3109(8, 4, true, true),
      p3109(8, 5, true, true),
      p3109(8, 1, false, true),
      p3109(8, 1, false, false),
      p3109(8, 3, false, true),
      p3109(8, 3, false, false),
      p3109(8, 4, false, true),
      p3109(6, 3, true, true),
      p3109(6, 3, true, false),
      p3109(6, 4, true, true),
      p3109(6, 4, true, false),
      p3109(4, 2, true, true),
      p3109(4, 2, true, false),
      p3109(3, 1, true, true),
      p3109(3, 2, false, false),
      {.name = "hifloat8",
       .kind = hifloat8,
       .width = 8,
       .infinities = {0x6f, 0xef},
       .nans = {{0x80, 0x80}}},
      {.name = "posit8", .kind = posit, .width = 8, .nans = {{0x80, 0x80}}},
      {.name = "posit16", .kind = posit, .width = 16, .nans = {{0x8000, 0x8000}}},
      {.name = "posit32", .kind = posit, .width = 32, .nans = {{0x80000000, 0x80000000}}},
      {.name = "takum8", .kind = takum, .width = 8, .nans = {{0x80, 0x80}}},
      {.name = "takum16", .kind = takum, .width = 16, .nans = {{0x8000, 0x8000}}},
      {.name = "lns8",
       .kind = logarithm,
       .width = 8,
       .trailing_bits = 3,
       .bias = 64,
       .nans = {{0x80, 0x80}}},
      {.name = "nf4",
       .kind = listed,
       .width = 4,
       .listed = {0xbf800000, 0xbf3239b1, 0xbf066b30, 0xbeca32a0, 0xbe91a24d, 0xbe3d353f,
                  0xbdba7871, 0x00000000, 0x3da2faff, 0x3e24cae3, 0x3e7c04dd, 0x3ead033a,
                  0x3ee1a4b8, 0x3f1007ab, 0x3f3913b3, 0x3f800000}},
      // 0, 0.005208333333, 0.66666667, 1, 0.33333333, 0.5, 0.16666667, 0.25 as binary32
      {.name = "bnb_fp4",
       .kind = listed,
       .width = 4,
       .listed = {0x00000000, 0x3baaaaab, 0x3f2aaaab, 0x3f800000, 0x3eaaaaab, 0x3f000000,
                  0x3e2aaaab, 0x3e800000, 0x80000000, 0xbbaaaaab, 0xbf2aaaab, 0xbf800000,
                  0xbeaaaaab, 0xbf000000, 0xbe2aaaab, 0xbe800000}},
      integers("mxint8", 8, true, 6),
      integers("int1", 1, true),
      integers("int2", 2, true),
      integers("int4", 4, true),
      integers("int8", 8, true),
      integers("int16", 16, true),
      integers("int32", 32, true),
      integers("int64", 64, true),
      integers("uint1", 1, false),
      integers("uint2", 2, false),
      integers("uint4", 4, false),
      integers("uint8", 8, false),
      integers("uint16", 16, false),
      integers("uint32", 32, false),
      integers("uint64", 64, false),
  };
  return rows;
}

/// The row of this name, nullptr if the oracle does not know it.
inline const description* find(const std::string& name) {
  for (const description& d : registry()) {
    if (d.name == name) return &d;
  }
  return nullptr;
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_FORMATS_HPP
