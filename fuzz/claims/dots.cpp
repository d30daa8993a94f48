// SPDX-License-Identifier: Apache-2.0
// What implementations of dot products compute instead of what they claim: the right sum of other
// operands. How sums are rounded is inferred (golden/identify_mma.hpp).
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "suspects.hpp"

namespace lowp::tool {

std::vector<suspect> suspects_of(const dot_model& m, const case_function& golden) {
  std::vector<suspect> out;
  const auto k = static_cast<std::size_t>(m.value.k);
  const std::size_t all = code_count(operand_fields(golden_model(m)));
  const auto add = [&](std::string words, auto change) {
    out.push_back({std::move(words), [golden, change, all](const code_t* o, code_t* r) {
                     std::vector<code_t> other(o, o + all);
                     change(other.data());
                     golden(other.data(), r);
                   }});
  };
  // Operands are a, b, c, then scales.
  const std::set<std::size_t> groups{2, 4, 8, k};
  for (const std::size_t group : groups) {
    if (group > k || group < 2 || k % group != 0) continue;
    add(group == 2 ? "elements 2i and 2i+1 of one factor are exchanged"
        : group == k
            ? std::string("the elements of one factor are taken in reverse order")
            : fmt::format("every {} elements of one factor are taken in reverse order", group),
        [k, group](code_t* o) {
          for (std::size_t i = 0; i < k; i += group) std::reverse(o + k + i, o + k + i + group);
        });
  }
  for (const auto& [words, place] : {std::pair{"the first product is missing", std::size_t{0}},
                                     {"the last product is missing", k - 1}}) {
    add(words, [k, place = place](code_t* o) { o[place] = o[k + place] = 0; });
  }
  add("the accumulator is not added", [k](code_t* o) { o[2 * k] = 0; });
  return out;
}

}  // namespace lowp::tool
