// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion instructions: look-up, and where elements stand in registers, from the vendors' texts
/// and from experiments on their processors.
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/instruction_names.hpp>

#include "registers.hpp"

namespace {

using lowp::conversion_instruction;
using lowp::instruction_state;
using registers::number;
using registers::packed;
using registers::row;
using registers::whole;
using registers::words;

constexpr std::uint64_t one = 0x3f800000, two = 0x40000000, three = 0x40400000, four = 0x40800000;

}  // namespace

TEST_CASE("INS-1 instructions are found by name, and by the first word of a name") {
  std::set<std::string> names;
  for (const conversion_instruction& r : lowp::all_conversion_instructions) {
    CAPTURE(std::string(r.name));
    CHECK(names.insert(r.name).second);
    CHECK(lowp::find_instruction(r.name) == &r);
    CHECK(lowp::check(r) == lowp::instruction_error::none);
    CHECK(!std::string(r.target).empty());
    CHECK(!std::string(r.origin.source).empty());
    CHECK(std::string(lowp::name(r.order)) != "unknown");
    CHECK(std::string(lowp::name(r.choice)) != "unknown");
    CHECK(std::string(lowp::name(r.scale)) != "unknown");
    CHECK(std::string(lowp::name(r.random)) != "unknown");
    CHECK(std::string(lowp::name(r.lengths)) != "unknown");
  }
  CHECK(std::string(row("v_cvt_pk_fp8_f32").name) == "v_cvt_pk_fp8_f32 gfx942");
  CHECK(std::string(row("FCVTN").name) == "FCVTN Vd.8B, Vn.4S, Vm.4S");
  CHECK(std::string(row("v_cvt_scalef32_pk_fp4_f32").name) == "v_cvt_scalef32_pk_fp4_f32");
  CHECK(lowp::find_instruction("cvt.rn") == nullptr);
  CHECK(lowp::find_instruction("VCVT") == nullptr);
  CHECK(lowp::find_instruction("v_cvt_pk_fp8_f32 gfx") == nullptr);
}

TEST_CASE("INS-1 every instruction of the conversions reference is found") {
  std::vector<std::string> names;
  const auto add = [&](const std::string& before, std::initializer_list<const char*> middles,
                       const std::string& after = "") {
    for (const char* m : middles) names.push_back(before + m + after);
  };
  // Section 2.2, 2.3.
  for (const std::string relu : {"", ".relu"}) {
    for (const std::string sat : {"", ".satfinite"}) {
      for (const std::string rounding : {"rn", "rz"}) {
        add("cvt." + rounding + relu + sat + ".", {"f16", "f16x2", "bf16", "bf16x2"}, ".f32");
        names.push_back("cvt." + rounding + sat + relu + ".tf32.f32");
      }
      add("cvt.rs" + relu + sat + ".", {"f16x2", "bf16x2"}, ".f32");
      add("cvt.rn" + sat + relu, {"", ".scaled::n2::ue8m0"}, ".bf16x2.s2f6x2");
    }
    for (const std::string small : {"e4m3", "e5m2", "e2m3", "e3m2", "e2m1"}) {
      add("cvt.rn.satfinite" + relu + "." + small + "x2.", {"f32", "f16x2", "bf16x2"});
      names.push_back("cvt.rn" + relu + ".f16x2." + small + "x2");
      names.push_back("cvt.rs" + relu + ".satfinite." + small + "x4.f32");
    }
    for (const std::string scaled : {"", ".scaled::n2::ue8m0"}) {
      add("cvt.rn.satfinite" + relu + scaled + ".s2f6x2.", {"f32", "bf16x2"});
    }
  }
  add("cvt.rna", {"", ".satfinite"}, ".tf32.f32");
  for (const std::string rounding : {"rz", "rp", "rz.satfinite", "rp.satfinite"}) {
    add("cvt." + rounding + ".ue8m0x2.", {"f32", "bf16x2"});
  }
  add("", {"cvt.rn.bf16x2.ue8m0x2", "cvt.f32.f16", "cvt.f32.bf16", "cvt.rn.ftz.f16.f32"});
  // Sections 3.3 to 3.6.
  for (const std::string gpu : {"gfx942", "gfx950", "gfx1201"}) {
    add("v_cvt_",
        {"pk_fp8_f32 ", "pk_bf8_f32 ", "sr_fp8_f32 ", "sr_bf8_f32 ", "f32_fp8 ", "f32_bf8 ",
         "pk_f32_fp8 ", "pk_f32_bf8 "},
        gpu);
  }
  for (const std::string wide : {"f32", "f16", "bf16"}) {
    add("v_cvt_scalef32_",
        {"pk_fp8_", "pk_bf8_", "sr_fp8_", "sr_bf8_", "pk_fp4_", "sr_pk_fp4_", "sr_pk32_fp6_",
         "sr_pk32_bf6_"},
        wide);
    if (wide != "f32") add("v_cvt_scalef32_", {"pk32_fp6_", "pk32_bf6_"}, wide);
    add("v_cvt_scalef32_pk_" + wide, {"_fp8", "_bf8", "_fp4"});
    add("v_cvt_scalef32_pk32_" + wide, {"_fp6", "_bf6"});
  }
  add("v_cvt_scalef32_",
      {"2xpk16_fp6_f32", "2xpk16_bf6_f32", "f32_fp8", "f32_bf8", "f16_fp8", "f16_bf8"});
  add("v_cvt_", {"pk_bf16_f32", "pk_f16_f32", "pkrtz_f16_f32", "sr_f16_f32", "sr_bf16_f32"});
  // Sections 4 to 6.
  for (const std::string kind : {"BF8", "BF8S", "HF8", "HF8S"}) {
    add("VCVT", {"PH2", "2PH2", "BIASPH2"}, kind);
  }
  add("VCVT", {"HF82PH", "NEPS2BF16", "NE2PS2BF16", "PS2PH", "PH2PS", "PS2PHX", "PD2PH"});
  add("", {"FCVTN", "FCVTN2", "BFCVTN Zd.B, {Zn1.H-Zn2.H}", "F1CVTL", "F2CVTL2", "BF1CVTL",
           "BF2CVT", "F1CVTLT", "BFCVT", "BFCVTN", "BFCVTNT"});
  add("", {"vfncvt.f.f.q", "vfncvt.sat.f.f.q", "vfncvtbf16.f.f.w", "vfncvtbf16.sat.f.f.w",
           "vfwcvtbf16.f.f.v", "vfext.vf2", "fcvt.bf16.s", "fcvt.s.bf16"});
  for (const std::string& name : names) {
    CHECK_MESSAGE(lowp::find_instruction(name.c_str()) != nullptr, name);
  }
  CHECK(names.size() > 200);
  // Library functions are rules: sections 1, 2.1, 2.5, 3.1, 3.2, 4.4, 7.
  for (const char* rule : {"cuda13.e4m3fn.satfinite.from_binary64",
                           "cuda13.e2m1.rz",
                           "cuda13.e8m0fnu.rp.nosat",
                           "cuda13.binary16.rd",
                           "cutlass.ue4m3",
                           "cutlass.e8m0fnu",
                           "cutlass.tf32",
                           "transformer_engine.e2m1.rs",
                           "hip2024.e4m3fnuz.nosat",
                           "hip2024.e5m2.sr.satfinite",
                           "hip2024.binary32.from_e4m3fn",
                           "hip_device.e4m3fnuz.satfinite",
                           "hip_ocp.e2m1",
                           "hip_ocp.e4m3fn.sr.nosat.from_bfloat16",
                           "onednn.e4m3fn",
                           "onednn.e2m1",
                           "onednn.e3m0",
                           "onednn.e8m0fnu",
                           "onednn.binary32.from_e8m0fnu",
                           "ml_dtypes.e4m3fn.truncate",
                           "ml_dtypes.e5m2.from_binary16",
                           "ml_dtypes.e8m0fnu.saturating",
                           "pytorch.e4m3fnuz",
                           "pytorch.e8m0fnu",
                           "onnx.e8m0fnu.up.saturate",
                           "onnx_code.e5m2fnuz.saturate",
                           "eigen.bfloat16",
                           "en_dtypes.hifloat8",
                           "riscv.fcvt.bfloat16.rmm"}) {
    CHECK_MESSAGE(lowp::find_rule(rule) != nullptr, std::string(rule));
  }
}

TEST_CASE("INS-1 rows that cannot be run are refused") {
  using lowp::instruction_error;
  conversion_instruction r = row("cvt.rn.satfinite.e4m3x2.f32");
  r.rules[0] = nullptr;
  CHECK(lowp::check(r) == instruction_error::rule);
  r.rules[0] = lowp::find_rule("onednn.e4m3fn");
  CHECK(lowp::check(r) == instruction_error::rule);  // rounds twice
  r.rules[0] = lowp::find_rule("ptx.binary16.rn");
  CHECK(lowp::check(r) == instruction_error::rule);  // wider than a slot
  r.rules[0] = lowp::find_rule("ptx.e4m3fn.rs.satfinite");
  CHECK(lowp::check(r) == instruction_error::random);
  r = row("cvt.rn.satfinite.e4m3x2.f32");
  r.random = lowp::random_origin::operand;
  CHECK(lowp::check(r) == instruction_error::random);
  r = row("cvt.rn.satfinite.e4m3x2.f32");
  r.sources = 5;
  CHECK(lowp::check(r) == instruction_error::sources);
  r.sources = 3;
  CHECK(lowp::check(r) == instruction_error::layout);
  r.sources = 2;
  r.order = lowp::source_order::deinterleaved;
  CHECK(lowp::check(r) == instruction_error::sources);
  r = row("cvt.rn.satfinite.e4m3x2.f32");
  r.source.first = 1;
  CHECK(lowp::check(r) == instruction_error::layout);
  r = row("FCVTN");
  r.scale_bits = 0;
  CHECK(lowp::check(r) == instruction_error::scale);
  r.scale_bits = 9;
  CHECK(lowp::check(r) == instruction_error::scale);
  std::set<std::string> messages;
  for (int e = 0; e < 6; ++e) {
    messages.insert(lowp::message(static_cast<instruction_error>(e)));
  }
  CHECK(messages.size() == 6);
}

TEST_CASE("INS-1 instructions are constant expressions") {
  constexpr std::uint64_t pair[] = {one, two};
  static_assert(lowp::run_instruction(*lowp::find_instruction("cvt.rn.satfinite.e4m3x2.f32"),
                                      pair) == 0x3840);
  static_assert(lowp::run_instruction(*lowp::find_instruction("v_cvt_pk_fp8_f32 gfx1201"), pair) ==
                0x4038);
  static_assert(noexcept(lowp::run_instruction(lowp::all_conversion_instructions[0], pair)));
  static_assert(noexcept(lowp::find_instruction("")));
}

TEST_CASE("INS-2 places in registers: containers, odd places, halves, parts chosen by op_sel") {
  // tf32: the low 13 bits of the container are zero.
  CHECK(number("cvt.rna.tf32.f32", {0x3f801000}) == 0x3f802000);
  CHECK(number("cvt.rz.tf32.f32", {0x3f801fff}) == 0x3f800000);
  // Six bits in a byte, upper two zero.
  CHECK(number("cvt.rn.satfinite.e2m3x2.f32", {one, 0xc0f00000}) == 0x083f);
  // ROCm/hip-fpsan, NarrowOpselPlacesPairAndPreservesOld: codes 6 and 7.
  const std::uint64_t wanted[] = {0xabcdef76, 0xabcd7612, 0xab76ef12, 0x76cdef12};
  for (std::uint8_t s = 0; s < 4; ++s) {
    CHECK(number("v_cvt_scalef32_pk_fp4_f32", {four, 0x40c00000},
                 {.scale = static_cast<std::uint32_t>(one), .select = s}, 0xabcdef12) == wanted[s]);
  }
  // One byte in, one half out: byte 2 to the upper half.
  CHECK(number("v_cvt_scalef32_f16_fp8", {0x00380000},
               {.scale = static_cast<std::uint32_t>(one), .select = 4 + 2},
               0x11112222) == 0x3c002222);
  // FCVTN2 and FCVTNT keep the other elements, FCVTN and FCVTNB clear them.
  const auto x = packed({one, two, three, four}, 4);
  const auto got = whole("FCVTN", {x, x}, {.fpmr = 1U << 6});
  CHECK(got == packed({0x38, 0x40, 0x44, 0x48, 0x38, 0x40, 0x44, 0x48}, 1));
  const auto bottom = whole("FCVTNB", {x, x}, {.fpmr = 1U << 6});
  CHECK(bottom == packed({0x38, 0x38, 0x40, 0x40, 0x44, 0x44, 0x48, 0x48}, 2));
  std::vector<std::byte> top = packed(std::vector<std::uint64_t>(16, 0xaa), 1);
  const std::byte* const sources[] = {x.data(), x.data()};
  lowp::run_instruction(row("FCVTNT"), sources, top.data(), {.fpmr = 1U << 6});
  CHECK(top == packed({0x38aa, 0x38aa, 0x40aa, 0x40aa, 0x44aa, 0x44aa, 0x48aa, 0x48aa}, 2));
  // Odd places of twice as long vectors are the odd places; the upper half is the upper half.
  const auto bytes = packed({0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a,
                             0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45,
                             0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f},
                            1);
  const auto odd = whole("F1CVTLT", {bytes}, {.length = 2, .fpmr = 1});
  CHECK(lowp::source_bytes(row("F1CVTLT"), {.length = 2}) == 32);
  CHECK(odd[0] == std::byte{0x80});  // code 31: 9/16, 0x3880
  CHECK(odd[1] == std::byte{0x38});
  CHECK(odd[31] == std::byte{0x47});  // code 4f: 7.5
}

TEST_CASE("INS-3 order of the elements of several sources") {
  CHECK(number("cvt.rn.satfinite.e4m3x2.f32", {one, two}) == 0x3840);  // a in the upper byte
  CHECK(number("cvt.rn.f16x2.f32", {one, two}) == 0x3c004000);
  CHECK(number("cvt.rn.satfinite.e2m1x2.f32", {one, two}) == 0x24);
  CHECK(number("cvt.rn.satfinite.e4m3x2.f16x2", {0x3c004000}) ==
        0x3840);  // halves keep their places
  CHECK(number("cvt.rn.f16x2.e5m2x2", {0x3c40}) == 0x3c004000);
  CHECK(number("v_cvt_pk_fp8_f32 gfx1201", {one, two}) == 0x4038);  // source 0 in bits 7:0
  CHECK(number("v_cvt_pk_bf16_f32", {one, two}) == 0x40003f80);
  // x4: a, b, e, f from the top.
  CHECK(number("cvt.rs.satfinite.e4m3x4.f32", {one, two, three, four}) == 0x38404448);
  CHECK(number("cvt.rs.satfinite.e2m1x4.f32", {one, two, three, four}) == 0x2456);
  // The second source of AVX10.2 and of VCVTNE2PS2BF16 is the low half.
  const auto ones = packed(std::vector<std::uint64_t>(8, 0x3c00), 2);
  const auto twos = packed(std::vector<std::uint64_t>(8, 0x4000), 2);
  const auto bytes = whole("VCVT2PH2HF8", {ones, twos});
  CHECK(bytes == packed({0x4040404040404040, 0x3838383838383838}, 8));
  const auto pair = whole("VCVTNE2PS2BF16",
                          {packed({one, one, one, one}, 4), packed({two, two, three, four}, 4)});
  CHECK(pair == packed({0x4000, 0x4000, 0x4040, 0x4080, 0x3f80, 0x3f80, 0x3f80, 0x3f80}, 2));
  // SVE interleaves; 2xpk16 of CDNA4, too (ROCm/hip-fpsan, pack6_2xpk16); SME can split.
  const auto a = packed({one, two, three, four}, 4);
  const auto b = packed({four, three, two, one}, 4);
  CHECK(whole("FCVTNB", {a, b}, {.fpmr = 1U << 6}) ==
        packed({0x38, 0x48, 0x40, 0x44, 0x44, 0x40, 0x48, 0x38}, 2));
  std::vector<std::uint64_t> lo(16, one), hi(16, two);
  const auto six = whole("v_cvt_scalef32_2xpk16_fp6_f32", {packed(lo, 4), packed(hi, 4)},
                         {.scale = static_cast<std::uint32_t>(one)});
  // 001000 and 010000 from bit 0 on: 4 elements in 3 bytes.
  CHECK(packed({0x408408408408}, 6) == std::vector(six.begin(), six.begin() + 6));
  std::vector<std::uint64_t> halves(8, 0x3840);
  const auto split = whole("F1CVTL {Zd1.H-Zd2.H}, Zn.B", {packed(halves, 2)}, {.fpmr = 1});
  CHECK(std::vector(split.begin(), split.begin() + 16) ==
        packed(std::vector<std::uint64_t>(8, 0x4000), 2));
  CHECK(std::vector(split.begin() + 16, split.end()) ==
        packed(std::vector<std::uint64_t>(8, 0x3c00), 2));
}
