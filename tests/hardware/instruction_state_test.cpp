// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion instructions: control registers, scales, random bits, relu; cases written out from
/// the vendors' texts and from experiments on their processors.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_instructions.hpp>

#include "registers.hpp"

namespace {

using lowp::instruction_state;
using registers::number;
using registers::packed;
using registers::whole;
using registers::words;

constexpr std::uint64_t one = 0x3f800000, two = 0x40000000, four = 0x40800000;

}  // namespace

TEST_CASE("INS-4 immediates and control registers choose among rules") {
  const auto half = [](std::uint64_t code, instruction_state s) {
    return static_cast<int>(whole("VCVTPS2PH", {packed({code, 0, 0, 0}, 4)}, s)[0]);
  };
  constexpr std::uint64_t x = 0x3f801000;  // a tie of binary16: 3c00 or 3c01
  CHECK(half(x, {.immediate = 0}) == 0);
  CHECK(half(x, {.immediate = 1}) == 0);
  CHECK(half(x, {.immediate = 2}) == 1);
  CHECK(half(x, {.immediate = 3}) == 0);
  CHECK(half(x, {.immediate = 4, .mxcsr = 0x1f80 | 2U << 13}) == 1);
  CHECK(half(x, {.immediate = 1, .mxcsr = 0x1f80 | 2U << 13}) == 0);
  CHECK(half(x | 0x80000000, {.immediate = 1}) == 1);
  // RISC-V: frm, and vtype.altfmt for the format; overflow loses its sign.
  const auto q = [](std::uint64_t code, instruction_state s) {
    return static_cast<int>(whole("vfncvt.f.f.q", {packed({code, 0, 0, 0}, 4)}, s)[0]);
  };
  CHECK(q(0xc4800000, {}) == 0x7f);
  CHECK(q(0xc4800000, {.frm = 1}) == 0xfe);
  CHECK(q(0xc4800000, {.frm = 2}) == 0x7f);
  CHECK(q(0xc4800000, {.frm = 3}) == 0xfe);
  CHECK(q(0x3f880000, {.frm = 4}) == 0x39);  // tie
  CHECK(q(0x3f880000, {.frm = 0}) == 0x38);
  CHECK(q(one, {.altfmt = true}) == 0x3c);
  // Arm: FPMR.F8D, OSC, FPCR.AH.
  const auto fp8 = [](std::uint64_t code, instruction_state s) {
    return static_cast<int>(whole("FCVTN", std::vector(2, packed({code, 0, 0, 0}, 4)), s)[0]);
  };
  constexpr std::uint64_t e4m3 = 1U << 6, osc = 1U << 15, ah = 2;
  CHECK(fp8(0xff800000, {.fpmr = e4m3}) == 0xff);
  CHECK(fp8(0xff800000, {.fpmr = e4m3 | osc}) == 0xfe);
  CHECK(fp8(0xff800000, {}) == 0xfc);
  CHECK(fp8(0xff800000, {.fpmr = osc}) == 0xfb);
  CHECK(fp8(0xffc00000, {}) == 0x7e);
  CHECK(fp8(0x7fc00000, {.fpcr = ah, .fpmr = e4m3}) == 0xff);
  // AMD: MODE.FP16_OVFL; RDNA4 keeps infinities, CDNA3 does not.
  CHECK(number("v_cvt_pk_fp8_f32 gfx1201", {0x7f800000, 0x7f000000}, {.fp16_ovfl = true}) ==
        0x7e7f);
  CHECK(number("v_cvt_pk_fp8_f32 gfx1201", {0x7f800000, 0x7fc00000}) == 0xff7f);
  CHECK(number("v_cvt_pk_fp8_f32 gfx942", {0x7f800000, 0x7f000000}, {.fp16_ovfl = true}) == 0x7f7f);
  CHECK(number("v_cvt_pk_fp8_f32 gfx942", {0x7f800000, 0x7fc00000}) == 0x8080);
}

TEST_CASE("INS-5 scales are powers of two before the one rounding") {
  // ROCm/hip-fpsan on gfx950: 4.0 packed with scale 2.0 is the code of 2.0; unpacking multiplies.
  // The significand and the sign of the scale do not count.
  for (const std::uint32_t scale : {0x40000000u, 0x407fffffu, 0xc0000000u}) {
    CHECK(number("v_cvt_scalef32_pk_fp8_f32", {four, two}, {.scale = scale}) == 0x3840);
    CHECK(number("v_cvt_scalef32_f32_fp8", {0x38}, {.scale = scale}) == two);
  }
  // One rounding: 1.0625 + 2^-20 is above a tie of E4M3 whatever the scale; through binary16's
  // subnormals it would be none.
  CHECK(number("v_cvt_scalef32_pk_fp8_f32", {0x3f880008, 0}, {.scale = 0x3f800000}) == 0x39);
  CHECK(number("v_cvt_scalef32_pk_fp8_f32", {0x01880008, 0}, {.scale = 0x01800000}) == 0x39);
  CHECK(number("v_cvt_scalef32_pk_fp8_f32", {one, two}, {.scale = 0x7f800000}) == 0x7f7f);
  // HIP's int8 scales.
  const std::string mx = "__amd_cvt_floatx2_to_fp8x2_scale E4M3 nosat";
  CHECK(number(mx, {two | four << 32}, {.scale = 1}) == 0x4038);
  CHECK(number(mx, {two | four << 32}, {.scale = 0xff}) == 0x5048);
  CHECK(number(mx, {two | four << 32}, {.scale = 0x80}) == 0x7f7f);
  CHECK(number("__amd_cvt_floatx2_to_fp8x2_scale E5M2 sat", {0}, {.scale = 0x80}) == 0x7e7e);
  // FPMR.NSCALE is signed, 5 bits of it for binary16; LSCALE is not, and divides.
  const auto narrow = [](std::uint64_t nscale) {
    return static_cast<int>(whole("FCVTN Vd.16B, Vn.8H, Vm.8H",
                                  std::vector(2, packed(std::vector<std::uint64_t>(8, 0x3c00), 2)),
                                  {.fpmr = 1U << 6 | nscale << 24})[0]);
  };
  CHECK(narrow(1) == 0x40);
  CHECK(narrow(0x1f) == 0x30);
  CHECK(narrow(0xe1) == 0x40);  // the upper bits do not count
  const auto wide = [](const char* name, std::uint64_t fpmr) {
    const auto r =
        whole(name, {packed(std::vector<std::uint64_t>(8, 0x38), 1)}, {.fpmr = 9 | fpmr});
    return static_cast<int>(r[0]) + 256 * static_cast<int>(r[1]);
  };
  CHECK(wide("F1CVTL", 3U << 16) == 0x3000);
  CHECK(wide("F1CVTL", 0x13U << 16) == 0x3000);   // four bits
  CHECK(wide("BF1CVTL", 0x13U << 16) == 0x3600);  // six bits: 2^-19
  CHECK(wide("F2CVTL", std::uint64_t{3} << 32) == 0x3000);
  CHECK(wide("F2CVTL", 3U << 16) == 0x3c00);
  // PTX: two ue8m0, the upper one for the upper element.
  CHECK(number("cvt.rn.satfinite.scaled::n2::ue8m0.s2f6x2.f32", {one, one}, {.scale = 0x7f80}) ==
        0x4020);
  CHECK(number("cvt.rn.scaled::n2::ue8m0.bf16x2.s2f6x2", {0x4040}, {.scale = 0x807f}) ==
        0x40003f80);
  CHECK(number("cvt.rn.scaled::n2::ue8m0.bf16x2.s2f6x2", {0x4040}, {.scale = 0xff7f}) ==
        0x7fff3f80);
}

/// vkuzo/quant_cast_bench 41fec09, experiments/nvidia_rs_bit_probe: the bits of the random word,
/// the one that weighs most first, that sources 1 to 4 take on sm_100a.
struct probe {
  const char* instruction;
  int discarded;  ///< bits of binary32 below the last place of 1.0 in the target
  int slot;
  int lanes[4][4];  ///< first run from, to, second run from, to
};
constexpr probe probes[] = {
    {"cvt.rs.satfinite.e4m3x4.f32",
     20,
     8,
     {{16, 31, -1, -1}, {31, 16, -1, -1}, {0, 15, -1, -1}, {15, 0, -1, -1}}},
    {"cvt.rs.satfinite.e5m2x4.f32",
     21,
     8,
     {{16, 31, -1, -1}, {31, 16, -1, -1}, {0, 15, -1, -1}, {15, 0, -1, -1}}},
    {"cvt.rs.satfinite.e2m1x4.f32",
     22,
     4,
     {{8, 15, 24, 31}, {31, 24, 15, 8}, {0, 7, 16, 23}, {23, 16, 7, 0}}},
    {"cvt.rs.bf16x2.f32", 16, 16, {{31, 16, -1, -1}, {15, 0, -1, -1}, {}, {}}},
};

TEST_CASE("INS-6 INS-9 random bits of cvt.rs as found on sm_100a, bit by bit") {
  for (const probe& p : probes) {
    CAPTURE(std::string(p.instruction));
    const int lanes = p.slot == 16 ? 2 : 4;
    for (int lane = 0; lane < lanes; ++lane) {
      std::vector<int> order;
      for (int r = 0; r < 4; r += 2) {
        const int from = p.lanes[lane][r], to = p.lanes[lane][r + 1];
        for (int b = from; from >= 0; b += from < to ? 1 : -1) {
          order.push_back(b);
          if (b == to) break;
        }
      }
      REQUIRE(order.size() == 16);
      for (int weight = 0; weight < 16; ++weight) {
        const std::uint32_t word = 1U << order[static_cast<std::size_t>(15 - weight)];
        // 1.0 plus so much of a step that R = 2^weight is just enough, and one unit less.
        const std::uint64_t f =
            (std::uint64_t{1} << p.discarded) - (std::uint64_t{1} << (p.discarded - 16 + weight));
        words enough{}, less{};
        for (int i = 0; i < lanes; ++i) enough[static_cast<std::size_t>(i)] = one | f;
        for (int i = 0; i < lanes; ++i) less[static_cast<std::size_t>(i)] = (one | f) - 1;
        const int at = p.slot * (lanes - 1 - lane);
        const auto code = [&](std::uint64_t r) { return r >> at & ((1U << p.slot) - 1); };
        const std::uint64_t base = code(number(p.instruction, words{one, one, one, one}));
        CHECK(code(number(p.instruction, enough, {.random = word})) == base + 1);
        CHECK(code(number(p.instruction, less, {.random = word})) == base);
        CHECK(code(number(p.instruction, enough, {.random = ~word})) != 0);
        CHECK(code(number(p.instruction, enough, {})) == base);
      }
    }
  }
  // f16x2: 13 bits of each half.
  CHECK(number("cvt.rs.f16x2.f32", {one | 1, one | 1}, {.random = 0x1fff0000}) == 0x3c013c00);
  CHECK(number("cvt.rs.f16x2.f32", {one | 1, one | 1}, {.random = 0x00001fff}) == 0x3c003c01);
  CHECK(number("cvt.rs.f16x2.f32", {one | 1, one | 1}, {.random = 0xe000e000}) == 0x3c003c00);
}

TEST_CASE("INS-6 random bits of AMD and of AVX10.2") {
  // The upper 20 bits: 1.0 + 2^-23 goes up with all of them set.
  CHECK(number("v_cvt_sr_fp8_f32 gfx1201", {0x3f800001}, {.random = 0xffffffff}) == 0x39);
  CHECK(number("v_cvt_sr_fp8_f32 gfx1201", {0x3f800001}, {.random = 0xffffefff}) == 0x38);
  CHECK(number("v_cvt_sr_fp8_f32 gfx1201", {0x3f800001}, {.random = 0xfffff000}) == 0x39);
  CHECK(number("v_cvt_sr_bf8_f32 gfx942", {0x3f800001}, {.random = 0xfffff800, .select = 3}) ==
        0x41000000);
  // A byte for each element, the low one of its place in the first register.
  std::vector<std::uint64_t> bias(8, 0xff00), x(8, 0x3c01);
  bias[2] = 0x55ff;
  const auto got = whole("VCVTBIASPH2BF8", {packed(bias, 2), packed(x, 2)});
  CHECK(got == packed({0x3c, 0x3c, 0x3d, 0x3c, 0x3c, 0x3c, 0x3c, 0x3c}, 1));
}

TEST_CASE("INS-7 relu: negative results become +0, NaN the canonical NaN") {
  CHECK(number("cvt.rn.relu.f16x2.f32", {0xbf800000, two}) == 0x00004000);
  CHECK(number("cvt.rn.relu.f16x2.f32", {0x80000000, 0xff800000}) == 0);
  CHECK(number("cvt.rn.relu.f16x2.f32", {0xffc00000, 0x7f800001}) == 0x7fff7fff);
  CHECK(number("cvt.rn.satfinite.relu.e4m3x2.f32", {0xffc00000, 0xc0000000}) == 0x7f00);
  CHECK(number("cvt.rn.satfinite.relu.e2m1x2.f32", {0xffc00000, 0xc0000000}) == 0x70);
  CHECK(number("cvt.rn.satfinite.relu.s2f6x2.f32", {0xffc00000, 0xc0000000}) == 0x7f00);
  CHECK(number("cvt.rn.relu.f16x2.e4m3x2", {0xb838}) == 0x00003c00);
  CHECK(number("cvt.rn.satfinite.s2f6x2.f32", {0xc0000000, 0xc0a00000}) == 0x8080);
}

TEST_CASE("INS-8 DAZ, FZ and DN") {
  const auto ph = [](std::uint32_t mxcsr) {
    const auto r = whole("VCVTPS2PH", {packed({0x007fffff, 0x33800000, 1, 0}, 4)},
                         {.immediate = 2, .mxcsr = mxcsr});
    return std::vector(r.begin(), r.begin() + 6);
  };
  CHECK(ph(0x1f80) == packed({1, 1, 1}, 2));  // toward positive: the least subnormal
  CHECK(ph(0x1fc0) == packed({0, 1, 0}, 2));  // DAZ: zero
  CHECK(ph(0x9f80) == packed({1, 1, 1}, 2));  // FTZ does not count
  // VCVTNEPS2BF16 flushes its sources always.
  CHECK(whole("VCVTNEPS2BF16", {packed({0x007fffff, 0x807fffff, 0x00800000, 0}, 4)}) ==
        packed({0, 0x8000, 0x0080, 0}, 2));
  constexpr std::uint64_t fz = 1U << 24, dn = 1U << 25;
  CHECK(number("BFCVT", {0x007fffff}) == 0x0080);
  CHECK(number("BFCVT", {0x007fffff}, {.fpcr = fz}) == 0);
  CHECK(number("BFCVT", {0xffa00001}) == 0xffe0);
  CHECK(number("BFCVT", {0xffa00001}, {.fpcr = dn}) == 0x7fc0);
  CHECK(number("BFCVT", {0x3f800001}, {.fpcr = 1U << 22}) == 0x3f81);
  CHECK(number("BFCVT", {0xbf800001}, {.fpcr = 2U << 22}) == 0xbf81);
}
