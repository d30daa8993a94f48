// SPDX-License-Identifier: Apache-2.0
#include "suspects.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../code_text.hpp"
#include "../format_names.hpp"
#include "../inputs.hpp"
#include "patterns.hpp"

namespace lowp::tool {

namespace {

// Cases with what the implementation returned and what it should have.
struct answers {
  const claim& c;
  std::size_t n_in;
  std::size_t n_out;
  std::vector<code_t> in;
  std::vector<code_t> got;
  std::vector<code_t> expected;

  std::size_t size() const { return in.size() / n_in; }
  const code_t* operands(std::size_t i) const { return &in[i * n_in]; }
  // Are these results those that were returned? `numbers_only`: all NaNs are alike.
  bool gives(const code_t* results, std::size_t i) const {
    for (std::size_t k = 0; k < n_out; ++k) {
      const code_t x = results[k];
      const code_t y = got[i * n_out + k];
      if (x != y && !(numbers_only && both_nan(k, x, y))) return false;
    }
    return true;
  }
  judged_case judged(std::size_t i) const {
    return {operands(i), &expected[i * n_out], &got[i * n_out]};
  }
  bool wrong(std::size_t i) const {
    return !gives(&expected[i * n_out], i) &&
           !(c.accepts && c.accepts(operands(i), &got[i * n_out]));
  }
  bool both_nan(std::size_t k, code_t x, code_t y) const {
    const format f = code_format(c.out, k);
    return is_nan(f, x) && is_nan(f, y);
  }
  bool numbers_only = false;
};

answers ask(const claim& c, const golden::black_box& box, std::uint64_t seed) {
  answers a{c, code_count(c.in), code_count(c.out), {}, {}, {}, false};
  constexpr std::size_t most_codes = std::size_t{1} << 20;
  const std::size_t n = std::clamp<std::size_t>(most_codes / (a.n_in + a.n_out), 512, 65536);
  a.in.resize(n * a.n_in);
  a.got.resize(n * a.n_out);
  a.expected.resize(n * a.n_out);
  // Where directed cases are many, some of all.
  const std::uint64_t half = n / 2;
  const std::uint64_t stride = c.directed > half ? c.directed / half : 1;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t index = i < half ? i * stride : c.directed + i;
    c.make(seed, index, &a.in[i * a.n_in]);
    c.golden(a.operands(i), &a.expected[i * a.n_out]);
  }
  box(a.in, a.got);
  // Where other results are right, too, they are no trace of anything.
  for (std::size_t i = 0; c.accepts && i < n; ++i) {
    const auto mine = a.got.begin() + static_cast<std::ptrdiff_t>(i * a.n_out);
    if (!c.accepts(a.operands(i), &*mine)) continue;
    std::copy_n(&a.expected[i * a.n_out], a.n_out, mine);
  }
  return a;
}

// Of a suspect: does it give what was returned?
std::vector<bool> agreement(const answers& a, const suspect& s) {
  std::vector<bool> out(a.size());
  std::vector<code_t> results(a.n_out);
  for (std::size_t i = 0; i < a.size(); ++i) {
    s.golden(a.operands(i), results.data());
    out[i] = a.gives(results.data(), i);
  }
  return out;
}

std::string codes_text(const std::vector<field>& fields, const code_t* codes,
                       const std::vector<bool>& shown) {
  std::string out;
  for (std::size_t k = 0; k < shown.size(); ++k) {
    if (!shown[k]) continue;
    const format f = code_format(fields, k);
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", code_name(fields, k),
                       value_text(f, codes[k]));
  }
  return out;
}

// The simplest wrong case among those marked: with most operands zero, then the least.
golden::finding finding_of(const answers& a, const std::vector<bool>& marked) {
  golden::finding f;
  std::size_t best = a.size();
  std::size_t best_zeros = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!marked[i]) continue;
    ++f.cases;
    const auto zeros =
        static_cast<std::size_t>(std::count(a.operands(i), a.operands(i) + a.n_in, code_t{0}));
    if (best == a.size() || zeros > best_zeros) {
      best = i;
      best_zeros = zeros;
    }
  }
  if (best == a.size()) return f;
  const code_t* in = a.operands(best);
  const code_t* expected = &a.expected[best * a.n_out];
  const code_t* got = &a.got[best * a.n_out];
  f.in.assign(in, in + a.n_in);
  f.expected.assign(expected, expected + a.n_out);
  f.got.assign(got, got + a.n_out);
  // Long cases: the first operands that are not zero, and the first results that differ.
  constexpr std::size_t most = 6;
  std::vector<bool> operands(a.n_in);
  std::size_t shown = 0;
  for (std::size_t k = 0; k < a.n_in; ++k) {
    operands[k] = a.n_in <= most || (in[k] != 0 && shown < most);
    shown += operands[k];
  }
  const std::string given = shown == 0 ? "all operands 0" : codes_text(a.c.in, in, operands);
  std::vector<bool> results(a.n_out);
  shown = 0;
  for (std::size_t k = 0; k < a.n_out; ++k) {
    results[k] = expected[k] != got[k] && shown < 3;
    shown += results[k];
  }
  f.example = fmt::format("{}: expected {}, got {}", given, codes_text(a.c.out, expected, results),
                          codes_text(a.c.out, got, results));
  return f;
}

using marks = std::vector<bool>;

std::uint64_t count(const marks& m) {
  return static_cast<std::uint64_t>(std::count(m.begin(), m.end(), true));
}

// The cases marked, by as few suspects as will do; what none explains has no cause.
std::vector<golden::finding> explain(const answers& a, marks left) {
  const std::uint64_t total = count(left);
  std::vector<golden::finding> out;
  if (total == 0) return out;
  struct candidate {
    const suspect* who;
    marks agrees;
    std::uint64_t all;  // cases that it agrees with
  };
  std::vector<candidate> candidates;
  for (const suspect& s : a.c.suspects) {
    candidate x{&s, agreement(a, s), 0};
    x.all = count(x.agrees);
    candidates.push_back(std::move(x));
  }
  // The one that agrees with most cases, right and wrong ones, explains first.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const candidate& x, const candidate& y) { return x.all > y.all; });
  for (const candidate& x : candidates) {
    marks mine(a.size());
    std::uint64_t elsewhere = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      mine[i] = left[i] && x.agrees[i];
      elsewhere += !x.agrees[i] && !a.wrong(i);
    }
    const std::uint64_t n = count(mine);
    const std::uint64_t remaining = count(left);
    // Not for the few that anything would hit, nor against what is right.
    if (n == 0 || 20 * n < remaining || 10 * elsewhere > n) continue;
    golden::finding f = finding_of(a, mine);
    f.inputs = n == total ? fmt::format("{} of {} cases", total, a.size())
                          : fmt::format("{} of {} wrong cases", n, total);
    if (elsewhere != 0) {
      f.inputs += fmt::format("; {} right ones do not fit this cause", elsewhere);
    }
    f.cause = x.who->words;
    out.push_back(std::move(f));
    for (std::size_t i = 0; i < a.size(); ++i) left[i] = left[i] && !mine[i];
    if (n == remaining || out.size() == 3) break;
  }
  if (count(left) != 0) {
    golden::finding f = finding_of(a, left);
    f.inputs = fmt::format("{} of {} wrong cases", f.cases, total);
    std::vector<judged_case> wrong;
    std::vector<judged_case> right;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (left[i]) wrong.push_back(a.judged(i));
      if (!a.wrong(i)) right.push_back(a.judged(i));
    }
    if (const std::string words = common_pattern(a.c, wrong, right); !words.empty()) {
      f.inputs += "; in all of them " + words;
    }
    out.push_back(std::move(f));
  }
  return out;
}

// Of cases in which nothing but codes of NaN differ, and which no suspect explains.
std::string nan_words(const answers& a, const marks& marked) {
  bool same = true;
  bool first = true;
  code_t code = 0;
  format of{};
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; marked[i] && k < a.n_out; ++k) {
      const code_t x = a.got[i * a.n_out + k];
      if (x == a.expected[i * a.n_out + k]) continue;
      if (first) code = x;
      first = false;
      same = same && x == code;
      of = code_format(a.c.out, k);
    }
  }
  return same ? fmt::format("NaN has another code than claimed: always {}", bits_text(of, code))
              : "NaN has another sign or payload than claimed";
}

}  // namespace

std::vector<golden::finding> explain_by_suspects(const claim& c, const golden::black_box& box,
                                                 std::uint64_t seed, std::uint64_t* cases) {
  answers a = ask(c, box, seed);
  if (cases != nullptr) *cases = a.size();
  marks wrong(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) wrong[i] = a.wrong(i);
  // One model for all?
  std::vector<golden::finding> whole = explain(a, wrong);
  const bool one = whole.size() == 1 && !whole[0].cause.empty();
  a.numbers_only = true;
  marks numbers(a.size());
  marks nans(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    numbers[i] = a.wrong(i);
    nans[i] = wrong[i] && !numbers[i];
  }
  if (one || count(nans) == 0) return whole;
  // Numbers by themselves; then the codes of NaN.
  std::vector<golden::finding> out = explain(a, numbers);
  a.numbers_only = false;
  for (golden::finding& f : explain(a, nans)) {
    if (f.cause.empty()) f.cause = nan_words(a, nans);
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace lowp::tool
