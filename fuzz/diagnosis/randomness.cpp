// SPDX-License-Identifier: Apache-2.0
#include "randomness.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <lowp/lowp.hpp>
#include <lowp/operations.hpp>

#include "../code_text.hpp"
#include "box.hpp"

namespace lowp::tool {

namespace {

constexpr std::size_t elements = 8192;

// One number between two codes, converted again and again: 1 where it went up.
class coin {
 public:
  coin(const implementation& row, format from, format to, code_t input)
      : row_(row), input_(input), lower_(convert(from, input, to, {.round = toward_zero})) {}

  std::vector<bool> toss(const box_options& options) const {
    const std::vector<code_t> in(elements, input_);
    std::vector<code_t> out(elements);
    box_of(row_, options)(in, out);
    std::vector<bool> up(elements);
    for (std::size_t i = 0; i < elements; ++i) up[i] = out[i] != lower_;
    return up;
  }

 private:
  const implementation& row_;
  code_t input_;
  code_t lower_;
};

// The least distance at which the sequence repeats itself; 0: none up to half of it.
std::size_t period(const std::vector<bool>& up) {
  for (std::size_t p = 1; p <= elements / 2; ++p) {
    if (std::equal(up.begin() + static_cast<std::ptrdiff_t>(p), up.end(), up.begin())) return p;
  }
  return 0;
}

// A code of `from` a fraction of quarters above a code of `to`, from 1 up.
code_t between(format from, format to, unsigned quarters) {
  const code_t low = one(to);
  const exact x = decode(to, low);
  const exact y = decode(to, next_up(to, low));
  const exact steps[2] = {y, x};
  const exact part[3] = {evaluate(operation::subtract, steps).value,
                         exact_finite(false, quarters, -2), x};
  return encode(from, evaluate(operation::fma, part).value, {.round = toward_zero});
}

}  // namespace

std::vector<golden::finding> audit_randomness(const implementation& row, const claim& c,
                                              std::uint64_t seed) {
  std::vector<golden::finding> out;
  const format from = c.in[0].of;
  const format to = c.out[0].of;
  const auto report = [&](std::string cause, code_t input) {
    golden::finding f;
    f.inputs = fmt::format("{} elements equal to {}", elements, value_text(from, input));
    f.cause = std::move(cause);
    f.cases = elements;
    f.in = {input};
    out.push_back(std::move(f));
  };
  for (const unsigned quarters : {1u, 2u, 3u}) {
    const code_t input = between(from, to, quarters);
    const auto up = coin(row, from, to, input).toss({.seed = seed});
    const auto n = static_cast<double>(std::count(up.begin(), up.end(), true));
    const double mean = n / elements;
    const double p = quarters / 4.0;
    const double sigma = std::sqrt(p * (1 - p) / elements);
    if (std::abs(mean - p) > 5 * sigma) {
      report(fmt::format("biased: a number {} of the way to the next code goes up with frequency "
                         "{:.3f} (bias {:+.3f} ulp)",
                         p, mean, mean - p),
             input);
    }
  }
  const code_t half = between(from, to, 2);
  const coin tosses(row, from, to, half);
  const box_options usual{.seed = seed};
  const auto up = tosses.toss(usual);
  if (up != tosses.toss(usual)) {
    report("results differ between equal calls: random bits do not follow from seed and index",
           half);
    return out;
  }
  std::string cause;
  if (const std::size_t p = period(up); p != 0) {
    cause = p == 1 ? "the same random bits for every element"
                   : fmt::format("random bits repeat with period {} elements", p);
  }
  box_options other = usual;
  other.stream = 1;
  const auto add = [&](const char* text) {
    cause += (cause.empty() ? "" : "; ") + std::string(text);
  };
  if (up == tosses.toss(other))
    add("the same random bits for every tensor (seed shared between tensors)");
  other = usual;
  other.seed = seed + 1;
  if (up == tosses.toss(other)) add("the seed is ignored");
  other = usual;
  other.cases_per_batch = 1000;
  if (up != tosses.toss(other)) add("results depend on the launch shape (how the array is cut)");
  if (!cause.empty()) report(cause, half);
  return out;
}

}  // namespace lowp::tool
