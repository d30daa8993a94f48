// SPDX-License-Identifier: Apache-2.0
// x86 SSE2: binary64 <-> binary32 and integers -> binary32, what every x86-64 has.
#include "../implementation.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

// The rounding mode is MXCSR's; this thread's is put back afterwards.
template <unsigned Mode>
void narrow(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const double*>(in[0]);
  auto* r = static_cast<float*>(out);
  const unsigned before = _mm_getcsr();
  _mm_setcsr((before & ~unsigned{_MM_ROUND_MASK}) | Mode);
  for (std::size_t i = 0; i < n; i += 2) {
    __m128 x;
    // Not an intrinsic: the compiler may move those out of the region with the other mode.
    __asm__ volatile("cvtpd2ps %1, %0" : "=x"(x) : "x"(_mm_load_pd(a + i)));
    _mm_storel_pi(reinterpret_cast<__m64*>(r + i), x);
  }
  _mm_setcsr(before);
}

void widen(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<double*>(out);
  for (std::size_t i = 0; i < n; i += 4) {
    const __m128 x = _mm_load_ps(a + i);
    _mm_store_pd(r + i, _mm_cvtps_pd(x));
    _mm_store_pd(r + i + 2, _mm_cvtps_pd(_mm_movehl_ps(x, x)));
  }
}

void from_int32(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::int32_t*>(in[0]);
  auto* r = static_cast<float*>(out);
  for (std::size_t i = 0; i < n; i += 4) {
    _mm_store_ps(r + i, _mm_cvtepi32_ps(_mm_load_si128(reinterpret_cast<const __m128i*>(a + i))));
  }
}

}  // namespace

void add_sse(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, rounding round, format from, format to,
                       batch_function run) {
    c.rows.push_back({"SSE2", function, ieee_rule("Intel SDM", from, to, round), run});
  };
  add("cvtpd2ps rn", to_nearest_even, binary64, binary32, narrow<_MM_ROUND_NEAREST>);
  add("cvtpd2ps rd", toward_negative, binary64, binary32, narrow<_MM_ROUND_DOWN>);
  add("cvtpd2ps ru", toward_positive, binary64, binary32, narrow<_MM_ROUND_UP>);
  add("cvtpd2ps rz", toward_zero, binary64, binary32, narrow<_MM_ROUND_TOWARD_ZERO>);
  add("cvtps2pd", to_nearest_even, binary32, binary64, widen);
  add("cvtdq2ps", to_nearest_even, formats::int32, binary32, from_int32);
}

#else

void add_sse(catalogue& c) { c.absent.push_back({"SSE2", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
