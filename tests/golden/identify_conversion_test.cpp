// SPDX-License-Identifier: Apache-2.0
// Every registered conversion rule, run as an implementation of which only results are known, is
// recognised: the rule found gives the same bits, and its name is among those that agree. The rules
// are dealt out to twelve runs of this program by LOWP_PART, 0...11; without it a few are tried.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "conversion_diagnosis.hpp"

namespace {

using namespace lowp;
using golden::identified_conversion;

bool is_random(const conversion_rule& rule) { return is_stochastic(rule.last.round); }

golden::black_box box_of_rule(const conversion_rule& rule) {
  return [&rule](std::span<const code_t> in, std::span<code_t> out) {
    const std::size_t each = is_random(rule) ? 2 : 1;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = apply(rule, in[each * i], each == 2 ? in[2 * i + 1] : 0);
    }
  };
}

// The rules of this run.
std::vector<const conversion_rule*> rules_of_this_run() {
  const char* part = std::getenv("LOWP_PART");
  const std::size_t runs = part != nullptr ? 12 : 24;
  const std::size_t mine = part != nullptr ? static_cast<std::size_t>(std::atoi(part)) : 0;
  std::vector<const conversion_rule*> out;
  for (std::size_t i = mine; i < all_conversion_rules.size(); i += runs) {
    out.push_back(&all_conversion_rules[i]);
  }
  return out;
}

std::uint64_t random_bits(std::uint64_t i) {
  std::uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93;
  z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93;
  return z ^ (z >> 32);
}

// Inputs on which two rules differ: all codes up to 16 bits, 10^6 random ones else.
std::uint64_t differing(const conversion_rule& a, const conversion_rule& b) {
  const bool all = a.from.width <= 16 && !is_random(a);
  const std::uint64_t count = all ? std::uint64_t{1} << a.from.width : 1000000;
  const std::uint64_t mask =
      a.from.width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << a.from.width) - 1;
  std::uint64_t n = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const code_t code = all ? i : random_bits(2 * i) & mask;
    const std::uint64_t word = random_bits(2 * i + 1);
    n += apply(a, code, word) != apply(b, code, word) ? 1 : 0;
  }
  return n;
}

bool same_members(const conversion_rule& a, const conversion_rule& b) {
  return a.last == b.last && a.via == b.via && (a.via.width == 0 || a.first == b.first);
}

}  // namespace

TEST_CASE("every registered rule is identified from its results (DIA-1, DIA-2, DIA-7)") {
  std::size_t literally = 0;
  const auto rules = rules_of_this_run();
  for (const conversion_rule* rule : rules) {
    CAPTURE(std::string(rule->name));
    const golden::conversion_question question{rule->from, rule->to, is_random(*rule)};
    const identified_conversion found = golden::identify(question, box_of_rule(*rule));
    CHECK(found.cases > 0);
    CHECK(found.supporting == found.cases);
    CHECK(found.findings.empty());
    CHECK(found.complete == (rule->from.width <= 16 && !is_random(*rule)));
    const bool named =
        std::find(found.names.begin(), found.names.end(), rule->name) != found.names.end();
    CHECK(named);
    CHECK(std::string(found.rule.name) == found.names.front());
    if (same_members(found.rule, *rule)) {
      ++literally;
    } else {
      CHECK(differing(found.rule, *rule) == 0);
    }
    // Other names are those of rules that do the same.
    for (const std::string& name : found.names) {
      const conversion_rule* other = find_rule(name.c_str());
      REQUIRE(other != nullptr);
      if (!same_members(*other, *rule)) CHECK(differing(*other, *rule) == 0);
    }
  }
  MESSAGE(rules.size() << " rules identified, " << literally << " with the very members");
}

TEST_CASE("a claim that is another rule: every difference has a cause (DIA-3, DIA-6)") {
  std::size_t pairs = 0;
  for (const conversion_rule* rule : rules_of_this_run()) {
    if (rule->from.width > 16 || is_random(*rule)) continue;
    int left = 3;
    for (const conversion_rule& claim : all_conversion_rules) {
      if (claim.from != rule->from || claim.to != rule->to || is_random(claim)) continue;
      if (same_members(claim, *rule) || left-- == 0) continue;
      ++pairs;
      CAPTURE(std::string(rule->name) + " claimed to be " + claim.name);
      const auto findings = golden::diagnose(claim, box_of_rule(*rule));
      CHECK(findings.empty() == (differing(claim, *rule) == 0));
      for (const golden::finding& f : findings) {
        CHECK_MESSAGE(!f.cause.empty(), f.inputs << " " << f.example);
        CHECK(apply(*rule, f.in.front()) == f.got.front());
        CHECK(apply(claim, f.in.front()) == f.expected.front());
      }
    }
  }
  MESSAGE(pairs << " pairs");
}

TEST_CASE("identification without a rule that fits says what is left over (DIA-6, DIA-7)") {
  using namespace formats;
  // Nearest-even but for the lost carry, see the tests of faults.
  const auto box = box_of([](code_t x) -> code_t {
    const code_t e = (x >> 23 & 0xff) - 112;
    if (e < 1 || e > 30) return convert(binary32, x, binary16);
    const code_t exact = convert(binary32, (x & 0x7fffff) | 0x3f800000, binary16) - 0x3c00;
    return (x >> 16 & 0x8000) | e << 10 | exact;
  });
  const identified_conversion found = golden::identify({binary32, binary16}, box);
  CHECK(found.names.empty());
  CHECK(std::string(found.rule.name) == "identified");
  CHECK(found.rule.last.round == to_nearest_even);
  CHECK(found.supporting < found.cases);
  REQUIRE(found.findings.size() == 1);
  CHECK(contains(found.findings[0].cause, "OR-ed into the exponent field"));
}

TEST_CASE("formats of every kind and width, no rule of which is registered (DIA-2)") {
  using namespace formats;
  if (std::getenv("LOWP_PART") != nullptr) return;
  const format int32 = integer_format(32, true);
  struct pair {
    format from;
    format to;
    projection p;
  };
  const pair pairs[] = {
      {binary64, int32, {.round = toward_zero, .overflow = saturate}},
      {binary64, integer_format(64, false), {.round = to_nearest_away, .overflow = saturate}},
      {binary64, binary32, {.round = toward_negative, .flush_subnormal_result = true}},
      {int32, bfloat16, {.round = to_nearest_zero}},
      {integer_format(64, true), binary16, {.overflow = saturate}},
      {binary32, nf4, {.round = to_nearest_negative}},
      {binary32, posit16, {}},
      {binary32, posit32, {.round = toward_zero}},
      {posit32, e4m3fn, {.round = to_odd, .overflow = saturate}},
      {takum16, binary16, {.round = toward_positive}},
      {binary16, binary8p3ue, {.round = toward_positive, .negative = negative_rule::magnitude}},
      {int32, integer_format(4, true), {.overflow = saturate}},
  };
  for (const pair& t : pairs) {
    const conversion_rule rule{"own", {}, t.from, t.to, t.p};
    CAPTURE(golden::format_words(t.from) + " " + golden::format_words(t.to));
    const identified_conversion found =
        golden::identify({t.from, t.to}, box_of_rule(rule), {.max_cases = 100000});
    CHECK(found.supporting == found.cases);
    CHECK(found.findings.empty());
    CHECK(differing(found.rule, rule) == 0);
    CHECK(golden::diagnose(rule, box_of_rule(rule), {.max_cases = 100000}).empty());
  }
}

TEST_CASE("cases, seeds and calls: the same question gives the same answer") {
  using namespace formats;
  std::size_t calls = 0;
  std::size_t cases = 0;
  const auto counting = [&](std::span<const code_t> in, std::span<code_t> out) {
    ++calls;
    cases += out.size();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = convert(binary32, in[i], e5m2);
  };
  const auto a = golden::identify({binary32, e5m2}, counting, {.max_cases = 150000, .seed = 5});
  CHECK(a.cases >= 150000);
  CHECK(cases >= a.cases);
  CHECK(calls < 64);  // few, large calls
  const auto b = golden::identify({binary32, e5m2}, counting, {.max_cases = 150000, .seed = 5});
  CHECK(a.cases == b.cases);
  CHECK(a.names == b.names);
  CHECK(!a.complete);
}
