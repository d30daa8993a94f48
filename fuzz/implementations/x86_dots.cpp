// SPDX-License-Identifier: Apache-2.0
// Dot products in the registers of x86: AVX512-BF16, AVX512-VNNI, AVX-VNNI, AVX-VNNI-INT8 and
// -INT16, AVX10.2. Instructions that assemblers may not know are written as bytes.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "x86_state.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

// Control bits that must not matter, another choice for each batch: directions of rounding, DAZ,
// FTZ.
unsigned some_control(const void* const* in) {
  constexpr unsigned choices[] = {
      0,        x86_flush | x86_daz, 0x2000, 0x4000, 0x6000 | x86_daz, 0x6000 | x86_flush, x86_daz,
      x86_flush};
  return choices[detail::load<std::uint8_t>(in[2], 4) % 8];
}

// An instruction of 16 dwords: `Text` has %0 += %1 %2.
#define LOWP_DOT_512(NAME, TEXT)                                                                  \
  __attribute__((target("avx512f"))) void NAME(const void* const* in, void* out, std::size_t n) { \
    const x86_state state(some_control(in));                                                      \
    const auto* a = static_cast<const char*>(in[0]);                                              \
    const auto* b = static_cast<const char*>(in[1]);                                              \
    const auto* c = static_cast<const char*>(in[2]);                                              \
    for (std::size_t i = 0; i < 4 * n; i += 64) {                                                 \
      register __m512i d __asm__("zmm0") = _mm512_load_si512(c + i);                              \
      register __m512i x __asm__("zmm1") = _mm512_load_si512(a + i);                              \
      register __m512i y __asm__("zmm2") = _mm512_load_si512(b + i);                              \
      __asm__ volatile(TEXT : "+v"(d) : "v"(x), "v"(y));                                          \
      _mm512_store_si512(static_cast<char*>(out) + i, d);                                         \
    }                                                                                             \
  }

LOWP_DOT_512(vdpbf16ps, "vdpbf16ps %2, %1, %0")
LOWP_DOT_512(vpdpbusd, "vpdpbusd %2, %1, %0")
LOWP_DOT_512(vpdpbusds, "vpdpbusds %2, %1, %0")
LOWP_DOT_512(vpdpwssd, "vpdpwssd %2, %1, %0")
LOWP_DOT_512(vpdpwssds, "vpdpwssds %2, %1, %0")
// EVEX.512.NP.0F38.W0 52: zmm0 += zmm1 zmm2.
LOWP_DOT_512(vdpphps, ".byte 0x62, 0xf2, 0x74, 0x48, 0x52, 0xc2")

#undef LOWP_DOT_512

// The prefixes of VEX.256.*.0F38.W0 with a second register of 1.
enum vex : int { none = 0x74, p66 = 0x75, pf3 = 0x76, pf2 = 0x77 };

// ymm0 += ymm1 ymm2, 8 dwords.
template <int Prefix, int Opcode>
__attribute__((target("avx2"))) void vex_dot(const void* const* in, void* out, std::size_t n) {
  const x86_state state(some_control(in));
  const auto* a = static_cast<const char*>(in[0]);
  const auto* b = static_cast<const char*>(in[1]);
  const auto* c = static_cast<const char*>(in[2]);
  for (std::size_t i = 0; i < 4 * n; i += 32) {
    register __m256i d __asm__("ymm0") = _mm256_load_si256(reinterpret_cast<const __m256i*>(c + i));
    register __m256i x __asm__("ymm1") = _mm256_load_si256(reinterpret_cast<const __m256i*>(a + i));
    register __m256i y __asm__("ymm2") = _mm256_load_si256(reinterpret_cast<const __m256i*>(b + i));
    __asm__ volatile(".byte 0xc4, 0xe2, %c3, %c4, 0xc2"
                     : "+x"(d)
                     : "x"(x), "x"(y), "i"(Prefix), "i"(Opcode));
    _mm256_store_si256(reinterpret_cast<__m256i*>(static_cast<char*>(out) + i), d);
  }
}

}  // namespace

void add_x86_dots(catalogue& c) {
  const x86_features has = find_x86_features();
  const auto add = [&](const char* family, const char* model, batch_function run) {
    const dot_model m = named_dot(model);
    c.rows.push_back({family, m.name.substr(m.name.find('.') + 1), m, run});
  };
  const auto family = [&](const char* name, bool here) {
    if (!here) c.absent.push_back({name, "this processor does not have it"});
    return here;
  };
  if (has.avx512_bf16) add("AVX512-BF16", "avx512_bf16.vdpbf16ps", vdpbf16ps);
  if (family("AVX512-VNNI", has.avx512_vnni)) {
    add("AVX512-VNNI", "avx512_vnni.vpdpbusd", vpdpbusd);
    add("AVX512-VNNI", "avx512_vnni.vpdpbusds", vpdpbusds);
    add("AVX512-VNNI", "avx512_vnni.vpdpwssd", vpdpwssd);
    add("AVX512-VNNI", "avx512_vnni.vpdpwssds", vpdpwssds);
  }
  if (family("AVX-VNNI", has.avx_vnni)) {
    add("AVX-VNNI", "avx512_vnni.vpdpbusd", vex_dot<p66, 0x50>);
    add("AVX-VNNI", "avx512_vnni.vpdpbusds", vex_dot<p66, 0x51>);
    add("AVX-VNNI", "avx512_vnni.vpdpwssd", vex_dot<p66, 0x52>);
    add("AVX-VNNI", "avx512_vnni.vpdpwssds", vex_dot<p66, 0x53>);
  }
  if (family("AVX-VNNI-INT8", has.avx_vnni_int8)) {
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbssd", vex_dot<pf2, 0x50>);
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbssds", vex_dot<pf2, 0x51>);
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbsud", vex_dot<pf3, 0x50>);
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbsuds", vex_dot<pf3, 0x51>);
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbuud", vex_dot<none, 0x50>);
    add("AVX-VNNI-INT8", "avx_vnni_int8.vpdpbuuds", vex_dot<none, 0x51>);
  }
  if (family("AVX-VNNI-INT16", has.avx_vnni_int16)) {
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwsud", vex_dot<pf3, 0xd2>);
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwsuds", vex_dot<pf3, 0xd3>);
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwusd", vex_dot<p66, 0xd2>);
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwusds", vex_dot<p66, 0xd3>);
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwuud", vex_dot<none, 0xd2>);
    add("AVX-VNNI-INT16", "avx_vnni_int16.vpdpwuuds", vex_dot<none, 0xd3>);
  }
  if (family("AVX10.2", has.avx10_2)) add("AVX10.2", "avx10.vdpphps", vdpphps);
}

#else

void add_x86_dots(catalogue& c) {
  c.absent.push_back({"AVX512-VNNI, AVX-VNNI and AVX10.2", "only on x86-64"});
}

#endif

}  // namespace lowp::tool
