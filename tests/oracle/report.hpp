// SPDX-License-Identifier: Apache-2.0
/// \file
/// Counting mismatches in loops: the first one in words, one CHECK per loop.
#ifndef LOWP_TESTS_ORACLE_REPORT_HPP
#define LOWP_TESTS_ORACLE_REPORT_HPP

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <lowp/projection.hpp>

namespace oracle {

/// Cases, mismatches and the first of them.
class tally {
 public:
  /// Counts a case; `words()` is called for the first mismatch only.
  template <class Words>
  void expect(bool good, Words words) {
    ++cases;
    if (good) return;
    if (mismatches++ == 0) first = words();
  }
  /// Counts cases that were found good.
  void add_good(std::uint64_t n) { cases += n; }

  void merge(const tally& other) {
    if (mismatches == 0) first = other.first;
    cases += other.cases;
    mismatches += other.mismatches;
  }

  std::uint64_t cases = 0;
  std::uint64_t mismatches = 0;
  std::string first;
};

/// Reports a loop: fails on a mismatch, and if nothing was compared.
inline void report(const std::string& what, const tally& t, double seconds = -1) {
  std::printf("%s: %llu cases", what.c_str(), static_cast<unsigned long long>(t.cases));
  if (seconds >= 0) std::printf(", %.1f s", seconds);
  std::printf("\n");
  CAPTURE(what);
  CAPTURE(t.cases);
  CAPTURE(t.first);
  CHECK(t.mismatches == 0);
  CHECK(t.cases > 0);
}

class stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

inline std::string hex(std::uint64_t code) {
  std::ostringstream s;
  s << std::hex << code;
  return s.str();
}

/// The members of a projection that differ from the default, as numbers in declaration order.
inline std::string text(const lowp::projection& p) {
  static constexpr const char* rounding_names[] = {
      "to_nearest_even", "to_nearest_away", "to_nearest_zero", "to_nearest_negative",
      "toward_zero",     "toward_positive", "toward_negative", "away_from_zero",
      "to_odd",          "stochastic_a",    "stochastic_b",    "stochastic_c"};
  static constexpr const char* overflow_names[] = {"ieee", "infinite", "saturate",
                                                   "saturate_finite"};
  std::ostringstream s;
  s << rounding_names[static_cast<int>(p.round)] << ' '
    << overflow_names[static_cast<int>(p.overflow)];
  const auto member = [&s](const char* name, auto v) {
    if (static_cast<int>(v) != 0) s << ' ' << name << '=' << static_cast<int>(v);
  };
  member("no_infinity", p.no_infinity);
  member("no_infinity_sign", p.no_infinity_sign);
  member("nan", p.nan);
  member("nan_sign", p.nan_sign);
  member("negative", p.negative);
  member("no_zero", p.no_zero);
  member("zero_sign", p.zero_sign);
  member("subnormal_input", p.subnormal_input);
  member("flush_subnormal_result", p.flush_subnormal_result);
  member("tininess", p.tininess);
  member("overflow_before_rounding", p.overflow_before_rounding);
  member("odd_overflows", p.odd_overflows);
  member("random_bits", p.random_bits);
  member("random_from", p.random_from);
  member("rules", p.rules);
  return s.str();
}

}  // namespace oracle

#endif  // LOWP_TESTS_ORACLE_REPORT_HPP
