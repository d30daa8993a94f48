// SPDX-License-Identifier: Apache-2.0
/// \file
/// The dot products of this processor are recognised: VDPBF16PS, and VPDPBUSDS of VNNI.
#include <cstring>

#include "../../fuzz/cpu.hpp"
#include "golden/identify_mma_checks.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using namespace identify_mma;

#if defined(__x86_64__)

/// One register of 16 accumulators, a register of factors each of which is 32 bits a lane.
struct registers {
  alignas(64) std::uint32_t a[16] = {}, b[16] = {}, c[16] = {};
};

__attribute__((target("avx512f"))) void vdpbf16ps(registers& r) {
  register __m512i d __asm__("zmm0") = _mm512_load_si512(r.c);
  register __m512i x __asm__("zmm1") = _mm512_load_si512(r.a);
  register __m512i y __asm__("zmm2") = _mm512_load_si512(r.b);
  __asm__ volatile("vdpbf16ps %2, %1, %0" : "+v"(d) : "v"(x), "v"(y));
  _mm512_store_si512(r.c, d);
}
__attribute__((target("avx512f"))) void vpdpbusds(registers& r) {
  register __m512i d __asm__("zmm0") = _mm512_load_si512(r.c);
  register __m512i x __asm__("zmm1") = _mm512_load_si512(r.a);
  register __m512i y __asm__("zmm2") = _mm512_load_si512(r.b);
  __asm__ volatile("vpdpbusds %2, %1, %0" : "+v"(d) : "v"(x), "v"(y));
  _mm512_store_si512(r.c, d);
}

/// Sixteen cases at a time; factors of `bits` bits.
black_box machine(void (*run)(registers&), int bits) {
  return [=](std::span<const code_t> in, std::span<code_t> out) {
    const auto k = static_cast<std::size_t>(32 / bits);
    for (std::size_t first = 0; first < out.size(); first += 16) {
      registers r;
      const std::size_t n = std::min<std::size_t>(16, out.size() - first);
      for (std::size_t lane = 0; lane < n; ++lane) {
        const code_t* const x = in.data() + (first + lane) * (2 * k + 1);
        for (std::size_t i = 0; i < k; ++i) {
          r.a[lane] |= static_cast<std::uint32_t>(x[i]) << (i * static_cast<unsigned>(bits));
          r.b[lane] |= static_cast<std::uint32_t>(x[k + i]) << (i * static_cast<unsigned>(bits));
        }
        r.c[lane] = static_cast<std::uint32_t>(x[2 * k]);
      }
      run(r);
      for (std::size_t lane = 0; lane < n; ++lane) out[first + lane] = r.c[lane];
    }
  };
}

void check_machine(const char* name, const black_box& box) {
  const mma_model m = find_mma_model(name)->value;
  const identified_mma found = identify(question_of(m), box);
  INFO(std::string(name), ": ", all(found.words), " expected", text(normal_form(m)), " found",
       text(normal_form(found.guess.model)));
  CHECK(found.supporting == found.cases);
  CHECK(std::find(found.names.begin(), found.names.end(), name) != found.names.end());
}

#endif

}  // namespace

TEST_CASE("MMA-17 identify recognises VDPBF16PS of this processor") {
#if defined(__x86_64__)
  if (lowp::tool::find_x86_features().avx512_bf16) {
    check_machine("avx512_bf16.vdpbf16ps", machine(vdpbf16ps, 16));
    return;
  }
#endif
  MESSAGE("this processor has no AVX512-BF16, nothing run");
}

TEST_CASE("MMA-17 identify recognises VPDPBUSDS of this processor") {
#if defined(__x86_64__)
  if (lowp::tool::find_x86_features().avx512_vnni) {
    check_machine("avx512_vnni.vpdpbusds", machine(vpdpbusds, 8));
    return;
  }
#endif
  MESSAGE("this processor has no AVX512-VNNI, nothing run");
}
