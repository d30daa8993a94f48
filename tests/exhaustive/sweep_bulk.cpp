// SPDX-License-Identifier: Apache-2.0
/// \file
/// All 2^32 binary32 inputs of bulk conversions against the definition. For each sign the
/// definition is a step function of the magnitude pattern, which sweep_binary32 shows at every
/// pattern: bisection finds its steps, then everything that the kernels give is compared with them.
///
/// Environment, all optional:
/// - LOWP_SWEEP_FORMATS: names separated by commas; default: main ones
/// - LOWP_SWEEP_MODES: numbers of `rounding` (0...8); default: nearest-even, up and down
/// - LOWP_SWEEP_TARGETS: "all" for every instruction set of the machine; default: the best one
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>
#include <lowp/simd/convert.hpp>

#include "../simd/arrays.hpp"
#include "../simd/targets.hpp"
#include "../support/ranks.hpp"

namespace {

using namespace bulk;

constexpr std::uint32_t infinity = 0x7f800000;
constexpr std::uint32_t sign_bit = 0x80000000;
constexpr std::uint32_t piece = 1 << 14;

/// Where a step starts: the first pattern that gives this code.
struct step {
  std::uint32_t first;
  std::uint32_t code;
};

/// The steps of patterns first...last, of one sign and all finite or all NaNs.
void append_steps(lowp::format to, const lowp::projection& p, std::uint32_t first,
                  std::uint32_t last, std::vector<step>& steps) {
  const auto at = [&](std::uint32_t x) {
    return static_cast<std::uint32_t>(lowp::convert(lowp::formats::binary32, x, to, p));
  };
  struct interval {
    step low, high;
  };
  steps.push_back({first, at(first)});
  // The right half waits, so that steps come out in order.
  std::vector<interval> open = {{steps.back(), {last, at(last)}}};
  while (!open.empty()) {
    const interval i = open.back();
    open.pop_back();
    if (i.low.code == i.high.code) continue;
    if (i.high.first - i.low.first == 1) {
      steps.push_back(i.high);
      continue;
    }
    const std::uint32_t middle = i.low.first + (i.high.first - i.low.first) / 2;
    const step m{middle, at(middle)};
    open.push_back({m, i.high});
    open.push_back({i.low, m});
  }
}

/// The steps of all 2^32 patterns.
std::vector<step> all_steps(lowp::format to, const lowp::projection& p) {
  std::vector<step> steps;
  for (const std::uint32_t sign : {std::uint32_t{0}, sign_bit}) {
    // Zero has rules of its own, and so have infinities and NaNs.
    append_steps(to, p, sign, sign, steps);
    append_steps(to, p, sign | 1, sign | (infinity - 1), steps);
    append_steps(to, p, sign | infinity, sign | infinity, steps);
    append_steps(to, p, sign | (infinity + 1), sign | (sign_bit - 1), steps);
  }
  return steps;
}

/// Is a code not `want`? The loop is for the compiler's vectoriser.
template <class Code>
bool any_other(const Code* codes, std::uint32_t n, std::uint32_t want) {
  Code other = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    other = static_cast<Code>(other | (codes[i] ^ static_cast<Code>(want)));
  }
  return other != 0;
}

struct sweep {
  lowp::format to;
  lowp::projection p;
  std::vector<step> steps;
  lowp::simd::plan plan;
};

/// Compares the patterns of a piece.
template <class Code>
void check_piece(const sweep& s, std::uint32_t first, const Code* codes, tally& t) {
  auto at = std::upper_bound(s.steps.begin(), s.steps.end(), first,
                             [](std::uint32_t x, const step& i) { return x < i.first; });
  for (std::uint32_t i = 0; i < piece;) {
    const std::uint32_t want = (at - 1)->code;
    const std::uint32_t end =
        at == s.steps.end() ? piece : std::min<std::uint32_t>(piece, at->first - first);
    if (!any_other(codes + i, end - i, want)) {
      t.add_good(end - i);
    } else {
      for (std::uint32_t j = i; j < end; ++j) {
        t.expect(codes[j] == want, [&] {
          return "binary32 " + hex(first + j) + " -> " + name_of(s.to) + ", " + oracle::text(s.p) +
                 ": expected " + hex(want) + ", got " + hex(codes[j]);
        });
      }
    }
    i = end;
    if (at != s.steps.end()) ++at;
  }
  // A sample that takes nothing from the steps.
  for (std::uint32_t i = first * 0x9e3779b9 >> 19; i < piece; i += 8209) {
    const lowp::code_t want = lowp::convert(lowp::formats::binary32, first + i, s.to, s.p);
    t.expect(codes[i] == want, [&] { return "sample " + hex(first + i); });
  }
}

void run_piece(const sweep& s, std::uint32_t first, tally& t) {
  thread_local std::vector<std::uint32_t> in(piece), out(piece);
  for (std::uint32_t j = 0; j < piece; ++j) in[j] = first + j;
  auto* target = reinterpret_cast<std::byte*>(out.data());
  lowp::simd::convert(s.plan, reinterpret_cast<const std::byte*>(in.data()), target, piece);
  if (s.to.width <= 8) {
    check_piece(s, first, reinterpret_cast<const std::uint8_t*>(target), t);
  } else {
    check_piece(s, first, reinterpret_cast<const std::uint16_t*>(target), t);
  }
}

tally run_sweep(const sweep& s) {
  return oracle::in_parallel((std::uint64_t{1} << 32) / piece, [&](std::size_t k, tally& t) {
    run_piece(s, static_cast<std::uint32_t>(k) * piece, t);
  });
}

/// The parts of an environment variable, or of `otherwise`.
std::vector<std::string> words(const char* variable, const std::string& otherwise) {
  const char* set = std::getenv(variable);
  const std::string all = set != nullptr ? set : otherwise;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(',', at), all.size());
    parts.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

TEST_CASE("BLK-1 all binary32 inputs, in bulk") {
  const oracle::stopwatch all_time;
  tally sum;
  std::vector<target> chosen = targets();
  if (words("LOWP_SWEEP_TARGETS", "best") != std::vector<std::string>{"all"}) chosen.resize(1);
  for (const std::string& name :
       words("LOWP_SWEEP_FORMATS",
             "e4m3fn,e5m2,e4m3fnuz,e5m2fnuz,e2m3,e3m2,e2m1,e8m0fnu,bfloat16,binary16")) {
    const lowp::named_format* found = lowp::find_format(name.c_str());
    REQUIRE_MESSAGE((found != nullptr && found->value.width <= 16),
                    "LOWP_SWEEP_FORMATS: no format of at most 16 bits is named " << name);
    for (const std::string& mode : words("LOWP_SWEEP_MODES", "0,5,6")) {
      const int round = std::atoi(mode.c_str());
      REQUIRE_MESSAGE((round >= 0 && round < 9), "LOWP_SWEEP_MODES: no mode " << mode);
      sweep s{*found, {.round = static_cast<lowp::rounding>(round)}, {}, {}};
      s.steps = all_steps(s.to, s.p);
      s.plan = lowp::simd::make_plan({lowp::formats::binary32, {s.to, {}}, s.p, {}});
      for (const target& target : chosen) {
        const forced_target forced(target.bit);
        const oracle::stopwatch time;
        const tally t = run_sweep(s);
        oracle::report(target.name + " binary32 -> " + name + ", " + oracle::text(s.p), t,
                       time.seconds());
        std::fflush(stdout);
        sum.merge(t);
      }
    }
  }
  oracle::report("bulk sweep", sum, all_time.seconds());
}

}  // namespace
