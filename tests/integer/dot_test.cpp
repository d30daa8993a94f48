// SPDX-License-Identifier: Apache-2.0
// Sums of products of small integers: the instructions of this machine, sums in integers without
// bounds, the lengths that cannot overflow, corrections for zero points.
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/integer/dots.hpp>
#include <lowp/integer/high_multiply.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using boost::multiprecision::cpp_int;
using lowp::integer_dot;
using lowp::integer_overflow;
using lowp::integer_range;

constexpr int ones[] = {255, 255}, weights[] = {127, 127};
static_assert(lowp::dot(lowp::integer_dots::vpmaddubsw, 0, ones, weights, 2) == 32767);
static_assert(lowp::safe_length(lowp::integer_dots::vpdpbusd) == 65793);

// Operands: any, or in every fourth vector only the ends of the range, where sums overflow.
template <class T>
void fill(std::array<T, 64>& x, integer_range r, std::mt19937_64& random, bool ends) {
  std::uniform_int_distribution<int> any(r.lowest, r.greatest);
  for (T& v : x) {
    v = static_cast<T>(ends ? (random() % 4 == 0 ? r.lowest : r.greatest) : any(random));
  }
}

#if defined(__x86_64__)

template <class T>
__m128i load(const T* x) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(x));
}
template <class T>
std::array<T, 16 / sizeof(T)> lanes(__m128i v) {
  std::array<T, 16 / sizeof(T)> out;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data()), v);
  return out;
}

using accumulators = std::array<std::int32_t, 4>;

__attribute__((target("ssse3"))) __m128i maddubs(const void* a, const void* b) {
  return _mm_maddubs_epi16(load(static_cast<const char*>(a)), load(static_cast<const char*>(b)));
}
__attribute__((target("ssse3"))) accumulators acc32(const void* a, const void* b, __m128i c) {
  return lanes<std::int32_t>(_mm_add_epi32(c, _mm_madd_epi16(maddubs(a, b), _mm_set1_epi16(1))));
}
__attribute__((target("ssse3"))) accumulators madd(const void* a, const void* b, __m128i c) {
  return lanes<std::int32_t>(_mm_add_epi32(
      c, _mm_madd_epi16(load(static_cast<const char*>(a)), load(static_cast<const char*>(b)))));
}
__attribute__((target("avx512vnni,avx512vl"))) accumulators vnni(std::string_view name,
                                                                 const void* a, const void* b,
                                                                 __m128i c) {
  const __m128i x = load(static_cast<const char*>(a)), y = load(static_cast<const char*>(b));
  if (name == "vpdpbusd") return lanes<std::int32_t>(_mm_dpbusd_epi32(c, x, y));
  if (name == "vpdpbusds") return lanes<std::int32_t>(_mm_dpbusds_epi32(c, x, y));
  if (name == "vpdpwssd") return lanes<std::int32_t>(_mm_dpwssd_epi32(c, x, y));
  return lanes<std::int32_t>(_mm_dpwssds_epi32(c, x, y));
}

// Every lane of the instruction against the model, from accumulators of any size.
template <class A, class B, class Instruction>
int differences(const integer_dot& d, Instruction run) {
  std::mt19937_64 random(1);
  const std::size_t per_lane = lowp::step_length(d);
  int bad = 0;
  for (int round = 0; round < 20000; ++round) {
    std::array<A, 64> a{};
    std::array<B, 64> b{};
    fill(a, range_of(d.a), random, round % 4 == 1);
    fill(b, range_of(d.b), random, round % 4 < 2);
    accumulators c;
    for (auto& v : c) {
      v = static_cast<std::int32_t>(random());
      if (round % 3 == 0) v = v < 0 ? INT32_MIN + 65536 + v % 65536 : INT32_MAX - v % 65536;
    }
    const accumulators got = run(a.data(), b.data(), load(c.data()));
    for (std::size_t lane = 0; lane < 4; ++lane) {
      bad += lowp::dot(d, c[lane], &a[lane * per_lane], &b[lane * per_lane], per_lane) != got[lane];
    }
  }
  return bad;
}

#endif

TEST_CASE("INT-13 vpmaddubsw and vpmaddwd against the instructions") {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("ssse3")) {
    CHECK(differences<std::uint8_t, std::int8_t>(lowp::integer_dots::vpmaddubsw_vpmaddwd, acc32) ==
          0);
    CHECK(differences<std::int16_t, std::int16_t>(lowp::integer_dots::vpmaddwd, madd) == 0);
    std::mt19937_64 random(2);
    int bad = 0, saturated = 0;
    for (int round = 0; round < 20000; ++round) {
      std::array<std::uint8_t, 64> a{};
      std::array<std::int8_t, 64> b{};
      fill(a, {0, 255}, random, round % 4 == 1);
      fill(b, {-128, 127}, random, round % 4 < 2);
      const auto first = lanes<std::int16_t>(maddubs(a.data(), b.data()));
      const auto sum = lanes<std::int16_t>(
          _mm_adds_epi16(maddubs(a.data(), b.data()), maddubs(a.data() + 16, b.data() + 16)));
      for (std::size_t lane = 0; lane < 8; ++lane) {
        const std::size_t i = 2 * lane;
        const auto model = lowp::dot(lowp::integer_dots::vpmaddubsw, 0, &a[i], &b[i], 2);
        bad += model != first[lane];
        saturated += model != a[i] * b[i] + a[i + 1] * b[i + 1];
        bad += lowp::dot(lowp::integer_dots::vpmaddubsw, model, &a[i + 16], &b[i + 16], 2) !=
               sum[lane];
      }
    }
    CHECK(bad == 0);
    CHECK(saturated > 1000);
    return;
  }
#endif
  MESSAGE("no SSSE3 here: not compared");
}

TEST_CASE("INT-13 VNNI against the instructions") {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl")) {
    const auto as = [](std::string_view name) {
      return [name](const void* a, const void* b, __m128i c) { return vnni(name, a, b, c); };
    };
    CHECK(differences<std::uint8_t, std::int8_t>(lowp::integer_dots::vpdpbusd, as("vpdpbusd")) ==
          0);
    CHECK(differences<std::uint8_t, std::int8_t>(lowp::integer_dots::vpdpbusds, as("vpdpbusds")) ==
          0);
    CHECK(differences<std::int16_t, std::int16_t>(lowp::integer_dots::vpmaddwd, as("vpdpwssd")) ==
          0);
    CHECK(differences<std::int16_t, std::int16_t>(lowp::integer_dots::vpdpwssds, as("vpdpwssds")) ==
          0);
    return;
  }
#endif
  MESSAGE("no AVX-512 VNNI here: not compared");
}

TEST_CASE("INT-10 pmulhrsw against the instruction") {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("ssse3")) {
    struct {
      __attribute__((target("ssse3"))) std::int16_t operator()(int a, int b) const {
        const __m128i r = _mm_mulhrs_epi16(_mm_set1_epi16(static_cast<short>(a)),
                                           _mm_set1_epi16(static_cast<short>(b)));
        return static_cast<std::int16_t>(_mm_extract_epi16(r, 0));
      }
    } instruction;
    int bad = 0;
    for (int a = -32768; a <= 32767; a += a % 5 == 0 ? 1 : 61) {
      for (int b = -32768; b <= 32767; b += b % 7 == 0 ? 1 : 89) {
        bad += lowp::high_multiply(lowp::formats::int16, a, b, integer_overflow::wrap) !=
               instruction(a, b);
      }
    }
    CHECK(bad == 0);
    CHECK(instruction(-32768, -32768) == -32768);
    return;
  }
#endif
  MESSAGE("no SSSE3 here: not compared");
}

TEST_CASE("INT-10 the square of the least integer saturates on Arm") {
  for (const auto& f : {lowp::formats::int16, lowp::formats::int32}) {
    const std::int64_t least = range_of(f).lowest;
    CHECK(lowp::high_multiply(f, least, least, integer_overflow::saturate) == -least - 1);
    CHECK(lowp::high_multiply(f, least, least, integer_overflow::wrap) == least);
  }
}

// A step in integers without bounds, projected by remainders and comparisons.
cpp_int projected(lowp::format f, const cpp_int& n, integer_overflow o) {
  if (f.width == 0) return n;
  const cpp_int codes = cpp_int(1) << f.width;
  const cpp_int least = f.is_signed ? cpp_int(-codes / 2) : cpp_int(0);
  if (o == integer_overflow::saturate) {
    return n < least ? least : n >= least + codes ? cpp_int(least + codes - 1) : n;
  }
  return ((n - least) % codes + codes) % codes + least;
}

TEST_CASE("INT-13 every row against sums without bounds, with steps that are not full") {
  std::mt19937_64 random(3);
  for (const lowp::named_integer_dot& row : lowp::all_integer_dots) {
    INFO(std::string(row.name));
    const integer_dot d = row.value;
    int bad = 0, left = 0;
    for (int round = 0; round < 400; ++round) {
      const std::size_t n = random() % 64;
      std::array<std::int32_t, 64> a{}, b{};
      fill(a, range_of(d.a), random, round % 4 == 1);
      fill(b, range_of(d.b), random, round % 4 < 2);
      const std::int64_t codes = std::int64_t{1} << d.accumulator.width;
      const std::int64_t least = d.accumulator.is_signed ? -codes / 2 : 0;
      const auto inwards = static_cast<std::int64_t>(random() % 20000);
      const std::int64_t start = round % 2 == 0 ? least + inwards : least + codes - 1 - inwards;
      cpp_int acc = start;
      cpp_int exact = start;
      const std::size_t step = lowp::step_length(d);
      for (std::size_t i = 0; i < n; i += step) {
        cpp_int sum = acc;
        for (std::size_t p = i; p < i + step; p += d.products) {
          cpp_int partial = 0;
          for (std::size_t k = p; k < p + d.products && k < n; ++k) partial += cpp_int(a[k]) * b[k];
          exact += partial;
          sum += projected(d.partial, partial, d.partial_overflow);
        }
        acc = projected(d.accumulator, sum, d.overflow);
      }
      bad += acc != lowp::dot(d, start, a.data(), b.data(), n);
      left += acc != exact;
    }
    CHECK(bad == 0);
    CHECK(left > 0);
  }
}

TEST_CASE("INT-14 lengths without overflow") {
  namespace integer_dots = lowp::integer_dots;
  const auto plain = [](integer_range a, integer_range b) {
    return lowp::safe_length(integer_dots::plain(lowp::formats::int8, lowp::formats::int8), a, b);
  };
  const integer_range u8{0, 255}, s8{-128, 127}, narrow{-127, 127}, s4{-8, 7};
  CHECK(plain(u8, s8) == 65793);
  CHECK(plain(s8, s8) == 131071);
  CHECK(plain(narrow, narrow) == 133144);
  CHECK(plain(u8, u8) == 33025);
  CHECK(plain(s4, s4) == 33554431);
  CHECK(plain({0, 0}, s8) == UINT64_MAX);
  CHECK(lowp::safe_length(integer_dots::plain(lowp::formats::uint8, lowp::formats::int8)) == 65793);
  // By definition: the greatest that does not leave the range at the worst operands.
  for (const auto& [a, b] : {std::pair{u8, s8}, {s8, s8}, {narrow, narrow}, {u8, u8}, {s4, s4}}) {
    cpp_int least = 0, most = 0;
    for (const int x : {a.lowest, a.greatest}) {
      for (const int y : {b.lowest, b.greatest}) {
        least = std::min<cpp_int>(least, cpp_int(x) * y);
        most = std::max<cpp_int>(most, cpp_int(x) * y);
      }
    }
    const auto fits = [&](const cpp_int& n) {
      return n * most <= INT32_MAX && n * least >= INT32_MIN;
    };
    CHECK(fits(plain(a, b)));
    CHECK(!fits(cpp_int(plain(a, b)) + 1));
  }
  // The pair sums of 16 bits: never safe at 8 bits, safe where one operand has 7.
  CHECK(lowp::safe_length(integer_dots::vpmaddubsw_vpmaddwd) == 0);
  CHECK(lowp::safe_length(integer_dots::vpmaddubsw_vpmaddwd, u8, {-64, 63}) > 100000);
  CHECK(lowp::safe_length(integer_dots::vpmaddubsw_vpmaddwd, {0, 127}, s8) > 100000);
  CHECK(lowp::safe_length(integer_dots::vpmaddubsw, u8, {-64, 63}) == 2);
  CHECK(lowp::safe_length(integer_dots::vpmaddubsw_vpmaddwd, u8, {-65, 63}) == 0);
}

TEST_CASE("INT-13 wrapping sums do not depend on the order, saturating ones do") {
  const std::vector<int> a(70000, 255);
  std::vector<int> b(70000, 127);
  for (std::size_t i = 35000; i < b.size(); ++i) b[i] = -127;
  namespace integer_dots = lowp::integer_dots;
  const auto wrapping = integer_dots::plain(lowp::formats::uint8, lowp::formats::int8);
  const auto saturating =
      integer_dots::plain(lowp::formats::uint8, lowp::formats::int8, integer_overflow::saturate);
  const auto first = lowp::dot(wrapping, INT32_MAX, a.data(), b.data(), b.size());
  CHECK(first == INT32_MAX);
  CHECK(lowp::dot(saturating, INT32_MAX, a.data(), b.data(), b.size()) ==
        INT32_MAX - 35000LL * 32385);
}

TEST_CASE("INT-15 corrections for zero points") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 2000; ++round) {
    const int n = static_cast<int>(random() % 64);
    std::array<std::int32_t, 64> a{}, b{};
    fill(a, {0, 255}, random, false);
    fill(b, {-128, 127}, random, false);
    const auto zero_a = static_cast<std::int32_t>(random() % 256);
    const auto zero_b = static_cast<std::int32_t>(random() % 256) - 128;
    std::int32_t sum_ab = 0, sum_a = 0, sum_b = 0, want = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      sum_ab += a[i] * b[i];
      sum_a += a[i];
      sum_b += b[i];
      want += (a[i] - zero_a) * (b[i] - zero_b);
    }
    const auto offset = lowp::column_offset(sum_b, zero_b, n);
    REQUIRE(lowp::correct_zero_points(sum_ab, zero_a, offset, zero_b, sum_a) == want);
  }
  // Modulo 2^32.
  CHECK(lowp::correct_zero_points(INT32_MIN, 1, 1, 0, 0) == INT32_MAX);
  CHECK(lowp::correct_zero_points(0, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN) == 0);
  CHECK(lowp::column_offset(INT32_MIN, 1, 1) == INT32_MAX);
}

}  // namespace
