// SPDX-License-Identifier: Apache-2.0
// x86 AVX512-BF16: binary32 -> bfloat16.
#include "../cpu.hpp"
#include "../implementation.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

// The intrinsics' result type differs between compilers, so its bits are copied.
__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) void to_bfloat16(
    const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<char*>(out);
  for (std::size_t i = 0; i < n; i += 16) {
    const __m256bh x = _mm512_cvtneps_pbh(_mm512_load_ps(a + i));
    std::memcpy(r + 2 * i, &x, sizeof(x));
  }
}

}  // namespace

void add_avx512_bf16(catalogue& c) {
  if (!find_x86_features().avx512_bf16) {
    c.absent.push_back({"AVX512-BF16", "this processor does not have it"});
    return;
  }
  c.rows.push_back(
      {"AVX512-BF16", "vcvtneps2bf16", named_rule("avx512_bf16.vcvtneps2bf16"), to_bfloat16});
}

#else

void add_avx512_bf16(catalogue& c) { c.absent.push_back({"AVX512-BF16", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
