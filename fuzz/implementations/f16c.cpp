// SPDX-License-Identifier: Apache-2.0
// x86 F16C: binary32 <-> binary16, with flags.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "x86_state.hpp"

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

template <int Rounding>
void to_half_flags(const void* const* in, void* out, std::size_t n) {
  const x86_state state(0);
  for (std::size_t i = 0; i < n; ++i) {
    const __m128 a = _mm_set1_ps(detail::load<float>(in[0], i));
    __m128i x;
    _mm_setcsr(x86_all_masked);
    __asm__ volatile("vcvtps2ph %2, %1, %0" : "=x"(x) : "x"(a), "i"(Rounding));
    detail::store(out, i, x86_flags(_mm_getcsr()));
  }
}

void from_half_flags(const void* const* in, void* out, std::size_t n) {
  const x86_state state(0);
  for (std::size_t i = 0; i < n; ++i) {
    const __m128i a = _mm_set1_epi16(detail::load<std::int16_t>(in[0], i));
    __m128 x;
    _mm_setcsr(x86_all_masked);
    __asm__ volatile("vcvtph2ps %1, %0" : "=x"(x) : "x"(a));
    detail::store(out, i, x86_flags(_mm_getcsr()));
  }
}

void add_flags(catalogue& c, const char* function, const format& from, const format& to,
               const projection& last, batch_function run) {
  arithmetic_model m = arithmetic_in(from, operation::copy, "Intel SDM volume 1, 14.4", last,
                                     nan_result::first_operand);
  m.to = to;
  m.flags = ieee_flags;
  c.rows.push_back({"F16C", function, m, run});
}

template <int Rounding>
void add_narrowing(catalogue& c, const char* function, const char* rule) {
  c.rows.push_back({"F16C", function, named_rule(rule), to_half<Rounding>});
  add_flags(c, function, formats::binary32, formats::binary16, named_rule(rule).last,
            to_half_flags<Rounding>);
}

}  // namespace

void add_f16c(catalogue& c) {
  if (!find_x86_features().f16c) {
    c.absent.push_back({"F16C", "this processor does not have it"});
    return;
  }
  add_narrowing<0>(c, "vcvtps2ph imm 0", "f16c.vcvtps2ph.rn");
  add_narrowing<1>(c, "vcvtps2ph imm 1", "f16c.vcvtps2ph.rd");
  add_narrowing<2>(c, "vcvtps2ph imm 2", "f16c.vcvtps2ph.ru");
  add_narrowing<3>(c, "vcvtps2ph imm 3", "f16c.vcvtps2ph.rz");
  const conversion_rule widening = named_rule("f16c.vcvtph2ps");
  c.rows.push_back({"F16C", "vcvtph2ps", widening, from_half});
  add_flags(c, "vcvtph2ps", formats::binary16, formats::binary32, widening.last, from_half_flags);
}

#else

void add_f16c(catalogue& c) { c.absent.push_back({"F16C", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
