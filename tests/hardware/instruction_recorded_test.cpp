// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion instructions: recorded results as whole registers, and this machine's own
/// instructions.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_instructions.hpp>

#include "../../fuzz/cpu.hpp"
#include "registers.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using lowp::conversion_instruction;
using lowp::instruction_state;
using registers::packed;
using registers::row;
using registers::whole;

/// A column of recorded results, and the instruction in a state that gives them.
struct recording {
  const char* column;
  const char* instruction;
  instruction_state state = {};
};
constexpr recording recordings[] = {
    {"cuda_e4m3_sat", "cvt.rn.satfinite.e4m3x2.f32"},
    {"cuda_e5m2_sat", "cvt.rn.satfinite.e5m2x2.f32"},
    {"cuda_e2m3_rn", "cvt.rn.satfinite.e2m3x2.f32"},
    {"cuda_e3m2_rn", "cvt.rn.satfinite.e3m2x2.f32"},
    {"cuda_e2m1_rn", "cvt.rn.satfinite.e2m1x2.f32"},
    {"cuda_e8m0_rz_sat", "cvt.rz.satfinite.ue8m0x2.f32"},
    {"cuda_e8m0_rz_nosat", "cvt.rz.ue8m0x2.f32"},
    {"cuda_e8m0_rp_sat", "cvt.rp.satfinite.ue8m0x2.f32"},
    {"cuda_e8m0_rp_nosat", "cvt.rp.ue8m0x2.f32"},
    {"cuda_f16_rn", "cvt.rn.f16x2.f32"},
    {"cuda_f16_rz", "cvt.rz.f16x2.f32"},
    {"cuda_f16_rd", "cvt.rm.f16.f32"},
    {"cuda_f16_ru", "cvt.rp.f16.f32"},
    {"cuda_bf16_rn", "cvt.rn.bf16x2.f32"},
    {"cuda_bf16_rz", "cvt.rz.bf16x2.f32"},
    {"cuda_bf16_rd", "cvt.rm.bf16.f32"},
    {"cuda_bf16_ru", "cvt.rp.bf16.f32"},
    {"spike_e4m3_nosat", "vfncvt.f.f.q"},
    {"spike_e4m3_sat", "vfncvt.sat.f.f.q"},
    {"spike_e5m2_nosat", "vfncvt.f.f.q", {.altfmt = true}},
    {"spike_e5m2_sat", "vfncvt.sat.f.f.q", {.altfmt = true}},
    {"spike_bf16", "vfncvtbf16.f.f.w SEW=16"},
    {"x86_vcvtneps2bf16", "VCVTNEPS2BF16"},
    {"x86_vcvtneps2bf16", "VCVTNE2PS2BF16"},
    {"x86_vcvtps2ph_rn", "VCVTPS2PH", {.immediate = 0}},
    {"x86_vcvtps2phx_rn", "VCVTPS2PHX"},
    {"hipocp_e2m1", "__amd_cvt_floatx2_to_fp4x2_scale"},
    {"hipocp_e2m3", "__amd_cvt_floatx32_to_fp6x32_scale E2M3"},
    {"hipocp_e3m2", "__amd_cvt_floatx32_to_fp6x32_scale E3M2"},
    {"hipocp_e4m3_sat", "__amd_cvt_floatx2_to_fp8x2_scale E4M3 sat"},
    {"hipocp_e4m3_nosat", "__amd_cvt_floatx2_to_fp8x2_scale E4M3 nosat"},
    {"hipocp_e5m2_sat", "__amd_cvt_floatx2_to_fp8x2_scale E5M2 sat"},
    {"hipocp_e5m2_nosat", "__amd_cvt_floatx2_to_fp8x2_scale E5M2 nosat"},
    {"rdna4_fp8_nosat", "v_cvt_pk_fp8_f32 gfx1201"},
    {"rdna4_fp8_sat", "v_cvt_pk_fp8_f32 gfx1201", {.fp16_ovfl = true}},
    {"rdna4_bf8_nosat", "v_cvt_pk_bf8_f32 gfx1201"},
    {"rdna4_bf8_sat", "v_cvt_pk_bf8_f32 gfx1201", {.fp16_ovfl = true}},
};

std::vector<std::vector<std::string>> cells(const std::string& file) {
  std::ifstream in(std::string(LOWP_SHARED_DIR) + "/vectors/cvt/" + file);
  if (!in.good()) {
    MESSAGE("not found, the subset in tests/data instead: ", file);
    in = std::ifstream(std::string(LOWP_SOURCE_DIR) + "/tests/data/" + file);
  }
  std::vector<std::vector<std::string>> all;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind('#', 0) == 0) continue;
    std::istringstream words_of(line);
    all.emplace_back();
    for (std::string cell; std::getline(words_of, cell, ',');) all.back().push_back(cell);
  }
  return all;
}

/// Fills the sources with consecutive inputs, and compares each element of the result.
int compare(const recording& r, const std::vector<std::uint64_t>& x,
            const std::vector<std::uint64_t>& y) {
  const conversion_instruction& i = row(r.instruction);
  const int sources = i.sources, each = i.source.elements;
  int wrong = 0;
  for (std::size_t at = 0; at < x.size(); at += static_cast<std::size_t>(sources * each)) {
    const auto index = [&](int s, int e) {
      return (at + static_cast<std::size_t>(s * each + e)) % x.size();
    };
    std::vector<std::vector<std::byte>> in;
    for (int s = 0; s < sources; ++s) {
      std::vector<std::uint64_t> elements;
      for (int e = 0; e < each; ++e) elements.push_back(x[index(s, e)]);
      in.push_back(packed(elements, 4));
    }
    const std::vector<std::byte> out = whole(r.instruction, in, r.state);
    const auto first_high = i.order == lowp::source_order::first_high;
    const lowp::array_layout layout = {lowp::format{.width = i.result.slot},
                                       {.slot = i.result.slot}};
    for (int s = 0; s < sources; ++s) {
      for (int e = 0; e < each; ++e) {
        const int place = (first_high ? sources - 1 - s : s) * each + e;
        const auto got = lowp::read_code(layout, out.data(), static_cast<unsigned>(place));
        wrong += got != y[index(s, e)] ? 1 : 0;
      }
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE("INS-1 recorded results of real implementations, as registers") {
  std::set<std::string> left;
  for (const recording& r : recordings) left.insert(r.column);
  for (const char* file : {"f32_conversions.csv", "f32_conversions_amd_torch.csv"}) {
    const auto rows = cells(file);
    REQUIRE(rows.size() > 100);
    for (const recording& r : recordings) {
      const auto& header = rows[0];
      const auto found = std::find(header.begin(), header.end(), r.column);
      if (found == header.end()) continue;
      left.erase(r.column);
      const auto column = static_cast<std::size_t>(found - header.begin());
      std::vector<std::uint64_t> x, y;
      for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i][column] == "UB") continue;
        x.push_back(std::stoull(rows[i][0], nullptr, 16));
        y.push_back(std::stoull(rows[i][column], nullptr, 16));
      }
      CAPTURE(std::string(r.instruction));
      CHECK(compare(r, x, y) == 0);
    }
  }
  CHECK(left.empty());
}

#if defined(__x86_64__)

namespace {

/// MXCSR with these bits for the time of a scope.
class control {
 public:
  explicit control(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(bits); }
  ~control() { _mm_setcsr(before_); }
  control(const control&) = delete;
  control& operator=(const control&) = delete;

 private:
  unsigned before_;
};

using register_128 = std::array<std::uint32_t, 4>;

template <int Immediate>
__attribute__((target("f16c"))) void to_half(const register_128& x, std::uint64_t& y) {
  const __m128 a = _mm_loadu_ps(reinterpret_cast<const float*>(x.data()));
  y = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_cvtps_ph(a, Immediate)));
}

__attribute__((target("f16c"))) void from_half(std::uint64_t x, register_128& y) {
  const __m128 a = _mm_cvtph_ps(_mm_cvtsi64_si128(static_cast<long long>(x)));
  _mm_storeu_ps(reinterpret_cast<float*>(y.data()), a);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) void two_to_bf16(
    const register_128& a, const register_128& b, register_128& y) {
  const __m128bh r = _mm_cvtne2ps_pbh(_mm_loadu_ps(reinterpret_cast<const float*>(a.data())),
                                      _mm_loadu_ps(reinterpret_cast<const float*>(b.data())));
  std::memcpy(y.data(), &r, sizeof y);
}

using register_512 = std::array<std::uint32_t, 16>;

__attribute__((target("avx512f,avx512bw,avx512bf16"))) void two_to_bf16(const register_512& a,
                                                                        const register_512& b,
                                                                        register_512& y) {
  const __m512bh r = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(a.data()), _mm512_loadu_ps(b.data()));
  std::memcpy(y.data(), &r, sizeof y);
}

std::vector<std::byte> raw(const register_512& x) {
  return packed(std::vector<std::uint64_t>(x.begin(), x.end()), 4);
}

std::vector<std::byte> raw(const register_128& x) { return packed({x[0], x[1], x[2], x[3]}, 4); }

template <class Register>
Register any(std::mt19937& random) {
  Register x;
  for (std::uint32_t& v : x) {
    v = static_cast<std::uint32_t>(random());
    if (random() % 4 == 0) v &= 0x807fffff;                    // subnormal
    if (random() % 2 == 0) v = (v & 0x81ffffff) + 0x38000000;  // within binary16
  }
  return x;
}

template <int Immediate>
int wrong_halves(unsigned mxcsr, std::mt19937& random) {
  int wrong = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto x = any<register_128>(random);
    std::uint64_t y = 0;
    {
      const control c(mxcsr);
      to_half<Immediate>(x, y);
    }
    wrong +=
        whole("VCVTPS2PH", {raw(x)}, {.immediate = Immediate, .mxcsr = mxcsr}) != packed({y}, 8);
  }
  return wrong;
}

}  // namespace

TEST_CASE("INS-4 INS-8 F16C of this machine: imm8, MXCSR.RC, DAZ, FTZ") {
  if (!lowp::tool::find_x86_features().f16c) {
    MESSAGE("this machine has no F16C");
    return;
  }
  std::mt19937 random(5);
  for (const unsigned bits : {0u, 0x40u, 0x8000u, 0x2000u, 0x4040u, 0x6000u}) {
    CAPTURE(bits);
    CHECK(wrong_halves<0>(0x1f80 | bits, random) == 0);
    CHECK(wrong_halves<1>(0x1f80 | bits, random) == 0);
    CHECK(wrong_halves<2>(0x1f80 | bits, random) == 0);
    CHECK(wrong_halves<3>(0x1f80 | bits, random) == 0);
    CHECK(wrong_halves<4>(0x1f80 | bits, random) == 0);
    int wrong = 0;
    for (std::uint64_t x = 0; x < 65536; x += 4) {
      const std::uint64_t four_codes = x | (x + 1) << 16 | (x + 2) << 32 | (x + 3) << 48;
      register_128 y{};
      {
        const control c(0x1f80 | bits);
        from_half(four_codes, y);
      }
      wrong += whole("VCVTPH2PS", {packed({four_codes}, 8)}, {.mxcsr = 0x1f80 | bits}) != raw(y);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("INS-3 VCVTNE2PS2BF16 of this machine") {
  if (!lowp::tool::find_x86_features().avx512_bf16) {
    MESSAGE("this machine has no AVX512-BF16");
    return;
  }
  std::mt19937 random(6);
  int wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto a = any<register_128>(random), b = any<register_128>(random);
    register_128 y{};
    two_to_bf16(a, b, y);
    wrong += whole("VCVTNE2PS2BF16", {raw(a), raw(b)}) != raw(y);
    // The halves are those of the whole register, not of each 128 bits.
    const auto c = any<register_512>(random), d = any<register_512>(random);
    register_512 z{};
    two_to_bf16(c, d, z);
    wrong += whole("VCVTNE2PS2BF16", {raw(c), raw(d)}, {.length = 4}) != raw(z);
  }
  CHECK(wrong == 0);
}
#endif
