// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exception flags and flushing against the oracle's definitions (spec/projection.md PRJ-10,
/// PRJ-11).
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/convert.hpp>
#include <lowp/find_format.hpp>

#include "oracle/directed.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;

std::string flag_text(std::uint8_t bits) {
  static constexpr const char* names[] = {"inexact",        "underflow", "overflow",
                                          "divide_by_zero", "invalid",   "saturated"};
  std::string s;
  for (int i = 0; i < 6; ++i) {
    if ((bits >> i & 1) != 0) s += std::string(s.empty() ? "" : "|") + names[i];
  }
  return s.empty() ? "none" : s;
}

/// One pair of formats and the comparison of one case.
struct pair {
  const description& from_format;
  lowp::format from;
  const destination& to;
  lowp::format target;
  const char* target_name;

  void compare(std::uint64_t code, const value& x, const place& at, const projection& p,
               std::uint64_t random, tally& t) const {
    const outcome want = project(to, x, p, random, at);
    const lowp::encoded got = lowp::convert_with_status(from, code, target, p, random);
    t.expect(got.code == want.code && got.flags.bits == want.flags, [&] {
      return from_format.name + " -> " + target_name + ", " + text(p) + " R=" + hex(random) +
             ", code " + hex(code) + " (" + text(x) + "): expected " + hex(want.code) + " " +
             flag_text(want.flags) + ", got " + hex(got.code) + " " + flag_text(got.flags.bits);
    });
  }

  /// All deterministic modes, both kinds of tininess; the overflow rules where they have a say.
  void compare_modes(std::uint64_t code, const value& x, const place& at, projection p,
                     tally& t) const {
    std::uint64_t turn = code;
    for (const rounding round : deterministic) {
      p.round = round;
      const bool inside = plain(to, x, round, at).has_value();
      for (const auto tininess :
           {lowp::tininess_rule::after_rounding, lowp::tininess_rule::before_rounding}) {
        p.tininess = tininess;
        ++turn;
        for (int rule = 0; rule < 4; ++rule) {
          if (inside && rule != static_cast<int>(turn % 4)) continue;
          p.overflow = overflows[rule];
          compare(code, x, at, p, 0, t);
        }
      }
    }
  }
};

void check_all_codes(const source& from, const source& to, const projection& p, std::uint64_t step,
                     tally& t) {
  const std::vector<place> at = places(from, to.to);
  const pair formats{from.to.format, from.format, to.to, to.format, to.name()};
  for (std::uint64_t code = 0; code < from.values.size(); code += step) {
    formats.compare_modes(code, from.values[code], at[code], p, t);
  }
}

TEST_CASE("PRJ-11 flags of all pairs up to 8 bits") {
  const std::vector<source> all = sources_up_to(8);
  const stopwatch time;
  const tally t = in_parallel(all.size() * all.size(), [&](std::size_t task, tally& own) {
    check_all_codes(all[task / all.size()], all[task % all.size()], {}, 1, own);
  });
  report("flags, pairs up to 8 bits", t, time.seconds());
}

TEST_CASE("PRJ-11 flags of binary16 to every format up to 8 bits") {
  const std::vector<source> all = sources_up_to(8);
  const source from{*lowp::find_format("binary16"), *find("binary16")};
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    check_all_codes(from, all[task], {}, 1, own);
  });
  report("flags, binary16 to 8 bits", t, time.seconds());
}

TEST_CASE("PRJ-10 flush to zero, with flags") {
  const std::vector<source> all = sources_up_to(8);
  const std::vector<source> wide = sources_up_to(16);
  const stopwatch time;
  const tally t = in_parallel(wide.size() * all.size(), [&](std::size_t task, tally& own) {
    const source& from = wide[task / all.size()];
    const source& to = all[task % all.size()];
    const std::uint64_t step = from.to.format.width > 8 ? 67 : 1;
    check_all_codes(from, to, {.flush_subnormal_result = true}, step, own);
    check_all_codes(from, to,
                    {.zero_sign = lowp::sign_rule::positive, .flush_subnormal_result = true},
                    5 * step, own);
  });
  report("flush to zero", t, time.seconds());
}

TEST_CASE("PRJ-11 flags under the rules for signs, zeros, NaN and infinities") {
  const std::vector<source> all = sources_up_to(8);
  const stopwatch time;
  const tally t = in_parallel(all.size() * all.size(), [&](std::size_t task, tally& own) {
    const source& from = all[task / all.size()];
    const source& to = all[task % all.size()];
    const std::vector<place> at = places(from, to.to);
    const pair formats{from.to.format, from.format, to.to, to.format, to.name()};
    const auto each = [&](const projection& p, auto relevant) {
      for (std::uint64_t code = 0; code < from.values.size(); ++code) {
        const value& x = from.values[code];
        if (!relevant(x, at[code])) continue;
        formats.compare_modes(code, x, at[code], p, own);
      }
    };
    const bool is_unsigned = !to.to.format.sign;
    for (int rule = 0; rule < 5; ++rule) {
      for (int zero = 0; zero < 2; ++zero) {
        projection p;
        p.negative = static_cast<lowp::negative_rule>(rule);
        p.no_zero = static_cast<lowp::no_zero_rule>(zero);
        each(p, [&](const value& x, const place&) {
          return (is_unsigned && x.negative) || (x.cls == sort::zero && !has_zero(to.to.format));
        });
      }
    }
    for (int rule = 0; rule < 8; ++rule) {
      for (int sign = 0; sign < 4; ++sign) {
        projection p;
        p.nan = static_cast<lowp::nan_rule>(rule);
        p.nan_sign = static_cast<lowp::sign_rule>(sign);
        each(p, [](const value& x, const place&) { return x.cls == sort::nan; });
        if (rule > 2) continue;
        projection q;
        q.no_infinity = static_cast<lowp::no_infinity_rule>(rule);
        q.no_infinity_sign = static_cast<lowp::sign_rule>(sign);
        each(q, [&](const value& x, const place& at) {
          const bool top = x.cls == sort::finite && at.index == to.to.side(x.negative).top();
          return x.cls == sort::infinity || top || at.beyond;
        });
      }
    }
    for (const bool odd : {false, true}) {
      projection p;
      p.overflow_before_rounding = !odd;
      p.odd_overflows = odd;
      each(p, [&](const value& x, const place& at) {
        return x.cls == sort::finite && at.index == to.to.side(x.negative).top();
      });
    }
  });
  report("flags under special rules", t, time.seconds());
}

TEST_CASE("PRJ-10 PRJ-11 flags from binary32 and binary64, directed") {
  const stopwatch time;
  const tally t = in_parallel(lowp::format_count, [&](std::size_t task, tally& own) {
    const lowp::named_format& f = lowp::all_formats[task];
    const description* d = find(f.name);
    if (d == nullptr) return;
    const destination to(*d);
    for (const char* name : {"binary32", "binary64"}) {
      const destination from(*find(name));
      const pair formats{from.format, *lowp::find_format(name), to, f, f.name};
      for (const std::uint64_t code : directed_codes(from, to, 260, 500)) {
        const value x = value_of(from.format, code);
        place at;
        if (x.cls == sort::finite) at = to.side(x.negative).locate(x.magnitude);
        formats.compare_modes(code, x, at, {}, own);
        if (code % 5 == 0)
          formats.compare_modes(code, x, at, {.flush_subnormal_result = true}, own);
      }
    }
  });
  report("flags, binary32 and binary64", t, time.seconds());
}

TEST_CASE("PRJ-11 flags of stochastic rounding") {
  const std::vector<source> all = sources_up_to(8);
  const source from{*lowp::find_format("binary16"), *find("binary16")};
  const stopwatch time;
  const tally t = in_parallel(all.size(), [&](std::size_t task, tally& own) {
    const source& to = all[task];
    if (to.to.format.kind == shape::logarithm) return;
    const std::vector<place> at = places(from, to.to);
    const pair formats{from.to.format, from.format, to.to, to.format, to.name()};
    for (std::uint64_t code = 0; code < from.values.size(); code += 11) {
      for (const rounding round : stochastic) {
        for (const bool flush : {false, true}) {
          const projection p{.round = round,
                             .flush_subnormal_result = flush,
                             .random_bits = static_cast<std::uint8_t>(1 + code % 9)};
          formats.compare(code, from.values[code], at[code], p, code * 40503, own);
          formats.compare(code, from.values[code], at[code], p, 511, own);
        }
      }
    }
  });
  report("flags, stochastic", t, time.seconds());
}

TEST_CASE("CVT-2 PRJ-9 a subnormal input that a rule replaces raises nothing by itself") {
  const std::vector<source> all = sources_up_to(8);
  tally t;
  for (const source& from : all) {
    for (const source& to : all) {
      const pair formats{from.to.format, from.format, to.to, to.format, to.name()};
      for (std::uint64_t code = 0; code < from.values.size(); ++code) {
        for (int rule = 1; rule < 4; ++rule) {
          projection p;
          p.subnormal_input = static_cast<lowp::subnormal_input_rule>(rule);
          const value x = input(from.to.format, from.values[code], p.subnormal_input);
          place at;
          if (x.cls == sort::finite) at = to.to.side(x.negative).locate(x.magnitude);
          formats.compare(code, x, at, p, 0, t);
        }
      }
    }
  }
  report("flags, subnormal inputs", t);
}

TEST_CASE("PRJ-11 flags that hardware and standards state") {
  using lowp::status;
  const auto flags = [](const char* from, std::uint64_t code, const char* to,
                        const projection& p = {}) {
    return static_cast<int>(
        lowp::convert_with_status(*lowp::find_format(from), code, *lowp::find_format(to), p)
            .flags.bits);
  };
  // toolchain.md section 5: x86 raises underflow although the result is the least normal value,
  // because it is tiny when rounded with unbounded exponent range.
  CHECK(flags("binary32", 0x387fe5ff, "binary16") == (status::inexact | status::underflow));
  CHECK(flags("binary32", 0x38600005, "e5m2") == (status::inexact | status::underflow));
  // A little nearer to the least normal the rounding reaches it: tiny before only.
  CHECK(flags("binary32", 0x387ff000, "binary16") == status::inexact);
  CHECK(flags("binary32", 0x387ff000, "binary16",
              {.tininess = lowp::tininess_rule::before_rounding}) ==
        (status::inexact | status::underflow));
  CHECK(flags("binary32", 0x38800000, "binary16") == 0);
  CHECK(flags("binary32", 0x33800000, "binary16") == 0);  // an exact subnormal is no underflow
  CHECK(flags("binary32", 0x477ff000, "binary16") == (status::inexact | status::overflow));
  CHECK(flags("binary32", 0x7f800000, "binary16") == 0);
  CHECK(flags("binary32", 0x7f800001, "binary16") == status::invalid);  // signalling
  CHECK(flags("binary32", 0x7fc00001, "binary16") == 0);
  // Arm FEAT_FP8: infinity into E4M3 is Overflow and Inexact.
  CHECK(flags("binary16", 0x7c00, "e4m3fn") == (status::inexact | status::overflow));
  CHECK(flags("binary16", 0x7e00, "int8") == status::invalid);
  CHECK(flags("binary16", 0x7bff, "int8") ==
        (status::inexact | status::overflow | status::saturated));
  CHECK(flags("binary16", 0x3800, "int8") == status::inexact);  // 0.5: no underflow in integers
}

}  // namespace
