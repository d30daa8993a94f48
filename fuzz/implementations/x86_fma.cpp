// SPDX-License-Identifier: Apache-2.0
// AVX512-FP16: fused multiply-adds in their three forms and four directions of rounding, and the
// complex ones, whose real and imaginary parts are chains of two.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "known.hpp"
#include "x86_state.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <lowp/hardware/mma/mma_registry.hpp>
#endif

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

constexpr const char* sdm = "Intel SDM, AVX512-FP16; NaN rules: volume 1, 4.8.3.5";

/// Which operand is overwritten: the first factor, the second ("213"), the addend.
enum class fma_form { f132, f213, f231 };

#define LOWP_FMA(MNEMONIC, MODE, D, X, Y) \
  __asm__ volatile(MNEMONIC " " MODE "%2, %1, %0" : "+v"(D) : "v"(X), "v"(Y))

// Rounding: 0 nearest even, 1 down, 2 up, 3 toward zero; embedded in the instruction or, with
// `Control`, by MXCSR, whose DAZ and FTZ have no effect.
template <fma_form Form, int Rounding, bool Control>
__attribute__((target("avx512f"))) void fma(const void* const* in, void* out, std::size_t n) {
  constexpr unsigned directions[] = {0, 0x2000, 0x4000, 0x6000};
  const x86_state state((Control ? directions[Rounding] : directions[3 - Rounding]) | x86_flush |
                        x86_daz);
  const auto* as = static_cast<const std::uint16_t*>(in[0]);
  const auto* bs = static_cast<const std::uint16_t*>(in[1]);
  const auto* cs = static_cast<const std::uint16_t*>(in[2]);
  for (std::size_t i = 0; i < n; i += 32) {
    __m512i a = _mm512_load_si512(as + i);
    __m512i b = _mm512_load_si512(bs + i);
    __m512i c = _mm512_load_si512(cs + i);
    __m512i* result = nullptr;
#define LOWP_FMA_FORMS(MODE)                     \
  if constexpr (Form == fma_form::f132) {        \
    LOWP_FMA("vfmadd132ph", MODE, a, c, b);      \
    result = &a;                                 \
  } else if constexpr (Form == fma_form::f213) { \
    LOWP_FMA("vfmadd213ph", MODE, b, a, c);      \
    result = &b;                                 \
  } else {                                       \
    LOWP_FMA("vfmadd231ph", MODE, c, a, b);      \
    result = &c;                                 \
  }
    if constexpr (Control) {
      LOWP_FMA_FORMS("")
    } else if constexpr (Rounding == 0) {
      LOWP_FMA_FORMS("%{rn-sae%}, ")
    } else if constexpr (Rounding == 1) {
      LOWP_FMA_FORMS("%{rd-sae%}, ")
    } else if constexpr (Rounding == 2) {
      LOWP_FMA_FORMS("%{ru-sae%}, ")
    } else {
      LOWP_FMA_FORMS("%{rz-sae%}, ")
    }
#undef LOWP_FMA_FORMS
    _mm512_store_si512(static_cast<std::uint16_t*>(out) + i, *result);
  }
}

// One part of a b + c, or with `Conjugate` of a conj(b) + c. The case's factors of a, in the order
// of the chain, are the real and the imaginary part of a for the real part of the result, exchanged
// for the imaginary one, one of them negated.
template <bool Conjugate, bool Imaginary>
__attribute__((target("avx512f"))) void complex_fma(const void* const* in, void* out,
                                                    std::size_t n) {
  constexpr std::uint32_t second_sign = Conjugate == Imaginary ? 0x80000000 : 0;
  const x86_state state(x86_flush | x86_daz);
  for (std::size_t i = 0; i < n; i += 16) {
    alignas(64) std::uint32_t a[16], b[16], c[16];
    for (std::size_t j = 0; j < 16; ++j) {
      const std::uint32_t factors = detail::load<std::uint32_t>(in[0], i + j) ^ second_sign;
      a[j] = Imaginary ? factors << 16 | factors >> 16 : factors;
      b[j] = detail::load<std::uint32_t>(in[1], i + j);
      c[j] = std::uint32_t{detail::load<std::uint16_t>(in[2], i + j)} << (Imaginary ? 16 : 0);
    }
    const __m512i x = _mm512_load_si512(a);
    const __m512i y = _mm512_load_si512(b);
    __m512i d = _mm512_load_si512(c);
    // The destination must be no source.
    if constexpr (Conjugate) {
      __asm__ volatile("vfcmaddcph %2, %1, %0" : "+&v"(d) : "v"(x), "v"(y));
    } else {
      __asm__ volatile("vfmaddcph %2, %1, %0" : "+&v"(d) : "v"(x), "v"(y));
    }
    _mm512_store_si512(c, d);
    for (std::size_t j = 0; j < 16; ++j) {
      detail::store(out, i + j, static_cast<std::uint16_t>(c[j] >> (Imaginary ? 16 : 0)));
    }
  }
}

// The first of several NaN operands counts: in 213 that is the second operand before the
// destination.
arithmetic_model rounded_fma(rounding round) {
  projection last = policies::ieee754;
  last.round = round;
  return arithmetic_in(formats::binary16, operation::fma, sdm, last, nan_result::first_operand,
                       true);
}

template <fma_form Form, int Rounding>
void add_form(catalogue& c, const char* function) {
  constexpr rounding directions[] = {to_nearest_even, toward_negative, toward_positive,
                                     toward_zero};
  constexpr const char* names[] = {"rn", "rd", "ru", "rz"};
  const arithmetic_model m = rounded_fma(directions[Rounding]);
  const auto add = [&](const std::string& mode, batch_function run) {
    c.rows.push_back({"AVX512-FP16", function + mode, m, run, {}, enough_dots});
  };
  add(std::string(" {") + names[Rounding] + "-sae}", fma<Form, Rounding, false>);
  add(std::string(" MXCSR ") + names[Rounding], fma<Form, Rounding, true>);
}

template <fma_form Form>
void add_forms(catalogue& c, const char* function) {
  add_form<Form, 0>(c, function);
  add_form<Form, 1>(c, function);
  add_form<Form, 2>(c, function);
  add_form<Form, 3>(c, function);
}

void add_complex(catalogue& c, const char* function, batch_function run) {
  dot_model m{"chain of two fused multiply-adds", sdm,
              mma_rows::fma_chain(formats::binary16, formats::binary16, formats::binary16, 2)};
  m.value.invalid_is_negative = true;
  c.rows.push_back({"AVX512-FP16", function, m, run, {which_nan<formats::binary16>}});
}

}  // namespace

void add_x86_fma(catalogue& c) {
  if (!find_x86_features().avx512_fp16) return;  // add_avx512_fp16 says so
  add_forms<fma_form::f132>(c, "vfmadd132ph");
  add_forms<fma_form::f213>(c, "vfmadd213ph");
  add_forms<fma_form::f231>(c, "vfmadd231ph");
  add_complex(c, "vfmaddcph, real part", complex_fma<false, false>);
  add_complex(c, "vfmaddcph, imaginary part", complex_fma<false, true>);
  add_complex(c, "vfcmaddcph, real part", complex_fma<true, false>);
  add_complex(c, "vfcmaddcph, imaginary part", complex_fma<true, true>);
}

#else

void add_x86_fma(catalogue&) {}

#endif

}  // namespace lowp::tool
