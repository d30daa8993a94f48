// SPDX-License-Identifier: Apache-2.0
/// \file
/// The tables 1.1 to 1.5 of the conversions reference and its other sections, row by row and by
/// name.
#include <cstddef>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include <lowp/hardware/all_rules.hpp>

#include "vendor_rows.hpp"

namespace {
using lowp::code_t;
using lowp::conversion_rule;
using vendor::cell;
using vendor::check;
using vendor::row;
using vendor::rule;
}  // namespace

TEST_CASE("table 1.1: e4m3fn") {
  // +NaN, -NaN, +Inf, -Inf, 464, 465, 1e6, -1e6
  constexpr row rows[] = {
      {"cuda13.e4m3fn.satfinite", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"cuda13.e4m3fn.nosat", {0x7f, 0x7f, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"cuda13.e4m3fn.satfinite.from_binary64", {0x7f, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"cuda13.e4m3fn.nosat.from_binary64", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"cuda13.e4m3fn.satfinite.from_binary16", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"cuda13.e4m3fn.nosat.from_bfloat16", {0x7f, 0x7f, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"ptx.e4m3fn.rn.satfinite", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"cutlass.e4m3fn", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"ml_dtypes.e4m3fn", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"ml_dtypes.e4m3fn.saturating", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"pytorch.e4m3fn", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"hip2024.e4m3fn.satfinite", {0x7f, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"hip2024.e4m3fn.nosat", {0x7f, 0xff, 0x7f, 0xff, 0x7f, 0x7f, 0x7f, 0xff}},
      {"hip_ocp.e4m3fn.saturate", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"hip_ocp.e4m3fn.nosat", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"rdna4.e4m3fn.ovfl0", {0xff, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"rdna4.e4m3fn.ovfl1", {0xff, 0xff, 0x7f, 0xff, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"avx10.vcvtph2hf8", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"avx10.vcvtph2hf8s", {0x7f, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"arm.e4m3fn.osc0", {0x7f, 0x7f, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"arm.e4m3fn.osc0.ah", {0xff, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"arm.e4m3fn.osc1", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"arm.e4m3fn.osc1.ah.from_binary16", {0xff, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"riscv.vfncvt.e4m3fn", {0x7f, 0x7f, 0x7f, 0x7f, 0x7e, 0x7f, 0x7f, 0x7f}},
      {"riscv.vfncvt.sat.e4m3fn", {0x7f, 0x7f, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"riscv.vfncvt.e4m3fn.rtz", {0x7f, 0x7f, 0x7f, 0x7f, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"riscv.vfncvt.e4m3fn.rup", {0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0xfe}},
      {"riscv.vfncvt.e4m3fn.rdn", {0x7f, 0x7f, 0x7f, 0x7f, 0x7e, 0x7e, 0x7e, 0x7f}},
      {"riscv.vfncvt.e4m3fn.rmm", {0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f}},
      {"onednn.e4m3fn", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
      {"onnx.e4m3fn.saturate", {0x7f, 0xff, 0x7e, 0xfe, 0x7e, 0x7e, 0x7e, 0xfe}},
      {"onnx.e4m3fn.nosat", {0x7f, 0xff, 0x7f, 0xff, 0x7e, 0x7f, 0x7f, 0xff}},
  };
  check(rows);
}

TEST_CASE("table 1.2: e5m2") {
  constexpr row rows[] = {
      {"cuda13.e5m2.satfinite", {0x7f, 0x7f, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"cuda13.e5m2.nosat", {0x7f, 0x7f, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"cuda13.e5m2.nosat.from_binary64", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"cutlass.e5m2", {0x7f, 0x7f, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"ml_dtypes.e5m2", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"ml_dtypes.e5m2.saturating", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"pytorch.e5m2", {0x7f, 0xff, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"hip2024.e5m2.satfinite", {0x7f, 0xff, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"hip2024.e5m2.nosat", {0x7f, 0xff, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"hip_ocp.e5m2.saturate", {0x7e, 0xfe, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"hip_ocp.e5m2.nosat", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"rdna4.e5m2.ovfl0", {0xfe, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"rdna4.e5m2.ovfl1", {0xfe, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"avx10.vcvtph2bf8", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"avx10.vcvtph2bf8s", {0x7e, 0xfe, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"arm.e5m2.osc0", {0x7e, 0x7e, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"arm.e5m2.osc1", {0x7e, 0x7e, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"arm.e5m2.osc0.ah", {0xfe, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"riscv.vfncvt.e5m2", {0x7f, 0x7f, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
      {"riscv.vfncvt.sat.e5m2", {0x7f, 0x7f, 0x7b, 0xfb, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"riscv.vfncvt.e5m2.rtz", {0x7f, 0x7f, 0x7c, 0xfc, 0x5f, 0x5f, 0x7b, 0xfb}},
      {"onednn.e5m2", {0x7e, 0xfe, 0x7c, 0xfc, 0x5f, 0x5f, 0x7c, 0xfc}},
  };
  check(rows);
  // NaN payloads: the two leading fraction bits of doubles, the upper byte of binary16.
  constexpr cell cells[] = {
      {"cuda13.e5m2.satfinite.from_binary64", 0x7ff0000000000001, 0x7e},
      {"cuda13.e5m2.satfinite.from_binary64", 0x7ff4000000000000, 0x7f},
      {"cuda13.e5m2.nosat.from_binary64", 0xfffc000000000000, 0xff},
      {"ml_dtypes.e5m2.from_binary16", 0x7d00, 0x7f},
      {"ml_dtypes.e5m2.from_binary16", 0xfc01, 0xfe},
      {"ml_dtypes.e5m2.saturating.from_binary16", 0x7f12, 0x7f},
      {"avx10.vcvtph2bf8", 0x7d01, 0x7f},
      {"avx10.vcvtph2bf8", 0xfe55, 0xfe},
      {"onednn.e5m2", 0x7fa00000, 0x7f},
      {"onednn.e5m2", 0xff800001, 0xfe},
      // overflow before rounding: all above 57344
      {"hip2024.e5m2.nosat", 0x47600001, 0x7c},
      {"hip2024.e5m2.nosat", 0x47600000, 0x7b},
      {"hip2024.e5m2.satfinite", 0x47600001, 0x7b},
      {"ml_dtypes.e5m2", 0x47600001, 0x7b},
  };
  check(cells);
}

TEST_CASE("table 1.3: 6 and 4 bits, NaN and out of range") {
  struct finite_row {
    const char* rule;
    code_t nan, negative_nan, infinity, negative_infinity;
  };
  constexpr finite_row rows[] = {
      {"cuda13.e3m2.rn", 0x1f, 0x1f, 0x1f, 0x3f},
      {"cuda13.e3m2.rz", 0x1f, 0x1f, 0x1f, 0x3f},
      {"cuda13.e2m3.rn", 0x1f, 0x1f, 0x1f, 0x3f},
      {"cuda13.e2m1.rn", 0x7, 0x7, 0x7, 0xf},
      {"cuda13.e2m1.rz", 0x7, 0x7, 0x7, 0xf},
      {"ptx.e2m1.rn.satfinite", 0x7, 0x7, 0x7, 0xf},
      {"cutlass.e3m2", 0x1f, 0x3f, 0x1f, 0x3f},
      {"cutlass.e2m3", 0x1f, 0x3f, 0x1f, 0x3f},
      {"cutlass.e2m1", 0x7, 0xf, 0x7, 0xf},
      {"hip_ocp.e3m2", 0x1f, 0x3f, 0x1f, 0x3f},
      {"hip_ocp.e2m1", 0x7, 0xf, 0x7, 0xf},
      {"ml_dtypes.e3m2", 0x20, 0x00, 0x1f, 0x3f},
      {"ml_dtypes.e2m3.saturating", 0x20, 0x00, 0x1f, 0x3f},
      {"ml_dtypes.e2m1", 0x8, 0x0, 0x7, 0xf},
      {"ml_dtypes.e2m1.truncate", 0x8, 0x0, 0x7, 0xf},
      {"onednn.e2m1", 0x0, 0x0, 0x0, 0x0},
      {"onednn.e3m0", 0x7, 0x7, 0x7, 0x7},
      {"amd_emulator.e2m1", 0x0, 0x0, 0x7, 0xf},
      {"amd_emulator.e3m2", 0x0, 0x0, 0x1f, 0x3f},
  };
  for (const finite_row& r : rows) {
    CAPTURE(std::string(r.rule));
    const conversion_rule& c = rule(r.rule);
    CHECK(lowp::apply(c, 0x7fc00000) == r.nan);
    CHECK(lowp::apply(c, 0xffc00000) == r.negative_nan);
    CHECK(lowp::apply(c, 0x7f800000) == r.infinity);
    CHECK(lowp::apply(c, 0xff800000) == r.negative_infinity);
    // 1e6 and -1e6 clamp with everybody
    const code_t sign = code_t{1} << (c.to.width - 1);
    CHECK(lowp::apply(c, 0x49742400) == sign - 1);
    CHECK(lowp::apply(c, 0xc9742400) == 2 * sign - 1);
  }
}

TEST_CASE("table 1.4: e8m0") {
  // 0, 2^-149, 2^-127, just above 2^-127, 1.5 x 2^-127, just below 2^-126, 2^127, just above 2^127,
  // 1.5 x 2^127, max, inf, NaN, -464, -inf
  constexpr code_t input[] = {0,          1,          0x00400000, 0x00400001, 0x00600000,
                              0x007fffff, 0x7f000000, 0x7f000001, 0x7f400000, 0x7f7fffff,
                              0x7f800000, 0x7fc00000, 0xc3e80000, 0xff800000};
  constexpr std::size_t count = sizeof input / sizeof *input;
  struct scale_row {
    const char* rule;
    code_t codes[count];
  };
  constexpr code_t x = 0xff;
  constexpr code_t m = 0xfe;
  constexpr scale_row rows[] = {
      {"cuda13.e8m0fnu.rz.satfinite", {0, 0, 0, 0, 0, 0, m, m, m, m, m, x, 0x87, m}},
      {"cuda13.e8m0fnu.rz.nosat", {0, 0, 0, 0, 0, 0, m, m, m, m, x, x, 0x87, x}},
      {"cuda13.e8m0fnu.rp.satfinite", {0, 0, 0, 1, 1, 1, m, m, m, m, m, x, 0x88, m}},
      {"cuda13.e8m0fnu.rp.nosat", {0, 0, 0, 1, 1, 1, m, x, x, x, x, x, 0x88, x}},
      {"ptx.e8m0fnu.rp.satfinite", {0, 0, 0, 1, 1, 1, m, m, m, m, m, x, 0x88, m}},
      {"cutlass.e8m0fnu", {0, 0, 0, 1, 1, 1, m, m, m, m, x, x, 0x88, x}},
      {"ml_dtypes.e8m0fnu", {x, 0, 0, 1, 1, 1, m, m, x, x, x, x, x, x}},
      {"ml_dtypes.e8m0fnu.saturating", {0, 0, 0, 1, 1, 1, m, m, m, m, x, x, 0, x}},
      {"ml_dtypes.e8m0fnu.truncate", {x, 0, 0, 0, 0, 0, m, m, m, m, x, x, x, x}},
      {"pytorch.e8m0fnu", {0, 0, 0, 1, 1, 1, m, m, x, x, x, x, 0x88, x}},
      {"onednn.e8m0fnu", {0, 0, 0, 0, 0, 0, m, m, m, m, x, x, 0x87, x}},
      {"onnx.e8m0fnu.up.saturate", {0, 1, 1, 1, 1, 1, m, m, m, m, x, x, 0x88, x}},
      {"onnx.e8m0fnu.up.nosat", {0, 1, 1, 1, 1, 1, m, x, x, x, x, x, 0x88, x}},
      {"onnx.e8m0fnu.nearest.saturate", {0, 0, 0, 1, 1, 1, m, m, m, m, x, x, 0x88, x}},
      {"onnx.e8m0fnu.nearest.nosat", {0, 0, 0, 1, 1, 1, m, m, x, x, x, x, 0x88, x}},
      {"onnx.e8m0fnu.down", {0, 0, 0, 0, 0, 0, m, m, m, m, x, x, 0x87, x}},
  };
  for (const scale_row& r : rows) {
    for (std::size_t i = 0; i < count; ++i) {
      CAPTURE(std::string(r.rule));
      CAPTURE(input[i]);
      CHECK(lowp::apply(rule(r.rule), input[i]) == r.codes[i]);
    }
  }
}

TEST_CASE("table 1.5: what NaN and the bottom of e8m0 decode to") {
  constexpr cell cells[] = {
      {"cuda13.binary16.from_e4m3fn", 0x7f, 0x7fff},
      {"cuda13.binary16.from_e4m3fn", 0xff, 0x7fff},
      {"cuda13.binary32.from_e4m3fn", 0x7f, 0x7fffffff},
      {"cuda13.binary32.from_e4m3fn", 0xff, 0x7fffffff},
      {"cuda13.binary16.from_e5m2", 0xfd, 0x7fff},
      {"cutlass.binary32.from_e4m3fn", 0xff, 0x7fffffff},
      {"cutlass.binary32.from_e5m2", 0x7e, 0x7fffffff},
      {"cutlass.binary32.from_e8m0fnu", 0xff, 0x7fffffff},
      {"ml_dtypes.binary32.from_e4m3fn", 0x7f, 0x7fc00000},
      {"ml_dtypes.binary32.from_e4m3fn", 0xff, 0xffc00000},
      {"ml_dtypes.binary16.from_e4m3fn", 0x7f, 0x7e00},
      {"ml_dtypes.binary32.from_e5m2", 0xfd, 0xffc00000},
      {"ml_dtypes.binary32.from_e4m3fnuz", 0x80, 0xffc00000},
      {"ml_dtypes.binary32.from_e5m2fnuz", 0x80, 0xffc00000},
      {"ml_dtypes.binary32.from_e8m0fnu", 0xff, 0x7fc00000},
      {"ml_dtypes.binary16.from_e8m0fnu", 0x00, 0x0000},
      {"ml_dtypes.binary16.from_e8m0fnu", 0xfe, 0x7c00},
      {"hip2024.binary32.from_e4m3fn", 0x7f, 0x7f800001},
      {"hip2024.binary32.from_e4m3fn", 0xff, 0x7f800001},
      {"hip2024.binary32.from_e5m2", 0xfd, 0x7f800001},
      {"hip2024.binary32.from_e4m3fnuz", 0x80, 0x7f800001},
      {"hip2024.binary16.from_e4m3fn", 0x7f, 0x7c01},
      {"rdna4.binary32.from_e4m3fn", 0x7f, 0xffc00000},
      {"rdna4.binary32.from_e4m3fn", 0xff, 0xffc00000},
      {"rdna4.binary32.from_e5m2", 0x7d, 0xffc00000},
      {"cdna3.binary32.from_e4m3fnuz", 0x80, 0xffc00000},
      {"pytorch.binary32.from_e4m3fn", 0x7f, 0x7ff00000},
      {"pytorch.binary32.from_e4m3fn", 0xff, 0xfff00000},
      {"pytorch.binary32.from_e5m2", 0x7f, 0x7fe00000},
      {"pytorch.binary32.from_e4m3fnuz", 0x80, 0x7f800001},
      {"pytorch.binary32.from_e8m0fnu", 0xff, 0x7f800001},
      {"onednn.binary32.from_e4m3fn", 0x7f, 0x7fc00000},
      {"onednn.binary32.from_e4m3fn", 0xff, 0xffc00000},
      {"onednn.binary32.from_e5m2", 0x7e, 0x7fc00000},
      {"onednn.binary32.from_e5m2", 0xff, 0xffe00000},
      {"onednn.binary32.from_e8m0fnu", 0xff, 0xffc00000},
      {"riscv.vfwcvtbf16.bfloat16.from_e4m3fn", 0xff, 0x7fc0},
      {"riscv.vfwcvtbf16.bfloat16.from_e5m2", 0x7d, 0x7fc0},
      {"avx10.vcvthf82ph", 0x7f, 0x7f80},
      {"avx10.vcvthf82ph", 0xff, 0xff80},
      {"arm.binary16.from_e4m3fn", 0xff, 0x7e00},
      {"arm.bfloat16.ah.from_e5m2", 0x7d, 0xffc0},
      {"cuda13.bfloat16.from_e8m0fnu", 0xff, 0x7fff},
      {"cuda13.binary32.from_e8m0fnu", 0xff, 0x7fff0000},
      // 2^-127 is subnormal in binary32 and bfloat16
      {"cuda13.bfloat16.from_e8m0fnu", 0x00, 0x0040},
      {"cuda13.binary32.from_e8m0fnu", 0x00, 0x00400000},
      {"ml_dtypes.binary32.from_e8m0fnu", 0x00, 0x00400000},
      {"pytorch.binary32.from_e8m0fnu", 0x00, 0x00400000},
      {"onednn.binary32.from_e8m0fnu", 0x00, 0x00000000},
      {"onednn.binary32.from_e8m0fnu", 0x01, 0x00800000},
      // finite codes
      {"riscv.vfext.e4m3fn.from_e2m1", 0x1, 0x30},
      {"riscv.vfext.e4m3fn.from_e2m1", 0x7, 0x4c},
      {"riscv.vfext.e4m3fn.from_e2m1", 0xd, 0xc4},
      {"cuda13.binary16.from_e2m1", 0xf, 0xc600},
  };
  check(cells);
}

TEST_CASE("sections 2 to 7: rounding twice, truncation, bfloat16, fnuz") {
  constexpr cell cells[] = {
      // oneDNN through binary16
      {"onednn.e4m3fn", 0x3a800001, 0x00},
      {"cuda13.e4m3fn.satfinite", 0x3a800001, 0x01},
      {"onednn.e4m3fn", 0x3b3ff000, 0x02},
      {"cuda13.e4m3fn.satfinite", 0x3b3ff000, 0x01},
      {"onednn.e4m3fn", 0x43e81000, 0x7e},  // 464.125
      {"cuda13.e4m3fn.nosat", 0x43e81000, 0x7f},
      // double 1.0625 + 2^-40: CUDA rounds once, CUTLASS and Universal go through float
      {"cuda13.e4m3fn.satfinite.from_binary64", 0x3ff1000000001000, 0x39},
      {"cutlass.e4m3fn.from_binary64", 0x3ff1000000001000, 0x38},
      {"universal.e4m3fn.from_binary64", 0x3ff1000000001000, 0x38},
      // ml_dtypes kTruncate: the truncated value is compared with max
      {"ml_dtypes.e4m3fn.truncate", 0x43efffff, 0x7e},  // just below 480
      {"ml_dtypes.e4m3fn.truncate", 0x43f00000, 0x7f},  // 480
      {"ml_dtypes.e4m3fn.truncate_saturating", 0x43f00000, 0x7e},
      {"ml_dtypes.e4m3.truncate", 0x437fffff, 0x77},
      {"ml_dtypes.e4m3.truncate", 0x43800000, 0x78},  // 256
      {"ml_dtypes.e4m3fnuz.truncate", 0x437fffff, 0x7f},
      {"ml_dtypes.e4m3fnuz.truncate", 0x43800000, 0x80},  // 256
      {"ml_dtypes.e5m2.truncate", 0x477fffff, 0x7b},
      {"ml_dtypes.e5m2.truncate", 0x47800000, 0x7c},  // 65536
      {"ml_dtypes.e5m2fnuz.truncate", 0x47800000, 0x80},
      {"ml_dtypes.e4m3b11fnuz.truncate", 0x41ffffff, 0x7f},
      {"ml_dtypes.e4m3b11fnuz.truncate", 0x42000000, 0x80},  // 32
      {"ml_dtypes.e3m4.truncate", 0x417fffff, 0x6f},
      {"ml_dtypes.e3m4.truncate", 0x41800000, 0x70},  // 16
      {"ml_dtypes.e2m1.truncate", 0x7f7fffff, 0x7},
      // bfloat16
      {"avx512_bf16.vcvtneps2bf16", 0x807fffff, 0x8000},
      {"cuda13.bfloat16.rn", 0x807fffff, 0x8080},
      {"eigen.bfloat16", 0xff812345, 0xffc0},
      {"cuda13.bfloat16.rn", 0xff812345, 0x7fff},
      {"riscv.fcvt.bfloat16", 0xff812345, 0x7fc0},
      {"avx512_bf16.vcvtneps2bf16", 0xff812345, 0xffc1},
      // fnuz: HIP 2024 clips NaN, its device wrapper and the document of ONNX keep infinities NaN
      {"hip2024.e4m3fnuz.satfinite", 0xffc00000, 0xff},
      {"hip2024.e4m3fnuz.nosat", 0x43700001, 0x80},  // just above 240
      {"hip_device.e4m3fnuz.satfinite", 0x7f800000, 0x80},
      {"hip_device.e4m3fnuz.satfinite", 0x7f7fffff, 0x7f},
      {"cdna3.e4m3fnuz.ovfl0", 0x7f7fffff, 0x80},
      {"cdna3.e4m3fnuz.ovfl1", 0xff800000, 0xff},
      {"cdna3.e5m2fnuz.ovfl0", 0x80000001, 0x00},
      {"onnx.e4m3fnuz.saturate", 0x7f800000, 0x80},
      {"onnx_code.e4m3fnuz.saturate", 0x7f800000, 0x7f},
      {"pytorch.e4m3fnuz", 0x43780000, 0x80},  // 248
      // tf32: ties away, and the top overflows on CUTLASS
      {"ptx.tf32.rna", 0x3f801000, 0x1fc01},
      {"cutlass.tf32", 0x3f801000, 0x1fc01},
      {"cutlass.tf32", 0x7f7fffff, 0x3fc00},
      {"ptx.tf32.rna.satfinite", 0x7f7fffff, 0x3fbff},
      {"ptx.tf32.rn", 0x3f801000, 0x1fc00},
      // unsigned scales
      {"cutlass.ue4m3", 0xc9742400, 0x7e},
      {"cutlass.ue4m3", 0xff800000, 0x7e},
  };
  check(cells);
}

TEST_CASE("section 8: stochastic rounding") {
  struct random_cell {
    const char* rule;
    code_t input;
    std::uint64_t random;
    code_t code;
  };
  // 1.0625 is half way between 38 and 39 of e4m3fn, 0x80000 of 2^20 random values take it up.
  constexpr random_cell cells[] = {
      {"rdna4.e4m3fn.sr.ovfl1", 0x3f880000, 0x80000000, 0x39},
      {"rdna4.e4m3fn.sr.ovfl1", 0x3f880000, 0x7fffffff, 0x38},
      {"hip2024.e4m3fn.sr.satfinite", 0x3f880000, 0x00080000, 0x39},
      {"hip2024.e4m3fn.sr.satfinite", 0x3f880000, 0xfff7ffff, 0x38},
      {"hip_ocp.e4m3fn.sr.nosat", 0x3f880000, 0x80000000, 0x39},
      {"hip_ocp.e4m3fn.sr.nosat.from_bfloat16", 0x3f88, 0x80000000, 0x39},
      {"hip_ocp.e4m3fn.sr.nosat.from_binary16", 0x3c40, 0x7fffffff, 0x38},
      {"cdna3.e5m2fnuz.sr.ovfl0", 0x3f900000, 0x80000000, 0x41},
      // representable values never move
      {"rdna4.e4m3fn.sr.ovfl0", 0x3f800000, 0xffffffff, 0x38},
      // BIAS forms: BF8 (h + b) >> 8; HF8 normal uses b >> 1, subnormal all eight bits
      {"avx10.vcvtbiasph2bf8", 0x3c01, 0xff, 0x3d},
      {"avx10.vcvtbiasph2bf8", 0x3c01, 0xfe, 0x3c},
      {"avx10.vcvtbiasph2bf8", 0x7bff, 0x01, 0x7c},
      {"avx10.vcvtbiasph2bf8s", 0x7bff, 0x01, 0x7b},
      {"avx10.vcvtbiasph2hf8", 0x3c01, 0xfe, 0x39},
      {"avx10.vcvtbiasph2hf8", 0x3c01, 0xfd, 0x38},
      {"avx10.vcvtbiasph2hf8", 0x0080, 0xfe, 0x00},
      {"avx10.vcvtbiasph2hf8", 0x0080, 0xff, 0x01},
      {"avx10.vcvtbiasph2hf8", 0x0000, 0xff, 0x00},
      // e2m1 with eight bits: 0.25 is half of the subnormal step
      {"transformer_engine.e2m1.rs", 0x3e800000, 0x80, 0x1},
      {"transformer_engine.e2m1.rs", 0x3e800000, 0x7f, 0x0},
      {"transformer_engine.e2m1.rs", 0xffc00000, 0x00, 0x7},
      {"ptx.bfloat16.rs", 0x3f800001, 0xffff, 0x3f81},
      {"ptx.bfloat16.rs", 0x3f800001, 0xfffe, 0x3f80},
      {"ptx.binary16.rs", 0x3f800001, 0x1fff, 0x3c01},
      {"ptx.binary16.rs", 0x3f800001, 0x1ffe, 0x3c00},
  };
  for (const random_cell& c : cells) {
    CAPTURE(std::string(c.rule));
    CAPTURE(c.input);
    CAPTURE(c.random);
    CHECK(lowp::apply(rule(c.rule), c.input, c.random) == c.code);
  }
}

namespace {

// The steps of en_dtypes' binary32 to HiFloat8 on the bits: half a unit of the width that belongs
// to the unrounded exponent is added, the rest cut off, and the sum coded.
code_t en_dtypes_hifloat8(std::uint32_t x) {
  const std::uint32_t magnitude = x & 0x7fffffff;
  const code_t sign = (x >> 31) << 7;
  if (magnitude > 0x7f800000) return 0x80;
  if (magnitude >= 0x47400000) return sign | 0x6f;  // 49152
  const int exponent = static_cast<int>(magnitude >> 23) - 127;
  if (exponent < -23) return 0;
  const int size = exponent < 0 ? -exponent : exponent;
  const int cut = 23 - (size <= 3 ? 3 : size <= 7 ? 2 : size <= 15 ? 1 : 0);
  std::uint32_t rounded = (magnitude + (1u << (cut - 1))) >> cut << cut;
  if (rounded < 0x34800000) rounded = 0x34800000;  // 2^-22 is the least value
  if (rounded == 0x47400000) return sign | 0x6f;   // the code of 1.5 x 2^15 is infinity
  for (code_t c = 1; c < 0x80; ++c) {
    if (lowp::convert(lowp::formats::hifloat8, c, lowp::formats::binary32) == rounded)
      return sign | c;
  }
  return 0xff00;
}

}  // namespace

TEST_CASE("CVT-6 HiFloat8 as en_dtypes codes it") {
  const lowp::conversion_rule* rule = lowp::find_rule("en_dtypes.hifloat8");
  REQUIRE(rule != nullptr);
  std::uint64_t cases = 0;
  std::uint64_t wrong = 0;
  const auto expect = [&](std::uint32_t x) {
    ++cases;
    if (apply(*rule, x) != en_dtypes_hifloat8(x) && wrong++ == 0) MESSAGE("input " << x);
  };
  for (std::uint64_t x = 0; x < std::uint64_t{1} << 32; x += 65521)
    expect(static_cast<std::uint32_t>(x));
  for (std::uint32_t top = 0; top < 0x8000; ++top) {  // around every multiple of 2^-8 of a binade
    for (const std::uint32_t low : {0x0000u, 0x0001u, 0xffffu}) {
      expect(top << 16 | low);
      expect(0x80000000u | top << 16 | low);
    }
  }
  CHECK(cases > 200000);
  CHECK(wrong == 0);
}
