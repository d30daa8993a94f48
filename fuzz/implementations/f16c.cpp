// SPDX-License-Identifier: Apache-2.0
// x86 F16C: binary32 <-> binary16.
#include "../cpu.hpp"
#include "../implementation.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

template <int Rounding>
__attribute__((target("avx,f16c"))) void to_half(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<__m128i*>(out);
  for (std::size_t i = 0; i < n; i += 8) {
    _mm_store_si128(r + i / 8, _mm256_cvtps_ph(_mm256_load_ps(a + i), Rounding));
  }
}

__attribute__((target("avx,f16c"))) void from_half(const void* const* in, void* out,
                                                   std::size_t n) {
  const auto* a = static_cast<const __m128i*>(in[0]);
  auto* r = static_cast<float*>(out);
  for (std::size_t i = 0; i < n; i += 8) {
    _mm256_store_ps(r + i, _mm256_cvtph_ps(_mm_load_si128(a + i / 8)));
  }
}

}  // namespace

void add_f16c(catalogue& c) {
  if (!find_x86_features().f16c) {
    c.absent.push_back({"F16C", "this processor does not have it"});
    return;
  }
  const auto add = [&](const char* function, const char* rule, batch_function run) {
    c.rows.push_back({"F16C", function, named_rule(rule), run});
  };
  add("vcvtps2ph imm 0", "f16c.vcvtps2ph.rn", to_half<0>);
  add("vcvtps2ph imm 1", "f16c.vcvtps2ph.rd", to_half<1>);
  add("vcvtps2ph imm 2", "f16c.vcvtps2ph.ru", to_half<2>);
  add("vcvtps2ph imm 3", "f16c.vcvtps2ph.rz", to_half<3>);
  add("vcvtph2ps", "f16c.vcvtph2ps", from_half);
}

#else

void add_f16c(catalogue& c) { c.absent.push_back({"F16C", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
