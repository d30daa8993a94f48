// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "../suggest.hpp"
#include "../usage_error.hpp"

namespace lowp::tool {

namespace {

constexpr int most_exhaustive_bits = 32;

case_list all_cases(const claim& c) {
  const int bits = bit_count(c.in);
  if (bits > most_exhaustive_bits) {
    throw usage_error(fmt::format(
        "--cases exhaustive: the operands have {} bits, at most {} are allowed; use directed or "
        "random",
        bits, most_exhaustive_bits));
  }
  std::vector<int> widths;
  for (const field& f : c.in) widths.insert(widths.end(), f.count, f.of.width);
  return {"exhaustive", 0, std::uint64_t{1} << bits,
          [widths = std::move(widths)](std::uint64_t index, code_t* operands) {
            for (std::size_t k = widths.size(); k-- != 0; index >>= widths[k]) {
              operands[k] = index & lowp::detail::low_mask(widths[k]);
            }
          }};
}

}  // namespace

case_list make_cases(const claim& c, const std::string& kind, std::optional<std::uint64_t> count,
                     std::uint64_t seed) {
  if (kind == "exhaustive") {
    if (count) throw usage_error("--count: exhaustive cases have no other number than all");
    return all_cases(c);
  }
  const auto from = [&](std::uint64_t first) {
    return [make = c.make, seed, first](std::uint64_t index, code_t* operands) {
      make(seed, first + index, operands);
    };
  };
  if (kind == "directed") {
    return {kind, seed, count.value_or(std::min(c.directed, most_directed_cases)), from(0)};
  }
  if (kind == "random") {
    return {kind, seed, count.value_or(default_random_cases), from(c.directed)};
  }
  throw usage_error(fmt::format("--cases: '{}' is none of exhaustive, directed, random{}", kind,
                                nearest_text(kind, {"exhaustive", "directed", "random"})));
}

}  // namespace lowp::tool
