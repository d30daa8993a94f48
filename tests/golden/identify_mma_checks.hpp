// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models and faulty units as black boxes, and what an identification of one must have found.
#ifndef LOWP_TESTS_GOLDEN_IDENTIFY_MMA_CHECKS_HPP
#define LOWP_TESTS_GOLDEN_IDENTIFY_MMA_CHECKS_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/golden/identify_mma.hpp>

namespace identify_mma {

using namespace lowp;
using namespace lowp::golden;

/// The library's engine, through codes only.
inline black_box box_of(const mma_model& m) {
  const std::size_t operands = operand_count(question_of(m));
  const auto k = static_cast<std::size_t>(m.k);
  const std::size_t scales = scale_count(question_of(m));
  return [=](std::span<const code_t> in, std::span<code_t> out) {
    REQUIRE(in.size() == operands * out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const code_t* const x = in.data() + i * operands;
      const code_t* const scale = x + 2 * k + 1;
      out[i] = multiply_add(m, x, x + k, x[2 * k], scale, scale + scales);
    }
  };
}

inline std::string text(const mma_model& m) {
  std::string out;
  for (const mma_member& x : members(m)) {
    if (x.is_default) continue;
    out += std::string(" ") + x.name;
    if (x.kind == mma_member_kind::number) out += "=" + std::to_string(x.number);
    if (x.value != nullptr) out += std::string("=") + x.value;
    if (x.kind == mma_member_kind::projection) out += std::string("=") + name(x.p.round);
    if (x.kind == mma_member_kind::format) out += "=" + std::to_string(x.f.precision);
  }
  return out;
}

inline std::string all(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "; ";
  return out;
}
inline bool says(const identified_mma& found, const std::string& words) {
  return all(found.words).find(words) != std::string::npos;
}

/// Cases, of all aims in turn, on which two models differ.
inline int differences(const mma_guess& x, const mma_guess& y, int cases, std::uint64_t seed) {
  const mma_question q = question_of(x.model);
  mma_random random(seed);
  const mma_prober prober(q);
  mma_runner run(q);
  int n = 0;
  for (int i = 0; i < cases; ++i) {
    const auto aim = static_cast<mma_aim>(i % mma_aims);
    if (aim == mma_aim::scales && q.scale_block == 0) continue;
    const std::vector<code_t> codes =
        asks_integers(q) ? integer_case(q, random) : prober.make(aim, random, false);
    n += run(x, codes.data()) != run(y, codes.data());
  }
  return n;
}

/// A unit of this model is recognised: all answers explained, the same model up to members that
/// cannot matter, no difference on other cases.
inline identified_mma check_found(const mma_model& m, int cases, std::uint64_t seed = 1) {
  const identified_mma found = identify(question_of(m), box_of(m), {.seed = seed});
  CHECK(found.supporting == found.cases);
  CHECK(found.unexplained.empty());
  INFO("expected", text(normal_form(m)), "\nfound", text(normal_form(found.guess.model)),
       "\nnot told apart ", all(found.not_told_apart));
  CHECK(normal_form(found.guess.model) == normal_form(m));
  CHECK(differences({m}, found.guess, cases, seed + 1000) == 0);
  CHECK(!found.words.empty());
  return found;
}

/// The same of a registered unit, which is named.
inline void check_row(const named_mma_model& row, int cases) {
  INFO(std::string(row.name));
  const identified_mma found = check_found(row.value, cases);
  INFO("names ", all(found.names));
  CHECK(std::find(found.names.begin(), found.names.end(), row.name) != found.names.end());
}

}  // namespace identify_mma

#endif  // LOWP_TESTS_GOLDEN_IDENTIFY_MMA_CHECKS_HPP
