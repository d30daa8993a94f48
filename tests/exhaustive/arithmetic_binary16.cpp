// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pairs of all codes of binary16 and bfloat16 through sums, products, quotients, fused
/// multiply-adds and roots, in the four rounding modes of hardware, against binary64 arithmetic.
///
/// What the hardware is asked for is the exact result rounded to odd in binary64, by p = 11 or 8:
/// - a product has at most 2p = 22 bits and exponents within -266...256, so it is exact;
/// - a sum of two such numbers is rounded to nearest, and TwoSum (Knuth; Moller) gives its error
///   exactly, since nothing overflows; the same for product + addend;
/// - a quotient q and a root s are rounded to nearest, and a - q b and a - s s are exact in one
/// fused
///   multiply-add (Markstein): their sign says on which side the true value lies.
/// Rounding to odd with 53 >= p + 2 bits and then once more is one rounding of the true value in
/// every mode (Boldo, Melquiond). The second rounding is `narrowed` below, integer code of its own;
/// where the processor has F16C, vcvtps2ph must agree with it.
///
/// With AVX512-FP16 the instructions themselves are compared too.
///
/// Environment, optional:
/// - LOWP_PAIRS: log2 of the number of cases per operation and format, 16...32; default 29, which
/// is
///   5 x 2^30 in all; 32 is all pairs in every mode
/// - LOWP_SEED
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/arithmetic.hpp>
#include <lowp/types.hpp>

#include "../../fuzz/cpu.hpp"
#include "../oracle/report.hpp"
#include "../support/ranks.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
// Both compilers know the extension since g++ 12 and clang 14.
#if defined(__clang__) || __GNUC__ >= 12
#define LOWP_HAVE_AVX512_FP16
#endif
#endif

namespace {

using lowp::code_t;
using lowp::format;
using lowp::operation;
using lowp::rounding;
using oracle::tally;

constexpr rounding modes[] = {rounding::to_nearest_even, rounding::toward_zero,
                              rounding::toward_positive, rounding::toward_negative};

constexpr std::uint64_t sign64 = std::uint64_t{1} << 63;

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// x, a result rounded to nearest whose error has the sign of `error`, rounded to odd instead.
double to_odd(double x, double error) {
  if (error == 0 || (bits(x) & 1) != 0) return x;
  const bool away = std::signbit(error) == std::signbit(x);
  return std::bit_cast<double>(away ? bits(x) + 1 : bits(x) - 1);
}

// An error that is no number belongs to a result that is none.
double number_or_zero(double error) { return std::isfinite(error) ? error : 0; }

double odd_sum(double a, double b) {
  const double s = a + b;
  const double part = s - a;
  return to_odd(s, number_or_zero((a - (s - part)) + (b - part)));
}

double odd_quotient(double a, double b) {
  const double q = a / b;
  if (q == 0 || !std::isfinite(q)) return q;
  const double rest = std::fma(-q, b, a);
  return to_odd(q, std::signbit(b) ? -rest : rest);
}

double odd_root(double a) {
  const double s = std::sqrt(a);
  if (s == 0 || !std::isfinite(s)) return s;
  return to_odd(s, std::fma(-s, s, a));
}

template <operation Op>
double odd_result(const double* x) {
  if constexpr (Op == operation::add) return odd_sum(x[0], x[1]);
  if constexpr (Op == operation::subtract) return odd_sum(x[0], -x[1]);
  if constexpr (Op == operation::multiply) return x[0] * x[1];
  if constexpr (Op == operation::divide) return odd_quotient(x[0], x[1]);
  if constexpr (Op == operation::fma) return odd_sum(x[0] * x[1], x[2]);
  if constexpr (Op == operation::sqrt) return odd_root(x[0]);
}

// A 16-bit IEEE format: t trailing bits and the least normal exponent are all there is to know.
struct layout {
  int t;
  int least;
  std::uint32_t infinity() const { return (1u << 15) - (1u << t); }
};
constexpr layout half{10, -14};
constexpr layout brain{7, -126};

double widened(const layout& l, std::uint32_t code) {
  const std::uint32_t magnitude = code & 0x7fff;
  const int field = static_cast<int>(magnitude >> l.t);
  const std::uint32_t trailing = magnitude & ((1u << l.t) - 1);
  double x = 0;
  if (magnitude >= l.infinity()) {
    x = magnitude == l.infinity() ? HUGE_VAL : std::nan("");
  } else if (field == 0) {
    x = std::ldexp(trailing, l.least - l.t);
  } else {
    x = std::ldexp(trailing + (1u << l.t), field - 1 + l.least - l.t);
  }
  return (code & 0x8000) != 0 ? -x : x;
}

// A value rounded to odd in binary64 to a 16-bit code. Every magnitude that matters is a normal
// number of binary64.
std::uint32_t narrowed(const layout& l, double x, rounding mode) {
  const std::uint32_t sign = std::signbit(x) ? 0x8000 : 0;
  if (std::isnan(x)) return sign | l.infinity() | 1u << (l.t - 1);
  if (std::isinf(x)) return sign | l.infinity();
  const std::uint64_t magnitude = bits(x) & ~sign64;
  if (magnitude == 0) return sign;
  const int exponent = static_cast<int>(magnitude >> 52) - 1023;
  const std::uint64_t significand = (magnitude & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1}
                                                                                       << 52;
  const int binade = std::max(exponent, l.least);
  const int dropped = std::min(52 - l.t + binade - exponent, 63);
  const std::uint64_t kept = significand >> dropped;
  const std::uint64_t rest = significand & ((std::uint64_t{1} << dropped) - 1);
  const std::uint64_t tie = std::uint64_t{1} << (dropped - 1);
  bool up = false;
  if (mode == rounding::to_nearest_even) up = rest > tie || (rest == tie && (kept & 1) != 0);
  if (mode == rounding::toward_positive) up = sign == 0 && rest != 0;
  if (mode == rounding::toward_negative) up = sign != 0 && rest != 0;
  // The code of the binade's first number, then steps; a carry moves into the exponent.
  const std::uint64_t base = static_cast<std::uint64_t>(binade - l.least) << l.t;
  const std::uint64_t code = base + kept + (up ? 1 : 0);
  if (code < l.infinity()) return sign | static_cast<std::uint32_t>(code);
  const bool back = mode == rounding::toward_zero ||
                    (mode == rounding::toward_positive && sign != 0) ||
                    (mode == rounding::toward_negative && sign == 0);
  return sign | (back ? l.infinity() - 1 : l.infinity());
}

#if defined(__x86_64__)
// The same by hardware: the odd value cut to odd in binary32, whose 24 bits are enough for 11.
template <rounding Mode>
__attribute__((target("avx,f16c"))) std::uint32_t narrowed_by_f16c(double x) {
  constexpr std::uint64_t low = (std::uint64_t{1} << 29) - 1;
  const std::uint64_t b = bits(x);
  const bool rest = (b & low) != 0 && !std::isnan(x);
  const double cut = std::bit_cast<double>((b & ~low) | (rest ? low + 1 : 0));
  constexpr int imm = Mode == rounding::to_nearest_even   ? 0
                      : Mode == rounding::toward_negative ? 1
                      : Mode == rounding::toward_positive ? 2
                                                          : 3;
  return static_cast<std::uint32_t>(
      _mm_cvtsi128_si32(_mm_cvtps_ph(_mm_set_ss(static_cast<float>(cut)), imm)) & 0xffff);
}
bool has_f16c() { return lowp::tool::find_x86_features().f16c; }
#else
template <rounding Mode>
std::uint32_t narrowed_by_f16c(double) {
  return 0;
}
bool has_f16c() { return false; }
#endif

// Decoded once: the doubles of all codes.
std::vector<double> table(const layout& l) {
  std::vector<double> out(65536);
  for (std::uint32_t code = 0; code < 65536; ++code) out[code] = widened(l, code);
  return out;
}

// The NaN that the library's default projection gives: the first NaN operand's sign, no payload.
std::uint32_t expected_nan(const layout& l, const std::uint32_t* codes, int n) {
  const std::uint32_t quiet = l.infinity() | 1u << (l.t - 1);
  for (int i = 0; i < n; ++i) {
    if ((codes[i] & 0x7fff) > l.infinity()) return quiet | (codes[i] & 0x8000);
  }
  return quiet;
}

// The definition, without the short ways that typed functions take.
template <operation Op>
[[gnu::noinline]] code_t by_definition(format f, const std::uint32_t* codes, rounding mode) {
  lowp::exact x[3];
  for (int i = 0; i < lowp::operand_count(Op); ++i) x[i] = lowp::decode(f, codes[i]);
  const lowp::projection p{.round = mode};
  return lowp::encode(f, lowp::detail::exact_operation<Op>::of(x, p).value, p);
}

template <operation Op, class T>
T typed(T x, T y, T z, const lowp::projection& p) {
  if constexpr (Op == operation::add) return lowp::add<T>(x, y, p);
  if constexpr (Op == operation::subtract) return lowp::subtract<T>(x, y, p);
  if constexpr (Op == operation::multiply) return lowp::multiply<T>(x, y, p);
  if constexpr (Op == operation::divide) return lowp::divide<T>(x, y, p);
  if constexpr (Op == operation::fma) return lowp::fma<T>(x, y, z, p);
  if constexpr (Op == operation::sqrt) return lowp::sqrt<T>(x, p);
}

std::uint64_t mixed(std::uint64_t z) {  // splitmix64
  z += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string words(operation op, rounding mode, const std::uint32_t* codes, std::uint32_t expected,
                  code_t direct, code_t defined) {
  return std::string(lowp::info(op).name) + " mode " + std::to_string(static_cast<int>(mode)) +
         " of " + oracle::hex(codes[0]) + " " + oracle::hex(codes[1]) + " " +
         oracle::hex(codes[2]) + ": expected " + oracle::hex(expected) + ", typed " +
         oracle::hex(direct) + ", by definition " + oracle::hex(defined);
}

struct settings {
  std::uint64_t cases = std::uint64_t{1} << 29;
  std::uint64_t seed = 20261121;
};

template <operation Op, class T, rounding Mode>
void check_block(const layout& l, const std::vector<double>& numbers, bool f16c, const settings& s,
                 std::uint64_t first, std::uint64_t last, tally& t) {
  constexpr int n = lowp::operand_count(Op);
  for (std::uint64_t i = first; i < last; ++i) {
    // Multiples of an odd number: no pair twice within 2^32.
    const auto pair = static_cast<std::uint32_t>(i * 0x9e3779b1 + s.seed);
    std::uint32_t codes[3] = {pair & 0xffff, pair >> 16, 0};
    if constexpr (n == 1) codes[1] = 0;
    if constexpr (n == 3) codes[2] = static_cast<std::uint32_t>(mixed(i ^ s.seed) & 0xffff);
    double x[3] = {numbers[codes[0]], numbers[codes[1]], numbers[codes[2]]};
    if constexpr (n == 3) {
      // Every other addend is close to minus the product, so that they cancel.
      if ((i & 1) != 0) {
        const std::uint32_t near = narrowed(l, -(x[0] * x[1]), rounding::to_nearest_even);
        codes[2] = (near + (codes[2] & 7) - 4) & 0xffff;
        x[2] = numbers[codes[2]];
      }
    }
    const double odd = odd_result<Op>(x);
    std::uint32_t expected = std::isnan(odd) ? expected_nan(l, codes, n) : narrowed(l, odd, Mode);
    // IEEE 754-2019 6.3: the zero of a sum that cancels is negative toward negative only.
    const bool cancelled =
        odd == 0 && (Op == operation::add || Op == operation::subtract || Op == operation::fma);
    if (cancelled && Mode == rounding::toward_negative) {
      const double a = Op == operation::fma ? x[0] * x[1] : x[0];
      const double b = Op == operation::fma ? x[2] : Op == operation::add ? x[1] : -x[1];
      if (std::signbit(a) != std::signbit(b)) expected = 0x8000;
    }
    const auto of = [](std::uint32_t code) { return T::from_code(code); };
    const code_t direct =
        typed<Op, T>(of(codes[0]), of(codes[1]), of(codes[2]), {.round = Mode}).code();
    const code_t defined = by_definition<Op>(T::format_value, codes, Mode);
    bool good = direct == expected && defined == expected;
    if (f16c && !cancelled && !std::isnan(odd)) {
      good = good && narrowed_by_f16c<Mode>(odd) == expected;
    }
    t.expect(good, [&] { return words(Op, Mode, codes, expected, direct, defined); });
  }
}

constexpr std::uint64_t block = 1 << 16;

// Blocks of all modes by turns.
template <operation Op, class T>
void check(const std::string& name, const layout& l, const settings& s) {
  const oracle::stopwatch time;
  const std::vector<double> numbers = table(l);
  const bool f16c = has_f16c() && l.t == half.t;
  const bool all = lowp::operand_count(Op) == 1 || s.cases > std::uint64_t{1} << 31;
  const std::uint64_t cases = lowp::operand_count(Op) == 1 ? 65536 : s.cases;
  const std::uint64_t blocks = cases / block * (all ? 4 : 1);
  const tally sum = oracle::in_parallel(blocks, [&](std::size_t k, tally& own) {
    const std::uint64_t first = (all ? k / 4 : k) * block;
    const auto run = [&]<std::size_t M>() {
      check_block<Op, T, modes[M]>(l, numbers, f16c, s, first, first + block, own);
    };
    switch (k % 4) {
      case 0: run.template operator()<0>(); break;
      case 1: run.template operator()<1>(); break;
      case 2: run.template operator()<2>(); break;
      default: run.template operator()<3>(); break;
    }
  });
  oracle::report(name + " " + lowp::info(Op).name + (f16c ? ", F16C agreeing" : ""), sum,
                 time.seconds());
  std::fflush(stdout);
}

template <class T>
void check_format(const std::string& name, const layout& l, const settings& s) {
  check<operation::add, T>(name, l, s);
  check<operation::subtract, T>(name, l, s);
  check<operation::multiply, T>(name, l, s);
  check<operation::divide, T>(name, l, s);
  check<operation::fma, T>(name, l, s);
  check<operation::sqrt, T>(name, l, s);
}

bool read_settings(settings& s) {
  if (const char* text = std::getenv("LOWP_PAIRS")) {
    const int log2 = std::atoi(text);
    if (log2 < 16 || log2 > 32) return false;
    s.cases = std::uint64_t{1} << log2;
  }
  if (const char* text = std::getenv("LOWP_SEED")) s.seed = std::strtoull(text, nullptr, 10);
  return true;
}

TEST_CASE("ARI-1 ARI-4 ARI-5 binary16 and bfloat16 arithmetic against binary64 hardware") {
  settings s;
  REQUIRE_MESSAGE(read_settings(s), "LOWP_PAIRS must be 16 to 32");
  MESSAGE("seed " << s.seed);
  check_format<lowp::float16>("binary16", half, s);
  check_format<lowp::bfloat16>("bfloat16", brain, s);
}

#if defined(LOWP_HAVE_AVX512_FP16)

#define LOWP_FP16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512fp16")))

template <operation Op>
LOWP_FP16 void instruction(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* r) {
  __m512h x = _mm512_loadu_ph(a);
  const __m512h y = _mm512_loadu_ph(b);
  if constexpr (Op == operation::add) x = _mm512_add_ph(x, y);
  if constexpr (Op == operation::subtract) x = _mm512_sub_ph(x, y);
  if constexpr (Op == operation::multiply) x = _mm512_mul_ph(x, y);
  if constexpr (Op == operation::divide) x = _mm512_div_ph(x, y);
  if constexpr (Op == operation::sqrt) x = _mm512_sqrt_ph(x);
  _mm512_storeu_ph(r, x);
}

// All pairs whose first operand is one of every `stride`-th codes; NaN results only as such.
template <operation Op>
void check_instruction(std::uint32_t stride) {
  const oracle::stopwatch time;
  const tally t = oracle::in_parallel(65536 / stride, [&](std::size_t k, tally& own) {
    std::uint16_t a[32];
    std::uint16_t b[32];
    std::uint16_t r[32];
    std::fill(a, a + 32, static_cast<std::uint16_t>(k * stride));
    for (std::uint32_t second = 0; second < 65536; second += 32) {
      for (std::uint32_t i = 0; i < 32; ++i) b[i] = static_cast<std::uint16_t>(second + i);
      // The root's operand is the one that runs.
      instruction<Op>(Op == operation::sqrt ? b : a, b, r);
      for (std::uint32_t i = 0; i < 32; ++i) {
        const std::uint32_t codes[3] = {Op == operation::sqrt ? b[i] : a[i], b[i], 0};
        const code_t defined = by_definition<Op>(lowp::formats::binary16, codes, modes[0]);
        const bool nans = (defined & 0x7fff) > 0x7c00 && (r[i] & 0x7fff) > 0x7c00;
        own.expect(nans || defined == r[i],
                   [&] { return words(Op, modes[0], codes, r[i], defined, defined); });
      }
    }
  });
  oracle::report(std::string("AVX512-FP16 ") + lowp::info(Op).name, t, time.seconds());
}

TEST_CASE("ARI-4 binary16 arithmetic against AVX512-FP16") {
  if (!lowp::tool::find_x86_features().avx512_fp16) {
    MESSAGE("skipped: this processor has no AVX512-FP16");
    return;
  }
  check_instruction<operation::add>(16);
  check_instruction<operation::subtract>(16);
  check_instruction<operation::multiply>(16);
  check_instruction<operation::divide>(16);
  check_instruction<operation::sqrt>(65536);
}

#endif

}  // namespace
