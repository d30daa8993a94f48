// SPDX-License-Identifier: Apache-2.0
// Requantisation: recorded results of gemmlowp, TFLite, XNNPACK and FBGEMM; every row against exact
// quotients; multipliers against the published loops.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/integer/requantisations.hpp>

#include "recorded_numbers.hpp"

namespace {

using boost::multiprecision::cpp_int;
using lowp::integer_overflow;
using lowp::integer_range;
using lowp::integer_rounding;
using lowp::multiplier_encoding;
using lowp::multiplier_error;
using lowp::requantisation;
using recorded::fl;
namespace rows = lowp::requantisations;

lowp::number<lowp::formats::binary64> factor_of(double x) {
  return lowp::number<lowp::formats::binary64>{x};
}

static_assert(lowp::requantise(rows::tflite_double, 1000,
                               lowp::encode_multiplier(multiplier_encoding::tflite,
                                                       lowp::number<lowp::formats::binary64>{0.1})
                                   .value,
                               3, {0, 255}) == 103);

lowp::requantise_multiplier multiplier(multiplier_encoding e, double factor) {
  const auto choice = lowp::encode_multiplier(e, factor_of(factor));
  REQUIRE(choice.error == multiplier_error::none);
  return choice.value;
}

TEST_CASE("INT-10 gemmlowp's fixed-point products as recorded") {
  for (const auto& f : recorded::lines("intn/gemmlowp_fixedpoint.txt", 400)) {
    REQUIRE(f.size() == 5);
    const auto a = recorded::integer(f[0]), b = recorded::integer(f[1]);
    const auto e = static_cast<int>(recorded::integer(f[3]));
    CHECK(lowp::high_multiply(lowp::formats::int32, a, b, integer_overflow::saturate) ==
          recorded::integer(f[2]));
    CHECK(lowp::shift_right(a, e, integer_rounding::to_nearest_away) == recorded::integer(f[4]));
  }
}

TEST_CASE("INT-11 INT-12 TFLite's multipliers as recorded") {
  for (const auto& f : recorded::lines("intn/tflite_multiply.txt", 400)) {
    REQUIRE(f.size() == 8);
    CAPTURE(f[0]);
    CAPTURE(f[3]);
    const double factor = recorded::binary64(f[0]);
    const auto m = multiplier(multiplier_encoding::tflite, factor);
    CHECK(m.significand == recorded::integer(f[1]));
    CHECK(31 - m.right_shift == recorded::integer(f[2]));
    const auto x = recorded::integer(f[3]);
    CHECK(lowp::scale_integer(rows::tflite_double, x, m) == recorded::integer(f[4]));
    const auto single = multiplier(multiplier_encoding::tflite_single, factor);
    CHECK(lowp::scale_integer(rows::tflite_single, x, single) == recorded::integer(f[5]));
    if (f[7] == "-") continue;
    const auto wide = multiplier(multiplier_encoding::tflite_16x8, factor);
    CHECK(lowp::scale_integer(rows::tflite_16x8, recorded::integer(f[6]), wide) ==
          recorded::integer(f[7]));
  }
}

TEST_CASE("INT-12 XNNPACK's requantisation as recorded") {
  for (const auto& f : recorded::lines("intn/xnnpack_requantize.txt", 400)) {
    REQUIRE(f.size() == 10);
    CAPTURE(f[0]);
    CAPTURE(f[1]);
    const auto x = recorded::integer(f[0]);
    const double scale = recorded::binary64(f[1]);
    const auto zp = static_cast<int>(recorded::integer(f[2]));
    const integer_range q{static_cast<int>(recorded::integer(f[3])),
                          static_cast<int>(recorded::integer(f[4]))};
    const integer_range u{q.lowest + 128, q.greatest + 128};
    const auto got = [&](const requantisation& r, int zero_point, integer_range range) {
      return lowp::requantise(r, x, multiplier(r.encoding, scale), zero_point, range);
    };
    CHECK(got(rows::xnnpack_fp32, zp, q) == recorded::integer(f[5]));
    CHECK(got(rows::xnnpack_rndnu, zp, q) == recorded::integer(f[6]));
    CHECK(got(rows::xnnpack_fp32, zp + 128, u) == recorded::integer(f[7]));
    CHECK(got(rows::xnnpack_rndnu, zp + 128, u) == recorded::integer(f[8]));
    CHECK(got(rows::xnnpack_rndnu16, zp + 128, u) == recorded::integer(f[9]));
  }
}

TEST_CASE("INT-11 INT-12 FBGEMM's multipliers and requantisation as recorded") {
  for (const auto& f : recorded::lines("intn/fbgemm_requantize.txt", 400)) {
    REQUIRE(f.size() == 7);
    CAPTURE(f[0]);
    CAPTURE(f[1]);
    const auto m = multiplier(multiplier_encoding::fbgemm, recorded::binary64(f[1]));
    CHECK(m.significand == recorded::integer(f[3]));
    CHECK(m.right_shift == recorded::integer(f[4]));
    const auto x = recorded::integer(f[0]);
    const auto zp = static_cast<int>(recorded::integer(f[2]));
    CHECK(lowp::requantise(rows::fbgemm_float, x, m, zp, {0, 255}) == recorded::integer(f[5]));
    CHECK(lowp::requantise(rows::fbgemm_fixed_point, x, m, zp, {0, 255}) ==
          recorded::integer(f[6]));
  }
}

// floor(n / 2^s + 1/2), and the same away from zero: exact quotients.
cpp_int floor_quotient(const cpp_int& n, const cpp_int& d) {
  cpp_int q = n / d;
  return q * d > n ? cpp_int(q - 1) : q;
}
cpp_int half_up(const cpp_int& n, int s) {
  const cpp_int d = cpp_int(1) << static_cast<unsigned>(s + 1);
  return floor_quotient(2 * n + (cpp_int(1) << static_cast<unsigned>(s)), d);
}
cpp_int half_away(const cpp_int& n, int s) {
  return n < 0 ? cpp_int(-half_up(-n, s)) : half_up(n, s);
}
cpp_int clamp(const cpp_int& n, std::int64_t least, std::int64_t most) {
  return std::clamp<cpp_int>(n, least, most);
}

// The formulas of the libraries; q and shift as they encode the factor.
struct encoded {
  std::int64_t q;
  int shift;
};

encoded tflite(double factor) {
  int shift = 0;
  std::int64_t q = std::llround(std::frexp(factor, &shift) * std::ldexp(1, 31));
  if (q == std::int64_t{1} << 31) {
    q /= 2;
    ++shift;
  }
  if (shift < -31) return {0, 0};
  return {q, shift};
}

encoded fbgemm(float m) {
  int s = 31;
  while (m < 0.5f) m *= 2, ++s;
  while (m > 1) m /= 2, --s;
  std::int64_t q = std::llrint(m * 2147483648.0f);
  if (q == std::int64_t{1} << 31) q /= 2, --s;
  return {q, s};
}

cpp_int published(std::string_view name, std::int64_t x, double factor) {
  const cpp_int two = 1, wide = x;
  const auto real = static_cast<float>(factor);
  if (name == "tflite.double" || name == "gemmlowp") {
    const encoded e = tflite(factor);
    cpp_int left = wide << static_cast<unsigned>(std::max(e.shift, 0));
    left = floor_quotient(left + (two << 31), two << 32) * -(two << 32) + left;  // wraps
    return half_away(clamp(half_up(left * e.q, 31), INT32_MIN, INT32_MAX), std::max(-e.shift, 0));
  }
  if (name == "tflite.single") {
    const encoded e = tflite(factor);
    if (e.shift > 30) return half_up(wide * INT32_MAX, 1);
    return half_up(wide * e.q, 31 - e.shift);
  }
  if (name == "tflite.16x8") {
    const encoded e = tflite(factor);
    const std::int64_t rq = e.q < 0x7fff0000 ? (e.q + (1 << 15)) >> 16 : 0x7fff;
    return half_up(wide * rq, 15 - e.shift);
  }
  if (name == "fbgemm.fixed_point") {
    const encoded e = fbgemm(real);
    return half_up(wide * e.q, e.shift);
  }
  if (name == "fbgemm.float") {
    return cpp_int(std::nearbyint(fl(fl(static_cast<float>(x)) * real)));
  }
  if (name == "xnnpack.fp32") {  // bounds first; those of the range that the test asks for
    return std::lrintf(std::clamp(fl(fl(static_cast<float>(x)) * real), -200.0f, 300.0f));
  }
  const auto bits = std::bit_cast<std::uint32_t>(real);
  const std::int64_t mul = (bits & 0x7fffff) | 0x800000;
  const int exponent = static_cast<int>(bits >> 23) - 127;
  if (name == "xnnpack.rndnu") return half_up(wide * mul, 23 - exponent);
  if (name == "xnnpack.rndnu16") {
    std::int64_t fifteen = (mul + 256) >> 9;
    int up = exponent + 1;
    if (fifteen == 32768) fifteen = 16384, ++up;
    const cpp_int before =
        up >= 0 ? cpp_int(wide << static_cast<unsigned>(up)) : half_up(wide, -up);
    return half_up(clamp(before, INT16_MIN, INT16_MAX) * fifteen, 15);
  }
  FAIL("a row without a formula here: ", name);
  return 0;
}

std::vector<double> factors(std::uint64_t seed, int least, int greatest) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(1, 2);
  std::vector<double> all;
  for (int e = least; e <= greatest; ++e) {
    for (const double x : {1.0, 2 - 0x1p-52, 2 - 0x1p-23, 2 - 0x1p-24, 1 + 0x1p-23, 2 - 0x1p-15,
                           1.5, unit(random), unit(random), unit(random)}) {
      all.push_back(std::ldexp(x, e));
    }
  }
  return all;
}

std::vector<std::int64_t> sums(int bits, double factor, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
  std::vector<std::int64_t> all = {0, 1, -1, 2, -2, most, -most - 1, most - 1};
  for (int i = 0; i < 10; ++i) {
    all.push_back(static_cast<std::int64_t>(random()) >> (64 - bits));
    all.push_back(static_cast<std::int64_t>(random()) >> (64 - 20));
  }
  for (int n = -40; n <= 40; n += 3) {  // near ties of the result
    const double x = (n + 0.5) / factor;
    if (std::fabs(x) < static_cast<double>(most)) all.push_back(static_cast<std::int64_t>(x));
  }
  return all;
}

TEST_CASE("INT-12 every row against exact quotients") {
  for (const lowp::named_requantisation& row : lowp::all_requantisations) {
    INFO(std::string(row.name));
    const requantisation r = row.value;
    int compared = 0;
    for (const double factor : factors(1, -33, 31)) {
      const auto choice = lowp::encode_multiplier(r.encoding, factor_of(factor));
      if (choice.error != multiplier_error::none) continue;
      CAPTURE(factor);
      for (const std::int64_t x : sums(r.input_bits, factor, 2)) {
        CAPTURE(x);
        const cpp_int want = published(row.name, x, factor);
        for (const int zp : {0, 3, -100}) {
          const integer_range q{zp - 100, zp + 120};
          const cpp_int clamped = clamp(want + zp, q.lowest, q.greatest);
          REQUIRE(cpp_int(lowp::requantise(r, x, choice.value, zp, q)) == clamped);
        }
        if (r.method != lowp::requantise_method::multiply_binary32) {
          REQUIRE(cpp_int(lowp::scale_integer(r, x, choice.value)) == want);
        }
        ++compared;
      }
    }
    CHECK(compared > 10000);
  }
}

TEST_CASE("INT-11 multipliers against the published loops") {
  for (const double factor : factors(3, -60, 20)) {
    CAPTURE(factor);
    const encoded t = tflite(factor);
    const auto m = multiplier(multiplier_encoding::tflite, factor);
    CHECK(m.significand == t.q);
    CHECK(31 - m.right_shift == t.shift);
    CHECK(m.real.code() == std::bit_cast<std::uint32_t>(static_cast<float>(factor)));
    const auto choice = lowp::encode_multiplier(multiplier_encoding::fbgemm, factor_of(factor));
    const encoded f = fbgemm(static_cast<float>(factor));
    CHECK((choice.error == multiplier_error::none) == (f.shift >= 1 && f.shift <= 63));
    if (choice.error != multiplier_error::none) continue;
    CHECK(choice.value.significand == f.q);
    CHECK(choice.value.right_shift == f.shift);
  }
}

TEST_CASE("INT-11 factors that have no multiplier") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto error = [](multiplier_encoding e, double x) {
    return lowp::encode_multiplier(e, factor_of(x)).error;
  };
  for (const lowp::named_requantisation& row : lowp::all_requantisations) {
    for (const double x : {-1.0, infinity, -infinity, std::nan("")}) {
      CHECK(error(row.value.encoding, x) == multiplier_error::not_a_factor);
    }
  }
  using enum multiplier_encoding;
  CHECK(multiplier(tflite, 0).significand == 0);
  CHECK(multiplier(tflite, 0x1p-33).significand == 0);
  CHECK(multiplier(tflite, 0x1p-32).significand == 1 << 30);
  CHECK(error(fbgemm, 0) == multiplier_error::not_a_factor);
  CHECK(error(xnnpack_24, 1e-60) == multiplier_error::not_a_factor);  // 0 in binary32
  CHECK(error(tflite, 0x1p30) == multiplier_error::out_of_range);
  CHECK(error(tflite, 0x1p29) == multiplier_error::none);
  CHECK(multiplier(tflite_single, 0x1p40).significand == INT32_MAX);
  CHECK(error(tflite_16x8, 128) == multiplier_error::out_of_range);
  CHECK(error(tflite_16x8, 127.5) == multiplier_error::none);
  CHECK(error(xnnpack_24, 0x1p-33) == multiplier_error::out_of_range);
  CHECK(error(xnnpack_24, 0x1p-32) == multiplier_error::none);
  CHECK(error(xnnpack_15, 256) == multiplier_error::out_of_range);
  CHECK(error(xnnpack_15, 0x1.fffffep7) == multiplier_error::none);
  CHECK(error(fbgemm, 0x1p-33) == multiplier_error::none);
  CHECK(error(fbgemm, 0x1p-34) == multiplier_error::out_of_range);
  CHECK(message(multiplier_error::out_of_range) != nullptr);
}

TEST_CASE("INT-12 every row is within one of the exact result") {
  std::mt19937_64 random(6);
  for (const lowp::named_requantisation& row : lowp::all_requantisations) {
    INFO(std::string(row.name));
    const requantisation r = row.value;
    double most = 0;
    for (const double factor : factors(4, -20, -3)) {
      const auto m = multiplier(r.encoding, factor);
      for (int i = 0; i < 50; ++i) {
        const double want =
            static_cast<double>(static_cast<std::int64_t>(random() % 20001) - 10000) / 40;
        const auto x = static_cast<std::int64_t>(want / factor);
        const auto got = static_cast<double>(lowp::scale_integer(r, x, m));
        most = std::max(most, std::fabs(got - static_cast<double>(x) * factor));
      }
    }
    CHECK(most <= 1.01);
    CHECK(most > 0.4);
  }
}

TEST_CASE("INT-12 two roundings and one") {
  const auto at = [](const requantisation& r, std::int64_t x, double factor) {
    return lowp::scale_integer(r, x, multiplier(r.encoding, factor));
  };
  // -0.5: ties up in one rounding, away from zero in the last of two.
  CHECK(at(rows::tflite_single, -1, 0.5) == 0);
  CHECK(at(rows::tflite_double, -1, 0.5) == 0);
  CHECK(at(rows::tflite_double, -2, 0.25) == -1);
  CHECK(at(rows::tflite_single, -2, 0.25) == 0);
  CHECK(at(rows::fbgemm_float, -2, 0.25) == 0);
  // How often they differ, at |difference| <= 1: never without a right shift, 25 % with one of 1.
  std::mt19937_64 random(5);
  for (const auto& [e, share] : {std::pair{0, 0.0}, {-1, 0.25}, {-4, 0.031}, {-8, 0.0019}}) {
    int differ = 0;
    constexpr int count = 200000;
    for (int i = 0; i < count; ++i) {
      const lowp::requantise_multiplier m{
          static_cast<std::int32_t>((random() >> 34) | (1U << 30)), 31 - e, {}};
      const auto x = static_cast<std::int32_t>(random());
      const auto gap = lowp::scale_integer(rows::tflite_double, x, m) -
                       lowp::scale_integer(rows::tflite_single, x, m);
      REQUIRE((gap >= -1 && gap <= 1));
      differ += gap != 0;
    }
    CHECK(std::fabs(static_cast<double>(differ) / count - share) <=
          0.03 * share + 4 * std::sqrt(share / count));
  }
}

}  // namespace
