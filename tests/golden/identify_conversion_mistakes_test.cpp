// SPDX-License-Identifier: Apache-2.0
// Common mistakes of conversions, one by one and in company: the words say what it is.
#include <algorithm>
#include <cstdint>
#include <string>

#include "conversion_diagnosis.hpp"

namespace {

using namespace lowp;
using namespace formats;
using task = diagnosis_task;
constexpr projection saturating{.overflow = saturate};

code_t changed(const task& t, code_t x, const projection& p) { return convert(t.from, x, t.to, p); }

}  // namespace

TEST_CASE("members of the projection, one changed at a time (DIA-5)") {
  struct change {
    projection p;
    const char* words;
  };
  const change changes[] = {
      {{.round = to_nearest_away}, "ties round away from zero instead of to even"},
      {{.round = to_nearest_zero}, "ties round toward zero instead of to even"},
      {{.round = toward_positive}, "rounds toward +infinity, claimed nearest-even"},
      {{.round = away_from_zero}, "rounds away from zero, claimed nearest-even"},
      {{.round = to_odd}, "rounds to odd, claimed nearest-even"},
      {{.overflow = saturate_finite}, "saturates on overflow, claimed infinity"},
      {{.nan = nan_rule::all_ones}, "NaN: all bits set, claimed only the quiet bit set"},
      {{.nan_sign = sign_rule::positive}, "sign of NaN always positive, claimed kept"},
      {{.nan = nan_rule::max_finite}, "becomes 57344 and -57344"},
      {{.nan = nan_rule::zero}, "becomes +0"},
      {{.zero_sign = sign_rule::positive}, "sign of zero results always positive"},
      {{.flush_subnormal_result = true}, "results below the smallest normal value flush to 0"},
      {{.overflow_before_rounding = true}, "overflow decided before rounding"},
  };
  for (const format from : {binary16, bfloat16, binary32}) {
    const task t{from, e5m2, {}};
    for (const change& c : changes) {
      CAPTURE(std::string(c.words));
      const std::string d = diagnosis(t, 6, [&](code_t x) { return changed(t, x, c.p); });
      NAMES(d, c.words);
    }
  }
  const task saturates{binary32, e4m3fn, saturating};
  const std::string d =
      diagnosis(saturates, 2, [&](code_t x) { return changed(saturates, x, {}); });
  NAMES(d, "overflow becomes NaN, claimed to saturate");
}

TEST_CASE("only the first discarded bits are looked at") {
  const task t{binary32, bfloat16, {}};
  const std::string d = diagnosis(t, 1, [&](code_t x) -> code_t {
    if ((x & 0x7f800000) == 0x7f800000) return changed(t, x, {});
    return changed(t, x & ~code_t{0x1fff}, {});  // guard, round and one more bit
  });
  NAMES(d, "only the first 3 discarded bits count: no sticky bit for those below");
}

TEST_CASE("a bound that is not the format's; a flush with its own bound") {
  const task t{binary32, e4m3fn, saturating};
  const code_t bound = convert(binary64, 0x4069000000000000, binary32);  // 200
  const auto clamped = [&](code_t x, const projection& p) {
    const code_t magnitude = x & 0x7fffffff;
    const bool beyond = magnitude > bound && magnitude <= 0x7f800000;
    return changed(t, beyond ? (x & 0x80000000) | bound : x, p);
  };
  const std::string d = diagnosis(t, 2, [&](code_t x) { return clamped(x, saturating); });
  NAMES(d, "saturates at 192: inputs of magnitudes from 20");
  const std::string both = diagnosis(
      t, 3, [&](code_t x) { return clamped(x, {.round = toward_zero, .overflow = saturate}); });
  NAMES(both, "rounds toward zero, claimed nearest-even");
  NAMES(both, "saturates at 192");
  const std::string small = diagnosis(t, 2, [&](code_t x) -> code_t {
    return (x & 0x7fffffff) < 0x3b23d70a ? x >> 31 << 7 : changed(t, x, saturating);  // 0.0025
  });
  NAMES(small, "flushes to zero: inputs of magnitudes from");
}

TEST_CASE("integers: truncation, wrapping, zero extension") {
  const format int8 = integer_format(8, true);
  const format int4 = integer_format(4, true);
  const task t{binary32, int8, saturating};
  const std::string d = diagnosis(
      t, 1, [&](code_t x) { return changed(t, x, {.round = toward_zero, .overflow = saturate}); });
  NAMES(d, "rounds toward zero, claimed nearest-even");
  const std::string wraps = diagnosis(t, 1, [&](code_t x) -> code_t {
    if ((x & 0x7f800000) == 0x7f800000) return changed(t, x, saturating);
    const bool huge = (x >> 23 & 0xff) > 127 + 60;  // multiples of 256
    return huge ? 0 : convert(binary32, x, integer_format(64, true), saturating) & 0xff;
  });
  NAMES(wraps, "magnitudes wrap: bits above the integer are cut off");
  const task decode4{int4, binary32, {}};
  const std::string unsign = diagnosis(
      decode4, 1, [&](code_t x) { return convert(integer_format(4, false), x, binary32); });
  NAMES(unsign, "negative codes decode 16 steps too high: zero-extended instead of sign-extended");
}

TEST_CASE("the bias of a sibling format: everything twice or half") {
  const task t{e4m3fnuz, binary32, {}};
  const std::string d = diagnosis(t, 2, [&](code_t x) -> code_t {
    return x == 0x80 ? changed(t, x, {}) : convert(with_bias(e4m3fnuz, 7), x, binary32);
  });
  NAMES(d, "results are twice the right value (exponent field too large by 1)");
  const task single{binary32, binary16, {}};
  const std::string twice = diagnosis(single, 1, [&](code_t x) -> code_t {
    const code_t code = changed(single, x, {});
    const code_t field = code >> 10 & 31;
    return field == 0 || field >= 30 ? code : code + 0x400;
  });
  NAMES(twice, "results are twice the right value (exponent field too large by 1)");
  const task confused{e4m3fn, binary32, {}};
  NAMES(diagnosis(confused, 3, [](code_t x) { return convert(e4m3fnuz, x, binary32); }),
        "decodes e4m3fnuz instead of e4m3fn");
  const task narrow{binary16, e5m2fnuz, saturating};
  const std::string half = diagnosis(narrow, 2, [&](code_t x) {
    return convert(binary16, x, with_bias(e5m2fnuz, 15), saturating);
  });
  NAMES(half, "encodes with exponent bias 15 instead of 16");
}

TEST_CASE("signs: lost, inverted, overwritten by overflow") {
  const task t{binary32, binary16, {}};
  NAMES(diagnosis(t, 4, [&](code_t x) { return changed(t, x & 0x7fffffff, {}); }),
        "the sign is lost");
  NAMES(diagnosis(t, 4, [&](code_t x) { return changed(t, x ^ 0x80000000, {}); }),
        "the sign is inverted");
  const std::string d = diagnosis(t, 2, [&](code_t x) -> code_t {
    const code_t field = x >> 23 & 0xff;
    if (field < 143 || field == 255) return changed(t, x, {});
    return ((x >> 16 & 0x8000) | (((field - 112) << 10) + ((x & 0x7fffff) >> 13))) & 0xffff;
  });
  NAMES(d, "overflow spills into the sign bit");
}

TEST_CASE("NaN lost in a clamp; infinity through infinity times zero") {
  const task t{bfloat16, e4m3fn, saturating};
  const std::string d = diagnosis(t, 2, [&](code_t x) -> code_t {
    if ((x & 0x7fff) > 0x7f80) return 0x7e;  // min(max(x, -448), 448) gives a bound
    return changed(t, x, saturating);
  });
  NAMES(d, "becomes 448, the greatest finite value");
  const std::string nan = diagnosis(t, 1, [&](code_t x) -> code_t {
    return (x & 0x7fff) == 0x7f80 ? 0x7f : changed(t, x, saturating);
  });
  NAMES(nan, "an infinite input (+infinity, -infinity) becomes NaN");
}

TEST_CASE("random bits: ignored, too few, from the other end") {
  const projection p{.round = stochastic_a, .overflow = saturate, .random_bits = 16};
  const task t{binary32, bfloat16, p};
  NAMES(diagnosis(t, 1, [&](code_t x, code_t) { return changed(t, x, saturating); }),
        "random bits are ignored: rounds nearest-even");
  projection few = p;
  few.random_bits = 8;
  NAMES(diagnosis(t, 1, [&](code_t x, code_t r) { return convert(binary32, x, bfloat16, few, r); }),
        "8 random bits used, claimed 16");
  projection high = p;
  high.random_from = random_field::high;
  NAMES(
      diagnosis(t, 1, [&](code_t x, code_t r) { return convert(binary32, x, bfloat16, high, r); }),
      "random bits taken from the high end of the word");
}

TEST_CASE("directed inputs alone tell formats on the way apart (DIA-2)") {
  struct way {
    format from;
    format via;
    format to;
    const char* words;
  };
  for (const way& w : {way{binary64, binary32, binary16, "to binary32 (24 bits)"},
                       way{binary64, binary16, e5m2, "to binary16 (11 bits)"},
                       way{binary32, binary16, e4m3fn, "to binary16 (11 bits)"},
                       way{binary64, bfloat16, e5m2, "to bfloat16 (8 bits)"}}) {
    const task t{w.from, w.to, {}};
    const auto box =
        box_of([&](code_t x) { return convert(w.via, convert(w.from, x, w.via), w.to, {}); });
    const auto findings = golden::diagnose(t.rule(), box, {.max_cases = 0});
    const std::string d = golden::summary(findings);
    MESSAGE(d);
    NAMES(d, w.words);
  }
}

TEST_CASE("right implementations give no finding") {
  const auto silent = [](const conversion_rule& claim) {
    const bool random = is_stochastic(claim.last.round);
    const auto box = [&](std::span<const code_t> in, std::span<code_t> out) {
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = random ? apply(claim, in[2 * i], in[2 * i + 1]) : apply(claim, in[i]);
      }
    };
    CHECK(golden::diagnose(claim, box).empty());
  };
  const projection half{.round = toward_zero, .nan = nan_rule::payload};
  silent(task{binary32, e4m3fn, saturating}.rule());
  silent({"claim", {}, binary32, e4m3fn, saturating, "", binary16, half});
  silent(task{binary32, e5m2, {.round = stochastic_b, .random_bits = 11}}.rule());
}

TEST_CASE("what nothing explains is still found, counted and shown") {
  const task t{binary16, e4m3fn, saturating};
  const auto box = box_of([&](code_t x) -> code_t {
    const code_t code = changed(t, x, saturating);
    return x == 0x3c01 ? code ^ 0x15 : x == 0x3c02 ? code ^ 0x22 : code;
  });
  const auto findings = golden::diagnose(t.rule(), box);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].cases == 2);
  CHECK(findings[0].cause.empty());
  CHECK(findings[0].in.size() == 1);
  CHECK(golden::summary(findings) == "positive, magnitudes in [2^0, 2^1): unexplained");
}
