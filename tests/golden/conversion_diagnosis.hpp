// SPDX-License-Identifier: Apache-2.0
// What the tests of diagnoses share: a faulty function, its claim, and the words that come out.
#ifndef TESTS_GOLDEN_CONVERSION_DIAGNOSIS_HPP
#define TESTS_GOLDEN_CONVERSION_DIAGNOSIS_HPP

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/golden/identify_conversion.hpp>

struct diagnosis_task {
  lowp::format from;
  lowp::format to;
  lowp::projection claim;

  lowp::conversion_rule rule() const { return {"claim", {}, from, to, claim}; }
};

// A function of a code, or of a code and random bits, as implementation.
template <class Function>
lowp::golden::black_box box_of(const Function& convert_one) {
  return [convert_one](std::span<const lowp::code_t> in, std::span<lowp::code_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if constexpr (std::is_invocable_v<Function, lowp::code_t, lowp::code_t>) {
        out[i] = convert_one(in[2 * i], in[2 * i + 1]);
      } else {
        out[i] = convert_one(in[i]);
      }
    }
  };
}

// The words of all findings, line by line; there are at most so many.
template <class Function>
std::string diagnosis(const diagnosis_task& t, std::size_t most, const Function& convert_one) {
  const std::vector<lowp::golden::finding> findings =
      lowp::golden::diagnose(t.rule(), box_of(convert_one));
  std::string all;
  for (const lowp::golden::finding& f : findings) {
    all += f.inputs + ": " + f.cause + " [" + std::to_string(f.cases) + "] " + f.example + "\n";
    CHECK(f.cases > 0);
    CHECK(f.expected != f.got);
    CHECK(!f.cause.empty());
    CHECK(lowp::apply(t.rule(), f.in[0], f.in.size() > 1 ? f.in[1] : 0) == f.expected[0]);
  }
  MESSAGE(all);
  CHECK(findings.size() <= most);
  return all;
}

inline bool contains(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}
#define NAMES(text, words) CHECK_MESSAGE(contains(text, words), std::string(words))

#endif  // TESTS_GOLDEN_CONVERSION_DIAGNOSIS_HPP
