// SPDX-License-Identifier: Apache-2.0
#include "faults.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../code_arrays.hpp"
#include "../code_text.hpp"

namespace lowp::tool {

std::string operands_text(const std::vector<field>& in, const void* const* arrays, std::size_t i) {
  constexpr std::size_t most = 4;
  std::string text;
  std::size_t shown = 0;
  for (std::size_t k = 0; k < in.size(); ++k) {
    for (std::size_t j = 0; j < in[k].count; ++j, ++shown) {
      if (shown == most) return text + ", ...";
      const code_t code = load_code(arrays[k], in[k].bytes(), i * in[k].count + j);
      const std::string name = in[k].count == 1 ? in[k].name : fmt::format("{}[{}]", in[k].name, j);
      text += fmt::format("{}{} {}", shown == 0 ? "" : ", ", name, bits_text(in[k].of, code));
      if (!in[k].random) text += " = " + value_text(in[k].of, code);
    }
  }
  return text;
}

batch part_of(const batch& b, const std::vector<field>& in, const std::vector<field>& out,
              std::size_t start, std::size_t n, std::vector<const void*>& ins,
              std::vector<void*>& outs) {
  ins.resize(in.size());
  outs.resize(out.size());
  for (std::size_t k = 0; k < in.size(); ++k) {
    ins[k] = static_cast<const std::byte*>(b.in[k]) + start * bytes_of_case(in[k]);
  }
  for (std::size_t k = 0; k < out.size(); ++k) {
    outs[k] = static_cast<std::byte*>(b.out[k]) + start * bytes_of_case(out[k]);
  }
  batch part = b;
  part.in = ins.data();
  part.out = outs.data();
  part.cases = n;
  part.first = b.first + start;
  if (part.total == 0) part.total = b.first + b.cases;
  return part;
}

implementation_failure least_fault(
    const call_fault& found, const batch& b, const std::vector<field>& in,
    const std::vector<field>& out,
    const std::function<std::optional<call_fault>(const batch& part)>& run) {
  std::vector<const void*> ins;
  std::vector<void*> outs;
  const auto fails = [&](std::size_t start, std::size_t n) {
    return run(part_of(b, in, out, start, n, ins, outs));
  };
  call_fault last = found;
  std::size_t start = 0;
  std::size_t n = b.cases;
  bool again = n == 1;
  for (bool smaller = true; smaller && n > 1;) {
    const std::size_t half = n / 2;
    smaller = true;
    if (const auto low = fails(start, half)) {
      last = *low;
      n = half;
    } else if (const auto high = fails(start + half, n - half)) {
      last = *high;
      start += half;
      n -= half;
    } else {
      smaller = false;
    }
    again = again || smaller;
  }
  if (n > 1 && !again) {
    if (const auto whole = fails(0, b.cases)) {
      last = *whole;
    } else {
      return {fmt::format("{}; not again when the same batch of {} cases was run once more, so it "
                          "depends on calls before",
                          found.words, b.cases),
              found.slow};
    }
  }
  // Parts are waited for less long than the whole was.
  if (found.slow) last = found;
  const std::string operands = operands_text(in, part_of(b, in, out, start, n, ins, outs).in, 0);
  if (n == 1) return {fmt::format("{}; in the case {} alone", last.words, operands), found.slow};
  return {fmt::format("{}; in a batch of {} cases, but in neither half of it; its first case: {}",
                      last.words, n, operands),
          found.slow};
}

}  // namespace lowp::tool
