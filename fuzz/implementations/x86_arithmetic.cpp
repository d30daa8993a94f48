// SPDX-License-Identifier: Apache-2.0
// x86 SSE2, SSE4.1 and FMA3: arithmetic of binary32 and binary64, results in all rounding modes and
// exception flags.
#include <type_traits>

#include "../cpu.hpp"
#include "../implementation.hpp"
#include "x86_state.hpp"

namespace lowp::tool {

#if defined(__x86_64__)

namespace {

constexpr const char* sdm = "Intel SDM volume 1, 4.8.3.5, 11.5; instruction pages";

template <class T>
constexpr format format_of_type = std::is_same_v<T, float> ? formats::binary32 : formats::binary64;

// One instruction on vectors, by name: intrinsics may move out of the region with another MXCSR.
// x <- x op y; the multiply-add is x <- y x + z.
#define LOWP_X86(letter)                                                            \
  if constexpr (Op == operation::add) {                                             \
    __asm__ volatile("addp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::subtract) {                                 \
    __asm__ volatile("subp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::multiply) {                                 \
    __asm__ volatile("mulp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::divide) {                                   \
    __asm__ volatile("divp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::minimum) {                                  \
    __asm__ volatile("minp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::maximum) {                                  \
    __asm__ volatile("maxp" letter " %1, %0" : "+x"(x) : "x"(y));                   \
  } else if constexpr (Op == operation::sqrt) {                                     \
    __asm__ volatile("sqrtp" letter " %0, %0" : "+x"(x));                           \
  } else if constexpr (Op == operation::fma) {                                      \
    __asm__ volatile("vfmadd213p" letter " %2, %1, %0" : "+x"(y) : "x"(x), "x"(z)); \
    x = y;                                                                          \
  } else if constexpr (Op == operation::rint_even) {                                \
    __asm__ volatile("roundp" letter " $0, %0, %0" : "+x"(x));                      \
  } else if constexpr (Op == operation::rint_negative) {                            \
    __asm__ volatile("roundp" letter " $1, %0, %0" : "+x"(x));                      \
  } else if constexpr (Op == operation::rint_positive) {                            \
    __asm__ volatile("roundp" letter " $2, %0, %0" : "+x"(x));                      \
  } else {                                                                          \
    static_assert(Op == operation::rint_zero);                                      \
    __asm__ volatile("roundp" letter " $3, %0, %0" : "+x"(x));                      \
  }

template <operation Op>
void apply_to(__m128& x, __m128 y, [[maybe_unused]] __m128 z) {
  LOWP_X86("s")
}
template <operation Op>
void apply_to(__m128d& x, __m128d y, [[maybe_unused]] __m128d z){LOWP_X86("d")}
#undef LOWP_X86

__m128 load_vector(const float* p) {
  return _mm_load_ps(p);
}
__m128d load_vector(const double* p) { return _mm_load_pd(p); }
void store_vector(float* p, __m128 x) { _mm_store_ps(p, x); }
void store_vector(double* p, __m128d x) { _mm_store_pd(p, x); }

template <operation Op, class T, unsigned Bits>
void results(const void* const* in, void* out, std::size_t n) {
  const auto* a = static_cast<const T*>(in[0]);
  const auto* b = static_cast<const T*>(in[operand_count(Op) > 1 ? 1 : 0]);
  const auto* c = static_cast<const T*>(in[operand_count(Op) > 2 ? 2 : 0]);
  auto* r = static_cast<T*>(out);
  const x86_state state(Bits);
  for (std::size_t i = 0; i < n; i += 16 / sizeof(T)) {
    auto x = load_vector(a + i);
    apply_to<Op>(x, load_vector(b + i), load_vector(c + i));
    store_vector(r + i, x);
  }
}

// All elements are the same case, so the flags are those of one.
template <operation Op, class T, unsigned Bits>
void flags(const void* const* in, void* out, std::size_t n) {
  const x86_state state(Bits);
  const auto spread = [&](int k, std::size_t i) {
    const T x = detail::load<T>(in[operand_count(Op) > k ? k : 0], i);
    if constexpr (std::is_same_v<T, float>) return _mm_set1_ps(x);
    if constexpr (std::is_same_v<T, double>) return _mm_set1_pd(x);
  };
  for (std::size_t i = 0; i < n; ++i) {
    auto x = spread(0, i);
    const auto y = spread(1, i);
    const auto z = spread(2, i);
    _mm_setcsr(x86_all_masked | Bits);
    apply_to<Op>(x, y, z);
    detail::store(out, i, x86_flags(_mm_getcsr()));
  }
}

constexpr rounding directions[] = {to_nearest_even, toward_negative, toward_positive, toward_zero};
constexpr const char* suffixes[] = {" rn", " rd", " ru", " rz"};

// Zero times infinity plus a quiet NaN.
template <format F, bool Daz>
bool is_quiet_invalid_product(const code_t* in, code_t expected, code_t got) {
  constexpr code_t sign = code_t{1} << (F.width - 1);
  const auto is_zero_product = [&](code_t a, code_t b) {
    const bool zero = is_zero(F, a) || (Daz && is_finite(F, a) && (a & ~sign) < min_normal(F));
    return zero && is_infinite(F, b);
  };
  const exact addend = decode(F, in[2]);
  return expected == status::invalid && got == 0 && addend.cls == number_class::nan &&
         !is_signalling(addend) && (is_zero_product(in[0], in[1]) || is_zero_product(in[1], in[0]));
}
template <format F, bool Daz>
constexpr known_difference quiet_invalid_product{
    "zero times infinity plus a quiet NaN is not invalid",
    "Intel SDM volume 1, 14.5.2; IEEE 754-2019 7.2 leaves it open",
    is_quiet_invalid_product<F, Daz>};

template <class T>
std::string mnemonic(const char* stem) {
  return std::string(stem) + (std::is_same_v<T, float> ? "ps" : "pd");
}

template <operation Op, class T, std::size_t Direction, unsigned Extra = 0>
void add_one(catalogue& c, const char* family, const char* stem) {
  constexpr unsigned bits = x86_rounding(directions[Direction]) | Extra;
  arithmetic_model m =
      arithmetic_in(format_of_type<T>, Op, sdm, policies::ieee754, nan_result::first_operand, true);
  m.last.round = directions[Direction];
  if (Extra != 0) {
    m.last.subnormal_input = subnormal_input_rule::zero;
    m.last.flush_subnormal_result = true;
  }
  if (Op == operation::minimum || Op == operation::maximum) {
    m.undecided = choice::second_operand;
    m.last.nan = nan_rule::payload_raw;
  }
  const bool rounds = operand_count(Op) > 1 || Op == operation::sqrt;
  const bool names_direction = rounds && m.undecided == choice::by_operation;
  std::string function = mnemonic<T>(stem) + (names_direction ? suffixes[Direction] : "");
  if (Extra != 0) function += " FTZ DAZ";
  c.rows.push_back({family, function, m, results<Op, T, bits>});
  m.flags = ieee_flags;
  c.rows.push_back({family, function, m, flags<Op, T, bits>});
  if (Op == operation::fma) {
    c.rows.back().known = {quiet_invalid_product<format_of_type<T>, Extra != 0>};
  }
}

template <operation Op, class T>
void add_all(catalogue& c, const char* family, const char* stem) {
  add_one<Op, T, 0>(c, family, stem);
  add_one<Op, T, 1>(c, family, stem);
  add_one<Op, T, 2>(c, family, stem);
  add_one<Op, T, 3>(c, family, stem);
  add_one<Op, T, 0, x86_flush | x86_daz>(c, family, stem);
}

template <class T>
void add_sse2_arithmetic(catalogue& c) {
  add_all<operation::add, T>(c, "SSE2", "add");
  add_all<operation::subtract, T>(c, "SSE2", "sub");
  add_all<operation::multiply, T>(c, "SSE2", "mul");
  add_all<operation::divide, T>(c, "SSE2", "div");
  add_all<operation::sqrt, T>(c, "SSE2", "sqrt");
  add_one<operation::minimum, T, 0>(c, "SSE2", "min");
  add_one<operation::maximum, T, 0>(c, "SSE2", "max");
}

template <class T>
void add_sse41(catalogue& c) {
  const auto add = [&]<operation Op>(const char* imm) {
    const arithmetic_model m = arithmetic_in(format_of_type<T>, Op, sdm, policies::ieee754,
                                             nan_result::first_operand, true);
    c.rows.push_back({"SSE4.1", mnemonic<T>("round") + imm, m, results<Op, T, 0>});
  };
  add.template operator()<operation::rint_even>(" imm 0");
  add.template operator()<operation::rint_negative>(" imm 1");
  add.template operator()<operation::rint_positive>(" imm 2");
  add.template operator()<operation::rint_zero>(" imm 3");
}

}  // namespace

void add_x86_arithmetic(catalogue& c) {
  add_sse2_arithmetic<float>(c);
  add_sse2_arithmetic<double>(c);
  const x86_features features = find_x86_features();
  if (features.sse41) {
    add_sse41<float>(c);
    add_sse41<double>(c);
  } else {
    c.absent.push_back({"SSE4.1", "this processor does not have it"});
  }
  if (features.fma3) {
    add_all<operation::fma, float>(c, "FMA3", "vfmadd213");
    add_all<operation::fma, double>(c, "FMA3", "vfmadd213");
  } else {
    c.absent.push_back({"FMA3", "this processor does not have it"});
  }
}

#else

void add_x86_arithmetic(catalogue& c) { c.absent.push_back({"SSE4.1 and FMA3", "only on x86-64"}); }

#endif

}  // namespace lowp::tool
