// SPDX-License-Identifier: Apache-2.0
#include "tail.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "box.hpp"

namespace lowp::tool {

namespace {

constexpr std::size_t longest = 67;

// Does the result of `p.in` at every place of every batch follow from its place in a body of
// vectors of that width?
bool fits(const implementation& row, const place_dependence& p, std::size_t width) {
  const std::size_t n_out = p.alone.size();
  for (std::size_t n = 1; n <= longest; ++n) {
    std::vector<code_t> in;
    for (std::size_t i = 0; i < n; ++i) in.insert(in.end(), p.in.begin(), p.in.end());
    std::vector<code_t> got(n * n_out);
    box_of(row, {.cases_per_batch = n})(in, got);
    for (std::size_t i = 0; i < n; ++i) {
      const auto& expected = i >= n / width * width ? p.alone : p.among;
      const auto at = got.begin() + static_cast<std::ptrdiff_t>(i * n_out);
      if (!std::equal(expected.begin(), expected.end(), at)) return false;
    }
  }
  return true;
}

}  // namespace

std::optional<place_dependence> find_place_dependence(const implementation& row, const claim& c,
                                                      std::uint64_t seed) {
  const std::size_t n_in = code_count(c.in);
  const std::size_t n_out = code_count(c.out);
  constexpr std::size_t cases = 4096;
  constexpr std::size_t body = 64;
  std::vector<code_t> in(cases * n_in);
  const std::uint64_t stride = std::max<std::uint64_t>(1, c.directed / (cases / 2));
  for (std::size_t i = 0; i < cases; ++i) {
    const std::uint64_t index = i < cases / 2 ? i * stride : c.directed + i;
    c.make(seed, index, &in[i * n_in]);
  }
  std::vector<code_t> among(cases * n_out);
  std::vector<code_t> alone(cases * n_out);
  box_of(row, {.cases_per_batch = body})(in, among);
  box_of(row, {.cases_per_batch = 1})(in, alone);
  const auto differing = std::mismatch(among.begin(), among.end(), alone.begin()).first;
  if (differing == among.end()) return std::nullopt;
  const std::size_t i = static_cast<std::size_t>(differing - among.begin()) / n_out;
  place_dependence p;
  p.in.assign(&in[i * n_in], &in[i * n_in] + n_in);
  p.alone.assign(&alone[i * n_out], &alone[i * n_out] + n_out);
  p.among.assign(&among[i * n_out], &among[i * n_out] + n_out);
  for (std::size_t width = 2; width <= body && p.width == 0; ++width) {
    if (fits(row, p, width)) p.width = width;
  }
  return p;
}

std::string words(const place_dependence& p) {
  if (p.width == 0) return "the result of a case depends on its place in the batch";
  return fmt::format(
      "elements at index >= {0} floor(n/{0}) are treated differently: scalar tail differs from "
      "vector body (width {0})",
      p.width);
}

}  // namespace lowp::tool
