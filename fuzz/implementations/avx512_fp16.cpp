// SPDX-License-Identifier: Apache-2.0
// x86 AVX512-FP16: conversions and arithmetic of binary16; fused multiply-adds: x86_fma.cpp.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "known.hpp"

// Both compilers know the extension since g++ 12 and clang 14.
#if defined(__x86_64__) && (defined(__clang__) || __GNUC__ >= 12)
#define LOWP_HAVE_AVX512_FP16
#include <immintrin.h>
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_AVX512_FP16)

// The program itself runs everywhere: only these functions use the extension.
#define LOWP_FP16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512fp16")))

namespace {

constexpr const char* sdm = "Intel SDM, AVX512-FP16; NaN rules: volume 1, 4.8.3.5";

template <int Rounding>
LOWP_FP16 void from_float(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const float*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 16) {
    const __m256h x = _mm512_cvtx_roundps_ph(_mm512_load_ps(a + i), Rounding | _MM_FROUND_NO_EXC);
    _mm256_store_ph(r + i, x);
  }
}

LOWP_FP16 void to_float(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<float*>(out);
  for (std::size_t i = 0; i < n; i += 16) {
    _mm512_store_ps(r + i, _mm512_cvtxph_ps(_mm256_load_ph(a + i)));
  }
}

LOWP_FP16 void from_double(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const double*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 8) {
    _mm_store_ph(r + i, _mm512_cvtpd_ph(_mm512_load_pd(a + i)));
  }
}

LOWP_FP16 void to_double(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<double*>(out);
  for (std::size_t i = 0; i < n; i += 8) {
    _mm512_store_pd(r + i, _mm512_cvtph_pd(_mm_load_ph(a + i)));
  }
}

template <bool Signed>
LOWP_FP16 void from_int16(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512i x = _mm512_load_si512(a + i);
    _mm512_store_ph(r + i, Signed ? _mm512_cvtepi16_ph(x) : _mm512_cvtepu16_ph(x));
  }
}

template <bool Signed>
LOWP_FP16 void from_int32(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint32_t*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 16) {
    const __m512i x = _mm512_load_si512(a + i);
    _mm256_store_ph(r + i, Signed ? _mm512_cvtepi32_ph(x) : _mm512_cvtepu32_ph(x));
  }
}

template <bool Signed, bool Truncate>
LOWP_FP16 void to_int16(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 32) {
    const __m512h x = _mm512_load_ph(a + i);
    __m512i y;
    if constexpr (Signed) {
      y = Truncate ? _mm512_cvttph_epi16(x) : _mm512_cvtph_epi16(x);
    } else {
      y = Truncate ? _mm512_cvttph_epu16(x) : _mm512_cvtph_epu16(x);
    }
    _mm512_store_si512(r + i, y);
  }
}

template <bool Signed, bool Truncate>
LOWP_FP16 void to_int32(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  auto* r = static_cast<std::uint32_t*>(out);
  for (std::size_t i = 0; i < n; i += 16) {
    const __m256h x = _mm256_load_ph(a + i);
    __m512i y;
    if constexpr (Signed) {
      y = Truncate ? _mm512_cvttph_epi32(x) : _mm512_cvtph_epi32(x);
    } else {
      y = Truncate ? _mm512_cvttph_epu32(x) : _mm512_cvtph_epu32(x);
    }
    _mm512_store_si512(r + i, y);
  }
}

template <operation Op>
LOWP_FP16 void arithmetic(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const std::uint16_t*>(in[0]);
  const auto* b = static_cast<const std::uint16_t*>(in[operand_count(Op) > 1 ? 1 : 0]);
  auto* r = static_cast<std::uint16_t*>(out);
  for (std::size_t i = 0; i < n; i += 32) {
    __m512h x = _mm512_load_ph(a + i);
    const __m512h y = _mm512_load_ph(b + i);
    if constexpr (Op == operation::add) x = _mm512_add_ph(x, y);
    if constexpr (Op == operation::subtract) x = _mm512_sub_ph(x, y);
    if constexpr (Op == operation::multiply) x = _mm512_mul_ph(x, y);
    if constexpr (Op == operation::divide) x = _mm512_div_ph(x, y);
    if constexpr (Op == operation::sqrt) x = _mm512_sqrt_ph(x);
    _mm512_store_ph(r + i, x);
  }
}

template <int Width, bool Signed, bool Truncate>
void add_to_integer(catalogue& c, const char* function) {
  constexpr rounding round = Truncate ? toward_zero : to_nearest_even;
  conversion_rule rule = like(Truncate ? "f16c.vcvtps2ph.rz" : "f16c.vcvtps2ph.rn",
                              formats::binary16, integer_format(Width, Signed));
  rule.last = {.round = round, .overflow = saturate, .nan = nan_rule::zero};
  const batch_function run = Width == 16 ? to_int16<Signed, Truncate> : to_int32<Signed, Truncate>;
  c.rows.push_back({"AVX512-FP16",
                    function,
                    rule,
                    run,
                    {integer_indefinite<formats::binary16, Width, Signed, round>}});
}

template <operation Op>
void add_arithmetic(catalogue& c, const char* function) {
  const arithmetic_model model =
      arithmetic_in(formats::binary16, Op, sdm, policies::ieee754, nan_result::first_operand, true);
  c.rows.push_back({"AVX512-FP16", function, model, arithmetic<Op>});
}

}  // namespace

void add_avx512_fp16(catalogue& c) {
  if (!find_x86_features().avx512_fp16) {
    c.absent.push_back({"AVX512-FP16", "this processor does not have it"});
    return;
  }
  using namespace formats;
  const char* const nearest = "avx512_fp16.vcvtps2phx.rn";
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"AVX512-FP16", function, rule, run});
  };
  add("vcvtps2phx {rn}", named_rule(nearest), from_float<_MM_FROUND_TO_NEAREST_INT>);
  add("vcvtps2phx {rd}", named_rule("avx512_fp16.vcvtps2phx.rd"),
      from_float<_MM_FROUND_TO_NEG_INF>);
  add("vcvtps2phx {ru}", named_rule("avx512_fp16.vcvtps2phx.ru"),
      from_float<_MM_FROUND_TO_POS_INF>);
  add("vcvtps2phx {rz}", named_rule("avx512_fp16.vcvtps2phx.rz"), from_float<_MM_FROUND_TO_ZERO>);
  add("vcvtph2psx", like(nearest, binary16, binary32), to_float);
  add("vcvtpd2ph", like(nearest, binary64, binary16), from_double);
  add("vcvtph2pd", like(nearest, binary16, binary64), to_double);
  add("vcvtw2ph", like(nearest, formats::int16, binary16), from_int16<true>);
  add("vcvtuw2ph", like(nearest, formats::uint16, binary16), from_int16<false>);
  add("vcvtdq2ph", like(nearest, formats::int32, binary16), from_int32<true>);
  add("vcvtudq2ph", like(nearest, formats::uint32, binary16), from_int32<false>);
  add_to_integer<16, true, false>(c, "vcvtph2w");
  add_to_integer<16, true, true>(c, "vcvttph2w");
  add_to_integer<16, false, false>(c, "vcvtph2uw");
  add_to_integer<16, false, true>(c, "vcvttph2uw");
  add_to_integer<32, true, false>(c, "vcvtph2dq");
  add_to_integer<32, true, true>(c, "vcvttph2dq");
  add_to_integer<32, false, false>(c, "vcvtph2udq");
  add_to_integer<32, false, true>(c, "vcvttph2udq");
  add_arithmetic<operation::add>(c, "vaddph");
  add_arithmetic<operation::subtract>(c, "vsubph");
  add_arithmetic<operation::multiply>(c, "vmulph");
  add_arithmetic<operation::divide>(c, "vdivph");
  add_arithmetic<operation::sqrt>(c, "vsqrtph");
}

#else

void add_avx512_fp16(catalogue& c) {
  c.absent.push_back({"AVX512-FP16", "this program was built without it"});
}

#endif

}  // namespace lowp::tool
