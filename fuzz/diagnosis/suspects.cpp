// SPDX-License-Identifier: Apache-2.0
#include "suspects.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../code_text.hpp"
#include "../format_names.hpp"
#include "../inputs.hpp"

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
  bool equal(const std::vector<code_t>& x, const std::vector<code_t>& y, std::size_t i) const {
    const auto at = static_cast<std::ptrdiff_t>(i * n_out);
    const auto n = static_cast<std::ptrdiff_t>(n_out);
    return std::equal(x.begin() + at, x.begin() + at + n, y.begin() + at);
  }
  bool wrong(std::size_t i) const { return !equal(got, expected, i); }
};

answers ask(const claim& c, const golden::black_box& box, std::uint64_t seed) {
  answers a{c, code_count(c.in), code_count(c.out), {}, {}, {}};
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
  return a;
}

// Of a suspect: does it give what was returned?
std::vector<bool> agreement(const answers& a, const suspect& s) {
  std::vector<bool> out(a.size());
  std::vector<code_t> results(a.n_out);
  for (std::size_t i = 0; i < a.size(); ++i) {
    s.golden(a.operands(i), results.data());
    out[i] = std::equal(results.begin(), results.end(), &a.got[i * a.n_out]);
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
  // Long cases: what is not zero among the first operands, and the results that differ.
  std::vector<bool> operands(a.n_in);
  for (std::size_t k = 0; k < a.n_in; ++k) operands[k] = a.n_in <= 6 || (k < 6 && in[k] != 0);
  std::vector<bool> results(a.n_out);
  std::size_t shown = 0;
  for (std::size_t k = 0; k < a.n_out; ++k) {
    results[k] = expected[k] != got[k] && shown < 3;
    shown += results[k];
  }
  f.example =
      fmt::format("{}: expected {}, got {}", codes_text(a.c.in, in, operands),
                  codes_text(a.c.out, expected, results), codes_text(a.c.out, got, results));
  return f;
}

}  // namespace

std::vector<golden::finding> explain_by_suspects(const claim& c, const golden::black_box& box,
                                                 std::uint64_t seed) {
  const answers a = ask(c, box, seed);
  std::vector<bool> left(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) left[i] = a.wrong(i);
  const auto total = std::count(left.begin(), left.end(), true);
  std::vector<golden::finding> out;
  if (total == 0) return out;

  struct candidate {
    const suspect* who;
    std::vector<bool> agrees;
    std::ptrdiff_t all;  // cases that it agrees with
  };
  std::vector<candidate> candidates;
  for (const suspect& s : c.suspects) {
    candidate x{&s, agreement(a, s), 0};
    x.all = std::count(x.agrees.begin(), x.agrees.end(), true);
    candidates.push_back(std::move(x));
  }
  // The one that agrees with most cases, right and wrong ones, explains first.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const candidate& x, const candidate& y) { return x.all > y.all; });
  const std::string all_inputs = fmt::format("{} of {} cases", total, a.size());
  for (const candidate& x : candidates) {
    std::vector<bool> mine(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) mine[i] = left[i] && x.agrees[i];
    const auto n = std::count(mine.begin(), mine.end(), true);
    const auto remaining = std::count(left.begin(), left.end(), true);
    // Not for the few that anything would hit.
    if (n == 0 || 20 * n < remaining) continue;
    golden::finding f = finding_of(a, mine);
    f.inputs = n == total ? all_inputs : fmt::format("{} of {} wrong cases", n, total);
    f.cause = x.who->words;
    out.push_back(std::move(f));
    for (std::size_t i = 0; i < a.size(); ++i) left[i] = left[i] && !mine[i];
    if (n == remaining || out.size() == 3) break;
  }
  if (std::count(left.begin(), left.end(), true) != 0) {
    golden::finding f = finding_of(a, left);
    f.inputs = fmt::format("{} of {} wrong cases", f.cases, total);
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace lowp::tool
