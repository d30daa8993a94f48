// SPDX-License-Identifier: Apache-2.0
// x86 SSE2: conversions between binary64, binary32 and int32, what every x86-64 has, with flags.
#include "../implementation.hpp"
#include "known.hpp"
#include "x86_state.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

template <rounding Round>
void narrow(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const double*>(in[0]);
  auto* r = static_cast<float*>(out);
  const x86_state state(x86_rounding(Round));
  for (std::size_t i = 0; i < n; i += 2) {
    __m128 x;
    // Not an intrinsic: the compiler may move those out of the region with the other mode.
    __asm__ volatile("cvtpd2ps %1, %0" : "=x"(x) : "x"(_mm_load_pd(a + i)));
    _mm_storel_pi(reinterpret_cast<__m64*>(r + i), x);
  }
}

template <rounding Round>
void narrow_flags(const void* const* in, void* out, std::size_t n) {
  const x86_state state(0);
  for (std::size_t i = 0; i < n; ++i) {
    __m128 x;
    const __m128d a = _mm_set1_pd(detail::load<double>(in[0], i));
    _mm_setcsr(x86_all_masked | x86_rounding(Round));
    __asm__ volatile("cvtpd2ps %1, %0" : "=x"(x) : "x"(a));
    detail::store(out, i, x86_flags(_mm_getcsr()));
  }
}

template <rounding Round, bool Truncate>
void float_to_int32(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<__m128i*>(out);
  const x86_state state(x86_rounding(Round));
  for (std::size_t i = 0; i < n; i += 4) {
    __m128i x;
    if constexpr (Truncate) {
      __asm__ volatile("cvttps2dq %1, %0" : "=x"(x) : "x"(_mm_load_ps(a + i)));
    } else {
      __asm__ volatile("cvtps2dq %1, %0" : "=x"(x) : "x"(_mm_load_ps(a + i)));
    }
    _mm_store_si128(r + i / 4, x);
  }
}

template <rounding Round, bool Truncate>
void double_to_int32(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const double*>(in[0]);
  auto* r = static_cast<std::int32_t*>(out);
  const x86_state state(x86_rounding(Round));
  for (std::size_t i = 0; i < n; i += 2) {
    __m128i x;
    if constexpr (Truncate) {
      __asm__ volatile("cvttpd2dq %1, %0" : "=x"(x) : "x"(_mm_load_pd(a + i)));
    } else {
      __asm__ volatile("cvtpd2dq %1, %0" : "=x"(x) : "x"(_mm_load_pd(a + i)));
    }
    _mm_storel_epi64(reinterpret_cast<__m128i*>(r + i), x);
  }
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

template <rounding Round>
void add_narrowing(catalogue& c, const char* function) {
  using namespace formats;
  c.rows.push_back(
      {"SSE2", function, ieee_rule("Intel SDM", binary64, binary32, Round), narrow<Round>});
  arithmetic_model m = arithmetic_in(binary64, operation::copy, "Intel SDM", policies::ieee754,
                                     nan_result::first_operand);
  m.to = binary32;
  m.last.round = Round;
  m.flags = ieee_flags;
  c.rows.push_back({"SSE2", function, m, narrow_flags<Round>});
}

template <rounding Round, bool Truncate>
void add_to_integer(catalogue& c, const char* suffix) {
  using namespace formats;
  const std::string stem = Truncate ? "cvtt" : "cvt";
  const auto add = [&](const char* mnemonic, const format& from, batch_function run,
                       const known_difference& known) {
    conversion_rule rule = ieee_rule("Intel SDM", from, formats::int32, Round);
    rule.last = {.round = Round, .overflow = saturate, .nan = nan_rule::zero};
    c.rows.push_back({"SSE2", stem + mnemonic + suffix, rule, run, {known}});
  };
  add("ps2dq", binary32, float_to_int32<Round, Truncate>,
      integer_indefinite<binary32, 32, true, Round>);
  add("pd2dq", binary64, double_to_int32<Round, Truncate>,
      integer_indefinite<binary64, 32, true, Round>);
}

}  // namespace

void add_sse(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, rounding round, format from, format to,
                       batch_function run) {
    c.rows.push_back({"SSE2", function, ieee_rule("Intel SDM", from, to, round), run});
  };
  add_narrowing<to_nearest_even>(c, "cvtpd2ps rn");
  add_narrowing<toward_negative>(c, "cvtpd2ps rd");
  add_narrowing<toward_positive>(c, "cvtpd2ps ru");
  add_narrowing<toward_zero>(c, "cvtpd2ps rz");
  add("cvtps2pd", to_nearest_even, binary32, binary64, widen);
  add("cvtdq2ps", to_nearest_even, formats::int32, binary32, from_int32);
  add_to_integer<to_nearest_even, false>(c, " rn");
  add_to_integer<toward_negative, false>(c, " rd");
  add_to_integer<toward_positive, false>(c, " ru");
  add_to_integer<toward_zero, false>(c, " rz");
  add_to_integer<toward_zero, true>(c, "");
}

#else

void add_sse(catalogue& c) { c.absent.push_back({"SSE2", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
