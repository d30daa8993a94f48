// SPDX-License-Identifier: Apache-2.0
/// \file
/// All 2^32 binary32 inputs of a conversion. For each sign a conversion is a step function of the
/// magnitude pattern: the oracle finds by bisection the first pattern of every step, then every
/// pattern is checked against the steps.
///
/// Environment, all optional:
/// - LOWP_SWEEP_FORMATS: names separated by commas, or "all" of at most 16 bits; default: main ones
/// - LOWP_SWEEP_MODES: numbers of `rounding` (0...8); default: all
/// - LOWP_SWEEP_OVERFLOW: numbers of `overflow_rule` (0...3); default: 0
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>

#include "../oracle/project.hpp"
#include "../oracle/report.hpp"
#include "../support/ranks.hpp"

namespace {

using namespace oracle;

constexpr std::uint32_t infinity = 0x7f800000;

const char* const main_formats[] = {"e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e2m3",
                                    "e3m2",   "e2m1", "e8m0fnu",  "bfloat16", "binary16"};

/// Where a step starts: the first magnitude pattern that gives this code.
struct step {
  std::uint32_t first;
  std::uint64_t code;
};

/// The steps of a conversion of one sign's finite patterns, 0...0x7f7fffff.
std::vector<step> steps_of(const destination& to, const projection& p, bool negative) {
  static const description& binary32 = *find("binary32");
  const std::uint32_t sign = negative ? 0x80000000 : 0;
  const auto code_at = [&](std::uint32_t magnitude) {
    return project(to, value_of(binary32, sign | magnitude), p).code;
  };
  // Split until both ends of an interval agree; results are monotone in the magnitude, so that
  // equal ends mean equal results between (only zero of an unsigned format may return at the top:
  // never).
  std::vector<step> steps = {{0, code_at(0)}};
  struct interval {
    std::uint32_t low, high;
    std::uint64_t low_code, high_code;
  };
  std::vector<interval> open = {{0, infinity - 1, steps[0].code, code_at(infinity - 1)}};
  while (!open.empty()) {
    const interval i = open.back();
    open.pop_back();
    if (i.low_code == i.high_code) continue;
    if (i.high - i.low == 1) {
      steps.push_back({i.high, i.high_code});
      continue;
    }
    const std::uint32_t middle = i.low + (i.high - i.low) / 2;
    const std::uint64_t code = code_at(middle);
    open.push_back({i.low, middle, i.low_code, code});
    open.push_back({middle, i.high, code, i.high_code});
  }
  std::sort(steps.begin(), steps.end(),
            [](const step& a, const step& b) { return a.first < b.first; });
  return steps;
}

struct task {
  std::string name;
  lowp::format format;
  projection p;
  bool negative;
  std::vector<step> steps;
  std::uint64_t (*count)(lowp::format, const projection&, std::uint32_t, std::uint32_t,
                         std::uint64_t);
};

/// Counts the patterns [first, last) whose conversion is not `want`.
using count_wrong = std::uint64_t (*)(lowp::format, const projection&, std::uint32_t, std::uint32_t,
                                      std::uint64_t);

std::uint64_t count_any(lowp::format f, const projection& p, std::uint32_t first,
                        std::uint32_t last, std::uint64_t want) {
  std::uint64_t wrong = 0;
  for (std::uint32_t x = first; x != last; ++x) {
    wrong += lowp::convert(lowp::formats::binary32, x, f, p) != want;
  }
  return wrong;
}

/// The same with everything known to the compiler but the input, which makes it several times
/// faster.
template <lowp::format F, rounding Round>
[[gnu::flatten]] std::uint64_t count_known(lowp::format, const projection& rest,
                                           std::uint32_t first, std::uint32_t last,
                                           std::uint64_t want) {
  std::uint64_t wrong = 0;
  const projection p{.round = Round, .overflow = rest.overflow};
  for (std::uint32_t x = first; x != last; ++x) {
    wrong += lowp::convert(lowp::formats::binary32, x, F, p) != want;
  }
  return wrong;
}

template <lowp::format F>
count_wrong known_mode(rounding round) {
  switch (round) {
    case rounding::to_nearest_even: return count_known<F, rounding::to_nearest_even>;
    case rounding::to_nearest_away: return count_known<F, rounding::to_nearest_away>;
    case rounding::to_nearest_zero: return count_known<F, rounding::to_nearest_zero>;
    case rounding::to_nearest_negative: return count_known<F, rounding::to_nearest_negative>;
    case rounding::toward_zero: return count_known<F, rounding::toward_zero>;
    case rounding::toward_positive: return count_known<F, rounding::toward_positive>;
    case rounding::toward_negative: return count_known<F, rounding::toward_negative>;
    case rounding::away_from_zero: return count_known<F, rounding::away_from_zero>;
    case rounding::to_odd: return count_known<F, rounding::to_odd>;
    default: return count_any;
  }
}

count_wrong counter(const std::string& name, rounding round) {
  using namespace lowp::formats;
  if (name == "e4m3fn") return known_mode<e4m3fn>(round);
  if (name == "e5m2") return known_mode<e5m2>(round);
  if (name == "e2m3") return known_mode<e2m3>(round);
  if (name == "e3m2") return known_mode<e3m2>(round);
  if (name == "e2m1") return known_mode<e2m1>(round);
  if (name == "bfloat16") return known_mode<bfloat16>(round);
  if (name == "binary16") return known_mode<binary16>(round);
  return count_any;  // gains little
}

/// Checks the patterns [first, last) of one sign.
void check(const task& t, std::uint32_t first, std::uint32_t last, tally& sum) {
  const std::uint32_t sign = t.negative ? 0x80000000 : 0;
  auto next = std::upper_bound(t.steps.begin(), t.steps.end(), first,
                               [](std::uint32_t x, const step& s) { return x < s.first; });
  std::uint32_t at = first;
  while (at < last) {
    const std::uint32_t end = next == t.steps.end() ? last : std::min(last, next->first);
    const std::uint64_t want = (next - 1)->code;
    std::uint64_t wrong = t.count(t.format, t.p, sign | at, sign | end, want);
    sum.add_good(end - at - wrong);
    for (std::uint32_t x = at; wrong > 0 && x < end; ++x) {
      const std::uint64_t got = lowp::convert(lowp::formats::binary32, sign | x, t.format, t.p);
      if (got == want) continue;
      --wrong;
      sum.expect(false, [&] {
        return "binary32 " + hex(sign | x) + " -> " + t.name + ", " + text(t.p) + ": expected " +
               hex(want) + ", got " + hex(got);
      });
    }
    at = end;
    if (next != t.steps.end()) ++next;
  }
}

/// NaN and infinity patterns, one by one against the oracle's rule.
void check_specials(const task& t, const destination& to, tally& sum) {
  static const description& binary32 = *find("binary32");
  const std::uint32_t sign = t.negative ? 0x80000000 : 0;
  for (std::uint32_t x = infinity; x < 0x80000000; x = x < infinity + 300 ? x + 1 : x + 0x101) {
    const std::uint64_t want = project(to, value_of(binary32, sign | x), t.p).code;
    const std::uint64_t got = lowp::convert(lowp::formats::binary32, sign | x, t.format, t.p);
    sum.expect(got == want, [&] {
      return "binary32 " + hex(sign | x) + " -> " + t.name + ", " + text(t.p) + ": expected " +
             hex(want) + ", got " + hex(got);
    });
  }
}

std::vector<std::string> split(const std::string& s) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= s.size();) {
    const std::size_t end = std::min(s.find(',', at), s.size());
    if (end > at) parts.push_back(s.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

struct options {
  std::vector<std::string> formats{std::begin(main_formats), std::end(main_formats)};
  std::vector<rounding> modes;
  std::vector<lowp::overflow_rule> overflows = {lowp::ieee};
};

/// Numbers are those of the enumerations in projection.hpp.
bool parse_numbers(const std::string& list, int end, std::vector<int>& out) {
  for (const std::string& part : split(list)) {
    char* rest = nullptr;
    const long n = std::strtol(part.c_str(), &rest, 10);
    if (*rest != 0 || n < 0 || n >= end) return false;
    out.push_back(static_cast<int>(n));
  }
  return !out.empty();
}

bool parse(options& o) {
  for (int i = 0; i < 9; ++i) o.modes.push_back(static_cast<rounding>(i));
  std::vector<int> numbers;
  if (const char* list = std::getenv("LOWP_SWEEP_FORMATS")) {
    o.formats = split(list);
    if (std::string(list) == "all") {
      o.formats.clear();
      for (const lowp::named_format& f : lowp::all_formats) {
        if (f.value.width <= 16) o.formats.push_back(f.name);
      }
    }
  }
  if (const char* list = std::getenv("LOWP_SWEEP_MODES")) {
    if (!parse_numbers(list, 9, numbers)) return false;
    o.modes.clear();
    for (const int n : numbers) o.modes.push_back(static_cast<rounding>(n));
  }
  if (const char* list = std::getenv("LOWP_SWEEP_OVERFLOW")) {
    numbers.clear();
    if (!parse_numbers(list, 4, numbers)) return false;
    o.overflows.clear();
    for (const int n : numbers) o.overflows.push_back(static_cast<lowp::overflow_rule>(n));
  }
  for (const std::string& name : o.formats) {
    const description* d = find(name);
    if (d != nullptr && d->width <= 16 && lowp::find_format(name.c_str()) != nullptr) continue;
    MESSAGE("'" << name << "' is no registered format of at most 16 bits");
    return false;
  }
  return !o.formats.empty();
}

/// One format, mode, rule and sign.
void sweep(const task& t, const destination& to, tally& sum) {
  constexpr std::uint32_t chunk = 1 << 22;
  constexpr std::uint32_t chunks = infinity / chunk;
  static_assert(infinity % chunk == 0);
  sum.merge(in_parallel(chunks + 1, [&](std::size_t k, tally& own) {
    if (k == chunks) return check_specials(t, to, own);
    const std::uint32_t first = static_cast<std::uint32_t>(k) * chunk;
    check(t, first, first + chunk, own);
  }));
}

TEST_CASE("CVT-1 all binary32 inputs") {
  options o;
  REQUIRE_MESSAGE(parse(o), "see the environment variables at the top of sweep_binary32.cpp");
  const stopwatch time;
  tally sum;
  const std::size_t total = o.formats.size() * o.modes.size() * o.overflows.size() * 2;
  std::size_t done = 0;
  for (const std::string& name : o.formats) {
    const destination to(*find(name));
    const stopwatch format_time;
    tally of_format;
    for (const rounding round : o.modes) {
      for (const lowp::overflow_rule overflow : o.overflows) {
        for (const bool negative : {false, true}) {
          task t{.name = name,
                 .format = *lowp::find_format(name.c_str()),
                 .p = {.round = round, .overflow = overflow},
                 .negative = negative,
                 .steps = {},
                 .count = counter(name, round)};
          t.steps = steps_of(to, t.p, negative);
          sweep(t, to, of_format);
          ++done;
          if (this_world.rank() != 0) continue;
          std::fprintf(stderr, "%zu of %zu sweeps, %s, %.0f s\r", done, total, name.c_str(),
                       time.seconds());
        }
      }
    }
    report("binary32 -> " + name, of_format, format_time.seconds());
    std::fflush(stdout);
    sum.merge(of_format);
  }
  report("binary32 sweep", sum, time.seconds());
}

}  // namespace
