// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary functions against MPFR where 16 bits do not reach: operands of 24 to 64 significant
/// bits, random and where functions are nearly exact or lose their leading bits, and results in
/// wide formats.
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "oracle/elementary_codes.hpp"

namespace {

using namespace oracle;

constexpr std::uint64_t seed = 1202111;

/// The value of a double, which must be finite and not zero.
dyadic dyadic_of(double d) {
  int e = 0;
  const double half_to_one = std::frexp(std::fabs(d), &e);
  return {d < 0, static_cast<std::uint64_t>(std::ldexp(half_to_one, 53)), e - 53};
}

void append_neighbours(double d, std::vector<dyadic>& all) {
  for (double x : {d, std::nextafter(d, 2 * d), std::nextafter(d, 0.0)}) {
    if (x == 0 || !std::isfinite(x)) continue;
    all.push_back(dyadic_of(x));
    all.push_back(dyadic_of(-x));
  }
}

/// Where functions have zeros, limits, exact values and edges of domains.
std::vector<dyadic> directed_operands() {
  std::vector<dyadic> all;
  std::mt19937_64 random(seed);
  for (int k = 0; k < 53; ++k) {
    append_neighbours(1 + std::ldexp(1.0, -k), all);
    append_neighbours(1 - std::ldexp(1.0, -k - 1), all);
    append_neighbours(std::ldexp(1.0, k), all);
    append_neighbours(std::ldexp(1.0, -k), all);
    append_neighbours(std::ldexp(1.0, k) + 0.5, all);
    append_neighbours(std::ldexp(1.0, k) + 0.25, all);
  }
  for (int k = 1; k <= 40; ++k) {
    append_neighbours(k, all);                        // exp2, sinpi
    append_neighbours(k + 0.5, all);                  // cospi, tanpi
    append_neighbours(k * 0.6931471805599453, all);   // exp near powers of two
    append_neighbours(k * 0.30102999566398120, all);  // exp10 likewise
    append_neighbours(k * 1.5707963267948966, all);   // zeros of sin, cos
    append_neighbours(std::pow(10.0, k % 23), all);   // log10
    append_neighbours(std::cbrt(k), all);
    append_neighbours(static_cast<double>(k) * k * k, all);
    append_neighbours(std::exp(k), all);
    append_neighbours(k * 0.7, all);   // erfc, gelu going down
    append_neighbours(k * 18.5, all);  // exp at the ends of binary64
  }
  // Large operands of sin, cos, tan; the last one is the double nearest to a multiple of pi / 2.
  for (int n = 0; n < 40; ++n) {
    append_neighbours(std::ldexp(1.0 + static_cast<double>(random() % 4096) / 4096,
                                 static_cast<int>(random() % 1020)),
                      all);
  }
  append_neighbours(6381956970095103 * 0x1p797, all);
  // Exact roots and powers of 64 bits.
  for (const std::uint64_t root : {3u, 5u, 7u, 1625u, 65535u, 2097151u, 2642245u}) {
    std::uint64_t power = root;
    for (;;) {
      for (const std::uint64_t n : {power, power + 1, power - 1}) {
        all.push_back({false, n, 0});
        all.push_back({true, n, -3});
      }
      if (power > ~std::uint64_t{0} / root) break;
      power *= root;
    }
  }
  return all;
}

/// Random finite codes of a format.
std::vector<dyadic> random_operands(const char* name, int count) {
  const description& d = *find(name);
  std::mt19937_64 random(seed);
  std::vector<dyadic> all;
  while (all.size() < static_cast<std::size_t>(count)) {
    const value v = value_of(d, random() & d.code_mask());
    if (v.cls == sort::finite) all.push_back(oracle::dyadic_of(v));
  }
  return all;
}

tally compare_list(operation op, const std::vector<dyadic>& xs) {
  constexpr std::size_t chunk = 64;
  return in_parallel((xs.size() + chunk - 1) / chunk, [&](std::size_t task, tally& t) {
    for (std::size_t i = task * chunk; i < xs.size() && i < (task + 1) * chunk; ++i) {
      compare_exact(op, xs[i], elementary(op, xs[i]), t);
    }
  });
}

TEST_CASE("ELE-1 exact results at operands of 24 to 64 bits") {
  std::vector<dyadic> all = directed_operands();
  const std::size_t directed = all.size();
  for (const char* name :
       {"binary64", "binary32", "pxr24", "posit32", "int32", "int64", "uint64"}) {
    for (const dyadic& x : random_operands(name, 400)) all.push_back(x);
  }
  std::mt19937_64 random(seed);
  for (int n = 0; n < 1500; ++n) {  // of moderate size
    all.push_back({random() % 2 != 0, random() | 1, static_cast<long>(random() % 16) - 72});
  }
  std::printf("%zu operands, %zu directed\n", all.size(), directed);
  const stopwatch watch;
  tally sum;
  for (const operation op : unary_operations) {
    const tally t = compare_list(op, all);
    CAPTURE(lowp::info(op).name);
    CHECK_MESSAGE(t.mismatches == 0, t.mismatches << ", first: " << t.first);
    sum.merge(t);
  }
  report("wide operands", sum, watch.seconds());
}

TEST_CASE("ELE-1 exact results of two operands of 24 to 64 bits") {
  std::vector<std::vector<dyadic>> firsts, seconds;
  const auto add = [&](std::vector<dyadic> xs, std::vector<dyadic> ys) {
    firsts.push_back(std::move(xs));
    seconds.push_back(std::move(ys));
  };
  add(random_operands("binary64", 40), random_operands("binary64", 40));
  add(random_operands("binary32", 40), random_operands("int32", 40));
  add(random_operands("int64", 40), random_operands("uint64", 40));
  add(random_operands("posit32", 40), random_operands("posit32", 40));
  // Powers next to 1, and of the size of e.
  std::vector<dyadic> near_one, large, small, powers, fractions;
  for (int k = 1; k < 53; k += 3) {
    append_neighbours(1 + std::ldexp(1.0, -k), near_one);
    append_neighbours(std::ldexp(1.0, k + 10) + 1, large);
    append_neighbours(std::ldexp(1.0, -k * 4), small);
  }
  add(near_one, large);
  add(near_one, small);
  add(large, small);
  // Exact powers: (odd^k) ^ (j / 2^i) within 64 bits and just beyond.
  for (const std::uint64_t root : {3u, 5u, 15u, 255u, 65535u}) {
    std::uint64_t power = 1;
    while (power <= ~std::uint64_t{0} / root) {
      power *= root;
      powers.push_back({false, power, 0});
      powers.push_back({true, power, -16});
      powers.push_back({false, power - 1, 64});
    }
  }
  for (long e = -4; e <= 1; ++e) {
    for (std::uint64_t n = 1; n <= 9; n += 2) {
      fractions.push_back({false, n, e});
      fractions.push_back({true, n, e});
    }
  }
  add(powers, fractions);
  add(fractions, powers);
  const stopwatch watch;
  tally sum;
  for (const operation op : binary_operations) {
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      const tally t = compare_pairs(op, firsts[i], seconds[i]);
      CAPTURE(lowp::info(op).name);
      CHECK_MESSAGE(t.mismatches == 0, t.mismatches << ", first: " << t.first);
      sum.merge(t);
    }
  }
  report("wide pairs", sum, watch.seconds());
}

// The exponent nearly is a multiple of ln 2: reductions cancel in many bits.
TEST_CASE("ELE-1 large powers of numbers next to powers of two") {
  std::vector<dyadic> large, small;
  for (int k = 1; k < 53; k += 3) {
    append_neighbours(std::ldexp(1.0, k + 10) + 1, large);
    append_neighbours(std::ldexp(1.0, -k * 4), small);
  }
  report("pow next to powers of two", compare_pairs(operation::pow, small, large));
}

TEST_CASE("ELE-1 codes of wide formats in every rounding mode") {
  const std::vector<source> all = sources_up_to(16);
  static const char* const names[] = {"binary64", "binary32", "tf32",   "pxr24", "posit32",
                                      "int32",    "int64",    "uint32", "uint64"};
  const stopwatch watch;
  const tally sum = in_parallel(std::size(names), [&](std::size_t i, tally& t) {
    std::mt19937_64 random(seed + i);
    const destination to(*find(names[i]));
    lowp::format format;
    for (const lowp::named_format& f : lowp::all_formats) {
      if (std::string(f.name) == names[i]) format = f.value;
    }
    for (const source& from : all) {
      const code_check check(from, to, format);
      const std::uint64_t mask = from.to.format.code_mask();
      for (const operation op : unary_operations) check.unary(op, random() & mask, random, t);
      for (const operation op : binary_operations) {
        check.binary(op, random() & mask, random() & mask, random, t);
      }
    }
  });
  report("wide codes", sum, watch.seconds());
}

}  // namespace
