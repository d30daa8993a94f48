// SPDX-License-Identifier: Apache-2.0
#include "telling_cases.hpp"

#include <algorithm>

namespace lowp::tool {

namespace {

template <class Model>
void add_alternatives(std::vector<case_function>& to, const Model& model) {
  const auto add = [&](const projection& last) {
    Model other = model;
    other.last = last;
    to.push_back(
        [m = golden_model(other)](const code_t* o, code_t* r) { *r = expected_code(m, o); });
  };
  if (is_stochastic(model.last.round)) return;
  projection p = model.last;
  for (const rounding r :
       {rounding::to_nearest_even, rounding::to_nearest_away, rounding::to_nearest_zero,
        rounding::toward_zero, rounding::toward_positive, rounding::toward_negative}) {
    p.round = r;
    if (r != model.last.round) add(p);
  }
  p = model.last;
  p.flush_subnormal_result = !p.flush_subnormal_result;
  add(p);
}

}  // namespace

std::vector<std::vector<code_t>> telling_cases(const golden_model& model, std::uint64_t seed) {
  constexpr std::size_t of_each = 64;
  constexpr std::uint64_t most_directed = 8192;
  constexpr std::uint64_t random = 2048;
  const claim c = claim_of(model);
  std::vector<case_function> others;
  for (const suspect& s : c.suspects) others.push_back(s.golden);
  if (const auto* rule = std::get_if<conversion_rule>(&model)) add_alternatives(others, *rule);
  if (const auto* m = std::get_if<arithmetic_model>(&model)) add_alternatives(others, *m);

  std::vector<std::vector<code_t>> found;
  std::vector<std::vector<code_t>> plain;
  std::vector<std::size_t> count(others.size());
  std::vector<code_t> operands(code_count(c.in));
  std::vector<code_t> expected(code_count(c.out));
  std::vector<code_t> other(code_count(c.out));
  const std::uint64_t directed = std::min(c.directed, most_directed);
  for (std::uint64_t k = 0; k < directed + random; ++k) {
    // Directed ones from all over, in an order that leaves none of their neighbours together.
    const std::uint64_t index =
        k < directed ? (k * 0x9e3779b1 + seed) % c.directed : c.directed + k;
    c.make(seed, index, operands.data());
    if (k % 8 == 0) plain.push_back(operands);
    if (others.empty()) continue;
    c.golden(operands.data(), expected.data());
    bool telling = false;
    for (std::size_t a = 0; a < others.size(); ++a) {
      if (count[a] == of_each) continue;
      others[a](operands.data(), other.data());
      if (other == expected) continue;
      ++count[a];
      telling = true;
    }
    if (telling) found.push_back(operands);
  }
  return found.empty() ? plain : found;
}

}  // namespace lowp::tool
